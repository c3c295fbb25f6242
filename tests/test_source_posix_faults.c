/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3 and 7.4: writer/source_posix.c when files change or fail while they
   are read, when system calls fail, and when memory runs out. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reel/alloc.h"
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

static void
again(void)
{
    probe_walk_fini(&walk);
    probe_walk_init(&walk);
    probe_reset();
}

/* A file of `len` octets, none of them zero. */
static void
make_full(const char *path, size_t len)
{
    char *const data = malloc(len);

    ck_assert_ptr_nonnull(data);
    memset(data, 'x', len);
    probe_file(path, data, len);
    free(data);
}

static void
run(void)
{
    probe_walk_run(&walk, here);
    ck_assert_int_eq(walk.status, REEL_END);
}

static const struct probe_stream *
stream_of(const char *path, unsigned i)
{
    const struct probe_object *const o = probe_find(&walk, path);

    ck_assert_uint_lt(i, o->stream_count);
    return o->streams[i];
}

/* ---- Content ---- */

static int
shrink_at_second_read(size_t len, off_t off)
{
    (void)len;
    if (off > 0 && off < 65536 * 2)
        ck_assert_int_eq(truncate("f", 65536 + 10), 0);
    return 0;
}

START_TEST(what_was_cut_is_zeros)
{
    make_full("f", 300000);
    probe_on_pread = shrink_at_second_read;
    run();
    ck_assert_uint_eq(stream_of("f", 0)->size, 300000);
    ck_assert_uint_eq(stream_of("f", 0)->bad[0], 65546);
    ck_assert_uint_eq(stream_of("f", 0)->bad[REEL_BAD_CUT], 300000 - 65546);
    ck_assert_uint_eq(probe_find(&walk, "f")->flags, REEL_OBJECT_CHANGED);
    ck_assert_uint_eq(walk.note_count, 1);
    ck_assert_uint_eq(
        probe_notes(&walk, REEL_NOTE_FLAWED, "nothing at octet 65546 of"), 1);
}
END_TEST

static int
grow(size_t len, off_t off)
{
    const int fd = open("f", O_WRONLY | O_APPEND | O_CLOEXEC);

    (void)len;
    (void)off;
    ck_assert_int_eq(write(fd, "more", 4), 4);
    ck_assert_int_eq(close(fd), 0);
    return 0;
}

START_TEST(what_grew_is_left_out)
{
    make_full("f", 100);
    probe_on_pread = grow;
    run();
    ck_assert_uint_eq(stream_of("f", 0)->size, 100);
    ck_assert_uint_eq(stream_of("f", 0)->bad[0], 100);
    ck_assert_uint_eq(probe_find(&walk, "f")->flags,
                      REEL_OBJECT_CHANGED | REEL_OBJECT_GREW);
}
END_TEST

static int
rewrite(size_t len, off_t off)
{
    const int fd = open("f", O_WRONLY | O_CLOEXEC);

    (void)len;
    (void)off;
    ck_assert_int_eq(write(fd, "y", 1), 1);
    ck_assert_int_eq(close(fd), 0);
    return 0;
}

START_TEST(what_was_written_to_has_changed)
{
    const struct timespec times[2] = {{1000, 5}, {2000, 7}};

    make_full("f", 100);
    ck_assert_int_eq(utimensat(AT_FDCWD, "f", times, 0), 0);
    probe_on_pread = rewrite;
    run();
    ck_assert_uint_eq(probe_find(&walk, "f")->flags, REEL_OBJECT_CHANGED);
    again();
    run();
    ck_assert_uint_eq(probe_find(&walk, "f")->flags, 0);
}
END_TEST

/* The pages [10000, 20000) touches cannot be read. */
static int
bad_pages(size_t len, off_t off)
{
    return off < 20000 && off + (off_t)len > 10000 ? EIO : 0;
}

