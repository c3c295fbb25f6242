#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program itself on /dev/nst0, inside the lab: what a user does with it and
# what it says, from a set of two tapes to a writer that is killed. What comes
# back is compared. A new process costs a tenth of a second there, so the
# commands are few. lab_job.sh starts it.
set -euo pipefail
# shellcheck disable=SC2154 # lab_job.sh has them
# shellcheck disable=SC2153 # likewise
reel=$REEL tell=$DRIVE_TELL
export TAPE=/dev/nst0 SOURCE_DATE_EPOCH=1700000000
mkdir /dev/shm/work
cd /dev/shm/work
steps=0

fail() {
    printf 'lab: %s\n' "$*" >&2
    printf '%s\n' "$out" "$err" >&2
    exit 1
}
# drive COMMAND...: tell it the emulated drive; its last number is in $number.
drive() {
    answer=$("$tell" "$@") || fail "the drive refuses: $*"
    number=${answer##* }
}
# run CODE WORD...: the program exits with CODE, a pattern; what it says is in
# $out, $err.
run() {
    local want=$1 got=0
    shift
    err=
    out=$("$reel" "$@" 2>err) || got=$?
    err=$(<err)
    # shellcheck disable=SC2053
    [[ $got == $want ]] || fail "exit $got, not $want: reel $*"
    steps=$((steps + 1))
}
# says TEXT: it did.
says() {
    [[ $out$err == *"$1"* ]] || fail "it does not say: $1"
}
# count N: so much stands on tape N, in $number.
count() { drive "count $1"; }
# back NAME...: those, and nothing wrong, are in the folder "back".
back() {
    local name
    for name in "$@"; do
        cmp "tree/$name" "back/$name" || fail "$name did not come back"
    done
}
# anew: an empty folder "back".
anew() { rm -rf back && mkdir back; }
fingerprint() {
    [[ $out =~ fingerprint.*([0-9a-f]{64}) ]] || fail "no fingerprint"
    printf '%s\n' "${BASH_REMATCH[1]}"
}
out='' err=''

mkdir -p tree/sub
head -c 4000000 /dev/urandom >tree/sub/random
head -c 1500000 /dev/urandom >tree/sub/second
printf 'a line\n' >tree/text
small=(--segment-size 256K --block-size 64K --checkpoint-every 512K)
one=(--next-volume false) # nobody brings another

# ---- two tapes, changed by a command ----
# shellcheck disable=SC2016 # the program's shell expands it
changer='n=$REEL_VOLUME; [ $n != last ] || n=2; "$DRIVE_TELL" "insert $n"'
set=(--next-volume "$changer")
drive "blank 1 6000000 1000000" "blank 2 6000000 1000000" "insert 1"
run 0 write "${set[@]}" -C tree "${small[@]}" .
says "one burst"
first=$(fingerprint)
run 0 list "${set[@]}"
says sub/random
says text
drive "insert 1"
run 0 verify "${set[@]}"
[[ $out == *TAPE01L8*TAPE02L8*PROVEN* ]] || fail "not both are proven"
[[ $(fingerprint) == "$first" ]] || fail "another fingerprint is verified"
drive "insert 1"
anew
run 0 restore "${set[@]}" -C back
back sub/random sub/second text
# One is missing: what the other holds, and which is wanted.
drive "insert 2"
anew
run 6 restore "${one[@]}" -C back
says "olume 1"
[[ ! -e back/sub/random ]] || back sub/random

# ---- the tape that is brought is another's ----
# shellcheck disable=SC2016
wrong='if [ -z "$REEL_REFUSED" ]; then "$DRIVE_TELL" "insert 3"; else
    "$DRIVE_TELL" "insert $REEL_VOLUME"; fi'
drive "blank 1 6000000 1000000" "blank 2 6000000 1000000" "blank 3" "insert 3"
head -c 10240 /dev/zero >/dev/nst0
count 3
foreign=$number
drive "insert 1"
run 0 write --next-volume "$wrong" -C tree "${small[@]}" .
[[ $(fingerprint) == "$first" ]] || fail "another fingerprint"
count 3
[[ $number == "$foreign" ]] || fail "a foreign tape was written"
anew
run 0 restore "${set[@]}" -C back
back sub/random sub/second text

# ---- tapes that are not to be written ----
drive "insert 3"
run 4 write "${one[@]}" -C tree text
says --overwrite
run 4 list "${one[@]}"
run 4 verify "${one[@]}"
count 3
[[ $number == "$foreign" ]] || fail "a foreign tape was written"
drive "blank 4" "insert 4"
run 4 list "${one[@]}"
says "nothing stands on the medium"
run 64 write --resume "${one[@]}"
says "is empty"
drive "protect 4 1"
run 5 write "${one[@]}" -C tree text
says write-protected
count 4
[[ $number == 0 ]] || fail "a protected tape was written"
drive eject
run 5 write "${one[@]}" -C tree text
says "holds no tape"

# ---- append, list, and restore of each archive; another block size ----
drive "protect 4 0" "insert 4"
run 0 write "${one[@]}" -C tree --block-size 128K sub/second
run 0 write "${one[@]}" -C tree text
says "archive 2"
run 0 list --archive 1 "${one[@]}"
says sub/second
[[ $out != *text* ]] || fail "archive 1 has what is in archive 2"
anew
run 0 restore --archive 1 "${one[@]}" -C back
run 0 restore "${one[@]}" -C back
back sub/second text
run 0 info "${one[@]}"
says "block bytes   131072"
says "archive 2"

# ---- what the drive says, in info and in the report of verify ----
drive "alert 20 1"
run 0 info "${one[@]}"
says TAPE04L8
says "alert         20"
says "loads "
run 0 verify --json "${one[@]}"
says '"barcode":"TAPE04L8"'
says '"alerts":[{"flag":20,'
drive "alert 20 0"
run 0 drive locate 3
run 0 drive status
says "position      3"
run 0 drive rewind
run 0 drive status
says "beginning"
run 64 drive erase
run 0 drive eject
run 0 drive status
says "none"

# ---- a block that cannot be read, and going straight to what is asked for ----
drive "blank 5" "insert 5"
run 0 write "${one[@]}" -C tree --compress none "${small[@]}" .
drive "spoil 5 20" # in sub/random
anew
run 2 restore "${one[@]}" -C back --read-retries 1
says sub/random
back sub/second text
[[ ! -e back/sub/random ]] || ! cmp -s {tree,back}/sub/random ||
    fail "a block that cannot be read came back"
run 2 verify "${one[@]}"
says sub/random
anew
run 0 restore "${one[@]}" -C back text sub/second
back text sub/second

# ---- what the drive adds or hides ----
drive "octets 1"
run 0 list "${one[@]}"
says "Logical Block Protection"
anew
run 0 restore "${one[@]}" -C back text sub/second
back text sub/second
drive "octets 0" "encrypted 1"
run 5 list "${one[@]}"
says encrypted
drive "encrypted 0"

# ---- killed, and asked to stop; then resumed ----
# hold N OPTION...: the drive stops at the N-th write of a writer, whose process
# is $pid.
hold() {
    drive "blank 6" "insert 6" "holdin $1 6"
    "$reel" write "${one[@]}" -C tree "${small[@]}" "${@:2}" . >out 2>err &
    pid=$!
    number=0
    while [[ $number == 0 ]]; do
        kill -0 $pid || fail "the writer ended before its write $1"
        drive held
    done
}
for at in 30 71; do
    hold $at
    kill -KILL $pid
    drive release
    wait $pid && fail "a killed writer came to its end"
    # Whether a volume 2 was begun, nobody can know.
    run '[126]' verify "${one[@]}"
    says "1 incomplete"
    run '[16]' list "${one[@]}"
    says sub
    anew
    run '[126]' restore --archive 1 "${one[@]}" -C back
    [[ ! -e back/sub/second ]] || back sub/second
    # The driver wrote a filemark, as on a full volume.
    run 64 write --resume "${one[@]}"
    says "--last-volume if this is it"
    run 0 write --resume --last-volume "${one[@]}"
    [[ $(fingerprint) == "$first" ]] || fail "resumed to something else"
    run 0 verify "${one[@]}"
    anew
    run 0 restore "${one[@]}" -C back
    back sub/random sub/second text
done
# More than the writer keeps ready, so that it cannot be at its end.
mkdir tree/more
head -c 16000000 /dev/zero >tree/more/zeros
drive "blank 6" "insert 6"
run 0 write "${one[@]}" -C tree "${small[@]}" .
first=$(fingerprint)
hold 20 --buffer 1M --compress none
kill -TERM $pid
drive release
got=0
wait $pid || got=$?
out=$(<out) err=$(<err)
[[ $got == 130 ]] || fail "SIGTERM leads to $got"
says "reel write --resume -f /dev/nst0"
run 0 write --resume "${one[@]}"
[[ $(fingerprint) == "$first" ]] || fail "resumed to something else"
run 64 write --resume "${one[@]}"
says "is complete"
anew
run 0 restore "${one[@]}" -C back
back sub/random sub/second text more/zeros
echo "lab: the program did as it should in $steps calls"
