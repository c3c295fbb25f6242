/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4 and 9.6, the ENDs of a volume; policy layer. */
#include "archives.h"

#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

/* Where each END leads to one that is not there, all the searches go through
   the volume once. Where they lead to and fro, each does: so often all
   together. */
#define ROUNDS_MAX 8U
#define STEPS_FREE 1000U

void
reel_reader_archives_fini(struct reel_reader_archives *a)
{
    reel_free(a->list);
    memset(a, 0, sizeof(*a));
}

/* Where `number` stands, or would. */
static size_t
index_of(const struct reel_reader_archives *a, uint32_t number)
{
    size_t from = 0;
    size_t to   = a->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (a->list[half].number > number)
            from = half + 1;
        else
            to = half;
    }
    return from;
}

uint32_t
reel_reader_archives_next(const struct reel_reader_archives *a, uint32_t number)
{
    const size_t i = index_of(a, number);

    if (i < a->count && a->list[i].number == number)
        return number;
    return i == 0 ? a->newest : a->list[i - 1].number;
}

const struct reel_reader_archive *
reel_reader_archives_get(const struct reel_reader_archives *a, uint32_t number)
{
    const size_t i = index_of(a, number);

    return i < a->count && a->list[i].number == number ? &a->list[i] : NULL;
}

bool
reel_reader_archive_undisturbed(const struct reel_reader_archive *a)
{
    return a->run == 0 ||
           (a->run == 1 && a->run_start == a->end.catalog.sequence);
}

uint32_t
reel_reader_archives_oldest(const struct reel_reader_archives *a)
{
    /* What is older than the oldest END known stands elsewhere. */
    if (a->count > 0 && a->list[a->count - 1].end.previous_archive != 0)
        return a->list[a->count - 1].number;
    return 1;
}

/* The texts of an END stand in an array that moves with it: those from `first`
   on have moved. */
static void
point_texts(struct reel_reader_archives *a, size_t first)
{
    size_t i;

    for (i = first; i < a->count; i++) {
        a->list[i].end.name.data = a->list[i].text;
        a->list[i].end.host.data = a->list[i].text + a->list[i].end.name.len;
    }
}

