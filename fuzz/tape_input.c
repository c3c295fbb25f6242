/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 0, the framing of images, as fuzz targets take it. */
#include "tape_input.h"

#include <stdlib.h>
#include <string.h>

#include "reel/tap_frame.h"

void
must(int holds)
{
    if (!holds)
        abort();
}

void
tape_input_note(void *ctx, const struct reel_note *note)
{
    (void)ctx;
    must(reel_status_name(note->err.status)[0] != '\0');
    must(memchr(note->err.text, '\0', sizeof(note->err.text)) != NULL);
    must(note->path.len == 0 || note->encoding != 0);
}

static void
put(struct reel_memory_tape *tape, const struct reel_memory_element *e)
{
    must(reel_memory_tape_insert(tape, reel_memory_tape_count(tape), e, NULL) ==
         REEL_OK);
}

/* One record or mark of data[0, size), at least a word; returns what it took,
   0 when nothing behind it counts. */
static size_t
take_element(struct reel_memory_tape *tape, const uint8_t *data, size_t size)
{
    const struct reel_tap_word w = reel_tap_word_decode(data);
    const size_t rest            = size - REEL_TAP_WORD_BYTES;
    const size_t len             = w.bytes < rest ? w.bytes : rest;
    struct reel_memory_element e = {.bytes      = data + REEL_TAP_WORD_BYTES,
                                    .byte_count = len};
    size_t span;

    switch (w.kind) {
    case REEL_TAP_MARK:
        put(tape, &(struct reel_memory_element){.filemark = true});
        return REEL_TAP_WORD_BYTES;
    case REEL_TAP_GAP:
        return REEL_TAP_WORD_BYTES;
    case REEL_TAP_BAD_RECORD:
        e.unreadable = true;
        if (len == 0)
            e.bytes = NULL;
        break;
    case REEL_TAP_RECORD:
        if (len == 0)
            return 0;
        break;
    case REEL_TAP_MEDIUM_END:
    case REEL_TAP_RESERVED:
        return 0;
    }
    put(tape, &e);
    span = reel_tap_record_span((uint32_t)w.bytes);
    return span < size ? span : size;
}

struct reel_memory_tape *
tape_input_new(const uint8_t *data, size_t size)
{
    struct reel_memory_tape *tape;
    size_t took;

    if (size > TAPE_INPUT_BYTES_MAX)
        return NULL;
    tape = reel_memory_tape_new(NULL);
    must(tape != NULL);
    while (size >= REEL_TAP_WORD_BYTES &&
           (took = take_element(tape, data, size)) > 0) {
        data += took;
        size -= took;
    }
    return tape;
}
