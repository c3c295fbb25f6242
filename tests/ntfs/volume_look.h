/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on an NTFS image, seen by libntfs-3g and its tools. */
#ifndef VOLUME_LOOK_H
#define VOLUME_LOOK_H

#include "write_target.h"

/* A fresh image at `path`. These stop the test when something fails. */
void volume_make(const char *path, unsigned mebibytes);

/* Do the volume's tables agree with what files take? By ntfsresize. */
void volume_check(const char *path);

/* Open for looking; volume_close closes. */
ntfs_volume *volume_open(const char *path);
void volume_close(ntfs_volume *vol);

/* NULL: not there. ntfs_inode_close closes it. */
ntfs_inode *volume_find(ntfs_volume *vol, const char *path);
bool volume_has(const char *image, const char *path);

/* The content of a DATA attribute is exactly `want`. name NULL: the unnamed
   one, ASCII else. */
void volume_content(ntfs_inode *ni, const char *name, struct reel_bytes want);

/* Clusters that stand for a stream. */
int64_t volume_clusters(ntfs_inode *ni, const char *name);

/* How many names lie in a directory, not counting "." and "..", short names,
   and what belongs to NTFS. */
unsigned volume_count(ntfs_volume *vol, const char *path);

/* Leave a fresh volume as one finds it: not looked over yet, with changes in
   its log, or under a sleeping Windows. */
enum volume_state { VOLUME_DIRTY, VOLUME_LOG_OPEN, VOLUME_HIBERNATED };
void volume_leave(const char *path, enum volume_state how);

#endif
