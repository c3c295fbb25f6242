/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 3, 4 and 12.1, blocks to unpacked segments on up to four
   threads; policy layer. */
#include "pipeline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "queue.h"
#include "reel/alloc.h"

/* One for each thread and one between them: fresh memory is dear. */
#define SLOTS 4U

/* An item on its way, and the memory it stands in. */
struct slot {
    struct reel_read_item item;
    uint8_t *packed;
    size_t packed_capacity;
    uint8_t *raw;
    size_t raw_capacity;
    bool failed; /* reading failed: status and err of item */
};

struct reel_read_pipeline {
    struct reel_reader_volume *v;
    bool threads;
    struct reel_deblock *deblock;
    struct reel_unpacker *unpacker;
    struct slot slots[SLOTS];
    struct reel_read_run run;

    /* Of the reading side. */
    bool feeding;                   /* the block fed may give rise to more */
    bool read_over;                 /* nothing more is to be fed */
    struct reel_block_header block; /* the last good one */
    bool marked;                    /* a filemark stood behind it */
    bool absent;                    /* a volume was passed over before it */

    /* Between the threads. */
    bool running;
    atomic_bool stopping;
    struct reel_queue free;
    struct reel_queue packed;
    struct reel_queue unpacked;
    struct reel_queue done;
    pthread_t reading;
    pthread_t unpacking;
    pthread_t looking;

    struct slot *given; /* what the caller looks at */
};

struct reel_read_pipeline *
reel_read_new(struct reel_reader_volume *v, bool threads)
{
    struct reel_read_pipeline *const p = reel_alloc_array(1, sizeof(*p));

    if (p == NULL)
        return NULL;
    p->v        = v;
    p->threads  = threads;
    p->deblock  = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    p->unpacker = reel_unpacker_new();
    if (p->deblock == NULL || p->unpacker == NULL) {
        reel_read_free(p);
        return NULL;
    }
    return p;
}

void
reel_read_free(struct reel_read_pipeline *p)
{
    size_t i;

    if (p == NULL)
        return;
    reel_read_stop(p);
    for (i = 0; i < SLOTS; i++) {
        reel_free(p->slots[i].packed);
        reel_free(p->slots[i].raw);
    }
    reel_deblock_free(p->deblock);
    reel_unpacker_free(p->unpacker);
    reel_free(p);
}

bool
reel_read_goes_on(const struct reel_read_pipeline *p)
{
    return p->v->goes_on;
}

/* ---- the reading side ---- */

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for a segment");
}

/* Make *buf hold `need` octets; what it held is gone. */
static bool
make_room(uint8_t **buf, size_t *capacity, size_t need)
{
    if (need <= *capacity)
        return true;
    reel_free(*buf);
    *buf      = reel_alloc_array(need, 1);
    *capacity = *buf == NULL ? 0 : need;
    return *buf != NULL;
}

static bool
ours(const struct reel_read_pipeline *p, uint32_t archive)
{
    return p->run.archive == 0 || p->run.archive == archive;
}

/* A good block: is it behind what the run is for? */
static bool
run_ends_before(struct reel_read_pipeline *p, const struct reel_block_header *h)
{
    if (p->run.stop_at_catalog && ours(p, h->archive) &&
        (h->kind == REEL_BLOCK_CATALOG || h->kind == REEL_BLOCK_END))
        return true;
    return p->run.stop_at_catalog && p->run.archive != 0 &&
           h->archive > p->run.archive;
}

/*
 * Nothing more stands on the volume: *more, if another one is mounted on which
 * the data go on. A volume that ends with data and a filemark was full.
 */
