/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 to 9, the writing side in its plainest form; tests. */
#include "image_build.h"
#include "image_must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reel/crc32c.h"
#include "reel/end.h"
#include "reel/head.h"
#include "reel/label.h"
#include "reel/object_end.h"
#include "reel/xattr.h"

#define NOT_FOR_DATA SIZE_MAX /* a volume that was begun for a catalog */

/* Packed segments, kept until their place on the tape is due. */
struct segments {
    struct {
        uint8_t *data;
        size_t len;
    } all[4096];
    size_t count;
};

/* What the catalog is made from: kept until it is known on which volume it
   stands whole, and so that a run can begin behind any checkpoint. */
enum piece_kind { PIECE_DATA, PIECE_VOLUME, PIECE_CHECKPOINT };

struct piece {
    enum piece_kind kind;
    uint8_t *raw; /* an unpacked segment, or the record VOLUME */
    size_t raw_bytes;
    struct reel_place place;
    /* CHECKPOINT: what goes on behind it. */
    struct reel_position slice;
    uint64_t run_start;
    uint64_t number;
};

struct image {
    struct image_options o;
    struct reel_memory_tape *tapes[IMAGE_VOLUMES_MAX];
    struct reel_memory_tape *tape; /* of the volume at hand */
    uint32_t volumes;
    uint64_t left; /* blocks that still fit on it, VOLUME apart */
    bool voided;   /* a checkpoint or catalog met the end of the volume */
    uint64_t void_sequence;
    struct piece *pieces; /* of the archive at hand */
    size_t piece_count;
    size_t fed; /* so many of them the catalog has */
    uint8_t *block;
    struct reel_block_packer packer;
    struct reel_packer *zstd;

    uint8_t *raw; /* the DATA segment begun */
    size_t raw_bytes;
    bool in_data; /* a DATA stretch is begun */

    struct reel_archive facts;
    struct reel_catalog *catalog;
    struct reel_record_packer *catalog_packer;
    struct segments kept;
    size_t slice_at;
    uint32_t checkpoint;
    struct reel_position checkpoint_slice;
    struct reel_position last_end;
    bool any_end;

    uint64_t number;
    bool open;
    struct reel_object object;
    uint8_t path[REEL_PATH_BYTES_MAX];
    struct reel_group group;
    struct reel_stream_header header;
    uint32_t streams;
    uint32_t groups;
    uint32_t xattrs;
    uint64_t stream_bytes;
    uint8_t bad[4 * REEL_BAD_RANGE_BYTES];
    uint32_t bad_count;
    struct reel_sha256 xattr_digest;
};

/* ------------------------------------------------------------------ blocks */

static void
add_element(struct image *i, const void *data, size_t len)
{
    const struct reel_memory_element e = {data == NULL, false, data, len};

    MUST(reel_memory_tape_insert(i->tape, reel_memory_tape_count(i->tape), &e,
                                 NULL));
}

static void
put_block(struct image *i, const uint8_t *block,
          const struct reel_block_header *h)
{
    const uint64_t at                = reel_memory_tape_count(i->tape);
    struct reel_memory_element e     = {false, false, NULL, h->block_bytes};
    struct reel_block_header changed = *h;
    uint8_t *copy;

    add_element(i, block, h->block_bytes);
    if (i->o.patches.block == NULL)
        return;
    copy = malloc(h->block_bytes);
    memcpy(copy, block, h->block_bytes);
    i->o.patches.block(i->o.patches.ctx, copy, &changed);
    e.bytes = copy;
    MUST(reel_memory_tape_set(i->tape, at, &e, NULL));
    image_reseal(i->tape, at);
    free(copy);
}

/* A block made for another volume, as it stands on the one at hand. */
static void
put_here(struct image *i, const uint8_t *block,
         const struct reel_block_header *h)
{
    struct reel_block_header mine = *h;
    uint8_t *const copy           = malloc(h->block_bytes);

    memcpy(copy, block, h->block_bytes);
    mine.volume  = i->volumes;
    mine.address = reel_memory_tape_count(i->tape);
    MUST(reel_block_seal(&mine, copy, NULL));
    MUST_HOLD(i->left > 0);
    i->left--;
    put_block(i, copy, &mine);
    free(copy);
}