START_TEST(only_bad_pages_are_bad)
{
    make_full("f", 300000);
    probe_on_pread = bad_pages;
    run();
    /* pages 2, 3 and 4: [8192, 20480) */
    ck_assert_uint_eq(stream_of("f", 0)->bad[REEL_BAD_UNREADABLE], 3 * 4096);
    ck_assert_uint_eq(stream_of("f", 0)->bad[0], 300000 - 3 * 4096);
    ck_assert_uint_eq(stream_of("f", 0)->kept[8191], 'x');
    /* One read of 64 KiB that fails, its 16 pages, 4 more reads. */
    ck_assert_uint_eq(probe_counts[PROBE_PREAD], 21);
    ck_assert_uint_eq(probe_find(&walk, "f")->flags, 0);
    ck_assert_uint_eq(walk.note_count, 1); /* not one for each page */
    ck_assert_uint_eq(
        probe_notes(&walk, REEL_NOTE_FLAWED, "cannot read at octet 8192: "), 1);
}
END_TEST

static int
stale(size_t len, off_t off)
{
    (void)len;
    return off >= 65536 ? ESTALE : 0;
}

START_TEST(a_file_that_went_away_is_not_asked_for_each_page)
{
    make_full("f", 1000000);
    probe_on_pread = stale;
    run();
    ck_assert_uint_eq(stream_of("f", 0)->bad[REEL_BAD_UNREADABLE],
                      1000000 - 65536);
    ck_assert_uint_eq(probe_counts[PROBE_PREAD], 2);
}
END_TEST

START_TEST(reads_smaller_than_a_page)
{
    make_full("f", 13000);
    walk.want      = 1000;
    probe_on_pread = bad_pages;
    run();
    ck_assert_uint_eq(stream_of("f", 0)->bad[0], 10000);
    ck_assert_uint_eq(stream_of("f", 0)->bad[REEL_BAD_UNREADABLE], 3000);
    ck_assert_uint_eq(probe_counts[PROBE_PREAD], 12); /* one for each page */
}
END_TEST

/* ---- Content with holes ---- */

#define MIB ((off_t)1 << 20)

/* Data at 1 and 3 MiB of 4; false if this file system has no holes. */
static bool
make_sparse(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool sparse;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, 4 * MIB), 0);
    ck_assert_int_eq(pwrite(fd, "data", 4, MIB), 4);
    ck_assert_int_eq(pwrite(fd, "data", 4, 3 * MIB), 4);
    ck_assert_int_eq(fsync(fd), 0);
    sparse = lseek(fd, 0, SEEK_HOLE) == 0;
    ck_assert_int_eq(close(fd), 0);
    if (!sparse)
        fprintf(stderr, "test_source_posix_faults: NOT SHOWN HERE: holes\n");
    return sparse;
}

static int
cut_behind_first(size_t len, off_t off)
{
    (void)len;
    if (off == MIB)
        ck_assert_int_eq(truncate("f", 2 * MIB), 0);
    return 0;
}

START_TEST(what_was_cut_of_a_sparse_file_is_no_hole)
{
    const struct probe_object *o;

    if (!make_sparse("f"))
        return;
    probe_on_pread = cut_behind_first;
    run();
    o = probe_find(&walk, "f");
    ck_assert_uint_eq(o->stream_count, 4);
    ck_assert_mem_eq(o->streams[1]->kept + 8, "data", 4);
    ck_assert_uint_eq(o->streams[2]->sparse_offset, (uint64_t)(2 * MIB));
    ck_assert_uint_eq(o->streams[2]->size, 8 + (uint64_t)(2 * MIB));
    ck_assert_uint_eq(o->streams[2]->bad[0], 8);
    ck_assert_uint_eq(o->streams[2]->bad[REEL_BAD_CUT], (uint64_t)(2 * MIB));
    ck_assert_uint_eq(o->streams[3]->sparse_offset, (uint64_t)(4 * MIB));
    ck_assert_uint_eq(o->streams[3]->size, 8);
    ck_assert_uint_eq(o->flags, REEL_OBJECT_CHANGED);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_FLAWED, "cut short"), 1);
}
END_TEST

static int
unreadable(size_t len, off_t off)
{
    (void)len;
    return off >= MIB && off < 2 * MIB ? EIO : 0;
}

START_TEST(a_block_that_cannot_be_read_keeps_its_offset)
{
    const struct probe_stream *s;

    if (!make_sparse("f"))
        return;
    probe_on_pread = unreadable;
    run();
    s = stream_of("f", 1);
    ck_assert_uint_eq(s->bad[0], 8);
    ck_assert_mem_eq(s->kept, "\0\0\x10\0\0\0\0\0", 8);
    ck_assert_uint_eq(s->bad[REEL_BAD_UNREADABLE], s->size - 8);
    ck_assert_mem_eq(stream_of("f", 2)->kept + 8, "data", 4);
}
END_TEST

