/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 and 9.7, which volumes a selection needs; policy layer. */
#include <assert.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/restore.h"
#include "session.h"

/* No set has more; a catalog may say so. */
#define VOLUMES_MAX 10000U

/* Ascending by number; as many as there are volumes in the set. */
struct plan {
    struct reel_plan_volume *list;
    size_t count;
    size_t capacity;
    uint32_t reached; /* volume on which the object before ends */
};

static enum reel_status
make_room(struct plan *p, struct reel_err *err)
{
    const size_t capacity = p->capacity == 0 ? 16 : 2 * p->capacity;
    struct reel_plan_volume *more;

    if (p->count == VOLUMES_MAX)
        return reel_fail(err, REEL_E_INVALID, NULL, "A-2",
                         "the catalog names more than %u volumes, so there is "
                         "no plan; restore all the same, it reads the data",
                         VOLUMES_MAX);
    if (p->count < p->capacity)
        return REEL_OK;
    more = reel_realloc_array(p->list, capacity, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of volumes");
    p->list     = more;
    p->capacity = capacity;
    return REEL_OK;
}

static enum reel_status
volume_of(struct plan *p, uint32_t number, struct reel_plan_volume **out,
          struct reel_err *err)
{
    size_t at = p->count;

    while (at > 0 && p->list[at - 1].number >= number)
        at--;
    if (at < p->count && p->list[at].number == number) {
        *out = &p->list[at];
        return REEL_OK;
    }
    REEL_TRY(make_room(p, err));
    *out = &p->list[at];
    memmove(*out + 1, *out, (p->count - at) * sizeof(**out));
    memset(*out, 0, sizeof(**out));
    (*out)->number        = number;
    (*out)->first_address = REEL_NONE64;
    p->count++;
    return REEL_OK;
}

/* What stands at `from` is wanted, up to `to` if that is on the same volume,
   else to the end of the volume. */
static enum reel_status
need(struct plan *p, uint32_t number, const struct reel_place *from,
     const struct reel_place *to, struct reel_err *err)
{
    struct reel_plan_volume *v = NULL;

    REEL_TRY(volume_of(p, number, &v, err));
    assert(v != NULL); /* what has succeeded gave one */
    if (from->volume != number)
        v->first_address = 0;
    else if (from->address < v->first_address)
        v->first_address = from->address;
    if (to->volume != number)
        v->last_address = REEL_NONE64;
    else if (to->address > v->last_address)
        v->last_address = to->address;
    return REEL_OK;
}

static enum reel_status
need_object(struct plan *p, const struct reel_catalog_item *item,
            struct reel_err *err)
{
    const struct reel_entry *const e = &item->entry;
    const struct reel_place *const to =
        e->end.volume != 0 ? &e->end : &e->begin;
    struct reel_plan_volume *v = NULL;
    uint32_t number            = e->begin.volume;

    if (reel_catalog_item_torn(item) || number == 0)
        return REEL_OK;
    if (number < p->reached || to->volume < number)
        return reel_fail(
            err, REEL_E_INVALID, NULL, "A-2",
            "object %llu cannot stand on volumes %u to %u, so there "
            "is no plan; restore all the same, it reads the data",
            (unsigned long long)item->number, number, to->volume);
    p->reached = to->volume;
    REEL_TRY(volume_of(p, number, &v, err));
    assert(v != NULL);
    v->objects++;
    for (; number <= to->volume; number++)
        REEL_TRY(need(p, number, &e->begin, to, err));
    if (e->data.volume != 0)
        REEL_TRY(need(p, e->data.volume, &e->data, &e->data, err));
    return REEL_OK;
}

static enum reel_status
collect(struct plan *p, struct reel_session *s,
        const struct reel_catalog_source *source, struct reel_err *err)
{
    struct reel_catalog_cursor cursor;
    struct reel_catalog_item item;
    enum reel_status status;
    bool selected;

    status = reel_catalog_cursor_init(&cursor, source, err);
    while (status == REEL_OK) {
        status = reel_catalog_cursor_next(&cursor, &item, err);
        if (status == REEL_E_INVALID) {
            reel_catalog_cursor_tell(&cursor, &s->access->report, err);
            status = REEL_OK;
            continue;
        }
        if (status == REEL_OK)
            status = reel_matcher_match(&s->matcher, item.object.encoding,
                                        item.object.path, &selected, err);
        if (status == REEL_OK && selected &&
            (item.object.facts & REEL_FACT_OUTSIDE) == 0)
            status = need_object(p, &item, err);
    }
    reel_catalog_cursor_fini(&cursor);
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
plan(struct reel_session *s, reel_plan_fn fn, void *ctx, struct reel_err *err)
{
    struct plan p = {0};
    struct reel_catalog_source source;
    enum reel_status status;
    size_t i;

    reel_catalog_source_init(&source, s->access->temporary_dir);
    status = reel_session_catalog(s, s->access->archive, false, &source, err);
    if (status == REEL_OK)
        status = collect(&p, s, &source, err);
    for (i = 0; status == REEL_OK && i < p.count; i++) {
        p.list[i].volume_id =
            reel_reader_labels_of(&s->volume.labels, p.list[i].number);
        fn(ctx, &p.list[i]);
    }
    reel_catalog_source_fini(&source);
    reel_free(p.list);
    return status;
}

enum reel_status
reel_restore_plan(const struct reel_access *access,
                  const struct reel_selection *selection, reel_plan_fn fn,
                  void *ctx, struct reel_err *err)
{
    struct reel_session s;
    struct reel_err local = {0};
    enum reel_status status;

    err    = err == NULL ? &local : err;
    status = reel_session_open(&s, access, selection, err);
    if (status == REEL_OK)
        status = plan(&s, fn, ctx, err);
    if (status == REEL_OK)
        reel_matcher_note_unmatched(&s.matcher, &access->report);
    reel_session_close(&s);
    return status;
}
