/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3; writer: checkpoints between the data. */
#include <string.h>

#include "volume_writer_parts.h"

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
    REEL_TRY(reel_volume_writer_spool(w, at, err));
    REEL_TRY(write_slice_tail(w, k, last, err));
    return reel_tape_writer_stretch_end(&w->tape, err);
}

/* Slice `k`, which ends at `at` in the spool, stands on the volume. */
void
reel_volume_writer_keep_checkpoint(struct reel_volume_writer *w,
                                   const struct reel_checkpoint *k, uint64_t at,
                                   uint64_t behind)
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
    reel_volume_writer_keep_checkpoint(w, k, at, w->tape.packer.next.sequence);
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

enum reel_status
reel_volume_writer_checkpoint(struct reel_volume_writer *w,
                              struct reel_err *err)
{
    const uint32_t volume = w->tape.packer.next.volume;
    struct reel_checkpoint k;
    uint64_t written;
    size_t open_bytes;

    REEL_TRY(reel_tape_writer_flush(&w->tape, err));
    /* On a volume just begun it comes behind the next segment. */
    if (w->tape.packer.next.volume != volume)
        return REEL_OK;
    written    = w->spool.written;
    open_bytes = reel_record_packer_open_bytes(w->catalog_packer);
    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    memset(&k, 0, sizeof(k));
    k.number          = w->checkpoint + 1;
    k.previous_number = w->checkpoint;
    k.previous        = w->checkpoint_slice;
    REEL_TRY(put_checkpoint(w, &k, err));
    if (w->checkpoint == k.number)
        return REEL_OK;
    /* It is void, and cuts nothing: the catalog must not depend on it. */
    w->spool.written = written;
    reel_record_packer_uncut(w->catalog_packer, open_bytes);
    return REEL_OK;
}

enum reel_status
reel_volume_writer_stop(struct reel_volume_writer *w, struct reel_err *err)
{
    return reel_volume_writer_checkpoint(w, err);
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
