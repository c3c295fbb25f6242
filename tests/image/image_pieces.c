/* SPDX-License-Identifier: Apache-2.0 */
/* What a catalog is made from (spec 9); tests. */
#include "image_internal.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

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

/* What a catalog is made with; the first records of the archive go there. */
void
image_begin_catalog(struct image *i)
{
    i->catalog        = reel_catalog_new(keep_record, i);
    i->catalog_packer = reel_record_packer_new(
        i->o.compression, 3, REEL_SEGMENT_LIMIT_MIN, keep_segment, i);
    MUST_HOLD(i->catalog != NULL && i->catalog_packer != NULL);
    i->slice_at   = 0;
    i->checkpoint = 0;
    memset(&i->checkpoint_slice, 0, sizeof(i->checkpoint_slice));
}

struct piece *
image_add_piece(struct image *i, size_t at, enum piece_kind kind,
                const uint8_t *raw, size_t raw_bytes)
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

void
image_settle(struct image *i)
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

void
image_make_again(struct image *i)
{
    forget_catalog(i);
    image_begin_catalog(i);
    image_settle(i);
}

void
image_forget_archive(struct image *i)
{
    size_t n;

    forget_catalog(i);
    for (n = 0; n < i->piece_count; n++)
        free(i->pieces[n].raw);
    free(i->pieces);
    i->pieces      = NULL;
    i->piece_count = 0;
}

size_t
image_first_moved(const struct image *i, uint64_t sequence, bool begun)
{
    size_t n = i->fed;

    while (n < i->piece_count && i->pieces[n].place.sequence < sequence)
        n++;
    while (begun && n + 1 < i->piece_count &&
           i->pieces[n + 1].place.sequence == sequence)
        n++;
    return n;
}

void
image_drop_pieces(struct image *i, uint32_t k)
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

const struct piece *
image_last_checkpoint(const struct image *i)
{
    size_t n = i->piece_count;

    while (n > 0)
        if (i->pieces[--n].kind == PIECE_CHECKPOINT)
            return &i->pieces[n];
    return NULL;
}
