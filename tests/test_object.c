/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1, OBJECT; tests of format/object.c. */
#include <string.h>

#include "reel/object.h"
#include "specimen_check.h"
#include "suite.h"

static const struct specimen_fault faults[] = {
    {0, 1, 0, REEL_E_INVALID, "O-1", "kind", 0},
    {0, 1, 9, REEL_E_INVALID, "O-1", "kind", 0},
    {1, 1, 0, REEL_E_INVALID, "O-2", "encoding", 0},
    {1, 1, 3, REEL_E_INVALID, "O-2", "encoding", 0},
    {2, 2, 0x07FF, REEL_E_INVALID, "O-3", "facts", 0},
    {8, 8, UINT64_C(1) << 63, REEL_E_INVALID, "O-6", "size", 0},
    {80, 4, 1000000000, REEL_E_INVALID, "C-4", "birth ns", 0},
    {84, 4, 1000000000, REEL_E_INVALID, "C-4", "modified ns", 0},
    {88, 4, 1000000000, REEL_E_INVALID, "C-4", "accessed ns", 0},
    {92, 4, 1000000000, REEL_E_INVALID, "C-4", "changed ns", 0},
    {134, 1, 0, REEL_E_INVALID, "O-9", NULL, 0}, /* in user */
    {138, 1, 0, REEL_E_INVALID, "O-9", NULL, 0}, /* in group */
    {122, 2, 256, REEL_E_INVALID, "O-9", "user", 'x'},
    {124, 2, 256, REEL_E_INVALID, "O-9", "group", 'x'},
    {126, 2, 7, REEL_E_INVALID, "O-10", "short name", 'x'},
    {126, 2, 26, REEL_E_INVALID, "O-10", "short name", 'x'},
    {0, 0, 65536, REEL_E_INVALID, "N-1", "path", 'x'},
    {130, 1, 0, REEL_E_INVALID, "N-2", NULL, 0}, /* the slash becomes a zero */
    {128, 1, '/', REEL_E_INVALID, "N-2", NULL, 0}, /* an empty component */
    {120, 2, 7, REEL_E_INVALID, "N-3", "path", 'x'},
    {2, 2, 0x3FE, REEL_E_INVALID, "O-4", "facts", 0}, /* mode, uid, gid */
    {2, 2, 0x3FD, REEL_E_INVALID, "O-4", "facts", 0}, /* attributes */
    {2, 2, 0x3FB, REEL_E_INVALID, "O-4", "facts", 0}, /* birth */
    {2, 2, 0x3F7, REEL_E_INVALID, "O-4", "facts", 0}, /* modified */
    {2, 2, 0x3EF, REEL_E_INVALID, "O-4", "facts", 0}, /* accessed */
    {2, 2, 0x3DF, REEL_E_INVALID, "O-4", "facts", 0}, /* changed */
    {2, 2, 0x3BF, REEL_E_INVALID, "O-4", "facts", 0}, /* file system, file id */
    {2, 2, 0x37F, REEL_E_INVALID, "O-4", "facts", 0}, /* major, minor */
    {0, 1, 2, REEL_E_INVALID, "O-5", "kind", 0}, /* a directory with a size */
    {0, 1, 1, REEL_E_INVALID, "O-7", "kind", 0}, /* a file with a target */
    {16, 8, 0, REEL_E_INVALID, "O-7", "target", 0}, /* a link without one */
};

START_TEST(each_rule_is_kept)
{
    specimen_check_fault("OBJECT", &faults[_i]);
}
END_TEST

START_TEST(goes_round)
{
    specimen_check_round_trip("OBJECT");
    specimen_check_room("OBJECT");
}
END_TEST

START_TEST(other_lengths_are_refused)
{
    specimen_check_lengths("OBJECT", REEL_E_INVALID, "R-6");
}
END_TEST

/* A POSIX file with nothing known but its name. */
static struct reel_object
plain(void)
{
    const struct reel_object o = {.kind     = REEL_KIND_FILE,
                                  .encoding = REEL_ENCODING_POSIX,
                                  .path     = reel_bytes_of("file")};

    return o;
}

