/* SPDX-License-Identifier: Apache-2.0 */
/* De-blocking: the same segments whatever the blocks; what is lost is said. */
#include <string.h>

#include "image_objects.h"
#include "reel/alloc.h"
#include "reel/deblock.h"
#include "suite.h"

#define SEGMENTS_MAX 256U

/* What came out of it. */
struct found {
    size_t segments;
    uint32_t crc[SEGMENTS_MAX];
    struct reel_place place[SEGMENTS_MAX];
    size_t events[REEL_DEBLOCK_ARCHIVE + 1];
    size_t broken; /* segments that do not follow the one before (12.2) */
    uint64_t missing_from;
    uint64_t missing_to;
    const char *rule; /* of the last RULE or GAP */
};

static struct found found;

static void
take_all(struct reel_deblock *d)
{
    struct reel_deblock_item item;
    enum reel_status status;

    while ((status = reel_deblock_next(d, &item, NULL)) == REEL_OK) {
        found.events[item.event]++;
        if (item.event == REEL_DEBLOCK_RULE || item.event == REEL_DEBLOCK_GAP)
            found.rule = item.err.rule;
        if (item.event == REEL_DEBLOCK_GAP) {
            found.missing_from = item.missing_from;
            found.missing_to   = item.missing_to;
        }
        if (item.event != REEL_DEBLOCK_SEGMENT)
            continue;
        ck_assert_uint_lt(found.segments, SEGMENTS_MAX);
        found.broken += !item.follows;
        found.place[found.segments] = item.place;
        memcpy(&found.crc[found.segments++], item.packed.data + 4, 4);
    }
    ck_assert_int_eq(status, REEL_END);
}

static void
feed(struct reel_deblock *d, struct reel_memory_tape *tape, uint64_t address)
{
    const struct reel_memory_element e = reel_memory_tape_get(tape, address);
    bool good;

    if (e.filemark)
        return;
    if (e.unreadable)
        reel_deblock_unreadable(d, address);
    else
        ck_assert_int_eq(reel_deblock_block(d, e.bytes, e.byte_count, address,
                                            NULL, &good, NULL),
                         REEL_OK);
    take_all(d);
}

/* The first block behind the leader. */
static uint64_t
volume_at(struct reel_memory_tape *tape)
{
    uint64_t address = 2;

    while (!reel_memory_tape_get(tape, address).filemark)
        address++;
    return address + 1;
}

static void
run(struct reel_memory_tape *tape)
{
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    uint64_t address             = volume_at(tape);

    memset(&found, 0, sizeof(found));
    for (; address < reel_memory_tape_count(tape); address++)
        feed(d, tape, address);
    reel_deblock_finish(d);
    take_all(d);
    reel_deblock_free(d);
}

static struct image *
make(uint32_t block_bytes)
{
    const struct image_options o = {.block_bytes   = block_bytes,
                                    .segment_bytes = 1000};
    struct image *const i        = image_new(&o);
    static uint8_t noise[9000];

    image_noise(noise, sizeof(noise), 5);
    image_volume(i);
    image_archive(i);
    (void)image_file(i, "a", noise, sizeof(noise), 1);
    image_checkpoint(i);
    (void)image_file(i, "b", noise, 500, 1);
    image_archive_end(i);
    return i;
}

static size_t
wrong_events(void)
{
    size_t i;
    size_t sum = 0;

    for (i = 0; i <= REEL_DEBLOCK_ARCHIVE; i++)
        if (i != REEL_DEBLOCK_SEGMENT && i != REEL_DEBLOCK_ARCHIVE)
            sum += found.events[i];
    return sum;
}

START_TEST(segments_do_not_depend_on_blocks)
{
    static const uint32_t sizes[] = {1024, 4096, 65536};
    struct image *i               = make(512);
    struct found small;

    run(image_tape(i));
    image_free(i);
    ck_assert_uint_eq(wrong_events(), 0);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_ARCHIVE], 1);
    small = found;
    i     = make(sizes[_i]);
    run(image_tape(i));
    image_free(i);
    ck_assert_uint_eq(wrong_events(), 0);
    ck_assert_uint_eq(found.segments, small.segments);
    /* VOLUME, which states the size of blocks, ENTRYs and END differ. */
    ck_assert_mem_eq(found.crc + 1, small.crc + 1, 9 * sizeof(uint32_t));
}
END_TEST

