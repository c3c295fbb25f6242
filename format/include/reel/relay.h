/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record stream between `reel` and a program that reads or writes a file
 * system for it, over a pipe. No part of the format on tape, but made of its
 * records (spec chapter 5), so that one codec serves:
 *
 *     relay  = ( object | NOTE )* DONE
 *     object = OBJECT XATTR* ( STREAM DATA* )* ( OBJECT-END | ABANDON )
 *
 * Records of one object have its number; numbers ascend from 1 and need not be
 * those on tape. There are no GROUP ENDs: digests are made and proven by
 * `reel`. DATA records have at most REEL_RELAY_DATA_BYTES_MAX octets. Of an
 * OBJECT END only flags and bad ranges count; the counts may be zero.
 *
 * Toward the tape: an object of kind link stands behind its target, has the
 * target's file system and file id, the target's number in this stream as its
 * target, and no streams. Objects stand in the order of spec 8.2, but for
 * links, which may stand directly behind their target. NOTEs stand between
 * objects only. The first DATA of a SPARSE_BLOCK has its first eight octets at
 * least. The octets of a bad range are zeros. An object that ends with ABANDON
 * is kept, flawed: what its stream lacks is filled. A program that cannot go on
 * sends DONE with a status and a sentence; a stream without DONE was cut short.
 * Behind DONE without a failure a program exits with 0, in both directions.
 *
 * From the tape: what is restored, proven octet by octet before OBJECT END is
 * sent; an object of which that cannot be said ends with ABANDON and must not
 * be left under its name. A link object names the number of its target. The
 * program answers on its other pipe with NOTEs and, when it has put everything
 * in place, DONE.
 */
#ifndef REEL_RELAY_H
#define REEL_RELAY_H

#include "reel/builder.h"
#include "reel/err.h"
#include "reel/note.h"
#include "reel/record.h"

#define REEL_RELAY_DATA_BYTES_MAX 1048576U
#define REEL_RELAY_TEXT_BYTES_MAX 1024U

/* Private types of records (spec chapter 5); never on tape. */
enum reel_relay_type {
    REEL_RELAY_NOTE    = 0x4001,
    REEL_RELAY_ABANDON = 0x4002, /* no payload */
    REEL_RELAY_DONE    = 0x4003
};

/*
 * NOTE: u8 kind (enum reel_note_kind), u8 encoding (0: no path), u16 status
 * (enum reel_status), u16 n, u16 m, u8[n] path, u8[m] text (UTF-8).
 * DONE: u16 status, u16 m, u8[m] text.
 */
struct reel_relay_note {
    uint8_t kind;
    uint8_t encoding;
    uint16_t status;
    struct reel_bytes path;
    struct reel_bytes text; /* at most REEL_RELAY_TEXT_BYTES_MAX octets */
};

struct reel_relay_done {
    uint16_t status; /* REEL_OK: everything was said or done */
    struct reel_bytes text;
};

/* One whole record each. Fail with MEMORY (no room), INVALID, TRUNCATED. */
REEL_API enum reel_status
reel_relay_note_encode(const struct reel_relay_note *n, uint64_t object,
                       struct reel_builder *b,
                       struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_relay_note_decode(struct reel_relay_note *out, struct reel_cursor *c,
                       struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_relay_done_encode(const struct reel_relay_done *d, struct reel_builder *b,
                       struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_relay_done_decode(struct reel_relay_done *out, struct reel_cursor *c,
                       struct reel_err *err) REEL_MUST_CHECK;

/* The longest record of a relay, header included. */
#define REEL_RELAY_RECORD_BYTES_MAX (REEL_RELAY_DATA_BYTES_MAX + 4096U)

#endif
