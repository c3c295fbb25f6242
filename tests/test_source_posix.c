/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8: writer/source_posix.c and what it is made of, over
   real trees. What goes wrong meanwhile: test_source_posix_faults.c. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reel/limits.h"
#include "source_probe.h"

static struct probe_walk walk;
static const char *const here[] = {".", NULL};

static void
setup(void)
{
    probe_enter();
    probe_walk_init(&walk);
}

static void
teardown(void)
{
    probe_walk_fini(&walk);
    probe_leave();
}

/* Loud, so that nobody takes it for proven. */
static void
skip(const char *what)
{
    fprintf(stderr, "test_source_posix: NOT SHOWN HERE: %s: %s\n", what,
            strerror(errno));
}

static void
run_clean(const char *const *roots)
{
    probe_walk_run(&walk, roots);
    for (size_t i = 0; i < walk.note_count; i++)
        fprintf(stderr, "note: %s: %s\n", walk.notes[i].path,
                walk.notes[i].text);
    ck_assert_int_eq(walk.status, REEL_END);
    ck_assert_uint_eq(walk.note_count, 0);
}

static void
assert_paths(const char *const *paths)
{
    size_t i;

    for (i = 0; paths[i] != NULL; i++) {
        ck_assert_uint_lt(i, walk.object_count);
        ck_assert_str_eq(walk.objects[i].path, paths[i]);
    }
    ck_assert_uint_eq(walk.object_count, i);
}

START_TEST(names_ascend_and_directories_come_first)
{
    static char long_name[256];
    static const char *const expected[] = {
        "",    "\n\x01", "B",       "a",        "a/z",  "a/\xff\xfe", "a b",
        "a-b", "a.txt",  long_name, "\xc3\xa4", "\xff", NULL};

    memset(long_name, 'n', 255);
    probe_dir("a");
    probe_file("a/z", "", 0);
    probe_file("a/\xff\xfe", "", 0);
    probe_file("a.txt", "", 0);
    probe_file("a b", "", 0);
    probe_file("a-b", "", 0);
    probe_file("B", "", 0);
    probe_file("\n\x01", "", 0);
    probe_file("\xff", "", 0);
    probe_file("\xc3\xa4", "", 0);
    probe_file(long_name, "", 0);
    run_clean(here);
    assert_paths(expected);
    ck_assert_uint_eq(walk.objects[0].facts.kind, REEL_KIND_DIRECTORY);
    ck_assert_uint_eq(walk.objects[3].facts.kind, REEL_KIND_DIRECTORY);
    ck_assert_uint_eq(walk.objects[3].stream_count, 0);
}
END_TEST

START_TEST(a_large_directory_is_sorted)
{
    char name[32];

    for (unsigned i = 0; i < 3000; i++) {
        (void)snprintf(name, sizeof(name), "%u", i * 7919U % 3000U);
        probe_file(name, "", 0);
    }
    run_clean(here);
    ck_assert_uint_eq(walk.object_count, 3001);
    for (size_t i = 1; i < 3000; i++)
        ck_assert_int_lt(strcmp(walk.objects[i].path, walk.objects[i + 1].path),
                         0);
}
END_TEST

