/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in directories: a FILE_NAME attribute of the file and an entry in the
 * index of the directory. libntfs-3g makes names of the POSIX name space only,
 * and short names only for files with one name; here all are made.
 *
 * A name is units, lowest octet first, 1 ... 255 of them. A file record that is
 * closed with new times looks up all its directories: none of them may be open
 * then.
 */
#ifndef RN_WRITE_ENTRY_H
#define RN_WRITE_ENTRY_H

#include "units.h"
#include "write_target.h"

/* Add a name. EEXIST as MEDIUM; FULL, MEMORY. */
enum reel_status rn_entry_add(ntfs_inode *ni, ntfs_inode *dir,
                              struct reel_bytes name,
                              FILE_NAME_TYPE_FLAGS space,
                              struct reel_err *err) REEL_MUST_CHECK;

/* Take away one name of several. MEDIUM. */
enum reel_status rn_entry_remove(ntfs_inode *ni, ntfs_inode *dir,
                                 struct reel_bytes name,
                                 struct reel_err *err) REEL_MUST_CHECK;

/*
 * The file of that name: *reference, 0 if there is none. folded: as Win32
 * compares, without regard to case. MEDIUM.
 */
enum reel_status rn_entry_find(ntfs_inode *dir, struct reel_bytes name,
                               bool folded, uint64_t *reference,
                               struct reel_err *err) REEL_MUST_CHECK;

/* The name space of a name that the file has; -1 if it has not. */
int rn_entry_space(ntfs_inode *ni, uint64_t dir, struct reel_bytes name);

/* Names that are no short names beside another, and whether one is. */
uint32_t rn_entry_count(ntfs_inode *ni, bool *has_short);

/* Can Win32 programs show the name? Pure. */
bool rn_entry_shown(const ntfs_volume *vol, struct reel_bytes name);

/* May it be a short name: 8.3, nothing that is not allowed? Pure. */
bool rn_entry_is_short(const ntfs_volume *vol, struct reel_bytes name);

/* Equal but for case? Pure. */
bool rn_entry_alike(const ntfs_volume *vol, struct reel_bytes a,
                    struct reel_bytes b);

/*
 * Delete the file if this is its last name, else the name. Takes both in any
 * case: they are closed. MEDIUM (also: a directory that is not empty).
 */
enum reel_status rn_entry_delete(ntfs_inode *ni, ntfs_inode *dir,
                                 struct reel_bytes name,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
