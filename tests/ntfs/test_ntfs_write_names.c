/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reel-ntfs write: names, links, what exists, and a full volume (N-5, K-7). */
#include "write_case.h"

#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/reparse.h>

#include "write_entry.h"
#include "write_settle.h"

static ntfs_volume *vol;

static ntfs_inode *
find(const char *path)
{
    ntfs_inode *ni = volume_find(vol, path);

    ck_assert_msg(ni != NULL, "%s is not there", path);
    return ni;
}

static void
drop(ntfs_inode *ni)
{
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
}

static uint64_t
number_of(const char *path)
{
    ntfs_inode *ni    = find(path);
    const uint64_t no = ni->mft_no;

    drop(ni);
    return no;
}

static uint32_t
names_of(const char *path)
{
    bool has_short;
    ntfs_inode *ni       = find(path);
    const uint32_t count = rn_entry_count(ni, &has_short);

    drop(ni);
    return count;
}

START_TEST(test_links)
{
    struct reel_object outside = write_kind(REEL_KIND_LINK);
    uint64_t lost;
    uint64_t one;
    uint64_t out;

    one = write_file("d/first", "content");
    (void)write_link("second", one);
    (void)write_link("e/third", one);
    lost           = write_link("orphan", 4711 > one ? one + 1 : 1);
    outside.facts  = REEL_FACT_OUTSIDE;
    outside.target = one;
    out            = relay_object(&write_relay, outside, "outside");
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 2);
    ck_assert(relay_noted(&write_answer, lost, REEL_NOTE_SKIPPED, "restored"));
    ck_assert(relay_noted(&write_answer, out, REEL_NOTE_OMITTED, "outside"));
    vol = volume_open(write_image);
    ck_assert_uint_eq(number_of("d/first"), number_of("second"));
    ck_assert_uint_eq(number_of("d/first"), number_of("e/third"));
    ck_assert_uint_eq(names_of("second"), 3);
    ck_assert_ptr_null(volume_find(vol, "orphan"));
    ck_assert_ptr_null(volume_find(vol, "outside"));
    volume_close(vol);
}
END_TEST

#define MANY 2000U

static uint64_t
many_links(void)
{
    const uint64_t one = write_file("n0000", "content");
    char name[16];

    for (unsigned i = 1; i < MANY; i++) {
        (void)snprintf(name, sizeof(name), "n%04u", i);
        (void)write_link(name, one);
    }
    return one;
}

START_TEST(test_many_links)
{
    const uint64_t one = many_links();

    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, one + RN_NAMES_MAX, REEL_NOTE_INFO,
                          "1025th name"));
    vol = volume_open(write_image);
    ck_assert_uint_eq(names_of("n1999"), MANY);
    ck_assert_uint_eq(number_of("n0000"), number_of("n1999"));
    volume_close(vol);
}
END_TEST

/* A file more for each 1024 names, not one for each name. Run again, all of it
   is there. */
START_TEST(test_many_copies)
{
    static const char *const again[] = {"--copies", "--existing", "skip", NULL};
    const uint64_t one               = many_links();

    write_run(write_copies, NULL);
    ck_assert_uint_eq(write_answer.notes, MANY - RN_NAMES_MAX);
    ck_assert(relay_noted(&write_answer, one + RN_NAMES_MAX, REEL_NOTE_INFO,
                          "a copy, "));
    ck_assert(relay_noted(&write_answer, one + RN_NAMES_MAX + 1, REEL_NOTE_INFO,
                          "a name of a copy"));
    ck_assert_int_eq(write_answer.status, REEL_OK);
    vol = volume_open(write_image);
    ck_assert_uint_eq(names_of("n0000"), RN_NAMES_MAX);
    ck_assert_uint_eq(names_of("n1999"), MANY - RN_NAMES_MAX);
    ck_assert_uint_eq(number_of("n1024"), number_of("n1999"));
    ck_assert_uint_ne(number_of("n0000"), number_of("n1999"));
    ck_assert_uint_eq(volume_count(vol, "/"), MANY);
    volume_close(vol);
    write_assert_content("n1999", "content");
    (void)many_links();
    write_run(again, NULL);
    ck_assert_int_eq(write_answer.status, REEL_OK);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert_int_eq(write_answer.note[0].kind, REEL_NOTE_INFO);
    vol = volume_open(write_image);
    ck_assert_uint_eq(names_of("n0000"), RN_NAMES_MAX);
    ck_assert_uint_eq(names_of("n1999"), MANY - RN_NAMES_MAX);
    volume_close(vol);
}
END_TEST

