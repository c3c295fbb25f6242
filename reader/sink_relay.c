/* SPDX-License-Identifier: Apache-2.0 */
/* Chapters 5 to 8 as a relay to a program that restores; policy layer. */
#include "sink_relay.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/number_map.h"
#include "relay_answer.h"
#include "sink_note.h"

struct relay {
    struct reel_sink sink; /* first */
    const struct reel_reporter *report;
    int to_fd;   /* -1: closed */
    bool failed; /* it was told */
    struct reel_relay_answer answer;
    struct reel_builder record; /* room for the longest one */

    uint64_t number; /* of the object at hand in the archive, */
    uint64_t sent;   /* and in the relay, where they ascend */
    bool may_have_links;
    uint8_t encoding;
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_bytes;
    struct reel_number_map numbers; /* of objects that may get more names */
};

static struct relay *
self(struct reel_sink *s)
{
    return (struct relay *)(void *)s;
}

/* The program went away while we wrote: it said why, or nobody knows. */
static enum reel_status
gone(struct relay *r, const struct reel_err *why, struct reel_err *err)
{
    (void)close(r->to_fd);
    r->to_fd = -1;
    REEL_TRY(reel_relay_answer_wait(&r->answer, err));
    if (err != NULL)
        *err = *why;
    return why->status;
}

/* Write what was made. */
static enum reel_status
write_out(struct relay *r, struct reel_err *err)
{
    const struct reel_bytes octets = {r->record.buf, r->record.len};

    r->record.len = 0;
    return reel_relay_write(r->to_fd, octets, err);
}

/* The same, and hear what the program has to say. */
static enum reel_status
send(struct relay *r, struct reel_err *err)
{
    enum reel_status status;
    struct reel_err why;

    if (write_out(r, &why) != REEL_OK)
        status = gone(r, &why, err);
    else
        status = reel_relay_answer_look(&r->answer, err);
    r->failed = status != REEL_OK;
    return status;
}

static enum reel_status
begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
      struct reel_err *err)
{
    struct relay *const r = self(s);

    REEL_TRY(reel_object_encode(o, r->sent + 1, &r->record, err));
    r->sent++;
    r->number         = number;
    r->may_have_links = o->kind != REEL_KIND_DIRECTORY && o->link_count != 1;
    r->encoding       = o->encoding;
    r->path_bytes     = o->path.len;
    if (o->path.len > 0)
        memcpy(r->path, o->path.data, o->path.len);
    return send(r, err);
}

static enum reel_status
xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    struct relay *const r = self(s);

    REEL_TRY(reel_xattr_encode(x, r->sent, &r->record, err));
    return send(r, err);
}

static enum reel_status
stream(struct reel_sink *s, const struct reel_stream *st, struct reel_err *err)
{
    struct relay *const r = self(s);

    REEL_TRY(reel_stream_encode(st, r->sent, &r->record, err));
    return send(r, err);
}

static enum reel_status
send_data(struct relay *r, const struct reel_data *d, struct reel_err *err)
{
    REEL_TRY(reel_data_encode(d, r->sent, &r->record, err));
    return send(r, err);
}

static enum reel_status
data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    struct relay *const r = self(s);
    struct reel_data part = *d;
    size_t at             = 0;

    while (at < d->bytes.len) {
        const size_t left = d->bytes.len - at;

        part.stream_offset = d->stream_offset + at;
        part.bytes.data    = d->bytes.data + at;
        part.bytes.len =
            left < REEL_RELAY_DATA_BYTES_MAX ? left : REEL_RELAY_DATA_BYTES_MAX;
        REEL_TRY(send_data(r, &part, err));
        at += part.bytes.len;
    }
    return REEL_OK;
}

static enum reel_status
group_end(struct reel_sink *s, const struct reel_group_end *g,
          struct reel_err *err)
{
    (void)s;
    (void)g;
    (void)err;
    return REEL_OK;
}

/* FLAWED: the source could not give all of it. */
static void
note_flaws(const struct relay *r, const struct reel_object_end *e)
{
    const struct reel_sink_subject about = {.report = r->report,
                                            .object = r->number,
                                            .path   = {r->path, r->path_bytes},
                                            .encoding = r->encoding};
    uint64_t octets                      = 0;
    uint32_t i;

    for (i = 0; i < e->bad_ranges; i++)
        octets += reel_object_end_bad_range(e, i).len;
    if (e->bad_ranges > 0)
        reel_sink_note(&about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "%" PRIu64 " octets in %" PRIu32 " ranges are filling: "
                       "the source could not give them",
                       octets, e->bad_ranges);
    else
        reel_sink_note(&about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "it changed while it was archived");
}

