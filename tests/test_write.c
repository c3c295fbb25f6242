/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer on a tape in memory: the same octets whatever the threads,
 * appending, checkpoints, and every call and allocation failing.
 */
#include "suite.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/block_header.h"
#include "reel/medium_memory.h"
#include "reel/write.h"

static char top[] = "/tmp/reel-test-write-XXXXXX";

static void
put_file(const char *name, size_t bytes, unsigned int seed)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    char buf[1000];
    size_t i;

    ck_assert_int_ge(fd, 0);
    while (bytes > 0) {
        const size_t n = bytes < sizeof(buf) ? bytes : sizeof(buf);

        for (i = 0; i < n; i++)
            buf[i] = (char)((seed = seed * 1103515245 + 12345) >> 24);
        ck_assert_int_eq(write(fd, buf, n), (ssize_t)n);
        bytes -= n;
    }
    ck_assert_int_eq(close(fd), 0);
}

static void
make_tree(void)
{
    ck_assert_ptr_nonnull(mkdtemp(top));
    ck_assert_int_eq(chdir(top), 0);
    ck_assert_int_eq(mkdir("d", 0755), 0);
    put_file("d/big", 900000, 1);
    put_file("d/small", 10, 2);
    put_file("empty", 0, 3);
    ck_assert_int_eq(link("d/big", "name"), 0);
    ck_assert_int_eq(symlink("d/small", "symlink"), 0);
}

static void
remove_tree(void)
{
    (void)unlink("d/big");
    (void)unlink("d/small");
    (void)unlink("empty");
    (void)unlink("name");
    (void)unlink("symlink");
    (void)rmdir("d");
    (void)chdir("/");
    (void)rmdir(top);
}

static enum reel_status
one_path(void *ctx, const char **path, struct reel_err *err)
{
    int *const given = ctx;

    (void)err;
    if (*given)
        return REEL_END;
    *given = 1;
    *path  = ".";
    return REEL_OK;
}

/* Write the tree on to `tape`. */
static enum reel_status
archive(struct reel_memory_tape *tape, const struct reel_write_options *set,
        struct reel_write_result *result, struct reel_err *err)
{
    static const uint8_t id[REEL_SET_ID_BYTES] = {1, 2, 3};
    struct reel_write_options o                = *set;
    int given                                  = 0;
    enum reel_status status;
    enum reel_status closed;

    status = reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_WRITE, err);
    if (status != REEL_OK)
        return status;
    o.set_id     = id;
    o.base_fd    = AT_FDCWD;
    o.base_path  = "test";
    o.paths      = one_path;
    o.paths_ctx  = &given;
    o.catalog_fd = -1;
    o.software   = "test";
    status       = reel_write(&o, result, err);
    closed       = reel_medium_close(o.medium, status == REEL_OK ? err : NULL);
    return status != REEL_OK ? status : closed;
}

static struct reel_memory_tape *
new_tape(void)
{
    struct reel_memory_tape *const t = reel_memory_tape_new(NULL);

    ck_assert_ptr_nonnull(t);
    return t;
}

static void
same_tapes(const struct reel_memory_tape *a, const struct reel_memory_tape *b)
{
    uint64_t i;

    ck_assert_uint_eq(reel_memory_tape_count(a), reel_memory_tape_count(b));
    for (i = 0; i < reel_memory_tape_count(a); i++) {
        const struct reel_memory_element x = reel_memory_tape_get(a, i);
        const struct reel_memory_element y = reel_memory_tape_get(b, i);

        ck_assert_uint_eq(x.byte_count, y.byte_count);
        if (x.byte_count > 0)
            ck_assert_mem_eq(x.bytes, y.bytes, x.byte_count);
    }
}

/* How many blocks of `kind` stand on the tape. */
static unsigned int
count_kind(const struct reel_memory_tape *t, uint16_t kind)
{
    unsigned int n = 0;
    uint64_t i;

    for (i = 0; i < reel_memory_tape_count(t); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);
        struct reel_block_header h;

        if (e.byte_count > 0 &&
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) ==
                REEL_OK &&
            h.kind == kind)
            n++;
    }
    return n;
}

START_TEST(threads_do_not_change_the_octets)
{
    const unsigned int threads[]         = {2, 7};
    struct reel_memory_tape *const first = new_tape();
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;
    size_t i;

    memset(&o, 0, sizeof(o));
    o.block_bytes   = 4096;
    o.segment_limit = REEL_SEGMENT_LIMIT_MIN;
    o.compression   = REEL_COMPRESSION_ZSTD;
    o.threads       = 1;
    ck_assert_int_eq(archive(first, &o, &r, &err), REEL_OK);
    ck_assert(r.complete && r.new_set);
    ck_assert_uint_eq(r.objects, 7);
    for (i = 0; i < 2; i++) {
        struct reel_memory_tape *const other = new_tape();

        o.threads = threads[i];
        ck_assert_int_eq(archive(other, &o, &r, &err), REEL_OK);
        same_tapes(first, other);
        reel_memory_tape_free(other);
    }
    reel_memory_tape_free(first);
}
END_TEST