static void begin_volume(struct image *i, uint64_t sequence, size_t piece_at);

/* The first address of what is repeated: the blocks from the one on in which
   the segment begins that goes on in the block `h`. */
static uint64_t
repeat_from(const struct image *i, const struct reel_block_header *h)
{
    uint64_t at                   = reel_memory_tape_count(i->tape);
    struct reel_block_header last = *h;

    while (at > 0 && (last.first_segment == REEL_NONE32 ||
                      (last.sequence == h->sequence && h->first_segment > 0))) {
        const struct reel_memory_element e =
            reel_memory_tape_get(i->tape, --at);

        MUST(reel_block_decode(&last, e.bytes, e.byte_count, NULL, NULL));
    }
    return at;
}

/* The first piece that stands whole on the next volume. `begun`: the segment
   that is cut is the last of those that begin in block `sequence`. */
static size_t
first_moved(const struct image *i, uint64_t sequence, bool begun)
{
    size_t n = i->fed;

    while (n < i->piece_count && i->pieces[n].place.sequence < sequence)
        n++;
    while (begun && n + 1 < i->piece_count &&
           i->pieces[n + 1].place.sequence == sequence)
        n++;
    return n;
}

/* 9.7: the block does not fit; go on with it on the next volume. */
static void
span(struct image *i, const uint8_t *block, const struct reel_block_header *h)
{
    struct reel_memory_tape *const full = i->tape;
    const uint64_t end                  = reel_memory_tape_count(full);
    uint64_t at                         = repeat_from(i, h);
    const uint64_t sequence             = h->sequence - (end - at);
    size_t n                            = first_moved(i, sequence, at < end);
    struct reel_block_header old;

    begin_volume(i, sequence, n);
    for (n++; n < i->piece_count; n++) {
        i->pieces[n].place.volume  = i->volumes;
        i->pieces[n].place.address = reel_memory_tape_count(i->tape) +
                                     (i->pieces[n].place.sequence - sequence);
    }
    for (; at < end; at++) {
        const struct reel_memory_element e = reel_memory_tape_get(full, at);

        MUST(reel_block_decode(&old, e.bytes, e.byte_count, NULL, NULL));
        put_here(i, e.bytes, &old);
    }
    put_here(i, block, h);
    /* The packer goes on behind the block that it just gave. */
    i->packer.next.address = reel_memory_tape_count(i->tape) - 1;
}

static enum reel_status
emit_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
           struct reel_err *err)
{
    struct image *const i = ctx;

    (void)err;
    if (h->kind == REEL_BLOCK_VOLUME) {
        put_block(i, block, h);
    } else if (i->left > 0 && !i->voided) {
        i->left--;
        put_block(i, block, h);
    } else if (h->kind == REEL_BLOCK_DATA) {
        span(i, block, h);
    } else if (!i->voided) {
        i->voided        = true;
        i->void_sequence = h->sequence;
    }
    return REEL_OK;
}

void
image_reseal(struct reel_memory_tape *t, uint64_t address)
{
    struct reel_memory_element e = reel_memory_tape_get(t, address);
    uint8_t *const copy          = malloc(e.byte_count);
    struct reel_builder b        = reel_builder_init(copy + 8, 4);

    memcpy(copy, e.bytes, e.byte_count);
    reel_put_le32(&b, reel_crc32c(copy + 12, e.byte_count - 12));
    e.bytes = copy;
    MUST(reel_memory_tape_set(t, address, &e, NULL));
    free(copy);
}

void
image_filemark(struct image *i)
{
    MUST(reel_block_packer_flush(&i->packer, NULL));
    if (i->voided)
        return;
    add_element(i, NULL, 0);
    reel_block_packer_filemark(&i->packer);
}

/* ---------------------------------------------------------------- segments */

static void
reseal_segment(uint8_t *segment, size_t len)
{
    struct reel_builder b = reel_builder_init(segment + 4, 4);

    reel_put_le32(&b, reel_crc32c(segment + 8, len - 8));
}

