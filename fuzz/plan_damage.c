/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12: what damage must leave of a volume, judged by where the
   blocks of each object stand. */
#include <assert.h>
#include <string.h>

#include "plan_volume.h"
#include "reel/block_header.h"
#include "reel/record.h"
#include "reel/segment.h"
#include "tape_input.h"

#define ELEMENTS_MAX 4096U
#define DATA_BYTES_MAX 1048576U
#define NOISE_BYTES_MAX 600U
#define NOWHERE UINT32_MAX

/* A tape while it is damaged. */
struct damaged {
    struct reel_memory_tape *tape;
    uint32_t origin[ELEMENTS_MAX]; /* where each stood; NOWHERE: added */
    bool harmed[ELEMENTS_MAX];     /* by where it stood */
    bool told[ELEMENTS_MAX];       /* something bad was put in before it */
    size_t count;
    uint8_t sets; /* foreign ones so far */
};

static void
insert(struct damaged *d, size_t at, const struct reel_memory_element *e)
{
    must(d->count < ELEMENTS_MAX);
    must(!reel_memory_tape_insert(d->tape, at, e, NULL));
    memmove(&d->origin[at + 1], &d->origin[at],
            (d->count - at) * sizeof(d->origin[0]));
    d->origin[at] = NOWHERE;
    d->count++;
}

static void
harm(struct damaged *d, size_t at)
{
    if (d->origin[at] != NOWHERE)
        d->harmed[d->origin[at]] = true;
}

/* What comes next of the tape as it was is behind something bad. */
static void
tell(struct damaged *d, size_t at)
{
    while (at < d->count && d->origin[at] == NOWHERE)
        at++;
    if (at < d->count)
        d->told[d->origin[at]] = true;
}

static void
take_out(struct damaged *d, size_t at)
{
    must(!reel_memory_tape_remove(d->tape, at, NULL));
    d->count--;
    memmove(&d->origin[at], &d->origin[at + 1],
            (d->count - at) * sizeof(d->origin[0]));
}

static void
swap(struct damaged *d, size_t at)
{
    const struct reel_memory_element e = reel_memory_tape_get(d->tape, at);
    const uint32_t origin              = d->origin[at];

    if (at + 1 == d->count)
        return;
    harm(d, at);
    harm(d, at + 1);
    insert(d, at + 2, &e);
    d->origin[at + 2] = origin;
    take_out(d, at);
}

/* The block at `at` becomes one of another set. */
static void
make_foreign(struct damaged *d, size_t at, struct reel_memory_element e)
{
    static uint8_t block[REEL_BLOCK_BYTES_MIN];
    struct reel_block_header h;

    if (reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) != REEL_OK)
        return;
    memcpy(block, e.bytes, sizeof(block));
    memset(h.set_id, ++d->sets, sizeof(h.set_id));
    must(!reel_block_seal(&h, block, NULL));
    e.bytes = block;
    must(!reel_memory_tape_set(d->tape, at, &e, NULL));
    harm(d, at);
}

/* Harm to the block `e` at `at`. */
static void
harm_block(struct damaged *d, const struct plan_damage *by, size_t at,
           struct reel_memory_element e)
{
    static const uint8_t zeros[REEL_BLOCK_BYTES_MIN];

    switch (by->harm) {
    case PLAN_FLIP:
        must(!reel_memory_tape_flip(
            d->tape, at, by->what % (8U * (unsigned int)e.byte_count), NULL));
        break;
    case PLAN_UNREADABLE:
        must(!reel_memory_tape_spoil(d->tape, at, NULL));
        break;
    case PLAN_ZERO: /* noise may be longer */
        e.bytes = zeros;
        e.byte_count =
            e.byte_count < sizeof(zeros) ? e.byte_count : sizeof(zeros);
        must(!reel_memory_tape_set(d->tape, at, &e, NULL));
        break;
    case PLAN_SHORTEN:
        e.byte_count = by->what % e.byte_count + 1;
        must(!reel_memory_tape_set(d->tape, at, &e, NULL));
        break;
    default:
        make_foreign(d, at, e);
        return;
    }
    harm(d, at);
}

static void
add_noise(struct damaged *d, const struct plan_damage *by, size_t at)
{
    uint8_t noise[NOISE_BYTES_MAX];
    const size_t len = by->what % sizeof(noise) + 1;

    for (size_t i = 0; i < len; i++)
        noise[i] = (uint8_t)(i * i + by->what);
    insert(d, at,
           &(struct reel_memory_element){.bytes = noise, .byte_count = len});
    tell(d, at);
}

/* The block `e` once more, behind where it stands: before that it would hide
   what is between. */
static void
repeat(struct damaged *d, const struct plan_damage *by, size_t at,
       struct reel_memory_element e)
{
    must(at < d->count);
    insert(d, at + 1 + by->what % (d->count - at), &e);
}

