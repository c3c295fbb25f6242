/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of media (no spec chapter): each call of the system is interrupted,
 * moves less than it was asked to, or fails. Wrapped by the linker.
 */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "reel/medium_tap.h"
#include "st_calls.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)
#define BLOCKS 3U
#define BLOCK 600U

static struct reel_err err;
static unsigned int interrupts; /* before each call goes through */
static unsigned int pending;    /* of them, for the call at hand */
static size_t most;             /* octets a call moves; 0: what it is asked */
static int refusal;             /* errno of ioctl behind the interrupts */
static unsigned int calls;

ssize_t __real_readv(int fd, const struct iovec *iov, int count);
ssize_t __real_writev(int fd, const struct iovec *iov, int count);
ssize_t __real_preadv64(int fd, const struct iovec *iov, int count, off_t at);
ssize_t __real_pwritev64(int fd, const struct iovec *iov, int count, off_t at);
ssize_t __real_read(int fd, void *buf, size_t bytes);
ssize_t __real_write(int fd, const void *buf, size_t bytes);
int __real_open64(const char *name, int flags, ...);

ssize_t __wrap_readv(int fd, const struct iovec *iov, int count);
ssize_t __wrap_writev(int fd, const struct iovec *iov, int count);
ssize_t __wrap_preadv64(int fd, const struct iovec *iov, int count, off_t at);
ssize_t __wrap_pwritev64(int fd, const struct iovec *iov, int count, off_t at);
ssize_t __wrap_read(int fd, void *buf, size_t bytes);
ssize_t __wrap_write(int fd, const void *buf, size_t bytes);
int __wrap_open64(const char *name, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

static bool
interrupted(void)
{
    calls++;
    if (pending == 0) {
        pending = interrupts;
        return false;
    }
    pending--;
    errno = EINTR;
    return true;
}

/* Of buffers, the part of the first one with octets that a call may move. */
static const struct iovec *
limited(const struct iovec *iov, int *count)
{
    static struct iovec first;

    if (most == 0)
        return iov;
    for (; *count > 1 && iov->iov_len == 0; --*count)
        iov++;
    first = *iov;
    if (first.iov_len > most)
        first.iov_len = most;
    *count = 1;
    return &first;
}

ssize_t
__wrap_readv(int fd, const struct iovec *iov, int count)
{
    iov = limited(iov, &count);
    return interrupted() ? -1 : __real_readv(fd, iov, count);
}

ssize_t
__wrap_writev(int fd, const struct iovec *iov, int count)
{
    iov = limited(iov, &count);
    return interrupted() ? -1 : __real_writev(fd, iov, count);
}

ssize_t
__wrap_preadv64(int fd, const struct iovec *iov, int count, off_t at)
{
    iov = limited(iov, &count);
    return interrupted() ? -1 : __real_preadv64(fd, iov, count, at);
}

ssize_t
__wrap_pwritev64(int fd, const struct iovec *iov, int count, off_t at)
{
    iov = limited(iov, &count);
    return interrupted() ? -1 : __real_pwritev64(fd, iov, count, at);
}

ssize_t
__wrap_read(int fd, void *buf, size_t bytes)
{
    return interrupted() ? -1 : __real_read(fd, buf, bytes);
}

ssize_t
__wrap_write(int fd, const void *buf, size_t bytes)
{
    return interrupted() ? -1 : __real_write(fd, buf, bytes);
}

int
__wrap_open64(const char *name, int flags, ...)
{
    return interrupted() ? -1 : __real_open64(name, flags);
}

/* A drive that has done it at once. */
int
__wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    void *argument;

    (void)fd;
    if (interrupted())
        return -1;
    if (refusal != 0) {
        errno = refusal;
        return -1;
    }
    va_start(arguments, request);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    if (request == MTIOCPOS)
        ((struct mtpos *)argument)->mt_blkno = 77;
    if (request == MTIOCGET)
        ((struct mtget *)argument)->mt_fileno = 7;
    return 0;
}

/* The same, where times have 64 bits and words have 32. */
int __wrap___ioctl_time64(int fd, unsigned long request, ...)
    __attribute__((alias("__wrap_ioctl")));

static void
as_it_should_be(void)
{
    interrupts = pending = 0;
    most                 = 0;
    refusal              = 0;
}

static void
fill(uint8_t *block, unsigned int n)
{
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = (uint8_t)(i * 7 + n);
}

static void
write_image(struct reel_medium *m)
{
    uint8_t block[BLOCK];

    for (unsigned int n = 0; n < BLOCKS; n++) {
        fill(block, n);
        OK(reel_medium_write(m, block, sizeof(block) - n, &err));
        OK(reel_medium_filemark(m, &err));
    }
    OK(reel_medium_close(m, &err));
}

