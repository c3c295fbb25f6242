/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 9; writer: last stage of the pipeline. */
#include "volume_writer.h"

#include <string.h>

#include "catalog_file.h"
#include "catalog_part.h"
#include "reel/alloc.h"

/* ---------------------------------------------------------------- catalog */

static enum reel_status
keep_record(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    if (w->loading)
        return REEL_OK;
    return reel_record_packer_add(w->catalog_packer, record, err);
}

static enum reel_status
keep_segment(void *ctx, struct reel_bytes packed, struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    return reel_spool_add(&w->spool, packed, err);
}

static enum reel_status
add_volume(struct reel_volume_writer *w, struct reel_bytes record,
           struct reel_err *err)
{
    uint8_t *const more =
        reel_realloc_array(w->volumes, w->volume_bytes + record.len, 1);

    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the record of a volume");
    w->volumes = more;
    memcpy(w->volumes + w->volume_bytes, record.data, record.len);
    w->volume_bytes += record.len;
    w->last_volume_bytes = record.len;
    return REEL_OK;
}

/* VOLUME belongs to the catalog once data stand on the volume (9.2). */
static enum reel_status
volume_begun(void *ctx, struct reel_bytes record, bool again,
             struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    if (again)
        w->volume_bytes -= w->last_volume_bytes;
    w->checkpoint_due = w->tape.further;
    return add_volume(w, record, err);
}

/* A segment stands whole on `volume`: the first one there brings its VOLUME,
   and those of volumes on which it was begun only. Others before it hold
   nothing that is in force. */
static enum reel_status
catalog_volumes(struct reel_volume_writer *w, uint32_t volume,
                struct reel_err *err)
{
    const struct reel_place nowhere = {0};
    struct reel_cursor c;
    struct reel_record r;

    while (w->volume_told < w->volume_bytes) {
        struct reel_cursor k;
        uint32_t number;

        c = reel_cursor_init(w->volumes + w->volume_told,
                             w->volume_bytes - w->volume_told, NULL);
        REEL_TRY(reel_record_next(&r, &c, err));
        k      = reel_record_cursor(&r);
        number = reel_get_le32(&k);
        if (number > volume)
            break;
        if (number == volume ||
            (w->tape.data_volume != 0 && number >= w->tape.data_volume))
            REEL_TRY(reel_catalog_record(w->catalog, &r, &nowhere, err));
        w->volume_told += r.whole.len;
    }
    return REEL_OK;
}

static enum reel_status
segment_whole(void *ctx, struct reel_bytes part, const struct reel_place *place,
              struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    REEL_TRY(catalog_volumes(w, place->volume, err));
    return reel_catalog_part_replay(w->catalog, part, place, err);
}

/* Give the spool from *at on to the stretch begun. */
static enum reel_status
write_spool(struct reel_volume_writer *w, uint64_t *at, struct reel_err *err)
{
    struct reel_bytes packed;
    enum reel_status status;

    while ((status = reel_spool_next(&w->spool, at, &packed, err)) == REEL_OK)
        REEL_TRY(reel_tape_writer_push(&w->tape, packed, err));
    return status == REEL_END ? REEL_OK : status;
}

/* --------------------------------------------------------- begin and fini */

