/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer: runs of octets. */
#include <string.h>

#include "reel/bytes.h"

bool
reel_bytes_equal(struct reel_bytes a, struct reel_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int
reel_bytes_compare(struct reel_bytes a, struct reel_bytes b)
{
    const size_t common = a.len < b.len ? a.len : b.len;
    const int order     = common == 0 ? 0 : memcmp(a.data, b.data, common);

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

struct reel_bytes
reel_bytes_of(const char *text)
{
    const struct reel_bytes b = {(const uint8_t *)text, strlen(text)};

    return b;
}

bool
reel_bytes_zero(const uint8_t *data, size_t len)
{
    /* Compare the run with itself shifted by one: one memcmp, no table. */
    return len == 0 || (data[0] == 0 && memcmp(data, data + 1, len - 1) == 0);
}
