/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 2; writer: the front of a volume. */
#include "volume_head.h"

#include <stdio.h>
#include <string.h>

#include "reel/label.h"
#include "reel/segment.h"
#include "reel_spec_embed.h"

#define LEADER_PAGE_MAX 8192U

/* Collects the leader and writes it block by block. */
struct head {
    struct reel_medium *medium;
    const struct reel_volume *v;
    uint8_t *block;
    size_t have; /* octets in block */
    uint64_t leader_bytes;
    uint64_t address; /* of what comes next */
    struct reel_sha256 digest;
};

static enum reel_status
filemark(struct head *h, struct reel_err *err)
{
    REEL_TRY(reel_medium_filemark(h->medium, err));
    h->address++;
    return REEL_OK;
}

static enum reel_status
write_label(struct head *h, struct reel_err *err)
{
    uint8_t label[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(label, sizeof(label));
    struct reel_label facts;

    memcpy(facts.volume_id, h->v->volume_id, sizeof(facts.volume_id));
    REEL_TRY(reel_label_encode(&facts, &b, err));
    reel_sha256_update(&h->digest, label, sizeof(label));
    REEL_TRY(reel_medium_write(h->medium, label, sizeof(label), err));
    h->address++;
    return filemark(h, err);
}

/* ------------------------------------------------------------------ leader */

static enum reel_status
leader_block(struct head *h, struct reel_err *err)
{
    const size_t size = h->v->block_bytes;

    memset(h->block + h->have, '\n', size - h->have);
    h->have = 0;
    h->leader_bytes += size;
    reel_sha256_update(&h->digest, h->block, size);
    REEL_TRY(reel_medium_write(h->medium, h->block, size, err));
    h->address++;
    return REEL_OK;
}

static enum reel_status
leader_add(struct head *h, const void *data, size_t len, struct reel_err *err)
{
    const uint8_t *p  = data;
    const size_t size = h->v->block_bytes;

    while (len > 0) {
        const size_t n = len < size - h->have ? len : size - h->have;

        memcpy(h->block + h->have, p, n);
        h->have += n;
        p += n;
        len -= n;
        if (h->have == size)
            REEL_TRY(leader_block(h, err));
    }
    return REEL_OK;
}

/* A text between its BEGIN and END lines. */
static enum reel_status
leader_text(struct head *h, const char *name, const unsigned char *text,
            size_t len, struct reel_err *err)
{
    char line[128];
    int n;

    n = snprintf(line, sizeof(line), "----- BEGIN %s (%zu octets) -----\n",
                 name, len);
    REEL_TRY(leader_add(h, line, (size_t)n, err));
    REEL_TRY(leader_add(h, text, len, err));
    n = snprintf(line, sizeof(line), "----- END %s -----\n", name);
    return leader_add(h, line, (size_t)n, err);
}

static enum reel_status
write_leader(struct head *h, struct reel_err *err)
{
    const struct reel_volume *const v = h->v;
    uint8_t page[LEADER_PAGE_MAX];
    struct reel_builder b = reel_builder_init(page, sizeof(page));
    struct reel_leader facts;

    memset(&facts, 0, sizeof(facts));
    memcpy(facts.volume_id, v->volume_id, sizeof(facts.volume_id));
    memcpy(facts.set_id, v->set_id, sizeof(facts.set_id));
    facts.volume      = v->volume;
    facts.block_bytes = v->block_bytes;
    facts.created     = v->created;
    facts.set_name    = v->set_name;
    facts.software    = v->software;
    REEL_TRY(reel_leader_page(&facts, &b, err));
    REEL_TRY(leader_add(h, page, b.len, err));
    REEL_TRY(leader_text(h, "reel-1.txt", reel_spec_text, reel_spec_text_bytes,
                         err));
    REEL_TRY(
        leader_text(h, "reader.py", reel_reader_py, reel_reader_py_bytes, err));
    REEL_TRY(
        leader_text(h, "judge.py", reel_judge_py, reel_judge_py_bytes, err));
    REEL_TRY(leader_text(h, "restore.py", reel_restore_py,
                         reel_restore_py_bytes, err));
    if (h->have > 0)
        REEL_TRY(leader_block(h, err));
    return filemark(h, err);
}

/* ------------------------------------------------------------------ VOLUME */

static enum reel_status
write_volume(struct head *h, const struct reel_block_header *next,
             uint8_t record[REEL_VOLUME_RECORD_ROOM], size_t *record_bytes,
             struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(record, REEL_VOLUME_RECORD_ROOM);
    struct reel_block_header block = *next;
    struct reel_volume v           = *h->v;
    size_t bytes;

    v.leader_bytes = h->leader_bytes;
    reel_sha256_final(&h->digest, v.digest);
    REEL_TRY(reel_volume_encode(&v, &b, err));
    *record_bytes = b.len;
    REEL_TRY(reel_segment_pack(
        NULL, record, b.len, h->block + REEL_BLOCK_HEADER_BYTES,
        v.block_bytes - REEL_BLOCK_HEADER_BYTES, &bytes, err));
    block.kind          = REEL_BLOCK_VOLUME;
    block.volume        = v.volume;
    block.address       = h->address;
    block.payload_bytes = (uint32_t)bytes;
    block.first_segment = 0;
    REEL_TRY(reel_block_seal(&block, h->block, err));
    REEL_TRY(reel_medium_write(h->medium, h->block, v.block_bytes, err));
    h->address++;
    return REEL_OK;
}

enum reel_status
reel_volume_head_write(struct reel_medium *medium, const struct reel_volume *v,
                       const struct reel_block_header *next, uint8_t *block,
                       uint8_t record[REEL_VOLUME_RECORD_ROOM],
                       size_t *record_bytes, uint64_t *address,
                       struct reel_err *err)
{
    struct head h;

    memset(&h, 0, sizeof(h));
    h.medium = medium;
    h.v      = v;
    h.block  = block;
    reel_sha256_init(&h.digest);
    REEL_TRY(write_label(&h, err));
    REEL_TRY(write_leader(&h, err));
    REEL_TRY(write_volume(&h, next, record, record_bytes, err));
    *address = h.address;
    return REEL_OK;
}

void
reel_volume_id_next(uint8_t id[REEL_VOLUME_ID_BYTES], uint32_t number)
{
    char digits[16];
    size_t len = REEL_VOLUME_ID_BYTES;
    size_t from;
    size_t n;

    while (len > 0 && id[len - 1] == ' ')
        len--;
    from = len;
    while (from > 0 && id[from - 1] >= '0' && id[from - 1] <= '9')
        from--;
    if (from < len) {
        number = 0;
        for (n = from; n < len; n++)
            number = number * 10 + (uint32_t)(id[n] - '0');
        number++;
    }
    n = (size_t)snprintf(digits, sizeof(digits), "%0*u", (int)(len - from),
                         number);
    if (from == len && len + n > REEL_VOLUME_ID_BYTES)
        return; /* no digits, and no room for any */
    if (from + n > REEL_VOLUME_ID_BYTES) {
        /* All nines and no room: they begin anew. */
        memmove(digits, digits + n - (len - from), len - from);
        n = len - from;
    }
    memcpy(id + from, digits, n);
}
