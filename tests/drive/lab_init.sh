#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# PID 1 inside User-Mode Linux (lab.sh starts it): the emulated drive and the
# kernel's iSCSI initiator on the guest's loopback, which make /dev/nst0; then
# $LAB_DIR/job.sh; then the power goes off. LAB_DIR is on the host.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export TMPDIR=/dev/shm
# shellcheck disable=SC2154 # the kernel's command line sets LAB_*
dir=$LAB_DIR

off() {
    echo "$1" >"$dir/result"
    echo o >/proc/sysrq-trigger
    sleep 5
}

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mkdir -p /run/lock/iscsi

modules=$(ls -d "$LAB_MODULES"/*/kernel/drivers/scsi)
for name in scsi_common scsi_mod scsi_transport_iscsi libiscsi libiscsi_tcp \
    iscsi_tcp st sg; do
    busybox insmod "${modules##*$'\n'}/$name.ko" || off "no module $name"
done
busybox ifconfig lo 127.0.0.1 up

export DRIVE_CONTROL=/dev/shm/control
"$dir/ssc_target" 3260 "$DRIVE_CONTROL" &
# A busy machine takes its time; lab.sh has the limit.
until [[ -S $DRIVE_CONTROL ]]; do
    kill -0 $! || off "the emulated drive does not start"
    busybox usleep 20000
done
iscsistart -i iqn.2026-01.test:host -t iqn.2026-01.test:tape -g 1 \
    -a 127.0.0.1 -p 3260 >/dev/shm/iscsistart.log 2>&1 ||
    { cat /dev/shm/iscsistart.log && off "no session with the drive"; }
until [[ -e /dev/nst0 ]]; do
    busybox usleep 50000
done

cd /dev/shm || off "no /dev/shm"
bash "$dir/job.sh" </dev/null
off $?
