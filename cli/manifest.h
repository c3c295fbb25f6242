/* SPDX-License-Identifier: Apache-2.0 */
/* What `sha256sum -c` accepts after a restore. */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include <stdio.h>

#include "digest_map.h"
#include "reel/list.h"

/* Keep the digest of an object that may have further names. False when memory
   runs out. */
bool cli_manifest_note(struct cli_digest_map *known,
                       const struct reel_list_item *item);

/* Print the line of one object: digest and name, or a comment why there is no
   digest. Links repeat what is in `known`. Directories print nothing. */
void cli_manifest_print(FILE *out, const struct cli_digest_map *known,
                        const struct reel_list_item *item);

#endif
