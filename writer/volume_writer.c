/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 3 and 9; writer: last stage of the pipeline. */
#include "volume_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "catalog_part.h"
#include "reel/alloc.h"
#include "reel/label.h"
#include "reel/volume.h"
#include "reel_spec_embed.h"

#define LEADER_PAGE_MAX 8192U

/* ----------------------------------------------------------------- blocks */

static enum reel_status
write_catalog_file(const struct reel_volume_writer *w, const uint8_t *block,
                   size_t len, struct reel_err *err)
{
    while (len > 0) {
        const ssize_t n = write(w->catalog_fd, block, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return reel_fail(err, errno == ENOSPC ? REEL_E_FULL : REEL_E_MEDIUM,
                             NULL, NULL, "cannot write the catalog file: %s",
                             strerror(errno));
        block += n;
        len -= (size_t)n;
    }
    return REEL_OK;
}

static enum reel_status
emit_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
           struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    REEL_TRY(reel_medium_write(w->medium, block, h->block_bytes, err));
    w->blocks++;
    w->since_checkpoint += h->block_bytes;
    if (w->catalog_fd >= 0 &&
        (h->kind == REEL_BLOCK_CATALOG || h->kind == REEL_BLOCK_END))
        return write_catalog_file(w, block, h->block_bytes, err);
    return REEL_OK;
}

static enum reel_status
filemark(struct reel_volume_writer *w, struct reel_err *err)
{
    REEL_TRY(reel_block_packer_flush(&w->packer, err));
    REEL_TRY(reel_medium_filemark(w->medium, err));
    reel_block_packer_filemark(&w->packer);
    return REEL_OK;
}

/* One record in an uncompressed segment, in a block of its own. */
static enum reel_status
write_alone(struct reel_volume_writer *w, uint16_t kind,
            struct reel_bytes record, struct reel_err *err)
{
    uint8_t segment[REEL_BLOCK_BYTES_MIN];
    struct reel_bytes packed = {segment, 0};
    struct reel_place place;

    REEL_TRY(reel_segment_pack(NULL, record.data, record.len, segment,
                               sizeof(segment), &packed.len, err));
    reel_block_packer_begin(&w->packer, kind);
    REEL_TRY(reel_block_packer_push(&w->packer, packed, &place, err));
    return reel_block_packer_flush(&w->packer, err);
}

/* ---------------------------------------------------------------- catalog */

static enum reel_status
keep_record(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    return reel_record_packer_add(w->catalog_packer, record, err);
}

static enum reel_status
keep_segment(void *ctx, struct reel_bytes packed, struct reel_err *err)
{
    struct reel_volume_writer *const w = ctx;

    return reel_spool_add(&w->spool, packed, err);
}

/* Write the spool from *at on as segments of the stretch begun. */
static enum reel_status
write_spool(struct reel_volume_writer *w, uint64_t *at, struct reel_err *err)
{
    struct reel_bytes packed;
    struct reel_place place;
    enum reel_status status;

    while ((status = reel_spool_next(&w->spool, at, &packed, err)) == REEL_OK)
        REEL_TRY(reel_block_packer_push(&w->packer, packed, &place, err));
    return status == REEL_END ? REEL_OK : status;
}

enum reel_status
reel_volume_writer_init(struct reel_volume_writer *w,
                        const struct reel_volume_writer_options *options,
                        struct reel_err *err)
{
    const struct reel_write_options *const o = options->write;
    struct reel_block_header *const next     = &w->packer.next;

