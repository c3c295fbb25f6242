/* SPDX-License-Identifier: Apache-2.0 */
/* Every verb of the program: cli/<name>.c. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "options.h"

extern const struct cli_verb cli_write_verb;
extern const struct cli_verb cli_list_verb;
extern const struct cli_verb cli_info_verb;
extern const struct cli_verb cli_cat_verb;
extern const struct cli_verb cli_restore_verb;
extern const struct cli_verb cli_verify_verb;
extern const struct cli_verb cli_compare_verb;
extern const struct cli_verb cli_catalog_verb;
extern const struct cli_verb cli_dump_verb;
extern const struct cli_verb cli_extract_verb;
extern const struct cli_verb cli_spec_verb;
extern const struct cli_verb cli_drive_verb;
extern const struct cli_verb cli_help_itself;

/* In the order of `reel --help`; ends with NULL. */
extern const struct cli_verb *const cli_verbs[];

/* NULL: there is none. */
const struct cli_verb *cli_verb_find(const char *name);

/* `reel --help`. */
void cli_help_program(FILE *out);

/* One sentence with the nearest verb; returns 64. */
int cli_verb_unknown(const char *name);

#endif
