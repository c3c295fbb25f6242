/* SPDX-License-Identifier: Apache-2.0 */
/* Raw streams given out: what stands there already, what is not proven, and
   calls that fail. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sink_raw.h"
#include "suite.h"

static char dir[64];
static int dir_fd;
static unsigned int noted[8]; /* by enum reel_note_kind */
static struct reel_sink_calls calls;
static unsigned int call_count;
static unsigned int fail_at; /* 0: none does */

static void
on_note(void *ctx, const struct reel_note *n)
{
    (void)ctx;
    noted[n->kind]++;
}

static const struct reel_reporter report = {.fn = on_note};

static bool
fails(void)
{
    if (++call_count != fail_at)
        return false;
    errno = EIO;
    return true;
}

static int
f_openat(int at, const char *path, int flags, mode_t mode)
{
    return fails() ? -1
                   : reel_sink_calls_system()->openat(at, path, flags, mode);
}

static int
f_renameat2(int from, const char *old, int to, const char *path,
            unsigned int flags)
{
    return fails() ? -1
                   : reel_sink_calls_system()->renameat2(from, old, to, path,
                                                         flags);
}

static int
f_unlinkat(int at, const char *path, int flags)
{
    return fails() ? -1 : reel_sink_calls_system()->unlinkat(at, path, flags);
}

static ssize_t
f_pwrite(int fd, const void *buf, size_t len, off_t at)
{
    return fails() ? -1 : reel_sink_calls_system()->pwrite(fd, buf, len, at);
}

static int
f_close(int fd)
{
    const int result = reel_sink_calls_system()->close(fd);

    return fails() ? -1 : result;
}

static void
setup(void)
{
    (void)strcpy(dir, "/tmp/reel-raw-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    dir_fd = open(dir, O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(dir_fd, 0);
    memset(noted, 0, sizeof(noted));
    calls           = *reel_sink_calls_system();
    calls.openat    = f_openat;
    calls.renameat2 = f_renameat2;
    calls.unlinkat  = f_unlinkat;
    calls.pwrite    = f_pwrite;
    calls.close     = f_close;
    fail_at         = 0;
    call_count      = 0;
}

/* How many files of ours there are, and temporary ones; both are removed. */
static unsigned int
clean(unsigned int *temporary)
{
    DIR *const d       = opendir(dir);
    unsigned int count = 0;
    struct dirent *e;

    *temporary = 0;
    ck_assert_ptr_nonnull(d);
    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (e->d_name[0] == '.')
            (*temporary)++;
        else
            count++;
        ck_assert_int_eq(unlinkat(dir_fd, e->d_name, 0), 0);
    }
    (void)closedir(d);
    return count;
}

static void
teardown(void)
{
    unsigned int temporary;

    (void)clean(&temporary);
    (void)close(dir_fd);
    (void)rmdir(dir);
}

/* One object with one stream. */
static void
give(enum reel_existing existing, const char *body, enum reel_outcome outcome)
{
    const struct reel_sink_raw_options options = {dir_fd, existing, false,
                                                  &report};
    struct reel_sink *const s = reel_sink_raw_new_on(&options, &calls, NULL);
    const struct reel_bytes octets = reel_bytes_of(body);
    uint8_t header[REEL_STREAM_HEADER_BYTES];
    struct reel_builder b     = reel_builder_init(header, sizeof(header));
    struct reel_stream stream = {
        0, {1, 0, octets.len, {NULL, 0}}, {header, 20}};
    const struct reel_data d = {0, 0, 0, REEL_NONE64, octets};
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    o.kind     = REEL_KIND_FILE;
    o.encoding = REEL_ENCODING_POSIX;
    o.path     = reel_bytes_of("file");
    o.size     = octets.len;
    ck_assert_ptr_nonnull(s);
    reel_stream_header_put(&stream.header, &b);
    ck_assert_int_eq(s->ops->begin(s, 7, &o, NULL), REEL_OK);
    ck_assert_int_eq(s->ops->stream(s, &stream, NULL), REEL_OK);
    ck_assert_int_eq(s->ops->data(s, &d, NULL), REEL_OK);
    ck_assert_int_eq(s->ops->end(s, NULL, outcome, NULL), REEL_OK);
    ck_assert_int_eq(s->ops->finish(s, NULL), REEL_OK);
    s->ops->free(s);
}

/* Octet 20, the first of the body, as it stands in the file; -1: no file. */
static int
stands(void)
{
    const int fd = openat(dir_fd, "00000007.bkr", O_RDONLY);
    char c       = 0;

    if (fd < 0)
        return -1;
    ck_assert_int_eq(pread(fd, &c, 1, 20), 1);
    (void)close(fd);
    return c;
}

