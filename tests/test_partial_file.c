/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of partial_file.h: what it says of itself is so, whatever fails. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "partial_file.h"
#include "sink_case.h"
#include "suite.h"

#define HEAD "what is left"
#define SIZE 100
#define TAIL_AT 90
#define TAIL "the end"

struct outcome {
    bool made;
    bool head; /* the file took it */
    bool tail;
    bool there;
    bool unsure;
};

static struct timespec begun; /* all that stands there is younger */

/* All of one partial file. */
static struct outcome
make_one(const struct reel_sink_calls *calls, bool drop)
{
    const struct reel_sink_subject about = {.report   = &p.report,
                                            .object   = 7,
                                            .path     = reel_bytes_of("a/file"),
                                            .encoding = REEL_ENCODING_POSIX};
    struct reel_partial_file file;
    struct outcome o = {0};

    reel_partial_file_init(&file, p.dir_fd, 0, &begun, calls);
    ck_assert_int_eq(reel_partial_file_open(&file, 1, &about, &o.made, &err),
                     REEL_OK);
    if (o.made) {
        const struct reel_bytes head = reel_bytes_of(HEAD);
        const struct reel_bytes tail = reel_bytes_of(TAIL);

        o.head = reel_partial_file_write(&file, head, 0) == head.len;
        o.tail = reel_partial_file_write(&file, tail, TAIL_AT) == tail.len;
    }
    o.there = reel_partial_file_close(&file, &about, SIZE, drop, &o.unsure);
    reel_partial_file_fini(&file);
    return o;
}

/* What `o` says is in the file is in it. */
static void
check_content(const struct outcome *o)
{
    char octets[SIZE + 1] = "";
    const int fd =
        openat(p.dir_fd, "a/file.reel-partial", O_RDONLY | O_CLOEXEC);
    ssize_t n;

    ck_assert_int_eq(fd >= 0, o->there);
    if (fd < 0)
        return;
    n = read(fd, octets, sizeof(octets));
    (void)close(fd);
    ck_assert_int_ge(n, 0);
    ck_assert_int_le(n, SIZE);
    ck_assert(!o->head || memcmp(octets, HEAD, strlen(HEAD)) == 0);
    ck_assert(!o->tail || memcmp(octets + TAIL_AT, TAIL, strlen(TAIL)) == 0);
    ck_assert(p.note_count > 0 || n == SIZE);
}

START_TEST(holds_what_it_took)
{
    const struct outcome o = make_one(reel_sink_calls_system(), false);

    ck_assert(o.made && o.head && o.tail && o.there && !o.unsure);
    check_content(&o);
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

/* It goes where the object itself was put in place; what stood there before is
   no reason. */
START_TEST(is_dropped_beside_what_is_whole)
{
    struct timespec now;

    ck_assert(make_one(reel_sink_calls_system(), true).there);
    sink_case_anew();
    sink_case_file("a/file", "whole");
    ck_assert(!make_one(reel_sink_calls_system(), true).there);
    ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &now), 0);
    begun = (struct timespec){.tv_sec = now.tv_sec + 1};
    ck_assert(make_one(reel_sink_calls_system(), true).there);
    begun = (struct timespec){0};
}
END_TEST

START_TEST(each_call_fails)
{
    static const int errors[] = {EIO, ENOSPC, EACCES, EMFILE, EDQUOT};
    const int error           = errors[_i];
    const unsigned long *made = NULL;
    unsigned long count;

    (void)make_one(probe_calls(0, 0, &made), false);
    count = *made;
    ck_assert_uint_ge(count, 6);
    for (unsigned long n = 1; n <= count; n++) {
        struct outcome o;

        sink_case_anew();
        o = make_one(probe_calls(n, error, &made), false);
        check_content(&o);
        /* What is not as it ought to be has been noted, but for what the
           writer finds out by itself. */
        ck_assert(o.made || p.note_count > 0);
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "may not be"),
                          o.unsure);
    }
}
END_TEST

START_TEST(a_close_that_fails_is_told)
{
    unsigned int unsure       = 0;
    const unsigned long *made = NULL;
    unsigned long count;

    (void)make_one(probe_calls(0, 0, &made), false);
    count = *made;
    for (unsigned long n = 1; n <= count; n++) {
        sink_case_anew();
        unsure += make_one(probe_calls(n, EIO, &made), false).unsure;
    }
    ck_assert_uint_eq(unsure, 1);
}
END_TEST

static int ftruncate_error;

static int
fail_ftruncate(int fd, off_t len)
{
    (void)fd;
    (void)len;
    errno = ftruncate_error;
    return -1;
}

/* One that cannot be so long ends earlier; what else fails is told. */
START_TEST(a_length_that_cannot_be_set)
{
    static const struct {
        int error;
        unsigned int notes;
    } rows[] = {{EFBIG, 0}, {EINVAL, 0}, {EIO, 1}, {ENOSPC, 1}};
    struct reel_sink_calls calls = *reel_sink_calls_system();
    struct outcome o;

    calls.ftruncate = fail_ftruncate;
    ftruncate_error = rows[_i].error;
    o               = make_one(&calls, false);
    ck_assert(o.made && o.head && o.tail && o.there && !o.unsure);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_SKIPPED, "does not get its length"),
        rows[_i].notes);
    ck_assert_uint_eq(p.note_count, rows[_i].notes);
}
END_TEST

/* What is written of a row is counted, where the rest of it is not. */
static ssize_t
write_three(int fd, const void *buf, size_t len, off_t at)
{
    if (at >= 3) {
        errno = ENOSPC;
        return -1;
    }
    return pwrite(fd, buf, len < 3 ? len : 3, at);
}

START_TEST(a_part_of_a_row_is_counted)
{
    const struct reel_sink_subject about = {.report = &p.report, .object = 7};
    struct reel_sink_calls calls         = *reel_sink_calls_system();
    struct reel_partial_file file;
    bool made, unsure;

    calls.pwrite = write_three;
    reel_partial_file_init(&file, p.dir_fd, 0, &begun, &calls);
    ck_assert_int_eq(reel_partial_file_open(&file, 1, &about, &made, &err),
                     REEL_OK);
    ck_assert(made);
    ck_assert_uint_eq(reel_partial_file_write(&file, reel_bytes_of(HEAD), 0),
                      3);
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert(reel_partial_file_close(&file, &about, 0, false, &unsure));
    ck_assert(probe_holds(&p, "1.7.reel-partial", "wha"));
    reel_partial_file_fini(&file);
}
END_TEST

/* A torn object that came again whole takes it away; it is not missed. */
START_TEST(dropped_beside_the_object)
{
    struct outcome o;
    int fd;

    ck_assert_int_eq(mkdirat(p.dir_fd, "a", 0755), 0);
    fd = openat(p.dir_fd, "a/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_eq(close(fd), 0);
    o = make_one(reel_sink_calls_system(), true);
    ck_assert(!o.there && !o.unsure);
    check_content(&o);
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

static void
add(TCase *t)
{
    sink_case_fixture(t);
    tcase_add_test(t, holds_what_it_took);
    tcase_add_test(t, is_dropped_beside_what_is_whole);
    tcase_add_loop_test(t, each_call_fails, 0, 5);
    tcase_add_test(t, a_close_that_fails_is_told);
    tcase_add_loop_test(t, a_length_that_cannot_be_set, 0, 4);
    tcase_add_test(t, a_part_of_a_row_is_counted);
    tcase_add_test(t, dropped_beside_the_object);
}

int
main(void)
{
    return suite_run("partial_file", add);
}
