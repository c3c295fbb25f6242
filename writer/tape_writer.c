/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 3 and 9.7; writer: blocks on to volumes. */
#include "tape_writer.h"

#include <string.h>

#include "reel/alloc.h"
#include "tape_volume.h"

/* More than this waits for no block to fill up (the same in every run, so the
   octets are). */
#define PARTS_BYTES_MAX (8U << 20)

/* Pass on how a call ended. The first failure is kept: whoever calls later
   gets it again. */
static enum reel_status
outcome(struct reel_tape_writer *t, enum reel_status status,
        const struct reel_err *why, struct reel_err *err)
{
    if (status == REEL_OK)
        return status;
    if (err != NULL)
        *err = *why;
    if (!t->turned && t->status == REEL_OK) {
        t->status = status;
        t->err    = *why;
    }
    return status;
}

static enum reel_status
check_failed(const struct reel_tape_writer *t, struct reel_err *err)
{
    if (t->status != REEL_OK && err != NULL)
        *err = t->err;
    return t->status;
}

/* The medium does not do what it should: what stands on it is not known. */
static enum reel_status
medium_failed(struct reel_tape_writer *t, enum reel_status status)
{
    if (status != REEL_OK && status != REEL_E_MEMORY)
        t->lost = true;
    return status;
}

/* ----------------------------------------------------------- whole segments */

/* Every segment that ends in a block below `bound` stands whole. */
static enum reel_status
settle(struct reel_tape_writer *t, uint64_t bound, struct reel_err *err)
{
    struct reel_pending *const p = &t->pending;
    enum reel_status status      = REEL_OK;
    size_t bytes                 = 0;
    size_t i;

    for (i = 0; i < p->count && p->segments[i].last_sequence < bound; i++) {
        const struct reel_pending_segment *const s = &p->segments[i];
        const struct reel_retained_block *const b =
            reel_retained_find(&t->retained, s->first_sequence);
        const struct reel_bytes part  = {p->parts + bytes, s->part_bytes};
        const struct reel_place place = {b->header.volume,
                                         s->payload_offset,
                                         b->header.sequence,
                                         b->header.address,
                                         0,
                                         0};

        t->useful = true;
        status    = t->o.whole(t->o.ctx, part, &place, err);
        if (status != REEL_OK)
            break;
        bytes += s->part_bytes;
    }
    reel_pending_drop(p, i, bytes);
    reel_retained_drop(&t->retained,
                       p->count > 0 ? p->segments[0].first_sequence : bound);
    return status;
}

/* ------------------------------------------------------------------- blocks */

/* How many of the blocks written stand on the volume that is full: all before
   the one that was refused, and *taken tells whether that one, too. */
static enum reel_status
confirm(struct reel_tape_writer *t, uint64_t address, bool *taken,
        struct reel_err *err)
{
    uint64_t there;
    enum reel_status status;

    status = reel_medium_filemark(t->o.medium, err);
    if (status == REEL_OK)
        status = reel_medium_tell(t->o.medium, &there, err);
    if (status == REEL_OK && there != address + 1 && there != address + 2)
        status = reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                           "the drive stands at %llu behind the last block of "
                           "a full volume, expected was %llu",
                           (unsigned long long)there,
                           (unsigned long long)address + 1);
    if (status == REEL_OK)
        *taken = there == address + 2;
    return status == REEL_E_FULL
               ? reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                           "no filemark can be written on the full volume")
               : status;
}

/* Is something on the volume at hand needed, where block `h` met its end? What
   of segments stands whole is settled only behind that. */
static bool
is_needed(const struct reel_tape_writer *t, const struct reel_block_header *h)
{
    const struct reel_pending *const p = &t->pending;

    return t->useful || (h->kind == REEL_BLOCK_DATA && p->count > 0 &&
                         p->segments[0].last_sequence < h->sequence);
}

/* Block `h` met the end of the volume. */
static enum reel_status
volume_full(struct reel_tape_writer *t, const struct reel_block_header *h,
            struct reel_err *err)
{
    const bool given_back = t->further && !is_needed(t, h);
    const bool anew =
        h->kind == REEL_BLOCK_CATALOG || h->kind == REEL_BLOCK_END;
    bool taken              = false;
    enum reel_status status = REEL_OK;

