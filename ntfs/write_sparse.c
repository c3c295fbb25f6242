/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attribute record of what is sparse: eight octets longer than
   others, but for those of what is compressed. */
#include "write_sparse.h"

#include <stddef.h>
#include <string.h>

/* Where the field that only such records have stands; its octets. */
#define FIELD_OFFSET offsetof(ATTR_RECORD, compressed_size)
#define FIELD_BYTES 8U

/* Make room for the field. Pre: the record is not resident, and the first of
   its attribute. */
static bool
widen(const ntfs_attr_search_ctx *ctx)
{
    ATTR_RECORD *const a = ctx->attr;
    uint8_t *const field = (uint8_t *)a + FIELD_OFFSET;
    const u32 len        = le32_to_cpu(a->length);

    if (ntfs_attr_record_resize(ctx->mrec, a, len + FIELD_BYTES) != 0)
        return false;
    memmove(field + FIELD_BYTES, field, len - FIELD_OFFSET);
    a->name_offset =
        cpu_to_le16((u16)(le16_to_cpu(a->name_offset) + FIELD_BYTES));
    a->mapping_pairs_offset =
        cpu_to_le16((u16)(le16_to_cpu(a->mapping_pairs_offset) + FIELD_BYTES));
    return true;
}

static bool
mark(ntfs_attr *na, const ntfs_attr_search_ctx *ctx)
{
    ATTR_RECORD *const a = ctx->attr;

    if (!a->non_resident)
        return false;
    if ((a->flags & ATTR_COMPRESSION_MASK) == 0) {
        if (!widen(ctx))
            return false;
        a->compressed_size  = a->allocated_size;
        a->compression_unit = STANDARD_COMPRESSION_UNIT; /* as Windows does */
    }
    a->flags |= ATTR_IS_SPARSE;
    if (na->name_len == 0) {
        na->ni->flags |= FILE_ATTR_SPARSE_FILE;
        NInoFileNameSetDirty(na->ni);
    }
    ntfs_inode_mark_dirty(na->ni);
    ntfs_inode_mark_dirty(ctx->ntfs_ino);
    return true;
}

bool
rn_sparse_mark(ntfs_attr *na)
{
    ntfs_attr_search_ctx *ctx;
    bool marked;

    if ((na->data_flags & ATTR_IS_SPARSE) != 0)
        return true;
    if (!NAttrNonResident(na) &&
        ((na->data_flags & ATTR_COMPRESSION_MASK) != 0 ||
         ntfs_attr_force_non_resident(na) != 0))
        return false;
    ctx = ntfs_attr_get_search_ctx(na->ni, NULL);
    if (ctx == NULL)
        return false;
    marked = ntfs_attr_lookup(AT_DATA, na->name, na->name_len, CASE_SENSITIVE,
                              0, NULL, 0, ctx) == 0 &&
             mark(na, ctx);
    ntfs_attr_put_search_ctx(ctx);
    return marked;
}