static enum reel_status
encode(const struct reel_object *o, const char **rule)
{
    uint8_t buf[512];
    struct reel_builder b         = reel_builder_init(buf, sizeof(buf));
    struct reel_err err           = {.rule = "none"};
    const enum reel_status status = reel_object_encode(o, 1, &b, &err);

    *rule = err.rule;
    return status;
}

/* O-4: what may not be said without its bit, one field at a time. */
START_TEST(unknown_facts_are_zero)
{
    struct reel_object each[16];
    const char *rule;

    for (size_t i = 0; i < 16; i++)
        each[i] = plain();
    ck_assert_int_eq(encode(&each[0], &rule), REEL_OK);
    each[0].mode         = 1;
    each[1].uid          = 1;
    each[2].gid          = 1;
    each[3].attributes   = 1;
    each[4].birth.s      = 1;
    each[5].birth.ns     = 1;
    each[6].modified.s   = 1;
    each[7].modified.ns  = 1;
    each[8].accessed.s   = 1;
    each[9].accessed.ns  = 1;
    each[10].changed.s   = 1;
    each[11].changed.ns  = 1;
    each[12].file_system = 1;
    each[13].file_id[15] = 1;
    each[14].major       = 1;
    each[15].minor       = 1;
    for (size_t i = 0; i < 16; i++) {
        ck_assert_int_eq(encode(&each[i], &rule), REEL_E_INVALID);
        ck_assert_str_eq(rule, "O-4");
    }
}
END_TEST

START_TEST(kind_decides_what_is_legal)
{
    struct reel_object o = plain();
    const char *rule;

    o.facts = REEL_FACT_OUTSIDE;
    ck_assert_int_eq(encode(&o, &rule), REEL_E_INVALID);
    ck_assert_str_eq(rule, "O-8");
    o      = plain();
    o.size = INT64_MAX;
    ck_assert_int_eq(encode(&o, &rule), REEL_OK);
    for (int kind = REEL_KIND_DIRECTORY; kind < REEL_KIND_LINK; kind++) {
        o.kind = (uint8_t)kind;
        ck_assert_int_eq(encode(&o, &rule), REEL_E_INVALID);
        ck_assert_str_eq(rule, "O-5");
    }
}
END_TEST

START_TEST(empty_path_is_a_directory)
{
    struct reel_object o = plain();
    const char *rule;

    o.path.len = 0;
    for (int kind = REEL_KIND_FILE; kind <= REEL_KIND_LINK; kind++) {
        o.kind   = (uint8_t)kind;
        o.target = kind == REEL_KIND_LINK ? 1 : 0;
        if (kind == REEL_KIND_DIRECTORY) {
            ck_assert_int_eq(encode(&o, &rule), REEL_OK);
            continue;
        }
        ck_assert_int_eq(encode(&o, &rule), REEL_E_INVALID);
        ck_assert_str_eq(rule, "N-4");
    }
}
END_TEST

START_TEST(target_stands_where_it_is_said)
{
    const struct specimen *const s = specimen_find("OBJECT");
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;

    ck_assert_uint_gt(specimen_encode(s, buf, &payload), 0);
    for (size_t i = 0; i < 8; i++)
        ck_assert_uint_eq(buf[payload + REEL_OBJECT_TARGET_AT + i], 0x28 - i);
}
END_TEST

START_TEST(kinds_have_names)
{
    ck_assert_str_eq(reel_object_kind_name(0), "unknown");
    ck_assert_str_eq(reel_object_kind_name(REEL_KIND_FILE), "file");
    ck_assert_str_eq(reel_object_kind_name(REEL_KIND_LINK), "link");
    ck_assert_str_eq(reel_object_kind_name(REEL_KIND_LINK + 1), "unknown");
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, each_rule_is_kept, 0, SUITE_COUNT(faults));
    tcase_add_test(tcase, goes_round);
    tcase_add_test(tcase, other_lengths_are_refused);
    tcase_add_test(tcase, unknown_facts_are_zero);
    tcase_add_test(tcase, kind_decides_what_is_legal);
    tcase_add_test(tcase, empty_path_is_a_directory);
    tcase_add_test(tcase, target_stands_where_it_is_said);
    tcase_add_test(tcase, kinds_have_names);
}

int
main(void)
{
    return suite_run("object", add_tests);
}
