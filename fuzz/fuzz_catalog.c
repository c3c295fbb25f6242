/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog, spec 9.2: made from any records it can be parsed again, gives
 * as many objects as it counts, is the same when made twice, and when it is
 * loaded from its own records as a writer that resumes does.
 */
#include <stdlib.h>
#include <string.h>

#include "reel/catalog.h"
#include "reel_fuzz.h"

struct reading {
    struct reel_catalog_parser *parser;
    uint64_t items;
    bool broken; /* numbers that come twice make no catalog */
    struct reel_catalog *loaded;
    bool refused; /* it cannot be loaded */
};

static void
must(int holds)
{
    if (!holds)
        abort();
}

static enum reel_status
read_back(void *ctx, struct reel_bytes record, struct reel_err *err)
{
    struct reading *const in = ctx;
    struct reel_cursor c     = reel_cursor_init(record.data, record.len, NULL);
    struct reel_catalog_item item;
    struct reel_record r;
    bool have;

    (void)err;
    must(reel_record_next(&r, &c, NULL) == REEL_OK);
    in->refused =
        in->refused || reel_catalog_load(in->loaded, &r, NULL) != REEL_OK;
    if (in->broken)
        return REEL_OK;
    in->broken =
        reel_catalog_parse(in->parser, &r, &item, &have, NULL) != REEL_OK;
    in->items += !in->broken && have;
    return REEL_OK;
}

static void
check_loaded(const struct reading *in, const struct reel_catalog_totals *t,
             const uint8_t digest[REEL_DIGEST_BYTES])
{
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint8_t again[REEL_DIGEST_BYTES];
    struct reel_catalog_totals totals;

    if (in->broken || in->refused)
        return;
    must(!reel_catalog_finish(in->loaded, &totals, again, fingerprint, NULL));
    must(memcmp(again, digest, sizeof(again)) == 0);
    must(totals.objects == t->objects && totals.records == t->records);
}

static void
make(const uint8_t *data, size_t size, uint8_t digest[REEL_DIGEST_BYTES])
{
    struct reading in            = {reel_catalog_parser_new(), 0, false,
                                    reel_catalog_new(NULL, NULL), false};
    struct reel_catalog *const k = reel_catalog_new(read_back, &in);
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_catalog_totals t;
    struct reel_place place;

    must(k != NULL && in.parser != NULL && in.loaded != NULL);
    memset(&place, 0, sizeof(place));
    must(reel_catalog_segment(k, data, size, &place, NULL) == REEL_OK);
    must(reel_catalog_finish(k, &t, digest, fingerprint, NULL) == REEL_OK);
    must(in.broken || in.items == t.objects + t.torn);
    must(t.flawed <= t.objects);
    check_loaded(&in, &t, digest);
    reel_catalog_free(k);
    reel_catalog_parser_free(in.parser);
    reel_catalog_free(in.loaded);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    uint8_t once[REEL_DIGEST_BYTES];
    uint8_t twice[REEL_DIGEST_BYTES];

    make(data, size, once);
    make(data, size, twice);
    must(memcmp(once, twice, sizeof(once)) == 0);
    return 0;
}
