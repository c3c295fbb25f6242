/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a backend of reel_medium brings (reel/medium.h has the contracts).
 *
 * medium.c has checked arguments, mode and that the position is known before
 * it calls a function from here. A backend is one heap object that holds its
 * struct reel_medium; `state` points to it. `close` releases it.
 */
#ifndef REEL_MEDIUM_OPS_H
#define REEL_MEDIUM_OPS_H

#include "reel/drive.h"
#include "reel/medium.h"

struct reel_medium_ops {
    enum reel_status (*read)(void *state, void *buf, size_t capacity,
                             enum reel_event *event, size_t *block_bytes,
                             struct reel_err *err);
    enum reel_status (*write)(void *state, const void *buf, size_t bytes,
                              struct reel_err *err);
    enum reel_status (*filemark)(void *state, struct reel_err *err);
    enum reel_status (*space_filemarks)(void *state, int64_t count,
                                        int64_t *passed, struct reel_err *err);
    enum reel_status (*locate)(void *state, uint64_t address,
                               struct reel_err *err);
    enum reel_status (*tell)(void *state, uint64_t *address,
                             struct reel_err *err);
    enum reel_status (*end_of_data)(void *state, struct reel_err *err);
    bool (*early_warning)(const void *state);
    enum reel_status (*close)(void *state, struct reel_err *err);
    /* Where the position is in the file; NULL: it is no file. */
    uint64_t (*octets)(const void *state);
    /* NULL: no drive. The position stays as it is. */
    void (*drive_facts)(void *state, struct reel_drive_facts *out);
};

struct reel_medium {
    const struct reel_medium_ops *ops;
    void *state;
    struct reel_medium_info info;
    enum reel_medium_mode mode;
    bool position_lost; /* a call failed; only locate and end_of_data help */

    /* For reading only; see lost_end.c. */
    uint64_t address;   /* where the medium stands, unless … */
    bool address_stale; /* … it moved to where only it knows */
    bool end_judged;
    bool end_lost; /* the drive cannot find the end of data */
    uint64_t end;  /* then: what is surely there ends here, or later */
};

#endif
