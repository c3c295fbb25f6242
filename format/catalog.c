/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2, 9.3 and 9.5; archive layer: the catalog as a function of the data.
 */
#include <string.h>

#include "reel/alloc.h"
#include "reel/catalog.h"

#define ENTRY_RECORD_BYTES (REEL_RECORD_HEADER_BYTES + 8 + 3 * REEL_PLACE_BYTES)

struct reel_catalog {
    reel_catalog_emit_fn emit;
    void *ctx;
    struct reel_catalog_totals totals;
    struct reel_sha256 digest;
    struct reel_sha256 fingerprint;
    struct reel_link_table links;

    uint64_t slice_records;
    uint64_t slice_bytes;
    struct reel_sha256 slice_digest;
    bool sliced; /* a slice was made */

    bool open;
    uint64_t number;
    struct reel_entry entry;
    struct reel_sha256 facts; /* fact string of the open object (9.5) */

    /* Of an object being loaded. */
    uint32_t link_count; /* 1: none to be kept in `links` */
};

struct reel_catalog *
reel_catalog_new(reel_catalog_emit_fn emit, void *ctx)
{
    struct reel_catalog *const k = reel_alloc_array(1, sizeof(*k));

    if (k == NULL)
        return NULL;
    k->emit               = emit;
    k->ctx                = ctx;
    k->totals.next_object = 1;
    k->link_count         = 1;
    reel_sha256_init(&k->digest);
    reel_sha256_init(&k->fingerprint);
    reel_link_table_init(&k->links);
    return k;
}

void
reel_catalog_free(struct reel_catalog *k)
{
    if (k == NULL)
        return;
    reel_link_table_fini(&k->links);
    reel_free(k);
}

struct reel_catalog *
reel_catalog_copy(const struct reel_catalog *k)
{
    struct reel_catalog *const copy = reel_alloc_array(1, sizeof(*copy));

    if (copy == NULL)
        return NULL;
    *copy = *k;
    reel_link_table_init(&copy->links);
    if (reel_link_table_copy(&copy->links, &k->links, NULL) != REEL_OK) {
        reel_free(copy);
        return NULL;
    }
    return copy;
}

static enum reel_status
emit(struct reel_catalog *k, struct reel_bytes record, struct reel_err *err)
{
    k->totals.records++;
    k->totals.bytes += record.len;
    k->slice_records++;
    k->slice_bytes += record.len;
    reel_sha256_update(&k->digest, record.data, record.len);
    /* The first slice is the catalog so far: one digest serves both. */
    if (k->sliced)
        reel_sha256_update(&k->slice_digest, record.data, record.len);
    return k->emit == NULL ? REEL_OK : k->emit(k->ctx, record, err);
}

static enum reel_status
encode_entry(const struct reel_catalog *k, uint32_t flags,
             uint8_t out[ENTRY_RECORD_BYTES], struct reel_err *err)
{
    struct reel_builder b   = reel_builder_init(out, ENTRY_RECORD_BYTES);
    struct reel_entry entry = k->entry;

    entry.flags = flags;
    return reel_entry_encode(&entry, k->number, &b, err);
}

/* The open object is over: its ENTRY follows. */
static enum reel_status
emit_entry(struct reel_catalog *k, uint32_t flags, struct reel_err *err)
{
    uint8_t octets[ENTRY_RECORD_BYTES];
    const struct reel_bytes record = {octets, sizeof(octets)};

    REEL_TRY(encode_entry(k, flags, octets, err));
    k->open = false;
    if (flags & REEL_ENTRY_TORN)
        k->totals.torn++;
    return emit(k, record, err);
}

/* 9.5: the payload of OBJECT with target set to zero. */
static void
hash_object_facts(struct reel_catalog *k, struct reel_bytes payload)
{
    static const uint8_t zero[8] = {0};
    const size_t behind          = REEL_OBJECT_TARGET_AT + sizeof(zero);

    reel_sha256_init(&k->facts);
    reel_sha256_update(&k->facts, payload.data, REEL_OBJECT_TARGET_AT);
    reel_sha256_update(&k->facts, zero, sizeof(zero));
    reel_sha256_update(&k->facts, payload.data + behind, payload.len - behind);
}

