/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that are interrupted (spec 3.3, 9.3): a medium that fails once, a
 * writer killed at any call and resumed, on one volume and on several, and one
 * asked to stop. What comes out is what an undisturbed writer makes.
 */
#include "reel/block_header.h"
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write_check.h"

static struct reel_write_options
small_blocks(void)
{
    struct reel_write_options o;

    memset(&o, 0, sizeof(o));
    o.block_bytes      = 16384;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = 400000;
    o.options          = "--compress=none --checkpoint-every=400000";
    return o;
}

static struct reel_write_options
resume(void)
{
    struct reel_write_options o;

    memset(&o, 0, sizeof(o));
    o.resume = true;
    return o;
}

/* What the tree is, written undisturbed; calls of the medium it takes. */
static void
undisturbed(uint8_t fingerprint[REEL_DIGEST_BYTES], unsigned long *calls)
{
    const struct reel_write_options o = small_blocks();
    struct set set                    = {0};
    struct reel_write_result r;
    struct reel_err err;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    memcpy(fingerprint, r.fingerprint, REEL_DIGEST_BYTES);
    *calls = reel_memory_tape_calls(set.tapes[1]);
    set_fini(&set);
}

static void
check_whole(const struct set *set, const struct reel_write_result *r,
            const uint8_t *fingerprint, struct set_facts *f)
{
    set_check(set, 1, f);
    ck_assert(f->complete && r->complete);
    ck_assert(!r->resumable);
    ck_assert_uint_eq(r->run, f->runs);
    ck_assert_uint_eq(r->volumes, set_count(set));
    ck_assert_mem_eq(f->fingerprint, fingerprint, REEL_DIGEST_BYTES);
    ck_assert_mem_eq(r->fingerprint, fingerprint, REEL_DIGEST_BYTES);
}

/* A call that fails once, on a volume that goes on to work. */
START_TEST(a_failure_is_overcome)
{
    const bool whole                  = getenv("REEL_SOAK") != NULL;
    const struct reel_write_options o = small_blocks();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    unsigned int overcome = 0;
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 1; n < calls; n += whole ? 1 : 3) {
        struct set set = {0};

        set.volumes.get = NULL; /* there is no other volume */
        reel_memory_tape_fail_at(set_tape(&set, 1), n, false);
        if (set_write(&set, &o, &r, &err) == REEL_OK) {
            check_whole(&set, &r, fingerprint, &f);
            ck_assert_uint_le(f.torn, 1);
            ck_assert_uint_eq(f.runs, 1);
            overcome++;
        } else {
            ck_assert_int_eq(err.status, REEL_E_MEDIUM);
            ck_assert_uint_lt(n, 60); /* label, leader, VOLUME */
        }
        set_fini(&set);
    }
    ck_assert_uint_gt(overcome, 20);
}
END_TEST

/* A volume that fails for good: the next one is taken. */
START_TEST(a_broken_volume_is_left)
{
    const bool whole                  = getenv("REEL_SOAK") != NULL;
    const struct reel_write_options o = small_blocks();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    unsigned int overcome = 0;
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 1; n < calls; n += whole ? 1 : 5) {
        struct set set = {0};

        set_init(&set);
        reel_memory_tape_fail_at(set_tape(&set, 1), n, true);
        if (set_write(&set, &o, &r, &err) == REEL_OK) {
            ck_assert_uint_eq(set_count(&set), 2);
            check_whole(&set, &r, fingerprint, &f);
            overcome++;
        } else {
            ck_assert_int_eq(err.status, REEL_E_MEDIUM);
        }
        set_fini(&set);
    }
    ck_assert_uint_gt(overcome, 10);
}
END_TEST

