/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runlists as runs of octets. */
#include "read_extent.h"

bool
rn_extent_sparse(const ntfs_attr *na)
{
    return (na->data_flags & ATTR_IS_SPARSE) != 0;
}

uint64_t
rn_extent_unit(const ntfs_attr *na, uint64_t otherwise)
{
    const bool packed = (na->data_flags & ATTR_COMPRESSION_MASK) != 0;

    return packed && na->compression_block_size > 0 ? na->compression_block_size
                                                    : otherwise;
}

/* Where the last run ends, holes included. */
static uint64_t
runs_end(const ntfs_attr *na)
{
    size_t at = 0;

    while (na->rl != NULL && na->rl[at].length > 0)
        at++;
    if (na->rl == NULL)
        return 0;
    return (uint64_t)na->rl[at].vcn << na->ni->vol->cluster_size_bits;
}

uint64_t
rn_extent_size(ntfs_attr *na, bool *mapped)
{
    const ntfs_volume *const vol = na->ni->vol;
    const uint64_t size = na->data_size > 0 ? (uint64_t)na->data_size : 0;
    uint64_t room       = (uint64_t)vol->nr_clusters * vol->cluster_size;

    *mapped = true;
    if (!NAttrNonResident(na) || size == 0)
        return size;
    *mapped = ntfs_attr_map_whole_runlist(na) == 0;
    if (*mapped)
        room = runs_end(na);
    return size < room ? size : room;
}

/* The octets of one run, widened to whole units and cut at the end of the
   data; empty for a hole. */
static struct rn_extent
of_run(const ntfs_attr *na, const runlist_element *run)
{
    const unsigned bits = na->ni->vol->cluster_size_bits;
    const uint64_t size = (uint64_t)na->data_size;
    const uint64_t unit = rn_extent_unit(na, 1);
    struct rn_extent e  = {0, 0};

    if (run->lcn == (LCN)LCN_HOLE)
        return e;
    e.begin = ((uint64_t)run->vcn << bits) / unit * unit;
    e.end   = (uint64_t)(run->vcn + run->length) << bits;
    e.end   = (e.end + unit - 1) / unit * unit;
    if (e.end > size)
        e.end = size;
    if (e.begin > e.end)
        e.begin = e.end;
    return e;
}

bool
rn_extent_next(const ntfs_attr *na, size_t *at, struct rn_extent *out)
{
    struct rn_extent found = {0, 0};

    for (; na->rl != NULL && na->rl[*at].length > 0; (*at)++) {
        const struct rn_extent e = of_run(na, &na->rl[*at]);

        if (e.begin == e.end)
            continue;
        if (found.begin == found.end)
            found = e;
        else if (e.begin <= found.end)
            found.end = e.end;
        else
            break;
    }
    *out = found;
    return found.begin < found.end;
}

bool
rn_extent_holes(const ntfs_attr *na)
{
    struct rn_extent first;
    size_t at = 0;

    if (!NAttrNonResident(na) || na->data_size == 0)
        return false;
    return !rn_extent_next(na, &at, &first) || first.begin > 0 ||
           first.end < (uint64_t)na->data_size;
}
