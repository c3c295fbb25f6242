/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of beneath.h and made_table.h (N-5, K-7). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "beneath.h"
#include "made_table.h"
#include "sink_case.h"
#include "suite.h"

static struct reel_beneath b;

/* 0: as the kernel offers; 1: component by component. */
static void
init(int i)
{
    reel_beneath_init(&b, p.dir_fd,
                      i == 0 ? reel_sink_calls_system()
                             : probe_calls_old_kernel());
    ck_assert(i == 0 || !b.has_openat2);
}

static int
open_path(const char *path)
{
    return reel_beneath_open(&b, path, strlen(path), O_PATH);
}

static ino_t
inode_of(int fd)
{
    struct stat st;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &st), 0);
    (void)close(fd);
    return st.st_ino;
}

START_TEST(makes_what_is_missing)
{
    struct stat st;

    init(_i);
    ck_assert_int_lt(open_path("a/b/c"), 0);
    ck_assert_int_eq(errno, ENOENT);
    const ino_t made = inode_of(reel_beneath_make(&b, "a/b/c", 5));

    ck_assert_uint_eq(inode_of(open_path("a/b/c")), made);
    ck_assert_uint_eq(inode_of(reel_beneath_make(&b, "a/b/c", 5)), made);
    ck_assert(probe_stat(&p, "a/b", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
    ck_assert(probe_stat(&p, ".", &st));
    ck_assert_uint_eq(inode_of(open_path("")), st.st_ino);
}
END_TEST

START_TEST(takes_only_so_much_of_the_path)
{
    struct stat st;

    init(_i);
    (void)close(reel_beneath_make(&b, "a/b", 3));
    ck_assert(probe_stat(&p, "a", &st));
    ck_assert_uint_eq(inode_of(reel_beneath_open(&b, "a/b", 1, O_PATH)),
                      st.st_ino);
}
END_TEST

START_TEST(follows_no_link)
{
    struct stat st;

    init(_i);
    ck_assert_int_eq(mkdirat(p.dir_fd, "d", 0700), 0);
    ck_assert_int_eq(mkdirat(p.dir_fd, "d/e", 0700), 0);
    ck_assert_int_eq(symlinkat("d", p.dir_fd, "inside"), 0);
    ck_assert_int_eq(symlinkat("..", p.dir_fd, "outside"), 0);
    ck_assert_int_eq(symlinkat("/proc/self/cwd", p.dir_fd, "magic"), 0);
    ck_assert_int_lt(open_path("inside/e"), 0);
    ck_assert_int_lt(open_path("outside/in"), 0);
    ck_assert_int_lt(open_path("magic/e"), 0);
    ck_assert_int_lt(reel_beneath_make(&b, "inside", 6), 0);
    ck_assert_int_lt(reel_beneath_make(&b, "inside/new", 10), 0);
    ck_assert_int_lt(reel_beneath_make(&b, "outside/new", 11), 0);
    ck_assert(!probe_stat(&p, "d/new", &st));
    ck_assert(!probe_stat(&p, "../new", &st));
    /* the link itself may be had, for its own facts */
    ck_assert(probe_stat(&p, "inside", &st));
    ck_assert_uint_eq(inode_of(open_path("inside")), st.st_ino);
    ck_assert_int_lt(reel_beneath_open(&b, "inside", 6, O_RDONLY), 0);
}
END_TEST

START_TEST(a_component_that_is_too_long)
{
    static char path[6001];

    init(_i);
    memset(path, 'x', sizeof(path) - 1);
    ck_assert_int_lt(open_path(path), 0);
    ck_assert_int_eq(errno, ENAMETOOLONG);
    ck_assert_int_lt(reel_beneath_make(&b, path, 300), 0);
    ck_assert_int_eq(errno, ENAMETOOLONG);
}
END_TEST

#define NUMBERS 5000U

static const char *
name_of(uint64_t i)
{
    static char name[1001];

    (void)snprintf(name, sizeof(name), "%01000u", (unsigned int)i);
    return name;
}

static bool
is_there(struct reel_made_table *t, uint64_t number, struct reel_made *m)
{
    bool found = false;

    ck_assert_int_eq(reel_made_table_find(t, number, &found, m, NULL), REEL_OK);
    return found;
}

/* Against the plainest model: an array. Half of the names are met. */
START_TEST(table_keeps_and_forgets)
{
    struct reel_sink_identity id;
    struct reel_made_table t;
    struct reel_made m;
    uint64_t i;

    memset(&id, 0, sizeof(id));
    reel_made_table_init(&t, NULL);
    for (i = 1; i <= NUMBERS; i++) {
        id.ino = i;
        ck_assert_int_eq(reel_made_table_add(&t, i * 7, name_of(i), 1000, &id,
                                             i % 3 == 0 ? 0 : 2, NULL),
                         REEL_OK);
    }
    ck_assert_uint_le(t.stash.kept_bytes, 1U << 20);
    ck_assert_uint_gt(t.stash.file_bytes, 1U << 20);
    id.ino = 1;
    ck_assert_int_eq(reel_made_table_add(&t, 3, "one", 3, &id, 1, NULL),
                     REEL_OK);
    ck_assert(!is_there(&t, 3, &m)); /* needs no place */
    for (i = 2; i <= NUMBERS; i += 2)
        reel_made_table_name_met(&t, i * 7);
    for (i = 1; i <= NUMBERS; i++) {
        const bool gone = i % 2 == 0 && i % 3 != 0;

        ck_assert_int_eq(is_there(&t, i * 7, &m), !gone);
        if (gone)
            continue;
        ck_assert_uint_eq(m.number, i * 7);
        ck_assert_uint_eq(m.identity.ino, i);
        ck_assert_uint_eq(m.path.len, 1000);
        ck_assert_mem_eq(m.path.data, name_of(i), 1000);
    }
    ck_assert(!is_there(&t, 0, &m));
    ck_assert(!is_there(&t, 8, &m));
    reel_made_table_fini(&t);
}
END_TEST

static void
add(TCase *t)
{
    sink_case_fixture(t);
    tcase_add_loop_test(t, makes_what_is_missing, 0, 2);
    tcase_add_loop_test(t, takes_only_so_much_of_the_path, 0, 2);
    tcase_add_loop_test(t, follows_no_link, 0, 2);
    tcase_add_loop_test(t, a_component_that_is_too_long, 0, 2);
    tcase_add_test(t, table_keeps_and_forgets);
}

int
main(void)
{
    return suite_run("beneath", add);
}
