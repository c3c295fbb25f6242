/* SPDX-License-Identifier: Apache-2.0 */
/* Judge volumes: are they what was written, and as the specification has it? */
#ifndef REEL_VERIFY_H
#define REEL_VERIFY_H

#include "reel/medium.h"
#include "reel/note.h"
#include "reel/object.h"
#include "reel/sha256.h"
#include "reel/volumes.h"

enum reel_verify_depth {
    REEL_VERIFY_QUICK, /* label, leader, END, catalog */
    REEL_VERIFY_FULL   /* every octet */
};

enum reel_verdict {
    REEL_VERDICT_PROVEN,
    REEL_VERDICT_FLAWED,  /* proven; its source could not give all of it */
    REEL_VERDICT_DAMAGED, /* some of it is lost; ranges tell which is not */
    REEL_VERDICT_LOST     /* known from the catalog only */
};

/* Octets of a stream body that are proven: [from, to). */
struct reel_verify_range {
    uint32_t ordinal;
    uint64_t from;
    uint64_t to;
};

/* One object; everything is borrowed for the call. */
struct reel_verify_item {
    uint32_t archive;
    uint64_t number;
    enum reel_verdict verdict;
    uint8_t kind; /* 0: not known */
    uint8_t encoding;
    struct reel_bytes path;
    const struct reel_verify_range *ranges; /* for DAMAGED */
    size_t range_count;
};

/* A volume that was read to its end. */
struct reel_verify_volume_read {
    uint32_t number;     /* 0: not known */
    uint64_t blocks;     /* good ones, of this volume */
    uint64_t bad_blocks; /* unreadable or wrong */
    uint64_t bytes;
};

/* What stands on a volume in one place, in the order in which it is read. */
struct reel_verify_place {
    uint32_t volume; /* its number; 0: not known yet */
    uint64_t block;  /* address */
    bool good;       /* else it cannot be read, or is a bad block */
    bool end;        /* nothing more is read of this volume */
    bool image;      /* the medium is a file, where it stands at … */
    uint64_t from;   /* … [from, to) */
    uint64_t to;
    uint32_t octets; /* of the block; 0: a filemark, or not known */
};

struct reel_verify_options {
    struct reel_medium *medium; /* for reading, at its beginning; may be a
                                   pipe for FULL */
    /* The set is read from volume 1 on, in order; those that are not at hand
       are asked for, and `medium` is closed by that. NULL: only what stands
       on `medium` is judged, and what is behind its end is missing. */
    const struct reel_volumes *volumes;
    /* Called behind each volume, while its medium is still open, by the thread
       that reads; so the facts of a drive can be kept. May be NULL. */
    void (*volume)(void *ctx, const struct reel_verify_volume_read *v);
    void *volume_ctx;
    /* Called for each block and filemark of FULL, by the thread that reads. May
       be NULL. */
    void (*place)(void *ctx, const struct reel_verify_place *p);
    void *place_ctx;
    enum reel_verify_depth depth;
    unsigned int threads; /* 1 */
    /* Rules not judged, for tests of the verifier; NULL-terminated or NULL. */
    const char *const *muted_rules;
    void (*item)(void *ctx, const struct reel_verify_item *item); /* or NULL */
    void *item_ctx;
    struct reel_reporter report; /* diagnostics: DAMAGE, LOST, INVALID */
};

struct reel_verify_archive {
    uint32_t archive;
    bool complete; /* has a valid END */
    uint64_t objects;
    uint64_t stream_bytes;
    uint8_t fingerprint[REEL_DIGEST_BYTES];
};

struct reel_verify_result {
    uint32_t archives;
    uint32_t incomplete_archives;
    uint64_t blocks;     /* good ones */
    uint64_t bad_blocks; /* unreadable or wrong */
    uint64_t bytes;      /* read from the medium */
    uint64_t proven;
    uint64_t flawed;
    uint64_t damaged;
    uint64_t lost;
    uint64_t diagnostics;     /* everything reported but WANTED */
    uint32_t volumes;         /* read */
    uint64_t missing_volumes; /* wanted and not given: told of by WANTED */
    struct reel_verify_archive last; /* the last archive seen */
};

/*
 * Judge what stands on the medium, or on the volumes of the set. Damage is told
 * in notes and items and is no failure. Fails with MAGIC (not Reel at all),
 * UNSUPPORTED, MEDIUM, MEMORY, STOPPED, MISUSE. Memory does not grow with the
 * archive, but for open hard links.
 */
REEL_API enum reel_status reel_verify(const struct reel_verify_options *options,
                                      struct reel_verify_result *result,
                                      struct reel_err *err) REEL_MUST_CHECK;

#endif
