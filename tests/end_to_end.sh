#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program from outside, on a tree with everything in it: what is written is
# verified, read by the reader that was made from the text alone, listed,
# restored and compared, for each way of writing; then damaged in each way.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf -- "$work"' EXIT
reel=$REEL_PROGRAM
src=$REEL_SOURCE_DIR
checks=0

fail() {
    printf 'end_to_end: %s\n' "$*" >&2
    exit 1
}
# expect CODE COMMAND...: it exits with CODE.
expect() {
    local want=$1 got=0
    shift
    "$@" >"$work/out" 2>"$work/err" || got=$?
    [[ $got == "$want" ]] ||
        fail "exit $got, not $want: $* -- $(head -c 600 "$work/err")"
    checks=$((checks + 1))
}
# same FILE FILE
same() {
    cmp -s "$1" "$2" || fail "$1 and $2 differ"
    checks=$((checks + 1))
}
equal_trees() {
    python3 "$src/tests/trees_equal.py" "${owner[@]}" "$1" "$2" >"$work/diff" ||
        fail "trees differ: $(head -5 "$work/diff")"
    checks=$((checks + 1))
}

owner=()
preserve=(--preserve)
if [[ $(id -u) != 0 ]]; then
    owner=(--no-owner)
    preserve=()
fi

tree=$work/tree
python3 "$src/tests/make_tree.py" "$tree" 300 2>"$work/left-out"
export SOURCE_DATE_EPOCH=1700000000
id=00112233445566778899aabbccddeeff

# --- ways of writing: same objects, same fingerprint ------------------------
fingerprint=
ways=("--compress none" "--compress zstd:1 --threads 1"
    "--compress zstd:3 --threads 3 --block-size 512"
    "--compress none --block-size 4K --segment-size 256K --checkpoint-every 1M")
for way in "${ways[@]}"; do
    # shellcheck disable=SC2086 # a way is several words
    expect 0 "$reel" write -f "$work/a.tap" --overwrite -C "$tree" $way \
        --catalog "$work/a.catalog" .
    this=$(grep -o 'fingerprint.*' "$work/out" | grep -oE '[0-9a-f]{64}')
    [[ -z $fingerprint || $this == "$fingerprint" ]] ||
        fail "another fingerprint with $way"
    fingerprint=$this
    expect 0 "$reel" verify -f "$work/a.tap"
    expect 0 "$reel" verify --quick -f "$work/a.tap"
    expect 0 python3 "$src/spec/reader.py" check "$work/a.tap"
    grep -q "$fingerprint" "$work/out" ||
        fail "the other reader finds another fingerprint"
    expect 0 "$reel" catalog rebuild -f "$work/a.tap" --catalog "$work/b.catalog"
    same "$work/a.catalog" "$work/b.catalog"
    rm -rf "$work/restored"
    mkdir "$work/restored"
    expect 0 "$reel" restore -f "$work/a.tap" -C "$work/restored" \
        "${preserve[@]}"
    equal_trees "$tree" "$work/restored"
done
expect 0 "$reel" compare -f "$work/a.tap" -C "$tree"
echo changed >>"$work/restored/plain/text"
expect 1 "$reel" compare -f "$work/a.tap" -C "$work/restored"
grep -q plain/text "$work/out" || fail "compare does not name what differs"

# --- the other reader's streams are the writer's ----------------------------
# by_second PROGRAMS NAME: restored into NAME by the two programs that stand in
# PROGRAMS. They name what they leave out.
by_second() {
    mkdir "$work/$2" "$work/store"
    expect 0 python3 "$1/reader.py" extract "$work/a.tap" "$work/store"
    mv "$work/out" "$work/report"
    expect 1 python3 "$1/restore.py" "$work/report" "$work/store" "$work/$2"
    if grep -qv ' special/' "$work/err"; then
        fail "restore.py leaves out $(grep -v ' special/' "$work/err")"
    fi
    rm -r "$work/store"
}
by_second "$src/spec" by-reader
(cd "$tree" && find plain names -type f -size -3000k -print0) |
    while IFS= read -r -d '' name; do
        cmp -s "$tree/$name" "$work/by-reader/$name" ||
            fail "the other reader gives other content for $name"
    done