/* A link to what was replaced meanwhile is no link to what got its record. */
START_TEST(test_link_to_replaced)
{
    const uint64_t one = write_file("a", "first");
    uint64_t lost;

    (void)write_file("a", "second");
    for (char name[2] = "c"; name[0] < 'k'; name[0]++)
        (void)write_file(name, "another");
    lost = write_link("b", one);
    write_run(write_replace, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, lost, REEL_NOTE_SKIPPED, ""));
    ck_assert_int_eq(write_answer.status, REEL_OK);
    ck_assert(!volume_has(write_image, "b"));
    write_assert_content("a", "second");
    write_assert_content("c", "another");
}
END_TEST

/* The space of a name in the root; -1: no such name. */
static int
space_of(const char *file, const char *name)
{
    ntfs_inode *ni  = find(file);
    const int space = rn_entry_space(ni, FILE_root, relay_units(name));

    drop(ni);
    return space;
}

START_TEST(test_short_names)
{
    struct reel_object o    = write_kind(REEL_KIND_FILE);
    struct reel_object link = write_kind(REEL_KIND_LINK);
    uint64_t taken;
    uint64_t second;
    uint64_t bad;

    o.encoding   = REEL_ENCODING_UTF16;
    o.link_count = 2;
    o.short_name = relay_units("LONGNA~1.TXT");
    (void)relay_object(&write_relay, o, "long name.text");
    relay_end(&write_relay);
    taken = relay_object(&write_relay, o, "long name too.text");
    relay_end(&write_relay);
    o.short_name = relay_units("PLAIN.TXT");
    (void)relay_object(&write_relay, o, "plain.txt");
    relay_end(&write_relay);
    o.short_name = relay_units("NOT AN 8.3 ");
    bad          = relay_object(&write_relay, o, "other");
    relay_end(&write_relay);
    /* the short name is that of the second name */
    link.target     = write_file("first of two names", "");
    link.short_name = relay_units("SECOND~1");
    (void)relay_object(&write_relay, link, "second of two names");
    relay_end(&write_relay);
    link.short_name = relay_units("THIRD~1");
    second          = relay_object(&write_relay, link, "third name");
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 3);
    ck_assert(relay_noted(&write_answer, taken, REEL_NOTE_INFO, "another has"));
    ck_assert(relay_noted(&write_answer, bad, REEL_NOTE_INFO, "cannot be one"));
    ck_assert(relay_noted(&write_answer, second, REEL_NOTE_INFO, "has one"));
    vol = volume_open(write_image);
    ck_assert_int_eq(space_of("long name.text", "long name.text"),
                     FILE_NAME_WIN32);
    ck_assert_int_eq(space_of("long name.text", "LONGNA~1.TXT"), FILE_NAME_DOS);
    ck_assert_int_eq(space_of("long name too.text", "long name too.text"),
                     FILE_NAME_POSIX);
    ck_assert_int_eq(space_of("plain.txt", "plain.txt"),
                     FILE_NAME_WIN32_AND_DOS);
    ck_assert_int_eq(space_of("first of two names", "SECOND~1"), FILE_NAME_DOS);
    ck_assert_int_eq(space_of("first of two names", "second of two names"),
                     FILE_NAME_WIN32);
    ck_assert_int_eq(space_of("first of two names", "THIRD~1"), -1);
    volume_close(vol);
}
END_TEST