/* Resume what stands in the set; true if that could be done. */
static bool
resume_set(struct set *set, bool resumable, const uint8_t *fingerprint,
           uint64_t *resumed)
{
    const struct reel_write_options o = resume();
    enum reel_status status;
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;

    set_check(set, 1, &f);
    if (f.complete) /* killed behind the second END */
        return false;
    set_unload(set);
    ck_assert_int_eq(set_load(set, set_count(set), &err), REEL_OK);
    status = set_write(set, &o, &r, &err);
    if (status == REEL_E_MISUSE || status == REEL_E_TRUNCATED) {
        ck_assert_msg(!resumable && f.ends == 0, "%s", err.text);
        return false;
    }
    ck_assert_msg(status == REEL_OK, "%s: %s", reel_status_name(status),
                  err.text);
    check_whole(set, &r, fingerprint, &f);
    *resumed += r.resumed;
    return true;
}

/* Kill the writer at calls of volume `number`, and resume each time. */
static unsigned int
kill_and_resume(const uint64_t *sizes, size_t size_count, unsigned int number,
                unsigned long step, uint64_t *resumed)
{
    const struct reel_write_options o = small_blocks();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    unsigned int times = 0;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 1;; n += step) {
        struct set set = {.sizes = sizes, .size_count = size_count};
        struct reel_write_result r;
        struct reel_err err;

        set_init(&set);
        set.killed    = number;
        set.killed_at = n;
        reel_memory_tape_fail_at(set_tape(&set, number), n, true);
        if (set_write(&set, &o, &r, &err) == REEL_OK) {
            set_fini(&set);
            return times;
        }
        ck_assert_int_eq(err.status, REEL_E_MEDIUM);
        set.killed_at = 0;
        reel_memory_tape_fail_at(set.tapes[number], 0, false);
        times += resume_set(&set, r.resumable, fingerprint, resumed);
        set_fini(&set);
    }
}

START_TEST(killed_and_resumed)
{
    const bool whole = getenv("REEL_SOAK") != NULL;
    uint64_t resumed = 0;

    ck_assert_uint_gt(kill_and_resume(NULL, 0, 1, whole ? 1 : 4, &resumed), 15);
    ck_assert_uint_gt(resumed, 100);
}
END_TEST

START_TEST(killed_and_resumed_on_several_volumes)
{
    const bool whole       = getenv("REEL_SOAK") != NULL;
    const uint64_t sizes[] = {900000, 800000};
    uint64_t resumed       = 0;
    unsigned int number;

    for (number = 1; number <= 3; number++)
        ck_assert_uint_gt(
            kill_and_resume(sizes, 2, number, whole ? 1 : 7, &resumed), 2);
    ck_assert_uint_gt(resumed, 50);
}
END_TEST

/* Killed, and once more at call n while it resumes; false: it came to its end
   before that. */
static bool
kill_twice(struct set *set, unsigned long n)
{
    const struct reel_write_options o     = small_blocks();
    const struct reel_write_options again = resume();
    struct reel_write_result r;
    struct reel_err err;

    set_init(set);
    set->killed    = 1;
    set->killed_at = 100;
    reel_memory_tape_fail_at(set_tape(set, 1), 100, true);
    ck_assert_int_eq(set_write(set, &o, &r, &err), REEL_E_MEDIUM);
    ck_assert(r.resumable);
    set->killed_at = n;
    reel_memory_tape_fail_at(set->tapes[1], n, true);
    if (set_write(set, &again, &r, &err) == REEL_OK)
        return false;
    ck_assert_int_eq(err.status, REEL_E_MEDIUM);
    set->killed_at = 0;
    reel_memory_tape_fail_at(set->tapes[1], 0, false);
    return true;
}

/* Killed once more while it resumes. */
START_TEST(killed_again)
{
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    unsigned int times = 0;
    uint64_t resumed   = 0;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 10; n < calls; n += 9) {
        struct set set = {0};

        if (!kill_twice(&set, n)) {
            set_fini(&set);
            break;
        }
        times += resume_set(&set, true, fingerprint, &resumed);
        set_fini(&set);
    }
    ck_assert_uint_gt(times, 5);
}
END_TEST

/* The first block of run 1 cannot be read any more; false: it was the only
   one. */
