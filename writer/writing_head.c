/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.2 to 5.4; writer: ARCHIVE and what stands behind it, up to the first
   object. */
#include <string.h>

#include "reel/head.h"
#include "writing.h"

void
reel_writing_facts(struct reel_writing *w)
{
    struct reel_archive *const a             = &w->facts;
    const struct reel_write_options *const o = &w->o;

    a->edition       = REEL_EDITION;
    a->source        = reel_writing_source_kind(o);
    a->compression   = (uint8_t)o->compression;
    a->segment_limit = o->segment_limit;
    a->created       = o->created;
    a->archive       = w->append.archive;
    a->level         = o->compression == REEL_COMPRESSION_NONE ? 0 : o->level;
    a->previous_archive = w->append.previous_archive;
    a->previous         = w->append.previous;
    a->base_encoding    = REEL_ENCODING_POSIX;
    a->name             = reel_writing_text(o->name);
    a->host             = reel_writing_text(o->host);
    a->system           = reel_writing_text(o->system);
    a->software         = reel_writing_text(o->software);
    a->options          = reel_writing_text(o->options);
    a->base             = reel_writing_text(o->base_path);
}

static enum reel_status
keep_head(struct reel_writing *w, const struct reel_builder *b,
          struct reel_err *err)
{
    const struct reel_bytes record = {w->record, b->len};

    return reel_spool_add(&w->head, record, err);
}

static enum reel_status
keep_source(struct reel_writing *w, uint8_t role, const char *what,
            struct reel_err *err)
{
    struct reel_builder b =
        reel_builder_init(w->record, REEL_WRITING_RECORD_ROOM);
    const struct reel_source_record s = {role, REEL_ENCODING_POSIX,
                                         reel_writing_text(what)};

    if (s.text.len == 0 || s.text.len > REEL_PATH_BYTES_MAX)
        return REEL_OK; /* the source says what is wrong with it */
    REEL_TRY(reel_source_record_encode(&s, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier_archive(struct reel_writing *w, const struct reel_known_archive *k,
                     struct reel_err *err)
{
    struct reel_builder b =
        reel_builder_init(w->record, REEL_WRITING_RECORD_ROOM);
    struct reel_earlier_archive a;

    memset(&a, 0, sizeof(a));
    a.archive = k->archive;
    if (k->complete) {
        a.complete     = true;
        a.end          = k->position;
        a.created      = k->end.created;
        a.objects      = k->end.objects;
        a.stream_bytes = k->end.stream_bytes;
        a.name.data    = (const uint8_t *)k->name;
        a.name.len     = k->name_bytes;
        memcpy(a.fingerprint, k->end.fingerprint, sizeof(a.fingerprint));
    }
    REEL_TRY(reel_earlier_archive_encode(&a, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier_volume(struct reel_writing *w, const struct reel_earlier_volume *v,
                    struct reel_err *err)
{
    struct reel_builder b =
        reel_builder_init(w->record, REEL_WRITING_RECORD_ROOM);

    REEL_TRY(reel_earlier_volume_encode(v, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier(struct reel_writing *w, struct reel_err *err)
{
    size_t i;

    for (i = 0; i < w->append.volume_count; i++)
        REEL_TRY(keep_earlier_volume(w, &w->append.volumes[i], err));
    for (i = 0; i < w->append.archive_count; i++)
        REEL_TRY(keep_earlier_archive(w, &w->append.archives[i], err));
    return REEL_OK;
}

/* All records that stand before the first object. */
enum reel_status
reel_writing_head(struct reel_writing *w, struct reel_err *err)
{
    struct reel_builder b =
        reel_builder_init(w->record, REEL_WRITING_RECORD_ROOM);
    struct reel_bytes path;
    enum reel_status status;
    uint64_t at = 0;
    size_t i;

    REEL_TRY(reel_spool_init(&w->head, w->o.temporary_dir, err));
    REEL_TRY(reel_archive_encode(&w->facts, &b, err));
    REEL_TRY(keep_head(w, &b, err));
    while ((status = reel_spool_next(&w->paths, &at, &path, err)) == REEL_OK)
        REEL_TRY(keep_source(w, REEL_ROLE_PATH, (const char *)path.data, err));
    if (status != REEL_END)
        return status;
    for (i = 0; i < w->o.exclude_count; i++)
        REEL_TRY(keep_source(w, REEL_ROLE_EXCLUDE, w->o.excludes[i], err));
    return keep_earlier(w, err);
}

/* What of the head does not stand on the volumes yet. */
enum reel_status
reel_writing_put_head(struct reel_writing *w, struct reel_object_packer *p,
                      struct reel_err *err)
{
    struct reel_spool *const head = w->o.resume ? &w->resume.head : &w->head;
    uint64_t stand                = w->volume.head_records;
    struct reel_bytes record;
    enum reel_status status;
    uint64_t at = 0;

    while ((status = reel_spool_next(head, &at, &record, err)) == REEL_OK)
        if (stand > 0)
            stand--;
        else
            REEL_TRY(reel_object_packer_head(p, record, err));
    return status == REEL_END ? REEL_OK : status;
}

/* --------------------------------------------------------------- the paths */

enum reel_status
reel_writing_collect_paths(struct reel_writing *w, struct reel_err *err)
{
    const char *path;
    enum reel_status status;

    REEL_TRY(reel_spool_init(&w->paths, w->o.temporary_dir, err));
    if (w->o.raw)
        return REEL_OK;
    while ((status = w->o.paths(w->o.paths_ctx, &path, err)) == REEL_OK) {
        struct reel_bytes with_nul = reel_bytes_of(path);

        with_nul.len++;
        REEL_TRY(reel_spool_add(&w->paths, with_nul, err));
    }
    return status == REEL_END ? REEL_OK : status;
}

enum reel_status
reel_writing_next_path(void *ctx, const char **path, struct reel_err *err)
{
    struct reel_writing *const w = ctx;
    struct reel_bytes with_nul;

    REEL_TRY(reel_spool_next(&w->paths, &w->next_path, &with_nul, err));
    *path = (const char *)with_nul.data;
    return REEL_OK;
}