START_TEST(facts_are_those_of_the_system)
{
    const struct timespec old[2]  = {{-5, 999999999}, {-1, 1}};
    const struct timespec late[2] = {{4300000000, 0}, {4300000000, 2}};
    const struct probe_object *o;
    struct stat st;

    probe_file("old", "12345", 5);
    ck_assert_int_eq(chmod("old", 06755), 0);
    ck_assert_int_eq(link("old", "other"), 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, "old", old, 0), 0);
    probe_file("late", "", 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, "late", late, 0), 0);
    ck_assert_int_eq(stat("old", &st), 0);
    walk.options.access_times = true;
    run_clean(here);

    o = probe_find(&walk, "old");
    ck_assert_uint_eq(o->facts.kind, REEL_KIND_FILE);
    ck_assert_uint_eq(o->facts.encoding, REEL_ENCODING_POSIX);
    ck_assert_uint_eq(o->facts.mode, S_IFREG | 06755);
    ck_assert_uint_eq(o->facts.size, 5);
    ck_assert_uint_eq(o->facts.uid, st.st_uid);
    ck_assert_uint_eq(o->facts.gid, st.st_gid);
    ck_assert_uint_eq(o->facts.link_count, 2);
    ck_assert_uint_eq(o->facts.file_system, st.st_dev);
    ck_assert_uint_eq(o->facts.file_id[0], st.st_ino & 0xFF);
    ck_assert_uint_eq(o->facts.file_id[1], st.st_ino >> 8 & 0xFF);
    ck_assert_uint_eq(o->facts.target, 0);
    ck_assert_int_eq(o->facts.changed.s, st.st_ctim.tv_sec);
    ck_assert_uint_eq(o->facts.changed.ns, (uint32_t)st.st_ctim.tv_nsec);
    ck_assert_uint_eq(o->facts.facts & ~(unsigned)REEL_FACT_BIRTH,
                      REEL_FACT_POSIX | REEL_FACT_MODIFIED |
                          REEL_FACT_ACCESSED | REEL_FACT_CHANGED |
                          REEL_FACT_FILE_ID);
    if (st.st_mtim.tv_sec == -1) {
        ck_assert_int_eq(o->facts.modified.s, -1);
        ck_assert_uint_eq(o->facts.modified.ns, 1);
        ck_assert_int_eq(o->facts.accessed.s, -5);
    } else {
        skip("times before 1970");
    }
    ck_assert_mem_eq(o->facts.file_id,
                     probe_find(&walk, "other")->facts.file_id, 16);
    ck_assert_int_eq(stat("late", &st), 0);
    if (st.st_mtim.tv_sec == 4300000000)
        ck_assert_int_eq(probe_find(&walk, "late")->facts.modified.s,
                         4300000000);
    else
        skip("times after 2106");
}
END_TEST

START_TEST(access_times_are_left_out_and_left_alone)
{
    const struct timespec times[2] = {{1000, 5}, {2000, 7}};
    const struct probe_object *o;
    struct stat st;

    probe_file("f", "content", 7);
    probe_dir("d");
    probe_file("d/x", "", 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, "f", times, 0), 0);
    ck_assert_int_eq(utimensat(AT_FDCWD, "d", times, 0), 0);
    run_clean(here);
    o = probe_find(&walk, "f");
    ck_assert_uint_eq(o->facts.facts & REEL_FACT_ACCESSED, 0);
    ck_assert_int_eq(o->facts.accessed.s, 0);
    ck_assert_int_eq(stat("f", &st), 0);
    ck_assert_int_eq(st.st_atim.tv_sec, 1000);
    ck_assert_int_eq(stat("d", &st), 0);
    ck_assert_int_eq(st.st_atim.tv_sec, 1000);
}
END_TEST

START_TEST(owners_have_names)
{
    const struct passwd *const user = getpwuid(geteuid());
    const struct probe_object *o;

    probe_file("f", "", 0);
    if (geteuid() == 0) {
        probe_file("nobody's", "", 0);
        ck_assert_int_eq(chown("nobody's", 3999999999U, 3999999998U), 0);
    }
    run_clean(here);
    o = probe_find(&walk, "f");
    if (user != NULL)
        ck_assert_str_eq(o->user, user->pw_name);
    ck_assert_uint_eq(probe_counts[PROBE_GETPWUID], geteuid() == 0 ? 2 : 1);
    if (geteuid() != 0) {
        skip("an owner without a name");
        return;
    }
    ck_assert_uint_eq(probe_find(&walk, "nobody's")->facts.uid, 3999999999U);
    ck_assert_uint_eq(probe_find(&walk, "nobody's")->facts.gid, 3999999998U);
    ck_assert_str_eq(probe_find(&walk, "nobody's")->user, "");
    ck_assert_str_eq(probe_find(&walk, "nobody's")->group, "");
}
END_TEST

