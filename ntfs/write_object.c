/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec chapters 6 and 7 on NTFS: what becomes of each record of an object. */
#include "write_object.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/wtf8.h"
#include "units.h"
#include "write_place.h"
#include "write_settle.h"
#include "write_wsl.h"

#define PATH_BYTES_MAX 65535U
#define ATTRIBUTE_DIRECTORY 0x10U
#define BLOCK_OFFSET_BYTES 8U

enum reel_status
rn_object_init(struct rn_object *o, struct rn_target *target,
               struct reel_err *err)
{
    *o       = (struct rn_object){.target = target};
    o->path  = reel_alloc_array(PATH_BYTES_MAX, 1);
    o->units = reel_alloc_array(RN_PATH_BYTES_MAX, 1);
    if (o->path == NULL || o->units == NULL) {
        rn_object_fini(o);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path");
    }
    return rn_streams_init(&o->streams, err);
}

void
rn_object_fini(struct rn_object *o)
{
    rn_streams_fini(&o->streams);
    reel_free(o->path);
    reel_free(o->units);
    o->path  = NULL;
    o->units = NULL;
}

void
rn_object_give_up(struct rn_object *o, const struct reel_err *err)
{
    rn_report_err(&o->target->report, &o->about, REEL_NOTE_SKIPPED, err);
    rn_content_abandon(&o->content);
    if (o->ni != NULL)
        rn_pending_discard(o->target, o->about.object, o->ni, &o->about);
    o->ni      = NULL;
    o->into    = RN_INTO_NOTHING;
    o->ignored = true;
}

/* OBJECT */

/* K-12: the path in units. */
static enum reel_status
find_place(struct rn_object *o, struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(o->units, RN_PATH_BYTES_MAX);
    struct reel_err ignored;

    o->place = o->about.path;
    if (o->about.encoding == REEL_ENCODING_UTF16)
        return REEL_OK;
    if (reel_wtf8_to_units(&b, o->about.path, &ignored) != REEL_OK)
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, "K-12",
                         "its path is not UTF-8, so NTFS cannot hold it");
    o->place = (struct reel_bytes){.data = o->units, .len = b.len};
    return REEL_OK;
}

static void
take_facts(struct rn_object *o, uint64_t number,
           const struct reel_object *facts)
{
    memcpy(o->path, facts->path.data, facts->path.len);
    o->about = (struct rn_subject){
        .object   = number,
        .encoding = facts->encoding,
        .path     = {.data = o->path, .len = facts->path.len},
    };
    memcpy(o->short_octets, facts->short_name.data, facts->short_name.len);
    o->short_name = (struct reel_bytes){.data = o->short_octets,
                                        .len  = facts->short_name.len};
    o->open       = true;
    o->ignored    = false;
    o->kind       = facts->kind;
    o->link       = facts->target;
    o->links      = facts->link_count;
    o->outside    = (facts->facts & REEL_FACT_OUTSIDE) != 0;
    o->extra      = 0;
    o->into       = RN_INTO_NOTHING;
    o->filled     = false;
    rn_streams_clear(&o->streams);
}

/* Windows makes symbolic links to directories as directories. */
static bool
stands_as_directory(const struct reel_object *facts)
{
    return facts->kind == REEL_KIND_DIRECTORY ||
           ((facts->facts & REEL_FACT_ATTRIBUTES) != 0 &&
            (facts->attributes & ATTRIBUTE_DIRECTORY) != 0);
}

static enum reel_status
make(struct rn_object *o, const struct reel_object *facts, struct reel_err *err)
{
    struct rn_target *t = o->target;

    REEL_TRY(find_place(o, err));
    if (o->kind == REEL_KIND_LINK)
        return REEL_OK;
    rn_facts_take(&o->facts, facts, &t->report, &o->about);
    if (o->about.encoding == REEL_ENCODING_POSIX) {
        o->extra = rn_wsl_attributes(o->kind);
        rn_wsl_begin(&o->streams, facts);
    }
    REEL_TRY(rn_pending_create(t, o->about.object, stands_as_directory(facts),
                               &o->ni, err));
    return rn_facts_prepare(&o->facts, o->ni, &t->report, &o->about, err);
}