    if (!given_back)
        status = confirm(t, h->address, &taken, err);
    /* Nothing of a catalog that is written anew is needed where it failed. */
    if (!anew)
        REEL_TRY(medium_failed(t, status));
    if (h->kind == REEL_BLOCK_DATA)
        REEL_TRY(settle(t, h->sequence + taken, err));
    if (t->o.volumes == NULL)
        return reel_fail(err, REEL_E_FULL, NULL, NULL,
                         "volume %u is full, and there is no other", h->volume);
    if (anew) {
        t->packer.next.run++;
        t->packer.next.run_start = t->catalog_sequence;
        t->packer.next.sequence  = t->catalog_sequence;
    } else {
        t->packer.next.sequence = h->sequence + taken;
    }
    return reel_tape_volume_turn(t, err);
}

static enum reel_status
emit_data(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_block_header *const next = &t->packer.next;
    const struct reel_block_header h     = *next;
    enum reel_status status;

    reel_retained_keep(&t->retained, &h);
    status =
        reel_medium_write(t->o.medium, t->packer.block, h.block_bytes, err);
    if (status == REEL_E_FULL) {
        REEL_TRY(volume_full(t, &h, err));
        /* The packer counts this block behind us. */
        next->sequence = h.sequence;
        next->address--;
    } else {
        REEL_TRY(medium_failed(t, status));
        t->blocks++;
        t->since_checkpoint += h.block_bytes;
    }
    t->packer.block = reel_retained_room(&t->retained);
    if (t->packer.block == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a block");
    return REEL_OK;
}

static enum reel_status
emit_other(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_block_header *const next = &t->packer.next;
    const struct reel_block_header h     = *next;
    enum reel_status status;

    status =
        reel_medium_write(t->o.medium, t->packer.block, h.block_bytes, err);
    if (status == REEL_E_FULL) {
        next->payload_bytes = 0;
        next->first_segment = REEL_NONE32;
        REEL_TRY(volume_full(t, &h, err));
        t->turned = true;
        return REEL_E_FULL;
    }
    REEL_TRY(medium_failed(t, status));
    t->blocks++;
    t->since_checkpoint += h.block_bytes;
    return REEL_OK;
}

static enum reel_status
emit_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
           struct reel_err *err)
{
    struct reel_tape_writer *const t = ctx;

    (void)block;
    return h->kind == REEL_BLOCK_DATA ? emit_data(t, err) : emit_other(t, err);
}

/* ------------------------------------------------------------------- public */

enum reel_status
reel_tape_writer_init(struct reel_tape_writer *t,
                      const struct reel_tape_options *options,
                      struct reel_err *err)
{
    uint8_t *block;

    memset(t, 0, sizeof(*t));
    t->o       = *options;
    t->volumes = 1;
    reel_retained_init(&t->retained, options->next.block_bytes);
    t->work = reel_alloc_array(options->next.block_bytes, 1);
    block   = reel_retained_room(&t->retained);
    if (t->work == NULL || block == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for blocks");
    reel_block_packer_init(&t->packer, options->next.block_bytes, block,
                           emit_block, t);
    t->packer.next               = options->next;
    t->packer.next.revision      = 1;
    t->packer.next.payload_bytes = 0;
    t->packer.next.first_segment = REEL_NONE32;
    t->packer.next.volume        = options->volume.volume;
    return REEL_OK;
}

void
reel_tape_writer_fini(struct reel_tape_writer *t)
{
    reel_pending_fini(&t->pending);
    reel_retained_fini(&t->retained);
    reel_free(t->work);
    t->work = NULL;
}

enum reel_status
reel_tape_writer_begin(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_err why;
    const enum reel_status status =
        medium_failed(t, reel_tape_volume_begin(t, false, &why));

    return outcome(t, status, &why, err);
}

enum reel_status
reel_tape_writer_again(struct reel_tape_writer *t, uint32_t run,
                       uint64_t sequence, uint64_t address, bool mark,
                       struct reel_err *err)
{
    struct reel_block_header *const next = &t->packer.next;
    struct reel_err why;

