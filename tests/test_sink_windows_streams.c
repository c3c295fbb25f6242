/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: streams that a file of this system has no place for. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sink_extras.h"
#include "sink_windows_case.h"

static void
assert_attribute(const char *path, const char *name, const void *value,
                 size_t len)
{
    char full[256];
    char there[256];

    (void)snprintf(full, sizeof(full), "%s/%s", p.dir, path);
    ck_assert_int_eq(getxattr(full, name, there, sizeof(there)), (ssize_t)len);
    ck_assert_mem_eq(there, value, len);
}

START_TEST(streams_without_side_files_are_named)
{
    const bool user = windows_user_attributes();

    windows_all_streams();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "text"));
    if (user) {
        assert_attribute("f",
                         "user.a\xED\xA0\x80"
                         "b",
                         "named", 5);
        assert_attribute("f", "user.holes", "\0\0xy\0\0", 6);
    }
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED,
                                  user ? "not kept here: SECURITY_DATA, "
                                         "EA_DATA, PROPERTY_DATA, OBJECT_ID, "
                                         "TXFS_DATA, GHOSTED_FILE_EXTENTS, "
                                         "stream 4711"
                                       : "not kept here: SECURITY_DATA, "
                                         "EA_DATA, ALTERNATE_DATA :a?b:$DATA"),
                      1);
    ck_assert_uint_eq(p.note_count, 4); /* name, attributes, birth */
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

static void
assert_side(const char *name, const void *value, size_t len)
{
    char path[300];
    char there[256];
    ssize_t n;
    int fd;

    (void)snprintf(path, sizeof(path), "f.reel-streams/%s", name);
    fd = openat(p.dir_fd, path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0, "%s", path);
    n = read(fd, there, sizeof(there));
    (void)close(fd);
    ck_assert_int_eq(n, (ssize_t)len);
    ck_assert_mem_eq(there, value, len);
}

START_TEST(streams_as_side_files)
{
    static const uint8_t times[] = {0x80, 0x16, 0xD7, 0xD5,
                                    0xDE, 0xB1, 0x9D, 0x01};
    static const uint8_t odd[] = {'w', 'h', 'a', 't', 'e', 'v', 'e', 'r', 9, 0,
                                  0,   0,   0,   0,   0,   0,   9,   0,   0, 0,
                                  0,   0,   0,   0,   0,   0,   0,   0,   3, 0,
                                  0,   0,   0,   0,   0,   0,   'a'};
    const bool user            = windows_user_attributes();
    struct stat st;

    windows_side_files();
    windows_all_streams();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "text"));
    assert_side("00-security_data", "descriptor", 10);
    assert_side("02-ea_data", "attributes", 10);
    assert_side("07-property_data", "properties", 10);
    assert_side("08-object_id", "id", 2);
    assert_side("09-txfs_data", "tx", 2);
    assert_side("10-ghosted_file_extents", "ghost", 5);
    assert_side("11-stream4711", odd, sizeof(odd));
    assert_side("short_name", "F", 1);
    assert_side("attributes", "\x22\0\0\0", 4);
    {
        char there[64];
        const int fd =
            openat(p.dir_fd, "f.reel-streams/times", O_RDONLY | O_CLOEXEC);

        ck_assert_int_eq(read(fd, there, sizeof(there)), 16);
        ck_assert_mem_eq(there, times, sizeof(times));
        (void)close(fd);
    }
    ck_assert(probe_stat(&p,
                         "f.reel-streams/03-alternate_data-a\xED\xA0\x80"
                         "b",
                         &st) != user);
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* Longer than an attribute can be, with holes, and with names that are no
   names of files. */
