/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Are links closed (K-2, K-4, K-20)? Memory goes by the names of files that are
 * still to come. Private to verify/.
 */
#ifndef REEL_VERIFY_LINKS_CHECK_H
#define REEL_VERIFY_LINKS_CHECK_H

#include "diagnose.h"

#define REEL_PATH_PROOF_BYTES 16 /* of its SHA-256 */

struct reel_path_proof {
    uint8_t octets[REEL_PATH_PROOF_BYTES];
};

struct reel_path_proof reel_path_prove(struct reel_bytes path);

/* A link whose target was not known to have further names: the catalog, which
   names all objects once more, tells what it is. */
struct reel_open_link {
    uint64_t link;
    uint64_t target;
    struct reel_path_proof body;
    uint64_t size; /* as the link says */
    struct reel_pos pos;
};

struct reel_links_check {
    const struct reel_diagnoser *diag;
    struct reel_target_slot *slots; /* private */
    size_t capacity;
    size_t used;
    struct reel_open_link *open;
    size_t open_capacity;
    size_t open_count;
    size_t open_at; /* the catalog went by those before */
    uint64_t unjudged;
    bool told; /* K-2 or K-20: places of data are not what they ought to be */
    bool sorted;
};

void reel_links_check_init(struct reel_links_check *l,
                           const struct reel_diagnoser *diag);
void reel_links_check_fini(struct reel_links_check *l);

/* Make *l, which holds nothing, the same as *of. MEMORY, then it is empty. */
enum reel_status reel_links_check_copy(struct reel_links_check *l,
                                       const struct reel_links_check *of,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* The catalog comes once more, from its beginning. */
void reel_links_check_again(struct reel_links_check *l);

/* An object that is no link and has `names` names. MEMORY. */
enum reel_status reel_links_check_object(struct reel_links_check *l,
                                         uint64_t number, uint8_t kind,
                                         uint32_t names, struct reel_bytes path,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* A link whose LINK stream has this body. MEMORY. */
enum reel_status reel_links_check_link(struct reel_links_check *l,
                                       const struct reel_open_link *link,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* An object of the catalog, in their order: does it settle open links? */
void reel_links_check_catalog(struct reel_links_check *l, uint64_t number,
                              uint8_t kind, uint32_t names,
                              struct reel_bytes path);

#endif