    t->status        = REEL_OK;
    t->lost          = false;
    t->turned        = false;
    t->pending.count = 0;
    memset(&t->asking, 0, sizeof(t->asking));
    t->since_checkpoint = 0;
    /* Whatever stands on it, it belongs to the set now. */
    t->useful             = true;
    t->pending.part_bytes = 0;
    t->retained.count     = 0;
    t->packer.block       = reel_retained_room(&t->retained);
    next->payload_bytes   = 0;
    next->first_segment   = REEL_NONE32;
    next->run             = run;
    next->run_start       = sequence;
    next->sequence        = sequence;
    next->address         = address;
    if (t->packer.block == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a block");
    if (address != REEL_NONE64)
        return mark ? reel_tape_writer_filemark(t, err) : REEL_OK;
    if (t->o.volumes == NULL)
        return reel_fail(err, REEL_E_FULL, NULL, NULL,
                         "volume %u cannot be written on, and there is no "
                         "other",
                         t->o.volume.volume);
    return outcome(t, reel_tape_volume_turn(t, &why), &why, err);
}

static enum reel_status
flush(struct reel_tape_writer *t, struct reel_err *err)
{
    REEL_TRY(reel_block_packer_flush(&t->packer, err));
    return settle(t, t->packer.next.sequence, err);
}

uint64_t
reel_tape_writer_last(const struct reel_tape_writer *t, size_t bytes)
{
    const struct reel_block_header *const next = &t->packer.next;
    const uint32_t most = reel_block_payload_max(next->block_bytes);
    const uint32_t room = most - next->payload_bytes;

    if (bytes <= room)
        return next->sequence;
    return next->sequence + (bytes - room + most - 1) / most;
}

static enum reel_status
put_data(struct reel_tape_writer *t, struct reel_bytes part,
         struct reel_bytes packed, struct reel_err *err)
{
    const struct reel_block_header *const next = &t->packer.next;
    const uint32_t most           = reel_block_payload_max(next->block_bytes);
    const uint32_t room           = most - next->payload_bytes;
    struct reel_pending_segment s = {next->sequence, next->payload_bytes,
                                     next->sequence, 0};
    struct reel_place place;

    if (packed.len > room)
        s.last_sequence += (packed.len - room + most - 1) / most;
    reel_block_packer_begin(&t->packer, REEL_BLOCK_DATA);
    REEL_TRY(reel_pending_add(&t->pending, &s, part, err));
    REEL_TRY(reel_block_packer_push(&t->packer, packed, &place, err));
    REEL_TRY(settle(t, next->sequence, err));
    return t->pending.part_bytes > PARTS_BYTES_MAX ? flush(t, err) : REEL_OK;
}

enum reel_status
reel_tape_writer_data(struct reel_tape_writer *t, struct reel_bytes part,
                      struct reel_bytes packed, struct reel_err *err)
{
    struct reel_err why;

    REEL_TRY(check_failed(t, err));
    return outcome(t, put_data(t, part, packed, &why), &why, err);
}

enum reel_status
reel_tape_writer_flush(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_err why;

    REEL_TRY(check_failed(t, err));
    return outcome(t, flush(t, &why), &why, err);
}

void
reel_tape_writer_stretch(struct reel_tape_writer *t, uint16_t kind)
{
    reel_block_packer_begin(&t->packer, kind);
}

enum reel_status
reel_tape_writer_push(struct reel_tape_writer *t, struct reel_bytes packed,
                      struct reel_err *err)
{
    struct reel_place place;
    struct reel_err why;
    enum reel_status status;

    REEL_TRY(check_failed(t, err));
    status = reel_block_packer_push(&t->packer, packed, &place, &why);
    return outcome(t, status, &why, err);
}

enum reel_status
reel_tape_writer_stretch_end(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_err why;
    enum reel_status status;

    REEL_TRY(check_failed(t, err));
    status = reel_block_packer_flush(&t->packer, &why);
    return outcome(t, status, &why, err);
}

enum reel_status
reel_tape_writer_filemark(struct reel_tape_writer *t, struct reel_err *err)
{
    struct reel_err why;
    enum reel_status status;

    REEL_TRY(check_failed(t, err));
    status = medium_failed(t, reel_medium_filemark(t->o.medium, &why));
    if (status == REEL_OK)
        reel_block_packer_filemark(&t->packer);
    return outcome(t, status, &why, err);
}

struct reel_position
reel_tape_writer_position(const struct reel_tape_writer *t)
{
    return reel_block_packer_position(&t->packer);
}
