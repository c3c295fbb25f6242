#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Put into fuzz/corpus what the runs kept (OUT/campaign, OUT/inputs) and the
# seeds do not cover already, as few and as short inputs as reach the same
# edges, and what the campaign has had into fuzz/campaign.tsv: ./dev fuzz minimise
#   minimise.sh OUT JOBS
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=fuzz/gather.sh
source fuzz/gather.sh

readonly OUT=$1 JOBS=$2
readonly INPUT_BYTES_MAX=4096 # longer ones stay out of the tree

cmake --preset asan -B "$OUT/asan" >/dev/null
cmake --build "$OUT/asan" -j "$JOBS" --target fuzz/all -- --quiet
suite_images "$OUT/asan"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
while read -r target; do
    corpus=fuzz/corpus/$target
    kept=()
    for folder in "$OUT/campaign/$target/inputs" "$OUT/inputs/$target" \
        "$corpus"; do
        [[ ! -d $folder ]] || kept+=("$folder")
    done
    [[ ${#kept[@]} -gt 0 ]] || continue
    # Merging adds to the first folder only what reaches more than is there,
    # short ones first.
    rm -rf -- "${work:?}"/*
    mkdir -p "$work/new"
    for folder in "${kept[@]}"; do
        find "$folder" -type f -size -"${INPUT_BYTES_MAX}"c \
            -exec cp -t "$work/new" {} +
    done
    mkdir "$work/all"
    gather "$OUT/asan" "$target" "$work/all" seeds
    mkdir "$work/seeds" && cp -r "$work/all/." "$work/seeds"
    "$OUT/asan/fuzz/fuzzer_$target" -merge=1 -use_value_profile=0 \
        "$work/all" "$work/new" >"$work/log" 2>&1 || tail -5 "$work/log" >&2
    rm -rf -- "$corpus"
    mkdir -p "$corpus"
    for file in "$work/all"/*; do
        name=$(basename "$file")
        [[ -e $work/seeds/$name ]] || cp -- "$file" "$corpus/${name:0:12}"
    done
    rmdir --ignore-fail-on-non-empty "$corpus"
    printf '%s: %s inputs, %s\n' "$target" \
        "$(find "$corpus" -type f 2>/dev/null | wc -l)" \
        "$(du -sh "$corpus" 2>/dev/null | cut -f1)"
done < <(targets)
for list in "$OUT"/campaign/fuzz_*.tsv; do
    [[ -f $list ]] || continue
    sed "s/^/$(basename -s .tsv "$list")\t/" "$list" >>fuzz/campaign.tsv
    rm -- "$list"
done
