/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths; records layer. */
#include "reel/limits.h"
#include "reel/path.h"

/* The unit of `width` octets at index i. */
static unsigned int
unit(struct reel_bytes path, size_t width, size_t i)
{
    const uint8_t *const p = path.data + i * width;

    return width == 1 ? p[0] : p[0] | (unsigned int)p[1] << 8;
}

/* N-2 for the component [from, to): not empty, ".", "..". */
static bool
component_legal(struct reel_bytes path, size_t width, size_t from, size_t to)
{
    const size_t n = to - from;

    if (n == 0)
        return false;
    if (n <= 2 && unit(path, width, from) == '.' &&
        unit(path, width, to - 1) == '.')
        return false;
    return true;
}

enum reel_status
reel_path_check(struct reel_bytes path, uint8_t encoding,
                const struct reel_cursor *at, struct reel_err *err)
{
    const size_t width = encoding == REEL_ENCODING_UTF16 ? 2 : 1;
    size_t from        = 0;
    size_t i;

    if (path.len > REEL_PATH_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "N-1",
                            "path of %zu octets", path.len);
    if (path.len % width != 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "N-3",
                            "UTF-16 path of %zu octets", path.len);
    if (path.len == 0)
        return REEL_OK;
    for (i = 0; i <= path.len / width; i++) {
        const bool last      = i == path.len / width;
        const unsigned int u = last ? '/' : unit(path, width, i);

        if (u == 0)
            return reel_fail_at(err, REEL_E_INVALID, at, "N-2",
                                "path holds a zero");
        if (u != '/')
            continue;
        if (!component_legal(path, width, from, i))
            return reel_fail_at(err, REEL_E_INVALID, at, "N-2",
                                "path has a component that is empty, \".\" "
                                "or \"..\"");
        from = i + 1;
    }
    return REEL_OK;
}
