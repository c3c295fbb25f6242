/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: writes what the targets above one record
 * start from, as seeds.c does for those of one record.
 *
 *     seed_images DIRECTORY
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image_build.h"

#define SEED_BYTES_MAX 65536U

struct seed {
    uint8_t octets[SEED_BYTES_MAX];
    size_t len;
};

static void
add(struct seed *s, const void *data, size_t len)
{
    if (s->len + len > sizeof(s->octets))
        abort();
    if (len > 0)
        memcpy(s->octets + s->len, data, len);
    s->len += len;
}

static void
write_seed(const char *root, const char *target, const char *name,
           const struct seed *s)
{
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", root, target);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        abort();
    (void)snprintf(path, sizeof(path), "%s/%s/%s", root, target, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(s->octets, 1, s->len, file) != s->len ||
        fclose(file) != 0)
        abort();
}

/* The records of the data, as they go by. */
static void
take_record(void *ctx, uint8_t *record, size_t *len)
{
    struct reel_cursor c = reel_cursor_init(record, *len, NULL);
    const uint16_t type  = reel_get_le16(&c);

    if (type != REEL_RECORD_VOLUME && type != REEL_RECORD_END &&
        type != REEL_RECORD_CHECKPOINT && type != REEL_RECORD_CONTINUED)
        add(ctx, record, *len);
}

static void
fill(struct image *i)
{
    uint8_t noise[1500];
    struct reel_object o = image_facts(REEL_KIND_FILE, "x");

    image_noise(noise, sizeof(noise), 1);
    image_volume(i);
    image_archive(i);
    (void)image_directory(i, "");
    (void)image_file(i, "a", noise, sizeof(noise), 2);
    image_checkpoint(i);
    (void)image_link(i, "b", 2, "a");
    (void)image_sparse(i, "h", noise, 100);
    (void)image_symlink(i, "l", "a");
    (void)image_object(i, &o);
    image_xattr(i, "user.a", "1");
    image_object_end(i);
    image_archive_end(i);
}

/* An archive whose writer died behind a checkpoint and went on. */
static void
fill_resumed(struct image *i)
{
    uint8_t noise[1500];

    image_noise(noise, sizeof(noise), 2);
    image_volume(i);
    image_archive(i);
    (void)image_file(i, "a", noise, sizeof(noise), 1);
    image_checkpoint(i);
    (void)image_file(i, "b", noise, sizeof(noise), 1);
    image_break(i);
    image_resume(i, 1, false);
    (void)image_file(i, "b", noise, sizeof(noise), 1);
    image_archive_end(i);
}

/* What stands on the tape: as fuzz_verify reads it, and the blocks behind the
   leader alone. */
static void
take_tape(struct image *i, struct seed *volume, struct seed *blocks)
{
    int marks = 0;

    for (uint64_t at = 0; at < reel_memory_tape_count(image_tape(i)); at++) {
        const struct reel_memory_element e =
            reel_memory_tape_get(image_tape(i), at);
        const uint8_t form = e.filemark ? 0xF1 : e.byte_count == 80 ? 1 : 0;

        add(volume, &form, 1);
        add(volume, e.bytes, e.byte_count);
        marks += e.filemark;
        if (!e.filemark && marks >= 2)
            add(blocks, e.bytes, e.byte_count);
    }
}

static void
write_tape(const char *root, const char *name, struct image *i)
{
    static struct seed volume;
    static struct seed blocks;

    volume.len = blocks.len = 0;
    take_tape(i, &volume, &blocks);
    write_seed(root, "fuzz_verify", name, &volume);
    write_seed(root, "fuzz_deblock", name, &blocks);
    /* One octet more: fuzz_deblock takes the runs for known. */
    add(&blocks, "", 1);
    write_seed(root, "fuzz_deblock", "known-runs", &blocks);
}

int
main(int argc, char **argv)
{
    static struct seed records;
    const struct image_options o = {
        .segment_bytes = 1000,
        .patches       = {.ctx = &records, .record = take_record}};
    const struct image_options plain = {.segment_bytes = 1000};
    struct image *i                  = image_new(&o);

    if (argc != 2)
        return EXIT_FAILURE;
    fill(i);
    write_tape(argv[1], "image", i);
    image_free(i);
    write_seed(argv[1], "fuzz_walk", "image", &records);
    write_seed(argv[1], "fuzz_catalog", "image", &records);
    i = image_new(&plain);
    fill_resumed(i);
    write_tape(argv[1], "resumed", i);
    image_free(i);
    return EXIT_SUCCESS;
}
