/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reel/extract.h: what is done while images are read, and what stays
   of them. The rest of it is tested by extract.sh. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/block_header.h"
#include "reel/builder.h"
#include "reel/crc32c.h"
#include "reel/extract.h"
#include "suite.h"

#define BLOCK_BYTES 4096U
#define FEATURES_AT 16 /* in a block, */
#define CHECKSUM_AT 8  /* and of what stands from CHECKED_FROM on */
#define CHECKED_FROM 12

static char folder[] = "/tmp/reel-extract-XXXXXX";

/* What is to happen when the first octets were judged. */
struct plan {
    bool refuse; /* a later block asks for a feature nobody knows */
    bool block;  /* something is there that cannot be taken away */
    unsigned int calls;
    unsigned int items;
};

static int
shell(const char *command)
{
    return system(command) == 0 ? 0 : -1;
}

/* A late block of the image does. */
static void
ask_for_a_feature(void)
{
    static uint8_t image[8 * 1024 * 1024];
    struct reel_builder b;
    const int fd = open("image.tap", O_RDWR | O_CLOEXEC);
    ssize_t n;
    uint8_t *at;

    ck_assert_int_ge(fd, 0);
    n = read(fd, image, sizeof(image));
    ck_assert_int_gt(n, 400 * (ssize_t)BLOCK_BYTES);
    at = memmem(image + 300 * BLOCK_BYTES, (size_t)n - 300 * BLOCK_BYTES,
                reel_block_magic, sizeof(reel_block_magic));
    ck_assert_ptr_nonnull(at);
    at[FEATURES_AT + 3] = 0x80;
    b                   = reel_builder_init(at + CHECKSUM_AT, 4);
    reel_put_le32(&b,
                  reel_crc32c(at + CHECKED_FROM, BLOCK_BYTES - CHECKED_FROM));
    ck_assert_int_eq(pwrite(fd, image, (size_t)n, 0), n);
    ck_assert_int_eq(close(fd), 0);
}

static void
on_progress(void *ctx, uint64_t bytes, uint64_t objects)
{
    struct plan *const p = ctx;

    (void)bytes;
    (void)objects;
    if (p->calls++ > 0)
        return;
    if (p->refuse)
        ask_for_a_feature();
    if (p->block)
        ck_assert_int_eq(mkdir("out/stays", 0755), 0);
}

static void
on_item(void *ctx, const struct reel_extract_item *item)
{
    struct plan *const p = ctx;

    (void)item;
    p->items++;
}

static enum reel_status
extract(struct plan *p, struct reel_err *err)
{
    static const char *const images[]   = {"image.tap"};
    struct reel_extract_options options = {
        .images = images, .image_count = 1, .directory = "out", .threads = 1};
    struct reel_extract_result result;

    options.report.progress = on_progress;
    options.report.ctx      = p;
    return reel_extract(&options, on_item, p, &result, err);
}

static void
begin(void)
{
    ck_assert_int_eq(shell("rm -rf out; mkdir out; cp right.tap image.tap"), 0);
}

START_TEST(progress_is_told)
{
    struct plan p = {0};
    struct reel_err err;

    ck_assert_int_eq(extract(&p, &err), REEL_OK);
    ck_assert_uint_gt(p.calls, 1);
    ck_assert_uint_gt(p.items, 1);
}
END_TEST

START_TEST(what_is_refused_is_taken_back)
{
    struct plan p = {.refuse = true};
    struct reel_err err;

    ck_assert_int_eq(extract(&p, &err), REEL_E_UNSUPPORTED);
    ck_assert_str_eq(err.rule, "X-3");
    ck_assert_uint_gt(p.calls, 1);
    ck_assert_uint_eq(p.items, 0);
    ck_assert_int_eq(rmdir("out"), 0);
}
END_TEST

START_TEST(what_stays_of_it_is_told)
{
    struct plan p = {.refuse = true, .block = true};
    struct reel_err err;

    ck_assert_int_eq(extract(&p, &err), REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot be taken back"));
    ck_assert_uint_eq(p.items, 0);
    ck_assert_int_eq(rmdir("out/stays"), 0);
    ck_assert_int_eq(rmdir("out"), 0);
}
END_TEST

static bool
prepare(void)
{
    return mkdtemp(folder) && chdir(folder) == 0 &&
           shell("head -c 2000000 /dev/urandom >file && \"$REEL_PROGRAM\" "
                 "write -q --block-size 4K --segment-size 256K --compress none "
                 "-f right.tap file") == 0;
}

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, begin, NULL);
    tcase_add_test(t, progress_is_told);
    tcase_add_test(t, what_is_refused_is_taken_back);
    tcase_add_test(t, what_stays_of_it_is_told);
}

int
main(void)
{
    char command[sizeof(folder) + 16];
    int failed = EXIT_FAILURE;

    if (prepare())
        failed = suite_run("extract", add);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    return chdir("/") == 0 && shell(command) == 0 ? failed : EXIT_FAILURE;
}
