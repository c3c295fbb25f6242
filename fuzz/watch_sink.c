/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8 and V-3: what a sink may count on, and is promised. */
#include "watch_sink.h"

#include <string.h>

#include "tape_input.h"

static struct watch_sink *
watch_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

static enum reel_status
on_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
         struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);

    (void)err;
    must(!w->open && number > 0 && o->kind != REEL_KIND_LINK);
    w->open     = true;
    w->whole    = true;
    w->in_group = w->in_stream = false;
    w->left                    = 0;
    if (w->calls.begin != NULL)
        w->calls.begin(w->calls.ctx, number, o);
    return REEL_OK;
}

static enum reel_status
on_xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);

    (void)err;
    must(w->open);
    if (w->calls.xattr != NULL)
        w->calls.xattr(w->calls.ctx, x);
    return REEL_OK;
}

static enum reel_status
on_stream(struct reel_sink *s, const struct reel_stream *stream,
          struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);

    (void)err;
    must(w->open);
    w->whole = w->whole && w->left == 0;
    if (!w->in_group)
        reel_sha256_init(&w->digest);
    else
        reel_sha256_update(&w->digest, stream->header_bytes.data,
                           stream->header_bytes.len);
    w->in_group = w->in_stream = true;
    w->ordinal                 = stream->ordinal;
    w->left                    = stream->header.size;
    w->at                      = 0;
    if (w->calls.stream != NULL)
        w->calls.stream(w->calls.ctx, stream);
    return REEL_OK;
}

static enum reel_status
on_data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);

    (void)err;
    must(w->open && w->in_stream && d->bytes.len > 0);
    must(d->ordinal == w->ordinal && d->stream_offset >= w->at);
    must(d->bytes.len <= w->left &&
         d->stream_offset - w->at <= w->left - d->bytes.len);
    w->whole = w->whole && d->stream_offset == w->at;
    w->left -= d->stream_offset - w->at + d->bytes.len;
    w->at = d->stream_offset + d->bytes.len;
    reel_sha256_update(&w->digest, d->bytes.data, d->bytes.len);
    if (w->calls.data != NULL)
        w->calls.data(w->calls.ctx, d);
    return REEL_OK;
}

static enum reel_status
on_group_end(struct reel_sink *s, const struct reel_group_end *g,
             struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);
    uint8_t digest[REEL_DIGEST_BYTES];

    (void)err;
    must(w->open);
    reel_sha256_final(&w->digest, digest);
    w->whole = w->whole && w->left == 0 && w->in_group &&
               memcmp(digest, g->stream_digest, sizeof(digest)) == 0;
    w->in_group = w->in_stream = false;
    return REEL_OK;
}

static enum reel_status
on_end(struct reel_sink *s, const struct reel_object_end *e,
       enum reel_outcome outcome, struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);
    const bool proven =
        outcome == REEL_OUTCOME_PROVEN || outcome == REEL_OUTCOME_FLAWED;

    (void)err;
    must(w->open);
    must(!proven || (e != NULL && w->whole && !w->in_group));
    w->open = false;
    if (w->calls.end != NULL)
        w->calls.end(w->calls.ctx, proven);
    return REEL_OK;
}

/* Every second object of which further names are told is not there. */
static enum reel_status
on_link(struct reel_sink *s, const struct reel_object *o, bool *made,
        struct reel_err *err)
{
    struct watch_sink *const w = watch_of(s);

    (void)err;
    must(!w->open && o->kind == REEL_KIND_LINK);
    *made = (o->target & 1) != 0 || w->calls.link != NULL;
    if (w->calls.link != NULL)
        w->calls.link(w->calls.ctx, o, *made);
    return REEL_OK;
}

static enum reel_status
on_finish(struct reel_sink *s, struct reel_err *err)
{
    (void)err;
    must(!watch_of(s)->open);
    return REEL_OK;
}

static void
release(struct reel_sink *s)
{
    (void)s;
}

static const struct reel_sink_ops ops = {.begin     = on_begin,
                                         .xattr     = on_xattr,
                                         .stream    = on_stream,
                                         .data      = on_data,
                                         .group_end = on_group_end,
                                         .end       = on_end,
                                         .link      = on_link,
                                         .finish    = on_finish,
                                         .free      = release};

void
watch_sink_init(struct watch_sink *w, const struct watch_calls *calls)
{
    memset(w, 0, sizeof(*w));
    w->sink.ops = &ops;
    if (calls != NULL)
        w->calls = *calls;
}
