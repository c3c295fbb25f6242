/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h: archives that mean harm. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sink_case.h"

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

/* Somebody puts a file of others under the temporary name of a special file
   before its owner and mode come. */
static void
swap_for(const char *what, int dir, const char *name)
{
    ck_assert_int_eq(unlinkat(dir, name, 0), 0);
    ck_assert_int_eq(linkat(p.dir_fd, what, dir, name, 0), 0);
}

static int
swapping_mknodat(int dir, const char *name, mode_t mode, dev_t device)
{
    const int result =
        reel_sink_calls_system()->mknodat(dir, name, mode, device);

    if (result == 0)
        swap_for(S_ISFIFO(mode) ? "../fifo" : "../file", dir, name);
    return result;
}

static int
swapping_symlinkat(const char *target, int dir, const char *name)
{
    const int result = reel_sink_calls_system()->symlinkat(target, dir, name);

    if (result == 0)
        swap_for("../file", dir, name);
    return result;
}

START_TEST(special_swapped)
{
    static const uint8_t kinds[] = {REEL_KIND_FIFO, REEL_KIND_SOCKET,
                                    REEL_KIND_SYMLINK};
    struct reel_sink_calls calls = *reel_sink_calls_system();
    struct reel_object o         = probe_object(kinds[_i], "s", 0777);
    struct stat st;
    int fd;

    fd = openat(p.dir_fd, "../file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    ck_assert_int_eq(mkfifoat(p.dir_fd, "../fifo", 0600), 0);
    calls.mknodat      = swapping_mknodat;
    calls.symlinkat    = swapping_symlinkat;
    p.calls            = &calls;
    p.options.preserve = true;
    probe_start(&p);
    OK(probe_special(&p, 1, &o, kinds[_i] == REEL_KIND_SYMLINK ? "x" : NULL));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another thing"), 1);
    ck_assert(!probe_stat(&p, "s", &st));
    ck_assert(probe_stat(&p, "../file", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0600);
    ck_assert(st.st_mtim.tv_sec != o.modified.s);
    ck_assert(probe_stat(&p, "../fifo", &st));
    ck_assert_uint_eq(st.st_mode, S_IFIFO | 0600);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
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

static void
add(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, illegal_paths_are_refused);
    tcase_add_loop_test(t, symlink_in_the_way, 0, 2);
    tcase_add_loop_test(t, symlink_of_the_archive, 0, 2);
    tcase_add_loop_test(t, directory_swapped_for_symlink, 0, 4);
    tcase_add_loop_test(t, link_target_swapped, 0, 8);
    tcase_add_loop_test(t, special_swapped, 0, 3);
    tcase_add_test(t, outside_is_never_made);
    tcase_add_loop_test(t, deep_paths, 0, 2);
}

int
main(void)
{
    return sink_case_run("sink_posix_attacks", add);
}
