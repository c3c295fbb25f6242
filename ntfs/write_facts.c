/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 6.1 on NTFS: STANDARD_INFORMATION. */
#include "write_facts.h"

#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/compress.h>

#define SECONDS_TO_1970 INT64_C(11644473600)
#define TICKS_PER_SECOND INT64_C(10000000)
#define TICK_NS 100U

/* Windows file attributes that are simply kept. */
#define ATTRIBUTES_SIMPLE                                                      \
    (0x00000001U   /* read only */                                             \
     | 0x00000002U /* hidden */                                                \
     | 0x00000004U /* system */                                                \
     | 0x00000020U /* archive */                                               \
     | 0x00000100U /* temporary */                                             \
     | 0x00001000U /* offline */                                               \
     | 0x00002000U /* not indexed */                                           \
     | 0x00008000U /* integrity */                                             \
     | 0x00020000U /* no scrub */                                              \
     | 0x00040000U /* recall on open */                                        \
     | 0x00080000U /* pinned */                                                \
     | 0x00100000U /* unpinned */                                              \
     | 0x00400000U /* recall on data access */)
#define ATTRIBUTE_COMPRESSED 0x00000800U
#define ATTRIBUTE_ENCRYPTED 0x00004000U

static const struct {
    uint16_t fact;
    const char *name;
} time_facts[RN_TIMES] = {
    [RN_BIRTH]    = {REEL_FACT_BIRTH, "it was made"},
    [RN_MODIFIED] = {REEL_FACT_MODIFIED, "it was modified"},
    [RN_ACCESSED] = {REEL_FACT_ACCESSED, "it was accessed"},
    [RN_CHANGED]  = {REEL_FACT_CHANGED, "its facts changed"},
};

/* C-4: ns < 10^9. False when NTFS cannot hold it. */
static bool
ticks_of(struct reel_time t, uint64_t *ticks)
{
    const int64_t last = INT64_MAX / TICKS_PER_SECOND - 1;

    if (t.s < -SECONDS_TO_1970 || t.s > last - SECONDS_TO_1970)
        return false;
    *ticks =
        (uint64_t)((t.s + SECONDS_TO_1970) * TICKS_PER_SECOND) + t.ns / TICK_NS;
    return true;
}

void
rn_facts_take(struct rn_facts *f, const struct reel_object *o,
              struct rn_report *report, const struct rn_subject *about)
{
    const struct reel_time times[RN_TIMES] = {
        [RN_BIRTH]    = o->birth,
        [RN_MODIFIED] = o->modified,
        [RN_ACCESSED] = o->accessed,
        [RN_CHANGED]  = o->changed,
    };

    *f = (struct rn_facts){.known = o->facts, .attributes = o->attributes};
    for (size_t i = 0; i < RN_TIMES; i++) {
        const uint16_t fact = time_facts[i].fact;

        if ((f->known & fact) == 0 || ticks_of(times[i], &f->times[i]))
            continue;
        f->known = (uint16_t)(f->known & ~fact);
        rn_report_say(report, about, REEL_NOTE_SKIPPED, REEL_E_LIMIT,
                      "NTFS cannot hold the time when %s", time_facts[i].name);
    }
}

static bool
wants(const struct rn_facts *f, uint32_t attribute)
{
    return (f->known & REEL_FACT_ATTRIBUTES) != 0 &&
           (f->attributes & attribute) != 0;
}

static enum reel_status
set_compressed(ntfs_inode *ni, struct reel_err *err)
{
    const bool directory = rn_inode_is_directory(ni);
    int result;

    if (directory)
        result = ntfs_attr_set_flags(ni, AT_INDEX_ROOT, NTFS_INDEX_I30, 4,
                                     ATTR_IS_COMPRESSED, ATTR_COMPRESSION_MASK);
    else
        result = ntfs_attr_set_flags(ni, AT_DATA, AT_UNNAMED, 0,
                                     ATTR_IS_COMPRESSED, ATTR_COMPRESSION_MASK);
    if (result != 0)
        return rn_fail_errno(err, "cannot be made compressed");
    ni->flags |= FILE_ATTR_COMPRESSED;
    return REEL_OK;
}

