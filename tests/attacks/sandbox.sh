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
mkdir streams
"$reel" extract -v image.tap streams 2>stderr >/dev/null || fail "extract fails"
grep -qxF "reel extract: sandbox: $offered" stderr ||
    fail "extract -v does not tell the sandbox: $(cat stderr)"
rm -rf streams/*
if [[ $offered == Landlock*seccomp ]]; then
    "$reel" list --sandbox need -f image.tap >/dev/null 2>&1 ||
        fail "what is offered cannot be needed"
    "$reel" extract --sandbox need image.tap streams >/dev/null 2>&1 ||
        fail "what is offered cannot be needed to extract"
fi
rm -rf streams

# Every verb that reads waits for a tape that nobody has opened yet, and the
# fence is closed.
if [[ $offered == *seccomp ]]; then
    mkfifo nobody
    mkdir into
    verbs=("list -f nobody" "info -f nobody" "cat -f nobody tree/text"
        "restore -f nobody -C into" "restore -f nobody --raw into"
        "restore -f nobody -C into --salvage --report lost.json"
        "restore -f nobody --plan" "verify -f nobody --map map"
        "compare -f nobody -C ." "dump -f nobody"
        "catalog rebuild -f nobody --catalog kept")
    pids=()
    for verb in "${verbs[@]}"; do
        # shellcheck disable=SC2086 # its words
        "$reel" $verb >/dev/null 2>&1 &
        pids+=($!)
    done
    for i in "${!pids[@]}"; do
        pid=${pids[i]}
        fenced() { [[ $(field "$pid" Seccomp) == 2 ]]; }
        await 20 fenced || fail "no fence before a tape is opened: ${verbs[i]}"
        [[ $(field "$pid" NoNewPrivs) == 1 ]] ||
            fail "new privileges can be had: ${verbs[i]}"
        kill -9 "$pid"
        wait "$pid" 2>/dev/null
    done
    unfinished() { [[ -z $(ls tmp) ]]; }
    await 20 unfinished || fail "left behind: $(ls tmp)"
    # extract takes no pipe: there it waits until it has told of its fence.
    mkfifo told
    exec 8<>told
    dd if=/dev/zero of=told bs=4096 oflag=nonblock 2>/dev/null # until full
    "$reel" extract -v image.tap into >/dev/null 2>&8 8>&- &
    pid=$!
    await 20 fenced || fail "no fence before a tape is opened: extract"
    for fd in "/proc/$pid/fd/"*; do
        [[ $(readlink "$fd") != *image.tap ]] ||
            fail "extract has opened a tape before its fence is closed"
    done
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    exec 8>&-
    rm -rf into told map* lost.json kept*
fi

# So does the program that reads and writes NTFS volumes: one waits for a
# volume, the other for what is to be restored.
PATH=$(dirname "$reel"):$PATH
if ! command -v reel-ntfs >/dev/null || ! command -v mkntfs >/dev/null; then
    echo "sandbox: no reel-ntfs or no mkntfs; its fence is NOT tried"
elif [[ $offered == *seccomp ]]; then
    reel-ntfs --version | grep -qxF "sandbox: $offered" ||
        fail "reel-ntfs does not say what the kernel offers"
    truncate -s 8M volume
    mkntfs -F -q volume >/dev/null 2>&1 || fail "no volume"
    mkfifo records
    reel-ntfs read nobody >/dev/null 2>&1 &
    pids=($!)
    exec 7<>records
    reel-ntfs write volume <records >answer 2>&1 7>&- &
    pids+=($!)
    for pid in "${pids[@]}"; do
        await 20 fenced || fail "reel-ntfs has no fence"
        [[ $(field "$pid" NoNewPrivs) == 1 ]] ||
            fail "reel-ntfs can have new privileges"
    done
    kill -9 "${pids[0]}"
    exec 7>&-
    wait "${pids[@]}" 2>/dev/null
    if [[ $offered == Landlock* ]]; then
        "$reel" restore --sandbox need -f image.tap --ntfs volume \
            >stdout 2>stderr || fail "no volume behind the fence: $(cat stderr)"
        "$reel" write -f back.tap --ntfs volume >/dev/null 2>stderr
        [[ $("$reel" cat -f back.tap tree/text) == text ]] ||
            fail "nothing comes back from the volume: $(cat stderr)"
    fi
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
# The file is begun before the one that clears up is there.
there() {
    compgen -G 'kept.tmp-*' >/dev/null &&
        grep -qsx "PPid:[[:space:]]*$pid" /proc/[0-9]*/status
}
await 20 there || fail "no catalog is begun"
kill -9 "$pid"
wait "$pid" 2>/dev/null
exec 9>&-
gone() { ! compgen -G 'kept.tmp-*' >/dev/null && [[ -z $(ls tmp) ]]; }
await 20 gone || fail "left behind: $(ls -d tmp/* kept.tmp-*)"
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
