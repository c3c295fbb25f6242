/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3, CHECKPOINT; records layer. */
#include <string.h>

#include "reel/checkpoint.h"

static enum reel_status
check(const struct reel_checkpoint *k, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (k->number == 0 || k->previous_number != k->number - 1 ||
        (k->previous_number == 0 && !reel_position_zero(&k->previous)))
        return reel_fail_at(err, REEL_E_INVALID, at, "A-7",
                            "CHECKPOINT %u names %u as the one before it",
                            k->number, k->previous_number);
    return REEL_OK;
}

enum reel_status
reel_checkpoint_decode(struct reel_checkpoint *out, struct reel_cursor *c,
                       struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_checkpoint k;

    memset(&k, 0, sizeof(k));
    k.number        = reel_get_le32(c);
    k.zero          = reel_get_le32(c);
    k.next_object   = reel_get_le64(c);
    k.objects       = reel_get_le64(c);
    k.torn          = reel_get_le64(c);
    k.stream_bytes  = reel_get_le64(c);
    k.slice_records = reel_get_le64(c);
    k.slice_bytes   = reel_get_le64(c);
    k.slice.volume  = reel_get_le32(c);
    (void)reel_get_le32(c);
    k.slice.sequence    = reel_get_le64(c);
    k.slice.address     = reel_get_le64(c);
    k.previous_number   = reel_get_le32(c);
    k.previous.volume   = reel_get_le32(c);
    k.previous.sequence = reel_get_le64(c);
    k.previous.address  = reel_get_le64(c);
    reel_get_copy(c, k.slice_digest, sizeof(k.slice_digest));
    REEL_TRY(reel_record_exact(c, "CHECKPOINT", err));
    REEL_TRY(check(&k, &start, err));
    *out = k;
    return REEL_OK;
}

enum reel_status
reel_checkpoint_encode(const struct reel_checkpoint *k, struct reel_builder *b,
                       struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes digest   = {k->slice_digest, REEL_DIGEST_BYTES};
    size_t mark;

    REEL_TRY(check(k, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_CHECKPOINT, 0);
    reel_put_le32(b, k->number);
    reel_put_le32(b, k->zero);
    reel_put_le64(b, k->next_object);
    reel_put_le64(b, k->objects);
    reel_put_le64(b, k->torn);
    reel_put_le64(b, k->stream_bytes);
    reel_put_le64(b, k->slice_records);
    reel_put_le64(b, k->slice_bytes);
    reel_put_le32(b, k->slice.volume);
    reel_put_le32(b, 0);
    reel_put_le64(b, k->slice.sequence);
    reel_put_le64(b, k->slice.address);
    reel_put_le32(b, k->previous_number);
    reel_put_le32(b, k->previous.volume);
    reel_put_le64(b, k->previous.sequence);
    reel_put_le64(b, k->previous.address);
    reel_put_bytes(b, digest);
    reel_record_close(b, mark);
    return reel_record_fits(b, "CHECKPOINT", err);
}