/* Names that Win32 cannot show, and half a surrogate pair. */
START_TEST(test_odd_names)
{
    static const uint8_t lone[]      = {'a', 0, 0x00, 0xD8, 'b', 0};
    static const uint8_t backslash[] = {'x', 0, '\\', 0, ':', 0, '.', 0};
    struct reel_object o             = write_kind(REEL_KIND_FILE);
    ntfs_inode *root;
    uint64_t found;
    struct reel_err err;

    o.encoding = REEL_ENCODING_UTF16;
    (void)relay_object_raw(&write_relay, o,
                           (struct reel_bytes){lone, sizeof(lone)});
    relay_end(&write_relay);
    (void)relay_object_raw(&write_relay, o,
                           (struct reel_bytes){backslash, sizeof(backslash)});
    relay_end(&write_relay);
    (void)write_file("con", "");
    write_run(write_plain, NULL);
    write_assert_well();
    vol  = volume_open(write_image);
    root = find("/");
    ck_assert_int_eq(rn_entry_find(root,
                                   (struct reel_bytes){lone, sizeof(lone)},
                                   false, &found, &err),
                     REEL_OK);
    ck_assert_uint_ne(found, 0);
    ck_assert_int_eq(
        rn_entry_find(root, (struct reel_bytes){backslash, sizeof(backslash)},
                      false, &found, &err),
        REEL_OK);
    ck_assert_uint_ne(found, 0);
    drop(root);
    ck_assert_int_eq(space_of("con", "con"), FILE_NAME_POSIX);
    volume_close(vol);
}
END_TEST

START_TEST(test_base)
{
    (void)write_file("a/b", "content");
    write_run(write_plain, "/to\\here//");
    write_assert_well();
    write_assert_content("to/here/a/b", "content");
    ck_assert(!volume_has(write_image, "a"));
}
END_TEST

static void
standing(void)
{
    (void)write_file("same", "content");
    (void)write_file("other", "what was there");
    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY), "d");
    relay_stream(&write_relay, REEL_STREAM_ALTERNATE_DATA, 0, ":s:$DATA",
                 reel_bytes_of("before"));
    relay_end(&write_relay);
    (void)write_file("d/kept", "kept");
    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY), "full");
    relay_end(&write_relay);
    (void)write_file("full/kept", "kept");
    write_run(write_plain, NULL);
    write_assert_well();
}

/* Numbers of what `again` puts. */
enum { SAME = 1, OTHER, DIRECTORY, FULL };

static void
again(void)
{
    (void)write_file("same", "content");
    (void)write_file("other", "what came");
    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY), "d");
    relay_stream(&write_relay, REEL_STREAM_ALTERNATE_DATA, 0, ":s:$DATA",
                 reel_bytes_of("after"));
    relay_end(&write_relay);
    (void)write_file("full", "a file in the place of a directory");
}

START_TEST(test_existing_refuse)
{
    standing();
    again();
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 3);
    ck_assert(relay_noted(&write_answer, SAME, REEL_NOTE_SKIPPED, "exists"));
    ck_assert(relay_noted(&write_answer, OTHER, REEL_NOTE_SKIPPED, "exists"));
    ck_assert(relay_noted(&write_answer, FULL, REEL_NOTE_SKIPPED, "exists"));
    write_assert_content("other", "what was there");
    write_assert_content("d/kept", "kept");
}
END_TEST

START_TEST(test_existing_skip)
{
    standing();
    again();
    (void)write_link("further", SAME);
    write_run(write_skip, NULL);
    ck_assert_uint_eq(write_answer.notes, 2);
    ck_assert(relay_noted(&write_answer, OTHER, REEL_NOTE_SKIPPED, "differs"));
    ck_assert(relay_noted(&write_answer, FULL, REEL_NOTE_SKIPPED, "differs"));
    write_assert_content("other", "what was there");
    vol = volume_open(write_image);
    ck_assert_uint_eq(number_of("same"), number_of("further"));
    volume_close(vol);
}
END_TEST

