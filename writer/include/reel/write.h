/* SPDX-License-Identifier: Apache-2.0 */
/* Write one archive on to a medium. */
#ifndef REEL_WRITE_H
#define REEL_WRITE_H

#include "reel/limits.h"
#include "reel/medium.h"
#include "reel/note.h"
#include "reel/segment.h"
#include "reel/sha256.h"
#include "reel/time.h"
#include "reel/volumes.h"

/*
 * Where the paths to archive come from: called again and again. REEL_OK with
 * *path (NUL-terminated, valid until the next call), REEL_END when done.
 */
typedef enum reel_status (*reel_paths_fn)(void *ctx, const char **path,
                                          struct reel_err *err);

/* A regular file of this machine, by number. */
struct reel_file_identity {
    uint64_t file_system; /* its device number */
    uint64_t inode;
};

/*
 * Objects that another program reads and sends as a relay (reel/relay.h).
 * open   start it, for what `paths` names (none: everything): a descriptor to
 *        read from into *fd. `options` is the text that stands in the archive,
 *        of one that is resumed the one it was begun with; borrowed. May be
 *        called more than once, always behind close: what was begun is then
 *        read again from its beginning.
 * close  end it; `done` says that it had sent all. Fails where it then turns
 *        out that not all is well after all. Closes *fd.
 */
struct reel_write_relay {
    uint8_t source; /* enum reel_source_kind, not POSIX */
    enum reel_status (*open)(void *ctx, struct reel_bytes options,
                             reel_paths_fn paths, void *paths_ctx, int *fd,
                             struct reel_err *err);
    enum reel_status (*close)(void *ctx, int fd, bool done,
                              struct reel_err *err);
    void *ctx;
};

/* Zero it, set what is wanted; zero means the default where one is named.
   Everything pointed to is borrowed for the call. */
struct reel_write_options {
    struct reel_medium *medium; /* opened for writing, at its beginning; to
                                   append or resume: the last of the set */
    const struct reel_volumes *volumes; /* where the next one comes from when
                                           it is full; NULL: nowhere, then
                                           FULL ends the archive */
    bool overwrite;   /* begin a new set even where something else stands; a
                         next volume may hold anything but this set, too */
    bool resume;      /* go on with the newest archive, which is incomplete;
                         paths, excludes, options and facts of the archive are
                         those it was begun with, and are ignored here */
    bool last_volume; /* append or resume: the volume at hand is the last of
                         its set although an archive breaks off there */
    uint64_t buffer_bytes; /* packed segments kept between the producer and a
                              drive, so that it runs in long bursts; 0: none */

    uint32_t block_bytes;   /* of a new set; REEL_BLOCK_BYTES_DEFAULT */
    uint32_t segment_limit; /* REEL_SEGMENT_LIMIT_DEFAULT */
    enum reel_compression compression;
    int level;                 /* of zstd; 3 */
    unsigned int threads;      /* for compression and digests; 1 */
    uint64_t checkpoint_bytes; /* of blocks between checkpoints; 16 GiB. One
                                  more stands near the beginning of each
                                  further volume */

    const char *volume_id; /* of the first volume of a new set, 1 … 6 of A-Z
                              0-9; "REEL01". Further volumes count on from its
                              last digits */
    const char *set_name;  /* of a new set; "" */
    const char *name;      /* of the archive; "" */
    const uint8_t *set_id; /* 16 octets of a new set; NULL: random */
    struct reel_time created;

    const char *host; /* all four: text, may be NULL */
    const char *system;
    const char *software;
    const char *options;

    int base_fd;           /* directory relative paths start from */
    const char *base_path; /* what it is called, for people */
    reel_paths_fn paths;
    void *paths_ctx;
    const struct reel_write_relay *relay; /* where objects come from; NULL: from
                                             the file system, by base_fd and
                                             what else follows here */
    bool raw; /* base_fd is a directory of raw streams (reel/raw.h), all of
                 which is taken; no paths, relay, excludes. In an archive that
                 is resumed it is as it was */
    const char *const *excludes;
    size_t exclude_count;
    bool one_file_system;
    bool access_times;
    const struct reel_file_identity *avoid; /* files not to be archived: the
                                               image and the catalog */
    size_t avoid_count;
    /* Another such file, made since; NULL: none is. While volumes->get may be
       running in another thread. */
    bool (*avoided)(void *ctx, const struct reel_file_identity *file);
    void *avoided_ctx;

    int catalog_fd; /* the catalog is written here as well; -1: not */
    const char *temporary_dir;
    struct reel_reporter report;
};

/* How a drive was fed from the buffer; all zero without one. */
struct reel_write_bursts {
    uint64_t bursts;         /* how often it was started */
    uint64_t waited_ns;      /* between bursts, for the buffer to fill */
    uint64_t shortest_bytes; /* of packed segments in one burst, the last one
                                left out; 0: there was only one */
};

struct reel_write_result {
    bool complete;         /* END is on the medium, twice */
    bool new_set;          /* false: appended */
    uint32_t archive;      /* its number */
    uint64_t objects;      /* complete ones */
    uint64_t flawed;       /* of these, with flags or bad ranges */
    uint64_t stream_bytes; /* octets of stream bodies */
    uint64_t blocks;       /* written for this archive, every kind */
    uint32_t volumes;      /* on which it stands */
    uint32_t run;          /* of its last block; 0: undisturbed */
    bool resumable;        /* not complete, but --resume can go on */
    uint64_t resumed;      /* objects that stood on tape already */
    struct reel_write_bursts bursts;
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES]; /* if complete */
};

/*
 * Archive what `paths` names. Appends to a Reel volume; on an empty medium, or
 * with overwrite, begins a new set. Goes on on further volumes (spec 9.7).
 * When asked to stop it writes a checkpoint and fails with STOPPED; `resumable`
 * says that it worked. result is filled also on failure, as far
 * as it went. What could not be read is told in notes and is no failure.
 * Fails with MAGIC (something else stands on the medium), MEDIUM, FULL,
 * MEMORY, STOPPED, MISUSE, UNSUPPORTED, INVALID.
 */
REEL_API enum reel_status reel_write(const struct reel_write_options *options,
                                     struct reel_write_result *result,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* Is `raw` of struct reel_write_options supported? */
REEL_API bool reel_write_takes_raw(void);

#endif
