/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes, archives, checkpoints and runs, the writing side in its plainest
   form (spec chapters 2, 9); tests. */
#include "image_internal.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

#include "reel/end.h"
#include "reel/head.h"
#include "reel/label.h"

static void
begin_tape(struct image *i)
{
    MUST_HOLD(i->volumes < IMAGE_VOLUMES_MAX);
    i->tape                = reel_memory_tape_new(NULL);
    i->tapes[i->volumes++] = i->tape;
    i->left                = UINT64_MAX;
    i->packer.next.volume  = i->volumes;
    i->packer.next.address = 0;
    if (i->o.volume_blocks > 0)
        i->left = i->o.volume_blocks;
}

struct image *
image_new(const struct image_options *options)
{
    struct image *const i = calloc(1, sizeof(*i));

    MUST_HOLD(i != NULL);
    if (options != NULL)
        i->o = *options;
    if (i->o.block_bytes == 0)
        i->o.block_bytes = 512;
    if (i->o.segment_bytes == 0)
        i->o.segment_bytes = 4096;
    i->left  = UINT64_MAX;
    i->block = malloc(i->o.block_bytes);
    i->raw   = malloc(i->o.segment_bytes + 2 * IMAGE_RECORD_MAX);
    reel_block_packer_init(&i->packer, i->o.block_bytes, i->block,
                           image_emit_block, i);
    memset(i->packer.next.set_id, 0x5A, sizeof(i->packer.next.set_id));
    i->packer.next.archive = 1;
    begin_tape(i);
    if (i->o.compression != REEL_COMPRESSION_NONE)
        i->zstd = reel_packer_new(3);
    return i;
}

void
image_free(struct image *i)
{
    uint32_t n;

    image_forget_archive(i);
    reel_packer_free(i->zstd);
    for (n = 0; n < i->volumes; n++)
        reel_memory_tape_free(i->tapes[n]);
    free(i->block);
    free(i->raw);
    free(i);
}

struct reel_memory_tape *
image_tape(struct image *i)
{
    return i->tapes[0];
}

struct reel_memory_tape *
image_tape_of(struct image *i, uint32_t volume)
{
    return volume <= i->volumes ? i->tapes[volume - 1] : NULL;
}

uint32_t
image_volumes(const struct image *i)
{
    return i->volumes;
}

/* Label and leader; digest and length of the leader go into *v. */
static void
put_front(struct image *i, struct reel_volume *v)
{
    struct reel_label label = {{'T', 'E', 'S', 'T', '0', '0'}};
    uint8_t octets[4096];
    uint8_t *const block  = malloc(i->o.block_bytes);
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_leader leader;
    struct reel_sha256 digest;
    size_t at;
    size_t len;

    label.volume_id[4] = (uint8_t)('0' + i->volumes / 10);
    label.volume_id[5] = (uint8_t)('0' + i->volumes % 10);
    memset(&leader, 0, sizeof(leader));
    reel_sha256_init(&digest);
    MUST(reel_label_encode(&label, &b, NULL));
    reel_sha256_update(&digest, octets, b.len);
    image_element(i, octets, b.len);
    image_element(i, NULL, 0);
    b                  = reel_builder_init(octets, sizeof(octets));
    leader.volume      = i->volumes;
    leader.block_bytes = i->o.block_bytes;
    memcpy(leader.volume_id, label.volume_id, sizeof(leader.volume_id));
    memcpy(leader.set_id, i->packer.next.set_id, sizeof(leader.set_id));
    MUST(reel_leader_page(&leader, &b, NULL));
    if (i->o.patches.page != NULL)
        i->o.patches.page(i->o.patches.ctx, octets, b.len);
    for (at = 0; at < b.len; at += len) {
        memset(block, '\n', i->o.block_bytes);
        len = b.len - at < i->o.block_bytes ? b.len - at : i->o.block_bytes;
        memcpy(block, octets + at, len);
        reel_sha256_update(&digest, block, i->o.block_bytes);
        image_element(i, block, i->o.block_bytes);
        v->leader_bytes += i->o.block_bytes;
    }
    image_element(i, NULL, 0);
    reel_sha256_final(&digest, v->digest);
    memcpy(v->volume_id, label.volume_id, sizeof(v->volume_id));
    free(block);
}

