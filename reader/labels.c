/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4 and 5.4, the names of volumes; policy layer. */
#include "labels.h"

#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/head.h"

void
reel_reader_labels_fini(struct reel_reader_labels *l)
{
    reel_free(l->list);
    memset(l, 0, sizeof(*l));
}

/* Where `number` stands, or would. */
static size_t
index_of(const struct reel_reader_labels *l, uint32_t number)
{
    size_t from = 0;
    size_t to   = l->count;

    while (from < to) {
        const size_t half = from + (to - from) / 2;

        if (l->list[half].number < number)
            from = half + 1;
        else
            to = half;
    }
    return from;
}

const char *
reel_reader_labels_of(const struct reel_reader_labels *l, uint32_t number)
{
    const size_t i = index_of(l, number);

    return i < l->count && l->list[i].number == number ? l->list[i].id : "";
}

static void
copy_id(char out[REEL_VOLUME_ID_BYTES + 1],
        const uint8_t id[REEL_VOLUME_ID_BYTES])
{
    size_t len = REEL_VOLUME_ID_BYTES;

    while (len > 0 && (id[len - 1] == ' ' || id[len - 1] == 0))
        len--;
    memcpy(out, id, len);
    out[len] = '\0';
}

static enum reel_status
make_room(struct reel_reader_labels *l, struct reel_err *err)
{
    const size_t capacity = l->capacity == 0 ? 16 : 2 * l->capacity;
    struct reel_reader_label *more;

    if (l->count < l->capacity)
        return REEL_OK;
    more = reel_realloc_array(l->list, capacity, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of volumes");
    l->list     = more;
    l->capacity = capacity;
    return REEL_OK;
}

enum reel_status
reel_reader_labels_add(struct reel_reader_labels *l, uint32_t number,
                       const uint8_t id[REEL_VOLUME_ID_BYTES],
                       struct reel_err *err)
{
    const size_t at = index_of(l, number);

    if (at < l->count && l->list[at].number == number)
        return REEL_OK;
    REEL_TRY(make_room(l, err));
    memmove(&l->list[at + 1], &l->list[at], (l->count - at) * sizeof(*l->list));
    l->count++;
    l->list[at].number = number;
    copy_id(l->list[at].id, id);
    return REEL_OK;
}

/* ---- many at once, in whatever order ---- */

/* Behind what is in order; merge() has to follow. */
static enum reel_status
append(struct reel_reader_labels *l, uint32_t number,
       const uint8_t id[REEL_VOLUME_ID_BYTES], struct reel_err *err)
{
    REEL_TRY(make_room(l, err));
    l->list[l->count].number = number;
    copy_id(l->list[l->count].id, id);
    l->count++;
    return REEL_OK;
}

/* Of two names of one volume it does not matter which counts, if it is always
   the same one. */
static int
compare(const void *left, const void *right)
{
    const struct reel_reader_label *const a = left;
    const struct reel_reader_label *const b = right;

    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* Of each number the first. What stands before `from` is right already. */
static void
drop_doubles(struct reel_reader_labels *l, size_t from)
{
    size_t to = from;
    size_t i;

    for (i = from; i < l->count; i++)
        if (to == 0 || l->list[to - 1].number != l->list[i].number)
            l->list[to++] = l->list[i];
    l->count = to;
}

/* What was appended behind the first `known` gets its place among them. Costs
   by what was appended and what has to move. */
static enum reel_status
merge(struct reel_reader_labels *l, size_t known, struct reel_err *err)
{
    const size_t fresh_count = l->count - known;
    struct reel_reader_label *fresh;
    size_t to   = l->count;
    size_t from = known;
    size_t left = fresh_count;

    if (fresh_count == 0)
        return REEL_OK;
    l->count = known;
    fresh    = reel_alloc_array(fresh_count, sizeof(*fresh));
    if (fresh == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of volumes");
    memcpy(fresh, &l->list[known], fresh_count * sizeof(*fresh));
    qsort(fresh, fresh_count, sizeof(*fresh), compare);
    while (left > 0) {
        if (from > 0 && l->list[from - 1].number > fresh[left - 1].number)
            l->list[--to] = l->list[--from];
        else
            l->list[--to] = fresh[--left];
    }
    l->count = known + fresh_count;
    drop_doubles(l, from);
    reel_free(fresh);
    return REEL_OK;
}

static enum reel_status
append_record(struct reel_reader_labels *l, const struct reel_record *r,
              struct reel_err *err)
{
    struct reel_cursor payload = reel_record_cursor(r);
    struct reel_earlier_volume earlier;
    struct reel_volume volume;

    if (r->type == REEL_RECORD_VOLUME &&
        reel_volume_decode(&volume, &payload, NULL) == REEL_OK)
        return append(l, volume.volume, volume.volume_id, err);
    if (r->type == REEL_RECORD_EARLIER_VOLUME &&
        reel_earlier_volume_decode(&earlier, &payload, NULL) == REEL_OK)
        return append(l, earlier.volume, earlier.volume_id, err);
    return REEL_OK;
}

enum reel_status
reel_reader_labels_take(struct reel_reader_labels *l, struct reel_bytes records,
                        struct reel_err *err)
{
    struct reel_cursor c    = reel_cursor_init(records.data, records.len, NULL);
    const size_t known      = l->count;
    enum reel_status status = REEL_OK;
    struct reel_record r;

    while (status == REEL_OK && reel_record_next(&r, &c, NULL) == REEL_OK)
        status = append_record(l, &r, err);
    if (status != REEL_OK)
        l->count = known;
    return status == REEL_OK ? merge(l, known, err) : status;
}
