/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 3 and 9.7: blocks on tapes, and how they go on on the next
   volume; tests. */
#include "image_internal.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

#include "reel/crc32c.h"

void
image_element(struct image *i, const void *data, size_t len)
{
    const struct reel_memory_element e = {data == NULL, false, data, len};

    MUST(reel_memory_tape_insert(i->tape, reel_memory_tape_count(i->tape), &e,
                                 NULL));
}

static void
put_block(struct image *i, const uint8_t *block,
          const struct reel_block_header *h)
{
    const uint64_t at                = reel_memory_tape_count(i->tape);
    struct reel_memory_element e     = {false, false, NULL, h->block_bytes};
    struct reel_block_header changed = *h;
    uint8_t *copy;

    image_element(i, block, h->block_bytes);
    if (i->o.patches.block == NULL)
        return;
    copy = malloc(h->block_bytes);
    memcpy(copy, block, h->block_bytes);
    i->o.patches.block(i->o.patches.ctx, copy, &changed);
    e.bytes = copy;
    MUST(reel_memory_tape_set(i->tape, at, &e, NULL));
    image_reseal(i->tape, at);
    free(copy);
}

/* A block made for another volume, as it stands on the one at hand. */
static void
put_here(struct image *i, const uint8_t *block,
         const struct reel_block_header *h)
{
    struct reel_block_header mine = *h;
    uint8_t *const copy           = malloc(h->block_bytes);

    memcpy(copy, block, h->block_bytes);
    mine.volume  = i->volumes;
    mine.address = reel_memory_tape_count(i->tape);
    MUST(reel_block_seal(&mine, copy, NULL));
    MUST_HOLD(i->left > 0);
    i->left--;
    put_block(i, copy, &mine);
    free(copy);
}

/* The first address of what is repeated: the blocks from the one on in which
   the segment begins that goes on in the block `h`. */
static uint64_t
repeat_from(const struct image *i, const struct reel_block_header *h)
{
    uint64_t at                   = reel_memory_tape_count(i->tape);
    struct reel_block_header last = *h;

    while (at > 0 && (last.first_segment == REEL_NONE32 ||
                      (last.sequence == h->sequence && h->first_segment > 0))) {
        const struct reel_memory_element e =
            reel_memory_tape_get(i->tape, --at);

        MUST(reel_block_decode(&last, e.bytes, e.byte_count, NULL, NULL));
    }
    return at;
}

/* 9.7: the block does not fit; go on with it on the next volume. */
static void
span(struct image *i, const uint8_t *block, const struct reel_block_header *h)
{
    struct reel_memory_tape *const full = i->tape;
    const uint64_t end                  = reel_memory_tape_count(full);
    uint64_t at                         = repeat_from(i, h);
    const uint64_t sequence             = h->sequence - (end - at);
    size_t n = image_first_moved(i, sequence, at < end);
    struct reel_block_header old;

    image_begin_volume(i, sequence, n);
    for (n++; n < i->piece_count; n++) {
        i->pieces[n].place.volume  = i->volumes;
        i->pieces[n].place.address = reel_memory_tape_count(i->tape) +
                                     (i->pieces[n].place.sequence - sequence);
    }
    for (; at < end; at++) {
        const struct reel_memory_element e = reel_memory_tape_get(full, at);

        MUST(reel_block_decode(&old, e.bytes, e.byte_count, NULL, NULL));
        put_here(i, e.bytes, &old);
    }
    put_here(i, block, h);
    /* The packer goes on behind the block that it just gave. */
    i->packer.next.address = reel_memory_tape_count(i->tape) - 1;
}

enum reel_status
image_emit_block(void *ctx, const uint8_t *block,
                 const struct reel_block_header *h, struct reel_err *err)
{
    struct image *const i = ctx;

    (void)err;
    if (h->kind == REEL_BLOCK_VOLUME) {
        put_block(i, block, h);
    } else if (i->left > 0 && !i->voided) {
        i->left--;
        put_block(i, block, h);
    } else if (h->kind == REEL_BLOCK_DATA) {
        span(i, block, h);
    } else if (!i->voided) {
        i->voided        = true;
        i->void_sequence = h->sequence;
    }
    return REEL_OK;
}

void
image_reseal(struct reel_memory_tape *t, uint64_t address)
{
    struct reel_memory_element e = reel_memory_tape_get(t, address);
    uint8_t *const copy          = malloc(e.byte_count);
    struct reel_builder b        = reel_builder_init(copy + 8, 4);

    memcpy(copy, e.bytes, e.byte_count);
    reel_put_le32(&b, reel_crc32c(copy + 12, e.byte_count - 12));
    e.bytes = copy;
    MUST(reel_memory_tape_set(t, address, &e, NULL));
    free(copy);
}

void
image_filemark(struct image *i)
{
    MUST(reel_block_packer_flush(&i->packer, NULL));
    if (i->voided)
        return;
    image_element(i, NULL, 0);
    reel_block_packer_filemark(&i->packer);
}
