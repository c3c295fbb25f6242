/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h (spec chapters 6 to 8): facts, policies, attacks. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/limits.h"
#include "sink_probe.h"

#define OK(call) ck_assert_int_eq((call), REEL_OK)

static struct probe p;
static struct reel_err err;

static void
set_up(void)
{
    probe_init(&p);
}

static void
tear_down(void)
{
    probe_fini(&p);
}

/* One file in a run of its own. */
static void
run_file(const char *path, const char *text)
{
    const struct reel_object o = probe_object(REEL_KIND_FILE, path, 0644);

    probe_start(&p);
    OK(probe_file(&p, 1, &o, text, strlen(text), REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
}

static void
put_xattr(const char *name, const char *value)
{
    struct reel_xattr x;

    memset(&x, 0, sizeof(x));
    x.name  = reel_bytes_of(name);
    x.value = reel_bytes_of(value);
    OK(p.sink->ops->xattr(p.sink, &x, &err));
}

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

/* DATA of Size 0, a block at 1 MiB in two pieces, the last block at 4 MiB. */
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
        put_xattr("trusted.big", value); /* left out, but carried along */
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
    put_xattr("security.thing", "v");
    put_xattr("user.colour", "red");
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
    put_xattr("bad.namespace", "x");
    put_xattr("user.colour", "red");
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

START_TEST(policy_refuse)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    bool have            = false;

    run_file("f", "old");
    run_file("f", "new");
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
    run_file("f", "old");
    run_file("f", "new");
    ck_assert(probe_holds(&p, "f", "new"));
    probe_start(&p); /* a directory for the file, then a file for it */
    OK(probe_directory(&p, 1, &o));
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "f", &st) && S_ISDIR(st.st_mode));
    run_file("f", "again");
    ck_assert(probe_holds(&p, "f", "again"));
    run_file("d/inner", "kept");
    run_file("d", "lost");
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

    run_file("f", "same");
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
    run_file("f", "same"); /* without being asked first */
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "f", &after));
    ck_assert_uint_eq(after.st_ino, before.st_ino);
    run_file("f", "othr");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "differs"), 1);
    run_file("f", "longer");
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

    run_file("g", "mine");
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

START_TEST(illegal_paths_are_refused)
{
    static const char *const paths[] = {"../x", "/x",    "a/../x", "a//x",
                                        "./x",  "a/./x", "a/",     "..",
                                        ".",    "x/.."};
    struct reel_object o             = probe_object(REEL_KIND_FILE, "", 0600);
    struct stat st;
    size_t i;

    probe_start(&p);
    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        o.path = reel_bytes_of(paths[i]);
        OK(probe_file(&p, i + 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "refused"), i + 1);
    }
    o.path.data = (const uint8_t *)"a\0b";
    o.path.len  = 3;
    OK(probe_file(&p, 90, &o, "x", 1, REEL_OUTCOME_PROVEN));
    o.path.len = 0;
    OK(probe_file(&p, 91, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "refused"), i + 2);
    OK(probe_stop(&p));
    ck_assert(!probe_stat(&p, "../x", &st));
    ck_assert(!probe_stat(&p, "a", &st));
}
END_TEST

/* Which kernel: this one, or one without openat2. */
static void
choose_kernel(int i)
{
    p.calls = i == 0 ? NULL : probe_calls_old_kernel();
}

