/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.4 and 9.6; archive layer: finding END from the end of the data. */
#include <string.h>

#include "reel/find_end.h"
#include "reel/segment.h"

/* Copy a text of END behind what stands in `text` already. */
static struct reel_bytes
keep_text(uint8_t *text, size_t at, struct reel_bytes from)
{
    struct reel_bytes kept = {text + at, from.len};

    if (from.len > 0)
        memcpy(text + at, from.data, from.len);
    return kept;
}

enum reel_status
reel_end_of_block(struct reel_end *out, uint8_t text[REEL_END_TEXT_BYTES],
                  const struct reel_block_header *h, const uint8_t *data,
                  uint64_t at, struct reel_err *err)
{
    const uint8_t *const payload = data + REEL_BLOCK_HEADER_BYTES;
    const struct reel_pos pos    = {
           .volume = h->volume, .block = at, .byte = REEL_BLOCK_HEADER_BYTES};
    struct reel_pos in    = pos;
    struct reel_bytes raw = {NULL, 0};
    enum reel_status status;
    struct reel_record r;
    struct reel_cursor c;
    struct reel_end end;

    REEL_TRY(reel_segment_open(NULL, payload, h->payload_bytes, NULL, 0, &raw,
                               &pos, err));
    in.in_segment = true;
    c             = reel_cursor_init(raw.data, raw.len, &in);
    status        = reel_record_next(&r, &c, err);
    if (status != REEL_OK && status != REEL_END)
        return status;
    if (status == REEL_END || r.type != REEL_RECORD_END)
        return reel_fail(err, REEL_E_INVALID, &pos, "A-13",
                         "block of kind END without the record END");
    c = reel_record_cursor(&r);
    REEL_TRY(reel_end_accept(&end, h->archive, &c, err));
    *out      = end;
    out->name = keep_text(text, 0, end.name);
    out->host = keep_text(text, end.name.len, end.host);
    return REEL_OK;
}

/* The tape file that ends at `file_end` is to be found. */
static void
want_mark(struct reel_find_end *f)
{
    f->move    = f->file_end > 0 ? REEL_FIND_MARK : REEL_FIND_DONE;
    f->address = f->file_end;
}

static void
want_block(struct reel_find_end *f, uint64_t address)
{
    f->move    = REEL_FIND_BLOCK;
    f->address = address;
}

void
reel_find_end_init(struct reel_find_end *f, uint64_t address, uint32_t below,
                   const uint8_t *set_id)
{
    memset(f, 0, sizeof(*f));
    f->file_end = address;
    f->below    = below;
    f->have_set = set_id != NULL;
    if (set_id != NULL)
        memcpy(f->set_id, set_id, sizeof(f->set_id));
    want_mark(f);
}

void
reel_find_end_mark(struct reel_find_end *f, bool passed, uint64_t address)
{
    f->file_begin = passed ? address + 1 : 0;
    f->last_seen  = false;
    if (f->file_begin < f->file_end) {
        want_block(f, f->file_begin);
    } else if (passed) {
        f->file_end = address;
        want_mark(f);
    } else {
        f->move = REEL_FIND_DONE;
    }
}

/* What was looked at is not an END: the last block of the tape file, then
   the tape file before it. */
static void
go_on(struct reel_find_end *f)
{
    if (!f->last_seen && f->file_end - f->file_begin > 1) {
        f->last_seen = true;
        want_block(f, f->file_end - 1);
    } else if (f->file_begin > 0) {
        f->file_end = f->file_begin - 1;
        want_mark(f);
    } else {
        f->move = REEL_FIND_DONE;
    }
}

enum reel_status
reel_find_end_block(struct reel_find_end *f, const uint8_t *data, size_t len,
                    struct reel_err *err)
{
    const uint64_t at = f->address;
    struct reel_block_header h;
    enum reel_status status;

    go_on(f);
    if (data == NULL)
        return REEL_OK;
    status = reel_block_decode(&h, data, len, NULL, err);
    if (status == REEL_E_UNSUPPORTED)
        return status;
    if (status != REEL_OK) {
        /* Label and leader are none of Reel's, however short. */
        f->bad_blocks +=
            len >= sizeof(reel_block_magic) &&
            memcmp(data, reel_block_magic, sizeof(reel_block_magic)) == 0;
        return REEL_OK;
    }
    if (f->have_set && memcmp(f->set_id, h.set_id, sizeof(h.set_id)) != 0)
        return REEL_OK;
    if (h.archive > f->newest_archive) {
        f->newest_archive = h.archive;
        f->newest_run     = h.run;
    }
    if (h.archive == f->newest_archive && h.run > f->newest_run)
        f->newest_run = h.run;
    if (h.kind != REEL_BLOCK_END || (f->below != 0 && h.archive >= f->below) ||
        reel_end_of_block(&f->end, f->text, &h, data, at, NULL) != REEL_OK)
        return REEL_OK;
    f->header      = h;
    f->end_address = at;
    f->found       = true;
    f->move        = REEL_FIND_DONE;
    return REEL_OK;
}
