#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The main job on real input: archive a tree, verify, list, restore, restore one
# hard-linked name alone through the catalog, compare. `./dev demo [DIR]`.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
reel=$REEL_PROGRAM
out=${REEL_DEMO_DIR:-$here/../demo}
source=${1:-}

say() { printf '%s\n' "$*"; }
die() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}
now() { date +%s.%N; }
# rate OCTETS SECONDS
rate() { awk -v b="$1" -v s="$2" 'BEGIN{printf "%.0f MB/s", b/s/1e6}'; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN{printf "%.1f", b-a}'; }

if [[ -n $source ]]; then
    [[ -d $source ]] || die "$source is not a directory"
    source=$(cd "$source" && pwd)
fi
if [[ -e $out ]]; then
    [[ -e $out/.reel-demo ]] ||
        die "$out exists and is not from an earlier demo; set REEL_DEMO_DIR"
    chmod -R u+rwX "$out" 2>/dev/null || true
    rm -rf -- "$out"
fi
mkdir -p "$out"
out=$(cd "$out" && pwd)
touch "$out/.reel-demo"
tape=$out/demo.tap

# Without a tree of the user's own: one with everything in it that a file system
# holds, and a real one beside it.
made=()
if [[ -z $source ]]; then
    source=$out/source
    python3 "$here/make_tree.py" "$source" 2000 2>"$out/left-out.txt"
    real=/usr/share
    [[ -d $real/doc ]] || real=/usr/include
    mkdir "$source/real"
    cp -a "$real/doc" "$source/real/" 2>/dev/null ||
        cp -a "$real" "$source/real/"
    made=("$source.outside")
fi
owner=()
preserve=(--preserve)
if [[ $(id -u) != 0 ]]; then
    owner=(--no-owner)
    preserve=()
fi

say "1. write     $source"
begin=$(now)
code=0
"$reel" write -f "$tape" -C "$source" --catalog "$out/demo.catalog" \
    --set-name "Reel demo" . >"$out/write.txt" 2>"$out/write.err" || code=$?
write_s=$(since "$begin")
((code == 0 || code == 3)) || die "write failed ($code): $(cat "$out/write.err")"
octets=$(du -sb --apparent-size "$source/." --exclude=tebibytes | cut -f1)

say "2. verify    $tape"
begin=$(now)
"$reel" verify -f "$tape" >"$out/verify.txt" 2>&1 ||
    die "verify: $(tail -3 "$out/verify.txt")"
verify_s=$(since "$begin")

say "3. list"
begin=$(now)
"$reel" list -l -f "$tape" >"$out/list.txt" || die "list failed"
list_s=$(since "$begin")
objects=$(wc -l <"$out/list.txt")

say "4. restore   $out/restored"
mkdir "$out/restored"
begin=$(now)
restore_code=0
"$reel" restore -q -f "$tape" -C "$out/restored" "${preserve[@]}" \
    2>"$out/restore.err" || restore_code=$?
restore_s=$(since "$begin")
((restore_code == 0 || restore_code == 3)) ||
    die "restore failed: $(head -3 "$out/restore.err")"

say "5. one hard-linked name alone"
alone="no file of this tree has a second name"
link=$("$reel" list --json -f "$tape" | python3 -c '
import json, sys
links = [o["path"] for o in map(json.loads, sys.stdin)
         if o["kind"] == "link" and "path_hex" not in o]
print(links[0] if links else "")')
if [[ -n $link ]]; then
    mkdir "$out/alone"
    "$reel" restore -q -f "$tape" -C "$out/alone" "${preserve[@]}" -- "$link" ||
        die "restore of $link failed"
    if [[ -f $source/$link && ! -L $source/$link ]]; then
        cmp "$source/$link" "$out/alone/$link" || die "$link differs"
    else
        [[ -e $out/alone/$link || -L $out/alone/$link ]] || die "no $link"
    fi
    alone="$link: its content came from the first name, which was not asked for"
fi

say "6. compare"
if ((restore_code == 0 && code == 0)); then
    python3 "$here/trees_equal.py" "${owner[@]}" "$source" "$out/restored" ||
        die "the restored tree differs"
    "$reel" compare -f "$tape" -C "$source" >"$out/compare.txt" ||
        die "compare: $(head -3 "$out/compare.txt")"
    result="equal in every respect"
else
    python3 "$here/trees_equal.py" "${owner[@]}" "$source" "$out/restored" \
        >"$out/differences.txt" || true
    result="what could not be read or put back is named in write.err and \
restore.err; differences.txt has what differs"
fi

size=$(stat -c %s "$tape")
say ""
say "archived   $objects objects, $octets octets of content, into $size octets"
say "write      $write_s s, $(rate "$octets" "$write_s")"
say "verify     $verify_s s, $(rate "$octets" "$verify_s")"
say "list       $list_s s from the catalog"
say "restore    $restore_s s, $(rate "$octets" "$restore_s")"
say "alone      $alone"
say "compared   $result"
say "$(grep -h '^fingerprint' "$out/write.txt")"
say "results in $out: demo.tap demo.catalog list.txt verify.txt restored"
rm -f -- "${made[@]}"
