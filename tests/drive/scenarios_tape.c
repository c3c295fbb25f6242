/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios of one tape that is whole, damaged, protected, strange or short. */
#include "scenario.h"

#include <string.h>

#include "reel/block_header.h"

/* The addresses of the data blocks of tape `n`, up to `room`; how many. */
static unsigned int
data_blocks(unsigned int n, uint64_t *addresses, unsigned int room)
{
    static uint8_t buf[1 << 20];
    unsigned int found = 0;
    struct reel_medium *m;
    struct reel_err err;
    uint64_t at = 0;

    ck_assert_int_eq(rig_open(&m, n, REEL_MEDIUM_READ, &err), REEL_OK);
    for (;; at++) {
        struct reel_block_header h;
        enum reel_event event;
        size_t bytes;

        ck_assert_int_eq(
            reel_medium_read(m, buf, sizeof(buf), &event, &bytes, &err),
            REEL_OK);
        if (event == REEL_EVENT_END)
            break;
        if (event == REEL_EVENT_BLOCK && found < room &&
            reel_block_decode(&h, buf, bytes, NULL, NULL) == REEL_OK &&
            h.kind == REEL_BLOCK_DATA)
            addresses[found++] = at;
    }
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_OK);
    return found;
}

START_TEST(write_list_verify_restore)
{
    struct session s = {.tapes = {1}};

    write_one(&s);
    OK(&s, session_list(&s, false));
    ck_assert_uint_eq(s.listed, TREE_OBJECTS);
    ck_assert_uint_eq(complaints(&s), 0);
    check_set(&s, "out", 1);
    ck_assert(!s.restored.scanned);
}
END_TEST

START_TEST(append)
{
    struct session s = {.tapes = {1}};
    uint64_t count;

    write_one(&s);
    count = rig_count(1);
    tree_make(2);
    OK(&s, session_write(&s));
    ck_assert(!s.written.new_set);
    ck_assert_uint_eq(s.written.archive, 2);
    ck_assert_uint_gt(rig_count(1), count);
    OK(&s, session_list(&s, true));
    ck_assert_uint_eq(s.listed, 2 * TREE_OBJECTS);
    check_set(&s, "second", 2);
    s.archive = 1;
    check_archive(&s, "first", 1);
}
END_TEST

/* What is not asked for cannot be read, and nobody minds: reading went
   straight to the place that the catalog tells. */
START_TEST(selective_restore_by_locate)
{
    struct session s = {.tapes = {1}};
    uint64_t addresses[200];
    unsigned int count;
    unsigned int i;

    write_one(&s);
    count = data_blocks(1, addresses, 200);
    ck_assert_uint_gt(count, 60);
    for (i = 0; i < count / 2; i++)
        rig_spoil(1, addresses[i], false);
    OK(&s, session_restore(&s, "z/last", "out"));
    ck_assert_uint_eq(s.restored.objects, 1);
    ck_assert_uint_eq(s.restored.lost, 0);
    ck_assert_msg(complaints(&s) == 0, "%s", s.last_note);
    ck_assert_int_eq(tree_compare("out", "z/last", 1), TREE_SAME);
    ck_assert_uint_eq(tree_count("out", 1), 1);
}
END_TEST

/* One bad block in the middle: what stands in it is lost and said to be,
   everything before and behind comes back. */
static void
one_bad_block(bool ili)
{
    struct session s = {.tapes = {1}};
    uint64_t addresses[200];
    unsigned int count;

    write_one(&s);
    count = data_blocks(1, addresses, 200);
    ck_assert_uint_gt(count, 4);
    rig_spoil(1, addresses[count / 4], ili); /* in "big" */
    OK(&s, session_restore(&s, NULL, "out"));
    ck_assert_uint_ge(s.restored.lost, 1);
    ck_assert_uint_ge(s.notes[REEL_NOTE_LOST], 1);
    ck_assert_int_ne(tree_compare("out", "big", 1), TREE_SAME);
    ck_assert_int_eq(tree_compare("out", "a/two", 1), TREE_SAME);
    ck_assert_int_eq(tree_compare("out", "m/large", 1), TREE_SAME);
    ck_assert_int_eq(tree_compare("out", "z/last", 1), TREE_SAME);
    OK(&s, session_verify(&s));
    ck_assert_uint_eq(s.verified.bad_blocks, 1);
    ck_assert_uint_ge(s.verified.damaged, 1);
    ck_assert(s.verified.last.complete);
}

START_TEST(unreadable_block)
{
    one_bad_block(false);
}
END_TEST

START_TEST(unreadable_block_with_ili)
{
    one_bad_block(true);
}
END_TEST

START_TEST(write_protected)
{
    struct session s = {.tapes = {1}};
    uint64_t count;

    write_one(&s);
    count = rig_count(1);
    rig_protect(1, true);
    ck_assert_int_ne(session_write(&s), REEL_OK);
    ck_assert(!s.written.complete);
    ck_assert_uint_eq(rig_count(1), count);
    check_set(&s, "out", 1);
    rig_protect(1, false);
    OK(&s, session_write(&s));
    ck_assert_uint_eq(s.written.archive, 2);
}
END_TEST

