/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that are larger than anybody would make them, in each quantity that
 * the format has (spec 13): what is legal and large, and what says that it is
 * large and is not. limits.py reads them.
 *
 *     limit_build DIRECTORY
 *
 * writes DIRECTORY/<name>.tap.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_objects.h"
#include "reel/medium.h"
#include "reel/medium_tap.h"
#include "reel/segment.h"

#define SEGMENT_LIMIT_AT (REEL_RECORD_HEADER_BYTES + 4U) /* ARCHIVE and END */
#define END_CATALOG_AT (REEL_RECORD_HEADER_BYTES + 56U)  /* octets, records */
#define END_PLACE_AT (REEL_RECORD_HEADER_BYTES + 72U)
#define END_PREVIOUS_AT (REEL_RECORD_HEADER_BYTES + 96U)
#define CHECKPOINT_SLICE_AT (REEL_RECORD_HEADER_BYTES + 40U)
#define CHECKPOINT_PLACE_AT (REEL_RECORD_HEADER_BYTES + 56U)
#define CHECKPOINT_PREVIOUS_AT (REEL_RECORD_HEADER_BYTES + 80U)
#define STREAM_SIZE_AT (REEL_RECORD_HEADER_BYTES + 12U)

static void
must(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "limit_build: %s\n", what);
    exit(EXIT_FAILURE);
}

static unsigned int
type_of(const uint8_t *record)
{
    return record[0] | (unsigned int)record[1] << 8;
}

static void
set_le32(uint8_t *at, uint32_t value)
{
    struct reel_builder b = reel_builder_init(at, 4);

    reel_put_le32(&b, value);
}

static void
set_le64(uint8_t *at, uint64_t value)
{
    struct reel_builder b = reel_builder_init(at, 8);

    reel_put_le64(&b, value);
}

/* ---------------------------------------------------------------- patches */

/* The largest limit of all. */
static void
raise_limit(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    (void)len;
    if (type_of(record) == REEL_RECORD_ARCHIVE ||
        type_of(record) == REEL_RECORD_END)
        set_le32(record + SEGMENT_LIMIT_AT, REEL_SEGMENT_LIMIT_MAX);
}

/* END says that the catalog is endless, and that the archive before this one
   is this one. */
static void
wind_end(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    (void)len;
    if (type_of(record) != REEL_RECORD_END)
        return;
    set_le64(record + END_CATALOG_AT, UINT64_C(1) << 62);
    set_le64(record + END_CATALOG_AT + 8, UINT64_C(1) << 62);
    set_le32(record + END_PREVIOUS_AT, 1);
    set_le32(record + END_PREVIOUS_AT + 4, 1);
    memcpy(record + END_PREVIOUS_AT + 8, record + END_PLACE_AT + 8, 16);
}

/* Each checkpoint is its own predecessor, and its slice is endless. */
static void
wind_checkpoint(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    (void)len;
    if (type_of(record) != REEL_RECORD_CHECKPOINT)
        return;
    set_le64(record + CHECKPOINT_SLICE_AT, UINT64_C(1) << 62);
    set_le64(record + CHECKPOINT_SLICE_AT + 8, UINT64_C(1) << 62);
    set_le32(record + CHECKPOINT_PREVIOUS_AT, 1);
    set_le32(record + CHECKPOINT_PREVIOUS_AT + 4, 1);
    memcpy(record + CHECKPOINT_PREVIOUS_AT + 8,
           record + CHECKPOINT_PLACE_AT + 8, 16);
}

/* A stream is as long as can be said. */
static void
declare(void *ctx, uint8_t *record, size_t *len)
{
    const uint64_t *const size = ctx;

    (void)len;
    if (type_of(record) == REEL_RECORD_STREAM)
        set_le64(record + STREAM_SIZE_AT, *size);
}

/*
 * Segments of noise become frames of zstd (RFC 8878): blocks of one octet that
 * is to be repeated 128 KiB times, four octets each, and one block of what is
 * left. The frame and the segment say `stated` and `raw`.
 */
struct bomb {
    uint64_t stated;
    uint32_t raw;
};

