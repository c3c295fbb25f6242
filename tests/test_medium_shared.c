/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of reel/medium.h (spec chapter 2): one list of scenarios for every
 * backend. A scenario is played with `write`, then read back through a fresh
 * handle on the same contents.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/medium_memory.h"
#include "reel/medium_tap.h"

/* A tape as text: a digit or letter is a block, "|" a filemark. */
static const char *const tapes[] = {
    "",        "|",           "a",           "ab",
    "a|",      "|a",          "||",          "a|b|c|",
    "ab|cd||", "abc|def|ghi", "|||a|||b|||", "VL|xyzxyzxyz|cc|e|e|",
};
#define TAPES (sizeof(tapes) / sizeof(tapes[0]))

/* Length of the block `c`: odd and even, from 1 byte on. */
static size_t
block_bytes(char c)
{
    return c == 'a' ? 1 : (size_t)c * 37;
}

#define BLOCK_MAX 8192u

static void
fill(uint8_t *buf, char c)
{
    for (size_t i = 0; i < block_bytes(c); i++)
        buf[i] = (uint8_t)((size_t)c + i * 7);
}

/* ---- the backends ---- */

struct contents {
    struct reel_memory_tape *tape;
    int file; /* an unlinked file, for the file and the pipe */
};

struct backend {
    const char *name;
    enum reel_status (*open)(struct contents *c, enum reel_medium_mode mode,
                             struct reel_medium **out, struct reel_err *err);
};

static enum reel_status
open_memory(struct contents *c, enum reel_medium_mode mode,
            struct reel_medium **out, struct reel_err *err)
{
    return reel_medium_memory_new(out, c->tape, mode, err);
}

static enum reel_status
open_file(struct contents *c, enum reel_medium_mode mode,
          struct reel_medium **out, struct reel_err *err)
{
    return reel_medium_tap_file_new(out, dup(c->file), mode, NULL, err);
}

static enum reel_status
open_pipe(struct contents *c, enum reel_medium_mode mode,
          struct reel_medium **out, struct reel_err *err)
{
    ck_assert_int_eq(lseek(c->file, 0, SEEK_SET), 0);
    return reel_medium_tap_pipe_new(out, dup(c->file), true, mode, err);
}

static const struct backend backends[] = {
    {"memory", open_memory}, {"file", open_file}, {"pipe", open_pipe}};
#define BACKENDS 3

static struct contents
contents_new(void)
{
    char name[] = "/tmp/reel-medium-XXXXXX";
    struct contents c;

    c.tape = reel_memory_tape_new(NULL);
    c.file = mkstemp(name);
    ck_assert_ptr_nonnull(c.tape);
    ck_assert_int_ge(c.file, 0);
    ck_assert_int_eq(unlink(name), 0);
    return c;
}

static void
contents_free(struct contents *c)
{
    reel_memory_tape_free(c->tape);
    ck_assert_int_eq(close(c->file), 0);
}

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)

static struct reel_err err;

static struct reel_medium *
opened(const struct backend *b, struct contents *c, enum reel_medium_mode mode)
{
    struct reel_medium *m = NULL;

    OK(b->open(c, mode, &m, &err));
    return m;
}

static void
write_text(struct reel_medium *m, const char *text)
{
    static uint8_t buf[BLOCK_MAX];

    for (; *text; text++) {
        if (*text == '|') {
            OK(reel_medium_filemark(m, &err));
            continue;
        }
        fill(buf, *text);
        OK(reel_medium_write(m, buf, block_bytes(*text), &err));
    }
}

static void
expect_tell(struct reel_medium *m, uint64_t address)
{
    uint64_t got = 0;

    OK(reel_medium_tell(m, &got, &err));
    ck_assert_uint_eq(got, address);
}

