/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader on sets of volumes, as the writer makes them, of every size: all
 * of it, one object, a volume missing, the order in which volumes are asked
 * for, archives that are not complete.
 */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reader_probe.h"
#include "reel/catalog_file.h"
#include "reel/list.h"

#define VOLUMES_MAX 64U
#define ASKED_MAX 128U

/* A set, and who brings its volumes. */
struct set {
    struct reel_memory_tape *tapes[VOLUMES_MAX]; /* volume n is n - 1 */
    unsigned int count;
    uint64_t capacity;
    bool missing[VOLUMES_MAX + 1];  /* 0: the last one is not known */
    struct reel_memory_tape *wrong; /* brought first, instead */
    struct reel_medium *open;
    uint32_t asked[ASKED_MAX];
    unsigned int asked_count;
    unsigned int refused;
    char labels[ASKED_MAX][8];
};

static struct set set;
static struct probe_read probe;

static void
close_open(struct set *s)
{
    if (s->open != NULL)
        ck_assert_int_eq(reel_medium_close(s->open, NULL), REEL_OK);
    s->open = NULL;
}

static struct reel_memory_tape *
add_tape(struct set *s)
{
    const struct reel_memory_options how = {.capacity_bytes = s->capacity};

    ck_assert_uint_lt(s->count, VOLUMES_MAX);
    s->tapes[s->count] = reel_memory_tape_new(&how);
    ck_assert_ptr_nonnull(s->tapes[s->count]);
    return s->tapes[s->count++];
}

static void
open_tape(struct set *s, struct reel_memory_tape *tape,
          enum reel_medium_mode mode)
{
    ck_assert_int_eq(reel_medium_memory_new(&s->open, tape, mode, NULL),
                     REEL_OK);
}

static enum reel_status
get(void *ctx, const struct reel_volume_wish *wish, struct reel_medium **medium,
    struct reel_err *err)
{
    struct set *const s         = ctx;
    uint32_t number             = wish->number;
    struct reel_memory_tape *of = NULL;

    (void)err;
    close_open(s);
    s->refused += wish->refused != NULL;
    if (wish->write) {
        open_tape(s, add_tape(s), REEL_MEDIUM_WRITE);
        *medium = s->open;
        return REEL_OK;
    }
    ck_assert_uint_lt(s->asked_count, ASKED_MAX);
    if (wish->volume_id != NULL)
        strcpy(s->labels[s->asked_count], wish->volume_id);
    if (wish->refused == NULL)
        s->asked[s->asked_count++] = number;
    if (s->wrong != NULL && wish->refused == NULL)
        of = s->wrong;
    else if (number == 0 && !s->missing[0])
        for (number = s->count; number > 0 && s->missing[number];)
            number--;
    if (of == NULL) {
        if (number == 0 || number > s->count || s->missing[number])
            return REEL_END;
        of = s->tapes[number - 1];
    }
    open_tape(s, of, REEL_MEDIUM_READ);
    *medium = s->open;
    return REEL_OK;
}

static const struct reel_volumes volumes = {&set, get};

static void
set_clear(struct set *s)
{
    unsigned int i;

    close_open(s);
    for (i = 0; i < s->count; i++)
        reel_memory_tape_free(s->tapes[i]);
    memset(s, 0, sizeof(*s));
}

static enum reel_status
one_path(void *ctx, const char **path, struct reel_err *err)
{
    bool *const given = ctx;

    (void)err;
    if (*given)
        return REEL_END;
    *given = true;
    *path  = ".";
    return REEL_OK;
}

/* How the writer is called. */
struct how {
    uint64_t checkpoint_bytes;
    unsigned long killed_at; /* call of the medium that fails, and all behind
                                it; 0: none */
    bool resume;
    int catalog_fd;
};

/* Write from the last tape on. */
static enum reel_status
write_how(struct set *s, const struct how *how)
{
    static const uint8_t id[REEL_SET_ID_BYTES] = {7};
    struct reel_memory_tape *const tape =
        s->count == 0 ? add_tape(s) : s->tapes[s->count - 1];
    struct reel_write_result result;
    struct reel_write_options o;
    struct reel_err err = {.status = REEL_OK};
    enum reel_status status;
    bool given = false;
    char here[256];

    memset(&o, 0, sizeof(o));
    ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
    open_tape(s, tape, REEL_MEDIUM_WRITE);
    reel_memory_tape_fail_at(tape, how->killed_at, true);
    o.medium           = s->open;
    o.volumes          = how->killed_at == 0 ? &volumes : NULL;
    o.resume           = how->resume;
    o.block_bytes      = 4096;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = how->checkpoint_bytes;
    o.set_id           = id;
    o.base_fd          = AT_FDCWD;
    o.base_path        = here;
    o.paths            = one_path;
    o.paths_ctx        = &given;
    o.catalog_fd       = how->catalog_fd;
    status             = reel_write(&o, &result, &err);
    reel_memory_tape_fail_at(tape, 0, false);
    close_open(s);
    if (status == REEL_OK && !how->resume)
        ck_assert_uint_eq(result.objects, PROBE_OBJECTS);
    ck_assert_msg(status == REEL_OK || how->killed_at != 0 || how->resume, "%s",
                  err.text);
    return status;
}

