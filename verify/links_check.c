/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.3; verify: every link names an object that carries its content. */
#include "links_check.h"

#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/number_hash.h"

#define CAPACITY_MIN 64U
#define OPEN_MAX 65536U /* links that only the catalog can settle */

struct reel_target_slot {
    uint64_t number; /* 0: free */
    uint32_t left;   /* names still to come */
    uint8_t kind;
    struct reel_path_proof path;
};

struct reel_path_proof
reel_path_prove(struct reel_bytes path)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_path_proof proof;

    reel_sha256(path.data, path.len, digest);
    memcpy(proof.octets, digest, sizeof(proof.octets));
    return proof;
}

void
reel_links_check_init(struct reel_links_check *l,
                      const struct reel_diagnoser *diag)
{
    memset(l, 0, sizeof(*l));
    l->diag = diag;
}

void
reel_links_check_fini(struct reel_links_check *l)
{
    reel_free(l->slots);
    reel_free(l->open);
}

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the table of hard links");
}

enum reel_status
reel_links_check_copy(struct reel_links_check *l,
                      const struct reel_links_check *of, struct reel_err *err)
{
    reel_links_check_init(l, of->diag);
    if (of->capacity > 0) {
        l->slots = reel_alloc_array(of->capacity, sizeof(*l->slots));
        if (l->slots == NULL)
            return no_memory(err);
        memcpy(l->slots, of->slots, of->capacity * sizeof(*l->slots));
    }
    if (of->open_capacity > 0) {
        l->open = reel_alloc_array(of->open_capacity, sizeof(*l->open));
        if (l->open == NULL) {
            reel_links_check_fini(l);
            reel_links_check_init(l, of->diag);
            return no_memory(err);
        }
        memcpy(l->open, of->open, of->open_count * sizeof(*l->open));
    }
    l->capacity      = of->capacity;
    l->used          = of->used;
    l->open_capacity = of->open_capacity;
    l->open_count    = of->open_count;
    l->unjudged      = of->unjudged;
    return REEL_OK;
}

void
reel_links_check_again(struct reel_links_check *l)
{
    l->open_at = 0;
}

static size_t
home(const struct reel_links_check *l, uint64_t number)
{
    return (size_t)reel_number_hash(number) & (l->capacity - 1);
}

/* The slot of `number`, or the free one where it would go. Pre: capacity is a
   power of two, and one slot at least is free. */
static size_t
find(const struct reel_links_check *l, uint64_t number)
{
    size_t i = home(l, number);

    while (l->slots[i].number != 0 && l->slots[i].number != number)
        i = (i + 1) & (l->capacity - 1);
    return i;
}

static bool
grow(struct reel_links_check *l)
{
    const struct reel_links_check old = *l;
    size_t i;

    l->capacity = old.capacity == 0 ? CAPACITY_MIN : old.capacity * 2;
    l->slots    = reel_alloc_array(l->capacity, sizeof(*l->slots));
    if (l->slots == NULL) {
        *l = old;
        return false;
    }
    for (i = 0; i < old.capacity; i++)
        if (old.slots[i].number != 0)
            l->slots[find(l, old.slots[i].number)] = old.slots[i];
    reel_free(old.slots);
    return true;
}

enum reel_status
reel_links_check_object(struct reel_links_check *l, uint64_t number,
                        uint8_t kind, uint32_t names, struct reel_bytes path,
                        struct reel_err *err)
{
    struct reel_target_slot *slot;

    if (names < 2)
        return REEL_OK;
    if (l->used * 2 >= l->capacity && !grow(l))
        return no_memory(err);
    slot = &l->slots[find(l, number)];
    if (slot->number == 0)
        l->used++;
    slot->number = number;
    slot->left   = names - 1;
    slot->kind   = kind;
    slot->path   = reel_path_prove(path);
    return REEL_OK;
}

/* Free slot i and close the run behind it, so that find stays right. */
static void
forget(struct reel_links_check *l, size_t i)
{
    const size_t mask = l->capacity - 1;
    size_t j          = i;

    for (;;) {
        j = (j + 1) & mask;
        if (l->slots[j].number == 0)
            break;
        if (((j - home(l, l->slots[j].number)) & mask) >= ((j - i) & mask)) {
            l->slots[i] = l->slots[j];
            i           = j;
        }
    }
    memset(&l->slots[i], 0, sizeof(l->slots[i]));
    l->used--;
}

static void
judge_path(const struct reel_links_check *l, const struct reel_open_link *link,
           const struct reel_path_proof *path)
{
    struct reel_err why;
    struct reel_subject about = {0, {NULL, 0}, link->link};

    if (memcmp(path, &link->body, sizeof(*path)) == 0)
        return;
    (void)reel_fail(&why, REEL_E_INVALID, &link->pos, "K-4",
                    "the LINK stream of object %llu is not the path of its "
                    "target, object %llu",
                    (unsigned long long)link->link,
                    (unsigned long long)link->target);
    reel_diagnose(l->diag, REEL_NOTE_INVALID, &why, &about);
}

