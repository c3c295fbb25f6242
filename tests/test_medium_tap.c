/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of reel/medium_tap.h (spec chapter 0, the "tap" form): images that
 * are cut, flipped, limited or on a full disk; pipes that break.
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/medium_tap.h"
#include "tap_index.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s: %s", #call, err.text)
#define BLOCK 64u

static struct reel_err err;

static int
new_file(const void *bytes, size_t len)
{
    const int fd = memfd_create("image", 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    return fd;
}

static struct reel_medium *
opened(int fd, enum reel_medium_mode mode,
       const struct reel_medium_open_opts *opts)
{
    struct reel_medium *m = NULL;

    OK(reel_medium_tap_file_new(&m, dup(fd), mode, opts, &err));
    return m;
}

static enum reel_status
write_block(struct reel_medium *m, char c, size_t bytes)
{
    uint8_t buf[BLOCK];

    memset(buf, c, sizeof(buf));
    return reel_medium_write(m, buf, bytes, &err);
}

/* A digit stands for a block of 64 octets, "l" for one of 9, "|" a mark. */
static size_t
make_image(const char *text, uint8_t *image, size_t capacity)
{
    const int fd          = new_file("", 0);
    struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, NULL);
    ssize_t len;

    for (; *text; text++) {
        if (*text == '|')
            OK(reel_medium_filemark(m, &err));
        else
            OK(write_block(m, *text, *text == 'l' ? 9 : BLOCK));
    }
    OK(reel_medium_close(m, &err));
    len = pread(fd, image, capacity, 0);
    ck_assert_int_gt(len, 0);
    ck_assert_uint_lt((size_t)len, capacity);
    ck_assert_int_eq(close(fd), 0);
    return (size_t)len;
}

/* What a read to the end meets, as text; "?" is an unreadable block. */
static void
read_text(struct reel_medium *m, char *text)
{
    for (;; text++) {
        enum reel_event event;
        uint8_t buf[BLOCK];
        size_t bytes;

        OK(reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err));
        ck_assert_int_ne(event, REEL_EVENT_TOO_LONG);
        *text = event == REEL_EVENT_FILEMARK     ? '|'
                : event == REEL_EVENT_UNREADABLE ? '?'
                                                 : (char)buf[0];
        if (event == REEL_EVENT_END)
            break;
        if (event == REEL_EVENT_BLOCK)
            ck_assert_uint_eq(bytes, *text == 'l' ? 9 : BLOCK);
    }
    *text = '\0';
}

/* Each address found from the end backward and by locate holds the same. */
static void
check_addresses(struct reel_medium *m, const char *text)
{
    const size_t len = strlen(text);
    char got[64];
    int64_t passed;

    for (size_t at = len + 1; at-- > 0;) {
        OK(reel_medium_locate(m, len, &err));
        OK(reel_medium_locate(m, at, &err));
        read_text(m, got);
        ck_assert_str_eq(got, text + at);
        OK(reel_medium_locate(m, at, &err));
        OK(reel_medium_space_filemarks(m, -1, &passed, &err));
        if (passed == 1) {
            read_text(m, got);
            ck_assert_int_eq(got[0], '|');
            ck_assert_uint_lt(strlen(got), len - at + len + 1);
            ck_assert_str_eq(got, text + len - strlen(got));
        }
    }
}

#define IMAGE "l|01|234|5|"

static uint8_t image[2048];

START_TEST(bytes_are_as_the_form_says)
{
    static const uint8_t want[] = {9,   0,   0,   0,   'l', 'l', 'l', 'l',
                                   'l', 'l', 'l', 'l', 'l', 0,   9,   0,
                                   0,   0,   0,   0,   0,   0};

    ck_assert_uint_eq(make_image("l|", image, sizeof(image)), sizeof(want));
    ck_assert_mem_eq(image, want, sizeof(want));
}
END_TEST

/* Where the object behind `count` others begins. */
static size_t
prefix_bytes(const char *text, size_t count)
{
    size_t off = 0;

    for (size_t i = 0; i < count; i++)
        off += text[i] == '|' ? 4 : text[i] == 'l' ? 18 : BLOCK + 8;
    return off;
}

static void
want_cut(char *want, const char *text, size_t cut)
{
    size_t whole = 0;

    while (text[whole] && prefix_bytes(text, whole + 1) <= cut)
        whole++;
    (void)snprintf(want, 64, "%.*s%s", (int)whole, text,
                   cut - prefix_bytes(text, whole) >= 4 ? "?" : "");
}