# --- the leader carries text and reader; that reader reads this very tape ----
mkdir "$work/leader"
expect 0 python3 - "$work/a.tap" "$work/leader" <<'PYTHON'
import re
import sys
tap = open(sys.argv[1], "rb").read()
leader, at, marks = b"", 0, 0
while marks < 2:
    length = int.from_bytes(tap[at:at + 4], "little")
    marks += length == 0
    leader += tap[at + 4:at + 4 + length] if marks == 1 else b""
    at += 8 + length if length else 4
for name, length in re.findall(rb"----- BEGIN (\S+) \((\d+) octets\) -----",
                               leader):
    body = leader.split(b"----- BEGIN %s (%s octets) -----\n"
                        % (name, length))[1][:int(length)]
    with open(sys.argv[2] + "/" + name.decode(), "wb") as out:
        out.write(body)
PYTHON
for program in reader judge restore; do
    same "$work/leader/$program.py" "$src/spec/$program.py"
done
cat "$src"/spec/[0-9][0-9]-*.txt "$src"/spec/A[0-9]-*.txt >"$work/text"
same "$work/text" "$work/leader/reel-1.txt"
expect 0 "$reel" spec
same "$work/text" "$work/out"
by_second "$work/leader" by-itself
expect 0 diff -r --no-dereference "$work/by-reader/plain" \
    "$work/by-itself/plain"

# --- the same octets whatever the threads -----------------------------------
for threads in 1 2 5; do
    expect 0 "$reel" write -f "$work/t$threads.tap" -C "$tree" --set-id $id \
        --threads $threads .
done
same "$work/t1.tap" "$work/t2.tap"
same "$work/t1.tap" "$work/t5.tap"
expect 0 "$reel" write -f - -C "$tree" --set-id $id .
same "$work/t1.tap" "$work/out"

# --- pipes ------------------------------------------------------------------
mkdir "$work/piped"
"$reel" restore -q -f - -C "$work/piped" "${preserve[@]}" <"$work/t1.tap" \
    >"$work/out" || fail "restore from a pipe"
equal_trees "$tree" "$work/piped"
"$reel" verify -f - <"$work/t1.tap" >/dev/null || fail "verify of a pipe"

# --- one file, one link, manifest, cat --------------------------------------
mkdir "$work/one"
expect 0 "$reel" restore -f "$work/t1.tap" -C "$work/one" ./links/zz-third
same "$work/one/links/zz-third" "$tree/links/a"
# Where an OBJECT of two names says that it has one: each gets the octets.
python3 "$src/spec/suite/build.py" --only K-20-more-names "$work/suite" >/dev/null
mkdir "$work/two"
expect 1 "$reel" restore -f "$work/suite/invalid/K-20-more-names/1.tap" \
    -C "$work/two"
grep -q "^reel: z: .*K-20" "$work/err" || fail "K-20 is not told"
same "$work/two/z" "$work/two/d/a"
expect 0 "$reel" cat -f "$work/t1.tap" plain/noise
same "$work/out" "$tree/plain/noise"
expect 0 "$reel" list --manifest sha256 -f "$work/t1.tap"
cp "$work/out" "$work/manifest"
# sha256sum itself opens no path longer than PATH_MAX.
(cd "$work/piped" && sha256sum --quiet --strict -c) < <(
    grep -av -e '^#' -e '  deep/' "$work/manifest"
) >"$work/out" 2>&1 || fail "sha256sum does not accept the manifest"
expect 3 "$reel" list -f "$work/t1.tap" no/such/thing

# --- append, several archives -----------------------------------------------
expect 0 "$reel" write -f "$work/t1.tap" -C "$tree" --name second plain
expect 0 "$reel" verify -f "$work/t1.tap"
expect 0 python3 "$src/spec/reader.py" check "$work/t1.tap"
expect 0 "$reel" list -f "$work/t1.tap"
grep -q plain/noise "$work/out" || fail "latest archive is not listed"
grep -q links/ "$work/out" && fail "latest archive holds what is not in it"
expect 0 "$reel" list -f "$work/t1.tap" --archive 1
grep -q links/ "$work/out" || fail "archive 1 is not listed"
expect 64 "$reel" list -f "$work/t1.tap" --archive 7