static void
expect_next(struct reel_medium *m, char c)
{
    static uint8_t want[BLOCK_MAX];
    static uint8_t buf[BLOCK_MAX];
    enum reel_event event;
    size_t bytes;

    OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
    if (c == '\0' || c == '|') {
        ck_assert_int_eq(event, c ? REEL_EVENT_FILEMARK : REEL_EVENT_END);
        ck_assert_uint_eq(bytes, 0);
        return;
    }
    ck_assert_int_eq(event, REEL_EVENT_BLOCK);
    ck_assert_uint_eq(bytes, block_bytes(c));
    fill(want, c);
    ck_assert_mem_eq(buf, want, bytes);
}

/* From the position, which is `address`, to the end, twice END. */
static void
expect_rest(struct reel_medium *m, const char *text, uint64_t address)
{
    for (; *text; text++, address++) {
        expect_tell(m, address);
        expect_next(m, *text);
    }
    expect_next(m, '\0');
    expect_next(m, '\0');
    expect_tell(m, address);
}

static void
closed(struct reel_medium *m)
{
    OK(reel_medium_close(m, &err));
}

/* New contents with `text` on them. */
static struct contents
played(const struct backend *b, const char *text)
{
    struct contents c     = contents_new();
    struct reel_medium *m = opened(b, &c, REEL_MEDIUM_WRITE);

    write_text(m, text);
    expect_tell(m, strlen(text));
    closed(m);
    return c;
}

/* ---- scenarios; _i is backend * TAPES + tape ---- */

#define SETUP(i)                                                               \
    const struct backend *b = &backends[(size_t)(i) / TAPES];                  \
    const char *text        = tapes[(size_t)(i) % TAPES];                      \
    struct contents c       = played(b, text);                                 \
    struct reel_medium *m   = opened(b, &c, REEL_MEDIUM_READ)

#define TEARDOWN()                                                             \
    closed(m);                                                                 \
    contents_free(&c)

START_TEST(round_trip)
{
    SETUP(_i);
    expect_rest(m, text, 0);
    TEARDOWN();
}
END_TEST

static size_t
marks_in(const char *text, size_t from, size_t to)
{
    size_t marks = 0;

    for (size_t i = from; i < to; i++)
        marks += text[i] == '|';
    return marks;
}

/* From each address, forward over each number of marks. */
START_TEST(space_forward)
{
    SETUP(_i);
    const size_t len = strlen(text);

    for (size_t from = 0; from <= len; from++) {
        for (int count = 1; count < 8; count++) {
            int64_t passed;
            size_t at = from;

            closed(m);
            m = opened(b, &c, REEL_MEDIUM_READ);
            OK(reel_medium_locate(m, from, &err));
            OK(reel_medium_space_filemarks(m, count, &passed, &err));
            while (at < len && marks_in(text, from, at) < (size_t)count)
                at++;
            ck_assert_int_eq(passed, (int64_t)marks_in(text, from, at));
            expect_rest(m, text + at, at);
        }
    }
    TEARDOWN();
}
END_TEST

START_TEST(space_backward)
{
    SETUP(_i);
    const size_t len = strlen(text);

    for (size_t from = 0; from <= len; from++) {
        for (int count = 1; count < 8; count++) {
            int64_t passed;
            size_t at = from;

            OK(reel_medium_locate(m, from, &err));
            OK(reel_medium_space_filemarks(m, -count, &passed, &err));
            while (at > 0 && marks_in(text, at, from) < (size_t)count)
                at--;
            ck_assert_int_eq(passed, (int64_t)marks_in(text, at, from));
            expect_rest(m, text + at, at);
        }
    }
    OK(reel_medium_end_of_data(m, &err));
    expect_tell(m, len);
    TEARDOWN();
}
END_TEST

START_TEST(locate_everywhere)
{
    SETUP(_i);
    const size_t len = strlen(text);

    for (size_t from = 0; from <= len; from++) {
        for (size_t to = 0; to <= len; to++) {
            OK(reel_medium_locate(m, from, &err));
            OK(reel_medium_locate(m, to, &err));
            expect_tell(m, to);
            expect_next(m, text[to]);
        }
    }
    ck_assert_int_eq(reel_medium_locate(m, len + 3, &err), REEL_E_TRUNCATED);
    expect_tell(m, len);
    expect_next(m, '\0');
    TEARDOWN();
}
END_TEST

