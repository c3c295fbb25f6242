/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of sink_posix.h: calls that fail. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "sink_case.h"

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
        if (n > 1)
            sink_case_anew();
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
        if (n > 1)
            sink_case_anew();
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

static void
add(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, full_disk);
    tcase_add_test(t, file_too_big);
    tcase_add_loop_test(t, each_call_fails, 0, 12);
    tcase_add_test(t, each_allocation_fails);
}

int
main(void)
{
    return sink_case_run("sink_posix_faults", add);
}
