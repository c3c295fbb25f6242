/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2; writer: what the catalog needs of a segment. A part is a row of
   (u32 offset in the segment, record). */
#include "catalog_part.h"

#include "reel/builder.h"
#include "reel/record.h"

#define OFFSET_BYTES 4U

size_t
reel_catalog_part_room(size_t raw_bytes)
{
    return raw_bytes + raw_bytes / REEL_RECORD_HEADER_BYTES * OFFSET_BYTES;
}

static bool
wanted(uint16_t type)
{
    switch (type) {
    case REEL_RECORD_ARCHIVE:
    case REEL_RECORD_SOURCE:
    case REEL_RECORD_EARLIER_VOLUME:
    case REEL_RECORD_EARLIER_ARCHIVE:
    case REEL_RECORD_OBJECT:
    case REEL_RECORD_GROUP_END:
    case REEL_RECORD_OBJECT_END:
        return true;
    default:
        return false;
    }
}

struct reel_bytes
reel_catalog_part_take(uint8_t *buf, struct reel_bytes raw)
{
    struct reel_builder b =
        reel_builder_init(buf, reel_catalog_part_room(raw.len));
    struct reel_cursor c = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        if (!wanted(r.type))
            continue;
        reel_put_le32(&b, (uint32_t)(r.whole.data - raw.data));
        reel_put_bytes(&b, r.whole);
    }
    return (struct reel_bytes){buf, b.len};
}

enum reel_status
reel_catalog_part_replay(struct reel_catalog *k, struct reel_bytes part,
                         const struct reel_place *place, struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(part.data, part.len, NULL);
    struct reel_place at = *place;
    struct reel_record r;

    while (reel_cursor_left(&c) > 0) {
        at.record_offset = reel_get_le32(&c);
        REEL_TRY(reel_record_next(&r, &c, err));
        REEL_TRY(reel_catalog_record(k, &r, &at, err));
    }
    return REEL_OK;
}
