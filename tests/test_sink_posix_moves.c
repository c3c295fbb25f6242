/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h: somebody moves a directory out of the one that is
   restored into, and perhaps back. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink_case.h"

#define EVIL "evil"

/* ---------------------------------------------------------- between calls */

static void
move_out(void)
{
    (void)renameat(p.dir_fd, "d", p.dir_fd, "../out/d");
}

/* There may be another one by now. */
static void
move_back(void)
{
    if (renameat(p.dir_fd, "../out/d", p.dir_fd, "d") != 0)
        (void)renameat(p.dir_fd, "../out/d", p.dir_fd, "back");
}

static bool
stands(const char *path)
{
    struct stat st;

    return probe_stat(&p, path, &st);
}

static void
begin(int kernel)
{
    p.calls = kernel == 0 ? NULL : probe_calls_old_kernel();
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    probe_start(&p);
}

START_TEST(moved_between_objects)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "d/a", 0600);

    begin(_i);
    OK(probe_file(&p, 1, &o, EVIL, 4, REEL_OUTCOME_PROVEN));
    move_out();
    o.path = reel_bytes_of("d/b");
    OK(probe_file(&p, 2, &o, EVIL, 4, REEL_OUTCOME_PROVEN));
    o = probe_object(REEL_KIND_DIRECTORY, "d/e", 0700);
    OK(probe_directory(&p, 3, &o));
    OK(probe_stop(&p));
    ck_assert(stands("../out/d/a"));
    ck_assert(!stands("../out/d/b"));
    ck_assert(!stands("../out/d/e"));
    ck_assert(probe_holds(&p, "d/b", EVIL));
    ck_assert(stands("d/e"));
    ck_assert_uint_eq(p.note_count, 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "moved away"), 1);
    ck_assert_str_eq(p.notes[0].path, "d");
}
END_TEST

/* Its octets were written already. */
START_TEST(moved_before_the_end)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, "d/a", 0600);

    begin(_i);
    o.size = 4;
    OK(p.sink->ops->begin(p.sink, 1, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 4));
    OK(probe_data(&p, 0, 0, REEL_NONE64, EVIL, 4));
    move_out();
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
    ck_assert(p.sink->left_out);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "not put back"), 1);
    ck_assert_str_eq(p.notes[0].path, "d/a");
    ck_assert_int_eq(unlinkat(p.dir_fd, "../out/d", AT_REMOVEDIR), 0);
    OK(probe_stop(&p));
    ck_assert(!stands("d"));
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

/* A sandbox judges first whether a file may be made, then whether it may be
   opened: what was moved out between the two has it all the same. */
static int
openat_too_late(int dir, const char *path, int flags, mode_t mode)
{
    const int fd = reel_sink_calls_system()->openat(dir, path, flags, mode);

    if (fd < 0 || (flags & O_CREAT) == 0)
        return fd;
    (void)close(fd);
    errno = EACCES;
    return -1;
}

START_TEST(made_but_not_opened)
{
    struct reel_sink_calls calls = *reel_sink_calls_system();
    struct reel_object o         = probe_object(REEL_KIND_FILE, "d/a", 0600);

    calls.openat = openat_too_late;
    p.calls      = &calls;
    probe_start(&p);
    OK(probe_file(&p, 1, &o, EVIL, 4, REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "cannot be made"), 1);
    ck_assert_uint_eq(p.note_count, 1);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* ----------------------------------------------------- before the n-th call */

/* Who is under way when; the path of a file beside one begins with its. */
static struct step {
    const char *path;
    const char *noted; /* of its path, as a probe keeps it; NULL: all */
    bool needs_other;  /* another object in its place */
    unsigned long begun;
    unsigned long ended;
} steps[] = {
    {.path = "d"},
    {.path = "d/f"},
    {.path = "d/g", .needs_other = true},
    {.path = "d/p"},
    {.path = "d/s"},
    {.path = "d/e"},
    {.path = "d/e/x"},
    {.path = "d/w", .noted = "d"}, /* units */
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))
enum { D, F, G, P, S, E, X, W };

