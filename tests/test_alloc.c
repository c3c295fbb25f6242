/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer; tests of format/alloc.c. */
#include <stdint.h>

#include "reel/alloc.h"
#include "suite.h"

START_TEST(memory_is_zeroed)
{
    unsigned char *const p = reel_alloc_array(100, 3);

    ck_assert_ptr_nonnull(p);
    for (size_t i = 0; i < 300; i++)
        ck_assert_uint_eq(p[i], 0);
    reel_free(p);
    reel_free(NULL);
}
END_TEST

START_TEST(product_may_not_overflow)
{
    void *const old = reel_alloc_array(1, 1);

    ck_assert_ptr_null(reel_alloc_array(SIZE_MAX, 2));
    ck_assert_ptr_null(reel_alloc_array(SIZE_MAX / 2 + 1, 2));
    ck_assert_ptr_nonnull(old);
    ck_assert_ptr_null(reel_realloc_array(old, SIZE_MAX, 2));
    reel_free(old); /* still ours */
}
END_TEST

START_TEST(nothing_is_something)
{
    void *p = reel_alloc_array(0, 8);

    ck_assert_ptr_nonnull(p);
    p = reel_realloc_array(p, 8, 0);
    ck_assert_ptr_nonnull(p);
    reel_free(p);
    p = reel_alloc_array(8, 0);
    ck_assert_ptr_nonnull(p);
    reel_free(p);
}
END_TEST

START_TEST(resized_memory_keeps_its_octets)
{
    unsigned char *p = reel_realloc_array(NULL, 4, 1);

    ck_assert_ptr_nonnull(p);
    for (unsigned char i = 0; i < 4; i++)
        p[i] = i;
    p = reel_realloc_array(p, 1000, 4);
    ck_assert_ptr_nonnull(p);
    for (unsigned char i = 0; i < 4; i++)
        ck_assert_uint_eq(p[i], i);
    reel_free(p);
}
END_TEST

START_TEST(nth_request_fails)
{
    void *p[4];

    reel_alloc_fail_at(3, 0);
    for (int i = 0; i < 4; i++)
        p[i] = reel_alloc_array(1, 1);
    ck_assert(p[0] != NULL && p[1] != NULL && p[2] == NULL && p[3] != NULL);
    ck_assert_uint_eq(reel_alloc_requests(), 4);
    for (int i = 0; i < 4; i++)
        reel_free(p[i]);
    reel_alloc_fail_at(2, 1);
    ck_assert_uint_eq(reel_alloc_requests(), 0);
    p[0] = reel_alloc_array(1, 1);
    ck_assert_ptr_nonnull(p[0]);
    ck_assert_ptr_null(reel_realloc_array(p[0], 2, 1));
    ck_assert_ptr_null(reel_alloc_array(1, 1));
    reel_alloc_fail_at(0, 0);
    p[0] = reel_realloc_array(p[0], 2, 1);
    ck_assert_ptr_nonnull(p[0]);
    reel_free(p[0]);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, memory_is_zeroed);
    tcase_add_test(tcase, product_may_not_overflow);
    tcase_add_test(tcase, nothing_is_something);
    tcase_add_test(tcase, resized_memory_keeps_its_octets);
    tcase_add_test(tcase, nth_request_fails);
}

int
main(void)
{
    return suite_run("alloc", add_tests);
}
