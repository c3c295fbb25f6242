/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4, VOLUME; records layer. */
#include <string.h>

#include "reel/text.h"
#include "reel/volume.h"

static enum reel_status
check(const struct reel_volume *v, const struct reel_cursor *at,
      struct reel_err *err)
{
    if (v->edition != REEL_EDITION)
        return reel_fail_at(err, REEL_E_INVALID, at, "R-14",
                            "edition %u is not 1", v->edition);
    if (v->created.ns > REEL_TIME_NS_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "C-4", "nanoseconds %u",
                            v->created.ns);
    if (v->set_name.len > REEL_SET_NAME_BYTES_MAX ||
        v->software.len > REEL_SOFTWARE_BYTES_MAX)
        return reel_fail_at(err, REEL_E_INVALID, at, "L-12",
                            "set name of %zu octets, software of %zu",
                            v->set_name.len, v->software.len);
    REEL_TRY(reel_text_check(v->set_name, "set name", at, err));
    return reel_text_check(v->software, "software", at, err);
}

enum reel_status
reel_volume_decode(struct reel_volume *out, struct reel_cursor *c,
                   struct reel_err *err)
{
    const struct reel_cursor start = *c;
    struct reel_volume v;
    uint16_t set_name_bytes;
    uint16_t software_bytes;

    memset(&v, 0, sizeof(v));
    v.volume      = reel_get_le32(c);
    v.block_bytes = reel_get_le32(c);
    reel_get_copy(c, v.set_id, sizeof(v.set_id));
    v.created.s    = reel_get_le64s(c);
    v.created.ns   = reel_get_le32(c);
    v.label_bytes  = reel_get_le32(c);
    v.leader_bytes = reel_get_le64(c);
    reel_get_copy(c, v.digest, sizeof(v.digest));
    reel_get_copy(c, v.volume_id, sizeof(v.volume_id));
    v.edition      = reel_get_le16(c);
    set_name_bytes = reel_get_le16(c);
    software_bytes = reel_get_le16(c);
    v.zero         = reel_get_le32(c);
    v.set_name     = reel_get_bytes(c, set_name_bytes);
    v.software     = reel_get_bytes(c, software_bytes);
    REEL_TRY(reel_record_exact(c, "VOLUME", err));
    REEL_TRY(check(&v, &start, err));
    *out = v;
    return REEL_OK;
}

enum reel_status
reel_volume_encode(const struct reel_volume *v, struct reel_builder *b,
                   struct reel_err *err)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    const struct reel_bytes set_id   = {v->set_id, sizeof(v->set_id)};
    const struct reel_bytes digest   = {v->digest, sizeof(v->digest)};
    const struct reel_bytes id       = {v->volume_id, sizeof(v->volume_id)};
    size_t mark;

    REEL_TRY(check(v, &nowhere, err));
    mark = reel_record_open(b, REEL_RECORD_VOLUME, 0);
    reel_put_le32(b, v->volume);
    reel_put_le32(b, v->block_bytes);
    reel_put_bytes(b, set_id);
    reel_put_le64s(b, v->created.s);
    reel_put_le32(b, v->created.ns);
    reel_put_le32(b, v->label_bytes);
    reel_put_le64(b, v->leader_bytes);
    reel_put_bytes(b, digest);
    reel_put_bytes(b, id);
    reel_put_le16(b, v->edition);
    reel_put_le16(b, (uint16_t)v->set_name.len);
    reel_put_le16(b, (uint16_t)v->software.len);
    reel_put_le32(b, v->zero);
    reel_put_bytes(b, v->set_name);
    reel_put_bytes(b, v->software);
    reel_record_close(b, mark);
    return reel_record_fits(b, "VOLUME", err);
}

enum reel_status
reel_volume_check_block(const struct reel_volume *v,
                        const struct reel_block_header *h,
                        const struct reel_cursor *at, struct reel_err *err)
{
    if (v->volume != h->volume || v->block_bytes != h->block_bytes ||
        memcmp(v->set_id, h->set_id, sizeof(v->set_id)) != 0)
        return reel_fail_at(err, REEL_E_INVALID, at, "L-10",
                            "VOLUME says volume %u of blocks of %u, its block "
                            "volume %u of %u, or another set id",
                            v->volume, v->block_bytes, h->volume,
                            h->block_bytes);
    return REEL_OK;
}