START_TEST(symlink_in_the_way)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0777);
    struct stat st;

    choose_kernel(_i);
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    ck_assert_int_eq(symlinkat("../out", p.dir_fd, "d"), 0);
    probe_start(&p);
    OK(probe_directory(&p, 1, &o));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "directory"), 1);
    o = probe_object(REEL_KIND_FILE, "d/f", 0600);
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    o = probe_object(REEL_KIND_DIRECTORY, "d/e/g", 0600);
    OK(probe_directory(&p, 3, &o));
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 3);
    ck_assert(probe_stat(&p, "../out", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
    ck_assert(!probe_stat(&p, "../out/f", &st));
    ck_assert(!probe_stat(&p, "../out/e", &st));
}
END_TEST

/* The archive itself brings the links: one to a directory outside, or one
   upon another. */
START_TEST(symlink_of_the_archive)
{
    struct reel_object o = probe_object(REEL_KIND_SYMLINK, "a", 0777);
    struct stat st;

    choose_kernel(_i);
    p.options.existing = REEL_EXISTING_REPLACE;
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    probe_start(&p);
    OK(probe_special(&p, 1, &o, ".."));
    o.path = reel_bytes_of("b");
    OK(probe_special(&p, 2, &o, "a/out"));
    o = probe_object(REEL_KIND_FILE, "a/out/f", 0600);
    OK(probe_file(&p, 3, &o, "x", 1, REEL_OUTCOME_PROVEN));
    o = probe_object(REEL_KIND_FILE, "b/f", 0600);
    OK(probe_file(&p, 4, &o, "x", 1, REEL_OUTCOME_PROVEN));
    ck_assert_uint_eq(p.note_count, 2);
    OK(probe_stop(&p));
    ck_assert(!probe_stat(&p, "../out/f", &st));
}
END_TEST

/* Somebody else swaps a finished directory for a link before its facts come:
   the directory itself, or one above it. */
START_TEST(directory_swapped_for_symlink)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "a", 0777);
    const bool above     = _i >= 2;
    struct stat st;

    choose_kernel(_i % 2);
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out/b", 0700), 0);
    probe_start(&p);
    OK(probe_directory(&p, 1, &o));
    o.path = reel_bytes_of("a/b");
    OK(probe_directory(&p, 2, &o));
    if (above) {
        ck_assert_int_eq(renameat(p.dir_fd, "a", p.dir_fd, "moved"), 0);
        ck_assert_int_eq(symlinkat("../out", p.dir_fd, "a"), 0);
    } else {
        ck_assert_int_eq(renameat(p.dir_fd, "a/b", p.dir_fd, "moved"), 0);
        ck_assert_int_eq(symlinkat("../../out", p.dir_fd, "a/b"), 0);
    }
    o = probe_object(REEL_KIND_FILE, "a/b/c/f", 0600);
    OK(probe_file(&p, 3, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_ge(p.note_count, 2);
    ck_assert(probe_stat(&p, "../out", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
    ck_assert(probe_stat(&p, "../out/b", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
    ck_assert(!probe_stat(&p, "../out/b/c", &st));
    ck_assert(!probe_stat(&p, "../out/c", &st));
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

    run_file("g", "old");
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

/* What the link is for was swapped meanwhile: for a link to a file outside,
   for another file, or its directory for a link. */
START_TEST(link_target_swapped)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "d/f", 0600);
    struct stat st;
    bool made = true;
    int fd;

    choose_kernel(_i % 2);
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    fd = openat(p.dir_fd, "../out/f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    o.link_count = 0;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    if (_i / 2 == 0) {
        ck_assert_int_eq(unlinkat(p.dir_fd, "d/f", 0), 0);
        ck_assert_int_eq(symlinkat("../../out/f", p.dir_fd, "d/f"), 0);
    } else if (_i / 2 == 3) { /* likely with the same inode number */
        const struct timespec tick = {.tv_nsec = 20000000};

        (void)nanosleep(&tick, NULL);
        ck_assert_int_eq(unlinkat(p.dir_fd, "d/f", 0), 0);
        fd = openat(p.dir_fd, "d/f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        (void)close(fd);
    } else if (_i / 2 == 1) {
        ck_assert_int_eq(renameat(p.dir_fd, "../out/f", p.dir_fd, "d/f"), 0);
    } else {
        ck_assert_int_eq(renameat(p.dir_fd, "d", p.dir_fd, "e"), 0);
        ck_assert_int_eq(symlinkat("../out", p.dir_fd, "d"), 0);
    }
    OK(probe_link(&p, "g", 1, &made));
    ck_assert(!made);
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "no longer"), 1);
    ck_assert(!probe_stat(&p, "g", &st));
}
END_TEST

START_TEST(outside_is_never_made)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "f", 0600);
    struct stat st;
    bool made = false;

    o.link_count = 0;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "x", 1, REEL_OUTCOME_PROVEN));
    o = probe_object(REEL_KIND_LINK, "g", 0);
    o.facts |= REEL_FACT_OUTSIDE;
    o.target = 1;
    OK(p.sink->ops->link(p.sink, &o, &made, &err));
    OK(probe_stop(&p));
    ck_assert(!probe_stat(&p, "g", &st));
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

