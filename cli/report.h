/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the libraries have to tell, as text or JSON on standard error, and the
 * exit code that follows from all of it.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "exit_code.h"
#include "options.h"
#include "progress.h"
#include "reel/note.h"

#define CLI_NOTE_KINDS 8

struct cli_report {
    const char *verb;
    FILE *out; /* standard error */
    bool json;
    bool quiet;          /* no INFO, no OMITTED */
    bool verbose;        /* at the end, how many notes of each kind */
    bool flawed_is_well; /* what the source could not give is no fault of
                            this operation */
    uint64_t counts[CLI_NOTE_KINDS]; /* notes of each kind */
    cli_exit_set codes;
    const char *advice; /* for a failure and for the end, instead of what fits
                           the code */
    bool failed;        /* a last sentence is printed already */
    struct cli_progress progress;
};

/* `common` is borrowed for the call. */
void cli_report_init(struct cli_report *r, const struct cli_common *common);

/* The reporter to hand to a library; valid as long as `r`. */
struct reel_reporter cli_report_reporter(struct cli_report *r);

/* Tell a note; for struct reel_reporter, ctx is a struct cli_report. */
void cli_report_note(void *ctx, const struct reel_note *note);

/* The operation ended with `status`; tells it unless it is REEL_OK. */
void cli_report_status(struct cli_report *r, enum reel_status status,
                       const struct reel_err *err);

/* So many objects were not to be had whole. Where volumes are wanted, notes
   tell which of them are lost all the same. */
void cli_report_lost(struct cli_report *r, uint64_t objects);

/* A call of the system failed for `what`: one sentence with errno. */
void cli_report_system(struct cli_report *r, const char *what, int error);

/*
 * The end: closes with one sentence on what to do next unless all is well or
 * that was said already, and returns the exit code.
 */
int cli_report_end(struct cli_report *r);

#endif
