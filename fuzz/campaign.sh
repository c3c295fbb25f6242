#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A long run of all targets under libFuzzer, or of those named, JOBS at a time
# and at the lowest priority, next always the one that lacks most of its time:
# ./dev fuzz campaign
#   campaign.sh OUT JOBS [table | TARGET...]
# It goes on where it was stopped, until each target has had its processor time,
# which is an hour for the large ones; for the others ten minutes, and until ten
# minutes brought no new edge. OUT/campaign/TARGET has inputs and finds,
# TARGET.tsv a line for each stretch: processor seconds, executions, edges,
# finds, processor seconds behind the last new edge.
# fuzz/campaign.tsv has those of earlier campaigns, whose inputs are in the
# corpus (minimise.sh puts both there). `table` only prints what there is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=fuzz/gather.sh
source fuzz/gather.sh

readonly OUT=$1 JOBS=$2 STATE=$1/campaign
readonly STRETCH=${REEL_STRETCH:-600} # seconds by the clock, at the most
readonly QUIET=600                    # processor seconds without a new edge
readonly MARGIN=20                    # the clock is ahead of the processor

# wanted TARGET: processor seconds.
wanted() {
    case $1 in
    fuzz_reader | fuzz_verify | fuzz_restore | fuzz_volume_damage | \
        fuzz_catalog | fuzz_segment) echo 3600 ;;
    *) echo 600 ;;
    esac
}

# stretches TARGET: a line for each, the earlier ones first.
stretches() {
    awk -F '\t' -v OFS='\t' -v t="$1" '$1 == t { print $2, $3, $4, $5, $6 }' \
        fuzz/campaign.tsv
    [[ ! -f $STATE/$1.tsv ]] || cat "$STATE/$1.tsv"
}

# had TARGET: processor seconds, and how many of them since the last new edge.
had() {
    stretches "$1" | awk '{ sum += $1; if ($3 > most) { most = $3; quiet = $5 } else quiet += $1 }
        END { printf "%d %d\n", sum, quiet }'
}

# lacks TARGET: processor seconds; where only quiet is wanting, less than 0.
lacks() {
    local sum quiet wanted
    wanted=$(wanted "$1")
    read -r sum quiet < <(had "$1")
    if [[ $sum -lt $wanted ]]; then
        echo $((wanted - sum))
    elif [[ $wanted -le $QUIET && $quiet -lt $QUIET ]]; then
        echo $((quiet - QUIET))
    else
        echo 0
    fi
}

# neediest TARGET...: the one that lacks most, but for those that run; those that
# only lack quiet last. Nothing: all are done.
neediest() {
    local target
    for target; do
        [[ " ${running[*]} " == *" $target "* ]] ||
            printf '%d %s\n' "$(lacks "$target")" "$target"
    done | awk '$1 != 0 { print $1, $2 }' | sort -k1,1nr | head -n 1
}

# stretch TARGET LACK: run it for a while, and add a line.
stretch() {
    local target=$1 log=$STATE/$1.log cpu executions edges finds quiet seconds
    seconds=$((${2#-} + MARGIN < STRETCH ? ${2#-} + MARGIN : STRETCH))
    mkdir -p "$STATE/$target/finds"
    [[ -d $STATE/$target/inputs ]] ||
        gather "$OUT/asan" "$target" "$STATE/$target/inputs"
    touch "$STATE/$target.begun"
    TIMEFORMAT='%U %S'
    cpu=$({ time nice -n 19 "$OUT/asan/fuzz/fuzzer_$target" \
        -max_total_time="$seconds" -timeout=300 -report_slow_units=120 \
        -print_final_stats=1 -print_funcs=0 \
        -max_len=65536 -dict="$OUT/asan/fuzz/seeds/reel.dict" \
        -artifact_prefix="$STATE/$target/finds/" \
        "$STATE/$target/inputs" >"$log" 2>&1 || true; } 2>&1 |
        awk '{ printf "%.0f", $1 + $2 }')
    read -r executions edges quiet < <(awk -v cpu="$cpu" '
        $3 == "cov:" && $4 > most { most = $4; last = substr($1, 2) }
        /number_of_executed_units/ { n = $2 }
        END { printf "%d %d %.0f\n", n, most, n ? cpu * (1 - last / n) : 0 }' "$log")
    finds=$(find "$STATE/$target/finds" -type f -newer "$STATE/$target.begun" | wc -l)
    printf '%s\t%s\t%s\t%s\t%s\n' "$cpu" "$executions" "$edges" "$finds" \
        "$quiet" >>"$STATE/$target.tsv"
}

table() {
    local target
    printf '| target | processor time | executions | per second | edges | finds |\n'
    printf '|---|---:|---:|---:|---:|---:|\n'
    while read -r target; do
        stretches "$target" | awk -v t="${target#fuzz_}" '{ s += $1; n += $2; if ($3 > e) e = $3; f += $4 }
            END { if (s) printf "| %s | %d s | %d | %d | %d | %d |\n",
                t, s, n, n / s, e, f }'
    done < <(targets)
}

mkdir -p "$STATE"
if [[ ${3:-} == table ]]; then
    table
    exit
fi
mapfile -t chosen < <(targets)
if [[ $# -gt 2 ]]; then
    chosen=("${@:3}")
    chosen=("${chosen[@]/#/fuzz_}")
    for target in "${chosen[@]}"; do
        [[ -f fuzz/$target.c ]] && continue
        echo "campaign: there is no fuzz/$target.c" >&2
        exit 64
    done
fi
cmake --preset asan -B "$OUT/asan" >/dev/null
cmake --build "$OUT/asan" -j "$JOBS" --target fuzz/all -- --quiet
suite_images "$OUT/asan"
declare -A running=() # targets, by the process that has one
while true; do
    while [[ ${#running[@]} -lt $JOBS ]]; do
        read -r lack target < <(neediest "${chosen[@]}") || break
        stretch "$target" "$lack" &
        running[$!]=$target
    done
    [[ ${#running[@]} -gt 0 ]] || break
    wait -n -p ended || true
    unset "running[$ended]"
done
table
