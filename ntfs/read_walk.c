/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk over a volume in the order of chapter 8.2. Memory: the names of the
 * directories on the way from a root to where the walk is, and the table of
 * linked files; neither grows with the volume otherwise.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "read_facts.h"
#include "read_state.h"
#include "reel/alloc.h"

/* A directory being walked. */
struct level {
    struct rn_list list;
    size_t next;
    size_t path_len; /* of its own path */
    uint64_t reference;
};

struct walk {
    struct rn_reader *r;
    struct level *levels;
    size_t depth;
    size_t room;
};

static void
skip(struct rn_reader *r, enum reel_status status, const char *why)
{
    rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_SKIPPED, status,
                "%s", why);
}

/* The names of an open file to r->names; flaws are noted. */
static enum reel_status
read_names(struct rn_reader *r, ntfs_inode *ni, const struct rn_met *met,
           struct reel_err *err)
{
    enum reel_status status = REEL_OK;

    /* Names of one file mostly follow each other, and may be thousands. */
    if (r->names_of != met->reference) {
        r->names_of = 0;
        status      = rn_names_read(&r->names, ni, err);
        if (status == REEL_OK)
            r->names_of = met->reference;
    }
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_DAMAGE, status,
                    "%s", err->text);
    else if (met->name.len > 0 &&
             rn_names_find(&r->names, met->parent, met->name) == NULL)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_DAMAGE,
                    REEL_E_CORRUPT,
                    "the directory has this name, the file has not");
    return REEL_OK;
}

/* A directory stands in one directory only, or a damaged volume could be
   walked without end. */
static bool
stands_here(const struct rn_reader *r, const struct rn_met *met)
{
    if (met->name.len == 0)
        return true;
    for (size_t i = 0; i < r->names.count; i++)
        if (r->names.at[i].space != FILE_NAME_DOS)
            return r->names.at[i].parent == met->parent;
    return false;
}

static bool
is_encrypted(const ntfs_inode *ni)
{
    return !rn_is_directory(ni) && (ni->flags & FILE_ATTR_ENCRYPTED) != 0;
}

/* An open file or directory; *below: it is a directory to be walked. */
static enum reel_status
visit_open(struct rn_reader *r, ntfs_inode *ni, const struct rn_met *met,
           bool *below, struct reel_err *err)
{
    struct reel_object o;
    bool linked;

    if (is_encrypted(ni)) {
        skip(r, REEL_E_UNSUPPORTED,
             "it is encrypted (EFS), which is not archived");
        return REEL_OK;
    }
    REEL_TRY(read_names(r, ni, met, err));
    if (rn_is_directory(ni) && !stands_here(r, met)) {
        skip(r, REEL_E_CORRUPT, "the directory belongs somewhere else");
        return REEL_OK;
    }
    REEL_TRY(rn_links_meet(r, ni, met, &linked, err));
    if (linked)
        return REEL_OK;
    REEL_TRY(rn_object_send(r, ni, met, &o, err));
    *below = rn_is_directory(ni);
    return rn_links_first(r, &o, met, err);
}

/* What stands at r->path. */
static enum reel_status
visit(struct rn_reader *r, const struct rn_met *met, bool *below,
      struct reel_err *err)
{
    ntfs_inode *ni;
    enum reel_status status;

    *below = false;
    if (rn_links_sent(r, met))
        return REEL_OK;
    ni = ntfs_inode_open(r->volume.vol, met->reference);
    if (ni == NULL) {
        skip(r, REEL_E_CORRUPT, "its record cannot be read");
        return REEL_OK;
    }
    status = visit_open(r, ni, met, below, err);
    (void)ntfs_inode_close(ni);
    return status;
}

static enum reel_status
make_room(struct walk *w, struct reel_err *err)
{
    const size_t room = w->room > 0 ? 2 * w->room : 16;
    struct level *more;

    if (w->depth < w->room)
        return REEL_OK;
    more = reel_realloc_array(w->levels, room, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for directories in directories");
    w->levels = more;
    w->room   = room;
    return REEL_OK;
}

/* Go down into directory `reference` at r->path. */
static enum reel_status
enter(struct walk *w, uint64_t reference, struct reel_err *err)
{
    struct rn_reader *const r = w->r;
    ntfs_inode *ni;
    struct level *level;
    enum reel_status status;

    REEL_TRY(make_room(w, err));
    assert(w->levels != NULL); /* what has succeeded made some */
    ni = ntfs_inode_open(r->volume.vol, reference);
    if (ni == NULL) {
        skip(r, REEL_E_CORRUPT, "the directory cannot be opened again");
        return REEL_OK;
    }
    level  = &w->levels[w->depth];
    status = rn_lists_push(&r->lists, ni, &level->list, err);
    (void)ntfs_inode_close(ni);
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_FLAWED, status,
                    "%s", err->text);
    level->next      = level->list.begin;
    level->path_len  = r->path.len;
    level->reference = reference;
    w->depth++;
    return REEL_OK;
}

/* The next name of the directory on top. */
static enum reel_status
take(struct walk *w, struct level *level, struct reel_err *err)
{
    struct rn_reader *const r    = w->r;
    const size_t i               = level->next++;
    const struct reel_bytes name = rn_lists_name(&r->lists, i);
    const struct rn_met met = {r->lists.items[i].reference, level->reference,
                               name};
    bool below;

    r->path.len = level->path_len;
    if (!rn_name_fits(name)) {
        skip(r, REEL_E_INVALID,
             "a name in the directory cannot stand in a path");
        return REEL_OK;
    }
    if (!rn_path_add(&r->path, name)) {
        skip(r, REEL_E_LIMIT, "a path below the directory is too long");
        return REEL_OK;
    }
    REEL_TRY(visit(r, &met, &below, err));
    return below ? enter(w, met.reference, err) : REEL_OK;
}

static enum reel_status
walk_down(struct walk *w, struct reel_err *err)
{
    while (w->depth > 0) {
        struct level *const top = &w->levels[w->depth - 1];

        if (top->next < top->list.end) {
            REEL_TRY(take(w, top, err));
            continue;
        }
        rn_lists_pop(&w->r->lists, &top->list);
        w->depth--;
    }
    return REEL_OK;
}

static enum reel_status
walk_root(struct walk *w, const struct rn_root *root, struct reel_err *err)
{
    const struct reel_bytes path = {root->path, root->len};
    struct rn_met met            = {root->reference, root->parent, path};
    bool below;

    for (size_t i = 0; i < path.len / 2; i++)
        if (rn_unit(path, i) == '/')
            met.name = (struct reel_bytes){path.data + 2 * (i + 1),
                                           path.len - 2 * (i + 1)};
    (void)rn_path_set(&w->r->path, path);
    REEL_TRY(visit(w->r, &met, &below, err));
    if (below)
        REEL_TRY(enter(w, met.reference, err));
    return walk_down(w, err);
}

enum reel_status
rn_walk(struct rn_reader *r, struct reel_err *err)
{
    struct walk w           = {.r = r};
    enum reel_status status = REEL_OK;

    for (size_t i = 0; i < r->root_count && status == REEL_OK; i++)
        status = walk_root(&w, &r->roots[i], err);
    reel_free(w.levels);
    return status;
}