enum reel_status
rn_object_begin(struct rn_object *o, uint64_t number,
                const struct reel_object *facts, struct reel_err *err)
{
    enum reel_status status;

    take_facts(o, number, facts);
    status = make(o, facts, err);
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        rn_object_give_up(o, err);
    return REEL_OK;
}

void
rn_object_xattr(struct rn_object *o, const struct reel_xattr *x)
{
    struct reel_err err;

    if (o->ignored || o->ni == NULL)
        return;
    if (rn_wsl_add(&o->streams, x, &err) != REEL_OK)
        rn_report_say(&o->target->report, &o->about, REEL_NOTE_SKIPPED,
                      err.status, "%.*s: %s",
                      x->name.len < 60 ? (int)x->name.len : 60,
                      (const char *)x->name.data, err.text);
}

/* STREAM */

/* S-14 */
static void
name_stream(const struct rn_object *o, const struct reel_stream_header *h,
            enum reel_note_kind kind, enum reel_status status, const char *why)
{
    rn_report_say(&o->target->report, &o->about, kind, status,
                  "stream %s (id %lu), %llu octets, is not put back: %s",
                  reel_stream_id_name(h->id), (unsigned long)h->id,
                  (unsigned long long)h->size, why);
}

/* The end of the group that is open, if one is. False: given up. */
static bool
close_group(struct rn_object *o)
{
    struct reel_err err;

    o->content.unmarked = false;
    if (rn_content_close(&o->content, o->target, &err) != REEL_OK) {
        rn_object_give_up(o, &err);
        return false;
    }
    if (o->content.unmarked)
        rn_report_say(&o->target->report, &o->about, REEL_NOTE_INFO,
                      REEL_E_UNSUPPORTED,
                      "a stream without holes is not marked sparse again");
    return true;
}

static void
begin_content(struct rn_object *o, const struct reel_stream_header *h)
{
    struct reel_err err;
    enum reel_status status;

    if (h->id == REEL_STREAM_DATA && o->filled) {
        name_stream(o, h, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                    "the object has one already");
        return;
    }
    status = rn_content_open(&o->content, o->target, o->ni, h, &err);
    if (h->id == REEL_STREAM_DATA && status == REEL_OK)
        o->filled = true;
    if (status == REEL_OK)
        o->into = RN_INTO_CONTENT;
    else if (status == REEL_E_UNSUPPORTED)
        name_stream(o, h, REEL_NOTE_SKIPPED, status, err.text);
    else
        rn_object_give_up(o, &err);
}

static void
begin_kept(struct rn_object *o, const struct reel_stream_header *h)
{
    struct reel_err err;
    enum reel_status status;

    o->kept = rn_streams_kind(h->id);
    status  = rn_streams_begin(&o->streams, o->kept, h->size, &err);
    if (status == REEL_OK)
        o->into = RN_INTO_KEPT;
    else if (o->kept == RN_REPARSE && status == REEL_E_LIMIT)
        rn_object_give_up(o, &err); /* K-15 */
    else
        name_stream(o, h, REEL_NOTE_SKIPPED, status, err.text);
}

static void
begin_block(struct rn_object *o, const struct reel_stream_header *h)
{
    if (o->content.na != NULL)
        o->into = RN_INTO_BLOCK;
    else
        name_stream(o, h, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                    "it belongs to no content");
}

void
rn_object_stream(struct rn_object *o, const struct reel_stream_header *h)
{
    o->into = RN_INTO_NOTHING;
    if (o->ignored || o->ni == NULL)
        return;
    o->stream_bytes = h->size;
    if (h->id != REEL_STREAM_SPARSE_BLOCK && !close_group(o))
        return;
    switch (h->id) {
    case REEL_STREAM_DATA:
    case REEL_STREAM_ALTERNATE_DATA:
        begin_content(o, h);
        break;
    case REEL_STREAM_SPARSE_BLOCK:
        begin_block(o, h);
        break;
    case REEL_STREAM_TXFS_DATA:
        name_stream(o, h, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                    "transactions are over");
        break;
    default:
        if (rn_streams_kind(h->id) != RN_KEPT)
            begin_kept(o, h);
        else
            name_stream(o, h, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                        "NTFS has no place for it here");
        break;
    }
}

