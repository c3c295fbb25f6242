/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the reader knows of a set, in lists (reader/labels.h, archives.h,
 * volume.h): in order whatever order it came in, and at a cost for each entry,
 * counted in octets that are moved.
 */
#include "suite.h"

#include <string.h>

#include "archives.h"
#include "image_objects.h"
#include "labels.h"
#include "reader_probe.h"
#include "reel/head.h"

#define LABELS 20000U
#define ARCHIVES 400U

/* ---- counting ---- */

static size_t moved;
static size_t moved_max;

/* The linker puts it in the place of the library's (--wrap). */
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);

void *
__wrap_memmove(void *to, const void *from, size_t bytes)
{
    moved += bytes;
    if (moved_max != 0)
        ck_assert_uint_le(moved, moved_max);
    return __real_memmove(to, from, bytes);
}

static void
count_moves(size_t entries, size_t entry_bytes)
{
    moved     = 0;
    moved_max = 4 * entries * entry_bytes;
}

/* ---- labels ---- */

/* EARLIER VOLUMEs of `count` numbers from `first` on, each `step` behind the
   one before, named after the call. */
static size_t
earlier_volumes(uint8_t *out, size_t capacity, uint32_t first, uint32_t count,
                uint32_t step, const char *name)
{
    struct reel_builder b = reel_builder_init(out, capacity);
    uint32_t number       = first;

    for (uint32_t i = 0; i < count; i++, number += step) {
        struct reel_earlier_volume v = {.volume = number};

        memcpy(v.volume_id, name, sizeof(v.volume_id));
        ck_assert_int_eq(reel_earlier_volume_encode(&v, &b, NULL), REEL_OK);
    }
    return b.len;
}

static void
take(struct reel_reader_labels *l, uint32_t first, uint32_t count,
     uint32_t step, const char *name)
{
    const size_t capacity           = (size_t)count * 64;
    uint8_t *const octets           = malloc(capacity);
    const struct reel_bytes records = {
        octets, earlier_volumes(octets, capacity, first, count, step, name)};

    ck_assert_int_eq(reel_reader_labels_take(l, records, NULL), REEL_OK);
    free(octets);
}

