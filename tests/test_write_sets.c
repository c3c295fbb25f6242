/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer over several volumes (spec 9.7): tapes of every size, volumes
 * that are refused, the same octets whatever the threads, and every block as
 * the specification has it.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "reel/label.h"
#include "tape_writer.h"
#include "write_check.h"

static struct reel_write_options
small_blocks(void)
{
    struct reel_write_options o;

    memset(&o, 0, sizeof(o));
    o.block_bytes      = 4096;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = 400000;
    return o;
}

/* What the tree is, written undisturbed. */
static void
undisturbed(uint8_t fingerprint[REEL_DIGEST_BYTES], uint64_t *objects)
{
    const struct reel_write_options o = small_blocks();
    struct set set                    = {0};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    set_check(&set, 1, &f);
    ck_assert(f.complete && r.complete);
    ck_assert_uint_eq(r.volumes, 1);
    ck_assert_uint_eq(f.runs, 0);
    memcpy(fingerprint, r.fingerprint, REEL_DIGEST_BYTES);
    *objects = r.objects;
    set_fini(&set);
}

/* Write on tapes of these sizes. Returns how many were needed, 0 if they are
   too small. */
static unsigned int
write_sizes(const struct reel_memory_options *kind, const uint64_t *sizes,
            size_t count, const uint8_t *fingerprint, uint64_t objects)
{
    const struct reel_write_options o = small_blocks();
    struct set set                    = {0};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    enum reel_status status;
    unsigned int volumes = 0;

    set.kind       = *kind;
    set.sizes      = sizes;
    set.size_count = count;
    set_init(&set);
    status = set_write(&set, &o, &r, &err);
    if (status == REEL_OK) {
        volumes = set_count(&set);
        set_check(&set, 1, &f);
        ck_assert(f.complete && r.complete);
        ck_assert_uint_eq(r.volumes, volumes);
        ck_assert_uint_eq(f.objects, objects);
        ck_assert_uint_eq(f.torn, 0);
        ck_assert_mem_eq(r.fingerprint, fingerprint, REEL_DIGEST_BYTES);
        ck_assert_mem_eq(f.fingerprint, fingerprint, REEL_DIGEST_BYTES);
        ck_assert(volumes == 1 || f.checkpoints > 0);
    } else {
        ck_assert_msg(status == REEL_E_FULL, "%s: %s", reel_status_name(status),
                      err.text);
        ck_assert(!r.complete);
        ck_assert(set.asked == 0 ||
                  strcmp(set.refused[0], "it is too small") == 0);
    }
    set_fini(&set);
    return volumes;
}

START_TEST(tapes_of_every_size)
{
    const bool whole     = getenv("REEL_SOAK") != NULL;
    const uint64_t step  = whole ? 4096 : 4096 * 19;
    unsigned int several = 0;
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t objects;
    uint64_t size;
    int on_tape;

    undisturbed(fingerprint, &objects);
    for (on_tape = 0; on_tape < 2; on_tape++)
        for (size = 4096; size < 1700000; size += step) {
            const struct reel_memory_options kind = {.early_warning_bytes =
                                                         on_tape ? 20000 : 0,
                                                     .full_on_tape = on_tape};

            several += write_sizes(&kind, &size, 1, fingerprint, objects) > 1;
        }
    ck_assert_uint_ge(several, 30);
}
END_TEST

/* Where the first tape ends must not matter: every block of it. */
START_TEST(every_block_meets_the_end)
{
    const bool whole    = getenv("REEL_SOAK") != NULL;
    const uint64_t step = whole ? 4096 : 11 * 4096;
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t sizes[2] = {0, 3000000};
    uint64_t objects;
    int on_tape;

    undisturbed(fingerprint, &objects);
    for (on_tape = 0; on_tape < 2; on_tape++)
        for (sizes[0] = 80000; sizes[0] < 1600000; sizes[0] += step) {
            const struct reel_memory_options kind = {.early_warning_bytes =
                                                         on_tape ? 8192 : 0,
                                                     .full_on_tape = on_tape};

            ck_assert_uint_ge(
                write_sizes(&kind, sizes, 2, fingerprint, objects), 1);
        }
}
END_TEST

