/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that does not grow with the number of objects. */
#include "write_row.h"

#include <string.h>

#include "reel/alloc.h"

#define TAIL_ITEMS 4096U

enum reel_status
rn_row_init(struct rn_row *r, size_t item_bytes, const char *directory,
            struct reel_err *err)
{
    *r = (struct rn_row){.item_bytes = item_bytes};
    reel_temporary_init(&r->file, directory);
    r->has_file = reel_temporary_open(&r->file, &r->no_file) == REEL_OK;
    r->tail     = reel_alloc_array(TAIL_ITEMS, item_bytes);
    if (r->tail == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what is to be remembered");
    return REEL_OK;
}

void
rn_row_fini(struct rn_row *r)
{
    if (r->item_bytes == 0)
        return;
    reel_temporary_fini(&r->file);
    reel_free(r->tail);
    *r = (struct rn_row){0};
}

static enum reel_status
file_tail(struct rn_row *r, struct reel_err *err)
{
    if (!r->has_file) {
        *err = r->no_file;
        return err->status;
    }
    REEL_TRY(reel_temporary_write(&r->file, r->filed * r->item_bytes, r->tail,
                                  r->tail_count * r->item_bytes, err));
    r->filed += r->tail_count;
    r->tail_count = 0;
    return REEL_OK;
}

enum reel_status
rn_row_add(struct rn_row *r, const void *item, struct reel_err *err)
{
    if (r->tail_count == TAIL_ITEMS)
        REEL_TRY(file_tail(r, err));
    memcpy(r->tail + r->tail_count * r->item_bytes, item, r->item_bytes);
    r->tail_count++;
    return REEL_OK;
}

uint64_t
rn_row_count(const struct rn_row *r)
{
    return r->filed + r->tail_count;
}

enum reel_status
rn_row_get(const struct rn_row *r, uint64_t i, void *item, struct reel_err *err)
{
    if (i < r->filed)
        return reel_temporary_read(&r->file, i * r->item_bytes, item,
                                   r->item_bytes, err);
    memcpy(item, r->tail + (size_t)(i - r->filed) * r->item_bytes,
           r->item_bytes);
    return REEL_OK;
}
