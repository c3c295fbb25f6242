/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; medium layer: what fsync of a file leaves open. */
#include "stable_name.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"

int
reel_directory_open_of(const char *name)
{
    char *const path  = reel_alloc_joined(name, "");
    char *const slash = path != NULL ? strrchr(path, '/') : NULL;
    int fd            = -1;

    if (slash != NULL)
        slash[1] = '\0';
    if (path != NULL)
        fd = open(slash != NULL ? path : ".",
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    else
        errno = ENOMEM;
    reel_free(path);
    return fd;
}

int
reel_stable_name(const char *name)
{
    const int fd = reel_directory_open_of(name);
    int error    = 0;

    if (fd < 0)
        return errno == EACCES ? 0 : errno;
    if (fsync(fd) != 0 && errno != EINVAL) /* some have nothing to keep */
        error = errno;
    (void)close(fd);
    return error;
}
