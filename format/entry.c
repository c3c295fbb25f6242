/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.1 and 9.2, PLACE and ENTRY; records layer. */
#include <string.h>

#include "reel/entry.h"

void
reel_place_get(struct reel_place *out, struct reel_cursor *c)
{
    out->volume         = reel_get_le32(c);
    out->payload_offset = reel_get_le32(c);
    out->sequence       = reel_get_le64(c);
    out->address        = reel_get_le64(c);
    out->record_offset  = reel_get_le32(c);
    out->zero           = reel_get_le32(c);
}

void
reel_place_put(const struct reel_place *p, struct reel_builder *b)
{
    reel_put_le32(b, p->volume);
    reel_put_le32(b, p->payload_offset);
    reel_put_le64(b, p->sequence);
    reel_put_le64(b, p->address);
    reel_put_le32(b, p->record_offset);
    reel_put_le32(b, p->zero);
}

bool
reel_place_equal(const struct reel_place *a, const struct reel_place *b)
{
    return a->volume == b->volume && a->payload_offset == b->payload_offset &&
           a->sequence == b->sequence && a->address == b->address &&
           a->record_offset == b->record_offset;
}

static enum reel_status
check(const struct reel_entry *e, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (e->flags > REEL_ENTRY_TORN)
        return reel_fail_at(err, REEL_E_INVALID, at, "A-3",
                            "flags 0x%08X of ENTRY", e->flags);
    return REEL_OK;
}

enum reel_status
reel_entry_decode(struct reel_entry *out, struct reel_cursor *c,
                  struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_entry e;

    e.flags = reel_get_le32(c);
    e.zero  = reel_get_le32(c);
    reel_place_get(&e.begin, c);
    reel_place_get(&e.end, c);
    reel_place_get(&e.data, c);
    REEL_TRY(reel_record_exact(c, "ENTRY", err));
    REEL_TRY(check(&e, &start, err));
    *out = e;
    return REEL_OK;
}

enum reel_status
reel_entry_encode(const struct reel_entry *e, uint64_t number,
                  struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check(e, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_ENTRY, number);
    reel_put_le32(b, e->flags);
    reel_put_le32(b, e->zero);
    reel_place_put(&e->begin, b);
    reel_place_put(&e->end, b);
    reel_place_put(&e->data, b);
    reel_record_close(b, mark);
    return reel_record_fits(b, "ENTRY", err);
}