/* The block VOLUME: made beside the packer, which may be amid a block. */
static void
put_volume_block(struct image *i, uint64_t sequence, const uint8_t *record,
                 size_t len)
{
    struct reel_block_packer p;
    struct reel_place place;
    uint8_t packed[2048];
    size_t packed_bytes;
    uint8_t *const block = malloc(i->o.block_bytes);

    reel_block_packer_init(&p, i->o.block_bytes, block, image_emit_block, i);
    memcpy(p.next.set_id, i->packer.next.set_id, sizeof(p.next.set_id));
    p.next.volume    = i->volumes;
    p.next.archive   = i->packer.next.archive;
    p.next.run       = i->packer.next.run;
    p.next.run_start = i->packer.next.run_start;
    p.next.sequence  = sequence;
    p.next.address   = reel_memory_tape_count(i->tape);
    reel_block_packer_begin(&p, REEL_BLOCK_VOLUME);
    MUST(reel_segment_pack(NULL, record, len, packed, sizeof(packed),
                           &packed_bytes, NULL));
    if (i->o.patches.segment != NULL) {
        i->o.patches.segment(i->o.patches.ctx, REEL_BLOCK_VOLUME, packed,
                             packed_bytes);
        image_reseal_segment(packed, packed_bytes);
    }
    MUST(reel_block_packer_push(&p, (struct reel_bytes){packed, packed_bytes},
                                &place, NULL));
    MUST(reel_block_packer_flush(&p, NULL));
    free(block);
}

/* Label, leader and VOLUME on the tape at hand, which is empty. */
static void
put_volume(struct image *i, uint64_t sequence, size_t piece_at)
{
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_volume v;
    size_t len;

    memset(&v, 0, sizeof(v));
    put_front(i, &v);
    v.volume      = i->volumes;
    v.block_bytes = i->o.block_bytes;
    memcpy(v.set_id, i->packer.next.set_id, sizeof(v.set_id));
    v.label_bytes = REEL_LABEL_BYTES;
    v.edition     = REEL_EDITION;
    MUST(reel_volume_encode(&v, &b, NULL));
    len = b.len;
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, octets, &len);
    if (piece_at != IMAGE_NOT_FOR_DATA)
        (void)image_add_piece(i, piece_at, PIECE_VOLUME, octets, len);
    put_volume_block(i, sequence, octets, len);
    i->packer.next.address = reel_memory_tape_count(i->tape);
}

void
image_begin_volume(struct image *i, uint64_t sequence, size_t piece_at)
{
    image_element(i, NULL, 0);
    begin_tape(i);
    put_volume(i, sequence, piece_at);
}

void
image_volume(struct image *i)
{
    image_begin_catalog(i);
    put_volume(i, i->packer.next.sequence, 0);
}

void
image_full_after(struct image *i, uint64_t blocks)
{
    i->left = blocks;
}

void
image_archive(struct image *i)
{
    const struct reel_source_record source = {
        REEL_ROLE_PATH, REEL_ENCODING_POSIX, reel_bytes_of("tree")};
    struct reel_archive *const a = &i->facts;
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_bytes record;

    memset(a, 0, sizeof(*a));
    a->edition       = REEL_EDITION;
    a->source        = i->o.source == 0 ? REEL_SOURCE_POSIX : i->o.source;
    a->compression   = (uint8_t)i->o.compression;
    a->segment_limit = REEL_SEGMENT_LIMIT_MIN;
    a->created.s     = 1000000000;
    a->archive       = i->packer.next.archive;
    a->base_encoding = REEL_ENCODING_POSIX;
    a->name          = reel_bytes_of("test");
    a->host          = reel_bytes_of("here");
    if (i->any_end) {
        a->previous_archive = a->archive - 1;
        a->previous         = i->last_end;
    }
    if (i->catalog == NULL)
        image_begin_catalog(i);
    i->number = 0;
    MUST(reel_archive_encode(a, &b, NULL));
    record.data = octets;
    record.len  = b.len;
    image_record(i, record);
    b = reel_builder_init(octets, sizeof(octets));
    MUST(reel_source_record_encode(&source, &b, NULL));
    record.len = b.len;
    image_record(i, record);
}

static enum reel_status
put_open_entry(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reel_builder *const b = ctx;

    (void)err;
    reel_put_bytes(b, record);
    return REEL_OK;
}

/* A checkpoint met the end of the volume: the next one goes on with data. */
static void
go_on_behind_void(struct image *i)
{
    const uint64_t sequence = i->void_sequence;

    i->voided = false;
    image_make_again(i);
    i->packer.next.sequence = sequence;
    image_begin_volume(i, sequence, i->piece_count);
    image_settle(i);
}

