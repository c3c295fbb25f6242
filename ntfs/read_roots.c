/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths asked for: found as Win32 finds them, unless exactly there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read_facts.h"
#include "read_state.h"
#include "reel/alloc.h"

static enum reel_status
not_there(const char *asked, struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the NTFS volume has no %.100s", asked);
}

static uint16_t
fold(const ntfs_volume *vol, uint16_t unit)
{
    return unit < vol->upcase_len ? le16_to_cpu(vol->upcase[unit]) : unit;
}

static bool
same_folded(const ntfs_volume *vol, struct reel_bytes a, struct reel_bytes b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len / 2; i++)
        if (fold(vol, rn_unit(a, i)) != fold(vol, rn_unit(b, i)))
            return false;
    return true;
}

/* The item of the list that `name` means; list->end: none. */
static size_t
find_item(const struct rn_reader *r, const struct rn_list *list,
          struct reel_bytes name, bool by_case)
{
    for (size_t i = list->begin; i < list->end; i++)
        if (reel_bytes_equal(rn_lists_name(&r->lists, i), name))
            return i;
    for (size_t i = list->begin; i < list->end && !by_case; i++)
        if (same_folded(r->volume.vol, rn_lists_name(&r->lists, i), name))
            return i;
    return list->end;
}

/* One step down: from root->reference to what `name` means there. */
static enum reel_status
step(struct rn_reader *r, struct rn_root *root, struct reel_bytes name,
     const char *asked, struct reel_err *err)
{
    ntfs_inode *const ni    = ntfs_inode_open(r->volume.vol, root->reference);
    enum reel_status status = REEL_E_INVALID;
    struct rn_list list;
    bool by_case = false;
    size_t at;

    if (ni == NULL)
        return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                         "looking up %.100s: %s", asked, strerror(errno));
    if (rn_is_directory(ni)) {
        by_case = rn_is_by_case(ni);
        status  = rn_lists_push(&r->lists, ni, &list, err);
    }
    (void)ntfs_inode_close(ni);
    if (status == REEL_E_INVALID)
        return not_there(asked, err);
    if (status != REEL_OK && status != REEL_E_CORRUPT)
        return status;
    at = find_item(r, &list, name, by_case);
    if (at < list.end) {
        root->parent    = root->reference;
        root->reference = r->lists.items[at].reference;
        if (!rn_path_add(&r->path, rn_lists_name(&r->lists, at)))
            at = list.end;
    }
    rn_lists_pop(&r->lists, &list);
    return at < list.end ? REEL_OK : not_there(asked, err);
}

/* Where the component that begins at `at` ends. */
static size_t
component_end(struct reel_bytes path, size_t at)
{
    while (at < path.len && rn_unit(path, at / 2) != '/')
        at += 2;
    return at;
}

static enum reel_status
find_root(struct rn_reader *r, const char *asked, struct rn_root *root,
          struct reel_err *err)
{
    struct reel_bytes path = {r->link_path.data, 0};
    size_t end;

    root->reference = MK_MREF(FILE_root, FILE_root);
    r->path.len     = 0;
    if (!rn_units_of_text(asked, r->link_path.data, RN_PATH_BYTES_MAX,
                          &path.len))
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a path is not UTF-8, or too long: %.80s", asked);
    for (size_t at = 0; at < path.len; at = end + 2) {
        end = component_end(path, at);
        if (end > at)
            REEL_TRY(step(r, root,
                          (struct reel_bytes){path.data + at, end - at}, asked,
                          err));
    }
    root->len  = r->path.len;
    root->path = reel_alloc_array(root->len, 1);
    if (root->path == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for paths");
    memcpy(root->path, r->path.data, root->len);
    return REEL_OK;
}

static int
compare(const void *a, const void *b)
{
    const struct rn_root *const x = a;
    const struct rn_root *const y = b;

    return rn_units_compare((struct reel_bytes){x->path, x->len},
                            (struct reel_bytes){y->path, y->len});
}

/* Is `path` that of the root or below it? */
static bool
holds(const struct rn_root *root, struct reel_bytes path)
{
    if (root->len == 0)
        return true;
    return path.len >= root->len &&
           memcmp(path.data, root->path, root->len) == 0 &&
           (path.len == root->len || rn_unit(path, root->len / 2) == '/');
}

/* Leave out roots that are within others. */
static void
thin_out(struct rn_reader *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->root_count; i++) {
        const struct reel_bytes path = {r->roots[i].path, r->roots[i].len};
        bool held                    = false;

        for (size_t k = 0; k < kept; k++)
            held = held || holds(&r->roots[k], path);
        if (held)
            reel_free(r->roots[i].path);
        else
            r->roots[kept++] = r->roots[i];
    }
    r->root_count = kept;
}

enum reel_status
rn_roots_find(struct rn_reader *r, char *const *paths, size_t count,
              struct reel_err *err)
{
    const struct reel_bytes none = {NULL, 0};
    const size_t roots           = count > 0 ? count : 1;

    r->roots = reel_alloc_array(roots, sizeof(r->roots[0]));
    if (r->roots == NULL || !rn_path_set(&r->path, none) ||
        !rn_path_set(&r->link_path, none))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for paths");
    for (size_t i = 0; i < roots; i++) {
        REEL_TRY(find_root(r, count > 0 ? paths[i] : "", &r->roots[i], err));
        r->root_count++;
    }
    qsort(r->roots, r->root_count, sizeof(r->roots[0]), compare);
    thin_out(r);
    return REEL_OK;
}

void
rn_roots_fini(struct rn_reader *r)
{
    for (size_t i = 0; i < r->root_count; i++)
        reel_free(r->roots[i].path);
    reel_free(r->roots);
    r->roots      = NULL;
    r->root_count = 0;
}

bool
rn_roots_hold(const struct rn_reader *r, struct reel_bytes path)
{
    for (size_t i = 0; i < r->root_count; i++)
        if (holds(&r->roots[i], path))
            return true;
    return false;
}
