#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the lab runs inside User-Mode Linux (lab_init.sh starts it): the
# scenarios, then the program (lab_program.sh).
set -euo pipefail
# shellcheck disable=SC2154 # lab_init.sh has it
cd "$LAB_DIR"
scenario=$(<scenario)
if [[ -n $scenario ]]; then
    export CK_RUN_CASE=$scenario
    exec ./lab_scenarios
fi
./lab_scenarios

[[ -x reel ]] || { echo "lab: the program was not built" >&2 && exit 1; }
export REEL=$PWD/reel DRIVE_TELL=$PWD/ssc_control
exec bash lab_program.sh