# --- restore again, with what is there --------------------------------------
expect 0 "$reel" restore -f "$work/t2.tap" -C "$work/piped" --existing skip \
    "${preserve[@]}"
expect 3 "$reel" restore -f "$work/t2.tap" -C "$work/piped" plain
expect 0 "$reel" restore -f "$work/t2.tap" -C "$work/piped" plain \
    --existing replace "${preserve[@]}"

# --- damage -----------------------------------------------------------------
block=524288
# flip IMAGE RECORD: turn one octet in the middle of that record over.
flip() {
    python3 - "$1" "$2" <<'PY'
import struct, sys
path, want = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as f:
    at = 0
    for i in range(want + 1):
        f.seek(at)
        n, = struct.unpack("<I", f.read(4))
        if i == want:
            f.seek(at + 4 + n // 2)
            x = f.read(1)
            f.seek(-1, 1)
            f.write(bytes([x[0] ^ 1]))
        at += 4 if n == 0 else 8 + n + (n & 1)
PY
}
cp "$work/t2.tap" "$work/bad.tap"
flip "$work/bad.tap" 8
expect 2 "$reel" verify -f "$work/bad.tap"
grep -q "B-3" "$work/out" "$work/err" || fail "verify does not name the rule"
mkdir "$work/rescued"
expect 2 "$reel" restore -f "$work/bad.tap" -C "$work/rescued" "${preserve[@]}"
(cd "$work/rescued" && find . -path ./deep -prune -o -type f -print0) |
    while IFS= read -r -d '' name; do
        [[ $name == *tebibytes ]] || cmp -s "$tree/$name" "$work/rescued/$name" ||
            fail "a file with wrong content under its name: $name"
    done
find "$work/rescued" -name '.reel-*' | grep -q . && fail "a temporary file stays"

# The catalog: said, scanned, and rebuilt.
last=$(($(stat -c %s "$work/t2.tap") / (block + 8)))
cp "$work/t2.tap" "$work/nocat.tap"
for record in $((last - 4)) $((last - 3)) $((last - 2)) $((last - 1)) $last \
    $((last + 1)) $((last + 2)) $((last + 3)); do
    python3 - "$work/nocat.tap" "$record" <<'PY' || true
import struct, sys
path, want = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as f:
    at = i = 0
    while True:
        f.seek(at)
        head = f.read(4)
        if len(head) < 4:
            sys.exit(1)
        n, = struct.unpack("<I", head)
        if i == want:
            f.seek(at + 4)
            block = f.read(n)
            if len(block) > 14 and struct.unpack_from("<H", block, 14)[0] in (4, 5):
                f.seek(at + 4 + 300)
                f.write(b"\xA5")
            break
        at += 4 if n == 0 else 8 + n + (n & 1)
        i += 1
PY
done
cmp -s "$work/t2.tap" "$work/nocat.tap" && fail "no catalog block was hit"
expect 1 "$reel" list -f "$work/nocat.tap"
sort "$work/out" >"$work/scanned"
expect 0 "$reel" list -f "$work/t2.tap"
sort "$work/out" >"$work/listed"
same "$work/listed" "$work/scanned"

# A cut anywhere: never a crash, never a wrong file.
size=$(stat -c %s "$work/t2.tap")
for cut in 0 1 50 88 1000 600000 1100000 3000000 $((size / 2)) $((size - 9)) \
    $((size - 4)); do
    head -c "$cut" "$work/t2.tap" >"$work/cut.tap"
    code=0
    "$reel" verify -f "$work/cut.tap" >"$work/out" 2>"$work/err" || code=$?
    ((code >= 1 && code <= 5)) || fail "verify of $cut octets exits $code"
    code=0
    "$reel" list -f "$work/cut.tap" >"$work/out" 2>"$work/err" || code=$?
    ((code <= 5)) || fail "list of $cut octets exits $code"
    checks=$((checks + 2))
done

echo "end_to_end: $checks checks"