static void
write_archive(struct set *s, uint64_t checkpoint_bytes)
{
    const struct how how = {.checkpoint_bytes = checkpoint_bytes,
                            .catalog_fd       = -1};

    ck_assert_int_eq(write_how(s, &how), REEL_OK);
}

static void
write_set(struct set *s, uint64_t capacity, uint64_t checkpoint_bytes)
{
    set_clear(s);
    s->capacity = capacity;
    write_archive(s, checkpoint_bytes);
}

static void
setup(void)
{
    probe_tree_make();
    probe_read_init(&probe);
}

static void
teardown(void)
{
    probe_read_fini(&probe);
    set_clear(&set);
    probe_tree_remove();
}

/* ---- reading ---- */

/* Restore with volume `at_hand` in the drive; alone: no other can be had. */
static enum reel_status
restore(unsigned int at_hand, bool alone, const char *pattern)
{
    enum reel_status status;

    set.asked_count = 0;
    set.refused     = 0;
    memset(set.labels, 0, sizeof(set.labels));
    open_tape(&set, set.tapes[at_hand - 1], REEL_MEDIUM_READ);
    probe.access.medium  = set.open;
    probe.access.volumes = alone ? NULL : &volumes;
    status               = probe_read_opened(&probe, pattern);
    close_open(&set);
    return status;
}

/* Where objects stand, and on which volumes, from the whole set. */
struct where {
    char path[64];
    uint32_t from;
    uint32_t to;
    bool torn;
};

struct listed {
    unsigned int count;
    struct where list[64];
    uint32_t archive;
};

static enum reel_status
note_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct listed *const l = ctx;
    struct where *const w  = &l->list[l->count++];

    (void)err;
    ck_assert_uint_le(l->count, 64);
    memset(w, 0, sizeof(*w));
    if (item->object->path.len > 0)
        memcpy(w->path, item->object->path.data, item->object->path.len);
    w->from = item->entry->begin.volume;
    w->to   = item->end == NULL ? w->from : item->entry->end.volume;
    w->torn = item->end == NULL;
    if (item->object->kind == REEL_KIND_LINK && item->entry->data.volume != 0)
        w->from = item->entry->data.volume;
    l->archive = item->archive;
    return REEL_OK;
}

static enum reel_status
list(unsigned int at_hand, bool alone, struct listed *l)
{
    enum reel_status status;

    memset(l, 0, sizeof(*l));
    set.asked_count = 0;
    probe_read_clear(&probe);
    open_tape(&set, set.tapes[at_hand - 1], REEL_MEDIUM_READ);
    probe.access.medium  = set.open;
    probe.access.volumes = alone ? NULL : &volumes;
    status = reel_list(&probe.access, NULL, note_item, l, &probe.err);
    close_open(&set);
    probe.access.medium = NULL;
    return status;
}

static bool
restored(const char *path)
{
    const struct probe_given *const g = probe_read_find(&probe, path);

    return g != NULL && g->ended && g->outcome == REEL_OUTCOME_PROVEN;
}

/* Behind the one for the last, volumes were asked for upward, each once. */
static void
check_order(void)
{
    unsigned int i = set.asked_count > 0 && set.asked[0] == 0;

    for (i++; i < set.asked_count; i++)
        ck_assert_uint_gt(set.asked[i], set.asked[i - 1]);
}

/* Of volumes whose leader is short: fuzz/short_leader.c. */
static const uint64_t sizes[] = {2860000, 960000, 660000, 460000,
                                 380000,  340000, 300000};

