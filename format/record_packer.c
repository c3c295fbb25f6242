/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 4 and 9.2; archive layer: records to packed segments. */
#include "reel/alloc.h"
#include "reel/record_packer.h"

struct reel_record_packer {
    struct reel_packer *packer; /* NULL: stored as it is */
    struct reel_builder raw;
    uint8_t *packed;
    size_t packed_capacity;
    reel_segment_emit_fn emit;
    void *ctx;
};

struct reel_record_packer *
reel_record_packer_new(enum reel_compression compression, int level,
                       uint32_t limit_bytes, reel_segment_emit_fn emit,
                       void *ctx)
{
    struct reel_record_packer *const p = reel_alloc_array(1, sizeof(*p));
    uint8_t *raw;

    if (p == NULL)
        return NULL;
    p->emit            = emit;
    p->ctx             = ctx;
    p->packed_capacity = reel_segment_bound(limit_bytes);
    p->packed          = reel_alloc_array(p->packed_capacity, 1);
    raw                = reel_alloc_array(limit_bytes, 1);
    p->raw             = reel_builder_init(raw, limit_bytes);
    if (compression != REEL_COMPRESSION_NONE)
        p->packer = reel_packer_new(level);
    if (p->packed == NULL || raw == NULL ||
        (compression != REEL_COMPRESSION_NONE && p->packer == NULL)) {
        reel_record_packer_free(p);
        return NULL;
    }
    return p;
}

void
reel_record_packer_free(struct reel_record_packer *p)
{
    if (p == NULL)
        return;
    reel_packer_free(p->packer);
    reel_free(p->packed);
    reel_free(p->raw.buf);
    reel_free(p);
}

enum reel_status
reel_record_packer_cut(struct reel_record_packer *p, struct reel_err *err)
{
    struct reel_bytes packed = {p->packed, 0};

    if (p->raw.len == 0)
        return REEL_OK;
    REEL_TRY(reel_segment_pack(p->packer, p->raw.buf, p->raw.len, p->packed,
                               p->packed_capacity, &packed.len, err));
    p->raw.len = 0;
    return p->emit(p->ctx, packed, err);
}

size_t
reel_record_packer_open_bytes(const struct reel_record_packer *p)
{
    return p->raw.len;
}

void
reel_record_packer_uncut(struct reel_record_packer *p, size_t open_bytes)
{
    p->raw.len = open_bytes;
}

enum reel_status
reel_record_packer_add(struct reel_record_packer *p, struct reel_bytes record,
                       struct reel_err *err)
{
    if (record.len > p->raw.capacity)
        return reel_fail(err, REEL_E_MISUSE, NULL, "R-2",
                         "record of %zu octets is longer than a segment",
                         record.len);
    if (record.len > reel_builder_left(&p->raw))
        REEL_TRY(reel_record_packer_cut(p, err));
    reel_put_bytes(&p->raw, record);
    return REEL_OK;
}
