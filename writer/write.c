/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 5 and 9; writer: one archive from beginning to end. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "append.h"
#include "object_packer.h"
#include "pipeline.h"
#include "reel/alloc.h"
#include "reel/head.h"
#include "reel/write.h"
#include "source_posix.h"
#include "volume_writer.h"

#define LEVEL_DEFAULT 3
#define CHECKPOINT_BYTES_DEFAULT (16ULL << 30)

/* Everything one call needs. */
struct writing {
    struct reel_write_options o; /* with the defaults filled in */
    struct reel_write_result *result;
    struct reel_append append;
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_archive facts;
    struct reel_volume_writer volume;
    bool volume_begun;
    uint8_t *record; /* one record of the head */

    /* The paths asked for, each with its NUL: they stand in the head before
       the walk begins, and may be too many for memory. */
    struct reel_spool paths;
    uint64_t next_path; /* in the spool */
};

#define RECORD_ROOM (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

static struct reel_bytes
text(const char *s)
{
    return reel_bytes_of(s == NULL ? "" : s);
}

static enum reel_status
check_options(struct writing *w, struct reel_err *err)
{
    struct reel_write_options *const o = &w->o;

    if (o->block_bytes == 0)
        o->block_bytes = REEL_BLOCK_BYTES_DEFAULT;
    if (o->segment_limit == 0)
        o->segment_limit = REEL_SEGMENT_LIMIT_DEFAULT;
    if (o->threads == 0)
        o->threads = 1;
    if (o->level == 0)
        o->level = LEVEL_DEFAULT;
    if (o->checkpoint_bytes == 0)
        o->checkpoint_bytes = CHECKPOINT_BYTES_DEFAULT;
    if (o->block_bytes < REEL_BLOCK_BYTES_MIN ||
        o->block_bytes > REEL_BLOCK_BYTES_MAX || o->block_bytes % 512 != 0)
        return reel_fail(err, REEL_E_MISUSE, NULL, "L-3",
                         "block size %u is not a multiple of 512 in 512 ... "
                         "1048576",
                         o->block_bytes);
    if (o->segment_limit < REEL_SEGMENT_LIMIT_MIN ||
        o->segment_limit > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail(err, REEL_E_MISUSE, NULL, "G-7",
                         "segment size %u is not in 262144 ... 16777216",
                         o->segment_limit);
    return REEL_OK;
}

/* -------------------------------------------------------------- the medium */

static enum reel_status
new_set(struct writing *w, struct reel_err *err)
{
    w->append.new_set = true;
    w->append.archive = 1;
    w->block_bytes    = w->o.block_bytes;
    if (w->o.set_id != NULL) {
        memcpy(w->set_id, w->o.set_id, sizeof(w->set_id));
        return REEL_OK;
    }
    if (getrandom(w->set_id, sizeof(w->set_id), 0) !=
        (ssize_t)sizeof(w->set_id))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "no random set id to be had: %s", strerror(errno));
    return REEL_OK;
}

/* Append, or begin a new set? */
static enum reel_status
look_at_medium(struct writing *w, struct reel_err *err)
{
    struct reel_medium *const m = w->o.medium;

    if (!reel_medium_info(m)->can_locate)
        return new_set(w, err);
    if (!w->o.overwrite) {
        REEL_TRY(reel_append_find(&w->append, m, err));
        if (!w->append.new_set) {
            w->block_bytes = w->append.block_bytes;
            memcpy(w->set_id, w->append.set_id, sizeof(w->set_id));
            return REEL_OK;
        }
    }
    REEL_TRY(reel_medium_locate(m, 0, err));
    return new_set(w, err);
}

/* ---------------------------------------------------------------- the head */

static void
fill_facts(struct writing *w)
{
    struct reel_archive *const a             = &w->facts;
    const struct reel_write_options *const o = &w->o;

    a->edition       = REEL_EDITION;
    a->source        = REEL_SOURCE_POSIX;
    a->compression   = (uint8_t)o->compression;
    a->segment_limit = o->segment_limit;
    a->created       = o->created;
    a->archive       = w->append.archive;
    a->level         = o->compression == REEL_COMPRESSION_NONE ? 0 : o->level;
    a->previous_archive = w->append.previous_archive;
    a->previous         = w->append.previous;
    a->base_encoding    = REEL_ENCODING_POSIX;
    a->name             = text(o->name);
    a->host             = text(o->host);
    a->system           = text(o->system);
    a->software         = text(o->software);
    a->options          = text(o->options);
    a->base             = text(o->base_path);
}

