/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h: what stands there already, names and links. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "reel/access.h"
#include "sink_case.h"

START_TEST(policy_refuse)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    bool have            = false;

    sink_case_file("f", "old");
    sink_case_file("f", "new");
    ck_assert(probe_holds(&p, "f", "old"));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists"), 1);
    probe_start(&p);
    o.size = 3; /* found out at its end */
    OK(p.sink->ops->have(p.sink, 1, &o, NULL, &have, &err));
    ck_assert(!have);
    o.size = 3000000; /* too much to write in vain */
    OK(p.sink->ops->have(p.sink, 1, &o, NULL, &have, &err));
    ck_assert(have);
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists"), 1);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(policy_replace)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "f", 0700);
    struct stat st;

    p.options.existing = REEL_EXISTING_REPLACE;
    sink_case_file("f", "old");
    sink_case_file("f", "new");
    ck_assert(probe_holds(&p, "f", "new"));
    probe_start(&p); /* a directory for the file, then a file for it */
    OK(probe_directory(&p, 1, &o));
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "f", &st) && S_ISDIR(st.st_mode));
    sink_case_file("f", "again");
    ck_assert(probe_holds(&p, "f", "again"));
    sink_case_file("d/inner", "kept");
    sink_case_file("d", "lost");
    ck_assert(probe_holds(&p, "d/inner", "kept"));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "its place"), 1);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(policy_skip)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    struct reel_group_end g;
    struct stat before;
    struct stat after;
    bool have = false;

    sink_case_file("f", "same");
    ck_assert(probe_stat(&p, "f", &before));
    p.options.existing = REEL_EXISTING_SKIP;
    memset(&g, 0, sizeof(g));
    g.flags = REEL_GROUP_HAS_CONTENT_DIGEST;
    reel_sha256("same", 4, g.content_digest);
    o.size       = 4;
    o.link_count = 2;
    probe_start(&p);
    OK(p.sink->ops->have(p.sink, 1, &o, &g, &have, &err));
    ck_assert(have);
    OK(probe_link(&p, "g", 1, &have)); /* it counts as restored */
    ck_assert(have);
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "g", &after));
    ck_assert_uint_eq(after.st_ino, before.st_ino);
    sink_case_file("f", "same"); /* without being asked first */
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "f", &after));
    ck_assert_uint_eq(after.st_ino, before.st_ino);
    sink_case_file("f", "othr");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 1);
    sink_case_file("f", "longer");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 1);
    g.content_digest[0] ^= 1;
    probe_start(&p);
    OK(p.sink->ops->have(p.sink, 1, &o, &g, &have, &err));
    ck_assert(have);
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 1);
    ck_assert(probe_holds(&p, "f", "same"));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(policy_skip_special)
{
    struct reel_object o = probe_object(REEL_KIND_SYMLINK, "l", 0777);

    p.options.existing = REEL_EXISTING_SKIP;
    probe_start(&p);
    OK(probe_special(&p, 1, &o, "here"));
    OK(probe_stop(&p));
    probe_start(&p);
    OK(probe_special(&p, 2, &o, "here"));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(!p.sink->left_out);
    OK(probe_special(&p, 3, &o, "there"));
    ck_assert(p.sink->left_out);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 1);
    o.kind = REEL_KIND_FIFO;
    OK(probe_special(&p, 4, &o, NULL));
    ck_assert(p.sink->left_out);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 2);
    OK(probe_stop(&p));
}
END_TEST

/* What stands there is an earlier one of the same archive (8.1); what is not
   proven, or was there before, stays. */
