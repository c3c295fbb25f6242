/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 7.3 on NTFS: content, with its holes. */
#include "write_content.h"

#include <string.h>

#include <ntfs-3g/attrib.h>

#include "reel/alloc.h"
#include "units.h"
#include "write_sparse.h"

#define NAME_UNITS_MAX 255U

static const uint8_t type_suffix[] = {':', 0, '$', 0, 'D', 0,
                                      'A', 0, 'T', 0, 'A', 0};

static enum reel_status
unsupported(struct reel_err *err, const char *why)
{
    return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL, "%s", why);
}

/* ":name:$DATA" to name; *len in units. */
static enum reel_status
stream_name(const struct reel_stream_header *h, ntfschar *out, size_t *len,
            struct reel_err *err)
{
    struct reel_bytes name = h->name;
    const size_t suffix    = sizeof(type_suffix);

    *len = 0;
    if (h->id == REEL_STREAM_DATA)
        return REEL_OK;
    if (name.len < 4 || name.len % 2 != 0 || rn_unit(name, 0) != ':')
        return unsupported(err, "its name is not of the form :name:$DATA");
    name.data += 2;
    name.len -= 2;
    if (name.len >= suffix &&
        memcmp(name.data + name.len - suffix, type_suffix, suffix) == 0)
        name.len -= suffix;
    if (name.len == 0 || name.len / 2 > NAME_UNITS_MAX)
        return unsupported(err, "its name has no or more than 255 units");
    for (; *len < name.len / 2; (*len)++) {
        const uint16_t unit = rn_unit(name, *len);

        if (unit == 0 || unit == ':' || unit == '/' || unit == '\\')
            return unsupported(err, "its name cannot be one of a stream");
        out[*len] = cpu_to_le16(unit);
    }
    return REEL_OK;
}

static enum reel_status
add_stream(struct rn_target *t, ntfs_inode *ni, ntfschar *name, size_t len,
           struct reel_err *err)
{
    if (ntfs_attr_exist(ni, AT_DATA, name, (u32)len))
        return unsupported(err, "the object has one of that name already");
    REEL_TRY(rn_target_room(t, 0, err));
    if (ntfs_attr_add(ni, AT_DATA, name, (u8)len, NULL, 0) != 0)
        return rn_fail_errno(err, "a named stream cannot be made");
    return REEL_OK;
}

static enum reel_status
open_attr(struct rn_content *c, ntfs_inode *ni, ntfschar *name, size_t len,
          struct reel_err *err)
{
    *c    = (struct rn_content){0};
    c->na = ntfs_attr_open(ni, AT_DATA, len == 0 ? AT_UNNAMED : name, (u32)len);
    if (c->na == NULL)
        return rn_fail_errno(err, "its content cannot be opened");
    return REEL_OK;
}

enum reel_status
rn_content_open(struct rn_content *c, struct rn_target *t, ntfs_inode *ni,
                const struct reel_stream_header *h, struct reel_err *err)
{
    ntfschar name[NAME_UNITS_MAX];
    size_t len;

    REEL_TRY(stream_name(h, name, &len, err));
    if (len == 0 && rn_inode_is_directory(ni))
        return unsupported(err, "a directory has no content");
    if (len > 0)
        REEL_TRY(add_stream(t, ni, name, len, err));
    REEL_TRY(open_attr(c, ni, name, len, err));
    c->sparse = (h->attributes & REEL_STREAM_SPARSE) != 0;
    return REEL_OK;
}

static bool
is_compressed(const ntfs_attr *na)
{
    return (na->data_flags & ATTR_COMPRESSION_MASK) != 0;
}

enum reel_status
rn_content_put(struct rn_content *c, const struct rn_target *t, uint64_t at,
               struct reel_bytes octets, struct reel_err *err)
{
    if (at < c->end || at > INT64_MAX || octets.len > INT64_MAX - at)
        return reel_fail(err, REEL_E_INVALID, NULL, "S-8",
                         "content at %llu, behind %llu", (unsigned long long)at,
                         (unsigned long long)c->end);
    REEL_TRY(rn_target_room(t, octets.len, err));
    /* a hole in front: said before, so that it stays one; compression does
       that by itself */
    if (!is_compressed(c->na) && at > (uint64_t)c->na->data_size &&
        ntfs_attr_truncate(c->na, (s64)at) != 0)
        return rn_fail_errno(err, "a hole cannot be made");
    if (ntfs_attr_pwrite(c->na, (s64)at, (s64)octets.len, octets.data) !=
        (s64)octets.len)
        return rn_fail_errno(err, "its content cannot be written");
    c->end  = at + octets.len;
    c->size = c->end;
    return REEL_OK;
}

