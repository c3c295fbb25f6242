/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: extended attributes, access lists, capabilities (spec 6.2). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/limits.h"
#include "xattrs_posix.h"

/* Small at first: the kernel makes room of this size at each call. */
#define ROOM_MIN 1024U
#define LIST_ROOM_MAX ((size_t)1 << 20) /* Linux has at most 64 KiB */
#define NAME_BYTES_MAX 255U             /* O-11 */
#define XATTR_HEADER_BYTES 8U

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for extended attributes");
}

enum reel_status
reel_xattrs_posix_init(struct reel_xattrs_posix *x,
                       const struct reel_calls_posix *calls,
                       struct reel_err *err)
{
    memset(x, 0, sizeof(*x));
    x->calls = calls;
    x->list  = reel_alloc_array(ROOM_MIN, 1);
    x->value = reel_alloc_array(ROOM_MIN, 1);
    if (x->list == NULL || x->value == NULL)
        return no_memory(err);
    x->list_room  = ROOM_MIN;
    x->value_room = ROOM_MIN;
    return REEL_OK;
}

void
reel_xattrs_posix_fini(struct reel_xattrs_posix *x)
{
    reel_free(x->list);
    reel_free(x->value);
    reel_free(x->names);
    memset(x, 0, sizeof(*x));
}

static ssize_t
call_list(const struct reel_xattrs_posix *x, char *list, size_t room)
{
    return x->by_path ? x->calls->listxattr(x->path, list, room)
                      : x->calls->flistxattr(x->fd, list, room);
}

static ssize_t
call_get(const struct reel_xattrs_posix *x, const char *name, void *value,
         size_t room)
{
    return x->by_path ? x->calls->getxattr(x->path, name, value, room)
                      : x->calls->fgetxattr(x->fd, name, value, room);
}

static enum reel_status
read_list(struct reel_xattrs_posix *x, size_t *len, int *error,
          struct reel_err *err)
{
    ssize_t got = call_list(x, x->list, x->list_room);

    while (got < 0 && errno == ERANGE && x->list_room < LIST_ROOM_MAX) {
        char *const more = reel_realloc_array(x->list, x->list_room, 8);

        if (more == NULL)
            return no_memory(err);
        x->list = more;
        x->list_room *= 8;
        got = call_list(x, x->list, x->list_room);
    }
    *error = got < 0 ? errno : 0;
    *len   = got < 0 ? 0 : (size_t)got;
    if (*error == ENOTSUP || *error == EOPNOTSUPP || *error == ENOSYS)
        *error = 0;
    return REEL_OK;
}

static enum reel_status
add_name(struct reel_xattrs_posix *x, const char *name, struct reel_err *err)
{
    if (x->name_count == x->name_room) {
        const size_t room = x->name_room * 2 + 16;
        const char **more =
            reel_realloc_array(x->names, room, sizeof(*x->names));

        if (more == NULL)
            return no_memory(err);
        x->names     = more;
        x->name_room = room;
    }
    x->names[x->name_count++] = name;
    return REEL_OK;
}

static int
compare(const void *a, const void *b)
{
    const char *name_a;
    const char *name_b;

    memcpy(&name_a, a, sizeof(name_a));
    memcpy(&name_b, b, sizeof(name_b));
    return strcmp(name_a, name_b); /* as unsigned octets */
}

enum reel_status
reel_xattrs_posix_list(struct reel_xattrs_posix *x, int fd, bool by_path,
                       int *error, struct reel_err *err)
{
    size_t len = 0;
    size_t at  = 0;

    x->fd         = fd;
    x->by_path    = by_path;
    x->name_count = 0;
    x->name_next  = 0;
    if (by_path)
        (void)snprintf(x->path, sizeof(x->path), "/proc/self/fd/%d", fd);
    REEL_TRY(read_list(x, &len, error, err));
    while (at < len) {
        const size_t name_len = strnlen(x->list + at, len - at);

        if (name_len > 0 && name_len < len - at)
            REEL_TRY(add_name(x, x->list + at, err));
        at += name_len + 1;
    }
    if (x->name_count > 1)
        qsort(x->names, x->name_count, sizeof(*x->names), compare);
    return REEL_OK;
}

/* No longer than what an XATTR record holds. */
static enum reel_status
read_value(struct reel_xattrs_posix *x, const char *name, size_t *len,
           int *error, struct reel_err *err)
{
    const size_t len_max =
        REEL_RECORD_BYTES_MAX - XATTR_HEADER_BYTES - strlen(name);
    ssize_t got = call_get(x, name, x->value, x->value_room);

    while (got < 0 && errno == ERANGE &&
           x->value_room < REEL_RECORD_BYTES_MAX) {
        uint8_t *const more = reel_realloc_array(x->value, x->value_room, 8);

        if (more == NULL)
            return no_memory(err);
        x->value = more;
        x->value_room *= 8;
        got = call_get(x, name, x->value, x->value_room);
    }
    *error = got < 0 ? errno : 0;
    *len   = got < 0 ? 0 : (size_t)got;
    if (*len > len_max)
        *error = E2BIG;
    return REEL_OK;
}

enum reel_status
reel_xattrs_posix_next(struct reel_xattrs_posix *x, struct reel_xattr *out,
                       int *error, struct reel_err *err)
{
    const char *name;
    size_t len = 0;

    /* A list that changed under the kernel may hold a name twice. */
    while (x->name_next > 0 && x->name_next < x->name_count &&
           strcmp(x->names[x->name_next], x->names[x->name_next - 1]) == 0)
        x->name_next++;
    if (x->name_next == x->name_count)
        return REEL_END;
    name = x->names[x->name_next];
    memset(out, 0, sizeof(*out));
    out->name = reel_bytes_of(name);
    if (out->name.len > NAME_BYTES_MAX)
        *error = ENAMETOOLONG;
    else
        REEL_TRY(read_value(x, name, &len, error, err));
    out->value.data = x->value;
    out->value.len  = *error == 0 ? len : 0;
    x->name_next++;
    return REEL_OK;
}
