/* SPDX-License-Identifier: Apache-2.0 */
/* The walk: what it calls back with for whole data, and behind gaps. */
#include <string.h>

#include "image_objects.h"
#include "reel/deblock.h"
#include "reel/walk.h"
#include "suite.h"

#define BIG 12000U
#define SEGMENTS_MAX 64U

/* The opened DATA segments of an image. */
static struct {
    uint8_t *raw;
    size_t len;
    struct reel_place place;
} segments[SEGMENTS_MAX];
static size_t count;

static struct {
    size_t outcomes[REEL_WALK_TORN + 1];
    size_t begun;
    size_t orphans;
    size_t faults;
    const char *rule; /* of the last fault */
    uint64_t octets;  /* of data */
    uint64_t last;    /* object that ended */
} met;

static enum reel_status
on_begin(void *ctx, uint64_t number, const struct reel_object *o,
         const struct reel_place *place, struct reel_err *err)
{
    (void)ctx, (void)number, (void)o, (void)place, (void)err;
    met.begun++;
    return REEL_OK;
}

static enum reel_status
on_orphan(void *ctx, uint64_t number, const struct reel_continued *k,
          struct reel_err *err)
{
    (void)ctx, (void)number, (void)err;
    ck_assert_uint_gt(k->path.len, 0);
    met.orphans++;
    return REEL_OK;
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    (void)ctx, (void)err;
    met.octets += d->bytes.len;
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    (void)ctx, (void)err;
    ck_assert(e != NULL || outcome >= REEL_WALK_DAMAGED);
    met.outcomes[outcome]++;
    met.last = number;
    return REEL_OK;
}

static enum reel_status
on_fault(void *ctx, uint64_t number, const struct reel_err *why,
         struct reel_err *err)
{
    (void)ctx, (void)number, (void)err;
    met.faults++;
    met.rule = why->rule;
    return REEL_OK;
}

static const struct reel_walk_calls calls = {.begin  = on_begin,
                                             .orphan = on_orphan,
                                             .data   = on_data,
                                             .end    = on_end,
                                             .fault  = on_fault};

static void
keep_segment(const struct reel_deblock_item *item)
{
    struct reel_unpacker *const u = reel_unpacker_new();

    ck_assert_uint_lt(count, SEGMENTS_MAX);
    segments[count].raw   = calloc(1, 65536);
    segments[count].place = item->place;
    ck_assert_int_eq(reel_segment_unpack(u, item->packed.data, item->packed.len,
                                         segments[count].raw, 65536,
                                         &segments[count].len, &item->pos,
                                         NULL),
                     REEL_OK);
    count++;
    reel_unpacker_free(u);
}

/* 1 a directory, 2 a big file, 3 a sparse one, 4 a small one. */
static void
setup(void)
{
    const struct image_options o = {.block_bytes   = 65536,
                                    .segment_bytes = 2000};
    struct image *const i        = image_new(&o);
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    static uint8_t noise[BIG];
    struct reel_deblock_item item;
    uint64_t at;
    bool good;

    image_noise(noise, sizeof(noise), 9);
    image_volume(i);
    image_archive(i);
    (void)image_directory(i, "d");
    (void)image_file(i, "d/big", noise, sizeof(noise), 1);
    (void)image_sparse(i, "d/hole", noise, 2500);
    (void)image_file(i, "e", noise, 10, 1);
    image_archive_end(i);
    count = 0;
    for (at = 4; at < reel_memory_tape_count(image_tape(i)); at++) {
        const struct reel_memory_element e =
            reel_memory_tape_get(image_tape(i), at);

        if (e.filemark)
            continue;
        ck_assert_int_eq(
            reel_deblock_block(d, e.bytes, e.byte_count, at, NULL, &good, NULL),
            REEL_OK);
        while (reel_deblock_next(d, &item, NULL) == REEL_OK)
            if (item.event == REEL_DEBLOCK_SEGMENT &&
                item.kind == REEL_BLOCK_DATA)
                keep_segment(&item);
    }
    ck_assert_uint_gt(count, 6);
    reel_deblock_free(d);
    image_free(i);
}

static void
teardown(void)
{
    while (count > 0)
        free(segments[--count].raw);
}

/* Walk all segments but [from, to). */
static void
walk_without(size_t from, size_t to, bool digests)
{
    struct reel_walk *const w = reel_walk_new(&calls, digests);
    struct reel_pos pos;
    size_t i;

    memset(&met, 0, sizeof(met));
    memset(&pos, 0, sizeof(pos));
    ck_assert_int_eq(reel_walk_archive(w, 1, NULL), REEL_OK);
    for (i = 0; i < count; i++) {
        if (i >= from && i < to) {
            reel_walk_gap(w);
            continue;
        }
        ck_assert_int_eq(reel_walk_segment(w, segments[i].raw, segments[i].len,
                                           &segments[i].place, &pos, NULL),
                         REEL_OK);
    }
    ck_assert_int_eq(reel_walk_finish(w, true, NULL), REEL_OK);
    ck_assert_uint_eq(reel_walk_open_object(w), 0);
    reel_walk_free(w);
}