START_TEST(without_seek_data_all_is_data)
{
    if (!make_sparse("f"))
        return;
    probe_fail(PROBE_LSEEK, 1, EINVAL); /* SEEK_HOLE is not known */
    run();
    ck_assert_uint_eq(probe_find(&walk, "f")->stream_count, 1);
    ck_assert_uint_eq(stream_of("f", 0)->size, (uint64_t)(4 * MIB));
    ck_assert_uint_eq(stream_of("f", 0)->attributes, 0);
    again();
    probe_fail(PROBE_LSEEK, 2, EIO); /* the first SEEK_DATA */
    run();
    ck_assert_uint_eq(probe_find(&walk, "f")->stream_count, 3);
    ck_assert_uint_eq(stream_of("f", 1)->sparse_offset, 0);
    ck_assert_uint_eq(stream_of("f", 1)->size, 8 + (uint64_t)(4 * MIB));
}
END_TEST

/* ---- Names ---- */

static int
vanish(int dir, const char *name, int flags)
{
    (void)flags;
    if (strcmp(name, "b") == 0)
        (void)unlinkat(dir, name, 0);
    return strcmp(name, "c") == 0 ? EACCES : 0;
}

START_TEST(vanished_and_forbidden_are_noted)
{
    probe_file("a", "1", 1);
    probe_file("b", "2", 1);
    probe_file("c", "3", 1);
    probe_dir("d");
    probe_on_openat = vanish;
    run();
    ck_assert_uint_eq(walk.object_count, 3); /* the root, a, d */
    ck_assert_uint_eq(walk.note_count, 2);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "vanished"), 1);
    ck_assert_str_eq(walk.notes[0].path, "b");
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, strerror(EACCES)),
                      1);
    ck_assert_str_eq(walk.notes[1].path, "c");
}
END_TEST

static int
become_other(int dir, const char *name, int flags)
{
    struct stat st;

    (void)flags;
    if (strlen(name) == 1 && *name != '.' &&
        fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size == 3) {
        (void)unlinkat(dir, name, 0);
        if (*name == 'f')
            (void)mkfifoat(dir, name, 0600);
        if (*name == 'l')
            (void)symlinkat("elsewhere", dir, name);
        if (*name == 'd')
            (void)mkdirat(dir, name, 0700);
    }
    return 0;
}

START_TEST(what_became_another_thing_is_archived_as_that)
{
    probe_file("d", "abc", 3);
    probe_file("f", "abc", 3);
    probe_file("l", "abc", 3);
    probe_on_openat = become_other;
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    ck_assert_uint_eq(probe_find(&walk, "d")->facts.kind, REEL_KIND_DIRECTORY);
    ck_assert_uint_eq(probe_find(&walk, "f")->facts.kind, REEL_KIND_FIFO);
    ck_assert_uint_eq(probe_find(&walk, "l")->facts.kind, REEL_KIND_SYMLINK);
    ck_assert_uint_eq(stream_of("l", 0)->size, 12 + 9);
}
END_TEST

static int
forbid_noatime(int dir, const char *name, int flags)
{
    (void)dir;
    (void)name;
    return (flags & O_NOATIME) && !(flags & O_PATH) ? EPERM : 0;
}

START_TEST(without_noatime_it_is_read_all_the_same)
{
    probe_dir("d");
    probe_file("d/f", "abc", 3);
    probe_on_openat = forbid_noatime;
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    ck_assert_mem_eq(stream_of("d/f", 0)->kept, "abc", 3);
}
END_TEST

START_TEST(names_of_a_bad_directory_are_noted)
{
    probe_file("a", "", 0);
    probe_fail(PROBE_GETDENTS, 2, EIO);
    run();
    ck_assert_uint_eq(walk.object_count, 2);
    ck_assert_uint_eq(
        probe_notes(&walk, REEL_NOTE_FLAWED, "all of the directory"), 1);
}
END_TEST

static uint64_t mounted;

static void
mount_there(struct statx *out)
{
    if (out->stx_ino == mounted)
        out->stx_dev_minor++;
}

