/* SPDX-License-Identifier: Apache-2.0 */
/* Chapter 5's records between programs; records layer. */
#include "reel/relay.h"

enum reel_status
reel_relay_note_encode(const struct reel_relay_note *n, uint64_t object,
                       struct reel_builder *b, struct reel_err *err)
{
    size_t mark;

    if (n->path.len > REEL_PATH_BYTES_MAX ||
        n->text.len > REEL_RELAY_TEXT_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "a note with a path of %zu and a text of %zu octets",
                         n->path.len, n->text.len);
    mark = reel_record_open(b, REEL_RELAY_NOTE, object);
    reel_put_u8(b, n->kind);
    reel_put_u8(b, n->encoding);
    reel_put_le16(b, n->status);
    reel_put_le16(b, (uint16_t)n->path.len);
    reel_put_le16(b, (uint16_t)n->text.len);
    reel_put_bytes(b, n->path);
    reel_put_bytes(b, n->text);
    reel_record_close(b, mark);
    return reel_record_fits(b, "NOTE", err);
}

enum reel_status
reel_relay_note_decode(struct reel_relay_note *out, struct reel_cursor *c,
                       struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_relay_note n;
    size_t path_bytes;
    size_t text_bytes;

    n.kind     = reel_get_u8(c);
    n.encoding = reel_get_u8(c);
    n.status   = reel_get_le16(c);
    path_bytes = reel_get_le16(c);
    text_bytes = reel_get_le16(c);
    n.path     = reel_get_bytes(c, path_bytes);
    n.text     = reel_get_bytes(c, text_bytes);
    REEL_TRY(reel_record_exact(c, "NOTE", err));
    if (n.kind > REEL_NOTE_WANTED || n.status > REEL_E_STOPPED ||
        n.text.len > REEL_RELAY_TEXT_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, &start, NULL,
                            "a note of kind %u and status %u", n.kind,
                            n.status);
    *out = n;
    return REEL_OK;
}

enum reel_status
reel_relay_done_encode(const struct reel_relay_done *d, struct reel_builder *b,
                       struct reel_err *err)
{
    size_t mark;

    if (d->text.len > REEL_RELAY_TEXT_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "a sentence of %zu octets", d->text.len);
    mark = reel_record_open(b, REEL_RELAY_DONE, 0);
    reel_put_le16(b, d->status);
    reel_put_le16(b, (uint16_t)d->text.len);
    reel_put_bytes(b, d->text);
    reel_record_close(b, mark);
    return reel_record_fits(b, "DONE", err);
}

enum reel_status
reel_relay_done_decode(struct reel_relay_done *out, struct reel_cursor *c,
                       struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_relay_done d;

    d.status = reel_get_le16(c);
    d.text   = reel_get_bytes(c, reel_get_le16(c));
    REEL_TRY(reel_record_exact(c, "DONE", err));
    if (d.status > REEL_E_STOPPED || d.text.len > REEL_RELAY_TEXT_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, &start, NULL,
                            "an end with status %u", d.status);
    *out = d;
    return REEL_OK;
}