static const struct probe_stream *
only_stream(const char *path, uint32_t id, uint64_t size)
{
    const struct probe_object *const o = probe_find(&walk, path);

    ck_assert_uint_eq(o->stream_count, 1);
    ck_assert_uint_eq(o->streams[0]->id, id);
    ck_assert_uint_eq(o->streams[0]->attributes, 0);
    ck_assert_uint_eq(o->streams[0]->size, size);
    ck_assert_uint_eq(o->streams[0]->sparse_offset, REEL_NONE64);
    ck_assert_uint_eq(o->facts.size, id == REEL_STREAM_DATA ? size : 0);
    return o->streams[0];
}

START_TEST(kinds_have_their_streams)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    const int fd               = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)(const void *)&address,
                          sizeof(address)),
                     0);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_int_eq(symlink("no/such\xff", "link"), 0);
    probe_file("file", "hello", 5);
    probe_file("empty", "", 0);
    run_clean(here);
    ck_assert_mem_eq(only_stream("link", REEL_STREAM_REPARSE_DATA, 20)->kept,
                     "\x1D\x00\x00\xA0\x0C\x00\x00\x00\x02\x00\x00\x00"
                     "no/such\xff",
                     20);
    ck_assert_mem_eq(only_stream("fifo", REEL_STREAM_REPARSE_DATA, 8)->kept,
                     "\x24\x00\x00\x80\x00\x00\x00\x00", 8);
    ck_assert_mem_eq(only_stream("socket", REEL_STREAM_REPARSE_DATA, 8)->kept,
                     "\x23\x00\x00\x80\x00\x00\x00\x00", 8);
    ck_assert_mem_eq(only_stream("file", REEL_STREAM_DATA, 5)->kept, "hello",
                     5);
    ck_assert_uint_eq(probe_find(&walk, "empty")->stream_count, 0);
    ck_assert_uint_eq(probe_find(&walk, "link")->facts.kind, REEL_KIND_SYMLINK);
    ck_assert_uint_eq(probe_find(&walk, "fifo")->facts.kind, REEL_KIND_FIFO);
    ck_assert_uint_eq(probe_find(&walk, "socket")->facts.kind,
                      REEL_KIND_SOCKET);
}
END_TEST

START_TEST(devices_have_numbers)
{
    const struct probe_object *o;

    if (mknod("char", S_IFCHR | 0600, makedev(250, 70000)) != 0 ||
        mknod("block", S_IFBLK | 0600, makedev(251, 1)) != 0) {
        skip("devices");
        return;
    }
    run_clean(here); /* opening one would fail: there is no such driver */
    o = probe_find(&walk, "char");
    ck_assert_uint_eq(o->facts.kind, REEL_KIND_CHARACTER);
    ck_assert_uint_eq(o->facts.facts & REEL_FACT_DEVICE, REEL_FACT_DEVICE);
    ck_assert_uint_eq(o->facts.major, 250);
    ck_assert_uint_eq(o->facts.minor, 70000);
    ck_assert_uint_eq(only_stream("char", REEL_STREAM_REPARSE_DATA, 8)->kept[0],
                      0x25);
    ck_assert_uint_eq(
        only_stream("block", REEL_STREAM_REPARSE_DATA, 8)->kept[0], 0x26);
}
END_TEST

START_TEST(attributes_ascend)
{
    static uint8_t large[3000];
    const struct probe_object *o;

    large[0] = 7;
    probe_file("f", "x", 1);
    probe_dir("d");
    if (setxattr("f", "user.b", large, sizeof(large), 0) != 0) {
        skip("extended attributes");
        return;
    }
    ck_assert_int_eq(setxattr("f", "user.a\xff", "v", 1, 0), 0);
    ck_assert_int_eq(setxattr("f", "user.B", "", 0, 0), 0);
    ck_assert_int_eq(setxattr("d", "user.dir", "dv", 2, 0), 0);
    run_clean(here);
    o = probe_find(&walk, "f");
    ck_assert_uint_eq(o->xattr_count, 3);
    ck_assert_str_eq(o->xattrs[0].name, "user.B");
    ck_assert_uint_eq(o->xattrs[0].len, 0);
    ck_assert_str_eq(o->xattrs[1].name, "user.a\xff");
    ck_assert_uint_eq(o->xattrs[1].len, 1);
    ck_assert_uint_eq(o->xattrs[1].first[0], 'v');
    ck_assert_str_eq(o->xattrs[2].name, "user.b");
    ck_assert_uint_eq(o->xattrs[2].len, sizeof(large));
    ck_assert_uint_eq(o->xattrs[2].first[0], 7);
    o = probe_find(&walk, "d");
    ck_assert_uint_eq(o->xattr_count, 1);
    ck_assert_str_eq(o->xattrs[0].name, "user.dir");
}
END_TEST

