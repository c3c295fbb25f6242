/* SPDX-License-Identifier: Apache-2.0 */
/* Chapter 4's segments between the pipeline and a drive; writer. A ring in
   which every entry stands in one piece. */
#include "burst_buffer.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "reel/alloc.h"

#define ALIGNMENT 64U
#define ENTRIES_MIN 4U

/* Stands in front of each entry; the rest of the ring's end is an entry that
   is only passed over. */
struct entry {
    size_t part_len;
    size_t packed_len;
    size_t span; /* of all of it, a multiple of ALIGNMENT */
    bool pass_over;
};

struct reel_burst_buffer {
    uint8_t *ring;
    size_t size;
    size_t head; /* where the next entry goes */
    size_t tail; /* the oldest entry */
    size_t used;
    size_t start_mark;
    size_t stop_mark;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool draining;    /* a burst is on */
    bool putter_full; /* who puts has no room */
    bool closed;
    bool aborted;

    struct reel_write_bursts seen;
    uint64_t burst_bytes; /* of the burst at hand */
};

static size_t
align(size_t n)
{
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t
span_of(size_t part_len, size_t packed_len)
{
    return align(sizeof(struct entry) + part_len + packed_len);
}

struct reel_burst_buffer *
reel_burst_buffer_new(uint64_t bytes, size_t entry_bytes)
{
    struct reel_burst_buffer *const b = reel_alloc_array(1, sizeof(*b));
    const size_t least                = ENTRIES_MIN * span_of(0, entry_bytes);

    if (b == NULL || bytes > SIZE_MAX / 2) {
        reel_free(b);
        return NULL;
    }
    b->size = align(bytes < least ? least : (size_t)bytes);
    b->ring = reel_alloc_array(b->size, 1);
    if (b->ring == NULL) {
        reel_free(b);
        return NULL;
    }
    b->start_mark = b->size / 4 * 3;
    b->stop_mark  = b->size / 16;
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_cond_init(&b->changed, NULL);
    return b;
}

void
reel_burst_buffer_free(struct reel_burst_buffer *b)
{
    if (b == NULL)
        return;
    (void)pthread_cond_destroy(&b->changed);
    (void)pthread_mutex_destroy(&b->lock);
    reel_free(b->ring);
    reel_free(b);
}

/* Pre: locked, and `span` is free at the head. */
static void
advance_head(struct reel_burst_buffer *b, size_t span)
{
    b->head = (b->head + span) % b->size;
    b->used += span;
}

/* Wait until `span` octets are free in one piece. Pre: locked. */
static bool
reserve(struct reel_burst_buffer *b, size_t span)
{
    for (;;) {
        const size_t free_bytes = b->size - b->used;
        const size_t to_end     = b->size - b->head;

        if (b->aborted)
            return false;
        if (to_end < span && to_end <= free_bytes) {
            const struct entry rest = {0, 0, to_end, true};

            memcpy(b->ring + b->head, &rest, sizeof(rest));
            advance_head(b, to_end);
            continue;
        }
        if (span <= free_bytes && span <= to_end)
            return true;
        b->putter_full = true;
        (void)pthread_cond_broadcast(&b->changed);
        (void)pthread_cond_wait(&b->changed, &b->lock);
    }
}

bool
reel_burst_buffer_put(struct reel_burst_buffer *b, struct reel_bytes part,
                      struct reel_bytes packed)
{
    const struct entry e = {part.len, packed.len, span_of(part.len, packed.len),
                            false};
    uint8_t *to;
    bool room;

    (void)pthread_mutex_lock(&b->lock);
    room = reserve(b, e.span);
    to   = b->ring + b->head;
    (void)pthread_mutex_unlock(&b->lock);
    if (!room)
        return false;
    memcpy(to, &e, sizeof(e));
    if (part.len > 0)
        memcpy(to + sizeof(e), part.data, part.len);
    memcpy(to + sizeof(e) + part.len, packed.data, packed.len);
    (void)pthread_mutex_lock(&b->lock);
    advance_head(b, e.span);
    b->putter_full = false;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
    return true;
}

static uint64_t
now_ns(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void
end_burst(struct reel_burst_buffer *b)
{
    if (b->seen.shortest_bytes == 0 || b->burst_bytes < b->seen.shortest_bytes)
        b->seen.shortest_bytes = b->burst_bytes;
    b->burst_bytes = 0;
    b->draining    = false;
}

/* Wait for what a new burst needs. Pre: locked. */
static void
await_start(struct reel_burst_buffer *b)
{
    const bool first     = b->seen.bursts == 0;
    const uint64_t begun = now_ns();

    while (!b->aborted && !b->closed && !b->putter_full &&
           b->used < b->start_mark)
        (void)pthread_cond_wait(&b->changed, &b->lock);
    if (b->used == 0)
        return;
    b->draining = true;
    b->seen.bursts++;
    /* The drive does not run yet before the first burst. */
    if (!first)
        b->seen.waited_ns += now_ns() - begun;
}

/* The oldest entry that is not only passed over. Pre: locked. */
static bool
oldest(struct reel_burst_buffer *b, struct entry *e)
{
    while (b->used > 0) {
        memcpy(e, b->ring + b->tail, sizeof(*e));
        if (!e->pass_over)
            return true;
        b->tail = 0;
        b->used -= e->span;
        b->putter_full = false;
        (void)pthread_cond_broadcast(&b->changed);
    }
    return false;
}

bool
reel_burst_buffer_take(struct reel_burst_buffer *b, struct reel_bytes *part,
                       struct reel_bytes *packed)
{
    struct entry e = {0};
    bool have;

    (void)pthread_mutex_lock(&b->lock);
    if (b->draining && !b->closed && b->used <= b->stop_mark)
        end_burst(b);
    do {
        if (!b->draining)
            await_start(b);
        have = !b->aborted && oldest(b, &e);
        if (!have)
            b->draining = false;
    } while (!have && !b->aborted && !b->closed);
    if (have) {
        part->data   = b->ring + b->tail + sizeof(e);
        part->len    = e.part_len;
        packed->data = part->data + e.part_len;
        packed->len  = e.packed_len;
        b->burst_bytes += e.packed_len;
    }
    (void)pthread_mutex_unlock(&b->lock);
    return have;
}

void
reel_burst_buffer_drop(struct reel_burst_buffer *b)
{
    struct entry e;

    (void)pthread_mutex_lock(&b->lock);
    memcpy(&e, b->ring + b->tail, sizeof(e));
    b->tail = (b->tail + e.span) % b->size;
    b->used -= e.span;
    b->putter_full = false; /* until it has looked again */
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

void
reel_burst_buffer_close(struct reel_burst_buffer *b)
{
    (void)pthread_mutex_lock(&b->lock);
    b->closed = true;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

void
reel_burst_buffer_abort(struct reel_burst_buffer *b)
{
    (void)pthread_mutex_lock(&b->lock);
    b->aborted = true;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

struct reel_write_bursts
reel_burst_buffer_bursts(const struct reel_burst_buffer *b)
{
    return b->seen;
}
