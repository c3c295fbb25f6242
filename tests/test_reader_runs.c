/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader on archives in several runs, and on sets of small volumes made by
 * hand: what was superseded is never used, whatever way the archive is read.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image_objects.h"
#include "image_server.h"
#include "reader_probe.h"
#include "reel/catalog_file.h"
#include "reel/dump.h"
#include "reel/info.h"
#include "reel/list.h"

#define FILES 9U
#define FILE_BYTES 3000U

static struct probe_read probe;
static struct image *image;
static struct image_server server;

/* What file `n` holds; those of a superseded run hold something else. */
static const uint8_t *
content_of(unsigned int n, bool void_one)
{
    static uint8_t content[FILE_BYTES];

    image_noise(content, sizeof(content), 100 * void_one + n);
    return content;
}

static void
drop_image(void)
{
    if (image != NULL)
        image_free(image);
    image = NULL;
}

static void
add_files(unsigned int from, unsigned int to, bool void_ones)
{
    char path[8];

    for (; from < to; from++) {
        (void)snprintf(path, sizeof(path), "f%u", from);
        (void)image_file(image, path, content_of(from, void_ones), FILE_BYTES,
                         1);
    }
}

static void
start(void)
{
    const struct image_options o = {.block_bytes = 512, .segment_bytes = 1000};

    image = image_new(&o);
    image_volume(image);
}

static void
setup(void)
{
    probe_read_init(&probe);
    image = NULL;
}

static void
teardown(void)
{
    probe_read_fini(&probe);
    image_server_close(&server);
    drop_image();
}

/* An object that the break leaves torn. */
static void
begin_torn(void)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, "f4");

    o.size = FILE_BYTES;
    (void)image_object(image, &o);
    image_stream(image, REEL_STREAM_DATA, FILE_BYTES);
    image_data(image, content_of(4, false), 1700);
}

/* f4 is open at the checkpoint, and some more stands behind it. */
static void
broken_archive(bool fresh)
{
    start();
    image_archive(image);
    add_files(0, 4, false);
    begin_torn();
    image_checkpoint(image);
    image_data(image, content_of(4, true), FILE_BYTES - 1700);
    image_group_end(image);
    image_object_end(image);
    add_files(5, 7, true);
    image_break(image);
    image_resume(image, 1, fresh);
    add_files(4, FILES, false);
}

static enum reel_status
restore(uint32_t at_hand, bool alone, const char *pattern)
{
    enum reel_status status;

    image_server_init(&server, image);
    probe.access.medium  = image_server_open(&server, at_hand);
    probe.access.volumes = alone ? NULL : &server.volumes;
    status               = probe_read_opened(&probe, pattern);
    image_server_close(&server);
    return status;
}

/* The same with the volumes that the server has. */
static enum reel_status
restore_served(uint32_t at_hand)
{
    enum reel_status status;

    probe_read_clear(&probe);
    probe.access.medium  = image_server_open(&server, at_hand);
    probe.access.volumes = &server.volumes;
    server.log[0]        = '\0';
    status               = probe_read_opened(&probe, NULL);
    image_server_close(&server);
    return status;
}

/* Is every proven file what it must be? How many. */
static unsigned int
check_files(void)
{
    unsigned int proven = 0;
    unsigned int i;

    for (i = 0; i < probe.given_count; i++) {
        const struct probe_given *const g = &probe.given[i];

        if (g->kind != REEL_KIND_FILE || g->outcome != REEL_OUTCOME_PROVEN)
            continue;
        proven++;
        ck_assert_uint_eq(g->got, FILE_BYTES);
        ck_assert_mem_eq(g->content,
                         content_of((unsigned int)(g->path[1] - '0'), false),
                         FILE_BYTES);
    }
    return proven;
}

struct listed {
    unsigned int count;
    unsigned int torn;
    struct where {
        char path[8];
        uint32_t from;
        uint32_t to;
    } where[FILES + 2];
};

