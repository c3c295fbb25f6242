/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wish to stop is granted between two records (reel/note.h): a segment that
 * holds very many objects, each with something to tell, is not gone through to
 * its end.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "image_objects.h"
#include "reader_probe.h"
#include "reel/block_header.h"
#include "reel/dump.h"
#include "reel/list.h"
#include "reel/record.h"
#include "reel/sha256.h"
#include "reel/verify.h"

#define FILES 30U
/* What may still be told behind the wish. */
#define SLACK 2U

static struct probe_read probe;
static struct reel_medium *medium;
static volatile int stop;
static unsigned int told; /* since the wish, with what brought it about */

static void
wish(void)
{
    stop = 1;
    told++;
}

static void
wish_at_note(void *ctx, const struct reel_note *note)
{
    (void)ctx;
    if (note->object != 0 || note->kind == REEL_NOTE_INVALID)
        wish();
}

/* ---- images ---- */

/* What is spoiled, and the digests of the catalog before and after. */
struct spoiling {
    bool data;
    bool catalog;
    struct reel_sha256 was;
    struct reel_sha256 is;
};

static unsigned int
type_of(const uint8_t *record)
{
    return record[0] + 0x100U * record[1];
}

/* OBJECT of a kind that is none. */
static void
spoil_object(uint8_t *record)
{
    if (type_of(record) == REEL_RECORD_OBJECT)
        record[REEL_RECORD_HEADER_BYTES] = 0x7F;
}

static void
spoil_catalog(void *ctx, uint8_t *record, size_t *len)
{
    struct spoiling *const s = ctx;

    reel_sha256_update(&s->was, record, *len);
    if (s->catalog)
        spoil_object(record);
    reel_sha256_update(&s->is, record, *len);
}

/* END has the digest of what became of the catalog. */
static void
mend_digest(const struct spoiling *s, uint8_t *record, size_t len)
{
    struct reel_sha256 sums[2] = {s->was, s->is};
    uint8_t was[REEL_DIGEST_BYTES];
    uint8_t is[REEL_DIGEST_BYTES];

    reel_sha256_final(&sums[0], was);
    reel_sha256_final(&sums[1], is);
    for (size_t at = 0; at + sizeof(was) <= len; at++)
        if (memcmp(record + at, was, sizeof(was)) == 0)
            memcpy(record + at, is, sizeof(is));
}

static void
spoil_record(void *ctx, uint8_t *record, size_t *len)
{
    const struct spoiling *const s = ctx;

    if (s->data)
        spoil_object(record);
    if (type_of(record) == REEL_RECORD_END)
        mend_digest(s, record, *len);
}

/* All objects in one segment, of the data and of the catalog. */
static struct image *
build(bool data, bool catalog)
{
    struct spoiling spoiling           = {.data = data, .catalog = catalog};
    const struct image_options options = {
        .segment_bytes = 1U << 16,
        .patches       = {.ctx            = &spoiling,
                          .record         = spoil_record,
                          .catalog_record = spoil_catalog}};
    struct image *const i = image_new(&options);
    char name[16];

    reel_sha256_init(&spoiling.was);
    reel_sha256_init(&spoiling.is);
    image_volume(i);
    image_archive(i);
    (void)image_directory(i, "");
    for (unsigned int n = 0; n < FILES; n++) {
        (void)snprintf(name, sizeof(name), "f%02u", n);
        (void)image_file(i, name, "abc", 3, 1);
    }
    image_archive_end(i);
    return i;
}

/* No block of this kind can be read. */
static void
spoil_blocks(struct reel_memory_tape *t, unsigned int kind)
{
    for (uint64_t at = 0; at < reel_memory_tape_count(t); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(t, at);
        struct reel_block_header h;

        if (e.bytes != NULL &&
            reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) ==
                REEL_OK &&
            h.kind == kind)
            ck_assert_int_eq(reel_memory_tape_spoil(t, at, NULL), REEL_OK);
    }
}

/* ---- reading ---- */

static void
begin(struct image *i)
{
    probe_read_init(&probe);
    stop                     = 0;
    told                     = 0;
    probe.access.report.stop = &stop;
    probe.access.report.fn   = wish_at_note;
    ck_assert_int_eq(reel_medium_memory_new(&medium, image_tape(i),
                                            REEL_MEDIUM_READ, &probe.err),
                     REEL_OK);
    probe.access.medium = medium;
}

static void
end(struct image *i, enum reel_status status)
{
    ck_assert_int_eq(status, REEL_E_STOPPED);
    ck_assert_uint_ge(told, 1);
    ck_assert_uint_le(told, SLACK);
    ck_assert_int_eq(reel_medium_close(medium, NULL), REEL_OK);
    probe_read_fini(&probe);
    image_free(i);
}

/* ---- what is given, or lost ---- */

static const struct reel_sink_ops *inner;

static enum reel_status
wish_at_object(struct reel_sink *s, uint64_t number,
               const struct reel_object *o, struct reel_err *err)
{
    wish();
    return inner->begin(s, number, o, err);
}

START_TEST(the_reader_stops_between_objects)
{
    struct image *const i = build(false, false);
    struct reel_sink_ops outer;

    begin(i);
    inner          = probe.sink.ops;
    outer          = *inner;
    outer.begin    = wish_at_object;
    probe.sink.ops = &outer;
    end(i, probe_read_opened(&probe, NULL));
}
END_TEST

/* The data make no sense, or are not there: the catalog names what is lost. */
START_TEST(the_reader_stops_between_losses)
{
    struct image *const i = build(_i == 0, false);

    if (_i == 1)
        spoil_blocks(image_tape(i), REEL_BLOCK_DATA);
    begin(i);
    end(i, probe_read_opened(&probe, NULL));
}
END_TEST

/* ---- the other ways through an archive ---- */

static enum reel_status
on_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    (void)ctx;
    (void)item;
    (void)err;
    return REEL_OK;
}

/* The catalog makes no sense; or cannot be read, and the data make none. */
START_TEST(the_list_stops_between_objects)
{
    struct image *const i = build(_i == 1, _i == 0);

    if (_i == 1)
        spoil_blocks(image_tape(i), REEL_BLOCK_CATALOG);
    begin(i);
    end(i, reel_list(&probe.access, NULL, on_item, NULL, &probe.err));
}
END_TEST

static void
wish_at_record(void *ctx, const char *line)
{
    (void)ctx;
    if (strstr(line, "0x8010 OBJECT") != NULL)
        wish();
}

START_TEST(the_dump_stops_between_records)
{
    const struct reel_dump_options options = {0};
    struct image *const i                  = build(false, false);

    begin(i);
    end(i,
        reel_dump(&probe.access, &options, wish_at_record, NULL, &probe.err));
}
END_TEST

START_TEST(the_verifier_stops_between_objects)
{
    struct image *const i        = build(true, false);
    struct reel_verify_options o = {.depth   = REEL_VERIFY_FULL,
                                    .threads = _i == 0 ? 1 : 2};
    struct reel_verify_result r;

    begin(i);
    o.report = probe.access.report;
    o.medium = probe.access.medium;
    end(i, reel_verify(&o, &r, &probe.err));
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_test(t, the_reader_stops_between_objects);
    tcase_add_loop_test(t, the_reader_stops_between_losses, 0, 2);
    tcase_add_loop_test(t, the_list_stops_between_objects, 0, 2);
    tcase_add_test(t, the_dump_stops_between_records);
    tcase_add_loop_test(t, the_verifier_stops_between_objects, 0, 2);
}

int
main(void)
{
    return suite_run("stop", add);
}
