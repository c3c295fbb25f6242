#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The capture program for Windows compiles, without a warning.
set -u
cc=x86_64-w64-mingw32-gcc
if ! command -v $cc >/dev/null; then
    echo "SKIPPED: capture_windows.c was not compiled: there is no $cc"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$cc -std=c11 -Wall -Wextra -Werror -O2 -municode \
    -o "$work/capture_windows.exe" \
    "$REEL_SOURCE_DIR/tests/raw/capture_windows.c" || exit 1
# A program for Windows came out of it, and it calls what it is about.
[[ $(head -c 2 "$work/capture_windows.exe") == MZ ]] || exit 1
x86_64-w64-mingw32-objdump -p "$work/capture_windows.exe" >"$work/imports"
for call in BackupRead CreateFileW FindFirstFileNameW \
    GetFileInformationByHandleEx AdjustTokenPrivileges; do
    grep -qw "$call" "$work/imports" || {
        echo "FAILED: $call is not called"
        exit 1
    }
done
