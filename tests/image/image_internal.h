/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of an image share. Any failure aborts. */
#ifndef REEL_IMAGE_INTERNAL_H
#define REEL_IMAGE_INTERNAL_H

#include "image_build.h"

/* For a volume that was begun for a catalog. */
#define IMAGE_NOT_FOR_DATA SIZE_MAX

/* Packed segments, kept until their place on the tape is due. */
struct segments {
    struct {
        uint8_t *data;
        size_t len;
    } all[4096];
    size_t count;
};

/* What the catalog is made from: kept until it is known on which volume it
   stands whole, and so that a run can begin behind any checkpoint. */
enum piece_kind { PIECE_DATA, PIECE_VOLUME, PIECE_CHECKPOINT };

struct piece {
    enum piece_kind kind;
    uint8_t *raw; /* an unpacked segment, or the record VOLUME */
    size_t raw_bytes;
    struct reel_place place;
    /* CHECKPOINT: what goes on behind it. */
    struct reel_position slice;
    uint64_t run_start;
    uint64_t number;
};

struct image {
    struct image_options o;
    struct reel_memory_tape *tapes[IMAGE_VOLUMES_MAX];
    struct reel_memory_tape *tape; /* of the volume at hand */
    uint32_t volumes;
    uint64_t left; /* blocks that still fit on it, VOLUME apart */
    bool voided;   /* a checkpoint or catalog met the end of the volume */
    uint64_t void_sequence;
    struct piece *pieces; /* of the archive at hand */
    size_t piece_count;
    size_t fed; /* so many of them the catalog has */
    uint8_t *block;
    struct reel_block_packer packer;
    struct reel_packer *zstd;

    uint8_t *raw; /* the DATA segment begun */
    size_t raw_bytes;

    struct reel_archive facts;
    struct reel_catalog *catalog;
    struct reel_record_packer *catalog_packer;
    struct segments kept;
    size_t slice_at;
    uint32_t checkpoint;
    struct reel_position checkpoint_slice;
    struct reel_position last_end;
    bool any_end;

    uint64_t number;
    bool open;
    struct reel_object object;
    uint8_t path[REEL_PATH_BYTES_MAX];
    struct reel_group group;
    struct reel_stream_header header;
    uint32_t streams;
    uint32_t groups;
    uint32_t xattrs;
    uint64_t stream_bytes;
    uint8_t bad[4 * REEL_BAD_RANGE_BYTES];
    uint32_t bad_count;
    struct reel_sha256 xattr_digest;
};

/* image_build.c: the volume at hand is closed, and another goes on at
   `sequence`; the catalog has its VOLUME before piece `piece_at`. */
void image_begin_volume(struct image *i, uint64_t sequence, size_t piece_at);

/* image_blocks.c: an element behind the others (NULL: a filemark); what the
   packers of blocks call with each of theirs. */
void image_element(struct image *i, const void *data, size_t len);
enum reel_status image_emit_block(void *ctx, const uint8_t *block,
                                  const struct reel_block_header *h,
                                  struct reel_err *err);

/* image_segments.c. */
void image_reseal_segment(uint8_t *segment, size_t len);
/* A frame whose window is its content says what window it needs instead;
   there is room for one octet more. */
void image_widen(uint8_t *packed, size_t *len, uint8_t window);
void image_push_segment(struct image *i, uint16_t kind, uint8_t *packed,
                        size_t len, struct reel_place *place);
/* One record, alone in a plain segment, alone in a block. */
void image_push_alone(struct image *i, uint16_t kind, const uint8_t *record,
                      size_t len);
/* The segments of the catalog from `from` on. */
void image_push_kept(struct image *i, uint16_t kind, size_t from);

/* image_pieces.c. */
void image_begin_catalog(struct image *i);
/* `raw` is copied; NULL: none. */
struct piece *image_add_piece(struct image *i, size_t at, enum piece_kind kind,
                              const uint8_t *raw, size_t raw_bytes);
/* What the catalog has not yet is now where it stays. */
void image_settle(struct image *i);
/* The catalog anew, from the pieces. */
void image_make_again(struct image *i);
void image_forget_archive(struct image *i);
/* The first piece that stands whole on the next volume. `begun`: the segment
   that is cut is the last of those that begin in block `sequence`. */
size_t image_first_moved(const struct image *i, uint64_t sequence, bool begun);
/* Pieces behind checkpoint `k` have no meaning any more, VOLUME apart. */
void image_drop_pieces(struct image *i, uint32_t k);
const struct piece *image_last_checkpoint(const struct image *i);

#endif
