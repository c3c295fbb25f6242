/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 5 and 9; writer: one archive from beginning to end. */
#include <string.h>
#include <unistd.h>

#include "pipeline.h"
#include "reel/alloc.h"
#include "writing.h"

#define CHECKPOINT_BYTES_DEFAULT (16ULL << 30)

static enum reel_status
check_options(struct reel_writing *w, struct reel_err *err)
{
    struct reel_write_options *const o = &w->o;

    if (o->raw && !reel_write_takes_raw())
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                         "raw streams are not built in");
    if (o->block_bytes == 0)
        o->block_bytes = REEL_BLOCK_BYTES_DEFAULT;
    if (o->segment_limit == 0)
        o->segment_limit = REEL_SEGMENT_LIMIT_DEFAULT;
    if (o->threads == 0)
        o->threads = 1;
    if (o->level == 0)
        o->level = REEL_WRITING_LEVEL;
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

/* -------------------------------------------------------------- the archive */

/* The volume at hand; of a new set, the first. */
static enum reel_status
fill_volume(const struct reel_writing *w, struct reel_volume *v,
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
    v->set_name    = w->append.new_set ? reel_writing_text(w->o.set_name)
                                       : w->append.set_name;
    v->software    = w->facts.software;
    return REEL_OK;
}

static enum reel_status
begin_volume(struct reel_writing *w, struct reel_err *err)
{
    struct reel_volume_writer_options options;

    memset(&options, 0, sizeof(options));
    options.write   = &w->o;
    options.facts   = &w->facts;
    options.address = w->append.address;
    REEL_TRY(fill_volume(w, &options.volume, err));
    w->volume_begun = true;
    REEL_TRY(reel_volume_writer_init(&w->volume, &options, err));
    if (w->o.resume)
        return reel_writing_begin_again(w, err);
    if (w->append.new_set)
        return reel_tape_writer_begin(&w->volume.tape, err);
    if (!w->append.filemark_missing)
        return REEL_OK;
    return reel_tape_writer_filemark(&w->volume.tape, err);
}

static enum reel_status
pack_all(struct reel_writing *w, struct reel_source *source,
         struct reel_pipeline *pipeline, struct reel_err *err)
{
    const bool again                                = w->volume.done != NULL;
    const struct reel_object_packer_options options = {
        source,
        reel_pipeline_get,
        reel_pipeline_put,
        pipeline,
        &w->o.report,
        again ? &w->done : NULL,
        again ? reel_volume_writer_next_object(&w->volume) - 1 : 0,
        &w->passed_over};
    struct reel_object_packer *const p = reel_object_packer_new(&options);
    enum reel_status status;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    status = reel_writing_put_head(w, p, err);
    if (status == REEL_OK)
        status = reel_object_packer_run(p, err);
    reel_object_packer_free(p);
    return status;
}