/* A path of 9,000 octets, deeper than PATH_MAX. */
START_TEST(deep_paths)
{
    static char path[9001];
    struct reel_object o = probe_object(REEL_KIND_FILE, "", 0600);
    bool made            = false;
    size_t i;

    choose_kernel(_i);
    for (i = 0; i < 9000; i++)
        path[i] = i % 10 == 9 ? '/' : 'd';
    path[8999]   = 'f';
    o.path       = reel_bytes_of(path);
    o.link_count = 0;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, "deep", 4, REEL_OUTCOME_PROVEN));
    OK(probe_link(&p, "shallow", 1, &made));
    ck_assert(made);
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_holds(&p, "shallow", "deep"));
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

START_TEST(full_disk)
{
    static uint8_t big[300 * 1024];
    struct reel_object o = probe_object(REEL_KIND_FILE, "big", 0600);
    struct stat st;

    if (mount("none", p.dir, "tmpfs", 0, "size=128k") != 0) {
        (void)fprintf(stderr, "SKIPPED: a full disk needs a mount: %s\n",
                      strerror(errno));
        return;
    }
    (void)close(p.dir_fd);
    p.dir_fd         = open(p.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    p.options.dir_fd = p.dir_fd;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, big, sizeof(big), REEL_OUTCOME_PROVEN));
    o.path = reel_bytes_of("small");
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "be written"), 1);
    ck_assert(!probe_stat(&p, "big", &st));
    ck_assert(probe_holds(&p, "small", "x"));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
    (void)close(p.dir_fd);
    p.dir_fd = -1;
    ck_assert_int_eq(umount(p.dir), 0);
}
END_TEST

