/* SPDX-License-Identifier: Apache-2.0 */
/* The main() of a test: one suite with one test case. */
#ifndef REEL_SUITE_H
#define REEL_SUITE_H

#include <check.h>
#include <stdlib.h>

#define SUITE_COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Run what `add` puts into the case; the exit status of the program. */
static inline int
suite_run(const char *name, void (*add)(TCase *))
{
    Suite *const suite = suite_create(name);
    TCase *const tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    add(tcase);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
