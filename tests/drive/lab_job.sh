#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the lab runs inside User-Mode Linux (lab_init.sh starts it): the
# scenarios, then the program once from beginning to end. A new process costs
# a tenth of a second there, so the commands are few.
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
reel=$PWD/reel
./ssc_control "blank 1" "insert 1"
mkdir -p /dev/shm/tree/sub /dev/shm/out
cd /dev/shm
head -c 3000000 /dev/urandom >tree/sub/random
printf 'a line\n' >tree/text
"$reel" write -f /dev/nst0 -C tree .
listed=$("$reel" list -f /dev/nst0)
[[ $listed == *sub/random* && $listed == *text* ]] || fail "list: $listed"
"$reel" verify -f /dev/nst0
"$reel" restore -f /dev/nst0 -C out
cmp tree/sub/random out/sub/random
cmp tree/text out/text
echo "lab: the program wrote, listed, verified and restored"
