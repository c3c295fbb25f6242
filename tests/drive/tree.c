/* SPDX-License-Identifier: Apache-2.0 */
/* The files that scenarios archive: made, and compared octet by octet. */
#include "tree.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
    const char *name;
    size_t bytes;
    unsigned int seed;
    const char *link; /* it is another name of this; NULL: it is not */
};

static const struct file files[TREE_FILES] = {
    {"a/one", 5000, 1, NULL},  {"a/two", 70000, 2, NULL},
    {"big", 3000001, 3, NULL}, {"c", 3, 4, NULL},
    {"empty", 0, 5, NULL},     {"m/large", 1500000, 6, NULL},
    {"y", 400000, 7, NULL},    {"z/last", 200000, 8, NULL},
    {"zy", 70000, 2, "a/two"}, {"zz", 3000001, 3, "big"},
};

static char top[64];

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void
remove_all(const char *path)
{
    (void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
tree_set_up(void)
{
    const char *const parent = getenv("TMPDIR");

    (void)snprintf(top, sizeof(top), "%.40s/reel-drive-XXXXXX",
                   parent ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(top));
    ck_assert_int_eq(chdir(top), 0);
}

void
tree_tear_down(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    remove_all(top);
}

/* Fill buf with what a file holds from its next octet on. */
static void
content(uint64_t *state, uint8_t *buf, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        buf[i] = (uint8_t)(*state >> 56);
    }
}

static uint64_t
first_state(const struct file *f, unsigned int generation)
{
    return (uint64_t)generation << 32 | f->seed;
}

static void
make_file(const struct file *f, unsigned int generation)
{
    const int fd   = open(f->name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    uint64_t state = first_state(f, generation);
    size_t left    = f->bytes;
    uint8_t buf[8192];

    ck_assert_int_ge(fd, 0);
    while (left > 0) {
        const size_t n = left < sizeof(buf) ? left : sizeof(buf);

        content(&state, buf, n);
        ck_assert_int_eq(write(fd, buf, n), (ssize_t)n);
        left -= n;
    }
    ck_assert_int_eq(close(fd), 0);
}

void
tree_make(unsigned int generation)
{
    unsigned int i;

    remove_all("tree");
    ck_assert_int_eq(mkdir("tree", 0755), 0);
    ck_assert_int_eq(chdir("tree"), 0);
    ck_assert_int_eq(mkdir("a", 0755), 0);
    ck_assert_int_eq(mkdir("m", 0755), 0);
    ck_assert_int_eq(mkdir("z", 0755), 0);
    for (i = 0; i < TREE_FILES; i++)
        if (!files[i].link)
            make_file(&files[i], generation);
        else
            ck_assert_int_eq(link(files[i].link, files[i].name), 0);
    ck_assert_int_eq(chdir(".."), 0);
}

static bool
same_content(int fd, const struct file *f, unsigned int generation)
{
    uint64_t state = first_state(f, generation);
    size_t done    = 0;
    uint8_t seen[8192];
    uint8_t wanted[8192];

    for (;;) {
        const ssize_t n = read(fd, seen, sizeof(seen));

        ck_assert_int_ge(n, 0);
        if (n == 0)
            return done == f->bytes;
        content(&state, wanted, (size_t)n);
        if (memcmp(seen, wanted, (size_t)n) != 0)
            return false;
        done += (size_t)n;
    }
}

static enum tree_state
compare(const char *folder, const struct file *f, unsigned int generation)
{
    char path[128];
    bool same;
    int fd;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, f->name);
    fd = open(path, O_RDONLY);
    if (fd < 0)
        return TREE_ABSENT;
    same = same_content(fd, f, generation);
    ck_assert_int_eq(close(fd), 0);
    return same ? TREE_SAME : TREE_DIFFERS;
}

enum tree_state
tree_compare(const char *folder, const char *name, unsigned int generation)
{
    unsigned int i;

    for (i = 0; i < TREE_FILES; i++)
        if (strcmp(files[i].name, name) == 0)
            return compare(folder, &files[i], generation);
    ck_abort_msg("the tree has no %s", name);
    return TREE_ABSENT;
}

unsigned int
tree_count(const char *folder, unsigned int generation)
{
    unsigned int same = 0;
    unsigned int i;

    for (i = 0; i < TREE_FILES; i++) {
        const enum tree_state s = compare(folder, &files[i], generation);

        ck_assert_msg(s != TREE_DIFFERS, "%s/%s is not what was archived",
                      folder, files[i].name);
        same += s == TREE_SAME;
    }
    return same;
}

void
tree_check(const char *folder, unsigned int generation)
{
    char path[128];
    struct stat st;

    ck_assert_uint_eq(tree_count(folder, generation), TREE_FILES);
    (void)snprintf(path, sizeof(path), "%s/zz", folder);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_nlink, 2);
}
