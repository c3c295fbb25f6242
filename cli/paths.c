/* SPDX-License-Identifier: Apache-2.0 */
/* Program: where the paths to archive come from. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "progress.h"
#include "reel/alloc.h"

#define LOOK_MS 100 /* how often it is looked whether to stop */

bool
cli_paths_init(struct cli_paths *p, const char *name, bool null)
{
    *p = (struct cli_paths){.list = -1, .delimiter = null ? '\0' : '\n'};
    if (!name)
        return true;
    p->list = strcmp(name, "-") == 0 ? STDIN_FILENO
                                     : open(name, O_RDONLY | O_CLOEXEC);
    return p->list >= 0;
}

void
cli_paths_fini(struct cli_paths *p)
{
    if (p->list > STDIN_FILENO)
        (void)close(p->list);
    reel_free(p->line);
    *p = (struct cli_paths){.list = -1};
}

/* Room for one octet more and the NUL. */
static bool
make_room(struct cli_paths *p, size_t len)
{
    const size_t wanted = p->capacity ? 2 * p->capacity : 256;
    char *line;

    if (len + 2 <= p->capacity)
        return true;
    line = reel_realloc_array(p->line, wanted, 1);
    if (!line)
        return false;
    p->line     = line;
    p->capacity = wanted;
    return true;
}

/* Wait until there is something to read. Who is asked to stop must not go on
   waiting for a list that nobody writes on. */
static enum reel_status
wait_for(int fd, struct reel_err *err)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int n;

    do {
        if (*cli_stop_flag())
            return reel_fail(err, REEL_E_STOPPED, NULL, NULL,
                             "stopped on request");
        n = poll(&ready, 1, LOOK_MS);
    } while (n == 0 || (n < 0 && errno == EINTR));
    return REEL_OK;
}

/* More of the list; END: there is none. */
static enum reel_status
fill(struct cli_paths *p, struct reel_err *err)
{
    ssize_t n;

    do {
        REEL_TRY(wait_for(p->list, err));
        n = read(p->list, p->octets, sizeof(p->octets));
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the list of paths cannot be read: %s",
                         strerror(errno));
    p->taken = 0;
    p->have  = (size_t)n;
    return n == 0 ? REEL_END : REEL_OK;
}

/* One line, without its delimiter; END when there is none. */
static enum reel_status
read_line(struct cli_paths *p, struct reel_err *err)
{
    enum reel_status status = REEL_OK;
    size_t len              = 0;

    for (;;) {
        if (p->taken == p->have)
            status = fill(p, err);
        if (status != REEL_OK && status != REEL_END)
            return status;
        if (!make_room(p, len))
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a line of the list of paths");
        if (status == REEL_END || p->octets[p->taken++] == p->delimiter)
            break;
        p->line[len++] = p->octets[p->taken - 1];
    }
    p->line[len] = '\0';
    return status == REEL_END && len == 0 ? REEL_END : REEL_OK;
}

enum reel_status
cli_paths_next(void *ctx, const char **path, struct reel_err *err)
{
    struct cli_paths *p = ctx;

    if (p->next < p->operand_count) {
        *path = p->operands[p->next++];
        return REEL_OK;
    }
    if (p->list < 0)
        return REEL_END;
    do
        REEL_TRY(read_line(p, err));
    while (p->line[0] == '\0');
    *path = p->line;
    return REEL_OK;
}
