#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs Reel, builds the program of tests/outside on what was installed, by
# CMake and by pkg-config, and lists an image with each.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() {
    printf 'outside: %s\n' "$*" >&2
    exit 1
}

# cached NAME: what the build was configured with.
cached() {
    sed -n "s/^$1:[A-Z]*=//p" "$REEL_BUILD_DIR/CMakeCache.txt"
}

# A library with sanitizers wants a program with sanitizers.
CC=$(cached CMAKE_C_COMPILER)
CFLAGS=$(cached CMAKE_C_FLAGS)
export CC CFLAGS

# As packagers install: DESTDIR in front of the prefix. And as users do.
DESTDIR=$work/dest "$REEL_CMAKE" --install "$REEL_BUILD_DIR" >/dev/null
"$REEL_CMAKE" --install "$REEL_BUILD_DIR" --prefix "$work/prefix" >/dev/null
prefix=$(cached CMAKE_INSTALL_PREFIX)
diff <(cd "$work/dest$prefix" && find . | sort) \
    <(cd "$work/prefix" && find . | sort) ||
    fail "DESTDIR and prefix got different files"

# Every public header is installed, and nothing else.
diff <(cd "$REEL_SOURCE_DIR" && basename -a ./*/include/reel/*.h | sort) \
    <(cd "$work/prefix/include/reel" && find . -type f -printf '%P\n' | sort) ||
    fail "the installed headers are not those of the source"

# An image to list.
mkdir "$work/tree"
echo one >"$work/tree/first"
echo two >"$work/tree/second"
(cd "$work" && "$REEL_PROGRAM" write -f image.tap tree >/dev/null)

# program COMMAND...: it lists what was written.
program() {
    "$@" "$work/image.tap" >"$work/list" || fail "$* failed"
    for name in tree/first tree/second; do
        grep -q "$name" "$work/list" || fail "$* does not list $name"
    done
}

for tree in "$work/dest$prefix" "$work/prefix"; do
    lib=$(dirname "$(find "$tree" -name libreel.so.0)")
    [[ -e $lib/libreel.so.0 ]] || fail "no libreel.so.0 in $tree"

    "$REEL_CMAKE" -S "$REEL_SOURCE_DIR/tests/outside" -B "$work/build" \
        -DCMAKE_PREFIX_PATH="$tree" >/dev/null
    "$REEL_CMAKE" --build "$work/build" >/dev/null
    program "$work/build/outside"
    program "$work/build/outside_static"
    ldd "$work/build/outside" >"$work/ldd"
    grep -qF "$lib/libreel.so.0" "$work/ldd" ||
        fail "outside does not run on the installed library"
    rm -rf -- "$work/build"

    export PKG_CONFIG_PATH=$lib/pkgconfig
    read -ra flags < <(echo "$CFLAGS $(pkg-config --cflags --libs reel)")
    "$CC" -o "$work/outside" "$REEL_SOURCE_DIR/tests/outside/outside.c" \
        "${flags[@]}"
    program env LD_LIBRARY_PATH="$lib" "$work/outside"
done
