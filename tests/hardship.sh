#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `reel restore` where not all of it can be done: on to a disk that is full,
# where it may not write, as somebody who owns nothing, over what is there
# already. What cannot be is named, the rest is there, nothing has a name that
# is not whole.
set -euo pipefail

work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null || true; rm -rf -- "$work"' EXIT
reel=$REEL_PROGRAM
checks=0
chmod 755 "$work"
cd "$work"

fail() {
    printf 'hardship: %s\n' "$*" >&2
    head -c 1500 err >&2
    exit 1
}
# expect CODE COMMAND...
expect() {
    local want=$1 got=0
    shift
    "$@" >out 2>err </dev/null || got=$?
    [[ $got == "$want" ]] || fail "exit $got, not $want: $*"
    checks=$((checks + 1))
}
says() {
    grep -qF -- "$1" err || fail "does not say: $1"
    checks=$((checks + 1))
}
# holds DIR NAME...: exactly these files, with the content of the tree.
holds() {
    local dir=$1 name
    shift
    for name in "$@"; do
        cmp -s "tree/$name" "$dir/tree/$name" || fail "$dir: $name is not whole"
    done
    [[ $(find "$dir" ! -type d | wc -l) == "$#" ]] ||
        fail "$dir: something else is there: $(find "$dir" ! -type d)"
    checks=$((checks + 1))
}

mkdir -p tree/d tree/closed
echo a >tree/a
head -c 3000000 /dev/urandom >tree/noise
ln tree/noise tree/twin
echo in >tree/closed/in
echo z >tree/z
chmod 644 tree/a tree/noise tree/z tree/closed/in
chmod 755 tree tree/d
chmod 555 tree/closed
"$reel" write -f image.tap tree >/dev/null
# The same in small segments, with an octet of tree/noise turned over.
"$reel" write -q --block-size 16K --segment-size 256K --compress none \
    -f bad.tap tree
python3 - <<'PYTHON'
noise = open("tree/noise", "rb").read()
with open("bad.tap", "r+b") as image:
    at = image.read().index(noise[2800000:2800032])
    image.seek(at)
    image.write(bytes([noise[2800000] ^ 1]))
PYTHON

# A disk that is full.
mkdir small
if [[ $(id -u) == 0 ]] && mount -t tmpfs -o size=1M none small 2>/dev/null; then
    for options in "" "--salvage" "--existing replace" "--preserve"; do
        rm -rf small/to
        mkdir small/to
        # shellcheck disable=SC2086 # its words
        expect 3 "$reel" restore $options -f image.tap -C small/to
        says "tree/noise: cannot be written: No space left on device"
        says "tree/twin: not made, for object"
        holds small/to a closed/in z
    done
    # What is left of a damaged file, as far as there is room: the report says
    # what is in the partial file, and no more.
    rm -rf small/to
    mkdir small/to
    expect 2 "$reel" restore --salvage --report report -f bad.tap -C small/to
    says "tree/noise: what is left of it is not written whole: No space left"
    says "not all that is left could be written"
    grep -q '; .* more could not be written$' out || fail "it does not say so"
    good=$(python3 -B "$REEL_SOURCE_DIR/tests/salvage_check.py" report \
        small/to .) || fail "the report and the partial file differ"
    ((good > 0 && good < 1048576)) || fail "$good octets on a disk of 1 MiB"
    grep -q '"type":"unwritten_range"' report || fail "not in the report"
    # It fits when there is room, and what is there is left alone.
    rm -rf small/to
    mkdir small/to
    mount -o remount,size=8M small
    expect 0 "$reel" restore --existing skip -f image.tap -C small/to
    holds small/to a closed/in noise twin z
    umount small
else
    echo 'hardship: no tmpfs can be mounted; a full disk: SKIPPED'
fi

# Somebody who owns nothing.
if [[ $(id -u) == 0 ]] && command -v setpriv >/dev/null; then
    nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
    mkdir closed mine owned half
    chown 65534:65534 mine owned
    # Nothing may be made.
    expect 3 "${nobody[@]}" "$reel" restore -f image.tap -C closed
    says "tree: cannot be made: Permission denied"
    says "tree/a: its directory cannot be opened: Permission denied"
    holds closed
    # All may be made, also in a directory that is closed at last.
    expect 0 "${nobody[@]}" "$reel" restore -f image.tap -C mine
    holds mine a closed/in noise twin z
    [[ $(stat -c %a:%u mine/tree/closed) == 555:65534 ]] ||
        fail "the closed directory has other facts"
    # Owners cannot be given away.
    expect 3 "${nobody[@]}" "$reel" restore --preserve -f image.tap -C owned
    says "tree/a: owner 0:0 cannot be set: Operation not permitted"
    holds owned a closed/in noise twin z
    # A part of it may be made.
    mkdir -p half/tree/closed
    chown 65534:65534 half/tree
    expect 3 "${nobody[@]}" "$reel" restore -f image.tap -C half
    says "tree/closed/in: cannot be made: Permission denied"
    holds half a noise twin z
    # And the tape may not be read at all.
    chmod 600 image.tap
    expect 5 "${nobody[@]}" "$reel" restore -f image.tap -C mine
    says "Permission denied"
    chmod 644 image.tap
else
    echo 'hardship: not root; somebody who owns nothing: SKIPPED'
fi

# Over a tree that is there: other content, another kind, a link that leads out.
lay() {
    rm -rf to outside
    mkdir -p to/tree/z outside
    echo mine >to/tree/a
    echo mine >to/tree/z/mine
    echo mine >outside/in
    ln -s ../../outside to/tree/closed
}
lay
expect 3 "$reel" restore -f image.tap -C to
says "tree/a: exists already"
[[ $(<to/tree/a) == mine ]] || fail "what was there is gone"
cmp -s tree/noise to/tree/noise || fail "what was not there is not there"
lay
expect 3 "$reel" restore --existing skip -f image.tap -C to
says "tree/a"
[[ $(<to/tree/a) == mine ]] || fail "what was there is gone"
lay
expect 3 "$reel" restore --existing replace -f image.tap -C to
says "tree/z: cannot be put in its place: Directory not empty"
[[ $(<to/tree/z/mine) == mine ]] || fail "a full directory was given up"
rm -r to/tree/z
[[ $(<outside/in) == mine && $(ls outside) == in ]] ||
    fail "something was put outside"
holds to a closed/in noise twin

printf 'hardship: %d checks\n' "$checks"
