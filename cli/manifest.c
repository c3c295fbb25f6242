/* SPDX-License-Identifier: Apache-2.0 */
/* Program: manifests (spec 7.3 has the content digest). */
#include <string.h>
#include <unistd.h>

#include "escape.h"
#include "manifest.h"
#include "size.h"

/* The content digest; false: it has none. `why` says why not. */
static bool
content_digest(const struct reel_list_item *item,
               uint8_t digest[REEL_DIGEST_BYTES], const char **why)
{
    if (!item->end) {
        *why = "not complete in the archive";
        return false;
    }
    if (item->object->kind != REEL_KIND_FILE) {
        *why = reel_object_kind_name(item->object->kind);
        return false;
    }
    if (item->content) {
        *why = "its holes are too large for a content digest";
        if (!(item->content->flags & REEL_GROUP_HAS_CONTENT_DIGEST))
            return false;
        memcpy(digest, item->content->content_digest, REEL_DIGEST_BYTES);
        return true;
    }
    *why = "its content is not in the archive";
    if (item->object->size != 0)
        return false;
    reel_sha256("", 0, digest);
    return true;
}

bool
cli_manifest_note(struct cli_digest_map *known,
                  const struct reel_list_item *item)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    const char *why;

    /* A link count of 0 is not known. */
    if (item->object->link_count == 1 || !content_digest(item, digest, &why))
        return true;
    return cli_digest_map_add(known, item->archive, item->number, digest);
}

/* What a terminal may take for an order is for files and pipes only. */
static void
print_line(FILE *out, const uint8_t digest[REEL_DIGEST_BYTES],
           const struct reel_object *o)
{
    char text[2 * REEL_DIGEST_BYTES + 1];

    (void)cli_hex_print(text, digest, REEL_DIGEST_BYTES);
    if (isatty(fileno(out)) != 1) {
        cli_escape_manifest(out, text, o->encoding, o->path);
        return;
    }
    (void)fprintf(out, "%s  ", text);
    cli_escape_text(out, o->encoding, o->path);
    (void)fputc('\n', out);
}

static void
print_comment(FILE *out, const struct reel_object *o, const char *why)
{
    (void)fputs("# ", out);
    cli_escape_text(out, o->encoding, o->path);
    (void)fprintf(out, ": %s\n", why);
}

void
cli_manifest_print(FILE *out, const struct cli_digest_map *known,
                   const struct reel_list_item *item)
{
    const struct reel_object *o = item->object;
    const uint8_t *found        = NULL;
    uint8_t digest[REEL_DIGEST_BYTES];
    const char *why;

    if (o->kind == REEL_KIND_DIRECTORY)
        return;
    if (o->kind == REEL_KIND_LINK) {
        found = cli_digest_map_find(known, item->archive, o->target);
        why   = "another name of an object without content digest";
    } else if (content_digest(item, digest, &why)) {
        found = digest;
    }
    if (!found) {
        print_comment(out, o, why);
        return;
    }
    print_line(out, found, o);
}