START_TEST(blank)
{
    struct session s = {.tapes = {1}};

    rig_blank(1, NULL);
    ck_assert_int_eq(session_list(&s, false), REEL_E_MAGIC);
    ck_assert_int_eq(session_restore(&s, NULL, "nothing"), REEL_E_MAGIC);
    ck_assert_int_eq(session_verify(&s), REEL_E_MAGIC);
    ck_assert_uint_eq(rig_count(1), 0);
    OK(&s, session_write(&s));
    ck_assert(s.written.new_set);
    check_set(&s, "out", 1);
}
END_TEST

/* Put a block of text and a filemark on tape 1. */
static void
write_foreign(const char *text, size_t bytes)
{
    static uint8_t buf[10240];
    struct reel_medium *m;
    struct reel_err err;

    memset(buf, 0, sizeof(buf));
    memcpy(buf, text, strlen(text));
    ck_assert_int_eq(rig_open(&m, 1, REEL_MEDIUM_WRITE, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_write(m, buf, bytes, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_filemark(m, &err), REEL_OK);
    ck_assert_int_eq(reel_medium_close(m, &err), REEL_OK);
}

START_TEST(foreign)
{
    struct session s = {.tapes = {1}};

    rig_blank(1, NULL);
    write_foreign("this was written by another program", 10240);
    ck_assert_int_eq(session_write(&s), REEL_E_MAGIC);
    ck_assert_uint_eq(rig_count(1), 2);
    ck_assert_int_eq(session_list(&s, false), REEL_E_MAGIC);
    ck_assert_int_eq(session_verify(&s), REEL_E_MAGIC);
    s.overwrite = true;
    OK(&s, session_write(&s));
    check_set(&s, "out", 1);
}
END_TEST

/* What stands on a write-once tape stays: one can add to it, and no more. */
START_TEST(write_once)
{
    const struct rig_tape how = {.write_once = true};
    struct session s          = {.tapes = {1}};
    uint64_t count;

    rig_blank(1, &how);
    OK(&s, session_write(&s));
    tree_make(2);
    OK(&s, session_write(&s));
    ck_assert_uint_eq(s.written.archive, 2);
    count       = rig_count(1);
    s.overwrite = true;
    ck_assert_int_ne(session_write(&s), REEL_OK);
    ck_assert_uint_eq(rig_count(1), count);
    check_set(&s, "second", 2);
    s.archive = 1;
    check_archive(&s, "first", 1);
}
END_TEST

/* A tape is read, verified and appended to without being told its blocks. */
START_TEST(other_block_sizes)
{
    static const uint32_t sizes[]      = {131072, 262144, 524288, 1048576};
    static const char *const folders[] = {"out0", "out1", "out2", "out3"};
    size_t i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct session s = {.tapes = {1}, .block_bytes = sizes[i]};

        write_one(&s);
        ck_assert_uint_eq(s.written.block_bytes, sizes[i]);
        s.block_bytes = 0;
        OK(&s, session_write(&s));
        ck_assert_uint_eq(s.written.block_bytes, sizes[i]);
        check_set(&s, folders[i], 1);
    }
}
END_TEST

/* The tape ends before the archive and there is no other: it is not complete,
   what came on it stays readable, and with another it goes on. */
START_TEST(full_without_another_tape)
{
    const struct rig_tape how = {.capacity_bytes      = 3000000,
                                 .early_warning_bytes = 500000};
    struct session s          = {.tapes = {1}};

    rig_blank(1, &how);
    ck_assert_int_eq(session_write(&s), REEL_E_FULL);
    ck_assert(!s.written.complete);
    OK(&s, session_verify(&s));
    ck_assert_uint_eq(s.verified.incomplete_archives, 1);
    ck_assert_uint_eq(s.verified.bad_blocks, 0);
    s.archive = 1;
    OK(&s, session_restore(&s, NULL, "part"));
    ck_assert_int_eq(tree_compare("part", "a/two", 1), TREE_SAME);
    (void)tree_count("part", 1); /* what came is right */
    s.archive  = 0;
    s.tapes[1] = 2;
    rig_blank(2, NULL);
    s.resume = true;
    OK(&s, session_write(&s));
    ck_assert(s.written.complete);
    s.resume = false;
    check_set(&s, "whole", 1);
}
END_TEST

void
scenarios_tape_add(Suite *suite)
{
    scenario_add(suite, write_list_verify_restore);
    scenario_add(suite, append);
    scenario_add(suite, selective_restore_by_locate);
    scenario_add(suite, unreadable_block);
    scenario_add(suite, unreadable_block_with_ili);
    scenario_add(suite, write_protected);
    scenario_add(suite, blank);
    scenario_add(suite, foreign);
    scenario_add(suite, write_once);
    scenario_add(suite, other_block_sizes);
    scenario_add(suite, full_without_another_tape);
}
