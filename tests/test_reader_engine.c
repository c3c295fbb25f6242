/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of the reader on tapes in memory: whole archives, selections,
 * further names, archives behind each other, and every kind of damage. What
 * holds for all damage: what is given as proven is what was written, and what
 * is not given is named, or counted by number.
 */
#include "suite.h"

#include <string.h>

#include "reader_probe.h"
#include "reel/alloc.h"

/* The objects of the tree, the root and further names among them. */
static const char *const paths[] = {"",        "a",     "a/one", "a/two",
                                    "b",       "b/big", "c[1]",  "empty",
                                    "symlink", "z",     "zz"};
#define PATHS (sizeof(paths) / sizeof(paths[0]))

static struct reel_memory_tape *tape;
static struct reel_memory_tape *piped;
static struct probe_read probe;

static void
setup(void)
{
    const struct probe_archive how = {.set = 1, .catalog_fd = -1};

    probe_tree_make();
    tape = probe_tape_new(false);
    probe_archive_add(tape, &how);
    piped = probe_tape_copy(tape, reel_memory_tape_count(tape), true);
    probe_read_init(&probe);
}

static void
teardown(void)
{
    probe_read_fini(&probe);
    reel_memory_tape_free(tape);
    reel_memory_tape_free(piped);
    probe_tree_remove();
}

static void
run_ok(struct reel_memory_tape *t, const char *pattern)
{
    const enum reel_status status = probe_read_run(&probe, t, pattern);

    ck_assert_msg(status == REEL_OK, "%s: %s", reel_status_name(status),
                  probe.err.text);
    ck_assert(probe.finished);
}

static void
all_is_there(void)
{
    size_t i;

    ck_assert_uint_eq(probe_read_check(&probe), PATHS);
    for (i = 0; i < PATHS; i++)
        ck_assert_msg(probe_read_find(&probe, paths[i]) != NULL, "%s",
                      paths[i]);
    ck_assert_uint_eq(probe.result.objects, PATHS);
    ck_assert_uint_eq(probe.result.links, PROBE_LINKS);
    ck_assert_uint_eq(probe.result.lost, 0);
    ck_assert_uint_eq(probe.result.bytes, 5000 + 70000 + 900001 + 3);
}

START_TEST(everything_is_given)
{
    run_ok(tape, NULL);
    all_is_there();
    ck_assert_uint_eq(probe.told_count, 0);
    ck_assert(!probe.result.scanned);
    ck_assert(probe_read_find(&probe, "z")->link);
}
END_TEST

START_TEST(everything_is_given_with_threads)
{
    probe.access.threads = 0;
    run_ok(tape, NULL);
    all_is_there();
    run_ok(piped, NULL);
    all_is_there();
    run_ok(tape, "b");
    ck_assert_uint_eq(probe_read_check(&probe), 2);
}
END_TEST

START_TEST(everything_is_given_from_a_pipe)
{
    run_ok(piped, NULL);
    all_is_there();
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

START_TEST(packed_segments_and_checkpoints_are_read)
{
    const struct probe_archive how   = {.compression      = REEL_COMPRESSION_ZSTD,
                                        .checkpoint_bytes = 200000,
                                        .set              = 1,
                                        .catalog_fd       = -1};
    struct reel_memory_tape *const t = probe_tape_new(false);

    probe_archive_add(t, &how);
    run_ok(t, NULL);
    all_is_there();
    run_ok(t, "b/big");
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    ck_assert_uint_eq(probe.told_count, 0);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(a_selection_reads_only_what_it_needs)
{
    unsigned long all;

    run_ok(tape, NULL);
    all = probe.medium_calls;
    reel_memory_tape_fail_at(tape, 0, false);
    run_ok(tape, "c[1]");
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    ck_assert_uint_eq(probe.given_count, 1);
    ck_assert_ptr_nonnull(probe_read_find(&probe, "c[1]"));
    ck_assert_msg(probe.medium_calls < all / 2, "%lu of %lu calls",
                  probe.medium_calls, all);
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

START_TEST(a_directory_means_its_tree)
{
    run_ok(tape, "./a/");
    ck_assert_uint_eq(probe_read_check(&probe), 3);
    ck_assert_ptr_nonnull(probe_read_find(&probe, "a"));
    ck_assert_ptr_nonnull(probe_read_find(&probe, "a/one"));
    ck_assert_ptr_nonnull(probe_read_find(&probe, "a/two"));
}
END_TEST

START_TEST(a_pattern_that_matches_nothing_is_told)
{
    run_ok(tape, "nothing");
    ck_assert_uint_eq(probe.given_count, 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_SKIPPED), 1);
    ck_assert(probe_read_told_of(&probe, REEL_NOTE_SKIPPED, "nothing"));
}
END_TEST

START_TEST(a_link_alone_brings_its_object)
{
    run_ok(tape, "z");
    ck_assert_uint_eq(probe.given_count, 1);
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    ck_assert(!probe_read_find(&probe, "z")->link);
    ck_assert_uint_eq(probe_read_find(&probe, "z")->got, 5000);
    ck_assert(probe_read_told_of(&probe, REEL_NOTE_INFO, "z"));
}
END_TEST

START_TEST(two_links_alone_are_one_object)
{
    run_ok(tape, "z*");
    ck_assert_uint_eq(probe.given_count, 2);
    ck_assert_uint_eq(probe_read_check(&probe), 2);
    ck_assert(!probe_read_find(&probe, "z")->link);
    ck_assert(probe_read_find(&probe, "zz")->link);
    ck_assert_uint_eq(probe_read_find(&probe, "zz")->number,
                      probe_read_find(&probe, "z")->number);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_INFO), 1);
}
END_TEST

