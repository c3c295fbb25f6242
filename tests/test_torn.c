/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of torn.h and stash.h: what is told of torn objects, and where it is
   kept. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "torn.h"

static uint64_t told[64];
static size_t told_count;

static void
note(void *ctx, const struct reel_note *n)
{
    (void)ctx;
    ck_assert_int_eq(n->kind, REEL_NOTE_LOST);
    ck_assert_uint_lt(told_count, sizeof(told) / sizeof(told[0]));
    told[told_count++] = n->object;
}

static struct reel_object
object_of(const char *path, size_t len)
{
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    o.kind       = REEL_KIND_FILE;
    o.encoding   = REEL_ENCODING_POSIX;
    o.link_count = 1;
    o.path       = (struct reel_bytes){(const uint8_t *)path, len};
    return o;
}

static void
add(struct reel_torn *t, uint64_t number, const char *path)
{
    static const struct reel_place place;
    const struct reel_object o = object_of(path, strlen(path));

    ck_assert_int_eq(reel_torn_add(t, number, &o, &place, NULL), REEL_OK);
}

static void
forget(struct reel_torn *t, const char *path)
{
    const struct reel_object o = object_of(path, strlen(path));

    reel_torn_forget(t, &o);
}

static uint64_t
tell(struct reel_torn *t)
{
    const struct reel_reporter report = {.fn = note};
    uint64_t lost;

    told_count = 0;
    ck_assert_int_eq(reel_torn_tell(t, &report, NULL, NULL, &lost, NULL),
                     REEL_OK);
    return lost;
}

START_TEST(a_whole_one_takes_the_place_of_those_before_it)
{
    struct reel_torn t;

    reel_torn_init(&t, NULL);
    forget(&t, "a");
    ck_assert_uint_eq(tell(&t), 0);
    add(&t, 1, "a");
    add(&t, 2, "b");
    add(&t, 3, "a");
    add(&t, 4, "c");
    forget(&t, "a");
    forget(&t, "d");
    add(&t, 5, "a");
    ck_assert_uint_eq(tell(&t), 3);
    ck_assert_uint_eq(told[0], 2);
    ck_assert_uint_eq(told[1], 4);
    ck_assert_uint_eq(told[2], 5);
    forget(&t, "a");
    forget(&t, "b");
    forget(&t, "c");
    ck_assert_uint_eq(tell(&t), 0);
    reel_torn_fini(&t);
}
END_TEST

START_TEST(another_encoding_is_another_path)
{
    struct reel_object o = object_of("aa", 2);
    struct reel_torn t;

    reel_torn_init(&t, NULL);
    add(&t, 1, "aa");
    o.encoding = REEL_ENCODING_UTF16;
    reel_torn_forget(&t, &o);
    ck_assert_uint_eq(tell(&t), 1);
    reel_torn_fini(&t);
}
END_TEST

#define MANY 1000U

/* Beyond a mebioctet they are in the file, and come back from there. */
START_TEST(many_do_not_stay_in_memory)
{
    static char path[REEL_PATH_BYTES_MAX + 1];
    struct reel_torn t;
    unsigned int i;

    reel_torn_init(&t, NULL);
    for (i = 0; i < 2 * MANY; i++) {
        memset(path, 'p', 3000);
        (void)snprintf(path + 3000, sizeof(path) - 3000, "%u", i % MANY);
        if (i < MANY)
            add(&t, i + 1, path);
        else if (i % 100 != 7)
            forget(&t, path);
    }
    ck_assert_uint_le(t.list.stash.kept_bytes, 1U << 20);
    ck_assert_uint_gt(t.list.stash.file_bytes, 1U << 20);
    ck_assert_uint_eq(tell(&t), MANY / 100);
    for (i = 0; i < MANY / 100; i++)
        ck_assert_uint_eq(told[i], i * 100 + 8);
    reel_torn_fini(&t);
}
END_TEST

START_TEST(a_directory_for_the_file_that_is_not_there)
{
    static uint8_t octets[1U << 20];
    const struct reel_bytes all = {octets, sizeof(octets)};
    struct reel_stash s;
    struct reel_bytes got;
    uint64_t at = 1;

    reel_stash_init(&s, "/nowhere");
    ck_assert_int_eq(reel_stash_add(&s, NULL, 0, all, &at, NULL), REEL_OK);
    ck_assert_uint_eq(at, 0);
    ck_assert_int_eq(reel_stash_add(&s, "x", 1, all, &at, NULL), REEL_E_MEDIUM);
    ck_assert_uint_eq(at, 0);
    ck_assert_int_eq(reel_stash_get(&s, 0, all.len, NULL, 0, &got, NULL),
                     REEL_OK);
    ck_assert_uint_eq(got.len, all.len);
    reel_stash_clear(&s);
    ck_assert_int_eq(
        reel_stash_add(&s, "x", 1, (struct reel_bytes){NULL, 0}, &at, NULL),
        REEL_OK);
    reel_stash_fini(&s);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, a_whole_one_takes_the_place_of_those_before_it);
    tcase_add_test(t, another_encoding_is_another_path);
    tcase_add_test(t, many_do_not_stay_in_memory);
    tcase_add_test(t, a_directory_for_the_file_that_is_not_there);
}

int
main(void)
{
    return suite_run("torn", add_tests);
}