static bool
spoil_run(struct reel_memory_tape *tape)
{
    struct reel_block_header h;
    unsigned int met = 0;
    uint64_t i;

    for (i = 0; i < reel_memory_tape_count(tape); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, i);

        if (e.filemark ||
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) !=
                REEL_OK ||
            h.run != 1)
            continue;
        if (met++ == 0)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, i, NULL), REEL_OK);
    }
    return met > 1;
}

/* B-15: two runs of one number are one to a reader, which takes the older of
   blocks with one sequence. */
START_TEST(the_number_of_a_run_is_not_taken_again)
{
    const struct reel_write_options again = resume();
    unsigned int times                    = 0;
    unsigned long n;

    for (n = 40;; n += 5) {
        struct set set = {0};
        struct reel_write_result r;
        struct set_facts f;
        struct reel_err err;

        if (!kill_twice(&set, n)) {
            set_fini(&set);
            break;
        }
        set_check(&set, 1, &f);
        if (f.ends == 0 && spoil_run(set.tapes[1])) {
            set_unload(&set);
            ck_assert_int_eq(set_load(&set, set_count(&set), &err), REEL_OK);
            ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_OK);
            ck_assert_uint_eq(r.run, 2);
            times++;
        }
        set_fini(&set);
    }
    ck_assert_uint_gt(times, 3);
}
END_TEST

static volatile int stop_now;
static uint64_t stop_at;

static void
stop_there(void *ctx, uint64_t bytes, uint64_t objects)
{
    (void)ctx;
    (void)objects;
    stop_now = bytes >= stop_at;
}

static void
count_note(void *ctx, const struct reel_note *note)
{
    struct reel_err *const last = ctx;

    if (note->object != 0)
        *last = note->err;
}

START_TEST(asked_to_stop)
{
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_write_options o;
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;

    undisturbed(fingerprint, &calls);
    for (stop_at = 100000; stop_at < 1200000; stop_at += 200000) {
        struct set set       = {0};
        struct reel_err torn = {0};

        set_init(&set);
        o                 = small_blocks();
        o.threads         = 2;
        o.report.progress = stop_there;
        o.report.stop     = &stop_now;
        stop_now          = 0;
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_STOPPED);
        ck_assert(r.resumable && !r.complete);
        set_check(&set, 1, &f);
        ck_assert_uint_ge(f.checkpoints, 1);
        o            = resume();
        o.report.fn  = count_note;
        o.report.ctx = &torn;
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
        check_whole(&set, &r, fingerprint, &f);
        ck_assert_uint_eq(f.torn, torn.status == REEL_E_TRUNCATED);
        ck_assert_uint_ge(r.resumed, 1);
        set_fini(&set);
    }
}
END_TEST

/* What has changed in between is written once more; links stay links. */
START_TEST(what_changed_is_written_anew)
{
    struct reel_write_options o = small_blocks();
    struct set set              = {0};
    struct timespec times[2]    = {{1, 0}, {2, 0}};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    uint64_t objects;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    objects = r.objects;
    set_fini(&set);
    set_init(&set);
    o.report.progress = stop_there;
    o.report.stop     = &stop_now;
    stop_now          = 0;
    stop_at           = 1250000;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_STOPPED);
    ck_assert_int_eq(utimensat(AT_FDCWD, "d/f01", times, 0), 0);
    o = resume();
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    set_check(&set, 1, &f);
    ck_assert(f.complete);
    ck_assert_uint_eq(r.objects, objects + 1);
    set_fini(&set);
}
END_TEST

/* The place of the first of the two ENDs at the end of a tape. */
static uint64_t
first_end(const struct reel_memory_tape *t)
{
    return reel_memory_tape_count(t) - 4;
}

/* Killed behind the first END, behind its filemark (or the drive wrote one),
   and behind the second END. */