/* An empty one. */
static enum reel_status
new_catalog(struct reel_volume_writer *w, struct reel_err *err)
{
    reel_catalog_free(w->catalog);
    reel_record_packer_free(w->catalog_packer);
    w->catalog        = reel_catalog_new(keep_record, w);
    w->catalog_packer = reel_record_packer_new(
        w->compression, w->level, w->facts.segment_limit, keep_segment, w);
    if (w->catalog == NULL || w->catalog_packer == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to begin an archive");
    return REEL_OK;
}

enum reel_status
reel_volume_writer_init(struct reel_volume_writer *w,
                        const struct reel_volume_writer_options *options,
                        struct reel_err *err)
{
    const struct reel_write_options *const o = options->write;
    struct reel_tape_options tape;

    memset(w, 0, sizeof(*w));
    w->spool.file.fd    = -1;
    w->facts            = *options->facts;
    w->catalog_fd       = o->catalog_fd;
    w->checkpoint_bytes = o->checkpoint_bytes;
    w->catalog          = reel_catalog_new(keep_record, w);
    w->catalog_packer   = reel_record_packer_new(
          o->compression, o->level, w->facts.segment_limit, keep_segment, w);
    if (w->catalog == NULL || w->catalog_packer == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to begin an archive");
    REEL_TRY(reel_spool_init(&w->spool, o->temporary_dir, err));
    memset(&tape, 0, sizeof(tape));
    tape.medium           = o->medium;
    tape.volumes          = o->volumes;
    tape.overwrite        = o->overwrite;
    tape.volume           = options->volume;
    tape.next.block_bytes = options->volume.block_bytes;
    tape.next.archive     = w->facts.archive;
    tape.next.address     = options->address;
    tape.whole            = segment_whole;
    tape.begun            = volume_begun;
    tape.ctx              = w;
    memcpy(tape.next.set_id, options->volume.set_id, sizeof(tape.next.set_id));
    return reel_tape_writer_init(&w->tape, &tape, err);
}

void
reel_volume_writer_fini(struct reel_volume_writer *w)
{
    reel_tape_writer_fini(&w->tape);
    reel_spool_fini(&w->spool);
    reel_record_packer_free(w->catalog_packer);
    reel_catalog_free(w->catalog);
    reel_free(w->volumes);
    reel_free(w->open_path);
}

/* ------------------------------------------------------------- checkpoints */

/* Gathers ENTRY of the open object, and keeps it. */
struct tail {
    struct reel_volume_writer *w;
    struct reel_builder b;
};

static enum reel_status
slice_tail(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct tail *const t = ctx;

    (void)err;
    reel_put_bytes(&t->b, record);
    memcpy(t->w->tail_entry, record.data, record.len);
    t->w->tail_entry_bytes = record.len;
    return REEL_OK;
}

/* The last segment of a slice: ENTRY of the open object, and CHECKPOINT. */
static enum reel_status
write_slice_tail(struct reel_volume_writer *w, struct reel_checkpoint *k,
                 uint64_t *last, struct reel_err *err)
{
    uint8_t raw[512];
    uint8_t segment[1024];
    struct tail tail         = {w, reel_builder_init(raw, sizeof(raw))};
    struct reel_bytes packed = {segment, 0};

    w->tail_entry_bytes = 0;
    REEL_TRY(reel_catalog_slice_look(w->catalog, k, slice_tail, &tail, err));
    REEL_TRY(reel_checkpoint_encode(k, &tail.b, err));
    REEL_TRY(reel_segment_pack(NULL, raw, tail.b.len, segment, sizeof(segment),
                               &packed.len, err));
    *last = reel_tape_writer_last(&w->tape, packed.len);
    return reel_tape_writer_push(&w->tape, packed, err);
}

/* *last: the sequence of the block with its end, once that is known. */
static enum reel_status
write_slice(struct reel_volume_writer *w, uint64_t *at,
            struct reel_checkpoint *k, uint64_t *last, struct reel_err *err)
{
    reel_tape_writer_stretch(&w->tape, REEL_BLOCK_CHECKPOINT);
    REEL_TRY(write_spool(w, at, err));
    REEL_TRY(write_slice_tail(w, k, last, err));
    return reel_tape_writer_stretch_end(&w->tape, err);
}

/* Slice `k`, which ends at `at` in the spool, stands on the volume. */
static void
keep_checkpoint(struct reel_volume_writer *w, const struct reel_checkpoint *k,
                uint64_t at, uint64_t behind)
{
    reel_catalog_slice_next(w->catalog);
    w->slice_at           = at;
    w->checkpoint         = k->number;
    w->checkpoint_slice   = k->slice;
    w->checkpoint_objects = k->objects;
    w->behind_checkpoint  = behind;
    /* What it holds of the volumes. */
    w->volume_bytes -= w->volume_told;
    if (w->volume_bytes > 0)
        memmove(w->volumes, w->volumes + w->volume_told, w->volume_bytes);
    w->volume_told = 0;
}

/* The checkpoint just written stands. */
static void
keep_written(struct reel_volume_writer *w, const struct reel_checkpoint *k,
             uint64_t at)
{
    memcpy(w->open_entry, w->tail_entry, w->tail_entry_bytes);
    w->open_entry_bytes = w->tail_entry_bytes;
    keep_checkpoint(w, k, at, w->tape.packer.next.sequence);
}

/* The slice, between two filemarks. Where it meets the end of the volume it
   is void, unless all of it is there. */
static enum reel_status
put_checkpoint(struct reel_volume_writer *w, struct reel_checkpoint *k,
               struct reel_err *err)
{
    uint64_t at   = w->slice_at;
    uint64_t last = REEL_NONE64;
    enum reel_status status;

    REEL_TRY(reel_tape_writer_filemark(&w->tape, err));
    k->slice = reel_tape_writer_position(&w->tape);
    status   = write_slice(w, &at, k, &last, err);
    if (status == REEL_E_FULL && w->tape.turned) {
        w->tape.turned = false;
        if (w->tape.packer.next.sequence > last && last != REEL_NONE64)
            keep_written(w, k, at);
        return REEL_OK;
    }
    REEL_TRY(status);
    REEL_TRY(reel_tape_writer_filemark(&w->tape, err));
    keep_written(w, k, at);
    w->checkpoint_due        = false;
    w->tape.since_checkpoint = 0;
    return REEL_OK;
}

static enum reel_status
write_checkpoint(struct reel_volume_writer *w, struct reel_err *err)
{
    const uint32_t volume = w->tape.packer.next.volume;
    struct reel_checkpoint k;

    REEL_TRY(reel_tape_writer_flush(&w->tape, err));
    /* On a volume just begun it comes behind the next segment. */
    if (w->tape.packer.next.volume != volume)
        return REEL_OK;
    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    memset(&k, 0, sizeof(k));
    k.number          = w->checkpoint + 1;
    k.previous_number = w->checkpoint;
    k.previous        = w->checkpoint_slice;
    return put_checkpoint(w, &k, err);
}

enum reel_status
reel_volume_writer_stop(struct reel_volume_writer *w, struct reel_err *err)
{
    return write_checkpoint(w, err);
}

uint64_t
reel_volume_writer_next_object(const struct reel_volume_writer *w)
{
    struct reel_checkpoint k;

    memset(&k, 0, sizeof(k));
    if (w->catalog == NULL ||
        reel_catalog_slice_look(w->catalog, &k, NULL, NULL, NULL) != REEL_OK)
        return 1;
    return k.next_object;
}

/* ----------------------------------------------------------- going on again */

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
    keep_checkpoint(w, &k, w->spool.written, behind);
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
    return add_volume(w, record, err);
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
        status = new_catalog(w, err);
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

/* -------------------------------------------------------------------- data */

enum reel_status
reel_volume_writer_segment(struct reel_volume_writer *w, struct reel_bytes part,
                           struct reel_bytes packed, struct reel_err *err)
{
    if (w->tape.since_checkpoint >= w->checkpoint_bytes)
        REEL_TRY(write_checkpoint(w, err));
    REEL_TRY(reel_tape_writer_data(&w->tape, part, packed, err));
    return w->checkpoint_due ? write_checkpoint(w, err) : REEL_OK;
}

/* --------------------------------------------------------------------- end */

/* END as far as the archive determines it. */
static void
fill_end(struct reel_volume_writer *w, const struct reel_catalog_totals *t)
{
    struct reel_end *const e           = &w->end;
    const struct reel_archive *const a = &w->facts;

    e->edition          = a->edition;
    e->source           = a->source;
    e->compression      = a->compression;
    e->segment_limit    = a->segment_limit;
    e->created          = a->created;
    e->archive          = a->archive;
    e->objects          = t->objects;
    e->torn             = t->torn;
    e->flawed           = t->flawed;
    e->stream_bytes     = t->stream_bytes;
    e->catalog_bytes    = t->bytes;
    e->catalog_records  = t->records;
    e->previous_archive = a->previous_archive;
    e->previous         = a->previous;
    e->checkpoint       = w->checkpoint;
    e->checkpoint_slice = w->checkpoint_slice;
    e->name             = a->name;
    e->host             = a->host;
}

/* END in an uncompressed segment. */
static enum reel_status
pack_end(const struct reel_volume_writer *w, uint8_t *segment, size_t room,
         struct reel_bytes *packed, struct reel_err *err)
{
    uint8_t octets[REEL_BLOCK_BYTES_MIN];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));

    REEL_TRY(reel_end_encode(&w->end, &b, err));
    packed->data = segment;
    return reel_segment_pack(NULL, octets, b.len, segment, room, &packed->len,
                             err);
}

