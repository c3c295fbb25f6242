/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: what was restored is compared. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "reel/reparse.h"
#include "sink_windows_case.h"

static unsigned int told;
static char told_last[200];

static void
differs(void *ctx, uint8_t encoding, struct reel_bytes path, const char *what)
{
    (void)ctx;
    (void)encoding;
    (void)path;
    told++;
    (void)snprintf(told_last, sizeof(told_last), "%s", what);
}

/* A tree with a bit of everything, to whatever sink is there. */
static void
tree(void)
{
    struct reel_object o = windows_facts(REEL_KIND_DIRECTORY, "", 0x10);
    bool made;

    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    windows_end();
    windows_all_streams();
    o               = windows_facts(REEL_KIND_FILE, "l~", 0x400);
    windows_ordinal = 0;
    windows_begin(3, &o);
    windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "a\\b", "a");
    windows_end();
    o               = windows_facts(REEL_KIND_DIRECTORY, "m", 0x410);
    windows_ordinal = 0;
    windows_begin(4, &o);
    windows_link(REEL_REPARSE_MOUNT_POINT, false, "\\??\\D:\\", "D:\\");
    windows_end();
    o               = windows_facts(REEL_KIND_FILE, "one", 0x21);
    o.size          = 4;
    o.link_count    = 2;
    windows_ordinal = 0;
    windows_begin(5, &o);
    windows_plain(REEL_STREAM_DATA, "", "data");
    windows_end();
    o        = windows_facts(REEL_KIND_LINK, "two", 0x20);
    o.target = 5;
    OK(p.sink->ops->link(p.sink, &o, &made, &err));
}

static void
compare(void)
{
    told         = 0;
    p.note_count = 0;
    sink_case_compare(differs);
    tree();
    OK(probe_stop(&p));
}

START_TEST(restored_is_no_difference)
{
    if (_i == 1)
        windows_side_files();
    tree();
    OK(probe_stop(&p));
    compare();
    ck_assert_msg(told == 0, "%s", told_last);
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

START_TEST(differences_are_told)
{
    struct stat st;
    int fd;

    tree();
    OK(probe_stop(&p));
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", 0), 0);
    ck_assert_int_eq(symlinkat("elsewhere", p.dir_fd, "m"), 0);
    compare();
    ck_assert_uint_eq(told, 3); /* its time, and that of the root, too */
    ck_assert_str_eq(told_last, "its target differs");
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", 0), 0);
    ck_assert_int_eq(mkdirat(p.dir_fd, "m", 0755), 0);
    compare();
    ck_assert_uint_eq(told, 2);
    ck_assert_str_eq(told_last, "kind: symlink in the archive, "
                                "directory here");
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", AT_REMOVEDIR), 0);
    fd = openat(p.dir_fd, "f", O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(pwrite(fd, "T", 1, 0), 1);
    ck_assert_int_eq(
        futimens(fd, (const struct timespec[]){st.st_atim, st.st_mtim}), 0);
    (void)close(fd);
    compare();
    ck_assert_uint_eq(told, 3); /* m is missing */
    (void)close(openat(p.dir_fd, "g.reel-streams",
                       O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    compare();
    ck_assert_uint_eq(told, 4);
    ck_assert_str_eq(told_last, "not in the archive");
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_loop_test(t, restored_is_no_difference, 0, 2);
    tcase_add_test(t, differences_are_told);
}

int
main(void)
{
    return suite_run("sink_windows_compare", add);
}