static const unsigned long *made;

static void
windows_file(uint64_t number)
{
    static const uint8_t path[] = {'d', 0, '/', 0, 'w', 0};
    struct reel_object o        = probe_object(REEL_KIND_FILE, "", 0600);

    o.encoding = REEL_ENCODING_UTF16;
    o.path     = (struct reel_bytes){path, sizeof(path)};
    o.size     = 4;
    OK(p.sink->ops->begin(p.sink, number, &o, &err));
    OK(probe_stream(&p, 0, REEL_STREAM_DATA, 4));
    OK(probe_data(&p, 0, 0, REEL_NONE64, EVIL, 4));
    OK(probe_stream(&p, 1, 99, 4));
    OK(probe_data(&p, 1, 0, REEL_NONE64, EVIL, 4));
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
}

static void
take_step(size_t i)
{
    struct reel_object o = probe_object(REEL_KIND_FILE, steps[i].path, 0700);
    bool linked;

    steps[i].begun = *made;
    switch (i) {
    case D:
    case E:
        o.kind = REEL_KIND_DIRECTORY;
        OK(probe_directory(&p, i + 1, &o));
        break;
    case G:
        OK(probe_link(&p, steps[i].path, F + 1, &linked));
        break;
    case P:
        o.kind = REEL_KIND_FIFO;
        OK(probe_special(&p, i + 1, &o, NULL));
        break;
    case S:
        o.kind = REEL_KIND_SYMLINK;
        OK(probe_special(&p, i + 1, &o, "nowhere"));
        break;
    case W:
        windows_file(i + 1);
        break;
    default:
        o.link_count = 2;
        OK(probe_file(&p, i + 1, &o, EVIL, 4, REEL_OUTCOME_PROVEN));
        break;
    }
    steps[i].ended = *made;
}

