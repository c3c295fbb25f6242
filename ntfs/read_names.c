/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of a file, from its record. */
#include "read_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

struct reel_bytes
rn_name_bytes(const struct rn_name *name)
{
    return (struct reel_bytes){name->octets, (size_t)2 * name->count};
}

static int
compare(const void *a, const void *b)
{
    const struct rn_name *const x = a;
    const struct rn_name *const y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return rn_units_compare(rn_name_bytes(x), rn_name_bytes(y));
}

static enum reel_status
make_room(struct rn_names *n, struct reel_err *err)
{
    const size_t room = n->room > 0 ? 2 * n->room : 4;
    struct rn_name *more;

    if (n->count < n->room)
        return REEL_OK;
    more = reel_realloc_array(n->at, room, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the names of a file");
    n->at   = more;
    n->room = room;
    return REEL_OK;
}

/* The attribute that `ctx` found; nothing if it is no whole name. */
static enum reel_status
take(struct rn_names *n, const ntfs_attr_search_ctx *ctx, struct reel_err *err)
{
    const ATTR_RECORD *const a = ctx->attr;
    const FILE_NAME_ATTR *const fn =
        (const void *)((const u8 *)a + le16_to_cpu(a->value_offset));
    struct rn_name *name;

    if (a->non_resident || le32_to_cpu(a->value_length) < sizeof(*fn) ||
        le32_to_cpu(a->value_length) <
            sizeof(*fn) + (size_t)2 * fn->file_name_length)
        return REEL_OK;
    REEL_TRY(make_room(n, err));
    name         = &n->at[n->count++];
    name->parent = le64_to_cpu(fn->parent_directory);
    name->space  = fn->file_name_type;
    name->count  = fn->file_name_length;
    memcpy(name->octets, fn->file_name, (size_t)2 * name->count);
    if (name->space != FILE_NAME_DOS)
        n->real++;
    return REEL_OK;
}

enum reel_status
rn_names_read(struct rn_names *n, ntfs_inode *ni, struct reel_err *err)
{
    ntfs_attr_search_ctx *const ctx = ntfs_attr_get_search_ctx(ni, NULL);
    enum reel_status status         = REEL_OK;

    n->count = 0;
    n->real  = 0;
    if (ctx == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the names of a file");
    while (status == REEL_OK &&
           ntfs_attr_lookup(AT_FILE_NAME, AT_UNNAMED, 0, CASE_SENSITIVE, 0,
                            NULL, 0, ctx) == 0)
        status = take(n, ctx, err);
    if (status == REEL_OK && errno != ENOENT)
        status =
            reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                      "not all its names can be read: %s", strerror(errno));
    ntfs_attr_put_search_ctx(ctx);
    return status;
}

void
rn_names_sort(struct rn_names *n)
{
    if (n->count > 1)
        qsort(n->at, n->count, sizeof(n->at[0]), compare);
}

void
rn_names_fini(struct rn_names *n)
{
    reel_free(n->at);
    *n = (struct rn_names){NULL, 0, 0, 0};
}

const struct rn_name *
rn_names_find(const struct rn_names *n, uint64_t parent, struct reel_bytes name)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->at[i].parent == parent && n->at[i].space != FILE_NAME_DOS &&
            reel_bytes_equal(rn_name_bytes(&n->at[i]), name))
            return &n->at[i];
    return NULL;
}

struct reel_bytes
rn_names_short(const struct rn_names *n, const struct rn_name *name)
{
    if (name->space == FILE_NAME_WIN32)
        for (size_t i = 0; i < n->count; i++)
            if (n->at[i].parent == name->parent &&
                n->at[i].space == FILE_NAME_DOS && n->at[i].count <= 12)
                return rn_name_bytes(&n->at[i]);
    return (struct reel_bytes){NULL, 0};
}
