/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4; writer: completes an archive that has only one END. */
#include "second_end.h"

#include <string.h>

#include "catalog_file.h"
#include "reel/alloc.h"
#include "reel/entry.h"
#include "segment_row.h"

/* Everything one call needs. */
struct ending {
    struct reel_second_end *s;
    const struct reel_append *a;
    const struct reel_known_archive *archive;
    struct reel_medium *medium;
    struct reel_segment_row row; /* its buffer holds END at last */
    uint32_t first_volume;       /* of the first object; 0: not met */
};

static enum reel_status
take_first_entry(void *ctx, struct reel_bytes packed, struct reel_bytes raw,
                 struct reel_err *err)
{
    struct ending *const e = ctx;
    struct reel_cursor c   = reel_cursor_init(raw.data, raw.len, NULL);
    struct reel_record r;
    struct reel_entry entry;

    (void)packed;
    (void)err;
    while (reel_record_next(&r, &c, NULL) == REEL_OK) {
        struct reel_cursor k = reel_record_cursor(&r);

        if (r.type != REEL_RECORD_ENTRY ||
            reel_entry_decode(&entry, &k, NULL) != REEL_OK)
            continue;
        e->first_volume = entry.begin.volume;
        return REEL_END;
    }
    return REEL_OK;
}

/* On how many volumes the archive stands. */
static enum reel_status
count_volumes(struct ending *e, struct reel_err *err)
{
    const struct reel_segment_wish wish = {
        e->medium, e->a->set_id, e->archive->archive, REEL_BLOCK_CATALOG,
        e->archive->end.catalog.address};

    REEL_TRY(reel_segment_row_read(&e->row, &wish, take_first_entry, e, err));
    e->s->volumes = 1;
    if (e->first_volume != 0 && e->first_volume < e->a->volume)
        e->s->volumes = e->a->volume - e->first_volume + 1;
    return REEL_OK;
}

/* From the first block of the catalog to END. */
static enum reel_status
copy_catalog(struct ending *e, int fd, struct reel_err *err)
{
    uint64_t at         = e->archive->end.catalog.address;
    const uint64_t last = e->archive->position.address;
    enum reel_event event;
    size_t bytes;

    REEL_TRY(reel_medium_locate(e->medium, at, err));
    for (; at <= last; at++) {
        REEL_TRY(reel_medium_read(e->medium, e->row.buf, REEL_BLOCK_BYTES_MAX,
                                  &event, &bytes, err));
        if (event != REEL_EVENT_BLOCK)
            return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                             "the catalog cannot be read back for its file");
        REEL_TRY(reel_catalog_file_put(fd, e->row.buf, bytes, err));
    }
    return REEL_OK;
}

/* END stands in row.buf; it is written with another address (3.2). */
static enum reel_status
write_end(struct ending *e, struct reel_block_header *h, struct reel_err *err)
{
    REEL_TRY(reel_medium_locate(e->medium, e->a->address, err));
    h->address = e->a->address;
    if (e->a->filemark_missing) {
        REEL_TRY(reel_medium_filemark(e->medium, err));
        h->address++;
    }
    REEL_TRY(reel_block_seal(h, e->row.buf, err));
    REEL_TRY(reel_medium_write(e->medium, e->row.buf, h->block_bytes, err));
    return reel_medium_filemark(e->medium, err);
}

static enum reel_status
complete(struct ending *e, int catalog_fd, struct reel_err *err)
{
    struct reel_block_header h;
    enum reel_event event;
    size_t bytes;

    REEL_TRY(reel_segment_row_init(&e->row, err));
    REEL_TRY(count_volumes(e, err));
    if (catalog_fd >= 0)
        REEL_TRY(copy_catalog(e, catalog_fd, err));
    REEL_TRY(reel_medium_locate(e->medium, e->archive->position.address, err));
    REEL_TRY(reel_medium_read(e->medium, e->row.buf, REEL_BLOCK_BYTES_MAX,
                              &event, &bytes, err));
    if (event != REEL_EVENT_BLOCK)
        return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                         "END cannot be read once more");
    REEL_TRY(reel_block_decode(&h, e->row.buf, bytes, NULL, err));
    e->s->run = h.run;
    return write_end(e, &h, err);
}

enum reel_status
reel_second_end_write(struct reel_second_end *s, const struct reel_append *a,
                      struct reel_medium *medium, int catalog_fd,
                      struct reel_err *err)
{
    struct ending e;
    enum reel_status status;

    memset(&e, 0, sizeof(e));
    memset(s, 0, sizeof(*s));
    e.s       = s;
    e.a       = a;
    e.archive = &a->archives[a->archive_count - 1];
    e.medium  = medium;
    status    = complete(&e, catalog_fd, err);
    reel_segment_row_fini(&e.row);
    return status;
}
