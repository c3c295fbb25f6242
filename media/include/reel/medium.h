/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tape, or something that behaves as one: blocks and filemarks in a row.
 *
 * One thread at a time may use a medium. Addresses count blocks and filemarks
 * from the beginning of the medium, from 0, as LOCATE does. After any failure
 * other than those named below the position is unknown until rewind, locate
 * or end_of_data succeeds; `tell` then says so.
 *
 * A drive may be unable to find the end of data, as after a loss of power. A
 * medium opened for reading then hops over filemarks from the beginning, and
 * takes the place behind the last one for the end of data; a read that fails
 * there or behind it is REEL_EVENT_END. reel_medium_end_lost tells.
 */
#ifndef REEL_MEDIUM_H
#define REEL_MEDIUM_H

#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

/* What one read met. */
enum reel_event {
    REEL_EVENT_BLOCK,      /* a block; it stands in the buffer */
    REEL_EVENT_FILEMARK,   /* a filemark; the position is behind it */
    REEL_EVENT_END,        /* end of data, or of the medium */
    REEL_EVENT_UNREADABLE, /* a block that cannot be read; position behind it */
    REEL_EVENT_TOO_LONG    /* a block longer than the buffer; behind it */
};

enum reel_medium_mode {
    REEL_MEDIUM_READ,  /* must exist; never changed */
    REEL_MEDIUM_WRITE, /* read and write; made if it does not exist */
};

/* Facts about a medium, constant while it is open. */
struct reel_medium_info {
    bool can_locate;          /* false for a pipe: only forward, in order */
    bool write_protected;     /* writing is refused */
    uint32_t block_bytes_max; /* longest block the medium takes */
    bool drive;       /* a real drive: wants blocks of at least 64 KiB, a
                         buffer, and checkpoints that are not too many */
    bool append_only; /* write-once, as far as the drive tells: what is
                         written must stand behind the end of data */
};

struct reel_medium; /* opaque; made by the constructors below */

/*
 * Read what stands at the position into buf[0, capacity).
 * event       set on REEL_OK; UNREADABLE and TOO_LONG are not failures.
 * block_bytes length of the block for BLOCK and TOO_LONG, else 0. A block
 *             that is longer than the buffer is passed over whole.
 * Fails with MEDIUM, STOPPED.
 */
REEL_API enum reel_status
reel_medium_read(struct reel_medium *m, void *buf, size_t capacity,
                 enum reel_event *event, size_t *block_bytes,
                 struct reel_err *err) REEL_MUST_CHECK;

/*
 * Write one block of `bytes` (1 … block_bytes_max) at the position; whatever
 * stood there and behind is gone. On a device REEL_OK means "taken", not "on
 * tape": only a successful filemark proves what stands before it.
 * FULL: end of the medium was met; whether the block is on tape is unknown.
 * Also fails with MEDIUM, MISUSE (opened for reading).
 */
REEL_API enum reel_status
reel_medium_write(struct reel_medium *m, const void *buf, size_t bytes,
                  struct reel_err *err) REEL_MUST_CHECK;

/* Write one filemark and wait until everything before it is on the medium. */
REEL_API enum reel_status
reel_medium_filemark(struct reel_medium *m,
                     struct reel_err *err) REEL_MUST_CHECK;

/*
 * Pass over |count| filemarks: forward for count > 0, to behind the last one;
 * backward for count < 0, to before (on the beginning side of) the last one.
 * passed  set always: how many were passed. Meeting the end of data or the
 *         beginning stops there and is REEL_OK with fewer passed.
 * Fails with MEDIUM, STOPPED; MISUSE where the medium cannot go backward.
 */
REEL_API enum reel_status
reel_medium_space_filemarks(struct reel_medium *m, int64_t count,
                            int64_t *passed,
                            struct reel_err *err) REEL_MUST_CHECK;

/*
 * Go to `address`. An address behind the end of data goes to the end of data
 * and fails with TRUNCATED. MISUSE on a pipe, unless it lies ahead. MEDIUM,
 * STOPPED.
 */
REEL_API enum reel_status
reel_medium_locate(struct reel_medium *m, uint64_t address,
                   struct reel_err *err) REEL_MUST_CHECK;

/* Where the medium stands. MEDIUM when the position is not known. */
REEL_API enum reel_status
reel_medium_tell(struct reel_medium *m, uint64_t *address,
                 struct reel_err *err) REEL_MUST_CHECK;

/* Go behind the last block or filemark. MISUSE on a pipe. MEDIUM, STOPPED. */
REEL_API enum reel_status
reel_medium_end_of_data(struct reel_medium *m,
                        struct reel_err *err) REEL_MUST_CHECK;

/* Was it found that the end of data cannot be found? READ mode only. */
REEL_API bool reel_medium_end_lost(const struct reel_medium *m);

/* Of an image in a file: the offset in it at which the medium stands. False:
   it is none, and *octets is untouched. */
REEL_API bool reel_medium_octets(const struct reel_medium *m, uint64_t *octets);

/* True from the first write that met early warning on, until it moves back. */
REEL_API bool reel_medium_early_warning(const struct reel_medium *m);

/* Facts; valid until the medium is closed. Never NULL. */
REEL_API const struct reel_medium_info *
reel_medium_info(const struct reel_medium *m);

/*
 * Finish what is buffered and release the medium, also when it fails. A
 * writer has written its last filemark before, also behind FULL; none is added
 * here. (The system adds one to a tape whose writer died.) NULL is fine.
 */
REEL_API enum reel_status
reel_medium_close(struct reel_medium *m, struct reel_err *err) REEL_MUST_CHECK;

/*
 * Open what a user named: "-" is a SIMH .tap image on standard input or
 * output, any other regular file a SIMH .tap image, a character device of
 * Linux' st driver (/dev/nst0, /dev/st0) a tape. *out is set on REEL_OK
 * only; the caller closes it. In WRITE mode an existing image stands at its
 * beginning with nothing changed. Fails with MEDIUM, MEMORY, MAGIC.
 */
REEL_API enum reel_status
reel_medium_open(struct reel_medium **out, const char *name,
                 enum reel_medium_mode mode,
                 struct reel_err *err) REEL_MUST_CHECK;

#endif
