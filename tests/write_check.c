/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of tapes in memory, and what must hold of them whoever wrote them. */
#include "write_check.h"
#include "grow.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/block_header.h"
#include "reel/catalog.h"
#include "reel/end.h"
#include "reel/head.h"
#include "reel/segment.h"
#include "reel/volume.h"

/* ------------------------------------------------------------------ the set */

struct reel_memory_tape *
set_tape(struct set *set, unsigned int number)
{
    struct reel_memory_options o = set->kind;
    size_t i                     = number - 1;

    ck_assert_uint_le(number, SET_VOLUMES_MAX);
    if (set->tapes[number] != NULL)
        return set->tapes[number];
    if (set->sizes != NULL)
        o.capacity_bytes =
            set->sizes[i < set->size_count ? i : set->size_count - 1];
    set->tapes[number] = reel_memory_tape_new(&o);
    ck_assert_ptr_nonnull(set->tapes[number]);
    return set->tapes[number];
}

unsigned int
set_count(const struct set *set)
{
    unsigned int n = 0;

    while (n < SET_VOLUMES_MAX && set->tapes[n + 1] != NULL)
        n++;
    return n;
}

void
set_unload(struct set *set)
{
    (void)!reel_medium_close(set->medium, NULL);
    set->medium = NULL;
}

static enum reel_status
load(struct set *set, struct reel_memory_tape *tape, struct reel_err *err)
{
    unsigned int i;

    set_unload(set);
    for (i = 1; i <= SET_VOLUMES_MAX; i++)
        if (set->tapes[i] == tape)
            set->last = i;
    return reel_medium_memory_new(&set->medium, tape, REEL_MEDIUM_WRITE, err);
}

enum reel_status
set_load(struct set *set, unsigned int number, struct reel_err *err)
{
    return load(set, set_tape(set, number), err);
}

static enum reel_status
get(void *ctx, const struct reel_volume_wish *wish, struct reel_medium **medium,
    struct reel_err *err)
{
    struct set *const set = ctx;
    const unsigned int number =
        wish->number == 0 ? set_count(set) : wish->number;
    enum reel_status status;

    set->asked++;
    if (set->killed_at != 0 &&
        reel_memory_tape_calls(set_tape(set, set->killed)) >= set->killed_at) {
        set_unload(set);
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "killed");
    }
    if (set->stubborn != NULL) {
        set->stubborn_given++;
        if (wish->refused != NULL)
            (void)snprintf(set->stubborn_refused, sizeof(set->stubborn_refused),
                           "%s", wish->refused);
        status  = load(set, set->stubborn, err);
        *medium = set->medium;
        return status;
    }
    if (wish->number == 0 && wish->refused != NULL) {
        set->last--;
        if (set->last == 0) {
            set_unload(set);
            return REEL_END;
        }
        status  = set_load(set, set->last, err);
        *medium = set->medium;
        return status;
    }
    if (wish->refused != NULL) {
        const unsigned int at = set->bad_given > 0 ? set->bad_given - 1 : 0;

        (void)snprintf(set->refused[at], sizeof(set->refused[at]), "%s",
                       wish->refused);
        if (set->bad_given == 0 || set->bad_given > set->bad_count) {
            set_unload(set);
            return REEL_END;
        }
    }
    if (number > SET_VOLUMES_MAX ||
        (set->volumes_max != 0 && number > set->volumes_max)) {
        set_unload(set);
        return REEL_END;
    }
    if (number == set->bad_number && set->bad_given < set->bad_count)
        status = load(set, set->bad[set->bad_given++], err);
    else
        status = set_load(set, number, err);
    *medium = set->medium;
    return status;
}

void
set_init(struct set *set)
{
    set->volumes.ctx = set;
    set->volumes.get = get;
}

void
set_fini(struct set *set)
{
    unsigned int i;

    set_unload(set);
    for (i = 1; i <= SET_VOLUMES_MAX; i++)
        reel_memory_tape_free(set->tapes[i]);
    memset(set->tapes, 0, sizeof(set->tapes));
}

/* ----------------------------------------------------------------- the tree */

static char top[64];