static void
apply(struct damaged *d, const struct plan_damage *by)
{
    struct reel_memory_element e;
    size_t at;

    assert(d->count > 0);
    at = by->where % d->count;
    e  = reel_memory_tape_get(d->tape, at);
    switch (by->harm) {
    case PLAN_REMOVE:
        if (!e.filemark)
            harm(d, at);
        if (d->count > 1)
            take_out(d, at);
        break;
    case PLAN_CUT_TAPE:
        while (d->count > at + 1) {
            harm(d, d->count - 1);
            take_out(d, d->count - 1);
        }
        break;
    case PLAN_REPEAT:
        repeat(d, by, at, e);
        break;
    case PLAN_SWAP:
        swap(d, at);
        break;
    case PLAN_NOISE:
        add_noise(d, by, at);
        break;
    case PLAN_MARK:
        insert(d, at, &(struct reel_memory_element){.filemark = true});
        break;
    default:
        if (!e.filemark && e.byte_count > 0)
            harm_block(d, by, at, e);
        break;
    }
}

/* ---- Where the objects stand ---- */

/* All payloads of data, end to end, and the block each octet is in. */
static uint8_t octets[DATA_BYTES_MAX];
static uint32_t block_of[DATA_BYTES_MAX];

static size_t
gather(const struct reel_memory_tape *tape)
{
    size_t len = 0;

    for (uint32_t at = 0; at < reel_memory_tape_count(tape); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, at);
        struct reel_block_header h;

        if (e.filemark ||
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) !=
                REEL_OK ||
            h.kind != REEL_BLOCK_DATA)
            continue;
        must(len + h.payload_bytes <= sizeof(octets));
        memcpy(octets + len, e.bytes + REEL_BLOCK_HEADER_BYTES,
               h.payload_bytes);
        for (size_t i = 0; i < h.payload_bytes; i++)
            block_of[len++] = at;
    }
    return len;
}

struct span {
    uint32_t from; /* first and last block with records of an object */
    uint32_t to;
};

static void
widen(struct span spans[PLAN_OBJECTS_MAX], const uint8_t *raw, size_t raw_bytes,
      uint32_t from, uint32_t to)
{
    struct reel_cursor c = reel_cursor_init(raw, raw_bytes, NULL);
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        if (r.object == 0)
            continue;
        must(r.object <= PLAN_OBJECTS_MAX);
        if (spans[r.object - 1].to == 0)
            spans[r.object - 1].from = from;
        spans[r.object - 1].to = to;
    }
}

static void
find_spans(const struct reel_memory_tape *tape,
           struct span spans[PLAN_OBJECTS_MAX])
{
    static uint8_t raw[REEL_SEGMENT_LIMIT_MIN];
    struct reel_unpacker *const u = reel_unpacker_new();
    const size_t len              = gather(tape);
    size_t at                     = 0;

    must(u != NULL);
    memset(spans, 0, PLAN_OBJECTS_MAX * sizeof(*spans));
    while (at < len) {
        struct reel_cursor c = reel_cursor_init(octets + at, len - at, NULL);
        struct reel_segment_header h;
        size_t whole;
        size_t n;

        must(!reel_segment_header_decode(&h, &c, REEL_SEGMENT_LIMIT_MAX, NULL));
        whole = REEL_SEGMENT_HEADER_BYTES + h.stored_bytes;
        must(whole <= len - at);
        must(!reel_segment_unpack(u, octets + at, whole, raw, sizeof(raw), &n,
                                  NULL, NULL));
        widen(spans, raw, n, block_of[at], block_of[at + whole - 1]);
        at += whole;
    }
    reel_unpacker_free(u);
}

/* Could the set be taken for another one (12.1)? */
static bool
set_in_doubt(const struct reel_memory_tape *tape)
{
    struct reel_block_header h;

    for (uint64_t at = 0; at < reel_memory_tape_count(tape); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, at);

        if (!e.filemark && !e.unreadable &&
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) == REEL_OK)
            return h.set_id[0] != 0x5E;
    }
    return true;
}

static void
judge(const struct plan *p, const struct damaged *d,
      const struct span spans[PLAN_OBJECTS_MAX], bool whole[PLAN_OBJECTS_MAX])
{
    const bool doubt = set_in_doubt(d->tape);

    for (size_t i = 0; i < p->object_count; i++) {
        must(spans[i].to > 0);
        whole[i] = !doubt && !d->harmed[spans[i].from];
        for (uint32_t at = spans[i].from + 1; at <= spans[i].to; at++)
            whole[i] = whole[i] && !d->harmed[at] && !d->told[at];
        whole[i] = whole[i] && whole[p->objects[i].first];
    }
}

struct reel_memory_tape *
plan_volume_damage(const struct plan *p, const struct reel_memory_tape *good,
                   bool whole[PLAN_OBJECTS_MAX])
{
    static struct damaged d;
    struct span spans[PLAN_OBJECTS_MAX];

    memset(&d, 0, sizeof(d));
    d.tape = reel_memory_tape_new(
        &(struct reel_memory_options){.no_locate = p->as_pipe});
    must(d.tape != NULL);
    for (uint32_t at = 0; at < reel_memory_tape_count(good); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(good, at);

        insert(&d, at, &e);
        d.origin[at] = at;
    }
    for (size_t i = 0; i < p->damage_count; i++)
        apply(&d, &p->damages[i]);
    find_spans(good, spans);
    judge(p, &d, spans, whole);
    return d.tape;
}
