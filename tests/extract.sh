#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `reel extract` as its user meets it: whole images, images in any order, some
# missing, cut, damaged; what is no image; a directory that is not empty; a
# disk that is full. What it says is compared with what it gave out.
set -euo pipefail

work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null || true; rm -rf -- "$work"' EXIT
reel=$REEL_PROGRAM
check=$REEL_SOURCE_DIR/tests/extract_check.py
checks=0
cd "$work"

fail() {
    printf 'extract: %s\n' "$*" >&2
    head -c 1500 err >&2
    exit 1
}
# extract CODE IMAGE...: into the directory out, which is fresh.
extract() {
    local want=$1 got=0
    shift
    rm -rf out
    mkdir out
    "$reel" extract "$@" out >json 2>err || got=$?
    [[ $got == "$want" ]] || fail "exit $got, not $want: $*"
    checks=$((checks + 1))
}
# agrees [TREE]: the JSON and the files; what it counts is in `counts`.
agrees() {
    python3 "$check" json out "$@" >counts || fail "JSON and files differ"
    checks=$((checks + 1))
}
counted() {
    grep -qE "(^| )$1( |$)" counts || fail "not $1: $(cat counts)"
    checks=$((checks + 1))
}
# refused CODE TEXT WORD...: one clear sentence, nothing on standard output,
# nothing given out.
refused() {
    local want=$1 text=$2 got=0
    shift 2
    rm -rf out
    mkdir out
    "$reel" extract "$@" >json 2>err || got=$?
    [[ $got == "$want" ]] || fail "exit $got, not $want: $*"
    grep -qF -- "$text" err || fail "does not say: $text"
    [[ $(wc -l <err) == 1 ]] || fail "not one line"
    [[ ! -s json ]] || fail "something is on standard output"
    [[ -z $(ls out) ]] || fail "something was given out"
    checks=$((checks + 1))
}

mkdir tree
seq 1 1200000 >tree/large
printf 'hello\n' >tree/small
: >tree/empty
ln tree/small tree/twin
ln -s small tree/link
truncate -s 3M tree/hole
printf x >tree/$'a name\nof two lines'
for i in {1..40}; do
    seq "$i" 4000 >"tree/f$i"
done

# Whole.
"$reel" write -q -f whole.tap --block-size 8K --compress none tree
extract 0 whole.tap
agrees tree
counted complete=48
counted 44
grep -q 'diagnostics":\[\],"exit":0' json || fail "something to tell"
grep -q "$(printf 'tree/a name\nof two lines' | od -An -tx1 -v | tr -d ' \n')" \
    json || fail "a name with a newline"
fingerprint=$("$reel" verify -f whole.tap | grep -oE '[0-9a-f]{64}')
grep -q "$fingerprint" json || fail "another fingerprint"

# The number of threads changes nothing.
mv json json.before
extract 0 --threads 1 whole.tap
cmp json json.before || fail "threads change what is said"

# Volumes in any order; one missing; one twice.
"$reel" write -q -f set-%d.tap --block-size 8K --compress none \
    --segment-size 256K --volume-size 4M tree
[[ -e set-3.tap ]] || fail "the set is too small"
extract 0 set-3.tap set-1.tap set-2.tap
agrees tree
counted complete=48
extract 1 set-3.tap set-1.tap
agrees tree
counted 'partial=[1-9][0-9]*'
extract 1 set-2.tap
agrees tree
extract 1 set-2.tap set-1.tap set-2.tap set-3.tap
agrees tree
counted complete=48

# Cut anywhere; damaged.
size=$(stat -c %s whole.tap)
for at in 0 3 8 50 100 20000 $((size / 3)) $((size / 2)) $((size - 9)); do
    head -c "$at" whole.tap >cut.tap
    extract 1 cut.tap
    agrees tree
done
cp whole.tap bad.tap
printf 'xxxx' | dd of=bad.tap bs=1 seek=$((size / 2)) conv=notrunc status=none
extract 1 bad.tap
agrees tree
counted 'partial=[1-9][0-9]*'
counted 'complete=[1-9][0-9]*'
grep -q '"rule":"B-3"' json || fail "the rule is not named"

# Nothing there.
{
    printf '\x50\0\0\0'
    printf '%080d' 0
    printf '\x50\0\0\0\0\0\0\0'
} >strange.tap
extract 1 strange.tap
agrees

head -c 20000 /dev/zero >zero.tap
extract 1 zero.tap
agrees

# What cannot be.
seq 1 5000 >text
refused 3 'text' text out
refused 3 'No such file' none.tap out
{
    printf '\x1f\x8b\x08\0'
    head -c 20000 whole.tap | tail -c 19000
} >packed.tap
refused 3 'packed with gzip' packed.tap out
head -c 6 whole.tap >short.tap
refused 3 'cut short' short.tap out
refused 3 'none: No such file' whole.tap none
refused 3 'is no file' . out
refused 3 'name at least one' whole.tap
mkdir full
: >full/file
refused 3 'not empty' whole.tap full
[[ $(ls full) == file ]] || fail "something was put into a full directory"
refused 3 'no option' --nonsense whole.tap out

# A disk that is full.
mkdir small
if [[ $(id -u) == 0 ]] && mount -t tmpfs -o size=300k none small 2>/dev/null
then
    mkdir small/out
    code=0
    "$reel" extract whole.tap small/out >json 2>err || code=$?
    [[ $code == 3 && ! -s json ]] || fail "a full disk: exit $code"
    grep -q 'cannot be written' err || fail "a full disk is not named"
    checks=$((checks + 1))
else
    echo 'extract: a full disk is not tried (no tmpfs can be mounted)'
fi
code=0
rm -rf out
mkdir out
"$reel" extract whole.tap out >/dev/full 2>err || code=$?
[[ $code == 3 ]] || fail "output that goes nowhere: exit $code"
checks=$((checks + 1))

printf 'extract: %d checks\n' "$checks"
