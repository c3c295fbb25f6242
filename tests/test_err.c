/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.5, errors; tests of format/err.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reel/err.h"
#include "suite.h"

#define FIRST_ERROR ((int)REEL_E_TRUNCATED)
#define LAST_ERROR ((int)REEL_E_STOPPED)

START_TEST(error_is_filled)
{
    const struct reel_pos pos = {1, 2, 3, 4, true};
    struct reel_err err;

    ck_assert_int_eq(
        reel_fail(&err, REEL_E_CORRUPT, &pos, "B-3", "%s", "wrong"),
        REEL_E_CORRUPT);
    ck_assert_int_eq(err.status, REEL_E_CORRUPT);
    ck_assert_uint_eq(err.pos.volume, 1);
    ck_assert_uint_eq(err.pos.block, 2);
    ck_assert_uint_eq(err.pos.byte, 3);
    ck_assert_uint_eq(err.pos.segment_byte, 4);
    ck_assert(err.pos.in_segment);
    ck_assert_str_eq(err.rule, "B-3");
    ck_assert_str_eq(err.text, "wrong");
}
END_TEST

START_TEST(error_may_be_nowhere_and_unwanted)
{
    struct reel_err err;

    ck_assert_int_eq(reel_fail(NULL, REEL_E_MEMORY, NULL, NULL, "none"),
                     REEL_E_MEMORY);
    ck_assert_int_eq(reel_fail(&err, REEL_E_MEMORY, NULL, NULL, "none"),
                     REEL_E_MEMORY);
    ck_assert_uint_eq(err.pos.volume, 0);
    ck_assert_uint_eq(err.pos.block, 0);
    ck_assert_ptr_null(err.rule);
}
END_TEST

START_TEST(long_sentence_is_cut)
{
    struct reel_err err;
    char sentence[2 * sizeof(err.text)];

    memset(sentence, 'x', sizeof(sentence) - 1);
    sentence[sizeof(sentence) - 1] = '\0';
    (void)reel_fail(&err, REEL_E_LIMIT, NULL, NULL, "%s", sentence);
    ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
}
END_TEST

/* Find the first line of the table of errors; NULL without one. */
static FILE *
open_table(void)
{
    const char *const source = getenv("REEL_SOURCE_DIR");
    char line[200];
    FILE *file;

    ck_assert_ptr_nonnull(source);
    (void)snprintf(line, sizeof(line), "%s/spec/12-recovery.txt", source);
    file = fopen(line, "r");
    ck_assert_msg(file != NULL, "cannot read %s", line);
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, "12.5 ", 5) == 0)
            return file;
    fclose(file);
    return NULL;
}

/* The errors of the enumeration and those of the text, both ways. */
START_TEST(errors_are_those_of_the_text)
{
    FILE *const table = open_table();
    int status        = FIRST_ERROR;
    char line[200];
    char name[32];

    ck_assert_ptr_nonnull(table);
    while (fgets(line, sizeof(line), table) != NULL) {
        if (strncmp(line, "    ", 4) != 0 ||
            sscanf(line, " %31[a-z] ", name) != 1)
            continue;
        ck_assert_int_le(status, LAST_ERROR);
        ck_assert_str_eq(reel_status_name((enum reel_status)status), name);
        status++;
    }
    fclose(table);
    ck_assert_int_eq(status, LAST_ERROR + 1);
}
END_TEST

START_TEST(every_status_has_a_name)
{
    ck_assert_str_eq(reel_status_name(REEL_OK), "ok");
    ck_assert_str_eq(reel_status_name(REEL_END), "end");
    for (int a = 0; a <= LAST_ERROR; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(reel_status_name((enum reel_status)a),
                             reel_status_name((enum reel_status)b));
}
END_TEST

static enum reel_status
tried(enum reel_status status, bool *went_on)
{
    REEL_TRY(status);
    *went_on = true;
    return REEL_OK;
}

START_TEST(try_passes_failures_up)
{
    bool went_on = false;

    ck_assert_int_eq(tried(REEL_E_FULL, &went_on), REEL_E_FULL);
    ck_assert(!went_on);
    ck_assert_int_eq(tried(REEL_OK, &went_on), REEL_OK);
    ck_assert(went_on);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, error_is_filled);
    tcase_add_test(tcase, error_may_be_nowhere_and_unwanted);
    tcase_add_test(tcase, long_sentence_is_cut);
    tcase_add_test(tcase, errors_are_those_of_the_text);
    tcase_add_test(tcase, every_status_has_a_name);
    tcase_add_test(tcase, try_passes_failures_up);
}

int
main(void)
{
    return suite_run("err", add_tests);
}
