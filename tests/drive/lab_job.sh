#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the lab runs inside User-Mode Linux (lab_init.sh starts it): the
# scenarios, then the program once on a set of two tapes. A new process costs a
# tenth of a second there, so the commands are few.
set -euo pipefail
# shellcheck disable=SC2154 # lab_init.sh has it
cd "$LAB_DIR"
scenario=$(<scenario)
if [[ -n $scenario ]]; then
    export CK_RUN_CASE=$scenario
    exec ./lab_scenarios
fi
./lab_scenarios

fail() {
    printf 'lab: %s\n' "$*" >&2
    exit 1
}

[[ -x reel ]] || fail "the program was not built"
readonly reel=$PWD/reel drive=/dev/nst0
export DRIVE_TELL=$PWD/ssc_control
# Who changes tapes: the program says which.
# shellcheck disable=SC2016 # the program's shell expands it
changer='n=$REEL_VOLUME; [ $n != last ] || n=2; "$DRIVE_TELL" "insert $n"'
readonly changer

"$DRIVE_TELL" "blank 1 6000000 1000000" "blank 2 6000000 1000000" "insert 1"
mkdir -p /dev/shm/tree/sub /dev/shm/out
cd /dev/shm
head -c 4000000 /dev/urandom >tree/sub/random
printf 'a line\n' >tree/text
"$reel" write -f "$drive" --next-volume "$changer" -C tree .
listed=$("$reel" list -f "$drive" --next-volume "$changer")
[[ $listed == *sub/random* && $listed == *text* ]] || fail "list: $listed"
"$DRIVE_TELL" "insert 1"
verified=$("$reel" verify -f "$drive" --next-volume "$changer")
[[ $verified == *TAPE01L8*TAPE02L8*PROVEN* ]] || fail "verify: $verified"
"$DRIVE_TELL" "insert 1"
"$reel" restore -f "$drive" --next-volume "$changer" -C out
cmp tree/sub/random out/sub/random
cmp tree/text out/text
info=$("$reel" drive status -f "$drive")
[[ $info == *TAPE0?L8* ]] || fail "drive status: $info"
echo "lab: the program wrote, listed, verified and restored two tapes"