static enum reel_status
next_volume(struct reel_read_pipeline *p, bool *more, struct reel_err *err)
{
    struct reel_reader_volume *const v = p->v;
    const bool full       = p->marked && (p->block.kind == REEL_BLOCK_DATA ||
                                    p->block.kind == REEL_BLOCK_CATALOG);
    const uint32_t number = v->number;
    uint32_t last = p->run.last_volume != 0 ? p->run.last_volume : v->last;

    *more = false;
    if (!p->run.across || number == 0)
        last = number;
    else if (last == 0)
        last = full && number >= v->highest ? number + 1 : v->highest;
    if (number < last) {
        REEL_TRY(reel_reader_volume_mount_any(v, number + 1, last, more, err));
        p->absent |= !*more || v->number > number + 1;
    }
    v->goes_on = !*more && (p->absent || full);
    p->absent |= v->goes_on;
    return REEL_OK;
}

/* Read one thing and feed it. */
static enum reel_status
feed(struct reel_read_pipeline *p, struct reel_err *err)
{
    struct reel_block_header h;
    struct reel_reader_block b;
    bool more = false;
    bool good;

    REEL_TRY(reel_reader_volume_read(p->v, &b, err));
    switch (b.event) {
    case REEL_EVENT_BLOCK:
        REEL_TRY(reel_deblock_block(p->deblock, b.data, b.len, b.address, &h,
                                    &good, err));
        if (!good)
            break;
        p->block  = h;
        p->marked = false;
        if (run_ends_before(p, &h)) {
            reel_deblock_finish(p->deblock);
            p->read_over = true;
        }
        break;
    case REEL_EVENT_FILEMARK:
        p->marked = true;
        return REEL_OK;
    case REEL_EVENT_END:
        REEL_TRY(next_volume(p, &more, err));
        if (more)
            return REEL_OK;
        reel_deblock_finish(p->deblock);
        p->read_over = true;
        break;
    default:
        reel_deblock_unreadable(p->deblock, b.address);
    }
    p->feeding = true;
    return REEL_OK;
}

static bool
reached(const struct reel_place *at, const struct reel_place *until)
{
    return at->sequence > until->sequence ||
           (at->sequence == until->sequence &&
            at->payload_offset >= until->payload_offset);
}

/* Does this item matter to the caller? It may end the run. */
static bool
wanted(struct reel_read_pipeline *p, const struct reel_deblock_item *item)
{
    switch (item->event) {
    case REEL_DEBLOCK_SEGMENT:
        if (!ours(p, item->archive))
            return false;
        if (p->run.stop_at_until && item->kind != REEL_BLOCK_VOLUME &&
            reached(&item->place, &p->run.until))
            p->read_over = true;
        if (p->run.stop_behind_end && item->kind == REEL_BLOCK_END)
            p->read_over = true;
        return item->kind <= REEL_BLOCK_END &&
               (p->run.kinds & REEL_READ_KIND(item->kind)) != 0;
    case REEL_DEBLOCK_REPEATED:
    case REEL_DEBLOCK_SUPERSEDED:
    case REEL_DEBLOCK_RULE:
        return false;
    case REEL_DEBLOCK_ARCHIVE:
        return true;
    default:
        return ours(p, item->archive) || item->archive == 0;
    }
}

/* The next item that matters, into the slot; REEL_END behind the last. */
static enum reel_status
read_next(struct reel_read_pipeline *p, struct slot *s, struct reel_err *err)
{
    struct reel_deblock_item *const of = &s->item.of;
    enum reel_status status;

    s->item.status = REEL_OK;
    for (;;) {
        if (p->feeding) {
            status = reel_deblock_next(p->deblock, of, err);
            if (status == REEL_OK && wanted(p, of))
                break;
            if (status == REEL_OK)
                continue;
            if (status != REEL_END)
                return status;
            p->feeding = false;
        }
        if (p->read_over)
            return REEL_END;
        REEL_TRY(feed(p, err));
    }
    s->item.absent = p->absent && of->event == REEL_DEBLOCK_GAP;
    if (s->item.absent ||
        (of->event == REEL_DEBLOCK_SEGMENT && of->kind != REEL_BLOCK_VOLUME))
        p->absent = false;
    if (of->event != REEL_DEBLOCK_SEGMENT)
        return REEL_OK;
    if (p->read_over)
        p->feeding = false; /* the last one of the run */
    if (!reel_deblock_swap(p->deblock, of->packed, &s->packed,
                           &s->packed_capacity)) {
        if (!make_room(&s->packed, &s->packed_capacity, of->packed.len))
            return out_of_memory(err);
        memcpy(s->packed, of->packed.data, of->packed.len);
        of->packed.data = s->packed;
    }
    s->item.block = p->block;
    return REEL_OK;
}

