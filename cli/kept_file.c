/* SPDX-License-Identifier: Apache-2.0 */
/* Program: catalogs kept beside the tape, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "kept_file.h"
#include "reel/alloc.h"
#include "stable_name.h"

#define SUFFIX_BYTES 16 /* with its zero */
#define TRIES 16

/* A number that nobody else has; collisions are found by O_EXCL, so a poor one
   is only slower. */
static uint32_t
fresh_number(void)
{
    uint32_t number;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) !=
        (ssize_t)sizeof(number))
        number = (uint32_t)getpid() << 8;
    return number;
}

/* A file of a name that was not there: whatever has such a name, file or link,
   is somebody else's. -1 with errno set. */
static int
make_beside(char *temporary, size_t name_len)
{
    const uint32_t number = fresh_number();
    int fd                = -1;

    for (uint32_t i = 0; i < TRIES; i++) {
        (void)snprintf(temporary + name_len, SUFFIX_BYTES, ".tmp-%08" PRIx32,
                       number + i);
        fd = open(temporary,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            break;
    }
    return fd;
}

bool
cli_kept_file_begin(struct cli_kept_file *k, const char *name)
{
    size_t len;

    *k = (struct cli_kept_file){.fd = -1};
    if (!name)
        return true;
    len          = strlen(name);
    k->temporary = reel_alloc_array(len + SUFFIX_BYTES, 1);
    if (!k->temporary) {
        errno = ENOMEM;
        return false;
    }
    memcpy(k->temporary, name, len);
    k->fd = make_beside(k->temporary, len);
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
    bool named = false;
    int error  = 0;

    if (!k->name)
        return true;
    if (k->fd >= 0 && whole && fsync(k->fd) != 0)
        error = errno;
    if (k->fd >= 0 && close(k->fd) != 0 && error == 0)
        error = errno;
    if (whole && error == 0) {
        named = rename(k->temporary, k->name) == 0;
        error = named ? reel_stable_name(k->name) : errno;
    }
    if (!named && unlink(k->temporary) != 0 && error == 0)
        error = errno;
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
