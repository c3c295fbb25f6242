/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3; writer: back to a checkpoint, of this writer or an earlier one. */
#include <string.h>

#include "reel/alloc.h"
#include "volume_writer_parts.h"

/* The path of an object, should it be the one that is open at the end. */
static enum reel_status
keep_path(struct reel_volume_writer *w, const struct reel_record *r,
          struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object o;

    REEL_TRY(reel_object_decode(&o, &c, err));
    if (w->open_path == NULL)
        w->open_path = reel_alloc_array(REEL_PATH_BYTES_MAX, 1);
    if (w->open_path == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path");
    if (o.path.len > 0)
        memcpy(w->open_path, o.path.data, o.path.len);
    w->open_path_bytes = o.path.len;
    w->open_encoding   = o.encoding;
    w->open_object     = r->object;
    return REEL_OK;
}

static enum reel_status
load_record(struct reel_volume_writer *w, const struct reel_record *r,
            struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_entry e;

    REEL_TRY(reel_catalog_load(w->catalog, r, err));
    if (w->done != NULL)
        REEL_TRY(reel_done_load(w->done, r, err));
    if (r->object == 0 && r->type != REEL_RECORD_VOLUME)
        w->head_records++;
    if (r->type == REEL_RECORD_VOLUME)
        w->loaded_volume = reel_get_le32(&c);
    if (r->type == REEL_RECORD_OBJECT)
        return keep_path(w, r, err);
    if (r->type != REEL_RECORD_ENTRY)
        return REEL_OK;
    REEL_TRY(reel_entry_decode(&e, &c, err));
    w->open_entry_bytes = 0;
    if (!(e.flags & REEL_ENTRY_OPEN)) {
        w->open_object = 0;
    } else if (r->whole.len <= sizeof(w->open_entry)) {
        memmove(w->open_entry, r->whole.data, r->whole.len);
        w->open_entry_bytes = r->whole.len;
    }
    return REEL_OK;
}

static enum reel_status
load_checkpoint(struct reel_volume_writer *w, const struct reel_record *r,
                uint64_t behind, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_checkpoint made;
    struct reel_checkpoint k;

    REEL_TRY(reel_checkpoint_decode(&k, &c, err));
    made = k;
    REEL_TRY(reel_catalog_slice_look(w->catalog, &made, NULL, NULL, err));
    if (k.number != w->checkpoint + 1 || made.next_object != k.next_object ||
        made.objects != k.objects || made.torn != k.torn ||
        made.stream_bytes != k.stream_bytes ||
        made.slice_records != k.slice_records ||
        made.slice_bytes != k.slice_bytes ||
        memcmp(made.slice_digest, k.slice_digest, sizeof(k.slice_digest)) != 0)
        return reel_fail(err, REEL_E_CORRUPT, NULL, "A-7",
                         "checkpoint %u does not agree with its records",
                         k.number);
    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    reel_volume_writer_keep_checkpoint(w, &k, w->spool.written, behind);
    return REEL_OK;
}

enum reel_status
reel_volume_writer_load(struct reel_volume_writer *w,
                        const struct reel_record *r, uint64_t behind,
                        struct reel_err *err)
{
    return r->type == REEL_RECORD_CHECKPOINT
               ? load_checkpoint(w, r, behind, err)
               : load_record(w, r, err);
}

enum reel_status
reel_volume_writer_load_volume(struct reel_volume_writer *w,
                               struct reel_bytes record, struct reel_err *err)
{
    return reel_volume_writer_add_volume(w, record, err);
}

static enum reel_status
load_octets(struct reel_volume_writer *w, struct reel_bytes raw,
            struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record r;
    enum reel_status status;

    while ((status = reel_record_next(&r, &c, err)) == REEL_OK)
        REEL_TRY(load_record(w, &r, err));
    return status == REEL_END ? REEL_OK : status;
}

/* Every record in the spool, once more. */
static enum reel_status
load_spool(struct reel_volume_writer *w, struct reel_unpacker *u, uint8_t *raw,
           struct reel_err *err)
{
    struct reel_bytes packed;
    struct reel_bytes records;
    enum reel_status status;
    uint64_t at = 0;

    while ((status = reel_spool_next(&w->spool, &at, &packed, err)) ==
           REEL_OK) {
        REEL_TRY(reel_segment_open(u, packed.data, packed.len, raw,
                                   w->facts.segment_limit, &records, NULL,
                                   err));
        REEL_TRY(load_octets(w, records, err));
    }
    return status == REEL_END ? REEL_OK : status;
}

/* The ENTRY of the object open at the checkpoint is not in the spool. */
static enum reel_status
load_tail(struct reel_volume_writer *w, const uint8_t *entry, size_t bytes,
          struct reel_err *err)
{
    const struct reel_bytes tail = {entry, bytes};

    REEL_TRY(load_octets(w, tail, err));
    if (w->checkpoint > 0)
        reel_catalog_slice_next(w->catalog);
    w->volume_told = 0;
    return REEL_OK;
}

enum reel_status
reel_volume_writer_back(struct reel_volume_writer *w, struct reel_err *err)
{
    uint8_t entry[sizeof(w->open_entry)];
    const size_t entry_bytes      = w->open_entry_bytes;
    uint8_t *const raw            = reel_alloc_array(w->facts.segment_limit, 1);
    struct reel_unpacker *const u = reel_unpacker_new();
    enum reel_status status       = REEL_E_MEMORY;

    memcpy(entry, w->open_entry, sizeof(entry));
    w->spool.written  = w->slice_at;
    w->head_records   = 0;
    w->open_object    = 0;
    w->checkpoint_due = false;
    if (raw == NULL || u == NULL)
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory to go on from a checkpoint");
    else
        status = reel_volume_writer_new_catalog(w, err);
    w->loading = true;
    if (status == REEL_OK)
        status = load_spool(w, u, raw, err);
    if (status == REEL_OK)
        status = load_tail(w, entry, entry_bytes, err);
    w->loading = false;
    reel_unpacker_free(u);
    reel_free(raw);
    return status;
}
