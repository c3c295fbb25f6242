/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 7.3 on NTFS: content that is sparse and yet has no hole. */
#ifndef RN_WRITE_SPARSE_H
#define RN_WRITE_SPARSE_H

#include <stdbool.h>

#include "libntfs.h"

/*
 * Mark an open DATA attribute sparse, as Windows does whether there are holes
 * or not; libntfs-3g does it with the first hole only, and takes the mark away
 * with the last, so nothing may be written to `na` behind it. True also if it
 * is marked already; false: no room in its file record, or compressed and so
 * short that it stands there itself.
 */
bool rn_sparse_mark(ntfs_attr *na);

#endif
