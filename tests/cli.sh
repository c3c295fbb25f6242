#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program as its user meets it: help, wrong usage, tapes that are none,
# output that goes nowhere; each with its exit code and one clear sentence.
set -u
unset TAPE SOURCE_DATE_EPOCH
reel=$REEL_PROGRAM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    printf 'FAILED: %s\n' "$*"
    sed 's/^/    /' stdout stderr
    failures=$((failures + 1))
}

# run CODE WORD...: WORD... exits with CODE; stdout and stderr are kept.
run() {
    local wanted=$1 code=0
    shift
    "$@" >stdout 2>stderr </dev/null || code=$?
    [[ $code -eq $wanted ]] || fail "$*: exit $code, not $wanted"
}

# says FILE TEXT: what the last one printed.
says() {
    grep -qF -- "$2" "$1" || fail "$1 does not say: $2"
}

# one_sentence: the last one told its failure in one line and no more.
one_sentence() {
    [[ $(wc -l <stderr) -eq 1 ]] || fail "not one line"
}

# usage TEXT WORD...: wrong usage, told in one line that holds TEXT.
usage() {
    local text=$1
    shift
    run 64 "$reel" "$@"
    says stderr "$text"
    one_sentence
    [[ ! -s stdout ]] || fail "usage errors print nothing on standard output"
}

verbs=(write list info cat restore verify compare catalog dump extract drive spec
    help)

# Help.
run 0 "$reel" --version
grep -qxE 'reel [0-9]+\.[0-9]+\.[0-9]+' stdout || fail "no version"
run 0 "$reel" --help
for verb in "${verbs[@]}"; do
    says stdout "  $verb "
done
for verb in "${verbs[@]}"; do
    run 0 "$reel" "$verb" --help
    says stdout "usage: reel $verb"
    says stdout --quiet
    [[ ! -s stderr ]] || fail "help speaks on standard error"
    awk 'length > 80 { exit 1 }' stdout || fail "$verb: help is too wide"
    cp stdout long
    run 0 "$reel" help "$verb"
    cmp -s stdout long || fail "help $verb is not $verb --help"
done
run 0 "$reel" help --table
python3 - "${verbs[@]}" <<'PYTHON' || fail "the table is not as it should be"
import json, sys
table = [json.loads(line) for line in open("stdout")]
assert [verb["verb"] for verb in table] == sys.argv[1:]
for verb in table:
    names = [option["name"] for option in verb["options"]]
    letters = [o["letter"] for o in verb["options"] if "letter" in o]
    assert len(set(names)) == len(names), verb
    assert len(set(letters)) == len(letters), verb
    assert all(option["help"] for option in verb["options"])
    assert all(("argument" in o) == (o["kind"] != "flag")
               for o in verb["options"])
PYTHON

# Wrong usage.
usage "no verb"
usage "is write meant?" wirte
usage "no verb of reel" unpack
usage "the verb comes first" -f x list
usage "is --long meant?" list -f x --lnog
usage "no option -Z" list -Z
usage "needs an argument" list -f
usage "takes a number" list -f x --archive one
usage "takes no argument" list -f x --long=1
usage "no tape is named" list
usage "only one of" list -f x -l --json
usage "sha256" list -f x --manifest md5
usage "either --all or --archive" list -f x --all --archive 2
usage "refuse, skip, replace" restore -f x --existing maybe
usage "no path is named" cat -f x
usage "nothing to archive" write -f x
usage "--raw takes no paths" write -f x --raw . a
usage "--raw takes no paths" write -f x --raw . -T list
usage "either -C or --raw" write -f x --raw . -C .
usage "--exclude is not for --raw" write -f x --raw . --exclude a
usage "either --raw or --ntfs" write -f x --raw . --ntfs image
usage "--resume takes no paths" write -f x --resume --raw .
usage "either -C or --raw" restore -f x --raw . -C .
usage "--strip is not for --raw" restore -f x --raw . --strip 1
usage "either --raw or --ntfs" restore -f x --raw . --ntfs image
usage "--compress is" write -f x --compress zstd:20 .
usage "--compress is" write -f x --compress gzip .
usage "takes a size" write -f x --block-size 1.5M .
usage "--block-size is" write -f x --block-size 2M .
usage "multiple of 512" write -f x --block-size 1000 .
usage "--segment-size is" write -f x --segment-size 1K .
usage "--label is" write -f x --label abc .
usage "--label is" write -f x --label TOOLONG .
usage "--set-id is" write -f x --set-id 12 .
usage "--set-name is" write -f x --set-name $'a\nb' .
usage "catalog rebuild" catalog -f x --catalog y
usage "--catalog FILE" catalog rebuild -f x
usage "--quick or --full" verify -f x --quick --full
usage "say what to do" drive -f x
usage "none of status" drive -f x erase
usage "counted from 0" drive -f x locate here
usage "counted from 0" drive -f x locate
usage "takes nothing behind it" drive -f x rewind 1
usage "no drive is named" drive status
SOURCE_DATE_EPOCH=soon usage "SOURCE_DATE_EPOCH" write -f x .
[[ ! -e x ]] || fail "wrong usage made a tape"

# What is no tape drive.
for action in status rewind eject "locate 1"; do
    for name in /dev/null "$work"; do
        # shellcheck disable=SC2086 # an action and its operand
        run 4 "$reel" drive $action -f "$name"
        one_sentence
    done
    # shellcheck disable=SC2086
    run 5 "$reel" drive $action -f "$work/none"
    one_sentence
