/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios of an archive on several tapes (spec 9.7). The end of the first
   comes inside "big" or "m/large". */
#include "scenario.h"

/* Write on to as many tapes as it takes, restore from any end of the set. */
static void
span(const struct rig_tape *how, unsigned int volumes_min)
{
    struct session s = {.tapes = {1, 2, 3, 4}, .checkpoint_bytes = 1000000};
    unsigned int volumes;
    unsigned int n;

    for (n = 1; n <= RIG_TAPES; n++)
        rig_blank(n, how);
    OK(&s, session_write(&s));
    ck_assert(s.written.complete);
    ck_assert_uint_eq(s.written.objects, TREE_OBJECTS);
    volumes = s.written.volumes;
    ck_assert_uint_ge(volumes, volumes_min);
    ck_assert_uint_le(volumes, RIG_TAPES);
    ck_assert_uint_eq(s.changes, volumes - 1);
    for (n = volumes; n < RIG_TAPES; n++)
        s.tapes[n] = 0;
    check_set(&s, "from_the_first", 1);
    ck_assert_uint_eq(s.verified.volumes, volumes);
    s.first = volumes - 1;
    check_archive(&s, "from_the_last", 1);
    OK(&s, session_list(&s, false));
    ck_assert_uint_eq(s.listed, TREE_OBJECTS);
}

START_TEST(end_of_tape_in_mid_file)
{
    const struct rig_tape how = {.capacity_bytes      = 4200000,
                                 .early_warning_bytes = 800000};

    span(&how, 2);
}
END_TEST

START_TEST(end_of_tape_refused_but_on_tape)
{
    const struct rig_tape how = {.capacity_bytes      = 4200000,
                                 .early_warning_bytes = 800000,
                                 .full_on_tape        = true};

    span(&how, 2);
}
END_TEST

/* No room at all behind early warning: nothing may depend on it. */
START_TEST(end_of_tape_without_warning)
{
    const struct rig_tape how = {.capacity_bytes      = 3400000,
                                 .early_warning_bytes = 0};

    span(&how, 2);
}
END_TEST

START_TEST(end_of_three_tapes)
{
    const struct rig_tape how = {.capacity_bytes      = 2400000,
                                 .early_warning_bytes = 400000};

    span(&how, 3);
}
END_TEST

/* Tape 2 is gone: what stands on tape 1 alone comes back, and the rest is
   named. */
START_TEST(a_tape_of_the_set_is_missing)
{
    const struct rig_tape how = {.capacity_bytes      = 4500000,
                                 .early_warning_bytes = 800000};
    struct session s          = {.tapes = {1, 2}, .checkpoint_bytes = 1000000};

    rig_blank(1, &how);
    rig_blank(2, &how);
    OK(&s, session_write(&s));
    ck_assert_uint_eq(s.written.volumes, 2);
    s.missing = 1u << 2;
    OK(&s, session_restore(&s, NULL, "out"));
    ck_assert_uint_ge(s.notes[REEL_NOTE_WANTED] + s.notes[REEL_NOTE_LOST], 1);
    ck_assert_int_eq(tree_compare("out", "a/two", 1), TREE_SAME);
    ck_assert_int_ne(tree_compare("out", "z/last", 1), TREE_SAME);
    OK(&s, session_verify(&s));
    ck_assert_uint_eq(s.verified.missing_volumes, 1);
    ck_assert_uint_eq(s.verified.bad_blocks, 0);
    (void)tree_count("out", 1); /* nothing that came is wrong */
}
END_TEST

void
scenarios_set_add(Suite *suite)
{
    scenario_add(suite, end_of_tape_in_mid_file);
    scenario_add(suite, end_of_tape_refused_but_on_tape);
    scenario_add(suite, end_of_tape_without_warning);
    scenario_add(suite, end_of_three_tapes);
    scenario_add(suite, a_tape_of_the_set_is_missing);
}