START_TEST(attributes_of_what_cannot_be_opened)
{
    const struct probe_object *o;

    probe_file("f", "", 0);
    ck_assert_int_eq(symlink("f", "link"), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    if (lsetxattr("link", "trusted.of", "link", 4, 0) != 0 ||
        lsetxattr("fifo", "trusted.of", "fifo", 4, 0) != 0) {
        skip("attributes of symbolic links");
        return;
    }
    ck_assert_int_eq(setxattr("f", "trusted.of", "file", 4, 0), 0);
    run_clean(here);
    o = probe_find(&walk, "link");
    ck_assert_uint_eq(o->xattr_count, 1);
    ck_assert_str_eq(o->xattrs[0].name, "trusted.of");
    ck_assert_mem_eq(o->xattrs[0].first, "link", 4);
    o = probe_find(&walk, "fifo");
    ck_assert_uint_eq(o->xattr_count, 1);
    ck_assert_mem_eq(o->xattrs[0].first, "fifo", 4);
}
END_TEST

/* ---- Holes ---- */

#define TIB ((off_t)1 << 40)
#define MIB ((off_t)1 << 20)

/* A file of `size` with "data" at each of the offsets; false and loud if this
   file system keeps no holes. */
static bool
make_sparse(const char *path, off_t size, const off_t *offsets, size_t count)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool sparse;

    ck_assert_int_ge(fd, 0);
    sparse = ftruncate(fd, size) == 0;
    for (size_t i = 0; i < count && sparse; i++)
        ck_assert_int_eq(pwrite(fd, "data", 4, offsets[i]), 4);
    ck_assert_int_eq(fsync(fd), 0);
    sparse = sparse && lseek(fd, 0, SEEK_HOLE) < size;
    ck_assert_int_eq(close(fd), 0);
    if (!sparse)
        skip("holes of this size");
    return sparse;
}

static void
assert_closing(const struct probe_object *o, uint64_t size)
{
    const struct probe_stream *const s = o->streams[o->stream_count - 1];

    ck_assert_uint_eq(o->facts.size, size);
    ck_assert_uint_eq(o->streams[0]->id, REEL_STREAM_DATA);
    ck_assert_uint_eq(o->streams[0]->attributes, REEL_STREAM_SPARSE);
    ck_assert_uint_eq(o->streams[0]->size, 0);
    ck_assert_uint_eq(s->id, REEL_STREAM_SPARSE_BLOCK);
    ck_assert_uint_eq(s->attributes, REEL_STREAM_SPARSE);
    ck_assert_uint_eq(s->size, 8);
    ck_assert_uint_eq(s->sparse_offset, size);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(s->kept[i], size >> 8 * i & 0xFF);
}

START_TEST(a_huge_hole_costs_nothing)
{
    static const off_t at[] = {MIB, TIB};
    const struct probe_object *o;

    if (!make_sparse("sparse", 4 * TIB, at, 2))
        return;
    run_clean(here);
    o = probe_find(&walk, "sparse");
    ck_assert_uint_eq(o->stream_count, 4);
    assert_closing(o, (uint64_t)(4 * TIB));
    for (unsigned i = 1; i <= 2; i++) {
        const struct probe_stream *const s = o->streams[i];

        ck_assert_uint_eq(s->id, REEL_STREAM_SPARSE_BLOCK);
        ck_assert_uint_eq(s->attributes, REEL_STREAM_SPARSE);
        ck_assert_uint_eq(s->sparse_offset, (uint64_t)at[i - 1]);
        ck_assert_uint_ge(s->size, 12);
        ck_assert_uint_le(s->size, 8 + 65536);
        for (unsigned j = 0; j < 8; j++)
            ck_assert_uint_eq(s->kept[j], at[i - 1] >> 8 * j & 0xFF);
        ck_assert_mem_eq(s->kept + 8, "data", 4);
    }
    ck_assert_uint_le(probe_counts[PROBE_PREAD], 4);
    ck_assert_uint_le(probe_counts[PROBE_LSEEK], 6);
}
END_TEST