START_TEST(all_of_sets_of_every_size)
{
    unsigned int at_hand;
    unsigned int most = 0;
    struct listed l;
    size_t i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        write_set(&set, sizes[i], 200000);
        most = set.count > most ? set.count : most;
        for (at_hand = 1; at_hand <= set.count; at_hand++) {
            probe.access.threads = at_hand % 2;
            ck_assert_msg(restore(at_hand, false, NULL) == REEL_OK, "%s",
                          probe.err.text);
            ck_assert_uint_eq(probe_read_check(&probe), PROBE_OBJECTS);
            ck_assert_uint_eq(probe.result.lost, 0);
            ck_assert_uint_eq(probe.told_count, 0);
            ck_assert(!probe.result.scanned);
            ck_assert_uint_eq(set.asked_count > 0 && set.asked[0] == 0,
                              at_hand != set.count);
            check_order();
            ck_assert_int_eq(list(at_hand, false, &l), REEL_OK);
            ck_assert_uint_eq(l.count, PROBE_OBJECTS);
            ck_assert_uint_eq(probe.told_count, 0);
            ck_assert_uint_eq(set.asked_count, at_hand != set.count);
        }
    }
    ck_assert_uint_ge(most, 4);
}
END_TEST

START_TEST(one_object_of_a_set)
{
    struct listed l;
    unsigned int i;
    unsigned int k;

    write_set(&set, 480000, 0);
    ck_assert_uint_ge(set.count, 4);
    ck_assert_int_eq(list(set.count, false, &l), REEL_OK);
    for (i = 0; i < l.count; i++) {
        if (l.list[i].path[0] == '\0')
            continue;
        ck_assert_int_eq(restore(1, false, l.list[i].path), REEL_OK);
        ck_assert_msg(restored(l.list[i].path), "%s", l.list[i].path);
        (void)probe_read_check(&probe);
        ck_assert_uint_eq(probe.result.lost, 0);
        ck_assert_uint_eq(set.asked[0], 0);
        if (probe.given_count == 1 && l.list[i].from == l.list[i].to)
            ck_assert_uint_le(set.asked_count, 2);
        for (k = 1; k < set.asked_count; k++)
            ck_assert_str_ne(set.labels[k], "");
    }
}
END_TEST

/* The data of "z" stand on the first volume, its name on the last. */
START_TEST(a_link_whose_data_are_on_another_volume)
{
    write_set(&set, 480000, 0);
    ck_assert_int_eq(restore(set.count, false, "z"), REEL_OK);
    ck_assert(restored("z"));
    ck_assert_uint_eq(set.asked_count, 1);
    ck_assert_uint_eq(set.asked[0], 1);
    ck_assert_str_eq(set.labels[0], "REEL01");
    set.missing[1] = true;
    ck_assert_int_eq(restore(set.count, false, "z"), REEL_OK);
    ck_assert(!restored("z"));
    ck_assert(probe_read_told_of(&probe, REEL_NOTE_WANTED, "z"));
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    ck_assert_uint_eq(set.asked_count, 1);
}
END_TEST

/* Everything but what stands on `missing` is there, and that is named. */
static void
check_missing(const struct listed *l, uint32_t missing)
{
    unsigned int wanted = 0;
    unsigned int i;

    for (i = 0; i < l->count; i++) {
        const struct where *const w = &l->list[i];
        const bool gone =
            strcmp(w->path, "z") == 0 || strcmp(w->path, "zz") == 0
                ? w->from == missing || w->to == missing
                : w->from <= missing && missing <= w->to;

        ck_assert_msg(restored(w->path) == !gone, "%s without volume %u",
                      w->path, missing);
        if (w->path[0] != '\0')
            ck_assert_msg(
                probe_read_told_of(&probe, REEL_NOTE_WANTED, w->path) == gone,
                "%s without volume %u", w->path, missing);
        wanted += gone;
    }
    ck_assert_uint_eq(probe.result.lost, wanted);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), 0);
    (void)probe_read_check(&probe);
}

START_TEST(each_volume_missing_in_turn)
{
    unsigned int missing;
    struct listed l;
    size_t i;

    for (i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        write_set(&set, sizes[i], 200000);
        ck_assert_int_eq(list(set.count, false, &l), REEL_OK);
        for (missing = 1; missing < set.count; missing++) {
            memset(set.missing, 0, sizeof(set.missing));
            set.missing[missing] = true;
            probe.access.threads = missing % 2;
            ck_assert_int_eq(restore(set.count, false, NULL), REEL_OK);
            check_missing(&l, missing);
            check_order();
        }
    }
}
END_TEST

/* Without the last one there is no catalog: checkpoints, and a scan behind the
   last of them. */
