/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it costs to move about in a .tap image of many small objects
 * (reel/medium_tap.h), counted in reads of the file: as much for each object
 * however many there are.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reel/medium_tap.h"
#include "reel/note.h"
#include "whole_io.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)
/* So many objects that an index with room for 4,096 knows every 32nd. */
#define OBJECTS 100000U
/* A record of one octet: two words, an octet and one of filling. */
#define RECORD_BYTES 10U
/* More than objects cost that are gone past a few times each. */
#define READS_MAX ((uint64_t)OBJECTS * 16)

static struct reel_err err;
static uint64_t reads;

/* The linker puts it in the place of the library's (--wrap). */
bool __real_reel_io_read(int fd, struct iovec *iov, int count, uint64_t off,
                         size_t *done);
bool __wrap_reel_io_read(int fd, struct iovec *iov, int count, uint64_t off,
                         size_t *done);

bool
__wrap_reel_io_read(int fd, struct iovec *iov, int count, uint64_t off,
                    size_t *done)
{
    ck_assert_uint_lt(reads++, READS_MAX);
    return __real_reel_io_read(fd, iov, count, off, done);
}

/* ---- images ---- */

struct bytes {
    uint8_t *data;
    size_t len;
};

static void
add_word(struct bytes *b, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        b->data[b->len++] = (uint8_t)(word >> 8 * i);
}

static void
add_record(struct bytes *b)
{
    add_word(b, 1);
    b->data[b->len++] = 'x';
    b->data[b->len++] = 0;
    add_word(b, 1);
}

static struct reel_medium *
opened(const struct bytes *b, enum reel_medium_mode mode,
       const struct reel_reporter *report)
{
    const struct reel_medium_open_opts opts = {.report = report};
    struct reel_medium *m                   = NULL;
    const int fd                            = memfd_create("image", 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, b->data, b->len), (ssize_t)b->len);
    OK(reel_medium_tap_file_new(&m, fd, mode, &opts, &err));
    return m;
}

/* OBJECTS objects, records and marks in turn; the second record is damaged in
   its last word, if that is wanted. */
static struct bytes
turns(bool damaged)
{
    struct bytes b = {malloc((size_t)OBJECTS * RECORD_BYTES), 0};

    ck_assert_ptr_nonnull(b.data);
    for (uint32_t i = 0; i < OBJECTS; i += 2) {
        add_record(&b);
        if (damaged && i == 2)
            b.data[b.len - 1] ^= 1;
        add_word(&b, 0);
    }
    return b;
}

/* ---- moving ---- */

static void
check_read(struct reel_medium *m, uint64_t address, enum reel_event want)
{
    enum reel_event event = REEL_EVENT_END;
    uint8_t octet;
    size_t bytes;

    OK(reel_medium_locate(m, address, &err));
    OK(reel_medium_read(m, &octet, 1, &event, &bytes, &err));
    ck_assert_int_eq(event, want);
}

/* As a search for END goes: the tape files from the last to the first, of each
   the first block and the last thing before its end. */
static void
check_search(bool damaged)
{
    struct bytes b        = turns(damaged);
    struct reel_medium *m = opened(&b, REEL_MEDIUM_READ, NULL);
    uint64_t end          = 0;
    int64_t passed        = 0;

    reads = 0;
    OK(reel_medium_end_of_data(m, &err));
    OK(reel_medium_tell(m, &end, &err));
    ck_assert_uint_eq(end, OBJECTS);
    while (end > 1) {
        OK(reel_medium_locate(m, end, &err));
        OK(reel_medium_space_filemarks(m, -1, &passed, &err));
        ck_assert_int_eq(passed, 1);
        OK(reel_medium_tell(m, &end, &err));
        ck_assert_uint_eq(end % 2, 1);
        if (end == 1)
            break;
        check_read(m, end - 1,
                   damaged && end == 3 ? REEL_EVENT_UNREADABLE
                                       : REEL_EVENT_BLOCK);
        check_read(m, end, REEL_EVENT_FILEMARK);
        check_read(m, end - 2, REEL_EVENT_FILEMARK);
    }
    OK(reel_medium_close(m, &err));
    free(b.data);
}

START_TEST(search_from_the_end)
{
    check_search(false);
}
END_TEST

START_TEST(search_behind_damage)
{
    check_search(true);
}
END_TEST

/* Back over everything in one call. */
START_TEST(space_back_behind_damage)
{
    struct bytes b        = turns(true);
    struct reel_medium *m = opened(&b, REEL_MEDIUM_READ, NULL);
    int64_t passed        = 0;

    reads = 0;
    OK(reel_medium_end_of_data(m, &err));
    OK(reel_medium_space_filemarks(m, INT64_MIN, &passed, &err));
    ck_assert_int_eq(passed, OBJECTS / 2);
    OK(reel_medium_close(m, &err));
    free(b.data);
}
END_TEST

/* Where the framing is whole again can be known from the end of the file only:
   that is looked up once, whatever else is damaged. */
START_TEST(the_end_is_asked_once)
{
    struct bytes b        = turns(false);
    struct reel_medium *m = NULL;

    /* A record whose length is right in front, a sound one, and what is as long
       as nothing that is known. */
    b.len = 0;
    add_record(&b);
    b.data[b.len - 1] ^= 1;
    add_record(&b);
    for (int i = 0; i < 5; i++)
        add_word(&b, UINT32_C(0x7F7F7F7F));
    for (uint32_t i = 3; i < OBJECTS / 2; i++)
        add_record(&b);
    m     = opened(&b, REEL_MEDIUM_READ, NULL);
    reads = 0;
    for (int i = 0; i < 100; i++) {
        check_read(m, OBJECTS / 2 - 1, REEL_EVENT_BLOCK);
        check_read(m, 0, REEL_EVENT_UNREADABLE);
        check_read(m, 2, REEL_EVENT_UNREADABLE);
    }
    OK(reel_medium_close(m, &err));
    free(b.data);
}
END_TEST

/* Whoever reads can be stopped on the way; whoever writes moves on, for to stop
   is to end well. */
START_TEST(stopped_on_the_way)
{
    const volatile int stop           = 1;
    const struct reel_reporter report = {.stop = &stop};
    struct bytes b                    = turns(false);
    struct reel_medium *m             = NULL;

    m = opened(&b, REEL_MEDIUM_READ, &report);
    ck_assert_int_eq(reel_medium_end_of_data(m, &err), REEL_E_STOPPED);
    OK(reel_medium_close(m, &err));
    m = opened(&b, REEL_MEDIUM_WRITE, &report);
    OK(reel_medium_end_of_data(m, &err));
    OK(reel_medium_close(m, &err));
    free(b.data);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_test(t, search_from_the_end);
    tcase_add_test(t, search_behind_damage);
    tcase_add_test(t, space_back_behind_damage);
    tcase_add_test(t, the_end_is_asked_once);
    tcase_add_test(t, stopped_on_the_way);
}

int
main(void)
{
    return suite_run("medium_tap_cost", add);
}
