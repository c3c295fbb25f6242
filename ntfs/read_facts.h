/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What OBJECT says of a file on NTFS. */
#ifndef RN_READ_FACTS_H
#define RN_READ_FACTS_H

#include "read_attribute.h"
#include "read_names.h"
#include "reel/object.h"

/*
 * Fill all but path and short name. Of what has a reparse point of a symbolic
 * link, a device and the like, and no content, the kind is that; a directory
 * is one whatever its reparse point.
 */
void rn_facts_fill(struct reel_object *o, ntfs_inode *ni,
                   const struct rn_names *names, const struct rn_blob *reparse,
                   uint64_t serial);

/* The MFT reference, as Windows shows it. */
uint64_t rn_reference(const ntfs_inode *ni);

bool rn_is_directory(const ntfs_inode *ni);

/* Do names in this directory differ by case? */
bool rn_is_by_case(ntfs_inode *ni);

#endif
