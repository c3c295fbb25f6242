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

# gather BUILD TARGET FOLDER [seeds]: copy the seeds that BUILD made, corpus and
# past finds of TARGET, and one empty line, into FOLDER; or the seeds alone.
gather() {
    local folder folders=("$1/fuzz/seeds/$2")
    mkdir -p "$3"
    echo >"$3/line"
    [[ ${4:-} == seeds ]] ||
        folders+=("fuzz/corpus/$2" "fuzz/findings/$2")
    for folder in "${folders[@]}"; do
        [[ ! -d $folder ]] || find "$folder" -maxdepth 1 -type f \
            -exec cp -t "$3" {} +
    done
    case $2 in
    fuzz_reader | fuzz_restore | fuzz_verify | fuzz_find_end)
        [[ ! -d $1/suite ]] || take_suite "$1/suite" "$2" "$3"
        ;;
    esac
}

# suite_images BUILD: the images of the conformance suite into BUILD/suite.
suite_images() {
    [[ ! -d $1/suite ]] || return 0
    rm -rf -- "$1/suite.part"
    python3 spec/suite/build.py "$1/suite.part" >/dev/null
    mv -- "$1/suite.part" "$1/suite"
}

# take_suite SUITE TARGET FOLDER: its short images as seeds. The reader takes
# the verb from the length: octets behind the end of the medium change it.
take_suite() {
    local file name count=0
    while read -r file; do
        name=${file#"$1"/}
        name=$3/suite-${name//\//-}
        cp -- "$file" "$name"
        [[ $2 == fuzz_reader ]] || continue
        count=$(((count + 1) % 8))
        printf '\xFF\xFF\xFF\xFF' >>"$name"
        head -c "$count" /dev/zero >>"$name"
    done < <(find "$1" -name '*.tap' -size -17k | sort)
}