/* The catalog and the two ENDs, block by block. */
START_TEST(the_catalog_meets_the_end)
{
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_memory_options kind = {0};
    struct reel_write_options o     = small_blocks();
    uint64_t sizes[2]               = {0, 3000000};
    struct set set                  = {0};
    struct reel_write_result r;
    struct reel_err err;
    uint64_t objects;
    uint64_t all = 0;
    uint64_t i;

    undisturbed(fingerprint, &objects);
    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    for (i = 0; i < reel_memory_tape_count(set.tapes[1]); i++)
        all += reel_memory_tape_get(set.tapes[1], i).byte_count;
    set_fini(&set);
    for (sizes[0] = all - 10 * 4096; sizes[0] <= all; sizes[0] += 4096)
        ck_assert_uint_eq(write_sizes(&kind, sizes, 2, fingerprint, objects),
                          sizes[0] == all ? 1 : 2);
}
END_TEST

START_TEST(threads_do_not_change_the_octets)
{
    const uint64_t sizes[]      = {600000, 500000, 700000};
    struct set sets[2]          = {{.sizes = sizes, .size_count = 3},
                                   {.sizes = sizes, .size_count = 3}};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct reel_err err;
    unsigned int v;
    uint64_t i;

    o.compression = REEL_COMPRESSION_ZSTD;
    for (i = 0; i < 2; i++) {
        set_init(&sets[i]);
        o.threads = i == 0 ? 1 : 3;
        ck_assert_int_eq(set_write(&sets[i], &o, &r, &err), REEL_OK);
    }
    ck_assert_uint_ge(set_count(&sets[0]), 3);
    ck_assert_uint_eq(set_count(&sets[0]), set_count(&sets[1]));
    for (v = 1; v <= set_count(&sets[0]); v++) {
        ck_assert_uint_eq(reel_memory_tape_count(sets[0].tapes[v]),
                          reel_memory_tape_count(sets[1].tapes[v]));
        for (i = 0; i < reel_memory_tape_count(sets[0].tapes[v]); i++) {
            const struct reel_memory_element x =
                reel_memory_tape_get(sets[0].tapes[v], i);
            const struct reel_memory_element y =
                reel_memory_tape_get(sets[1].tapes[v], i);

            ck_assert_uint_eq(x.byte_count, y.byte_count);
            if (x.byte_count > 0)
                ck_assert_mem_eq(x.bytes, y.bytes, x.byte_count);
        }
    }
    set_fini(&sets[0]);
    set_fini(&sets[1]);
}
END_TEST

static struct reel_memory_tape *
tape_with(const struct reel_memory_options *kind, const char *text)
{
    struct reel_memory_tape *const t   = reel_memory_tape_new(kind);
    uint8_t block[512]                 = {0};
    const struct reel_memory_element e = {false, false, block, sizeof(block)};

    ck_assert_ptr_nonnull(t);
    memcpy(block, text, strlen(text));
    if (text[0] != '\0')
        ck_assert_int_eq(reel_memory_tape_insert(t, 0, &e, NULL), REEL_OK);
    return t;
}