START_TEST(another_file_system_is_not_gone_into)
{
    struct stat st;

    probe_dir("m");
    probe_file("m/inside", "", 0);
    probe_file("z", "", 0);
    ck_assert_int_eq(stat("m", &st), 0);
    mounted                      = st.st_ino;
    probe_after_statx            = mount_there;
    walk.options.one_file_system = true;
    run();
    ck_assert_uint_eq(walk.object_count, 3);
    ck_assert_str_eq(walk.objects[1].path, "m");
    ck_assert_str_eq(walk.objects[2].path, "z");
    again();
    probe_after_statx = mount_there;
    run();
    ck_assert_uint_eq(walk.object_count, 4);
}
END_TEST

/* ---- Directories that move under the walk ---- */

#define LEVELS 60U /* more than stay open */

static void
make_deep(void)
{
    const int home = open(".", O_PATH | O_CLOEXEC);

    probe_dir("0");
    probe_dir("elsewhere");
    ck_assert_int_eq(chdir("0"), 0);
    probe_file("z", "", 0);
    for (unsigned i = 1; i < LEVELS; i++) {
        probe_dir("1");
        ck_assert_int_eq(chdir("1"), 0);
        probe_file("z", "", 0);
    }
    ck_assert_int_eq(fchdir(home), 0);
    ck_assert_int_eq(close(home), 0);
}

static const char *move_from;
static const char *move_to;
static bool make_anew;
static bool has_moved;

static void
move_when_deepest(struct probe_walk *w, const struct reel_object *o)
{
    (void)w;
    if (has_moved || o->path.len != 2 * LEVELS - 1 ||
        o->kind != REEL_KIND_DIRECTORY)
        return;
    has_moved = true;
    ck_assert_int_eq(rename(move_from, move_to), 0);
    if (make_anew)
        probe_dir(move_from);
}

/* All: the root, 60 levels, a z in each, elsewhere. */
#define ALL (1U + 2U * LEVELS + 1U)

START_TEST(a_name_not_yet_come_to_goes_away)
{
    move_from      = "elsewhere";
    move_to        = "new"; /* not there when the names of the root were read */
    walk.on_object = move_when_deepest;
    make_deep();
    run();
    ck_assert_uint_eq(walk.object_count, ALL - 1);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "vanished"), 1);
}
END_TEST

START_TEST(a_subtree_moves_and_the_way_back_is_found)
{
    /* Below 0/1 ".." still leads up; above it only the root does. */
    move_from      = "0/1";
    move_to        = "elsewhere/1";
    walk.on_object = move_when_deepest;
    make_deep();
    run();
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "moved"), 0);
    /* elsewhere is read last and now holds the subtree: found once more. */
    ck_assert_uint_eq(walk.object_count, ALL + 2 * (LEVELS - 1));
    ck_assert_str_eq(walk.objects[2 * LEVELS].path, "0/z");
}
END_TEST

START_TEST(another_directory_in_its_place_is_not_taken)
{
    probe_dir("0-aside");
    make_anew      = true;
    move_from      = "0/1/1";
    move_to        = "0-aside/1";
    walk.on_object = move_when_deepest;
    make_deep();
    run();
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "moved"), 0);
    ck_assert_str_eq(walk.objects[walk.object_count - 1].path, "elsewhere");
    (void)probe_find(&walk, "0/1/z");
    (void)probe_find(&walk, "0/z");
}
END_TEST

static bool cut_ways;

/* Once at the bottom, no way leads up to the directory of level 3: ".." is
   refused, and from the root another stands in its place. */
static int
refuse_up(int dir, const char *name, int flags)
{
    (void)dir;
    (void)flags;
    return cut_ways && strcmp(name, "..") == 0 ? EACCES : 0;
}

static void
cut_ways_when_deepest(struct probe_walk *w, const struct reel_object *o)
{
    (void)w;
    if (o->path.len != 2 * LEVELS - 1 || o->kind != REEL_KIND_DIRECTORY)
        return;
    cut_ways = true;
    ck_assert_int_eq(rename("0/1/1", "0/1/moved"), 0);
    probe_dir("0/1/1");
}

