#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Make ready to build and run for another machine, leaving this system as it is:
#   foreign.sh s390x|armhf FOLDER
# FOLDER/root gets zstd and Check for that machine, out of Debian packages
# unpacked there, FOLDER/toolchain.cmake says how to compile and, by qemu-user,
# how to run.
set -euo pipefail

readonly PACKAGES=(check libsubunit-dev libsubunit0 libzstd-dev libzstd1)
readonly arch=$1 folder=$2
case $arch in
s390x) triplet=s390x-linux-gnu qemu=qemu-s390x ;;   # big-endian, 64 bits
armhf) triplet=arm-linux-gnueabihf qemu=qemu-arm ;; # little-endian, 32 bits
*)
    echo "foreign.sh: s390x or armhf, not '$arch'" >&2
    exit 64
    ;;
esac

mkdir -p "$folder"
cd "$folder"
here=$PWD

# An apt of our own, that knows the other machine only.
fetch() {
    local option=(-qq
        -o "APT::Architecture=$arch" -o "APT::Architectures=$arch"
        -o "Dir::State=$here/apt" -o "Dir::State::status=$here/apt/status"
        -o "Dir::Cache=$here/apt" -o "Dir::Etc::SourceParts=/dev/null"
        -o "Dir::Etc::SourceList=$here/apt/sources.list"
        -o "APT::Sandbox::User=" -o "Debug::NoLocking=1")
    local mirror=${REEL_DEBIAN_MIRROR:-http://deb.debian.org/debian} release
    release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    mkdir -p apt/lists/partial apt/archives/partial packages
    : >apt/status
    echo "deb $mirror $release main" >apt/sources.list
    apt-get "${option[@]}" update
    (cd packages && apt-get "${option[@]}" download "${PACKAGES[@]}")
}

if [[ ! -f root.complete ]]; then
    rm -rf apt packages root
    fetch
    for package in packages/*.deb; do
        dpkg -x "$package" root
    done
    : >root.complete
fi

cat >toolchain.cmake <<EOF
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $arch)
set(CMAKE_C_COMPILER $triplet-gcc)
set(CMAKE_C_FLAGS_INIT "-isystem $here/root/usr/include -isystem $here/root/usr/include/$triplet")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-L$here/root/usr/lib/$triplet -Wl,-rpath-link,$here/root/usr/lib/$triplet")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "\${CMAKE_EXE_LINKER_FLAGS_INIT}")
set(CMAKE_CROSSCOMPILING_EMULATOR
  $qemu -L /usr/$triplet -E LD_LIBRARY_PATH=$here/root/usr/lib/$triplet)
set(ENV{PKG_CONFIG_LIBDIR} $here/root/usr/lib/$triplet/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} $here/root)
EOF