/* A file of somebody, to be replaced. */
static void
put_old(const char *path)
{
    const int fd = openat(p.dir_fd, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    (void)close(fd);
}

static bool
noted(const struct step *s)
{
    const char *const path = s->noted == NULL ? s->path : s->noted;

    for (unsigned int i = 0; i < p.note_count; i++) {
        if (p.notes[i].kind == REEL_NOTE_SKIPPED &&
            strcmp(p.notes[i].path, path) == 0)
            return true;
    }
    return false;
}

static unsigned long moved_at;
static unsigned int temporaries;

/* What is outside was there, or was under way. */
static int
judge_outside(const char *path, const struct stat *st, int type, struct FTW *at)
{
    const char *const inner = strstr(path, "/out/") + strlen("/out/");
    size_t i;

    (void)type;
    if (at->level == 0)
        return 0;
    if (strncmp(path + at->base, ".reel-", 6) == 0) {
        temporaries++;
        return 0;
    }
    if ((S_ISREG(st->st_mode) && st->st_size == 0) || /* old */
        strstr(inner, "/.reel-") != NULL)
        return 0;
    for (i = STEPS - 1; i > D; i--) {
        if (strncmp(inner, steps[i].path, strlen(steps[i].path)) == 0)
            break;
    }
    ck_assert_msg(i > D && steps[i].begun < moved_at,
                  "call %lu: %s was put outside, and began at %lu", moved_at,
                  inner, steps[i].begun);
    return 0;
}

static unsigned int
look_outside(void)
{
    char path[sizeof(p.dir) + 16];

    temporaries = 0;
    (void)snprintf(path, sizeof(path), "%s/../out/d", p.dir);
    if (stands("../out/d"))
        ck_assert_int_eq(nftw(path, judge_outside, 16, FTW_PHYS), 0);
    return temporaries;
}

/* What is not outside is here, or was told of. */
static void
judge_inside(void)
{
    char outside[32];

    for (size_t i = 0; i < STEPS; i++) {
        const bool later = steps[i].begun >= moved_at;

        (void)snprintf(outside, sizeof(outside), "../out/%s", steps[i].path);
        ck_assert_msg(stands(steps[i].path) || noted(&steps[i]) ||
                          steps[i].needs_other || (!later && stands(outside)),
                      "call %lu: nothing of %s", moved_at, steps[i].path);
        ck_assert_msg(!later || steps[i].needs_other || stands(steps[i].path),
                      "call %lu: %s is not here", moved_at, steps[i].path);
    }
}

/* As a sandbox: no name is given or taken outside. */
static const struct reel_sink_calls *inner;

static bool
is_outside(int dir)
{
    char proc[REEL_SINK_PROC_BYTES];
    char path[256];
    ssize_t n;

    reel_sink_proc_path(proc, dir);
    n                   = readlink(proc, path, sizeof(path) - 1);
    path[n < 0 ? 0 : n] = '\0';
    errno               = EACCES;
    return strstr(path, "/out/") != NULL;
}

static int
fenced_unlinkat(int dir, const char *path, int flags)
{
    return is_outside(dir) ? -1 : inner->unlinkat(dir, path, flags);
}

static int
fenced_renameat2(int from, const char *old, int to, const char *path,
                 unsigned int flags)
{
    return is_outside(to) ? -1 : inner->renameat2(from, old, to, path, flags);
}

static const struct reel_sink_calls *
fenced(const struct reel_sink_calls *calls)
{
    static struct reel_sink_calls table;

    inner           = calls;
    table           = *calls;
    table.unlinkat  = fenced_unlinkat;
    table.renameat2 = fenced_renameat2;
    return &table;
}

enum { OLD_KERNEL = 1, REPLACE = 2, FENCED = 4, KINDS = 8 };

static void
run(unsigned long n, int kind)
{
    p.calls =
        probe_calls_interrupted(n, move_out, (kind & OLD_KERNEL) != 0, &made);
    if ((kind & FENCED) != 0)
        p.calls = fenced(p.calls);
    p.options.side_files = true;
    ck_assert_int_eq(mkdirat(p.dir_fd, "../out", 0700), 0);
    if ((kind & REPLACE) != 0) {
        p.options.existing = REEL_EXISTING_REPLACE;
        ck_assert_int_eq(mkdirat(p.dir_fd, "d", 0700), 0);
        put_old("d/f");
        put_old("d/g");
        put_old("d/p");
    }
    probe_start(&p);
    for (size_t i = 0; i < STEPS; i++)
        take_step(i);
}

START_TEST(moved_before_any_call)
{
    unsigned long last;

    moved_at = 0;
    do {
        if (++moved_at > 1)
            sink_case_anew();
        run(moved_at, _i);
        OK(probe_stop(&p));
        last = steps[STEPS - 1].ended;
        judge_inside();
        ck_assert_uint_eq(probe_leftovers(&p), 0);
        if (look_outside() > 0) {
            ck_assert_int_ne(_i & FENCED, 0);
            ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "temporary"),
                              temporaries);
            ck_assert_uint_le(temporaries, 2); /* a file, and what is beside */
        }
    } while (moved_at <= last);
    ck_assert_uint_gt(last, 50);
}
END_TEST

/* What a sandbox would not let be removed out there is removed in here. */
START_TEST(moved_before_any_call_and_back)
{
    unsigned long last;

    moved_at = 0;
    do {
        if (++moved_at > 1)
            sink_case_anew();
        run(moved_at, _i | FENCED);
        last = steps[STEPS - 1].ended;
        move_back();
        OK(probe_stop(&p));
        ck_assert_msg(probe_leftovers(&p) == 0, "call %lu: leftovers",
                      moved_at);
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "temporary"), 0);
    } while (moved_at <= last);
}
END_TEST

static void
add(TCase *t)
{
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, moved_between_objects, 0, 2);
    tcase_add_loop_test(t, moved_before_the_end, 0, 2);
    tcase_add_test(t, made_but_not_opened);
    tcase_add_loop_test(t, moved_before_any_call, 0, KINDS);
    tcase_add_loop_test(t, moved_before_any_call_and_back, 0, FENCED);
}

int
main(void)
{
    return sink_case_run("sink_posix_moves", add);
}
