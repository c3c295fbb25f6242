/* SPDX-License-Identifier: Apache-2.0 */
/* A file that stands under its name only when it is whole. */
#ifndef CLI_KEPT_FILE_H
#define CLI_KEPT_FILE_H

#include <stdbool.h>

struct cli_kept_file {
    const char *name; /* borrowed; NULL: there is none */
    char *temporary;  /* name.tmp-NUMBER, beside it */
    int fd;           /* -1: there is none, or it is closed already */
};

/* Open a fresh file beside `name` for writing; name NULL: nothing,
   successfully. False with errno set. */
bool cli_kept_file_begin(struct cli_kept_file *k, const char *name);

/* Give it its name, to stay, if it is `whole`, else remove it. False with errno
   set. */
bool cli_kept_file_end(struct cli_kept_file *k, bool whole);

/* Another process gives it its name, or removes it. */
void cli_kept_file_forget(struct cli_kept_file *k);

#endif
