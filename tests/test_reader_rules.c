/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader on volumes that are sealed but break rules: each record, of the
 * data and of the catalog, changed in many places with all checksums made
 * right. Whatever it says, nothing is handed out twice, out of order, or as
 * proven against its digest.
 */
#include "suite.h"

#include <string.h>

#include "image_objects.h"
#include "reader_probe.h"
#include "reel/list.h"

#define OFFSETS 12U

/* Which octet of which record is changed, and how. */
struct change {
    bool catalog;
    unsigned int record;
    unsigned int offset; /* in twelfths of the record */
    uint8_t flip;
    unsigned int seen;
};

static struct probe_read probe;
static struct change change;
static uint8_t big[9000];

static void
flip(uint8_t *record, size_t len)
{
    if (change.seen++ == change.record)
        record[(len - 1) * change.offset / (OFFSETS - 1)] ^= change.flip;
}

static void
flip_data(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    if (!change.catalog)
        flip(record, *len);
}

static void
flip_catalog(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    if (change.catalog)
        flip(record, *len);
}

static struct image *
build(void)
{
    const struct image_options options = {
        .block_bytes   = 512,
        .segment_bytes = 2048,
        .patches       = {.record = flip_data, .catalog_record = flip_catalog}};
    struct image *const i = image_new(&options);
    uint64_t first;

    change.seen = 0;
    image_volume(i);
    image_archive(i);
    (void)image_directory(i, "");
    first = image_file(i, "big", big, sizeof(big), 2);
    (void)image_sparse(i, "holes", big, 700);
    image_checkpoint(i);
    (void)image_file(i, "small", "abc", 3, 1);
    (void)image_symlink(i, "symlink", "big");
    (void)image_link(i, "zlink", first, "big");
    image_archive_end(i);
    return i;
}

static enum reel_status
on_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    (void)ctx;
    (void)err;
    ck_assert_ptr_nonnull(item->object);
    return REEL_OK;
}

static void
read_all(struct reel_memory_tape *t)
{
    static const char *const patterns[] = {NULL, "zlink", "*s*"};
    size_t k;

    for (k = 0; k < 3; k++) {
        const enum reel_status status = probe_read_run(&probe, t, patterns[k]);
        unsigned int i;

        ck_assert_msg(status == REEL_OK || status == REEL_E_INVALID ||
                          status == REEL_E_CORRUPT ||
                          status == REEL_E_TRUNCATED ||
                          status == REEL_E_UNSUPPORTED,
                      "%s: %s", reel_status_name(status), probe.err.text);
        for (i = 0; i < probe.given_count; i++) {
            const struct probe_given *const g = &probe.given[i];

            ck_assert(g->ended);
            if (g->link || g->outcome != REEL_OUTCOME_PROVEN)
                continue;
            if (g->size == sizeof(big) && g->got == sizeof(big))
                ck_assert_mem_eq(g->content, big, sizeof(big));
        }
    }
    probe_read_clear(&probe);
    ck_assert_int_eq(reel_medium_memory_new(&probe.access.medium, t,
                                            REEL_MEDIUM_READ, &probe.err),
                     REEL_OK);
    (void)!reel_list(&probe.access, NULL, on_item, NULL, &probe.err);
    (void)!reel_medium_close(probe.access.medium, &probe.err);
}

static void
sweep(bool catalog)
{
    static const uint8_t flips[] = {0x01, 0x80, 0xFF};
    size_t k;

    change.catalog = catalog;
    for (change.record = 0;; change.record++)
        for (change.offset = 0; change.offset < OFFSETS; change.offset++)
            for (k = 0; k < sizeof(flips); k++) {
                struct image *i;

                change.flip = flips[k];
                i           = build();
                if (change.record >= change.seen) {
                    ck_assert_uint_gt(change.record, 10);
                    image_free(i);
                    return;
                }
                read_all(image_tape(i));
                image_free(i);
            }
}

START_TEST(unchanged_it_is_all_proven)
{
    struct image *i;

    change.record = UINT32_MAX;
    i             = build();
    ck_assert_int_eq(probe_read_run(&probe, image_tape(i), NULL), REEL_OK);
    ck_assert_uint_eq(probe_read_check(&probe), 6);
    ck_assert_uint_eq(probe.told_count, 0);
    image_free(i);
}
END_TEST

START_TEST(any_record_of_the_data_may_lie)
{
    sweep(false);
}
END_TEST

START_TEST(any_record_of_the_catalog_may_lie)
{
    sweep(true);
}
END_TEST

/* ---- A-15 ---- */

/* "told" is called "tale" in the catalog. */
static void
other_name(void *ctx, uint8_t *record, size_t *len)
{
    uint8_t *const path = record + REEL_RECORD_HEADER_BYTES + 128;

    (void)ctx;
    if (*len > REEL_RECORD_HEADER_BYTES + 132 && memcmp(path, "told", 4) == 0)
        memcpy(path, "tale", 4);
}

static enum reel_status
take_name(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    char *const names            = ctx;
    const struct reel_bytes path = item->object->path;

    (void)err;
    strncat(names, (const char *)path.data, path.len);
    return REEL_OK;
}

START_TEST(a_catalog_tells_only_what_end_proves)
{
    const struct image_options options = {
        .patches = {.catalog_record = other_name}};
    struct image *const i = image_new(&options);
    char names[64]        = "";

    image_volume(i);
    image_archive(i);
    (void)image_file(i, "told", "abc", 3, 1);
    image_archive_end(i); /* its digest is that of the data */
    probe_read_clear(&probe);
    ck_assert_int_eq(reel_medium_memory_new(&probe.access.medium, image_tape(i),
                                            REEL_MEDIUM_READ, &probe.err),
                     REEL_OK);
    ck_assert_int_eq(
        reel_list(&probe.access, NULL, take_name, names, &probe.err), REEL_OK);
    ck_assert_str_eq(names, "told");
    ck_assert_uint_ge(probe_read_told(&probe, REEL_NOTE_DAMAGE), 1);
    (void)!reel_medium_close(probe.access.medium, &probe.err);
    image_free(i);
}
END_TEST

static void
setup(void)
{
    image_noise(big, sizeof(big), 7);
    probe_read_init(&probe);
}

static void
teardown(void)
{
    probe_read_fini(&probe);
}

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, unchanged_it_is_all_proven);
    tcase_add_test(t, any_record_of_the_data_may_lie);
    tcase_add_test(t, any_record_of_the_catalog_may_lie);
    tcase_add_test(t, a_catalog_tells_only_what_end_proves);
}

int
main(void)
{
    return suite_run("reader_rules", add);
}