static enum reel_status
note_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct listed *const l = ctx;
    struct where *const w  = &l->where[l->count];

    (void)err;
    ck_assert_uint_lt(l->count, FILES + 2);
    memset(w, 0, sizeof(*w));
    memcpy(w->path, item->object->path.data, item->object->path.len);
    w->from = item->entry->begin.volume;
    w->to   = item->entry->end.volume;
    l->count++;
    l->torn += item->end == NULL;
    return REEL_OK;
}

static enum reel_status
list(uint32_t at_hand, struct listed *l)
{
    enum reel_status status;

    memset(l, 0, sizeof(*l));
    probe_read_clear(&probe);
    image_server_init(&server, image);
    probe.access.medium  = image_server_open(&server, at_hand);
    probe.access.volumes = &server.volumes;
    status = reel_list(&probe.access, NULL, note_item, l, &probe.err);
    image_server_close(&server);
    probe.access.medium = NULL;
    return status;
}

static void
check_resumed(bool complete)
{
    const uint32_t last = image_volumes(image);
    struct listed l;

    ck_assert_msg(list(1, &l) == REEL_OK, "%s", probe.err.text);
    ck_assert_uint_eq(l.count, FILES + 1);
    ck_assert_uint_eq(l.torn, 1);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_INVALID), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), !complete);
    ck_assert_msg(restore(last, false, NULL) == REEL_OK, "%s", probe.err.text);
    ck_assert_uint_eq(check_files(), FILES);
    ck_assert_uint_eq(probe.given_count, FILES);
    ck_assert_uint_eq(probe.result.lost, 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_INVALID), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), !complete);
    ck_assert_int_eq(restore(1, false, "f4"), REEL_OK);
    ck_assert_uint_eq(check_files(), 1);
}

START_TEST(a_resumed_archive)
{
    int fresh;

    for (fresh = 0; fresh < 2; fresh++) {
        drop_image();
        broken_archive(fresh);
        image_archive_end(image);
        check_resumed(true);
    }
}
END_TEST

/* No END: checkpoints and what stands behind, or nothing but the data. */
START_TEST(a_resumed_archive_that_is_not_complete)
{
    int how;

    for (how = 0; how < 4; how++) {
        drop_image();
        broken_archive(how % 2);
        if (how >= 2)
            image_checkpoint(image);
        image_break(image);
        check_resumed(false);
    }
}
END_TEST

/* The blocks of the catalog and END that stand last on the set. */
static size_t
catalog_on_tape(uint8_t *out, size_t capacity)
{
    struct reel_memory_tape *t;
    struct reel_block_header h;
    size_t len    = 0;
    uint64_t i    = 0;
    bool have_end = false;

    image_server_init(&server, image);
    t = server.tapes[image_volumes(image) - 1];
    for (; i < reel_memory_tape_count(t); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);

        if (e.filemark ||
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) != REEL_OK)
            continue;
        if (h.kind == REEL_BLOCK_CATALOG ||
            (h.kind == REEL_BLOCK_END && !have_end)) {
            ck_assert_uint_le(len + e.byte_count, capacity);
            memcpy(out + len, e.bytes, e.byte_count);
            len += e.byte_count;
        }
        have_end |= h.kind == REEL_BLOCK_END;
    }
    return len;
}

static void
check_rebuild(void)
{
    static uint8_t there[200000];
    static uint8_t made[200000];
    const size_t len = catalog_on_tape(there, sizeof(there));
    FILE *const f    = tmpfile();

    ck_assert_ptr_nonnull(f);
    probe_read_clear(&probe);
    probe.access.medium  = image_server_open(&server, 1);
    probe.access.volumes = &server.volumes;
    ck_assert_msg(reel_catalog_rebuild(&probe.access, fileno(f), &probe.err) ==
                      REEL_OK,
                  "%s", probe.err.text);
    image_server_close(&server);
    probe.access.medium = NULL;
    ck_assert_uint_eq(probe.told_count, 0);
    ck_assert_int_eq(pread(fileno(f), made, sizeof(made), 0), (ssize_t)len);
    ck_assert_mem_eq(made, there, len);
    (void)fclose(f);
}