/* ---- unpacking ---- */

static enum reel_status
unpack(struct reel_read_pipeline *p, struct slot *s, struct reel_err *err)
{
    const struct reel_deblock_item *const of = &s->item.of;
    struct reel_cursor c =
        reel_cursor_init(of->packed.data, of->packed.len, &of->pos);
    struct reel_segment_header h;

    REEL_TRY(reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, err));
    if (h.compression != REEL_COMPRESSION_NONE &&
        !make_room(&s->raw, &s->raw_capacity, h.raw_bytes))
        return out_of_memory(err);
    return reel_segment_open(p->unpacker, of->packed.data, of->packed.len,
                             s->raw, s->raw_capacity, &s->item.raw, &of->pos,
                             err);
}

static void
unpack_slot(struct reel_read_pipeline *p, struct slot *s)
{
    s->item.looked = false;
    s->item.found  = 0;
    if (s->failed || s->item.of.event != REEL_DEBLOCK_SEGMENT)
        return;
    s->item.status = unpack(p, s, &s->item.err);
    s->failed      = s->item.status == REEL_E_MEMORY;
}

static void
look_at_slot(struct reel_read_pipeline *p, struct slot *s)
{
    struct reel_err why;
    enum reel_status status;

    if (s->failed || p->run.look == NULL)
        return;
    status = p->run.look(p->run.look_ctx, &s->item, &why);
    if (status == REEL_OK)
        return;
    s->failed      = true;
    s->item.status = status;
    s->item.err    = why;
}

/* ---- threads ---- */

static void *
reading_main(void *ctx)
{
    struct reel_read_pipeline *const p = ctx;
    struct slot *s;

    while ((s = reel_queue_take(&p->free)) != NULL &&
           !atomic_load(&p->stopping)) {
        enum reel_status status;

        s->failed = false;
        status    = read_next(p, s, &s->item.err);
        if (status == REEL_END)
            break;
        if (status != REEL_OK) {
            s->failed      = true;
            s->item.status = status;
        }
        if (!reel_queue_put(&p->packed, s) || status != REEL_OK)
            break;
    }
    reel_queue_close(&p->packed);
    return NULL;
}

static void *
unpacking_main(void *ctx)
{
    struct reel_read_pipeline *const p = ctx;
    struct slot *s;

    while ((s = reel_queue_take(&p->packed)) != NULL &&
           !atomic_load(&p->stopping)) {
        unpack_slot(p, s);
        if (!reel_queue_put(&p->unpacked, s))
            break;
    }
    reel_queue_close(&p->packed);
    reel_queue_close(&p->unpacked);
    return NULL;
}

static void *
looking_main(void *ctx)
{
    struct reel_read_pipeline *const p = ctx;
    struct slot *s;

    while ((s = reel_queue_take(&p->unpacked)) != NULL &&
           !atomic_load(&p->stopping)) {
        look_at_slot(p, s);
        if (!reel_queue_put(&p->done, s))
            break;
    }
    reel_queue_close(&p->unpacked);
    reel_queue_close(&p->done);
    return NULL;
}

static void
queues_fini(struct reel_read_pipeline *p)
{
    reel_queue_fini(&p->free);
    reel_queue_fini(&p->packed);
    reel_queue_fini(&p->unpacked);
    reel_queue_fini(&p->done);
}

