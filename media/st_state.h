/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tape backend's own state, and what its files offer each other: st_open.c
 * makes it, st_position.c moves it, st_read.c reads, st_linux.c writes.
 */
#ifndef REEL_ST_STATE_H
#define REEL_ST_STATE_H

#include "medium_ops.h"
#include "reel/medium_tap.h"
#include "st_calls.h"

struct reel_st {
    struct reel_medium base;
    int fd;
    char name[64]; /* its end, for sentences */
    uint32_t read_retries;
    const struct reel_medium_opener *opener; /* borrowed; may be NULL */
    const struct reel_reporter *report;      /* the same */

    /* Elements before the position, as long as that is known. */
    uint64_t address;
    bool known;

    /* The drive tells its position, `origin` at the beginning of the tape;
       `proven` when that agreed with our count behind an element. */
    bool can_ask;
    bool proven;
    uint64_t origin;

    int file;       /* the driver's count of filemarks; -1: it knows none */
    bool file_head; /* the driver may count 0 blocks in this file */

    bool warned;     /* early warning */
    bool writing;    /* the driver would put a filemark before it moves */
    bool any_block;  /* a block was read since the tape was opened */
    bool key_asked;  /* the drive was asked about encryption, or a hint given */
    size_t read_max; /* longest request that host and drive take */
    uint8_t *spare;  /* for blocks longer than the caller's buffer */
    size_t spare_bytes;
};

/* ---- st_position.c ---- */

/*
 * `what` failed for the reason `error`. MEDIUM; says so if the drive has lost
 * its place, as it does by a reset. From here on the position is unknown.
 */
enum reel_status reel_st_failed(struct reel_st *s, const char *what, int error,
                                struct reel_err *err);

/* Blocks of any length, whatever was set before. */
enum reel_status reel_st_any_length(struct reel_st *s, struct reel_err *err);

enum reel_status reel_st_rewind(struct reel_st *s, struct reel_err *err);

/* Learn what the drive's positions are worth; pre: at the beginning. */
void reel_st_learn_origin(struct reel_st *s);

/*
 * Behind a write the driver puts a filemark on the tape before it rewinds,
 * locates or closes, wherever the tape stands: behind a reset, which rewinds
 * most drives, that would be the end of everything on the tape. After this
 * call it does not.
 */
void reel_st_no_mark(struct reel_st *s);

/*
 * Compare the drive's position with our count, if both can be had. `refused`:
 * the block that was refused last may be on the tape; is it, it is counted.
 * False if the drive stands elsewhere, or does not know.
 */
bool reel_st_compare(struct reel_st *s, bool refused);

/* The driver's status, kept for what the next read meets. */
struct mtget reel_st_note_file(struct reel_st *s);

/* To `address`, which must not lie behind the end of data. */
enum reel_status reel_st_go(struct reel_st *s, uint64_t address,
                            struct reel_err *err);

/* One element forward without reading it. */
enum reel_st_step {
    REEL_ST_STEP_BLOCK,
    REEL_ST_STEP_MARK,
    REEL_ST_STEP_END,
    REEL_ST_STEP_FAILED /* errno is in *error; the position is unknown */
};
enum reel_st_step reel_st_forward(struct reel_st *s, int *error);

enum reel_status reel_st_space(void *state, int64_t count, int64_t *passed,
                               struct reel_err *err);
enum reel_status reel_st_locate(void *state, uint64_t address,
                                struct reel_err *err);
enum reel_status reel_st_tell(void *state, uint64_t *address,
                              struct reel_err *err);
enum reel_status reel_st_end_of_data(void *state, struct reel_err *err);

/* ---- st_read.c ---- */

enum reel_status reel_st_read_block(void *state, void *buf, size_t capacity,
                                    enum reel_event *event, size_t *block_bytes,
                                    struct reel_err *err);

/* ---- st_linux.c ---- */

extern const struct reel_medium_ops reel_st_ops;

/* A note to whoever listens. */
void reel_st_tell_note(const struct reel_reporter *report,
                       enum reel_note_kind kind, const struct reel_pos *pos,
                       const char *fmt, ...) REEL_PRINTF(4, 5);

#endif