/* O-5: only a file has a size. */
static void
judge_size(const struct reel_links_check *l, const struct reel_open_link *link,
           uint8_t kind)
{
    struct reel_subject about = {0, {NULL, 0}, link->link};
    struct reel_err why;

    if (link->size == 0 || kind == REEL_KIND_FILE)
        return;
    (void)reel_fail(&why, REEL_E_INVALID, &link->pos, "O-5",
                    "link %llu has a size, and its target, object %llu, is a "
                    "%s",
                    (unsigned long long)link->link,
                    (unsigned long long)link->target,
                    reel_object_kind_name(kind));
    reel_diagnose(l->diag, REEL_NOTE_INVALID, &why, &about);
}

static enum reel_status
keep_open(struct reel_links_check *l, const struct reel_open_link *link,
          struct reel_err *err)
{
    if (l->open_count == OPEN_MAX) {
        l->unjudged++;
        return REEL_OK;
    }
    if (l->open_count == l->open_capacity) {
        const size_t more =
            l->open_capacity == 0 ? CAPACITY_MIN : l->open_capacity * 2;
        struct reel_open_link *const bigger =
            reel_realloc_array(l->open, more, sizeof(*bigger));

        if (bigger == NULL)
            return no_memory(err);
        l->open          = bigger;
        l->open_capacity = more;
    }
    l->open[l->open_count++] = *link;
    return REEL_OK;
}

enum reel_status
reel_links_check_link(struct reel_links_check *l,
                      const struct reel_open_link *link, struct reel_err *err)
{
    size_t i;

    if (l->capacity == 0)
        return keep_open(l, link, err);
    i = find(l, link->target);
    if (l->slots[i].number == 0)
        return keep_open(l, link, err);
    judge_path(l, link, &l->slots[i].path);
    judge_size(l, link, l->slots[i].kind);
    if (--l->slots[i].left == 0)
        forget(l, i);
    return REEL_OK;
}

static int
by_target(const void *a, const void *b)
{
    const struct reel_open_link *const x = a;
    const struct reel_open_link *const y = b;

    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

/* K-2: a target that carries no content of its own. */
static void
judge_kind(struct reel_links_check *l, const struct reel_open_link *link,
           const char *what)
{
    struct reel_subject about = {0, {NULL, 0}, link->link};
    struct reel_err why;

    l->told = true;
    (void)reel_fail(&why, REEL_E_INVALID, &link->pos, "K-2",
                    "the target of link %llu, object %llu, is a %s",
                    (unsigned long long)link->link,
                    (unsigned long long)link->target, what);
    reel_diagnose(l->diag, REEL_NOTE_INVALID, &why, &about);
}

/* K-20: `links` of them are open, though its link count is `names`. Not all
   need be: those that it made room for were judged when they came. */
static void
judge_count(struct reel_links_check *l, const struct reel_open_link *link,
            uint32_t names, size_t links)
{
    struct reel_subject about = {0, {NULL, 0}, link->target};
    struct reel_err why;

    if (names == 0 || links < names) /* 0: not known */
        return;
    l->told = true;
    (void)reel_fail(&why, REEL_E_INVALID, &link->pos, "K-20",
                    "object %llu has %zu further names or more, and a link "
                    "count of %u",
                    (unsigned long long)link->target, links, names);
    reel_diagnose(l->diag, REEL_NOTE_INVALID, &why, &about);
}

void
reel_links_check_catalog(struct reel_links_check *l, uint64_t number,
                         uint8_t kind, uint32_t names, struct reel_bytes path)
{
    struct reel_path_proof proof;
    size_t first;

    if (!l->sorted && l->open_count > 0)
        qsort(l->open, l->open_count, sizeof(*l->open), by_target);
    l->sorted = true;
    while (l->open_at < l->open_count && l->open[l->open_at].target < number)
        l->open_at++;
    if (l->open_at == l->open_count || l->open[l->open_at].target != number)
        return;
    proof = reel_path_prove(path);
    first = l->open_at;
    for (; l->open_at < l->open_count && l->open[l->open_at].target == number;
         l->open_at++) {
        if (kind == REEL_KIND_LINK || kind == REEL_KIND_DIRECTORY)
            judge_kind(l, &l->open[l->open_at], reel_object_kind_name(kind));
        else {
            judge_path(l, &l->open[l->open_at], &proof);
            judge_size(l, &l->open[l->open_at], kind);
        }
    }
    if (kind != REEL_KIND_LINK && kind != REEL_KIND_DIRECTORY)
        judge_count(l, &l->open[first], names, l->open_at - first);
}
