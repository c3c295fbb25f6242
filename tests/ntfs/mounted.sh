#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An NTFS volume that the ntfs-3g driver filled goes on to tape and on to a
# fresh volume; the driver finds the same on both. Skipped, and says so, where
# mounting is not allowed.
set -euo pipefail

readonly reel=$REEL_PROGRAM
work=$(mktemp -d)
mounted=()
leave() {
    local at
    for at in "${mounted[@]}"; do umount "$at" 2>/dev/null || true; done
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
    ntfs-3g "$1" "$2" >mount.log 2>&1 || return 1
    mounted+=("$PWD/$2")
}
unmount() {
    umount "$1"
    mounted=()
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
echo "mounted: the driver finds the same on both volumes"