START_TEST(a_link_alone_from_a_pipe_is_told)
{
    run_ok(piped, "zz");
    ck_assert_uint_eq(probe.given_count, 0);
    ck_assert(probe_read_told_of(&probe, REEL_NOTE_SKIPPED, "zz"));
}
END_TEST

/* ---- Several archives ---- */

static const struct probe_archive second = {.set = 1, .catalog_fd = -1};

START_TEST(the_latest_archive_is_taken)
{
    const uint64_t first = reel_memory_tape_count(tape);
    uint64_t i;

    probe_archive_add(tape, &second);
    /* Whatever the first one's data say, it is not read. */
    for (i = 4; i < first - 5; i++)
        if (!reel_memory_tape_get(tape, i).filemark)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, i, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
    ck_assert(!probe.result.scanned);
}
END_TEST

START_TEST(an_earlier_archive_can_be_asked_for)
{
    const uint64_t first = reel_memory_tape_count(tape);
    uint64_t i;

    probe_archive_add(tape, &second);
    for (i = first; i < reel_memory_tape_count(tape) - 4; i++)
        if (!reel_memory_tape_get(tape, i).filemark)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, i, NULL), REEL_OK);
    probe.access.archive = 1;
    run_ok(tape, NULL);
    all_is_there();
    ck_assert(!probe.result.scanned);
    probe.access.archive = 3;
    ck_assert_int_eq(probe_read_run(&probe, tape, NULL), REEL_E_MISUSE);
}
END_TEST

START_TEST(a_pipe_gives_the_first_archive_and_says_so)
{
    struct reel_memory_tape *t;

    probe_archive_add(tape, &second);
    t = probe_tape_copy(tape, reel_memory_tape_count(tape), true);
    run_ok(t, NULL);
    all_is_there();
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_SKIPPED), 1);
    probe.access.archive = 2;
    run_ok(t, NULL);
    all_is_there();
    ck_assert_uint_eq(probe.told_count, 0);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(an_incomplete_archive_is_passed_by_and_can_be_asked_for)
{
    const uint64_t first = reel_memory_tape_count(tape);
    struct reel_memory_tape *t;

    probe_archive_add(tape, &second);
    t = probe_tape_copy(tape, first + 30, false);
    run_ok(t, NULL);
    all_is_there();
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_INFO), 1);
    probe.access.archive = 2;
    run_ok(t, NULL);
    ck_assert(probe.result.scanned);
    ck_assert_uint_ge(probe_read_check(&probe), 4);
    ck_assert(probe_read_told_of(&probe, REEL_NOTE_LOST, "b/big"));
    reel_memory_tape_free(t);
}
END_TEST

/* ---- Damage ---- */

/* What holds whatever is damaged; `named`: every object has a name still. */
static void
check_damaged(bool named)
{
    unsigned int unproven = 0;
    size_t i;

    (void)probe_read_check(&probe);
    for (i = 0; i < PATHS; i++) {
        const struct probe_given *const g = probe_read_find(&probe, paths[i]);

        if (g != NULL && g->ended && g->outcome == REEL_OUTCOME_PROVEN)
            continue;
        unproven++;
        if (named)
            ck_assert_msg(probe_read_told_of(&probe, REEL_NOTE_LOST, paths[i]),
                          "%s", paths[i]);
    }
    ck_assert_uint_eq(probe.result.objects + unproven, PATHS);
    if (named)
        ck_assert_uint_eq(probe.result.lost, unproven);
}