START_TEST(a_directory_that_cannot_be_found_again_is_noted)
{
    const struct probe_object *o;

    cut_ways        = false;
    walk.on_object  = cut_ways_when_deepest;
    probe_on_openat = refuse_up;
    make_deep();
    run();
    /* Those still open, 32, and 0/1 and 0 are whole; the others lack z. */
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "moved"),
                      walk.note_count);
    ck_assert_uint_ge(walk.note_count, LEVELS - 2 - 32);
    ck_assert_uint_eq(walk.object_count + walk.note_count, ALL);
    o = probe_find(&walk, "0/1/z");
    ck_assert_uint_eq(o->facts.kind, REEL_KIND_FILE);
    (void)probe_find(&walk, "0/z");
    (void)probe_find(&walk, "elsewhere");
}
END_TEST

/* ---- Attributes ---- */

static unsigned refusals;

/* As if the value grew between two calls, three times. */
static int
outgrow(const char *name, size_t len)
{
    (void)name;
    return len < 65536 && ++refusals <= 3 ? ERANGE : 0;
}

START_TEST(attributes_that_grow_or_fail)
{
    probe_file("f", "", 0);
    if (setxattr("f", "user.a", "1", 1, 0) != 0 ||
        setxattr("f", "user.b", "22", 2, 0) != 0) {
        fprintf(stderr, "test_source_posix_faults: NOT SHOWN HERE: "
                        "extended attributes\n");
        return;
    }
    refusals           = 0;
    probe_on_fgetxattr = outgrow;
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    ck_assert_uint_eq(probe_find(&walk, "f")->xattr_count, 2);
    again();
    probe_fail(PROBE_FLISTXATTR, 2, ERANGE); /* the first is the root's */
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    ck_assert_uint_eq(probe_find(&walk, "f")->xattr_count, 2);
    again();
    probe_fail(PROBE_FGETXATTR, 1, EACCES);
    run();
    ck_assert_uint_eq(probe_find(&walk, "f")->xattr_count, 1);
    ck_assert_str_eq(probe_find(&walk, "f")->xattrs[0].name, "user.b");
    ck_assert_uint_eq(walk.note_count, 1);
    ck_assert_uint_eq(probe_notes(&walk, REEL_NOTE_SKIPPED, "user.a"), 1);
    again();
    probe_fail(PROBE_FLISTXATTR, 2, ENOTSUP);
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    ck_assert_uint_eq(probe_find(&walk, "f")->xattr_count, 0);
}
END_TEST

/* ---- Everything fails once ---- */

static void
make_mixed(void)
{
    probe_dir("d");
    probe_file("d/f", "abc", 3);
    (void)setxattr("d/f", "user.a", "1", 1, 0);
    make_full("f", 10000);
    ck_assert_int_eq(symlink("f", "l"), 0);
    ck_assert_int_eq(mkfifo("p", 0600), 0);
    (void)make_sparse("s");
}

static bool
is_silent(void)
{
    if (walk.note_count > 0)
        return false;
    for (size_t i = 0; i < walk.object_count; i++)
        if (walk.objects[i].flags != 0)
            return false;
    return true;
}

/* What must be the same whenever nothing was said. */
struct sums {
    size_t objects;
    uint64_t content;
    uint64_t xattrs;
};

static struct sums
sums_of_walk(void)
{
    struct sums sums = {walk.object_count, 0, 0};

    for (size_t i = 0; i < walk.object_count; i++) {
        sums.content += walk.objects[i].content;
        sums.xattrs += walk.objects[i].xattr_count;
    }
    return sums;
}

START_TEST(every_nth_call_fails)
{
    const enum probe_call call = (enum probe_call)_i;
    struct sums whole;
    unsigned long calls;
    unsigned long said = 0;

    make_mixed();
    run();
    ck_assert(is_silent());
    whole = sums_of_walk();
    calls = probe_counts[call];
    if (call != PROBE_GETXATTR && call != PROBE_FGETXATTR)
        ck_assert_uint_gt(calls, 0);
    for (unsigned long nth = 1; nth <= calls; nth++) {
        struct sums sums;

        again();
        probe_fail(call, nth, EIO);
        run();
        sums = sums_of_walk();
        said += !is_silent();
        if (is_silent())
            ck_assert_msg(sums.objects == whole.objects &&
                              sums.content == whole.content &&
                              sums.xattrs == whole.xattrs,
                          "call %d, no. %lu was silent", _i, nth);
    }
    /* Where a failure takes something away, it is said. */
    if (call == PROBE_OPENAT || call == PROBE_GETDENTS ||
        call == PROBE_READLINKAT || call == PROBE_FLISTXATTR ||
        call == PROBE_FGETXATTR || call == PROBE_LISTXATTR)
        ck_assert_uint_eq(said, calls);
}
END_TEST

