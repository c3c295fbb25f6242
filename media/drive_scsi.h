/* SPDX-License-Identifier: Apache-2.0 */
/* SCSI commands to a drive that only ask (SG_IO). */
#ifndef REEL_DRIVE_SCSI_H
#define REEL_DRIVE_SCSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The descriptor to send commands by: `fd`, an open tape device, where it may
 * be used so, else that of its /dev/sg* twin, else -1.
 */
int reel_drive_scsi_open(int fd);

/* Gives back what the call above gave for `fd`; -1 is fine. */
void reel_drive_scsi_close(int fd, int scsi_fd);

/*
 * Send the command cdb[0, cdb_bytes) and take what it answers, at most
 * *bytes, into out; *bytes is then how much came. False when it was refused,
 * by the system or by the drive; *bytes is then 0.
 */
bool reel_drive_scsi_ask(int scsi_fd, const uint8_t *cdb, uint8_t cdb_bytes,
                         uint8_t *out, size_t *bytes);

/* Can the drive decrypt the block at the position? */
enum reel_drive_key {
    REEL_DRIVE_KEY_UNKNOWN, /* could not be found out */
    REEL_DRIVE_KEY_FINE,    /* it can, or needs no key */
    REEL_DRIVE_KEY_MISSING
};
enum reel_drive_key reel_drive_next_key(int fd);

#endif
