/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_compare.h and sink_cat.h: each difference, one at a time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reel/limits.h"
#include "sink_cat.h"
#include "sink_compare.h"
#include "sink_case.h"
#include "suite.h"

#define DIFFERENCES 32

static char told[DIFFERENCES][128]; /* "path: what" */
static unsigned int told_count;

static void
differs(void *ctx, uint8_t encoding, struct reel_bytes path, const char *what)
{
    (void)ctx;
    (void)encoding;
    ck_assert_uint_lt(told_count, DIFFERENCES);
    (void)snprintf(told[told_count++], sizeof(told[0]), "%.*s: %s",
                   (int)path.len, path.len > 0 ? (const char *)path.data : "",
                   what);
}

/* DATA of Size 0, 5 octets at 100,000, the end at 200,000. */
static void
put_sparse(void)
{
    static const uint8_t block[13] = {0xA0, 0x86, 1,   0,   0,   0,  0,
                                      0,    'h',  'e', 'l', 'l', 'o'};
    static const uint8_t tail[8]   = {0x40, 0x0D, 3, 0, 0, 0, 0, 0};
    struct reel_object o = probe_object(REEL_KIND_FILE, "d/sparse", 0600);

    o.size = 200000;
    OK(p.sink->ops->begin(p.sink, 2, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 0));
    OK(probe_stream(&p, 1, REEL_STREAM_SPARSE_BLOCK, sizeof(block)));
    OK(probe_data(&p, 1, 0, 100000, block, 10));
    OK(probe_data(&p, 1, 10, 100000, block + 10, 3));
    OK(probe_stream(&p, 2, REEL_STREAM_SPARSE_BLOCK, sizeof(tail)));
    OK(probe_data(&p, 2, 0, 200000, tail, sizeof(tail)));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
}

/* The archive: the same for whatever sink is there. */
static void
archive(void)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0750);
    bool made;

    OK(probe_directory(&p, 1, &o));
    put_sparse();
    o            = probe_object(REEL_KIND_FILE, "d/x", 0640);
    o.link_count = 2;
    OK(probe_file(&p, 3, &o, "content", 7, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "d/y", 3, &made));
    o = probe_object(REEL_KIND_SYMLINK, "d/z", 0777);
    OK(probe_special(&p, 5, &o, "target"));
    o = probe_object(REEL_KIND_FIFO, "fifo", 0600);
    OK(probe_special(&p, 6, &o, NULL));
}

static void
restore(void)
{
    probe_start(&p);
    archive();
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
}

static void
start_compare(void)
{
    told_count = 0;
    sink_case_compare(differs);
}

static void
compare(void)
{
    start_compare();
    archive();
    OK(probe_stop(&p));
}

/* Put times back that a change has moved. */
static void
touch(const char *path)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                      {1000000000, 123456789}};

    OK(utimensat(p.dir_fd, path, times, AT_SYMLINK_NOFOLLOW));
}

static void
overwrite(const char *path, off_t at, const char *text)
{
    const int fd = openat(p.dir_fd, path, O_WRONLY | O_CLOEXEC);

    ck_assert_int_eq(pwrite(fd, text, strlen(text), at), (int)strlen(text));
    (void)close(fd);
    touch(path);
}

static void
change(int i)
{
    char path[128];

    switch (i) {
    case 0:
        OK(fchmodat(p.dir_fd, "d/x", 0600, 0));
        break;
    case 1:
        overwrite("d/x", 3, "T");
        break;
    case 2:
        overwrite("d/sparse", 4099, "in the hole");
        break;
    case 3:
        overwrite("d/sparse", 199999, "e");
        break;
    case 4:
        overwrite("d/sparse", 100001, "u");
        break;
    case 5: /* a copy instead of a link */
        OK(unlinkat(p.dir_fd, "d/y", 0));
        (void)close(openat(p.dir_fd, "d/y", O_CREAT | O_WRONLY, 0640));
        touch("d");
        break;
    case 6:
        OK(unlinkat(p.dir_fd, "d/y", 0));
        touch("d");
        break;
    case 7:
        OK(unlinkat(p.dir_fd, "d/z", 0));
        OK(symlinkat("targeT", p.dir_fd, "d/z"));
        touch("d/z");
        touch("d");
        break;
    case 8:
        OK(mkdirat(p.dir_fd, "d/more", 0700));
        touch("d");
        break;
    case 9:
        OK(unlinkat(p.dir_fd, "fifo", 0));
        OK(mkdirat(p.dir_fd, "fifo", 0600));
        break;
    case 10:
        overwrite("d/x", 7, "longer");
        break;
    case 11:
        OK(utimensat(p.dir_fd, "d/x", NULL, 0));
        break;
    default:
        (void)snprintf(path, sizeof(path), "%s/d/x", p.dir);
        OK(setxattr(path, "user.new", "v", 1, 0));
        break;
    }
}