START_TEST(a_bad_block_costs_the_segments_that_touch_it)
{
    struct image *const i               = make(512);
    struct reel_memory_tape *const tape = image_tape(i);
    const uint64_t at                   = volume_at(tape) + 6;
    struct found whole;
    size_t n;
    size_t same = 0;
    size_t k    = 0;

    run(tape);
    whole = found;
    ck_assert_int_eq(reel_memory_tape_spoil(tape, at, NULL), REEL_OK);
    run(tape);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_BAD_BLOCK], 1);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_GAP], 1);
    ck_assert_str_eq(found.rule, "B-14");
    ck_assert_uint_eq(found.missing_from, 5);
    ck_assert_uint_eq(found.missing_to, 6);
    /* What came is what would have come, in order, but for at most two. */
    for (n = 0; n < whole.segments; n++)
        if (k < found.segments && found.crc[k] == whole.crc[n] &&
            reel_place_equal(&found.place[k], &whole.place[n])) {
            same++;
            k++;
        }
    ck_assert_uint_eq(same, found.segments);
    ck_assert_uint_ge(found.segments + 2, whole.segments);
    ck_assert_uint_lt(found.segments, whole.segments);
    image_free(i);
}
END_TEST

START_TEST(each_lost_block_gives_one_gap_that_names_it)
{
    struct image *const i               = make(512);
    struct reel_memory_tape *const tape = image_tape(i);
    uint64_t at;

    for (at = volume_at(tape) + 1; at + 6 < reel_memory_tape_count(tape);
         at++) {
        struct reel_memory_element e = reel_memory_tape_get(tape, at);
        struct reel_block_header h;
        uint8_t copy[512];

        if (e.filemark)
            continue;
        memcpy(copy, e.bytes, e.byte_count);
        e.bytes = copy;
        ck_assert_int_eq(reel_block_decode(&h, copy, e.byte_count, NULL, NULL),
                         REEL_OK);
        ck_assert_int_eq(reel_memory_tape_spoil(tape, at, NULL), REEL_OK);
        run(tape);
        ck_assert_uint_eq(found.events[REEL_DEBLOCK_GAP], 1);
        ck_assert_uint_eq(found.missing_from, h.sequence);
        ck_assert_uint_eq(found.missing_to, h.sequence + 1);
        ck_assert_int_eq(reel_memory_tape_set(tape, at, &e, NULL), REEL_OK);
    }
    image_free(i);
}
END_TEST

START_TEST(after_a_jump_reading_begins_at_the_segment_asked_for)
{
    struct image *const i               = make(512);
    struct reel_memory_tape *const tape = image_tape(i);
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    struct found whole;
    size_t n;

    run(tape);
    whole = found;
    for (n = 1; n < 8; n++) {
        uint64_t address = whole.place[n].address;

        memset(&found, 0, sizeof(found));
        reel_deblock_jump(d, whole.place[n].payload_offset);
        while (found.segments == 0)
            feed(d, tape, address++);
        ck_assert_uint_eq(wrong_events(), 0);
        ck_assert_uint_eq(found.crc[0], whole.crc[n]);
        ck_assert(reel_place_equal(&found.place[0], &whole.place[n]));
    }
    reel_deblock_free(d);
    image_free(i);
}
END_TEST

START_TEST(a_segment_in_hand_can_be_taken_over)
{
    struct image *const i               = make(512);
    struct reel_memory_tape *const tape = image_tape(i);
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    uint64_t address             = volume_at(tape);
    struct reel_deblock_item item;
    uint8_t *mine   = NULL;
    size_t capacity = 0;
    size_t swapped  = 0;
    size_t copied   = 0;
    bool good;

    for (; address < volume_at(tape) + 12; address++) {
        const struct reel_memory_element e =
            reel_memory_tape_get(tape, address);

        ck_assert_int_eq(reel_deblock_block(d, e.bytes, e.byte_count, address,
                                            NULL, &good, NULL),
                         REEL_OK);
        while (reel_deblock_next(d, &item, NULL) == REEL_OK) {
            if (item.event != REEL_DEBLOCK_SEGMENT)
                continue;
            if (reel_deblock_swap(d, item.packed, &mine, &capacity)) {
                swapped++;
                ck_assert_ptr_eq(mine, item.packed.data);
                ck_assert_uint_ge(capacity, item.packed.len);
            } else {
                copied++;
            }
        }
    }
    ck_assert_uint_gt(swapped, 1);
    ck_assert_uint_gt(copied, 0);
    reel_free(mine);
    reel_deblock_free(d);
    image_free(i);
}
END_TEST

