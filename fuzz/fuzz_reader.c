/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 5 to 9 as the reader sees them: the input is the unpacked
   segments of an archive on a volume without catalog or END; the octet 0xFF
   twice ends a segment and loses a block. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "reel/alloc.h"
#include "reel/block_packer.h"
#include "reel/dump.h"
#include "reel/list.h"
#include "reel/medium_memory.h"
#include "reel_fuzz.h"

#define INPUT_BYTES_MAX 65536U

static void
must(int condition)
{
    if (!condition)
        abort();
}

/* ---- A sink that watches the order of calls ---- */

struct watch {
    struct reel_sink sink;
    bool open;
};

static struct watch *
watch_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

static enum reel_status
on_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
         struct reel_err *err)
{
    (void)number;
    (void)err;
    must(!watch_of(s)->open && o->kind != REEL_KIND_LINK);
    watch_of(s)->open = true;
    return REEL_OK;
}

static enum reel_status
on_xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    (void)x;
    (void)err;
    must(watch_of(s)->open);
    return REEL_OK;
}

static enum reel_status
on_stream(struct reel_sink *s, const struct reel_stream *stream,
          struct reel_err *err)
{
    (void)stream;
    (void)err;
    must(watch_of(s)->open);
    return REEL_OK;
}

static enum reel_status
on_data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    (void)err;
    must(watch_of(s)->open && d->bytes.len > 0);
    return REEL_OK;
}

static enum reel_status
on_group_end(struct reel_sink *s, const struct reel_group_end *g,
             struct reel_err *err)
{
    (void)g;
    (void)err;
    must(watch_of(s)->open);
    return REEL_OK;
}

static enum reel_status
on_end(struct reel_sink *s, const struct reel_object_end *e,
       enum reel_outcome outcome, struct reel_err *err)
{
    (void)err;
    must(watch_of(s)->open);
    must(outcome == REEL_OUTCOME_DAMAGED || e != NULL);
    watch_of(s)->open = false;
    return REEL_OK;
}

static enum reel_status
on_link(struct reel_sink *s, const struct reel_object *o, bool *made,
        struct reel_err *err)
{
    (void)err;
    must(!watch_of(s)->open && o->kind == REEL_KIND_LINK);
    *made = (o->target & 1) != 0;
    return REEL_OK;
}

static enum reel_status
on_finish(struct reel_sink *s, struct reel_err *err)
{
    (void)err;
    must(!watch_of(s)->open);
    return REEL_OK;
}

static const struct reel_sink_ops ops = {.begin     = on_begin,
                                         .xattr     = on_xattr,
                                         .stream    = on_stream,
                                         .data      = on_data,
                                         .group_end = on_group_end,
                                         .end       = on_end,
                                         .link      = on_link,
                                         .finish    = on_finish};

/* ---- The volume ---- */

static enum reel_status
put_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
          struct reel_err *err)
{
    const struct reel_memory_element e = {.bytes      = block,
                                          .byte_count = h->block_bytes};
    struct reel_memory_tape *const t   = ctx;

    return reel_memory_tape_insert(t, reel_memory_tape_count(t), &e, err);
}

static void
put_segment(struct reel_block_packer *p, const uint8_t *raw, size_t len)
{
    static uint8_t packed[INPUT_BYTES_MAX + 1024];
    struct reel_bytes segment = {packed, 0};
    struct reel_place place;

    if (len < REEL_RECORD_HEADER_BYTES)
        return;
    must(!reel_segment_pack(NULL, raw, len, packed, sizeof(packed),
                            &segment.len, NULL));
    must(!reel_block_packer_push(p, segment, &place, NULL));
}

static struct reel_memory_tape *
make_tape(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const t = reel_memory_tape_new(NULL);
    struct reel_block_packer p;
    uint8_t block[REEL_BLOCK_BYTES_MIN];
    size_t begin = 0;
    size_t i;

    must(t != NULL);
    reel_block_packer_init(&p, sizeof(block), block, put_block, t);
    p.next.volume = p.next.archive = 1;
    reel_block_packer_begin(&p, REEL_BLOCK_DATA);
    for (i = 0; i + 1 < size; i++)
        if (i >= begin && data[i] == 0xFF && data[i + 1] == 0xFF) {
            put_segment(&p, data + begin, i - begin);
            begin = i + 2;
            p.next.sequence += begin % 3 == 0;
        }
    put_segment(&p, data + begin, size - begin);
    must(!reel_block_packer_flush(&p, NULL));
    return t;
}

/* ---- Reading it ---- */

static enum reel_status
on_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    (void)ctx;
    (void)err;
    must(item->object != NULL && item->entry != NULL);
    return REEL_OK;
}

static void
on_line(void *ctx, const char *line)
{
    (void)ctx;
    must(strchr(line, '\n') == NULL);
}

static void
restore(const struct reel_access *access)
{
    struct reel_restore_result result;
    struct reel_session session;
    struct reel_err err;
    struct watch w = {.sink = {&ops}};

    if (reel_session_open(&session, access, NULL, &err) == REEL_OK)
        (void)!reel_engine_run(&session, &w.sink, &result, &err);
    reel_session_close(&session);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    const struct reel_dump_options octets = {.octets = true};
    struct reel_access access             = {.catalog_fd = -1, .threads = 1};
    struct reel_memory_tape *t;
    int verb;

    if (size > INPUT_BYTES_MAX)
        return 0;
    t = make_tape(data, size);
    for (verb = 0; verb < 3; verb++) {
        must(
            !reel_medium_memory_new(&access.medium, t, REEL_MEDIUM_READ, NULL));
        if (verb == 0)
            restore(&access);
        else if (verb == 1)
            (void)!reel_list(&access, NULL, on_item, NULL, NULL);
        else
            (void)!reel_dump(&access, &octets, on_line, NULL, NULL);
        must(!reel_medium_close(access.medium, NULL));
    }
    reel_memory_tape_free(t);
    return 0;
}
