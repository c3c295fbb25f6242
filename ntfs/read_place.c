/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a FILE_NAME's parent up to the root. */
#include "read_place.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "read_list.h"
#include "reel/alloc.h"

/* The name of a directory, and its parent. It has one name. */
static enum reel_status
read_name(struct rn_places *p, uint64_t reference, const struct rn_name **out,
          struct reel_err *err)
{
    ntfs_inode *const ni = ntfs_inode_open(p->vol, reference);
    enum reel_status status;

    if (ni == NULL)
        return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                         "a directory it is in cannot be read: %s",
                         strerror(errno));
    status = rn_names_read(&p->names, ni, err);
    (void)ntfs_inode_close(ni);
    if (status == REEL_E_MEMORY)
        return status;
    for (size_t i = 0; i < p->names.count; i++)
        if (p->names.at[i].space != FILE_NAME_DOS &&
            rn_name_fits(rn_name_bytes(&p->names.at[i]))) {
            *out = &p->names.at[i];
            return REEL_OK;
        }
    return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                     "a directory it is in has no name");
}

/* The path to the end of p->work; where it begins. */
static enum reel_status
climb(struct rn_places *p, uint64_t reference, size_t *begin, bool *hidden,
      struct reel_err *err)
{
    const struct rn_name *name = NULL;

    *begin  = RN_PATH_BYTES_MAX;
    *hidden = false;
    while (MREF(reference) != FILE_root) {
        const size_t slash = *begin < RN_PATH_BYTES_MAX ? 2 : 0;
        struct reel_bytes octets;

        *hidden = *hidden || rn_is_metafile(reference);
        REEL_TRY(read_name(p, reference, &name, err));
        assert(name != NULL); /* what has succeeded gave one */
        octets = rn_name_bytes(name);
        if (*begin < octets.len + slash)
            return reel_fail(err, REEL_E_LIMIT, NULL, "N-1",
                             "the path of a directory is too long");
        if (slash > 0)
            memcpy(p->work + *begin - 2, "/", 2);
        *begin -= octets.len + slash;
        memcpy(p->work + *begin, octets.data, octets.len);
        reference = name->parent;
    }
    return REEL_OK;
}

static enum reel_status
look_up(struct rn_places *p, uint64_t reference, struct rn_place *place,
        struct reel_err *err)
{
    size_t begin;
    bool hidden;

    if (p->work == NULL)
        p->work = reel_alloc_array(RN_PATH_BYTES_MAX, 1);
    if (p->work == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for paths");
    REEL_TRY(climb(p, reference, &begin, &hidden, err));
    reel_free(place->path);
    *place      = (struct rn_place){0, hidden, NULL, 0};
    place->path = reel_alloc_array(RN_PATH_BYTES_MAX - begin, 1);
    if (place->path == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for paths");
    place->len = RN_PATH_BYTES_MAX - begin;
    memcpy(place->path, p->work + begin, place->len);
    place->reference = reference;
    return REEL_OK;
}

enum reel_status
rn_place_find(struct rn_places *p, uint64_t reference, struct reel_bytes *path,
              bool *hidden, struct reel_err *err)
{
    struct rn_place *const place = &p->kept[reference % RN_PLACES_KEPT];

    if (place->reference != reference)
        REEL_TRY(look_up(p, reference, place, err));
    *path   = (struct reel_bytes){place->path, place->len};
    *hidden = place->hidden;
    return REEL_OK;
}

void
rn_places_fini(struct rn_places *p)
{
    for (size_t i = 0; i < RN_PLACES_KEPT; i++)
        reel_free(p->kept[i].path);
    reel_free(p->work);
    rn_names_fini(&p->names);
}
