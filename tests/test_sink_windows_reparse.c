/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: reparse points. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "reel/reparse.h"
#include "sink_windows.h"
#include "sink_windows_case.h"

static const struct {
    uint32_t tag;
    bool relative;
    const char *to;
    const char *shown;
    const char *target;
    bool noted;
} links[] = {
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "a\\b~", "", "a/b\xED\xA0\x80", false},
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "..\\..\\x", "y", "../../x", false},
    {REEL_REPARSE_WINDOWS_SYMLINK, false, "\\??\\C:\\x", "C:\\x", "C:\\x",
     true},
    {REEL_REPARSE_WINDOWS_SYMLINK, false, "\\??\\C:\\x", "", "\\??\\C:\\x",
     true},
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "\\x", "\\x", "\\x", true},
    {REEL_REPARSE_MOUNT_POINT, false, "\\??\\D:\\", "D:\\", "D:\\", true},
};

START_TEST(links_of_windows)
{
    static const uint8_t kinds[] = {REEL_KIND_FILE, REEL_KIND_DIRECTORY,
                                    REEL_KIND_SYMLINK};
    char path[8];
    size_t i;

    for (i = 0; i < sizeof(kinds); i++) {
        struct reel_object o;

        (void)snprintf(path, sizeof(path), "l%zu", i);
        o               = windows_facts(kinds[i], path, 0x400);
        windows_ordinal = 0;
        windows_begin(i + 1, &o);
        windows_link(links[_i].tag, links[_i].relative, links[_i].to,
                     links[_i].shown);
        windows_end();
        windows_assert_target(path, links[_i].target);
    }
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "kept as text"),
                      links[_i].noted ? i : 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "REPARSE"), 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* As WSL puts them on NTFS: files with a tag. */
START_TEST(special_files_of_wsl)
{
    static const uint8_t fifo[]        = {0x24, 0, 0, 0x80, 0, 0, 0, 0};
    static const uint8_t unix_socket[] = {0x23, 0, 0, 0x80, 0, 0, 0, 0};
    static const uint8_t lx[]          = {0x1D, 0, 0, 0xA0, 7,    0,    0,  0,
                                          2,    0, 0, 0,    '\\', 0xFF, 'b'};
    struct reel_object o = windows_facts(REEL_KIND_FILE, "fifo", 0x400);
    struct stat st;

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", fifo, sizeof(fifo),
                   REEL_NONE64);
    windows_end();
    o.path = windows_units("socket");
    windows_begin(2, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", unix_socket,
                   sizeof(unix_socket), REEL_NONE64);
    windows_end();
    o.path = windows_units("lx");
    windows_begin(3, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", lx, sizeof(lx), REEL_NONE64);
    windows_end();
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "fifo", &st));
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert(probe_stat(&p, "socket", &st));
    ck_assert(S_ISSOCK(st.st_mode));
    windows_assert_target("lx", "\\\xFF"
                                "b");
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

START_TEST(devices_only_when_asked_for)
{
    static const uint8_t device[] = {0x25, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o = windows_facts(REEL_KIND_FILE, "null", 0x400);
    struct stat st;

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", device, sizeof(device),
                   REEL_NONE64);
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "devices"), 1);
    ck_assert(!probe_stat(&p, "null", &st));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* "A" of one octet, then 1:3. */
static const uint8_t lxdev[] = {12,  0,   0, 0, 0, 1, 1, 0, 'A', 0,   'b', 0,
                                0,   0,   0, 0, 0, 6, 8, 0, '$', 'L', 'X', 'D',
                                'E', 'V', 0, 1, 0, 0, 0, 3, 0,   0,   0};

