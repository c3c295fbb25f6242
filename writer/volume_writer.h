/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on to the volumes, in order: data, checkpoints, catalog, END.
 * Private to writer/; one thread.
 */
#ifndef REEL_WRITER_VOLUME_WRITER_H
#define REEL_WRITER_VOLUME_WRITER_H

#include "reel/archive.h"
#include "reel/catalog.h"
#include "reel/record_packer.h"
#include "reel/write.h"
#include "spool.h"
#include "tape_writer.h"

struct reel_volume_writer {
    struct reel_tape_writer tape;
    struct reel_archive facts; /* as ARCHIVE says; strings borrowed */

    struct reel_catalog *catalog;
    struct reel_record_packer *catalog_packer;
    struct reel_spool spool;
    uint64_t slice_at; /* in the spool: where the slice begins */
    int catalog_fd;    /* the catalog kept beside the tape; -1: none */

    /* VOLUME records that stand before the next segment of the catalog. */
    uint8_t *volumes;
    size_t volume_bytes;
    size_t last_volume_bytes; /* of the last of them */

    uint64_t checkpoint_bytes;
    bool checkpoint_due; /* a further volume was begun */
    uint32_t checkpoint; /* number of the last */
    struct reel_position checkpoint_slice;

    bool complete;       /* END stands twice */
    struct reel_end end; /* once it is made */
};

struct reel_volume_writer_options {
    const struct reel_write_options *write;
    const struct reel_archive *facts;
    struct reel_volume volume; /* the one at hand: number, id, set, block
                                  octets, texts, created */
    uint64_t address;          /* where the medium stands */
};

/* Fails with MEMORY, MEDIUM, FULL. What `w` got is released by _fini, also
   when this fails. */
enum reel_status
reel_volume_writer_init(struct reel_volume_writer *w,
                        const struct reel_volume_writer_options *options,
                        struct reel_err *err) REEL_MUST_CHECK;
void reel_volume_writer_fini(struct reel_volume_writer *w);

/*
 * One segment of data: packed is what goes on to the medium, part what the
 * catalog needs of it (catalog_part.h). A checkpoint is made when it is due.
 * Once it failed it fails each time.
 */
enum reel_status
reel_volume_writer_segment(struct reel_volume_writer *w, struct reel_bytes part,
                           struct reel_bytes packed,
                           struct reel_err *err) REEL_MUST_CHECK;

/* The data are complete: catalog, END, END. w->end is set. */
enum reel_status reel_volume_writer_end(struct reel_volume_writer *w,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
