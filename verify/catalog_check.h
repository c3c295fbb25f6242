/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalog, slices and END as they stand on the medium, against those made from
 * the data (spec chapter 9). Private to verify/.
 */
#ifndef REEL_VERIFY_CATALOG_CHECK_H
#define REEL_VERIFY_CATALOG_CHECK_H

#include "catalog_map.h"
#include "diagnose.h"
#include "job.h"
#include "links_check.h"
#include "missing.h"
#include "record_check.h"
#include "reel/archive.h"
#include "reel/catalog.h"

/* What was made from the data of an archive. */
struct reel_made_catalog {
    struct reel_catalog *catalog;
    struct reel_catalog_map map;
    struct reel_catalog_totals totals;
    uint8_t digest[REEL_DIGEST_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    bool sure; /* nothing was lost or wrong on the way */
};

/* A row of records as it stands on the medium. */
struct reel_record_row {
    bool open;
    bool lossy; /* some of it is missing */
    bool told;  /* a record breaks a rule by itself: why others do not agree */
    struct reel_sha256 digest;
    uint64_t records;
    uint64_t bytes;
    struct reel_position first; /* block */
    struct reel_pos pos;        /* of its first record */
};

struct reel_catalog_check {
    const struct reel_diagnoser *diag;
    uint32_t archive;
    struct reel_made_catalog made;
    struct reel_missing missing;
    uint64_t named_next; /* the catalog named all before */
    uint64_t nameless;   /* so many that it did not name were told */

    bool have_facts; /* ARCHIVE was met */
    struct reel_archive facts;
    uint8_t facts_text[2 * REEL_ARCHIVE_NAME_BYTES_MAX];

    struct reel_record_row slice;
    struct reel_checkpoint expected;
    uint32_t checkpoint; /* number of the last one */
    struct reel_position checkpoint_slice;
    bool checkpoint_unsure; /* one was not met whole */

    struct reel_record_row row; /* the catalog */
    bool row_seen;
    struct reel_catalog_parser *parser;
    bool parser_dead; /* its records make no sense */
    bool places_told; /* why places in it differ from those of the data */
    bool time_told;   /* C-4, of data that stand in it too */
    bool astray;      /* a block states a wrong place, which is told */
    struct reel_catalog_map map;

    bool have_end;
    bool end_legal; /* it breaks nothing by itself */
    struct reel_end end;
    uint8_t end_text[2 * REEL_ARCHIVE_NAME_BYTES_MAX];
    struct reel_pos end_pos;
    uint32_t end_volume;

    uint8_t scratch[REEL_RECORD_CHECK_BYTES];
};

/* Caller storage, zeroed. MEMORY; fini is fine then too. */
enum reel_status reel_catalog_check_init(struct reel_catalog_check *k,
                                         const struct reel_diagnoser *diag,
                                         uint32_t archive,
                                         struct reel_err *err) REEL_MUST_CHECK;
void reel_catalog_check_fini(struct reel_catalog_check *k);

/* A record of the data, or VOLUME, at its place; MEMORY. */
enum reel_status reel_catalog_check_data(struct reel_catalog_check *k,
                                         const struct reel_record *r,
                                         const struct reel_place *place,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* C-1 of a record that is not handed in otherwise. */
void reel_catalog_check_zeros(struct reel_catalog_check *k,
                              const struct reel_record *r);

/* A slice that met the end of the volume is void (9.3). */
void reel_catalog_check_volume_end(struct reel_catalog_check *k);

/* The catalog comes anew, as a new run (9.7): forget the one that stood. */
enum reel_status reel_catalog_check_again(struct reel_catalog_check *k,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* ARCHIVE, as the walk decoded it. */
void reel_catalog_check_facts(struct reel_catalog_check *k,
                              const struct reel_archive *a);

/* The data ended; `sure` if none of it was lost or wrong. */
enum reel_status
reel_catalog_check_data_end(struct reel_catalog_check *k, bool sure,
                            struct reel_err *err) REEL_MUST_CHECK;

/* One opened segment of a CHECKPOINT, CATALOG or END stretch. */
enum reel_status reel_catalog_check_segment(
    struct reel_catalog_check *k, const struct reel_verify_job *job, bool sure,
    struct reel_links_check *links, struct reel_err *err) REEL_MUST_CHECK;

/* A block states a wrong volume or address: who names it cannot be judged. */
void reel_catalog_check_astray(struct reel_catalog_check *k);

/* Something of such a stretch is missing. */
void reel_catalog_check_gap(struct reel_catalog_check *k, uint16_t kind);

/* All that stands on the medium was met: what is left to say. Where
   `links_told`, the places of data of links are not what they ought to be. */
void reel_catalog_check_finish(struct reel_catalog_check *k, bool links_told);

#endif