START_TEST(the_catalog_is_rebuilt_as_it_was)
{
    uint64_t room;
    int fresh;

    for (fresh = 0; fresh < 2; fresh++) {
        drop_image();
        broken_archive(fresh);
        image_archive_end(image);
        check_rebuild();
    }
    for (room = 2; room < 90; room++) {
        drop_image();
        start();
        image_archive(image);
        image_full_after(image, room);
        add_files(0, 5, false);
        image_checkpoint(image);
        add_files(5, FILES, false);
        image_archive_end(image);
        check_rebuild();
    }
}
END_TEST

/* A set of as many volumes as there are files, and more. */
static void
many_volumes(uint64_t room)
{
    unsigned int n;

    drop_image();
    start();
    image_archive(image);
    for (n = 0; n < FILES; n++) {
        if (image_volumes(image) < 6)
            image_full_after(image, room);
        add_files(n, n + 1, false);
        if (n % 3 == 2)
            image_checkpoint(image);
    }
    image_archive_end(image);
}

/* Restored is what has nothing on the missing volume (or nothing that was not
   repeated on the next one); and where there is a catalog, exactly the others
   are named. */
static void
check_wanted(const struct listed *l, uint32_t missing)
{
    const bool last = missing == image_volumes(image);
    unsigned int i;

    for (i = 0; i < l->count; i++) {
        const struct where *const w       = &l->where[i];
        const struct probe_given *const g = probe_read_find(&probe, w->path);
        const bool gone  = w->from <= missing && missing <= w->to;
        const bool whole = g != NULL && g->outcome == REEL_OUTCOME_PROVEN;

        ck_assert_msg(whole || gone, "%s without volume %u", w->path, missing);
        ck_assert_msg(!whole || w->from != missing, "%s without volume %u",
                      w->path, missing);
        ck_assert_msg(last || probe_read_told_of(&probe, REEL_NOTE_WANTED,
                                                 w->path) == !whole,
                      "%s without volume %u", w->path, missing);
    }
}

START_TEST(volumes_of_every_size)
{
    struct listed l;
    uint32_t missing;
    uint32_t at;
    uint64_t room;

    for (room = 1; room < 12; room++) {
        many_volumes(room);
        for (at = 1; at <= image_volumes(image); at++) {
            ck_assert_msg(restore(at, false, NULL) == REEL_OK, "%s",
                          probe.err.text);
            ck_assert_uint_eq(check_files(), FILES);
            ck_assert_uint_eq(probe.told_count, 0);
        }
        ck_assert_int_eq(list(1, &l), REEL_OK);
        for (missing = 1; missing <= image_volumes(image); missing++) {
            struct reel_memory_tape *kept;

            image_server_init(&server, image);
            kept                      = server.tapes[missing - 1];
            server.tapes[missing - 1] = NULL;
            at                        = missing == 1 ? 2 : 1;
            if (at > image_volumes(image))
                break;
            ck_assert_ptr_nonnull(kept);
            probe.access.medium  = image_server_open(&server, at);
            probe.access.volumes = &server.volumes;
            ck_assert_msg(probe_read_opened(&probe, NULL) == REEL_OK, "%s",
                          probe.err.text);
            image_server_close(&server);
            (void)check_files();
            check_wanted(&l, missing);
            ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
            /* A volume on which nothing was finished is not missed. */
            ck_assert(probe_read_told(&probe, REEL_NOTE_WANTED) > 0 ||
                      check_files() == FILES);
            ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), 0);
        }
    }
}
END_TEST

/* Spoil the data that stand before the last checkpoint of the tape. */
static void
spoil_data(struct reel_memory_tape *t)
{
    uint64_t last = 0;
    struct reel_block_header h;
    uint64_t i;

    for (i = 0; i < reel_memory_tape_count(t); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);

        if (!e.filemark &&
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) ==
                REEL_OK &&
            h.kind == REEL_BLOCK_CHECKPOINT)
            last = i;
    }
    ck_assert_uint_gt(last, 0);
    for (i = 6; i < last; i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);

        if (!e.filemark &&
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) ==
                REEL_OK &&
            h.kind == REEL_BLOCK_DATA)
            ck_assert_int_eq(reel_memory_tape_spoil(t, i, NULL), REEL_OK);
    }
}