static int
no_descriptor(int dir, const char *name, int flags)
{
    (void)dir;
    (void)flags;
    return strcmp(name, "f") == 0 ? EMFILE : 0;
}

START_TEST(no_descriptors_stop_the_walk)
{
    make_mixed();
    probe_on_openat = no_descriptor;
    probe_walk_run(&walk, here);
    ck_assert_int_eq(walk.status, REEL_E_MEDIUM);
    ck_assert_int_eq(walk.err.status, REEL_E_MEDIUM);
}
END_TEST

START_TEST(descriptors_are_spared_when_they_run_out)
{
    make_mixed();
    probe_fail(PROBE_OPENAT, 3, EMFILE); /* d/f; "." can be closed */
    run();
    ck_assert_uint_eq(walk.note_count, 0);
    (void)probe_find(&walk, "d/f");
    (void)probe_find(&walk, "s");
}
END_TEST

START_TEST(every_nth_allocation_fails)
{
    unsigned long requests;

    make_mixed();
    for (unsigned i = 0; i < 600; i++) {
        char name[128];

        (void)snprintf(name, sizeof(name), "d/%0100u", i);
        probe_file(name, "", 0);
    }
    probe_dir("d/d");
    reel_alloc_fail_at(0, 0);
    run();
    requests = reel_alloc_requests();
    ck_assert_uint_gt(requests, 8);
    for (unsigned long nth = 1; nth <= requests; nth++) {
        again();
        reel_alloc_fail_at(nth, 1);
        probe_walk_run(&walk, here);
        ck_assert_int_eq(walk.status, REEL_E_MEMORY);
        ck_assert_int_eq(walk.err.status, REEL_E_MEMORY);
    }
    reel_alloc_fail_at(0, 0);
}
END_TEST

START_TEST(a_request_to_stop_is_heard)
{
    probe_file("a", "", 0);
    walk.stop = 1;
    probe_walk_run(&walk, here);
    ck_assert_int_eq(walk.status, REEL_E_STOPPED);
    ck_assert_uint_eq(walk.object_count, 0);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("source_posix_faults");
    TCase *tcase = tcase_create("faults");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_was_cut_is_zeros);
    tcase_add_test(tcase, what_grew_is_left_out);
    tcase_add_test(tcase, what_was_written_to_has_changed);
    tcase_add_test(tcase, only_bad_pages_are_bad);
    tcase_add_test(tcase, a_file_that_went_away_is_not_asked_for_each_page);
    tcase_add_test(tcase, reads_smaller_than_a_page);
    tcase_add_test(tcase, what_was_cut_of_a_sparse_file_is_no_hole);
    tcase_add_test(tcase, a_block_that_cannot_be_read_keeps_its_offset);
    tcase_add_test(tcase, without_seek_data_all_is_data);
    tcase_add_test(tcase, vanished_and_forbidden_are_noted);
    tcase_add_test(tcase, what_became_another_thing_is_archived_as_that);
    tcase_add_test(tcase, without_noatime_it_is_read_all_the_same);
    tcase_add_test(tcase, names_of_a_bad_directory_are_noted);
    tcase_add_test(tcase, another_file_system_is_not_gone_into);
    tcase_add_test(tcase, a_name_not_yet_come_to_goes_away);
    tcase_add_test(tcase, a_subtree_moves_and_the_way_back_is_found);
    tcase_add_test(tcase, another_directory_in_its_place_is_not_taken);
    tcase_add_test(tcase, a_directory_that_cannot_be_found_again_is_noted);
    tcase_add_test(tcase, attributes_that_grow_or_fail);
    tcase_add_loop_test(tcase, every_nth_call_fails, 0, PROBE_CALLS);
    tcase_add_test(tcase, no_descriptors_stop_the_walk);
    tcase_add_test(tcase, descriptors_are_spared_when_they_run_out);
    tcase_add_test(tcase, every_nth_allocation_fails);
    tcase_add_test(tcase, a_request_to_stop_is_heard);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
