/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; verify: items that wait. */
#include "extract_log.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/limits.h"

/* An item and the longest path, twice. */
#define BUF_BYTES (2 * (sizeof(struct reel_extract_item) + REEL_PATH_BYTES_MAX))

void
reel_extract_log_init(struct reel_extract_log *l, const char *directory)
{
    memset(l, 0, sizeof(*l));
    reel_temporary_init(&l->file, directory);
}

void
reel_extract_log_fini(struct reel_extract_log *l)
{
    reel_temporary_fini(&l->file);
    reel_free(l->buf);
    l->buf = NULL;
}

static enum reel_status
flush(struct reel_extract_log *l, struct reel_err *err)
{
    REEL_TRY(reel_temporary_open(&l->file, err));
    REEL_TRY(reel_temporary_write(&l->file, l->bytes, l->buf, l->have, err));
    l->bytes += l->have;
    l->have = 0;
    return REEL_OK;
}

enum reel_status
reel_extract_log_add(struct reel_extract_log *l,
                     const struct reel_extract_item *item, struct reel_err *err)
{
    const size_t need = sizeof(*item) + item->octets.len;
    struct reel_extract_item kept;

    if (l->buf == NULL)
        l->buf = reel_alloc_array(BUF_BYTES, 1);
    if (l->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what is to be told");
    if (need > BUF_BYTES - l->have)
        REEL_TRY(flush(l, err));
    kept           = *item;
    kept.note.path = (struct reel_bytes){NULL, 0};
    memcpy(l->buf + l->have, &kept, sizeof(kept));
    if (item->octets.len > 0)
        memcpy(l->buf + l->have + sizeof(kept), item->octets.data,
               item->octets.len);
    l->have += need;
    return REEL_OK;
}

uint64_t
reel_extract_log_end(const struct reel_extract_log *l)
{
    return l->bytes + l->have;
}

void
reel_extract_log_back(struct reel_extract_log *l, uint64_t end)
{
    if (end >= l->bytes) {
        l->have = (size_t)(end - l->bytes);
        return;
    }
    l->bytes = end; /* it is written over */
    l->have  = 0;
}

enum reel_status
reel_extract_log_rewind(struct reel_extract_log *l, struct reel_err *err)
{
    if (l->bytes > 0 && l->have > 0)
        REEL_TRY(flush(l, err));
    l->at   = 0;
    l->next = 0;
    return REEL_OK;
}

/* At least `need` octets at hand, if so many are left at all. */
static enum reel_status
fill(struct reel_extract_log *l, size_t need, struct reel_err *err)
{
    const size_t left = l->have - l->at;
    size_t more;

    if (left >= need || l->next == l->bytes)
        return REEL_OK;
    memmove(l->buf, l->buf + l->at, left);
    more = BUF_BYTES - left;
    if (more > l->bytes - l->next)
        more = (size_t)(l->bytes - l->next);
    REEL_TRY(reel_temporary_read(&l->file, l->next, l->buf + left, more, err));
    l->next += more;
    l->at   = 0;
    l->have = left + more;
    return REEL_OK;
}

enum reel_status
reel_extract_log_next(struct reel_extract_log *l,
                      struct reel_extract_item *item, struct reel_err *err)
{
    REEL_TRY(fill(l, sizeof(*item), err));
    if (l->at == l->have)
        return REEL_END;
    memcpy(item, l->buf + l->at, sizeof(*item));
    REEL_TRY(fill(l, sizeof(*item) + item->octets.len, err));
    item->octets.data = l->buf + l->at + sizeof(*item);
    l->at += sizeof(*item) + item->octets.len;
    return REEL_OK;
}
