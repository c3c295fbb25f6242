/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer; tests of format/note.c. */
#include "reel/note.h"
#include "suite.h"

static void
keep(void *ctx, const struct reel_note *note)
{
    struct reel_note *const kept = ctx;

    *kept = *note;
}

START_TEST(note_is_handed_on)
{
    struct reel_note kept         = {.kind = REEL_NOTE_INFO};
    const struct reel_reporter to = {.fn = keep, .ctx = &kept};
    struct reel_err err;

    (void)reel_fail(&err, REEL_E_CORRUPT, NULL, "B-3", "damaged");
    reel_note_send(&to, REEL_NOTE_LOST, 2, reel_bytes_of("path"), 9, &err);
    ck_assert_int_eq(kept.kind, REEL_NOTE_LOST);
    ck_assert_uint_eq(kept.encoding, 2);
    ck_assert(reel_bytes_equal(kept.path, reel_bytes_of("path")));
    ck_assert_uint_eq(kept.object, 9);
    ck_assert_int_eq(kept.err.status, REEL_E_CORRUPT);
    ck_assert_str_eq(kept.err.text, "damaged");
}
END_TEST

START_TEST(nobody_may_listen)
{
    struct reel_note kept           = {.kind = REEL_NOTE_INFO};
    const struct reel_reporter deaf = {.fn = NULL, .ctx = &kept};
    struct reel_err err;

    (void)reel_fail(&err, REEL_E_CORRUPT, NULL, NULL, "damaged");
    reel_note_send(&deaf, REEL_NOTE_LOST, 0, reel_bytes_of(""), 0, &err);
    reel_note_send(NULL, REEL_NOTE_LOST, 0, reel_bytes_of(""), 0, &err);
    ck_assert_int_eq(kept.kind, REEL_NOTE_INFO);
}
END_TEST

START_TEST(stop_is_asked_for)
{
    volatile int stop               = 0;
    const struct reel_reporter r    = {.stop = &stop};
    const struct reel_reporter none = {.stop = NULL};

    ck_assert(!reel_stop_asked(&r));
    stop = 1;
    ck_assert(reel_stop_asked(&r));
    ck_assert(!reel_stop_asked(&none));
    ck_assert(!reel_stop_asked(NULL));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, note_is_handed_on);
    tcase_add_test(tcase, nobody_may_listen);
    tcase_add_test(tcase, stop_is_asked_for);
}

int
main(void)
{
    return suite_run("note", add_tests);
}