static enum reel_status
write_end(struct reel_volume_writer *w, struct reel_err *err)
{
    uint8_t segment[2 * REEL_BLOCK_BYTES_MIN];
    struct reel_bytes packed;
    int i;

    REEL_TRY(pack_end(w, segment, sizeof(segment), &packed, err));
    for (i = 0; i < 2; i++) {
        /* The same block once more: same sequence, another address (3.2). */
        w->tape.packer.next.sequence -= (uint64_t)i;
        reel_tape_writer_stretch(&w->tape, REEL_BLOCK_END);
        REEL_TRY(reel_tape_writer_push(&w->tape, packed, err));
        REEL_TRY(reel_tape_writer_stretch_end(&w->tape, err));
        REEL_TRY(reel_tape_writer_filemark(&w->tape, err));
    }
    return REEL_OK;
}

/* Catalog, END, END on the volume at hand. *first: the header of the first
   block. */
static enum reel_status
write_catalog(struct reel_volume_writer *w, struct reel_block_header *first,
              struct reel_err *err)
{
    uint64_t at = 0;

    REEL_TRY(reel_tape_writer_filemark(&w->tape, err));
    w->end.catalog           = reel_tape_writer_position(&w->tape);
    w->tape.catalog_sequence = w->end.catalog.sequence;
    reel_tape_writer_stretch(&w->tape, REEL_BLOCK_CATALOG);
    *first = w->tape.packer.next;
    REEL_TRY(write_spool(w, &at, err));
    REEL_TRY(reel_tape_writer_stretch_end(&w->tape, err));
    return write_end(w, err);
}

