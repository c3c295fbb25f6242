#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An NTFS volume on to tape and back on to a fresh one, with reel and reel-ntfs.
# Judged by reel-ntfs' own reading of both, and by wimlib, which shares no code
# with us, if it is there.
# usage: ntfs.sh NTFS_FILL REEL_NTFS RELAY_TOOL
set -euo pipefail

fill=$1
tool=$3
reel=$REEL_PROGRAM
PATH=$(dirname "$2"):$PATH
export PATH
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd "$work"

fail() {
    printf 'ntfs: %s\n' "$*" >&2
    exit 1
}

# expect CODE TEXT COMMAND...: it ends with this code, and says TEXT.
expect() {
    local code=0 want=$1 text=$2
    shift 2
    "$@" >out 2>&1 || code=$?
    [ "$code" -eq "$want" ] ||
        fail "$* ended with $code, not $want: $(tail -3 out)"
    grep -aqF -- "$text" out ||
        fail "$* does not say \"$text\": $(tail -3 out)"
}

# fresh IMAGE SIZE: an empty volume.
fresh() {
    rm -f "$1"
    truncate -s "$2" "$1"
    mkntfs -F -q "$1" >/dev/null 2>&1 || fail "no volume in $1"
}

# What reel-ntfs reads in an image, but for what must differ: numbers.
facts() {
    reel-ntfs read --links "${2-enumerate}" "$1" | "$tool" print |
        grep -a -v '^NOTE' |
        sed -E 's/ id [0-9]+ target [0-9]+ / /'
}

# same IMAGE IMAGE [LINKS]
same() {
    facts "$1" "${3-enumerate}" >first.facts
    facts "$2" "${3-enumerate}" >second.facts
    [ "$(grep -ac '^OBJECT' first.facts)" -gt 5 ] || fail "nothing is in $1"
    diff -a first.facts second.facts >differs ||
        fail "$1 and $2 differ: $(head -c 1000 differs)"
}

# As wimlib sees it; where it puts things and what it numbers is left out, but
# not which names are one file.
wim() {
    wimcapture "$1" "$1.wim" --compress=XPRESS >"$1.log" 2>&1 ||
        fail "wimcapture of $1: $(tail -c 300 "$1.log")"
    wimdir "$1.wim" --detailed |
        grep -avE '^(Offset in WIM|Compressed size|Part Number|Flags)' |
        awk '/^Link Group ID/ {
                 if (!($NF in seen))
                     seen[$NF] = ++count
                 $NF = seen[$NF]
             }
             { print }'
    rm -f "$1.wim"
}

"$fill" volume.ntfs || fail "no specimen"

# ---- there and back ----

expect 3 "archive 1:" "$reel" write -f all.tap --ntfs volume.ntfs
expect 0 "PROVEN" "$reel" verify -f all.tap
expect 0 "NTFS" "$reel" info -f all.tap
python3 "$REEL_SOURCE_DIR/spec/reader.py" check all.tap >second.reader ||
    fail "the second reader: $(tail -c 300 second.reader)"
fresh back.ntfs 96M
code=0
"$reel" restore -f all.tap --ntfs back.ntfs >out 2>&1 || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "restore ended with $code"
grep -q "restored 3" out || fail "$(tail -3 out)"
same volume.ntfs back.ntfs
if command -v wimcapture >/dev/null; then
    wim volume.ntfs >first.wimdir
    wim back.ntfs >second.wimdir
    grep -aq 'Link Count *= 2000' first.wimdir || fail "wimlib sees no links"
    diff -a first.wimdir second.wimdir >differs ||
        fail "wimlib sees a difference: $(head -c 1000 differs)"
fi

# The same once more is refused name by name, skipped, or replaced.
expect 3 "" "$reel" restore -f all.tap --ntfs back.ntfs
expect 0 "" "$reel" restore -f all.tap --ntfs back.ntfs --existing skip
same volume.ntfs back.ntfs
expect 0 "" "$reel" restore -f all.tap --ntfs back.ntfs --existing replace
same volume.ntfs back.ntfs

# ---- links as they are met ----

