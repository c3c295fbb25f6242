/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chapter 6.1 for a file on NTFS. */
#include "read_facts.h"

#include "read_extent.h"
#include "reel/cursor.h"
#include "reel/reparse.h"

#define TICKS_PER_SECOND 10000000
#define SECONDS_1601_TO_1970 11644473600

/* Attributes that only NTFS itself sees, for directories and indexes. */
#define ATTRIBUTES_INSIDE 0x30000000U
#define ATTRIBUTE_DIRECTORY 0x00000010U
#define ATTRIBUTE_NORMAL 0x00000080U
#define TAG_SYMLINK 0xA000000CU

uint64_t
rn_reference(const ntfs_inode *ni)
{
    return MK_MREF(ni->mft_no, le16_to_cpu(ni->mrec->sequence_number));
}

bool
rn_is_directory(const ntfs_inode *ni)
{
    return (ni->mrec->flags & MFT_RECORD_IS_DIRECTORY) != 0;
}

static struct reel_time
time_of(ntfs_time t)
{
    const int64_t ticks = (int64_t)sle64_to_cpu(t);
    int64_t s           = ticks / TICKS_PER_SECOND;
    int64_t rest        = ticks % TICKS_PER_SECOND;

    if (rest < 0) {
        rest += TICKS_PER_SECOND;
        s--;
    }
    return (struct reel_time){s - SECONDS_1601_TO_1970, (uint32_t)rest * 100};
}

static uint32_t
attributes_of(const ntfs_inode *ni)
{
    uint32_t attributes = le32_to_cpu(ni->flags) & ~ATTRIBUTES_INSIDE;

    attributes &= ~(ATTRIBUTE_DIRECTORY | ATTRIBUTE_NORMAL);
    if (rn_is_directory(ni))
        attributes |= ATTRIBUTE_DIRECTORY;
    return attributes != 0 ? attributes : ATTRIBUTE_NORMAL;
}

bool
rn_is_by_case(ntfs_inode *ni)
{
    ntfs_attr_search_ctx *const ctx = ntfs_attr_get_search_ctx(ni, NULL);
    bool by_case                    = false;

    if (ctx == NULL)
        return false;
    if (ntfs_attr_lookup(AT_STANDARD_INFORMATION, AT_UNNAMED, 0, CASE_SENSITIVE,
                         0, NULL, 0, ctx) == 0 &&
        !ctx->attr->non_resident &&
        le32_to_cpu(ctx->attr->value_length) >= 48) {
        const STANDARD_INFORMATION *const info =
            (const void *)((const u8 *)ctx->attr +
                           le16_to_cpu(ctx->attr->value_offset));

        by_case = info->maximum_versions == 0 &&
                  le32_to_cpu(info->version_number) == 1;
    }
    ntfs_attr_put_search_ctx(ctx);
    return by_case;
}

static uint8_t
kind_of(const ntfs_inode *ni, const struct rn_blob *reparse, uint64_t size)
{
    struct reel_cursor c = reel_cursor_init(reparse->data, reparse->len, NULL);
    const uint32_t tag   = reel_get_le32(&c);
    const uint8_t kind   = reel_reparse_kind(tag);

    if (rn_is_directory(ni))
        return REEL_KIND_DIRECTORY;
    if (size > 0)
        return REEL_KIND_FILE;
    if (tag == TAG_SYMLINK)
        return REEL_KIND_SYMLINK;
    return kind != 0 ? kind : REEL_KIND_FILE;
}

static uint64_t
size_of(ntfs_inode *ni)
{
    ntfs_attr *na;
    uint64_t size;
    bool mapped;

    if (rn_is_directory(ni))
        return 0;
    na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    if (na == NULL)
        return 0;
    size = rn_extent_size(na, &mapped);
    ntfs_attr_close(na);
    return size;
}

void
rn_facts_fill(struct reel_object *o, ntfs_inode *ni,
              const struct rn_names *names, const struct rn_blob *reparse,
              uint64_t serial)
{
    const uint64_t reference = rn_reference(ni);

    *o = (struct reel_object){
        .encoding = REEL_ENCODING_UTF16,
        .facts = REEL_FACT_ATTRIBUTES | REEL_FACT_BIRTH | REEL_FACT_MODIFIED |
                 REEL_FACT_ACCESSED | REEL_FACT_CHANGED | REEL_FACT_FILE_ID,
        .attributes  = attributes_of(ni),
        .size        = size_of(ni),
        .link_count  = names->real > 0 ? (uint32_t)names->real : 1,
        .birth       = time_of(ni->creation_time),
        .modified    = time_of(ni->last_data_change_time),
        .accessed    = time_of(ni->last_access_time),
        .changed     = time_of(ni->last_mft_change_time),
        .file_system = serial,
    };
    o->kind = kind_of(ni, reparse, o->size);
    for (unsigned i = 0; i < 8; i++)
        o->file_id[i] = (uint8_t)(reference >> (8 * i));
    if (rn_is_directory(ni) && rn_is_by_case(ni))
        o->facts |= REEL_FACT_CASE;
}
