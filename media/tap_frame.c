/* SPDX-License-Identifier: Apache-2.0 */
/* Framing of .tap images, spec chapter 0. Pure; files and pipes share it. */
#include "reel/tap_frame.h"

#include <assert.h>

#include "reel/builder.h"
#include "reel/cursor.h"

#define WORD_MARK 0x00000000u
#define WORD_GAP 0xFFFFFFFEu
#define WORD_MEDIUM_END 0xFFFFFFFFu
#define WORD_ERROR_BIT 0x80000000u

struct reel_tap_word
reel_tap_word_decode(const uint8_t octets[REEL_TAP_WORD_BYTES])
{
    struct reel_cursor c = reel_cursor_init(octets, REEL_TAP_WORD_BYTES, NULL);
    const uint32_t value = reel_get_le32(&c);
    struct reel_tap_word word = {REEL_TAP_RESERVED, value};

    if (value == WORD_MARK)
        return (struct reel_tap_word){REEL_TAP_MARK, 0};
    if (value == WORD_GAP)
        return (struct reel_tap_word){REEL_TAP_GAP, 0};
    if (value == WORD_MEDIUM_END)
        return (struct reel_tap_word){REEL_TAP_MEDIUM_END, 0};
    if ((value & ~WORD_ERROR_BIT) > REEL_TAP_RECORD_BYTES_MAX)
        return word;
    word.kind  = value & WORD_ERROR_BIT ? REEL_TAP_BAD_RECORD : REEL_TAP_RECORD;
    word.bytes = value & ~WORD_ERROR_BIT;
    return word;
}

static uint32_t
word_value(struct reel_tap_word word)
{
    switch (word.kind) {
    case REEL_TAP_MARK:
        return WORD_MARK;
    case REEL_TAP_GAP:
        return WORD_GAP;
    case REEL_TAP_MEDIUM_END:
        return WORD_MEDIUM_END;
    case REEL_TAP_BAD_RECORD:
        return word.bytes | WORD_ERROR_BIT;
    case REEL_TAP_RECORD:
    case REEL_TAP_RESERVED:
        break;
    }
    return word.bytes;
}

void
reel_tap_word_encode(uint8_t octets[REEL_TAP_WORD_BYTES],
                     struct reel_tap_word word)
{
    struct reel_builder b = reel_builder_init(octets, REEL_TAP_WORD_BYTES);

    reel_put_le32(&b, word_value(word));
    assert(b.ok);
}

uint32_t
reel_tap_filling(uint32_t bytes)
{
    return bytes & 1u;
}

uint32_t
reel_tap_record_span(uint32_t bytes)
{
    assert(bytes <= REEL_TAP_RECORD_BYTES_MAX);
    return 2 * REEL_TAP_WORD_BYTES + bytes + reel_tap_filling(bytes);
}
