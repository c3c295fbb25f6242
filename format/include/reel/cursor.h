/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way to read wire octets: bounded, position-aware, sticky. A get
 * that would run out returns 0, clears `ok`, and later gets do nothing.
 */
#ifndef REEL_CURSOR_H
#define REEL_CURSOR_H

#include "reel/bytes.h"
#include "reel/err.h"

struct reel_cursor {
    const uint8_t *at;
    const uint8_t *end;
    const uint8_t *start; /* where `pos` is */
    struct reel_pos pos;  /* of start */
    bool ok;
};

/* A cursor over [data, data + len) that stands at `pos` (NULL: nowhere).
   Borrows data for as long as the cursor, or anything got from it, is used. */
REEL_API struct reel_cursor reel_cursor_init(const void *data, size_t len,
                                             const struct reel_pos *pos);

REEL_API uint8_t reel_get_u8(struct reel_cursor *c);
REEL_API uint16_t reel_get_le16(struct reel_cursor *c);
REEL_API uint32_t reel_get_le32(struct reel_cursor *c);
REEL_API uint64_t reel_get_le64(struct reel_cursor *c);
REEL_API int32_t reel_get_le32s(struct reel_cursor *c);
REEL_API int64_t reel_get_le64s(struct reel_cursor *c);

/* The next `len` octets, borrowed; an empty run when they are not there. */
REEL_API struct reel_bytes reel_get_bytes(struct reel_cursor *c, size_t len);

/* Copy the next `len` octets to out; out is untouched when they are not. */
REEL_API void reel_get_copy(struct reel_cursor *c, void *out, size_t len);

/* A cursor over exactly the next `len` octets; its ok is false when they are
   not there. */
REEL_API struct reel_cursor reel_get_cursor(struct reel_cursor *c, size_t len);

REEL_API size_t reel_cursor_left(const struct reel_cursor *c);

/* Where the cursor stands now. */
REEL_API struct reel_pos reel_cursor_pos(const struct reel_cursor *c);

/* reel_fail at the place of a cursor. */
REEL_API enum reel_status reel_fail_at(struct reel_err *err,
                                       enum reel_status status,
                                       const struct reel_cursor *c,
                                       const char *rule, const char *fmt, ...)
    REEL_PRINTF(5, 6);

#endif
