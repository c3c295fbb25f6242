/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory backend of the medium interface; spec chapter 2. Elements stand
 * in an array; memory_tape_* changes it directly, the medium walks along it.
 */
#include "reel/medium_memory.h"

#include <assert.h>
#include <string.h>

#include "capacity.h"
#include "medium_ops.h"
#include "reel/alloc.h"

#define BLOCK_BYTES_MAX 0x00FFFFFFu

struct element {
    bool filemark;
    bool unreadable;
    uint8_t *bytes;
    size_t byte_count;
};

struct reel_memory_tape {
    struct reel_memory_options options;
    struct element *elements;
    size_t count;
    size_t room;
    unsigned long calls;
    unsigned long fail_at;
    bool fail_after;
    bool end_lost;
    bool open;
    bool changed; /* behind the back of the medium that is open on it */
};

struct memory {
    struct reel_medium base;
    struct reel_memory_tape *tape;
    struct reel_capacity capacity;
    bool full_met; /* options.full_on_tape has had its effect */
    size_t at;
    uint64_t used; /* bytes of the blocks before `at` */
};

/* ---- the tape ---- */

struct reel_memory_tape *
reel_memory_tape_new(const struct reel_memory_options *options)
{
    struct reel_memory_tape *t = reel_alloc_array(1, sizeof(*t));

    if (t && options)
        t->options = *options;
    return t;
}

/* Forget everything from `count` on. */
static void
tape_cut(struct reel_memory_tape *t, size_t count)
{
    while (t->count > count)
        reel_free(t->elements[--t->count].bytes);
}

void
reel_memory_tape_free(struct reel_memory_tape *t)
{
    if (!t)
        return;
    assert(!t->open);
    tape_cut(t, 0);
    reel_free(t->elements);
    reel_free(t);
}

uint64_t
reel_memory_tape_count(const struct reel_memory_tape *t)
{
    return t->count;
}

struct reel_memory_element
reel_memory_tape_get(const struct reel_memory_tape *t, uint64_t address)
{
    const struct element *e;

    assert(address < t->count);
    e = &t->elements[address];
    return (struct reel_memory_element){e->filemark, e->unreadable, e->bytes,
                                        e->byte_count};
}

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the tape in memory");
}

static enum reel_status
need_address(const struct reel_memory_tape *t, uint64_t address, size_t count,
             struct reel_err *err)
{
    const struct reel_pos pos = {.block = address};

    if (address < count)
        return REEL_OK;
    return reel_fail(err, REEL_E_MISUSE, &pos, NULL,
                     "address %llu is behind the %zu elements of the tape",
                     (unsigned long long)address, t->count);
}

static enum reel_status
element_copy(struct element *out, const struct reel_memory_element *in,
             struct reel_err *err)
{
    struct element e = {in->filemark, in->unreadable, NULL, in->byte_count};

    if (in->filemark ? in->byte_count > 0 : in->byte_count > 0 && !in->bytes)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a filemark has no bytes, a block has them all");
    if (e.byte_count > 0) {
        e.bytes = reel_alloc_array(e.byte_count, 1);
        if (!e.bytes)
            return out_of_memory(err);
        memcpy(e.bytes, in->bytes, e.byte_count);
    }
    *out = e;
    return REEL_OK;
}

static enum reel_status
tape_make_room(struct reel_memory_tape *t, struct reel_err *err)
{
    const size_t room = t->room > 0 ? 2 * t->room : 64;
    struct element *grown;

    if (t->count < t->room)
        return REEL_OK;
    grown = reel_realloc_array(t->elements, room, sizeof(*grown));
    if (!grown)
        return out_of_memory(err);
    t->elements = grown;
    t->room     = room;
    return REEL_OK;
}

enum reel_status
reel_memory_tape_set(struct reel_memory_tape *t, uint64_t address,
                     const struct reel_memory_element *element,
                     struct reel_err *err)
{
    struct element copy;

    REEL_TRY(need_address(t, address, t->count, err));
    REEL_TRY(element_copy(&copy, element, err));
    reel_free(t->elements[address].bytes);
    t->elements[address] = copy;
    t->changed           = true;
    return REEL_OK;
}

enum reel_status
reel_memory_tape_insert(struct reel_memory_tape *t, uint64_t address,
                        const struct reel_memory_element *element,
                        struct reel_err *err)
{
    struct element copy;
    size_t at;

    REEL_TRY(need_address(t, address, t->count + 1, err));
    REEL_TRY(tape_make_room(t, err));
    REEL_TRY(element_copy(&copy, element, err));
    at = (size_t)address;
    memmove(t->elements + at + 1, t->elements + at,
            (t->count - at) * sizeof(*t->elements));
    t->elements[at] = copy;
    t->count++;
    t->changed = true;
    return REEL_OK;
}

enum reel_status
reel_memory_tape_remove(struct reel_memory_tape *t, uint64_t address,
                        struct reel_err *err)
{
    size_t at;

