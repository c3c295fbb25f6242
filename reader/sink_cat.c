/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 7.3, content to standard output; policy layer. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/limits.h"
#include "sink_cat.h"
#include "sink_content.h"
#include "sink_note.h"

struct cat {
    struct reel_sink sink;
    int fd;
    bool active; /* the object at hand has content */
    struct reel_sink_subject about;
    struct reel_sink_content content;
    uint64_t given; /* octets of the content written */
    uint8_t path[REEL_PATH_BYTES_MAX];
};

static struct cat *
cat_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

static enum reel_status
give(struct cat *c, const void *data, size_t len, struct reel_err *err)
{
    const uint8_t *p = data;

    while (len > 0) {
        const ssize_t n = write(c->fd, p, len);

        if (n < 0 && errno == EINTR && !reel_stop_asked(c->about.report))
            continue;
        if (n < 0)
            return reel_fail(err,
                             errno == ENOSPC || errno == EDQUOT ? REEL_E_FULL
                                                                : REEL_E_MEDIUM,
                             NULL, NULL, "output: %s", strerror(errno));
        p += n;
        len -= (size_t)n;
        c->given += (uint64_t)n;
    }
    return REEL_OK;
}

/* Zeros until `at` octets were given. */
static enum reel_status
give_hole(struct cat *c, uint64_t at, struct reel_err *err)
{
    static const uint8_t zeros[65536];

    while (c->given < at) {
        const uint64_t left = at - c->given;

        REEL_TRY(reel_go_on(c->about.report, err));
        REEL_TRY(give(c, zeros,
                      left < sizeof(zeros) ? (size_t)left : sizeof(zeros),
                      err));
    }
    return REEL_OK;
}

static enum reel_status
cat_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
          struct reel_err *err)
{
    struct cat *c = cat_of(s);

    (void)err;
    c->about.object   = number;
    c->about.encoding = o->encoding;
    c->about.path.len =
        o->path.len < sizeof(c->path) ? o->path.len : sizeof(c->path);
    if (c->about.path.len > 0)
        memcpy(c->path, o->path.data, c->about.path.len);
    c->given  = 0;
    c->active = o->kind == REEL_KIND_FILE;
    reel_sink_content_init(&c->content, c->active, o->size);
    if (!c->active)
        reel_sink_note(&c->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "a %s has no content", reel_object_kind_name(o->kind));
    return REEL_OK;
}

static enum reel_status
cat_xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    (void)s;
    (void)x;
    (void)err;
    return REEL_OK;
}

static enum reel_status
cat_stream(struct reel_sink *s, const struct reel_stream *stream,
           struct reel_err *err)
{
    (void)err;
    (void)reel_sink_content_stream(&cat_of(s)->content, &stream->header);
    return REEL_OK;
}

static enum reel_status
cat_data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    struct cat *c = cat_of(s);
    struct reel_bytes bytes;
    uint64_t at;

    if (!reel_sink_content_data(&c->content, d, &bytes, &at) || !c->active)
        return REEL_OK;
    if (at < c->given) { /* S-8: they ascend */
        c->content.wrong = true;
        return REEL_OK;
    }
    REEL_TRY(give_hole(c, at, err));
    return give(c, bytes.data, bytes.len, err);
}

static enum reel_status
cat_group_end(struct reel_sink *s, const struct reel_group_end *g,
              struct reel_err *err)
{
    (void)s;
    (void)g;
    (void)err;
    return REEL_OK;
}

static enum reel_status
cat_end(struct reel_sink *s, const struct reel_object_end *e,
        enum reel_outcome outcome, struct reel_err *err)
{
    struct cat *c    = cat_of(s);
    const bool whole = reel_sink_content_whole(&c->content);

    s->left_out = !c->active || !whole;
    if (!c->active)
        return REEL_OK;
    c->active = false;
    if (outcome == REEL_OUTCOME_ABSENT)
        return REEL_OK;
    if (outcome == REEL_OUTCOME_DAMAGED || !whole) {
        reel_sink_note(&c->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                       "the %llu octets that were given out are not proven",
                       (unsigned long long)c->given);
        return REEL_OK;
    }
    if (outcome == REEL_OUTCOME_FLAWED)
        reel_sink_note(&c->about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "%u ranges of what was given out are filling",
                       e == NULL ? 0 : e->bad_ranges);
    return give_hole(c, c->content.size, err);
}

/* Its content has been given under another name; under this one it is wanted
   too. */
static enum reel_status
cat_link(struct reel_sink *s, const struct reel_object *o, bool *made,
         struct reel_err *err)
{
    (void)s;
    (void)o;
    (void)err;
    *made = false;
    return REEL_OK;
}

static enum reel_status
cat_finish(struct reel_sink *s, struct reel_err *err)
{
    (void)s;
    (void)err;
    return REEL_OK;
}

static void
cat_free(struct reel_sink *s)
{
    reel_free(s);
}

struct reel_sink *
reel_sink_cat_new(int fd, const struct reel_reporter *report,
                  struct reel_err *err)
{
    static const struct reel_sink_ops ops = {
        .begin     = cat_begin,
        .xattr     = cat_xattr,
        .stream    = cat_stream,
        .data      = cat_data,
        .group_end = cat_group_end,
        .end       = cat_end,
        .link      = cat_link,
        .finish    = cat_finish,
        .free      = cat_free,
    };
    struct cat *c = reel_alloc_array(1, sizeof(*c));

    if (c == NULL) {
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory to give content out");
        return NULL;
    }
    c->sink.ops        = &ops;
    c->fd              = fd;
    c->about.report    = report;
    c->about.path.data = c->path;
    return &c->sink;
}
