/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor and ceiling, spec chapter 12: the input says what is written on a
 * volume and what is done to it. No octet is given out that was not put in at
 * that place of that object; every object that no damage touched is given out
 * whole, and called proven by the verifier, too.
 */
#include <string.h>

#include "engine.h"
#include "plan_source.h"
#include "plan_volume.h"
#include "reel/verify.h"
#include "reel_fuzz.h"
#include "tape_input.h"
#include "watch_sink.h"

struct truth {
    const struct plan *plan;
    size_t at;   /* the object at hand */
    size_t name; /* the same, or that of its further names it is put under */
    uint32_t streams;
    bool given[PLAN_OBJECTS_MAX];
};

/* The name of object `first` that is `path`. */
static size_t
name_of(const struct plan *p, size_t first, struct reel_bytes path)
{
    size_t i = first;

    while (i < p->object_count &&
           (p->objects[i].first != first ||
            !reel_bytes_equal(path, reel_bytes_of(p->objects[i].path))))
        i++;
    must(i < p->object_count);
    return i;
}

static void
on_begin(void *ctx, uint64_t number, const struct reel_object *o)
{
    struct truth *const t = ctx;

    must(number <= t->plan->object_count);
    t->at      = (size_t)number - 1;
    t->name    = name_of(t->plan, t->at, o->path);
    t->streams = 0;
    must(o->kind == t->plan->objects[t->at].kind);
}

static void
on_xattr(void *ctx, const struct reel_xattr *x)
{
    struct truth *const t = ctx;
    uint8_t value[256];
    const struct reel_xattr was = plan_object_xattr(t->plan, t->at, value);

    must(reel_bytes_equal(x->name, was.name));
    must(reel_bytes_equal(x->value, was.value));
}

static void
on_stream(void *ctx, const struct reel_stream *s)
{
    struct truth *const t             = ctx;
    const struct plan_object *const o = &t->plan->objects[t->at];

    must(s->ordinal < o->stream_count);
    must(s->header.id == o->streams[s->ordinal].id);
    must(s->header.size == o->streams[s->ordinal].size);
    must(s->header.name.len == o->streams[s->ordinal].name_bytes);
    for (size_t i = 0; i < s->header.name.len; i++)
        must(s->header.name.data[i] == plan_name_octet(t->at, s->ordinal, i));
    t->streams++;
}

static void
on_data(void *ctx, const struct reel_data *d)
{
    const struct truth *const t = ctx;

    for (size_t i = 0; i < d->bytes.len; i++)
        must(d->bytes.data[i] ==
             plan_octet(t->plan, t->at, d->ordinal, d->stream_offset + i));
}

static void
on_end(void *ctx, bool proven)
{
    struct truth *const t = ctx;

    must(!proven || t->streams == t->plan->objects[t->at].stream_count);
    t->given[t->name] = t->given[t->name] || proven;
}

static void
on_link(void *ctx, const struct reel_object *o, bool made)
{
    struct truth *const t = ctx;

    must(o->target > 0 && o->target <= t->plan->object_count);
    t->given[name_of(t->plan, (size_t)o->target - 1, o->path)] = made;
}

static void
read_all(struct reel_memory_tape *tape, struct truth *t)
{
    const struct watch_calls calls = {t,       on_begin, on_xattr, on_stream,
                                      on_data, on_end,   on_link};
    struct reel_access access      = {.catalog_fd = -1, .threads = 1};
    struct reel_restore_result result;
    struct reel_session session;
    struct watch_sink sink;
    struct reel_err err;

    watch_sink_init(&sink, &calls);
    must(!reel_medium_memory_new(&access.medium, tape, REEL_MEDIUM_READ, NULL));
    if (reel_session_open(&session, &access, NULL, &err) == REEL_OK)
        (void)!reel_engine_run(&session, &sink.sink, &result, &err);
    reel_session_close(&session);
    must(!reel_medium_close(access.medium, NULL));
}

static void
on_verdict(void *ctx, const struct reel_verify_item *item)
{
    struct truth *const t = ctx;

    must(item->number <= t->plan->object_count);
    if (item->number > 0)
        t->given[item->number - 1] = item->verdict == REEL_VERDICT_PROVEN ||
                                     item->verdict == REEL_VERDICT_FLAWED;
}

static void
verify_all(struct reel_memory_tape *tape, struct truth *t)
{
    struct reel_verify_options o = {.depth    = REEL_VERIFY_FULL,
                                    .threads  = 1,
                                    .item     = on_verdict,
                                    .item_ctx = t};
    struct reel_verify_result result;

    must(!reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL));
    (void)!reel_verify(&o, &result, NULL);
    must(!reel_medium_close(o.medium, NULL));
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static struct plan plan;
    bool whole[PLAN_OBJECTS_MAX];
    struct truth reader   = {.plan = &plan};
    struct truth verifier = {.plan = &plan};
    struct reel_memory_tape *good;
    struct reel_memory_tape *bad;

    plan_draw(&plan, data, size);
    good = plan_volume_write(&plan);
    bad  = plan_volume_damage(&plan, good, whole);
    reel_memory_tape_free(good);
    read_all(bad, &reader);
    verify_all(bad, &verifier);
    reel_memory_tape_free(bad);
    for (size_t i = 0; i < plan.object_count; i++)
        must(!whole[i] || (reader.given[i] && verifier.given[i]));
    return 0;
}
