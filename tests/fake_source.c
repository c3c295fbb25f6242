/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of the writer: objects no file system here would give. */
#include "fake_source.h"

#include <string.h>

static const struct fake_object *
current(const struct fake_source *f)
{
    return &f->objects[f->next - 1];
}

static const struct fake_stream *
stream(const struct fake_source *f)
{
    return &current(f)->streams[f->next_stream - 1];
}

uint8_t
fake_octet(uint64_t at)
{
    return (uint8_t)((at * 2654435761U) >> 13);
}

/* O-22: of the first DATA without a name, with its blocks. */
static uint64_t
content_size(const struct fake_object *o)
{
    uint64_t end = 0;
    bool in      = false;
    size_t n;

    for (n = 0; o->kind == REEL_KIND_FILE && n < o->stream_count; n++) {
        const struct fake_stream *const s = &o->streams[n];

        if (in && s->id != REEL_STREAM_SPARSE_BLOCK)
            break;
        if (in)
            end = s->sparse_offset + (s->size - 8);
        else if (s->id == REEL_STREAM_DATA && s->name == NULL)
            end = s->size;
        in = in || (s->id == REEL_STREAM_DATA && s->name == NULL);
    }
    return end;
}

static enum reel_status
next(struct reel_source *s, struct reel_object *out, struct reel_err *err)
{
    struct fake_source *const f = (void *)s;
    const struct fake_object *o;

    (void)err;
    if (f->next == f->object_count)
        return REEL_END;
    o              = &f->objects[f->next++];
    f->next_stream = 0;
    f->xattr_given = false;
    memset(out, 0, sizeof(*out));
    out->kind       = o->kind;
    out->size       = content_size(o);
    out->encoding   = REEL_ENCODING_POSIX;
    out->facts      = REEL_FACT_POSIX;
    out->mode       = 0100644;
    out->link_count = o->link_count;
    out->path       = reel_bytes_of(o->path);
    if (o->file_id != 0) {
        out->facts |= REEL_FACT_FILE_ID;
        memcpy(out->file_id, &o->file_id, sizeof(o->file_id));
    }
    if (o->born != 0) {
        out->facts |= REEL_FACT_BIRTH;
        out->birth.s = o->born;
    }
    return REEL_OK;
}

static enum reel_status
next_xattr(struct reel_source *s, struct reel_xattr *out, struct reel_err *err)
{
    struct fake_source *const f = (void *)s;

    (void)err;
    if (current(f)->xattr == NULL || f->xattr_given)
        return REEL_END;
    f->xattr_given = true;
    out->zero      = 0;
    out->name      = reel_bytes_of(current(f)->xattr);
    out->value     = out->name;
    return REEL_OK;
}

static enum reel_status
next_stream(struct reel_source *s, struct reel_stream_header *out,
            uint64_t *sparse_offset, struct reel_err *err)
{
    struct fake_source *const f = (void *)s;

    (void)err;
    if (f->next_stream == current(f)->stream_count)
        return REEL_END;
    f->next_stream++;
    f->at           = 0;
    out->id         = stream(f)->id;
    out->attributes = stream(f)->attributes;
    out->size       = stream(f)->size;
    out->name = reel_bytes_of(stream(f)->name == NULL ? "" : stream(f)->name);
    *sparse_offset = stream(f)->sparse_offset;
    return REEL_OK;
}

/* Body octet `at`: in a SPARSE_BLOCK the first eight say where it stands. */
static uint8_t
octet(const struct fake_stream *s, uint64_t at)
{
    if (s->sparse_offset == REEL_NONE64)
        return fake_octet(at);
    if (at < 8)
        return (uint8_t)(s->sparse_offset >> (8 * at));
    return fake_octet(at - 8 + s->sparse_offset);
}

static enum reel_status
body(struct reel_source *s, uint8_t *buf, size_t want, size_t *got,
     uint32_t *reason, struct reel_err *err)
{
    struct fake_source *const f        = (void *)s;
    const struct fake_stream *const st = stream(f);
    const uint64_t every               = st->bad_every;
    size_t n                           = 0;

    (void)err;
    *reason = 0;
    if (every != 0 && f->at % every == every - 1) {
        buf[0]  = 0;
        *reason = REEL_BAD_UNREADABLE;
        *got    = 1;
        f->at++;
        return REEL_OK;
    }
    while (n < want && f->at < st->size &&
           (every == 0 || f->at % every != every - 1))
        buf[n++] = octet(st, f->at++);
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
fake_source_init(struct fake_source *f, const struct fake_object *objects,
                 size_t count)
{
    memset(f, 0, sizeof(*f));
    f->source.ops   = &ops;
    f->objects      = objects;
    f->object_count = count;
}