enum reel_status
rn_content_end_at(struct rn_content *c, uint64_t size, struct reel_err *err)
{
    if (size < c->end || size > INT64_MAX)
        return reel_fail(err, REEL_E_INVALID, NULL, "S-8",
                         "the content ends before %llu",
                         (unsigned long long)c->end);
    c->size = size;
    return REEL_OK;
}

/* libntfs-3g lengthens what is compressed by whole units only: a zero as the
   last octet makes the size exact. */
static int
lengthen(ntfs_attr *na, uint64_t size)
{
    static const uint8_t zero;

    if (!is_compressed(na))
        return ntfs_attr_truncate(na, (s64)size);
    return ntfs_attr_pwrite(na, (s64)size - 1, 1, &zero) == 1 ? 0 : -1;
}

static enum reel_status
finish(struct rn_content *c, const struct rn_target *t, struct reel_err *err)
{
    ntfs_attr *na = c->na;

    if (c->size > (uint64_t)na->data_size) {
        REEL_TRY(rn_target_room(t, 0, err));
        if (lengthen(na, c->size) != 0)
            return rn_fail_errno(err, "its size cannot be set");
    }
    if (is_compressed(na) && ntfs_attr_pclose(na) != 0)
        return rn_fail_errno(err, "its content cannot be compressed");
    if (c->sparse) {
        REEL_TRY(rn_target_room(t, 0, err));
        c->unmarked = !rn_sparse_mark(na);
    }
    return REEL_OK;
}

enum reel_status
rn_content_close(struct rn_content *c, const struct rn_target *t,
                 struct reel_err *err)
{
    enum reel_status status;
    bool unmarked;

    if (c->na == NULL)
        return REEL_OK;
    status   = finish(c, t, err);
    unmarked = c->unmarked;
    rn_content_abandon(c);
    c->unmarked = unmarked;
    return status;
}

void
rn_content_abandon(struct rn_content *c)
{
    if (c->na != NULL)
        ntfs_attr_close(c->na);
    *c = (struct rn_content){0};
}

/* Copying */

#define COPY_BYTES 65536U

/* The end of what is one run, hole or not, from `at`; <= size. */
static uint64_t
run_end(ntfs_attr *na, uint64_t at, bool *hole)
{
    const uint8_t bits        = na->ni->vol->cluster_size_bits;
    const uint64_t size       = (uint64_t)na->data_size;
    const runlist_element *rl = NULL;
    uint64_t end;

    *hole = false;
    if (NAttrNonResident(na) && (na->data_flags & ATTR_COMPRESSION_MASK) == 0)
        rl = ntfs_attr_find_vcn(na, (VCN)(at >> bits));
    if (rl == NULL)
        return size;
    *hole = rl->lcn == LCN_HOLE;
    end   = (uint64_t)(rl->vcn + rl->length) << bits;
    return end < size ? end : size;
}

static enum reel_status
copy_octets(struct rn_content *c, const struct rn_target *t, ntfs_attr *from,
            uint8_t *buf, uint64_t at, uint64_t end, struct reel_err *err)
{
    while (at < end) {
        const size_t n =
            end - at < COPY_BYTES ? (size_t)(end - at) : COPY_BYTES;

        if (ntfs_attr_pread(from, (s64)at, (s64)n, buf) != (s64)n)
            return rn_fail_errno(err, "content cannot be read");
        REEL_TRY(rn_content_put(
            c, t, at, (struct reel_bytes){.data = buf, .len = n}, err));
        at += n;
    }
    return REEL_OK;
}

static enum reel_status
copy_runs(struct rn_content *c, const struct rn_target *t, ntfs_attr *from,
          uint8_t *buf, struct reel_err *err)
{
    const uint64_t size = (uint64_t)from->data_size;
    uint64_t at         = 0;

    while (at < size) {
        bool hole;
        const uint64_t end = run_end(from, at, &hole);

        if (!hole)
            REEL_TRY(copy_octets(c, t, from, buf, at, end, err));
        at = end;
    }
    return rn_content_end_at(c, size, err);
}