START_TEST(cut_anywhere)
{
    const size_t len = make_image(IMAGE, image, sizeof(image));

    for (size_t cut = 0; cut <= len; cut++) {
        const int fd          = new_file(image, cut);
        struct reel_medium *m = opened(fd, REEL_MEDIUM_READ, NULL);
        char want[64];
        char got[64];

        want_cut(want, IMAGE, cut);
        read_text(m, got);
        ck_assert_str_eq(got, want);
        check_addresses(m, want);
        OK(reel_medium_close(m, &err));

        ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
        OK(reel_medium_tap_pipe_new(&m, fd, false, REEL_MEDIUM_READ, &err));
        read_text(m, got);
        ck_assert_str_eq(got, want);
        OK(reel_medium_close(m, &err));
        ck_assert_int_eq(close(fd), 0);
    }
}
END_TEST

START_TEST(append_takes_the_place_of_a_torn_record)
{
    const size_t len = make_image(IMAGE, image, sizeof(image));

    for (size_t cut = 0; cut <= len; cut++) {
        const int fd          = new_file(image, cut);
        struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, NULL);
        char want[66];
        char got[64];
        size_t n;

        want_cut(want, IMAGE, cut);
        n = strcspn(want, "?");
        (void)snprintf(want + n, 3, "9|");
        read_text(m, got); /* having been behind it must not matter */
        OK(reel_medium_end_of_data(m, &err));
        OK(write_block(m, '9', BLOCK));
        OK(reel_medium_filemark(m, &err));
        OK(reel_medium_locate(m, 0, &err));
        read_text(m, got);
        ck_assert_str_eq(got, want);
        OK(reel_medium_close(m, &err));
        ck_assert_int_eq(close(fd), 0);
    }
}
END_TEST

/* At least all blocks but one; nothing that was not there. */
static void
check_one_lost(const char *got)
{
    const char *all = "l01|234|5";
    size_t lost     = 0;

    for (const char *c = "l012345"; *c; c++)
        lost += strchr(got, *c) == NULL;
    ck_assert_msg(lost <= 1, "%s", got);
    for (; *got; got++)
        ck_assert(*got == '?' || strchr(all, *got) != NULL);
}

START_TEST(one_wrong_word_costs_one_block)
{
    static const uint8_t wrong[] = {0xFF, 0x01, 0x80, 0x7F};
    const size_t len             = make_image(IMAGE, image, sizeof(image));

    for (size_t i = 0; IMAGE[i]; i++) {
        const size_t front = prefix_bytes(IMAGE, i);
        const size_t back  = prefix_bytes(IMAGE, i + 1) - 4;

        for (size_t at = front; at < back + 4; at++) {
            if (IMAGE[i] == '|' || (at >= front + 4 && at < back))
                continue;
            for (size_t w = 0; w < sizeof(wrong); w++) {
                const uint8_t was = image[at];
                struct reel_medium *m;
                char got[64];
                int fd;

                image[at] ^= wrong[w];
                fd        = new_file(image, len);
                image[at] = was;
                m         = opened(fd, REEL_MEDIUM_READ, NULL);
                read_text(m, got);
                check_one_lost(got);
                check_addresses(m, got);
                OK(reel_medium_close(m, &err));
                ck_assert_int_eq(close(fd), 0);
            }
        }
    }
}
END_TEST

/* Forward to the end and all the way back: the same marks and addresses. */
static void
check_there_and_back(struct reel_medium *m)
{
    enum reel_event event = REEL_EVENT_BLOCK;
    int64_t marks         = 0;
    uint64_t address;
    int64_t passed;

    while (event != REEL_EVENT_END) {
        uint8_t octet;
        size_t bytes;

        OK(reel_medium_read(m, &octet, 1, &event, &bytes, &err));
        marks += event == REEL_EVENT_FILEMARK;
    }
    OK(reel_medium_space_filemarks(m, INT64_MIN, &passed, &err));
    ck_assert_int_eq(passed, marks);
    OK(reel_medium_tell(m, &address, &err));
    ck_assert_uint_eq(address, 0);
    OK(reel_medium_space_filemarks(m, INT64_MAX, &passed, &err));
    ck_assert_int_eq(passed, marks);
}

