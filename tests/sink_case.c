/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of a sink share. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink_case.h"
#include "sink_compare.h"

struct probe p;
struct reel_err err;

static void
set_up(void)
{
    probe_init(&p);
}

static void
tear_down(void)
{
    probe_fini(&p);
}

static void
drop_privileges(void)
{
    if (geteuid() == 0)
        ck_assert(setegid(65534) == 0 && seteuid(65534) == 0);
    set_up();
}

static void
regain_privileges(void)
{
    if (getuid() == 0)
        ck_assert(seteuid(0) == 0 && setegid(0) == 0);
    tear_down();
}

void
sink_case_anew(void)
{
    tear_down();
    set_up();
}

void
sink_case_fixture(TCase *t)
{
    tcase_add_checked_fixture(t, set_up, tear_down);
}

int
sink_case_run(const char *name, void (*add)(TCase *t))
{
    Suite *s         = suite_create(name);
    TCase *as_is     = tcase_create("as is");
    TCase *as_nobody = tcase_create("as nobody");
    SRunner *r       = srunner_create(s);
    int failed;

    sink_case_fixture(as_is);
    tcase_add_checked_fixture(as_nobody, drop_privileges, regain_privileges);
    add(as_is);
    add(as_nobody);
    suite_add_tcase(s, as_is);
    suite_add_tcase(s, as_nobody);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

void
sink_case_compare(void (*differs)(void *ctx, uint8_t encoding,
                                  struct reel_bytes path, const char *what))
{
    const struct reel_sink_compare_options options = {
        .dir_fd        = p.dir_fd,
        .numeric_owner = true,
        .report        = &p.report,
        .temporary_dir = "/tmp",
        .differs       = differs,
    };

    p.sink = reel_sink_compare_new(&options, &err);
    ck_assert_ptr_nonnull(p.sink);
}

void
sink_case_file(const char *path, const char *text)
{
    const struct reel_object o = probe_object(REEL_KIND_FILE, path, 0644);

    probe_start(&p);
    OK(probe_file(&p, 1, &o, text, strlen(text), REEL_OUTCOME_PROVEN));
    OK(probe_stop(&p));
}

void
sink_case_xattr(const char *name, const char *value)
{
    struct reel_xattr x;

    memset(&x, 0, sizeof(x));
    x.name  = reel_bytes_of(name);
    x.value = reel_bytes_of(value);
    OK(p.sink->ops->xattr(p.sink, &x, &err));
}
