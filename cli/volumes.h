/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What -f names, volume by volume: the first one, and the others of its set,
 * which are images beside it or are brought by a command, a robot, or whoever
 * sits at the terminal.
 */
#ifndef CLI_VOLUMES_H
#define CLI_VOLUMES_H

#include "avoid.h"
#include "changer.h"
#include "reel/medium_tap.h"
#include "report.h"
#include "volume_name.h"

/* Which volume is opened first. */
enum cli_first {
    CLI_FIRST_LOWEST, /* the first that there is */
    CLI_FIRST_NEW,    /* number 1; others of the name are removed before the
                         first write */
    CLI_FIRST_LAST,   /* the last that there is, else number 1 */
    CLI_FIRST_FOUND   /* the last; there must be one */
};

struct cli_volumes {
    struct reel_volumes fns; /* for the libraries; ctx is this struct */
    const struct cli_common *common;
    struct cli_report *report;
    struct cli_volume_name name;
    struct cli_changer changer;
    struct reel_medium_open_opts opts;
    struct reel_reporter reporter;    /* for opts */
    struct reel_medium_opener opener; /* the same, where there is a keeper */
    uint32_t opening; /* which image is being opened; 0: the name itself */
    enum reel_medium_mode mode;
    enum cli_first first;
    bool drive;
    struct reel_medium *medium; /* open; NULL: none */
    uint32_t below;    /* of a set: volumes from here on are not the last */
    unsigned refusals; /* of the wish at hand */
    bool untouched;    /* at the last wish nobody brought another volume */
    struct cli_keeper *keeper; /* brings and opens them; may be NULL */
    struct cli_avoid *avoid;   /* gets each volume opened; may be NULL */
};

/* Name and options agree? CLI_GO_ON or the usage error. `common->tape` or
   $TAPE must be set. */
int cli_volumes_check(const struct cli_common *common) REEL_MUST_CHECK;

/* All but the medium; borrows all but *opts, which may be NULL. */
void cli_volumes_init(struct cli_volumes *v, const struct cli_common *common,
                      struct cli_report *report, enum reel_medium_mode mode,
                      enum cli_first first,
                      const struct reel_medium_open_opts *opts);

/* Open the first volume; it stands in v->medium. */
enum reel_status cli_volumes_open(struct cli_volumes *v,
                                  struct reel_err *err) REEL_MUST_CHECK;

/*
 * Let the volume be brought by whoever can: a command, a robot, a person.
 * `again`: what was brought last for the same wish could not be opened.
 * REEL_END: it cannot be had, and err->text says why.
 * Fails as cli_changer_bring and cli_command_run.
 */
enum reel_status cli_volumes_bring(struct cli_volumes *v,
                                   const struct reel_volume_wish *wish,
                                   bool again,
                                   struct reel_err *err) REEL_MUST_CHECK;

/*
 * Open a volume to be read: image `number` of the set, 0 what -f names. `flags`
 * as for open; no others than for reading. -1 with errno.
 */
int cli_volumes_open_one(const struct cli_volumes *v, uint32_t number,
                         int flags);

/* Put all volumes there are into v->avoid. */
enum reel_status cli_volumes_avoid(const struct cli_volumes *v,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Close what is open, if anything is. */
enum reel_status cli_volumes_close(struct cli_volumes *v,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* For the options of a library; NULL: there can be no other volume. */
const struct reel_volumes *cli_volumes_offer(const struct cli_volumes *v);

/* Is it a tape drive? */
bool cli_volumes_drive(const char *name);

/* Behind the last use; nothing is open any more. */
void cli_volumes_fini(struct cli_volumes *v);

#endif
