/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the newest END, spec 9.6, on any tape: it comes to an end after
 * looking at no more than there is, and what it found decodes again.
 */
#include <string.h>

#include "reel/find_end.h"
#include "reel_fuzz.h"
#include "tape_input.h"

/* The last filemark before `*address`. */
static bool
mark_before(const struct reel_memory_tape *tape, uint64_t *address)
{
    for (uint64_t at = *address; at > 0; at--)
        if (reel_memory_tape_get(tape, at - 1).filemark) {
            *address = at - 1;
            return true;
        }
    return false;
}

static enum reel_status
look(struct reel_find_end *f, const struct reel_memory_tape *tape,
     uint64_t count)
{
    struct reel_memory_element e = {0};
    uint64_t mark                = f->address;
    bool passed;

    must(f->address <= count);
    if (f->move == REEL_FIND_MARK) {
        passed = mark_before(tape, &mark);
        reel_find_end_mark(f, passed, passed ? mark : 0);
        return REEL_OK;
    }
    if (f->address < count)
        e = reel_memory_tape_get(tape, f->address);
    if (e.filemark || e.unreadable)
        e.bytes = NULL;
    return reel_find_end_block(f, e.bytes, e.byte_count, NULL);
}

static void
check_found(const struct reel_find_end *f, const struct reel_memory_tape *tape)
{
    const struct reel_memory_element e =
        reel_memory_tape_get(tape, f->end_address);
    static uint8_t text[REEL_END_TEXT_BYTES];
    struct reel_block_header h;
    struct reel_end end;

    must(!reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL));
    must(!reel_end_of_block(&end, text, &h, e.bytes, f->end_address, NULL));
    must(end.archive == f->end.archive && end.objects == f->end.objects);
    must(memcmp(end.catalog_digest, f->end.catalog_digest,
                sizeof(end.catalog_digest)) == 0);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const tape = tape_input_new(data, size);
    static struct reel_find_end f;
    uint64_t looks = 0;
    uint64_t count;

    if (tape == NULL)
        return 0;
    count = reel_memory_tape_count(tape);
    reel_find_end_init(&f, count, 0, NULL);
    while (f.move != REEL_FIND_DONE) {
        must(looks++ <= 3 * count + 3);
        if (look(&f, tape, count) != REEL_OK)
            break;
    }
    if (f.move == REEL_FIND_DONE && f.found)
        check_found(&f, tape);
    reel_memory_tape_free(tape);
    return 0;
}
