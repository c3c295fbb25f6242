/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios of writers that are killed, and drives that are reset or lose
   their power. */
#include "scenario.h"

#include <string.h>

static void
write_and_forget(void *ctx)
{
    (void)session_write(ctx);
}

/* What was resumed is `archive`, and no new one; it is whole now. */
static void
check_resumed(struct session *s, uint32_t archive)
{
    s->resume = false;
    ck_assert_msg(s->written.complete, "resume says: %s", s->err.text);
    ck_assert(!s->written.new_set);
    ck_assert_uint_eq(s->written.archive, archive);
    ck_assert_uint_ge(s->written.run, 1);
    ck_assert_uint_eq(s->written.objects, TREE_OBJECTS);
}

static void
resume(struct session *s, uint32_t archive)
{
    s->resume = true;
    OK(s, session_write(s));
    check_resumed(s, archive);
}

/*
 * Kill a writer at `writes`; list, verify and restore tell the truth; resume
 * completes it, equal to one written undisturbed. False if too little of it
 * was on tape for that, and resume says so.
 */
static bool
kill_and_resume(unsigned long writes, const uint8_t *fingerprint,
                const char *broken, const char *whole)
{
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};

    rig_blank(1, NULL);
    ck_assert(rig_kill_after(1, writes, write_and_forget, &s));
    s.medium = NULL;
    OK(&s, session_verify(&s));
    ck_assert_uint_eq(s.verified.incomplete_archives, 1);
    ck_assert_uint_eq(s.verified.bad_blocks, 0);
    OK(&s, session_list(&s, true));
    ck_assert_uint_le(s.listed, TREE_OBJECTS);
    s.archive = 1;
    OK(&s, session_restore(&s, NULL, broken));
    (void)tree_count(broken, 1); /* what came is right */
    s.archive = 0;
    s.resume  = true;
    if (session_write(&s) == REEL_E_MISUSE)
        return false;
    check_resumed(&s, 1);
    check_set(&s, whole, 1);
    ck_assert_mem_eq(s.written.fingerprint, fingerprint, REEL_DIGEST_BYTES);
    return true;
}

START_TEST(killed_writer_and_resume)
{
    static const unsigned long writes[] = {12, 17, 23, 29, 35, 41,
                                           47, 53, 59, 66, 73, 80};
    struct session s     = {.tapes = {1}, .checkpoint_bytes = 500000};
    char broken[]        = "brokenA";
    char whole[]         = "wholeA";
    unsigned int resumed = 0;
    size_t i;

    write_one(&s);
    for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        resumed +=
            kill_and_resume(writes[i], s.written.fingerprint, broken, whole);
        broken[6]++;
        whole[5]++;
    }
    ck_assert_uint_ge(resumed, 9);
}
END_TEST

/* Killed on the second tape of a set: what is on the first stays as it is. */
START_TEST(killed_writer_on_the_second_tape)
{
    const struct rig_tape how = {.capacity_bytes      = 4200000,
                                 .early_warning_bytes = 800000};
    struct session s          = {.tapes = {1, 2}, .checkpoint_bytes = 500000};
    uint64_t count;
    unsigned int n;

    for (n = 1; n <= RIG_TAPES; n++)
        rig_blank(n, &how);
    ck_assert(rig_kill_after(2, 20, write_and_forget, &s));
    s.medium = NULL;
    count    = rig_count(1);
    ck_assert_uint_gt(count, 40);
    s.archive = 1;
    OK(&s, session_restore(&s, NULL, "broken"));
    (void)tree_count("broken", 1);
    s.archive  = 0;
    s.first    = 1;
    s.tapes[2] = 3;
    s.tapes[3] = 4; /* "big" is written once more */
    resume(&s, 1);
    ck_assert_uint_ge(s.written.volumes, 2);
    ck_assert_uint_gt(s.written.resumed, 0);
    for (n = s.written.volumes; n < RIG_TAPES; n++)
        s.tapes[n] = 0;
    s.first = 0;
    check_set(&s, "out", 1);
    ck_assert_uint_eq(rig_count(1), count);
}
END_TEST

