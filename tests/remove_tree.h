/* SPDX-License-Identifier: Apache-2.0 */
/* Take away what a test made: a tree of any depth, without a process for it. */
#ifndef REEL_REMOVE_TREE_H
#define REEL_REMOVE_TREE_H

#include <fts.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/* True when nothing is left of `folder`, an absolute path. */
static inline bool
remove_tree(char *folder)
{
    char *const roots[] = {folder, NULL};
    FTS *const walk     = fts_open(roots, FTS_PHYSICAL, NULL);
    bool removed        = walk != NULL;
    const FTSENT *at;

    while (walk != NULL && (at = fts_read(walk)) != NULL) {
        if (at->fts_info == FTS_DP)
            removed = rmdir(at->fts_accpath) == 0 && removed;
        else if (at->fts_info != FTS_D)
            removed = unlink(at->fts_accpath) == 0 && removed;
    }
    if (walk != NULL)
        (void)fts_close(walk);
    return removed;
}

#endif
