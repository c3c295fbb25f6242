# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For the scripts here: what a target starts from. Sourced.

# targets: all of them, one a line, the tapes first.
targets() {
    local first=(reader verify restore volume_damage catalog segment) name
    printf 'fuzz_%s\n' "${first[@]}"
    for name in fuzz/fuzz_*.c; do
        name=$(basename -s .c "$name")
        [[ " ${first[*]} " == *" ${name#fuzz_} "* ]] || echo "$name"
    done
}

# gather BUILD TARGET FOLDER: copy the seeds that BUILD made, corpus and past
# finds of TARGET, and one empty line, into FOLDER.
gather() {
    local folder file
    mkdir -p "$3"
    echo >"$3/line"
    for folder in "$1/fuzz/seeds/$2" "fuzz/corpus/$2" "fuzz/findings/$2"; do
        [[ ! -d $folder ]] || find "$folder" -maxdepth 1 -type f \
            -exec cp -t "$3" {} +
    done
    # Images of the conformance suite, where the build has made them.
    case $2 in
    fuzz_reader | fuzz_restore | fuzz_verify | fuzz_find_end)
        while read -r file; do
            cp -- "$file" "$3/suite-$(basename "$file")"
        done < <(find "$1/spec/suite" -name '*.tap' -size -64k 2>/dev/null)
        ;;
    esac
}
