/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the engine share. Private to them. */
#ifndef REEL_READER_ENGINE_STATE_H
#define REEL_READER_ENGINE_STATE_H

#include "damage.h"
#include "data_walk.h"
#include "engine.h"
#include "expected.h"
#include "prover.h"
#include "reel/number_map.h"
#include "relink.h"

/* What becomes of the object that goes by. */
enum reel_engine_fate {
    REEL_ENGINE_PASSED, /* nobody wants it */
    REEL_ENGINE_GIVEN,  /* to the sink */
    REEL_ENGINE_HAD,    /* the sink has it already */
    REEL_ENGINE_LINKED  /* a further name: it is made at its end */
};

struct reel_engine {
    struct reel_session *session;
    const struct reel_reporter *report;
    struct reel_sink *sink;
    struct reel_restore_result *result;
    struct reel_data_walk data; /* order and counts; the digests are */
    struct reel_prover *prover; /* compared here */
    struct reel_damage damage;
    uint32_t archive;
    bool with_catalog;
    uint32_t data_volume; /* the last one with data; 0: not known */
    bool absent_before;   /* a pipe: what stands before the first object is on
                             another volume */
    bool goes_on;   /* the data of the archive go on on a volume that is not at
                       hand */
    uint64_t first; /* nor before this one, */
    uint64_t last;  /* nothing of the run is wanted behind this number */
    uint64_t misplaced; /* objects that do not stand where the catalog says */
    struct reel_expected expected; /* with_catalog */
    struct reel_number_map handed; /* enum reel_handed, by number */
    struct reel_pending_links pending;

    /* The object that goes by. */
    enum reel_engine_fate fate;
    uint64_t number;
    bool may_have_links;
    bool link_given;       /* it is a link, given as an object */
    uint32_t first_volume; /* on which it stands, as far as is known */
    uint32_t last_volume;
    struct reel_kept_object spanning; /* its facts, if these differ */
    uint64_t content_bytes;
    struct reel_kept_object link; /* LINKED */
    struct reel_place link_data;

    /* What was wrong with the last record of an object that is not at hand. */
    struct reel_err fault;
    uint64_t fault_number;

    /* On a pipe: what was met so far. */
    uint64_t last_number;
    struct reel_torn torn;
    struct reel_place begin; /* where the object that goes by begins */

    /* While the object of a link is fetched: */
    uint64_t fetch;              /* its number; 0: none is */
    struct reel_object fetch_as; /* the link */
    enum reel_walk_outcome fetch_outcome;
};

/* --- engine_object.c: one object, from the walk to the sink --- */

/* The calls of the walk; ctx is the engine. */
extern const struct reel_walk_calls reel_engine_calls;

/* A further name of an object that was handed in. */
enum reel_status reel_engine_make_link(struct reel_engine *e,
                                       const struct reel_object *o,
                                       uint64_t number, bool whole,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* --- engine_fetch.c: objects of links that were asked for alone --- */

/* Make the links that wait for something on the volume that is mounted. */
enum reel_status reel_engine_fetch_here(struct reel_engine *e,
                                        struct reel_err *err) REEL_MUST_CHECK;
/* Make all links that wait, from volume to volume. */
enum reel_status reel_engine_fetch_all(struct reel_engine *e,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* --- engine.c --- */

/* Walk what a run of the pipeline gives, up to object `last`; it is stopped
   behind it. begin NULL: from wherever the run begins. */
enum reel_status reel_engine_walk(struct reel_engine *e,
                                  const struct reel_read_run *run,
                                  const struct reel_place *begin, uint64_t last,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