/* The order of events when a volume goes on from one that filled up. */
static void
put_block(struct reel_deblock *d, struct reel_block_header h, const void *data,
          size_t len, uint32_t first, uint64_t *address)
{
    uint8_t block[512];
    bool good;

    memset(block, 0, sizeof(block));
    memcpy(block + REEL_BLOCK_HEADER_BYTES, data, len);
    h.payload_bytes = (uint32_t)len;
    h.first_segment = first;
    h.address       = *address;
    ck_assert_int_eq(reel_block_seal(&h, block, NULL), REEL_OK);
    ck_assert_int_eq(reel_deblock_block(d, block, sizeof(block), (*address)++,
                                        NULL, &good, NULL),
                     REEL_OK);
    take_all(d);
}

START_TEST(the_next_volume_begins_with_the_unfinished_segment)
{
    unsigned int last;
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    struct reel_block_header h;
    uint8_t raw[600];
    uint8_t one[700];
    uint8_t two[700];
    uint8_t payload[416];
    size_t one_bytes;
    size_t two_bytes;
    uint64_t address = 0;

    memset(&found, 0, sizeof(found));
    memset(&h, 0, sizeof(h));
    image_noise(raw, sizeof(raw), 1);
    ck_assert_int_eq(reel_segment_pack(NULL, raw, 300, one,
                                       reel_segment_bound(300), &one_bytes,
                                       NULL),
                     REEL_OK);
    ck_assert_int_eq(
        reel_segment_pack(NULL, raw, 480, two, sizeof(two), &two_bytes, NULL),
        REEL_OK);
    h.revision    = 1;
    h.block_bytes = 512;
    h.volume      = 1;
    h.archive     = 1;
    h.kind        = REEL_BLOCK_DATA;
    memcpy(payload, one, one_bytes);
    memcpy(payload + one_bytes, two, sizeof(payload) - one_bytes);
    put_block(d, h, payload, sizeof(payload), 0, &address);
    ck_assert_uint_eq(found.segments, 1);
    /* Volume 2: VOLUME, then that block once more, then the rest. */
    h.volume = 2;
    h.kind   = REEL_BLOCK_VOLUME;
    address  = 5;
    if (_i == 0) /* else it is lost, and does without */
        put_block(d, h, one, one_bytes, 0, &address);
    else
        address++;
    ck_assert_uint_eq(found.segments, 2U - (unsigned int)_i);
    h.kind = REEL_BLOCK_DATA;
    put_block(d, h, payload, sizeof(payload), 0, &address);
    ck_assert_uint_eq(found.segments, 2U - (unsigned int)_i);
    h.sequence = 1;
    put_block(d, h, two + sizeof(payload) - one_bytes,
              two_bytes + one_bytes - sizeof(payload), REEL_NONE32, &address);
    last = 2U - (unsigned int)_i;
    ck_assert_uint_eq(found.segments, last + 1);
    ck_assert_mem_eq(&found.crc[last], two + 4, 4);
    ck_assert_uint_eq(found.place[last].volume, 2);
    ck_assert_uint_eq(found.place[last].address, 6);
    ck_assert_uint_eq(wrong_events(), 0);
    reel_deblock_free(d);
}
END_TEST

/* Segments of 150 octets, two to a block of this run and these sequences. */
static void
put_run(struct reel_deblock *d, uint32_t run, uint64_t run_start, uint64_t from,
        uint64_t to, uint64_t *address)
{
    struct reel_block_header h = {.revision    = 1,
                                  .block_bytes = 512,
                                  .volume      = 1,
                                  .archive     = 1,
                                  .kind        = REEL_BLOCK_DATA,
                                  .run         = run,
                                  .run_start   = run_start};
    uint8_t payload[800];
    uint8_t raw[150];
    size_t at;
    size_t len;

    for (h.sequence = from; h.sequence < to; h.sequence++) {
        image_noise(raw, sizeof(raw), (uint32_t)h.sequence + 100 * run);
        for (at = 0; at < 340; at += len)
            ck_assert_int_eq(
                reel_segment_pack(NULL, raw, sizeof(raw), payload + at,
                                  sizeof(payload) - at, &len, NULL),
                REEL_OK);
        put_block(d, h, payload, at, 0, address);
    }
}