START_TEST(appending_keeps_what_is_there)
{
    struct reel_memory_tape *const t = new_tape();
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;
    uint64_t before;

    memset(&o, 0, sizeof(o));
    o.block_bytes = 4096;
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_OK);
    before        = reel_memory_tape_count(t);
    o.block_bytes = 8192; /* the set has its own */
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(r.archive, 2);
    ck_assert_uint_eq(r.block_bytes, 4096);
    ck_assert(!r.new_set);
    ck_assert_uint_gt(reel_memory_tape_count(t), before);
    ck_assert_uint_eq(count_kind(t, REEL_BLOCK_END), 4);
    ck_assert_uint_eq(count_kind(t, REEL_BLOCK_VOLUME), 1);
    o.overwrite = true;
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(r.archive, 1);
    ck_assert(r.new_set);
    ck_assert_uint_eq(count_kind(t, REEL_BLOCK_END), 2);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(something_else_is_not_overwritten)
{
    static const uint8_t foreign[512]         = "this is not Reel";
    const struct reel_memory_element elements = {false, false, foreign, 512};
    struct reel_memory_tape *const t          = new_tape();
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;

    memset(&o, 0, sizeof(o));
    ck_assert_int_eq(reel_memory_tape_insert(t, 0, &elements, &err), REEL_OK);
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_E_MAGIC);
    ck_assert_uint_eq(reel_memory_tape_count(t), 1);
    ck_assert_mem_eq(reel_memory_tape_get(t, 0).bytes, foreign, 512);
    o.overwrite = true;
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_OK);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(checkpoints_stand_between_filemarks)
{
    struct reel_memory_tape *const t = new_tape();
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;

    memset(&o, 0, sizeof(o));
    o.block_bytes      = 4096;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = 300000;
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_OK);
    ck_assert_uint_ge(count_kind(t, REEL_BLOCK_CHECKPOINT), 1);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(a_full_medium_is_said)
{
    const struct reel_memory_options small = {.capacity_bytes      = 300000,
                                              .early_warning_bytes = 50000};
    struct reel_memory_tape *const t       = reel_memory_tape_new(&small);
    struct reel_write_options o;
    struct reel_write_result r = {.complete = true};
    struct reel_err err;

    ck_assert_ptr_nonnull(t);
    memset(&o, 0, sizeof(o));
    o.block_bytes = 4096;
    ck_assert_int_eq(archive(t, &o, &r, &err), REEL_E_FULL);
    ck_assert(!r.complete);
    reel_memory_tape_free(t);
}
END_TEST

/* What fails for good ends it, and nothing claims to be whole; what fails once
   while data are written is overcome (tests/test_write_resume.c). */
START_TEST(every_call_of_the_medium_failing)
{
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;
    unsigned long calls;
    unsigned long n;

    memset(&o, 0, sizeof(o));
    o.block_bytes      = 65536;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = 200000;
    for (n = 1, calls = n; n <= calls; n++) {
        struct reel_memory_tape *const t = new_tape();

        reel_memory_tape_fail_at(t, n, true);
        ck_assert_int_eq(archive(t, &o, &r, &err), REEL_E_MEDIUM);
        /* All calls of an undisturbed run, counted on the way. */
        reel_memory_tape_free(t);
        if (n == 1) {
            struct reel_memory_tape *const whole = new_tape();

            ck_assert_int_eq(archive(whole, &o, &r, &err), REEL_OK);
            calls = reel_memory_tape_calls(whole);
            reel_memory_tape_free(whole);
        }
    }
    ck_assert_uint_gt(calls, 20);
}
END_TEST

START_TEST(every_allocation_failing)
{
    struct reel_write_options o;
    struct reel_write_result r;
    struct reel_err err;
    unsigned long failures = 0;
    unsigned long n;
    enum reel_status status;

    memset(&o, 0, sizeof(o));
    o.block_bytes   = 65536;
    o.segment_limit = REEL_SEGMENT_LIMIT_MIN;
    o.compression   = REEL_COMPRESSION_ZSTD;
    for (n = 1;; n++) {
        struct reel_memory_tape *const t = new_tape();

        reel_alloc_fail_at(n, 1);
        status = archive(t, &o, &r, &err);
        reel_alloc_fail_at(0, 0);
        reel_memory_tape_free(t);
        if (status == REEL_OK)
            break;
        ck_assert_msg(status == REEL_E_MEMORY, "allocation %lu: %s: %s", n,
                      reel_status_name(status), err.text);
        failures++;
    }
    ck_assert_uint_gt(failures, 20);
}
END_TEST

static void
add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_tree, remove_tree);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, threads_do_not_change_the_octets);
    tcase_add_test(tc, appending_keeps_what_is_there);
    tcase_add_test(tc, something_else_is_not_overwritten);
    tcase_add_test(tc, checkpoints_stand_between_filemarks);
    tcase_add_test(tc, a_full_medium_is_said);
    tcase_add_test(tc, every_call_of_the_medium_failing);
    tcase_add_test(tc, every_allocation_failing);
}

int
main(void)
{
    return suite_run("write", add);
}
