/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h (spec chapters 6 to 8): what is restored, and its
   facts. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sink_case.h"

START_TEST(file_with_facts)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "a/b/file", 0640);
    struct stat st;

    o.facts |= REEL_FACT_ACCESSED;
    o.accessed.s  = -5;
    o.accessed.ns = 7;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "text", 4, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "a/b/file", "text"));
    ck_assert(probe_stat(&p, "a/b/file", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0640);
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "a/b", &st)); /* made on the way */
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(empty_file_and_empty_stream)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "one", 0600);

    probe_start(&p);
    OK(probe_file(&p, 1, &o, "", 0, REEL_OUTCOME_PROVEN));
    o.path = reel_bytes_of("two");
    OK(p.sink->ops->begin(p.sink, 2, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 0));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "one", ""));
    ck_assert(probe_holds(&p, "two", ""));
}
END_TEST

START_TEST(each_mode_is_kept)
{
    static const uint32_t modes[] = {0,    0400, 0600, 0644, 0755,
                                     0666, 0777, 0604, 0222};
    static const mode_t masks[]   = {0, 022, 077};
    const mode_t before           = umask(masks[_i]);
    char path[8];
    struct stat st;
    size_t i;

    probe_start(&p);
    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct reel_object o = probe_object(REEL_KIND_FILE, "", modes[i]);

        (void)snprintf(path, sizeof(path), "f%zu", i);
        o.path = reel_bytes_of(path);
        OK(probe_file(&p, i + 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
        ck_assert(probe_stat(&p, path, &st));
        ck_assert_uint_eq(st.st_mode, S_IFREG | modes[i]);
    }
    OK(probe_stop(&p));
    (void)umask(before);
}
END_TEST

/* DATA of Size 0, a block at 1 MiB in two pieces, the last block at 4 MiB. */
START_TEST(holes_stay_holes)
{
    static const uint8_t head[8] = {0, 0, 0x10, 0, 0, 0, 0, 0};
    static const uint8_t tail[8] = {0, 0, 0x40, 0, 0, 0, 0, 0};
    struct reel_object o         = probe_object(REEL_KIND_FILE, "holes", 0600);
    uint8_t block[8 + 4096];
    struct stat st;
    char back[3] = "";
    int fd;

    o.size = 4U << 20;
    memcpy(block, head, 8);
    memset(block + 8, 'x', 4096);
    probe_start(&p);
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 0));
    OK(probe_stream(&p, 1, REEL_STREAM_SPARSE_BLOCK, sizeof(block)));
    OK(probe_data(&p, 1, 0, 1U << 20, block, 3));
    OK(probe_data(&p, 1, 3, 1U << 20, block + 3, sizeof(block) - 3));
    OK(probe_stream(&p, 2, REEL_STREAM_SPARSE_BLOCK, 8));
    OK(probe_data(&p, 2, 0, 4U << 20, tail, 8));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "holes", &st));
    ck_assert_int_eq(st.st_size, 4 << 20);
    ck_assert_int_le(st.st_blocks * 512, 128 << 10);
    fd = openat(p.dir_fd, "holes", O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(pread(fd, back, 2, (1 << 20) - 1), 2);
    ck_assert_mem_eq(back, "\0x", 2);
    ck_assert_int_eq(pread(fd, back, 2, (1 << 20) + 4095), 2);
    ck_assert_mem_eq(back, "x\0", 2);
    (void)close(fd);
}
END_TEST

START_TEST(unproven_is_never_named)
{
    const struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0644);
    struct reel_object_end e;
    struct reel_bad_range r = {
        .ordinal = 0, .reason = REEL_BAD_UNREADABLE, .offset = 1, .len = 2};
    struct reel_object sized = o;
    uint8_t buf[REEL_BAD_RANGE_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct stat st;

    probe_start(&p);
    OK(probe_file(&p, 1, &o, "text", 4, REEL_OUTCOME_DAMAGED));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, "not proven"), 1);
    memset(&e, 0, sizeof(e));
    reel_bad_range_put(&r, &b);
    e.bad_ranges           = 1;
    e.bad_range_bytes.data = buf;
    e.bad_range_bytes.len  = b.len;
    sized.size             = 4;
    OK(p.sink->ops->begin(p.sink, 2, &sized, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 4));
    OK(probe_data(&p, 0, 0, REEL_NONE64, "t\0\0t", 4));
    OK(p.sink->ops->end(p.sink, &e, REEL_OUTCOME_FLAWED, &err));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_FLAWED, "1+2"), 1);
    /* proven, they say, but the sizes do not add up */
    sized.size = 5;
    OK(p.sink->ops->begin(p.sink, 3, &sized, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 4));
    OK(probe_data(&p, 0, 0, REEL_NONE64, "text", 4));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, "4 octets"), 1);
    /* a stream that stops short */
    OK(p.sink->ops->begin(p.sink, 4, &sized, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 5));
    OK(probe_data(&p, 0, 0, REEL_NONE64, "text", 4));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, ""), 3);
    /* begun, never ended */
    OK(p.sink->ops->begin(p.sink, 5, &sized, &err));
    OK(probe_stop(&p));
    ck_assert(!probe_stat(&p, "f", &st));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(a_block_behind_the_size_is_refused)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "bomb", 0600);
    uint8_t block[8 + 1] = {0};
    struct stat st;

    o.size = 10;
    probe_start(&p);
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 0));
    OK(probe_stream(&p, 1, REEL_STREAM_SPARSE_BLOCK, sizeof(block)));
    OK(probe_data(&p, 1, 0, UINT64_C(1) << 62, block, sizeof(block)));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_LOST, ""), 1);
    ck_assert(!probe_stat(&p, "bomb", &st));
}
END_TEST