START_TEST(what_was_restored_is_the_same)
{
    restore();
    compare();
    ck_assert_msg(told_count == 0, "%s", told[0]);
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

START_TEST(each_difference_is_told_once)
{
    static const char *const expected[] = {
        "d/x: mode: 0640 in the archive, 0600 here",
        "d/x: content differs from octet 3",
        "d/sparse: content differs from octet 4099",
        "d/sparse: content differs from octet 199999",
        "d/sparse: content differs from octet 100001",
        "d/y: link: not the same file here as d/x",
        "d/y: missing here",
        "d/z: its target differs",
        "d/more: not in the archive",
        "fifo: kind: FIFO in the archive, directory here",
        "d/x: size: 7 in the archive, 13 here",
        "d/x: modified: 1000000000.123456789 in the archive",
        "d/x: attribute user.new: not in the archive",
    };

    restore();
    change(_i);
    compare();
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert_msg(told_count == 1, "%u: %s; %s", told_count, told[0], told[1]);
    ck_assert_msg(strncasecmp(told[0], expected[_i], strlen(expected[_i])) == 0,
                  "%s", told[0]);
}
END_TEST

START_TEST(attributes_are_compared)
{
    static const char *const here[] = {"red", "blue", NULL};
    struct reel_object o            = probe_object(REEL_KIND_FILE, "f", 0600);
    struct reel_xattr x;
    char path[128];

    probe_start(&p);
    OK(probe_file(&p, 1, &o, "", 0, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    (void)snprintf(path, sizeof(path), "%s/f", p.dir);
    if (here[_i] != NULL)
        OK(setxattr(path, "user.c", here[_i], strlen(here[_i]), 0));
    memset(&x, 0, sizeof(x));
    x.name  = reel_bytes_of("user.c");
    x.value = reel_bytes_of("red");
    start_compare();
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    OK(p.sink->ops->xattr(p.sink, &x, &err));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert_uint_eq(told_count, _i == 0 ? 0 : 1);
    if (_i == 1)
        ck_assert_str_eq(told[0], "f: attribute user.c differs");
    if (_i == 2)
        ck_assert_str_eq(told[0], "f: attribute user.c: missing here");
}
END_TEST

START_TEST(damage_is_no_difference)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);

    probe_start(&p);
    OK(probe_file(&p, 1, &o, "text", 4, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    start_compare();
    OK(probe_file(&p, 1, &o, "text", 4, REEL_OUTCOME_DAMAGED));
    OK(probe_stop(&p));
    ck_assert_uint_eq(told_count, 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, "not proven"), 1);
}
END_TEST

START_TEST(never_through_a_link)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "l/f", 0600);

    OK(mkdirat(p.dir_fd, "real", 0700));
    (void)close(openat(p.dir_fd, "real/f", O_CREAT | O_WRONLY, 0600));
    touch("real/f");
    OK(symlinkat("real", p.dir_fd, "l"));
    start_compare();
    OK(probe_file(&p, 1, &o, "", 0, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_eq(told_count, 1);
    ck_assert_str_eq(told[0], "l/f: missing here");
}
END_TEST

START_TEST(cat_gives_content)
{
    static char back[300000];
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0700);
    const int fd = openat(p.dir_fd, "out", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    bool made    = true;

    p.sink = reel_sink_cat_new(fd, &p.report, &err);
    ck_assert_ptr_nonnull(p.sink);
    OK(probe_directory(&p, 1, &o));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "no content"), 1);
    put_sparse();
    o = probe_object(REEL_KIND_FILE, "f", 0600);
    OK(probe_file(&p, 3, &o, "text", 4, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "g", 3, &made));
    ck_assert(!made);
    ck_assert_uint_eq(p.note_count, 1);
    OK(probe_file(&p, 4, &o, "bad", 3, REEL_OUTCOME_DAMAGED));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, "not proven"), 1);
    OK(probe_stop(&p));
    ck_assert_int_eq(pread(fd, back, sizeof(back), 0), 200007);
    ck_assert(reel_bytes_zero((const uint8_t *)back, 100000));
    ck_assert_mem_eq(back + 100000, "hello", 5);
    ck_assert(reel_bytes_zero((const uint8_t *)back + 100005, 99995));
    ck_assert_mem_eq(back + 200000, "textbad", 7);
    (void)close(fd);
}
END_TEST

START_TEST(cat_fails_with_its_output)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    const int fd         = open("/dev/full", O_WRONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    p.sink = reel_sink_cat_new(fd, &p.report, &err);
    ck_assert_int_eq(probe_file(&p, 3, &o, "text", 4, REEL_OUTCOME_PROVEN),
                     REEL_E_FULL);
    OK(probe_stop(&p));
    (void)close(fd);
}
END_TEST

static void
add(TCase *t)
{
    sink_case_fixture(t);
    tcase_add_test(t, what_was_restored_is_the_same);
    tcase_add_loop_test(t, each_difference_is_told_once, 0, 13);
    tcase_add_loop_test(t, attributes_are_compared, 0, 3);
    tcase_add_test(t, damage_is_no_difference);
    tcase_add_test(t, never_through_a_link);
    tcase_add_test(t, cat_gives_content);
    tcase_add_test(t, cat_fails_with_its_output);
}

int
main(void)
{
    return suite_run("sink_compare", add);
}
