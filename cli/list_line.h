/* SPDX-License-Identifier: Apache-2.0 */
/* One object as a line of a list. */
#ifndef CLI_LIST_LINE_H
#define CLI_LIST_LINE_H

#include <stdio.h>

#include "reel/list.h"

/* "-rw-r--r--" and its like into text; without a mode, Windows attributes as
   "-RHSATPLCE", and "?" where neither is known. Of a link, 'h' stands for the
   kind. */
void cli_list_mode(char text[11], const struct reel_object *o);

/* As `ls -l`. */
void cli_list_long(FILE *out, const struct reel_list_item *item);

/* One JSON object. */
void cli_list_json(FILE *out, const struct reel_list_item *item);

#endif