START_TEST(the_last_of_a_path_counts)
{
    struct reel_object f = probe_object(REEL_KIND_FILE, "f", 0600);
    struct reel_object g = probe_object(REEL_KIND_FILE, "g", 0600);
    struct reel_object l = probe_object(REEL_KIND_SYMLINK, "f", 0777);
    struct stat st;

    sink_case_file("g", "mine");
    p.options.existing = _i == 0 ? REEL_EXISTING_REFUSE : REEL_EXISTING_SKIP;
    probe_start(&p);
    OK(probe_file(&p, 1, &f, "first", 5, REEL_OUTCOME_PROVEN));
    OK(probe_file(&p, 2, &f, "other", 5, REEL_OUTCOME_PROVEN));
    ck_assert(!p.sink->left_out);
    ck_assert(probe_holds(&p, "f", "other"));
    OK(probe_file(&p, 3, &f, "worse", 5, REEL_OUTCOME_DAMAGED));
    ck_assert(probe_holds(&p, "f", "other"));
    OK(probe_file(&p, 4, &g, "ours", 4, REEL_OUTCOME_PROVEN));
    OK(probe_file(&p, 5, &g, "once more", 9, REEL_OUTCOME_PROVEN));
    ck_assert(p.sink->left_out);
    ck_assert(probe_holds(&p, "g", "mine"));
    OK(probe_special(&p, 6, &l, "there"));
    ck_assert(!p.sink->left_out);
    ck_assert(probe_stat(&p, "f", &st));
    ck_assert(S_ISLNK(st.st_mode));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(dry_run_touches_nothing)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0700);
    struct stat st;
    bool made = false;

    p.options.dry_run = true;
    probe_start(&p);
    OK(probe_directory(&p, 1, &o));
    o            = probe_object(REEL_KIND_FILE, "d/f", 0600);
    o.link_count = 2;
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "d/g", 2, &made));
    ck_assert(made);
    o = probe_object(REEL_KIND_SYMLINK, "l", 0777);
    OK(probe_special(&p, 4, &o, "t"));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_INFO, "would be"), 4);
    ck_assert(!probe_stat(&p, "d", &st));
    ck_assert(!probe_stat(&p, "l", &st));
}
END_TEST

START_TEST(strip_components)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "a/b", 0700);
    struct stat st;

    p.options.strip = 2;
    probe_start(&p);
    OK(probe_directory(&p, 1, &o));
    ck_assert_uint_eq(p.note_count, 0);
    o = probe_object(REEL_KIND_FILE, "a/f", 0600);
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "2 components"), 1);
    o = probe_object(REEL_KIND_FILE, "a/b/c/f", 0600);
    OK(probe_file(&p, 3, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "c/f", "x"));
    ck_assert(!probe_stat(&p, "a", &st));
}
END_TEST

/* "é/" U+1F600, a lone surrogate. */
START_TEST(utf16_names)
{
    static const uint8_t path[] = {0xE9, 0,    '/',  0,    0x3D,
                                   0xD8, 0x00, 0xDE, 0x00, 0xD8};
    struct reel_object o        = probe_object(REEL_KIND_FILE, "", 0600);

    o.encoding  = REEL_ENCODING_UTF16;
    o.path.data = path;
    o.path.len  = sizeof(path);
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "\xC3\xA9/\xF0\x9F\x98\x80\xED\xA0\x80", "x"));
}
END_TEST

START_TEST(links)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "d/f", 0600);
    struct stat first;
    struct stat st;
    bool made = false;

    o.link_count = 3;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "e/g", 1, &made));
    ck_assert(made);
    OK(probe_link(&p, "h", 1, &made));
    ck_assert(made);
    OK(probe_link(&p, "i", 1, &made)); /* one more than it had */
    ck_assert(!made);
    OK(probe_link(&p, "j", 77, &made));
    ck_assert(!made);
    o            = probe_object(REEL_KIND_SYMLINK, "l", 0777);
    o.link_count = 0;
    OK(probe_special(&p, 5, &o, "nowhere"));
    OK(probe_link(&p, "m", 5, &made));
    ck_assert(made);
    o.kind = REEL_KIND_FIFO;
    o.path = reel_bytes_of("p");
    OK(probe_special(&p, 6, &o, NULL));
    OK(probe_link(&p, "q", 6, &made));
    ck_assert(made);
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "d/f", &first));
    ck_assert_uint_eq(first.st_nlink, 3);
    ck_assert(probe_stat(&p, "e/g", &st));
    ck_assert_uint_eq(st.st_ino, first.st_ino);
    ck_assert(probe_stat(&p, "l", &first));
    ck_assert(probe_stat(&p, "m", &st));
    ck_assert_uint_eq(st.st_ino, first.st_ino);
    ck_assert(probe_stat(&p, "p", &first));
    ck_assert(probe_stat(&p, "q", &st));
    ck_assert_uint_eq(st.st_ino, first.st_ino);
}
END_TEST

