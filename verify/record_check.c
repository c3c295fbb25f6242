/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 1.3; verify: zero fields. What is decoded and encoded again carries
 * every field that has a meaning, so octets that differ are in the others.
 */
#include "record_check.h"

#include <string.h>

#include "reel/archive.h"
#include "reel/checkpoint.h"
#include "reel/continued.h"
#include "reel/end.h"
#include "reel/entry.h"
#include "reel/group_end.h"
#include "reel/head.h"
#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "reel/volume.h"
#include "reel/xattr.h"

union any_record {
    struct reel_volume volume;
    struct reel_archive archive;
    struct reel_source_record source_record;
    struct reel_earlier_volume earlier_volume;
    struct reel_earlier_archive earlier_archive;
    struct reel_object object;
    struct reel_xattr xattr;
    struct reel_group_end group_end;
    struct reel_object_end object_end;
    struct reel_continued continued;
    struct reel_entry entry;
    struct reel_checkpoint checkpoint;
    struct reel_end end;
};

static enum reel_status
decode(union any_record *x, uint16_t type, struct reel_cursor *c,
       struct reel_err *err)
{
    switch (type) {
    case REEL_RECORD_VOLUME:
        return reel_volume_decode(&x->volume, c, err);
    case REEL_RECORD_ARCHIVE:
        return reel_archive_decode(&x->archive, c, err);
    case REEL_RECORD_SOURCE:
        return reel_source_record_decode(&x->source_record, c, err);
    case REEL_RECORD_EARLIER_VOLUME:
        return reel_earlier_volume_decode(&x->earlier_volume, c, err);
    case REEL_RECORD_EARLIER_ARCHIVE:
        return reel_earlier_archive_decode(&x->earlier_archive, c, err);
    case REEL_RECORD_OBJECT:
        return reel_object_decode(&x->object, c, err);
    case REEL_RECORD_XATTR:
        return reel_xattr_decode(&x->xattr, c, err);
    case REEL_RECORD_GROUP_END:
        return reel_group_end_decode(&x->group_end, c, err);
    case REEL_RECORD_OBJECT_END:
        return reel_object_end_decode(&x->object_end, c, err);
    case REEL_RECORD_CONTINUED:
        return reel_continued_decode(&x->continued, c, err);
    case REEL_RECORD_ENTRY:
        return reel_entry_decode(&x->entry, c, err);
    case REEL_RECORD_CHECKPOINT:
        return reel_checkpoint_decode(&x->checkpoint, c, err);
    case REEL_RECORD_END:
        return reel_end_decode(&x->end, c, err);
    default:
        return REEL_E_UNSUPPORTED;
    }
}

/* Zero fields that a decoder keeps. */
static void
clear(union any_record *x, uint16_t type)
{
    switch (type) {
    case REEL_RECORD_VOLUME:
        x->volume.zero = 0;
        break;
    case REEL_RECORD_EARLIER_VOLUME:
        x->earlier_volume.zero = 0;
        break;
    case REEL_RECORD_XATTR:
        x->xattr.zero = 0;
        break;
    case REEL_RECORD_OBJECT_END:
        x->object_end.zero = 0;
        break;
    case REEL_RECORD_ENTRY:
        x->entry.zero       = 0;
        x->entry.begin.zero = 0;
        x->entry.end.zero   = 0;
        x->entry.data.zero  = 0;
        break;
    case REEL_RECORD_CHECKPOINT:
        x->checkpoint.zero = 0;
        break;
    default:
        break;
    }
}

static enum reel_status
encode(const union any_record *x, uint16_t type, uint64_t number,
       struct reel_builder *b)
{
    switch (type) {
    case REEL_RECORD_VOLUME:
        return reel_volume_encode(&x->volume, b, NULL);
    case REEL_RECORD_ARCHIVE:
        return reel_archive_encode(&x->archive, b, NULL);
    case REEL_RECORD_SOURCE:
        return reel_source_record_encode(&x->source_record, b, NULL);
    case REEL_RECORD_EARLIER_VOLUME:
        return reel_earlier_volume_encode(&x->earlier_volume, b, NULL);
    case REEL_RECORD_EARLIER_ARCHIVE:
        return reel_earlier_archive_encode(&x->earlier_archive, b, NULL);
    case REEL_RECORD_OBJECT:
        return reel_object_encode(&x->object, number, b, NULL);
    case REEL_RECORD_XATTR:
        return reel_xattr_encode(&x->xattr, number, b, NULL);
    case REEL_RECORD_GROUP_END:
        return reel_group_end_encode(&x->group_end, number, b, NULL);
    case REEL_RECORD_OBJECT_END:
        return reel_object_end_encode(&x->object_end, number, b, NULL);
    case REEL_RECORD_CONTINUED:
        return reel_continued_encode(&x->continued, number, b, NULL);
    case REEL_RECORD_ENTRY:
        return reel_entry_encode(&x->entry, number, b, NULL);
    case REEL_RECORD_CHECKPOINT:
        return reel_checkpoint_encode(&x->checkpoint, b, NULL);
    case REEL_RECORD_END:
        return reel_end_encode(&x->end, b, NULL);
    default:
        return REEL_E_UNSUPPORTED;
    }
}

/* Put the record as it ought to be; false where that cannot be told. */
static bool
put_again(const struct reel_record *r, struct reel_builder *b)
{
    struct reel_cursor c = reel_record_cursor(r);
    union any_record x;

    if (decode(&x, r->type, &c, NULL) != REEL_OK)
        return false;
    clear(&x, r->type);
    return encode(&x, r->type, r->object, b) == REEL_OK;
}

/* DATA is judged without a copy of its octets. */
static bool
data_zero(const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);

    (void)reel_get_le32(&c);
    return reel_get_le32(&c) == 0;
}

static struct reel_pos
behind(const struct reel_pos *start, size_t len)
{
    struct reel_pos pos = *start;

    if (pos.in_segment)
        pos.segment_byte += (uint32_t)len;
    else
        pos.byte += (uint32_t)len;
    return pos;
}

bool
reel_record_zeros(const struct reel_record *r,
                  uint8_t scratch[REEL_RECORD_CHECK_BYTES], struct reel_pos *at)
{
    struct reel_builder b = reel_builder_init(scratch, REEL_RECORD_CHECK_BYTES);
    const uint8_t *const is = r->whole.data;
    size_t i                = REEL_RECORD_HEADER_BYTES;

    *at = behind(&r->pos, 2);
    if (r->zero != 0)
        return false;
    *at = behind(&r->pos, REEL_RECORD_HEADER_BYTES + 4);
    if (r->type == REEL_RECORD_DATA)
        return data_zero(r);
    /* The rest of the header is not judged here. */
    if (!put_again(r, &b) || b.len != r->whole.len ||
        memcmp(is + i, scratch + i, b.len - i) == 0)
        return true;
    while (is[i] == scratch[i])
        i++;
    *at = behind(&r->pos, i);
    return false;
}

enum reel_status
reel_record_fields(const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    union any_record x;
    const enum reel_status status = decode(&x, r->type, &c, err);

    return status == REEL_E_UNSUPPORTED ? REEL_OK : status;
}
