/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIMH .tap images as media (spec chapter 0; reel/tap_frame.h has the form).
 *
 * How an image is read that is not as it should be:
 * - A record with the error bit set is REEL_EVENT_UNREADABLE.
 * - An image cut inside a record: that record is REEL_EVENT_UNREADABLE once,
 *   then comes the end. 1 to 3 octets too few for a word are the end at once.
 *   end_of_data goes to before such a record, so that what is written then
 *   takes its place.
 * - A word that is reserved, or two words around a record that differ: in a
 *   file, one REEL_EVENT_UNREADABLE, which has one address, stands for all
 *   up to where the framing can be proven again, at the latest the end of
 *   the file. In a pipe that cannot be found out, and the read fails.
 * - The marker for the end of the medium ends it; a write there replaces it.
 *   Erase gaps are passed over and have no address.
 */
#ifndef REEL_MEDIUM_TAP_H
#define REEL_MEDIUM_TAP_H

#include "reel/medium.h"
#include "reel/note.h"

/* The compression that a drive does by itself. */
enum reel_drive_compression {
    REEL_DRIVE_COMPRESSION_LEAVE, /* as it is set */
    REEL_DRIVE_COMPRESSION_OFF,
    REEL_DRIVE_COMPRESSION_ON
};

/* Somebody else who opens files and devices for a medium. */
struct reel_medium_opener {
    void *ctx;
    /* As open: a descriptor, which is the medium's then, or -1 with errno. Must
       not create anything unless `flags` say so. */
    int (*open)(void *ctx, const char *name, int flags);
};

/* As open with O_CLOEXEC, O_NOCTTY and mode 0666, over EINTR; -1 with errno.
   `o` NULL: by the call itself. */
REEL_API int reel_medium_opener_open(const struct reel_medium_opener *o,
                                     const char *name, int flags);

/* Somebody who has to do something before a file is written to. */
struct reel_medium_begin {
    void *ctx;
    enum reel_status (*fn)(void *ctx, struct reel_err *err);
};

/* All zero is what reel_medium_open does. */
struct reel_medium_open_opts {
    bool overwrite; /* WRITE: an existing file counts as empty, whatever it
                       holds, and is so from the first write on */
    struct reel_medium_begin begin; /* WRITE: called before the first write,
                                       which fails as it does, and then once
                                       more; fn NULL: nobody */
    bool sync; /* a filemark waits until the file is on stable storage, and
                  opening a new one until its name is */
    uint64_t volume_bytes_max;    /* the image behaves as a tape that ends
                                     before it grows longer; 0: endless; a
                                     few filemarks have room kept for them */
    uint64_t early_warning_bytes; /* so long before volume_bytes_max */

    const struct reel_medium_opener *opener; /* NULL: by open(2) */

    /* Whom to tell what a tape drive waits for and such; read also later. It
       can stop that, and the way through an image opened for reading. NULL:
       nobody. */
    const struct reel_reporter *report;

    /* The rest is for tape drives. */
    uint32_t load_wait_seconds; /* wait at most so long for a tape, also for
                                   one to be put in; 0: 150 minutes where one
                                   is being loaded (a new LTO-9 tape takes up
                                   to 120), else not at all */
    uint32_t read_retries;      /* read a bad block so many times more */
    enum reel_drive_compression compression; /* WRITE; a drive that refuses is
                                                told as a note */
};

/*
 * As reel_medium_open, with options; `opts` may be NULL and is borrowed. The
 * first options are for regular files, the last for tape drives, `opener` and
 * `report` for both; for others they have no effect. One writer at a time can
 * open a file, one program a tape drive, which is set to blocks of any length
 * and rewound.
 *
 * A FIFO is taken as "-" is. Fails with MAGIC for what is not an image, with
 * a sentence on what it looks like: a directory; in READ mode an empty file;
 * a file in which neither the first nor the last record is whole. An empty
 * file is a blank medium in WRITE mode. Fails with UNSUPPORTED for other
 * devices and sockets, STOPPED while waiting for a tape, MEDIUM when the system
 * refuses, MEMORY.
 */
REEL_API enum reel_status
reel_medium_open_with(struct reel_medium **out, const char *name,
                      enum reel_medium_mode mode,
                      const struct reel_medium_open_opts *opts,
                      struct reel_err *err) REEL_MUST_CHECK;

/*
 * A medium on the regular file `fd`, which stands open for reading, in WRITE
 * mode for writing too. What it holds is not judged; `overwrite` has no
 * effect. Takes `fd`: it is closed with the medium. Fails with MEDIUM, MEMORY.
 */
REEL_API enum reel_status
reel_medium_tap_file_new(struct reel_medium **out, int fd,
                         enum reel_medium_mode mode,
                         const struct reel_medium_open_opts *opts,
                         struct reel_err *err) REEL_MUST_CHECK;

/*
 * A medium on anything that is only read, or in WRITE mode only written, from
 * front to back: reading from a WRITE pipe is MISUSE. Takes `fd` as above if
 * `close_fd`, else borrows it until the medium is closed. Whoever writes to a
 * pipe should ignore SIGPIPE. Fails with MEMORY.
 */
REEL_API enum reel_status
reel_medium_tap_pipe_new(struct reel_medium **out, int fd, bool close_fd,
                         enum reel_medium_mode mode,
                         struct reel_err *err) REEL_MUST_CHECK;

#endif