START_TEST(blocks_come_in_small_pieces_too)
{
    static const off_t at[] = {65536};
    const struct probe_object *o;

    if (!make_sparse("sparse", MIB, at, 1))
        return;
    walk.want = 3;
    run_clean(here);
    o = probe_find(&walk, "sparse");
    ck_assert_uint_eq(o->stream_count, 3);
    ck_assert_mem_eq(o->streams[1]->kept, "\0\0\1\0\0\0\0\0data", 12);
    assert_closing(o, (uint64_t)MIB);
}
END_TEST

START_TEST(a_file_that_is_one_hole)
{
    const struct probe_object *o;

    if (!make_sparse("hole", MIB + 1, NULL, 0))
        return;
    run_clean(here);
    o = probe_find(&walk, "hole");
    ck_assert_uint_eq(o->stream_count, 2);
    assert_closing(o, (uint64_t)MIB + 1);
    ck_assert_uint_eq(probe_counts[PROBE_PREAD], 0);
}
END_TEST

START_TEST(many_extents_and_data_at_the_end)
{
    static const off_t at[] = {0, 2 * MIB, 4 * MIB - 4};
    const struct probe_object *o;

    if (!make_sparse("f", 4 * MIB, at, 3))
        return;
    run_clean(here);
    o = probe_find(&walk, "f");
    ck_assert_uint_eq(o->stream_count, 5);
    assert_closing(o, (uint64_t)(4 * MIB));
    ck_assert_uint_eq(o->streams[1]->sparse_offset, 0);
    ck_assert_uint_eq(o->streams[3]->sparse_offset + o->streams[3]->size - 8,
                      (uint64_t)(4 * MIB));
}
END_TEST

/* ---- Depth ---- */

/* Make and enter `levels` directories below each other. */
static void
dig(unsigned levels, const char *name)
{
    for (unsigned i = 0; i < levels; i++) {
        probe_dir(name);
        ck_assert_int_eq(chdir(name), 0);
    }
}

START_TEST(paths_may_be_deeper_than_path_max)
{
    static char name[201];
    const unsigned levels = 298; /* 298 × 201 + 4 = 59,902 octets */
    const int home        = open(".", O_PATH | O_CLOEXEC);

    memset(name, 'd', 200);
    probe_file("zz", "z", 1); /* after the way back up */
    dig(levels, name);
    probe_file("deep", "content", 7);
    ck_assert_int_eq(fchdir(home), 0);
    run_clean(here);
    ck_assert_uint_eq(walk.object_count, levels + 3);
    ck_assert_uint_eq(strlen(walk.objects[levels + 1].path), levels * 201 + 4);
    ck_assert_mem_eq(walk.objects[levels + 1].streams[0]->kept, "content", 7);
    ck_assert_str_eq(walk.objects[levels + 2].path, "zz");
    ck_assert_int_le(probe_most_descriptors, 40);
    ck_assert_int_eq(close(home), 0);
}
END_TEST

START_TEST(paths_too_long_for_the_format_are_noted)
{
    static char name[256];
    const int home = open(".", O_PATH | O_CLOEXEC);

    memset(name, 'd', 255);
    dig(255, name); /* 255 × 256 - 1 = 65,279 octets */
    name[254] = '\0';
    probe_dir(name);  /* 65,279 + 1 + 254 = 65,534 */
    name[253] = '\0'; /* 65,533 and "/x": 65,535 */
    probe_dir(name);
    ck_assert_int_eq(chdir(name), 0);
    probe_file("x", "fits", 4);
    probe_file("yy", "does not", 8);
    ck_assert_int_eq(chdir(".."), 0);
    name[253] = 'd';
    ck_assert_int_eq(chdir(name), 0);
    probe_file("y", "does not", 8);
    ck_assert_int_eq(fchdir(home), 0);
    probe_walk_run(&walk, here);
    ck_assert_int_eq(walk.status, REEL_END);
    ck_assert_uint_eq(walk.object_count, 1 + 255 + 2 + 1);
    ck_assert_uint_eq(strlen(walk.objects[257].path), REEL_PATH_BYTES_MAX);
    ck_assert_uint_eq(walk.note_count, 2);
    ck_assert_uint_eq(
        probe_notes(&walk, REEL_NOTE_SKIPPED, "longer than 65,535"), 2);
    ck_assert_uint_eq(walk.notes[0].path_len, 65536);
    ck_assert_int_eq(close(home), 0);
}
END_TEST

