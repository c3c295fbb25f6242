/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program reel-ntfs: reads or writes an NTFS volume for `reel`, which
 * starts it and speaks with it by reel/relay.h. It opens a device or an image
 * by itself, so that neither a mount nor root is needed.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "verbs.h"

static void
say_usage(FILE *to)
{
    (void)fputs(
        "usage: reel-ntfs read [--links enumerate|encounter] IMAGE [PATH...]\n"
        "       reel-ntfs write [OPTION...] IMAGE\n"
        "\n"
        "read   gives the objects of an NTFS volume on standard output\n"
        "write  puts objects from standard input on an NTFS volume\n"
        "\n"
        "IMAGE is a device or an image of a volume. `reel write --ntfs` and\n"
        "`reel restore --ntfs` start this program; what goes through the pipe\n"
        "is not for people.\n",
        to);
}

int
main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc >= 2 && strcmp(argv[1], "read") == 0)
        return rn_read_verb(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "write") == 0)
        return rn_write_verb(argc - 1, argv + 1);
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        say_usage(stdout);
        return RN_EXIT_WELL;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)printf("reel-ntfs %s\n", RN_VERSION);
        return RN_EXIT_WELL;
    }
    say_usage(stderr);
    return RN_EXIT_USAGE;
}
