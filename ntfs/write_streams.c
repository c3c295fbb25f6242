/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 7.1 on NTFS: everything that is not content. */
#include "write_streams.h"

#include <errno.h>
#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/ea.h>
#include <ntfs-3g/object_id.h>
#include <ntfs-3g/reparse.h>

#include "reel/alloc.h"
#include "reel/cursor.h"
#include "reel/reparse.h"

#define OBJECT_ID_BYTES 64U
#define RECALL_ON_OPEN 0x00040000U

/* How long each may be. A descriptor has two lists of at most 64 KiB. */
static const struct {
    uint32_t id;
    size_t room;
    const char *name;
} kinds[RN_KEPT] = {
    [RN_SECURITY]  = {REEL_STREAM_SECURITY_DATA, 262144, "SECURITY_DATA"},
    [RN_EAS]       = {REEL_STREAM_EA_DATA, 65536, "EA_DATA"},
    [RN_OBJECT_ID] = {REEL_STREAM_OBJECT_ID, OBJECT_ID_BYTES, "OBJECT_ID"},
    [RN_REPARSE]   = {REEL_STREAM_REPARSE_DATA, RN_REPARSE_BYTES_MAX,
                      "REPARSE_DATA"},
};

enum reel_status
rn_streams_init(struct rn_streams *s, struct reel_err *err)
{
    *s = (struct rn_streams){0};
    for (size_t i = 0; i < RN_KEPT; i++) {
        s->kept[i].data = reel_alloc_array(kinds[i].room, 1);
        if (s->kept[i].data == NULL) {
            rn_streams_fini(s);
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for streams");
        }
    }
    return REEL_OK;
}

void
rn_streams_fini(struct rn_streams *s)
{
    for (size_t i = 0; i < RN_KEPT; i++) {
        reel_free(s->kept[i].data);
        s->kept[i] = (struct rn_kept_stream){0};
    }
}

void
rn_streams_clear(struct rn_streams *s)
{
    for (size_t i = 0; i < RN_KEPT; i++)
        s->kept[i].present = false;
}

enum rn_kept
rn_streams_kind(uint32_t id)
{
    for (size_t i = 0; i < RN_KEPT; i++)
        if (kinds[i].id == id)
            return (enum rn_kept)i;
    return RN_KEPT;
}

enum reel_status
rn_streams_begin(struct rn_streams *s, enum rn_kept kind, uint64_t size,
                 struct reel_err *err)
{
    if (s->kept[kind].present)
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                         "the object has a stream %s already",
                         kinds[kind].name);
    if (size > kinds[kind].room)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "%s is longer than the %zu octets NTFS takes",
                         kinds[kind].name, kinds[kind].room);
    s->kept[kind].present = true;
    s->kept[kind].len     = (size_t)size;
    return REEL_OK;
}

void
rn_streams_put(struct rn_streams *s, enum rn_kept kind, uint64_t at,
               struct reel_bytes octets)
{
    struct rn_kept_stream *k = &s->kept[kind];

    if (at > k->len || octets.len > k->len - (size_t)at)
        return;
    memcpy(k->data + at, octets.data, octets.len);
}

/* Putting */

static enum reel_status
put_attribute(ntfs_inode *ni, ATTR_TYPES type, const struct rn_kept_stream *k,
              struct reel_err *err)
{
    ntfs_attr *na;
    bool well;

    if (!ntfs_attr_exist(ni, type, AT_UNNAMED, 0)) {
        if (ntfs_attr_add(ni, type, AT_UNNAMED, 0, k->data, (s64)k->len) != 0)
            return rn_fail_errno(err, "an attribute cannot be made");
        return REEL_OK;
    }
    na = ntfs_attr_open(ni, type, AT_UNNAMED, 0);
    if (na == NULL)
        return rn_fail_errno(err, "an attribute cannot be opened");
    well = ntfs_attr_truncate(na, (s64)k->len) == 0 &&
           ntfs_attr_pwrite(na, 0, (s64)k->len, k->data) == (s64)k->len;
    if (!well)
        (void)rn_fail_errno(err, "an attribute cannot be written");
    ntfs_attr_close(na);
    return well ? REEL_OK : err->status;
}

/*
 * Most descriptors are shared, in $Secure. libntfs-3g puts only those there
 * that have an owner and a group; NTFS allows each file its own too.
 */
static enum reel_status
put_security(const struct rn_kept_stream *k, struct rn_target *t,
             ntfs_inode *ni, struct reel_err *err)
{
    const void *data = k->data;

    if (ntfs_set_ntfs_acl(&t->security, ni, data, k->len, 0) == 0)
        return REEL_OK;
    if (errno != EINVAL || k->len < 20)
        return rn_fail_errno(err, "SECURITY_DATA is not put back");
    ni->security_id = const_cpu_to_le32(0);
    return put_attribute(ni, AT_SECURITY_DESCRIPTOR, k, err);
}

/* EAs as BackupRead gives them to how they stand on disk, where the last says
   how long it is, too, and each is filled up to four octets. */
static enum reel_status
eas_for_disk(const struct rn_kept_stream *k, uint8_t *out, size_t room,
             size_t *len, struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(out, room);
    size_t at             = 0;

    for (;;) {
        struct reel_cursor c =
            reel_cursor_init(k->data + at, k->len - at, NULL);
        const uint32_t next   = reel_get_le32(&c);
        const uint8_t flags   = reel_get_u8(&c);
        const uint8_t name    = reel_get_u8(&c);
        const uint16_t value  = reel_get_le16(&c);
        const size_t body     = 8U + name + 1U + value;
        const size_t filled   = (body + 3U) & ~(size_t)3U;
        struct reel_bytes all = reel_get_bytes(&c, (size_t)name + 1U + value);

        if (!c.ok || name == 0 || all.data[name] != 0 ||
            (next != 0 && (next < body || next % 4 != 0 || next > k->len - at)))
            return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                             "EA_DATA is not well formed");
        reel_put_le32(&b, (uint32_t)filled);
        reel_put_u8(&b, flags);
        reel_put_u8(&b, name);
        reel_put_le16(&b, value);
        reel_put_bytes(&b, all);
        reel_put_zeros(&b, filled - body);
        if (next == 0)
            break;
        at += next;
    }
    *len = b.len;
    return b.ok ? REEL_OK
                : reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                            "EA_DATA is longer than NTFS takes");
}

