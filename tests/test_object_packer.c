/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec chapters 5 to 8: what the packer and the digest stage make of objects of
 * every shape is what the walk takes without a fault, whatever the segments.
 */
#include "suite.h"

#include <string.h>

#include "digest_stage.h"
#include "fake_source.h"
#include "object_packer.h"
#include "reel/alloc.h"
#include "reel/segment.h"
#include "reel/walk.h"

/* Segments this short cut objects everywhere; the codec takes any length. */
#define SEGMENT_BYTES 9000U

/* Segments go straight through digests and walk, in one thread. */
struct line {
    struct reel_job *job;
    struct reel_digest_stage digests;
    struct reel_walk *walk;
    unsigned int segments;
    unsigned int faults;
    unsigned int proven;
    unsigned int flawed;
    unsigned int other;
    uint32_t bad_ranges;
    uint64_t data_bytes;
    bool wrong_octet;
    bool in_link;
    char rule[8];
};

static struct reel_job *
get(void *ctx)
{
    struct line *const l = ctx;

    reel_job_reset(l->job);
    return l->job;
}

static bool
put(void *ctx, struct reel_job *j)
{
    static const struct reel_pos nowhere;
    struct line *const l    = ctx;
    struct reel_place place = {1, 0, l->segments, 0, 0, 0};
    struct reel_err err;

    l->segments++;
    ck_assert_int_eq(
        reel_digest_stage_run(&l->digests, j->raw.buf, j->raw.len, &err),
        REEL_OK);
    ck_assert_int_eq(reel_walk_segment(l->walk, j->raw.buf, j->raw.len, &place,
                                       &nowhere, &err),
                     REEL_OK);
    return true;
}

static enum reel_status
on_stream(void *ctx, const struct reel_stream *s, struct reel_err *err)
{
    struct line *const l = ctx;

    (void)err;
    l->in_link = s->header.id == REEL_STREAM_LINK;
    return REEL_OK;
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    struct line *const l = ctx;
    const uint64_t at    = d->stream_offset;
    size_t i;

    (void)err;
    l->data_bytes += d->bytes.len;
    for (i = 0; i < d->bytes.len && d->sparse_offset == REEL_NONE64; i++)
        if (!l->in_link && d->bytes.data[i] != 0 &&
            d->bytes.data[i] != fake_octet(at + i))
            l->wrong_octet = true;
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct line *const l = ctx;

    (void)number;
    (void)err;
    if (outcome == REEL_WALK_PROVEN)
        l->proven++;
    else if (outcome == REEL_WALK_FLAWED)
        l->flawed++;
    else
        l->other++;
    if (e != NULL)
        l->bad_ranges += e->bad_ranges;
    return REEL_OK;
}

static enum reel_status
on_fault(void *ctx, uint64_t number, const struct reel_err *why,
         struct reel_err *err)
{
    struct line *const l = ctx;

    (void)number;
    (void)err;
    l->faults++;
    (void)strncpy(l->rule, why->rule, sizeof(l->rule) - 1);
    return REEL_OK;
}

static void
run(struct line *l, size_t segment_bytes, const struct fake_object *objects,
    size_t count)
{
    static const struct reel_reporter report;
    struct reel_walk_calls calls;
    struct fake_source f;
    struct reel_object_packer_options o;
    struct reel_object_packer *p;
    struct reel_err err;

    memset(&calls, 0, sizeof(calls));
    calls.ctx    = l;
    calls.stream = on_stream;
    calls.data   = on_data;
    calls.end    = on_end;
    calls.fault  = on_fault;
    memset(l, 0, sizeof(*l));
    l->job  = reel_job_new(REEL_SEGMENT_LIMIT_MIN, false);
    l->walk = reel_walk_new(&calls, true);
    ck_assert_ptr_nonnull(l->job);
    ck_assert_ptr_nonnull(l->walk);
    l->job->raw.capacity = segment_bytes;
    reel_digest_stage_init(&l->digests);
    fake_source_init(&f, objects, count);
    memset(&o, 0, sizeof(o));
    o.source = &f.source;
    o.get    = get;
    o.put    = put;
    o.ctx    = l;
    o.report = &report;
    p        = reel_object_packer_new(&o);
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(reel_object_packer_run(p, &err), REEL_OK);
    ck_assert_int_eq(reel_walk_finish(l->walk, true, &err), REEL_OK);
    reel_object_packer_free(p);
    reel_walk_free(l->walk);
    reel_job_free(l->job);
}

