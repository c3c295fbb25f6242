/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.2 and 12.3, V-7 to V-10; policy layer: what is left of objects that
   are not whole. */
#include "salvage.h"

#include <errno.h>
#include <string.h>

#include "data_walk.h"
#include "partial_file.h"
#include "pipeline.h"
#include "reel/alloc.h"
#include "runs.h"
#include "sink_sync.h"

/* Octets that go on from one another. */
struct row {
    uint64_t from;
    uint64_t to; /* from == to: none */
};

struct salvage {
    struct reel_session *session;
    const struct reel_restore_options *options;
    const struct reel_number_set *whole;
    uint32_t archive;
    struct reel_data_walk walk;
    struct reel_partial_file file;

    /* The object that goes by. */
    bool wanted;
    bool written; /* its file is open, and took all so far */
    uint64_t number;
    uint8_t kind;
    uint8_t encoding;
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_len;
    uint64_t size; /* as OBJECT says; 0: not known */
    uint64_t good;
    uint64_t unwritten; /* good, too, but not in the file */
    bool stream_told;
    uint32_t ordinal;
    bool sparse;       /* the stream is a SPARSE_BLOCK */
    bool content;      /* the group at hand is the content of the file */
    bool content_seen; /* it was met, and begins with … */
    uint32_t content_ordinal;
    struct row body;
    struct row file_row;
    struct row unwritten_row;
};

static void
tell(const struct salvage *s, struct reel_salvage_item *item)
{
    item->archive = s->archive;
    if (s->options->salvaged != NULL)
        s->options->salvaged(s->options->salvaged_ctx, item);
}

static struct reel_sink_subject
subject(const struct salvage *s)
{
    return (struct reel_sink_subject){.report   = &s->session->access->report,
                                      .object   = s->number,
                                      .path     = {s->path, s->path_len},
                                      .encoding = s->encoding};
}

/* A row is over. */
static void
tell_row(const struct salvage *s, enum reel_salvage_type type, struct row *row)
{
    struct reel_salvage_item item = {.type    = type,
                                     .object  = s->number,
                                     .ordinal = s->ordinal,
                                     .from    = row->from,
                                     .to      = row->to};

    if (row->from != row->to)
        tell(s, &item);
    row->from = row->to = 0;
}

static void
add_to_row(const struct salvage *s, enum reel_salvage_type type,
           struct row *row, uint64_t at, uint64_t len)
{
    if (len == 0)
        return;
    if (row->from == row->to || row->to != at) {
        tell_row(s, type, row);
        row->from = at;
    }
    row->to = at + len;
}

static void
end_rows(struct salvage *s)
{
    tell_row(s, REEL_SALVAGE_RANGE, &s->body);
    tell_row(s, REEL_SALVAGE_CONTENT, &s->file_row);
    tell_row(s, REEL_SALVAGE_UNWRITTEN, &s->unwritten_row);
}

/* ------------------------------------------------------------- the objects */

/* Is there a file for what is left of it? */
static bool
has_file(const struct salvage *s)
{
    return s->kind == REEL_KIND_FILE || s->kind == 0;
}

static enum reel_status
begin(struct salvage *s, uint64_t number, uint8_t kind, uint8_t encoding,
      struct reel_bytes path, uint64_t target, struct reel_err *err)
{
    struct reel_salvage_item item = {.type     = REEL_SALVAGE_OBJECT,
                                     .object   = number,
                                     .kind     = kind,
                                     .encoding = encoding,
                                     .path     = path,
                                     .target   = target};
    struct reel_sink_subject about;
    bool selected;

    s->number   = number;
    s->kind     = kind;
    s->encoding = encoding;
    s->path_len = path.len;
    s->size = s->good = s->unwritten = 0;
    s->stream_told = s->content = s->content_seen = s->written = false;
    if (path.len > 0)
        memcpy(s->path, path.data, path.len);
    REEL_TRY(reel_matcher_match(&s->session->matcher, encoding, path, &selected,
                                err));
    s->wanted = selected && !reel_number_set_has(s->whole, number);
    if (kind == REEL_KIND_LINK) /* its data are what may be lost */
        s->wanted = selected && !reel_number_set_has(s->whole, target);
    if (!s->wanted)
        return REEL_OK;
    tell(s, &item);
    about = subject(s);
    if (s->options->dry_run || !has_file(s))
        return REEL_OK;
    return reel_partial_file_open(&s->file, s->archive, &about, &s->written,
                                  err);
}

