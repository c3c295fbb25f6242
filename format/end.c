/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4, END; records layer. */
#include <string.h>

#include "reel/end.h"
#include "reel/segment.h"
#include "reel/text.h"

static enum reel_status
check_ranges(const struct reel_end *e, const struct reel_cursor *at,
             struct reel_err *err)
{
    if (e->edition != REEL_EDITION)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-14",
                            "edition %u is not 1", e->edition);
    if (e->source < REEL_SOURCE_POSIX || e->source > REEL_SOURCE_RAW)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-15",
                            "source %u is not 1, 2 or 3", e->source);
    if (e->compression > REEL_COMPRESSION_ZSTD)
        return reel_fail_at(err, REEL_E_INVALID, at, "G-4",
                            "compression %u is not 0 or 1", e->compression);
    if (e->segment_limit < REEL_SEGMENT_LIMIT_MIN ||
        e->segment_limit > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "G-7",
                            "segment limit %u is not in 262144 ... 16777216",
                            e->segment_limit);
    if (e->created.ns > REEL_TIME_NS_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "C-4", "nanoseconds %u",
                            e->created.ns);
    if (e->name.len > REEL_ARCHIVE_NAME_BYTES_MAX ||
        e->host.len > REEL_HOST_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-18",
                            "name of %zu octets, host of %zu", e->name.len,
                            e->host.len);
    return REEL_OK;
}

static enum reel_status
check(const struct reel_end *e, const struct reel_cursor *at,
      struct reel_err *err)
{
    REEL_TRY(check_ranges(e, at, err));
    if (e->previous_archive >= e->archive ||
        (e->previous_archive == 0 && !reel_position_zero(&e->previous)))
        return reel_fail_at(err, REEL_E_INVALID, at, "R-17",
                            "archive %u names %u as the one before it",
                            e->archive, e->previous_archive);
    REEL_TRY(reel_text_check(e->name, "name", at, err));
    return reel_text_check(e->host, "host", at, err);
}

static void
get_totals(struct reel_end *e, struct reel_cursor *c)
{
    e->objects         = reel_get_le64(c);
    e->torn            = reel_get_le64(c);
    e->flawed          = reel_get_le64(c);
    e->stream_bytes    = reel_get_le64(c);
    e->catalog_bytes   = reel_get_le64(c);
    e->catalog_records = reel_get_le64(c);
    e->catalog.volume  = reel_get_le32(c);
    (void)reel_get_le32(c);
    e->catalog.sequence          = reel_get_le64(c);
    e->catalog.address           = reel_get_le64(c);
    e->previous_archive          = reel_get_le32(c);
    e->previous.volume           = reel_get_le32(c);
    e->previous.sequence         = reel_get_le64(c);
    e->previous.address          = reel_get_le64(c);
    e->checkpoint                = reel_get_le32(c);
    e->checkpoint_slice.volume   = reel_get_le32(c);
    e->checkpoint_slice.sequence = reel_get_le64(c);
    e->checkpoint_slice.address  = reel_get_le64(c);
}

static void
put_totals(const struct reel_end *e, struct reel_builder *b)
{
    reel_put_le64(b, e->objects);
    reel_put_le64(b, e->torn);
    reel_put_le64(b, e->flawed);
    reel_put_le64(b, e->stream_bytes);
    reel_put_le64(b, e->catalog_bytes);
    reel_put_le64(b, e->catalog_records);
    reel_put_le32(b, e->catalog.volume);
    reel_put_le32(b, 0);
    reel_put_le64(b, e->catalog.sequence);
    reel_put_le64(b, e->catalog.address);
    reel_put_le32(b, e->previous_archive);
    reel_put_le32(b, e->previous.volume);
    reel_put_le64(b, e->previous.sequence);
    reel_put_le64(b, e->previous.address);
    reel_put_le32(b, e->checkpoint);
    reel_put_le32(b, e->checkpoint_slice.volume);
    reel_put_le64(b, e->checkpoint_slice.sequence);
    reel_put_le64(b, e->checkpoint_slice.address);
}

/* The fields as they are; R-6 alone is judged. */
static enum reel_status
get_fields(struct reel_end *out, struct reel_cursor *c, struct reel_err *err)
{
    struct reel_end e;
    uint16_t name_bytes;
    uint16_t host_bytes;

    memset(&e, 0, sizeof(e));
    e.edition       = reel_get_le16(c);
    e.source        = reel_get_u8(c);
    e.compression   = reel_get_u8(c);
    e.segment_limit = reel_get_le32(c);
    e.created.s     = reel_get_le64s(c);
    e.created.ns    = reel_get_le32(c);
    e.archive       = reel_get_le32(c);
    get_totals(&e, c);
    reel_get_copy(c, e.catalog_digest, sizeof(e.catalog_digest));
    reel_get_copy(c, e.fingerprint, sizeof(e.fingerprint));
    name_bytes = reel_get_le16(c);
    host_bytes = reel_get_le16(c);
    (void)reel_get_le32(c);
    e.name = reel_get_bytes(c, name_bytes);
    e.host = reel_get_bytes(c, host_bytes);
    REEL_TRY(reel_record_exact(c, "END", err));
    *out = e;
    return REEL_OK;
}

enum reel_status
reel_end_decode(struct reel_end *out, struct reel_cursor *c,
                struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_end e;

    REEL_TRY(get_fields(&e, c, err));
    REEL_TRY(check(&e, &start, err));
    *out = e;
    return REEL_OK;
}

/* A text that may be shown and that has room where texts are kept. */
static bool
text_usable(struct reel_bytes text, size_t bytes_max)
{
    return text.len <= bytes_max && reel_text_legal(text);
}

enum reel_status
reel_end_accept(struct reel_end *out, uint32_t archive, struct reel_cursor *c,
                struct reel_err *err)
{
    uint32_t below;

    REEL_TRY(get_fields(out, c, err));
    if (!text_usable(out->name, REEL_ARCHIVE_NAME_BYTES_MAX))
        out->name.len = 0;
    if (!text_usable(out->host, REEL_HOST_BYTES_MAX))
        out->host.len = 0;
    /* So that the way back leads back, whatever is stated. */
    below = archive < out->archive ? archive : out->archive;
    if (out->previous_archive >= below)
        out->previous_archive = below > 1 ? below - 1 : 0;
    if (out->previous_archive == 0)
        memset(&out->previous, 0, sizeof(out->previous));
    return REEL_OK;
}

enum reel_status
reel_end_encode(const struct reel_end *e, struct reel_builder *b,
                struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes catalog  = {e->catalog_digest, REEL_DIGEST_BYTES};
    const struct reel_bytes fingerprint = {e->fingerprint, REEL_DIGEST_BYTES};
    size_t mark;

    REEL_TRY(check(e, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_END, 0);
    reel_put_le16(b, e->edition);
    reel_put_u8(b, e->source);
    reel_put_u8(b, e->compression);
    reel_put_le32(b, e->segment_limit);
    reel_put_le64s(b, e->created.s);
    reel_put_le32(b, e->created.ns);
    reel_put_le32(b, e->archive);
    put_totals(e, b);
    reel_put_bytes(b, catalog);
    reel_put_bytes(b, fingerprint);
    reel_put_le16(b, (uint16_t)e->name.len);
    reel_put_le16(b, (uint16_t)e->host.len);
    reel_put_le32(b, 0);
    reel_put_bytes(b, e->name);
    reel_put_bytes(b, e->host);
    reel_record_close(b, mark);
    return reel_record_fits(b, "END", err);
}
