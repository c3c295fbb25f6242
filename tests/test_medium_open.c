/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reel_medium_open (spec chapter 0): what a user may name. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/drive.h"
#include "reel/medium_tap.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)

static struct reel_err err;
static char dir[32];
static char path[64];

static struct {
    unsigned int files, directories; /* that were to be kept */
    int error;                       /* of all; 0: none */
} syncs;

static int
synced(unsigned int *count)
{
    (*count)++;
    errno = syncs.error;
    return syncs.error == 0 ? 0 : -1;
}

/* In the place of those of the system. */
int
fsync(int fd)
{
    struct stat st;

    ck_assert_int_eq(fstat(fd, &st), 0);
    return synced(S_ISDIR(st.st_mode) ? &syncs.directories : &syncs.files);
}

int
fdatasync(int fd)
{
    return fsync(fd);
}

static void
setup(void)
{
    (void)snprintf(dir, sizeof(dir), "/tmp/reel-open-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/image", dir);
    memset(&syncs, 0, sizeof(syncs));
}

static void
teardown(void)
{
    (void)unlink(path);
    ck_assert_int_eq(rmdir(dir), 0);
}

static void
put_file(size_t off, const void *bytes, size_t len)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_eq(pwrite(fd, bytes, len, (off_t)off), (ssize_t)len);
    ck_assert_int_eq(close(fd), 0);
}

static off_t
file_bytes(void)
{
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_size;
}

static void
refused(const char *name, enum reel_medium_mode mode, enum reel_status status,
        const char *word)
{
    struct reel_medium *m = NULL;

    ck_assert_int_eq(reel_medium_open(&m, name, mode, &err), status);
    ck_assert_ptr_null(m);
    ck_assert_int_eq(err.status, status);
    ck_assert_msg(strstr(err.text, word) != NULL, "%s", err.text);
}

static struct reel_medium *
opened(enum reel_medium_mode mode, const struct reel_medium_open_opts *opts)
{
    struct reel_medium *m = NULL;

    OK(reel_medium_open_with(&m, path, mode, opts, &err));
    return m;
}

/* What is told to be written outlives a loss of power: the name of a new image,
   and what stands before a filemark. */
START_TEST(written_is_on_stable_storage)
{
    const struct reel_medium_open_opts opts = {.sync = true};
    struct reel_medium *m;

    OK(reel_medium_open_with(&m, path, REEL_MEDIUM_WRITE, &opts, &err));
    ck_assert_uint_eq(syncs.directories, 1);
    OK(reel_medium_write(m, dir, sizeof(dir), &err));
    ck_assert_uint_eq(syncs.files, 0);
    OK(reel_medium_filemark(m, &err));
    ck_assert_uint_eq(syncs.files, 1);
    syncs.error = EIO;
    ck_assert_int_eq(reel_medium_filemark(m, &err), REEL_E_MEDIUM);
    syncs.error = 0;
    OK(reel_medium_close(m, &err));
    OK(reel_medium_open_with(&m, path, REEL_MEDIUM_WRITE, &opts, &err));
    ck_assert_uint_eq(syncs.directories, 1);
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(unlink(path), 0);
    syncs.error = EIO;
    ck_assert_int_eq(
        reel_medium_open_with(&m, path, REEL_MEDIUM_WRITE, &opts, &err),
        REEL_E_MEDIUM);
}
END_TEST

/* A pipe is none, a file in its place is one. */
START_TEST(output_that_is_a_file_is_kept_at_the_end)
{
    const int fd = open(path, O_RDWR | O_CREAT, 0600);
    struct reel_medium *m;
    int ends[2];

    OK(reel_medium_tap_pipe_new(&m, fd, true, REEL_MEDIUM_WRITE, &err));
    OK(reel_medium_close(m, &err));
    ck_assert_uint_eq(syncs.files, 1);
    ck_assert_int_eq(pipe(ends), 0);
    syncs.error = EIO;
    OK(reel_medium_tap_pipe_new(&m, ends[1], true, REEL_MEDIUM_WRITE, &err));
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(close(ends[0]), 0);
    OK(reel_medium_tap_pipe_new(&m, open(path, O_RDWR), true, REEL_MEDIUM_WRITE,
                                &err));
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_E_MEDIUM);
}
END_TEST

