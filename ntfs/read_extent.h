/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which octets of an attribute are allocated, and which are holes. */
#ifndef RN_READ_EXTENT_H
#define RN_READ_EXTENT_H

#include "read_volume.h"

struct rn_extent {
    uint64_t begin;
    uint64_t end;
};

/* Is it marked sparse? libntfs-3g's own NAttrSparse looks at the file instead,
   and says no of every named one. Pure. */
bool rn_extent_sparse(const ntfs_attr *na);

/* Octets that are packed together, or `otherwise`. Pure. */
uint64_t rn_extent_unit(const ntfs_attr *na, uint64_t otherwise);

/*
 * How many octets of it there can be: its size, but no more than its runs
 * have room for, or than the volume, where these cannot be had; a damaged size
 * would promise any number. *mapped: the whole runlist is in memory.
 */
uint64_t rn_extent_size(ntfs_attr *na, bool *mapped);

/*
 * The next run of allocated octets, from run *at of the whole runlist on,
 * which is 0 at first; runs that touch are one. Of a compressed attribute all
 * of a unit is allocated if any of it is. False: there is none. Pure.
 */
bool rn_extent_next(const ntfs_attr *na, size_t *at, struct rn_extent *out);

/* Has it any hole? Its runlist is whole. Pure. */
bool rn_extent_holes(const ntfs_attr *na);

#endif
