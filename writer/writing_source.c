/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.2, source; writer: a file system, another program, or raw streams. */
#include "raw_facts.h"
#include "source_posix.h"
#include "source_raw.h"
#include "source_relay.h"
#include "writing.h"

bool
reel_write_takes_raw(void)
{
    return reel_raw_facts_built_in();
}

uint8_t
reel_writing_source_kind(const struct reel_write_options *o)
{
    if (o->raw)
        return REEL_SOURCE_RAW;
    return o->relay == NULL ? REEL_SOURCE_POSIX : o->relay->source;
}

/* --------------------------------------------------------- another program */

/* Close it; *err is filled only by a failure of its own. */
static enum reel_status
end_relay(struct reel_writing *w, bool done, struct reel_err *err)
{
    const struct reel_write_relay *const relay = w->o.relay;
    const int fd                               = w->relay_fd;

    if (w->relay_source != NULL)
        w->relay_source->ops->free(w->relay_source);
    w->relay_source = NULL;
    w->relay_fd     = -1;
    return relay->close(relay->ctx, fd, done, err);
}

static enum reel_status
begin_relay(struct reel_writing *w, struct reel_err *err)
{
    const struct reel_write_relay *const relay = w->o.relay;
    struct reel_source_relay_options options   = {.source = relay->source,
                                                  .report = &w->o.report};
    enum reel_status status;
    struct reel_err why;

    w->next_path = 0;
    REEL_TRY(relay->open(relay->ctx, w->facts.options, reel_writing_next_path,
                         w, &w->relay_fd, err));
    options.fd      = w->relay_fd;
    w->relay_source = reel_source_relay_new(&options, err);
    status          = w->relay_source == NULL
                          ? REEL_E_MEMORY
                          : reel_source_relay_look(w->relay_source, err);
    if (status != REEL_OK)
        (void)end_relay(w, false, &why);
    return status;
}

static enum reel_status
run_relay(struct reel_writing *w, reel_writing_run_fn run, struct reel_err *err)
{
    enum reel_status status;
    enum reel_status closed;
    struct reel_err why;

    if (w->relay_source == NULL)
        REEL_TRY(begin_relay(w, err));
    status = run(w, w->relay_source, err);
    closed = end_relay(w, status == REEL_OK, &why);
    if (status != REEL_OK || closed == REEL_OK)
        return status;
    *err = why;
    return closed;
}

enum reel_status
reel_writing_source_look(struct reel_writing *w, struct reel_err *err)
{
    return w->o.relay == NULL ? REEL_OK : begin_relay(w, err);
}

void
reel_writing_source_fini(struct reel_writing *w)
{
    struct reel_err why;

    if (w->relay_source != NULL)
        (void)end_relay(w, false, &why);
}

/* ------------------------------------------------------ what we read alone */

static struct reel_source *
open_raw(struct reel_writing *w, struct reel_err *err)
{
    const struct reel_source_raw_options options = {w->o.base_fd, &w->o.report};

    return reel_source_raw_new(&options, err);
}

static struct reel_source *
open_posix(struct reel_writing *w, struct reel_err *err)
{
    struct reel_source_posix_options options = {
        .base_fd         = w->o.base_fd,
        .excludes        = w->o.excludes,
        .exclude_count   = w->o.exclude_count,
        .one_file_system = w->o.one_file_system,
        .access_times    = w->o.access_times,
        .avoid           = w->o.avoid,
        .avoid_count     = w->o.avoid_count,
        .avoided         = w->o.avoided,
        .avoided_ctx     = w->o.avoided_ctx,
        .report          = &w->o.report};

    return reel_source_posix_new(&options, reel_writing_next_path, w, err);
}

enum reel_status
reel_writing_source_run(struct reel_writing *w, reel_writing_run_fn run,
                        struct reel_err *err)
{
    struct reel_source *source;
    enum reel_status status;

    if (w->o.relay != NULL)
        return run_relay(w, run, err);
    source = w->o.raw ? open_raw(w, err) : open_posix(w, err);
    if (source == NULL)
        return REEL_E_MEMORY;
    status = run(w, source, err);
    source->ops->free(source);
    return status;
}