static enum reel_status
on_begin(void *ctx, uint64_t number, const struct reel_object *o,
         const struct reel_place *place, struct reel_err *err)
{
    struct salvage *const s = ctx;

    (void)place;
    if ((o->facts & REEL_FACT_OUTSIDE) != 0) {
        s->wanted = false; /* it is never made */
        return REEL_OK;
    }
    REEL_TRY(begin(s, number, o->kind, o->encoding, o->path, o->target, err));
    s->size = o->size;
    return REEL_OK;
}

static enum reel_status
on_orphan(void *ctx, uint64_t number, const struct reel_continued *k,
          struct reel_err *err)
{
    return begin(ctx, number, k->kind, k->encoding, k->path, 0, err);
}

/* Does this stream begin the content? The first unnamed DATA does. */
static bool
begins_content(struct salvage *s, const struct reel_stream *stream)
{
    if (stream->header.id != REEL_STREAM_DATA || stream->header.name.len > 0)
        return false;
    if (s->content_seen)
        return stream->ordinal == s->content_ordinal;
    s->content_seen    = true;
    s->content_ordinal = stream->ordinal;
    return true;
}

static enum reel_status
on_resume(void *ctx, const struct reel_stream *first, struct reel_err *err)
{
    struct salvage *const s = ctx;

    (void)err;
    s->content = begins_content(s, first);
    return REEL_OK;
}

static enum reel_status
on_stream(void *ctx, const struct reel_stream *stream, struct reel_err *err)
{
    struct salvage *const s       = ctx;
    struct reel_salvage_item item = {.type    = REEL_SALVAGE_STREAM,
                                     .object  = s->number,
                                     .ordinal = stream->ordinal,
                                     .id      = stream->header.id,
                                     .size    = stream->header.size,
                                     .name    = stream->header.name};

    (void)err;
    if (!s->wanted)
        return REEL_OK;
    s->sparse = stream->header.id == REEL_STREAM_SPARSE_BLOCK;
    if (!s->sparse)
        s->content = begins_content(s, stream);
    if (s->stream_told && s->ordinal == stream->ordinal)
        return REEL_OK; /* it goes on behind a gap */
    tell_row(s, REEL_SALVAGE_RANGE, &s->body);
    s->stream_told = true;
    s->ordinal     = stream->ordinal;
    tell(s, &item);
    return REEL_OK;
}

/* Where the octets belong in the file; false: nowhere that is known. */
static bool
place(const struct salvage *s, const struct reel_data *d,
      struct reel_bytes *bytes, uint64_t *at)
{
    uint64_t number;

    *bytes = d->bytes;
    *at    = d->stream_offset;
    if (s->sparse && d->sparse_offset == REEL_NONE64)
        return false;
    if (d->sparse_offset != REEL_NONE64) {
        number = d->stream_offset < 8 ? 8 - d->stream_offset : 0;
        if (bytes->len <= number || d->sparse_offset > INT64_MAX)
            return false;
        bytes->data += number;
        bytes->len -= (size_t)number;
        *at = d->sparse_offset + (d->stream_offset + number - 8);
    }
    return s->content && *at <= INT64_MAX && bytes->len <= INT64_MAX - *at &&
           (s->size == 0 || *at + bytes->len <= s->size);
}

/* Octets into the file; only what it takes is said to be in it. */
static void
put(struct salvage *s, struct reel_bytes bytes, uint64_t at)
{
    const struct reel_sink_subject about = subject(s);
    size_t done                          = s->options->dry_run ? bytes.len : 0;

    if (s->written) {
        done       = reel_partial_file_write(&s->file, bytes, at);
        s->written = done == bytes.len;
        if (!s->written)
            reel_sink_note_errno(&about, errno,
                                 "what is left of it is not written whole");
    }
    s->good += done;
    s->unwritten += bytes.len - done;
    add_to_row(s, REEL_SALVAGE_CONTENT, &s->file_row, at, done);
    add_to_row(s, REEL_SALVAGE_UNWRITTEN, &s->unwritten_row, at + done,
               bytes.len - done);
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    struct salvage *const s = ctx;
    struct reel_bytes bytes;
    uint64_t at;

    (void)err;
    if (!s->wanted || !s->stream_told || d->ordinal != s->ordinal)
        return REEL_OK;
    add_to_row(s, REEL_SALVAGE_RANGE, &s->body, d->stream_offset, d->bytes.len);
    if (has_file(s) && place(s, d, &bytes, &at))
        put(s, bytes, at);
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct salvage *const s       = ctx;
    const bool torn               = outcome == REEL_WALK_TORN;
    struct reel_salvage_item item = {.type      = REEL_SALVAGE_OBJECT_END,
                                     .object    = number,
                                     .size      = s->good,
                                     .unwritten = s->unwritten,
                                     .torn      = torn};
    struct reel_sink_subject about;

    (void)e;
    (void)err;
    if (!s->wanted)
        return REEL_OK;
    end_rows(s);
    about = subject(s);
    /* What was torn has come again whole if it stands there. */
    if (reel_partial_file_close(&s->file, &about, s->size, torn, &item.unsure))
        item.name = reel_bytes_of(s->file.name);
    s->wanted = false;
    tell(s, &item);
    return REEL_OK;
}