START_TEST(wrong_volumes_are_refused)
{
    static const struct reel_memory_options protected_ = {.write_protected =
                                                              true};
    static const struct reel_memory_options tiny = {.capacity_bytes = 9000};
    static const struct reel_memory_options less = {.capacity_bytes = 250000};
    const uint64_t sizes[]                       = {600000, 3000000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct set old              = {0};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned int i;

    set_init(&old);
    ck_assert_int_eq(set_write(&old, &o, &r, &err), REEL_OK);
    set.bad[0]     = tape_with(&protected_, "");
    set.bad[1]     = tape_with(NULL, "not Reel");
    set.bad[2]     = old.tapes[1]; /* the same set id */
    set.bad[3]     = tape_with(&tiny, "");
    set.bad[4]     = tape_with(&less, "");
    set.bad_count  = 5;
    set.bad_number = 2;
    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_str_eq(set.refused[0], "it is write-protected");
    ck_assert_ptr_nonnull(strstr(set.refused[1], "it holds other data"));
    ck_assert_str_eq(set.refused[2], "it is volume 1 of this set already");
    ck_assert_str_eq(set.refused[3], "it is too small");
    ck_assert_str_eq(set.refused[4], "it is too small");
    ck_assert_uint_eq(set.asked, 6);
    ck_assert_uint_eq(r.volumes, 2);
    set_check(&set, 1, &f);
    ck_assert(f.complete);
    for (i = 0; i < set.bad_count; i++)
        if (set.bad[i] != old.tapes[1])
            reel_memory_tape_free(set.bad[i]);
    set_fini(&set);
    set_fini(&old);
}
END_TEST

/* Whoever brings the same wrong volume again and again is not asked for
   ever. */
START_TEST(a_wrong_volume_is_not_refused_for_ever)
{
    const uint64_t sizes[]      = {600000, 3000000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;

    set_init(&set);
    set.stubborn = tape_with(NULL, "not Reel");
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_FULL);
    ck_assert_uint_eq(set.stubborn_given, 16);
    ck_assert_ptr_nonnull(strstr(set.stubborn_refused, "other data"));
    ck_assert_ptr_nonnull(strstr(err.text, "holds other data"));
    set_check(&set, 1, &f);
    ck_assert(!f.complete);
    reel_memory_tape_free(set.stubborn);
    set_fini(&set);
}
END_TEST

/* Each takes its front and a few blocks, and then no more; or a segment, and
   is then given once more. */
START_TEST(volumes_too_small_are_not_asked_for_for_ever)
{
    const uint64_t sizes[]           = {600000, 3000000};
    struct reel_memory_options small = {0};
    unsigned int useful              = 0;

    for (small.capacity_bytes = 100000; small.capacity_bytes < 700000;
         small.capacity_bytes += 50000) {
        struct set set              = {.sizes = sizes, .size_count = 2};
        struct reel_write_options o = small_blocks();
        struct reel_write_result r;
        struct reel_err err;

        o.overwrite = true;
        set_init(&set);
        set.stubborn = tape_with(&small, "");
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_FULL);
        ck_assert_uint_ge(set.stubborn_given, 16);
        ck_assert_uint_le(set.stubborn_given, 17);
        useful += set.stubborn_given == 17;
        reel_memory_tape_free(set.stubborn);
        set_fini(&set);
    }
    ck_assert(useful > 0 && useful < 12);
}
END_TEST

START_TEST(what_may_be_overwritten)
{
    const uint64_t sizes[]             = {600000, 3000000};
    struct set set                     = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o        = small_blocks();
    const struct reel_memory_element e = {false, false,
                                          (const uint8_t *)"other data", 10};
    struct reel_write_result r;
    struct reel_err err;

    set_init(&set);
    ck_assert_int_eq(reel_memory_tape_insert(set_tape(&set, 2), 0, &e, NULL),
                     REEL_OK);
    o.overwrite = true;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(set.asked, 1);
    ck_assert_uint_eq(r.volumes, 2);
    set_fini(&set);
}
END_TEST

/* The first `count` things of `from`. */
static struct reel_memory_tape *
cut_drive(const struct reel_memory_tape *from, uint64_t count, bool drive)
{
    const struct reel_memory_options o = {.drive = drive};
    struct reel_memory_tape *const t   = reel_memory_tape_new(&o);
    uint64_t i;

    ck_assert_ptr_nonnull(t);
    for (i = 0; i < count; i++) {
        const struct reel_memory_element e = reel_memory_tape_get(from, i);

        ck_assert_int_eq(reel_memory_tape_insert(t, i, &e, NULL), REEL_OK);
    }
    return t;
}