START_TEST(the_second_end_is_made_up_for)
{
    const struct reel_write_options o = small_blocks();
    struct reel_write_options again   = resume();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    uint64_t missing;

    undisturbed(fingerprint, &calls);
    for (missing = 1; missing <= 3; missing++) {
        struct set set = {0};
        FILE *whole    = tmpfile();
        FILE *file     = tmpfile();
        uint64_t count;
        uint64_t i;

        ck_assert(whole != NULL && file != NULL);
        set_init(&set);
        again            = o;
        again.catalog_fd = fileno(whole);
        ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_OK);
        count = reel_memory_tape_count(set.tapes[1]);
        for (i = 0; i < missing; i++)
            ck_assert_int_eq(
                reel_memory_tape_remove(set.tapes[1], count - 1 - i, &err),
                REEL_OK);
        again            = resume();
        again.catalog_fd = fileno(file);
        if (missing == 1) { /* both stand: nothing to resume */
            ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_E_MISUSE);
            ck_assert_ptr_nonnull(strstr(err.text, "complete"));
        } else {
            ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_OK);
            ck_assert_uint_eq(reel_memory_tape_count(set.tapes[1]), count);
            ck_assert_uint_eq(r.blocks, 1);
            ck_assert_uint_eq(r.archive, 1);
            check_whole(&set, &r, fingerprint, &f);
            ck_assert_uint_eq(r.objects, f.objects);
            ck_assert_int_eq(lseek(fileno(file), 0, SEEK_END),
                             lseek(fileno(whole), 0, SEEK_END));
        }
        (void)fclose(whole);
        (void)fclose(file);
        set_fini(&set);
    }
}
END_TEST

/* There is no room for it where the first one stands: catalog and ENDs stand
   on another volume then. */
START_TEST(no_room_for_the_second_end)
{
    const struct reel_write_options o     = small_blocks();
    const struct reel_write_options again = resume();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t sizes[]  = {0, 3000000};
    struct set before = {0};
    struct set set    = {.sizes = sizes, .size_count = 2};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    uint64_t i;

    undisturbed(fingerprint, &calls);
    set_init(&before);
    ck_assert_int_eq(set_write(&before, &o, &r, &err), REEL_OK);
    for (i = 0; i <= first_end(before.tapes[1]); i++)
        sizes[0] += reel_memory_tape_get(before.tapes[1], i).byte_count;
    set_init(&set);
    for (i = 0; i <= first_end(before.tapes[1]); i++) {
        const struct reel_memory_element e =
            reel_memory_tape_get(before.tapes[1], i);

        ck_assert_int_eq(
            reel_memory_tape_insert(set_tape(&set, 1), i, &e, &err), REEL_OK);
    }
    set_fini(&before);
    ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_OK);
    ck_assert_uint_eq(r.run, 1);
    check_whole(&set, &r, fingerprint, &f);
    set_fini(&set);
}
END_TEST

START_TEST(what_cannot_be_resumed)
{
    struct reel_write_options o = small_blocks();
    struct set set              = {0};
    struct reel_write_result r;
    struct reel_err err;

    set_init(&set);
    o.resume = true;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MISUSE);
    ck_assert_uint_eq(reel_memory_tape_count(set.tapes[1]), 0);
    o.resume = false;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    o.resume = true;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MISUSE);
    ck_assert_ptr_nonnull(strstr(err.text, "complete"));
    set_fini(&set);
}
END_TEST

/* An archive on two volumes, killed on the second before a checkpoint. */
static void
killed_on_the_second(struct set *set)
{
    static const uint64_t sizes[]     = {900000, 3000000};
    const struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct reel_err err;

    set->sizes      = sizes;
    set->size_count = 2;
    set_init(set);
    set->killed    = 2;
    set->killed_at = 34; /* label, leader, VOLUME, a few blocks */
    reel_memory_tape_fail_at(set_tape(set, 2), set->killed_at, true);
    ck_assert_int_eq(set_write(set, &o, &r, &err), REEL_E_MEDIUM);
    ck_assert(r.resumable);
    reel_memory_tape_fail_at(set->tapes[2], 0, false);
    set->killed_at = 0;
}

/* Killed in the label or the leader of the next volume, which is given: the
   one before it is asked for, and the other one written later. */
