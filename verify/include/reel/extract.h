/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that can be had from images of a set, as it stands: the bodies of
 * streams into files, and what is known of them. What the conformance suite
 * asks of a reader (spec/suite/CONTRACT.txt).
 */
#ifndef REEL_EXTRACT_H
#define REEL_EXTRACT_H

#include "reel/medium_tap.h"
#include "reel/note.h"
#include "reel/object.h"
#include "reel/sha256.h"

struct reel_extract_options {
    const char *const *images; /* .tap files, volumes of one set, any order */
    size_t image_count;
    const struct reel_medium_opener *opener; /* of images; NULL: by open(2) */
    /* An empty directory; nothing outside it is ever opened for writing. It
       gets a file ARCHIVE.OBJECT.ORDINAL for each stream. */
    const char *directory;
    unsigned int threads;        /* 1 */
    struct reel_reporter report; /* `stop` and progress; diagnostics are items
                                    and do not go there */
};

enum reel_extract_status {
    REEL_EXTRACT_COMPLETE, /* all its records are there, all digests agree */
    REEL_EXTRACT_FLAWED,   /* and OBJECT END has flags or bad ranges */
    REEL_EXTRACT_TORN,     /* its writer never finished it */
    REEL_EXTRACT_PARTIAL,  /* something is missing or does not agree */
    REEL_EXTRACT_LOST      /* known from a catalog or checkpoint alone */
};

enum reel_extract_type {
    REEL_EXTRACT_ARCHIVE,
    REEL_EXTRACT_OBJECT,
    REEL_EXTRACT_STREAM,     /* of the object before */
    REEL_EXTRACT_RANGE,      /* of the stream before */
    REEL_EXTRACT_STREAM_END, /* the stream before */
    REEL_EXTRACT_BAD,        /* a bad range of the object before */
    REEL_EXTRACT_OBJECT_END, /* the object before */
    REEL_EXTRACT_NOTE        /* a diagnostic */
};

/* One thing to tell. `octets` is borrowed for the call. */
struct reel_extract_item {
    enum reel_extract_type type;
    uint32_t archive; /* ARCHIVE, OBJECT */
    uint64_t object;  /* OBJECT */

    uint8_t kind;                    /* OBJECT; 0: not known */
    uint8_t encoding;                /* OBJECT; 0: not known, no path */
    bool outside;                    /* OBJECT */
    bool complete;                   /* ARCHIVE: it has a valid END */
    bool whole;                      /* ARCHIVE: and all objects are there */
    enum reel_extract_status status; /* OBJECT_END */
    uint64_t target;                 /* OBJECT */

    uint32_t ordinal;    /* STREAM, BAD */
    uint32_t id;         /* STREAM */
    uint32_t attributes; /* STREAM */
    uint64_t size;       /* STREAM */
    uint64_t from;       /* RANGE, BAD: octets of the body */
    uint64_t to;         /* one behind */

    /* ARCHIVE: its fingerprint, if `whole`. STREAM_END: of what was given out
       of the stream. */
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_bytes octets; /* OBJECT: path; STREAM: name */

    struct reel_note note; /* NOTE; it has no path */
};

struct reel_extract_result {
    bool damage; /* something is missing, or a requirement is broken */
    uint64_t objects;
    uint64_t bytes; /* given out */
};

/*
 * Extract, then tell: archives; objects, ascending by archive and number, each
 * with its streams, ascending; diagnostics. Damage is no failure. Fails with
 * MISUSE (the directory is not empty), MEDIUM, MAGIC (a file that is no
 * image), UNSUPPORTED (nothing was given out, nothing is told), FULL, MEMORY,
 * STOPPED. Memory grows with damage only.
 */
REEL_API enum reel_status
reel_extract(const struct reel_extract_options *options,
             void (*tell)(void *ctx, const struct reel_extract_item *item),
             void *ctx, struct reel_extract_result *result,
             struct reel_err *err) REEL_MUST_CHECK;

#endif
