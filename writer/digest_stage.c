/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3 and 7.3, digests; writer: second stage of the pipeline. */
#include "digest_stage.h"

#include <string.h>

/* Where the digests stand in their payloads. */
#define STREAM_DIGEST_AT 48U
#define CONTENT_DIGEST_AT 80U
#define XATTR_DIGEST_AT 32U

void
reel_digest_stage_init(struct reel_digest_stage *d)
{
    memset(d, 0, sizeof(*d));
    reel_group_init(&d->group, true);
}

static enum reel_status
on_stream(struct reel_digest_stage *d, struct reel_cursor *c,
          struct reel_err *err)
{
    struct reel_stream s;

    REEL_TRY(reel_stream_decode(&s, c, err));
    return reel_group_stream(&d->group, &s, c, err);
}

static enum reel_status
on_data(struct reel_digest_stage *d, struct reel_cursor *c,
        struct reel_err *err)
{
    struct reel_data data;

    REEL_TRY(reel_data_decode(&data, c, err));
    return reel_group_data(&d->group, &data, c, err);
}

static enum reel_status
on_group_end(struct reel_digest_stage *d, uint8_t *payload,
             const struct reel_cursor *c, struct reel_err *err)
{
    struct reel_group_end end;

    REEL_TRY(reel_group_finish(&d->group, &end, c, err));
    memcpy(payload + STREAM_DIGEST_AT, end.stream_digest, REEL_DIGEST_BYTES);
    memcpy(payload + CONTENT_DIGEST_AT, end.content_digest, REEL_DIGEST_BYTES);
    return REEL_OK;
}

static void
on_xattr(struct reel_digest_stage *d, struct reel_bytes payload)
{
    if (d->xattr_count++ == 0)
        reel_sha256_init(&d->xattrs);
    reel_sha256_update(&d->xattrs, payload.data, payload.len);
}

static void
on_object_end(struct reel_digest_stage *d, uint8_t *payload)
{
    if (d->xattr_count > 0)
        reel_sha256_final(&d->xattrs, payload + XATTR_DIGEST_AT);
}

static enum reel_status
run_one(struct reel_digest_stage *d, const struct reel_record *r,
        uint8_t *payload, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);

    switch (r->type) {
    case REEL_RECORD_OBJECT:
        d->xattr_count = 0;
        reel_group_init(&d->group, true);
        return REEL_OK;
    case REEL_RECORD_XATTR:
        on_xattr(d, r->payload);
        return REEL_OK;
    case REEL_RECORD_STREAM:
        return on_stream(d, &c, err);
    case REEL_RECORD_DATA:
        return on_data(d, &c, err);
    case REEL_RECORD_GROUP_END:
        return on_group_end(d, payload, &c, err);
    case REEL_RECORD_OBJECT_END:
        on_object_end(d, payload);
        return REEL_OK;
    default:
        return REEL_OK;
    }
}

enum reel_status
reel_digest_stage_run(struct reel_digest_stage *d, uint8_t *raw, size_t len,
                      struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(raw, len, NULL);
    struct reel_record r;
    enum reel_status status;

    while ((status = reel_record_next(&r, &c, err)) == REEL_OK)
        REEL_TRY(run_one(d, &r, raw + (r.payload.data - raw), err));
    return status == REEL_END ? REEL_OK : status;
}
