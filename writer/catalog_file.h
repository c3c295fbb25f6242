/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog kept as a file beside the tape. Private to writer/. */
#ifndef REEL_WRITER_CATALOG_FILE_H
#define REEL_WRITER_CATALOG_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

/* One block more. FULL, MEDIUM. */
enum reel_status reel_catalog_file_put(int fd, const uint8_t *block, size_t len,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