/* S is a stream without holes, B a block of a sparse one. */
#define S(id, size)                                                            \
    {                                                                          \
        id, 0, size, REEL_NONE64, NULL, 0                                      \
    }
#define B(at, len)                                                             \
    {                                                                          \
        REEL_STREAM_SPARSE_BLOCK, 8, 8 + (len), at, NULL, 0                    \
    }

START_TEST(every_shape_is_walked_without_a_fault)
{
    static const struct fake_stream plain[]  = {S(1, 50000)};
    static const struct fake_stream sparse[] = {{1, 8, 0, REEL_NONE64, NULL, 0},
                                                B(0, 10),
                                                B(9000, 30000),
                                                B(1ULL << 40, 5),
                                                B((1ULL << 40) + 5, 0)};
    static const struct fake_stream hole[]   = {{1, 8, 0, REEL_NONE64, NULL, 0},
                                                B(1ULL << 42, 0)};
    static const struct fake_stream inline_and_blocks[] = {S(1, 20),
                                                           B(100, 20)};
    static const struct fake_stream many[]              = {
                     S(3, 100),
                     S(1, 20000),
                     {4, 0, 9000, REEL_NONE64, ":a:$DATA", 0},
                     {4, 8, 0, REEL_NONE64, ":b:$DATA", 0},
                     B(4096, 10000),
                     B(99999, 0),
                     S(2, 60),
                     S(7, 64),
                     S(1234567, 8999),
                     S(8, 0)};
    static const struct fake_stream lone_block[] = {B(0, 0), S(1, 5)};
    static const struct fake_object objects[]    = {
           {"", REEL_KIND_DIRECTORY, 0, 0, NULL, 0, NULL, 0},
           {"plain", REEL_KIND_FILE, 1, 3, plain, 1, "user.a", 0},
           {"plain-again", REEL_KIND_FILE, 1, 3, plain, 1, NULL, 0},
           {"empty", REEL_KIND_FILE, 2, 1, NULL, 0, NULL, 0},
           {"sparse", REEL_KIND_FILE, 3, 1, sparse, 5, NULL, 0},
           {"hole", REEL_KIND_FILE, 4, 1, hole, 2, NULL, 0},
           {"both", REEL_KIND_FILE, 5, 1, inline_and_blocks, 2, NULL, 0},
           {"many", REEL_KIND_FILE, 6, 1, many, 10, NULL, 0},
           {"lone", REEL_KIND_FILE, 7, 1, lone_block, 2, NULL, 0},
           {"zz-third-name", REEL_KIND_FILE, 1, 3, plain, 1, NULL, 0}};
    struct line l;

    run(&l, SEGMENT_BYTES, objects, SUITE_COUNT(objects));
    ck_assert_msg(l.faults == 0, "%u faults, the last of %s", l.faults, l.rule);
    ck_assert_uint_eq(l.proven, (unsigned int)SUITE_COUNT(objects));
    ck_assert_uint_eq(l.other, 0);
    ck_assert(!l.wrong_octet);
    ck_assert_uint_gt(l.segments, 12);
}
END_TEST

