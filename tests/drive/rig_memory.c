/* SPDX-License-Identifier: Apache-2.0 */
/* The rig on the medium in memory: scenarios as ordinary unit tests. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reel/medium_memory.h"
#include "rig.h"

struct slot {
    struct reel_memory_tape *tape;
    struct reel_memory_options options;
};

static struct slot slots[RIG_TAPES];

static struct slot *
slot(unsigned int n)
{
    ck_assert_uint_ge(n, 1);
    ck_assert_uint_le(n, RIG_TAPES);
    return &slots[n - 1];
}

static struct reel_memory_tape *
new_tape(const struct reel_memory_options *options)
{
    struct reel_memory_tape *const t = reel_memory_tape_new(options);

    ck_assert_ptr_nonnull(t);
    return t;
}

void
rig_scenarios_add(Suite *suite)
{
    (void)suite; /* what there is of them, drives have, too */
}

void
rig_set_up(void)
{
    memset(slots, 0, sizeof(slots));
}

void
rig_tear_down(void)
{
    unsigned int i;

    for (i = 0; i < RIG_TAPES; i++)
        reel_memory_tape_free(slots[i].tape);
}

void
rig_blank(unsigned int n, const struct rig_tape *how)
{
    struct slot *const s = slot(n);

    reel_memory_tape_free(s->tape);
    memset(&s->options, 0, sizeof(s->options));
    if (how) {
        s->options.capacity_bytes      = how->capacity_bytes;
        s->options.early_warning_bytes = how->early_warning_bytes;
        s->options.full_on_tape        = how->full_on_tape;
        s->options.write_once          = how->write_once;
    }
    s->tape = new_tape(&s->options);
}

enum reel_status
rig_open(struct reel_medium **m, unsigned int n, enum reel_medium_mode mode,
         struct reel_err *err)
{
    return reel_medium_memory_new(m, slot(n)->tape, mode, err);
}

/* Protection belongs to a tape from its beginning: make a copy with it. */
void
rig_protect(unsigned int n, bool on)
{
    struct slot *const s = slot(n);
    struct reel_memory_tape *copy;
    struct reel_err err;
    uint64_t i;

    s->options.write_protected = on;
    copy                       = new_tape(&s->options);
    for (i = 0; i < reel_memory_tape_count(s->tape); i++) {
        const struct reel_memory_element e = reel_memory_tape_get(s->tape, i);

        ck_assert_int_eq(reel_memory_tape_insert(copy, i, &e, &err), REEL_OK);
    }
    reel_memory_tape_free(s->tape);
    s->tape = copy;
}

void
rig_spoil(unsigned int n, uint64_t address, bool ili)
{
    struct reel_err err;

    (void)ili; /* a matter of SCSI */
    ck_assert_int_eq(reel_memory_tape_spoil(slot(n)->tape, address, &err),
                     REEL_OK);
}

void
rig_lose_end(unsigned int n)
{
    reel_memory_tape_lose_end(slot(n)->tape);
}

uint64_t
rig_count(unsigned int n)
{
    return reel_memory_tape_count(slot(n)->tape);
}

void
rig_reset_after(unsigned int n, unsigned long calls)
{
    reel_memory_tape_fail_at(slot(n)->tape, calls, false);
}

/* Nothing that a killed writer would still do comes to the tape. */
bool
rig_kill_after(unsigned int n, unsigned long writes, void (*run)(void *),
               void *ctx)
{
    struct reel_memory_tape *const t = slot(n)->tape;
    bool killed;

    reel_memory_tape_fail_at(t, writes, true);
    run(ctx);
    killed = reel_memory_tape_calls(t) >= writes;
    reel_memory_tape_fail_at(t, 0, false);
    return killed;
}
