/* SPDX-License-Identifier: Apache-2.0 */
/* Fence and keeper together (fence.h, keeper.h): what a verb that reads tapes
   goes into before it looks at one. */
#ifndef CLI_SHELTER_H
#define CLI_SHELTER_H

#include "fence.h"
#include "keeper.h"
#include "report.h"

/* What the verb is going to do; borrowed. Zero: it only reads. */
struct cli_shelter_needs {
    int wish;                    /* enum reel_fence_wish */
    int dir_fd;                  /* directory to write in */
    bool writes;                 /* there is one */
    bool devices;                /* devices may be made there */
    bool verbose;                /* tell what was reached */
    const char *drive;           /* tape drive that is read, or NULL */
    struct cli_keeper_work work; /* but for `temporary` */
};

struct cli_shelter {
    struct cli_keeper keeper;
    char *temporary; /* directory for temporary files; NULL: as ever */
    struct reel_fence_level level;
};

/* False: it was said in the report why not, and nothing of the
   shelter stands. */
bool cli_shelter_enter(struct cli_shelter *s,
                       const struct cli_shelter_needs *needs,
                       struct cli_report *report);

/* NULL: things are to be done as if there were none. */
struct cli_keeper *cli_shelter_keeper(struct cli_shelter *s);

/* The fence stays; the rest is given up. */
void cli_shelter_fini(struct cli_shelter *s);

#define CLI_OPTION_SANDBOX(settings)                                           \
    {                                                                          \
        "sandbox", 0, CLI_CHOICE, "best|need|off",                             \
            "fence off what reads the tape: as well as the kernel can (the "   \
            "default), or not at all unless it can do all; or off",            \
            offsetof(settings, sandbox), reel_fence_words                      \
    }

#endif