START_TEST(any_octet_wrong)
{
    static const uint8_t values[] = {0x00, 0x01, 0x40, 0x80, 0xFE, 0xFF};
    const size_t len              = make_image(IMAGE, image, sizeof(image));

    for (size_t at = 0; at < len; at++) {
        for (size_t v = 0; v < sizeof(values); v++) {
            const uint8_t was = image[at];
            struct reel_medium *m;
            int fd;

            image[at] = values[v];
            fd        = new_file(image, len);
            image[at] = was;
            m         = opened(fd, REEL_MEDIUM_READ, NULL);
            check_there_and_back(m);
            OK(reel_medium_end_of_data(m, &err));
            OK(reel_medium_close(m, &err));
            ck_assert_int_eq(close(fd), 0);
        }
    }
}
END_TEST

START_TEST(markers)
{
    static const uint8_t bytes[] = {
        0xFE, 0xFF, 0xFF, 0xFF,                                  /* a gap */
        2,    0,    0,    0x80, 'x',  'x',  2,    0,    0, 0x80, /* bad */
        0xFE, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF,          /* gaps */
        0,    0,    0,    0x80, 0,    0,    0,    0x80,          /* bad, 0 */
        0,    0,    0,    0,                                     /* mark */
        0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,          /* the end */
        0,    0,    0,    0};
    const int fd          = new_file(bytes, sizeof(bytes));
    struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, NULL);
    char got[64];

    read_text(m, got);
    ck_assert_str_eq(got, "?"
                          "?"
                          "|");
    check_addresses(m, got);
    OK(reel_medium_end_of_data(m, &err));
    OK(write_block(m, '7', BLOCK));
    OK(reel_medium_locate(m, 0, &err));
    read_text(m, got);
    ck_assert_str_eq(got, "?"
                          "?"
                          "|7");
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    OK(reel_medium_tap_pipe_new(&m, fd, true, REEL_MEDIUM_READ, &err));
    read_text(m, got);
    ck_assert_str_eq(got, "?"
                          "?"
                          "|7");
    OK(reel_medium_close(m, &err));
}
END_TEST

static off_t
bytes_of(int fd)
{
    struct stat st;

    ck_assert_int_eq(fstat(fd, &st), 0);
    return st.st_size;
}

/* 10 blocks fit, the 8th crosses early warning. */
START_TEST(limited_image_ends_as_a_tape)
{
    const struct reel_medium_open_opts opts = {
        .volume_bytes_max    = 10 * (BLOCK + 8) + 64,
        .early_warning_bytes = 2 * (BLOCK + 8)};
    const int fd          = new_file("", 0);
    struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, &opts);
    char got[64];

    for (int i = 0; i < 8; i++) {
        ck_assert(!reel_medium_early_warning(m));
        OK(write_block(m, '1', BLOCK));
    }
    ck_assert(reel_medium_early_warning(m));
    ck_assert_int_eq(write_block(m, '2', BLOCK), REEL_E_FULL);
    OK(write_block(m, '3', BLOCK));
    ck_assert_int_eq(write_block(m, '4', BLOCK), REEL_E_FULL);
    OK(write_block(m, '5', BLOCK));
    ck_assert_int_eq(write_block(m, '6', BLOCK), REEL_E_FULL);
    ck_assert_int_eq(write_block(m, '6', BLOCK), REEL_E_FULL);
    OK(reel_medium_filemark(m, &err));
    OK(reel_medium_filemark(m, &err));
    ck_assert_int_le(bytes_of(fd), (off_t)opts.volume_bytes_max);
    OK(reel_medium_locate(m, 7, &err));
    ck_assert(!reel_medium_early_warning(m));
    read_text(m, got);
    ck_assert_str_eq(got, "135||");
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* No room in the middle of a record: nothing of it stays. A limit on files
   stands for the disk; it fails with EFBIG, which is treated as ENOSPC. */
START_TEST(full_disk)
{
    const int fd          = new_file("", 0);
    struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, NULL);
    enum reel_status status;
    struct rlimit limit;
    struct rlimit before;
    uint64_t address;
    char got[64];

    OK(write_block(m, '0', BLOCK));
    OK(write_block(m, '1', BLOCK));
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit          = before;
    limit.rlim_cur = 200;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    status = write_block(m, '2', BLOCK);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(status, REEL_E_FULL);
    ck_assert_int_eq(bytes_of(fd), 2 * (BLOCK + 8));
    OK(reel_medium_filemark(m, &err));
    OK(reel_medium_tell(m, &address, &err));
    ck_assert_uint_eq(address, 3);
    OK(reel_medium_locate(m, 0, &err));
    read_text(m, got);
    ck_assert_str_eq(got, "01|");
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(full_device_behind_a_pipe)
{
    struct reel_medium *m = NULL;
    const int fd          = open("/dev/full", O_WRONLY);

    ck_assert_int_ge(fd, 0);
    OK(reel_medium_tap_pipe_new(&m, fd, true, REEL_MEDIUM_WRITE, &err));
    ck_assert_int_eq(write_block(m, '0', BLOCK), REEL_E_FULL);
    ck_assert_int_eq(reel_medium_filemark(m, &err), REEL_E_FULL);
    OK(reel_medium_close(m, &err));
}
END_TEST