/* A frame whose window is its content says what window it needs instead. */
static void
widen(uint8_t *packed, size_t *len, uint8_t window)
{
    uint8_t *const frame  = packed + REEL_SEGMENT_HEADER_BYTES;
    struct reel_builder b = reel_builder_init(packed + 12, 4);

    if (packed[8] != REEL_COMPRESSION_ZSTD || (frame[4] & 0x20) == 0 ||
        frame[4] < 0x40)
        return;
    memmove(frame + 6, frame + 5, *len - REEL_SEGMENT_HEADER_BYTES - 5);
    frame[4] &= 0xDF;
    frame[5] = window;
    ++*len;
    reel_put_le32(&b, (uint32_t)(*len - REEL_SEGMENT_HEADER_BYTES));
    reseal_segment(packed, *len);
}

static void
push_segment(struct image *i, uint16_t kind, uint8_t *packed, size_t len,
             struct reel_place *place)
{
    const struct reel_bytes segment = {packed, len};

    if (i->o.patches.segment != NULL) {
        i->o.patches.segment(i->o.patches.ctx, kind, packed, len);
        reseal_segment(packed, len);
    }
    reel_block_packer_begin(&i->packer, kind);
    MUST(reel_block_packer_push(&i->packer, segment, place, NULL));
}

/* One record, alone in a plain segment, alone in a block. */
static void
push_alone(struct image *i, uint16_t kind, const uint8_t *record, size_t len)
{
    uint8_t packed[2048];
    struct reel_place place;
    size_t packed_bytes;

    MUST(reel_segment_pack(NULL, record, len, packed, sizeof(packed),
                           &packed_bytes, NULL));
    push_segment(i, kind, packed, packed_bytes, &place);
    MUST(reel_block_packer_flush(&i->packer, NULL));
}

static enum reel_status
keep_record(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct image *const i = ctx;
    uint8_t *copy;
    struct reel_bytes changed = record;

    if (i->o.patches.catalog_record == NULL)
        return reel_record_packer_add(i->catalog_packer, record, err);
    copy = malloc(IMAGE_RECORD_MAX);
    memcpy(copy, record.data, record.len);
    i->o.patches.catalog_record(i->o.patches.ctx, copy, &changed.len);
    changed.data = copy;
    if (changed.len > 0)
        MUST(reel_record_packer_add(i->catalog_packer, changed, err));
    free(copy);
    return REEL_OK;
}

static enum reel_status
keep_segment(void *ctx, struct reel_bytes packed, struct reel_err *err)
{
    struct image *const i = ctx;
    const size_t n        = i->kept.count++;

    (void)err;
    MUST_HOLD(n < sizeof(i->kept.all) / sizeof(i->kept.all[0]));
    i->kept.all[n].data = malloc(packed.len);
    i->kept.all[n].len  = packed.len;
    memcpy(i->kept.all[n].data, packed.data, packed.len);
    return REEL_OK;
}

static void
push_kept(struct image *i, uint16_t kind, size_t from)
{
    struct reel_place place;

    for (; from < i->kept.count; from++)
        push_segment(i, kind, i->kept.all[from].data, i->kept.all[from].len,
                     &place);
}

/* --------------------------------------------------------------- the image */

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
    reel_block_packer_init(&i->packer, i->o.block_bytes, i->block, emit_block,
                           i);
    memset(i->packer.next.set_id, 0x5A, sizeof(i->packer.next.set_id));
    i->packer.next.archive = 1;
    begin_tape(i);
    if (i->o.compression != REEL_COMPRESSION_NONE)
        i->zstd = reel_packer_new(3);
    return i;
}

static void
forget_catalog(struct image *i)
{
    size_t n;

    for (n = 0; n < i->kept.count; n++)
        free(i->kept.all[n].data);
    i->kept.count = 0;
    reel_catalog_free(i->catalog);
    reel_record_packer_free(i->catalog_packer);
    i->catalog        = NULL;
    i->catalog_packer = NULL;
    i->fed            = 0;
}

static void
forget_archive(struct image *i)
{
    size_t n;

    forget_catalog(i);
    for (n = 0; n < i->piece_count; n++)
        free(i->pieces[n].raw);
    free(i->pieces);
    i->pieces      = NULL;
    i->piece_count = 0;
}