START_TEST(the_last_volume_missing)
{
    unsigned int unknown;
    struct listed whole;
    struct listed l;
    unsigned int k;
    size_t i;

    for (i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (unknown = 0; unknown < 2; unknown++) {
            write_set(&set, sizes[i], 200000);
            ck_assert_int_eq(list(set.count, false, &whole), REEL_OK);
            set.missing[set.count] = true;
            set.missing[0]         = unknown != 0;
            ck_assert_msg(restore(1, false, NULL) == REEL_OK, "%s",
                          probe.err.text);
            (void)probe_read_check(&probe);
            ck_assert(probe.result.scanned);
            for (k = 0; k < whole.count; k++)
                if (whole.list[k].from < set.count &&
                    whole.list[k].to < set.count)
                    ck_assert_msg(restored(whole.list[k].path), "%s",
                                  whole.list[k].path);
            ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
            ck_assert_uint_gt(probe_read_told(&probe, REEL_NOTE_WANTED), 0);
            ck_assert_int_eq(list(1, false, &l), REEL_OK);
            for (k = 0; k < l.count; k++)
                ck_assert_str_eq(l.list[k].path, whole.list[k].path);
        }
}
END_TEST

START_TEST(one_volume_alone)
{
    unsigned int at_hand;
    struct listed whole;
    struct listed l;
    unsigned int k;
    size_t i;

    for (i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        write_set(&set, sizes[i], 200000);
        ck_assert_int_eq(list(set.count, false, &whole), REEL_OK);
        for (at_hand = 1; at_hand <= set.count; at_hand++) {
            ck_assert_int_eq(list(at_hand, true, &l), REEL_OK);
            ck_assert(at_hand == set.count || probe.told_count > 0);
            ck_assert_msg(restore(at_hand, true, NULL) == REEL_OK, "%s",
                          probe.err.text);
            (void)probe_read_check(&probe);
            for (k = 0; k < whole.count; k++)
                if (whole.list[k].from == at_hand &&
                    whole.list[k].to == at_hand)
                    ck_assert_msg(restored(whole.list[k].path),
                                  "%s on volume %u of %u", whole.list[k].path,
                                  at_hand, set.count);
            ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
            ck_assert_uint_gt(probe_read_told(&probe, REEL_NOTE_WANTED), 0);
        }
    }
}
END_TEST

START_TEST(the_wrong_volume_is_refused)
{
    struct reel_memory_tape *const other = probe_tape_new(false);
    const struct probe_archive how       = {.set = 1, .catalog_fd = -1};
    struct reel_memory_tape *const blank = probe_tape_new(false);

    probe_archive_add(other, &how);
    write_set(&set, 480000, 0);
    set.wrong = other;
    ck_assert_int_eq(restore(1, false, NULL), REEL_OK);
    ck_assert_uint_eq(set.refused, set.asked_count);
    ck_assert_uint_eq(probe_read_check(&probe), PROBE_OBJECTS);
    set.wrong = blank;
    ck_assert_int_eq(restore(2, false, NULL), REEL_OK);
    ck_assert_uint_eq(set.refused, set.asked_count);
    ck_assert_uint_eq(probe_read_check(&probe), PROBE_OBJECTS);
    set.wrong = set.tapes[1];
    ck_assert_int_eq(restore(set.count, false, "a/one"), REEL_OK);
    ck_assert(restored("a/one"));
    ck_assert_uint_eq(set.refused, set.asked_count);
    set.wrong = NULL;
    reel_memory_tape_free(other);
    reel_memory_tape_free(blank);
}
END_TEST

/* Cut the last tape to `count` things. */
static void
cut_last(uint64_t count)
{
    struct reel_memory_tape *const t = set.tapes[set.count - 1];

    while (reel_memory_tape_count(t) > count)
        ck_assert_int_eq(
            reel_memory_tape_remove(t, reel_memory_tape_count(t) - 1, NULL),
            REEL_OK);
}

/* The writer was killed: what was whole before is restored, and the list
   tells no more than that. */
START_TEST(an_incomplete_archive)
{
    struct listed whole;
    struct listed l;
    unsigned int k;
    uint64_t count;

    write_set(&set, 460000, 100000);
    ck_assert_uint_ge(set.count, 3);
    ck_assert_int_eq(list(set.count, false, &whole), REEL_OK);
    for (count = reel_memory_tape_count(set.tapes[set.count - 1]) - 4;
         count > 90; count -= 3) {
        cut_last(count);
        ck_assert_msg(list(1, false, &l) == REEL_OK, "%s", probe.err.text);
        ck_assert_uint_gt(probe_read_told(&probe, REEL_NOTE_DAMAGE) +
                              probe_read_told(&probe, REEL_NOTE_WANTED),
                          0);
        ck_assert_uint_le(l.count, whole.count);
        for (k = 0; k < l.count; k++)
            ck_assert_str_eq(l.list[k].path, whole.list[k].path);
        ck_assert_msg(restore(1, false, NULL) == REEL_OK, "%s", probe.err.text);
        (void)probe_read_check(&probe);
        for (k = 0; k < whole.count; k++)
            if (whole.list[k].to < set.count && whole.list[k].from < set.count)
                ck_assert(restored(whole.list[k].path));
        for (k = 0; k < l.count; k++)
            ck_assert(restored(l.list[k].path) == !l.list[k].torn);
    }
}
END_TEST

/* The file that `made` holds is that of `kept`. */
static void
check_same(FILE *made, FILE *kept)
{
    static uint8_t a[300000];
    static uint8_t b[300000];
    const ssize_t n = pread(fileno(kept), a, sizeof(a), 0);

    ck_assert_int_gt(n, 0);
    ck_assert_int_lt(n, (ssize_t)sizeof(a));
    ck_assert_int_eq(pread(fileno(made), b, sizeof(b), 0), n);
    ck_assert_mem_eq(a, b, (size_t)n);
}

static void
check_rebuild(FILE *kept)
{
    FILE *const made = tmpfile();

    ck_assert_ptr_nonnull(made);
    set.asked_count = 0;
    probe_read_clear(&probe);
    open_tape(&set, set.tapes[0], REEL_MEDIUM_READ);
    probe.access.medium  = set.open;
    probe.access.volumes = &volumes;
    ck_assert_msg(reel_catalog_rebuild(&probe.access, fileno(made),
                                       &probe.err) == REEL_OK,
                  "%s", probe.err.text);
    close_open(&set);
    probe.access.medium = NULL;
    ck_assert_uint_eq(probe.told_count, 0);
    check_same(made, kept);
    (void)fclose(made);
}

START_TEST(the_catalog_of_a_set_is_rebuilt)
{
    size_t i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        FILE *const kept = tmpfile();
        struct how how   = {.checkpoint_bytes = 200000};

        ck_assert_ptr_nonnull(kept);
        how.catalog_fd = fileno(kept);
        set_clear(&set);
        set.capacity = sizes[i];
        ck_assert_int_eq(write_how(&set, &how), REEL_OK);
        check_rebuild(kept);
        (void)fclose(kept);
    }
}
END_TEST

