/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reel/medium_memory.h: the end of a tape, and faults on demand. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/medium_memory.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)

static struct reel_err err;

static struct reel_medium *
opened(struct reel_memory_tape *t, enum reel_medium_mode mode)
{
    struct reel_medium *m = NULL;

    OK(reel_medium_memory_new(&m, t, mode, &err));
    return m;
}

static enum reel_status
write_ten(struct reel_medium *m)
{
    return reel_medium_write(m, "0123456789", 10, &err);
}

/* Ten-byte blocks on 100 bytes with 35 of early warning: the 7th crosses. */
static struct reel_memory_tape *
short_tape(bool full_on_tape)
{
    const struct reel_memory_options o = {.capacity_bytes      = 100,
                                          .early_warning_bytes = 35,
                                          .full_on_tape        = full_on_tape};
    struct reel_memory_tape *t         = reel_memory_tape_new(&o);

    ck_assert_ptr_nonnull(t);
    return t;
}

static struct reel_medium *
at_early_warning(struct reel_memory_tape *t)
{
    struct reel_medium *m = opened(t, REEL_MEDIUM_WRITE);

    for (int i = 0; i < 7; i++) {
        ck_assert(!reel_medium_early_warning(m));
        OK(write_ten(m));
    }
    ck_assert(reel_medium_early_warning(m));
    return m;
}

