/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; medium layer: what fsync of a file leaves open. */
#include "stable_name.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"

/* NULL: no memory. */
static char *
directory_of(const char *name)
{
    char *const directory = reel_alloc_joined(name, "");
    char *const slash     = directory != NULL ? strrchr(directory, '/') : NULL;

    if (slash != NULL) {
        slash[1] = '\0';
    } else if (directory != NULL) {
        reel_free(directory);
        return reel_alloc_joined(".", "");
    }
    return directory;
}

int
reel_stable_name(const char *name)
{
    char *const directory = directory_of(name);
    int error             = 0;
    int fd;

    if (directory == NULL)
        return ENOMEM;
    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    reel_free(directory);
    if (fd < 0)
        return errno == EACCES ? 0 : errno;
    if (fsync(fd) != 0 && errno != EINVAL) /* some have nothing to keep */
        error = errno;
    (void)close(fd);
    return error;
}