void
tree_put(const char *name, size_t bytes, unsigned int seed)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    char buf[1000];
    size_t i;

    ck_assert_int_ge(fd, 0);
    while (bytes > 0) {
        const size_t n = bytes < sizeof(buf) ? bytes : sizeof(buf);

        for (i = 0; i < n; i++)
            buf[i] = (char)((seed = seed * 1103515245 + 12345) >> 24);
        ck_assert_int_eq(write(fd, buf, n), (ssize_t)n);
        bytes -= n;
    }
    ck_assert_int_eq(close(fd), 0);
}

void
tree_make(void)
{
    char name[64];
    int i;

    (void)snprintf(top, sizeof(top), "/tmp/reel-test-write-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    ck_assert_int_eq(chdir(top), 0);
    ck_assert_int_eq(mkdir("d", 0755), 0);
    tree_put("d/big", 900000, 1);
    tree_put("d/other", 300000, 2);
    for (i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof(name), "d/f%02d", i);
        tree_put(name, (size_t)i * 777, 3 + (unsigned int)i);
    }
    tree_put("empty", 0, 3);
    ck_assert_int_eq(link("d/big", "name"), 0);
    ck_assert_int_eq(link("d/f07", "seven"), 0);
    ck_assert_int_eq(link("d/f07", "zeven"), 0);
    ck_assert_int_eq(symlink("d/small", "symlink"), 0);
}

