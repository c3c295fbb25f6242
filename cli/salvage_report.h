/* SPDX-License-Identifier: Apache-2.0 */
/* What `reel restore --salvage` found: text, and a file of JSON lines. */
#ifndef CLI_SALVAGE_REPORT_H
#define CLI_SALVAGE_REPORT_H

#include <stdio.h>

#include "reel/restore.h"
#include "report.h"

struct cli_salvage_report {
    struct cli_report *report;
    bool json;  /* lines go to standard output, too */
    bool quiet; /* no text */
    FILE *file; /* NULL: none is wanted */
    const char *name;
    uint64_t objects;   /* that are not whole */
    uint64_t files;     /* of them with something left */
    uint64_t bytes;     /* in these */
    uint64_t unwritten; /* good octets that could not be written */
    bool unsure;        /* nor is it sure that these were */

    /* The object at hand, for its line of text. */
    uint8_t encoding;
    uint8_t *path;
    size_t path_len;
    uint64_t target;
    uint32_t archive;
};

/* `name`: where the report goes, made anew; NULL: nowhere. False: told. */
bool cli_salvage_report_open(struct cli_salvage_report *r, const char *name,
                             struct cli_report *report, bool json, bool quiet);

/* For struct reel_restore_options; ctx is the report. */
void cli_salvage_report_item(void *ctx, const struct reel_salvage_item *item);

/* What to do where not all of it was written; else NULL. Static storage. */
const char *cli_salvage_report_advice(const struct cli_salvage_report *r);

/* Give up a report in which nothing stands yet; fine if it was never opened. */
void cli_salvage_report_drop(struct cli_salvage_report *r);

/* The sum; all was written. False: told that it was not. */
bool cli_salvage_report_close(struct cli_salvage_report *r);

#endif