static enum reel_status
put_head(struct writing *w, struct reel_object_packer *p,
         const struct reel_builder *b, struct reel_err *err)
{
    const struct reel_bytes record = {w->record, b->len};

    return reel_object_packer_head(p, record, err);
}

static enum reel_status
put_source(struct writing *w, struct reel_object_packer *p, uint8_t role,
           const char *what, struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
    const struct reel_source_record s = {role, REEL_ENCODING_POSIX, text(what)};

    if (s.text.len == 0 || s.text.len > REEL_PATH_BYTES_MAX)
        return REEL_OK; /* the source says what is wrong with it */
    REEL_TRY(reel_source_record_encode(&s, &b, err));
    return put_head(w, p, &b, err);
}

static enum reel_status
put_earlier(struct writing *w, struct reel_object_packer *p,
            struct reel_err *err)
{
    struct reel_earlier_volume volume;
    size_t i;

    if (w->append.new_set)
        return REEL_OK;
    memset(&volume, 0, sizeof(volume));
    volume.volume = w->append.volume;
    memcpy(volume.volume_id, w->append.volume_id, sizeof(volume.volume_id));
    {
        struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);

        REEL_TRY(reel_earlier_volume_encode(&volume, &b, err));
        REEL_TRY(put_head(w, p, &b, err));
    }
    for (i = 0; i < w->append.archive_count; i++) {
        const struct reel_known_archive *const k = &w->append.archives[i];
        struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
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
        REEL_TRY(put_head(w, p, &b, err));
    }
    return REEL_OK;
}

static enum reel_status
put_all_heads(struct writing *w, struct reel_object_packer *p,
              struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
    struct reel_bytes path;
    enum reel_status status;
    uint64_t at = 0;
    size_t i;

    REEL_TRY(reel_archive_encode(&w->facts, &b, err));
    REEL_TRY(put_head(w, p, &b, err));
    while ((status = reel_spool_next(&w->paths, &at, &path, err)) == REEL_OK)
        REEL_TRY(
            put_source(w, p, REEL_ROLE_PATH, (const char *)path.data, err));
    if (status != REEL_END)
        return status;
    for (i = 0; i < w->o.exclude_count; i++)
        REEL_TRY(put_source(w, p, REEL_ROLE_EXCLUDE, w->o.excludes[i], err));
    return put_earlier(w, p, err);
}

/* --------------------------------------------------------------- the paths */