START_TEST(no_image_by_type)
{
    refused(dir, REEL_MEDIUM_READ, REEL_E_MAGIC, "directory");
    refused(dir, REEL_MEDIUM_WRITE, REEL_E_MAGIC, "directory");
    refused("/dev/zero", REEL_MEDIUM_READ, REEL_E_UNSUPPORTED, "device");
    refused("/dev/null", REEL_MEDIUM_WRITE, REEL_E_UNSUPPORTED,
            "no tape drive");
    refused(path, REEL_MEDIUM_READ, REEL_E_MEDIUM, "does not exist");
    refused("/dev/zero/x", REEL_MEDIUM_READ, REEL_E_MEDIUM, "cannot be");
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(no_drive)
{
    struct reel_drive_facts facts;
    struct reel_drive *drive = NULL;
    struct reel_medium *m;

    ck_assert_int_eq(reel_drive_open(&drive, "/dev/null", &err),
                     REEL_E_UNSUPPORTED);
    ck_assert_int_eq(reel_drive_open(&drive, dir, &err), REEL_E_UNSUPPORTED);
    ck_assert_int_eq(reel_drive_open(&drive, path, &err), REEL_E_MEDIUM);
    ck_assert_ptr_null(drive);
    reel_drive_close(NULL);
    /* One that is not there must not become a file of its name. */
    ck_assert_int_eq(
        reel_medium_open(&m, "/dev/reel-no-drive", REEL_MEDIUM_WRITE, &err),
        REEL_E_MEDIUM);
    ck_assert_int_ne(access("/dev/reel-no-drive", F_OK), 0);
    m = opened(REEL_MEDIUM_WRITE, NULL);
    ck_assert(!reel_medium_info(m)->drive);
    ck_assert(!reel_medium_info(m)->append_only);
    ck_assert_int_eq(reel_medium_drive_facts(m, &facts, &err),
                     REEL_E_UNSUPPORTED);
    OK(reel_medium_close(m, &err));
}
END_TEST

static const struct {
    size_t off;
    const char *bytes;
    size_t len;
    const char *word;
} foreign[] = {
    {257, "ustar", 5, "tar file"},
    {0, "VOL1ABCDEF", 10, "without the framing"},
    {0,
     "\x8A"
     "EEL\r\n\x1A\n",
     8, "not a SIMH"},
    {0,
     "\x8A"
     "REEL\r\n\x1A",
     8, "without the framing"},
    {0, "REEL TAPE ARCHIVE, EDITION 1", 28, "leader"},
    {0, "\x1F\x8B\x08\0\0\0\0\0", 8, "gzip"},
    {0, "\x28\xB5\x2F\xFD", 4, "zstd"},
    {0,
     "\xFD"
     "7zXZ",
     5, "xz"},
    {32769, "CD001", 5, "ISO 9660"},
    {99999, "\0", 1, "zeros"},
    {0, "hello, world\n", 13, "not a SIMH"},
    {0, "x", 1, "not a SIMH"},
    {0, "\4\0\0\0abcd\4\0\0", 11, "cut short"},
};

START_TEST(no_image_by_content)
{
    const struct reel_medium_open_opts over = {.overwrite = true};
    const off_t bytes = (off_t)(foreign[_i].off + foreign[_i].len);
    enum reel_event event;
    struct reel_medium *m;
    size_t read_bytes;
    char buf[16];

    put_file(foreign[_i].off, foreign[_i].bytes, foreign[_i].len);
    refused(path, REEL_MEDIUM_READ, REEL_E_MAGIC, foreign[_i].word);
    refused(path, REEL_MEDIUM_WRITE, REEL_E_MAGIC, foreign[_i].word);
    ck_assert_int_eq(file_bytes(), bytes);
    OK(reel_medium_close(opened(REEL_MEDIUM_WRITE, &over), &err));
    ck_assert_int_eq(file_bytes(), bytes); /* nothing is written yet */
    m = opened(REEL_MEDIUM_WRITE, &over);
    OK(reel_medium_read(m, buf, sizeof(buf), &event, &read_bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_END);
    OK(reel_medium_filemark(m, &err));
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(file_bytes(), 4);
}
END_TEST

START_TEST(empty_file)
{
    put_file(0, "", 0);
    refused(path, REEL_MEDIUM_READ, REEL_E_MAGIC, "empty");
    OK(reel_medium_close(opened(REEL_MEDIUM_WRITE, NULL), &err));
}
END_TEST

static void
write_one(struct reel_medium *m, const char *text)
{
    OK(reel_medium_write(m, text, strlen(text), &err));
    OK(reel_medium_filemark(m, &err));
}

START_TEST(new_image_then_append)
{
    enum reel_event event;
    struct reel_medium *m = opened(REEL_MEDIUM_WRITE, NULL);
    uint64_t address;
    size_t bytes;
    char buf[16];

    refused(path, REEL_MEDIUM_WRITE, REEL_E_MEDIUM, "another program");
    write_one(m, "first");
    OK(reel_medium_close(m, &err));

    m = opened(REEL_MEDIUM_WRITE, NULL);
    OK(reel_medium_tell(m, &address, &err));
    ck_assert_uint_eq(address, 0);
    OK(reel_medium_end_of_data(m, &err));
    write_one(m, "second");
    OK(reel_medium_close(m, &err));

    m = opened(REEL_MEDIUM_READ, NULL);
    OK(reel_medium_locate(m, 2, &err));
    OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_BLOCK);
    ck_assert_uint_eq(bytes, 6);
    ck_assert_mem_eq(buf, "second", 6);
    OK(reel_medium_close(m, &err));
}
END_TEST

/* One end of an image that is whole is enough. */
START_TEST(damage_at_one_end)
{
    static const char whole[] = "\2\0\0\0ab\2\0\0\0\0\0\0\0\2\0\0\0cd\2\0\0";
    char bytes[sizeof(whole)];

    memcpy(bytes, whole, sizeof(whole));
    bytes[0] = 3;
    put_file(0, bytes, sizeof(bytes));
    OK(reel_medium_close(opened(REEL_MEDIUM_READ, NULL), &err));
    put_file(0, whole, sizeof(whole) - 5);
    OK(reel_medium_close(opened(REEL_MEDIUM_READ, NULL), &err));
    put_file(0, bytes, sizeof(bytes) - 5);
    refused(path, REEL_MEDIUM_READ, REEL_E_MAGIC, "SIMH");
}
END_TEST

/* Standard output to standard input; Check runs this in its own process. */
START_TEST(dash_is_a_pipe)
{
    struct reel_medium *m = NULL;
    enum reel_event event;
    size_t bytes;
    char buf[8];
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    (void)fflush(stdout);
    ck_assert_int_eq(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
    ck_assert_int_eq(dup2(fds[1], STDOUT_FILENO), STDOUT_FILENO);
    ck_assert_int_eq(close(fds[1]), 0);
    OK(reel_medium_open(&m, "-", REEL_MEDIUM_WRITE, &err));
    ck_assert(!reel_medium_info(m)->can_locate);
    write_one(m, "through");
    OK(reel_medium_close(m, &err));
    OK(reel_medium_open(&m, "-", REEL_MEDIUM_READ, &err));
    OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_BLOCK);
    ck_assert_mem_eq(buf, "through", 7);
    OK(reel_medium_close(m, &err));
}
END_TEST

int
main(void)
{
    Suite *s = suite_create("medium_open");
    TCase *t = tcase_create("open");
    SRunner *r;
    int failed;

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, written_is_on_stable_storage);
    tcase_add_test(t, output_that_is_a_file_is_kept_at_the_end);
    tcase_add_test(t, no_image_by_type);
    tcase_add_test(t, no_drive);
    tcase_add_loop_test(t, no_image_by_content, 0,
                        (int)(sizeof(foreign) / sizeof(foreign[0])));
    tcase_add_test(t, empty_file);
    tcase_add_test(t, new_image_then_append);
    tcase_add_test(t, damage_at_one_end);
    tcase_add_test(t, dash_is_a_pipe);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