START_TEST(test_existing_replace)
{
    ntfs_inode *ni;

    standing();
    again();
    write_run(write_replace, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, FULL, REEL_NOTE_SKIPPED, "removed"));
    write_assert_content("other", "what came");
    write_assert_content("d/kept", "kept");
    write_assert_content("full/kept", "kept");
    vol = volume_open(write_image);
    ni  = find("d");
    volume_content(ni, "s", reel_bytes_of("after"));
    drop(ni);
    volume_close(vol);
}
END_TEST

/* N-5: a reparse point is never gone through, nor what belongs to NTFS. */
START_TEST(test_not_beyond)
{
    static const uint8_t junction[] = {
        0x03, 0, 0,    0xA0, 20,  0, 0,   0, 0,    0, 8, 0, 10,  0,
        2,    0, '\\', 0,    '?', 0, '?', 0, '\\', 0, 0, 0, 'x', 0};
    uint64_t beyond;
    uint64_t meta;
    uint64_t mft;
    uint64_t in_file;
    uint64_t pending;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY), "j");
    relay_stream(&write_relay, REEL_STREAM_REPARSE_DATA, 0, NULL,
                 (struct reel_bytes){junction, sizeof(junction)});
    relay_end(&write_relay);
    beyond = write_file("j/in", "content");
    meta   = write_file("$Extend/in", "content");
    mft    = write_file("$MFT", "content");
    (void)write_file("f", "content");
    in_file = write_file("f/in", "content");
    pending = write_file(RN_PENDING_NAME, "content");
    write_run(write_replace, NULL);
    ck_assert_uint_eq(write_answer.notes, 5);
    ck_assert(relay_noted(&write_answer, beyond, REEL_NOTE_SKIPPED, "reparse"));
    ck_assert(relay_noted(&write_answer, meta, REEL_NOTE_SKIPPED, "NTFS"));
    ck_assert(relay_noted(&write_answer, mft, REEL_NOTE_SKIPPED, "NTFS"));
    ck_assert(relay_noted(&write_answer, in_file, REEL_NOTE_SKIPPED, "a file"));
    ck_assert(
        relay_noted(&write_answer, pending, REEL_NOTE_SKIPPED, "our own"));
    write_assert_content("f", "content");
}
END_TEST

/* Two that fit around one that does not. */
START_TEST(test_full)
{
    const struct reel_bytes noise = write_noise();
    ntfs_inode *ni;
    uint64_t big;

    volume_make(write_image, 8);
    (void)write_file("before", "content");
    big = relay_object(&write_relay, write_kind(REEL_KIND_FILE), "big");
    relay_stream(&write_relay, REEL_STREAM_DATA, REEL_STREAM_SPARSE, NULL,
                 (struct reel_bytes){.len = 0});
    for (uint64_t i = 0; i < 40; i++)
        relay_block(&write_relay, i * noise.len, noise);
    relay_end(&write_relay);
    (void)write_file("after", "content");
    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "some");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, noise);
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, big, REEL_NOTE_SKIPPED, "full"));
    ck_assert_int_eq(write_answer.status, REEL_E_FULL);
    ck_assert_int_ne(write_answer.exit, 0);
    ck_assert(!volume_has(write_image, "big"));
    write_assert_content("before", "content");
    write_assert_content("after", "content");
    vol = volume_open(write_image);
    ni  = find("some");
    volume_content(ni, NULL, noise);
    drop(ni);
    volume_close(vol);
}
END_TEST

/* Small files until nothing goes any more: each is there, or named. */
START_TEST(test_full_of_files)
{
    char name[16];
    unsigned there;
    const unsigned files = 6000;

    volume_make(write_image, 8);
    for (unsigned i = 0; i < files; i++) {
        (void)snprintf(name, sizeof(name), "f%05u", i);
        (void)write_file(name, "content");
    }
    write_run(write_plain, NULL);
    ck_assert_int_eq(write_answer.status, REEL_E_FULL);
    vol   = volume_open(write_image);
    there = volume_count(vol, "/");
    ck_assert_uint_gt(there, 1000);
    ck_assert_uint_eq(there + write_answer.notes, files);
    volume_close(vol);
    write_assert_content("f00999", "content");
}
END_TEST

