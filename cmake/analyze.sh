#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What compilers and checkers find, whether the release is hardened, and what
# Valgrind sees: ./dev analyze
#   analyze.sh OUT JOBS [cppcheck|gcc|clang|hardening|valgrind]...
# clang-tidy is ./dev tidy. A finding is put right, or argued away on the line
# where it is reported, or here with the reason.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly OUT=$1 JOBS=$2
shift 2
readonly PARTS=(format media writer reader verify fence cli ntfs fuzz)

say() { printf '\n== %s\n' "$*"; }

run_cppcheck() {
    local part include=()
    for part in format media writer reader verify; do
        include+=(-I "$part" -I "$part/include")
    done
    # ctuuninitvar: in 2.10 any struct that a called function fills counts as
    # not initialised; the analyzers of gcc and clang judge that better.
    # missingInclude: the libraries of the system are not looked into.
    cppcheck --quiet --std=c11 -j "$JOBS" -D_GNU_SOURCE "${include[@]}" \
        --enable=warning,performance,portability --inline-suppr \
        --suppress=ctuuninitvar --suppress=missingIncludeSystem \
        --error-exitcode=1 "${PARTS[@]}"
}

run_gcc() {
    cmake -G Ninja -B "$OUT/analyze-gcc" -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_C_COMPILER=gcc -DREEL_WERROR=ON \
        -DCMAKE_C_FLAGS=-fanalyzer >/dev/null
    cmake --build "$OUT/analyze-gcc" -j "$JOBS" -- --quiet -k 0
}

run_clang() {
    rm -rf -- "$OUT/analyze-clang"
    scan-build cmake -G Ninja -B "$OUT/analyze-clang" \
        -DCMAKE_BUILD_TYPE=Debug >/dev/null
    scan-build --status-bugs -o "$OUT/analyze-clang/report" \
        cmake --build "$OUT/analyze-clang" -j "$JOBS" -- --quiet
}

# hardened FILE: of a release build.
hardened() {
    local headers dynamic symbols missing=()
    headers=$(readelf -hlW "$1")
    dynamic=$(readelf -dW "$1")
    symbols=$(readelf -sW "$1")
    grep -q 'Type: *DYN' <<<"$headers" || missing+=(PIE)
    grep -q GNU_RELRO <<<"$headers" || missing+=(RELRO)
    grep -q 'BIND_NOW\|FLAGS_1.*NOW' <<<"$dynamic" || missing+=("bind now")
    grep -q 'GNU_STACK.*RW ' <<<"$headers" || missing+=("no executable stack")
    grep -q __stack_chk_fail <<<"$symbols" || missing+=("stack protector")
    grep -q '__[a-z]*_chk\(@\|$\)' <<<"$symbols" || missing+=(fortify)
    # By what the compiler put there: the note in the file wants the C library's
    # own objects built so, too.
    [[ $(uname -m) != x86_64 ]] ||
        [[ $(objdump -d "$1" | grep -c endbr64) -gt 100 ]] || missing+=(CET)
    if [[ ${#missing[@]} -gt 0 ]]; then
        printf '%s lacks: %s\n' "$1" "${missing[*]}"
        return 1
    fi
    printf '%s: hardened\n' "$1"
}

run_hardening() {
    local file status=0
    cmake --preset release -B "$OUT/release" >/dev/null
    cmake --build "$OUT/release" -j "$JOBS" -- --quiet
    for file in "$OUT"/release/cli/reel{,-ntfs} \
        "$OUT/release"/libreel.so.*.*.*; do
        # reel-ntfs is built only where libntfs-3g is.
        [[ -e $file ]] || continue
        hardened "$file" || status=1
    done
    return "$status"
}

# The unit tests, which takes an hour: only where it is asked for.
run_valgrind() {
    local valgrind="valgrind;--quiet;--leak-check=full"
    valgrind+=";--errors-for-leak-kinds=definite;--error-exitcode=99"
    cmake --preset dev -B "$OUT/analyze-valgrind" \
        -DCMAKE_CROSSCOMPILING_EMULATOR="$valgrind" >/dev/null
    cmake --build "$OUT/analyze-valgrind" -j "$JOBS" -- --quiet
    # test_cli_sandbox makes system calls that Valgrind 3.19 does not know.
    ctest --test-dir "$OUT/analyze-valgrind" -j "$JOBS" -L unit \
        -E test_cli_sandbox --output-on-failure
}

[[ $# -gt 0 ]] || set -- cppcheck gcc clang hardening
failed=()
for tool in "$@"; do
    say "$tool"
    case $tool in
    cppcheck) run_cppcheck || failed+=("$tool") ;;
    gcc) run_gcc || failed+=("$tool") ;;
    clang) run_clang || failed+=("$tool") ;;
    hardening) run_hardening || failed+=("$tool") ;;
    valgrind) run_valgrind || failed+=("$tool") ;;
    *)
        printf 'analyze: no such tool: %s\n' "$tool" >&2
        exit 64
        ;;
    esac
done
[[ ${#failed[@]} -eq 0 ]] || { printf 'findings: %s\n' "${failed[*]}" && exit 1; }
