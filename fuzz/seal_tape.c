/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 0 and 3: the input is a .tap image, framing included. */
#include <string.h>

#include "reel/tap_frame.h"
#include "reel_fuzz.h"
#include "seal.h"
#include "tape_input.h"

/* As far as this a mutation may have moved the word behind a record. */
#define MOVED_MAX 64U
#define ELEMENTS_MAX (TAPE_INPUT_BYTES_MAX / REEL_TAP_WORD_BYTES)

/* Where in data[from, size), near `at`, the word `w` stands; size if nowhere.
 */
static size_t
find_word(const uint8_t *data, size_t from, size_t at, size_t size,
          const uint8_t w[REEL_TAP_WORD_BYTES])
{
    for (size_t moved = 0; moved <= MOVED_MAX; moved++) {
        if (at + moved + REEL_TAP_WORD_BYTES <= size &&
            memcmp(data + at + moved, w, REEL_TAP_WORD_BYTES) == 0)
            return at + moved;
        if (moved <= at - from && at - moved + REEL_TAP_WORD_BYTES <= size &&
            memcmp(data + at - moved, w, REEL_TAP_WORD_BYTES) == 0)
            return at - moved;
    }
    return size;
}

/* Let the octets [from, to) become `len`; what stands behind moves. Returns the
   new size, `size` if there is no room. */
static size_t
fit(uint8_t *data, size_t size, size_t capacity, size_t from, size_t to,
    size_t len)
{
    const size_t end = from + len;

    if (end + (size - to) > capacity)
        return size;
    memmove(data + end, data + to, size - to);
    if (end > to)
        memset(data + to, 0, end - to);
    return end + (size - to);
}

/* A record at `at` whose word says `bytes`: with the same word behind it.
   Octets that a mutation put in or took out are taken out or put in. */
static size_t
frame(uint8_t *data, size_t size, size_t capacity, size_t at, size_t bytes)
{
    const size_t from = at + REEL_TAP_WORD_BYTES;
    const size_t want = bytes + reel_tap_filling((uint32_t)bytes);
    size_t to;

    if (want > size - from)
        return size;
    to = find_word(data, from, from + want, size, data + at);
    if (to == size && from + want + REEL_TAP_WORD_BYTES > size)
        return size;
    if (to != size)
        size = fit(data, size, capacity, from, to, want);
    if (from + want + REEL_TAP_WORD_BYTES <= size)
        memcpy(data + from + want, data + at, REEL_TAP_WORD_BYTES);
    return size;
}

size_t
reel_fuzz_seal(uint8_t *data, size_t size, size_t capacity)
{
    static struct seal_block blocks[ELEMENTS_MAX];
    size_t count = 0;
    size_t at    = 0;

    if (size > TAPE_INPUT_BYTES_MAX)
        return size;
    if (capacity > TAPE_INPUT_BYTES_MAX)
        capacity = TAPE_INPUT_BYTES_MAX;
    while (size - at >= REEL_TAP_WORD_BYTES) {
        const struct reel_tap_word w = reel_tap_word_decode(data + at);

        if (w.kind == REEL_TAP_RESERVED || w.kind == REEL_TAP_MEDIUM_END)
            break;
        if (w.kind == REEL_TAP_RECORD || w.kind == REEL_TAP_BAD_RECORD) {
            size = frame(data, size, capacity, at, w.bytes);
            if (w.bytes > size - at - REEL_TAP_WORD_BYTES)
                break;
            blocks[count++] =
                (struct seal_block){data + at + REEL_TAP_WORD_BYTES, w.bytes};
            at += reel_tap_record_span(w.bytes);
            if (at > size)
                break;
        } else {
            at += REEL_TAP_WORD_BYTES;
        }
    }
    seal_blocks(blocks, count);
    return size;
}