static void
make_bomb(void *ctx, uint16_t kind, uint8_t *segment, size_t len)
{
    const struct bomb *const bomb = ctx;
    uint8_t *const frame          = segment + REEL_SEGMENT_HEADER_BYTES;
    const size_t left             = len - REEL_SEGMENT_HEADER_BYTES;
    struct reel_builder b         = reel_builder_init(frame, left);

    if (kind != REEL_BLOCK_DATA || left < 4096)
        return;
    segment[8] = REEL_COMPRESSION_ZSTD;
    set_le32(segment + 16, bomb->raw);
    reel_put_le32(&b, UINT32_C(0xFD2FB528));
    reel_put_u8(&b, 0xE0); /* one segment, eight octets of length */
    reel_put_le64(&b, bomb->stated);
    while (left - b.len >= 4 + 3 + 4) {
        reel_put_u8(&b, 0x02); /* RLE, 0x20000 octets */
        reel_put_u8(&b, 0x00);
        reel_put_u8(&b, 0x10);
        reel_put_u8(&b, 0x00);
    }
    reel_put_u8(&b, (uint8_t)(1U | (left - b.len - 3) << 3)); /* last, raw */
    reel_put_u8(&b, 0);
    reel_put_u8(&b, 0);
    while (b.len < left)
        reel_put_u8(&b, 0);
    must(b.ok, "no room for a bomb");
}

/* ----------------------------------------------------------------- objects */

static void
file_of(struct image *i, const char *path, size_t len)
{
    uint8_t *const noise = malloc(len);

    image_noise(noise, len, 7);
    (void)image_file(i, path, noise, len, 1);
    free(noise);
}

/* Attributes of 65,000 octets each, 19 MiB together. */
static void
xattrs_large(struct image *i)
{
    static char value[65001];
    const struct reel_object o = image_facts(REEL_KIND_FILE, "file");
    char name[32];

    memset(value, 'v', sizeof(value) - 1);
    (void)image_object(i, &o);
    for (int n = 0; n < 300; n++) {
        (void)snprintf(name, sizeof(name), "user.large-%03d", n);
        image_xattr(i, name, value);
    }
    image_stream(i, REEL_STREAM_DATA, 0);
    image_group_end(i);
    image_object_end(i);
    (void)image_file(i, "other", "other\n", 6, 1);
}

static void
xattrs_many(struct image *i)
{
    const struct reel_object o = image_facts(REEL_KIND_FILE, "file");
    char name[32];

    (void)image_object(i, &o);
    for (int n = 0; n < 3000; n++) {
        (void)snprintf(name, sizeof(name), "user.many-%05d", n);
        image_xattr(i, name, "value");
    }
    image_stream(i, REEL_STREAM_DATA, 0);
    image_group_end(i);
    image_object_end(i);
    (void)image_file(i, "other", "other\n", 6, 1);
}

/* Named streams of a file of Windows. */
static void
streams_many(struct image *i)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, "");
    uint8_t name[64];
    char text[16];

    o.encoding = REEL_ENCODING_UTF16;
    o.facts    = REEL_FACT_MODIFIED;
    o.mode     = 0;
    o.user     = (struct reel_bytes){NULL, 0};
    o.path     = (struct reel_bytes){(const uint8_t *)"f\0", 2};
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_DATA, 0);
    image_group_end(i);
    for (int n = 0; n < 6000; n++) {
        struct reel_builder b = reel_builder_init(name, sizeof(name));

        (void)snprintf(text, sizeof(text), ":%05d:$DATA", n);
        for (size_t at = 0; text[at] != '\0'; at++)
            reel_put_le16(&b, (uint8_t)text[at]);
        image_named_stream(i, REEL_STREAM_ALTERNATE_DATA,
                           (struct reel_bytes){name, b.len}, 1);
        image_data(i, "x", 1);
        image_group_end(i);
    }
    image_object_end(i);
}

/* A path of many components of one octet. */
static void
deep_of(struct image *i, size_t len)
{
    static char path[REEL_PATH_BYTES_MAX + 1];

    memset(path, 0, sizeof(path));
    for (size_t at = 0; at < len; at++)
        path[at] = at % 2 == 0 ? 'd' : '/';
    (void)image_file(i, path, "deep\n", 5, 1);
    (void)image_file(i, "other", "other\n", 6, 1);
}

static void
path_deep(struct image *i)
{
    deep_of(i, 2999);
}

static void
path_deepest(struct image *i)
{
    deep_of(i, REEL_PATH_BYTES_MAX);
}

/* The longest path, of components as long as file systems have them. */
static void
path_long(struct image *i)
{
    static char path[REEL_PATH_BYTES_MAX + 1];

    for (size_t at = 0; at < REEL_PATH_BYTES_MAX; at++)
        path[at] = at % 256 < 255 ? 'n' : '/';
    (void)image_file(i, path, "long\n", 5, 1);
    (void)image_file(i, "other", "other\n", 6, 1);
}

/* The name of one component is longer than any file system has it. */
static void
name_long(struct image *i)
{
    static char path[512];

    memset(path, 'n', 256);
    (void)image_file(i, path, "lost\n", 5, 1);
    memcpy(path + 256, "/below", 7);
    (void)image_file(i, path, "lost\n", 5, 1);
    (void)image_file(i, "other", "other\n", 6, 1);
}