START_TEST(what_stands_there_is_treated_as_asked)
{
    unsigned int temporary;

    give(REEL_EXISTING_REFUSE, "a", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(stands(), 'a');
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 0);
    give(REEL_EXISTING_REFUSE, "b", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(stands(), 'a');
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 1);
    give(REEL_EXISTING_SKIP, "a", REEL_OUTCOME_PROVEN);
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 1);
    give(REEL_EXISTING_SKIP, "b", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(stands(), 'a');
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 2);
    give(REEL_EXISTING_REPLACE, "b", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(stands(), 'b');
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 2);
    ck_assert_uint_eq(clean(&temporary), 2);
    ck_assert_uint_eq(temporary, 0);
}
END_TEST

START_TEST(skip_completes_what_was_interrupted)
{
    give(REEL_EXISTING_REFUSE, "a", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(unlinkat(dir_fd, "00000007.json", 0), 0);
    give(REEL_EXISTING_SKIP, "a", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(faccessat(dir_fd, "00000007.json", F_OK, 0), 0);
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 0);
}
END_TEST

START_TEST(a_symbolic_link_is_never_followed)
{
    unsigned int temporary;

    ck_assert_int_eq(symlinkat("elsewhere", dir_fd, "00000007.bkr"), 0);
    give(REEL_EXISTING_REFUSE, "a", REEL_OUTCOME_PROVEN);
    give(REEL_EXISTING_SKIP, "a", REEL_OUTCOME_PROVEN);
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 2);
    give(REEL_EXISTING_REPLACE, "a", REEL_OUTCOME_PROVEN);
    ck_assert_int_eq(stands(), 'a');
    ck_assert_int_eq(faccessat(dir_fd, "elsewhere", F_OK, 0), -1);
    ck_assert_uint_eq(clean(&temporary), 2);
}
END_TEST

START_TEST(what_is_not_proven_gets_no_name)
{
    unsigned int temporary;

    give(REEL_EXISTING_REPLACE, "a", REEL_OUTCOME_DAMAGED);
    ck_assert_uint_eq(noted[REEL_NOTE_LOST], 1);
    give(REEL_EXISTING_REPLACE, "a", REEL_OUTCOME_FLAWED);
    ck_assert_uint_eq(noted[REEL_NOTE_FLAWED], 1);
    give(REEL_EXISTING_REPLACE, "a", REEL_OUTCOME_ABSENT);
    ck_assert_uint_eq(noted[REEL_NOTE_LOST], 1);
    ck_assert_uint_eq(clean(&temporary), 0);
    ck_assert_uint_eq(temporary, 0);
}
END_TEST

/* What a tape says of one object without end is not kept. */
START_TEST(attributes_without_end_are_told)
{
    static const uint8_t value[100000];
    const struct reel_sink_raw_options options = {dir_fd, REEL_EXISTING_REFUSE,
                                                  false, &report};
    struct reel_sink *const s  = reel_sink_raw_new_on(&options, &calls, NULL);
    const struct reel_object o = {.kind     = REEL_KIND_FIFO,
                                  .encoding = REEL_ENCODING_POSIX,
                                  .path     = reel_bytes_of("p")};
    struct reel_xattr x        = {.name  = reel_bytes_of("user.x"),
                                  .value = {value, sizeof(value)}};
    unsigned int temporary;

    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(s->ops->begin(s, 7, &o, NULL), REEL_OK);
    for (unsigned int i = 0; i < 1000; i++)
        ck_assert_int_eq(s->ops->xattr(s, &x, NULL), REEL_OK);
    ck_assert_int_eq(s->ops->end(s, NULL, REEL_OUTCOME_PROVEN, NULL), REEL_OK);
    ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 1);
    ck_assert(s->left_out);
    s->ops->free(s);
    ck_assert_uint_eq(clean(&temporary), 0);
    ck_assert_uint_eq(temporary, 0);
}
END_TEST

/* Each call in its turn: told, and never facts without their streams. */
START_TEST(a_call_that_fails_is_told)
{
    unsigned int temporary;
    unsigned int count;
    bool facts;

    for (fail_at = 1;; fail_at++) {
        memset(noted, 0, sizeof(noted));
        call_count = 0;
        give(REEL_EXISTING_REFUSE, "abc", REEL_OUTCOME_PROVEN);
        facts = faccessat(dir_fd, "00000007.json", F_OK, 0) == 0;
        ck_assert(!facts || stands() == 'a');
        count = clean(&temporary);
        ck_assert_uint_eq(temporary, 0);
        if (call_count < fail_at)
            break;
        ck_assert_uint_eq(noted[REEL_NOTE_SKIPPED], 1);
        ck_assert_uint_lt(count, 2);
    }
    ck_assert_uint_gt(fail_at, 7);
    ck_assert_uint_eq(count, 2);
}
END_TEST

static void
add_all(TCase *c)
{
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, attributes_without_end_are_told);
    tcase_add_test(c, what_stands_there_is_treated_as_asked);
    tcase_add_test(c, skip_completes_what_was_interrupted);
    tcase_add_test(c, a_symbolic_link_is_never_followed);
    tcase_add_test(c, what_is_not_proven_gets_no_name);
    tcase_add_test(c, a_call_that_fails_is_told);
}

int
main(void)
{
    return suite_run("sink_raw", add_all);
}