void
image_free(struct image *i)
{
    uint32_t n;

    forget_archive(i);
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

/* What a catalog is made with; the first records of the archive go there. */
static void
begin_catalog(struct image *i)
{
    i->catalog        = reel_catalog_new(keep_record, i);
    i->catalog_packer = reel_record_packer_new(
        i->o.compression, 3, REEL_SEGMENT_LIMIT_MIN, keep_segment, i);
    MUST_HOLD(i->catalog != NULL && i->catalog_packer != NULL);
    i->slice_at   = 0;
    i->checkpoint = 0;
    memset(&i->checkpoint_slice, 0, sizeof(i->checkpoint_slice));
}

/* `raw` is copied; NULL: none. */
static struct piece *
add_piece(struct image *i, size_t at, enum piece_kind kind, const uint8_t *raw,
          size_t raw_bytes)
{
    struct piece *p;

    i->pieces = realloc(i->pieces, (i->piece_count + 1) * sizeof(*i->pieces));
    MUST_HOLD(i->pieces != NULL && at <= i->piece_count);
    p = &i->pieces[at];
    memmove(p + 1, p, (i->piece_count++ - at) * sizeof(*p));
    memset(p, 0, sizeof(*p));
    p->kind      = kind;
    p->raw_bytes = raw_bytes;
    if (raw != NULL) {
        p->raw = malloc(raw_bytes);
        memcpy(p->raw, raw, raw_bytes);
    }
    return p;
}

/* What the catalog has not yet is now where it stays. */
static void
settle(struct image *i)
{
    for (; i->fed < i->piece_count; i->fed++) {
        const struct piece *const p = &i->pieces[i->fed];
        struct reel_checkpoint made;

        if (p->kind != PIECE_CHECKPOINT) {
            MUST(reel_catalog_segment(i->catalog, p->raw, p->raw_bytes,
                                      &p->place, NULL));
            continue;
        }
        MUST(reel_record_packer_cut(i->catalog_packer, NULL));
        MUST(reel_catalog_slice(i->catalog, &made, NULL, NULL, NULL));
        i->slice_at = i->kept.count;
        i->checkpoint++;
        i->checkpoint_slice = p->slice;
    }
}

/* The catalog anew, from the pieces. */
static void
make_again(struct image *i)
{
    forget_catalog(i);
    begin_catalog(i);
    settle(i);
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
    add_element(i, octets, b.len);
    add_element(i, NULL, 0);
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
        add_element(i, block, i->o.block_bytes);
        v->leader_bytes += i->o.block_bytes;
    }
    add_element(i, NULL, 0);
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

    reel_block_packer_init(&p, i->o.block_bytes, block, emit_block, i);
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
        reseal_segment(packed, packed_bytes);
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
    if (piece_at != NOT_FOR_DATA)
        (void)add_piece(i, piece_at, PIECE_VOLUME, octets, len);
    put_volume_block(i, sequence, octets, len);
    i->packer.next.address = reel_memory_tape_count(i->tape);
}

/* The volume at hand is closed, and another goes on at `sequence`. */
static void
begin_volume(struct image *i, uint64_t sequence, size_t piece_at)
{
    add_element(i, NULL, 0);
    begin_tape(i);
    put_volume(i, sequence, piece_at);
}

void
image_volume(struct image *i)
{
    begin_catalog(i);
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
        begin_catalog(i);
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

/* -------------------------------------------------------------------- data */

void
image_cut(struct image *i)
{
    const struct reel_bytes raw = {i->raw, i->raw_bytes};
    uint8_t *packed;
    size_t room;
    size_t packed_bytes;
    struct reel_place place;
    struct piece *p;

    if (i->raw_bytes == 0)
        return;
    p = add_piece(i, i->piece_count, PIECE_DATA, raw.data, raw.len);
    p->place.volume         = i->packer.next.volume;
    p->place.payload_offset = i->packer.next.payload_bytes;
    p->place.sequence       = i->packer.next.sequence;
    p->place.address        = i->packer.next.address;
    room                    = reel_segment_bound(raw.len);
    packed                  = malloc(room + 1);
    MUST(reel_segment_pack(i->zstd, raw.data, raw.len, packed, room,
                           &packed_bytes, NULL));
    if (i->o.window != 0)
        widen(packed, &packed_bytes, i->o.window);
    push_segment(i, REEL_BLOCK_DATA, packed, packed_bytes, &place);
    i->raw_bytes = 0;
    free(packed);
}

static void
append_raw(struct image *i, struct reel_bytes record)
{
    size_t len = record.len;

    memcpy(i->raw + i->raw_bytes, record.data, record.len);
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, i->raw + i->raw_bytes, &len);
    i->raw_bytes += len;
}