START_TEST(few_descriptors_are_enough)
{
    const int home = open(".", O_PATH | O_CLOEXEC);
    struct rlimit limit;

    dig(100, "d");
    probe_file("f", "x", 1);
    ck_assert_int_eq(fchdir(home), 0);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 16;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    run_clean(here);
    ck_assert_uint_eq(walk.object_count, 102);
    ck_assert_int_eq(close(home), 0);
}
END_TEST

START_TEST(a_root_longer_than_path_max)
{
    static char root[8000];
    static const char *roots[] = {root, NULL};
    static char name[201];
    const int home = open(".", O_PATH | O_CLOEXEC);

    memset(name, 'd', 200);
    for (unsigned i = 0; i < 30; i++)
        (void)strcat(strcat(root, name), "/");
    (void)strcat(root, "deep");
    dig(30, name);
    probe_file("deep", "content", 7);
    ck_assert_int_eq(fchdir(home), 0);
    run_clean(roots);
    ck_assert_uint_eq(walk.object_count, 1);
    ck_assert_str_eq(walk.objects[0].path, root);
    ck_assert_int_eq(close(home), 0);
}
END_TEST

/* ---- Roots and what is left out ---- */

START_TEST(roots_are_made_plain)
{
    static const char *const roots[] = {"./d//e/.", "d/e/f", "./link/", NULL};
    static const char *const expected[] = {"d/e", "d/e/f", "d/e/f", "link",
                                           NULL};

    probe_dir("d");
    probe_dir("d/e");
    probe_file("d/e/f", "", 0);
    ck_assert_int_eq(symlink("d", "link"), 0);
    run_clean(roots);
    assert_paths(expected);
    ck_assert_uint_eq(walk.objects[3].facts.kind, REEL_KIND_SYMLINK);
}
END_TEST

START_TEST(roots_that_cannot_be_archived_are_noted)
{
    static const char *const roots[]    = {"../x",   "gone", "a/../a", "",
                                           "gone/x", "a",    NULL};
    static const char *const expected[] = {"a", NULL};

    probe_file("a", "", 0);
    probe_walk_run(&walk, roots);
    ck_assert_int_eq(walk.status, REEL_END);
    assert_paths(expected);
    ck_assert_uint_eq(walk.note_count, 5);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "\"..\""), 2);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, strerror(ENOENT)),
                      2);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "empty"), 1);
}
END_TEST

START_TEST(absolute_roots_lose_their_slash)
{
    char path[300];
    const char *const roots[] = {path, path, NULL};

    if (getenv("REEL_EMULATED") != NULL) {
        skip("absolute roots under an emulator, which has a root of its own");
        return;
    }
    ck_assert_ptr_nonnull(getcwd(path, sizeof(path) - 3));
    (void)strcat(path, "/f");
    probe_file("f", "x", 1);
    probe_walk_run(&walk, roots);
    ck_assert_int_eq(walk.status, REEL_END);
    ck_assert_uint_eq(walk.object_count, 2);
    ck_assert_str_eq(walk.objects[0].path, path + 1);
    ck_assert_uint_eq(walk.note_count, 1);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_INFO, "leading / dropped"),
                      1);
}
END_TEST