    REEL_TRY(need_address(t, address, t->count, err));
    at = (size_t)address;
    reel_free(t->elements[at].bytes);
    t->count--;
    t->changed = true;
    memmove(t->elements + at, t->elements + at + 1,
            (t->count - at) * sizeof(*t->elements));
    return REEL_OK;
}

enum reel_status
reel_memory_tape_flip(struct reel_memory_tape *t, uint64_t address,
                      uint64_t bit, struct reel_err *err)
{
    struct element *e;

    REEL_TRY(need_address(t, address, t->count, err));
    e = &t->elements[address];
    if (bit / 8 >= e->byte_count)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "bit %llu is behind the %zu bytes of the block",
                         (unsigned long long)bit, e->byte_count);
    e->bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    return REEL_OK;
}

enum reel_status
reel_memory_tape_spoil(struct reel_memory_tape *t, uint64_t address,
                       struct reel_err *err)
{
    REEL_TRY(need_address(t, address, t->count, err));
    if (t->elements[address].filemark)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a filemark cannot be made unreadable");
    t->elements[address].unreadable = true;
    return REEL_OK;
}

void
reel_memory_tape_lose_end(struct reel_memory_tape *t)
{
    t->end_lost = true;
}

void
reel_memory_tape_fail_at(struct reel_memory_tape *t, unsigned long nth,
                         bool and_after)
{
    t->calls      = 0;
    t->fail_at    = nth;
    t->fail_after = and_after;
}

unsigned long
reel_memory_tape_calls(const struct reel_memory_tape *t)
{
    return t->calls;
}

/* ---- the medium ---- */

/* The test changed the tape: keep the address, count the bytes anew. */
static void
catch_up(struct memory *m)
{
    const struct reel_memory_tape *t = m->tape;

    if (m->at > t->count)
        m->at = t->count;
    m->used = 0;
    for (size_t i = 0; i < m->at; i++)
        m->used += t->elements[i].byte_count;
}

/* Every call passes here; the one that was asked to fail fails. */
static enum reel_status
count_call(struct memory *m, struct reel_err *err)
{
    struct reel_memory_tape *t = m->tape;
    const struct reel_pos pos  = {.block = m->at};

    if (t->changed)
        catch_up(m);
    t->changed = false;
    t->calls++;
    if (t->fail_at == 0 || t->calls < t->fail_at ||
        (t->calls > t->fail_at && !t->fail_after))
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                     "call %lu of the medium was asked to fail", t->calls);
}

static void
pass_forward(struct memory *m)
{
    m->used += m->tape->elements[m->at].byte_count;
    m->at++;
}

static void
pass_backward(struct memory *m)
{
    m->at--;
    m->used -= m->tape->elements[m->at].byte_count;
}

static void
go_to(struct memory *m, size_t address)
{
    while (m->at < address)
        pass_forward(m);
    while (m->at > address)
        pass_backward(m);
    reel_capacity_moved(&m->capacity, m->used);
}

static enum reel_event
event_of(const struct element *e, size_t capacity)
{
    if (e->filemark)
        return REEL_EVENT_FILEMARK;
    if (e->unreadable)
        return REEL_EVENT_UNREADABLE;
    return e->byte_count > capacity ? REEL_EVENT_TOO_LONG : REEL_EVENT_BLOCK;
}

/* Is `at` the end of data, and that is lost? */
static enum reel_status
need_end(const struct memory *m, uint64_t at, struct reel_err *err)
{
    const struct reel_pos pos = {.block = at};

    if (!m->tape->end_lost || at < m->tape->count)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                     "the end of data cannot be found");
}

static enum reel_status
memory_read(void *state, void *buf, size_t capacity, enum reel_event *event,
            size_t *block_bytes, struct reel_err *err)
{
    struct memory *m = state;
    const struct element *e;

    REEL_TRY(count_call(m, err));
    REEL_TRY(need_end(m, m->at, err));
    *block_bytes = 0;
    if (m->at >= m->tape->count) {
        *event = REEL_EVENT_END;
        return REEL_OK;
    }
    e      = &m->tape->elements[m->at];
    *event = event_of(e, capacity);
    if (*event == REEL_EVENT_BLOCK || *event == REEL_EVENT_TOO_LONG)
        *block_bytes = e->byte_count;
    if (*event == REEL_EVENT_BLOCK && e->byte_count > 0)
        memcpy(buf, e->bytes, e->byte_count);
    pass_forward(m);
    reel_capacity_moved(&m->capacity, m->used);
    return REEL_OK;
}

/* Put `element` at the position; what stood there and behind is gone. */
static enum reel_status
append(struct memory *m, const struct reel_memory_element *element,
       struct reel_err *err)
{
    const struct reel_pos pos = {.block = m->at};

    REEL_TRY(need_end(m, m->at, err));
    if (m->tape->options.write_once && m->at < m->tape->count)
        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "the tape is write-once, and something stands there");
    tape_cut(m->tape, m->at);
    REEL_TRY(reel_memory_tape_insert(m->tape, m->at, element, err));
    m->tape->changed  = false;
    m->tape->end_lost = false;
    pass_forward(m);
    return REEL_OK;
}