START_TEST(devices_have_their_numbers_in_an_ea)
{
    static const uint8_t device[] = {0x25, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o          = windows_facts(
                 _i == 0 ? REEL_KIND_FILE : REEL_KIND_CHARACTER, "null", 0x400);
    struct stat st;

    OK(probe_stop(&p));
    p.options.preserve = true;
    probe_start(&p);
    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", device, sizeof(device),
                   REEL_NONE64);
    windows_stream(REEL_STREAM_EA_DATA, "", lxdev, sizeof(lxdev), REEL_NONE64);
    windows_end();
    OK(probe_stop(&p));
    if (probe_stat(&p, "null", &st)) {
        ck_assert(S_ISCHR(st.st_mode));
        ck_assert_uint_eq(st.st_rdev, makedev(1, 3));
    } else { /* only a privileged user can make one */
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "cannot be made"),
                          1);
    }
}
END_TEST

START_TEST(lists_of_eas)
{
    static const uint8_t last[] = {20,  0,   0,   0, 0, 6, 8, 0, '$', 'L', 'X',
                                   'D', 'E', 'V', 0, 1, 0, 0, 0, 3,   0};
    uint8_t copy[sizeof(lxdev) + 3];
    uint32_t major = 7;
    uint32_t minor = 7;
    size_t len;

    ck_assert(reel_sink_windows_device(
        (struct reel_bytes){lxdev, sizeof(lxdev)}, &major, &minor));
    ck_assert_uint_eq(major, 1);
    ck_assert_uint_eq(minor, 3);
    for (len = 0; len < sizeof(lxdev); len++) {
        uint8_t *const part = malloc(len + 3);

        ck_assert_ptr_nonnull(part);
        memcpy(part, lxdev, len);
        ck_assert(!reel_sink_windows_device((struct reel_bytes){part, len},
                                            &major, &minor));
        ck_assert_uint_eq(reel_sink_windows_ea(part, len), 0);
        free(part);
    }
    memcpy(copy, lxdev, sizeof(lxdev));
    ck_assert_uint_eq(reel_sink_windows_ea(copy, sizeof(lxdev)), 36);
    ck_assert_uint_eq(copy[12], 24);
    ck_assert_uint_eq(copy[35], 0);
    ck_assert(!reel_sink_windows_device((struct reel_bytes){last, sizeof(last)},
                                        &major, &minor));
}
END_TEST

/* A tag that is none of those, and one on a file with content. */
START_TEST(other_reparse_points_stay_what_they_are)
{
    static const uint8_t wof[] = {0x17, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o       = windows_facts(REEL_KIND_FILE, "file", 0x400);
    struct stat st;

    windows_ordinal = 0;
    o.size          = 4;
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_DATA, "", "text");
    windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    windows_end();
    o               = windows_facts(REEL_KIND_DIRECTORY, "dir", 0x410);
    windows_ordinal = 0;
    windows_begin(2, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", wof, sizeof(wof), REEL_NONE64);
    windows_end();
    windows_text_file(3, "dir/in", "in");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "file", "text"));
    ck_assert(probe_holds(&p, "dir/in", "in"));
    ck_assert(probe_stat(&p, "dir", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "not kept here: REPARSE_DATA"), 2);
}
END_TEST

START_TEST(other_streams_of_links_are_named)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "l", 0x400);

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    windows_end();
    OK(probe_stop(&p));
    windows_assert_target("l", "a");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED,
                                  "not kept here: SECURITY_DATA, "
                                  "ALTERNATE_DATA :n:$DATA"),
                      1);
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_loop_test(t, links_of_windows, 0,
                        sizeof(links) / sizeof(links[0]));
    tcase_add_test(t, special_files_of_wsl);
    tcase_add_test(t, devices_only_when_asked_for);
    tcase_add_loop_test(t, devices_have_their_numbers_in_an_ea, 0, 2);
    tcase_add_test(t, lists_of_eas);
    tcase_add_test(t, other_reparse_points_stay_what_they_are);
    tcase_add_test(t, other_streams_of_links_are_named);
}

int
main(void)
{
    return suite_run("sink_windows_reparse", add);
}
