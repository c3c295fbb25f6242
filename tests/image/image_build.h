/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole volumes and sets of them, record by record, on tapes in memory: what a
 * writer would put there, made by the encoders alone, and what no writer
 * would, by patches on their way. Any failure aborts.
 */
#ifndef REEL_IMAGE_BUILD_H
#define REEL_IMAGE_BUILD_H

#include "reel/archive.h"
#include "reel/block_packer.h"
#include "reel/catalog.h"
#include "reel/continued.h"
#include "reel/group.h"
#include "reel/medium_memory.h"
#include "reel/object.h"
#include "reel/record_packer.h"
#include "reel/volume.h"

#define IMAGE_VOLUMES_MAX 32U
#define IMAGE_RECORD_MAX (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

/*
 * Patches see what is about to be packed and may change it; checksums are made
 * behind them. NULL: nothing is changed. A record may grow up to
 * IMAGE_RECORD_MAX, or vanish with *len 0.
 */
struct image_patches {
    void *ctx;
    void (*record)(void *ctx, uint8_t *record, size_t *len);
    /* Records of catalog and slices; those are made before `record`. */
    void (*catalog_record)(void *ctx, uint8_t *record, size_t *len);
    void (*segment)(void *ctx, uint16_t kind, uint8_t *segment, size_t len);
    void (*block)(void *ctx, uint8_t *block, struct reel_block_header *h);
    /* The first page of the leader. */
    void (*page)(void *ctx, uint8_t *page, size_t len);
};

struct image_options {
    uint32_t block_bytes; /* 512 */
    size_t segment_bytes; /* records of DATA are cut there; 4096 */
    enum reel_compression compression;
    uint8_t window; /* zstd frames of DATA say that they need this window
                       (RFC 8878, Window_Descriptor); 0: as they are */
    uint8_t source; /* of ARCHIVE; 0: POSIX */
    uint64_t volume_blocks; /* each volume has room for so many blocks behind
                               VOLUME; 0: no end */
    struct image_patches patches;
};

struct image; /* opaque */

struct image *image_new(const struct image_options *options);
void image_free(struct image *i);
/* Volume 1; volume n, from 1, NULL if there is none; how many there are. */
struct reel_memory_tape *image_tape(struct image *i);
struct reel_memory_tape *image_tape_of(struct image *i, uint32_t volume);
uint32_t image_volumes(const struct image *i);

/* Label, leader, VOLUME. */
void image_volume(struct image *i);
/* ARCHIVE and one SOURCE; numbers go up by themselves. */
void image_archive(struct image *i);
/* Catalog, END, END. */
void image_archive_end(struct image *i);
/* A checkpoint here. */
void image_checkpoint(struct image *i);
/*
 * The volume at hand has room for so many more blocks. What does not fit goes
 * on as 9.7 says: a segment of data is repeated, a checkpoint is void, a
 * catalog is written anew as a new run.
 */
void image_full_after(struct image *i, uint64_t blocks);
/*
 * The writer died and goes on behind a checkpoint (0: from the beginning;
 * image_archive is to follow) as a new run: behind the end of the data, or on
 * a fresh volume. What was not flushed to a block is forgotten; image_break
 * before it puts what is there on the tape, without a filemark.
 */
void image_resume(struct image *i, uint32_t checkpoint, bool fresh_volume);
void image_break(struct image *i);
/* A run begins here, whatever was before; an object that is open goes on. */
void image_run_here(struct image *i);
/* The segment ends here. */
void image_cut(struct image *i);
/* A filemark. */
void image_filemark(struct image *i);
/* Any record, as it is. */
void image_record(struct image *i, struct reel_bytes record);

/* An object: begin, then xattrs, streams with their groups, then end. The
   number is that of the object begun last. */
uint64_t image_object(struct image *i, const struct reel_object *o);
void image_xattr(struct image *i, const char *name, const char *value);
void image_stream(struct image *i, uint32_t id, uint64_t size);
void image_named_stream(struct image *i, uint32_t id, struct reel_bytes name,
                        uint64_t size);
void image_data(struct image *i, const void *data, size_t len);
void image_group_end(struct image *i);
void image_object_end(struct image *i);
/* Of the object that is open: these octets could not be read. */
void image_bad_range(struct image *i, uint32_t ordinal, uint64_t offset,
                     uint64_t len);

/* The next object has a number one too high. */
void image_skip_number(struct image *i);

/* Make the checksum of the block at `address` right again. */
void image_reseal(struct reel_memory_tape *t, uint64_t address);

#endif