static enum reel_status
full(struct memory *m, struct reel_err *err)
{
    const struct reel_pos pos = {.block = m->at};

    return reel_fail(err, REEL_E_FULL, &pos, NULL,
                     "the end of the medium is near or met");
}

static enum reel_status
memory_write(void *state, const void *buf, size_t bytes, struct reel_err *err)
{
    struct memory *m                         = state;
    const struct reel_memory_element element = {false, false, buf, bytes};
    enum reel_room room;

    REEL_TRY(count_call(m, err));
    room = reel_capacity_ask(&m->capacity, m->used, bytes);
    if (room == REEL_ROOM_TURN && m->tape->options.full_on_tape &&
        !m->full_met) {
        m->full_met = true;
        REEL_TRY(append(m, &element, err));
        return full(m, err);
    }
    if (room != REEL_ROOM)
        return full(m, err);
    REEL_TRY(append(m, &element, err));
    reel_capacity_written(&m->capacity, m->used);
    return REEL_OK;
}

static enum reel_status
memory_filemark(void *state, struct reel_err *err)
{
    static const struct reel_memory_element mark = {.filemark = true};
    struct memory *m                             = state;

    REEL_TRY(count_call(m, err));
    REEL_TRY(append(m, &mark, err));
    reel_capacity_filemark(&m->capacity);
    return REEL_OK;
}

static enum reel_status
memory_space(void *state, int64_t count, int64_t *passed, struct reel_err *err)
{
    struct memory *m = state;
    size_t at        = m->at;

    REEL_TRY(count_call(m, err));
    while (count > 0 && *passed < count && at < m->tape->count)
        *passed += m->tape->elements[at++].filemark;
    while (count < 0 && -*passed > count && at > 0)
        *passed += m->tape->elements[--at].filemark;
    go_to(m, at);
    return count > 0 && *passed < count ? need_end(m, at, err) : REEL_OK;
}

static enum reel_status
memory_locate(void *state, uint64_t address, struct reel_err *err)
{
    struct memory *m          = state;
    const size_t count        = m->tape->count;
    const struct reel_pos pos = {.block = count};

    REEL_TRY(count_call(m, err));
    if (!m->base.info.can_locate && address < m->at)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a pipe cannot go backward");
    go_to(m, address < count ? (size_t)address : count);
    if (address <= count)
        return REEL_OK;
    REEL_TRY(need_end(m, address, err));
    return reel_fail(err, REEL_E_TRUNCATED, &pos, NULL,
                     "the medium ends before address %llu",
                     (unsigned long long)address);
}

static enum reel_status
memory_tell(void *state, uint64_t *address, struct reel_err *err)
{
    struct memory *m = state;

    REEL_TRY(count_call(m, err));
    *address = m->at;
    return REEL_OK;
}

static enum reel_status
memory_end_of_data(void *state, struct reel_err *err)
{
    struct memory *m = state;

    REEL_TRY(count_call(m, err));
    go_to(m, m->tape->count);
    return need_end(m, m->at, err);
}

static bool
memory_early_warning(const void *state)
{
    const struct memory *m = state;

    return m->capacity.warned;
}

static enum reel_status
memory_close(void *state, struct reel_err *err)
{
    struct memory *m              = state;
    const enum reel_status status = count_call(m, err);

    m->tape->open = false;
    reel_free(m);
    return status;
}

static const struct reel_medium_ops memory_ops = {
    .read            = memory_read,
    .write           = memory_write,
    .filemark        = memory_filemark,
    .space_filemarks = memory_space,
    .locate          = memory_locate,
    .tell            = memory_tell,
    .end_of_data     = memory_end_of_data,
    .early_warning   = memory_early_warning,
    .close           = memory_close,
};

enum reel_status
reel_medium_memory_new(struct reel_medium **out, struct reel_memory_tape *tape,
                       enum reel_medium_mode mode, struct reel_err *err)
{
    const struct reel_memory_options *o = &tape->options;
    struct memory *m;

    if (tape->open)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "the tape is open already");
    m = reel_alloc_array(1, sizeof(*m));
    if (!m)
        return out_of_memory(err);
    m->base.ops             = &memory_ops;
    m->base.state           = m;
    m->base.mode            = mode;
    m->base.info.can_locate = !o->no_locate;
    m->base.info.drive      = o->drive;
    m->base.info.write_protected =
        o->write_protected || mode != REEL_MEDIUM_WRITE;
    m->base.info.append_only = o->write_once;
    m->base.info.block_bytes_max =
        o->block_bytes_max > 0 ? o->block_bytes_max : BLOCK_BYTES_MAX;
    m->capacity.bytes_max           = o->capacity_bytes;
    m->capacity.early_warning_bytes = o->early_warning_bytes;
    m->tape                         = tape;
    tape->open                      = true;
    *out                            = &m->base;
    return REEL_OK;
}