void
image_checkpoint(struct image *i)
{
    uint8_t raw[1024];
    uint8_t packed[2048];
    struct reel_builder b = reel_builder_init(raw, sizeof(raw));
    struct reel_checkpoint k;
    struct reel_place place;
    struct piece *p;
    size_t len;
    size_t mark;

    image_cut(i);
    image_filemark(i);
    image_settle(i);
    MUST(reel_record_packer_cut(i->catalog_packer, NULL));
    memset(&k, 0, sizeof(k));
    k.number          = i->checkpoint + 1;
    k.previous_number = i->checkpoint;
    k.previous        = i->checkpoint_slice;
    k.slice           = reel_block_packer_position(&i->packer);
    image_push_kept(i, REEL_BLOCK_CHECKPOINT, i->slice_at);
    i->slice_at = i->kept.count;
    MUST(reel_catalog_slice(i->catalog, &k, put_open_entry, &b, NULL));
    mark = b.len;
    MUST(reel_checkpoint_encode(&k, &b, NULL));
    len = b.len - mark;
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, raw + mark, &len);
    MUST(reel_segment_pack(NULL, raw, mark + len, packed, sizeof(packed), &len,
                           NULL));
    image_push_segment(i, REEL_BLOCK_CHECKPOINT, packed, len, &place);
    image_filemark(i);
    if (i->voided) {
        go_on_behind_void(i);
        return;
    }
    i->checkpoint       = k.number;
    i->checkpoint_slice = k.slice;
    p        = image_add_piece(i, i->piece_count, PIECE_CHECKPOINT, NULL, 0);
    p->slice = k.slice;
    p->run_start = i->packer.next.sequence;
    p->number    = i->number;
    i->fed       = i->piece_count;
}

void
image_resume(struct image *i, uint32_t checkpoint, bool fresh_volume)
{
    struct reel_block_header *const next = &i->packer.next;
    const struct piece *k;
    uint64_t end;

    i->raw_bytes        = 0;
    next->payload_bytes = 0;
    next->first_segment = REEL_NONE32;
    image_drop_pieces(i, checkpoint);
    k = image_last_checkpoint(i);
    next->run++;
    next->run_start = k == NULL ? 0 : k->run_start;
    next->sequence  = next->run_start;
    i->number       = k == NULL ? 0 : k->number;
    i->open         = false;
    image_make_again(i);
    if (fresh_volume) {
        image_begin_volume(i, next->sequence, i->piece_count);
        image_settle(i);
        return;
    }
    end           = reel_memory_tape_count(i->tape);
    next->address = end;
    if (!reel_memory_tape_get(i->tape, end - 1).filemark)
        image_filemark(i);
}

void
image_run_here(struct image *i)
{
    struct reel_block_header *const next = &i->packer.next;
    const uint64_t end                   = reel_memory_tape_count(i->tape);

    image_break(i);
    if (!reel_memory_tape_get(i->tape, end - 1).filemark)
        image_filemark(i);
    next->run++;
    next->run_start = next->sequence;
}

void
image_break(struct image *i)
{
    image_cut(i);
    MUST(reel_block_packer_flush(&i->packer, NULL));
}

static void
fill_end(struct image *i, struct reel_end *e)
{
    struct reel_catalog_totals t;
    const struct reel_archive *const a = &i->facts;

    memset(e, 0, sizeof(*e));
    MUST(reel_catalog_finish(i->catalog, &t, e->catalog_digest, e->fingerprint,
                             NULL));
    e->edition          = a->edition;
    e->source           = a->source;
    e->compression      = a->compression;
    e->segment_limit    = a->segment_limit;
    e->created          = a->created;
    e->archive          = a->archive;
    e->objects          = t.objects;
    e->torn             = t.torn;
    e->flawed           = t.flawed;
    e->stream_bytes     = t.stream_bytes;
    e->catalog_bytes    = t.bytes;
    e->catalog_records  = t.records;
    e->previous_archive = a->previous_archive;
    e->previous         = a->previous;
    e->checkpoint       = i->checkpoint;
    e->checkpoint_slice = i->checkpoint_slice;
    e->name             = a->name;
    e->host             = a->host;
}

/* Catalog, END, filemark, END, filemark, as far as they fit. */
static void
put_catalog(struct image *i, struct reel_end *e)
{
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    size_t len;

    e->catalog = reel_block_packer_position(&i->packer);
    image_push_kept(i, REEL_BLOCK_CATALOG, 0);
    MUST(reel_block_packer_flush(&i->packer, NULL));
    MUST(reel_end_encode(e, &b, NULL));
    len = b.len;
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, octets, &len);
    i->last_end = reel_block_packer_position(&i->packer);
    i->any_end  = true;
    image_push_alone(i, REEL_BLOCK_END, octets, len);
    image_filemark(i);
    i->packer.next.sequence--; /* the same block once more */
    image_push_alone(i, REEL_BLOCK_END, octets, len);
    image_filemark(i);
}

void
image_archive_end(struct image *i)
{
    struct reel_block_header *const next = &i->packer.next;
    struct reel_end e;
    uint64_t begin;

    image_cut(i);
    image_filemark(i);
    image_settle(i);
    fill_end(i, &e);
    MUST(reel_record_packer_cut(i->catalog_packer, NULL));
    begin = next->sequence;
    put_catalog(i, &e);
    while (i->voided) {
        i->voided = false;
        next->run++;
        next->run_start = begin;
        next->sequence  = begin;
        image_begin_volume(i, begin, IMAGE_NOT_FOR_DATA);
        put_catalog(i, &e);
    }
    image_forget_archive(i);
    next->archive++;
    next->run       = 0;
    next->run_start = 0;
    next->sequence  = 0;
}