START_TEST(other_streams_are_named)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);

    o.size = 2;
    probe_start(&p);
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_SECURITY_DATA, 3));
    OK(probe_data(&p, 0, 0, REEL_NONE64, "abc", 3));
    OK(probe_stream(&p, 1, REEL_STREAM_DATA, 2));
    OK(probe_data(&p, 1, 0, REEL_NONE64, "hi", 2));
    OK(probe_stream(&p, 2, REEL_STREAM_ALTERNATE_DATA, 4));
    OK(probe_data(&p, 2, 0, REEL_NONE64, "evil", 4));
    OK(probe_stream(&p, 3, 0x7777, 1));
    OK(probe_data(&p, 3, 0, REEL_NONE64, "x", 1));
    OK(probe_stream(&p, 4, REEL_STREAM_DATA, 2)); /* a second one */
    OK(probe_data(&p, 4, 0, REEL_NONE64, "no", 2));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "hi"));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "SECURITY"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "ALTERNATE"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "30583"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "has no place"), 4);
}
END_TEST

START_TEST(directory_facts_come_last)
{
    struct reel_object d = probe_object(REEL_KIND_DIRECTORY, "d", 0555);
    struct reel_object f = probe_object(REEL_KIND_FILE, "d/e/f", 0444);
    struct stat st;

    probe_start(&p);
    OK(probe_directory(&p, 1, &d));
    d.path = reel_bytes_of("d/e");
    d.mode = 0000;
    OK(probe_directory(&p, 2, &d));
    OK(probe_file(&p, 3, &f, "x", 1, REEL_OUTCOME_PROVEN));
    d.path = reel_bytes_of("");
    d.mode = 0711;
    OK(probe_directory(&p, 4, &d));
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "d/e", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0000);
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert(probe_stat(&p, "d", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0555);
    ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
    ck_assert(probe_stat(&p, ".", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0711);
    ck_assert_int_eq(fchmodat(p.dir_fd, "d/e", 0700, 0), 0);
    ck_assert_int_eq(fchmodat(p.dir_fd, "d", 0700, 0), 0);
}
END_TEST

/* So many attributes that the directories do not stay in memory. */
START_TEST(directories_spill)
{
    static char value[4001];
    char path[16];
    struct stat st;
    unsigned int i;

    memset(value, 'v', sizeof(value) - 1);
    probe_start(&p);
    for (i = 0; i < 700; i++) {
        struct reel_object o;

        (void)snprintf(path, sizeof(path), "d%u", i);
        o            = probe_object(REEL_KIND_DIRECTORY, path, 0750);
        o.modified.s = i;
        OK(p.sink->ops->begin(p.sink, i + 1, &o, &err));
        sink_case_xattr("trusted.big", value); /* left out, but carried along */
        OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    }
    OK(probe_stop(&p));
    for (i = 0; i < 700; i++) {
        (void)snprintf(path, sizeof(path), "d%u", i);
        ck_assert(probe_stat(&p, path, &st));
        ck_assert_uint_eq(st.st_mode, S_IFDIR | 0750);
        ck_assert_int_eq(st.st_mtim.tv_sec, i);
    }
    ck_assert_uint_eq(p.note_count, 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "700"), 1);
}
END_TEST

START_TEST(special_files)
{
    struct reel_object o = probe_object(REEL_KIND_SYMLINK, "link", 0777);
    char target[64]      = "";
    struct stat st;

    probe_start(&p);
    OK(probe_special(&p, 1, &o, "../../etc/passwd"));
    o = probe_object(REEL_KIND_FIFO, "fifo", 0640);
    OK(probe_special(&p, 2, &o, NULL));
    o = probe_object(REEL_KIND_SOCKET, "socket", 0604);
    OK(probe_special(&p, 3, &o, NULL));
    o = probe_object(REEL_KIND_CHARACTER, "null", 0666);
    o.facts |= REEL_FACT_DEVICE;
    o.major = 1;
    o.minor = 3;
    OK(probe_special(&p, 4, &o, NULL));
    OK(probe_stop(&p));
    ck_assert_int_eq(readlinkat(p.dir_fd, "link", target, 60), 16);
    ck_assert_str_eq(target, "../../etc/passwd");
    ck_assert(probe_stat(&p, "link", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert(probe_stat(&p, "fifo", &st));
    ck_assert_uint_eq(st.st_mode, S_IFIFO | 0640);
    ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
    ck_assert(probe_stat(&p, "socket", &st));
    ck_assert_uint_eq(st.st_mode, S_IFSOCK | 0604);
    ck_assert(!probe_stat(&p, "null", &st));
    ck_assert_uint_eq(p.note_count, 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "devices"), 1);
}
END_TEST

START_TEST(device_on_request)
{
    struct reel_object o = probe_object(REEL_KIND_CHARACTER, "null", 0666);
    struct stat st;

    o.facts |= REEL_FACT_DEVICE;
    o.major            = 1;
    o.minor            = 3;
    p.options.preserve = true;
    probe_start(&p);
    OK(probe_special(&p, 1, &o, NULL));
    OK(probe_stop(&p));
    if (geteuid() == 0) {
        ck_assert(probe_stat(&p, "null", &st));
        ck_assert_uint_eq(st.st_mode, S_IFCHR | 0666);
    } else {
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "be made"), 1);
    }
}
END_TEST