static void
declared(struct image *i)
{
    (void)image_file(i, "file", "as much as there is", 19, 1);
}

/* A last octet, a tebibyte and 2^63 - 2 behind the front. */
static void
far_away(struct image *i)
{
    static const uint64_t places[] = {UINT64_C(1) << 40,
                                      (UINT64_C(1) << 63) - 2};
    struct reel_object o           = image_facts(REEL_KIND_FILE, "");

    for (int n = 0; n < 2; n++) {
        uint8_t body[9];
        struct reel_builder b = reel_builder_init(body, sizeof(body));

        o.path = reel_bytes_of(n == 0 ? "tebibyte" : "farthest");
        o.size = places[n] + 1;
        reel_put_le64(&b, places[n]);
        reel_put_bytes(&b, reel_bytes_of("x"));
        (void)image_object(i, &o);
        image_stream(i, REEL_STREAM_DATA, 0);
        image_stream(i, REEL_STREAM_SPARSE_BLOCK, sizeof(body));
        image_data(i, body, sizeof(body));
        image_group_end(i);
        image_object_end(i);
    }
    (void)image_file(i, "other", "other\n", 6, 1);
}

/* 256 MiB of zeros, on a few kibioctets of tape. */
static void
zeros(struct image *i)
{
    const size_t len       = (size_t)256 << 20;
    uint8_t *const nothing = calloc(1, len);

    (void)image_file(i, "zeros", nothing, len, 1);
    free(nothing);
    (void)image_file(i, "other", "other\n", 6, 1);
}

/* Segments of noise, to be turned into bombs, and one that is none. */
static void
noise(struct image *i)
{
    file_of(i, "bomb", 200000);
    image_cut(i);
    (void)image_file(i, "other", "other\n", 6, 1);
}

static void
plain(struct image *i)
{
    (void)image_file(i, "file", "file\n", 5, 1);
    image_checkpoint(i);
    (void)image_file(i, "other", "other\n", 6, 1);
    image_checkpoint(i);
    (void)image_file(i, "last", "last\n", 5, 1);
}

/* Path number n, of `len` octets in components that can be. */
static const char *
path_of(int n, size_t len)
{
    static char path[REEL_PATH_BYTES_MAX + 1];

    memset(path, 0, sizeof(path));
    for (size_t at = 0; at < len; at++)
        path[at] = at % 200 < 199 ? 'n' : '/';
    (void)snprintf(path + len - 8, 9, "/%07d", n);
    return path;
}

#define LONG_PATH 65000U

/* Files that say of themselves that they have another name. */
static void
names_long(struct image *i)
{
    for (int n = 0; n < 200; n++)
        (void)image_file(i, path_of(n, LONG_PATH), "", 0, 2);
    (void)image_file(i, "other", "other\n", 6, 1);
}

/* Names of a file that says that it has one. */
static void
links_long(struct image *i)
{
    const uint64_t other = image_file(i, "other", "other\n", 6, 1);

    for (int n = 0; n < 120; n++)
        (void)image_link(i, path_of(n, LONG_PATH), other, "other");
}

/* So many objects that nobody finished, and then each of them whole. */
static void
torn_of(struct image *i, int count, size_t len)
{
    for (int n = 0; n < count; n++) {
        const struct reel_object o =
            image_facts(REEL_KIND_FILE, path_of(n, len));

        (void)image_object(i, &o);
    }
    for (int n = 0; n < count; n++)
        (void)image_file(i, path_of(n, len), "", 0, 1);
    (void)image_file(i, "other", "other\n", 6, 1);
}

static void
torn_long(struct image *i)
{
    torn_of(i, 120, LONG_PATH);
}

static void
torn_some(struct image *i)
{
    torn_of(i, 1500, 30);
}

static void
torn_many(struct image *i)
{
    torn_of(i, 6000, 30);
}

/* It is the last volume that there can be. */
#define BLOCK_VOLUME_AT 32U /* in the header of a block */

static void
number_block(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    (void)ctx;
    (void)h;
    set_le32(block + BLOCK_VOLUME_AT, UINT32_MAX);
}

static void
number_record(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    (void)len;
    if (type_of(record) == REEL_RECORD_VOLUME)
        set_le32(record + REEL_RECORD_HEADER_BYTES, UINT32_MAX);
}

/* -------------------------------------------------------------------- tape */

static const uint64_t largest    = (UINT64_C(1) << 63) - 1;
static const uint64_t beyond     = UINT64_MAX;
static const struct bomb untold  = {250000, 250000};
static const struct bomb told    = {UINT64_C(1) << 40, 250000};
static const struct bomb told_up = {UINT64_C(1) << 40, UINT32_MAX};

