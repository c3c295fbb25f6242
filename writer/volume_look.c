/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 2; writer: what a medium holds before it is written. */
#include "volume_look.h"

#include <string.h>

#include "reel/label.h"
#include "reel/segment.h"

/* A volume number is read as far as that. */
#define NUMBER_READ_MAX 100000000U
#define FRAMING_BYTES 8U /* around a block in an image */

/* How far in the image; 0: it is none. */
static uint64_t
octets_of(const struct reel_medium *medium)
{
    uint64_t octets = 0;

    (void)reel_medium_octets(medium, &octets);
    return octets;
}

enum reel_status
reel_only_record(const uint8_t *data, const struct reel_block_header *h,
                 uint16_t type, struct reel_record *r, struct reel_err *err)
{
    struct reel_bytes raw = {NULL, 0};
    struct reel_cursor c;
    enum reel_status status;

    REEL_TRY(reel_segment_open(NULL, data + REEL_BLOCK_HEADER_BYTES,
                               h->payload_bytes, NULL, 0, &raw, NULL, err));
    c      = reel_cursor_init(raw.data, raw.len, NULL);
    status = reel_record_next(r, &c, err);
    if (status == REEL_END || (status == REEL_OK && r->type != type))
        return reel_fail(err, REEL_E_INVALID, NULL, "R-9",
                         "a block without the record %s",
                         reel_record_type_name(type));
    return status;
}

/* ------------------------------------------------- a volume only just begun */

/* "  volume number  2" of the first page; 0: it is not there. */
static uint32_t
number_of_page(const uint8_t *page, size_t bytes)
{
    static const char key[] = "\n  volume number  ";
    const size_t len        = sizeof(key) - 1;
    uint32_t number         = 0;
    size_t i                = 0;

    while (i + len < bytes && memcmp(page + i, key, len) != 0)
        i++;
    for (i += len; i < bytes && page[i] >= '0' && page[i] <= '9' &&
                   number < NUMBER_READ_MAX;
         i++)
        number = number * 10 + (uint32_t)(page[i] - '0');
    return number;
}

/* What stands behind a label, one thing after the other. */
struct leader {
    struct reel_volume_look *l;
    struct reel_medium *medium;
    uint8_t *buf;
    enum reel_event event;
    size_t bytes;
    uint64_t before; /* octets of an image in front of it */
};

static enum reel_status
next_thing(struct leader *f, struct reel_err *err)
{
    f->before = octets_of(f->medium);
    return reel_medium_read(f->medium, f->buf, REEL_BLOCK_BYTES_MAX, &f->event,
                            &f->bytes, err);
}

/* Pass over blocks that are those of a leader. */
static enum reel_status
pass_leader(struct leader *f, struct reel_err *err)
{
    bool first = true;

    REEL_TRY(next_thing(f, err));
    while (f->event == REEL_EVENT_BLOCK &&
           reel_leader_check(f->buf, f->bytes, first, NULL, NULL) == REEL_OK) {
        if (first)
            f->l->begun_as = number_of_page(f->buf, f->bytes);
        first = false;
        REEL_TRY(next_thing(f, err));
    }
    return REEL_OK;
}

/* An image was cut in a block that its writer was busy with when it was killed;
   what a drive cannot read may be data, and so may more than a block. `before`:
   octets of the image in front of it. */
static bool
cut_short(const struct reel_medium *medium, enum reel_event event,
          uint64_t before)
{
    return event == REEL_EVENT_UNREADABLE && !reel_medium_info(medium)->drive &&
           octets_of(medium) - before <= REEL_BLOCK_BYTES_MAX + FRAMING_BYTES;
}

/* No block stands behind the leader. Is really nothing there, at most the
   beginning of one block more? */
static enum reel_status
look_for_nothing(struct reel_volume_look *l, struct reel_medium *medium,
                 uint8_t *buf, struct reel_err *err)
{
    struct leader f = {l, medium, buf, REEL_EVENT_END, 0, 0};

    REEL_TRY(reel_medium_locate(medium, 1, err));
    REEL_TRY(next_thing(&f, err));
    if (f.event == REEL_EVENT_FILEMARK) {
        REEL_TRY(pass_leader(&f, err));
        if (f.event == REEL_EVENT_FILEMARK)
            REEL_TRY(next_thing(&f, err));
        if (cut_short(medium, f.event, f.before))
            REEL_TRY(next_thing(&f, err));
    }
    if (f.event == REEL_EVENT_END)
        l->state = REEL_VOLUME_BEGUN;
    return REEL_OK;
}

/* ------------------------------------------------------------------- VOLUME */

static enum reel_status
look_at_volume(struct reel_volume_look *l, struct reel_medium *medium,
               uint8_t *buf, struct reel_err *err)
{
    enum reel_event event;
    struct reel_record r;
    struct reel_cursor c;
    uint64_t before;
    int64_t passed;
    size_t bytes;

    l->state = REEL_VOLUME_OTHER;
    REEL_TRY(reel_medium_space_filemarks(medium, 2, &passed, err));
    before = octets_of(medium);
    REEL_TRY(reel_medium_read(medium, buf, REEL_BLOCK_BYTES_MAX, &event, &bytes,
                              err));
    if (passed < 2 || event != REEL_EVENT_BLOCK) {
        (void)reel_fail(&l->why, REEL_E_TRUNCATED, NULL, "L-2",
                        "no VOLUME block stands behind the leader");
        if (reel_medium_info(medium)->can_locate &&
            (event == REEL_EVENT_END || cut_short(medium, event, before)))
            return look_for_nothing(l, medium, buf, err);
        return REEL_OK;
    }
    if (reel_block_decode(&l->header, buf, bytes, NULL, &l->why) != REEL_OK)
        return l->why.status == REEL_E_UNSUPPORTED
                   ? reel_fail(err, REEL_E_UNSUPPORTED, NULL, l->why.rule, "%s",
                               l->why.text)
                   : REEL_OK;
    if (reel_only_record(buf, &l->header, REEL_RECORD_VOLUME, &r, &l->why) !=
            REEL_OK ||
        r.whole.len > sizeof(l->record))
        return REEL_OK;
    memcpy(l->record, r.whole.data, r.whole.len);
    l->record_bytes = r.whole.len;
    c               = reel_cursor_init(l->record, l->record_bytes, NULL);
    if (reel_record_next(&r, &c, &l->why) != REEL_OK)
        return REEL_OK;
    c = reel_record_cursor(&r);
    if (reel_volume_decode(&l->volume, &c, &l->why) == REEL_OK &&
        reel_volume_check_block(&l->volume, &l->header, &c, &l->why) == REEL_OK)
        l->state = REEL_VOLUME_REEL;
    return REEL_OK;
}

enum reel_status
reel_volume_look_at(struct reel_volume_look *l, struct reel_medium *medium,
                    uint8_t *buf, struct reel_err *err)
{
    struct reel_label label;
    enum reel_event event;
    size_t bytes;

    memset(l, 0, sizeof(*l));
    REEL_TRY(reel_medium_read(medium, buf, REEL_BLOCK_BYTES_MAX, &event, &bytes,
                              err));
    if (event == REEL_EVENT_END)
        return REEL_OK;
    l->state = REEL_VOLUME_OTHER;
    if (event != REEL_EVENT_BLOCK) {
        (void)reel_fail(&l->why, REEL_E_MAGIC, NULL, "L-5",
                        "the medium does not begin with a Reel label");
        return REEL_OK;
    }
    if (reel_label_decode(&label, buf, bytes, NULL, &l->why) != REEL_OK)
        return REEL_OK;
    return look_at_volume(l, medium, buf, err);
}