START_TEST(any_block_that_cannot_be_read)
{
    const uint64_t count = reel_memory_tape_count(tape);
    uint64_t i;

    for (i = 0; i < count; i++) {
        struct reel_memory_tape *t;

        if (reel_memory_tape_get(tape, i).filemark)
            continue;
        t = probe_tape_copy(tape, count, false);
        ck_assert_int_eq(reel_memory_tape_spoil(t, i, NULL), REEL_OK);
        run_ok(t, NULL);
        check_damaged(true);
        run_ok(t, "b/big");
        ck_assert_uint_le(probe_read_check(&probe), 1);
        reel_memory_tape_free(t);
    }
}
END_TEST

START_TEST(any_block_of_a_pipe_that_cannot_be_read)
{
    const uint64_t count = reel_memory_tape_count(tape);
    uint64_t i;

    for (i = 0; i < count; i++) {
        struct reel_memory_tape *t;

        if (reel_memory_tape_get(tape, i).filemark)
            continue;
        t = probe_tape_copy(tape, count, true);
        ck_assert_int_eq(reel_memory_tape_spoil(t, i, NULL), REEL_OK);
        run_ok(t, NULL);
        check_damaged(false);
        if (probe.result.objects < PATHS)
            ck_assert_uint_eq(probe.result.lost, PATHS - probe.result.objects);
        reel_memory_tape_free(t);
    }
}
END_TEST

/* The address of the first block of data. */
static uint64_t
first_data(void)
{
    unsigned int filemarks = 0;
    uint64_t i;

    for (i = 0; filemarks < 2; i++)
        filemarks += reel_memory_tape_get(tape, i).filemark;
    return i + 1; /* behind VOLUME */
}

START_TEST(a_tape_cut_anywhere)
{
    const uint64_t count = reel_memory_tape_count(tape);
    uint64_t i;

    for (i = 0; i < count; i++) {
        struct reel_memory_tape *const t = probe_tape_copy(tape, i, i % 2);
        const enum reel_status status    = probe_read_run(&probe, t, NULL);

        if (status == REEL_OK) {
            (void)probe_read_check(&probe);
            if (i < count - 3) /* the first END is cut off */
                ck_assert_uint_gt(
                    probe_read_told(&probe, REEL_NOTE_DAMAGE) +
                        probe_read_told(&probe, REEL_NOTE_WANTED) +
                        probe.result.lost,
                    0);
        } else {
            ck_assert(status == REEL_E_MAGIC || status == REEL_E_TRUNCATED);
            ck_assert_uint_le(i, first_data());
        }
        reel_memory_tape_free(t);
    }
}
END_TEST

START_TEST(a_damaged_catalog_is_made_anew)
{
    const uint64_t count = reel_memory_tape_count(tape);

    /* … FM catalog END FM END FM */
    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 5, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
    ck_assert(probe.result.scanned);
    ck_assert_uint_ge(probe_read_told(&probe, REEL_NOTE_DAMAGE), 1);
    run_ok(tape, "z");
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    probe.access.no_scan = true;
    ck_assert_int_eq(probe_read_run(&probe, tape, NULL), REEL_E_CORRUPT);
}
END_TEST

START_TEST(without_any_end_the_data_are_scanned)
{
    const uint64_t count = reel_memory_tape_count(tape);

    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 2, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
    ck_assert(!probe.result.scanned); /* the first copy stands */
    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 4, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
    ck_assert(probe.result.scanned);
}
END_TEST