/* Whatever stood at the position and behind is gone. */
START_TEST(write_cuts)
{
    const struct backend *b = &backends[(size_t)_i / TAPES];
    const char *text        = tapes[(size_t)_i % TAPES];

    for (size_t at = 0; at <= strlen(text); at++) {
        for (int marks = 0; marks < 2; marks++) {
            struct contents c     = played(b, text);
            struct reel_medium *m = opened(b, &c, REEL_MEDIUM_WRITE);
            char want[40];

            OK(reel_medium_locate(m, at, &err));
            write_text(m, marks ? "|" : "n");
            expect_next(m, '\0');
            write_text(m, "o|");
            (void)snprintf(want, sizeof(want), "%.*s%co|", (int)at, text,
                           marks ? '|' : 'n');
            OK(reel_medium_locate(m, 0, &err));
            expect_rest(m, want, 0);
            TEARDOWN();
        }
    }
}
END_TEST

START_TEST(too_long_is_passed_whole)
{
    const struct backend *b = &backends[_i];
    struct contents c       = played(b, "bcd");
    struct reel_medium *m   = opened(b, &c, REEL_MEDIUM_READ);
    uint8_t buf[8]          = {0};
    enum reel_event event;
    size_t bytes;

    OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_TOO_LONG);
    ck_assert_uint_eq(bytes, block_bytes('b'));
    expect_rest(m, "cd", 1);
    TEARDOWN();
}
END_TEST

START_TEST(misuse_is_refused)
{
    const struct backend *b = &backends[_i];
    struct contents c       = played(b, "ab");
    struct reel_medium *m   = opened(b, &c, REEL_MEDIUM_READ);
    uint8_t octet           = 0;
    int64_t passed          = 5;

    ck_assert(reel_medium_info(m)->write_protected);
    ck_assert_int_eq(reel_medium_write(m, &octet, 1, &err), REEL_E_MISUSE);
    ck_assert_int_eq(reel_medium_filemark(m, &err), REEL_E_MISUSE);
    if (!reel_medium_info(m)->can_locate) {
        expect_next(m, 'a');
        ck_assert_int_eq(reel_medium_end_of_data(m, &err), REEL_E_MISUSE);
        ck_assert_int_eq(reel_medium_locate(m, 0, &err), REEL_E_MISUSE);
        ck_assert_int_eq(reel_medium_space_filemarks(m, -1, &passed, &err),
                         REEL_E_MISUSE);
        ck_assert_int_eq(passed, 0);
        expect_next(m, 'b');
    }
    closed(m);
    m = opened(b, &c, REEL_MEDIUM_WRITE);
    ck_assert(!reel_medium_info(m)->write_protected);
    ck_assert_int_eq(reel_medium_write(m, &octet, 0, &err), REEL_E_MISUSE);
    ck_assert_int_eq(reel_medium_write(m, &octet, 0x1000000, &err),
                     REEL_E_MISUSE);
    TEARDOWN();
    ck_assert_int_eq(reel_medium_close(NULL, NULL), REEL_OK);
}
END_TEST

int
main(void)
{
    const int all    = (int)(BACKENDS * TAPES);
    const int placed = (int)(2 * TAPES); /* without the pipe */
    Suite *s         = suite_create("medium_shared");
    TCase *t         = tcase_create("scenarios");
    SRunner *r;
    int failed;

    tcase_add_loop_test(t, round_trip, 0, all);
    tcase_add_loop_test(t, space_forward, 0, all);
    tcase_add_loop_test(t, space_backward, 0, placed);
    tcase_add_loop_test(t, locate_everywhere, 0, placed);
    tcase_add_loop_test(t, write_cuts, 0, placed);
    tcase_add_loop_test(t, too_long_is_passed_whole, 0, BACKENDS);
    tcase_add_loop_test(t, misuse_is_refused, 0, BACKENDS);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