START_TEST(checkpoints_spare_the_data)
{
    struct listed l;

    start();
    image_archive(image);
    add_files(0, 3, false);
    image_checkpoint(image);
    add_files(3, 6, false);
    image_checkpoint(image);
    add_files(6, FILES, false);
    image_break(image);
    spoil_data(image_tape(image));
    ck_assert_msg(list(1, &l) == REEL_OK, "%s", probe.err.text);
    ck_assert_uint_ge(l.count, FILES - 1);
    ck_assert_uint_eq(probe.told_count, 1);
    ck_assert_str_eq(probe.told[0].rule, "A-14");
}
END_TEST

/* Make the first block of `kind` of the tape unreadable. */
static void
spoil_first(struct reel_memory_tape *t, uint16_t kind)
{
    struct reel_block_header h;
    uint64_t i;

    for (i = 0; i < reel_memory_tape_count(t); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);

        if (e.filemark ||
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) !=
                REEL_OK ||
            h.kind != kind)
            continue;
        ck_assert_int_eq(reel_memory_tape_spoil(t, i, NULL), REEL_OK);
        return;
    }
    ck_abort_msg("no block of kind %u", kind);
}

/* A complete archive without a usable catalog: the checkpoints, and what
   stands behind the last, give it as it was. With `bad_checkpoint` the first
   one is no good, and only the data can. */
static void
catalog_is_damaged(bool bad_checkpoint)
{
    struct listed l;
    unsigned int i;

    start();
    image_archive(image);
    add_files(0, 3, false);
    image_checkpoint(image);
    add_files(3, 6, false);
    image_checkpoint(image);
    add_files(6, FILES, false);
    image_archive_end(image);
    spoil_first(image_tape(image), REEL_BLOCK_CATALOG);
    if (bad_checkpoint)
        spoil_first(image_tape(image), REEL_BLOCK_CHECKPOINT);
    else
        spoil_data(image_tape(image));
    ck_assert_msg(list(1, &l) == REEL_OK, "%s", probe.err.text);
    ck_assert_uint_eq(l.count, FILES);
    ck_assert_uint_ge(probe.told_count, 1);
    for (i = 0; i < probe.told_count; i++) {
        ck_assert_int_eq(probe.told[i].kind, REEL_NOTE_DAMAGE);
        ck_assert_str_eq(probe.told[i].text, "block cannot be read");
    }
    drop_image();
}

START_TEST(checkpoints_stand_in_for_the_catalog)
{
    catalog_is_damaged(false);
    catalog_is_damaged(true);
}
END_TEST

/* What cannot be positioned is read once: what was superseded comes too, is
   told, and is not the last that is given. */
START_TEST(runs_in_a_pipe)
{
    struct reel_memory_tape *pipe;
    unsigned int i;

    broken_archive(false);
    image_archive_end(image);
    pipe = probe_tape_copy(image_tape(image),
                           reel_memory_tape_count(image_tape(image)), true);
    ck_assert_msg(probe_read_run(&probe, pipe, NULL) == REEL_OK, "%s",
                  probe.err.text);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_INVALID), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), 1);
    for (i = 0; i < FILES; i++) {
        const struct probe_given *last = NULL;
        unsigned int k;

        for (k = 0; k < probe.given_count; k++)
            if (probe.given[k].path[1] == (char)('0' + i))
                last = &probe.given[k];
        ck_assert_ptr_nonnull(last);
        ck_assert_int_eq(last->outcome, REEL_OUTCOME_PROVEN);
        ck_assert_mem_eq(last->content, content_of(i, false), FILE_BYTES);
    }
    reel_memory_tape_free(pipe);
}
END_TEST

