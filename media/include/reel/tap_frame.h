/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The framing of a SIMH .tap image (spec 00; the SIMH standard of 2017):
 *
 *     object = record | mark | gap | end of medium
 *     record = word(n), n octets, one octet 0 if n is odd, word(n)
 *
 * A word is 32 bits, the lowest octet first. Bits 0 to 23 are a length, bit
 * 31 says that the record was read with an error, bits 24 to 30 are 0; three
 * values are markers and everything else is reserved.
 */
#ifndef REEL_TAP_FRAME_H
#define REEL_TAP_FRAME_H

#include <stdint.h>

#include "reel/compiler.h"

#define REEL_TAP_WORD_BYTES 4u
#define REEL_TAP_RECORD_BYTES_MAX 0x00FFFFFFu

enum reel_tap_kind {
    REEL_TAP_RECORD,     /* a good record of 1 or more octets */
    REEL_TAP_BAD_RECORD, /* a record with an error, of 0 or more octets */
    REEL_TAP_MARK,       /* a filemark: this word alone */
    REEL_TAP_GAP,        /* an erase gap: this word alone; not counted */
    REEL_TAP_MEDIUM_END, /* nothing behind this word counts */
    REEL_TAP_RESERVED    /* no meaning; the framing is lost here */
};

struct reel_tap_word {
    enum reel_tap_kind kind;
    uint32_t bytes; /* length for the two kinds of record, the word itself for
                       RESERVED, else 0 */
};

/* What the word `octets` says. Total, pure; any thread. */
REEL_API struct reel_tap_word
reel_tap_word_decode(const uint8_t octets[REEL_TAP_WORD_BYTES]);

/*
 * The reverse. A length must be 1 (0 for BAD_RECORD) to
 * REEL_TAP_RECORD_BYTES_MAX. Pure; any thread.
 */
REEL_API void reel_tap_word_encode(uint8_t octets[REEL_TAP_WORD_BYTES],
                                   struct reel_tap_word word);

/* Octets of filling behind a record of `bytes`: 0 or 1. */
REEL_API uint32_t reel_tap_filling(uint32_t bytes);

/* Octets from a record's first word to behind its last: at most 2^24 + 8. */
REEL_API uint32_t reel_tap_record_span(uint32_t bytes);

#endif