START_TEST(objects_cut_at_every_offset)
{
    /* One octet more in front shifts every cut by one. */
    static char name[SEGMENT_BYTES];
    unsigned int n;

    for (n = 1; n < 700; n++) {
        const struct fake_stream streams[] = {
            S(1, 17000),
            {4, 8, 0, REEL_NONE64, ":s:$DATA", 0},
            B(50, 60),
            B(3000, 0)};
        const struct fake_object objects[] = {
            {name, REEL_KIND_FILE, 0, 1, streams, 4, "user.x", 0},
            {"b", REEL_KIND_FILE, 0, 1, streams, 4, NULL, 0}};
        struct line l;

        memset(name, 'n', n);
        run(&l, SEGMENT_BYTES, objects, 2);
        ck_assert_msg(l.faults == 0, "name of %u: rule %s", n, l.rule);
        ck_assert_uint_eq(l.proven, 2);
        ck_assert_uint_eq(l.data_bytes, 2 * (17000 + 68 + 8));
    }
}
END_TEST

START_TEST(bad_ranges_are_kept_apart_and_bounded)
{
    static const struct fake_stream few[] = {
        {1, 0, 1000, REEL_NONE64, NULL, 100}};
    static const struct fake_stream many[] = {
        {1, 0, 90000, REEL_NONE64, NULL, 3}};
    const struct fake_object two[] = {
        {"few", REEL_KIND_FILE, 0, 1, few, 1, NULL, 0},
        {"many", REEL_KIND_FILE, 0, 1, many, 1, NULL, 0}};
    struct line l;

    run(&l, REEL_SEGMENT_LIMIT_MIN, two, 1);
    ck_assert_uint_eq(l.flawed, 1);
    ck_assert_uint_eq(l.bad_ranges, 10);
    run(&l, REEL_SEGMENT_LIMIT_MIN, two, 2);
    ck_assert_uint_eq(l.faults, 0);
    ck_assert_uint_eq(l.flawed, 2);
    ck_assert_uint_eq(l.bad_ranges, 10 + REEL_BAD_RANGES_MAX);
}
END_TEST

START_TEST(links_are_found_until_their_last_name)
{
    static const struct fake_stream one[]     = {S(1, 1)};
    static const struct fake_object objects[] = {
        {"a", REEL_KIND_FILE, 9, 2, one, 1, NULL, 0},
        {"b", REEL_KIND_FILE, 9, 2, one, 1, NULL, 0},
        {"c", REEL_KIND_FILE, 9, 2, one, 1, NULL, 0}};
    struct line l;

    run(&l, SEGMENT_BYTES, objects, 3);
    ck_assert_uint_eq(l.faults, 0);
    /* a and its further name b; the third is a file anew: its own content. */
    ck_assert_uint_eq(l.data_bytes, 1 + 1 + 1);
    ck_assert_uint_eq(l.proven, 3);
}
END_TEST

/* The number of a file that is removed goes to another one. */
START_TEST(a_file_with_the_number_of_another_is_no_link)
{
    static const struct fake_stream body[]    = {S(1, 100)};
    static const struct fake_object objects[] = {
        {"a", REEL_KIND_FILE, 9, 2, body, 1, NULL, 1},
        {"b", REEL_KIND_FILE, 9, 2, body, 1, NULL, 2},
        {"c", REEL_KIND_FILE, 9, 2, body, 1, NULL, 2},
        {"d", REEL_KIND_FILE, 8, 2, body, 1, NULL, 1},
        {"e", REEL_KIND_FIFO, 8, 2, NULL, 0, NULL, 1}};
    struct line l;

    run(&l, SEGMENT_BYTES, objects, 5);
    ck_assert_uint_eq(l.faults, 0);
    /* c is a further name of b, its body the path of that. */
    ck_assert_uint_eq(l.data_bytes, 100 + 100 + 1 + 100);
    ck_assert_uint_eq(l.proven, 5);
}
END_TEST

static void
add(TCase *tc)
{
    tcase_add_test(tc, every_shape_is_walked_without_a_fault);
    tcase_add_test(tc, objects_cut_at_every_offset);
    tcase_add_test(tc, bad_ranges_are_kept_apart_and_bounded);
    tcase_add_test(tc, links_are_found_until_their_last_name);
    tcase_add_test(tc, a_file_with_the_number_of_another_is_no_link);
}

int
main(void)
{
    return suite_run("object_packer", add);
}