START_TEST(patterns_leave_out)
{
    static const char *const excludes[] = {"*.o", "d/tmp", "d/*/deep", "d/*x"};
    static const char *const expected[] = {
        "", "a.c", "d", "d/e", "d/e/tmp", "d/f", "d/f/x", "tmp", NULL};

    probe_file("a.c", "", 0);
    probe_file("a.o", "", 0);
    probe_file("tmp", "", 0);
    probe_dir("d");
    probe_dir("d/tmp");
    probe_file("d/tmp/inside", "", 0);
    probe_dir("d/e");
    probe_dir("d/e/deep");
    probe_file("d/e/tmp", "", 0);
    probe_file("d/e/b.o", "", 0);
    probe_dir("d/f");
    probe_file("d/f/x", "", 0); /* '*' does not cross '/' */
    walk.options.excludes      = excludes;
    walk.options.exclude_count = 4;
    run_clean(here);
    assert_paths(expected);
}
END_TEST

START_TEST(the_volume_itself_is_left_out)
{
    static const char *const expected[] = {"", "f", NULL};
    struct reel_file_identity volume;
    struct stat st;

    probe_file("f", "", 0);
    probe_file("volume.tap", "x", 1);
    ck_assert_int_eq(stat("volume.tap", &st), 0);
    volume.file_system       = st.st_dev;
    volume.inode             = st.st_ino;
    walk.options.avoid       = &volume;
    walk.options.avoid_count = 1;
    probe_walk_run(&walk, here);
    ck_assert_int_eq(walk.status, REEL_END);
    assert_paths(expected);
    ck_assert_uint_eq(walk.note_count, 1);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_INFO, "being written"), 1);
    ck_assert_str_eq(walk.notes[0].path, "volume.tap");
}
END_TEST

START_TEST(a_small_file_costs_few_calls)
{
    unsigned long before[PROBE_CALLS];

    probe_file("a", "x", 1);
    run_clean(here);
    memcpy(before, probe_counts, sizeof(before));
    probe_walk_fini(&walk);
    probe_walk_init(&walk);
    probe_reset();
    probe_file("b", "y", 1);
    run_clean(here);
    ck_assert_uint_eq(probe_counts[PROBE_OPENAT] - before[PROBE_OPENAT], 1);
    ck_assert_uint_eq(probe_counts[PROBE_STATX] - before[PROBE_STATX], 2);
    ck_assert_uint_eq(probe_counts[PROBE_PREAD] - before[PROBE_PREAD], 1);
    ck_assert_uint_eq(probe_counts[PROBE_LSEEK], 0);
    ck_assert_uint_eq(probe_counts[PROBE_GETPWUID], 1);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("source_posix");
    TCase *tcase = tcase_create("trees");
    SRunner *runner;
    int failed;

    (void)umask(022);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, names_ascend_and_directories_come_first);
    tcase_add_test(tcase, a_large_directory_is_sorted);
    tcase_add_test(tcase, facts_are_those_of_the_system);
    tcase_add_test(tcase, access_times_are_left_out_and_left_alone);
    tcase_add_test(tcase, owners_have_names);
    tcase_add_test(tcase, kinds_have_their_streams);
    tcase_add_test(tcase, devices_have_numbers);
    tcase_add_test(tcase, attributes_ascend);
    tcase_add_test(tcase, attributes_of_what_cannot_be_opened);
    tcase_add_test(tcase, a_huge_hole_costs_nothing);
    tcase_add_test(tcase, blocks_come_in_small_pieces_too);
    tcase_add_test(tcase, a_file_that_is_one_hole);
    tcase_add_test(tcase, many_extents_and_data_at_the_end);
    tcase_add_test(tcase, paths_may_be_deeper_than_path_max);
    tcase_add_test(tcase, paths_too_long_for_the_format_are_noted);
    tcase_add_test(tcase, few_descriptors_are_enough);
    tcase_add_test(tcase, a_root_longer_than_path_max);
    tcase_add_test(tcase, roots_are_made_plain);
    tcase_add_test(tcase, roots_that_cannot_be_archived_are_noted);
    tcase_add_test(tcase, absolute_roots_lose_their_slash);
    tcase_add_test(tcase, patterns_leave_out);
    tcase_add_test(tcase, the_volume_itself_is_left_out);
    tcase_add_test(tcase, a_small_file_costs_few_calls);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
