/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of the directories on the path of a walk: a pile of sorted lists,
 * the directory being read on top. Memory: the names of those directories, not
 * of the volume.
 */
#ifndef RN_READ_LIST_H
#define RN_READ_LIST_H

#include "read_volume.h"
#include "units.h"

struct rn_item {
    uint64_t reference; /* MFT reference */
    size_t text;        /* where its name is in the text */
    uint8_t count;      /* units */
};

/* Zero it; rn_lists_fini is due. */
struct rn_lists {
    struct rn_item *items;
    size_t item_count;
    size_t item_room;
    uint8_t *text;
    size_t text_len;
    size_t text_room;
    bool no_memory;
};

/* One list of the pile. */
struct rn_list {
    size_t begin;
    size_t end;
    size_t text; /* where the text of the list begins */
};

/*
 * Put the names in `dir` on the pile, ascending unit by unit, without short
 * names beside others and without metafiles. MEMORY: nothing is put; CORRUPT:
 * the names up to the damage are put.
 */
enum reel_status rn_lists_push(struct rn_lists *l, ntfs_inode *dir,
                               struct rn_list *list,
                               struct reel_err *err) REEL_MUST_CHECK;
void rn_lists_pop(struct rn_lists *l, const struct rn_list *list);
void rn_lists_fini(struct rn_lists *l);

/* The name of an item, valid until the next push. */
struct reel_bytes rn_lists_name(const struct rn_lists *l, size_t i);

/* One of the metafiles, $MFT … $Extend, but not the root? Pure. */
bool rn_is_metafile(uint64_t reference);

#endif
