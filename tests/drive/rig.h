/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scenario needs of a drive and its tapes. There are two of them:
 * rig_memory.c (the medium in memory) and rig_st.c (the kernel's st driver).
 * scenarios.c runs on both. Tapes are numbered from 1; one drive takes one at
 * a time. What cannot be done aborts the test.
 */
#ifndef DRIVE_RIG_H
#define DRIVE_RIG_H

#include "reel/medium.h"

#define RIG_TAPES 4u

/* How a tape behaves; all zero: endless, no faults. */
struct rig_tape {
    uint64_t capacity_bytes;
    uint64_t early_warning_bytes;
    bool full_on_tape; /* the first write refused in early warning stands on
                          tape all the same */
    bool write_once;
};

/* Add the scenarios that only this rig has. */
struct Suite;
void rig_scenarios_add(struct Suite *suite);

/* Before and behind each scenario. */
void rig_set_up(void);
void rig_tear_down(void);

/* Make tape `n` a new, blank one; `how` NULL: endless. No medium is open. */
void rig_blank(unsigned int n, const struct rig_tape *how);

/* Put tape `n` into the drive and open it; the caller closes *m. */
enum reel_status rig_open(struct reel_medium **m, unsigned int n,
                          enum reel_medium_mode mode, struct reel_err *err);

/* Set or free the write protection of tape `n`. No medium is open. */
void rig_protect(unsigned int n, bool on);

/* Make the block at `address` of tape `n` unreadable. `ili`: the drive sets
   ILI with the error, where there is such a thing. */
void rig_spoil(unsigned int n, uint64_t address, bool ili);

/* Lose the end of data of tape `n`, as a loss of power does, until something
   is written on it. */
void rig_lose_end(unsigned int n);

/* How many blocks and filemarks stand on tape `n`. */
uint64_t rig_count(unsigned int n);

/*
 * After about so many more reads and writes on tape `n` the drive is reset:
 * what was under way fails once, and the position is lost. 0: never.
 */
void rig_reset_after(unsigned int n, unsigned long calls);

/*
 * Call run(ctx), which opens and writes tape `n`, and kill it with SIGKILL
 * after about so many writes. True if it was; false if it ended before. `run`
 * asserts nothing.
 */
bool rig_kill_after(unsigned int n, unsigned long writes, void (*run)(void *),
                    void *ctx);

#endif
