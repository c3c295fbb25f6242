/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on to the medium, in order: label, leader, VOLUME, data,
 * checkpoints, catalog, END. Private to writer/; one thread.
 */
#ifndef REEL_WRITER_VOLUME_WRITER_H
#define REEL_WRITER_VOLUME_WRITER_H

#include "reel/archive.h"
#include "reel/block_packer.h"
#include "reel/catalog.h"
#include "reel/medium.h"
#include "reel/record_packer.h"
#include "reel/write.h"
#include "spool.h"

struct reel_volume_writer {
    struct reel_medium *medium; /* borrowed */
    struct reel_block_packer packer;
    uint8_t *block;
    struct reel_archive facts; /* as ARCHIVE says; strings borrowed */

    struct reel_catalog *catalog;
    struct reel_record_packer *catalog_packer;
    struct reel_spool spool;
    uint64_t slice_at; /* in the spool: where the slice begins */
    int catalog_fd;    /* the catalog kept beside the tape; -1: none */

    uint64_t checkpoint_bytes;
    uint64_t since_checkpoint; /* octets of blocks */
    uint32_t checkpoint;       /* number of the last */
    struct reel_position checkpoint_slice;

    uint64_t blocks;     /* emitted */
    struct reel_end end; /* once it is made */
};

struct reel_volume_writer_options {
    const struct reel_write_options *write;
    const struct reel_archive *facts;
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    uint64_t address; /* where the medium stands */
};

/* Fails with MEMORY, MEDIUM, FULL. What `w` got is released by _fini, also
   when this fails. */
enum reel_status
reel_volume_writer_init(struct reel_volume_writer *w,
                        const struct reel_volume_writer_options *options,
                        struct reel_err *err) REEL_MUST_CHECK;
void reel_volume_writer_fini(struct reel_volume_writer *w);

/* Label, leader and VOLUME of a new set, at the beginning of the medium. */
enum reel_status reel_volume_writer_begin(struct reel_volume_writer *w,
                                          const struct reel_write_options *o,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* One segment of data: part of it for the catalog (catalog_part.h), packed
   what goes on to the medium. A checkpoint is made when it is due. */
enum reel_status
reel_volume_writer_segment(struct reel_volume_writer *w, struct reel_bytes part,
                           struct reel_bytes packed,
                           struct reel_err *err) REEL_MUST_CHECK;

/* The data are complete: catalog, END, END. w->end is set. */
enum reel_status reel_volume_writer_end(struct reel_volume_writer *w,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
