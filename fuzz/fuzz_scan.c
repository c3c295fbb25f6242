/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Restore into memory without catalog or END, spec chapters 5 to 8: the input
 * is the unpacked segments of an archive; the octet 0xFF twice ends a segment
 * and may lose a block.
 */

#include "engine.h"
#include "reel/alloc.h"
#include "reel/block_packer.h"
#include "reel/medium_memory.h"
#include "reel_fuzz.h"
#include "tape_input.h"
#include "watch_sink.h"

#define INPUT_BYTES_MAX 65536U

/* ---- The volume ---- */

static enum reel_status
put_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
          struct reel_err *err)
{
    const struct reel_memory_element e = {.bytes      = block,
                                          .byte_count = h->block_bytes};
    struct reel_memory_tape *const t   = ctx;

    return reel_memory_tape_insert(t, reel_memory_tape_count(t), &e, err);
}

static void
put_segment(struct reel_block_packer *p, const uint8_t *raw, size_t len)
{
    static uint8_t packed[INPUT_BYTES_MAX + 1024];
    struct reel_bytes segment = {packed, 0};
    struct reel_place place;

    if (len < REEL_RECORD_HEADER_BYTES)
        return;
    must(!reel_segment_pack(NULL, raw, len, packed, sizeof(packed),
                            &segment.len, NULL));
    must(!reel_block_packer_push(p, segment, &place, NULL));
}

static struct reel_memory_tape *
make_tape(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *const t = reel_memory_tape_new(NULL);
    struct reel_block_packer p;
    uint8_t block[REEL_BLOCK_BYTES_MIN];
    size_t begin = 0;
    size_t i;

    must(t != NULL);
    reel_block_packer_init(&p, sizeof(block), block, put_block, t);
    p.next.volume = p.next.archive = 1;
    reel_block_packer_begin(&p, REEL_BLOCK_DATA);
    for (i = 0; i + 1 < size; i++)
        if (i >= begin && data[i] == 0xFF && data[i + 1] == 0xFF) {
            put_segment(&p, data + begin, i - begin);
            begin = i + 2;
            p.next.sequence += begin % 3 == 0;
        }
    put_segment(&p, data + begin, size - begin);
    must(!reel_block_packer_flush(&p, NULL));
    return t;
}

/* ---- Reading it ---- */

static void
restore(const struct reel_access *access)
{
    struct reel_restore_result result;
    struct reel_session session;
    struct watch_sink sink;
    struct reel_err err;

    watch_sink_init(&sink, NULL);
    if (reel_session_open(&session, access, NULL, &err) == REEL_OK)
        (void)!reel_engine_run(&session, &sink.sink, &result, &err);
    reel_session_close(&session);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_access access = {.catalog_fd = -1, .threads = 1};
    struct reel_memory_tape *t;

    if (size > INPUT_BYTES_MAX)
        return 0;
    t = make_tape(data, size);
    must(!reel_medium_memory_new(&access.medium, t, REEL_MEDIUM_READ, NULL));
    restore(&access);
    must(!reel_medium_close(access.medium, NULL));
    reel_memory_tape_free(t);
    return 0;
}