START_TEST(link_names_that_are_taken)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    struct reel_object g = probe_object(REEL_KIND_FILE, "g", 0600);
    struct stat st;
    bool made = false;

    sink_case_file("g", "old");
    o.link_count = 0;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "f", 1, &made)); /* its own name */
    ck_assert(!p.sink->left_out);
    ck_assert_uint_eq(p.note_count, 0);
    OK(probe_link(&p, "g", 1, &made));
    ck_assert(made);
    ck_assert(p.sink->left_out);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists"), 1);
    ck_assert(probe_holds(&p, "g", "old"));
    /* It is no name of this archive, so a later object does not replace it. */
    OK(probe_file(&p, 2, &g, "later", 5, REEL_OUTCOME_PROVEN));
    ck_assert(probe_holds(&p, "g", "old"));
    OK(probe_stop(&p));
    p.options.existing = REEL_EXISTING_REPLACE;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "y", 1, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "g", 1, &made));
    OK(probe_link(&p, "g", 1, &made));
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_holds(&p, "g", "y"));
    ck_assert(probe_stat(&p, "g", &st));
    ck_assert_uint_eq(st.st_nlink, 2);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* N-8: two paths that are one here, for parts of them are left out. */
START_TEST(stripped_paths_that_are_one)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "a/f", 0600);
    bool made            = false;

    p.options.strip    = 1;
    p.options.existing = REEL_EXISTING_REPLACE;
    sink_case_file("f", "old");
    probe_start(&p);
    o.link_count = 2;
    OK(probe_file(&p, 1, &o, "first", 5, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(p.note_count, 0);
    o.path = reel_bytes_of("b/f");
    OK(probe_file(&p, 2, &o, "other", 5, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 1);
    ck_assert(probe_holds(&p, "f", "first"));
    OK(probe_file(&p, 3,
                  &(struct reel_object){.kind       = REEL_KIND_FILE,
                                        .encoding   = REEL_ENCODING_POSIX,
                                        .link_count = 2,
                                        .path       = reel_bytes_of("b/g")},
                  "", 0, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "c/f", 3, &made)); /* nor does a link replace it */
    ck_assert(p.sink->left_out);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 2);
    ck_assert(probe_holds(&p, "f", "first"));
    o.path = reel_bytes_of("a/f"); /* the same path: the last one counts */
    OK(probe_file(&p, 4, &o, "last", 4, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "last"));
}
END_TEST

/* A path of UTF-16 whose octets are those of another path gives no leave to
   replace what stands at that. */
START_TEST(octets_of_another_encoding_are_another_path)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, ".profile", 0600);

    sink_case_file(".profile", "dear");
    probe_start(&p);
    o.encoding = REEL_ENCODING_UTF16;
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(p.note_count, 0);
    o.encoding = REEL_ENCODING_POSIX;
    OK(probe_file(&p, 2, &o, "evil", 4, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists"), 1);
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, ".profile", "dear"));
}
END_TEST

