#!/bin/bash
# SPDX-License-Identifier: CC0-1.0
# The runner tells whoever calls it wrongly what to do: usage.sh SUITE
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refused TEXT COMMAND...: exit 3, and the message has TEXT in it.
refused() {
    local text=$1 code=0
    shift
    "$@" >"$work/out" 2>"$work/err" || code=$?
    if [[ $code -ne 3 ]] || ! grep -qF -- "$text" "$work/err"; then
        printf 'usage.sh: exit %d, and no "%s" from: %s\n' "$code" "$text" "$*"
        cat "$work/err"
        exit 1
    fi
}

run=(python3 -B "$here/run.py")
refused "which reader?" "${run[@]}"
refused "there is no program" "${run[@]}" --suite "$suite" "$work/none"
refused "has no manifest.json" "${run[@]}" --suite "$work" true
refused "no vector has" "${run[@]}" --suite "$suite" --filter nothing-at-all \
    true
mkdir "$work/broken"
echo '{' >"$work/broken/manifest.json"
refused "build the suite anew" "${run[@]}" --suite "$work/broken" true
echo '{"suite": "reel", "edition": 1, "version": 1, "vectors": [{}]}' \
    >"$work/broken/manifest.json"
refused "build the suite anew" "${run[@]}" --suite "$work/broken" true
refused "make a suite with build.py" python3 -B "$here/trace.py" "$work"

# build.py overwrites nothing.
if python3 -B "$here/build.py" "$work" 2>"$work/err"; then
    echo 'usage.sh: build.py wrote into a directory that is not empty'
    exit 1
fi
grep -qF 'name a new directory' "$work/err"

# The reader takes no file of another format, and no directory with something
# in it.
reader=(python3 -B "$here/../reader.py")
echo 'some text, and no tape' >"$work/text"
tape=$suite/valid/posix-one-object/1.tap
refused "No such file" "${reader[@]}" check "$work/none"
refused "text is not a SIMH tap file" "${reader[@]}" check "$work/text"
refused "is not empty" "${reader[@]}" extract "$tape" "$work"
refused "usage:" "${reader[@]}" list "$tape"

# Filemarks only are an image, of which nothing is left (CONTRACT.txt).
head -c 4096 /dev/zero >"$work/zeros"
code=0
"${reader[@]}" check "$work/zeros" >"$work/out" || code=$?
if [[ $code -ne 1 ]]; then
    echo "usage.sh: an image of zeros: exit $code"
    exit 1
fi

# A reader that does nothing fails, and so does one that hangs or crashes.
one=(--suite "$suite" --filter posix-one-object --timeout 2)
for reader in true 'sleep 9' 'sh -c "kill -9 \$\$"'; do
    eval "words=($reader)"
    # shellcheck disable=SC2154
    if "${run[@]}" "${one[@]}" "${words[@]}" >"$work/out"; then
        echo "usage.sh: passed: $reader"
        exit 1
    fi
    grep -q 'FAILS L0 valid/.*posix-one-object: crash' "$work/out"
done
echo "as it must be"
