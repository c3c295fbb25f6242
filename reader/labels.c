/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4 and 5.4, the names of volumes; policy layer. */
#include "labels.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/head.h"

void
reel_reader_labels_fini(struct reel_reader_labels *l)
{
    reel_free(l->list);
    memset(l, 0, sizeof(*l));
}

/* Where `number` stands, or would. */
static size_t
index_of(const struct reel_reader_labels *l, uint32_t number)
{
    size_t i = l->count;

    while (i > 0 && l->list[i - 1].number >= number)
        i--;
    return i;
}

const char *
reel_reader_labels_of(const struct reel_reader_labels *l, uint32_t number)
{
    const size_t i = index_of(l, number);

    return i < l->count && l->list[i].number == number ? l->list[i].id : "";
}

static void
copy_id(char out[REEL_VOLUME_ID_BYTES + 1],
        const uint8_t id[REEL_VOLUME_ID_BYTES])
{
    size_t len = REEL_VOLUME_ID_BYTES;

    while (len > 0 && (id[len - 1] == ' ' || id[len - 1] == 0))
        len--;
    memcpy(out, id, len);
    out[len] = '\0';
}

enum reel_status
reel_reader_labels_add(struct reel_reader_labels *l, uint32_t number,
                       const uint8_t id[REEL_VOLUME_ID_BYTES],
                       struct reel_err *err)
{
    const size_t at = index_of(l, number);

    if (at < l->count && l->list[at].number == number)
        return REEL_OK;
    if (l->count == l->capacity) {
        const size_t capacity = l->capacity == 0 ? 16 : 2 * l->capacity;
        struct reel_reader_label *const more =
            reel_realloc_array(l->list, capacity, sizeof(*more));

        if (more == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the list of volumes");
        l->list     = more;
        l->capacity = capacity;
    }
    memmove(&l->list[at + 1], &l->list[at], (l->count - at) * sizeof(*l->list));
    l->count++;
    l->list[at].number = number;
    copy_id(l->list[at].id, id);
    return REEL_OK;
}

enum reel_status
reel_reader_labels_take(struct reel_reader_labels *l, struct reel_bytes records,
                        struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(records.data, records.len, NULL);
    struct reel_earlier_volume earlier;
    struct reel_volume volume;
    struct reel_cursor payload;
    struct reel_record r;

    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        payload = reel_record_cursor(&r);
        if (r.type == REEL_RECORD_VOLUME &&
            reel_volume_decode(&volume, &payload, NULL) == REEL_OK)
            REEL_TRY(reel_reader_labels_add(l, volume.volume, volume.volume_id,
                                            err));
        if (r.type == REEL_RECORD_EARLIER_VOLUME &&
            reel_earlier_volume_decode(&earlier, &payload, NULL) == REEL_OK)
            REEL_TRY(reel_reader_labels_add(l, earlier.volume,
                                            earlier.volume_id, err));
    }
    return REEL_OK;
}