void
tree_remove(void)
{
    char command[128];

    ck_assert_int_eq(chdir("/"), 0);
    (void)snprintf(command, sizeof(command), "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

enum reel_status
tree_path(void *ctx, const char **path, struct reel_err *err)
{
    int *const given = ctx;

    (void)err;
    if (*given)
        return REEL_END;
    *given = 1;
    *path  = ".";
    return REEL_OK;
}

enum reel_status
set_write(struct set *set, const struct reel_write_options *special,
          struct reel_write_result *r, struct reel_err *err)
{
    static const uint8_t id[REEL_SET_ID_BYTES] = {1, 2, 3};
    struct reel_write_options o                = *special;
    int given                                  = 0;
    enum reel_status status;

    if (set->medium == NULL)
        REEL_TRY(set_load(set, 1, err));
    o.medium    = set->medium;
    o.volumes   = set->volumes.get == NULL ? NULL : &set->volumes;
    o.set_id    = id;
    o.base_fd   = o.resume ? -1 : AT_FDCWD;
    o.base_path = top;
    o.paths     = tree_path;
    o.paths_ctx = &given;
    if (o.catalog_fd == 0)
        o.catalog_fd = -1;
    o.software = "test";
    status     = reel_write(&o, r, err);
    set_unload(set);
    return status;
}

/* --------------------------------------------------------------- the checker
 */

struct block {
    struct reel_block_header h;
    const uint8_t *payload;
    bool after_mark; /* the first behind a filemark, VOLUME apart */
    bool superseded;
};

struct checking {
    uint32_t archive;
    struct block *all; /* in the order of the tapes; no VOLUME */
    size_t count;
    struct block *volumes; /* blocks of kind VOLUME of this archive */
    size_t volume_count;
    size_t volumes_told;

    struct reel_catalog *catalog;
    uint8_t *records; /* of the catalog made from the data */
    size_t record_bytes;
    size_t record_capacity;
    size_t slice_from; /* in records */
    uint64_t slice_records;
    uint32_t last_checkpoint;
    struct reel_position last_slice;
    uint8_t *raw;
    struct reel_unpacker *unpacker;
    struct set_facts *f;
};

static enum reel_status
keep(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct checking *const c = ctx;

    (void)err;
    while (c->record_bytes + record.len > c->record_capacity) {
        c->record_capacity = 2 * c->record_capacity + 65536;
        c->records         = realloc(c->records, c->record_capacity);
        ck_assert_ptr_nonnull(c->records);
    }
    memcpy(c->records + c->record_bytes, record.data, record.len);
    c->record_bytes += record.len;
    return REEL_OK;
}

static void
add_block(struct block **list, size_t *count, const struct block *b)
{
    *list               = grow(*list, *count, 1, sizeof(**list));
    (*list)[(*count)++] = *b;
}

/* Every block of one tape, and what one tape alone must keep to. */
static void
collect(struct checking *c, const struct reel_memory_tape *t, uint32_t number)
{
    const uint64_t count = reel_memory_tape_count(t);
    bool after_mark      = false;
    bool volume_seen     = false;
    bool kinds[8]        = {false};
    unsigned int marks   = 0;
    uint64_t i;

    for (i = 0; i < count; i++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, i);
        struct block b                     = {0};
        struct reel_err err;

        if (e.filemark) {
            marks++;
            after_mark = true;
            continue;
        }
        if (marks < 2)
            continue;
        ck_assert_msg(reel_block_decode(&b.h, e.bytes, e.byte_count, NULL,
                                        &err) == REEL_OK,
                      "volume %u, block %u: %s", number, (unsigned int)i,
                      err.text);
        ck_assert(reel_block_padding_zero(&b.h, e.bytes));
        ck_assert_uint_eq(b.h.address, i);
        ck_assert_uint_eq(b.h.volume, number);
        ck_assert_uint_eq(b.h.kind == REEL_BLOCK_VOLUME, !volume_seen);
        b.payload    = e.bytes + REEL_BLOCK_HEADER_BYTES;
        b.after_mark = after_mark;
        volume_seen  = true;
        if (b.h.kind != REEL_BLOCK_VOLUME)
            after_mark = false;
        if (b.h.archive != c->archive)
            continue;
        if (b.h.kind == REEL_BLOCK_VOLUME) {
            add_block(&c->volumes, &c->volume_count, &b);
            continue;
        }
        ck_assert_uint_lt(b.h.kind, 8);
        if (!kinds[b.h.kind] && b.h.kind != REEL_BLOCK_END)
            ck_assert_msg(b.h.first_segment != REEL_NONE32, "A-16");
        kinds[b.h.kind] = true;
        add_block(&c->all, &c->count, &b);
    }
}

/* B-14, B-15, B-17, B-22 (as far as the numbers go), B-23. */
static void
check_runs(struct checking *c)
{
    size_t i;
    size_t j;

    for (i = 0; i < c->count; i++) {
        const struct reel_block_header *const h = &c->all[i].h;
        bool first                              = true;

        if (h->run == 0)
            ck_assert_uint_eq(h->run_start, 0);
        ck_assert_uint_ge(h->sequence, h->run_start);
        if (h->run > c->f->runs)
            c->f->runs = h->run;
        for (j = 0; j < i; j++) {
            const struct reel_block_header *const o = &c->all[j].h;

            if (o->run != h->run)
                continue;
            first = false;
            ck_assert_uint_eq(o->run_start, h->run_start);
            if (o->sequence != h->sequence)
                continue;
            ck_assert_uint_eq(o->kind, h->kind);
            ck_assert_uint_eq(o->payload_bytes, h->payload_bytes);
            ck_assert_mem_eq(c->all[i].payload, c->all[j].payload,
                             h->payload_bytes);
        }
        if (i > 0 && c->all[i - 1].h.run == h->run)
            ck_assert_uint_le(h->sequence, c->all[i - 1].h.sequence + 1);
        if (i > 0)
            ck_assert_uint_ge(h->run, c->all[i - 1].h.run);
        if (first) {
            ck_assert_uint_eq(h->sequence, h->run_start);
            ck_assert(h->run == 0 || c->all[i].after_mark);
            ck_assert(h->first_segment == 0);
        }
    }
    for (i = 0; i < c->count; i++)
        for (j = 0; j < c->count; j++)
            if (c->all[j].h.run > c->all[i].h.run &&
                c->all[i].h.sequence >= c->all[j].h.run_start)
                c->all[i].superseded = true;
}

/* The first copy of block `sequence` that is in force, on `volume` or (0) on
   any. */
static const struct block *
find(const struct checking *c, uint64_t sequence, uint32_t volume)
{
    size_t i;

    for (i = 0; i < c->count; i++)
        if (!c->all[i].superseded && c->all[i].h.sequence == sequence &&
            (volume == 0 || c->all[i].h.volume == volume))
            return &c->all[i];
    return NULL;
}

static bool
run_begins(const struct checking *c, uint64_t sequence)
{
    const struct block *const b = find(c, sequence, 0);

    return b != NULL && b->h.run > 0 && b->h.run_start == sequence;
}

/* The first volume on which all blocks [from, to] stand. */
static const struct block *
whole_at(const struct checking *c, uint64_t from, uint64_t to)
{
    size_t i;

    for (i = 0; i < c->count; i++) {
        const struct block *const b = &c->all[i];
        uint64_t s                  = from;

        if (b->superseded || b->h.sequence != from)
            continue;
        while (s <= to && find(c, s, b->h.volume) != NULL)
            s++;
        if (s > to)
            return b;
    }
    return NULL;
}

/* Takes one unpacked segment of a stretch. */
typedef void (*segment_fn)(struct checking *c, struct reel_bytes raw,
                           const struct reel_place *place);

/*
 * Put the segments of the blocks of `kind` from `sequence` on together; they
 * are one stretch, but for copies. Returns the sequence behind it; *whole:
 * it ends with a segment.
 */
static uint64_t
walk_stretch(struct checking *c, uint64_t sequence, bool *whole, segment_fn fn)
{
    const uint16_t kind = find(c, sequence, 0)->h.kind;
    const uint64_t from = sequence;
    const struct block *b;
    uint8_t *octets = NULL;
    size_t len      = 0;
    size_t at       = 0;
    size_t *begins  = NULL; /* where each block begins in octets */

    while ((b = find(c, sequence, 0)) != NULL && b->h.kind == kind &&
           (sequence == from || !run_begins(c, sequence))) {
        begins = grow(begins, sequence - from + 1, 1, sizeof(*begins));
        octets = grow(octets, len, b->h.payload_bytes, 1);
        memcpy(octets + len, b->payload, b->h.payload_bytes);
        begins[sequence - from] = len;
        len += b->h.payload_bytes;
        begins[sequence - from + 1] = len;
        sequence++;
    }
    *whole = false;
    while (at < len) {
        struct reel_cursor k = reel_cursor_init(octets + at, len - at, NULL);
        struct reel_segment_header s;
        struct reel_bytes raw = {c->raw, 0};
        struct reel_place place;
        uint64_t first = 0;
        uint64_t last  = 0;
        size_t end;
        struct reel_err err;

        if (reel_segment_header_decode(&s, &k, REEL_SEGMENT_LIMIT_MAX, &err) ==
                REEL_E_TRUNCATED ||
            len - at < REEL_SEGMENT_HEADER_BYTES + s.stored_bytes)
            break;
        end = at + REEL_SEGMENT_HEADER_BYTES + s.stored_bytes;
        ck_assert_msg(reel_segment_unpack(c->unpacker, octets + at, end - at,
                                          c->raw, REEL_SEGMENT_LIMIT_MAX,
                                          &raw.len, NULL, &err) == REEL_OK,
                      "%s", err.text);
        while (begins[first + 1] <= at)
            first++;
        /* NOLINTNEXTLINE(clang-analyzer-core.*): the last begin is len */
        while (begins[last + 1] < end)
            last++;
        b = whole_at(c, from + first, from + last);
        ck_assert_ptr_nonnull(b);
        memset(&place, 0, sizeof(place));
        place.volume         = b->h.volume;
        place.sequence       = b->h.sequence;
        place.address        = b->h.address;
        place.payload_offset = (uint32_t)(at - begins[first]);
        fn(c, raw, &place);
        at = end;
    }
    *whole = at == len;
    free(octets);
    free(begins);
    return sequence;
}

static void
count_earlier(struct checking *c, struct reel_bytes raw)
{
    struct reel_cursor k = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_earlier_archive a;
    struct reel_record r;
    struct reel_cursor p;

    while (reel_record_next(&r, &k, NULL) == REEL_OK) {
        c->f->earlier_volumes += r.type == REEL_RECORD_EARLIER_VOLUME;
        if (r.type != REEL_RECORD_EARLIER_ARCHIVE)
            continue;
        p = reel_record_cursor(&r);
        ck_assert_int_eq(reel_earlier_archive_decode(&a, &p, NULL), REEL_OK);
        c->f->earlier_complete += a.complete;
    }
}

/* Do data that are in force stand on it? */
static bool
volume_used(const struct checking *c, uint32_t volume)
{
    size_t i;

    for (i = 0; i < c->count; i++)
        if (c->all[i].h.volume == volume && !c->all[i].superseded &&
            c->all[i].h.kind == REEL_BLOCK_DATA)
            return true;
    return false;
}

static void
on_data(struct checking *c, struct reel_bytes raw,
        const struct reel_place *place)
{
    while (c->volumes_told < c->volume_count &&
           c->volumes[c->volumes_told].h.volume <= place->volume) {
        const struct block *const v    = &c->volumes[c->volumes_told++];
        const struct reel_place zero   = {0};
        const uint8_t *const segment   = v->payload;
        const struct reel_bytes volume = {segment + REEL_SEGMENT_HEADER_BYTES,
                                          v->h.payload_bytes -
                                              REEL_SEGMENT_HEADER_BYTES};

        c->f->volumes_unused += !volume_used(c, v->h.volume);
        ck_assert_int_eq(reel_catalog_segment(c->catalog, volume.data,
                                              volume.len, &zero, NULL),
                         REEL_OK);
    }
    ck_assert_int_eq(
        reel_catalog_segment(c->catalog, raw.data, raw.len, place, NULL),
        REEL_OK);
    count_earlier(c, raw);
}

/* Gathers the records of a slice or a catalog. */
static struct reel_bytes gathered;

static void
on_gather(struct checking *c, struct reel_bytes raw,
          const struct reel_place *place)
{
    uint8_t *const more =
        grow((void *)(uintptr_t)gathered.data, gathered.len, raw.len, 1);

    (void)c;
    (void)place;
    memcpy(more + gathered.len, raw.data, raw.len);
    gathered.data = more;
    gathered.len += raw.len;
}

static void
gather_nothing(void)
{
    free((void *)(uintptr_t)gathered.data);
    gathered = (struct reel_bytes){NULL, 0};
}

/* A checkpoint that is whole says what its slice is; others are void. */
static void
check_slice(struct checking *c, uint64_t from)
{
    struct reel_cursor k = reel_cursor_init(gathered.data, gathered.len, NULL);
    const struct block *const first = find(c, from, 0);
    struct reel_checkpoint want     = {0};
    struct reel_checkpoint said;
    struct reel_record r = {0};
    struct reel_cursor p;
    size_t bytes = 0;

    while (reel_record_next(&r, &k, NULL) == REEL_OK)
        if (r.type != REEL_RECORD_CHECKPOINT)
            bytes += r.whole.len;
    if (r.type != REEL_RECORD_CHECKPOINT)
        return;
    p = reel_record_cursor(&r);
    ck_assert_int_eq(reel_checkpoint_decode(&said, &p, NULL), REEL_OK);
    ck_assert_int_eq(reel_catalog_slice(c->catalog, &want, NULL, NULL, NULL),
                     REEL_OK);
    ck_assert_uint_eq(said.number, c->last_checkpoint + 1);
    ck_assert_uint_eq(said.previous_number, c->last_checkpoint);
    ck_assert_uint_eq(said.previous.volume, c->last_slice.volume);
    ck_assert_uint_eq(said.previous.address, c->last_slice.address);
    ck_assert_uint_eq(said.slice.volume, first->h.volume);
    ck_assert_uint_eq(said.slice.sequence, first->h.sequence);
    ck_assert_uint_eq(said.slice.address, first->h.address);
    ck_assert_uint_eq(said.next_object, want.next_object);
    ck_assert_uint_eq(said.objects, want.objects);
    ck_assert_uint_eq(said.torn, want.torn);
    ck_assert_uint_eq(said.stream_bytes, want.stream_bytes);
    ck_assert_uint_eq(said.slice_records, want.slice_records);
    ck_assert_uint_eq(said.slice_bytes, want.slice_bytes);
    ck_assert_uint_eq(said.slice_bytes, bytes);
    ck_assert_mem_eq(said.slice_digest, want.slice_digest, REEL_DIGEST_BYTES);
    c->last_checkpoint = said.number;
    c->last_slice      = said.slice;
    c->f->checkpoints++;
}

static void
check_end(struct checking *c, uint64_t catalog, uint64_t end)
{
    const struct block *const b     = find(c, end, 0);
    const struct block *const first = find(c, catalog, 0);
    struct reel_catalog_totals t;
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_end e;
    struct reel_record r;
    struct reel_cursor k;
    size_t i;

    ck_assert_int_eq(
        reel_catalog_finish(c->catalog, &t, digest, c->f->fingerprint, NULL),
        REEL_OK);
    c->f->objects = t.objects;
    c->f->torn    = t.torn;
    k             = reel_cursor_init(b->payload + REEL_SEGMENT_HEADER_BYTES,
                                     b->h.payload_bytes - REEL_SEGMENT_HEADER_BYTES, NULL);
    ck_assert_int_eq(reel_record_next(&r, &k, NULL), REEL_OK);
    k = reel_record_cursor(&r);
    ck_assert_int_eq(reel_end_decode(&e, &k, NULL), REEL_OK);
    ck_assert_uint_eq(gathered.len, c->record_bytes);
    ck_assert_mem_eq(gathered.data, c->records, c->record_bytes);
    ck_assert_mem_eq(e.catalog_digest, digest, REEL_DIGEST_BYTES);
    ck_assert_mem_eq(e.fingerprint, c->f->fingerprint, REEL_DIGEST_BYTES);
    ck_assert_uint_eq(e.objects, t.objects);
    ck_assert_uint_eq(e.torn, t.torn);
    ck_assert_uint_eq(e.flawed, t.flawed);
    ck_assert_uint_eq(e.stream_bytes, t.stream_bytes);
    ck_assert_uint_eq(e.catalog_bytes, t.bytes);
    ck_assert_uint_eq(e.catalog_records, t.records);
    ck_assert_uint_eq(e.catalog.volume, first->h.volume);
    ck_assert_uint_eq(e.catalog.sequence, catalog);
    ck_assert_uint_eq(e.catalog.address, first->h.address);
    ck_assert_uint_eq(e.checkpoint, c->last_checkpoint);
    ck_assert_uint_eq(e.checkpoint_slice.volume, c->last_slice.volume);
    ck_assert_uint_eq(e.checkpoint_slice.address, c->last_slice.address);
    for (i = 0; i < c->count; i++)
        if (!c->all[i].superseded && c->all[i].h.kind == REEL_BLOCK_END) {
            ck_assert(c->all[i].h.volume == first->h.volume);
            c->f->ends++;
        }
    c->f->complete = c->f->ends == 2;
}

static void
walk_archive(struct checking *c)
{
    uint64_t sequence = 0;
    uint64_t catalog  = 0;
    const struct block *b;
    bool whole;

    while ((b = find(c, sequence, 0)) != NULL) {
        const uint64_t from = sequence;

        gather_nothing();
        switch (b->h.kind) {
        case REEL_BLOCK_DATA:
            sequence = walk_stretch(c, from, &whole, on_data);
            ck_assert(whole || find(c, sequence, 0) == NULL);
            break;
        case REEL_BLOCK_CHECKPOINT:
            sequence = walk_stretch(c, from, &whole, on_gather);
            check_slice(c, from);
            break;
        case REEL_BLOCK_CATALOG:
            catalog  = from;
            sequence = walk_stretch(c, from, &whole, on_gather);
            b        = find(c, sequence, 0);
            if (b == NULL)
                break;
            ck_assert(whole);
            ck_assert_uint_eq(b->h.kind, REEL_BLOCK_END);
            check_end(c, catalog, sequence);
            ck_assert_ptr_null(find(c, sequence + 1, 0));
            sequence++;
            break;
        default:
            ck_abort_msg("a block of kind %u", b->h.kind);
        }
    }
    gather_nothing();
    /* None is left out: nothing in force stands behind. */
    for (size_t i = 0; i < c->count; i++)
        ck_assert(c->all[i].superseded || c->all[i].h.sequence < sequence);
}

void
set_check(const struct set *set, uint32_t archive, struct set_facts *f)
{
    struct checking c = {0};
    unsigned int i;

    memset(f, 0, sizeof(*f));
    c.archive  = archive;
    c.f        = f;
    c.catalog  = reel_catalog_new(keep, &c);
    c.unpacker = reel_unpacker_new();
    c.raw      = malloc(REEL_SEGMENT_LIMIT_MAX);
    ck_assert(c.catalog != NULL && c.unpacker != NULL && c.raw != NULL);
    for (i = 1; i <= set_count(set); i++)
        collect(&c, set->tapes[i], i);
    check_runs(&c);
    walk_archive(&c);
    reel_catalog_free(c.catalog);
    reel_unpacker_free(c.unpacker);
    free(c.raw);
    free(c.records);
    free(c.all);
    free(c.volumes);
}