static enum reel_status
collect_paths(struct writing *w, struct reel_err *err)
{
    const char *path;
    enum reel_status status;

    REEL_TRY(reel_spool_init(&w->paths, w->o.temporary_dir, err));
    while ((status = w->o.paths(w->o.paths_ctx, &path, err)) == REEL_OK) {
        struct reel_bytes with_nul = reel_bytes_of(path);

        with_nul.len++;
        REEL_TRY(reel_spool_add(&w->paths, with_nul, err));
    }
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
next_path(void *ctx, const char **path, struct reel_err *err)
{
    struct writing *const w = ctx;
    struct reel_bytes with_nul;

    REEL_TRY(reel_spool_next(&w->paths, &w->next_path, &with_nul, err));
    *path = (const char *)with_nul.data;
    return REEL_OK;
}

/* -------------------------------------------------------------- the archive */

/* The volume at hand; of a new set, the first. */
static enum reel_status
fill_volume(const struct writing *w, struct reel_volume *v,
            struct reel_err *err)
{
    const char *const id = w->o.volume_id == NULL ? "REEL01" : w->o.volume_id;

    memset(v, 0, sizeof(*v));
    memset(v->volume_id, ' ', sizeof(v->volume_id));
    if (!w->append.new_set)
        memcpy(v->volume_id, w->append.volume_id, sizeof(v->volume_id));
    else if (strlen(id) <= sizeof(v->volume_id))
        memcpy(v->volume_id, id, strlen(id));
    else
        return reel_fail(err, REEL_E_MISUSE, NULL, "L-5",
                         "a volume id is 1 to 6 letters A-Z and digits");
    v->volume      = w->append.new_set ? 1 : w->append.volume;
    v->block_bytes = w->block_bytes;
    memcpy(v->set_id, w->set_id, sizeof(v->set_id));
    v->created     = w->facts.created;
    v->label_bytes = REEL_LABEL_BYTES;
    v->edition     = REEL_EDITION;
    v->set_name = w->append.new_set ? text(w->o.set_name) : w->append.set_name;
    v->software = w->facts.software;
    return REEL_OK;
}

static enum reel_status
begin_volume(struct writing *w, struct reel_err *err)
{
    struct reel_volume_writer_options options;

    memset(&options, 0, sizeof(options));
    options.write   = &w->o;
    options.facts   = &w->facts;
    options.address = w->append.address;
    REEL_TRY(fill_volume(w, &options.volume, err));
    w->volume_begun = true;
    REEL_TRY(reel_volume_writer_init(&w->volume, &options, err));
    if (w->append.new_set)
        return reel_tape_writer_begin(&w->volume.tape, err);
    if (!w->append.filemark_missing)
        return REEL_OK;
    return reel_tape_writer_filemark(&w->volume.tape, err);
}

static struct reel_source *
open_source(struct writing *w, struct reel_err *err)
{
    struct reel_source_posix_options options;

    memset(&options, 0, sizeof(options));
    options.base_fd         = w->o.base_fd;
    options.excludes        = w->o.excludes;
    options.exclude_count   = w->o.exclude_count;
    options.one_file_system = w->o.one_file_system;
    options.access_times    = w->o.access_times;
    options.avoid           = w->o.avoid;
    options.avoid_count     = w->o.avoid_count;
    options.avoided         = w->o.avoided;
    options.avoided_ctx     = w->o.avoided_ctx;
    options.report          = &w->o.report;
    return reel_source_posix_new(&options, next_path, w, err);
}

static enum reel_status
pack_all(struct writing *w, struct reel_source *source,
         struct reel_pipeline *pipeline, struct reel_err *err)
{
    const struct reel_object_packer_options options = {
        source, reel_pipeline_get, reel_pipeline_put, pipeline, &w->o.report};
    struct reel_object_packer *const p = reel_object_packer_new(&options);
    enum reel_status status;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    status = put_all_heads(w, p, err);
    if (status == REEL_OK)
        status = reel_object_packer_run(p, err);
    reel_object_packer_free(p);
    return status;
}

static enum reel_status
run_pipeline(struct writing *w, struct reel_source *source,
             struct reel_err *err)
{
    const struct reel_pipeline_options options = {
        &w->volume, w->facts.segment_limit, w->o.compression,
        w->o.level, w->o.threads,           w->o.buffer_bytes};
    struct reel_pipeline *pipeline;
    struct reel_err why;
    enum reel_status packed;
    enum reel_status status;

    REEL_TRY(reel_pipeline_new(&pipeline, &options, err));
    packed = pack_all(w, source, pipeline, err);
    /* A thread's failure is the cause, the packer's stop its consequence. */
    status            = reel_pipeline_finish(pipeline, &why);
    w->result->bursts = reel_pipeline_bursts(pipeline);
    reel_pipeline_free(pipeline);
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status != REEL_OK ? status : packed;
}

static enum reel_status
write_archive(struct writing *w, struct reel_err *err)
{
    struct reel_source *source;
    enum reel_status status;

    REEL_TRY(check_options(w, err));
    REEL_TRY(collect_paths(w, err));
    REEL_TRY(look_at_medium(w, err));
    fill_facts(w);
    w->record = reel_alloc_array(RECORD_ROOM, 1);
    if (w->record == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    REEL_TRY(begin_volume(w, err));
    source = open_source(w, err);
    if (source == NULL)
        return REEL_E_MEMORY;
    status = run_pipeline(w, source, err);
    source->ops->free(source);
    REEL_TRY(status);
    return reel_volume_writer_end(&w->volume, err);
}

static void
fill_result(const struct writing *w)
{
    struct reel_write_result *const r = w->result;

    r->complete    = w->volume.complete;
    r->new_set     = w->append.new_set;
    r->archive     = w->append.archive;
    r->block_bytes = w->block_bytes;
    r->blocks      = w->volume.tape.blocks;
    r->volumes     = w->volume.tape.volumes;
    r->run         = w->volume.tape.packer.next.run;
    memcpy(r->set_id, w->set_id, sizeof(r->set_id));
    if (!r->complete)
        return;
    r->objects      = w->volume.end.objects;
    r->flawed       = w->volume.end.flawed;
    r->stream_bytes = w->volume.end.stream_bytes;
    memcpy(r->fingerprint, w->volume.end.fingerprint, sizeof(r->fingerprint));
}

enum reel_status
reel_write(const struct reel_write_options *options,
           struct reel_write_result *result, struct reel_err *err)
{
    struct writing *const w = reel_alloc_array(1, sizeof(*w));
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    if (w == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    w->o             = *options;
    w->result        = result;
    w->paths.file.fd = -1;
    status           = write_archive(w, err);
    fill_result(w);
    if (w->volume_begun)
        reel_volume_writer_fini(&w->volume);
    reel_append_fini(&w->append);
    reel_spool_fini(&w->paths);
    reel_free(w->record);
    reel_free(w);
    return status;
}