done
run 4 "$reel" list -f /dev/null
says stderr "no tape drive"

# A name that would play with the terminal is shown harmless.
run 64 "$reel" $'\e[31mlist'
says stderr '\033[31mlist'

# Tapes that are none.
mkdir directory
: >empty
printf 'this is no tape\n' >text
for verb in list info verify dump restore; do
    run 4 "$reel" "$verb" -f directory
    says stderr "is a directory"
    one_sentence
    run 4 "$reel" "$verb" -f empty
    says stderr "empty"
    one_sentence
    run 4 "$reel" "$verb" -f text
    one_sentence
    run 5 "$reel" "$verb" -f nowhere
    says stderr "does not exist"
    one_sentence
done
run 4 env TAPE=text "$reel" list
run 4 "$reel" list -f text --json
python3 -c 'import json
line = json.loads(open("stderr").read())
assert line["type"] == "failure" and line["status"] and line["advice"]' ||
    fail "the failure is not one object"
run 5 "$reel" list --catalog nowhere
one_sentence

# Writing: what stands there is kept, what cannot be opened is named.
run 4 "$reel" write -f text .
one_sentence
[[ $(<text) == "this is no tape" ]] || fail "write changed what is not Reel"
run 5 "$reel" write -f new -C nowhere .
one_sentence
run 5 "$reel" write -f new -T nowhere
one_sentence
run 5 "$reel" write -f new --catalog nowhere/catalog .
one_sentence
[[ ! -e new ]] || fail "write made a tape before it had all it needs"

# Standard output that takes nothing.
run 0 "$reel" spec
says stdout '[L-1 W T]'
"$reel" spec >/dev/full 2>stderr
[[ $? -eq 5 ]] || fail "a full standard output is not noticed"
one_sentence
"$reel" --help >&- 2>stderr
[[ $? -eq 5 ]] || fail "a closed standard output is not noticed"

# Asked to stop, while it waits for paths that do not come.
mkfifo paths
exec 7<>paths
"$reel" write -f stopped.tap -T - <paths >stdout 2>stderr &
writer=$!
while [[ ! -e stopped.tap ]] && kill -0 "$writer" 2>/dev/null; do
    sleep 0.01
done
kill -TERM "$writer"
code=0
wait "$writer" || code=$?
exec 7>&-
[[ $code -eq 130 ]] || fail "SIGTERM leads to $code, not to 130"
one_sentence

# A round: write, and what was written is seen by name.
mkdir tree
printf 'content\n' >tree/file
ln tree/file tree/link
run 0 "$reel" write -f tape.tap --label CLI001 --set-name 'of cli.sh' \
    --catalog tape.catalog tree
says stdout fingerprint
if [[ ! -s tape.catalog ]] || compgen -G 'tape.catalog.tmp*' >/dev/null; then
    fail "no catalog was kept"
fi
run 3 "$reel" write -f tape.tap tree/nothing tree/file
says stderr tree/nothing
run 0 "$reel" info -f tape.tap
says stdout CLI001
says stdout "of cli.sh"
run 0 "$reel" list -f tape.tap --archive 1
printf '%s\n' tree tree/file tree/link >wanted
cmp -s wanted stdout || fail "the list is another"
# The same tape by names that mean another thing to another process: -f is
# opened by the one outside of the fence.
mkfifo pipe
ln -s /dev/stdin standing
# shellcheck disable=SC2016 # the inner shell expands
for way in '"$0" list -f /dev/stdin --archive 1 <tape.tap' \
    '"$0" list -f standing --archive 1 <tape.tap' \
    '"$0" list -f /dev/fd/7 --archive 1 7<tape.tap' \
    'cat tape.tap | "$0" list -f /dev/stdin --archive 1' \
    '"$0" list -f <(cat tape.tap) --archive 1' \
    'cat tape.tap >pipe & "$0" list -f pipe --archive 1'; do
    run 0 bash -c "$way" "$reel"
    cmp -s wanted stdout || fail "the list is another: $way"
done
run 0 "$reel" list -f tape.tap --archive 1 --manifest sha256
cp stdout manifest
sha256sum --quiet -c manifest || fail "the manifest does not agree"
run 0 "$reel" list -f tape.tap --archive 1 --manifest sha256 tree/link
grep -q '^[0-9a-f]\{64\}  tree/link$' stdout || fail "a link has no digest"
run 3 "$reel" list -f tape.tap 'no*thing'
run 0 "$reel" cat -f tape.tap tree/file
cmp -s tree/file stdout || fail "the content is another"
run 0 "$reel" verify -f tape.tap
says stdout PROVEN
run 0 "$reel" compare -f tape.tap --archive 1
printf 'changed\n' >tree/file
run 1 "$reel" compare tape.tap .
says stdout tree/file
mkdir out
run 0 "$reel" restore -f tape.tap --archive 1 -C out
(cd out && sha256sum --quiet -c ../manifest) || fail "restored something else"
run 3 "$reel" restore -f tape.tap --archive 1 -C out
run 0 "$reel" catalog rebuild -f tape.tap --archive 1 --catalog again
cmp -s tape.catalog again || fail "the rebuilt catalog is another"

[[ $failures -eq 0 ]] || exit 1
