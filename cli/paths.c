/* SPDX-License-Identifier: Apache-2.0 */
/* Program: where the paths to archive come from. */
#include <errno.h>
#include <string.h>

#include "paths.h"
#include "reel/alloc.h"

bool
cli_paths_init(struct cli_paths *p, const char *name, bool null)
{
    *p = (struct cli_paths){.delimiter = null ? '\0' : '\n'};
    if (!name)
        return true;
    p->list = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    return p->list != NULL;
}

void
cli_paths_fini(struct cli_paths *p)
{
    if (p->list && p->list != stdin)
        (void)fclose(p->list);
    reel_free(p->line);
    *p = (struct cli_paths){0};
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

/* One line, without its delimiter; END when there is none. */
static enum reel_status
read_line(struct cli_paths *p, struct reel_err *err)
{
    size_t len = 0;
    int c;

    do {
        errno = 0;
        c     = getc(p->list);
        if (!make_room(p, len))
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for a line of the list of paths");
        if (c != EOF && c != p->delimiter)
            p->line[len++] = (char)c;
    } while (c != EOF && c != p->delimiter);
    if (ferror(p->list) && errno == EINTR)
        return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "stopped on request");
    if (ferror(p->list))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the list of paths cannot be read: %s",
                         strerror(errno));
    p->line[len] = '\0';
    return c == EOF && len == 0 ? REEL_END : REEL_OK;
}

enum reel_status
cli_paths_next(void *ctx, const char **path, struct reel_err *err)
{
    struct cli_paths *p = ctx;

    if (p->next < p->operand_count) {
        *path = p->operands[p->next++];
        return REEL_OK;
    }
    if (!p->list)
        return REEL_END;
    do
        REEL_TRY(read_line(p, err));
    while (p->line[0] == '\0');
    *path = p->line;
    return REEL_OK;
}