/* OBJECT: the object is open from here on. */
static enum reel_status
begin_object(struct reel_catalog *k, const struct reel_record *r,
             struct reel_err *err)
{
    REEL_TRY(emit(k, r->whole, err));
    k->open               = true;
    k->number             = r->object;
    k->totals.next_object = r->object + 1;
    memset(&k->entry, 0, sizeof(k->entry));
    hash_object_facts(k, r->payload);
    return REEL_OK;
}

static enum reel_status
on_object(struct reel_catalog *k, const struct reel_record *r,
          const struct reel_place *place, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object o;

    if (k->open)
        REEL_TRY(emit_entry(k, REEL_ENTRY_TORN, err));
    if (reel_object_accept(&o, &c, NULL, NULL) != REEL_OK)
        return REEL_OK;
    REEL_TRY(begin_object(k, r, err));
    k->entry.begin = *place;
    if (o.kind == REEL_KIND_LINK)
        (void)reel_link_table_meet(&k->links, o.target, &k->entry.data);
    else if (o.kind != REEL_KIND_DIRECTORY)
        return reel_link_table_add(&k->links, r->object, o.link_count, place,
                                   err);
    return REEL_OK;
}

static enum reel_status
on_group_end(struct reel_catalog *k, const struct reel_record *r,
             struct reel_err *err)
{
    if (!k->open || r->object != k->number)
        return REEL_OK;
    reel_sha256_update(&k->facts, r->payload.data, r->payload.len);
    return emit(k, r->whole, err);
}

/* OBJECT END: everything is known but its place. */
static enum reel_status
end_object(struct reel_catalog *k, const struct reel_record *r,
           const struct reel_object_end *e, struct reel_err *err)
{
    uint8_t facts[REEL_DIGEST_BYTES];

    REEL_TRY(emit(k, r->whole, err));
    reel_sha256_update(&k->facts, r->payload.data, r->payload.len);
    reel_sha256_final(&k->facts, facts);
    reel_sha256_update(&k->fingerprint, facts, sizeof(facts));
    k->totals.objects++;
    k->totals.stream_bytes += e->stream_bytes;
    if (e->flags != 0 || e->bad_ranges != 0)
        k->totals.flawed++;
    return REEL_OK;
}

static enum reel_status
on_object_end(struct reel_catalog *k, const struct reel_record *r,
              const struct reel_place *place, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object_end e;

    if (reel_object_end_decode(&e, &c, NULL) != REEL_OK)
        return REEL_OK;
    REEL_TRY(end_object(k, r, &e, err));
    k->entry.end = *place;
    return emit_entry(k, 0, err);
}

enum reel_status
reel_catalog_record(struct reel_catalog *k, const struct reel_record *r,
                    const struct reel_place *place, struct reel_err *err)
{
    switch (r->type) {
    case REEL_RECORD_VOLUME:
    case REEL_RECORD_ARCHIVE:
    case REEL_RECORD_SOURCE:
    case REEL_RECORD_EARLIER_VOLUME:
    case REEL_RECORD_EARLIER_ARCHIVE:
        return emit(k, r->whole, err);
    case REEL_RECORD_OBJECT:
        return on_object(k, r, place, err);
    case REEL_RECORD_GROUP_END:
        return on_group_end(k, r, err);
    case REEL_RECORD_OBJECT_END:
        if (!k->open || r->object != k->number)
            return REEL_OK;
        return on_object_end(k, r, place, err);
    default:
        return REEL_OK;
    }
}

enum reel_status
reel_catalog_segment(struct reel_catalog *k, const uint8_t *raw,
                     size_t raw_bytes, const struct reel_place *place,
                     struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(raw, raw_bytes, NULL);
    struct reel_place at = *place;
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        at.record_offset = (uint32_t)(r.whole.data - raw);
        REEL_TRY(reel_catalog_record(k, &r, &at, err));
    }
    return REEL_OK;
}

/* ------------------------------------------------------- a catalog loaded */

static enum reel_status
out_of_order(const struct reel_record *r, struct reel_err *err)
{
    return reel_fail(err, REEL_E_INVALID, &r->pos, "A-1",
                     "%s of object %llu is out of order in the catalog",
                     reel_record_type_name(r->type),
                     (unsigned long long)r->object);
}

