/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 9; writer: last stage of the pipeline. */
#include "volume_writer.h"

#include <string.h>

#include "catalog_file.h"
#include "catalog_part.h"
#include "reel/alloc.h"
#include "volume_writer_parts.h"

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

enum reel_status
reel_volume_writer_add_volume(struct reel_volume_writer *w,
                              struct reel_bytes record, struct reel_err *err)
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
    return reel_volume_writer_add_volume(w, record, err);
}

static enum reel_status
catalog_volumes(struct reel_volume_writer *w, struct reel_err *err)
{
    const struct reel_place nowhere = {0};

    if (w->volume_told == w->volume_bytes)
        return REEL_OK;
    REEL_TRY(reel_catalog_segment(w->catalog, w->volumes + w->volume_told,
                                  w->volume_bytes - w->volume_told, &nowhere,
                                  err));
    w->volume_told = w->volume_bytes;
    return REEL_OK;
}

static enum reel_status
segment_whole(void *ctx, struct reel_bytes part, const struct reel_place *place,
              struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    REEL_TRY(catalog_volumes(w, err));
    return reel_catalog_part_replay(w->catalog, part, place, err);
}

/* Give the spool from *at on to the stretch begun. */
enum reel_status
reel_volume_writer_spool(struct reel_volume_writer *w, uint64_t *at,
                         struct reel_err *err)
{
    struct reel_bytes packed;
    enum reel_status status;

    while ((status = reel_spool_next(&w->spool, at, &packed, err)) == REEL_OK)
        REEL_TRY(reel_tape_writer_push(&w->tape, packed, err));
    return status == REEL_END ? REEL_OK : status;
}

/* --------------------------------------------------------- begin and fini */

/* An empty one. */
enum reel_status
reel_volume_writer_new_catalog(struct reel_volume_writer *w,
                               struct reel_err *err)
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

/* -------------------------------------------------------------------- data */

enum reel_status
reel_volume_writer_segment(struct reel_volume_writer *w, struct reel_bytes part,
                           struct reel_bytes packed, struct reel_err *err)
{
    if (w->tape.since_checkpoint >= w->checkpoint_bytes)
        REEL_TRY(reel_volume_writer_checkpoint(w, err));
    REEL_TRY(reel_tape_writer_data(&w->tape, part, packed, err));
    return w->checkpoint_due ? reel_volume_writer_checkpoint(w, err) : REEL_OK;
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
    REEL_TRY(reel_volume_writer_spool(w, &at, err));
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
