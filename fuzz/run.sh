#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Build the fuzz targets and run one, or all: ./dev fuzz
#   run.sh OUT JOBS TARGET|all [SECONDS] [--libfuzzer]
# OUT is the folder to build in. What is found is kept in OUT/finds/TARGET/TIME,
# and the exit status is 1; the inputs worth keeping stand in OUT/inputs/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() {
    printf 'fuzz: %s\n' "$*" >&2
    exit 64
}

readonly OUT=$1 JOBS=$2
NOW=$(date +%Y%m%dT%H%M%S)
readonly NOW
shift 2

engine=afl
if [[ ${*: -1:1} == --libfuzzer ]]; then
    engine=libfuzzer
    set -- "${@:1:$#-1}"
fi
[[ $# -ge 1 && $# -le 2 ]] || die "TARGET|all [SECONDS] [--libfuzzer]"
seconds=${2:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "not a number of seconds: $seconds"

if [[ $1 == all ]]; then
    mapfile -t targets < <(basename -s .c fuzz/fuzz_*.c)
else
    targets=("fuzz_${1#fuzz_}")
fi
for target in "${targets[@]}"; do
    [[ -f fuzz/$target.c ]] || die "no target fuzz/$target.c"
done

# Copy seeds, corpus and past finds of $1, and one empty line, into folder $2.
gather() {
    local folder
    mkdir -p "$2"
    echo >"$2/line"
    for folder in "$OUT/$preset/fuzz/seeds/$1" "fuzz/corpus/$1" \
        "fuzz/findings/$1"; do
        [[ ! -d $folder ]] || cp -- "$folder"/* "$2"
    done
}

fuzz_afl() {
    local target=$1 state=$OUT/afl/$1 stats executions
    rm -rf -- "$state"
    gather "$target" "$state/in"
    AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        afl-fuzz -V "$seconds" -t 2000 -i "$state/in" -o "$state/out" -- \
        "$OUT/fuzz/fuzz/afl_$target" >"$state/log" 2>&1 ||
        { tail -20 "$state/log" >&2 && return 1; }
    stats=$state/out/default/fuzzer_stats
    executions=$(awk '$1 == "execs_done" { print $3 }' "$stats")
    mkdir -p "$OUT/inputs/$target"
    find "$state/out/default/crashes" "$state/out/default/hangs" \
        -type f ! -name README.txt -exec cp -t "$OUT/finds/$target/$NOW" {} +
    find "$state/out/default/queue" -maxdepth 1 -type f \
        -exec cp -t "$OUT/inputs/$target" {} +
    report "$target" "$executions"
}

fuzz_libfuzzer() {
    local target=$1 log=$OUT/inputs/$1.log executions
    gather "$target" "$OUT/inputs/$target"
    "$OUT/libfuzzer/fuzz/fuzzer_$target" -max_total_time="$seconds" \
        -timeout=2 -print_final_stats=1 \
        -artifact_prefix="$OUT/finds/$target/$NOW/" \
        "$OUT/inputs/$target" >"$log" 2>&1 || true # the finds tell
    executions=$(awk '/number_of_executed_units/ { print $2 }' "$log")
    [[ -n $executions ]] || tail -20 "$log" >&2
    report "$target" "${executions:-0}"
}

# report TARGET EXECUTIONS: one line; fails on a find, or when nothing ran.
report() {
    local finds
    finds=$(find "$OUT/finds/$1/$NOW" -type f | wc -l)
    printf '%s: %s executions, %s finds' "$1" "$2" "$finds"
    if [[ $finds -gt 0 ]]; then
        printf ' in %s\n' "$OUT/finds/$1/$NOW"
    else
        printf '\n'
        rmdir -- "$OUT/finds/$1/$NOW"
    fi
    [[ $2 -gt 0 && $finds -eq 0 ]]
}

preset=${engine/afl/fuzz}
cmake --preset "$preset" -B "$OUT/$preset" >/dev/null
cmake --build "$OUT/$preset" -j "$JOBS" -- --quiet
status=0
for target in "${targets[@]}"; do
    mkdir -p "$OUT/finds/$target/$NOW"
    if [[ $engine == afl ]]; then
        fuzz_afl "$target" || status=1
    else
        fuzz_libfuzzer "$target" || status=1
    fi
done
exit "$status"
