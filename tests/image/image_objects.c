/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6 to 8, whole objects for an image; tests. */
#include "image_objects.h"
#include "image_must.h"

#include <stdlib.h>
#include <string.h>

#include "reel/reparse.h"

struct reel_object
image_facts(uint8_t kind, const char *path)
{
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    o.kind       = kind;
    o.encoding   = REEL_ENCODING_POSIX;
    o.facts      = REEL_FACT_POSIX | REEL_FACT_MODIFIED;
    o.mode       = 0100644;
    o.link_count = 1;
    o.modified.s = 1000000000;
    o.path       = reel_bytes_of(path);
    o.user       = reel_bytes_of("root");
    return o;
}

uint64_t
image_directory(struct image *i, const char *path)
{
    const struct reel_object o = image_facts(REEL_KIND_DIRECTORY, path);
    const uint64_t number      = image_object(i, &o);

    image_object_end(i);
    return number;
}

uint64_t
image_file(struct image *i, const char *path, const void *data, size_t len,
           uint32_t names)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, path);
    uint64_t number;

    o.size       = len;
    o.link_count = names;
    number       = image_object(i, &o);
    if (len > 0) {
        image_stream(i, REEL_STREAM_DATA, len);
        image_data(i, data, len);
        image_group_end(i);
    }
    image_object_end(i);
    return number;
}

static void
put_offset(uint8_t out[8], uint64_t at)
{
    struct reel_builder b = reel_builder_init(out, 8);

    reel_put_le64(&b, at);
}

uint64_t
image_sparse(struct image *i, const char *path, const void *data, size_t len)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, path);
    uint8_t *const body  = malloc(8 + len);
    uint8_t last[8];
    uint64_t number;

    o.size = 8192 + len;
    number = image_object(i, &o);
    image_stream(i, REEL_STREAM_DATA, 0);
    put_offset(body, 4096);
    memcpy(body + 8, data, len);
    image_stream(i, REEL_STREAM_SPARSE_BLOCK, 8 + len);
    image_data(i, body, 8 + len);
    put_offset(last, 8192 + len);
    image_stream(i, REEL_STREAM_SPARSE_BLOCK, 8);
    image_data(i, last, sizeof(last));
    image_group_end(i);
    image_object_end(i);
    free(body);
    return number;
}

uint64_t
image_symlink(struct image *i, const char *path, const char *to)
{
    return image_linked_symlink(i, path, to, 1);
}

uint64_t
image_linked_symlink(struct image *i, const char *path, const char *to,
                     uint32_t link_count)
{
    struct reel_object o        = image_facts(REEL_KIND_SYMLINK, path);
    const struct reel_reparse r = {REEL_REPARSE_SYMLINK, 0,
                                   REEL_REPARSE_VERSION, reel_bytes_of(to)};
    uint8_t body[512];
    struct reel_builder b = reel_builder_init(body, sizeof(body));
    uint64_t number;

    o.link_count = link_count;
    number       = image_object(i, &o);
    MUST(reel_reparse_encode(&r, &b, NULL));
    image_stream(i, REEL_STREAM_REPARSE_DATA, b.len);
    image_data(i, body, b.len);
    image_group_end(i);
    image_object_end(i);
    return number;
}

uint64_t
image_link(struct image *i, const char *path, uint64_t target,
           const char *target_path)
{
    struct reel_object o = image_facts(REEL_KIND_LINK, path);
    uint64_t number;

    o.target     = target;
    o.link_count = 2;
    number       = image_object(i, &o);
    image_stream(i, REEL_STREAM_LINK, strlen(target_path));
    image_data(i, target_path, strlen(target_path));
    image_group_end(i);
    image_object_end(i);
    return number;
}

void
image_noise(uint8_t *out, size_t len, uint32_t seed)
{
    size_t n;

    for (n = 0; n < len; n++) {
        seed   = seed * 1664525U + 1013904223U;
        out[n] = (uint8_t)(seed >> 24);
    }
}
