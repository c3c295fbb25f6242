/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.2, ARCHIVE; records layer. */
#include <string.h>

#include "reel/archive.h"
#include "reel/segment.h"
#include "reel/text.h"

static bool
lengths_legal(const struct reel_archive *a)
{
    return a->name.len <= REEL_ARCHIVE_NAME_BYTES_MAX &&
           a->host.len <= REEL_HOST_BYTES_MAX &&
           a->system.len <= REEL_SYSTEM_BYTES_MAX && a->software.len <= 64 &&
           a->options.len <= REEL_OPTIONS_BYTES_MAX &&
           a->base.len <= REEL_PATH_BYTES_MAX;
}

static enum reel_status
check_ranges(const struct reel_archive *a, const struct reel_cursor *at,
             struct reel_err *err)
{
    if (a->edition != REEL_EDITION)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-14",
                            "edition %u is not 1", a->edition);
    if (a->source < REEL_SOURCE_POSIX || a->source > REEL_SOURCE_RAW)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-15",
                            "source %u is not 1, 2 or 3", a->source);
    if (a->compression > REEL_COMPRESSION_ZSTD)
        return reel_fail_at(err, REEL_E_INVALID, at, "G-4",
                            "compression %u is not 0 or 1", a->compression);
    if (a->segment_limit < REEL_SEGMENT_LIMIT_MIN ||
        a->segment_limit > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "G-7",
                            "segment limit %u is not in 262144 ... 16777216",
                            a->segment_limit);
    if (!lengths_legal(a))
        return reel_fail_at(err, REEL_E_INVALID, at, "R-18",
                            "a text of ARCHIVE is longer than it may be");
    if (a->base_encoding != REEL_ENCODING_POSIX &&
        a->base_encoding != REEL_ENCODING_UTF16)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-19",
                            "base encoding %u is not 1 or 2", a->base_encoding);
    return REEL_OK;
}

/* What makes it unusable. */
static enum reel_status
check(const struct reel_archive *a, const struct reel_cursor *at,
      struct reel_err *err)
{
    REEL_TRY(check_ranges(a, at, err));
    if (a->previous_archive >= a->archive ||
        (a->previous_archive == 0 && !reel_position_zero(&a->previous)))
        return reel_fail_at(err, REEL_E_INVALID, at, "R-17",
                            "archive %u names %u as the one before it, or the "
                            "place of none",
                            a->archive, a->previous_archive);
    return REEL_OK;
}

/* What is only told (12.2). */
static enum reel_status
check_told(const struct reel_archive *a, const struct reel_cursor *at,
           struct reel_err *err)
{
    if (a->created.ns > REEL_TIME_NS_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "C-4", "nanoseconds %u",
                            a->created.ns);
    REEL_TRY(reel_text_check(a->name, "name", at, err));
    REEL_TRY(reel_text_check(a->host, "host", at, err));
    REEL_TRY(reel_text_check(a->system, "system", at, err));
    REEL_TRY(reel_text_check(a->software, "software", at, err));
    return reel_text_check(a->options, "options", at, err);
}

static void
get_texts(struct reel_archive *a, struct reel_cursor *c)
{
    struct reel_bytes *const texts[] = {&a->name,     &a->host,    &a->system,
                                        &a->software, &a->options, &a->base};
    uint16_t lengths[6];
    size_t i;

    for (i = 0; i < 6; i++)
        lengths[i] = reel_get_le16(c);
    a->base_encoding = reel_get_u8(c);
    (void)reel_get_bytes(c, 7);
    for (i = 0; i < 6; i++)
        *texts[i] = reel_get_bytes(c, lengths[i]);
}

static void
put_texts(const struct reel_archive *a, struct reel_builder *b)
{
    const struct reel_bytes texts[] = {a->name,     a->host,    a->system,
                                       a->software, a->options, a->base};
    size_t i;

    for (i = 0; i < 6; i++)
        reel_put_le16(b, (uint16_t)texts[i].len);
    reel_put_u8(b, a->base_encoding);
    reel_put_zeros(b, 7);
    for (i = 0; i < 6; i++)
        reel_put_bytes(b, texts[i]);
}

enum reel_status
reel_archive_decode(struct reel_archive *out, struct reel_cursor *c,
                    struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_archive a;

    REEL_TRY(reel_archive_accept(&a, c, NULL, err));
    REEL_TRY(check_told(&a, &start, err));
    *out = a;
    return REEL_OK;
}

enum reel_status
reel_archive_accept(struct reel_archive *out, struct reel_cursor *c,
                    struct reel_err *told, struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_archive a;

    memset(&a, 0, sizeof(a));
    a.edition          = reel_get_le16(c);
    a.source           = reel_get_u8(c);
    a.compression      = reel_get_u8(c);
    a.segment_limit    = reel_get_le32(c);
    a.created.s        = reel_get_le64s(c);
    a.created.ns       = reel_get_le32(c);
    a.archive          = reel_get_le32(c);
    a.level            = reel_get_le32s(c);
    a.previous_archive = reel_get_le32(c);
    a.previous.volume  = reel_get_le32(c);
    (void)reel_get_le32(c);
    a.previous.sequence = reel_get_le64(c);
    a.previous.address  = reel_get_le64(c);
    (void)reel_get_le32(c);
    get_texts(&a, c);
    REEL_TRY(reel_record_exact(c, "ARCHIVE", err));
    REEL_TRY(check(&a, &start, err));
    if (told != NULL)
        told->status = check_told(&a, &start, told);
    *out = a;
    return REEL_OK;
}

enum reel_status
reel_archive_encode(const struct reel_archive *a, struct reel_builder *b,
                    struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check(a, &nowhere, err));
    REEL_TRY(check_told(a, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_ARCHIVE, 0);
    reel_put_le16(b, a->edition);
    reel_put_u8(b, a->source);
    reel_put_u8(b, a->compression);
    reel_put_le32(b, a->segment_limit);
    reel_put_le64s(b, a->created.s);
    reel_put_le32(b, a->created.ns);
    reel_put_le32(b, a->archive);
    reel_put_le32s(b, a->level);
    reel_put_le32(b, a->previous_archive);
    reel_put_le32(b, a->previous.volume);
    reel_put_le32(b, 0);
    reel_put_le64(b, a->previous.sequence);
    reel_put_le64(b, a->previous.address);
    reel_put_le32(b, 0);
    put_texts(a, b);
    reel_record_close(b, mark);
    return reel_record_fits(b, "ARCHIVE", err);
}
