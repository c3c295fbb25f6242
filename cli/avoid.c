/* SPDX-License-Identifier: Apache-2.0 */
/* Program: what is being written is not archived; no spec chapter. */
#include <sys/stat.h>

#include "avoid.h"
#include "reel/alloc.h"

static bool
add(struct cli_avoid *a, const struct stat *st)
{
    struct reel_file_identity *files;

    if (!S_ISREG(st->st_mode))
        return true;
    (void)pthread_mutex_lock(&a->lock);
    files = reel_realloc_array(a->files, a->count + 1, sizeof(*files));
    if (files) {
        files[a->count++] = (struct reel_file_identity){
            .file_system = (uint64_t)st->st_dev, .inode = (uint64_t)st->st_ino};
        a->files = files;
    }
    (void)pthread_mutex_unlock(&a->lock);
    return files != NULL;
}

bool
cli_avoid_fd(struct cli_avoid *a, int fd)
{
    struct stat st;

    return fstat(fd, &st) != 0 || add(a, &st);
}

bool
cli_avoid_name(struct cli_avoid *a, const char *name)
{
    struct stat st;

    return stat(name, &st) != 0 || add(a, &st);
}

bool
cli_avoid_has(void *ctx, const struct reel_file_identity *file)
{
    struct cli_avoid *a = ctx;
    bool found          = false;

    (void)pthread_mutex_lock(&a->lock);
    for (size_t i = 0; i < a->count && !found; i++)
        found = a->files[i].inode == file->inode &&
                a->files[i].file_system == file->file_system;
    (void)pthread_mutex_unlock(&a->lock);
    return found;
}

void
cli_avoid_fini(struct cli_avoid *a)
{
    reel_free(a->files);
    a->files = NULL;
    a->count = 0;
    (void)pthread_mutex_destroy(&a->lock);
}
