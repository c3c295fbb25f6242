/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: the order of names within a directory (spec 8.2). */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names_posix.h"
#include "reel/alloc.h"

#define BATCH_BYTES 65536U
#define TEXT_ROOM_MIN 16384U
#define INDEX_ROOM_MIN 512U

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for the names of a directory");
}

enum reel_status
reel_names_posix_init(struct reel_names_posix *n,
                      const struct reel_calls_posix *calls,
                      struct reel_err *err)
{
    memset(n, 0, sizeof(*n));
    n->calls = calls;
    n->batch = reel_alloc_array(BATCH_BYTES, 1);
    return n->batch == NULL ? no_memory(err) : REEL_OK;
}

void
reel_names_posix_fini(struct reel_names_posix *n)
{
    reel_free(n->batch);
    reel_free(n->text);
    reel_free(n->index);
    memset(n, 0, sizeof(*n));
}

static enum reel_status
make_room(struct reel_names_posix *n, size_t bytes, struct reel_err *err)
{
    if (n->text_room - n->text_len < bytes) {
        const size_t room = n->text_room + n->text_room / 2 + TEXT_ROOM_MIN;
        char *const more  = reel_realloc_array(n->text, room, 1);

        if (more == NULL)
            return no_memory(err);
        n->text      = more;
        n->text_room = room;
    }
    if (n->index_room == n->index_len) {
        const size_t room = n->index_room + n->index_room / 2 + INDEX_ROOM_MIN;
        size_t *const more =
            reel_realloc_array(n->index, room, sizeof(*n->index));

        if (more == NULL)
            return no_memory(err);
        n->index      = more;
        n->index_room = room;
    }
    return REEL_OK;
}

static enum reel_status
add(struct reel_names_posix *n, unsigned char type, const char *name,
    struct reel_err *err)
{
    const size_t len = strlen(name) + 1;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return REEL_OK;
    /* A record of getdents is shorter than 64 KiB, far below what is kept. */
    while (n->text_room - n->text_len < len + 1 ||
           n->index_room == n->index_len)
        REEL_TRY(make_room(n, len + 1, err));
    n->index[n->index_len++] = n->text_len;
    n->text[n->text_len]     = (char)type;
    memcpy(n->text + n->text_len + 1, name, len);
    n->text_len += len + 1;
    return REEL_OK;
}

static enum reel_status
add_batch(struct reel_names_posix *n, size_t len, struct reel_err *err)
{
    size_t at = 0;

    while (at < len) {
        const uint8_t *const entry = n->batch + at;
        unsigned short entry_bytes;

        memcpy(&entry_bytes, entry + offsetof(struct dirent64, d_reclen),
               sizeof(entry_bytes));
        if (entry_bytes == 0)
            break; /* no kernel does that; do not go round for ever */
        REEL_TRY(add(n, entry[offsetof(struct dirent64, d_type)],
                     (const char *)entry + offsetof(struct dirent64, d_name),
                     err));
        at += entry_bytes;
    }
    return REEL_OK;
}

static int
compare(const void *a, const void *b, void *text)
{
    const char *const names = text;
    size_t at_a;
    size_t at_b;

    memcpy(&at_a, a, sizeof(at_a));
    memcpy(&at_b, b, sizeof(at_b));
    return strcmp(names + at_a + 1, names + at_b + 1); /* as unsigned octets */
}

enum reel_status
reel_names_posix_push(struct reel_names_posix *n, int fd,
                      struct reel_names_list *list, int *error,
                      struct reel_err *err)
{
    ssize_t got = 0;

    list->text_at = n->text_len;
    list->at      = n->index_len;
    *error        = 0;
    do {
        got = n->calls->getdents(fd, n->batch, BATCH_BYTES);
        if (got < 0 && errno != EINTR)
            *error = errno;
        if (got > 0)
            REEL_TRY(add_batch(n, (size_t)got, err));
    } while (got != 0 && *error == 0);
    list->end = n->index_len;
    if (list->end > list->at)
        qsort_r(n->index + list->at, list->end - list->at, sizeof(*n->index),
                compare, n->text);
    return REEL_OK;
}

void
reel_names_posix_pop(struct reel_names_posix *n,
                     const struct reel_names_list *list)
{
    n->text_len  = list->text_at;
    n->index_len = list->at;
}

const char *
reel_names_posix_at(const struct reel_names_posix *n, size_t i,
                    unsigned char *type)
{
    const char *const entry = n->text + n->index[i];

    *type = (unsigned char)entry[0];
    return entry + 1;
}