static void
check_labels(const struct reel_reader_labels *l, size_t count)
{
    ck_assert_uint_eq(l->count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(l->list[i].number, i + 1);
}

/* From the last to the first, and then what is known already. */
START_TEST(names_come_in_any_order)
{
    struct reel_reader_labels l = {0};

    ck_assert_int_eq(
        reel_reader_labels_add(&l, LABELS, (const uint8_t *)"KNOWN ", NULL),
        REEL_OK);
    count_moves(LABELS, sizeof(*l.list));
    take(&l, LABELS, LABELS / 2, UINT32_MAX, "HIGH  ");
    take(&l, 1, LABELS, 1, "LOW   ");
    moved_max = 0;
    check_labels(&l, LABELS);
    ck_assert_str_eq(reel_reader_labels_of(&l, 1), "LOW");
    ck_assert_str_eq(reel_reader_labels_of(&l, LABELS / 2), "LOW");
    ck_assert_str_eq(reel_reader_labels_of(&l, LABELS / 2 + 1), "HIGH");
    ck_assert_str_eq(reel_reader_labels_of(&l, LABELS), "KNOWN");
    ck_assert_str_eq(reel_reader_labels_of(&l, LABELS + 1), "");
    reel_reader_labels_fini(&l);
}
END_TEST

/* Of two names that come at once it is the same one in either order. */
START_TEST(a_volume_has_one_name)
{
    struct reel_reader_labels l = {0};
    uint8_t octets[256];
    const size_t one = earlier_volumes(octets, sizeof(octets), 3, 1, 1,
                                       _i == 0 ? "AAA   " : "BBB   ");
    const size_t two = earlier_volumes(octets + one, sizeof(octets) - one, 3, 1,
                                       1, _i == 0 ? "BBB   " : "AAA   ");

    ck_assert_int_eq(reel_reader_labels_take(
                         &l, (struct reel_bytes){octets, one + two}, NULL),
                     REEL_OK);
    ck_assert_uint_eq(l.count, 1);
    ck_assert_str_eq(reel_reader_labels_of(&l, 3), "AAA");
    reel_reader_labels_fini(&l);
}
END_TEST

/* ---- archives ---- */

/* The ENDs of a pipe, from the first archive to the last. */
START_TEST(ends_come_as_they_stand)
{
    struct image *const i         = image_new(&(struct image_options){0});
    struct reel_access access     = {.catalog_fd = -1, .threads = 1};
    struct reel_reader_archives a = {0};
    struct reel_memory_tape *pipe;
    struct reel_reader_volume v;

    image_volume(i);
    for (unsigned int n = 0; n < ARCHIVES; n++) {
        image_archive(i);
        image_archive_end(i);
    }
    pipe = probe_tape_copy(image_tape(i), reel_memory_tape_count(image_tape(i)),
                           true);
    ck_assert_int_eq(
        reel_medium_memory_new(&access.medium, pipe, REEL_MEDIUM_READ, NULL),
        REEL_OK);
    ck_assert_int_eq(reel_reader_volume_open(&v, &access, NULL), REEL_OK);
    count_moves(ARCHIVES, sizeof(*a.list));
    ck_assert_int_eq(reel_reader_archives_read(&a, &v, NULL), REEL_OK);
    moved_max = 0;
    ck_assert_uint_eq(a.count, ARCHIVES);
    ck_assert_uint_eq(a.newest, ARCHIVES);
    for (uint32_t n = 0; n < ARCHIVES; n++) {
        const struct reel_reader_archive *const found =
            reel_reader_archives_get(&a, ARCHIVES - n);

        ck_assert_ptr_eq(found, &a.list[n]);
        ck_assert_uint_eq(found->number, ARCHIVES - n);
        ck_assert_ptr_eq(found->end.name.data, found->text);
    }
    ck_assert_ptr_null(reel_reader_archives_get(&a, ARCHIVES + 1));
    reel_reader_archives_fini(&a);
    reel_reader_volume_close(&v);
    ck_assert_int_eq(reel_medium_close(access.medium, NULL), REEL_OK);
    reel_memory_tape_free(pipe);
    image_free(i);
}
END_TEST

/* ---- volumes that are not at hand ---- */

/* Of all that there can be, at once. */
START_TEST(the_first_missing_volume)
{
    const struct reel_volumes volumes = {0};
    struct reel_reader_volume v       = {.number = 1};

    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, 1), 0);
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, UINT32_MAX), 2);
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 3, UINT32_MAX), 3);
    v.number = 0;
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, UINT32_MAX), 0);
    v.volumes = &volumes;
    ck_assert_int_eq(pthread_mutex_init(&v.lock, NULL), 0);
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, UINT32_MAX), 0);
    ck_assert_int_eq(reel_number_set_add(&v.missing, UINT32_MAX - 1, NULL),
                     REEL_OK);
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, UINT32_MAX),
                      UINT32_MAX - 1);
    ck_assert_uint_eq(reel_reader_volume_first_missing(&v, 1, 7), 0);
    ck_assert_uint_eq(
        reel_reader_volume_first_missing(&v, UINT32_MAX, UINT32_MAX), 0);
    reel_number_set_fini(&v.missing);
    ck_assert_int_eq(pthread_mutex_destroy(&v.lock), 0);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_test(t, names_come_in_any_order);
    tcase_add_loop_test(t, a_volume_has_one_name, 0, 2);
    tcase_add_test(t, ends_come_as_they_stand);
    tcase_add_test(t, the_first_missing_volume);
}

int
main(void)
{
    return suite_run("reader_lists", add);
}
