/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of salvage.h through reel/restore.h: what is left is kept before it is
   over. What is left is tested by salvage.sh, what fails by sweeps/. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/medium.h"
#include "reel/restore.h"
#include "suite.h"

static char folder[] = "/tmp/reel-salvage-XXXXXX";

static struct {
    unsigned int fail_at; /* which one fails, from 1; 0: none */
    unsigned int count;
    bool whole; /* at the last one the partial file was there, in full */
} syncs;

static struct {
    uint64_t ranges;
    uint64_t good;
    unsigned int not_kept; /* notes of it */
    unsigned int ends;
} told;

/* In the place of the one of the system. */
int
syncfs(int fd)
{
    struct stat st;

    (void)fd;
    syncs.whole = stat("out/file.reel-partial", &st) == 0 &&
                  (uint64_t)st.st_size == 2000000;
    errno = EIO;
    return ++syncs.count == syncs.fail_at ? -1 : 0;
}

static void
on_note(void *ctx, const struct reel_note *note)
{
    (void)ctx;
    told.not_kept += note->kind == REEL_NOTE_SKIPPED &&
                     strstr(note->err.text, "could not keep") != NULL;
}

static void
on_item(void *ctx, const struct reel_salvage_item *item)
{
    (void)ctx;
    if (item->type == REEL_SALVAGE_CONTENT)
        told.ranges += item->to - item->from;
    if (item->type != REEL_SALVAGE_OBJECT_END)
        return;
    told.ends++;
    told.good += item->size;
    ck_assert_uint_eq(item->unwritten, 0);
    ck_assert(!item->unsure);
}

/* Salvage what is left of the file; what was told is in `told`. */
static void
salvage(bool dry_run)
{
    const struct reel_selection all     = {0};
    struct reel_restore_options options = {
        .salvage = true, .salvaged = on_item, .dry_run = dry_run};
    struct reel_access access = {.catalog_fd = -1, .threads = 1};
    struct reel_restore_result result;
    struct reel_err err;

    access.report.fn = on_note;
    options.dir_fd   = open("out", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(options.dir_fd, 0);
    ck_assert_int_eq(
        reel_medium_open(&access.medium, "bad.tap", REEL_MEDIUM_READ, &err),
        REEL_OK);
    ck_assert_int_eq(reel_restore(&access, &all, &options, &result, &err),
                     REEL_OK);
    ck_assert_int_eq(reel_medium_close(access.medium, &err), REEL_OK);
    ck_assert_int_eq(close(options.dir_fd), 0);
    ck_assert_uint_eq(result.lost, 1);
    ck_assert_uint_eq(told.ends, 1);
    ck_assert_uint_gt(told.good, 1000000);
    ck_assert_uint_eq(told.good, told.ranges);
}

static void
begin(void)
{
    memset(&syncs, 0, sizeof(syncs));
    memset(&told, 0, sizeof(told));
    ck_assert_int_eq(system("rm -rf out; mkdir out"), 0);
}

START_TEST(what_is_left_is_kept)
{
    salvage(false);
    ck_assert_uint_ge(syncs.count, 1);
    ck_assert(syncs.whole);
    ck_assert_uint_eq(told.not_kept, 0);
}
END_TEST

START_TEST(what_is_not_kept_is_told)
{
    salvage(false);
    syncs.fail_at = syncs.count;
    syncs.count   = 0;
    memset(&told, 0, sizeof(told));
    ck_assert_int_eq(system("rm -rf out; mkdir out"), 0);
    salvage(false);
    ck_assert(syncs.whole);
    ck_assert_uint_eq(told.not_kept, 1);
}
END_TEST

START_TEST(a_dry_run_keeps_nothing)
{
    salvage(true);
    ck_assert_uint_eq(syncs.count, 0);
    ck_assert_int_eq(rmdir("out"), 0);
}
END_TEST

static bool
prepare(void)
{
    return mkdtemp(folder) && chdir(folder) == 0 &&
           system("head -c 2000000 /dev/urandom >file && \"$REEL_PROGRAM\" "
                  "write -q --block-size 4K --segment-size 256K "
                  "--compress none -f bad.tap file && printf damage | "
                  "dd of=bad.tap bs=1 seek=1500000 conv=notrunc "
                  "status=none") == 0;
}

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, begin, NULL);
    tcase_add_test(t, what_is_left_is_kept);
    tcase_add_test(t, what_is_not_kept_is_told);
    tcase_add_test(t, a_dry_run_keeps_nothing);
}

int
main(void)
{
    char command[sizeof(folder) + 16];
    int failed = EXIT_FAILURE;

    if (prepare())
        failed = suite_run("salvage", add);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    return chdir("/") == 0 && system(command) == 0 ? failed : EXIT_FAILURE;
}
