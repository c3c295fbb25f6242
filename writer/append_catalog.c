/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.4; writer: what the last catalog of a volume tells of its set. */
#include <string.h>

#include "append.h"
#include "reel/alloc.h"
#include "segment_row.h"

static enum reel_status
earlier_archive(struct reel_append *a, struct reel_cursor *c,
                struct reel_err *err)
{
    struct reel_earlier_archive e;
    struct reel_known_archive k;

    if (reel_earlier_archive_decode(&e, c, NULL) != REEL_OK ||
        e.archive >= a->archive)
        return REEL_OK;
    memset(&k, 0, sizeof(k));
    k.archive          = e.archive;
    k.complete         = e.complete;
    k.position         = e.end;
    k.end.created      = e.created;
    k.end.objects      = e.objects;
    k.end.stream_bytes = e.stream_bytes;
    memcpy(k.end.fingerprint, e.fingerprint, sizeof(k.end.fingerprint));
    k.name_bytes = e.name.len;
    if (e.name.len > 0)
        memcpy(k.name, e.name.data, e.name.len);
    return reel_append_add_archive(a, &k, err);
}

static enum reel_status
earlier_volume(struct reel_append *a, const struct reel_record *r,
               struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_earlier_volume e;
    struct reel_volume v;

    memset(&e, 0, sizeof(e));
    if (r->type == REEL_RECORD_EARLIER_VOLUME) {
        if (reel_earlier_volume_decode(&e, &c, NULL) != REEL_OK)
            return REEL_OK;
    } else {
        if (reel_volume_decode(&v, &c, NULL) != REEL_OK)
            return REEL_OK;
        e.volume = v.volume;
        memcpy(e.volume_id, v.volume_id, sizeof(e.volume_id));
    }
    return reel_append_add_volume(a, &e, err);
}

static enum reel_status
take_segment(void *ctx, struct reel_bytes packed, struct reel_bytes raw,
             struct reel_err *err)
{
    struct reel_append *const a = ctx;
    struct reel_cursor c        = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record r;
    struct reel_cursor k;

    (void)packed;
    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        k = reel_record_cursor(&r);
        if (r.type == REEL_RECORD_EARLIER_ARCHIVE)
            REEL_TRY(earlier_archive(a, &k, err));
        else if (r.type == REEL_RECORD_EARLIER_VOLUME ||
                 r.type == REEL_RECORD_VOLUME)
            REEL_TRY(earlier_volume(a, &r, err));
    }
    return REEL_OK;
}

/* There is nothing to learn where the volume is the first, and all archives
   are known. */
static bool
all_known(const struct reel_append *a)
{
    return a->archive_count == 0 ||
           (a->volume == 1 && a->archives[0].archive == 1);
}

enum reel_status
reel_append_catalog(struct reel_append *a, struct reel_medium *medium,
                    struct reel_err *err)
{
    struct reel_segment_wish wish = {medium, a->set_id, 0, REEL_BLOCK_CATALOG,
                                     0};
    struct reel_segment_row row;
    enum reel_status status;

    if (all_known(a))
        return REEL_OK;
    wish.archive = a->archives[a->archive_count - 1].archive;
    wish.address = a->archives[a->archive_count - 1].end.catalog.address;
    status       = reel_segment_row_init(&row, err);
    if (status == REEL_OK)
        status = reel_segment_row_read(&row, &wish, take_segment, a, err);
    reel_segment_row_fini(&row);
    if (status != REEL_OK && status != REEL_E_TRUNCATED)
        return status;
    return a->end_lost ? REEL_OK : reel_medium_end_of_data(medium, err);
}