START_TEST(long_streams_as_side_files)
{
    static uint8_t body[100000];
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x20);
    char name[300]       = ":";
    char path[300];
    struct stat st;
    int fd;

    memset(body, 'b', sizeof(body));
    windows_side_files();
    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body,
                   sizeof(body), REEL_NONE64);
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":far:$DATA", "");
    windows_block(5U << 20, "end");
    windows_block(6U << 20, "");
    memset(name + 1, 'n', 251);
    (void)strcpy(name + 252, ":$DATA");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, name, "too long a name");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, "odd", "no name");
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "f.reel-streams/00-alternate_data-long", &st));
    ck_assert_int_eq(st.st_size, sizeof(body));
    ck_assert(probe_stat(&p, "f.reel-streams/01-alternate_data-far", &st));
    ck_assert_int_eq(st.st_size, 6 << 20);
    ck_assert_int_le(st.st_blocks, 64);
    fd = openat(p.dir_fd, "f.reel-streams/01-alternate_data-far",
                O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(pread(fd, path, 4, 5 << 20), 4);
    ck_assert_mem_eq(path, "end\0", 4);
    (void)close(fd);
    assert_side("04-alternate_data", "too long a name", 15);
    ck_assert(probe_stat(&p, "f.reel-streams/04-alternate_data.name", &st));
    ck_assert_int_eq(st.st_size, 2 * (1 + 251 + 6));
    assert_side("05-alternate_data", "no name", 7);
    assert_side("05-alternate_data.name", "o\0d\0d\0", 6);
}
END_TEST

START_TEST(long_streams_without_side_files_are_named)
{
    static uint8_t body[100000];
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x20);

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body,
                   sizeof(body), REEL_NONE64);
    windows_end();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", ""));
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "ALTERNATE_DATA :long:$DATA"), 1);
}
END_TEST

START_TEST(more_streams_than_are_kept)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x20);
    unsigned int i;

    if (_i == 1)
        windows_side_files();
    windows_ordinal = 0;
    windows_begin(1, &o);
    for (i = 0; i < REEL_EXTRAS_COUNT_MAX + 2; i++)
        windows_plain(REEL_STREAM_TXFS_DATA, "", "");
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "4088 more"), _i == 0);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_SKIPPED, "first 4096 are left out: 2"),
        _i == 1);
}
END_TEST

/* What stands beside it stays, and what is left out is named. */
START_TEST(side_files_clobber_nothing)
{
    struct stat st;

    windows_side_files();
    ck_assert_int_eq(mkdirat(p.dir_fd, "f.reel-streams", 0755), 0);
    windows_all_streams();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists already"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "SECURITY_DATA"), 1);
    ck_assert(!probe_stat(&p, "f.reel-streams/00-security_data", &st));
    ck_assert(probe_holds(&p, "f", "text"));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(directories_have_streams_too)
{
    struct reel_object o = windows_facts(REEL_KIND_DIRECTORY, "", 0x10);
    const bool user      = windows_user_attributes();
    struct stat st;

    windows_side_files();
    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "root");
    windows_end();
    o.path          = windows_units("f");
    windows_ordinal = 0;
    windows_begin(2, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    windows_end();
    windows_text_file(3, "f/x", "x");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, ".reel-streams/00-security_data", "root"));
    assert_side("00-security_data", "descriptor", 10);
    if (user)
        assert_attribute("f", "user.n", "named", 5);
    ck_assert(probe_stat(&p, "f", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert(probe_stat(&p, "f.reel-streams", &st));
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

START_TEST(unproven_streams_are_never_named)
{
    static uint8_t body[100000];
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x20);
    struct stat st;

    windows_side_files();
    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body,
                   sizeof(body), REEL_NONE64);
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_DAMAGED, &err));
    windows_begin(2, &o);
    windows_stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body,
                   sizeof(body), REEL_NONE64);
    OK(probe_stop(&p)); /* never ended */
    ck_assert(!probe_stat(&p, "f", &st));
    ck_assert(!probe_stat(&p, "f.reel-streams", &st));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_test(t, streams_without_side_files_are_named);
    tcase_add_test(t, streams_as_side_files);
    tcase_add_test(t, long_streams_as_side_files);
    tcase_add_test(t, long_streams_without_side_files_are_named);
    tcase_add_loop_test(t, more_streams_than_are_kept, 0, 2);
    tcase_add_test(t, side_files_clobber_nothing);
    tcase_add_test(t, directories_have_streams_too);
    tcase_add_test(t, unproven_streams_are_never_named);
}

int
main(void)
{
    return suite_run("sink_windows_streams", add);
}
