/* SPDX-License-Identifier: Apache-2.0 */
/* Program: into the fence, and what stays outside of it; no spec chapter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "shelter.h"
#include "tape.h"

/* A directory that only we write in, so that nothing else need be open; where
   it cannot be made, temporary files cannot be made either. */
static char *
make_temporary(void)
{
    char *const name = reel_alloc_joined(cli_temporary_dir(), "/reel-XXXXXX");

    if (name && mkdtemp(name))
        return name;
    reel_free(name);
    return NULL;
}

static void
tell(const struct cli_shelter *s, const struct cli_shelter_needs *needs,
     const struct cli_report *report)
{
    char text[REEL_FENCE_TEXT_BYTES];

    if (needs->verbose && !report->json)
        (void)fprintf(report->out, "reel %s: sandbox: %s\n", report->verb,
                      !reel_fence_wanted((enum reel_fence_wish)needs->wish)
                          ? "off"
                          : reel_fence_print(text, &s->level));
}

static bool
refuse(struct cli_report *report, const char *why)
{
    struct reel_err err;

    cli_report_status(report,
                      reel_fail(&err, REEL_E_UNSUPPORTED, NULL, NULL,
                                "the sandbox that is needed cannot be had: %s",
                                why),
                      &err);
    return false;
}

/* Does the kernel have all of it? Asked before anything is begun. */
static bool
check_need(const struct cli_shelter_needs *needs, struct cli_report *report)
{
    const struct reel_fence_level offered = reel_fence_offered();
    char text[REEL_FENCE_TEXT_BYTES];
    char why[80];

    if (needs->wish != REEL_FENCE_NEED || reel_fence_whole(&offered))
        return true;
    (void)snprintf(why, sizeof(why), "this kernel has %s",
                   reel_fence_print(text, &offered));
    return refuse(report, why);
}

static void
enter(struct cli_shelter *s, const struct cli_shelter_needs *needs)
{
    const struct reel_fence fence = {.dir_fd =
                                         needs->writes ? needs->dir_fd : -1,
                                     .devices   = needs->devices,
                                     .temporary = s->temporary,
                                     .drive     = needs->drive};

    s->level = reel_fence_enter(&fence);
}

bool
cli_shelter_enter(struct cli_shelter *s, const struct cli_shelter_needs *needs,
                  struct cli_report *report)
{
    struct cli_keeper_work work = needs->work;

    *s = (struct cli_shelter){.keeper = {.fd = -1}};
    if (!check_need(needs, report))
        return false;
    if (!reel_fence_wanted((enum reel_fence_wish)needs->wish)) {
        tell(s, needs, report);
        return true;
    }
    s->temporary   = make_temporary();
    work.temporary = s->temporary;
    if (cli_keeper_begin(&s->keeper, &work)) {
        enter(s, needs);
    } else if (needs->wish == REEL_FENCE_NEED) {
        (void)refuse(report, strerror(errno));
        cli_shelter_fini(s);
        return false;
    }
    if (needs->wish == REEL_FENCE_NEED && !reel_fence_whole(&s->level)) {
        (void)refuse(report, "the kernel did not take it");
        cli_shelter_fini(s);
        return false;
    }
    tell(s, needs, report);
    return true;
}

struct cli_keeper *
cli_shelter_keeper(struct cli_shelter *s)
{
    return s->keeper.fd >= 0 ? &s->keeper : NULL;
}

void
cli_shelter_fini(struct cli_shelter *s)
{
    if (s->keeper.fd < 0 && s->temporary)
        (void)rmdir(s->temporary);
    cli_keeper_end(&s->keeper);
    reel_free(s->temporary);
    s->temporary = NULL;
}
