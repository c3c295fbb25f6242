/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2; archive layer: the records of a catalog back into objects. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/catalog.h"
#include "reel/stream.h"

/* One kept record: the segment it stood in may be gone when ENTRY comes. */
struct kept {
    uint8_t *buf;
    size_t capacity;
    size_t len;
    struct reel_pos pos;
    bool have;
};

struct reel_catalog_parser {
    uint64_t number; /* 0: no object is open */
    struct kept object;
    struct kept content;
    struct kept end;
};

struct reel_catalog_parser *
reel_catalog_parser_new(void)
{
    return reel_alloc_array(1, sizeof(struct reel_catalog_parser));
}

void
reel_catalog_parser_free(struct reel_catalog_parser *p)
{
    if (p == NULL)
        return;
    reel_free(p->object.buf);
    reel_free(p->content.buf);
    reel_free(p->end.buf);
    reel_free(p);
}

void
reel_catalog_parser_reset(struct reel_catalog_parser *p)
{
    p->number = 0;
}

struct reel_bytes
reel_catalog_parser_object(const struct reel_catalog_parser *p)
{
    return (struct reel_bytes){p->object.buf,
                               p->object.have ? p->object.len : 0};
}

static enum reel_status
keep(struct kept *k, const struct reel_record *r, struct reel_err *err)
{
    if (r->payload.len > k->capacity) {
        uint8_t *const bigger = reel_realloc_array(k->buf, r->payload.len, 1);

        if (bigger == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a record of the catalog");
        k->buf      = bigger;
        k->capacity = r->payload.len;
    }
    if (r->payload.len > 0)
        memcpy(k->buf, r->payload.data, r->payload.len);
    k->len  = r->payload.len;
    k->pos  = r->pos;
    k->have = true;
    return REEL_OK;
}

static struct reel_cursor
cursor(const struct kept *k)
{
    return reel_cursor_init(k->buf, k->len, &k->pos);
}

static enum reel_status
out_of_order(const struct reel_record *r, struct reel_err *err)
{
    return reel_fail(err, REEL_E_INVALID, &r->pos, "A-1",
                     "%s of object %llu is out of order in the catalog",
                     reel_record_type_name(r->type),
                     (unsigned long long)r->object);
}

/* Is it the group of the unnamed DATA? Only these fields are looked at. */
static bool
is_content(const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);

    (void)reel_get_bytes(&c, 8);
    if (reel_get_le32(&c) != REEL_STREAM_DATA)
        return false;
    (void)reel_get_bytes(&c, 8);
    return reel_get_le32(&c) == 0 && c.ok; /* octets of the name */
}

static enum reel_status
assemble(struct reel_catalog_parser *p, const struct reel_record *r,
         struct reel_catalog_item *item, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_cursor k;

    memset(item, 0, sizeof(*item));
    item->number = p->number;
    REEL_TRY(reel_entry_decode(&item->entry, &c, err));
    k = cursor(&p->object);
    REEL_TRY(reel_object_accept(&item->object, &k, NULL, err));
    if (p->content.have) {
        k = cursor(&p->content);
        REEL_TRY(reel_group_end_decode(&item->content, &k, err));
        item->has_content = true;
    }
    if (p->end.have) {
        k = cursor(&p->end);
        REEL_TRY(reel_object_end_decode(&item->end, &k, err));
        item->has_end = true;
    }
    return REEL_OK;
}

enum reel_status
reel_catalog_parse(struct reel_catalog_parser *p, const struct reel_record *r,
                   struct reel_catalog_item *item, bool *have,
                   struct reel_err *err)
{
    *have = false;
    if (r->object == 0)
        return REEL_OK;
    if (r->type == REEL_RECORD_OBJECT) {
        if (p->number != 0)
            return out_of_order(r, err);
        p->number       = r->object;
        p->content.have = false;
        p->end.have     = false;
        return keep(&p->object, r, err);
    }
    if (r->object != p->number)
        return out_of_order(r, err);
    switch (r->type) {
    case REEL_RECORD_GROUP_END:
        if (p->content.have || !is_content(r))
            return REEL_OK;
        return keep(&p->content, r, err);
    case REEL_RECORD_OBJECT_END:
        return keep(&p->end, r, err);
    case REEL_RECORD_ENTRY:
        REEL_TRY(assemble(p, r, item, err));
        if (item->entry.flags & REEL_ENTRY_OPEN)
            return REEL_OK;
        p->number = 0;
        *have     = true;
        return REEL_OK;
    default:
        return out_of_order(r, err);
    }
}
