/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1 and 8.5, paths where they are put back (N-5, N-6); policy layer. */
#include <string.h>

#include "reel/alloc.h"
#include "reel/wtf8.h"
#include "sink_path.h"

void
reel_sink_path_init(struct reel_sink_path *p)
{
    memset(p, 0, sizeof(*p));
}

void
reel_sink_path_fini(struct reel_sink_path *p)
{
    reel_free(p->text);
    reel_sink_path_init(p);
}

static enum reel_status
reserve(struct reel_sink_path *p, size_t bytes, struct reel_err *err)
{
    char *text;

    if (bytes <= p->capacity)
        return REEL_OK;
    text = reel_realloc_array(p->text, bytes, 1);
    if (text == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path of %zu octets", bytes);
    p->text     = text;
    p->capacity = bytes;
    return REEL_OK;
}

/* Drop `strip` leading components; false when nothing is left. */
static bool
strip_leading(struct reel_sink_path *p, uint32_t strip)
{
    size_t from = 0;

    if (strip == 0)
        return true;
    while (strip > 0) {
        const char *slash = memchr(p->text + from, '/', p->len - from);

        if (slash == NULL)
            return false;
        from = (size_t)(slash - p->text) + 1;
        strip--;
    }
    p->len -= from;
    memmove(p->text, p->text + from, p->len);
    return true;
}

static void
find_name(struct reel_sink_path *p)
{
    const char *slash = memrchr(p->text, '/', p->len);

    p->text[p->len] = '\0';
    p->parent_len   = slash == NULL ? 0 : (size_t)(slash - p->text);
    p->name_at      = slash == NULL ? 0 : p->parent_len + 1;
}

static enum reel_status
check(struct reel_bytes path, uint8_t encoding, struct reel_err *why)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);

    return reel_path_check(path, encoding, &nowhere, why);
}

enum reel_status
reel_sink_path_set(struct reel_sink_path *p, struct reel_bytes stored,
                   uint8_t encoding, uint32_t strip,
                   enum reel_sink_path_verdict *verdict, struct reel_err *why,
                   struct reel_err *err)
{
    struct reel_bytes result;

    *verdict = REEL_SINK_PATH_ILLEGAL;
    if (check(stored, encoding, why) != REEL_OK)
        return REEL_OK;
    REEL_TRY(reserve(p, stored.len * 2 + 1, err));
    if (encoding == REEL_ENCODING_UTF16) {
        p->len = reel_wtf8_from_units((uint8_t *)p->text, stored);
    } else {
        if (stored.len > 0)
            memcpy(p->text, stored.data, stored.len);
        p->len = stored.len;
    }
    if (!strip_leading(p, strip)) {
        *verdict = REEL_SINK_PATH_STRIPPED;
        return REEL_OK;
    }
    result.data = (const uint8_t *)p->text;
    result.len  = p->len;
    if (check(result, REEL_ENCODING_POSIX, why) != REEL_OK)
        return REEL_OK;
    find_name(p);
    *verdict = REEL_SINK_PATH_FINE;
    return REEL_OK;
}

const char *
reel_sink_path_name(const struct reel_sink_path *p)
{
    return p->text + p->name_at;
}