START_TEST(whole_data_prove_every_object)
{
    walk_without(0, 0, _i == 0);
    ck_assert_uint_eq(met.faults, 0);
    ck_assert_uint_eq(met.begun, 4);
    ck_assert_uint_eq(met.orphans, 0);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 4);
    ck_assert_uint_eq(met.octets, BIG + 2508 + 8 + 10);
    ck_assert_uint_eq(met.last, 4);
}
END_TEST

START_TEST(a_gap_anywhere_is_damage_and_no_fault)
{
    size_t i;

    for (i = 0; i < count; i++) {
        walk_without(i, i + 1, true);
        ck_assert_msg(met.faults == 0, "without segment %zu: %s", i, met.rule);
        ck_assert_uint_lt(met.outcomes[REEL_WALK_PROVEN], 4 + 1);
        ck_assert_uint_eq(met.outcomes[REEL_WALK_TORN], 0);
        ck_assert_uint_le(met.octets, BIG + 2526);
        ck_assert_uint_le(met.outcomes[REEL_WALK_DAMAGED] +
                              met.outcomes[REEL_WALK_PROVEN],
                          4);
        ck_assert(met.outcomes[REEL_WALK_DAMAGED] > 0 ||
                  met.outcomes[REEL_WALK_PROVEN] < 4 || i == 0);
    }
}
END_TEST

START_TEST(segments_read_alone)
{
    walk_without(0, 3, true); /* the beginning of the big file is gone */
    ck_assert_uint_eq(met.faults, 0);
    ck_assert_uint_eq(met.orphans, 1);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_DAMAGED], 1);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 2);
}
END_TEST

START_TEST(segments_in_another_order_are_found_out)
{
    const size_t a = 3;

    ck_assert_uint_gt(count, a + 1);
    {
        uint8_t *const raw = segments[a].raw;
        const size_t len   = segments[a].len;

        segments[a].raw     = segments[a + 1].raw;
        segments[a].len     = segments[a + 1].len;
        segments[a + 1].raw = raw;
        segments[a + 1].len = len;
    }
    walk_without(0, 0, true);
    ck_assert_uint_ge(met.faults, 1);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_DAMAGED], 1);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 3);
}
END_TEST

START_TEST(a_fault_in_form_leaves_the_object_proven)
{
    /* CONTINUED of another path: told once, and the content is all there. */
    segments[3].raw[REEL_RECORD_HEADER_BYTES + 24] ^= 2;
    walk_without(0, 0, true);
    ck_assert_uint_eq(met.faults, 1);
    ck_assert_str_eq(met.rule, "O-20");
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 4);
}
END_TEST

START_TEST(a_fault_in_content_is_told_once)
{
    segments[3].raw[segments[3].len - 1] ^= 1;
    walk_without(0, 0, true);
    ck_assert_uint_eq(met.faults, 1);
    ck_assert_str_eq(met.rule, "S-11");
    ck_assert_uint_eq(met.outcomes[REEL_WALK_DAMAGED], 1);
    walk_without(0, 0, false); /* without digests nobody can know */
    ck_assert_uint_eq(met.faults, 0);
}
END_TEST

START_TEST(each_prefix_of_a_segment_is_noticed)
{
    struct reel_walk *const w = reel_walk_new(&calls, true);
    struct reel_pos pos;
    size_t len;

    memset(&pos, 0, sizeof(pos));
    for (len = 1; len < segments[0].len; len++) {
        memset(&met, 0, sizeof(met));
        ck_assert_int_eq(reel_walk_archive(w, 1, NULL), REEL_OK);
        ck_assert_int_eq(reel_walk_segment(w, segments[0].raw, len,
                                           &segments[0].place, &pos, NULL),
                         REEL_OK);
        ck_assert_int_eq(reel_walk_finish(w, true, NULL), REEL_OK);
        /* Between two objects nothing is missing yet. */
        ck_assert(met.faults > 0 || met.outcomes[REEL_WALK_PROVEN] > 0 ||
                  met.begun == 0);
        ck_assert_uint_le(met.faults, 1);
    }
    reel_walk_free(w);
}
END_TEST

/* Octets of the payload of the last one that was renumbered. */
static uint32_t renumbered;