START_TEST(early_warning_alternates)
{
    struct reel_memory_tape *t = short_tape(false);
    struct reel_medium *m      = at_early_warning(t);

    for (unsigned i = 7; i < 10; i++) {
        ck_assert_int_eq(write_ten(m), REEL_E_FULL);
        ck_assert_uint_eq(reel_memory_tape_count(t), i);
        OK(write_ten(m));
        ck_assert_uint_eq(reel_memory_tape_count(t), i + 1);
    }
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(write_ten(m), REEL_E_FULL);
    ck_assert_uint_eq(reel_memory_tape_count(t), 10);
    OK(reel_medium_filemark(m, &err));
    ck_assert_int_eq(write_ten(m), REEL_E_FULL);
    ck_assert_uint_eq(reel_memory_tape_count(t), 11);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(filemark_resets_the_turn)
{
    struct reel_memory_tape *t = short_tape(false);
    struct reel_medium *m      = at_early_warning(t);

    OK(reel_medium_filemark(m, &err));
    OK(write_ten(m));
    ck_assert_int_eq(write_ten(m), REEL_E_FULL);
    OK(reel_medium_filemark(m, &err));
    ck_assert(reel_medium_early_warning(m));
    OK(write_ten(m));
    OK(reel_medium_locate(m, 2, &err));
    ck_assert(!reel_medium_early_warning(m));
    OK(write_ten(m));
    ck_assert_uint_eq(reel_memory_tape_count(t), 3);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(first_full_may_be_on_tape)
{
    struct reel_memory_tape *t = short_tape(true);
    struct reel_medium *m      = at_early_warning(t);

    ck_assert_int_eq(write_ten(m), REEL_E_FULL);
    ck_assert_uint_eq(reel_memory_tape_count(t), 8);
    OK(write_ten(m));
    ck_assert_int_eq(write_ten(m), REEL_E_FULL);
    ck_assert_uint_eq(reel_memory_tape_count(t), 9);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

/* A tape "ten, mark, ten, ten". */
static struct reel_memory_tape *
plain_tape(const struct reel_memory_options *o)
{
    struct reel_memory_tape *t = reel_memory_tape_new(o);
    struct reel_medium *m      = opened(t, REEL_MEDIUM_WRITE);

    OK(write_ten(m));
    OK(reel_medium_filemark(m, &err));
    OK(write_ten(m));
    OK(write_ten(m));
    OK(reel_medium_close(m, &err));
    return t;
}

static enum reel_event
next(struct reel_medium *m, char *buf, size_t *bytes)
{
    enum reel_event event;

    OK(reel_medium_read(m, buf, 32, &event, bytes, &err));
    return event;
}

START_TEST(elements_can_be_changed)
{
    const struct reel_memory_element new = {.bytes = (const uint8_t *)"new",
                                            .byte_count = 3};
    struct reel_memory_tape *t           = plain_tape(NULL);
    struct reel_memory_element e;
    struct reel_medium *m;
    char buf[32];
    size_t bytes;

    e = reel_memory_tape_get(t, 0);
    OK(reel_memory_tape_insert(t, 1, &e, &err)); /* a block twice */
    OK(reel_memory_tape_flip(t, 1, 8 * 9, &err));
    OK(reel_memory_tape_spoil(t, 3, &err));
    OK(reel_memory_tape_set(t, 4, &new, &err));
    ck_assert_uint_eq(reel_memory_tape_count(t), 5);
    ck_assert(reel_memory_tape_get(t, 2).filemark);

    m = opened(t, REEL_MEDIUM_READ);
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_BLOCK);
    ck_assert_mem_eq(buf, "0123456789", 10);
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_BLOCK);
    ck_assert_mem_eq(buf, "0123456788", 10);
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_FILEMARK);
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_UNREADABLE);
    ck_assert_uint_eq(bytes, 0);
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_BLOCK);
    ck_assert_mem_eq(buf, "new", bytes);
    for (int i = 0; i < 5; i++) /* under the feet of the medium */
        OK(reel_memory_tape_remove(t, 0, &err));
    ck_assert_int_eq(next(m, buf, &bytes), REEL_EVENT_END);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(bad_changes_are_refused)
{
    const struct reel_memory_element full_mark = {
        .filemark = true, .bytes = (const uint8_t *)"x", .byte_count = 1};
    struct reel_memory_tape *t = plain_tape(NULL);
    struct reel_medium *m      = opened(t, REEL_MEDIUM_READ);
    struct reel_medium *second = NULL;

    ck_assert_int_eq(reel_memory_tape_set(t, 0, &full_mark, &err),
                     REEL_E_MISUSE);
    ck_assert_int_eq(reel_memory_tape_remove(t, 4, &err), REEL_E_MISUSE);
    ck_assert_int_eq(reel_memory_tape_flip(t, 0, 80, &err), REEL_E_MISUSE);
    ck_assert_int_eq(reel_memory_tape_spoil(t, 1, &err), REEL_E_MISUSE);
    ck_assert_int_eq(reel_medium_memory_new(&second, t, REEL_MEDIUM_READ, &err),
                     REEL_E_MISUSE);
    ck_assert_ptr_null(second);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

/* All kinds of calls once. Stops at the first failure. */
static enum reel_status
all_calls(struct reel_medium *m)
{
    enum reel_event event;
    uint64_t address;
    int64_t passed;
    size_t bytes;
    char buf[32];

    REEL_TRY(reel_medium_read(m, buf, 32, &event, &bytes, &err));
    REEL_TRY(reel_medium_space_filemarks(m, 1, &passed, &err));
    REEL_TRY(reel_medium_tell(m, &address, &err));
    REEL_TRY(reel_medium_locate(m, 1, &err));
    REEL_TRY(reel_medium_end_of_data(m, &err));
    REEL_TRY(write_ten(m));
    REEL_TRY(reel_medium_filemark(m, &err));
    return REEL_OK;
}

START_TEST(nth_call_fails)
{
    const unsigned long calls = 8; /* with close */

    for (unsigned long nth = 1; nth <= calls; nth++) {
        struct reel_memory_tape *t = plain_tape(NULL);
        struct reel_medium *m      = opened(t, REEL_MEDIUM_WRITE);
        enum reel_status status;
        uint64_t address;

        reel_memory_tape_fail_at(t, nth, false);
        status = all_calls(m);
        ck_assert_int_eq(status, nth < calls ? REEL_E_MEDIUM : REEL_OK);
        if (nth < calls) {
            ck_assert_uint_eq(reel_memory_tape_calls(t), nth);
            ck_assert_int_eq(reel_medium_tell(m, &address, &err),
                             REEL_E_MEDIUM);
            ck_assert_int_eq(write_ten(m), REEL_E_MEDIUM);
            OK(reel_medium_locate(m, 2, &err));
            OK(reel_medium_tell(m, &address, &err));
            ck_assert_uint_eq(address, 2);
            OK(reel_medium_close(m, &err));
        } else {
            ck_assert_int_eq(reel_medium_close(m, &err), REEL_E_MEDIUM);
        }
        reel_memory_tape_free(t);
    }
}
END_TEST

START_TEST(all_later_calls_fail)
{
    struct reel_memory_tape *t = plain_tape(NULL);
    struct reel_medium *m      = opened(t, REEL_MEDIUM_WRITE);

    reel_memory_tape_fail_at(t, 2, true);
    OK(write_ten(m));
    ck_assert_int_eq(write_ten(m), REEL_E_MEDIUM);
    ck_assert_int_eq(reel_medium_locate(m, 0, &err), REEL_E_MEDIUM);
    ck_assert_int_eq(reel_medium_end_of_data(m, &err), REEL_E_MEDIUM);
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_E_MEDIUM);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(options_show)
{
    const struct reel_memory_options o      = {.no_locate       = true,
                                               .block_bytes_max = 10};
    const struct reel_memory_options locked = {.write_protected = true};
    struct reel_memory_tape *t              = plain_tape(&o);
    struct reel_medium *m                   = opened(t, REEL_MEDIUM_WRITE);

    ck_assert(!reel_medium_info(m)->can_locate);
    ck_assert_uint_eq(reel_medium_info(m)->block_bytes_max, 10);
    ck_assert_int_eq(reel_medium_write(m, "01234567890", 11, &err),
                     REEL_E_MISUSE);
    OK(reel_medium_locate(m, 2, &err));
    ck_assert_int_eq(reel_medium_locate(m, 1, &err), REEL_E_MISUSE);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);

    t = reel_memory_tape_new(&locked);
    m = opened(t, REEL_MEDIUM_WRITE);
    ck_assert(reel_medium_info(m)->write_protected);
    ck_assert_int_eq(write_ten(m), REEL_E_MEDIUM);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

/* A reader goes as far as it gets: blocks behind the last filemark, too. */
START_TEST(lost_end_is_hopped_to)
{
    struct reel_memory_tape *t = reel_memory_tape_new(NULL);
    struct reel_medium *m      = opened(t, REEL_MEDIUM_WRITE);
    enum reel_event event;
    uint64_t address;
    int64_t passed;
    uint8_t buf[16];
    size_t bytes;

    OK(write_ten(m));
    OK(reel_medium_filemark(m, &err));
    OK(write_ten(m));
    OK(write_ten(m));
    OK(reel_medium_close(m, &err));
    reel_memory_tape_lose_end(t);
    m = opened(t, REEL_MEDIUM_READ);
    OK(reel_medium_space_filemarks(m, 2, &passed, &err));
    ck_assert_int_eq(passed, 1);
    ck_assert(reel_medium_end_lost(m));
    OK(reel_medium_end_of_data(m, &err));
    OK(reel_medium_tell(m, &address, &err));
    ck_assert_uint_eq(address, 3);
    OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_BLOCK);
    for (int i = 0; i < 2; i++) {
        OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
        ck_assert_int_eq(event, REEL_EVENT_END);
        OK(reel_medium_tell(m, &address, &err));
        ck_assert_uint_eq(address, 4);
    }
    ck_assert_int_eq(reel_medium_locate(m, 9, &err), REEL_E_TRUNCATED);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

/* A writer is told, and nothing is written there. */
START_TEST(lost_end_is_no_place_to_write)
{
    struct reel_memory_tape *t = reel_memory_tape_new(NULL);
    struct reel_medium *m      = opened(t, REEL_MEDIUM_WRITE);

    OK(write_ten(m));
    OK(reel_medium_filemark(m, &err));
    reel_memory_tape_lose_end(t);
    ck_assert_int_eq(reel_medium_end_of_data(m, &err), REEL_E_MEDIUM);
    ck_assert(!reel_medium_end_lost(m));
    OK(reel_medium_locate(m, 2, &err));
    ck_assert_int_eq(write_ten(m), REEL_E_MEDIUM);
    ck_assert_uint_eq(reel_memory_tape_count(t), 2);
    OK(reel_medium_locate(m, 1, &err));
    OK(reel_medium_filemark(m, &err));
    OK(reel_medium_end_of_data(m, &err));
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

/* Behind what stands there, and nowhere before it. */
START_TEST(write_once)
{
    const struct reel_memory_options once = {.write_once = true};
    struct reel_memory_tape *t            = reel_memory_tape_new(&once);
    struct reel_medium *m                 = opened(t, REEL_MEDIUM_WRITE);

    ck_assert(reel_medium_info(m)->append_only);
    OK(write_ten(m));
    OK(reel_medium_filemark(m, &err));
    OK(reel_medium_locate(m, 1, &err));
    ck_assert_int_eq(write_ten(m), REEL_E_MEDIUM);
    ck_assert_int_eq(reel_medium_filemark(m, &err), REEL_E_MEDIUM);
    ck_assert_uint_eq(reel_memory_tape_count(t), 2);
    OK(reel_medium_end_of_data(m, &err));
    OK(write_ten(m));
    ck_assert_uint_eq(reel_memory_tape_count(t), 3);
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(no_memory)
{
    struct reel_memory_tape *t = plain_tape(NULL);
    struct reel_medium *m      = NULL;

    reel_alloc_fail_at(1, 1);
    ck_assert_ptr_null(reel_memory_tape_new(NULL));
    ck_assert_int_eq(reel_medium_memory_new(&m, t, REEL_MEDIUM_WRITE, &err),
                     REEL_E_MEMORY);
    reel_alloc_fail_at(0, 0);
    m = opened(t, REEL_MEDIUM_WRITE);
    reel_alloc_fail_at(1, 1);
    ck_assert_int_eq(write_ten(m), REEL_E_MEMORY);
    reel_alloc_fail_at(0, 0);
    OK(write_ten(m));
    OK(reel_medium_close(m, &err));
    reel_memory_tape_free(t);
}
END_TEST

int
main(void)
{
    Suite *s = suite_create("medium_memory");
    TCase *t = tcase_create("memory");
    SRunner *r;
    int failed;

    tcase_add_test(t, early_warning_alternates);
    tcase_add_test(t, filemark_resets_the_turn);
    tcase_add_test(t, first_full_may_be_on_tape);
    tcase_add_test(t, elements_can_be_changed);
    tcase_add_test(t, bad_changes_are_refused);
    tcase_add_test(t, nth_call_fails);
    tcase_add_test(t, all_later_calls_fail);
    tcase_add_test(t, options_show);
    tcase_add_test(t, lost_end_is_hopped_to);
    tcase_add_test(t, lost_end_is_no_place_to_write);
    tcase_add_test(t, write_once);
    tcase_add_test(t, no_memory);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