static const struct limit {
    const char *name;
    void (*fill)(struct image *);
    void (*record)(void *ctx, uint8_t *record, size_t *len);
    void (*segment)(void *ctx, uint16_t kind, uint8_t *segment, size_t len);
    void (*block)(void *ctx, uint8_t *block, struct reel_block_header *h);
    const void *ctx;
    size_t segment_bytes;
    enum reel_compression compression;
    uint8_t source;
    bool no_end; /* the writer died */
} limits[] = {
    {.name = "xattrs-large", .fill = xattrs_large, .segment_bytes = 250000},
    {.name = "xattrs-many", .fill = xattrs_many, .segment_bytes = 250000},
    {.name          = "streams-many",
     .fill          = streams_many,
     .segment_bytes = 250000,
     .source        = REEL_SOURCE_NTFS},
    {.name = "path-deep", .fill = path_deep},
    {.name = "path-deepest", .fill = path_deepest, .segment_bytes = 250000},
    {.name = "path-long", .fill = path_long, .segment_bytes = 250000},
    {.name = "name-long", .fill = name_long},
    {.name   = "declared-largest",
     .fill   = declared,
     .record = declare,
     .ctx    = &largest},
    {.name   = "declared-beyond",
     .fill   = declared,
     .record = declare,
     .ctx    = &beyond},
    {.name = "far-away", .fill = far_away},
    {.name          = "bomb-zeros",
     .fill          = zeros,
     .record        = raise_limit,
     .segment_bytes = REEL_SEGMENT_LIMIT_MAX - 4096,
     .compression   = REEL_COMPRESSION_ZSTD},
    {.name          = "bomb-untold",
     .fill          = noise,
     .segment       = make_bomb,
     .ctx           = &untold,
     .segment_bytes = 250000},
    {.name          = "bomb-told",
     .fill          = noise,
     .segment       = make_bomb,
     .ctx           = &told,
     .segment_bytes = 250000},
    {.name          = "bomb-told-up",
     .fill          = noise,
     .segment       = make_bomb,
     .ctx           = &told_up,
     .segment_bytes = 250000},
    {.name = "end-round", .fill = plain, .record = wind_end},
    {.name   = "checkpoint-round",
     .fill   = plain,
     .record = wind_checkpoint,
     .no_end = true},
    {.name = "names-long", .fill = names_long, .segment_bytes = 250000},
    {.name = "links-long", .fill = links_long, .segment_bytes = 250000},
    {.name = "torn-long", .fill = torn_long, .segment_bytes = 250000},
    {.name = "torn-some", .fill = torn_some, .segment_bytes = 250000},
    {.name = "torn-many", .fill = torn_many, .segment_bytes = 250000},
    {.name   = "volume-last",
     .fill   = plain,
     .record = number_record,
     .block  = number_block},
};

static void
put_tape(const struct reel_memory_tape *tape, const char *path)
{
    struct reel_medium *m = NULL;
    struct reel_err err   = {0};

    must(reel_medium_open(&m, path, REEL_MEDIUM_WRITE, &err) == REEL_OK,
         err.text);
    for (uint64_t n = 0; n < reel_memory_tape_count(tape); n++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, n);

        must((e.filemark ? reel_medium_filemark(m, &err)
                         : reel_medium_write(m, e.bytes, e.byte_count, &err)) ==
                 REEL_OK,
             err.text);
    }
    must(reel_medium_close(m, &err) == REEL_OK, err.text);
}

static void
put_limit(const struct limit *l, const char *directory)
{
    const struct image_options options = {
        .block_bytes   = 65536,
        .segment_bytes = l->segment_bytes,
        .compression   = l->compression,
        .source        = l->source,
        .patches       = {.ctx     = (void *)(uintptr_t)l->ctx,
                          .record  = l->record,
                          .segment = l->segment,
                          .block   = l->block}};
    struct image *const i = image_new(&options);
    char path[4096];

    image_volume(i);
    image_archive(i);
    l->fill(i);
    if (l->no_end)
        image_break(i);
    else
        image_archive_end(i);
    (void)snprintf(path, sizeof(path), "%s/%s.tap", directory, l->name);
    put_tape(image_tape(i), path);
    image_free(i);
}

int
main(int argc, char **argv)
{
    must(argc == 2, "usage: limit_build DIRECTORY");
    for (size_t n = 0; n < sizeof(limits) / sizeof(limits[0]); n++)
        put_limit(&limits[n], argv[1]);
    return EXIT_SUCCESS;
}
