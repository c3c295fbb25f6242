/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 and 7: a plan's objects, one after the other. */
#include "plan_source.h"

#include <string.h>

static struct plan_source *
plan_of(struct reel_source *s)
{
    return (void *)s; /* its first member */
}

static const struct plan_object *
current(const struct plan_source *s)
{
    return &s->plan->objects[s->next - 1];
}

/* O-22: of the first DATA without a name, with its blocks. */
static uint64_t
content_size(const struct plan_object *o)
{
    uint64_t end = 0;
    bool in      = false;

    for (uint32_t i = 0; i < o->stream_count; i++) {
        const struct plan_stream *const s = &o->streams[i];

        if (in && s->id != REEL_STREAM_SPARSE_BLOCK)
            break;
        if (in) {
            end = s->sparse_offset + (s->size - 8);
        } else if (s->id == REEL_STREAM_DATA && s->name_bytes == 0) {
            in  = true;
            end = s->size;
        }
    }
    return end;
}

struct reel_object
plan_object_facts(const struct plan *p, size_t index)
{
    const struct plan_object *const o = &p->objects[index];
    struct reel_object facts;

    memset(&facts, 0, sizeof(facts));
    facts.kind       = o->kind;
    facts.size       = o->kind == REEL_KIND_FILE ? content_size(o) : 0;
    facts.encoding   = REEL_ENCODING_POSIX;
    facts.facts      = REEL_FACT_POSIX;
    facts.mode       = 0100644;
    facts.link_count = o->link_count;
    facts.path       = reel_bytes_of(o->path);
    if (o->file_id != 0) {
        facts.facts |= REEL_FACT_FILE_ID;
        facts.file_id[0] = (uint8_t)o->file_id;
    }
    return facts;
}

struct reel_xattr
plan_object_xattr(const struct plan *p, size_t index, uint8_t value[256])
{
    struct reel_xattr x = {0, reel_bytes_of("user.x"), {value, 0}};

    x.value.len = p->objects[index].xattr_bytes;
    for (size_t i = 0; i < x.value.len; i++)
        value[i] = plan_name_octet(index, 1, i);
    return x;
}

static enum reel_status
next(struct reel_source *s, struct reel_object *out, struct reel_err *err)
{
    struct plan_source *const from = plan_of(s);

    (void)err;
    if (from->next == from->plan->object_count)
        return REEL_END;
    *out              = plan_object_facts(from->plan, from->next++);
    from->next_stream = 0;
    from->xattr_given = false;
    return REEL_OK;
}

static enum reel_status
next_xattr(struct reel_source *s, struct reel_xattr *out, struct reel_err *err)
{
    struct plan_source *const from = plan_of(s);

    (void)err;
    if (from->xattr_given || current(from)->xattr_bytes == 0)
        return REEL_END;
    from->xattr_given = true;
    *out = plan_object_xattr(from->plan, from->next - 1, from->name);
    return REEL_OK;
}

static enum reel_status
next_stream(struct reel_source *s, struct reel_stream_header *out,
            uint64_t *sparse_offset, struct reel_err *err)
{
    struct plan_source *const from = plan_of(s);
    const struct plan_stream *stream;

    (void)err;
    if (from->next_stream == current(from)->stream_count)
        return REEL_END;
    stream   = &current(from)->streams[from->next_stream++];
    from->at = 0;
    for (size_t i = 0; i < stream->name_bytes; i++)
        from->name[i] =
            plan_name_octet(from->next - 1, from->next_stream - 1, i);
    *out           = (struct reel_stream_header){stream->id,
                                                 stream->attributes,
                                                 stream->size,
                                                 {from->name, stream->name_bytes}};
    *sparse_offset = stream->sparse_offset;
    return REEL_OK;
}

static enum reel_status
body(struct reel_source *s, uint8_t *buf, size_t want, size_t *got,
     uint32_t *reason, struct reel_err *err)
{
    struct plan_source *const from = plan_of(s);
    const struct plan_stream *const stream =
        &current(from)->streams[from->next_stream - 1];
    size_t n = 0;

    (void)err;
    *reason = 0;
    while (n < want && from->at < stream->size) {
        const bool bad = from->at == stream->bad_at;

        if (bad && n > 0)
            break;
        buf[n++] = plan_octet(from->plan, from->next - 1, from->next_stream - 1,
                              from->at++);
        if (bad) {
            *reason = REEL_BAD_UNREADABLE;
            break;
        }
    }
    *got = n;
    return REEL_OK;
}

static enum reel_status
finish(struct reel_source *s, uint32_t *flags, struct reel_err *err)
{
    (void)s;
    (void)err;
    *flags = 0;
    return REEL_OK;
}

static void
release(struct reel_source *s)
{
    (void)s;
}

static const struct reel_source_ops ops = {.next        = next,
                                           .next_xattr  = next_xattr,
                                           .next_stream = next_stream,
                                           .read        = body,
                                           .finish      = finish,
                                           .free        = release};

void
plan_source_init(struct plan_source *s, const struct plan *plan)
{
    memset(s, 0, sizeof(*s));
    s->source.ops = &ops;
    s->plan       = plan;
}