/* What an earlier run left is removed, and nobody writes there. */
START_TEST(test_left_over)
{
    uint64_t inside;

    (void)write_file("base/" RN_PENDING_NAME "/0000000000000001", "half");
    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY),
                       "base/" RN_PENDING_NAME "/0000000000000002");
    relay_end(&write_relay);
    (void)write_file("base/other", "content");
    write_run(write_plain, NULL);
    write_assert_well();
    ck_assert(volume_has(write_image, "base/" RN_PENDING_NAME));
    (void)write_file("new", "content");
    inside = write_file(RN_PENDING_NAME "/in", "content");
    write_run(write_plain, "base");
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, inside, REEL_NOTE_SKIPPED, "our own"));
    ck_assert_int_eq(write_answer.status, REEL_OK);
    ck_assert(!volume_has(write_image, "base/" RN_PENDING_NAME));
    write_assert_content("base/other", "content");
    write_assert_content("base/new", "content");
}
END_TEST

START_TEST(test_no_ntfs)
{
    struct relay_answer a;
    const char *const none[]    = {"/dev/null", NULL};
    const char *const missing[] = {"no-such-image", NULL};

    relay_done(&write_relay);
    relay_run(&write_relay, REEL_NTFS, none, &a);
    ck_assert(a.done);
    ck_assert_int_eq(a.status, REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(a.text, "/dev/null is no NTFS volume"));
    ck_assert_int_ne(a.exit, 0);
    relay_run(&write_relay, REEL_NTFS, missing, &a);
    ck_assert(a.done);
    ck_assert_int_eq(a.status, REEL_E_MEDIUM);
}
END_TEST

/* A volume that somebody has to see to first is left as it is, octet for
   octet, and the answer says what to do. */
START_TEST(test_not_now)
{
    static const struct {
        enum volume_state state;
        const char *word;
    } states[] = {{VOLUME_DIRTY, "marked dirty (chkdsk"},
                  {VOLUME_LOG_OPEN, "was not closed"},
                  {VOLUME_HIBERNATED, "shut it down fully"}};
    char command[256];

    volume_leave(write_image, states[_i].state);
    (void)snprintf(command, sizeof(command), "cp --sparse=always %s %s.before",
                   write_image, write_image);
    ck_assert_int_eq(system(command), 0);
    (void)write_file("new", "content");
    relay_done(&write_relay);
    {
        const char *const words[] = {write_image, NULL};

        relay_run(&write_relay, REEL_NTFS, words, &write_answer);
    }
    ck_assert(write_answer.done);
    ck_assert_int_eq(write_answer.status, REEL_E_MEDIUM);
    ck_assert_int_ne(write_answer.exit, 0);
    ck_assert_msg(strstr(write_answer.text, states[_i].word) != NULL, "%s",
                  write_answer.text);
    (void)snprintf(command, sizeof(command),
                   "cmp %s %s.before; same=$?; rm %s.before; exit $same",
                   write_image, write_image, write_image);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

static void
add_tests(TCase *c)
{
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, write_set_up, write_tear_down);
    tcase_add_test(c, test_links);
    tcase_add_test(c, test_many_links);
    tcase_add_test(c, test_many_copies);
    tcase_add_test(c, test_link_to_replaced);
    tcase_add_test(c, test_short_names);
    tcase_add_test(c, test_odd_names);
    tcase_add_test(c, test_base);
    tcase_add_test(c, test_existing_refuse);
    tcase_add_test(c, test_existing_skip);
    tcase_add_test(c, test_existing_replace);
    tcase_add_test(c, test_not_beyond);
    tcase_add_test(c, test_full);
    tcase_add_test(c, test_full_of_files);
    tcase_add_test(c, test_left_over);
    tcase_add_test(c, test_no_ntfs);
    tcase_add_loop_test(c, test_not_now, 0, 3);
}

int
main(void)
{
    return suite_run("ntfs_write_names", add_tests);
}
