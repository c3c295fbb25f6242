/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.3 and 5.4, SOURCE, EARLIER VOLUME, EARLIER ARCHIVE; records layer. */
#include <string.h>

#include "reel/archive.h"
#include "reel/head.h"
#include "reel/text.h"

static enum reel_status
check_source(const struct reel_source_record *s, const struct reel_cursor *at,
             struct reel_err *err)
{
    if ((s->role != REEL_ROLE_PATH && s->role != REEL_ROLE_EXCLUDE) ||
        (s->encoding != REEL_ENCODING_POSIX &&
         s->encoding != REEL_ENCODING_UTF16) ||
        s->text.len == 0 || s->text.len > REEL_PATH_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-20",
                            "SOURCE with role %u, encoding %u, %zu octets",
                            s->role, s->encoding, s->text.len);
    return REEL_OK;
}

enum reel_status
reel_source_record_decode(struct reel_source_record *out, struct reel_cursor *c,
                          struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_source_record s;
    uint16_t n;

    s.role     = reel_get_u8(c);
    s.encoding = reel_get_u8(c);
    n          = reel_get_le16(c);
    s.text     = reel_get_bytes(c, n);
    REEL_TRY(reel_record_exact(c, "SOURCE", err));
    REEL_TRY(check_source(&s, &start, err));
    *out = s;
    return REEL_OK;
}

enum reel_status
reel_source_record_encode(const struct reel_source_record *s,
                          struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check_source(s, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_SOURCE, 0);
    reel_put_u8(b, s->role);
    reel_put_u8(b, s->encoding);
    reel_put_le16(b, (uint16_t)s->text.len);
    reel_put_bytes(b, s->text);
    reel_record_close(b, mark);
    return reel_record_fits(b, "SOURCE", err);
}

enum reel_status
reel_earlier_volume_decode(struct reel_earlier_volume *out,
                           struct reel_cursor *c, struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_earlier_volume v;

    memset(&v, 0, sizeof(v));
    v.volume = reel_get_le32(c);
    reel_get_copy(c, v.volume_id, sizeof(v.volume_id));
    v.zero = reel_get_le16(c);
    REEL_TRY(reel_record_exact(c, "EARLIER VOLUME", err));
    if (v.volume == 0)
        return reel_fail_at(err, REEL_E_INVALID, &start, "R-21",
                            "EARLIER VOLUME of volume 0");
    *out = v;
    return REEL_OK;
}

enum reel_status
reel_earlier_volume_encode(const struct reel_earlier_volume *v,
                           struct reel_builder *b, struct reel_err *err)
{
    const struct reel_bytes id = {v->volume_id, sizeof(v->volume_id)};
    size_t mark;

    if (v->volume == 0)
        return reel_fail(err, REEL_E_INVALID, NULL, "R-21",
                         "EARLIER VOLUME of volume 0");
    mark = reel_record_open(b, REEL_RECORD_EARLIER_VOLUME, 0);
    reel_put_le32(b, v->volume);
    reel_put_bytes(b, id);
    reel_put_le16(b, v->zero);
    reel_record_close(b, mark);
    return reel_record_fits(b, "EARLIER VOLUME", err);
}

/* an archive without END has nothing to say. */
static bool
incomplete_is_empty(const struct reel_earlier_archive *a)
{
    return reel_position_zero(&a->end) && a->created.s == 0 &&
           a->created.ns == 0 && a->objects == 0 && a->stream_bytes == 0 &&
           reel_bytes_zero(a->fingerprint, sizeof(a->fingerprint)) &&
           a->name.len == 0;
}

static enum reel_status
check_archive(const struct reel_earlier_archive *a, uint32_t state,
              const struct reel_cursor *at, struct reel_err *err)
{
    if (a->archive == 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-21",
                            "EARLIER ARCHIVE of archive 0");
    if (state > 1 || (state == 0 && !incomplete_is_empty(a)))
        return reel_fail_at(err, REEL_E_INVALID, at, "R-22",
                            "EARLIER ARCHIVE %u with state %u, or facts of an "
                            "incomplete one",
                            a->archive, state);
    if (a->created.ns > REEL_TIME_NS_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "C-4", "nanoseconds %u",
                            a->created.ns);
    if (a->name.len > REEL_ARCHIVE_NAME_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-18",
                            "name of %zu octets", a->name.len);
    return reel_text_check(a->name, "name", at, err);
}

enum reel_status
reel_earlier_archive_decode(struct reel_earlier_archive *out,
                            struct reel_cursor *c, struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_earlier_archive a;
    uint32_t state;
    uint16_t name_bytes;

    memset(&a, 0, sizeof(a));
    a.archive    = reel_get_le32(c);
    state        = reel_get_le32(c);
    a.complete   = state == 1;
    a.end.volume = reel_get_le32(c);
    (void)reel_get_le32(c);
    a.end.sequence = reel_get_le64(c);
    a.end.address  = reel_get_le64(c);
    a.created.s    = reel_get_le64s(c);
    a.created.ns   = reel_get_le32(c);
    name_bytes     = reel_get_le16(c);
    (void)reel_get_le16(c);
    a.objects      = reel_get_le64(c);
    a.stream_bytes = reel_get_le64(c);
    reel_get_copy(c, a.fingerprint, sizeof(a.fingerprint));
    a.name = reel_get_bytes(c, name_bytes);
    REEL_TRY(reel_record_exact(c, "EARLIER ARCHIVE", err));
    REEL_TRY(check_archive(&a, state, &start, err));
    *out = a;
    return REEL_OK;
}

enum reel_status
reel_earlier_archive_encode(const struct reel_earlier_archive *a,
                            struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere    = reel_cursor_init(NULL, 0, NULL);
    const uint32_t state                = a->complete ? 1 : 0;
    const struct reel_bytes fingerprint = {a->fingerprint, REEL_DIGEST_BYTES};
    size_t mark;

    REEL_TRY(check_archive(a, state, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_EARLIER_ARCHIVE, 0);
    reel_put_le32(b, a->archive);
    reel_put_le32(b, state);
    reel_put_le32(b, a->end.volume);
    reel_put_le32(b, 0);
    reel_put_le64(b, a->end.sequence);
    reel_put_le64(b, a->end.address);
    reel_put_le64s(b, a->created.s);
    reel_put_le32(b, a->created.ns);
    reel_put_le16(b, (uint16_t)a->name.len);
    reel_put_le16(b, 0);
    reel_put_le64(b, a->objects);
    reel_put_le64(b, a->stream_bytes);
    reel_put_bytes(b, fingerprint);
    reel_put_bytes(b, a->name);
    reel_record_close(b, mark);
    return reel_record_fits(b, "EARLIER ARCHIVE", err);
}