/* The records of an object, of a type or of all (0), get another number; from
   record `nth` on, `many` of them. How many did. */
static unsigned int
renumber(uint64_t number, uint16_t type, uint64_t to, unsigned int nth,
         unsigned int many)
{
    unsigned int met_of_it = 0;
    unsigned int changed   = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at + REEL_RECORD_HEADER_BYTES <= segments[i].len;) {
            uint8_t *const header = segments[i].raw + at;
            struct reel_cursor c =
                reel_cursor_init(header, REEL_RECORD_HEADER_BYTES, NULL);
            struct reel_builder b    = reel_builder_init(header + 8, 8);
            const uint16_t this_type = reel_get_le32(&c) & 0xFFFF;
            const uint32_t octets    = reel_get_le32(&c);

            at += REEL_RECORD_HEADER_BYTES + octets;
            if (reel_get_le64(&c) != number || (type != 0 && this_type != type))
                continue;
            if (met_of_it++ < nth || changed == many)
                continue;
            reel_put_le64(&b, to);
            renumbered = octets;
            changed++;
        }
    return changed;
}

/* 12.2: an OBJECT with the number of an earlier one is told, and its records
   are left. */
START_TEST(a_number_that_comes_again_is_left)
{
    ck_assert_uint_gt(renumber(4, 0, _i == 0 ? 1 : 3, 0, 100), 3);
    walk_without(0, 0, true);
    ck_assert_uint_eq(met.faults, 1);
    ck_assert_str_eq(met.rule, "R-12");
    ck_assert_uint_eq(met.begun, 3);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 3);
    ck_assert_uint_eq(met.octets, BIG + 2508 + 8);
}
END_TEST

/* A lower number is no earlier one: it is told, and used. */
START_TEST(a_lower_number_is_used_once)
{
    ck_assert_uint_gt(renumber(3, 0, 7, 0, 100), 3);
    ck_assert_uint_gt(renumber(4, 0, 3, 0, 100), 3);
    walk_without(0, 0, true);
    ck_assert_str_eq(met.rule, "R-12");
    ck_assert_uint_eq(met.begun, 4);
    ck_assert_uint_eq(met.octets, BIG + 2508 + 8 + 10);
}
END_TEST

/* Only the record that belongs nowhere is left; V-7 wants the others. */
START_TEST(behind_a_stray_record_the_object_goes_on)
{
    const uint64_t all = BIG + 2508 + 8 + 10;

    ck_assert_uint_eq(renumber(2, REEL_RECORD_DATA, 9, 1, 1), 1);
    walk_without(0, 0, true);
    ck_assert_uint_eq(met.faults, 1);
    ck_assert_str_eq(met.rule, "R-11");
    ck_assert_uint_eq(met.outcomes[REEL_WALK_DAMAGED], 1);
    ck_assert_uint_eq(met.outcomes[REEL_WALK_PROVEN], 3);
    ck_assert_uint_eq(met.octets, all - (renumbered - REEL_DATA_HEADER_BYTES));
}
END_TEST

static enum reel_status
refuse(void *ctx, uint64_t number, const struct reel_object *o,
       const struct reel_place *place, struct reel_err *err)
{
    (void)ctx, (void)number, (void)o, (void)place;
    return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "enough");
}

START_TEST(what_a_call_returns_is_passed_up)
{
    const struct reel_walk_calls stop = {.begin = refuse};
    struct reel_walk *const w         = reel_walk_new(&stop, true);
    struct reel_err err;
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    ck_assert_int_eq(reel_walk_archive(w, 1, NULL), REEL_OK);
    ck_assert_int_eq(reel_walk_segment(w, segments[0].raw, segments[0].len,
                                       &segments[0].place, &pos, &err),
                     REEL_E_STOPPED);
    ck_assert_str_eq(err.text, "enough");
    reel_walk_free(w);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, whole_data_prove_every_object, 0, 2);
    tcase_add_test(t, a_gap_anywhere_is_damage_and_no_fault);
    tcase_add_test(t, segments_read_alone);
    tcase_add_test(t, segments_in_another_order_are_found_out);
    tcase_add_test(t, a_fault_in_form_leaves_the_object_proven);
    tcase_add_test(t, a_fault_in_content_is_told_once);
    tcase_add_test(t, each_prefix_of_a_segment_is_noticed);
    tcase_add_loop_test(t, a_number_that_comes_again_is_left, 0, 2);
    tcase_add_test(t, a_lower_number_is_used_once);
    tcase_add_test(t, behind_a_stray_record_the_object_goes_on);
    tcase_add_test(t, what_a_call_returns_is_passed_up);
}

int
main(void)
{
    return suite_run("walk", add_tests);
}