START_TEST(a_pipe_is_one_volume)
{
    struct reel_memory_tape *pipe;
    struct reel_memory_tape *first;

    many_volumes(8);
    image_server_init(&server, image);
    first = server.tapes[0];
    pipe  = probe_tape_copy(first, reel_memory_tape_count(first), true);
    ck_assert_msg(probe_read_run(&probe, pipe, NULL) == REEL_OK, "%s",
                  probe.err.text);
    ck_assert_uint_ge(check_files(), 1);
    ck_assert_uint_gt(probe_read_told(&probe, REEL_NOTE_WANTED), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    reel_memory_tape_free(pipe);
}
END_TEST

static void
count_volumes(void *ctx, const char *line)
{
    unsigned int *const n = ctx;

    *n += strncmp(line, "volume ", 7) == 0;
    ck_assert_ptr_null(strstr(line, "DAMAGED"));
}

START_TEST(the_dump_goes_on)
{
    const struct reel_dump_options o = {.blocks_only = false};
    unsigned int n                   = 1;

    many_volumes(8);
    image_server_init(&server, image);
    probe.access.medium  = image_server_open(&server, 1);
    probe.access.volumes = &server.volumes;
    ck_assert_int_eq(
        reel_dump(&probe.access, &o, count_volumes, &n, &probe.err), REEL_OK);
    image_server_close(&server);
    ck_assert_uint_eq(n, image_volumes(image));
}
END_TEST

/* Several archives, and the volumes between them. */
static void
two_archives(void)
{
    drop_image();
    start();
    image_archive(image);
    image_full_after(image, 12);
    add_files(0, 5, false);
    image_archive_end(image);
    image_archive(image);
    image_full_after(image, 12);
    add_files(5, FILES, false);
    image_archive_end(image);
}

START_TEST(archives_on_earlier_volumes)
{
    struct listed l;

    two_archives();
    ck_assert_uint_ge(image_volumes(image), 3);
    probe.access.all_archives = true;
    ck_assert_msg(list(1, &l) == REEL_OK, "%s", probe.err.text);
    ck_assert_uint_eq(l.count, FILES);
    ck_assert_uint_eq(probe.told_count, 0);
    probe.access.all_archives = false;
    probe.access.archive      = 1;
    ck_assert_int_eq(restore(image_volumes(image), false, NULL), REEL_OK);
    ck_assert_uint_eq(check_files(), 5);
    ck_assert_uint_eq(probe.told_count, 0);
    probe.access.archive = 0;
    ck_assert_int_eq(restore(1, false, NULL), REEL_OK);
    ck_assert_uint_eq(check_files(), FILES - 5);
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

struct known {
    char volumes[256];
    unsigned int archives;
};

/* Volume 1 ends with a whole checkpoint, as if its writer had stopped there:
   whoever has more volumes is asked before that is said. */
START_TEST(a_volume_that_ends_with_a_checkpoint)
{
    uint32_t n;

    start();
    image_archive(image);
    add_files(0, 4, false);
    image_checkpoint(image);
    image_full_after(image, 0);
    add_files(4, 6, false);
    image_full_after(image, 9);
    add_files(6, FILES, false);
    image_archive_end(image);
    ck_assert_uint_ge(image_volumes(image), 3);
    image_server_init(&server, image);
    server.tapes[1] = NULL;
    ck_assert_msg(restore_served(1) == REEL_OK, "%s", probe.err.text);
    ck_assert_int_eq(strncmp(server.log, "0", 1), 0);
    ck_assert_uint_ge(probe_read_told(&probe, REEL_NOTE_WANTED), 1);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_DAMAGE), 0);
    ck_assert_uint_ge(check_files(), 5);
    for (n = 1; n < image_volumes(image); n++)
        server.tapes[n] = NULL;
    probe.access.archive = 1;
    ck_assert_msg(restore_served(1) == REEL_OK, "%s", probe.err.text);
    ck_assert_str_eq(server.log, "0"); /* volume 1 is given as the last */
    ck_assert_uint_eq(check_files(), 4);
    ck_assert_uint_ge(probe.told_count, 1);
    ck_assert_str_eq(probe.told[probe.told_count - 1].rule, "A-14");
}
END_TEST