static enum reel_status
load_object(struct reel_catalog *k, const struct reel_record *r,
            struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_place place;
    struct reel_object o;

    if (k->open)
        return out_of_order(r, err);
    REEL_TRY(reel_object_accept(&o, &c, NULL, err));
    k->link_count = 1;
    if (o.kind == REEL_KIND_LINK)
        (void)reel_link_table_meet(&k->links, o.target, &place);
    else if (o.kind != REEL_KIND_DIRECTORY)
        k->link_count = o.link_count;
    return begin_object(k, r, err);
}

static enum reel_status
load_entry(struct reel_catalog *k, const struct reel_record *r,
           struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_entry e;
    uint32_t flags;

    REEL_TRY(reel_entry_decode(&e, &c, err));
    flags    = e.flags;
    k->entry = e;
    /* The first ENTRY of an object tells its place, open or not. */
    REEL_TRY(reel_link_table_add(&k->links, k->number, k->link_count, &e.begin,
                                 err));
    k->link_count = 1;
    if (flags & REEL_ENTRY_OPEN)
        return REEL_OK;
    k->open = false;
    if (flags & REEL_ENTRY_TORN)
        k->totals.torn++;
    return emit(k, r->whole, err);
}

enum reel_status
reel_catalog_load(struct reel_catalog *k, const struct reel_record *r,
                  struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object_end e;

    if (r->object == 0)
        return emit(k, r->whole, err);
    if (r->type == REEL_RECORD_OBJECT)
        return load_object(k, r, err);
    if (!k->open || r->object != k->number)
        return out_of_order(r, err);
    switch (r->type) {
    case REEL_RECORD_GROUP_END:
        return on_group_end(k, r, err);
    case REEL_RECORD_OBJECT_END:
        REEL_TRY(reel_object_end_decode(&e, &c, err));
        return end_object(k, r, &e, err);
    case REEL_RECORD_ENTRY:
        return load_entry(k, r, err);
    default:
        return out_of_order(r, err);
    }
}

/* ------------------------------------------------------------------ slices */

enum reel_status
reel_catalog_slice_look(const struct reel_catalog *k,
                        struct reel_checkpoint *out,
                        reel_catalog_emit_fn emit_open, void *ctx,
                        struct reel_err *err)
{
    /* The first slice is the catalog so far: one digest serves both. */
    struct reel_sha256 digest = k->sliced ? k->slice_digest : k->digest;
    uint8_t octets[ENTRY_RECORD_BYTES];
    const struct reel_bytes record = {octets, sizeof(octets)};
    const size_t open              = k->open ? 1 : 0;

    if (k->open) {
        REEL_TRY(encode_entry(k, REEL_ENTRY_OPEN, octets, err));
        reel_sha256_update(&digest, record.data, record.len);
        if (emit_open != NULL)
            REEL_TRY(emit_open(ctx, record, err));
    }
    out->next_object   = k->totals.next_object;
    out->objects       = k->totals.objects;
    out->torn          = k->totals.torn;
    out->stream_bytes  = k->totals.stream_bytes;
    out->slice_records = k->slice_records + open;
    out->slice_bytes   = k->slice_bytes + open * record.len;
    reel_sha256_final(&digest, out->slice_digest);
    return REEL_OK;
}

void
reel_catalog_slice_next(struct reel_catalog *k)
{
    k->sliced        = true;
    k->slice_records = 0;
    k->slice_bytes   = 0;
    reel_sha256_init(&k->slice_digest);
}

enum reel_status
reel_catalog_slice(struct reel_catalog *k, struct reel_checkpoint *out,
                   reel_catalog_emit_fn emit_open, void *ctx,
                   struct reel_err *err)
{
    REEL_TRY(reel_catalog_slice_look(k, out, emit_open, ctx, err));
    reel_catalog_slice_next(k);
    return REEL_OK;
}

enum reel_status
reel_catalog_finish(struct reel_catalog *k, struct reel_catalog_totals *totals,
                    uint8_t digest[REEL_DIGEST_BYTES],
                    uint8_t fingerprint[REEL_DIGEST_BYTES],
                    struct reel_err *err)
{
    if (k->open)
        REEL_TRY(emit_entry(k, REEL_ENTRY_TORN, err));
    *totals = k->totals;
    reel_sha256_final(&k->digest, digest);
    reel_sha256_final(&k->fingerprint, fingerprint);
    return REEL_OK;
}