static enum reel_status
make_room(struct reel_reader_archives *a, struct reel_err *err)
{
    const size_t capacity = a->capacity == 0 ? 16 : 2 * a->capacity;
    struct reel_reader_archive *more;

    if (a->count < a->capacity)
        return REEL_OK;
    more = reel_realloc_array(a->list, capacity, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of archives");
    a->list     = more;
    a->capacity = capacity;
    point_texts(a, 0);
    return REEL_OK;
}

/* Keep an END as entry `at`. */
static enum reel_status
keep_at(struct reel_reader_archives *a, size_t at,
        const struct reel_block_header *h, const struct reel_end *end,
        const uint8_t *text, uint64_t address, struct reel_err *err)
{
    struct reel_reader_archive *to;

    if (h->archive > a->newest)
        a->newest = h->archive;
    REEL_TRY(make_room(a, err));
    memmove(&a->list[at + 1], &a->list[at], (a->count - at) * sizeof(*a->list));
    to              = &a->list[at];
    to->number      = h->archive;
    to->volume      = h->volume;
    to->end_address = address;
    to->run         = h->run;
    to->run_start   = h->run_start;
    to->end         = *end;
    memcpy(to->text, text, sizeof(to->text));
    a->count++;
    point_texts(a, at);
    return REEL_OK;
}

/* Keep an END, in its place; one that is known already is passed over. From one
   to the one before, they come in their order. */
static enum reel_status
keep(struct reel_reader_archives *a, const struct reel_block_header *h,
     const struct reel_end *end, const uint8_t *text, uint64_t address,
     struct reel_err *err)
{
    const size_t at = index_of(a, h->archive);

    if (at < a->count && a->list[at].number == h->archive)
        return REEL_OK;
    return keep_at(a, at, h, end, text, address, err);
}

/* Answer one wish of the search. */
static enum reel_status
serve_mark(struct reel_reader_volume *v, struct reel_find_end *f,
           struct reel_err *err)
{
    int64_t passed;

    REEL_TRY(reel_reader_volume_seek(v, f->address, err));
    v->held_any = false;
    REEL_TRY(reel_medium_space_filemarks(v->medium, -1, &passed, err));
    REEL_TRY(reel_medium_tell(v->medium, &v->address, err));
    reel_find_end_mark(f, passed != 0, v->address);
    return REEL_OK;
}

static enum reel_status
serve_block(struct reel_reader_volume *v, struct reel_find_end *f,
            struct reel_err *err)
{
    struct reel_reader_block b;

    REEL_TRY(reel_reader_volume_seek(v, f->address, err));
    REEL_TRY(reel_reader_volume_read(v, &b, err));
    if (b.event == REEL_EVENT_UNREADABLE)
        f->bad_blocks++;
    return reel_find_end_block(f, b.event == REEL_EVENT_BLOCK ? b.data : NULL,
                               b.len, err);
}

/* The newest END before `address` of an archive below `below`; *found false:
   none. */
static enum reel_status
search(struct reel_reader_archives *a, struct reel_reader_volume *v,
       uint64_t address, uint32_t below, bool *found, struct reel_err *err)
{
    struct reel_find_end f;

    if (address > a->farthest)
        a->farthest = address;
    reel_find_end_init(&f, address, below, v->have_set ? v->set_id : NULL);
    for (; f.move != REEL_FIND_DONE; a->steps++) {
        if (f.move == REEL_FIND_MARK)
            REEL_TRY(serve_mark(v, &f, err));
        else
            REEL_TRY(serve_block(v, &f, err));
    }
    if (f.newest_archive > a->newest) {
        a->newest     = f.newest_archive;
        a->newest_run = f.newest_run;
    }
    if (f.newest_archive == a->newest && f.newest_run > a->newest_run)
        a->newest_run = f.newest_run;
    a->damaged |= f.bad_blocks > 0;
    *found = f.found;
    if (!f.found)
        return REEL_OK;
    reel_reader_volume_learn(v, &f.header);
    return keep(a, &f.header, &f.end, f.text, f.end_address, err);
}

/* The END that the oldest one known names as the one before it. *found false:
   it is not there. */
static enum reel_status
follow(struct reel_reader_archives *a, struct reel_reader_volume *v,
       bool *found, struct reel_err *err)
{
    const struct reel_end last = a->list[a->count - 1].end;
    uint8_t text[REEL_END_TEXT_BYTES];
    struct reel_reader_block b;
    struct reel_block_header h;
    struct reel_end end;
    enum reel_status status;

    *found = false;
    status = reel_reader_volume_seek(v, last.previous.address, err);
    if (status == REEL_E_TRUNCATED)
        return REEL_OK;
    REEL_TRY(status);
    REEL_TRY(reel_reader_volume_read(v, &b, err));
    if (b.event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(&h, b.data, b.len, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK || h.kind != REEL_BLOCK_END ||
        h.archive != last.previous_archive ||
        memcmp(h.set_id, v->set_id, sizeof(h.set_id)) != 0 ||
        reel_end_of_block(&end, text, &h, b.data, b.address, NULL) != REEL_OK)
        return REEL_OK;
    *found = true;
    return keep(a, &h, &end, text, b.address, err);
}

/* From the oldest END known, as long as the one before it stands here. */
static enum reel_status
chain(struct reel_reader_archives *a, struct reel_reader_volume *v,
      struct reel_err *err)
{
    bool found = true;

    while (found && a->list[a->count - 1].end.previous_archive != 0) {
        const struct reel_reader_archive oldest = a->list[a->count - 1];

        if (v->number != 0 && oldest.end.previous.volume != v->number)
            return REEL_OK; /* it stands on another volume */
        REEL_TRY(follow(a, v, &found, err));
        if (found || oldest.volume != v->number)
            continue;
        if (a->steps / ROUNDS_MAX > a->farthest + STEPS_FREE) {
            a->damaged = true;
            return REEL_OK;
        }
        REEL_TRY(search(a, v, oldest.end_address, oldest.number, &found, err));
    }
    return REEL_OK;
}

/* The newest END of an archive below `below` that stands on the volume. */
static enum reel_status
search_all(struct reel_reader_archives *a, struct reel_reader_volume *v,
           uint32_t below, bool *found, struct reel_err *err)
{
    v->held_any = false;
    REEL_TRY(reel_medium_end_of_data(v->medium, err));
    REEL_TRY(reel_medium_tell(v->medium, &v->address, err));
    return search(a, v, v->address, below, found, err);
}

enum reel_status
reel_reader_archives_find(struct reel_reader_archives *a,
                          struct reel_reader_volume *v, struct reel_err *err)
{
    const uint32_t oldest = a->count > 0 ? a->list[a->count - 1].number : 0;
    bool found;

    REEL_TRY(search_all(a, v, 0, &found, err));
    if (!found || (oldest != 0 && a->list[a->count - 1].number >= oldest))
        return REEL_OK;
    return chain(a, v, err);
}

enum reel_status
reel_reader_archives_follow(struct reel_reader_archives *a,
                            struct reel_reader_volume *v, struct reel_err *err)
{
    const uint32_t oldest = a->list[a->count - 1].number;
    bool found;

    REEL_TRY(follow(a, v, &found, err));
    if (!found)
        REEL_TRY(search_all(a, v, oldest, &found, err));
    return found ? chain(a, v, err) : REEL_OK;
}

/* ---- all there are, in whatever order ---- */

/* Descending by number; of one, that which was met first. */
static int
compare(const void *left, const void *right)
{
    const struct reel_reader_archive *const a = left;
    const struct reel_reader_archive *const b = right;

    if (a->number != b->number)
        return a->number > b->number ? -1 : 1;
    return a->end_address < b->end_address ? -1 : 1;
}

static void
put_in_order(struct reel_reader_archives *a)
{
    size_t to = 0;
    size_t i;

    if (a->count > 1)
        qsort(a->list, a->count, sizeof(*a->list), compare);
    for (i = 0; i < a->count; i++)
        if (to == 0 || a->list[to - 1].number != a->list[i].number)
            a->list[to++] = a->list[i];
    a->count = to;
    point_texts(a, 0);
}

/* The next END, behind all others. It stands there twice. */
static enum reel_status
append(struct reel_reader_archives *a, const struct reel_block_header *h,
       const struct reel_end *end, const uint8_t *text, uint64_t address,
       struct reel_err *err)
{
    if (a->count > 0 && a->list[a->count - 1].number == h->archive)
        return REEL_OK;
    return keep_at(a, a->count, h, end, text, address, err);
}

enum reel_status
reel_reader_archives_read(struct reel_reader_archives *a,
                          struct reel_reader_volume *v, struct reel_err *err)
{
    uint8_t text[REEL_END_TEXT_BYTES];
    struct reel_reader_block b;
    struct reel_block_header h;
    struct reel_end end;
    enum reel_status status;

    memset(a, 0, sizeof(*a));
    for (;;) {
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        if (b.event == REEL_EVENT_END)
            break;
        if (b.event != REEL_EVENT_BLOCK)
            continue;
        status = reel_block_decode(&h, b.data, b.len, NULL, err);
        if (status == REEL_E_UNSUPPORTED)
            return status;
        if (status != REEL_OK ||
            (v->have_set && memcmp(h.set_id, v->set_id, sizeof(h.set_id)) != 0))
            continue;
        reel_reader_volume_learn(v, &h);
        if (h.archive > a->newest)
            a->newest = h.archive;
        if (h.kind == REEL_BLOCK_END &&
            reel_end_of_block(&end, text, &h, b.data, b.address, NULL) ==
                REEL_OK)
            REEL_TRY(append(a, &h, &end, text, b.address, err));
    }
    put_in_order(a);
    return REEL_OK;
}