static void
note_set_volume(void *ctx, uint32_t first, uint32_t last, const char *volume_id)
{
    struct known *const k = ctx;
    const size_t at       = strlen(k->volumes);

    ck_assert_uint_eq(first, last);
    (void)snprintf(k->volumes + at, sizeof(k->volumes) - at, "%u%s ", first,
                   volume_id[0] != '\0' ? "+" : "-");
}

static void
note_archive(void *ctx, uint32_t first, uint32_t last,
             const struct reel_end *end)
{
    struct known *const k = ctx;

    ck_assert(first == last || end == NULL);
    k->archives += end != NULL;
}

START_TEST(info_knows_the_set)
{
    struct known k                 = {"", 0};
    const struct reel_info_fns fns = {
        .ctx = &k, .archive = note_archive, .set_volume = note_set_volume};

    two_archives();
    image_server_init(&server, image);
    probe.access.medium  = image_server_open(&server, 1);
    probe.access.volumes = &server.volumes;
    ck_assert_int_eq(reel_info(&probe.access, &fns, &probe.err), REEL_OK);
    image_server_close(&server);
    ck_assert_uint_eq(k.archives, 2);
    ck_assert_uint_eq(probe.told_count, 0);
    ck_assert_uint_eq(strlen(k.volumes), 3 * image_volumes(image));
    /* Made by hand: no EARLIER VOLUME, so the last ones are all it knows. */
    ck_assert_ptr_nonnull(strchr(k.volumes, '+'));
}
END_TEST

struct planned {
    unsigned int count;
    uint32_t numbers[16];
    uint64_t objects;
};

static void
note_plan(void *ctx, const struct reel_plan_volume *v)
{
    struct planned *const p = ctx;

    ck_assert_uint_lt(p->count, 16);
    ck_assert_str_ne(v->volume_id, "");
    ck_assert_uint_le(v->first_address, v->last_address);
    p->numbers[p->count++] = v->number;
    p->objects += v->objects;
}

START_TEST(the_plan_names_what_is_asked_for)
{
    const char *const pattern             = "f3";
    const struct reel_selection selection = {&pattern, 1};
    struct planned p                      = {0, {0}, 0};
    struct planned one                    = {0, {0}, 0};
    unsigned int i;

    many_volumes(8);
    image_server_init(&server, image);
    probe.access.medium  = image_server_open(&server, 1);
    probe.access.volumes = &server.volumes;
    ck_assert_int_eq(
        reel_restore_plan(&probe.access, NULL, note_plan, &p, &probe.err),
        REEL_OK);
    image_server_close(&server);
    ck_assert_uint_eq(p.objects, FILES);
    ck_assert_uint_ge(p.count, 5);
    for (i = 0; i < p.count; i++)
        ck_assert_uint_eq(p.numbers[i], i + 1);
    probe.access.medium = image_server_open(&server, 1);
    ck_assert_int_eq(reel_restore_plan(&probe.access, &selection, note_plan,
                                       &one, &probe.err),
                     REEL_OK);
    image_server_close(&server);
    ck_assert_uint_eq(one.objects, 1);
    ck_assert_uint_lt(one.count, p.count);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_resumed_archive);
    tcase_add_test(t, a_resumed_archive_that_is_not_complete);
    tcase_add_test(t, the_catalog_is_rebuilt_as_it_was);
    tcase_add_test(t, volumes_of_every_size);
    tcase_add_test(t, checkpoints_spare_the_data);
    tcase_add_test(t, checkpoints_stand_in_for_the_catalog);
    tcase_add_test(t, a_volume_that_ends_with_a_checkpoint);
    tcase_add_test(t, runs_in_a_pipe);
    tcase_add_test(t, a_pipe_is_one_volume);
    tcase_add_test(t, the_dump_goes_on);
    tcase_add_test(t, archives_on_earlier_volumes);
    tcase_add_test(t, info_knows_the_set);
    tcase_add_test(t, the_plan_names_what_is_asked_for);
}

int
main(void)
{
    return suite_run("reader_runs", add);
}