START_TEST(a_volume_only_begun_is_passed)
{
    static const uint64_t sizes[]         = {900000, 3000000};
    const struct reel_write_options o     = small_blocks();
    const struct reel_write_options again = resume();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 2; n < 8; n++) {
        struct set set = {.sizes = sizes, .size_count = 2};

        set_init(&set);
        set.killed    = 2;
        set.killed_at = n;
        reel_memory_tape_fail_at(set_tape(&set, 2), n, true);
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
        reel_memory_tape_fail_at(set.tapes[2], 0, false);
        set.killed_at = 0;
        ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
        set.volumes.get = NULL;
        ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_E_MISUSE);
        set_init(&set);
        ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
        ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_OK);
        ck_assert_uint_eq(r.volumes, 2);
        check_whole(&set, &r, fingerprint, &f);
        set_fini(&set);
    }
}
END_TEST

START_TEST(an_earlier_volume_is_not_asked_for_for_ever)
{
    const struct reel_write_options o = resume();
    struct set set                    = {0};
    struct reel_write_result r;
    struct reel_err err;

    killed_on_the_second(&set);
    ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
    set.stubborn = reel_memory_tape_new(NULL);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
    ck_assert_uint_eq(set.stubborn_given, 16);
    ck_assert_ptr_nonnull(strstr(err.text, "volume 1"));
    ck_assert_ptr_nonnull(strstr(err.text, "no volume of this set"));
    reel_memory_tape_free(set.stubborn);
    set_fini(&set);
}
END_TEST

/* Killed where the first volume was full, before there was a checkpoint: all
   of its data are superseded by what stands on the next one; its VOLUME stands
   in the catalog all the same (9.2). */
START_TEST(a_volume_with_superseded_data_only)
{
    static const uint64_t sizes[] = {520000, 3000000};
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    unsigned int seen = 0;
    unsigned long calls;
    unsigned long n;

    undisturbed(fingerprint, &calls);
    for (n = 20; n < 70; n++) {
        struct reel_write_options o = small_blocks();
        struct set set              = {.sizes = sizes, .size_count = 2};
        struct reel_write_result r;
        struct set_facts f;
        struct reel_err err;

        set_init(&set);
        set.killed    = 1;
        set.killed_at = n;
        reel_memory_tape_fail_at(set_tape(&set, 1), n, true);
        if (set_write(&set, &o, &r, &err) != REEL_OK) {
            reel_memory_tape_fail_at(set.tapes[1], 0, false);
            set.killed_at = 0;
            o             = resume();
            ck_assert_int_eq(set_load(&set, 1, &err), REEL_OK);
            if (set_write(&set, &o, &r, &err) == REEL_OK) {
                check_whole(&set, &r, fingerprint, &f);
                seen += f.volumes_unused > 0;
            }
        }
        set_fini(&set);
    }
    ck_assert_uint_gt(seen, 0);
}
END_TEST

/* A drive that lost its power does not find the end of the data: what is
   there is left as it is, and the next volume taken. */
START_TEST(the_end_of_the_data_is_lost)
{
    static const uint64_t whole[]         = {9000000};
    const struct reel_write_options o     = small_blocks();
    const struct reel_write_options again = resume();
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;
    unsigned long n;
    uint64_t count;

    undisturbed(fingerprint, &calls);
    for (n = 70; n < calls - 6; n += 10) {
        struct set set = {.sizes = whole, .size_count = 1};

        set_init(&set);
        set.killed    = 1;
        set.killed_at = n;
        reel_memory_tape_fail_at(set_tape(&set, 1), n, true);
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
        reel_memory_tape_fail_at(set.tapes[1], 0, false);
        set.killed_at = 0;
        if (r.resumable) {
            count = reel_memory_tape_count(set.tapes[1]);
            reel_memory_tape_lose_end(set.tapes[1]);
            set.volumes.get = NULL;
            ck_assert_int_eq(set_write(&set, &again, &r, &err), REEL_E_FULL);
            ck_assert_ptr_nonnull(strstr(err.text, "end of the data"));
            ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
            ck_assert_ptr_nonnull(strstr(err.text, "end of the data"));
            ck_assert_ptr_nonnull(strstr(err.text, "--overwrite"));
            set_init(&set);
            ck_assert_msg(set_write(&set, &again, &r, &err) == REEL_OK,
                          "%lu: %s", n, err.text);
            ck_assert_uint_eq(reel_memory_tape_count(set.tapes[1]), count);
            ck_assert_uint_eq(set_count(&set), 2);
            ck_assert_uint_ge(r.run, 1);
            check_whole(&set, &r, fingerprint, &f);
        }
        set_fini(&set);
    }
}
END_TEST

