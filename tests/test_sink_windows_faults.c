/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: calls that fail. */
#include <errno.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/reparse.h"
#include "sink_windows_case.h"

static void
one_of_each(void)
{
    static uint8_t body[70000];
    struct reel_object o = windows_facts(REEL_KIND_DIRECTORY, "d", 0x10);

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    windows_end();
    o               = windows_facts(REEL_KIND_FILE, "d/f", 0x22);
    o.size          = 4;
    windows_ordinal = 0;
    windows_begin(2, &o);
    windows_plain(REEL_STREAM_DATA, "", "text");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    windows_stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body,
                   sizeof(body), REEL_NONE64);
    windows_end();
    o               = windows_facts(REEL_KIND_DIRECTORY, "d/l", 0x410);
    windows_ordinal = 0;
    windows_begin(3, &o);
    windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    windows_end();
}

/* The n-th call of the system fails: it goes on, says so, and leaves nothing
   under a name that is not whole. */
START_TEST(failing_calls)
{
    const unsigned long *made;
    unsigned long n;
    unsigned long all;

    OK(probe_stop(&p));
    probe_fini(&p);
    for (n = 0, all = 1; n <= all; n++) {
        struct stat st;

        probe_init(&p);
        p.options.side_files = true;
        p.calls              = probe_calls(n, EIO, &made);
        probe_start(&p);
        one_of_each();
        if (n == 0)
            all = *made;
        OK(probe_stop(&p));
        p.calls = NULL;
        if (probe_stat(&p, "d/f", &st))
            ck_assert(probe_holds(&p, "d/f", "text"));
        if (probe_stat(&p, "d/f.reel-streams/02-alternate_data-long", &st))
            ck_assert_int_eq(st.st_size, 70000);
        else
            ck_assert_msg(p.note_count > 0, "call %lu", n);
        ck_assert_uint_eq(probe_leftovers(&p), 0);
        probe_fini(&p);
    }
    ck_assert_uint_gt(all, 40);
    probe_init(&p);
    probe_start(&p);
}
END_TEST

START_TEST(failing_allocations)
{
    unsigned long n;
    bool failed = true;

    OK(probe_stop(&p));
    probe_fini(&p);
    for (n = 1; failed; n++) {
        struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x20);
        struct reel_stream s;

        probe_init(&p);
        probe_start(&p);
        memset(&s, 0, sizeof(s));
        s.header.id   = REEL_STREAM_ALTERNATE_DATA;
        s.header.size = 5;
        s.header.name = windows_units(":n:$DATA");
        reel_alloc_fail_at(n, 0);
        failed = p.sink->ops->begin(p.sink, 1, &o, &err) != REEL_OK ||
                 p.sink->ops->stream(p.sink, &s, &err) != REEL_OK ||
                 probe_data(&p, 0, 0, REEL_NONE64, "named", 5) != REEL_OK ||
                 p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err) !=
                     REEL_OK;
        failed = failed || reel_alloc_requests() >= n;
        reel_alloc_fail_at(0, 0);
        (void)probe_stop(&p);
        ck_assert_uint_eq(probe_leftovers(&p), 0);
        probe_fini(&p);
    }
    ck_assert_uint_gt(n, 3);
    probe_init(&p);
    probe_start(&p);
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_test(t, failing_calls);
    tcase_add_test(t, failing_allocations);
}

int
main(void)
{
    return suite_run("sink_windows_faults", add);
}
