/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.6; writer: where the next archive goes. */
#include "append.h"

#include <string.h>

#include "data_end.h"
#include "reel/alloc.h"
#include "reel/block_header.h"

struct look {
    struct reel_medium *medium;
    uint8_t *buf; /* REEL_BLOCK_BYTES_MAX */
    enum reel_event event;
    size_t bytes;
};

static enum reel_status
read_one(struct look *l, struct reel_err *err)
{
    return reel_medium_read(l->medium, l->buf, REEL_BLOCK_BYTES_MAX, &l->event,
                            &l->bytes, err);
}

/* Label and VOLUME. */
static enum reel_status
look_at_front(struct reel_append *a, struct look *l, struct reel_err *err)
{
    const struct reel_volume *const v = &a->look.volume;

    REEL_TRY(reel_volume_look_at(&a->look, l->medium, l->buf, err));
    a->new_set = reel_volume_free(&a->look);
    if (a->new_set)
        return REEL_OK;
    if (a->look.state == REEL_VOLUME_OTHER)
        return reel_fail(err, a->look.why.status, NULL, a->look.why.rule,
                         "%s; --overwrite begins a new set on it",
                         a->look.why.text);
    a->block_bytes = v->block_bytes;
    a->volume      = v->volume;
    memcpy(a->set_id, v->set_id, sizeof(a->set_id));
    memcpy(a->volume_id, v->volume_id, sizeof(a->volume_id));
    a->set_name = v->set_name;
    return REEL_OK;
}

enum reel_status
reel_append_add_archive(struct reel_append *a,
                        const struct reel_known_archive *k,
                        struct reel_err *err)
{
    struct reel_known_archive *more;
    size_t at = 0;

    while (at < a->archive_count && a->archives[at].archive < k->archive)
        at++;
    if (at < a->archive_count && a->archives[at].archive == k->archive)
        return REEL_OK;
    more = reel_realloc_array(a->archives, a->archive_count + 1, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of archives");
    a->archives = more;
    memmove(more + at + 1, more + at, (a->archive_count - at) * sizeof(*more));
    more[at] = *k;
    a->archive_count++;
    return REEL_OK;
}

enum reel_status
reel_append_add_volume(struct reel_append *a,
                       const struct reel_earlier_volume *v,
                       struct reel_err *err)
{
    struct reel_earlier_volume *more;
    size_t at = 0;

