#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Run the scenarios and the program on the kernel's own st driver, without a
# tape drive and without root: in User-Mode Linux, against the emulated drive
# of ssc_target.c. README.md says more.
#
#   lab.sh FOLDER [SCENARIO]   FOLDER: where ssc_target and lab_scenarios are;
#                              REEL_PROGRAM: the program, or not set
#   lab.sh --job SCRIPT FOLDER any script, with /dev/nst0 and $DRIVE_CONTROL
#
# Exits 77 where what it needs is not installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly UML=${REEL_LAB_UML:-linux.uml}
readonly MODULES=${REEL_LAB_MODULES:-/usr/lib/uml/modules}
# For what hangs; a busy machine takes its time.
readonly SECONDS_MAX=${REEL_LAB_SECONDS:-1500}
readonly MEMORY_MB=1024

skip() {
    cat >&2 <<TEXT
**********************************************************************
*  The drive tests were SKIPPED: nothing was proven on the kernel's
*  st driver. Reason: $1
*  They need the Debian packages user-mode-linux open-iscsi busybox-static
**********************************************************************
TEXT
    exit 77
}

# A folder with room for the guest's memory, from which programs may run.
memory_folder() {
    local folder free
    for folder in ${TMPDIR:+"$TMPDIR"} /dev/shm /tmp; do
        free=$(df -Pm "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }')
        [[ ${free:-0} -gt $((MEMORY_MB + 64)) && -w $folder ]] || continue
        case $(findmnt -no OPTIONS -T "$folder") in
        *noexec*) ;;
        *) printf '%s\n' "$folder" && return ;;
        esac
    done
    return 1
}

job=$here/lab_job.sh
if [[ ${1:-} == --job ]]; then
    job=$2
    shift 2
fi
readonly BUILT=${1:?the folder with ssc_target}

for program in "$UML" iscsistart busybox findmnt timeout; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
        skip "there is no $program"
done
scsi=$(find "$MODULES" -path '*/drivers/scsi/st.ko' 2>/dev/null | head -n 1) || true
[[ -n $scsi ]] || skip "there is no st.ko in $MODULES"
memory=$(memory_folder) || skip "no folder has $MEMORY_MB MiB for programs"

# Everything the guest needs, in a folder that an ordinary user can read. The
# guest sees the host's files as they are, so it runs as nobody, never as root.
dir=$(mktemp -d "${LAB_PARENT:-/tmp}/reel-lab-XXXXXX")
trap 'rm -rf -- "$dir"' EXIT
mkdir "$dir/uml"
cp "$here"/lab_{init,program}.sh "$BUILT"/ssc_{target,control} "$dir/"
cp "$job" "$dir/job.sh"
[[ ! -e $BUILT/lab_scenarios ]] || cp "$BUILT/lab_scenarios" "$dir/"
[[ -z ${REEL_PROGRAM:-} ]] || cp "$REEL_PROGRAM" "$dir/reel"
printf '%s\n' "${2:-}" >"$dir/scenario"
preload=()
if [[ -e $BUILT/liblab_registers.so ]]; then
    cp "$BUILT/liblab_registers.so" "$dir/"
    preload=("LD_PRELOAD=$dir/liblab_registers.so")
fi
drop=()
if [[ $(id -u) == 0 ]]; then
    chown -R 65534:65534 "$dir"
    drop=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

# The kernel's exit status says nothing of the job's: that stands in a file.
timeout "$SECONDS_MAX" "${drop[@]}" env TMPDIR="$memory" "${preload[@]}" "$UML" \
    uml_dir="$dir/uml/" mem="${MEMORY_MB}M" quiet \
    rootfstype=hostfs rootflags=/ root=/dev/root rw \
    init="$dir/lab_init.sh" con=null con0=null,fd:1 con1=fd:0,fd:1 \
    LAB_DIR="$dir" LAB_MODULES="$MODULES" </dev/null || true
result=$(cat "$dir/result" 2>/dev/null || echo "none: time ran out")
printf 'lab: result %s\n' "$result"
[[ $result == 0 ]]