static enum reel_status
copy_stream(const struct rn_target *t, ntfs_attr *from, ntfs_inode *to,
            uint8_t *buf, struct reel_err *err)
{
    struct rn_content c;
    enum reel_status status;

    if (from->name_len > 0 &&
        ntfs_attr_exist(to, AT_DATA, from->name, from->name_len) &&
        ntfs_attr_remove(to, AT_DATA, from->name, from->name_len) != 0)
        return rn_fail_errno(err, "a named stream cannot be replaced");
    if (from->name_len > 0 && ntfs_attr_add(to, AT_DATA, from->name,
                                            (u8)from->name_len, NULL, 0) != 0)
        return rn_fail_errno(err, "a named stream cannot be made");
    REEL_TRY(open_attr(&c, to, from->name, from->name_len, err));
    c.sparse = (from->data_flags & ATTR_IS_SPARSE) != 0;
    status   = copy_runs(&c, t, from, buf, err);
    if (status == REEL_OK)
        return rn_content_close(&c, t, err);
    rn_content_abandon(&c);
    return status;
}

/* The `skip`th DATA attribute; *out NULL behind the last. */
static enum reel_status
open_nth(ntfs_inode *ni, unsigned skip, ntfs_attr **out, struct reel_err *err)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    ntfschar name[NAME_UNITS_MAX];
    size_t len = 0;
    bool found = false;

    *out = NULL;
    if (ctx == NULL)
        return rn_fail_errno(err, "its streams cannot be looked at");
    while (!found && ntfs_attr_lookup(AT_DATA, NULL, 0, CASE_SENSITIVE, 0, NULL,
                                      0, ctx) == 0) {
        const uint8_t *a = (const uint8_t *)ctx->attr;

        if (ctx->attr->non_resident != 0 && ctx->attr->lowest_vcn != 0)
            continue; /* goes on from another record */
        if (skip-- > 0)
            continue;
        found = true;
        len   = ctx->attr->name_length;
        memcpy(name, a + le16_to_cpu(ctx->attr->name_offset),
               len * sizeof(name[0]));
    }
    ntfs_attr_put_search_ctx(ctx);
    if (!found)
        return REEL_OK;
    *out = ntfs_attr_open(ni, AT_DATA, len == 0 ? AT_UNNAMED : name, (u32)len);
    if (*out == NULL)
        return rn_fail_errno(err, "its content cannot be opened");
    return REEL_OK;
}

enum reel_status
rn_content_copy(const struct rn_target *t, ntfs_inode *from, ntfs_inode *to,
                bool unnamed, struct reel_err *err)
{
    uint8_t *buf            = reel_alloc_array(COPY_BYTES, 1);
    enum reel_status status = REEL_OK;
    ntfs_attr *na;

    if (buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory to copy");
    for (unsigned i = 0; status == REEL_OK; i++) {
        status = open_nth(from, i, &na, err);
        if (status != REEL_OK || na == NULL)
            break;
        if (na->name_len > 0 || unnamed)
            status = copy_stream(t, na, to, buf, err);
        ntfs_attr_close(na);
    }
    reel_free(buf);
    return status;
}

/* Comparing */

static enum reel_status
compare(ntfs_attr *a, ntfs_attr *b, uint8_t *buf, bool *same,
        struct reel_err *err)
{
    *same = a->data_size == b->data_size;
    for (s64 at = 0; *same && at < a->data_size; at += COPY_BYTES) {
        const s64 left = a->data_size - at;
        const s64 n    = left < (s64)COPY_BYTES ? left : (s64)COPY_BYTES;

        if (ntfs_attr_pread(a, at, n, buf) != n ||
            ntfs_attr_pread(b, at, n, buf + COPY_BYTES) != n)
            return rn_fail_errno(err, "content cannot be read");
        *same = memcmp(buf, buf + COPY_BYTES, (size_t)n) == 0;
    }
    return REEL_OK;
}

enum reel_status
rn_content_same(ntfs_inode *a, ntfs_inode *b, bool *same, struct reel_err *err)
{
    ntfs_attr *x            = ntfs_attr_open(a, AT_DATA, AT_UNNAMED, 0);
    ntfs_attr *y            = ntfs_attr_open(b, AT_DATA, AT_UNNAMED, 0);
    uint8_t *buf            = reel_alloc_array(COPY_BYTES, 2);
    enum reel_status status = REEL_OK;

    *same = false;
    if (buf == NULL)
        status =
            reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory to compare");
    else if (x != NULL && y != NULL)
        status = compare(x, y, buf, same, err);
    if (x != NULL)
        ntfs_attr_close(x);
    if (y != NULL)
        ntfs_attr_close(y);
    reel_free(buf);
    return status;
}