START_TEST(pipe_that_nobody_reads)
{
    struct reel_medium *m = NULL;
    uint64_t address;
    int fds[2];

    (void)signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(close(fds[0]), 0);
    OK(reel_medium_tap_pipe_new(&m, fds[1], true, REEL_MEDIUM_WRITE, &err));
    ck_assert_int_eq(write_block(m, '0', BLOCK), REEL_E_MEDIUM);
    ck_assert_int_eq(reel_medium_tell(m, &address, &err), REEL_E_MEDIUM);
    OK(reel_medium_close(m, &err));
}
END_TEST

START_TEST(pipe_with_broken_framing)
{
    enum reel_event event = REEL_EVENT_END;
    struct reel_medium *m = NULL;
    const size_t len      = make_image("01", image, sizeof(image));
    uint8_t buf[BLOCK];
    size_t bytes;
    int fds[2];

    image[BLOCK + 4] ^= 1;
    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(write(fds[1], image, len), (ssize_t)len);
    ck_assert_int_eq(close(fds[1]), 0);
    OK(reel_medium_tap_pipe_new(&m, fds[0], true, REEL_MEDIUM_READ, &err));
    ck_assert_int_eq(
        reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err),
        REEL_E_MEDIUM);
    ck_assert_int_eq(event, REEL_EVENT_END);
    ck_assert_ptr_nonnull(strstr(err.text, "framing"));
    OK(reel_medium_close(m, &err));
}
END_TEST

/* More addresses than the index holds, found in any order. */
START_TEST(index_thins_out)
{
    const struct reel_medium_open_opts opts = {.sync = true};
    const uint64_t count                    = 3 * REEL_TAP_INDEX_MAX + 17;
    const int fd                            = new_file("", 0);
    struct reel_medium *m = opened(fd, REEL_MEDIUM_WRITE, NULL);

    for (uint64_t i = 0; i < count; i++)
        OK(reel_medium_write(m, &i, sizeof(i), &err));
    for (int again = 0; again < 2; again++) {
        for (uint64_t i = 0; i < 500; i++) {
            const uint64_t address = i * 7919 % count;
            enum reel_event event;
            uint64_t got;
            size_t bytes;

            OK(reel_medium_locate(m, address, &err));
            OK(reel_medium_read(m, &got, sizeof(got), &event, &bytes, &err));
            ck_assert_int_eq(event, REEL_EVENT_BLOCK);
            ck_assert_uint_eq(got, address);
        }
        OK(reel_medium_close(m, &err));
        m = opened(fd, REEL_MEDIUM_WRITE, &opts);
    }
    OK(reel_medium_locate(m, 5, &err));
    OK(reel_medium_filemark(m, &err));
    ck_assert_int_eq(bytes_of(fd), 5 * 16 + 4);
    ck_assert_int_eq(reel_medium_locate(m, 7, &err), REEL_E_TRUNCATED);
    OK(reel_medium_close(m, &err));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
    Suite *s = suite_create("medium_tap");
    TCase *t = tcase_create("tap");
    SRunner *r;
    int failed;

    tcase_add_test(t, bytes_are_as_the_form_says);
    tcase_add_test(t, cut_anywhere);
    tcase_add_test(t, append_takes_the_place_of_a_torn_record);
    tcase_add_test(t, one_wrong_word_costs_one_block);
    tcase_add_test(t, any_octet_wrong);
    tcase_add_test(t, markers);
    tcase_add_test(t, limited_image_ends_as_a_tape);
    tcase_add_test(t, full_disk);
    tcase_add_test(t, full_device_behind_a_pipe);
    tcase_add_test(t, pipe_that_nobody_reads);
    tcase_add_test(t, pipe_with_broken_framing);
    tcase_add_test(t, index_thins_out);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
