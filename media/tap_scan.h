/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands at an offset of a .tap file, without its data. Holds the rule
 * for a broken framing that reel/medium_tap.h states; the answer for an
 * offset depends on nothing but the file.
 */
#ifndef REEL_TAP_SCAN_H
#define REEL_TAP_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "reel/err.h"
#include "reel/note.h"
#include "reel/tap_frame.h"

enum reel_tap_thing {
    REEL_TAP_THING_BLOCK,
    REEL_TAP_THING_BAD,     /* a whole record with the error bit */
    REEL_TAP_THING_DAMAGED, /* the framing is broken from off to next */
    REEL_TAP_THING_TORN,    /* the last record, whose end is missing */
    REEL_TAP_THING_MARK,
    REEL_TAP_THING_END
};

struct reel_tap_object {
    enum reel_tap_thing thing;
    uint32_t bytes; /* length of a block */
    uint64_t off;   /* its first octet, behind erase gaps */
    uint64_t next;  /* behind it; above off unless it is END */
};

struct reel_tap_scan {
    int fd;
    uint64_t bytes;                     /* length of the file */
    const struct reel_reporter *report; /* may ask to stop; may be NULL */
    /* A word that was read with the one before it. */
    bool word_known;
    uint64_t word_off;
    struct reel_tap_word word;
    /* The damage behind which only the end of the file tells where the framing
       is whole again. There is one at most, for behind it all is whole. */
    uint64_t damage_off;
    uint64_t damage_next; /* 0: none yet */
};

/* Fails with MEDIUM when the system does, STOPPED. */
enum reel_status reel_tap_scan_look(struct reel_tap_scan *s, uint64_t off,
                                    struct reel_tap_object *out,
                                    struct reel_err *err);

/* True if a whole record ends the file, up to marks, gaps and an end of
   medium behind it; *record_off is its first octet then. */
enum reel_status reel_tap_scan_tail(struct reel_tap_scan *s, bool *whole,
                                    uint64_t *record_off, struct reel_err *err);

/* The file was changed and is now `bytes` long. */
void reel_tap_scan_changed(struct reel_tap_scan *s, uint64_t bytes);

#endif
