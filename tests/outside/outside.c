/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody outside writes first: list the paths of an image. */
#include <reel/list.h>
#include <stdio.h>

static enum reel_status
print(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    (void)ctx, (void)err;
    printf("%.*s\n", (int)item->object->path.len,
           (const char *)item->object->path.data);
    return REEL_OK;
}

int
main(int argc, char **argv)
{
    struct reel_access access       = {.catalog_fd = -1};
    struct reel_selection selection = {0};
    struct reel_err err             = {0};

    if (argc != 2 ||
        reel_medium_open(&access.medium, argv[1], REEL_MEDIUM_READ, &err) !=
            REEL_OK ||
        reel_list(&access, &selection, print, NULL, &err) != REEL_OK)
        return fprintf(stderr, "%s\n", err.text), 1;
    return reel_medium_close(access.medium, &err) != REEL_OK;
}
