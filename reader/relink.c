/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3, further names: what is kept until their object is there; policy
   layer. */
#include "relink.h"

#include <string.h>

#include "reel/alloc.h"

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for links");
}

/* ---- objects kept ---- */

void
reel_kept_object_fini(struct reel_kept_object *k)
{
    reel_free(k->record);
    memset(k, 0, sizeof(*k));
}

enum reel_status
reel_kept_object_set(struct reel_kept_object *k, uint64_t number,
                     const struct reel_object *o, struct reel_err *err)
{
    const size_t need = REEL_RECORD_HEADER_BYTES + 128 + o->path.len +
                        o->user.len + o->group.len + o->short_name.len;
    struct reel_builder b;

    if (need > k->capacity) {
        reel_kept_object_fini(k);
        k->record = reel_alloc_array(need, 1);
        if (k->record == NULL)
            return out_of_memory(err);
        k->capacity = need;
    }
    b = reel_builder_init(k->record, k->capacity);
    REEL_TRY(reel_object_encode(o, number, &b, err));
    k->len = b.len;
    return REEL_OK;
}

static enum reel_status
decode(struct reel_bytes record, struct reel_object *out, struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(record.data, record.len, NULL);
    struct reel_cursor payload;
    struct reel_record r;

    if (reel_record_next(&r, &c, err) != REEL_OK)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL, "no object is kept");
    payload = reel_record_cursor(&r);
    return reel_object_decode(out, &payload, err);
}

enum reel_status
reel_kept_object_get(const struct reel_kept_object *k, struct reel_object *out,
                     struct reel_err *err)
{
    const struct reel_bytes record = {k->record, k->len};

    return decode(record, out, err);
}

/* ---- links that wait ---- */

void
reel_pending_links_init(struct reel_pending_links *p, const char *temporary_dir)
{
    memset(p, 0, sizeof(*p));
    reel_stash_init(&p->stash, temporary_dir);
}

void
reel_pending_links_clear(struct reel_pending_links *p)
{
    p->count = 0;
    p->seen  = 0;
    reel_stash_clear(&p->stash);
}

void
reel_pending_links_fini(struct reel_pending_links *p)
{
    reel_stash_fini(&p->stash);
    reel_kept_object_fini(&p->last);
    reel_free(p->list);
    memset(p, 0, sizeof(*p));
}

enum reel_status
reel_pending_links_add(struct reel_pending_links *p, uint64_t number,
                       const struct reel_object *o,
                       const struct reel_place *data, struct reel_err *err)
{
    struct reel_pending_link link = {.number = number, .data = *data};
    struct reel_bytes record;

    if (p->count == p->capacity) {
        const size_t capacity = p->capacity == 0 ? 16 : 2 * p->capacity;
        struct reel_pending_link *const more =
            reel_realloc_array(p->list, capacity, sizeof(*more));

        if (more == NULL)
            return out_of_memory(err);
        p->list     = more;
        p->capacity = capacity;
    }
    REEL_TRY(reel_kept_object_set(&p->last, number, o, err));
    record = (struct reel_bytes){p->last.record, p->last.len};
    REEL_TRY(reel_stash_add(&p->stash, NULL, 0, record, &link.at, err));
    link.bytes          = (uint32_t)record.len;
    p->list[p->count++] = link;
    return REEL_OK;
}

enum reel_status
reel_pending_links_get(struct reel_pending_links *p,
                       const struct reel_pending_link *link,
                       struct reel_object *out, struct reel_err *err)
{
    struct reel_bytes record;

    REEL_TRY(reel_stash_get(&p->stash, link->at, link->bytes, NULL, 0, &record,
                            err));
    return decode(record, out, err);
}