/* A directory that stood there before is no object of this archive. */
START_TEST(a_directory_that_was_there_stays)
{
    static const uint8_t name[] = {'d', 0};
    struct reel_object o        = probe_object(REEL_KIND_DIRECTORY, "", 0700);
    struct stat st;

    ck_assert_int_eq(mkdirat(p.dir_fd, "d", 0700), 0);
    probe_start(&p);
    o.encoding = REEL_ENCODING_UTF16;
    o.path     = (struct reel_bytes){name, sizeof(name)};
    OK(probe_directory(&p, 1, &o));
    o.kind = REEL_KIND_FILE;
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "d", &st));
    ck_assert(S_ISDIR(st.st_mode));
}
END_TEST

static dev_t synced[4];
static unsigned int synced_count;

static int
count_syncfs(int fd)
{
    struct stat st;

    ck_assert_uint_lt(synced_count, 4);
    ck_assert_int_eq(fstat(fd, &st), 0);
    synced[synced_count++] = st.st_dev;
    return 0;
}

/* What is restored below a mount point stays on another file system. */
START_TEST(each_file_system_is_synced)
{
    static struct reel_sink_calls calls;
    struct reel_object o = probe_object(REEL_KIND_FILE, "m/f", 0600);
    char mount_point[96];
    struct stat st;

    ck_assert_int_eq(mkdirat(p.dir_fd, "m", 0700), 0);
    (void)snprintf(mount_point, sizeof(mount_point), "%s/m", p.dir);
    if (mount("none", mount_point, "tmpfs", 0, "size=1M") != 0)
        return; /* not as nobody, nor in most containers */
    calls        = *reel_sink_calls_system();
    calls.syncfs = count_syncfs;
    p.calls      = &calls;
    synced_count = 0;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    o.path = reel_bytes_of("f");
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_eq(synced_count, 2);
    ck_assert_int_eq(fstat(p.dir_fd, &st), 0);
    ck_assert_uint_eq(synced[0], st.st_dev);
    ck_assert_int_eq(stat(mount_point, &st), 0);
    ck_assert_uint_eq(synced[1], st.st_dev);
    ck_assert_int_eq(umount(mount_point), 0);
}
END_TEST

static int
find_nobody_knows(void *ctx, bool group, const char *name, uint32_t *id)
{
    (void)ctx, (void)group, (void)name;
    *id = 0;
    return EIO;
}

/* Nobody gets a file because a name cannot be looked up, or is no number. */
START_TEST(owners_that_are_not_known_are_not_set)
{
    static const struct reel_owner_lookup lookup = {.find = find_nobody_knows};
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 04755);
    struct stat st;

    p.options.preserve      = true;
    p.options.lookup        = &lookup;
    p.options.numeric_owner = false;
    o.user                  = reel_bytes_of("somebody");
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "looked up"), 1);
    o     = probe_object(REEL_KIND_FILE, "g", 04755);
    o.uid = UINT32_MAX;
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "is none"), 1);
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "f", &st));
    ck_assert_uint_eq(st.st_mode & 07777, 0755);
    ck_assert(probe_stat(&p, "g", &st));
    ck_assert_uint_eq(st.st_mode & 07777, 0755);
}
END_TEST

static void
add(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, policy_refuse);
    tcase_add_test(t, policy_replace);
    tcase_add_test(t, policy_skip);
    tcase_add_test(t, policy_skip_special);
    tcase_add_loop_test(t, the_last_of_a_path_counts, 0, 2);
    tcase_add_test(t, owners_that_are_not_known_are_not_set);
    tcase_add_test(t, each_file_system_is_synced);
    tcase_add_test(t, stripped_paths_that_are_one);
    tcase_add_test(t, octets_of_another_encoding_are_another_path);
    tcase_add_test(t, a_directory_that_was_there_stays);
    tcase_add_test(t, dry_run_touches_nothing);
    tcase_add_test(t, strip_components);
    tcase_add_test(t, utf16_names);
    tcase_add_test(t, links);
    tcase_add_test(t, link_names_that_are_taken);
}

int
main(void)
{
    return sink_case_run("sink_posix_policies", add);
}