/* A segment that begins inside an object begins with CONTINUED. */
static void
put_continued(struct image *i)
{
    const struct reel_group *const g = &i->group;
    const bool stream_open           = reel_group_left(g) > 0;
    uint8_t *const octets            = malloc(IMAGE_RECORD_MAX);
    uint8_t header[REEL_STREAM_HEADER_BYTES];
    struct reel_builder b = reel_builder_init(octets, IMAGE_RECORD_MAX);
    struct reel_builder h = reel_builder_init(header, sizeof(header));
    struct reel_stream_header first;
    uint8_t first_octets[REEL_STREAM_HEADER_BYTES + 512];
    struct reel_builder f =
        reel_builder_init(first_octets, sizeof(first_octets));
    struct reel_continued k;
    struct reel_bytes record;

    memset(&k, 0, sizeof(k));
    k.kind           = i->object.kind;
    k.encoding       = i->object.encoding;
    k.path           = i->object.path;
    k.group_ordinal  = g->open ? g->end.first_ordinal : REEL_NONE32;
    k.stream_ordinal = stream_open ? g->ordinal : REEL_NONE32;
    k.stream_offset  = stream_open ? g->offset : 0;
    if (g->open) {
        first      = g->end.streams == 1 ? g->header : i->header;
        first.name = g->end.name;
        reel_stream_header_put(&first, &f);
        k.group_header.data = first_octets;
        k.group_header.len  = f.len;
    }
    if (stream_open && g->ordinal != g->end.first_ordinal) {
        reel_stream_header_put(&g->header, &h);
        k.stream_header.data = header;
        k.stream_header.len  = h.len;
    }
    MUST(reel_continued_encode(&k, i->number, &b, NULL));
    record.data = octets;
    record.len  = b.len;
    append_raw(i, record);
    free(octets);
}

void
image_record(struct image *i, struct reel_bytes record)
{
    if (i->raw_bytes > 0 && i->raw_bytes + record.len > i->o.segment_bytes)
        image_cut(i);
    if (i->raw_bytes == 0 && i->open)
        put_continued(i);
    append_raw(i, record);
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
    make_again(i);
    i->packer.next.sequence = sequence;
    begin_volume(i, sequence, i->piece_count);
    settle(i);
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
    settle(i);
    MUST(reel_record_packer_cut(i->catalog_packer, NULL));
    memset(&k, 0, sizeof(k));
    k.number          = i->checkpoint + 1;
    k.previous_number = i->checkpoint;
    k.previous        = i->checkpoint_slice;
    k.slice           = reel_block_packer_position(&i->packer);
    push_kept(i, REEL_BLOCK_CHECKPOINT, i->slice_at);
    i->slice_at = i->kept.count;
    MUST(reel_catalog_slice(i->catalog, &k, put_open_entry, &b, NULL));
    mark = b.len;
    MUST(reel_checkpoint_encode(&k, &b, NULL));
    len = b.len - mark;
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, raw + mark, &len);
    MUST(reel_segment_pack(NULL, raw, mark + len, packed, sizeof(packed), &len,
                           NULL));
    push_segment(i, REEL_BLOCK_CHECKPOINT, packed, len, &place);
    image_filemark(i);
    if (i->voided) {
        go_on_behind_void(i);
        return;
    }
    i->checkpoint       = k.number;
    i->checkpoint_slice = k.slice;
    p            = add_piece(i, i->piece_count, PIECE_CHECKPOINT, NULL, 0);
    p->slice     = k.slice;
    p->run_start = i->packer.next.sequence;
    p->number    = i->number;
    i->fed       = i->piece_count;
}

