/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier: any tape is judged without a crash, on one thread and, now and
 * then, on three with the same result, and quickly too.
 */
#include <string.h>

#include "reel/verify.h"
#include "reel_fuzz.h"
#include "tape_input.h"

/* Threads are slow to start: one input in so many, by its length. */
#define THREADED_EVERY 16U

static enum reel_status
judge(struct reel_memory_tape *tape, enum reel_verify_depth depth,
      unsigned int threads, struct reel_verify_result *result)
{
    struct reel_verify_options o;
    enum reel_status status;

    memset(&o, 0, sizeof(o));
    o.depth     = depth;
    o.threads   = threads;
    o.report.fn = tape_input_note;
    must(reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL) ==
         REEL_OK);
    status = reel_verify(&o, result, NULL);
    must(reel_medium_close(o.medium, NULL) == REEL_OK);
    return status;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const tape = tape_input_new(data, size);
    struct reel_verify_result one;
    struct reel_verify_result three;

    if (tape == NULL)
        return 0;
    if (judge(tape, REEL_VERIFY_FULL, 1, &one) == REEL_OK &&
        size % THREADED_EVERY == 0) {
        must(judge(tape, REEL_VERIFY_FULL, 3, &three) == REEL_OK);
        must(one.diagnostics == three.diagnostics);
        must(one.proven == three.proven && one.lost == three.lost);
        must(memcmp(one.last.fingerprint, three.last.fingerprint,
                    sizeof(one.last.fingerprint)) == 0);
    }
    (void)judge(tape, REEL_VERIFY_QUICK, 1, &one);
    reel_memory_tape_free(tape);
    return 0;
}
