/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1, OBJECT; records layer. */
#include <string.h>

#include "reel/object.h"

#define NAME_BYTES_MAX 255U
#define SHORT_NAME_BYTES_MAX 24U

static bool
time_zero(const struct reel_time *t)
{
    return t->s == 0 && t->ns == 0;
}

/* O-4: a fact that is not known is zero. */
static bool
unknown_is_zero(const struct reel_object *o)
{
    if (!(o->facts & REEL_FACT_POSIX) && (o->mode || o->uid || o->gid))
        return false;
    if (!(o->facts & REEL_FACT_ATTRIBUTES) && o->attributes)
        return false;
    if (!(o->facts & REEL_FACT_DEVICE) && (o->major || o->minor))
        return false;
    if (!(o->facts & REEL_FACT_FILE_ID) &&
        (o->file_system || !reel_bytes_zero(o->file_id, sizeof(o->file_id))))
        return false;
    return ((o->facts & REEL_FACT_BIRTH) || time_zero(&o->birth)) &&
           ((o->facts & REEL_FACT_MODIFIED) || time_zero(&o->modified)) &&
           ((o->facts & REEL_FACT_ACCESSED) || time_zero(&o->accessed)) &&
           ((o->facts & REEL_FACT_CHANGED) || time_zero(&o->changed));
}

static bool
times_legal(const struct reel_object *o)
{
    return o->birth.ns <= REEL_TIME_NS_MAX &&
           o->modified.ns <= REEL_TIME_NS_MAX &&
           o->accessed.ns <= REEL_TIME_NS_MAX &&
           o->changed.ns <= REEL_TIME_NS_MAX;
}

static bool
name_legal(struct reel_bytes name)
{
    return name.len <= NAME_BYTES_MAX &&
           (name.len == 0 || memchr(name.data, 0, name.len) == NULL);
}

static enum reel_status
check_times(const struct reel_object *o, const struct reel_cursor *at,
            struct reel_err *err)
{
    if (times_legal(o))
        return REEL_OK;
    return reel_fail_at(err, REEL_E_INVALID, at, "C-4",
                        "nanoseconds of a time are not below 10^9");
}

/* O-1 to O-4: one field each. */
static enum reel_status
check_ranges(const struct reel_object *o, const struct reel_cursor *at,
             struct reel_err *err)
{
    if (o->kind < REEL_KIND_FILE || o->kind > REEL_KIND_LINK)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-1",
                            "kind %u is not in 1 ... 8", o->kind);
    if (o->encoding != REEL_ENCODING_POSIX &&
        o->encoding != REEL_ENCODING_UTF16)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-2",
                            "encoding %u is not 1 or 2", o->encoding);
    if (o->facts & ~REEL_FACTS_KNOWN)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-3",
                            "facts 0x%04X have unknown bits", o->facts);
    if (o->size > INT64_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-6",
                            "size %llu is not less than 2^63",
                            (unsigned long long)o->size);
    if (!name_legal(o->user) || !name_legal(o->group))
        return reel_fail_at(err, REEL_E_INVALID, at, "O-9",
                            "name of user or group holds a zero or is longer "
                            "than 255");
    if (o->short_name.len > SHORT_NAME_BYTES_MAX || o->short_name.len % 2 != 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-10",
                            "short name of %zu octets", o->short_name.len);
    return reel_path_check(o->path, o->encoding, at, err);
}

/* Where two fields must agree. */
static enum reel_status
check_relations(const struct reel_object *o, const struct reel_cursor *at,
                struct reel_err *err)
{
    if (!unknown_is_zero(o))
        return reel_fail_at(err, REEL_E_INVALID, at, "O-4",
                            "a field whose bit in facts 0x%04X is not set is "
                            "not zero",
                            o->facts);
    if (o->size != 0 && o->kind != REEL_KIND_FILE && o->kind != REEL_KIND_LINK)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-5",
                            "size %llu with kind %u",
                            (unsigned long long)o->size, o->kind);
    if ((o->target == 0) != (o->kind != REEL_KIND_LINK))
        return reel_fail_at(err, REEL_E_INVALID, at, "O-7",
                            "target %llu with kind %u",
                            (unsigned long long)o->target, o->kind);
    if ((o->facts & REEL_FACT_OUTSIDE) && o->kind != REEL_KIND_LINK)
        return reel_fail_at(err, REEL_E_INVALID, at, "O-8",
                            "outside with kind %u", o->kind);
    if (o->path.len == 0 && o->kind != REEL_KIND_DIRECTORY)
        return reel_fail_at(err, REEL_E_INVALID, at, "N-4",
                            "empty path with kind %u", o->kind);
    return REEL_OK;
}

static void
get_times(struct reel_object *o, struct reel_cursor *c)
{
    o->birth.s     = reel_get_le64s(c);
    o->modified.s  = reel_get_le64s(c);
    o->accessed.s  = reel_get_le64s(c);
    o->changed.s   = reel_get_le64s(c);
    o->birth.ns    = reel_get_le32(c);
    o->modified.ns = reel_get_le32(c);
    o->accessed.ns = reel_get_le32(c);
    o->changed.ns  = reel_get_le32(c);
}