/* Pieces behind checkpoint `k` have no meaning any more, VOLUME apart. */
static void
drop_pieces(struct image *i, uint32_t k)
{
    uint32_t seen = 0;
    size_t to     = 0;
    size_t n;

    for (n = 0; n < i->piece_count; n++) {
        struct piece *const p = &i->pieces[n];

        if (seen < k || p->kind == PIECE_VOLUME) {
            i->pieces[to++] = *p;
            seen += p->kind == PIECE_CHECKPOINT ? 1 : 0;
        } else {
            free(p->raw);
        }
    }
    MUST_HOLD(seen == k);
    i->piece_count = to;
}

static const struct piece *
last_checkpoint(const struct image *i)
{
    size_t n = i->piece_count;

    while (n > 0)
        if (i->pieces[--n].kind == PIECE_CHECKPOINT)
            return &i->pieces[n];
    return NULL;
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
    drop_pieces(i, checkpoint);
    k = last_checkpoint(i);
    next->run++;
    next->run_start = k == NULL ? 0 : k->run_start;
    next->sequence  = next->run_start;
    i->number       = k == NULL ? 0 : k->number;
    i->open         = false;
    make_again(i);
    if (fresh_volume) {
        begin_volume(i, next->sequence, i->piece_count);
        settle(i);
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
    push_kept(i, REEL_BLOCK_CATALOG, 0);
    MUST(reel_block_packer_flush(&i->packer, NULL));
    MUST(reel_end_encode(e, &b, NULL));
    len = b.len;
    if (i->o.patches.record != NULL)
        i->o.patches.record(i->o.patches.ctx, octets, &len);
    i->last_end = reel_block_packer_position(&i->packer);
    i->any_end  = true;
    push_alone(i, REEL_BLOCK_END, octets, len);
    image_filemark(i);
    i->packer.next.sequence--; /* the same block once more */
    push_alone(i, REEL_BLOCK_END, octets, len);
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
    settle(i);
    fill_end(i, &e);
    MUST(reel_record_packer_cut(i->catalog_packer, NULL));
    begin = next->sequence;
    put_catalog(i, &e);
    while (i->voided) {
        i->voided = false;
        next->run++;
        next->run_start = begin;
        next->sequence  = begin;
        begin_volume(i, begin, NOT_FOR_DATA);
        put_catalog(i, &e);
    }
    forget_archive(i);
    next->archive++;
    next->run       = 0;
    next->run_start = 0;
    next->sequence  = 0;
}

/* ----------------------------------------------------------------- objects */

static void
put_built(struct image *i, const struct reel_builder *b)
{
    const struct reel_bytes record = {b->buf, b->len};

    image_record(i, record);
}

uint64_t
image_object(struct image *i, const struct reel_object *o)
{
    uint8_t *const octets = malloc(IMAGE_RECORD_MAX);
    struct reel_builder b = reel_builder_init(octets, IMAGE_RECORD_MAX);

    i->number++;
    i->open   = false;
    i->object = *o;
    memcpy(i->path, o->path.data, o->path.len);
    i->object.path.data = i->path;
    MUST(reel_object_encode(o, i->number, &b, NULL));
    put_built(i, &b);
    free(octets);
    i->open    = true;
    i->streams = i->groups = i->xattrs = 0;
    i->stream_bytes                    = 0;
    i->bad_count                       = 0;
    reel_group_init(&i->group, true);
    reel_sha256_init(&i->xattr_digest);
    return i->number;
}

void
image_skip_number(struct image *i)
{
    i->number++;
}

void
image_xattr(struct image *i, const char *name, const char *value)
{
    const struct reel_xattr x = {0, reel_bytes_of(name), reel_bytes_of(value)};
    uint8_t *const octets     = malloc(IMAGE_RECORD_MAX);
    struct reel_builder b     = reel_builder_init(octets, IMAGE_RECORD_MAX);

    MUST(reel_xattr_encode(&x, i->number, &b, NULL));
    reel_sha256_update(&i->xattr_digest, octets + REEL_RECORD_HEADER_BYTES,
                       b.len - REEL_RECORD_HEADER_BYTES);
    i->xattrs++;
    put_built(i, &b);
    free(octets);
}

void
image_stream(struct image *i, uint32_t id, uint64_t size)
{
    image_named_stream(i, id, (struct reel_bytes){NULL, 0}, size);
}

void
image_named_stream(struct image *i, uint32_t id, struct reel_bytes name,
                   uint64_t size)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    struct reel_stream s;
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));

    memset(&s, 0, sizeof(s));
    s.ordinal     = i->streams++;
    s.header.id   = id;
    s.header.size = size;
    s.header.name = name;
    if (id == REEL_STREAM_SPARSE_BLOCK)
        s.header.attributes = REEL_STREAM_SPARSE;
    MUST(reel_stream_encode(&s, i->number, &b, NULL));
    put_built(i, &b);
    MUST(reel_group_stream(&i->group, &s, &at, NULL));
    if (i->group.end.streams == 1)
        i->header = i->group.header;
}

