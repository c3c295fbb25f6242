/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories as sorted lists, for the order of chapter 8.2. */
#include "read_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

bool
rn_is_metafile(uint64_t reference)
{
    return MREF(reference) < FILE_first_user && MREF(reference) != FILE_root;
}

/* Make room in an array of `item` octets each for `more`. */
static void *
grow(void *old, size_t used, size_t *room, size_t more, size_t item)
{
    const size_t wanted = used + more > 2 * *room ? used + more : 2 * *room;
    void *bigger;

    if (used + more <= *room)
        return old;
    bigger = reel_realloc_array(old, wanted, item);
    if (bigger != NULL)
        *room = wanted;
    return bigger;
}

static bool
add(struct rn_lists *l, const void *octets, uint8_t count, uint64_t reference)
{
    struct rn_item *const items =
        grow(l->items, l->item_count, &l->item_room, 1, sizeof(l->items[0]));
    uint8_t *text;

    if (items == NULL)
        return false;
    l->items = items;
    text     = grow(l->text, l->text_len, &l->text_room, (size_t)2 * count, 1);
    if (text == NULL)
        return false;
    l->text = text;
    memcpy(text + l->text_len, octets, (size_t)2 * count);
    items[l->item_count++] = (struct rn_item){reference, l->text_len, count};
    l->text_len += (size_t)2 * count;
    return true;
}

/* Called by ntfs_readdir for each entry, "." and ".." included. */
static int
take(void *context, const ntfschar *name, const int count, const int space,
     const s64 pos, const MFT_REF reference, const unsigned kind)
{
    struct rn_lists *const l   = context;
    const struct reel_bytes of = {(const uint8_t *)name, 2U * (size_t)count};

    (void)kind;
    if (count <= 0 || count > 255 || space == FILE_NAME_DOS ||
        rn_is_metafile(reference))
        return 0;
    /* These two are made up, at places 0 and 1. */
    if (pos <= 1 && !rn_name_fits(of))
        return 0;
    if (add(l, name, (uint8_t)count, reference))
        return 0;
    l->no_memory = true;
    return -1;
}

struct reel_bytes
rn_lists_name(const struct rn_lists *l, size_t i)
{
    return (struct reel_bytes){l->text + l->items[i].text,
                               (size_t)2 * l->items[i].count};
}

static int
compare(const void *a, const void *b, void *context)
{
    const struct rn_lists *const l = context;
    const struct rn_item *const x  = a;
    const struct rn_item *const y  = b;
    const struct reel_bytes p      = {l->text + x->text, (size_t)2 * x->count};
    const struct reel_bytes q      = {l->text + y->text, (size_t)2 * y->count};

    return rn_units_compare(p, q);
}

enum reel_status
rn_lists_push(struct rn_lists *l, ntfs_inode *dir, struct rn_list *list,
              struct reel_err *err)
{
    const size_t begin = l->item_count;
    s64 pos            = 0;
    int result;

    *list        = (struct rn_list){begin, begin, l->text_len};
    l->no_memory = false;
    result       = ntfs_readdir(dir, &pos, l, take);
    if (l->no_memory) {
        rn_lists_pop(l, list);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the names in a directory");
    }
    list->end = l->item_count;
    if (list->end - begin > 1)
        qsort_r(l->items + begin, list->end - begin, sizeof(l->items[0]),
                compare, l);
    if (result == 0)
        return REEL_OK;
    return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                     "not all names in the directory can be read: %s",
                     strerror(errno));
}

void
rn_lists_pop(struct rn_lists *l, const struct rn_list *list)
{
    l->item_count = list->begin;
    l->text_len   = list->text;
}

void
rn_lists_fini(struct rn_lists *l)
{
    reel_free(l->items);
    reel_free(l->text);
    *l = (struct rn_lists){0};
}
