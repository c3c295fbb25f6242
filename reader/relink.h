/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine keeps so that further names find their object. Private to
   reader/. */
#ifndef REEL_READER_RELINK_H
#define REEL_READER_RELINK_H

#include "reel/entry.h"
#include "reel/object.h"
#include "stash.h"

/* What is known of an object that went to the sink and may have further
   names. */
enum reel_handed {
    REEL_HANDED_NOT    = 0,
    REEL_HANDED_BROKEN = 1, /* it was not proven */
    REEL_HANDED_WHOLE  = 2
};

/* An OBJECT kept beyond the call it was handed in with. */
struct reel_kept_object {
    uint8_t *record;
    size_t capacity;
    size_t len;
};

void reel_kept_object_fini(struct reel_kept_object *k);
enum reel_status reel_kept_object_set(struct reel_kept_object *k,
                                      uint64_t number,
                                      const struct reel_object *o,
                                      struct reel_err *err) REEL_MUST_CHECK;
/* Its texts are borrowed from *k. */
enum reel_status reel_kept_object_get(const struct reel_kept_object *k,
                                      struct reel_object *out,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Objects that wait, in order: links whose object is still to be fetched. Their
   facts are in a stash. */
struct reel_pending_links {
    struct reel_pending_link {
        uint64_t number;
        struct reel_place data; /* where the object stands */
        uint64_t at;            /* of its facts in the stash */
        uint32_t bytes;
    } * list;
    size_t count;
    size_t capacity;
    uint32_t seen_volume; /* those before `seen` are not for it */
    size_t seen;
    struct reel_stash stash;
    struct reel_kept_object last; /* on its way there */
};

/* temporary_dir NULL: /tmp. */
void reel_pending_links_init(struct reel_pending_links *p,
                             const char *temporary_dir);
void reel_pending_links_fini(struct reel_pending_links *p);
/* Forget them all. */
void reel_pending_links_clear(struct reel_pending_links *p);
/* MEMORY; FULL and MEDIUM where a temporary file fails. */
enum reel_status reel_pending_links_add(struct reel_pending_links *p,
                                        uint64_t number,
                                        const struct reel_object *o,
                                        const struct reel_place *data,
                                        struct reel_err *err) REEL_MUST_CHECK;
/* The facts of one. Its texts are valid until the next call. MEMORY, MEDIUM. */
enum reel_status reel_pending_links_get(struct reel_pending_links *p,
                                        const struct reel_pending_link *link,
                                        struct reel_object *out,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