static enum reel_status
put_eas(const struct rn_kept_stream *k, ntfs_inode *ni, struct reel_err *err)
{
    const size_t room = kinds[RN_EAS].room;
    uint8_t *disk     = reel_alloc_array(room, 1);
    size_t len        = 0;
    enum reel_status status;

    if (disk == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for EAs");
    status = eas_for_disk(k, disk, room, &len, err);
    if (status == REEL_OK &&
        ntfs_set_ntfs_ea(ni, (const char *)disk, len, 0) != 0)
        status = rn_fail_errno(err, "EA_DATA is not put back");
    reel_free(disk);
    return status;
}

static enum reel_status
put_object_id(const struct rn_kept_stream *k, ntfs_inode *ni,
              struct reel_err *err)
{
    if (k->len != OBJECT_ID_BYTES)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "OBJECT_ID has %zu octets, not 64", k->len);
    if (ntfs_set_ntfs_object_id(ni, (const char *)k->data, k->len, 0) == 0)
        return REEL_OK;
    if (errno == EEXIST)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "another object of the volume has its object id");
    return rn_fail_errno(err, "OBJECT_ID is not put back");
}

static enum reel_status
put_reparse(const struct rn_kept_stream *k, ntfs_inode *ni,
            struct reel_err *err)
{
    const le32 before = ni->flags;

    /* those of WSL are refused without this attribute */
    ni->flags |= const_cpu_to_le32(RECALL_ON_OPEN);
    if (ntfs_set_ntfs_reparse_data(ni, (const char *)k->data, k->len, 0) != 0) {
        ni->flags = before;
        return rn_fail_errno(err, "REPARSE_DATA is not put back");
    }
    ni->flags = before | FILE_ATTR_REPARSE_POINT;
    return REEL_OK;
}

static enum reel_status
put_one(const struct rn_streams *s, enum rn_kept kind, struct rn_target *t,
        ntfs_inode *ni, struct reel_err *err)
{
    const struct rn_kept_stream *k = &s->kept[kind];

    REEL_TRY(rn_target_room(t, k->len, err));
    switch (kind) {
    case RN_SECURITY:
        return put_security(k, t, ni, err);
    case RN_EAS:
        return k->len == 0 ? REEL_OK : put_eas(k, ni, err);
    case RN_OBJECT_ID:
        return put_object_id(k, ni, err);
    case RN_REPARSE:
        return put_reparse(k, ni, err);
    case RN_KEPT:
        break;
    }
    return REEL_OK;
}

enum reel_status
rn_streams_apply(const struct rn_streams *s, struct rn_target *t,
                 ntfs_inode *ni, const struct rn_subject *about,
                 struct reel_err *err)
{
    for (size_t i = 0; i < RN_KEPT; i++) {
        const enum rn_kept kind = (enum rn_kept)i;
        enum reel_status status;

        if (!s->kept[i].present)
            continue;
        status = put_one(s, kind, t, ni, err);
        if (status == REEL_OK)
            continue;
        if (status == REEL_E_FULL || status == REEL_E_MEMORY ||
            (kind == RN_REPARSE && !rn_inode_is_directory(ni)))
            return status;
        rn_report_err(&t->report, about,
                      kind == RN_OBJECT_ID ? REEL_NOTE_INFO : REEL_NOTE_SKIPPED,
                      err);
    }
    return REEL_OK;
}

/* Reading */

/* ENODATA and the like: it has none. `got` is as libntfs-3g returns it. */
static void
take(struct rn_kept_stream *k, int got, size_t room)
{
    k->present = got > 0 && (size_t)got <= room;
    k->len     = k->present ? (size_t)got : 0;
}

/* As on disk: the last entry says how long it is. */
static void
eas_from_disk(struct rn_kept_stream *k)
{
    size_t at = 0;

    while (k->len - at >= 8) {
        struct reel_cursor c = reel_cursor_init(k->data + at, 4, NULL);
        const uint32_t next  = reel_get_le32(&c);

        if (next == 0 || next >= k->len - at) {
            memset(k->data + at, 0, 4);
            return;
        }
        at += next;
    }
}

enum reel_status
rn_streams_read(struct rn_streams *s, struct rn_target *t, ntfs_inode *ni,
                struct reel_err *err)
{
    struct rn_kept_stream *k = s->kept;
    size_t room              = kinds[RN_SECURITY].room;

    (void)err;
    rn_streams_clear(s);
    take(&k[RN_SECURITY],
         ntfs_get_ntfs_acl(&t->security, ni, (char *)k[RN_SECURITY].data, room),
         room);
    room = kinds[RN_EAS].room;
    take(&k[RN_EAS], ntfs_get_ntfs_ea(ni, (char *)k[RN_EAS].data, room), room);
    if (k[RN_EAS].present)
        eas_from_disk(&k[RN_EAS]);
    room = kinds[RN_REPARSE].room;
    take(&k[RN_REPARSE],
         ntfs_get_ntfs_reparse_data(ni, (char *)k[RN_REPARSE].data, room),
         room);
    return REEL_OK;
}