static void
read_image(struct reel_medium *m)
{
    enum reel_event event;
    uint8_t want[BLOCK];
    uint8_t got[BLOCK];
    size_t bytes;

    for (unsigned int n = 0; n < BLOCKS; n++) {
        fill(want, n);
        OK(reel_medium_read(m, got, sizeof(got), &event, &bytes, &err));
        ck_assert_int_eq(event, REEL_EVENT_BLOCK);
        ck_assert_uint_eq(bytes, BLOCK - n);
        ck_assert_mem_eq(got, want, bytes);
        OK(reel_medium_read(m, got, sizeof(got), &event, &bytes, &err));
        ck_assert_int_eq(event, REEL_EVENT_FILEMARK);
    }
    OK(reel_medium_read(m, got, sizeof(got), &event, &bytes, &err));
    ck_assert_int_eq(event, REEL_EVENT_END);
    OK(reel_medium_close(m, &err));
}

static void
choose(int i)
{
    static const size_t moved[] = {0, 1, 7, BLOCK - 1};

    interrupts = (unsigned int)i % 3;
    pending    = interrupts;
    most       = moved[i / 3];
}

START_TEST(images_in_files)
{
    const int fd          = memfd_create("image", MFD_CLOEXEC);
    struct reel_medium *m = NULL;
    unsigned int before;

    choose(_i);
    OK(reel_medium_tap_file_new(&m, dup(fd), REEL_MEDIUM_WRITE, NULL, &err));
    before = calls;
    write_image(m);
    ck_assert_uint_ge(calls - before, 2 * BLOCKS * (interrupts + 1));
    OK(reel_medium_tap_file_new(&m, dup(fd), REEL_MEDIUM_READ, NULL, &err));
    before = calls;
    read_image(m);
    ck_assert_uint_ge(calls - before, BLOCKS * (interrupts + 1));
    as_it_should_be();
    (void)close(fd);
}
END_TEST

START_TEST(images_in_pipes)
{
    const int fd          = memfd_create("image", MFD_CLOEXEC);
    struct reel_medium *m = NULL;

    choose(_i);
    OK(reel_medium_tap_pipe_new(&m, fd, false, REEL_MEDIUM_WRITE, &err));
    write_image(m);
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    OK(reel_medium_tap_pipe_new(&m, fd, false, REEL_MEDIUM_READ, &err));
    read_image(m);
    as_it_should_be();
    (void)close(fd);
}
END_TEST

START_TEST(calls_of_the_drive)
{
    struct mtget status = {0};
    uint64_t position   = 5;
    uint8_t octet       = 1;
    int fd;

    interrupts = pending = 3;
    calls                = 0;
    fd                   = reel_medium_opener_open(NULL, "/dev/zero", O_RDWR);
    ck_assert_int_ge(fd, 0);
    ck_assert_uint_eq(calls, 4);
    ck_assert_int_eq(reel_st_read(fd, &octet, 1), 1);
    ck_assert_uint_eq(octet, 0);
    ck_assert_int_eq(reel_st_write(fd, &octet, 1), 1);
    ck_assert_int_eq(reel_st_op(fd, MTREW, 1), 0);
    ck_assert_int_eq(reel_st_position(fd, &position), 0);
    ck_assert_uint_eq(position, 77);
    ck_assert_int_eq(reel_st_status(fd, &status), 0);
    ck_assert_int_eq(status.mt_fileno, 7);
    ck_assert_uint_eq(calls, 24);
    as_it_should_be();
    (void)close(fd);
}
END_TEST

START_TEST(refusals_of_the_drive)
{
    static const int errors[] = {EIO, ENOSPC, EBUSY, ENOMEDIUM};
    struct mtget status       = {.mt_fileno = 3};
    uint64_t position         = 5;

    interrupts = pending = 1;
    refusal              = errors[_i];
    ck_assert_int_eq(reel_st_op(-1, MTREW, 1), refusal);
    ck_assert_int_eq(reel_st_position(-1, &position), refusal);
    ck_assert_uint_eq(position, 5);
    ck_assert_int_eq(reel_st_status(-1, &status), refusal);
    ck_assert_int_eq(status.mt_fileno, 0);
    as_it_should_be();
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_loop_test(t, images_in_files, 0, 12);
    tcase_add_loop_test(t, images_in_pipes, 0, 12);
    tcase_add_test(t, calls_of_the_drive);
    tcase_add_loop_test(t, refusals_of_the_drive, 0, 4);
}

int
main(void)
{
    return suite_run("medium_interrupted", add);
}
