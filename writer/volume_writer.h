/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on to the volumes, in order: data, checkpoints, catalog, END.
 * Private to writer/; one thread.
 */
#ifndef REEL_WRITER_VOLUME_WRITER_H
#define REEL_WRITER_VOLUME_WRITER_H

#include "done_posix.h"
#include "reel/archive.h"
#include "reel/catalog.h"
#include "reel/record_packer.h"
#include "reel/write.h"
#include "spool.h"
#include "tape_writer.h"

struct reel_volume_writer {
    struct reel_tape_writer tape;
    struct reel_archive facts; /* as ARCHIVE says; strings borrowed */
    enum reel_compression compression;
    int level;

    struct reel_catalog *catalog;
    struct reel_record_packer *catalog_packer;
    struct reel_spool spool;
    uint64_t slice_at; /* in the spool: where the slice begins */
    int catalog_fd;    /* the catalog kept beside the tape; -1: none */

    /* VOLUME records that no checkpoint holds; the catalog has those before
       `volume_told`. */
    uint8_t *volumes;
    size_t volume_bytes;
    size_t volume_told;
    size_t last_volume_bytes; /* of the last of them */

    uint64_t checkpoint_bytes;
    bool checkpoint_due; /* a further volume was begun */
    uint32_t checkpoint; /* number of the last */
    struct reel_position checkpoint_slice;
    uint64_t checkpoint_objects; /* complete ones */
    uint64_t behind_checkpoint;  /* sequence; 0 without one */
    uint8_t open_entry[128];     /* the record ENTRY at its end */
    size_t open_entry_bytes;
    uint8_t tail_entry[128]; /* the same of the checkpoint being written */
    size_t tail_entry_bytes;

    /* While records are loaded, and of those that were. */
    bool loading;           /* they stand in the spool already */
    struct reel_done *done; /* borrowed; NULL: not wanted */
    uint64_t head_records;  /* ARCHIVE, SOURCE, EARLIER ... */
    uint32_t loaded_volume; /* number in the last VOLUME of them */
    uint64_t open_object;   /* the object open there; 0: none */
    uint8_t open_encoding;
    uint8_t *open_path;
    size_t open_path_bytes;

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

/*
 * To resume: one record of the slices, in order, CHECKPOINTs included, into a
 * writer just made. `behind` is the sequence behind the last block of the
 * slice at hand. Fails with INVALID, CORRUPT (it is not what CHECKPOINT says).
 */
enum reel_status reel_volume_writer_load(struct reel_volume_writer *w,
                                         const struct reel_record *r,
                                         uint64_t behind,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* A VOLUME record that stands behind the last slice loaded. */
enum reel_status
reel_volume_writer_load_volume(struct reel_volume_writer *w,
                               struct reel_bytes record,
                               struct reel_err *err) REEL_MUST_CHECK;

/*
 * Everything behind the last checkpoint is lost, or may be: back to what was
 * known there. w->done, if set, is given the objects that stand. What comes
 * next is for reel_tape_writer_again.
 */
enum reel_status reel_volume_writer_back(struct reel_volume_writer *w,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* Nothing more comes for now: a checkpoint. */
enum reel_status reel_volume_writer_stop(struct reel_volume_writer *w,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* The number of the next object. */
uint64_t reel_volume_writer_next_object(const struct reel_volume_writer *w);

/* The data are complete: catalog, END, END. w->end is set. */
enum reel_status reel_volume_writer_end(struct reel_volume_writer *w,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