static enum reel_status
run_pipeline(struct reel_writing *w, struct reel_source *source,
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

/* All data, catalog and END; or as far as it goes. */
static enum reel_status
run_once(struct reel_writing *w, struct reel_err *err)
{
    enum reel_status status;
    struct reel_err why;

    w->next_path   = 0;
    w->passed_over = 0;
    status         = reel_writing_source_run(w, run_pipeline, err);
    if (w->result->resumed == 0 && w->o.resume)
        w->result->resumed = w->passed_over;
    /* Another program may fail at any time: what it gave is kept. */
    if ((status == REEL_E_STOPPED ||
         (status != REEL_OK && w->o.relay != NULL)) &&
        w->volume.tape.status == REEL_OK &&
        reel_volume_writer_stop(&w->volume, &why) != REEL_OK)
        *err = why;
    REEL_TRY(status == REEL_E_STOPPED && err->status != REEL_E_STOPPED
                 ? err->status
                 : status);
    return reel_volume_writer_end(&w->volume, err);
}

static enum reel_status
prepare(struct reel_writing *w, struct reel_err *err)
{
    REEL_TRY(check_options(w, err));
    w->record = reel_alloc_array(REEL_WRITING_RECORD_ROOM, 1);
    if (w->record == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    if (w->o.resume)
        return reel_writing_resume(w, err);
    REEL_TRY(reel_writing_collect_paths(w, err));
    REEL_TRY(reel_writing_look(w, err));
    reel_writing_facts(w);
    return reel_writing_head(w, err);
}

static enum reel_status
write_archive(struct reel_writing *w, struct reel_err *err)
{
    enum reel_status status;
    enum reel_status back;
    struct reel_err why;

    REEL_TRY(prepare(w, err));
    if (w->ended)
        return REEL_OK;
    REEL_TRY(reel_writing_source_look(w, err)); /* before the medium changes */
    REEL_TRY(begin_volume(w, err));
    status = run_once(w, err);
    while (status != REEL_OK && reel_writing_can_go_on(w)) {
        back = reel_writing_go_back(w, err, &why);
        if (back == REEL_OK) {
            status = run_once(w, err);
        } else if (back != REEL_E_MEDIUM && back != REEL_E_FULL) {
            *err = why;
            return back;
        }
    }
    return status;
}

static void
fill_totals(struct reel_write_result *r, const struct reel_end *end)
{
    r->complete     = true;
    r->objects      = end->objects;
    r->flawed       = end->flawed;
    r->stream_bytes = end->stream_bytes;
    memcpy(r->fingerprint, end->fingerprint, sizeof(r->fingerprint));
}

/* An archive that wanted nothing but its second END. */
static void
fill_ended(const struct reel_writing *w)
{
    struct reel_write_result *const r = w->result;
    const struct reel_append *const a = &w->append;
    const struct reel_known_archive *const k =
        &a->archives[a->archive_count - 1];

    r->archive     = k->archive;
    r->block_bytes = a->block_bytes;
    r->blocks      = 1;
    r->volumes     = w->second_end.volumes;
    r->run         = w->second_end.run;
    r->resumed     = k->end.objects;
    memcpy(r->set_id, a->set_id, sizeof(r->set_id));
    fill_totals(r, &k->end);
}

/* An archive that could be resumed, and failed for want of something, still
   can. */
static bool
still_resumable(const struct reel_writing *w, enum reel_status status)
{
    return w->o.resume && (status == REEL_E_FULL || status == REEL_E_MEDIUM ||
                           status == REEL_E_MEMORY || status == REEL_E_STOPPED);
}

static void
fill_result(const struct reel_writing *w, enum reel_status status)
{
    struct reel_write_result *const r = w->result;

    r->new_set     = w->append.new_set;
    r->archive     = w->append.archive;
    r->block_bytes = w->block_bytes;
    r->blocks      = w->volume.tape.blocks;
    r->volumes     = w->volume.tape.volumes;
    r->run         = w->volume.tape.packer.next.run;
    memcpy(r->set_id, w->set_id, sizeof(r->set_id));
    if (w->volume.complete)
        fill_totals(r, &w->volume.end);
    else
        r->resumable = reel_volume_writer_next_object(&w->volume) > 1 ||
                       still_resumable(w, status);
}

static void
release(struct reel_writing *w)
{
    size_t i;

    reel_writing_source_fini(w);
    if (w->volume_begun)
        reel_volume_writer_fini(&w->volume);
    reel_done_fini(&w->done);
    reel_resume_fini(&w->resume);
    reel_append_fini(&w->append);
    reel_spool_fini(&w->head);
    reel_spool_fini(&w->paths);
    if (w->base_fd >= 0)
        (void)close(w->base_fd);
    for (i = 0; i < w->exclude_count; i++)
        reel_free(w->excludes[i]);
    reel_free(w->excludes);
    reel_free(w->record);
    reel_free(w);
}

enum reel_status
reel_write(const struct reel_write_options *options,
           struct reel_write_result *result, struct reel_err *err)
{
    struct reel_writing *const w = reel_alloc_array(1, sizeof(*w));
    struct reel_err why          = {0};
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    if (w == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    w->o             = *options;
    w->result        = result;
    w->paths.file.fd = -1;
    w->head.file.fd  = -1;
    w->base_fd       = -1;
    status           = write_archive(w, &why);
    if (w->ended)
        fill_ended(w);
    else
        fill_result(w, status);
    release(w);
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status;
}
