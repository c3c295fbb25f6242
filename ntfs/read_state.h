/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reading side share. */
#ifndef RN_READ_STATE_H
#define RN_READ_STATE_H

#include "read_attribute.h"
#include "read_data.h"
#include "read_list.h"
#include "read_names.h"
#include "read_place.h"
#include "read_table.h"
#include "reel/object.h"

/* A path that was asked for. */
struct rn_root {
    uint8_t *path; /* as it is on the volume; NULL if empty */
    size_t len;
    uint64_t reference;
    uint64_t parent; /* MFT reference of its directory; 0 for the root */
};

struct rn_reader {
    struct rn_volume volume;
    struct rn_out out;
    bool encounter; /* links when met, not directly behind the first name */
    struct rn_root *roots; /* ascending, none within another */
    size_t root_count;
    struct rn_lists lists;
    struct rn_path path;      /* of the object in force */
    struct rn_path link_path; /* of a further name of it */
    struct rn_names names;    /* of the object in force */
    uint64_t names_of;        /* the file they are of; 0: of none */
    struct rn_blob reparse;   /* likewise */
    struct rn_blob small;
    struct rn_data_reader data;
    struct rn_places places;
    struct rn_table links;
};

/* A name that was met: `text` in directory `parent`. */
struct rn_met {
    uint64_t reference;
    uint64_t parent;
    struct reel_bytes name; /* empty for the root of the volume */
};

/*
 * Send the object whose path is r->path: its names are in r->names. *o is what
 * was said of it, its path r->path. Fails only if the relay cannot go on.
 */
enum reel_status rn_object_send(struct rn_reader *r, ntfs_inode *ni,
                                const struct rn_met *met, struct reel_object *o,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Is this name one that was sent as a link already? It is forgotten then. */
bool rn_links_sent(struct rn_reader *r, const struct rn_met *met);

/* Is the file one whose content was sent? Then the name is sent as a link to
   it, and *linked is true. */
enum reel_status rn_links_meet(struct rn_reader *r, ntfs_inode *ni,
                               const struct rn_met *met, bool *linked,
                               struct reel_err *err) REEL_MUST_CHECK;

/* The file `o` was just sent under the name `met`: send its other names, or
   remember that they are to come. */
enum reel_status rn_links_first(struct rn_reader *r,
                                const struct reel_object *o,
                                const struct rn_met *met,
                                struct reel_err *err) REEL_MUST_CHECK;

/*
 * Find the paths asked for, UTF-8 with "/", and keep them as roots; none: the
 * root of the volume. Fails with INVALID: one is not there; CORRUPT, MEMORY.
 */
enum reel_status rn_roots_find(struct rn_reader *r, char *const *paths,
                               size_t count,
                               struct reel_err *err) REEL_MUST_CHECK;
void rn_roots_fini(struct rn_reader *r);

/* Is `path` a root or below one? Pure. */
bool rn_roots_hold(const struct rn_reader *r, struct reel_bytes path);

/* Send everything. */
enum reel_status rn_walk(struct rn_reader *r,
                         struct reel_err *err) REEL_MUST_CHECK;

#endif
