/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bodies of the streams SECURITY_DATA, EA_DATA, REPARSE_DATA and OBJECT_ID
 * (chapter 7.1), as they are on disk: libntfs-3g's own functions for some of
 * them refuse, or make up, what they do not like.
 */
#include "read_attribute.h"

#include <errno.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/builder.h"
#include "reel/cursor.h"

/* The second copy of a descriptor stands so far behind the first. */
#define SECOND_COPY 0x40000

static enum reel_status
no_memory(struct reel_err *err, const char *what)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for the %s",
                     what);
}

static enum reel_status
unreadable(struct reel_err *err, const char *what, const char *why)
{
    return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                     "the %s cannot be read: %s", what, why);
}

static enum reel_status
make(struct rn_blob *out, size_t len, const char *what, struct reel_err *err)
{
    reel_free(out->data);
    out->len  = 0;
    out->data = reel_alloc_array(len, 1);
    return out->data == NULL ? no_memory(err, what) : REEL_OK;
}

static void
empty(struct rn_blob *out)
{
    reel_free(out->data);
    *out = (struct rn_blob){NULL, 0};
}

/* All of an open attribute. */
static enum reel_status
read_open(ntfs_attr *na, size_t most, const char *what, struct rn_blob *out,
          struct reel_err *err)
{
    if (na->data_size < 0 || na->data_size > (s64)most)
        return unreadable(err, what, "it is longer than can be");
    REEL_TRY(make(out, (size_t)na->data_size, what, err));
    if (ntfs_attr_pread(na, 0, na->data_size, out->data) != na->data_size)
        return unreadable(err, what, strerror(errno));
    out->len = (size_t)na->data_size;
    return REEL_OK;
}

static enum reel_status
read_attribute(ntfs_inode *ni, ATTR_TYPES type, size_t most, const char *what,
               struct rn_blob *out, struct reel_err *err)
{
    ntfs_attr *const na = ntfs_attr_open(ni, type, AT_UNNAMED, 0);
    enum reel_status status;

    empty(out);
    if (na == NULL)
        return errno == ENOENT ? REEL_OK
                               : unreadable(err, what, strerror(errno));
    status = read_open(na, most, what, out, err);
    ntfs_attr_close(na);
    return status;
}

/* Where descriptor `id` is in $Secure: its header, as the index has it. */
static bool
find_security(ntfs_volume *vol, le32 id, SECURITY_DESCRIPTOR_HEADER *out)
{
    ntfs_index_context *const index = vol->secure_xsii;
    SII_INDEX_KEY key;
    size_t at;

    if (vol->secure_ni == NULL || index == NULL)
        return false;
    key.security_id = id;
    ntfs_index_ctx_reinit(index);
    if (ntfs_index_lookup(&key, sizeof(key), index) != 0)
        return false;
    at = le16_to_cpu(index->entry->data_offset);
    if (le16_to_cpu(index->entry->data_length) < sizeof(*out) ||
        at + sizeof(*out) > le16_to_cpu(index->entry->length))
        return false;
    memcpy(out, (const u8 *)index->entry + at, sizeof(*out));
    return true;
}

/* One of the two copies of a descriptor, with its header, which must be the
   one that the index has but for its place. */
static bool
read_copy(ntfs_volume *vol, const SECURITY_DESCRIPTOR_HEADER *header,
          s64 distance, struct rn_blob *out)
{
    const size_t len = le32_to_cpu(header->length);
    const s64 at     = (s64)le64_to_cpu(header->offset) + distance;
    SECURITY_DESCRIPTOR_HEADER seen;

    if (ntfs_attr_data_read(vol->secure_ni, STREAM_SDS, 4, (char *)out->data,
                            len, at) != (int)len)
        return false;
    memcpy(&seen, out->data, sizeof(seen));
    return seen.hash == header->hash &&
           seen.security_id == header->security_id &&
           seen.length == header->length;
}

static enum reel_status
read_shared_security(ntfs_inode *ni, struct rn_blob *out, struct reel_err *err)
{
    static const char what[] = "security descriptor";
    SECURITY_DESCRIPTOR_HEADER header;
    size_t len;

    empty(out);
    if (!find_security(ni->vol, ni->security_id, &header))
        return unreadable(err, what, "it is not in the index of $Secure");
    len = le32_to_cpu(header.length);
    if (len <= sizeof(header) || len > RN_SECURITY_BYTES_MAX)
        return unreadable(err, what, "its length cannot be");
    REEL_TRY(make(out, len, what, err));
    if (!read_copy(ni->vol, &header, 0, out) &&
        !read_copy(ni->vol, &header, SECOND_COPY, out)) {
        empty(out);
        return unreadable(err, what, "no copy in $Secure is whole");
    }
    out->len = len - sizeof(header);
    memmove(out->data, out->data + sizeof(header), out->len);
    return REEL_OK;
}

enum reel_status
rn_security_read(ntfs_inode *ni, struct rn_blob *out, struct reel_err *err)
{
    if (test_nino_flag(ni, v3_Extensions) && ni->security_id != 0)
        return read_shared_security(ni, out, err);
    return read_attribute(ni, AT_SECURITY_DESCRIPTOR, RN_SECURITY_BYTES_MAX,
                          "security descriptor", out, err);
}

/* Where the last entry of a list begins; false if it is no list. On disk the
   last entry, too, says where the next would be: at the end. */
static bool
last_ea(struct reel_bytes list, size_t *last)
{
    size_t at = 0;

    for (;;) {
        struct reel_cursor c =
            reel_cursor_init(list.data + at, list.len - at, NULL);
        const uint32_t next = reel_get_le32(&c);
        size_t used;

        (void)reel_get_u8(&c);
        used = 8U + reel_get_u8(&c) + 1U;
        used += reel_get_le16(&c);
        if (!c.ok || used > list.len - at)
            return false;
        *last = at;
        if (next == 0 || next == list.len - at)
            return true;
        if (next < used || next > list.len - at)
            return false;
        at += next;
    }
}

enum reel_status
rn_ea_read(ntfs_inode *ni, struct rn_blob *out, struct reel_err *err)
{
    static const char what[] = "extended attributes";
    struct reel_builder b;
    size_t last;

    REEL_TRY(read_attribute(ni, AT_EA, RN_EA_BYTES_MAX, what, out, err));
    if (out->len == 0)
        return REEL_OK;
    if (!last_ea((struct reel_bytes){out->data, out->len}, &last)) {
        empty(out);
        return unreadable(err, what, "their list is damaged");
    }
    b = reel_builder_init(out->data + last, 4);
    reel_put_le32(&b, 0);
    return REEL_OK;
}

enum reel_status
rn_reparse_read(ntfs_inode *ni, struct rn_blob *out, struct reel_err *err)
{
    return read_attribute(ni, AT_REPARSE_POINT, RN_REPARSE_BYTES_MAX,
                          "reparse point", out, err);
}

enum reel_status
rn_object_id_read(ntfs_inode *ni, struct rn_blob *out, struct reel_err *err)
{
    char octets[RN_OBJECT_ID_BYTES] = {0};
    int got;

    empty(out);
    if (!ntfs_attr_exist(ni, AT_OBJECT_ID, AT_UNNAMED, 0))
        return REEL_OK;
    /* What is not in the attribute comes from an index of the volume. */
    got = ntfs_get_ntfs_object_id(ni, octets, sizeof(octets));
    if (got < 16)
        return unreadable(err, "object id", strerror(errno));
    REEL_TRY(make(out, sizeof(octets), "object id", err));
    memcpy(out->data, octets, sizeof(octets));
    out->len = sizeof(octets);
    return REEL_OK;
}
