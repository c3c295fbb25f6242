/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 5: the records of a segment, walked and put again. */
#include <stdlib.h>
#include <string.h>

#include "reel/record.h"
#include "reel_fuzz.h"

/* The record as its struct has it, octet for octet. */
static void
compare(const struct reel_record *r)
{
    uint8_t again[REEL_RECORD_HEADER_BYTES];
    struct reel_builder b = reel_builder_init(again, sizeof(again));

    reel_put_le16(&b, r->type);
    reel_put_le16(&b, r->zero);
    reel_put_le32(&b, (uint32_t)r->payload.len);
    reel_put_le64(&b, r->object);
    if (memcmp(again, r->whole.data, sizeof(again)) != 0)
        abort();
    if (r->payload.data != r->whole.data + sizeof(again) ||
        r->whole.len != sizeof(again) + r->payload.len)
        abort();
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_cursor c = reel_cursor_init(data, size, NULL);
    size_t walked        = 0;
    enum reel_status status;
    struct reel_record r;
    struct reel_err err;

    while ((status = reel_record_next(&r, &c, &err)) == REEL_OK) {
        if (r.whole.data != data + walked)
            abort();
        compare(&r);
        walked += r.whole.len;
    }
    if (status == REEL_END && walked != size)
        abort();
    return 0;
}
