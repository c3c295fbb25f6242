/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The volume that is mounted, or the blocks of a catalog file: what stands on
 * it, one thing after the other; and the other volumes of its set. Private to
 * reader/.
 */
#ifndef REEL_READER_VOLUME_H
#define REEL_READER_VOLUME_H

#include <pthread.h>

#include "labels.h"
#include "reel/number_set.h"
#include "reel/access.h"
#include "reel/block_header.h"

/* One thing met; data is valid until the next call. */
struct reel_reader_block {
    enum reel_event event;
    const uint8_t *data; /* of a BLOCK */
    size_t len;
    uint64_t address;
};

/* What was read of a medium that cannot go back, to find out the set (V-6), and
   is still to be given out. */
#define REEL_READER_AHEAD_MAX 8U
struct reel_reader_ahead {
    struct reel_reader_block blocks[REEL_READER_AHEAD_MAX];
    uint8_t *bufs[REEL_READER_AHEAD_MAX];
    size_t count;
    size_t taken;
};
void reel_reader_ahead_drop(struct reel_reader_ahead *a);

/* A note that waits, because it arose on the thread that reads. */
struct reel_reader_told {
    enum reel_note_kind kind;
    struct reel_err err;
};

struct reel_reader_volume {
    struct reel_medium *medium; /* NULL: file_fd is read; or nothing is
                                   mounted */
    int file_fd;
    uint32_t file_block_bytes; /* of the blocks in the file */
    bool can_locate;
    struct reel_reporter report;
    bool end_told;         /* that the drive cannot find the end of data … */
    uint32_t end_told_of;  /* … of this volume, mounted once more or not */
    unsigned int searches; /* through all of it, for blocks out of place */
    uint8_t *buf;
    uint64_t address;       /* of what is read next */
    uint64_t first_address; /* of the first block of Reel */
    uint32_t first_archive; /* that of this block; 0: not known */
    bool held_any;          /* `held` is to be given out once more */
    struct reel_reader_block held;
    struct reel_reader_ahead ahead;

    bool have_set;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint32_t number;           /* of the volume; 0: not known */
    bool have_volume;          /* VOLUME was read: */
    struct reel_volume volume; /* its texts are in `text` */
    uint8_t text[REEL_SET_NAME_BYTES_MAX + REEL_SOFTWARE_BYTES_MAX];

    /* The set. */
    const struct reel_volumes *volumes; /* NULL: this one is all there is */
    bool have_lock;
    pthread_mutex_t lock; /* of labels and missing: a thread that reads mounts
                             volumes while another one tells what is missing */
    struct reel_reader_labels labels;
    uint32_t highest; /* number of a volume that is known of; 0: none */
    uint32_t last;    /* what came as the last of the set; 0: none did */
    bool goes_on;     /* a run ended where the data go on on another volume
                         that cannot be had */
    struct reel_number_set missing; /* could not be had; 0: the last one */
    bool deferred;                  /* notes wait in `told` */
    struct reel_reader_told *told;
    size_t told_count;
    size_t told_capacity;
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

/*
 * Have volume `number` mounted (0: the last of the set), at its first block of
 * Reel; the one that is mounted stays where it is. What is not it is refused
 * and asked for again; what could not be had is not asked for again. *have
 * false: it cannot be had, and perhaps nothing is mounted any more. Fails as
 * reel_volumes.get, and with UNSUPPORTED, MEMORY.
 */
enum reel_status reel_reader_volume_mount(struct reel_reader_volume *v,
                                          uint32_t number, bool *have,
                                          struct reel_err *err) REEL_MUST_CHECK;

/*
 * The same for the first of `from` … `to`, downwards where `to` is lower, that
 * can be had. After REEL_VOLUMES_MISSED_MAX in a row that cannot, the others
 * are told of in one note and only `to` is asked for.
 */
enum reel_status
reel_reader_volume_mount_any(struct reel_reader_volume *v, uint32_t from,
                             uint32_t to, bool *have,
                             struct reel_err *err) REEL_MUST_CHECK;

/* Is `number` known not to be at hand? On any thread. */
bool reel_reader_volume_missing(struct reel_reader_volume *v, uint32_t number);

/* The first of `from` (above 0) … `to` that is known not to be; 0: none. On any
   thread. */
uint32_t reel_reader_volume_first_missing(struct reel_reader_volume *v,
                                          uint32_t from, uint32_t to);

/* "volume 3 (REEL03)", for notes. On any thread. */
#define REEL_VOLUME_NAME_BYTES 40U
const char *reel_reader_volume_name(struct reel_reader_volume *v,
                                    uint32_t number,
                                    char out[REEL_VOLUME_NAME_BYTES]);

/* Tell a note, or keep it until notes are told; on a thread that reads. */
void reel_reader_volume_note(struct reel_reader_volume *v,
                             enum reel_note_kind kind,
                             const struct reel_err *why);
/* Tell what waits; on the caller's thread, when no other one reads. */
void reel_reader_volume_tell(struct reel_reader_volume *v);

/* What is mounted as the medium was opened: label, leader, VOLUME. */
enum reel_status reel_reader_volume_front(struct reel_reader_volume *v,
                                          struct reel_err *err) REEL_MUST_CHECK;

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

/*
 * The first block of Reel is held: learn of which set the volume is (V-6). A
 * medium that cannot go back is read REEL_READER_AHEAD_MAX things ahead at
 * most. Fails as reel_reader_volume_read does, and with MEMORY.
 */
enum reel_status
reel_reader_volume_choose(struct reel_reader_volume *v,
                          struct reel_err *err) REEL_MUST_CHECK;

/* A good block tells set and volume where nothing else did. */
void reel_reader_volume_learn(struct reel_reader_volume *v,
                              const struct reel_block_header *h);

#endif