static struct reel_memory_tape *
cut_tape(const struct reel_memory_tape *from, uint64_t count)
{
    return cut_drive(from, count, false);
}

/* The same, and the last of them cannot be read. */
static struct reel_memory_tape *
cut_inside(const struct reel_memory_tape *from, uint64_t count, bool drive)
{
    struct reel_memory_tape *const t = cut_drive(from, count, drive);

    ck_assert_int_eq(reel_memory_tape_spoil(t, count - 1, NULL), REEL_OK);
    return t;
}

/* Things in front of VOLUME: label, leader, and a filemark behind each. */
static uint64_t
count_front(const struct reel_memory_tape *t)
{
    unsigned int marks = 0;
    uint64_t i;

    for (i = 0; marks < 2; i++)
        marks += reel_memory_tape_get(t, i).filemark;
    return i;
}

/* Is a tape like `t` taken as a next volume? `t` is taken over. */
static bool
taken_as_next(struct reel_memory_tape *t)
{
    const uint64_t sizes[]            = {600000, 3000000};
    const struct reel_write_options o = small_blocks();
    struct set set                    = {.sizes = sizes, .size_count = 2};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    bool taken;

    set_init(&set);
    set.tapes[2] = t;
    taken        = set_write(&set, &o, &r, &err) == REEL_OK;
    if (taken) {
        set_check(&set, 1, &f);
        ck_assert(f.complete);
    } else {
        ck_assert_int_eq(err.status, REEL_E_FULL);
    }
    set_fini(&set);
    return taken;
}

/* Is it appended to, or begun anew? 0: neither. `t` is taken over. */
static int
begun_anew(struct reel_memory_tape *t, bool ask)
{
    const struct reel_write_options o = small_blocks();
    struct set set                    = {0};
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    int anew = 0;

    if (ask)
        set_init(&set);
    set.tapes[1] = t;
    if (set_write(&set, &o, &r, &err) == REEL_OK) {
        set_check(&set, r.archive, &f);
        ck_assert(f.complete);
        anew = r.new_set ? 1 : -1;
    }
    set_fini(&set);
    return anew;
}

/* A label, and no more than a leader: the writer was killed at once. */
START_TEST(a_volume_only_begun_is_free)
{
    const uint64_t sizes[]            = {600000, 3000000};
    const struct reel_write_options o = small_blocks();
    struct set set                    = {.sizes = sizes, .size_count = 2};
    struct reel_write_result r;
    struct reel_err err;
    uint64_t front;
    uint64_t n;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    front = count_front(set.tapes[1]);
    for (n = 1; n <= front; n += n == 2 ? front - 6 : 1) {
        ck_assert(taken_as_next(cut_tape(set.tapes[1], n)));
        ck_assert(taken_as_next(cut_tape(set.tapes[2], n)));
        ck_assert_int_eq(begun_anew(cut_tape(set.tapes[1], n), true), 1);
        ck_assert_int_eq(begun_anew(cut_tape(set.tapes[2], n), false), 1);
        /* The leader of a further volume says that others come first. */
        ck_assert_int_eq(begun_anew(cut_tape(set.tapes[2], n), true), n < 3);
    }
    /* An image ends inside a block of the leader, or in VOLUME. On a drive it
       is a block that cannot be read. */
    for (n = front - 2; n <= front + 1; n += 3) {
        ck_assert(taken_as_next(cut_inside(set.tapes[1], n, false)));
        ck_assert(!taken_as_next(cut_inside(set.tapes[1], n, true)));
        ck_assert_int_eq(begun_anew(cut_inside(set.tapes[1], n, false), true),
                         1);
        ck_assert_int_eq(begun_anew(cut_inside(set.tapes[1], n, true), true),
                         0);
    }
    ck_assert(!taken_as_next(cut_tape(set.tapes[1], front + 1)));
    ck_assert_int_eq(begun_anew(cut_tape(set.tapes[1], front + 3), false), -1);
    set_fini(&set);
}
END_TEST

