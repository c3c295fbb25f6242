/* SPDX-License-Identifier: Apache-2.0 */
/* Program: catalogs kept beside the tape, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kept_file.h"
#include "reel/alloc.h"

static const char suffix[] = ".tmp";

bool
cli_kept_file_begin(struct cli_kept_file *k, const char *name)
{
    size_t len;

    *k = (struct cli_kept_file){.fd = -1};
    if (!name)
        return true;
    len          = strlen(name);
    k->temporary = reel_alloc_array(len + sizeof(suffix), 1);
    if (!k->temporary) {
        errno = ENOMEM;
        return false;
    }
    memcpy(k->temporary, name, len);
    memcpy(k->temporary + len, suffix, sizeof(suffix));
    k->fd = open(k->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (k->fd < 0) {
        const int error = errno;

        reel_free(k->temporary);
        k->temporary = NULL;
        errno        = error;
        return false;
    }
    k->name = name;
    return true;
}

bool
cli_kept_file_end(struct cli_kept_file *k, bool whole)
{
    int error = 0;

    if (!k->name)
        return true;
    if (k->fd >= 0 && whole && fsync(k->fd) != 0)
        error = errno;
    if (k->fd >= 0 && close(k->fd) != 0 && error == 0)
        error = errno;
    if (whole && error == 0 && rename(k->temporary, k->name) != 0)
        error = errno;
    if (!whole || error != 0)
        (void)unlink(k->temporary);
    cli_kept_file_forget(k);
    errno = error;
    return error == 0;
}

void
cli_kept_file_forget(struct cli_kept_file *k)
{
    reel_free(k->temporary);
    *k = (struct cli_kept_file){.fd = -1};
}