/* -------------------------------------------------- the catalog in a file */

static enum reel_status
emit_to_file(void *ctx, const uint8_t *block, const struct reel_block_header *h,
             struct reel_err *err)
{
    const struct reel_volume_writer *const w = ctx;

    return reel_catalog_file_put(w->catalog_fd, block, h->block_bytes, err);
}

/* The blocks of catalog and END that stand on the volume, from `first` on. */
static enum reel_status
write_catalog_file(struct reel_volume_writer *w,
                   const struct reel_block_header *first, struct reel_err *err)
{
    uint8_t segment[2 * REEL_BLOCK_BYTES_MIN];
    struct reel_block_packer packer;
    struct reel_bytes packed;
    struct reel_place place;
    enum reel_status status;
    uint64_t at = 0;

    reel_block_packer_init(&packer, first->block_bytes, w->tape.work,
                           emit_to_file, w);
    packer.next = *first;
    while ((status = reel_spool_next(&w->spool, &at, &packed, err)) == REEL_OK)
        REEL_TRY(reel_block_packer_push(&packer, packed, &place, err));
    if (status != REEL_END)
        return status;
    REEL_TRY(reel_block_packer_flush(&packer, err));
    REEL_TRY(pack_end(w, segment, sizeof(segment), &packed, err));
    reel_block_packer_begin(&packer, REEL_BLOCK_END);
    REEL_TRY(reel_block_packer_push(&packer, packed, &place, err));
    return reel_block_packer_flush(&packer, err);
}

enum reel_status
reel_volume_writer_end(struct reel_volume_writer *w, struct reel_err *err)
{
    struct reel_catalog_totals totals;
    struct reel_block_header first;
    enum reel_status status;

    memset(&w->end, 0, sizeof(w->end));
    REEL_TRY(reel_tape_writer_flush(&w->tape, err));
    REEL_TRY(reel_catalog_finish(w->catalog, &totals, w->end.catalog_digest,
                                 w->end.fingerprint, err));
    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    fill_end(w, &totals);
    do {
        w->tape.turned = false;
        status         = write_catalog(w, &first, err);
    } while (status == REEL_E_FULL && w->tape.turned);
    REEL_TRY(status);
    w->complete = true;
    return w->catalog_fd < 0 ? REEL_OK : write_catalog_file(w, &first, err);
}
