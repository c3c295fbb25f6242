/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One volume opened for reading, or the blocks of a catalog file: what stands
 * on it, one thing after the other. Private to reader/.
 */
#ifndef REEL_READER_VOLUME_H
#define REEL_READER_VOLUME_H

#include "reel/access.h"
#include "reel/block_header.h"

/* One thing met; data is valid until the next call. */
struct reel_reader_block {
    enum reel_event event;
    const uint8_t *data; /* of a BLOCK */
    size_t len;
    uint64_t address;
};

struct reel_reader_volume {
    struct reel_medium *medium; /* NULL: file_fd is read */
    int file_fd;
    uint32_t file_block_bytes; /* of the blocks in the file */
    bool can_locate;
    struct reel_reporter report;
    unsigned int searches; /* through all of it, for blocks out of place */
    uint8_t *buf;
    uint64_t address;       /* of what is read next */
    uint64_t first_address; /* of the first block of Reel */
    bool held_any;          /* `held` is to be given out once more */
    struct reel_reader_block held;

    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t number;           /* of the volume; 0: not known */
    bool have_volume;          /* VOLUME was read: */
    struct reel_volume volume; /* its texts are in `text` */
    uint8_t text[REEL_SET_NAME_BYTES_MAX + REEL_SOFTWARE_BYTES_MAX];
};

/*
 * Open the medium of `access`, which stands at its beginning: label, leader,
 * VOLUME. Goes on when they are damaged (L-6), with a note DAMAGE. What is
 * read first is the first block behind the leader. `access` lives on.
 * Fails with MAGIC (not Reel), UNSUPPORTED, MEDIUM, MEMORY, STOPPED.
 */
enum reel_status reel_reader_volume_open(struct reel_reader_volume *v,
                                         const struct reel_access *access,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Blocks from the file of a catalog. Fails with MAGIC, MEDIUM, MEMORY. */
enum reel_status reel_reader_volume_file(struct reel_reader_volume *v,
                                         const struct reel_access *access,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Fine on a zeroed struct; the medium and the file stay open. */
void reel_reader_volume_close(struct reel_reader_volume *v);

/* The next thing. A block too long for Reel is UNREADABLE. MEDIUM, STOPPED. */
enum reel_status reel_reader_volume_read(struct reel_reader_volume *v,
                                         struct reel_reader_block *out,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Let the next read give `b`, the last thing read, once more. */
void reel_reader_volume_hold(struct reel_reader_volume *v,
                             const struct reel_reader_block *b);

/* Go to `address`. TRUNCATED: the volume ends before it. MEDIUM, MISUSE. */
enum reel_status reel_reader_volume_seek(struct reel_reader_volume *v,
                                         uint64_t address,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* A good block tells set and volume where nothing else did. */
void reel_reader_volume_learn(struct reel_reader_volume *v,
                              const struct reel_block_header *h);

#endif