/* One DATA record. */
static void
put_data(struct image *i, const uint8_t *data, size_t len)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    uint8_t *const octets       = malloc(len + 64);
    struct reel_builder b       = reel_builder_init(octets, len + 64);
    struct reel_data d;

    memset(&d, 0, sizeof(d));
    d.ordinal       = i->group.ordinal;
    d.stream_offset = i->group.offset;
    d.sparse_offset = i->group.sparse_offset;
    d.bytes.data    = data;
    d.bytes.len     = len;
    if (i->group.header.id == REEL_STREAM_SPARSE_BLOCK &&
        d.sparse_offset == REEL_NONE64) {
        struct reel_cursor c = reel_cursor_init(data, len, NULL);

        d.sparse_offset = reel_get_le64(&c);
    }
    MUST(reel_data_encode(&d, i->number, &b, NULL));
    put_built(i, &b);
    MUST(reel_group_data(&i->group, &d, &at, NULL));
    i->stream_bytes += len;
    free(octets);
}

void
image_data(struct image *i, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len > 0) {
        const size_t most = i->o.segment_bytes / 2;
        const size_t n    = len < most ? len : most;

        put_data(i, p, n);
        p += n;
        len -= n;
    }
}

void
image_group_end(struct image *i)
{
    const struct reel_cursor at = reel_cursor_init(NULL, 0, NULL);
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_group_end e;

    /* CONTINUED, if one is due, must still find the group open. */
    if (i->raw_bytes + 256 > i->o.segment_bytes)
        image_cut(i);
    if (i->raw_bytes == 0)
        put_continued(i);
    MUST(reel_group_finish(&i->group, &e, &at, NULL));
    MUST(reel_group_end_encode(&e, i->number, &b, NULL));
    i->groups++;
    put_built(i, &b);
}

void
image_bad_range(struct image *i, uint32_t ordinal, uint64_t offset,
                uint64_t len)
{
    const struct reel_bad_range r = {ordinal, REEL_BAD_CUT, offset, len};
    const size_t at               = i->bad_count * REEL_BAD_RANGE_BYTES;
    struct reel_builder b = reel_builder_init(i->bad + at, sizeof(i->bad) - at);

    reel_bad_range_put(&r, &b);
    MUST_HOLD(b.ok);
    i->bad_count++;
}

void
image_object_end(struct image *i)
{
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_object_end e;

    memset(&e, 0, sizeof(e));
    e.streams      = i->streams;
    e.groups       = i->groups;
    e.xattrs       = i->xattrs;
    e.stream_bytes = i->stream_bytes;
    e.bad_ranges   = i->bad_count;
    e.bad_range_bytes =
        (struct reel_bytes){i->bad, i->bad_count * REEL_BAD_RANGE_BYTES};
    if (i->xattrs > 0)
        reel_sha256_final(&i->xattr_digest, e.xattr_digest);
    MUST(reel_object_end_encode(&e, i->number, &b, NULL));
    put_built(i, &b);
    i->open = false;
}
