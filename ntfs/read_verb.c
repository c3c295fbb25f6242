/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `reel-ntfs read`: an NTFS volume as a relay (reel/relay.h). */
#include <stdio.h>

#include "verbs.h"

int
rn_read_verb(int argc, char **argv)
{
    (void)argc;
    (void)fprintf(stderr, "reel-ntfs %s: not in this version\n", argv[0]);
    return RN_EXIT_USAGE;
}
