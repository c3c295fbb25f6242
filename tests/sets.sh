#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sets of volumes from outside, on images: written, verified, listed, restored
# whole and with each volume missing; appended to; killed and resumed at any
# moment; volumes changed by a command and by a robot; volumes that are wrong.
# With REEL_SOAK=1 it is killed hundreds of times, with sanitizers a few.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf -- "$work"' EXIT
reel=$REEL_PROGRAM
src=$REEL_SOURCE_DIR
checks=0
kills=12
[[ -z ${REEL_SANITIZED:-} ]] || kills=3
[[ -z ${REEL_SOAK:-} ]] || kills=400

fail() {
    printf 'sets: %s\n' "$*" >&2
    head -c 1500 "$work/err" >&2
    exit 1
}
# expect CODE COMMAND...: it exits with CODE.
expect() {
    local want=$1 got=0
    shift
    # No terminal: nobody is there to be asked.
    setsid -w "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [[ $got == "$want" ]] || fail "exit $got, not $want: $*"
    checks=$((checks + 1))
}
says() {
    grep -qF -- "$2" "$work/$1" || fail "$1 does not say: $2"
    checks=$((checks + 1))
}
fingerprint() {
    grep -o 'fingerprint.*' "$work/out" | grep -oE '[0-9a-f]{64}' | tail -1
}
equal_trees() {
    python3 "$src/tests/trees_equal.py" "${owner[@]}" "$1" "$2" >"$work/diff" ||
        fail "trees differ: $(head -5 "$work/diff")"
    checks=$((checks + 1))
}
empty() {
    [[ ! -e $1 ]] || chmod -R u+rwX "$1"
    rm -rf "$1"
    mkdir "$1"
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
cd "$work"
set='set-%d.tap'

# --- a set is read as one volume would be -----------------------------------
expect 0 "$reel" write -f one.tap -C "$tree" .
whole=$(fingerprint)
expect 0 "$reel" list -l -f one.tap
cp out whole.list

# write_set VOLUME-SIZE OPTION...
write_set() {
    local size=$1
    shift
    rm -f set-*.tap
    expect 0 "$reel" write -f "$set" --volume-size "$size" -C "$tree" \
        --catalog set.catalog "$@" .
    [[ $(fingerprint) == "$whole" ]] || fail "another fingerprint with $*"
}
# read_set: all verbs.
read_set() {
    expect 0 "$reel" verify -f "$set"
    [[ $(fingerprint) == "$whole" ]] || fail "verify finds another fingerprint"
    expect 0 "$reel" verify --quick -f "$set"
    expect 0 "$reel" list -l -f "$set"
    cmp -s out whole.list || fail "the list is another"
    expect 0 "$reel" list -l --catalog set.catalog
    cmp -s out whole.list || fail "the list of the kept catalog is another"
    expect 0 "$reel" catalog rebuild -f "$set" --catalog again
    cmp -s set.catalog again || fail "the rebuilt catalog is another"
    expect 0 "$reel" cat -f "$set" plain/noise
    cmp -s out "$tree/plain/noise" || fail "cat gives another content"
    empty back
    expect 0 "$reel" restore -f "$set" -C back "${preserve[@]}"
    equal_trees "$tree" back
    expect 0 "$reel" compare -f "$set" -C "$tree"
}
write_set 7M --compress none --segment-size 1M
[[ -e set-4.tap ]] || fail "too few volumes"
says out volumes
read_set
expect 0 python3 "$src/spec/reader.py" check set-*.tap
says out "$whole"
empty by-reader
empty store
expect 0 python3 "$src/spec/reader.py" extract set-*.tap store
mv out report
expect 1 python3 "$src/spec/restore.py" report store by-reader
if grep -qv ' special/' err; then
    fail "restore.py leaves out $(grep -v ' special/' err)"
fi
rm -r store
cmp -s by-reader/plain/large "$tree/plain/large" ||
    fail "the other reader gives other content"
write_set 2500K --compress zstd:1 --segment-size 256K --block-size 16K \
    --checkpoint-every 1M
read_set
set='dir%%/set-%02d'
mkdir dir%
write_set 9M --compress zstd:3 --threads 2
[[ -e dir%/set-01 ]] || fail "no volume dir%/set-01"
read_set
rm -r dir%
set='set-%d.tap'

# One file, and one from each volume; the catalog from a file.
write_set 7M --compress none --segment-size 1M
for name in plain/large links/zz-third; do
    empty back
    expect 0 "$reel" restore -f "$set" -C back "$name"
    cmp -s "back/$name" "$tree/$name" || fail "$name has another content"
    empty back
    expect 0 "$reel" restore -f "$set" --catalog set.catalog -C back "$name"
    cmp -s "back/$name" "$tree/$name" || fail "$name has another content"
done
expect 0 "$reel" info -f "$set"
says out "$whole"
expect 0 "$reel" restore --plan -f "$set" plain/large
says out REEL0
expect 0 "$reel" restore --plan --json -f "$set" plain/large

# The set in a directory that is archived itself.
empty self
cp -r "$tree/plain" self/plain
(cd self && expect 0 "$reel" write -f 'v%d.tap' --volume-size 4M \
    --segment-size 1M --compress none . &&
    expect 0 "$reel" list -f 'v%d.tap')
if grep -q 'v[0-9]*\.tap' out; then fail "a set archives itself"; fi

# --- with a volume missing --------------------------------------------------
volumes=(set-*.tap)
for ((n = 1; n <= ${#volumes[@]}; n++)); do
    for options in "" "--catalog set.catalog"; do
        mv "set-$n.tap" away
        empty back
        # shellcheck disable=SC2086 # options are words
        expect 6 "$reel" restore -f "$set" -C back $options
        if [[ $n == "${#volumes[@]}" && -z $options ]]; then
            says err "wanted: " # nothing says that there was one
        else
            says err "olume $n"
        fi
        mv away "set-$n.tap"
        python3 "$src/tests/tree_part.py" back "$tree" >missing 2>>err ||
            fail "without volume $n something wrong was restored"
        # Without the last volume's catalog nobody knows what it has.
        [[ $n != "${#volumes[@]}" || -n $options ]] || : >missing
        # shellcheck disable=SC1003 # a backslash, and no quote behind it
        while IFS= read -r name; do
            grep -qF -- "${name##*/}" err ||
                fail "without volume $n, $name is missing and not named"
        done < <(grep -v '\\' missing)
        [[ -n $(find back -type f -print -quit) ]] ||
            fail "without volume $n nothing is restored"
        checks=$((checks + 2))
    done
    mv "set-$n.tap" away
    expect 6 "$reel" verify -f "$set"
    mv away "set-$n.tap"
done
# Damage beside it weighs more.
mv set-1.tap away
cp set-3.tap kept
printf x | dd of=set-3.tap bs=1 seek=3000000 conv=notrunc status=none
expect 2 "$reel" restore -f "$set" --dry-run
mv kept set-3.tap
mv away set-1.tap

# Each volume alone is listed and verified as far as it goes.
for volume in set-*.tap; do
    cp "$volume" alone.tap
    code=0
    "$reel" verify -f alone.tap >out 2>err </dev/null || code=$?
    # Each wants the one before or behind it; one that is full behind a
    # checkpoint looks as if its writer was stopped there.
    ((code == 1 || code == 6)) ||
        fail "verify of $volume alone exits $code"
    code=0
    "$reel" list -f alone.tap >out 2>err </dev/null || code=$?
    [[ $code == 0 || $code == 1 || $code == 6 ]] ||
        fail "list of $volume alone exits $code"
    [[ -s out ]] || fail "nothing is listed of $volume alone"
    checks=$((checks + 3))
done

# --- append -----------------------------------------------------------------
expect 0 "$reel" write -f "$set" --volume-size 5M -C "$tree" --name second \
    --compress none --segment-size 1M plain
expect 0 "$reel" verify -f "$set"
expect 0 "$reel" list --archive 1 -l -f "$set"
cmp -s out whole.list || fail "archive 1 is listed otherwise behind archive 2"
empty back
expect 0 "$reel" restore -f "$set" -C back
cmp -s back/plain/large "$tree/plain/large" || fail "archive 2 is not restored"
[[ ! -e back/links ]] || fail "archive 2 has what was not put in"
empty back
expect 0 "$reel" restore --archive 1 -f "$set" -C back "${preserve[@]}"
equal_trees "$tree" back
expect 0 python3 "$src/spec/reader.py" check set-*.tap
says out "$whole"

# An END is valid whatever does not agree in it (9.4): its archive is complete.
python3 "$src/spec/suite/build.py" --only R-14-end suite >/dev/null
cp suite/invalid/R-14-end/1.tap odd.tap
expect 0 "$reel" write -f odd.tap -C "$tree" plain
expect 0 "$reel" list --all -f odd.tap
"$reel" dump -f odd.tap | grep -A4 'EARLIER ARCHIVE' >out
says out "state: 1"
rm -r odd.tap suite

# --- volumes that are not it ------------------------------------------------
rm -f set-*.tap
printf 'this is no tape, but it may be dear to somebody\n' >set-2.tap
cp set-2.tap dear
expect 4 "$reel" write -f "$set" --volume-size 5M -C "$tree" .
says err set-2.tap
cmp -s set-2.tap dear || fail "a foreign file was changed"
[[ ! -e set-1.tap ]] || fail "a set was begun beside a foreign file"
rm set-2.tap
# One word in front of VOLUME and the end of the image are damaged: much more
# stands there than a block somebody was killed in.
expect 0 "$reel" write -f dear.tap -C "$tree" --compress none .
python3 - dear.tap odd.tap <<'EOF'
import struct, sys
data, at, marks = bytearray(open(sys.argv[1], "rb").read()), 0, 0
while marks < 2:
    word, = struct.unpack_from("<I", data, at)
    marks += word == 0
    at += 4 if word == 0 else 8 + word + (word & 1)
data[at + 2] ^= 0x40
open(sys.argv[2], "wb").write(data[:-7001])
EOF
cp odd.tap dear
expect 4 "$reel" write -f odd.tap -C "$tree" plain
says err "--overwrite begins a new set"
cmp -s odd.tap dear || fail "a damaged image was changed"
rm dear.tap odd.tap
# Full, and there is no other: the order that is printed goes on.
expect 5 "$reel" write -f single.tap --volume-size 5M -C "$tree" \
    --compress none --segment-size 1M .
says err "go on with: \
reel write --resume -f single.tap --last-volume --volume-size 5242880"
expect 0 "$reel" write --resume -f single.tap --last-volume
expect 0 "$reel" verify -f single.tap
rm single.tap
# Full, and nobody brings another; then it goes on as a set.
expect 5 "$reel" write -f set-1.tap --next-volume false --volume-size 5M \
    -C "$tree" --compress none --segment-size 1M .
says err "make room, or have another volume ready, and go on with: \
reel write --resume -f set-1.tap --volume-size 5242880"
# Whether this one is the last, nobody knows who is not told.
expect 64 "$reel" write --resume -f set-1.tap --next-volume false
says err "archive 1 breaks off on volume 1: give the last volume; \
--last-volume if this is it"
# Resumed in vain, it can be resumed all the same.
expect 5 "$reel" write --resume -f set-1.tap --next-volume false \
    --volume-size 5M --last-volume
says err "go on with: reel write --resume -f set-1.tap --volume-size 5242880"
# Where nobody brings another, the one at hand is read all the same.
expect 6 "$reel" list -f set-1.tap --next-volume false
says out plain/
empty back
expect 6 "$reel" restore -f set-1.tap --next-volume false -C back
python3 "$src/tests/tree_part.py" back "$tree" >missing 2>>err ||
    fail "something wrong was restored of a volume alone"
[[ -n $(find back -type f -print -quit) ]] ||
    fail "nothing is restored of a volume alone"
expect 0 "$reel" write --resume -f "$set" --volume-size 5M
[[ $(fingerprint) == "$whole" ]] || fail "resumed to another fingerprint"
# The order once more, with the first volume: what is complete stays.
cp set-1.tap dear
expect 64 "$reel" write --resume -f set-1.tap
cmp -s set-1.tap dear || fail "a complete archive was gone on with"
rm dear
read_set_light() {
    expect 0 "$reel" verify -f "$set"
    empty back
    expect 0 "$reel" restore -f "$set" -C back "${preserve[@]}"
    equal_trees "$tree" back
}
read_set_light
rm -f set-*.tap
expect 0 "$reel" write -f other.tap -C "$tree" plain
mkdir first
expect 5 "$reel" write -f 'first/%d' --volume-size 100K -C "$tree" .
says err "the size of its volume"

# Another set's volume among them.
write_set 7M --compress none --segment-size 1M
cp set-3.tap kept
cp other.tap set-3.tap
empty back
expect 6 "$reel" restore -f "$set" -C back
python3 "$src/tests/tree_part.py" back "$tree" >missing 2>>err ||
    fail "something of another set was restored"
[[ -s missing ]] || fail "nothing is missing without volume 3"
mv kept set-3.tap

# One volume whose archive goes on elsewhere: nothing is appended to it unless
# it is said to be the last.
cp set-1.tap alone.tap
expect 64 "$reel" write -f alone.tap -C "$tree" plain
says err --last-volume
cmp set-1.tap alone.tap || fail "a refused append changed the volume"
expect 0 "$reel" write -f alone.tap --last-volume -C "$tree" plain
expect 0 "$reel" list -f alone.tap
says out plain

# Names and options that do not fit.
expect 64 "$reel" list -f 'a%d-%d'
expect 64 "$reel" list -f 'a%d-%s'
expect 64 "$reel" list -f "$set" --next-volume true
expect 64 "$reel" list -f - --changer true
expect 64 "$reel" list -f x --changer true --next-volume true
expect 64 "$reel" write --resume -f "$set" path
expect 64 "$reel" write --resume -f "$set" --overwrite
sha256sum set-*.tap >dear
expect 5 "$reel" write -f "$set" --overwrite -C nowhere .
sha256sum --quiet -c dear || fail "a set was given up for nothing"
rm dear
expect 64 "$reel" write --resume -f "$set" --compress none
expect 5 "$reel" list -f 'nothing-%d'
expect 5 "$reel" write --resume -f 'nothing-%d'
[[ ! -e nothing-1 ]] || fail "resuming makes a volume"

# --- interrupted and resumed ------------------------------------------------
# Of many volumes, so that it can be met in the middle by counting them.
slow=(--compress zstd:12 --threads 1 --segment-size 256K --block-size 16K
    --checkpoint-every 512K --volume-size 2M)
export SOURCE_DATE_EPOCH=1700000000
rm -f set-*.tap
expect 0 "$reel" write -f "$set" -C "$tree" "${slow[@]}" .
volumes=(set-*.tap)
whole=$(fingerprint)
expect 0 "$reel" list -f "$set"
sort -u out >whole.names

# resumed_well: all is as if nothing had been.
resumed_well() {
    expect 0 "$reel" verify -f "$set"
    [[ $(fingerprint) == "$whole" ]] || fail "verify finds another fingerprint"
    expect 0 "$reel" list -f "$set"
    sort -u out | cmp -s - whole.names || fail "another list after resuming"
}
# truth: list, verify and restore of what a killed writer left.
truth() {
    local code=0
    "$reel" list -f "$set" >out 2>err </dev/null || code=$?
    ((code <= 6)) || fail "list of what was left exits $code"
    sort -u out | comm -23 - whole.names >invented
    [[ ! -s invented ]] || fail "listed and never written: $(head -3 invented)"
    code=0
    "$reel" verify -f "$set" >out 2>err </dev/null || code=$?
    ((code <= 6 && code != 3)) || fail "verify of what was left exits $code"
    # Killed behind its last END, it had written all.
    [[ $code != 0 ]] || resumed_well
    empty back
    code=0
    "$reel" restore -f "$set" -C back >out 2>err </dev/null || code=$?
    ((code <= 6)) || fail "restore of what was left exits $code"
    python3 "$src/tests/tree_part.py" back "$tree" >missing 2>>err ||
        fail "restored wrongly of what was left"
    checks=$((checks + 4))
}
# signalled COMMAND... on "$signal" when volume "$at" is there, and a little
# later: exits as the command does, 128 more than a signal that it died of. A
# machine that is busy with others may find it at its end by then: it exits 0.
# (bash lets what runs in the background ignore SIGINT.)
signalled() {
    python3 -c '
import os, random, signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL,
                     start_new_session=True)
while not os.path.exists("set-%s.tap" % sys.argv[2]) and p.poll() is None:
    time.sleep(0.002)
time.sleep(random.random() * 0.05)
p.send_signal(getattr(signal, "SIG" + sys.argv[1]))
code = p.wait()
sys.exit(code if code >= 0 else 128 - code)' "$signal" "$at" "$@"
}
# interrupted: write until a "$signal" ends it, on volume "$at" or behind it,
# but not before its end: then once more.
interrupted() {
    local code=0
    while ((code == 0)); do
        rm -f set-*.tap
        signalled "$reel" write -f "$set" -C "$tree" "${slow[@]}" . \
            >out 2>err || code=$?
        # It was quicker, and is as well as any.
        ((code != 0)) || [[ $(fingerprint) == "$whole" ]] ||
            fail "another fingerprint although nothing was interrupted"
    done
    [[ $code == "$1" ]] || fail "SIG$signal leads to $code, not $1"
}

# Killed anywhere in the front of its second volume, even inside a block, it is
# resumed behind what the first one holds.
rm -f set-*.tap
expect 0 "$reel" write -f "$set" -C "$tree" "${slow[@]}" .
mkdir kept-set
mv set-*.tap kept-set
front=$(python3 -c '
import struct, sys
tape, at, marks = open(sys.argv[1], "rb").read(), 0, 0
while marks < 2:
    print(at, at + 3, at + 4100 if at else 0)
    octets, = struct.unpack_from("<I", tape, at)
    marks += octets == 0
    at += octets + 8 if octets else 4
print(at, at + 4, at + 4100, at + 9000)' kept-set/set-2.tap | tr ' ' '\n' | sort -nu)
for at in $front; do
    ((at == 0 || at > 80)) || continue # within the label: no image
    cp kept-set/set-1.tap .
    head -c "$at" kept-set/set-2.tap >set-2.tap
    expect 0 "$reel" write --resume -f "$set" --volume-size 2M
    [[ $(fingerprint) == "$whole" ]] || fail "cut at $at: another fingerprint"
    rm set-*.tap
done
rm -r kept-set

resumed=0
early=0
for ((i = 0; i < kills; i++)); do
    signal=KILL
    # Volume 1 with its first checkpoints stands when volume 2 is begun; what
    # is killed before may have nothing to resume.
    at=$((1 + RANDOM % (${#volumes[@]} - 1)))
    interrupted 137
    "$reel" info -f "$set" >out 2>err </dev/null || true
    if ! grep -q '^archive 1' out; then
        ((at == 1)) || fail "killed at volume $at, and no archive is there"
        early=$((early + 1))
        continue
    fi
    [[ $((i % 4)) != 0 && -z ${REEL_SOAK:-} ]] || truth
    # Killed again while it is resumed, now and then.
    if ((i % 3 == 0)); then
        "$reel" write --resume -f "$set" --volume-size 2M >out 2>err \
            </dev/null &
        pid=$!
        sleep "0.$(printf %03d $((RANDOM % 400)))"
        kill -KILL $pid 2>/dev/null || true
        wait $pid 2>/dev/null || true # it may have been quicker
    fi
    # Killed before its first checkpoint, or behind its last END: it says so,
    # and changes nothing.
    cat set-*.tap | sha256sum >before
    code=0
    "$reel" write --resume -f "$set" --volume-size 2M >out 2>err </dev/null ||
        code=$?
    if [[ $code == 64 ]]; then
        cat set-*.tap | sha256sum | cmp -s before - ||
            fail "what cannot be resumed was changed"
        if grep -q 'the newest archive on the medium is complete' err; then
            resumed_well
        elif grep -q 'too little of the archive' err && ((at == 1)); then
            early=$((early + 1))
        else
            fail "killed at volume $at it cannot be resumed"
        fi
        continue
    fi
    [[ $code == 0 && $(fingerprint) == "$whole" ]] ||
        fail "resuming exits $code, or to another fingerprint"
    resumed_well
    resumed=$((resumed + 1))
    if ((i % 4 == 0)); then
        empty back
        expect 0 "$reel" restore -f "$set" -C back "${preserve[@]}"
        equal_trees "$tree" back
    fi
    # The other reader is slow: once does, or often where there is time.
    if ((resumed == 1)) || [[ -n ${REEL_SOAK:-} && $((i % 4)) == 0 ]]; then
        expect 0 python3 "$src/spec/reader.py" check set-*.tap
    fi
done

# Asked to stop: a checkpoint, how to go on, 130.
for signal in INT TERM; do
    at=3
    interrupted 130
    says err "reel write --resume -f 'set-%d.tap' --volume-size 2097152"
    truth
    expect 0 "$reel" write --resume -f "$set" --volume-size 2M
    [[ $(fingerprint) == "$whole" ]] || fail "resumed to another fingerprint"
    resumed_well
done

# --- volumes changed by a command -------------------------------------------
cat >changes <<'SH'
#!/bin/sh
# The drive is drive.tap; other volumes stand on the shelf by their number.
echo "$REEL_VOLUME $REEL_MODE $REEL_LABEL" >>asked
[ -z "$REEL_REFUSED" ] || exit 1
in=$(cat in)
mv "$REEL_DRIVE" "shelf/$in"
n=$REEL_VOLUME
[ "$n" != last ] || n=$(ls shelf | sort -n | tail -1)
echo "$n" >in
if [ "$REEL_MODE" = write ]; then [ -e "shelf/$n" ] || exit 0; fi
[ -e "shelf/$n" ] && mv "shelf/$n" "$REEL_DRIVE"
SH
chmod +x changes
mkdir shelf
echo 1 >in
next=(-f drive.tap --next-volume ./changes)
expect 0 "$reel" write "${next[@]}" -C "$tree" --volume-size 5M \
    --compress none --segment-size 1M .
whole=$(fingerprint)
[[ -e shelf/3 ]] || fail "too few volumes on the shelf"
grep -q '^2 write REEL02$' asked || fail "the command is not told the label"
# The last one is in the drive; all are asked for.
rm asked
empty back
expect 0 "$reel" restore "${next[@]}" -C back "${preserve[@]}"
equal_trees "$tree" back
[[ -z $(sort asked | uniq -d) ]] || fail "a volume was asked for twice: $(<asked)"
expect 0 "$reel" verify "${next[@]}"
[[ $(fingerprint) == "$whole" ]] || fail "verify finds another fingerprint"
mv shelf/2 away
expect 6 "$reel" restore "${next[@]}" --dry-run
says err "olume 2"
says err REEL02
expect 6 "$reel" restore -f drive.tap --next-volume false --dry-run

# --- and by a robot ---------------------------------------------------------
cat >robot <<'SH'
#!/bin/sh
# As mtx-changer: device operation slot drive index. Slots are files slots/N
# with their barcode beside them; the tape in the drive is $4.
[ "$1" = /dev/sg3 ] && [ "$5" = 1 ] || exit 9
in=$(cat slots/in)
case $2 in
slots) echo 6 ;;
list)
    for s in 1 2 3 4 5 6; do
        if [ -e slots/$s ] || [ "$in" = $s ]; then
            echo "$s:$(cat slots/$s.code)"
        fi
    done ;;
loaded) echo "$in" ;;
unload)
    echo "unload $3" >>robot.log
    [ "$in" = "$3" ] || exit 1
    mv "$4" "slots/$3" && echo 0 >slots/in ;;
load)
    echo "load $3" >>robot.log
    [ "$in" = 0 ] && [ -e "slots/$3" ] || exit 1
    mv "slots/$3" "$4" && echo "$3" >slots/in ;;
esac
SH
chmod +x robot
mkdir slots
for s in 1 2 3 4 5 6; do
    : >slots/$s
    echo "TST00${s}L8" >slots/$s.code
done
echo CLN001L1 >slots/2.code
cp other.tap slots/3
rm -f drive.tap
mv slots/1 drive.tap
echo 1 >slots/in
robot=(-f drive.tap --changer ./robot --changer-device /dev/sg3 --drive-index 1)
expect 0 "$reel" write "${robot[@]}" -C "$tree" --volume-size 10M \
    --compress none --segment-size 1M --label TST001 .
[[ $(fingerprint) == "$whole" ]] || fail "another fingerprint with a robot"
cmp -s slots/3 other.tap || fail "the robot's foreign tape was changed"
if grep -q 'load 2' robot.log; then fail "a cleaning tape was loaded"; fi
[[ $(grep -c 'load 3' robot.log) -le 2 ]] || fail "a refused tape came twice"
empty back
expect 0 "$reel" restore "${robot[@]}" -C back "${preserve[@]}"
equal_trees "$tree" back
expect 0 "$reel" verify "${robot[@]}"
[[ $(fingerprint) == "$whole" ]] || fail "verify finds another fingerprint"

echo "sets: $checks checks, $kills kills: $resumed resumed, $early too early"
