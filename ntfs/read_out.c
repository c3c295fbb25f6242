/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chapters 5 to 7 as far as a relay has them: the sending side. */
#include "read_out.h"

#include <stdarg.h>
#include <stdio.h>

#include "reel/alloc.h"
#include "relay_pipe.h"

/* Of any record but DATA: an OBJECT with the longest path, or an OBJECT END
   with as many bad ranges as there may be. */
#define OTHER_BYTES_MAX (REEL_RECORD_BYTES_MAX + 64U)
#define ROOM (REEL_RELAY_RECORD_BYTES_MAX + OTHER_BYTES_MAX)

enum reel_status
rn_out_init(struct rn_out *o, int fd, struct reel_err *err)
{
    *o = (struct rn_out){.fd = fd};
    REEL_TRY(rn_report_init(&o->report, fd, err));
    o->buf = reel_alloc_array(ROOM, 1);
    if (o->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for records");
    o->b = reel_builder_init(o->buf, ROOM);
    return REEL_OK;
}

void
rn_out_fini(struct rn_out *o)
{
    reel_free(o->buf);
    o->buf = NULL;
    rn_report_fini(&o->report);
}

static enum reel_status
flush(struct rn_out *o, struct reel_err *err)
{
    const struct reel_bytes all = {o->buf, o->b.len};

    o->b = reel_builder_init(o->buf, ROOM);
    if (o->report.broken)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "nobody reads what this program sends");
    return reel_relay_write(o->fd, all, err);
}

/* Room for a record of at most `bytes`. */
static enum reel_status
make_room(struct rn_out *o, size_t bytes, struct reel_err *err)
{
    if (reel_builder_left(&o->b) >= bytes)
        return REEL_OK;
    return flush(o, err);
}

enum reel_status
rn_out_object(struct rn_out *o, const struct reel_object *of,
              struct reel_err *err)
{
    REEL_TRY(make_room(o, OTHER_BYTES_MAX, err));
    o->number++;
    o->streams   = 0;
    o->bad_count = 0;
    o->bad_lost  = false;
    o->open      = true;
    return reel_object_encode(of, o->number, &o->b, err);
}

static void
put_abandon(struct rn_out *o)
{
    const size_t mark = reel_record_open(&o->b, REEL_RELAY_ABANDON, o->number);

    reel_record_close(&o->b, mark);
}

static void
send_note(struct rn_out *o, const struct rn_waiting *note)
{
    const struct rn_subject about = {0, REEL_ENCODING_UTF16, note->path};
    struct reel_err ignored;

    if (flush(o, &ignored) != REEL_OK)
        o->report.broken = true;
    rn_report_err(&o->report, &about, note->kind, &note->err);
}

static void
send_waiting(struct rn_out *o)
{
    const size_t kept = o->waiting_count < RN_NOTES_WAITING ? o->waiting_count
                                                            : RN_NOTES_WAITING;
    struct rn_waiting more = {
        REEL_NOTE_FLAWED, o->waiting[0].path, {.status = REEL_E_MEDIUM}};

    for (size_t i = 0; i < kept; i++)
        send_note(o, &o->waiting[i]);
    if (o->waiting_count > kept) {
        (void)snprintf(more.err.text, sizeof(more.err.text),
                       "and %zu things more are wrong with it",
                       o->waiting_count - kept);
        send_note(o, &more);
    }
    o->waiting_count = 0;
}

static enum reel_status
put_object_end(struct rn_out *o, struct reel_err *err)
{
    static uint8_t ranges[REEL_BAD_RANGES_MAX * REEL_BAD_RANGE_BYTES];
    struct reel_builder r      = reel_builder_init(ranges, sizeof(ranges));
    struct reel_object_end end = {.streams    = o->streams,
                                  .bad_ranges = (uint32_t)o->bad_count};

    REEL_TRY(make_room(o, OTHER_BYTES_MAX, err));
    if (o->bad_lost) {
        put_abandon(o);
        return REEL_OK;
    }
    for (size_t i = 0; i < o->bad_count; i++)
        reel_bad_range_put(&o->bad[i], &r);
    end.bad_range_bytes = (struct reel_bytes){ranges, r.len};
    return reel_object_end_encode(&end, o->number, &o->b, err);
}

enum reel_status
rn_out_object_end(struct rn_out *o, struct reel_err *err)
{
    REEL_TRY(put_object_end(o, err));
    o->open = false;
    send_waiting(o);
    return REEL_OK;
}

enum reel_status
rn_out_stream(struct rn_out *o, const struct reel_stream_header *h,
              struct reel_err *err)
{
    const struct reel_stream s = {.ordinal = o->streams, .header = *h};

    REEL_TRY(make_room(o, OTHER_BYTES_MAX, err));
    o->streams++;
    o->offset = 0;
    return reel_stream_encode(&s, o->number, &o->b, err);
}

enum reel_status
rn_out_data(struct rn_out *o, uint64_t sparse, struct reel_bytes octets,
            struct reel_err *err)
{
    const struct reel_data d = {.ordinal       = o->streams - 1,
                                .stream_offset = o->offset,
                                .sparse_offset = sparse,
                                .bytes         = octets};

    REEL_TRY(make_room(o, octets.len + 64, err));
    o->offset += octets.len;
    return reel_data_encode(&d, o->number, &o->b, err);
}

enum reel_status
rn_out_whole(struct rn_out *o, uint32_t id, uint32_t attributes,
             struct reel_bytes body, struct reel_err *err)
{
    const struct reel_stream_header h = {
        .id = id, .attributes = attributes, .size = body.len};

    if (body.len == 0)
        return REEL_OK;
    REEL_TRY(rn_out_stream(o, &h, err));
    return rn_out_data(o, REEL_NONE64, body, err);
}

void
rn_out_bad(struct rn_out *o, uint64_t off, uint64_t len)
{
    const uint32_t ordinal            = o->streams - 1;
    struct reel_bad_range *const last = o->bad + o->bad_count - 1;

    if (o->bad_count > 0 && last->ordinal == ordinal &&
        last->offset + last->len == off) {
        last->len += len;
        return;
    }
    if (o->bad_count == REEL_BAD_RANGES_MAX) {
        o->bad_lost = true;
        return;
    }
    o->bad[o->bad_count++] =
        (struct reel_bad_range){ordinal, REEL_BAD_UNREADABLE, off, len};
}

void
rn_out_note(struct rn_out *o, struct reel_bytes path, enum reel_note_kind kind,
            enum reel_status status, const char *fmt, ...)
{
    struct rn_waiting note = {kind, path, {.status = status}};
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(note.err.text, sizeof(note.err.text), fmt, args);
    va_end(args);
    if (!o->open)
        send_note(o, &note);
    else if (o->waiting_count++ < RN_NOTES_WAITING)
        o->waiting[o->waiting_count - 1] = note;
}

enum reel_status
rn_out_done(struct rn_out *o, const struct reel_err *failure,
            struct reel_err *err)
{
    REEL_TRY(flush(o, err));
    rn_report_done(&o->report, failure);
    return flush(o, err);
}
