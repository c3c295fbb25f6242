/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Robots that change tapes, through a program that speaks the protocol of
 * Bacula's and Bareos' mtx-changer:
 *     PROGRAM changer-device operation slot archive-device drive-index
 * Slots count from 1, drives from 0; exit code 0 is success. `list` prints
 * slot:barcode for each slot that is full or whose tape is in a drive,
 * `loaded` the slot whose tape is in the drive, or 0.
 */
#ifndef CLI_CHANGER_H
#define CLI_CHANGER_H

#include "reel/volumes.h"

/* Set the first five; the rest begins as zero. All are borrowed. */
struct cli_changer {
    const char *program; /* for the shell; can have arguments of its own */
    const char *device;  /* of the robot; NULL: the program knows */
    const char *drive;   /* name of the tape device */
    uint32_t drive_index;
    const volatile int *stop;

    uint32_t *tried; /* slots that are not it for the wish at hand */
    size_t tried_count;
    struct cli_changer_slot *slots; /* as listed last, ascending */
    size_t slot_count;
    uint32_t last; /* slot of the tape brought last */
};

#define CLI_BARCODE_BYTES 32U

struct cli_changer_slot {
    uint32_t slot;
    char barcode[CLI_BARCODE_BYTES + 1]; /* cut; "" where there is none */
};

void cli_changer_fini(struct cli_changer *c);

/*
 * Bring the next tape that may be what is wished for into the drive, which no
 * one holds open. Where `wish->refused` is set, or `again`, what was brought
 * last is not it. Tapes whose barcode is the label, also with a two-letter
 * mark of its kind behind, come first. To read, those without a barcode
 * follow, then all others: a barcode need not be the label. To write, the
 * slots behind the one in the drive follow, in order; what was once brought to
 * be written is not brought again. Cleaning tapes (CLN…) never are.
 * REEL_END: there is none, or none any more, and err->text says so. The drive
 * may then be empty.
 * Fails with MEDIUM (the program fails), MEMORY, STOPPED, LIMIT.
 */
enum reel_status cli_changer_bring(struct cli_changer *c,
                                   const struct reel_volume_wish *wish,
                                   bool again,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Is `barcode` that of the tape labelled `label`? Pure. */
bool cli_barcode_fits(const char *barcode, const char *label);

#endif
