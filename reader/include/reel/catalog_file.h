/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs kept as files beside the tape: the blocks of the catalog and END,
   end to end. */
#ifndef REEL_CATALOG_FILE_H
#define REEL_CATALOG_FILE_H

#include "reel/access.h"

/*
 * Read all data of the archive that access names, make its catalog anew, and
 * write it to `fd`: octet for octet the file that `reel_write` keeps.
 * A catalog on tape that differs is noted DAMAGE. Fails as reel_list does, and
 * with FULL.
 */
REEL_API enum reel_status
reel_catalog_rebuild(const struct reel_access *access, int fd,
                     struct reel_err *err) REEL_MUST_CHECK;

#endif
