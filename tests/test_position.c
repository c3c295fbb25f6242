/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 5 and 9, places of blocks; tests of format/position.c. */
#include "reel/position.h"
#include "suite.h"

/* Each differs from the first in one field; the first is nowhere. */
static const struct reel_position positions[] = {
    {0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, UINT64_C(1) << 32, 0},
};

START_TEST(zero_is_nowhere)
{
    ck_assert(reel_position_zero(&positions[_i]) == (_i == 0));
}
END_TEST

START_TEST(equal_is_each_field)
{
    for (int j = 0; j < SUITE_COUNT(positions); j++)
        ck_assert(reel_position_equal(&positions[_i], &positions[j]) ==
                  (_i == j));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, zero_is_nowhere, 0, SUITE_COUNT(positions));
    tcase_add_loop_test(tcase, equal_is_each_field, 0, SUITE_COUNT(positions));
}

int
main(void)
{
    return suite_run("position", add_tests);
}
