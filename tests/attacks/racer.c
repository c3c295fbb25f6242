/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever may write in a directory that is restored into (spec N-5): swaps
 * directories and files in it for symbolic links that lead out, and back, as
 * fast as it can, until its standard input ends.
 *
 *     racer DIRECTORY [roam|away]
 *
 * prints how often it succeeded. With `roam` it exchanges the directory d for
 * one that stands in ../outside, again and again; with `away` it moves d there
 * once, when some things are in it, and prints how many these are.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXCHANGE 2U /* RENAME_EXCHANGE */
#define ENOUGH 20U

static unsigned long swaps;

static void
swap(int dir, const char *a, const char *b)
{
    swaps += syscall(SYS_renameat2, dir, a, dir, b, EXCHANGE) == 0;
}

/* A name of the restorer's own, while it has it. */
static bool
is_temporary(const char *name)
{
    return strncmp(name, ".reel-", 6) == 0;
}

static void
swap_temporaries(int dir, const char *name, const char *leads_out)
{
    const int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list    = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    char path[600];

    while (list && (entry = readdir(list)) != NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
        if (is_temporary(entry->d_name))
            swap(dir, path, leads_out);
    }
    if (list)
        (void)closedir(list);
    else if (fd >= 0)
        (void)close(fd);
}

static bool
is_over(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) != 0;
}

/* How much has its final name there. */
static unsigned long
count(int dir, const char *name)
{
    const int fd        = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list           = fd < 0 ? NULL : fdopendir(fd);
    unsigned long found = 0;
    struct dirent *entry;

    while (list && (entry = readdir(list)) != NULL)
        found += entry->d_name[0] != '.';
    if (list)
        (void)closedir(list);
    else if (fd >= 0)
        (void)close(fd);
    return found;
}

static int
move_away(int dir)
{
    unsigned long there = 0;

    while (!is_over() && there == 0) {
        if (count(dir, "d") >= ENOUGH &&
            renameat(dir, "d", dir, "../outside/d") == 0)
            there = count(dir, "../outside/d");
    }
    (void)printf("%lu\n", there);
    return EXIT_SUCCESS;
}

static int
roam(int dir)
{
    if (mkdirat(dir, "../outside/d", 0777) != 0)
        return EXIT_FAILURE;
    while (!is_over())
        swap(dir, "d", "../outside/d");
    (void)printf("%lu\n", swaps);
    return EXIT_SUCCESS;
}

static int
lead_out(int dir)
{
    if (symlinkat("../outside", dir, "out-d") != 0 ||
        symlinkat("../../outside", dir, "out-sub") != 0 ||
        symlinkat("../outside/victim", dir, "out-f") != 0 ||
        symlinkat("../outside/victim", dir, "out-t") != 0)
        return EXIT_FAILURE;
    while (!is_over()) {
        swap(dir, "d", "out-d");
        swap(dir, "d/sub", "out-sub");
        swap(dir, "d", "out-d");
        swap(dir, "f", "out-f");
        swap_temporaries(dir, ".", "out-t");
        swap_temporaries(dir, "d", "out-t");
    }
    (void)printf("%lu\n", swaps);
    return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    const int dir =
        argc >= 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (dir < 0 || argc > 3)
        return EXIT_FAILURE;
    if (argc == 3 && strcmp(argv[2], "roam") == 0)
        return roam(dir);
    if (argc == 3 && strcmp(argv[2], "away") == 0)
        return move_away(dir);
    return argc == 2 ? lead_out(dir) : EXIT_FAILURE;
}