    memset(w, 0, sizeof(*w));
    w->spool.file.fd    = -1;
    w->medium           = o->medium;
    w->facts            = *options->facts;
    w->catalog_fd       = o->catalog_fd;
    w->checkpoint_bytes = o->checkpoint_bytes;
    w->block            = reel_alloc_array(options->block_bytes, 1);
    w->catalog          = reel_catalog_new(keep_record, w);
    w->catalog_packer   = reel_record_packer_new(
          o->compression, o->level, w->facts.segment_limit, keep_segment, w);
    if (w->block == NULL || w->catalog == NULL || w->catalog_packer == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to begin an archive");
    REEL_TRY(reel_spool_init(&w->spool, o->temporary_dir, err));
    reel_block_packer_init(&w->packer, options->block_bytes, w->block,
                           emit_block, w);
    memcpy(next->set_id, options->set_id, sizeof(next->set_id));
    next->volume  = 1;
    next->archive = w->facts.archive;
    next->address = options->address;
    return REEL_OK;
}

void
reel_volume_writer_fini(struct reel_volume_writer *w)
{
    reel_spool_fini(&w->spool);
    reel_record_packer_free(w->catalog_packer);
    reel_catalog_free(w->catalog);
    reel_free(w->block);
}

/* ------------------------------------------------------- label and leader */

/* Collects the leader and writes it block by block. */
struct leader {
    struct reel_volume_writer *w;
    size_t have; /* octets in w->block */
    uint64_t bytes;
    struct reel_sha256 digest;
};

static enum reel_status
leader_block(struct leader *l, struct reel_err *err)
{
    struct reel_volume_writer *const w = l->w;
    const size_t size                  = w->packer.next.block_bytes;

    memset(w->block + l->have, '\n', size - l->have);
    l->have = 0;
    l->bytes += size;
    reel_sha256_update(&l->digest, w->block, size);
    REEL_TRY(reel_medium_write(w->medium, w->block, size, err));
    w->packer.next.address++;
    return REEL_OK;
}

static enum reel_status
leader_add(struct leader *l, const void *data, size_t len, struct reel_err *err)
{
    const uint8_t *p  = data;
    const size_t size = l->w->packer.next.block_bytes;

    while (len > 0) {
        const size_t n = len < size - l->have ? len : size - l->have;

        memcpy(l->w->block + l->have, p, n);
        l->have += n;
        p += n;
        len -= n;
        if (l->have == size)
            REEL_TRY(leader_block(l, err));
    }
    return REEL_OK;
}

/* A text between its BEGIN and END lines. */
static enum reel_status
leader_text(struct leader *l, const char *name, const unsigned char *text,
            size_t len, struct reel_err *err)
{
    char line[128];
    int n;

    n = snprintf(line, sizeof(line), "----- BEGIN %s (%zu octets) -----\n",
                 name, len);
    REEL_TRY(leader_add(l, line, (size_t)n, err));
    REEL_TRY(leader_add(l, text, len, err));
    n = snprintf(line, sizeof(line), "----- END %s -----\n", name);
    return leader_add(l, line, (size_t)n, err);
}

static enum reel_status
write_leader(struct leader *l, const struct reel_volume *v,
             struct reel_err *err)
{
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
    REEL_TRY(leader_add(l, page, b.len, err));
    REEL_TRY(leader_text(l, "reel-1.txt", reel_spec_text, reel_spec_text_bytes,
                         err));
    REEL_TRY(
        leader_text(l, "reader.py", reel_reader_py, reel_reader_py_bytes, err));
    return l->have > 0 ? leader_block(l, err) : REEL_OK;
}

static enum reel_status
write_label(struct leader *l, const struct reel_volume *v, struct reel_err *err)
{
    uint8_t label[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(label, sizeof(label));
    struct reel_label facts;

    memcpy(facts.volume_id, v->volume_id, sizeof(facts.volume_id));
    REEL_TRY(reel_label_encode(&facts, &b, err));
    reel_sha256_update(&l->digest, label, sizeof(label));
    REEL_TRY(reel_medium_write(l->w->medium, label, sizeof(label), err));
    l->w->packer.next.address++;
    return filemark(l->w, err);
}

static enum reel_status
write_volume(struct reel_volume_writer *w, const struct reel_volume *v,
             struct reel_err *err)
{
    uint8_t octets[REEL_BLOCK_BYTES_MIN];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_bytes record;
    struct reel_place place;

    REEL_TRY(reel_volume_encode(v, &b, err));
    record.data = octets;
    record.len  = b.len;
    memset(&place, 0, sizeof(place));
    REEL_TRY(reel_catalog_segment(w->catalog, octets, b.len, &place, err));
    return write_alone(w, REEL_BLOCK_VOLUME, record, err);
}

static struct reel_bytes
text_or_nothing(const char *text)
{
    return reel_bytes_of(text == NULL ? "" : text);
}

enum reel_status
reel_volume_writer_begin(struct reel_volume_writer *w,
                         const struct reel_write_options *o,
                         struct reel_err *err)
{
    const char *const id = o->volume_id == NULL ? "REEL01" : o->volume_id;
    struct leader l      = {w, 0, 0, {{0}, 0, {0}}};
    struct reel_volume v;

    memset(&v, 0, sizeof(v));
    if (strlen(id) > sizeof(v.volume_id))
        return reel_fail(err, REEL_E_MISUSE, NULL, "L-5",
                         "a volume id is 1 to 6 letters A-Z and digits");
    memset(v.volume_id, ' ', sizeof(v.volume_id));
    memcpy(v.volume_id, id, strlen(id));
    v.volume      = w->packer.next.volume;
    v.block_bytes = w->packer.next.block_bytes;
    memcpy(v.set_id, w->packer.next.set_id, sizeof(v.set_id));
    v.created     = w->facts.created;
    v.label_bytes = REEL_LABEL_BYTES;
    v.edition     = REEL_EDITION;
    v.set_name    = text_or_nothing(o->set_name);
    v.software    = w->facts.software;
    reel_sha256_init(&l.digest);
    REEL_TRY(write_label(&l, &v, err));
    REEL_TRY(write_leader(&l, &v, err));
    REEL_TRY(filemark(w, err));
    v.leader_bytes = l.bytes;
    reel_sha256_final(&l.digest, v.digest);
    return write_volume(w, &v, err);
}

/* -------------------------------------------------------------------- data */

static enum reel_status
slice_tail(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reel_builder *const b = ctx;

    (void)err;
    reel_put_bytes(b, record);
    return REEL_OK;
}

/* The last segment of a slice: ENTRY of the open object, and CHECKPOINT. */
static enum reel_status
write_slice_tail(struct reel_volume_writer *w, struct reel_checkpoint *k,
                 struct reel_err *err)
{
    uint8_t raw[512];
    uint8_t segment[1024];
    struct reel_builder b    = reel_builder_init(raw, sizeof(raw));
    struct reel_bytes packed = {segment, 0};
    struct reel_place place;

    REEL_TRY(reel_catalog_slice(w->catalog, k, slice_tail, &b, err));
    REEL_TRY(reel_checkpoint_encode(k, &b, err));
    REEL_TRY(reel_segment_pack(NULL, raw, b.len, segment, sizeof(segment),
                               &packed.len, err));
    return reel_block_packer_push(&w->packer, packed, &place, err);
}

static enum reel_status
write_checkpoint(struct reel_volume_writer *w, struct reel_err *err)
{
    struct reel_checkpoint k;

    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    REEL_TRY(filemark(w, err));
    memset(&k, 0, sizeof(k));
    k.number          = w->checkpoint + 1;
    k.previous_number = w->checkpoint;
    k.previous        = w->checkpoint_slice;
    k.slice           = reel_block_packer_position(&w->packer);
    reel_block_packer_begin(&w->packer, REEL_BLOCK_CHECKPOINT);
    REEL_TRY(write_spool(w, &w->slice_at, err));
    REEL_TRY(write_slice_tail(w, &k, err));
    REEL_TRY(filemark(w, err));
    w->checkpoint       = k.number;
    w->checkpoint_slice = k.slice;
    w->since_checkpoint = 0;
    return REEL_OK;
}

enum reel_status
reel_volume_writer_segment(struct reel_volume_writer *w, struct reel_bytes part,
                           struct reel_bytes packed, struct reel_err *err)
{
    struct reel_place place;

    if (w->since_checkpoint >= w->checkpoint_bytes)
        REEL_TRY(write_checkpoint(w, err));
    reel_block_packer_begin(&w->packer, REEL_BLOCK_DATA);
    REEL_TRY(reel_block_packer_push(&w->packer, packed, &place, err));
    return reel_catalog_part_replay(w->catalog, part, &place, err);
}

/* --------------------------------------------------------------------- end */

/* END as far as the archive determines it. */
static void
fill_end(struct reel_volume_writer *w, const struct reel_catalog_totals *t)
{
    struct reel_end *const e           = &w->end;
    const struct reel_archive *const a = &w->facts;

    e->edition          = a->edition;
    e->source           = a->source;
    e->compression      = a->compression;
    e->segment_limit    = a->segment_limit;
    e->created          = a->created;
    e->archive          = a->archive;
    e->objects          = t->objects;
    e->torn             = t->torn;
    e->flawed           = t->flawed;
    e->stream_bytes     = t->stream_bytes;
    e->catalog_bytes    = t->bytes;
    e->catalog_records  = t->records;
    e->previous_archive = a->previous_archive;
    e->previous         = a->previous;
    e->checkpoint       = w->checkpoint;
    e->checkpoint_slice = w->checkpoint_slice;
    e->name             = a->name;
    e->host             = a->host;
}

static enum reel_status
write_end(struct reel_volume_writer *w, struct reel_err *err)
{
    uint8_t octets[REEL_BLOCK_BYTES_MIN];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_bytes record;

    REEL_TRY(reel_end_encode(&w->end, &b, err));
    record.data = octets;
    record.len  = b.len;
    REEL_TRY(write_alone(w, REEL_BLOCK_END, record, err));
    REEL_TRY(filemark(w, err));
    /* The same block once more: same sequence, another address (3.2). */
    w->packer.next.sequence--;
    w->catalog_fd = -1;
    REEL_TRY(write_alone(w, REEL_BLOCK_END, record, err));
    return filemark(w, err);
}

enum reel_status
reel_volume_writer_end(struct reel_volume_writer *w, struct reel_err *err)
{
    struct reel_catalog_totals totals;
    uint64_t at = 0;

    memset(&w->end, 0, sizeof(w->end));
    REEL_TRY(reel_catalog_finish(w->catalog, &totals, w->end.catalog_digest,
                                 w->end.fingerprint, err));
    REEL_TRY(reel_record_packer_cut(w->catalog_packer, err));
    fill_end(w, &totals);
    REEL_TRY(filemark(w, err));
    w->end.catalog = reel_block_packer_position(&w->packer);
    reel_block_packer_begin(&w->packer, REEL_BLOCK_CATALOG);
    REEL_TRY(write_spool(w, &at, err));
    REEL_TRY(reel_block_packer_flush(&w->packer, err));
    return write_end(w, err);
}
