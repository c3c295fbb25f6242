/* SPDX-License-Identifier: Apache-2.0 */
/* From -f, $TAPE, --catalog and --archive to what the libraries read. */
#ifndef CLI_TAPE_H
#define CLI_TAPE_H

#include "options.h"
#include "reel/access.h"
#include "reel/medium_tap.h"
#include "report.h"
#include "shelter.h"
#include "volumes.h"

/* What a verb writes, all of it named before it looks at a tape. */
struct cli_writes {
    bool directory;   /* it works in the directory of -C … */
    bool touches;     /* … and changes it */
    bool devices;     /* devices may be made there */
    const char *kept; /* a file that gets its name at the end; or NULL */
    const char
        *beside; /* files are made beside the one of this name; or NULL */
    /* Opens what else is written; false: told. Or NULL. */
    bool (*open)(void *ctx, struct cli_report *report);
    void *open_ctx;
    const struct cli_ntfs_target *ntfs; /* or NULL */
};

/* Settings of a verb that reads begin with this. */
struct cli_reading {
    struct cli_common common; /* first */
    const char *catalog;
    uint32_t archive;
    bool all;
    bool no_scan;
    int sandbox;              /* enum reel_fence_wish */
    struct cli_writes writes; /* set by the verb, before it opens the tape */
};

#define CLI_OPTION_CATALOG                                                     \
    {                                                                          \
        "catalog", 0, CLI_STRING, "FILE",                                      \
            "use the catalog kept in FILE instead of the one on tape",         \
            offsetof(struct cli_reading, catalog), NULL                        \
    }
#define CLI_OPTION_ARCHIVE                                                     \
    {                                                                          \
        "archive", 0, CLI_U32, "N",                                            \
            "the archive with this number; default: the latest complete one",  \
            offsetof(struct cli_reading, archive), NULL                        \
    }
#define CLI_OPTION_NO_SCAN                                                     \
    {                                                                          \
        "no-scan", 0, CLI_FLAG, NULL,                                          \
            "refuse (exit 4) rather than scan the tape where its catalog is "  \
            "missing "                                                         \
            "or damaged",                                                      \
            offsetof(struct cli_reading, no_scan), NULL                        \
    }

/* What a reading verb works with, from open to close. */
struct cli_tape {
    struct cli_report report;
    struct cli_volumes volumes;
    struct reel_medium *medium; /* the first; NULL: only a catalog */
    int catalog_fd;             /* -1: none */
    int dir_fd;                 /* of -C, where the verb works in it; else -1 */
    struct cli_kept_file kept;  /* open, if one is to be written */
    struct cli_shelter shelter;
    struct reel_access access;
    struct reel_selection selection; /* all operands */
};

/* -f or $TAPE; NULL: neither. */
const char *cli_tape_name(const struct cli_common *common);

/* CLI_GO_ON, or the usage error that no tape is named, that `writing` or
   reading "-" would use a terminal, or that options do not fit its name. */
int cli_tape_check(const struct cli_common *common,
                   bool writing) REEL_MUST_CHECK;

/* Where temporary files go. */
const char *cli_temporary_dir(void);

/*
 * Begin a reading verb: opens what it writes, closes the fence behind it
 * (shelter.h), then opens the tape, if there is one to open, and the
 * catalog. `catalog_only`: a tape in $TAPE is left alone where a catalog is
 * given. CLI_GO_ON, or the exit code with everything told and closed.
 */
int cli_tape_open(struct cli_tape *t, const struct cli_reading *reading,
                  bool catalog_only) REEL_MUST_CHECK;

/* The file that is kept is `whole`, or of no use: false with errno set. */
bool cli_tape_keep(struct cli_tape *t, bool whole);

/* Back to where cli_tape_open left it, from whatever volume is in use. */
enum reel_status cli_tape_again(struct cli_tape *t,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Close all; tells `status` of the operation; returns the exit code. */
int cli_tape_end(struct cli_tape *t, enum reel_status status,
                 const struct reel_err *err) REEL_MUST_CHECK;

/* The directory of -C, default "."; -1 with the failure told. */
int cli_directory_open(const struct cli_common *common, struct cli_report *r);

#endif