static void
queues_close(struct reel_read_pipeline *p)
{
    atomic_store(&p->stopping, true);
    reel_queue_close(&p->free);
    reel_queue_close(&p->packed);
    reel_queue_close(&p->unpacked);
    reel_queue_close(&p->done);
}

static enum reel_status
start_threads(struct reel_read_pipeline *p, struct reel_err *err)
{
    unsigned int started = 0;
    size_t i;

    reel_queue_init(&p->free, SLOTS);
    reel_queue_init(&p->packed, SLOTS);
    reel_queue_init(&p->unpacked, SLOTS);
    reel_queue_init(&p->done, SLOTS);
    atomic_store(&p->stopping, false);
    for (i = 0; i < SLOTS; i++)
        (void)reel_queue_put(&p->free, &p->slots[i]);
    if (pthread_create(&p->reading, NULL, reading_main, p) == 0)
        started++;
    if (started == 1 &&
        pthread_create(&p->unpacking, NULL, unpacking_main, p) == 0)
        started++;
    if (started == 2 && pthread_create(&p->looking, NULL, looking_main, p) == 0)
        started++;
    p->running = started == 3;
    if (p->running)
        return REEL_OK;
    queues_close(p);
    if (started > 0)
        (void)pthread_join(p->reading, NULL);
    if (started > 1)
        (void)pthread_join(p->unpacking, NULL);
    queues_fini(p);
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no thread for reading");
}

enum reel_status
reel_read_know_run(struct reel_read_pipeline *p, uint32_t archive, uint32_t run,
                   uint64_t run_start, struct reel_err *err)
{
    return reel_deblock_run(p->deblock, archive, run, run_start, err);
}

enum reel_status
reel_read_start(struct reel_read_pipeline *p, const struct reel_read_run *run,
                struct reel_err *err)
{
    reel_read_stop(p);
    p->run       = *run;
    p->feeding   = false;
    p->read_over = false;
    p->marked    = false;
    p->absent    = false;
    memset(&p->block, 0, sizeof(p->block));
    p->v->goes_on  = false;
    p->v->deferred = p->threads && !run->alone;
    /* V-6: also where what is read first is a block of another set. */
    if (p->v->have_set)
        reel_deblock_set(p->deblock, p->v->set_id);
    if (run->jump)
        reel_deblock_jump(p->deblock, run->payload_offset);
    return p->threads && !run->alone ? start_threads(p, err) : REEL_OK;
}

void
reel_read_stop(struct reel_read_pipeline *p)
{
    p->given       = NULL;
    p->v->deferred = false;
    if (!p->running)
        return;
    queues_close(p);
    (void)pthread_join(p->reading, NULL);
    (void)pthread_join(p->unpacking, NULL);
    (void)pthread_join(p->looking, NULL);
    queues_fini(p);
    p->running = false;
    reel_reader_volume_tell(p->v);
}

/* The next item on the caller's own thread. */
static enum reel_status
next_here(struct reel_read_pipeline *p, struct reel_err *err)
{
    struct slot *const s = &p->slots[0];

    s->failed = false;
    REEL_TRY(read_next(p, s, err));
    unpack_slot(p, s);
    look_at_slot(p, s);
    p->given = s;
    return REEL_OK;
}

enum reel_status
reel_read_next(struct reel_read_pipeline *p, const struct reel_read_item **out,
               struct reel_err *err)
{
    if (!p->threads || p->run.alone) {
        REEL_TRY(next_here(p, err));
    } else {
        if (p->given != NULL)
            (void)reel_queue_put(&p->free, p->given);
        p->given = p->running ? reel_queue_take(&p->done) : NULL;
        if (p->given == NULL) {
            reel_read_stop(p);
            return REEL_END;
        }
    }
    if (p->given->failed) {
        if (err != NULL)
            *err = p->given->item.err;
        return p->given->item.status;
    }
    *out = &p->given->item;
    return REEL_OK;
}
