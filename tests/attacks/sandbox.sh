#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fence as the program has it: closed before the first octet of a tape is
# read, told when asked, gone without trace when the program is killed, and no
# hindrance to volumes that a command brings.
set -u
unset TAPE
reel=$REEL_PROGRAM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir tmp tree
export TMPDIR=$work/tmp
failures=0

fail() {
    printf 'FAILED: %s\n' "$*"
    failures=$((failures + 1))
}

# field PID NAME: of /proc/PID/status.
field() {
    sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" 2>/dev/null
}

# await SECONDS COMMAND...: until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [[ $SECONDS -lt $end ]] || return 1
        sleep 0.05
    done
}

head -c 3000000 /dev/urandom >tree/noise
echo text >tree/text
"$reel" write -f image.tap tree >/dev/null || fail "nothing is written"
offered=$("$reel" --version | sed -n 's/^sandbox: //p')
[[ -n $offered ]] || fail "--version does not say what the kernel offers"
printf 'sandbox: the kernel offers %s\n' "$offered"

# What was reached is what is offered.
for verb in list verify dump info; do
    "$reel" "$verb" -v -f image.tap 2>stderr >/dev/null || fail "$verb fails"
    grep -qxF "reel $verb: sandbox: $offered" stderr ||
        fail "$verb -v does not tell the sandbox: $(cat stderr)"
done
"$reel" list -v --sandbox off -f image.tap 2>stderr >/dev/null
grep -qxF "reel list: sandbox: off" stderr || fail "off is not told"
if [[ $offered == Landlock*seccomp ]]; then
    "$reel" list --sandbox need -f image.tap >/dev/null 2>&1 ||
        fail "what is offered cannot be needed"
fi

# No octet is there yet, and the fence is closed.
if [[ $offered == *seccomp ]]; then
    mkfifo pipe
    "$reel" verify -f - <pipe >stdout 2>stderr &
    pid=$!
    exec 9>pipe
    fenced() { [[ $(field "$pid" Seccomp) == 2 ]]; }
    await 20 fenced || fail "no fence before the first octet"
    [[ $(field "$pid" NoNewPrivs) == 1 ]] || fail "new privileges can be had"
    cat image.tap >&9
    exec 9>&-
    wait "$pid" || fail "verify behind the fence: $(cat stderr)"
    grep -q '^PROVEN' stdout || fail "verify did not prove it"
fi

# Killed at once, it leaves nothing: neither a directory for temporary files
# nor a catalog half written.
mkfifo slow
"$reel" catalog rebuild -f - --catalog kept <slow >/dev/null 2>&1 &
pid=$!
exec 9>slow
there() { [[ -e kept.tmp ]]; }
await 20 there || fail "no catalog is begun"
kill -9 "$pid"
wait "$pid" 2>/dev/null
exec 9>&-
gone() { [[ ! -e kept.tmp && -z $(ls tmp) ]]; }
await 20 gone || fail "left behind: $(ls tmp kept.tmp)"
[[ ! -e kept ]] || fail "a catalog that is not whole has its name"

# Volumes are brought by a command, which is behind no fence.
mkdir volumes
"$reel" write -f volumes/%d.tap --volume-size 2500K \
    --block-size 64K --segment-size 256K tree >/dev/null ||
    fail "no set is written"
cp volumes/1.tap drive.tap
cat >bring <<'BRING'
#!/bin/sh
echo "$REEL_VOLUME" >>asked
volume=$REEL_VOLUME
[ "$volume" = last ] && volume=2
cp "volumes/$volume.tap" drive.tap.new && mv drive.tap.new drive.tap
BRING
chmod +x bring
mkdir out
"$reel" restore -f drive.tap --next-volume ./bring -C out >stdout 2>stderr ||
    fail "no restore of a set: $(cat stderr)"
cmp tree/noise out/tree/noise || fail "a set is not restored"
[[ -s asked ]] || fail "the command was not run"
[[ -z $(ls tmp) ]] || fail "left behind: $(ls tmp)"

# A reader of its output sees the end, and what is closed early is noticed.
"$reel" list -f image.tap | cat | grep -q text || fail "no list by a pipe"

[[ $failures -eq 0 ]] || exit 1
printf 'sandbox: all well\n'
