/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier: any row of blocks of 512 octets is judged without a crash, on
 * one thread and on three with the same result, and quickly too.
 */
#include <stdlib.h>
#include <string.h>

#include "reel/block_header.h"
#include "reel/crc32c.h"
#include "reel/medium_memory.h"
#include "reel/verify.h"
#include "reel_fuzz.h"

#define BLOCK_BYTES 512U
/* An octet in front of each element says what it is; others: a block. */
#define MARK 0xF1
#define LABEL 0x01

/* Octets of the element behind its octet in front, `rest` being there. */
static size_t
element_bytes(uint8_t form, size_t rest)
{
    const size_t len = form == MARK    ? 0
                       : form == LABEL ? REEL_LABEL_BYTES
                                       : BLOCK_BYTES;

    return len < rest ? len : rest;
}

static void
must(int holds)
{
    if (!holds)
        abort();
}

void
reel_fuzz_seal(uint8_t *data, size_t size)
{
    while (size > 0) {
        const size_t len = element_bytes(data[0], size - 1);

        if (len == BLOCK_BYTES && data[1] == reel_block_magic[0]) {
            struct reel_builder b = reel_builder_init(data + 9, 4);

            reel_put_le32(&b, reel_crc32c(data + 13, BLOCK_BYTES - 12));
        }
        data += 1 + len;
        size -= 1 + len;
    }
}

static struct reel_memory_tape *
make_tape(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const tape = reel_memory_tape_new(NULL);

    must(tape != NULL);
    while (size > 0) {
        const size_t len                   = element_bytes(data[0], size - 1);
        const struct reel_memory_element e = {len == 0, false, data + 1, len};

        must(reel_memory_tape_insert(tape, reel_memory_tape_count(tape), &e,
                                     NULL) == REEL_OK);
        data += 1 + len;
        size -= 1 + len;
    }
    return tape;
}

static enum reel_status
judge(struct reel_memory_tape *tape, enum reel_verify_depth depth,
      unsigned int threads, struct reel_verify_result *result)
{
    struct reel_verify_options o;
    enum reel_status status;

    memset(&o, 0, sizeof(o));
    o.depth   = depth;
    o.threads = threads;
    must(reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL) ==
         REEL_OK);
    status = reel_verify(&o, result, NULL);
    must(reel_medium_close(o.medium, NULL) == REEL_OK);
    return status;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const tape = make_tape(data, size);
    struct reel_verify_result one;
    struct reel_verify_result three;

    if (judge(tape, REEL_VERIFY_FULL, 1, &one) == REEL_OK) {
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