/* Behind a volume that has superseded data only then. */
START_TEST(the_end_of_a_further_volume_is_lost)
{
    const struct reel_write_options o = resume();
    struct set set                    = {0};
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned long calls;

    undisturbed(fingerprint, &calls);
    killed_on_the_second(&set);
    reel_memory_tape_lose_end(set.tapes[2]);
    ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
    ck_assert_msg(set_write(&set, &o, &r, &err) == REEL_OK, "%s", err.text);
    ck_assert_uint_eq(set_count(&set), 3);
    set_check(&set, 1, &f);
    ck_assert(f.complete);
    ck_assert_uint_eq(f.volumes_unused, 1);
    ck_assert_mem_eq(f.fingerprint, fingerprint, REEL_DIGEST_BYTES);
    set_fini(&set);
}
END_TEST

static uint64_t
things(const struct set *set)
{
    return reel_memory_tape_count(set->tapes[1]) +
           reel_memory_tape_count(set->tapes[2]);
}

/* Without the volume with the checkpoint, or the place the paths are relative
   to, nothing is touched. */
START_TEST(what_is_missing_is_named)
{
    const struct reel_write_options o = resume();
    struct set set                    = {0};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    char here[256];
    char away[300];
    uint64_t count;

    killed_on_the_second(&set);
    count           = things(&set);
    set.volumes.get = NULL;
    ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(err.text, "volume 1 is needed"));
    ck_assert_ptr_nonnull(strstr(err.text, "nothing was changed"));
    set_init(&set);
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
    (void)snprintf(away, sizeof(away), "%s.away", here);
    ck_assert_int_eq(rename(here, away), 0);
    ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(err.text, here));
    ck_assert_ptr_nonnull(strstr(err.text, "nothing was changed"));
    ck_assert_int_eq(rename(away, here), 0);
    ck_assert_uint_eq(things(&set), count);
    ck_assert_int_eq(set_load(&set, 2, &err), REEL_OK);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    set_check(&set, 1, &f);
    ck_assert(f.complete);
    set_fini(&set);
}
END_TEST

static void
add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, tree_make, tree_remove);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_failure_is_overcome);
    tcase_add_test(tc, a_broken_volume_is_left);
    tcase_add_test(tc, killed_and_resumed);
    tcase_add_test(tc, killed_and_resumed_on_several_volumes);
    tcase_add_test(tc, killed_again);
    tcase_add_test(tc, the_number_of_a_run_is_not_taken_again);
    tcase_add_test(tc, asked_to_stop);
    tcase_add_test(tc, what_changed_is_written_anew);
    tcase_add_test(tc, the_second_end_is_made_up_for);
    tcase_add_test(tc, no_room_for_the_second_end);
    tcase_add_test(tc, what_cannot_be_resumed);
    tcase_add_test(tc, a_volume_only_begun_is_passed);
    tcase_add_test(tc, a_volume_with_superseded_data_only);
    tcase_add_test(tc, the_end_of_the_data_is_lost);
    tcase_add_test(tc, the_end_of_a_further_volume_is_lost);
    tcase_add_test(tc, what_is_missing_is_named);
    tcase_add_test(tc, an_earlier_volume_is_not_asked_for_for_ever);
}

int
main(void)
{
    return suite_run("write_resume", add);
}
