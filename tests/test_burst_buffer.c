/* SPDX-License-Identifier: Apache-2.0 */
/* The buffer between the pipeline and a drive: order, marks, and the end. */
#include <pthread.h>
#include <string.h>

#include "burst_buffer.h"
#include "suite.h"

#define ENTRY 1000U
#define BUFFER (16U * ENTRY)

struct feeder {
    struct reel_burst_buffer *b;
    unsigned int count;
    unsigned int done;
};

static size_t
len_of(unsigned int i)
{
    return 1 + (i * 7919U) % ENTRY;
}

static bool
put_one(struct reel_burst_buffer *b, unsigned int i)
{
    uint8_t octets[ENTRY];
    const size_t len = len_of(i);

    memset(octets, (int)(i & 0xFFU), sizeof(octets));
    return reel_burst_buffer_put(b, (struct reel_bytes){octets, len / 2},
                                 (struct reel_bytes){octets, len - len / 2});
}

static void *
feed(void *arg)
{
    struct feeder *const f = arg;

    while (f->done < f->count && put_one(f->b, f->done))
        f->done++;
    reel_burst_buffer_close(f->b);
    return NULL;
}

static void
check_octets(struct reel_bytes all, unsigned int i)
{
    uint8_t expected[ENTRY];

    memset(expected, (int)(i & 0xFFU), sizeof(expected));
    ck_assert_uint_le(all.len, sizeof(expected));
    ck_assert_int_eq(memcmp(all.data, expected, all.len), 0);
}

/* Everything comes out once, in order, whatever the lengths. */
START_TEST(all_in_order)
{
    struct feeder f = {reel_burst_buffer_new(BUFFER, ENTRY), 20000, 0};
    struct reel_bytes part;
    struct reel_bytes packed;
    unsigned int met = 0;
    pthread_t thread;

    ck_assert_ptr_nonnull(f.b);
    ck_assert_int_eq(pthread_create(&thread, NULL, feed, &f), 0);
    while (reel_burst_buffer_take(f.b, &part, &packed)) {
        ck_assert_uint_eq(part.len, len_of(met) / 2);
        ck_assert_uint_eq(packed.len, len_of(met) - len_of(met) / 2);
        check_octets(part, met);
        check_octets(packed, met);
        met++;
        reel_burst_buffer_drop(f.b);
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_uint_eq(met, f.count);
    reel_burst_buffer_free(f.b);
}
END_TEST

/* A burst begins at the start mark and goes on to the stop mark: a full
   buffer's worth at least, so never a short one. */
START_TEST(bursts_are_long)
{
    struct feeder f = {reel_burst_buffer_new(BUFFER, ENTRY), 20000, 0};
    struct reel_write_bursts seen;
    struct reel_bytes part;
    struct reel_bytes packed;
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, feed, &f), 0);
    while (reel_burst_buffer_take(f.b, &part, &packed))
        reel_burst_buffer_drop(f.b);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    seen = reel_burst_buffer_bursts(f.b);
    ck_assert_uint_ge(seen.bursts, 1);
    /* From three quarters down to a sixteenth; half of each entry at most is
       its part, and each has a header. */
    if (seen.shortest_bytes != 0)
        ck_assert_uint_ge(seen.shortest_bytes, BUFFER / 4);
    reel_burst_buffer_free(f.b);
}
END_TEST

/* What is below the start mark comes out when nothing more is put. */
START_TEST(close_empties)
{
    struct reel_burst_buffer *const b = reel_burst_buffer_new(BUFFER, ENTRY);
    struct reel_bytes part;
    struct reel_bytes packed;

    ck_assert(put_one(b, 1));
    reel_burst_buffer_close(b);
    ck_assert(reel_burst_buffer_take(b, &part, &packed));
    check_octets(packed, 1);
    reel_burst_buffer_drop(b);
    ck_assert(!reel_burst_buffer_take(b, &part, &packed));
    reel_burst_buffer_free(b);
}
END_TEST

/* A feeder that waits for room comes to its end when it is called off. */
START_TEST(abort_ends_both)
{
    struct feeder f = {reel_burst_buffer_new(BUFFER, ENTRY), 1000, 0};
    struct reel_bytes part;
    struct reel_bytes packed;
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, feed, &f), 0);
    ck_assert(reel_burst_buffer_take(f.b, &part, &packed));
    reel_burst_buffer_abort(f.b);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_uint_lt(f.done, f.count);
    ck_assert(!reel_burst_buffer_take(f.b, &part, &packed));
    ck_assert(!put_one(f.b, 0));
    reel_burst_buffer_free(f.b);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, all_in_order);
    tcase_add_test(t, bursts_are_long);
    tcase_add_test(t, close_empties);
    tcase_add_test(t, abort_ends_both);
}

int
main(void)
{
    return suite_run("burst_buffer", add_tests);
}