    while (at < a->volume_count && a->volumes[at].volume < v->volume)
        at++;
    if (at < a->volume_count && a->volumes[at].volume == v->volume)
        return REEL_OK;
    more = reel_realloc_array(a->volumes, a->volume_count + 1, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of volumes");
    a->volumes = more;
    memmove(more + at + 1, more + at, (a->volume_count - at) * sizeof(*more));
    more[at] = *v;
    a->volume_count++;
    return REEL_OK;
}

/* The block at hand: if it is the END of an archive not known yet, keep it.
   The second one stands alone in its tape file, two behind the first. */
static enum reel_status
keep_end(struct reel_append *a, const struct look *l,
         const struct reel_block_header *h, bool second, struct reel_err *err)
{
    struct reel_known_archive k;
    struct reel_record r;
    struct reel_cursor c;

    if (a->archive_count > 0 &&
        a->archives[a->archive_count - 1].archive >= h->archive)
        return REEL_OK;
    memset(&k, 0, sizeof(k));
    if (reel_only_record(l->buf, h, REEL_RECORD_END, &r, NULL) != REEL_OK)
        return REEL_OK;
    c = reel_record_cursor(&r);
    /* 9.4: valid, whatever else does not agree in it; what EARLIER ARCHIVE
       repeats of it must be legal there. */
    if (reel_end_accept(&k.end, h->archive, &c, NULL) != REEL_OK)
        return REEL_OK;
    if (k.end.created.ns > REEL_TIME_NS_MAX)
        memset(&k.end.created, 0, sizeof(k.end.created));
    k.archive           = h->archive;
    k.complete          = true;
    k.position.volume   = h->volume;
    k.position.sequence = h->sequence;
    k.position.address  = h->address - (second ? 2 : 0);
    a->end_missing      = !second;
    k.name_bytes        = k.end.name.len;
    if (k.name_bytes > 0)
        memcpy(k.name, k.end.name.data, k.name_bytes);
    k.end.name.data     = NULL;
    k.end.host.data     = NULL;
    a->previous_archive = k.archive;
    a->previous         = k.position;
    return reel_append_add_archive(a, &k, err);
}

static enum reel_status
judge_block(struct reel_append *a, const struct look *l, struct reel_err *err)
{
    struct reel_block_header h;
    enum reel_status status;

    if (l->event != REEL_EVENT_BLOCK)
        return REEL_OK;
    status = reel_block_decode(&h, l->buf, l->bytes, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK || memcmp(h.set_id, a->set_id, sizeof(h.set_id)) != 0)
        return REEL_OK;
    if (h.archive >= a->archive)
        a->archive = h.archive + 1;
    return h.kind == REEL_BLOCK_END ? keep_end(a, l, &h, true, err) : REEL_OK;
}

/* Hop over the filemarks: the first block of each tape file says whose it is,
   and END stands alone in one. */
static enum reel_status
look_at_files(struct reel_append *a, struct look *l, struct reel_err *err)
{
    int64_t passed;

    do {
        REEL_TRY(reel_medium_space_filemarks(l->medium, 1, &passed, err));
        if (passed == 0)
            return REEL_OK;
        REEL_TRY(read_one(l, err));
        REEL_TRY(judge_block(a, l, err));
        if (l->event == REEL_EVENT_FILEMARK) {
            /* An empty tape file: the filemark counts as passed. */
            continue;
        }
    } while (l->event != REEL_EVENT_END);
    return REEL_OK;
}

/* The last thing before the end of data: whose block, or a filemark? */
static enum reel_status
look_at_end(struct reel_append *a, struct look *l, struct reel_err *err)
{
    struct reel_data_end e;

    REEL_TRY(reel_data_end_find(&e, l->medium, a->set_id, l->buf, err));
    a->address          = e.address;
    a->filemark_missing = e.address > 0 && !e.mark;
    if (!e.good)
        return REEL_OK;
    if (e.header.archive >= a->archive)
        a->archive = e.header.archive + 1;
    a->goes_on = e.mark && (e.header.kind == REEL_BLOCK_DATA ||
                            e.header.kind == REEL_BLOCK_CATALOG);
    return e.header.kind == REEL_BLOCK_END
               ? keep_end(a, l, &e.header, false, err)
               : REEL_OK;
}

/* Numbers that have no END were never completed. */
static enum reel_status
add_incomplete(struct reel_append *a, struct reel_err *err)
{
    struct reel_known_archive k;

    memset(&k, 0, sizeof(k));
    for (k.archive = 1; k.archive < a->archive; k.archive++)
        REEL_TRY(reel_append_add_archive(a, &k, err));
    return REEL_OK;
}

/* The volume at hand, at least. */
static enum reel_status
add_this_volume(struct reel_append *a, struct reel_err *err)
{
    struct reel_earlier_volume v;

    memset(&v, 0, sizeof(v));
    v.volume = a->volume;
    memcpy(v.volume_id, a->volume_id, sizeof(v.volume_id));
    return reel_append_add_volume(a, &v, err);
}

/* Everything behind the front. Where the drive fails to go as far as the end
   of the data, what was met before that is known. */
static enum reel_status
look_behind(struct reel_append *a, struct look *l, struct reel_err *err)
{
    enum reel_status status;

    a->archive = a->look.header.archive + 1;
    status     = look_at_files(a, l, &a->why_lost);
    if (status == REEL_OK)
        status = look_at_end(a, l, &a->why_lost);
    a->end_lost = status == REEL_E_MEDIUM;
    if (status != REEL_OK && !a->end_lost && err != NULL)
        *err = a->why_lost;
    return a->end_lost ? REEL_OK : status;
}

static enum reel_status
find(struct reel_append *a, struct look *l, struct reel_err *err)
{
    REEL_TRY(look_at_front(a, l, err));
    if (a->new_set)
        return REEL_OK;
    REEL_TRY(look_behind(a, l, err));
    REEL_TRY(reel_append_catalog(a, l->medium, err));
    REEL_TRY(add_this_volume(a, err));
    return add_incomplete(a, err);
}

enum reel_status
reel_append_find(struct reel_append *a, struct reel_medium *medium,
                 struct reel_err *err)
{
    struct look l = {medium, NULL, REEL_EVENT_END, 0};
    enum reel_status status;

    memset(a, 0, sizeof(*a));
    l.buf = reel_alloc_array(REEL_BLOCK_BYTES_MAX, 1);
    if (l.buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to read the medium");
    status = find(a, &l, err);
    reel_free(l.buf);
    return status;
}

void
reel_append_fini(struct reel_append *a)
{
    reel_free(a->archives);
    reel_free(a->volumes);
    a->archives = NULL;
    a->volumes  = NULL;
}