/* As a full disk, where nothing can be mounted. */
START_TEST(file_too_big)
{
    static uint8_t big[300 * 1024];
    const struct rlimit small = {.rlim_cur = 64 * 1024,
                                 .rlim_max = RLIM_INFINITY};
    struct reel_object o      = probe_object(REEL_KIND_FILE, "big", 0600);
    struct rlimit before;
    struct stat st;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    probe_start(&p);
    OK(probe_file(&p, 1, &o, big, sizeof(big), REEL_OUTCOME_PROVEN));
    o.path = reel_bytes_of("small");
    OK(probe_file(&p, 2, &o, "x", 1, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "be written"), 1);
    ck_assert(!probe_stat(&p, "big", &st));
    ck_assert(probe_holds(&p, "small", "x"));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* A little of everything; what it returns does not matter. */
static void
scenario(void)
{
    struct reel_object o = probe_object(REEL_KIND_DIRECTORY, "d", 0750);
    enum reel_status status;
    bool made;

    status       = probe_directory(&p, 1, &o);
    o            = probe_object(REEL_KIND_FILE, "d/f", 0640);
    o.link_count = 0;
    if (status == REEL_OK)
        status = probe_file(&p, 2, &o, "content", 7, REEL_OUTCOME_PROVEN);
    if (status == REEL_OK)
        status = probe_link(&p, "d/g", 2, &made);
    o = probe_object(REEL_KIND_SYMLINK, "l", 0777);
    if (status == REEL_OK)
        status = probe_special(&p, 4, &o, "target");
    o = probe_object(REEL_KIND_FIFO, "x/y/fifo", 0600);
    if (status == REEL_OK)
        status = probe_special(&p, 5, &o, NULL);
    o = probe_object(REEL_KIND_FILE, "d/lost", 0640);
    if (status == REEL_OK)
        status = probe_file(&p, 6, &o, "bad", 3, REEL_OUTCOME_DAMAGED);
    o = probe_object(REEL_KIND_FILE, "old", 0640);
    if (status == REEL_OK)
        (void)probe_file(&p, 7, &o, "newer", 5, REEL_OUTCOME_PROVEN);
    (void)probe_stop(&p);
}

/* Whatever failed: under a final name stands what is proven, or nothing. */
static void
judge_scenario(unsigned long n)
{
    static const char *const whole[][2] = {{"d/f", "content"},
                                           {"d/g", "content"}};
    char target[16]                     = "";
    struct stat st;
    size_t i;

    for (i = 0; i < 2; i++)
        ck_assert_msg(!probe_stat(&p, whole[i][0], &st) ||
                          probe_holds(&p, whole[i][0], whole[i][1]),
                      "call %lu: wrong %s", n, whole[i][0]);
    if (probe_stat(&p, "l", &st)) {
        ck_assert_int_eq(readlinkat(p.dir_fd, "l", target, 15), 6);
        ck_assert_str_eq(target, "target");
    }
    ck_assert_msg(probe_holds(&p, "old", "older") ||
                      probe_holds(&p, "old", "newer"),
                  "call %lu: wrong old", n);
    ck_assert_msg(!probe_stat(&p, "d/lost", &st), "call %lu: lost", n);
    ck_assert_msg(probe_leftovers(&p) == 0, "call %lu: leftovers", n);
}

static void
put_old(void)
{
    const int fd =
        openat(p.dir_fd, "old", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    ck_assert_int_eq(write(fd, "older", 5), 5);
    (void)close(fd);
}

static void
sweep(enum reel_existing existing, int error)
{
    const unsigned long *made = NULL;
    unsigned long n           = 0;

    do {
        n++;
        if (n > 1) {
            probe_fini(&p);
            probe_init(&p);
        }
        put_old();
        p.options.existing = existing;
        p.calls            = probe_calls(n, error, &made);
        probe_start(&p);
        scenario();
        judge_scenario(n);
    } while (*made >= n);
    ck_assert_uint_gt(n, 40);
    ck_assert(probe_holds(&p, "d/g", "content")); /* the last had no fault */
}

START_TEST(each_call_fails)
{
    static const int errors[] = {EIO, ENOSPC, EACCES, EINVAL};

    sweep(_i / 4 == 0   ? REEL_EXISTING_REFUSE
          : _i / 4 == 1 ? REEL_EXISTING_SKIP
                        : REEL_EXISTING_REPLACE,
          errors[_i % 4]);
}
END_TEST

START_TEST(each_allocation_fails)
{
    unsigned long n = 0;
    unsigned long requests;

    do {
        n++;
        if (n > 1) {
            probe_fini(&p);
            probe_init(&p);
        }
        put_old();
        reel_alloc_fail_at(n, 0);
        p.sink = reel_sink_posix_new(&p.options, &err);
        if (p.sink != NULL)
            scenario();
        requests = reel_alloc_requests();
        reel_alloc_fail_at(0, 0);
        judge_scenario(n);
    } while (requests >= n);
    ck_assert_uint_gt(n, 4);
}
END_TEST

/* Each test once as it is, and as nobody if we are root. */
static void
drop_privileges(void)
{
    if (geteuid() == 0)
        ck_assert(setegid(65534) == 0 && seteuid(65534) == 0);
    set_up();
}

static void
regain_privileges(void)
{
    if (getuid() == 0)
        ck_assert(seteuid(0) == 0 && setegid(0) == 0);
    tear_down();
}

static void
add_tests(TCase *t)
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
    tcase_add_test(t, policy_refuse);
    tcase_add_test(t, policy_replace);
    tcase_add_test(t, policy_skip);
    tcase_add_test(t, policy_skip_special);
    tcase_add_loop_test(t, the_last_of_a_path_counts, 0, 2);
    tcase_add_test(t, dry_run_touches_nothing);
    tcase_add_test(t, strip_components);
    tcase_add_test(t, utf16_names);
    tcase_add_test(t, illegal_paths_are_refused);
    tcase_add_loop_test(t, symlink_in_the_way, 0, 2);
    tcase_add_loop_test(t, symlink_of_the_archive, 0, 2);
    tcase_add_loop_test(t, directory_swapped_for_symlink, 0, 4);
    tcase_add_test(t, links);
    tcase_add_test(t, link_names_that_are_taken);
    tcase_add_loop_test(t, link_target_swapped, 0, 8);
    tcase_add_test(t, outside_is_never_made);
    tcase_add_loop_test(t, deep_paths, 0, 2);
    tcase_add_test(t, a_directory_hands_down_no_list);
    tcase_add_test(t, full_disk);
    tcase_add_test(t, file_too_big);
    tcase_add_loop_test(t, each_call_fails, 0, 12);
    tcase_add_test(t, each_allocation_fails);
}

int
main(void)
{
    Suite *s         = suite_create("sink_posix");
    TCase *as_is     = tcase_create("as is");
    TCase *as_nobody = tcase_create("as nobody");
    SRunner *r       = srunner_create(s);
    int failed;

    tcase_add_checked_fixture(as_is, set_up, tear_down);
    tcase_add_checked_fixture(as_nobody, drop_privileges, regain_privileges);
    add_tests(as_is);
    add_tests(as_nobody);
    suite_add_tcase(s, as_is);
    suite_add_tcase(s, as_nobody);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
