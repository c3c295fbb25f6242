#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An NTFS volume that the ntfs-3g driver filled goes on to tape and on to a
# fresh volume; the driver finds the same on both. What Windows knows of a file
# goes through the driver as attributes, and is on the volume then. Skipped, and
# says so, where mounting is not allowed.
# usage: mounted.sh NTFS_FILL REEL_NTFS RELAY_TOOL
set -euo pipefail

readonly reel=$REEL_PROGRAM
readonly fill=$1
readonly tool=$3
PATH=$(dirname "$2"):$PATH
export PATH
work=$(mktemp -d)
declare -A mounted=() # directory: process of the driver
# The driver still writes when umount is done: its end is what counts.
unmount() {
    umount "$1"
    wait "${mounted[$1]}" || true
    unset "mounted[$1]"
}
leave() {
    local at
    cd "$work"
    for at in "${!mounted[@]}"; do unmount "$at" 2>/dev/null || true; done
    cd /
    rm -rf -- "$work"
}
trap leave EXIT
cd "$work"

fail() {
    printf 'mounted: %s\n' "$*" >&2
    exit 1
}
# volume NAME: an empty one.
volume() {
    truncate -s 64M "$1"
    mkntfs -qF "$1" >/dev/null 2>&1 || fail "mkntfs"
}
# mount_at IMAGE DIRECTORY
mount_at() {
    mkdir -p "$2"
    ntfs-3g -o no_detach "$1" "$2" >mount.log 2>&1 &
    until mountpoint -q "$2"; do
        kill -0 $! 2>/dev/null || return 1
        sleep 0.05
    done
    mounted[$2]=$!
}

volume first.ntfs
if ! mount_at first.ntfs first; then
    echo "SKIPPED: an NTFS volume cannot be mounted here: $(head -1 mount.log)"
    exit 77
fi
mkdir -p first/sub/deep
printf 'plain\n' >first/plain
head -c 300000 /dev/urandom >first/sub/random
ln first/sub/random first/again
truncate -s 5M first/holes
printf 'end' | dd of=first/holes bs=1 seek=4000000 conv=notrunc status=none
printf 'x' >"first/sub/deep/ä name with spaces"
setfattr -n user.note -v 'a named stream' first/plain
setfattr -n user.note -v 'of a directory' first/sub
touch -d '2001-02-03 04:05:06.7' first/plain
unmount first

"$reel" write -f tape.tap --ntfs first.ntfs >/dev/null
"$reel" verify -f tape.tap >/dev/null
volume second.ntfs
"$reel" restore -f tape.tap --ntfs second.ntfs >/dev/null 2>&1 ||
    fail "restore exits $?"

mount_at first.ntfs first || fail "the first volume cannot be mounted again"
mount_at second.ntfs second || fail "what was restored cannot be mounted"
diff -r first second || fail "content differs"
for name in plain sub; do
    [[ $(getfattr -d --absolute-names "first/$name" | tail -n +2) == \
        $(getfattr -d --absolute-names "second/$name" | tail -n +2) ]] ||
        fail "the named streams of $name differ"
done
getfattr -n user.note --only-values second/plain | grep -qx 'a named stream' ||
    fail "the named stream is not there"
[[ second/again -ef second/sub/random ]] || fail "the names are two files"
[[ $(stat -c %Y second/plain) == $(stat -c %Y first/plain) ]] ||
    fail "the time differs"
(($(stat -c %b second/holes) * 512 < 1000000)) || fail "the holes are filled"
unmount first
unmount second

# ---- a Windows archive on to a mount ----

# facts IMAGE: what reel-ntfs reads of these files, but for their numbers.
readonly same=("A long directory name" "A name that is long.text" "a: b" big
    case Case ea ea-directory hidden-system-read-only hole
    object-id object-id-directory packed resident
    security-audit security-directory security-empty-list security-gaps
    security-many sparse sparse-to-the-end streams-only third-party valid wof)
readonly all=("${same[@]}" by-case junction links/here streams symlink)
facts() {
    reel-ntfs read "$1" "${same[@]}" | "$tool" print | grep -av '^NOTE' |
        sed -E 's/ id [0-9]+ target [0-9]+ / /'
}

"$fill" windows.ntfs 64
code=0
"$reel" write -q -f windows.tap --ntfs windows.ntfs "${all[@]}" \
    >out 2>&1 || code=$?
[[ $code == 0 || $code == 3 ]] || fail "write exits $code: $(tail -2 out)"
volume third.ntfs
mount_at third.ntfs third || fail "an empty volume cannot be mounted"
"$reel" restore -f windows.tap -C third >out 2>&1 ||
    fail "restore on to a mount exits $?: $(tail -2 out)"
grep -qF "streams: not kept here: ALTERNATE_DATA :a:\$DATA," out ||
    fail "a stream too long for an attribute is not named"
grep -qF "junction: its target stands on the source" out ||
    fail "the junction is not named"
grep -qF "not kept here: 1 marks of directories" out ||
    fail "the mark of by-case is not named"
[[ $(readlink third/symlink) == gone ]] || fail "the symbolic link is none"
[[ -e third/links/here/two ]] || fail "the file with more names is not there"
[[ ! -e third/links/there ]] ||
    fail "a name outside of what was archived was made"
unmount third
facts windows.ntfs >want
facts third.ntfs >got
[[ $(grep -ac '^OBJECT' want) -ge 25 ]] || fail "nothing is to be compared"
diff -a want got >differs || fail "not as it was: $(head -c 800 differs)"
echo "mounted: the same is on all volumes"