/* On a write-once tape what is torn stays, and the archive goes on behind it.
 */
START_TEST(killed_writer_on_a_write_once_tape)
{
    const struct rig_tape how = {.write_once = true};
    struct session s          = {.tapes = {1}, .checkpoint_bytes = 500000};
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t count;

    write_one(&s);
    memcpy(fingerprint, s.written.fingerprint, sizeof(fingerprint));
    rig_blank(1, &how);
    ck_assert(rig_kill_after(1, 59, write_and_forget, &s));
    s.medium = NULL;
    count    = rig_count(1);
    resume(&s, 1);
    ck_assert_uint_gt(rig_count(1), count);
    ck_assert_mem_eq(s.written.fingerprint, fingerprint, REEL_DIGEST_BYTES);
    check_set(&s, "out", 1);
}
END_TEST

/* Power was lost with the writer: nobody finds the end of the data on the
   tape, so the archive goes on on a fresh one. */
START_TEST(killed_writer_and_end_lost)
{
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t count;

    write_one(&s);
    memcpy(fingerprint, s.written.fingerprint, sizeof(fingerprint));
    rig_blank(1, NULL);
    rig_blank(2, NULL);
    ck_assert(rig_kill_after(1, 59, write_and_forget, &s));
    s.medium = NULL;
    count    = rig_count(1);
    rig_lose_end(1);
    s.tapes[1] = 2;
    resume(&s, 1);
    ck_assert_uint_eq(s.written.volumes, 2);
    ck_assert_uint_gt(s.written.resumed, 0);
    ck_assert_uint_eq(rig_count(1), count);
    ck_assert_mem_eq(s.written.fingerprint, fingerprint, REEL_DIGEST_BYTES);
    OK(&s, session_restore(&s, NULL, "out"));
    ck_assert_uint_eq(s.restored.lost, 0);
    tree_check("out", 1);
    OK(&s, session_verify(&s));
    ck_assert(s.verified.last.complete);
    ck_assert_uint_eq(s.verified.damaged + s.verified.lost, 0);
    ck_assert_uint_ge(s.verified.proven, TREE_OBJECTS);
}
END_TEST

/* The drive forgets where it stands while it writes, and stands at the
   beginning. Whether the writer goes on by itself or has to be resumed: what
   was on tape is not overwritten and the archive becomes whole. */
static void
reset_at(unsigned long calls, const char *first, const char *second)
{
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};
    enum reel_status status;

    tree_make(1);
    write_one(&s);
    tree_make(2);
    rig_reset_after(1, calls);
    status = session_write(&s);
    rig_reset_after(1, 0);
    ck_assert_int_eq(status == REEL_OK, s.written.complete);
    s.archive = 1;
    check_archive(&s, first, 1);
    s.archive = 0;
    if (status != REEL_OK) {
        ck_assert_int_eq(status, REEL_E_MEDIUM);
        resume(&s, 2);
    }
    check_archive(&s, second, 2);
}

START_TEST(reset_in_mid_write)
{
    static const unsigned long calls[] = {65, 78, 91, 104, 117, 130};
    char first[]                       = "first0";
    char second[]                      = "second0";
    size_t i;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        reset_at(calls[i], first, second);
        first[5]++;
        second[6]++;
    }
}
END_TEST

/* The same while it is read: what comes is right, and what does not is named
   or the whole restore fails; the next one has no trouble. */
START_TEST(reset_in_mid_read)
{
    struct session s = {.tapes = {1}};
    enum reel_status status;

    write_one(&s);
    rig_reset_after(1, 40);
    status = session_restore(&s, NULL, "out");
    rig_reset_after(1, 0);
    if (status == REEL_OK && tree_count("out", 1) < TREE_FILES)
        ck_assert_uint_ge(s.restored.lost, 1);
    else if (status != REEL_OK)
        ck_assert_int_eq(status, REEL_E_MEDIUM);
    (void)tree_count("out", 1);
    check_set(&s, "again", 1);
}
END_TEST

