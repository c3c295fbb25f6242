#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How much of format/ the seeds, the corpus and past finds reach, by line:
# ./dev fuzz coverage
#   coverage.sh OUT JOBS [FILE.html]
# Mutations do not count: this is what a corpus holds, not what luck adds.
# Fails below 95 % of the lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=fuzz/gather.sh
source fuzz/gather.sh

readonly JOBS=$2 BUILD=$1/coverage
mapfile -t all < <(targets)
cmake --preset coverage -B "$BUILD" >/dev/null
cmake --build "$BUILD" -j "$JOBS" --target write_seeds write_seed_images \
    "${all[@]/#/replay_}" -- --quiet
suite_images "$BUILD"
find "$BUILD" -name '*.gcda' -delete
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
for target in "${all[@]}"; do
    gather "$BUILD" "$target" "$work/$target"
    "$BUILD/fuzz/replay_$target" "$work/$target" >/dev/null
done
report=(--txt -)
[[ -z ${3:-} ]] || report+=(--html-details "$3")
gcovr --root . --object-directory "$BUILD" --filter 'format/' \
    --fail-under-line 95 \
    --exclude-unreachable-branches --sort-percentage "${report[@]}" "$BUILD"
