#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `reel restore --salvage` and `reel verify --map` as their user meets them:
# partial files with their good octets where they belong, under names that take
# nobody's place; links whose data are lost; objects known by CONTINUED alone;
# maps that ddrescue takes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
reel=$REEL_PROGRAM
checks=0
cd "$work"

fail() {
    printf 'salvage: %s\n' "$*" >&2
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
    grep -qF -- "$2" "$1" || fail "$1 does not say: $2"
    checks=$((checks + 1))
}
# agrees: what the report calls good is in the partial files as in the tree, and
# the rest is a hole; how many octets that is stands in `good`.
agrees() {
    python3 -B "$REEL_SOURCE_DIR/tests/salvage_check.py" report to . \
        >good 2>err || fail "the report and the partial files differ"
    checks=$((checks + 1))
}

mkdir tree
seq 1 120000 >tree/large
ln tree/large tree/zz-twin
printf 'hello\n' >tree/small
truncate -s 1M tree/sparse
seq 1 60000 | dd of=tree/sparse bs=4096 seek=300 conv=notrunc status=none
"$reel" write -q -f whole.tap --block-size 4K --segment-size 256K \
    --compress none tree

# spoil AT...: bad.tap is whole.tap with octets at AT turned over.
spoil() {
    cp whole.tap bad.tap
    for at in "$@"; do
        printf 'XXXX' | dd of=bad.tap bs=1 seek="$at" conv=notrunc status=none
    done
}
# The place of a line of tree/large in the image.
place() {
    grep -abo -m1 "$1" whole.tap | head -1 | cut -d: -f1
}
middle=$(place 60001)

# Nothing is lost: nothing is partial.
mkdir to
expect 0 "$reel" restore --salvage --report report -f whole.tap -C to
[[ ! -s report && -z $(find to -name '*.reel-partial') ]] ||
    fail "a partial file of a whole tape"
diff -r tree to/tree >/dev/null || fail "not restored"

# What a restore refuses has no part in its sum.
expect 3 "$reel" restore -f whole.tap -C to
says out 'restored 1 objects (0 links), 0 B'

# Data that end inside a segment: what it held is lost, and nobody knows what.
head -c $(($(stat -c %s whole.tap) / 3)) whole.tap >cut.tap
rm -rf to
mkdir to
expect 2 "$reel" restore -f cut.tap -C to
says err 'end inside a segment; what it held is lost'

# The middle of a file, and its further name.
spoil "$middle"
rm -rf to
mkdir to
expect 2 "$reel" restore --salvage --report report -f bad.tap -C to
says out 'octets are good, in large.reel-partial'
says out 'whose data are lost'
[[ ! -e to/tree/large && ! -e to/tree/zz-twin ]] ||
    fail "something partial has the name of the whole"
agrees
all=$(<good)
((all > 0 && all < $(stat -c %s tree/large))) || fail "nothing is missing"
cmp tree/small to/tree/small || fail "what is whole is not restored"
says report '"type":"stream_range"'
says report '"block":'
says report '"unwritten_bytes":0,"unsure":false'

# A file that takes no more: only what it took is called good.
rm -rf to
mkdir to
# shellcheck disable=SC2016 # it is the other shell that expands it
expect 2 bash -c 'trap "" XFSZ; ulimit -f 100
    "$0" restore --salvage --report report -f bad.tap -C to' "$reel"
says err 'tree/large: what is left of it is not written whole: File too large'
says err 'not all that is left could be written'
says out ": 102400 octets are good, in large.reel-partial; \
$((all - 102400)) more could not be written"
says report '"type":"unwritten_range"'
agrees
[[ $(<good) == 102400 ]] || fail "more than the file takes"

# Once more: what stands there is not replaced.
sha256sum to/tree/large.reel-partial >sum
expect 2 "$reel" restore --salvage --existing skip -f bad.tap -C to
sha256sum -c --quiet sum || fail "a partial file was replaced"
[[ -e to/tree/large.reel-partial-2 ]] || fail "no second partial file"

# One that cannot be made at all.
if [[ $(id -u) == 0 ]] && command -v setpriv >/dev/null; then
    rm -rf to
    mkdir to to/tree
    chmod 755 . to to/tree
    expect 2 setpriv --reuid 65534 --clear-groups -- \
        "$reel" restore --salvage -f bad.tap -C to
    says err 'tree/large: what is left of it cannot be written: Permission'
    says out ": nothing of it is put back; $all octets could not be written"
    [[ -z $(find to -type f) ]] || fail "there is a file"
else
    echo 'salvage: not root; a directory that is closed: SKIPPED'
fi

# A dry run writes nothing.
rm -rf to
mkdir to
expect 2 "$reel" restore --salvage --dry-run -f bad.tap -C to
[[ -z $(find to -mindepth 1) ]] || fail "a dry run has written"

# What began before the good part: OBJECT and catalog are gone, CONTINUED has
# its name.
first=$(place $'^1\n' || true)
first=${first:-$(grep -abo -m1 $'1\n2\n3\n4' whole.tap | cut -d: -f1 | head -1)}
size=$(stat -c %s whole.tap)
spoil "$((first + 2))"
head -c "$((size * 2 / 3))" bad.tap >cut.tap
rm -rf to
mkdir to
expect 2 "$reel" restore --salvage --report report -f cut.tap -C to
says out 'large.reel-partial'
agrees

# A pipe cannot be read twice; other options that do not go together.
# shellcheck disable=SC2016 # it is the other shell that expands it
expect 64 bash -c 'cat bad.tap | "$0" restore --salvage -f - -C to' "$reel"
says err 'read twice'
expect 64 "$reel" restore --salvage --raw to -f bad.tap
expect 64 "$reel" restore --report report -f bad.tap -C to
expect 5 "$reel" restore --salvage --report none/report -f bad.tap -C to
says err 'none/report'

# Maps.
spoil "$middle"
expect 0 "$reel" verify -f whole.tap --map map --ddrescue-map rescue
grep -q ' good$' map || fail "nothing is good"
! grep -qE ' (bad|unread)$' map || fail "something is not good"
expect 2 "$reel" verify -f bad.tap --map map --ddrescue-map rescue
[[ $(grep -c ' bad$' map) == 1 ]] || fail "not one bad block"
read -r _ _ _ from to _ < <(grep ' bad$' map)
((from <= middle && middle < to && to - from <= 4096 + 8)) ||
    fail "the bad block is not where it is"
checks=$((checks + 3))
expect 64 "$reel" verify -f bad.tap --quick --map map
expect 5 "$reel" verify -f bad.tap --map none/map
if command -v ddrescuelog >/dev/null; then
    expect 0 ddrescuelog -t rescue
    [[ $(ddrescuelog --list-blocks=- -b1 rescue | head -1) == "$from" ]] ||
        fail "ddrescue has the bad block elsewhere"
    size=$(stat -c %s bad.tap)
    end=$(tail -1 rescue | { read -r at length _ && echo $((at + length)); })
    [[ $end == "$size" ]] || fail "the mapfile ends elsewhere than the image"
    checks=$((checks + 2))
else
    echo 'salvage: ddrescuelog is not installed; the mapfile is not tried on it'
fi
seq 1 500000 >tree/longer
"$reel" write -q -f set-%d.tap --block-size 4K --segment-size 256K \
    --compress none --volume-size 2M tree
expect 0 "$reel" verify -f set-%d.tap --map map --ddrescue-map 'rescue-%d'
[[ -s rescue-1 && -s rescue-2 ]] || fail "no mapfile for each volume"
grep -q '^2  ' map || fail "no second volume in the map"

printf 'salvage: %d checks\n' "$checks"
