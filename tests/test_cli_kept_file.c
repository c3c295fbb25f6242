/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of kept_file.h: what has a name is whole, and nobody else's file is
   touched for it. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept_file.h"
#include "remove_tree.h"
#include "suite.h"

static char folder[32];

static struct {
    unsigned int directories; /* that were asked to keep their names */
    int error;                /* of the next one; 0: none */
} syncs;

/* In the place of the one of the system. */
int
fsync(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
        return 0;
    syncs.directories++;
    errno = syncs.error;
    return syncs.error == 0 ? 0 : -1;
}

static void
begin(void)
{
    (void)strcpy(folder, "/tmp/reel-kept-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("in", 0755), 0);
}

static void
end(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert(remove_tree(folder));
}

static void
put(const char *name, const char *text)
{
    FILE *const f = fopen(name, "we");

    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(text, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

static bool
holds(const char *name, const char *text)
{
    char there[64] = "";
    FILE *const f  = fopen(name, "re");

    if (!f)
        return false;
    there[fread(there, 1, sizeof(there) - 1, f)] = '\0';
    (void)fclose(f);
    return strcmp(there, text) == 0;
}

/* The number of names in a folder. */
static unsigned int
names_in(const char *name)
{
    unsigned int count = 0;
    DIR *const dir     = opendir(name);

    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        count++;
    (void)closedir(dir);
    return count - 2;
}

/* Of a file that gets "catalog"; is it whole? */
static void
keep(const char *name, bool whole)
{
    struct cli_kept_file k;

    ck_assert(cli_kept_file_begin(&k, name));
    ck_assert_int_eq(write(k.fd, "catalog", 7), 7);
    ck_assert(cli_kept_file_end(&k, whole));
    ck_assert_ptr_null(k.name);
    ck_assert_int_eq(k.fd, -1);
}

START_TEST(has_its_name_when_it_is_whole)
{
    const mode_t mask = umask(027);
    struct stat st;

    put("in/kept", "the last one");
    keep("in/kept", false);
    ck_assert(holds("in/kept", "the last one"));
    keep("in/kept", true);
    ck_assert(holds("in/kept", "catalog"));
    ck_assert_uint_eq(names_in("in"), 1);
    ck_assert_int_eq(stat("in/kept", &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0640);
    keep("here", true);
    ck_assert(holds("here", "catalog"));
    (void)umask(mask);
}
END_TEST

START_TEST(takes_no_name_of_somebody_else)
{
    put("in/kept.tmp", "mine");
    keep("in/kept", _i == 1);
    ck_assert(holds("in/kept.tmp", "mine"));
    ck_assert_uint_eq(names_in("in"), _i == 1 ? 2 : 1);
}
END_TEST

START_TEST(follows_no_link)
{
    put("victim", "mine");
    ck_assert_int_eq(symlink("../victim", "in/kept.tmp"), 0);
    ck_assert_int_eq(symlink("../victim", "in/kept"), 0);
    keep("in/kept", true);
    ck_assert(holds("victim", "mine"));
    ck_assert(holds("in/kept", "catalog"));
}
END_TEST

START_TEST(its_name_stays)
{
    static const struct {
        int error;
        bool fine;
    } rows[] = {{0, true}, {EINVAL, true}, {EIO, false}};
    struct cli_kept_file k;

    syncs.error       = rows[_i].error;
    syncs.directories = 0;
    ck_assert(cli_kept_file_begin(&k, _i == 0 ? "kept" : "in/kept"));
    ck_assert_int_eq(cli_kept_file_end(&k, true), rows[_i].fine);
    ck_assert(rows[_i].fine || errno == rows[_i].error);
    ck_assert_uint_eq(syncs.directories, 1);
    ck_assert(holds(_i == 0 ? "kept" : "in/kept", ""));
    ck_assert_uint_eq(names_in("in"), _i == 0 ? 0 : 1);
}
END_TEST

/* What cannot be removed is told. */
START_TEST(a_rest_that_stays_is_told)
{
    struct cli_kept_file k;

    ck_assert(cli_kept_file_begin(&k, "in/kept"));
    ck_assert_int_eq(unlink(k.temporary), 0);
    ck_assert(!cli_kept_file_end(&k, false));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert(!cli_kept_file_begin(&k, "nowhere/kept"));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_ptr_null(k.name);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, has_its_name_when_it_is_whole);
    tcase_add_loop_test(t, takes_no_name_of_somebody_else, 0, 2);
    tcase_add_test(t, follows_no_link);
    tcase_add_loop_test(t, its_name_stays, 0, 3);
    tcase_add_test(t, a_rest_that_stays_is_told);
}

int
main(void)
{
    return suite_run("cli_kept_file", add);
}
