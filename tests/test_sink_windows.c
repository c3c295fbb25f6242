/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: objects of encoding 2 in a directory of this system:
   names, modes, times, links, sparse files. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "reel/reparse.h"
#include "sink_windows_case.h"

START_TEST(names_become_wtf8)
{
    struct reel_object o = windows_facts(REEL_KIND_DIRECTORY, "d\xE9~", 0x10);
    struct stat st;

    windows_begin(1, &o);
    windows_end();
    windows_text_file(2, "d\xE9~/\\:*?.", "text");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "d\xC3\xA9\xED\xA0\x80/\\:*?.", "text"));
    ck_assert(probe_stat(&p, "d\xC3\xA9\xED\xA0\x80", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "2 times of birth"),
                      1);
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

START_TEST(what_has_no_name_here_is_named)
{
    static const char *const paths[] = {"a//b", "../a", "a/./b", ".", "/a"};
    char longest[257];
    size_t i;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        windows_text_file(i + 1, paths[i], "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "lead out"), i);
    memset(longest, 'x', 256);
    longest[256] = '\0';
    windows_text_file(7, longest, "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "too long"), 1);
    memset(longest, '\xE9', 128); /* short in units, long in octets */
    longest[128] = '\0';
    windows_text_file(8, longest, "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "too long"), 2);
    longest[127] = '\0';
    windows_text_file(9, longest, "x");
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), i + 2);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(modes_are_made_up)
{
    const mode_t before = umask(027);
    struct reel_object o;
    struct stat st;

    probe_stop(&p);
    probe_start(&p);
    o = windows_facts(REEL_KIND_DIRECTORY, "d", 0x11);
    windows_begin(1, &o);
    windows_end();
    windows_text_file(2, "d/f", "x");
    o = windows_facts(REEL_KIND_FILE, "d/r", 0x21);
    windows_begin(3, &o);
    windows_end();
    OK(probe_stop(&p));
    (void)umask(before);
    ck_assert(probe_stat(&p, "d", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0750);
    ck_assert(probe_stat(&p, "d/f", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0640);
    ck_assert(probe_stat(&p, "d/r", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0440);
}
END_TEST

START_TEST(facts_not_kept_are_counted)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x26);

    o.short_name = windows_units("F~1");
    windows_begin(1, &o);
    windows_end();
    o.path       = windows_units("g");
    o.attributes = 0x20;
    windows_begin(2, &o);
    windows_end();
    o       = windows_facts(REEL_KIND_DIRECTORY, "d", 0x10);
    o.facts = (uint16_t)(o.facts | REEL_FACT_CASE);
    windows_begin(3, &o);
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "2 short names"), 1);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "1 Windows attributes"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "3 times of birth"),
                      1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "1 marks of"), 1);
    ck_assert_uint_eq(p.note_count, 4);
}
END_TEST

START_TEST(hard_links)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "one", 0x20);
    struct stat a;
    struct stat b;
    bool made;

    o.link_count = 2;
    windows_begin(1, &o);
    windows_end();
    o        = windows_facts(REEL_KIND_LINK, "t~o", 0x20);
    o.target = 1;
    OK(p.sink->ops->link(p.sink, &o, &made, &err));
    ck_assert(made);
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "one", &a));
    ck_assert(probe_stat(&p, "t\xED\xA0\x80o", &b));
    ck_assert_uint_eq(a.st_ino, b.st_ino);
}
END_TEST

START_TEST(five_shapes)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "1", 0x20);
    char text[4096]      = "";
    struct stat st;

    windows_begin(1, &o); /* no DATA at all */
    windows_end();
    o.path          = windows_units("2");
    windows_ordinal = 0;
    windows_begin(2, &o);
    windows_plain(REEL_STREAM_DATA, "", "");
    windows_end();
    windows_text_file(3, "3", "plain");
    o.path          = windows_units("4");
    o.size          = 1U << 20;
    windows_ordinal = 0;
    windows_begin(4, &o);
    windows_plain(REEL_STREAM_DATA, "", "");
    windows_block(1U << 20, "");
    windows_end();
    o.path          = windows_units("5");
    windows_ordinal = 0;
    windows_begin(5, &o);
    windows_plain(REEL_STREAM_DATA, "", "");
    windows_block(1000, "in the hole");
    windows_block(1U << 20, "");
    windows_end();
    o.path          = windows_units("6"); /* of size 0, with a last block */
    o.size          = 0;
    windows_ordinal = 0;
    windows_begin(6, &o);
    windows_plain(REEL_STREAM_DATA, "", "");
    windows_block(0, "");
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 1); /* births */
    ck_assert(probe_holds(&p, "1", ""));
    ck_assert(probe_holds(&p, "2", ""));
    ck_assert(probe_holds(&p, "3", "plain"));
    ck_assert(probe_holds(&p, "6", ""));
    ck_assert(probe_stat(&p, "4", &st));
    ck_assert_int_eq(st.st_size, 1 << 20);
    ck_assert_int_eq(st.st_blocks, 0);
    ck_assert(probe_stat(&p, "5", &st));
    ck_assert_int_eq(st.st_size, 1 << 20);
    ck_assert_int_eq(readlinkat(p.dir_fd, "5", text, sizeof(text)), -1);
    {
        const int fd = openat(p.dir_fd, "5", O_RDONLY | O_CLOEXEC);

        ck_assert_int_eq(pread(fd, text, 13, 999), 13);
        ck_assert_mem_eq(text, "\0in the hole", 13);
        (void)close(fd);
    }
}
END_TEST

/* Once more with skip: everything counts as there. */
START_TEST(skip_finds_the_same)
{
    int round;

    for (round = 0; round < 2; round++) {
        struct reel_object o = windows_facts(REEL_KIND_FILE, "l", 0x400);

        OK(probe_stop(&p));
        p.options.existing = REEL_EXISTING_SKIP;
        probe_start(&p);
        windows_ordinal = 0;
        windows_begin(1, &o);
        windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
        windows_end();
        o               = windows_facts(REEL_KIND_DIRECTORY, "d", 0x410);
        windows_ordinal = 0;
        windows_begin(2, &o);
        windows_end();
        windows_text_file(3, "f", "text");
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    }
    OK(probe_stop(&p));
    windows_assert_target("l", "a");
    ck_assert(probe_holds(&p, "f", "text"));
}
END_TEST

START_TEST(one_name_for_two_paths)
{
    struct reel_object o;

    OK(probe_stop(&p));
    p.options.existing = REEL_EXISTING_REPLACE;
    p.options.strip    = 1;
    probe_start(&p);
    windows_text_file(1, "a/f", "first");
    windows_text_file(2, "b/f", "second");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 1);
    ck_assert(probe_holds(&p, "f", "first"));
    windows_text_file(3, "a/f", "the same path again");
    ck_assert(probe_holds(&p, "f", "the same path again"));
    o = windows_facts(REEL_KIND_DIRECTORY, "a/d", 0x10);
    windows_begin(4, &o);
    windows_end();
    o.path = windows_units("b/d");
    windows_begin(5, &o);
    windows_end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 2);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_test(t, names_become_wtf8);
    tcase_add_test(t, what_has_no_name_here_is_named);
    tcase_add_test(t, modes_are_made_up);
    tcase_add_test(t, facts_not_kept_are_counted);
    tcase_add_test(t, hard_links);
    tcase_add_test(t, five_shapes);
    tcase_add_test(t, skip_finds_the_same);
    tcase_add_test(t, one_name_for_two_paths);
}

int
main(void)
{
    return suite_run("sink_windows", add);
}