static void
note_damage(const struct relay *r)
{
    const struct reel_sink_subject about = {.report = r->report,
                                            .object = r->number,
                                            .path   = {r->path, r->path_bytes},
                                            .encoding = r->encoding};

    reel_sink_note(&about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                   "something of it is missing or does not agree; it is not "
                   "put in place");
}

static enum reel_status
end(struct reel_sink *s, const struct reel_object_end *e,
    enum reel_outcome outcome, struct reel_err *err)
{
    struct relay *const r = self(s);

    if (e == NULL ||
        (outcome != REEL_OUTCOME_PROVEN && outcome != REEL_OUTCOME_FLAWED)) {
        if (outcome != REEL_OUTCOME_ABSENT)
            note_damage(r);
        reel_record_close(
            &r->record,
            reel_record_open(&r->record, REEL_RELAY_ABANDON, r->sent));
        return send(r, err);
    }
    if (outcome == REEL_OUTCOME_FLAWED)
        note_flaws(r, e);
    if (r->may_have_links)
        REEL_TRY(reel_number_map_set(&r->numbers, r->number, r->sent, err));
    REEL_TRY(reel_object_end_encode(e, r->sent, &r->record, err));
    return send(r, err);
}

/* The engine hands no link in that is marked outside (K-9). */
static enum reel_status
send_link(struct reel_sink *s, const struct reel_object *o, bool *made,
          struct reel_err *err)
{
    struct relay *const r          = self(s);
    struct reel_object as          = *o;
    const struct reel_object_end e = {0};

    as.target = reel_number_map_get(&r->numbers, o->target);
    *made     = as.target != 0 && (o->facts & REEL_FACT_OUTSIDE) == 0;
    if (!*made)
        return REEL_OK;
    REEL_TRY(reel_object_encode(&as, r->sent + 1, &r->record, err));
    r->sent++;
    REEL_TRY(reel_object_end_encode(&e, r->sent, &r->record, err));
    return send(r, err);
}

static enum reel_status
finish(struct reel_sink *s, struct reel_err *err)
{
    static const struct reel_relay_done done = {REEL_OK, {NULL, 0}};
    struct relay *const r                    = self(s);
    struct reel_err why;

    if (r->failed)
        return REEL_OK; /* what there is to say was said */
    REEL_TRY(reel_relay_done_encode(&done, &r->record, err));
    if (write_out(r, &why) != REEL_OK)
        return gone(r, &why, err);
    (void)close(r->to_fd);
    r->to_fd = -1;
    return reel_relay_answer_wait(&r->answer, err);
}

static void
release(struct reel_sink *s)
{
    struct relay *const r = self(s);

    if (r->to_fd >= 0)
        (void)close(r->to_fd);
    reel_relay_answer_fini(&r->answer);
    reel_number_map_fini(&r->numbers);
    reel_free(r->record.buf);
    reel_free(r);
}

static enum reel_status
make(struct relay *r, const struct reel_sink_relay_options *options,
     struct reel_err *err)
{
    uint8_t *const buf = reel_alloc_array(REEL_RELAY_RECORD_BYTES_MAX, 1);

    if (buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for restoring");
    r->record = reel_builder_init(buf, REEL_RELAY_RECORD_BYTES_MAX);
    return reel_relay_answer_init(&r->answer, options->from_fd, options->report,
                                  err);
}

struct reel_sink *
reel_sink_relay_new(const struct reel_sink_relay_options *options,
                    struct reel_err *err)
{
    static const struct reel_sink_ops ops = {
        .begin     = begin,
        .xattr     = xattr,
        .stream    = stream,
        .data      = data,
        .group_end = group_end,
        .end       = end,
        .link      = send_link,
        .finish    = finish,
        .free      = release,
    };
    struct relay *const r = reel_alloc_array(1, sizeof(*r));

    if (r == NULL) {
        (void)close(options->to_fd);
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory for restoring");
        return NULL;
    }
    r->sink.ops = &ops;
    r->report   = options->report;
    r->to_fd    = options->to_fd;
    if (make(r, options, err) == REEL_OK)
        return &r->sink;
    (void)close(r->to_fd);
    reel_free(r->record.buf);
    reel_free(r);
    return NULL;
}
