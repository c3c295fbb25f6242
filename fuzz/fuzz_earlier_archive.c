/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.4, EARLIER ARCHIVE: decoded and encoded again. */
#include <stdlib.h>
#include <string.h>

#include "reel/head.h"
#include "reel_fuzz.h"

/* Fields named zero, which the struct does not keep: where and how long. */
static const size_t zeros[][2] = {{12, 4}, {46, 2}};

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t again[REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX];
    uint8_t *const payload = again + REEL_RECORD_HEADER_BYTES;
    struct reel_cursor c   = reel_cursor_init(data, size, NULL);
    struct reel_builder b  = reel_builder_init(again, sizeof(again));
    struct reel_earlier_archive out;
    struct reel_err err;
    size_t i;

    if (size > REEL_RECORD_BYTES_MAX) /* */
        return 0;
    if (reel_earlier_archive_decode(&out, &c, &err) != REEL_OK)
        return 0;
    if (reel_earlier_archive_encode(&out, &b, &err) != REEL_OK)
        abort();
    if (b.len != REEL_RECORD_HEADER_BYTES + size)
        abort();
    for (i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
        memcpy(payload + zeros[i][0], data + zeros[i][0], zeros[i][1]);
    if (memcmp(payload, data, size) != 0)
        abort();
    return 0;
}