/* A drive that lost its power has no end of data on the tape: one note says
   so, and what is there is listed and proven. */
static void
check_end_lost(struct session *s)
{
    struct reel_verify_result whole;
    unsigned int before;
    unsigned int listed;

    OK(s, session_verify(s));
    whole = s->verified;
    OK(s, session_list(s, true));
    before = complaints(s);
    listed = s->listed;
    rig_lose_end(1);
    OK(s, session_list(s, true));
    ck_assert_uint_eq(complaints(s), before + 1);
    ck_assert_uint_eq(s->listed, listed);
    s->quick = true;
    OK(s, session_verify(s));
    ck_assert_uint_eq(s->verified.bad_blocks, 0);
    ck_assert_uint_eq(s->notes[REEL_NOTE_INVALID], 0);
    s->quick = false;
    OK(s, session_verify(s));
    ck_assert_uint_eq(s->verified.bad_blocks, 0);
    ck_assert_uint_eq(s->verified.damaged, whole.damaged);
    ck_assert_uint_eq(s->verified.lost, whole.lost);
    ck_assert_uint_eq(s->verified.proven, whole.proven);
    ck_assert_uint_eq(s->verified.blocks, whole.blocks);
    ck_assert_uint_eq(s->verified.diagnostics, whole.diagnostics + 1);
    ck_assert_uint_eq(s->notes[REEL_NOTE_INVALID], 0);
    ck_assert_uint_ge(s->verified.proven, TREE_OBJECTS);
}

START_TEST(end_of_data_is_lost)
{
    struct session s = {.tapes = {1}};
    uint64_t count;

    write_one(&s);
    count = rig_count(1);
    check_end_lost(&s);
    ck_assert_uint_eq(s.notes[REEL_NOTE_DAMAGE], 1);
    ck_assert(s.verified.last.complete);
    OK(&s, session_restore(&s, NULL, "out"));
    ck_assert_uint_eq(s.restored.lost, 0);
    ck_assert_uint_eq(complaints(&s), 1);
    ck_assert_uint_eq(s.notes[REEL_NOTE_DAMAGE], 1);
    ck_assert_ptr_nonnull(strstr(s.last_note, "end of data"));
    ck_assert(!s.restored.scanned);
    tree_check("out", 1);
    ck_assert_int_ne(session_write(&s), REEL_OK);
    ck_assert_uint_eq(rig_count(1), count);
}
END_TEST

/* The same in the middle of the second archive. */
START_TEST(power_lost_while_appending)
{
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};

    write_one(&s);
    ck_assert(rig_kill_after(1, 80, write_and_forget, &s));
    s.medium = NULL;
    check_end_lost(&s);
    ck_assert_uint_eq(s.verified.incomplete_archives, 1);
    OK(&s, session_restore(&s, NULL, "first")); /* the latest complete one */
    ck_assert_uint_eq(s.restored.lost, 0);
    tree_check("first", 1);
    s.archive = 2;
    OK(&s, session_restore(&s, NULL, "second"));
    ck_assert_uint_ge(s.restored.objects, 1);
    (void)tree_count("second", 1); /* what came is right */
}
END_TEST

void
scenarios_interrupted_add(Suite *suite)
{
    scenario_add(suite, killed_writer_and_resume);
    scenario_add(suite, killed_writer_on_the_second_tape);
    scenario_add(suite, killed_writer_on_a_write_once_tape);
    scenario_add(suite, killed_writer_and_end_lost);
    scenario_add(suite, reset_in_mid_write);
    scenario_add(suite, reset_in_mid_read);
    scenario_add(suite, end_of_data_is_lost);
    scenario_add(suite, power_lost_while_appending);
}