/* What the writer resumed reads as if nothing had happened. */
static bool
kill_and_resume(uint64_t capacity, unsigned long killed_at)
{
    FILE *const kept       = tmpfile();
    const struct how first = {
        .checkpoint_bytes = 200000, .killed_at = killed_at, .catalog_fd = -1};
    struct how second = {.resume = true};
    struct listed l;
    bool resumed;

    ck_assert_ptr_nonnull(kept);
    second.catalog_fd = fileno(kept);
    set_clear(&set);
    set.capacity = capacity;
    ck_assert_int_ne(write_how(&set, &first), REEL_OK);
    resumed = write_how(&set, &second) == REEL_OK;
    if (resumed) {
        ck_assert_msg(restore(1, false, NULL) == REEL_OK, "%s", probe.err.text);
        ck_assert_uint_eq(probe_read_check(&probe), PROBE_OBJECTS);
        ck_assert_uint_eq(probe.result.lost, 0);
        ck_assert_uint_eq(probe.told_count, 0);
        ck_assert_int_eq(list(1, false, &l), REEL_OK);
        ck_assert_uint_ge(l.count, PROBE_OBJECTS);
        ck_assert_uint_eq(probe.told_count, 0);
        check_rebuild(kept);
    }
    (void)fclose(kept);
    return resumed;
}

START_TEST(resumed_archives)
{
    unsigned int resumed = 0;
    unsigned long n;

    for (n = 20; n < 240; n += 7)
        resumed += kill_and_resume(2860000, n);
    ck_assert_uint_ge(resumed, 15);
    for (n = 20; n < 150; n += 17)
        resumed += kill_and_resume(560000, n);
    ck_assert_uint_ge(resumed, 20);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, all_of_sets_of_every_size);
    tcase_add_test(t, one_object_of_a_set);
    tcase_add_test(t, a_link_whose_data_are_on_another_volume);
    tcase_add_test(t, each_volume_missing_in_turn);
    tcase_add_test(t, the_last_volume_missing);
    tcase_add_test(t, one_volume_alone);
    tcase_add_test(t, the_wrong_volume_is_refused);
    tcase_add_test(t, an_incomplete_archive);
    tcase_add_test(t, the_catalog_of_a_set_is_rebuilt);
    tcase_add_test(t, resumed_archives);
}

int
main(void)
{
    return suite_run("reader_sets", add);
}
