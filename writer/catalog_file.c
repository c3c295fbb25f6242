/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 9; writer: blocks of the catalog in a file of their own. */
#include "catalog_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum reel_status
reel_catalog_file_put(int fd, const uint8_t *block, size_t len,
                      struct reel_err *err)
{
    while (len > 0) {
        const ssize_t n = write(fd, block, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return reel_fail(err, errno == ENOSPC ? REEL_E_FULL : REEL_E_MEDIUM,
                             NULL, NULL, "cannot write the catalog file: %s",
                             strerror(errno));
        block += n;
        len -= (size_t)n;
    }
    return REEL_OK;
}
