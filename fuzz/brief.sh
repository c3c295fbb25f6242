#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every target under libFuzzer for so many seconds, in ctest: that the engine,
# its mutators and the targets work together, and that nothing is found at once.
#   brief.sh BUILD SECONDS
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=fuzz/gather.sh
source fuzz/gather.sh

readonly BUILD=$1 SECONDS_EACH=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
failed=()
while read -r target; do
    rm -f -- "$work"/find-*
    gather "$BUILD" "$target" "$work/$target"
    # Hundreds of images of the suite would take all of the time.
    rm -f -- "$work/$target"/suite-*
    if "$BUILD/fuzz/fuzzer_$target" -max_total_time="$SECONDS_EACH" \
        -print_final_stats=1 -print_funcs=0 -report_slow_units=120 -timeout=60 -rss_limit_mb=4096 \
        -dict="$BUILD/fuzz/seeds/reel.dict" \
        -artifact_prefix="$work/find-" "$work/$target" \
        >"$work/log" 2>&1; then
        awk -v t="$target" '/number_of_executed_units/ {
            printf "%s: %s executions\n", t, $2 }' "$work/log"
    else
        failed+=("$target")
        tail -40 "$work/log"
        # So that it can be kept from what the test prints.
        for find in "$work"/find-*; do
            [[ ! -f $find ]] || { basename "$find" && base64 "$find"; }
        done
    fi
    rm -rf -- "${work:?}/$target"
done < <(targets)
[[ ${#failed[@]} -eq 0 ]] || { printf 'failed: %s\n' "${failed[*]}" && exit 1; }