/* Where data may stand behind the leader, it is not free. */
START_TEST(a_volume_that_may_hold_data_is_not_free)
{
    const struct reel_memory_element other = {false, false,
                                              (const uint8_t *)"\001data", 5};
    const struct reel_memory_element mark  = {.filemark = true};
    const struct reel_write_options o      = small_blocks();
    struct set set                         = {0};
    struct reel_memory_tape *t;
    struct reel_write_result r;
    struct reel_err err;
    unsigned int kind;
    unsigned int use;
    uint64_t front;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    front = count_front(set.tapes[1]);
    for (kind = 0; kind < 4; kind++)
        for (use = 0; use < 2; use++) {
            const uint64_t n = kind < 2 ? front : front - 1;

            t = cut_tape(set.tapes[1], n);
            if (kind == 1) /* behind one more filemark */
                ck_assert_int_eq(reel_memory_tape_insert(t, n, &mark, NULL),
                                 REEL_OK);
            if (kind < 3) /* behind the leader, or in it */
                ck_assert_int_eq(
                    reel_memory_tape_insert(t, n + (kind == 1), &other, NULL),
                    REEL_OK);
            else /* not at the end of the leader */
                ck_assert_int_eq(reel_memory_tape_spoil(t, n - 3, NULL),
                                 REEL_OK);
            if (use == 0)
                ck_assert(!taken_as_next(t));
            else
                ck_assert_int_eq(begun_anew(t, false), 0);
        }
    set_fini(&set);
}
END_TEST

START_TEST(no_further_volume_is_said)
{
    const uint64_t sizes[]      = {600000};
    struct set set              = {.sizes = sizes, .size_count = 1};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;

    set.volumes_max = 2;
    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_FULL);
    ck_assert(!r.complete);
    ck_assert_uint_eq(r.volumes, 2);
    set_check(&set, 1, &f);
    ck_assert(!f.complete);
    ck_assert_uint_ge(f.checkpoints, 1);
    set_fini(&set);
}
END_TEST

/* Archives behind each other on several volumes, each checked; the head of the
   last tells of all volumes and archives before. */
