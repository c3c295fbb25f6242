/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to archives on tape drives (spec 9, 12.1): each scenario is one
 * function, and runs on the medium in memory and on the kernel's st driver, so
 * that the two cannot drift. Each compares what is restored octet by octet.
 * CK_RUN_CASE=name runs one.
 */
#include "scenario.h"

#include <stdlib.h>

#define SCENARIO_SECONDS 900 /* for what hangs */

unsigned int
complaints(const struct session *s)
{
    return s->notes[REEL_NOTE_FLAWED] + s->notes[REEL_NOTE_DAMAGE] +
           s->notes[REEL_NOTE_LOST] + s->notes[REEL_NOTE_INVALID];
}

void
check_archive(struct session *s, const char *folder, unsigned int generation)
{
    OK(s, session_restore(s, NULL, folder));
    ck_assert_msg(complaints(s) + s->restored.lost == 0, "restore says: %s",
                  s->last_note);
    tree_check(folder, generation);
}

void
check_set(struct session *s, const char *folder, unsigned int generation)
{
    check_archive(s, folder, generation);
    OK(s, session_verify(s));
    ck_assert_msg(
        s->verified.damaged + s->verified.lost + s->verified.bad_blocks == 0,
        "verify says: %s", s->last_note);
    ck_assert(s->verified.last.complete);
    ck_assert_uint_ge(s->verified.proven, TREE_OBJECTS);
}

void
write_one(struct session *s)
{
    rig_blank(1, NULL);
    OK(s, session_write(s));
    ck_assert(s->written.complete);
    ck_assert_uint_eq(s->written.objects, TREE_OBJECTS);
}

static void
set_up(void)
{
    rig_set_up();
    tree_set_up();
    tree_make(1);
}

static void
tear_down(void)
{
    tree_tear_down();
    rig_tear_down();
}

void
scenario_add(Suite *suite, const TTest *test)
{
    TCase *const tcase = tcase_create(test->name);

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, SCENARIO_SECONDS);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

int
main(void)
{
    Suite *const suite = suite_create("scenarios");
    SRunner *runner;
    int failed;

    scenarios_tape_add(suite);
    scenarios_set_add(suite);
    scenarios_interrupted_add(suite);
    rig_scenarios_add(suite);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
