/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3; writer: which files are met for the second time. */
#include <string.h>

#include "link_names.h"
#include "reel/alloc.h"
#include "reel/number_hash.h"

struct reel_link_name {
    uint64_t file_system;
    uint8_t file_id[16];
    uint64_t number;
    struct reel_time birth; /* if known */
    uint32_t left;          /* names still to come */
    bool has_birth;
    uint8_t kind;
    uint16_t path_bytes;
    uint8_t path[];
};

#define CAPACITY_MIN 64U

void
reel_link_names_init(struct reel_link_names *t)
{
    memset(t, 0, sizeof(*t));
}

void
reel_link_names_fini(struct reel_link_names *t)
{
    size_t i;

    for (i = 0; i < t->capacity; i++)
        reel_free(t->slots[i]);
    reel_free(t->slots);
    reel_link_names_init(t);
}

static size_t
home(size_t capacity, uint64_t file_system, const uint8_t file_id[16])
{
    uint64_t low;
    uint64_t high;

    memcpy(&low, file_id, sizeof(low));
    memcpy(&high, file_id + sizeof(low), sizeof(high));
    low ^= reel_number_hash(high ^ reel_number_hash(file_system));
    return (size_t)reel_number_hash(low) & (capacity - 1);
}

/* The slot of this file, or the free one where it would go. Pre: capacity is
   not 0 and one slot at least is free. */
static size_t
find(const struct reel_link_names *t, uint64_t file_system,
     const uint8_t file_id[16])
{
    size_t i = home(t->capacity, file_system, file_id);

    while (t->slots[i] != NULL &&
           (t->slots[i]->file_system != file_system ||
            memcmp(t->slots[i]->file_id, file_id, 16) != 0))
        i = (i + 1) & (t->capacity - 1);
    return i;
}

static bool
grow(struct reel_link_names *t)
{
    struct reel_link_names bigger = *t;
    size_t i;

    bigger.capacity = t->capacity == 0 ? CAPACITY_MIN : t->capacity * 2;
    bigger.slots    = reel_alloc_array(bigger.capacity, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return false;
    for (i = 0; i < t->capacity; i++)
        if (t->slots[i] != NULL)
            bigger.slots[find(&bigger, t->slots[i]->file_system,
                              t->slots[i]->file_id)] = t->slots[i];
    reel_free(t->slots);
    *t = bigger;
    return true;
}

static bool
has_more_names(const struct reel_object *o)
{
    return o->kind != REEL_KIND_DIRECTORY &&
           (o->kind == REEL_KIND_LINK || o->link_count > 1) &&
           (o->facts & REEL_FACT_FILE_ID);
}

/* File ids are used again: is it still the file that had this one? */
static bool
same_file(const struct reel_link_name *name, const struct reel_object *o)
{
    if (o->kind != REEL_KIND_LINK && o->kind != name->kind)
        return false;
    return !name->has_birth || (o->facts & REEL_FACT_BIRTH) == 0 ||
           (o->birth.s == name->birth.s && o->birth.ns == name->birth.ns);
}

enum reel_status
reel_link_names_add(struct reel_link_names *t, const struct reel_object *o,
                    uint64_t number, struct reel_err *err)
{
    struct reel_link_name *name;
    struct reel_link_name **slot;

    if (!has_more_names(o))
        return REEL_OK;
    name = reel_alloc_array(1, sizeof(*name) + o->path.len);
    if (name == NULL || (t->used * 2 >= t->capacity && !grow(t))) {
        reel_free(name);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the table of hard links");
    }
    name->file_system = o->file_system;
    memcpy(name->file_id, o->file_id, sizeof(name->file_id));
    name->birth      = o->birth;
    name->has_birth  = (o->facts & REEL_FACT_BIRTH) != 0;
    name->kind       = o->kind;
    name->number     = number;
    name->left       = o->link_count - 1;
    name->path_bytes = (uint16_t)o->path.len;
    if (o->path.len > 0)
        memcpy(name->path, o->path.data, o->path.len);
    slot = &t->slots[find(t, o->file_system, o->file_id)];
    t->used += *slot == NULL;
    reel_free(*slot); /* a file that is no more */
    *slot = name;
    return REEL_OK;
}

bool
reel_link_names_find(const struct reel_link_names *t,
                     const struct reel_object *o, uint64_t *target,
                     struct reel_bytes *path)
{
    const struct reel_link_name *name;

    if (t->capacity == 0 || !has_more_names(o))
        return false;
    name = t->slots[find(t, o->file_system, o->file_id)];
    if (name == NULL || !same_file(name, o))
        return false;
    *target    = name->number;
    path->data = name->path;
    path->len  = name->path_bytes;
    return true;
}

/* Free slot i and close the run behind it, so that find stays right. */
static void
forget(struct reel_link_names *t, size_t i)
{
    const size_t mask = t->capacity - 1;
    size_t j          = i;

    reel_free(t->slots[i]);
    for (;;) {
        size_t h;

        j = (j + 1) & mask;
        if (t->slots[j] == NULL)
            break;
        h = home(t->capacity, t->slots[j]->file_system, t->slots[j]->file_id);
        if (((j - h) & mask) >= ((j - i) & mask)) {
            t->slots[i] = t->slots[j];
            i           = j;
        }
    }
    t->slots[i] = NULL;
    t->used--;
}

void
reel_link_names_met(struct reel_link_names *t, const struct reel_object *o)
{
    size_t i;

    if (t->capacity == 0)
        return;
    i = find(t, o->file_system, o->file_id);
    if (t->slots[i] != NULL && --t->slots[i]->left == 0)
        forget(t, i);
}