START_TEST(privileges_only_on_request)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "su", 04755);
    struct stat st;

    o.uid = 1;
    o.gid = 2;
    probe_start(&p);
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    sink_case_xattr("security.thing", "v");
    sink_case_xattr("user.colour", "red");
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "su", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0755);
    ck_assert_uint_eq(st.st_uid, geteuid());
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "1 owners"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "1 modes"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "1 attributes"), 1);
    p.options.preserve = true;
    p.options.existing = REEL_EXISTING_REPLACE;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "", 0, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "su", &st));
    if (geteuid() == 0) {
        ck_assert_uint_eq(st.st_mode, S_IFREG | 04755);
        ck_assert_uint_eq(st.st_uid, 1);
        ck_assert_uint_eq(st.st_gid, 2);
        ck_assert_uint_eq(p.note_count, 0);
    } else { /* never setuid for somebody else than its owner */
        ck_assert_uint_eq(st.st_mode, S_IFREG | 0755);
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "owner 1:2"), 1);
    }
}
END_TEST

START_TEST(attributes)
{
    const struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    char value[16]             = "";
    char path[128];
    bool kept;

    probe_start(&p);
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    sink_case_xattr("bad.namespace", "x");
    sink_case_xattr("user.colour", "red");
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    OK(probe_stop(&p));
    (void)snprintf(path, sizeof(path), "%s/f", p.dir);
    kept = getxattr(path, "user.colour", value, sizeof(value)) == 3;
    ck_assert(kept ? strcmp(value, "red") == 0
                   : probe_noted(&p, REEL_NOTE_SKIPPED, "user.colour") == 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "bad.namespace"), 1);
    ck_assert(probe_holds(&p, "f", ""));
}
END_TEST

START_TEST(a_directory_hands_down_no_list)
{
    /* version 2; user, group, other rwx; user 1 and mask */
    static const unsigned char acl[] = {
        2,    0,    0,    0,    1,    0,    7,    0,    0xFF, 0xFF, 0xFF,
        0xFF, 2,    0,    7,    0,    1,    0,    0,    0,    4,    0,
        5,    0,    0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0,    7,    0,    0xFF,
        0xFF, 0xFF, 0xFF, 0x20, 0,    5,    0,    0xFF, 0xFF, 0xFF, 0xFF};
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0700);
    char path[128];

    if (setxattr(p.dir, "system.posix_acl_default", acl, sizeof(acl), 0) != 0) {
        (void)fprintf(stderr, "SKIPPED: no access control lists here\n");
        return;
    }
    probe_start(&p);
    OK(probe_directory(&p, 1, &o));
    o = probe_object(REEL_KIND_FILE, "f", 0640);
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    (void)snprintf(path, sizeof(path), "%s/f", p.dir);
    ck_assert_int_lt(getxattr(path, "system.posix_acl_access", NULL, 0), 0);
    (void)snprintf(path, sizeof(path), "%s/d", p.dir);
    ck_assert_int_lt(getxattr(path, "system.posix_acl_access", NULL, 0), 0);
    ck_assert_int_lt(getxattr(path, "system.posix_acl_default", NULL, 0), 0);
}
END_TEST

static void
add(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, file_with_facts);
    tcase_add_test(t, empty_file_and_empty_stream);
    tcase_add_loop_test(t, each_mode_is_kept, 0, 3);
    tcase_add_test(t, holes_stay_holes);
    tcase_add_test(t, unproven_is_never_named);
    tcase_add_test(t, a_block_behind_the_size_is_refused);
    tcase_add_test(t, other_streams_are_named);
    tcase_add_test(t, directory_facts_come_last);
    tcase_add_test(t, directories_spill);
    tcase_add_test(t, special_files);
    tcase_add_test(t, device_on_request);
    tcase_add_test(t, privileges_only_on_request);
    tcase_add_test(t, attributes);
    tcase_add_test(t, a_directory_hands_down_no_list);
}

int
main(void)
{
    return sink_case_run("sink_posix", add);
}