static void
put_times(const struct reel_object *o, struct reel_builder *b)
{
    reel_put_le64s(b, o->birth.s);
    reel_put_le64s(b, o->modified.s);
    reel_put_le64s(b, o->accessed.s);
    reel_put_le64s(b, o->changed.s);
    reel_put_le32(b, o->birth.ns);
    reel_put_le32(b, o->modified.ns);
    reel_put_le32(b, o->accessed.ns);
    reel_put_le32(b, o->changed.ns);
}

static void
get_fields(struct reel_object *o, struct reel_cursor *c)
{
    uint16_t path_bytes;
    uint16_t user_bytes;
    uint16_t group_bytes;
    uint16_t short_bytes;

    o->kind       = reel_get_u8(c);
    o->encoding   = reel_get_u8(c);
    o->facts      = reel_get_le16(c);
    o->attributes = reel_get_le32(c);
    o->size       = reel_get_le64(c);
    o->target     = reel_get_le64(c);
    o->link_count = reel_get_le32(c);
    o->mode       = reel_get_le32(c);
    o->uid        = reel_get_le32(c);
    o->gid        = reel_get_le32(c);
    o->major      = reel_get_le32(c);
    o->minor      = reel_get_le32(c);
    get_times(o, c);
    o->file_system = reel_get_le64(c);
    reel_get_copy(c, o->file_id, sizeof(o->file_id));
    path_bytes    = reel_get_le16(c);
    user_bytes    = reel_get_le16(c);
    group_bytes   = reel_get_le16(c);
    short_bytes   = reel_get_le16(c);
    o->path       = reel_get_bytes(c, path_bytes);
    o->user       = reel_get_bytes(c, user_bytes);
    o->group      = reel_get_bytes(c, group_bytes);
    o->short_name = reel_get_bytes(c, short_bytes);
}

static void
put_fields(const struct reel_object *o, struct reel_builder *b)
{
    const struct reel_bytes file_id = {o->file_id, sizeof(o->file_id)};

    reel_put_u8(b, o->kind);
    reel_put_u8(b, o->encoding);
    reel_put_le16(b, o->facts);
    reel_put_le32(b, o->attributes);
    reel_put_le64(b, o->size);
    reel_put_le64(b, o->target);
    reel_put_le32(b, o->link_count);
    reel_put_le32(b, o->mode);
    reel_put_le32(b, o->uid);
    reel_put_le32(b, o->gid);
    reel_put_le32(b, o->major);
    reel_put_le32(b, o->minor);
    put_times(o, b);
    reel_put_le64(b, o->file_system);
    reel_put_bytes(b, file_id);
    reel_put_le16(b, (uint16_t)o->path.len);
    reel_put_le16(b, (uint16_t)o->user.len);
    reel_put_le16(b, (uint16_t)o->group.len);
    reel_put_le16(b, (uint16_t)o->short_name.len);
    reel_put_bytes(b, o->path);
    reel_put_bytes(b, o->user);
    reel_put_bytes(b, o->group);
    reel_put_bytes(b, o->short_name);
}

static void
bound_time(struct reel_time *t)
{
    if (t->ns > REEL_TIME_NS_MAX)
        t->ns = REEL_TIME_NS_MAX;
}

/* Everything but C-4 is judged. */
static enum reel_status
decode(struct reel_object *out, struct reel_cursor *c, struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    get_fields(&o, c);
    REEL_TRY(reel_record_exact(c, "OBJECT", err));
    REEL_TRY(check_ranges(&o, &start, err));
    REEL_TRY(check_relations(&o, &start, err));
    *out = o;
    return REEL_OK;
}

enum reel_status
reel_object_decode(struct reel_object *out, struct reel_cursor *c,
                   struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_object o;

    REEL_TRY(decode(&o, c, err));
    REEL_TRY(check_times(&o, &start, err));
    *out = o;
    return REEL_OK;
}

enum reel_status
reel_object_accept(struct reel_object *out, struct reel_cursor *c,
                   struct reel_err *told, struct reel_err *err)
{
    const struct reel_cursor start = *c;

    REEL_TRY(decode(out, c, err));
    if (told != NULL)
        told->status = REEL_OK;
    if (times_legal(out))
        return REEL_OK;
    (void)check_times(out, &start, told);
    bound_time(&out->birth);
    bound_time(&out->modified);
    bound_time(&out->accessed);
    bound_time(&out->changed);
    return REEL_OK;
}

enum reel_status
reel_object_encode(const struct reel_object *o, uint64_t number,
                   struct reel_builder *b, struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    size_t mark;

    REEL_TRY(check_ranges(o, &nowhere, err));
    REEL_TRY(check_times(o, &nowhere, err));
    REEL_TRY(check_relations(o, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_OBJECT, number);
    put_fields(o, b);
    reel_record_close(b, mark);
    return reel_record_fits(b, "OBJECT", err);
}

const char *
reel_object_kind_name(uint8_t kind)
{
    static const char *const names[] = {
        "unknown",          "file",         "directory",
        "symlink",          "fifo",         "socket",
        "character device", "block device", "link"};

    return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : names[0];
}