/* DATA */

/* Octets of the body of a SPARSE_BLOCK: eight of offset, then content. */
static enum reel_status
put_block(struct rn_object *o, const struct reel_data *d, struct reel_err *err)
{
    struct reel_bytes octets = d->bytes;
    uint64_t at              = d->stream_offset;

    if (o->stream_bytes <= BLOCK_OFFSET_BYTES)
        return rn_content_end_at(&o->content, d->sparse_offset, err);
    if (at < BLOCK_OFFSET_BYTES) {
        const size_t skip = (size_t)(BLOCK_OFFSET_BYTES - at);

        if (octets.len <= skip)
            return REEL_OK;
        octets.data += skip;
        octets.len -= skip;
        at = BLOCK_OFFSET_BYTES;
    }
    if (d->sparse_offset > INT64_MAX || at > INT64_MAX)
        return reel_fail(err, REEL_E_INVALID, NULL, "S-8",
                         "a SPARSE_BLOCK ends behind 2^63");
    return rn_content_put(&o->content, o->target,
                          d->sparse_offset + at - BLOCK_OFFSET_BYTES, octets,
                          err);
}

void
rn_object_data(struct rn_object *o, const struct reel_data *d)
{
    enum reel_status status = REEL_OK;
    struct reel_err err;

    if (o->ignored)
        return;
    switch (o->into) {
    case RN_INTO_NOTHING:
        break;
    case RN_INTO_CONTENT:
        status = rn_content_put(&o->content, o->target, d->stream_offset,
                                d->bytes, &err);
        break;
    case RN_INTO_BLOCK:
        status = put_block(o, d, &err);
        break;
    case RN_INTO_KEPT:
        rn_streams_put(&o->streams, o->kept, d->stream_offset, d->bytes);
        break;
    }
    if (status != REEL_OK)
        rn_object_give_up(o, &err);
}

/* OBJECT END */

static enum reel_status
end_whole(struct rn_object *o, const struct reel_object_end *e,
          struct reel_err *err)
{
    if (o->kind == REEL_KIND_LINK)
        return rn_settle_link(o, err);
    if (e->bad_ranges > 0) {
        (void)reel_fail(err, REEL_E_CORRUPT, NULL, "O-19",
                        "not put back: %lu ranges of it are only filling",
                        (unsigned long)e->bad_ranges);
        rn_object_give_up(o, err);
        return REEL_OK;
    }
    if (!close_group(o))
        return REEL_OK;
    return rn_settle(o, err);
}

enum reel_status
rn_object_end(struct rn_object *o, const struct reel_object_end *e,
              struct reel_err *err)
{
    enum reel_status status = REEL_OK;

    if (!o->ignored)
        status = end_whole(o, e, err);
    o->open = false;
    return status;
}

void
rn_object_abandon(struct rn_object *o)
{
    rn_content_abandon(&o->content);
    if (o->ni != NULL)
        rn_pending_discard(o->target, o->about.object, o->ni, &o->about);
    o->ni   = NULL;
    o->open = false;
}

/* Directories */

static enum reel_status
put_late(const struct rn_object *o, const struct rn_late *late,
         struct reel_err *err)
{
    enum reel_status status;
    ntfs_inode *ni;

    REEL_TRY(rn_inode_open(o->target->vol, late->reference, &ni, err));
    status = rn_facts_put(&late->facts, ni, 0, err);
    if (ntfs_inode_close(ni) != 0 && status == REEL_OK)
        status =
            rn_fail_errno(err, "the facts of a directory are not put back");
    return status;
}

enum reel_status
rn_object_finish(struct rn_object *o, struct reel_err *err)
{
    static const struct rn_subject nothing;
    const struct rn_row *late = &o->target->late;

    for (uint64_t i = rn_row_count(late); i > 0; i--) {
        struct rn_late item;

        REEL_TRY(rn_row_get(late, i - 1, &item, err));
        if (put_late(o, &item, err) != REEL_OK)
            rn_report_err(&o->target->report, &nothing, REEL_NOTE_SKIPPED, err);
    }
    return REEL_OK;
}
