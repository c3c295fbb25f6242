#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Build the fuzz targets and run one, or all: ./dev fuzz
#   run.sh OUT JOBS TARGET|all [SECONDS] [--libfuzzer]
# OUT is the folder to build in. What is found is kept in OUT/finds/TARGET/TIME,
# and the exit status is 1; the inputs worth keeping stand in OUT/inputs/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=fuzz/gather.sh
source fuzz/gather.sh

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
    mapfile -t chosen < <(targets)
else
    chosen=("fuzz_${1#fuzz_}")
fi
for target in "${chosen[@]}"; do
    [[ -f fuzz/$target.c ]] || die "no target fuzz/$target.c"
done

# build PRESET GOAL...
build() {
    cmake --preset "$1" -B "$OUT/$1" >/dev/null
    cmake --build "$OUT/$1" -j "$JOBS" --target "${@:2}" -- --quiet
}

fuzz_afl() {
    local target=$1 state=$OUT/afl/$1 stats executions seal
    seal=$(awk -v t="$target" '$1 == t { print $2 }' \
        "$OUT/fuzz/fuzz/targets.txt")
    rm -rf -- "$state"
    gather "$OUT/fuzz" "$target" "$state/in"
    if [[ -n $seal ]]; then
        export AFL_CUSTOM_MUTATOR_LIBRARY=$OUT/mutator/fuzz/afl_seal_$seal.so
    else
        unset AFL_CUSTOM_MUTATOR_LIBRARY
    fi
    AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        afl-fuzz -V "$seconds" -t 5000 -i "$state/in" -o "$state/out" \
        -x "$OUT/fuzz/fuzz/seeds/reel.dict" -- \
        "$OUT/fuzz/fuzz/afl_$target" >"$state/log" 2>&1 ||
        { tail -20 "$state/log" >&2 && return 1; }
    stats=$state/out/default/fuzzer_stats
    executions=$(awk '$1 == "execs_done" { print $3 }' "$stats")
    mkdir -p "$OUT/inputs/$target"
    find "$state/out/default/crashes" "$state/out/default/hangs" \
        -type f ! -name README.txt -exec cp -t "$OUT/finds/$target/$NOW" {} +
    find "$state/out/default/queue" -maxdepth 1 -type f \
        -exec cp -t "$OUT/inputs/$target" {} +
    # What AFL++ keeps is as it was before it was sealed.
    [[ -z $seal ]] || find "$OUT/inputs/$target" "$OUT/finds/$target/$NOW" \
        -name 'id:*' -exec "$OUT/mutator/fuzz/reseal_$seal" {} +
    report "$target" "$executions"
}

fuzz_libfuzzer() {
    local target=$1 log=$OUT/inputs/$1.log executions
    gather "$OUT/asan" "$target" "$OUT/inputs/$target"
    "$OUT/asan/fuzz/fuzzer_$target" -max_total_time="$seconds" \
        -timeout=10 -print_final_stats=1 -print_funcs=0 -report_slow_units=120 -max_len=262144 \
        -dict="$OUT/asan/fuzz/seeds/reel.dict" \
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

if [[ $engine == afl ]]; then
    build fuzz fuzz/all
    build mutator mutators
    suite_images "$OUT/fuzz"
else
    build asan fuzz/all
    suite_images "$OUT/asan"
fi
status=0
for target in "${chosen[@]}"; do
    mkdir -p "$OUT/finds/$target/$NOW"
    if [[ $engine == afl ]]; then
        fuzz_afl "$target" || status=1
    else
        fuzz_libfuzzer "$target" || status=1
    fi
done
exit "$status"