START_TEST(appending_to_a_set)
{
    const uint64_t sizes[]      = {900000, 800000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    unsigned int before;
    unsigned int i;

    set_init(&set);
    for (i = 1; i <= 3; i++) {
        before = set_count(&set);
        if (before > 0)
            ck_assert_int_eq(set_load(&set, before, &err), REEL_OK);
        ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
        ck_assert_uint_eq(r.archive, i);
        ck_assert_uint_gt(set_count(&set), before);
        set_check(&set, i, &f);
        ck_assert(f.complete);
        ck_assert_uint_eq(f.earlier_volumes, before);
        ck_assert_uint_eq(f.earlier_complete, i - 1);
    }
    set_fini(&set);
}
END_TEST

/* The first of two volumes is no place to append to. */
START_TEST(appending_asks_for_the_last_volume)
{
    const uint64_t sizes[]      = {900000, 3000000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;
    uint64_t before;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(set_count(&set), 2);
    before          = reel_memory_tape_count(set.tapes[1]);
    set.volumes.get = NULL;
    ck_assert_int_eq(set_load(&set, 1, &err), REEL_OK);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MISUSE);
    set_init(&set);
    ck_assert_int_eq(set_load(&set, 1, &err), REEL_OK);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(r.archive, 2);
    ck_assert_uint_eq(reel_memory_tape_count(set.tapes[1]), before);
    set_check(&set, 2, &f);
    ck_assert(f.complete);
    set_fini(&set);
}
END_TEST

/* Unless it is said that it is the last one all the same. */
START_TEST(appending_where_an_archive_breaks_off)
{
    const uint64_t sizes[]      = {900000, 3000000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o = small_blocks();
    struct reel_memory_tape *first;
    struct reel_write_result r;
    struct set_facts f;
    struct reel_err err;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    /* The second one is lost, and the first has room now. */
    reel_memory_tape_free(set.tapes[2]);
    set.tapes[2] = NULL;
    first        = set.tapes[1];
    set.tapes[1] = cut_tape(first, reel_memory_tape_count(first));
    reel_memory_tape_free(first);
    set.volumes.get = NULL;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MISUSE);
    ck_assert_ptr_nonnull(strstr(err.text, "--last-volume"));
    ck_assert_ptr_nonnull(strstr(err.text, "archive 1 breaks off on volume 1"));
    o.last_volume = true;
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_uint_eq(r.archive, 2);
    ck_assert(!r.new_set);
    set_check(&set, 2, &f);
    ck_assert(f.complete);
    ck_assert_uint_eq(f.earlier_complete, 0);
    set_fini(&set);
}
END_TEST

START_TEST(appending_does_not_ask_for_ever)
{
    const uint64_t sizes[]      = {900000, 3000000};
    struct set set              = {.sizes = sizes, .size_count = 2};
    struct reel_write_options o = small_blocks();
    struct reel_write_result r;
    struct reel_err err;

    set_init(&set);
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_OK);
    ck_assert_int_eq(set_load(&set, 1, &err), REEL_OK);
    set.stubborn = tape_with(NULL, "not Reel");
    ck_assert_int_eq(set_write(&set, &o, &r, &err), REEL_E_MISUSE);
    ck_assert_uint_eq(set.stubborn_given, 16);
    reel_memory_tape_free(set.stubborn);
    set_fini(&set);
}
END_TEST

START_TEST(volume_ids_count_on)
{
    static const char *const ids[][2] = {
        {"REEL01", "REEL02"}, {"REEL09", "REEL10"}, {"REEL99", "REEL00"},
        {"A9    ", "A10   "}, {"A99999", "A00000"}, {"TAPE  ", "TAPE7 "},
        {"ABCDEF", "ABCDEF"}, {"999999", "000000"}, {"1     ", "2     "}};
    size_t i;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        uint8_t id[REEL_VOLUME_ID_BYTES];

        memcpy(id, ids[i][0], sizeof(id));
        reel_volume_id_next(id, 7);
        ck_assert_mem_eq(id, ids[i][1], sizeof(id));
        ck_assert(reel_volume_id_legal(id));
    }
}
END_TEST

static void
add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, tree_make, tree_remove);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, tapes_of_every_size);
    tcase_add_test(tc, every_block_meets_the_end);
    tcase_add_test(tc, the_catalog_meets_the_end);
    tcase_add_test(tc, threads_do_not_change_the_octets);
    tcase_add_test(tc, wrong_volumes_are_refused);
    tcase_add_test(tc, a_wrong_volume_is_not_refused_for_ever);
    tcase_add_test(tc, volumes_too_small_are_not_asked_for_for_ever);
    tcase_add_test(tc, what_may_be_overwritten);
    tcase_add_test(tc, a_volume_only_begun_is_free);
    tcase_add_test(tc, a_volume_that_may_hold_data_is_not_free);
    tcase_add_test(tc, no_further_volume_is_said);
    tcase_add_test(tc, appending_to_a_set);
    tcase_add_test(tc, appending_asks_for_the_last_volume);
    tcase_add_test(tc, appending_where_an_archive_breaks_off);
    tcase_add_test(tc, appending_does_not_ask_for_ever);
    tcase_add_test(tc, volume_ids_count_on);
}

int
main(void)
{
    return suite_run("write_sets", add);
}
