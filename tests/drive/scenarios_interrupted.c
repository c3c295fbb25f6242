/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios of writers that are killed, and drives that are reset. */
#include "scenario.h"

static void
write_and_forget(void *ctx)
{
    (void)session_write(ctx);
}

/* Resume tape 1 and prove that it is whole then. */
static void
resume(struct session *s, const char *folder)
{
    s->resume = true;
    OK(s, session_write(s));
    ck_assert(s->written.complete);
    check_archive(s, folder, 1);
    s->resume = false;
}

/* Kill a writer at `writes`; list, verify and restore tell the truth; resume
   completes it, equal to one written undisturbed. */
static void
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
    s.archive = 1;
    OK(&s, session_restore(&s, NULL, broken));
    (void)tree_count(broken, 1); /* what came is right */
    s.archive = 0;
    resume(&s, whole);
    ck_assert_mem_eq(s.written.fingerprint, fingerprint, REEL_DIGEST_BYTES);
}

START_TEST(killed_writer_and_resume)
{
    static const unsigned long writes[] = {12, 20, 33, 47, 58, 69, 80};
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};
    char broken[]    = "broken0";
    char whole[]     = "whole0";
    size_t i;

    write_one(&s);
    for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        kill_and_resume(writes[i], s.written.fingerprint, broken, whole);
        broken[6]++;
        whole[5]++;
    }
}
END_TEST

/* The drive forgets where it stands while it writes. Whether the writer goes
   on by itself or has to be resumed: nothing that was on tape is overwritten
   and the archive becomes whole. */
START_TEST(reset_in_mid_write)
{
    struct session s = {.tapes = {1}, .checkpoint_bytes = 500000};
    enum reel_status status;

    write_one(&s);
    tree_make(2);
    rig_reset_after(1, 40);
    status = session_write(&s);
    rig_reset_after(1, 0);
    ck_assert_int_eq(status == REEL_OK, s.written.complete);
    s.archive = 1;
    check_archive(&s, "first", 1);
    s.archive = 0;
    if (status != REEL_OK) {
        ck_assert_int_eq(status, REEL_E_MEDIUM);
        s.resume = true;
        OK(&s, session_write(&s));
        ck_assert(s.written.complete);
    }
    check_archive(&s, "second", 2);
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

void
scenarios_interrupted_add(Suite *suite)
{
    scenario_add(suite, killed_writer_and_resume);
    scenario_add(suite, reset_in_mid_write);
    scenario_add(suite, reset_in_mid_read);
}