expect 3 "archive 1:" "$reel" write -f met.tap --ntfs volume.ntfs \
    --links encounter
expect 0 "PROVEN" "$reel" verify -f met.tap
diff -a <("$reel" list -f all.tap | sort) <("$reel" list -f met.tap | sort) ||
    fail "the two orders of links do not hold the same names"
diff -a <("$reel" list -f all.tap) <("$reel" list -f met.tap) >/dev/null &&
    fail "the two orders of links are one"
fresh met.ntfs 96M
code=0
"$reel" restore -f met.tap --ntfs met.ntfs >out 2>&1 || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "restore ended with $code"
same volume.ntfs met.ntfs

# ---- a part: names outside are kept, and not made ----

# names ARCHIVE: of files, those outside left out.
names() {
    "$reel" list -f "$1" -l | grep -a '^[-h]' | grep -av ' (outside)$' |
        sed 's/ link to #.*//' | awk '{ print $NF }' | sort
}

for links in enumerate encounter; do
    rm -f part.tap
    code=0
    "$reel" write -f part.tap --ntfs volume.ntfs --links $links \
        links/here >out 2>&1 || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "write ended with $code"
    expect 0 "PROVEN" "$reel" verify -f part.tap
    "$reel" list -f part.tap -l | grep -a ' (outside)$' >outside || true
    if [ $links = enumerate ]; then
        for name in links/there/second links/a-name-before; do
            grep -aq " $name link to " outside || fail "$name is not known"
        done
    else
        [ ! -s outside ] || fail "names were met that are not in the part"
    fi
    fresh part.ntfs 96M
    "$reel" restore -f part.tap --ntfs part.ntfs >out 2>&1 ||
        fail "restoring a part: $(tail -3 out)"
    "$reel" write -f again.tap --overwrite --ntfs part.ntfs >out 2>&1 ||
        fail "reading what was restored: $(tail -3 out)"
    [ -n "$(names part.tap)" ] || fail "the part is empty"
    diff <(names part.tap) <(names again.tap) ||
        fail "other names were made than stand in the part"
done

# ---- what does not work ----

cp all.tap before.tap
head -c 1000000 /dev/urandom >noise
cp noise noise.before
expect 5 "noise is no NTFS volume" "$reel" write -f all.tap --ntfs noise
expect 5 "No such file" "$reel" write -f all.tap --ntfs not-there
expect 5 "has no not-there" "$reel" write -f all.tap --ntfs volume.ntfs \
    not-there
cmp all.tap before.tap || fail "a tape was touched for nothing"
expect 5 "noise is no NTFS volume" "$reel" restore -f all.tap --ntfs noise
cmp noise noise.before || fail "what is no NTFS volume was written to"

# The file records of a volume overwritten here and there: told, never silent.
cp volume.ntfs damaged.ntfs
for at in 40 60 80 100; do
    dd if=noise of=damaged.ntfs bs=1024 count=1 conv=notrunc \
        seek=$((16 + at)) status=none
done
code=0
"$reel" write -f damaged.tap --ntfs damaged.ntfs >out 2>&1 || code=$?
[ "$code" -eq 3 ] || [ "$code" -eq 4 ] || [ "$code" -eq 5 ] ||
    fail "a damaged volume ended with $code"
if [ "$code" -eq 3 ]; then
    expect 0 "PROVEN" "$reel" verify -f damaged.tap
fi

# No room: what was restored before is there, and nothing that is half done.
fresh small.ntfs 5M
code=0
"$reel" restore -f all.tap --ntfs small.ntfs >out 2>&1 || code=$?
[ "$code" -eq 3 ] || [ "$code" -eq 5 ] || fail "a full volume ended with $code"
facts small.ntfs >small.facts
grep -a '^OBJECT 1' small.facts | sort >small.objects
[ -s small.objects ] || fail "nothing was restored before the volume was full"
facts volume.ntfs | grep -a '^OBJECT 1' | sort >all.objects
comm -23 small.objects all.objects >strange
[ ! -s strange ] || fail "half of something is there: $(head -3 strange)"
