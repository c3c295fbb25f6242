/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4: the input is one segment, with all octets behind its header
   stored in it. */
#include "reel/builder.h"
#include "reel/limits.h"
#include "reel_fuzz.h"
#include "seal.h"

#define STORED_AT 12U

size_t
reel_fuzz_seal(uint8_t *data, size_t size, size_t capacity)
{
    struct reel_builder b;

    (void)capacity;
    if (size < REEL_SEGMENT_HEADER_BYTES)
        return size;
    b = reel_builder_init(data + STORED_AT, 4);
    reel_put_le32(&b, (uint32_t)(size - REEL_SEGMENT_HEADER_BYTES));
    (void)seal_segment(data, size);
    return size;
}