START_TEST(a_superseded_block_is_passed_over)
{
    struct reel_deblock *d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    uint64_t address       = 3;

    /* Not known before: what came is void, and that is said. */
    memset(&found, 0, sizeof(found));
    put_run(d, 0, 0, 0, 8, &address);
    put_run(d, 1, 5, 5, 7, &address);
    put_run(d, 0, 0, 6, 7, &address);
    put_run(d, 1, 5, 7, 8, &address);
    ck_assert_uint_eq(found.segments, 2 * 11);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_GAP], 1);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_SUPERSEDED], 1);
    reel_deblock_free(d);
    /* Known: nothing of it comes, and nothing is amiss. */
    d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    memset(&found, 0, sizeof(found));
    address = 3;
    ck_assert_int_eq(reel_deblock_run(d, 1, 1, 5, NULL), REEL_OK);
    ck_assert_int_eq(reel_deblock_run(d, 1, 2, 3, NULL), REEL_OK);
    ck_assert_int_eq(reel_deblock_run(d, 2, 1, 0, NULL), REEL_OK);
    put_run(d, 0, 0, 0, 8, &address);
    put_run(d, 1, 5, 5, 7, &address);
    put_run(d, 2, 3, 3, 6, &address);
    ck_assert_uint_eq(found.segments, 2 * 6);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_GAP], 0);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_SUPERSEDED], 5 + 2);
    ck_assert_uint_eq(found.place[6].sequence, 3);
    reel_deblock_free(d);
}
END_TEST

/* What takes no place in the row breaks nothing; what is missing does. */
START_TEST(segments_follow_unless_something_is_missing)
{
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    uint64_t address             = 3;
    uint8_t junk[512]            = {0};
    bool good;

    memset(&found, 0, sizeof(found));
    put_run(d, 0, 0, 0, 2, &address);
    reel_deblock_unreadable(d, address++);
    take_all(d);
    ck_assert_int_eq(
        reel_deblock_block(d, junk, sizeof(junk), address++, NULL, &good, NULL),
        REEL_OK);
    ck_assert(!good);
    take_all(d);
    put_run(d, 0, 0, 1, 4, &address); /* 1 stood there before */
    ck_assert_uint_eq(found.segments, 2 * 4);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_BAD_BLOCK], 2);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_REPEATED], 1);
    ck_assert_uint_eq(found.broken, 0);
    ck_assert(reel_deblock_follows(d));
    put_run(d, 0, 0, 5, 7, &address);
    ck_assert_uint_eq(found.broken, 1);
    ck_assert_uint_eq(found.missing_from, 4);
    reel_deblock_free(d);
}
END_TEST

/* The set that was told counts, also where another one stands first. */
START_TEST(a_set_that_is_told_of_is_read)
{
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    const uint8_t other[REEL_SET_ID_BYTES] = {1};
    uint64_t address                       = 3;

    memset(&found, 0, sizeof(found));
    reel_deblock_set(d, other);
    put_run(d, 0, 0, 0, 2, &address);
    ck_assert_uint_eq(found.segments, 0);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_FOREIGN], 2);
    reel_deblock_free(d);
}
END_TEST

START_TEST(blocks_before_a_run_are_missed)
{
    struct reel_deblock *const d = reel_deblock_new(REEL_SEGMENT_LIMIT_MAX);
    uint64_t address             = 3;

    memset(&found, 0, sizeof(found));
    put_run(d, 0, 0, 0, 4, &address);
    put_run(d, 1, 6, 6, 8, &address);
    ck_assert_uint_eq(found.segments, 2 * 6);
    ck_assert_uint_eq(found.events[REEL_DEBLOCK_GAP], 1);
    ck_assert_uint_eq(found.missing_from, 4);
    ck_assert_uint_eq(found.missing_to, 6);
    reel_deblock_free(d);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_loop_test(t, segments_do_not_depend_on_blocks, 0, 3);
    tcase_add_test(t, a_bad_block_costs_the_segments_that_touch_it);
    tcase_add_test(t, each_lost_block_gives_one_gap_that_names_it);
    tcase_add_test(t, after_a_jump_reading_begins_at_the_segment_asked_for);
    tcase_add_test(t, a_segment_in_hand_can_be_taken_over);
    tcase_add_loop_test(t, the_next_volume_begins_with_the_unfinished_segment,
                        0, 2);
    tcase_add_test(t, a_superseded_block_is_passed_over);
    tcase_add_test(t, segments_follow_unless_something_is_missing);
    tcase_add_test(t, a_set_that_is_told_of_is_read);
    tcase_add_test(t, blocks_before_a_run_are_missed);
}

int
main(void)
{
    return suite_run("deblock", add_tests);
}
