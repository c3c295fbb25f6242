#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# reel write --ntfs and reel restore --ntfs with a reel-ntfs that only plays its
# part: it sends a relay made beforehand, and keeps the one it gets.
# usage: relay.sh RELAY_TOOL
set -euo pipefail

tool=$1
reel=$REEL_PROGRAM
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd "$work"

fail() {
    printf 'relay: %s\n' "$*" >&2
    exit 1
}

# expect CODE TEXT COMMAND...: it ends with this code, and says TEXT.
expect() {
    local code=0 want=$1 text=$2
    shift 2
    "$@" >out 2>&1 || code=$?
    [ "$code" -eq "$want" ] ||
        fail "$* ended with $code, not $want: $(tail -3 out)"
    grep -qF -- "$text" out || fail "$* does not say \"$text\": $(cat out)"
}

mkdir bin
cat >bin/reel-ntfs <<'FAKE'
#!/bin/bash
printf '%s\n' "$*" >>asked
case $1 in
read)
    head -c "${FAKE_PAUSE-0}" "$FAKE_RELAY"
    while [ -n "${FAKE_PAUSE-}" ] && [ ! -e go_on ]; do sleep 0.05; done
    tail -c +"$((1 + ${FAKE_PAUSE-0}))" "$FAKE_RELAY"
    ;;
write)
    case ${FAKE_WRITE-} in
    talk_first) cat "$FAKE_ANSWER"; cat >got ;;
    die) head -c 100000 >/dev/null; echo "last words" >&2 ;;
    deaf) cat "$FAKE_ANSWER" ;;
    *) cat >got; cat "$FAKE_ANSWER" ;;
    esac
    ;;
esac
exit "${FAKE_EXIT-0}"
FAKE
chmod +x bin/reel-ntfs
# It stands beside a reel of its own, which looks for it there first.
mkdir alone
cp "$reel" alone/reel
cp "$reel" bin/reel
reel=$work/bin/reel

: >image
# shellcheck disable=SC2094 # a word to the tool, not the name of its output
"$tool" specimen >specimen
"$tool" answer >well
"$tool" answer "cannot be put there" >skipped
# shellcheck disable=SC2094 # the same
"$tool" flood >flood
"$tool" failure 9 "no room is left on the volume" >full
"$tool" failure 3 "this is no NTFS volume" >no_ntfs
"$tool" failure 8 "the volume cannot be read" >broken
export FAKE_RELAY=specimen FAKE_ANSWER=well

# Without the program there is one clear sentence, and nothing is begun.
expect 5 "the program reel-ntfs is not there" \
    alone/reel write -f tape.tap --ntfs image
[ ! -s tape.tap ] || fail "an archive was begun without the program"

# ---- write ----

# What the program passed over makes 3; the rest is all there.
expect 3 "is encrypted" "$reel" write -f tape.tap --ntfs image
[ "$(cat asked)" = "read --links enumerate -- image" ] ||
    fail "reel-ntfs was asked for \"$(cat asked)\""
expect 0 "NTFS" "$reel" info -f tape.tap
"$reel" list -f tape.tap -l >listed
grep -q '^h.* dir/second link to #3' listed || fail "no link: $(cat listed)"
grep -q '^h.* elsewhere/third link to #3 (outside)' listed ||
    fail "no outside name: $(cat listed)"
grep -q '^----A-----.* dir/rich$' listed ||
    fail "no attributes: $(cat listed)"
"$reel" list -f tape.tap --json >listed
[ "$(grep -c '"file_id":"14000000000000000000000000000000"' listed)" -eq 4 ] ||
    fail "not four names of one file: $(cat listed)"
grep -q '"outside":true' listed || fail "no outside in JSON"

# The verifier finds no rule broken; that "flawed" is so was said by its source.
code=0
"$reel" verify -f tape.tap >verified 2>&1 || code=$?
[ "$code" -le 1 ] || fail "verify ended with $code: $(cat verified)"
! grep -q "[A-Z]-[0-9]" verified || fail "a rule is broken: $(cat verified)"

# ---- restore ----

"$tool" print <specimen | grep -v '^NOTE' | awk '
    /^OBJECT/ { outside = $NF ~ /^elsewhere/ } !outside' >wanted

# Numbers differ where names outside were left out: of a target only whether.
same() {
    diff <(sed 's/target [1-9][0-9]*/target T/' wanted) \
        <("$tool" print <got | sed 's/target [1-9][0-9]*/target T/') ||
        fail "restored is not what was archived: $1"
}

: >asked
expect 3 "filling" "$reel" restore -f tape.tap --ntfs image -C some/dir \
    --existing replace --copies
[ "$(cat asked)" = "write --existing replace --sandbox best --copies image \
some/dir" ] ||
    fail "reel-ntfs was asked for \"$(cat asked)\""
same "all"
"$tool" print <got | grep -q 'target 3 .*zuletzt' || fail "the target is lost"

# Selected: the link gets the content, and keeps its name.
expect 0 "restored 1 objects" "$reel" restore -f tape.tap --ntfs image dir/second
"$tool" print <got | grep -q '^OBJECT 1 .* dir/second' || fail "no content"
"$tool" print <got | grep -c '^OBJECT' | grep -qx 1 || fail "more than asked for"

# Notes count, and more of them than a pipe holds do not lock up either side.
FAKE_ANSWER=skipped expect 3 "cannot be put there" \
    "$reel" restore -f tape.tap --ntfs image
