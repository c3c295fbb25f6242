/* SPDX-License-Identifier: Apache-2.0 */
/* Program: reel-ntfs at the other end of a relay (reel/relay.h). */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "fence.h"
#include "keeper.h"
#include "ntfs.h"
#include "reel/alloc.h"
#include "reel/archive.h"

#define PROGRAM "reel-ntfs"
#define PACKAGE "a Reel that is built where libntfs-3g is (package ntfs-3g-dev)"

/* ------------------------------------------------------------------ words */

/* A command line that grows; each word is a copy. */
struct words {
    char **list; /* ends with NULL */
    size_t count;
};

static void
words_fini(struct words *w)
{
    for (size_t i = 0; i < w->count; i++)
        reel_free(w->list[i]);
    reel_free(w->list);
}

static enum reel_status
add(struct words *w, const char *word, struct reel_err *err)
{
    const size_t bytes = strlen(word) + 1;
    char **more = reel_realloc_array(w->list, w->count + 2, sizeof(*more));
    char *copy  = reel_alloc_array(bytes, 1);

    if (more)
        w->list = more;
    if (!more || !copy) {
        reel_free(copy);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the words of a command");
    }
    memcpy(copy, word, bytes);
    w->list[w->count++] = copy;
    w->list[w->count]   = NULL;
    return REEL_OK;
}

/* Up to NULL. */
static enum reel_status
add_all(struct words *w, const char *const *list, struct reel_err *err)
{
    while (*list)
        REEL_TRY(add(w, *list++, err));
    return REEL_OK;
}

static const char *const *
words_of(const struct words *w)
{
    return (const char *const *)w->list;
}

/* ----------------------------------------------------------------- source */

const char *const cli_ntfs_links_words[] = {"enumerate", "encounter", NULL};

/* As the options of the archive have it. */
static const char *
links_of(struct reel_bytes options)
{
    static const char word[] = "--links=encounter";
    const size_t len         = sizeof(word) - 1;

    for (size_t i = 0; i + len <= options.len; i++) {
        if (memcmp(options.data + i, word, len) == 0)
            return cli_ntfs_links_words[1];
    }
    return cli_ntfs_links_words[0];
}

static enum reel_status
make_read(const struct cli_ntfs_source *s, const char *links,
          reel_paths_fn paths, void *paths_ctx, struct words *w,
          struct reel_err *err)
{
    const char *const first[] = {PROGRAM, "read",   "--links", links,
                                 "--",    s->image, NULL};
    enum reel_status status;
    const char *path;

    REEL_TRY(add_all(w, first, err));
    while ((status = paths(paths_ctx, &path, err)) == REEL_OK)
        REEL_TRY(add(w, path, err));
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
open_source(void *ctx, struct reel_bytes options, reel_paths_fn paths,
            void *paths_ctx, int *fd, struct reel_err *err)
{
    struct cli_ntfs_source *const s = ctx;
    struct words w                  = {0};
    enum reel_status status =
        make_read(s, links_of(options), paths, paths_ctx, &w, err);

    if (status == REEL_OK)
        status =
            cli_helper_start(&s->helper, words_of(&w), PACKAGE, false, err);
    s->helper.name = PROGRAM;
    words_fini(&w);
    *fd = s->helper.from;
    return status;
}

static enum reel_status
close_source(void *ctx, int fd, bool done, struct reel_err *err)
{
    struct cli_ntfs_source *const s = ctx;

    (void)fd; /* closed with the program */
    return cli_helper_end(&s->helper, done, err);
}

struct reel_write_relay
cli_ntfs_relay(struct cli_ntfs_source *s)
{
    return (struct reel_write_relay){.source = REEL_SOURCE_NTFS,
                                     .open   = open_source,
                                     .close  = close_source,
                                     .ctx    = s};
}

/* ----------------------------------------------------------------- target */

/* So that it is not taken for an option. */
static enum reel_status
add_image(struct words *w, const char *image, struct reel_err *err)
{
    char path[PATH_MAX];

    if (image[0] != '-')
        return add(w, image, err);
    (void)snprintf(path, sizeof(path), "./%s", image);
    return add(w, path, err);
}

static enum reel_status
make_write(const struct cli_ntfs_target *t, struct words *w,
           struct reel_err *err)
{
    const char *const first[] = {PROGRAM,      "write",
                                 "--existing", t->existing,
                                 "--sandbox",  reel_fence_words[t->sandbox],
                                 NULL};

    REEL_TRY(add_all(w, first, err));
    if (t->copies)
        REEL_TRY(add(w, "--copies", err));
    REEL_TRY(add_image(w, t->image, err));
    return t->directory ? add(w, t->directory, err) : REEL_OK;
}

enum reel_status
cli_ntfs_start(const struct cli_ntfs_target *t, struct cli_helper *helper,
               struct reel_err *err)
{
    struct words w          = {0};
    enum reel_status status = make_write(t, &w, err);

    if (status == REEL_OK)
        status = cli_helper_start(helper, words_of(&w), PACKAGE, true, err);
    helper->name = PROGRAM;
    words_fini(&w);
    return status;
}

/* By ourselves, or by whoever may run programs. */
static enum reel_status
start_write(const struct cli_ntfs_target *t, struct cli_keeper *keeper,
            struct cli_helper *helper, struct reel_err *err)
{
    if (keeper)
        return cli_keeper_run_ntfs(keeper, &helper->to, &helper->from, err);
    return cli_ntfs_start(t, helper, err);
}

static enum reel_status
end_write(struct cli_keeper *keeper, struct cli_helper *helper,
          struct reel_err *err)
{
    const enum reel_status status = cli_helper_end(helper, true, err);

    return keeper ? cli_keeper_end_ntfs(keeper, err) : status;
}

enum reel_status
cli_ntfs_restore(const struct cli_ntfs_target *t, struct cli_keeper *keeper,
                 const struct reel_access *access,
                 const struct reel_selection *selection,
                 struct reel_restore_result *result, struct reel_err *err)
{
    struct cli_helper helper = {.to = -1, .from = -1};
    enum reel_status status;
    enum reel_status ended;
    struct reel_err why;
    int to;

    REEL_TRY(start_write(t, keeper, &helper, err));
    to        = helper.to;
    helper.to = -1; /* the library closes it */
    status =
        reel_restore_relay(access, selection, to, helper.from, result, err);
    ended = end_write(keeper, &helper, &why);
    if (status == REEL_OK && ended != REEL_OK) {
        *err   = why;
        status = ended;
    }
    return status;
}