START_TEST(blocks_that_moved_are_found)
{
    const struct reel_memory_element mark = {.filemark = true};

    ck_assert_int_eq(reel_memory_tape_insert(tape, 5, &mark, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_insert(tape, 5, &mark, NULL), REEL_OK);
    run_ok(tape, "c[1]");
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    run_ok(tape, NULL);
    all_is_there();
}
END_TEST

START_TEST(a_label_or_leader_lost_loses_nothing)
{
    ck_assert_int_eq(reel_memory_tape_spoil(tape, 0, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), 1);
    ck_assert_int_eq(reel_memory_tape_remove(tape, 0, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_remove(tape, 0, NULL), REEL_OK);
    run_ok(tape, NULL);
    all_is_there();
}
END_TEST

/* ---- Not Reel ---- */

static enum reel_status
run_one_block(const void *bytes, size_t len)
{
    const struct reel_memory_element e = {.bytes = bytes, .byte_count = len};
    struct reel_memory_tape *const t   = probe_tape_new(false);
    enum reel_status status;

    if (len > 0)
        ck_assert_int_eq(reel_memory_tape_insert(t, 0, &e, NULL), REEL_OK);
    status = probe_read_run(&probe, t, NULL);
    reel_memory_tape_free(t);
    return status;
}

START_TEST(what_is_not_reel_is_refused)
{
    char label[81] = "VOL1ABCDEF             ";

    ck_assert_int_eq(run_one_block("", 0), REEL_E_MAGIC);
    ck_assert_ptr_nonnull(strstr(probe.err.text, "nothing"));
    ck_assert_int_eq(run_one_block("hello", 5), REEL_E_MAGIC);
    memset(label + 10, ' ', 70);
    memcpy(label + 24, "LTFS", 4);
    ck_assert_int_eq(run_one_block(label, 80), REEL_E_MAGIC);
    ck_assert_ptr_nonnull(strstr(probe.err.text, "LTFS"));
}
END_TEST

/* ---- Failing calls ---- */

START_TEST(every_call_of_the_medium_can_fail)
{
    struct reel_memory_tape *const both[] = {tape, piped};
    unsigned long n;
    size_t k;

    for (k = 0; k < 4; k++)
        for (n = 1;; n++) {
            enum reel_status status;

            reel_memory_tape_fail_at(both[k % 2], n, false);
            status = probe_read_run(&probe, both[k % 2], k < 2 ? NULL : "a");
            (void)probe_read_check(&probe);
            if (probe.medium_calls < n) {
                ck_assert_int_eq(status, REEL_OK);
                break;
            }
            ck_assert_int_eq(status, REEL_E_MEDIUM);
        }
}
END_TEST

START_TEST(every_allocation_can_fail)
{
    unsigned long requests;
    unsigned long n;
    size_t k;

    for (k = 0; k < 3; k++) {
        struct reel_memory_tape *const t = k == 1 ? piped : tape;
        const char *const pattern        = k == 2 ? "z" : NULL;

        reel_alloc_fail_at(0, 0);
        run_ok(t, pattern);
        requests = reel_alloc_requests();
        for (n = 1; n <= requests; n++) {
            enum reel_status status;

            reel_alloc_fail_at(n, 0);
            status = probe_read_run(&probe, t, pattern);
            reel_alloc_fail_at(0, 0);
            (void)probe_read_check(&probe);
            ck_assert_msg(status == REEL_E_MEMORY, "request %lu: %s", n,
                          reel_status_name(status));
        }
    }
}
END_TEST

START_TEST(it_stops_when_asked)
{
    static volatile int stop = 1;

    probe.access.report.stop = &stop;
    ck_assert_int_eq(probe_read_run(&probe, tape, NULL), REEL_E_STOPPED);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, everything_is_given);
    tcase_add_test(t, everything_is_given_with_threads);
    tcase_add_test(t, everything_is_given_from_a_pipe);
    tcase_add_test(t, packed_segments_and_checkpoints_are_read);
    tcase_add_test(t, a_selection_reads_only_what_it_needs);
    tcase_add_test(t, a_directory_means_its_tree);
    tcase_add_test(t, a_pattern_that_matches_nothing_is_told);
    tcase_add_test(t, a_link_alone_brings_its_object);
    tcase_add_test(t, two_links_alone_are_one_object);
    tcase_add_test(t, a_link_alone_from_a_pipe_is_told);
    tcase_add_test(t, the_latest_archive_is_taken);
    tcase_add_test(t, an_earlier_archive_can_be_asked_for);
    tcase_add_test(t, a_pipe_gives_the_first_archive_and_says_so);
    tcase_add_test(t, an_incomplete_archive_is_passed_by_and_can_be_asked_for);
    tcase_add_test(t, any_block_that_cannot_be_read);
    tcase_add_test(t, any_block_of_a_pipe_that_cannot_be_read);
    tcase_add_test(t, a_tape_cut_anywhere);
    tcase_add_test(t, a_damaged_catalog_is_made_anew);
    tcase_add_test(t, without_any_end_the_data_are_scanned);
    tcase_add_test(t, blocks_that_moved_are_found);
    tcase_add_test(t, a_label_or_leader_lost_loses_nothing);
    tcase_add_test(t, what_is_not_reel_is_refused);
    tcase_add_test(t, every_call_of_the_medium_can_fail);
    tcase_add_test(t, every_allocation_can_fail);
    tcase_add_test(t, it_stops_when_asked);
}

int
main(void)
{
    return suite_run("reader_engine", add);
}
