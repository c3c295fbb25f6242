/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program reel-ntfs: reads or writes an NTFS volume for `reel`, which
 * starts it and speaks with it by reel/relay.h. It opens a device or an image
 * by itself, so that neither a mount nor root is needed.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "fence.h"
#include "verbs.h"

static void
say_usage(FILE *to)
{
    (void)fputs(
        "usage: reel-ntfs read [OPTION...] IMAGE [PATH...]\n"
        "       reel-ntfs write [OPTION...] IMAGE\n"
        "\n"
        "read   gives the objects of an NTFS volume on standard output\n"
        "write  puts objects from standard input on an NTFS volume\n"
        "\n"
        "Both take --sandbox best|need|off, as reel does: nothing but IMAGE\n"
        "can be opened while it is read or written.\n"
        "\n"
        "IMAGE is a device or an image of a volume. `reel write --ntfs` and\n"
        "`reel restore --ntfs` start this program; what goes through the pipe\n"
        "is not for people.\n",
        to);
}

static void
say_version(void)
{
    const struct reel_fence_level offered = reel_fence_offered();
    char text[REEL_FENCE_TEXT_BYTES];

    (void)printf("reel-ntfs %s\nsandbox: %s\n", RN_VERSION,
                 reel_fence_print(text, &offered));
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
        say_version();
        return RN_EXIT_WELL;
    }
    say_usage(stderr);
    return RN_EXIT_USAGE;
}