/* -------------------------------------------------------------- the reading */

/* What is missing, where it is met. */
static void
tell_missing(const struct salvage *s, const struct reel_deblock_item *of,
             const struct reel_pos *pos)
{
    struct reel_salvage_item item = {.type   = REEL_SALVAGE_MISSING,
                                     .object = s->wanted ? s->number : 0,
                                     .pos    = *pos,
                                     .from   = of->missing_from,
                                     .to     = of->missing_to};

    tell(s, &item);
}

static enum reel_status
walk_item(struct salvage *s, const struct reel_read_item *item,
          struct reel_err *err)
{
    const struct reel_deblock_item *const of = &item->of;
    const bool data =
        of->event == REEL_DEBLOCK_SEGMENT && of->kind == REEL_BLOCK_DATA;

    if (of->event == REEL_DEBLOCK_BAD_BLOCK ||
        (of->event == REEL_DEBLOCK_GAP && of->missing_to > of->missing_from) ||
        (data && item->status != REEL_OK))
        tell_missing(s, of, &of->pos);
    return reel_data_walk_item(&s->walk, item, err);
}

/* The first volume of the set that is at hand, at its beginning. */
static enum reel_status
rewind_set(struct reel_reader_volume *v, struct reel_err *err)
{
    const uint32_t last = v->highest > v->number ? v->highest : v->number;
    bool have           = v->volumes == NULL || v->number <= 1;

    if (!have)
        REEL_TRY(reel_reader_volume_mount_any(v, 1, last, &have, err));
    if (!have)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "no volume of the set is at hand any more");
    return reel_reader_volume_seek(v, v->first_address, err);
}

static enum reel_status
read_all(struct salvage *s, struct reel_err *err)
{
    struct reel_session *const session = s->session;
    const struct reel_read_run run     = {.jump           = true,
                                          .payload_offset = REEL_NONE32,
                                          .archive        = s->archive,
                                          .kinds = REEL_READ_KIND(REEL_BLOCK_DATA),
                                          .across =
                                              session->volume.volumes != NULL};
    const struct reel_read_item *item;
    enum reel_status status;

    REEL_TRY(reel_runs_find(session, s->archive, err));
    REEL_TRY(rewind_set(&session->volume, err));
    reel_data_walk_jump(&s->walk);
    status = reel_read_start(session->pipeline, &run, err);
    while (status == REEL_OK) {
        status = reel_read_next(session->pipeline, &item, err);
        if (status == REEL_OK)
            status = walk_item(s, item, err);
    }
    reel_read_stop(session->pipeline);
    if (status != REEL_END)
        return status;
    return reel_data_walk_finish(&s->walk, false, err);
}

enum reel_status
reel_salvage_run(struct reel_session *session, uint32_t archive,
                 const struct reel_number_set *whole,
                 const struct reel_restore_options *options,
                 struct reel_err *err)
{
    struct reel_walk_calls calls = {.begin  = on_begin,
                                    .orphan = on_orphan,
                                    .resume = on_resume,
                                    .stream = on_stream,
                                    .data   = on_data,
                                    .end    = on_end};
    struct salvage *const s      = reel_alloc_array(1, sizeof(*s));
    enum reel_status status      = REEL_E_MEMORY;

    if (s == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to salvage");
    calls.ctx    = s;
    s->session   = session;
    s->options   = options;
    s->whole     = whole;
    s->archive   = archive;
    s->walk.walk = reel_walk_new(&calls, false);
    reel_partial_file_init(&s->file, options->dir_fd, options->strip,
                           &session->begun, reel_sink_calls_system());
    if (s->walk.walk != NULL)
        status = read_all(s, err);
    else
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory to salvage");
    if (status == REEL_OK && !options->dry_run)
        reel_sink_sync(s->file.calls, options->dir_fd, &s->file.mounts,
                       &session->access->report);
    reel_walk_free(s->walk.walk);
    reel_partial_file_fini(&s->file);
    reel_free(s);
    return status;
}