FAKE_ANSWER=flood FAKE_WRITE='' expect 3 "there is much to say" \
    timeout 900 "$reel" restore -f tape.tap --ntfs image

# Its early end is told with its last words.
FAKE_WRITE=die FAKE_EXIT=1 expect 5 "last words" \
    timeout 900 "$reel" restore -f tape.tap --ntfs image
grep -q "ended before it was done" out || fail "no word of the end: $(cat out)"
FAKE_WRITE=die FAKE_EXIT=1 expect 5 "ended before it was done" \
    timeout 900 "$reel" restore -f tape.tap --ntfs image
FAKE_ANSWER=full FAKE_EXIT=1 expect 5 "no room is left on the volume" \
    "$reel" restore -f tape.tap --ntfs image
FAKE_ANSWER=full FAKE_WRITE=talk_first FAKE_EXIT=1 expect 5 \
    "no room is left on the volume" \
    timeout 900 "$reel" restore -f tape.tap --ntfs image
FAKE_ANSWER=full FAKE_WRITE=deaf FAKE_EXIT=1 expect 5 \
    "no room is left on the volume" \
    timeout 900 "$reel" restore -f tape.tap --ntfs image
FAKE_EXIT=1 expect 5 "reel-ntfs ended with exit code 1" \
    "$reel" restore -f tape.tap --ntfs image

# ---- what does not work is not begun, or can be gone on with ----

cp tape.tap before.tap
FAKE_RELAY=no_ntfs FAKE_EXIT=1 expect 4 "this is no NTFS volume" \
    "$reel" write -f tape.tap --ntfs image
cmp tape.tap before.tap || fail "a tape was touched for nothing"
FAKE_RELAY=/dev/null expect 5 "ended before it was done" \
    "$reel" write -f tape.tap --ntfs image
cmp tape.tap before.tap || fail "a tape was touched for nothing"

for octets in 600 2000 2000000; do
    rm -f cut.tap
    head -c "$octets" specimen >cut.relay
    FAKE_RELAY=cut.relay expect 5 "ended before it was done" \
        "$reel" write -f cut.tap --ntfs image --links encounter dir many
    expect 0 incomplete "$reel" info -f cut.tap
    : >asked
    expect 64 "begun from an NTFS volume" "$reel" write -f cut.tap --resume
    expect 3 "resumed:" "$reel" write -f cut.tap --resume --ntfs image
    [ "$(cat asked)" = "read --links encounter -- image dir many" ] ||
        fail "resumed with \"$(cat asked)\""
    expect 3 "filling" "$reel" restore -f cut.tap --ntfs image
    same "resumed after $octets"
    code=0
    "$reel" verify -f cut.tap >verified 2>&1 || code=$?
    [ "$code" -le 1 ] || fail "verify ended with $code: $(cat verified)"
    ! grep -q "[A-Z]-[0-9]" verified || fail "broken: $(cat verified)"
done
FAKE_EXIT=1 expect 5 "reel-ntfs ended with exit code 1" \
    "$reel" write -f posix.tap --ntfs image

# Asked to stop, it stops, with what came so far on tape. Once it writes it may
# still have read nothing; then there is nothing to resume, and it is left a
# little longer.
for patience in 0 1 2 4 8 16 32; do
    rm -f cut.tap go_on
    FAKE_PAUSE=2000 "$reel" write -f cut.tap --ntfs image >out 2>&1 &
    writer=$!
    while [ ! -s cut.tap ] && kill -0 "$writer" 2>/dev/null; do
        sleep 0.05
    done
    sleep "$patience"
    kill -INT "$writer"
    # A signal that came is not caught a second time.
    while grep -q '^SigCgt:.*[2367abef]$' "/proc/$writer/status" 2>/dev/null; do
        sleep 0.05
    done
    : >go_on
    code=0
    wait "$writer" || code=$?
    [ "$code" -eq 130 ] || fail "stopped with $code: $(cat out)"
    ! grep -q -- '--resume -f cut.tap --ntfs image' out || break
done
grep -q -- '--resume -f cut.tap --ntfs image' out || fail "no advice: $(cat out)"
expect 3 "resumed:" "$reel" write -f cut.tap --resume --ntfs image
expect 3 "filling" "$reel" restore -f cut.tap --ntfs image
same "what was stopped"

# ---- the command line ----

for options in "-T list" "--exclude x" "--one-file-system" "--atime" "-C /"; do
    # shellcheck disable=SC2086
    expect 64 "reel write" "$reel" write -f x.tap --ntfs image $options
done
expect 64 "about --ntfs" "$reel" write -f x.tap --links encounter a
for options in --preserve --numeric-owner --dry-run "--strip 1"; do
    # shellcheck disable=SC2086
    expect 64 "reel restore" "$reel" restore -f tape.tap --ntfs image $options
done
expect 64 "about --ntfs" "$reel" restore -f tape.tap --copies
[ ! -e x.tap ] || fail "a tape was begun"

# ---- the second reader ----

if python3 -c '' 2>/dev/null; then
    for image in tape.tap cut.tap; do
        code=0
        python3 "$REEL_SOURCE_DIR/spec/reader.py" check "$image" >second 2>&1 ||
            code=$?
        [ "$code" -le 1 ] || fail "spec/reader.py: $code, $(cat second)"
        cat second
    done
fi