enum reel_status
rn_facts_prepare(const struct rn_facts *f, ntfs_inode *ni,
                 struct rn_report *report, const struct rn_subject *about,
                 struct reel_err *err)
{
    if (wants(f, ATTRIBUTE_ENCRYPTED))
        rn_report_say(report, about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                      "the attribute encrypted is not put back");
    if (!wants(f, ATTRIBUTE_COMPRESSED))
        return REEL_OK;
    if (ni->vol->cluster_size <= MAX_COMPRESSION_CLUSTER_SIZE)
        return set_compressed(ni, err);
    rn_report_say(report, about, REEL_NOTE_INFO, REEL_E_UNSUPPORTED,
                  "not compressed: the clusters of the volume are too large");
    return REEL_OK;
}

/* Where STANDARD_INFORMATION says what libntfs-3g has no field for. */
static STANDARD_INFORMATION *
standard_information(ntfs_attr_search_ctx *ctx)
{
    uint8_t *attr;
    void *value;

    if (ntfs_attr_lookup(AT_STANDARD_INFORMATION, AT_UNNAMED, 0, CASE_SENSITIVE,
                         0, NULL, 0, ctx) != 0)
        return NULL;
    attr  = (uint8_t *)ctx->attr;
    value = attr + le16_to_cpu(ctx->attr->value_offset);
    return value;
}

/* Windows marks a directory whose names differ by case as the first version
   of none. */
static enum reel_status
set_case(ntfs_inode *ni, bool on, struct reel_err *err)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    STANDARD_INFORMATION *si;

    if (ctx == NULL)
        return rn_fail_errno(err, "its case flag cannot be set");
    si = standard_information(ctx);
    if (si == NULL) {
        ntfs_attr_put_search_ctx(ctx);
        return rn_fail_errno(err, "its case flag cannot be set");
    }
    si->maximum_versions = const_cpu_to_le32(0);
    si->version_number   = cpu_to_le32(on ? 1U : 0U);
    ntfs_inode_mark_dirty(ctx->ntfs_ino);
    ntfs_attr_put_search_ctx(ctx);
    return REEL_OK;
}

bool
rn_facts_case(ntfs_inode *ni)
{
    ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);
    const STANDARD_INFORMATION *si;
    bool on = false;

    if (ctx == NULL)
        return false;
    si = standard_information(ctx);
    if (si != NULL)
        on = si->maximum_versions == const_cpu_to_le32(0) &&
             si->version_number == const_cpu_to_le32(1);
    ntfs_attr_put_search_ctx(ctx);
    return on;
}

static void
put_times(const struct rn_facts *f, ntfs_inode *ni)
{
    if ((f->known & REEL_FACT_BIRTH) != 0)
        ni->creation_time = cpu_to_le64(f->times[RN_BIRTH]);
    if ((f->known & REEL_FACT_MODIFIED) != 0)
        ni->last_data_change_time = cpu_to_le64(f->times[RN_MODIFIED]);
    if ((f->known & REEL_FACT_ACCESSED) != 0)
        ni->last_access_time = cpu_to_le64(f->times[RN_ACCESSED]);
    if ((f->known & REEL_FACT_CHANGED) != 0)
        ni->last_mft_change_time = cpu_to_le64(f->times[RN_CHANGED]);
}

enum reel_status
rn_facts_put(const struct rn_facts *f, ntfs_inode *ni, uint32_t extra,
             struct reel_err *err)
{
    const le32 simple = cpu_to_le32(ATTRIBUTES_SIMPLE);

    if ((f->known & REEL_FACT_ATTRIBUTES) != 0)
        ni->flags =
            (ni->flags & ~simple) | (cpu_to_le32(f->attributes) & simple);
    ni->flags |= cpu_to_le32(extra);
    if (rn_inode_is_directory(ni) && (f->known & REEL_FACT_CASE) != 0)
        REEL_TRY(set_case(ni, true, err));
    put_times(f, ni);
    NInoFileNameSetDirty(ni);
    ntfs_inode_mark_dirty(ni);
    return REEL_OK;
}
