/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 8 and N-5, the verbs that take objects out of an archive;
   policy layer. */
#include "reel/restore.h"

#include <string.h>

#include "engine.h"
#include "salvage.h"
#include "sink_cat.h"
#include "sink_compare.h"
#include "sink_posix.h"
#include "sink_raw.h"
#include "sink_relay.h"

/* Hand what is selected to `sink`, and free it; NULL: *err says why. */
static enum reel_status
run(const struct reel_access *access, const struct reel_selection *selection,
    struct reel_sink *sink, struct reel_restore_result *result,
    struct reel_err *err)
{
    struct reel_session s;
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    if (sink == NULL)
        return err->status;
    status = reel_session_open(&s, access, selection, err);
    if (status == REEL_OK)
        status = reel_engine_run(&s, sink, result, err);
    reel_session_close(&s);
    sink->ops->free(sink);
    return status;
}

static enum reel_status
salvage(struct reel_session *s, uint32_t archive,
        const struct reel_restore_result *result, struct reel_err *err)
{
    if (result->lost == 0)
        return REEL_OK;
    return reel_salvage_run(s, archive, s->whole, s->options, err);
}

/* The same, and then what is left of the objects that are not whole. */
static enum reel_status
run_salvage(const struct reel_access *access,
            const struct reel_selection *selection, struct reel_sink *sink,
            const struct reel_restore_options *options,
            struct reel_restore_result *result, struct reel_err *err)
{
    struct reel_number_set whole = {0};
    struct reel_session s;
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    if (sink == NULL)
        return err->status;
    status       = reel_session_open(&s, access, selection, err);
    s.whole      = &whole;
    s.handed_out = salvage;
    s.options    = options;
    if (status == REEL_OK && !s.volume.can_locate)
        status = reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                           "to salvage, the data are read twice: not from a "
                           "pipe");
    if (status == REEL_OK)
        status = reel_engine_run(&s, sink, result, err);
    reel_session_close(&s);
    reel_number_set_fini(&whole);
    sink->ops->free(sink);
    return status;
}

static enum reel_existing
existing_of(enum reel_existing_policy policy)
{
    switch (policy) {
    case REEL_EXIST_SKIP:
        return REEL_EXISTING_SKIP;
    case REEL_EXIST_REPLACE:
        return REEL_EXISTING_REPLACE;
    default:
        return REEL_EXISTING_REFUSE;
    }
}

static enum reel_status
restore_raw(const struct reel_access *access,
            const struct reel_selection *selection,
            const struct reel_restore_options *options,
            struct reel_restore_result *result, struct reel_err *err)
{
    const struct reel_sink_raw_options to = {.dir_fd = options->dir_fd,
                                             .existing =
                                                 existing_of(options->existing),
                                             .dry_run = options->dry_run,
                                             .report  = &access->report};

    return run(access, selection, reel_sink_raw_new(&to, err), result, err);
}

enum reel_status
reel_restore(const struct reel_access *access,
             const struct reel_selection *selection,
             const struct reel_restore_options *options,
             struct reel_restore_result *result, struct reel_err *err)
{
    const struct reel_sink_posix_options to = {
        .dir_fd        = options->dir_fd,
        .existing      = existing_of(options->existing),
        .preserve      = options->preserve,
        .numeric_owner = options->numeric_owner,
        .dry_run       = options->dry_run,
        .side_files    = options->side_files,
        .strip         = options->strip,
        .report        = &access->report,
        .temporary_dir = access->temporary_dir,
        .lookup        = access->owners};
    struct reel_err local = {0};

    err = err == NULL ? &local : err;
    if (options->raw)
        return restore_raw(access, selection, options, result, err);
    if (options->salvage)
        return run_salvage(access, selection, reel_sink_posix_new(&to, err),
                           options, result, err);
    return run(access, selection, reel_sink_posix_new(&to, err), result, err);
}

enum reel_status
reel_restore_relay(const struct reel_access *access,
                   const struct reel_selection *selection, int to_fd,
                   int from_fd, struct reel_restore_result *result,
                   struct reel_err *err)
{
    const struct reel_sink_relay_options to = {
        .to_fd = to_fd, .from_fd = from_fd, .report = &access->report};
    struct reel_err local = {0};

    err = err == NULL ? &local : err;
    return run(access, selection, reel_sink_relay_new(&to, err), result, err);
}

enum reel_status
reel_cat(const struct reel_access *access,
         const struct reel_selection *selection, int fd,
         struct reel_restore_result *result, struct reel_err *err)
{
    struct reel_err local = {0};

    err = err == NULL ? &local : err;
    return run(access, selection, reel_sink_cat_new(fd, &access->report, err),
               result, err);
}

enum reel_status
reel_compare(const struct reel_access *access,
             const struct reel_selection *selection, int dir_fd,
             reel_differs_fn differs, void *ctx,
             struct reel_restore_result *result, struct reel_err *err)
{
    const struct reel_sink_compare_options with = {.dir_fd = dir_fd,
                                                   .report = &access->report,
                                                   .temporary_dir =
                                                       access->temporary_dir,
                                                   .lookup  = access->owners,
                                                   .differs = differs,
                                                   .ctx     = ctx};
    struct reel_err local                       = {0};

    err = err == NULL ? &local : err;
    return run(access, selection, reel_sink_compare_new(&with, err), result,
               err);
}
