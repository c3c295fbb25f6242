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

#include "image_objects.h"
#include "reel/tap_frame.h"

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

/* What stands on the tape: as an image, and the blocks behind the leader
   alone. */
static void
take_tape(struct reel_memory_tape *tape, struct seed *image,
          struct seed *blocks)
{
    int marks = 0;

    for (uint64_t at = 0; at < reel_memory_tape_count(tape); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, at);
        const struct reel_tap_word w       = {e.filemark ? REEL_TAP_MARK
                                                         : REEL_TAP_RECORD,
                                        (uint32_t)e.byte_count};
        uint8_t word[REEL_TAP_WORD_BYTES];

        reel_tap_word_encode(word, w);
        add(image, word, sizeof(word));
        marks += e.filemark;
        if (e.filemark)
            continue;
        add(image, e.bytes, e.byte_count);
        add(image, "", reel_tap_filling((uint32_t)e.byte_count));
        add(image, word, sizeof(word));
        if (marks >= 2)
            add(blocks, e.bytes, e.byte_count);
    }
}

/* fuzz_reader takes the verb from the length: one seed for each. */
static void
write_verbs(const char *root, const char *name, struct seed *image)
{
    add(image, "\xFF\xFF\xFF\xFF", REEL_TAP_WORD_BYTES);
    for (unsigned int verb = 0; verb < 8; verb++) {
        char verb_name[64];

        add(image, "", 1);
        (void)snprintf(verb_name, sizeof(verb_name), "%s-%u", name,
                       (unsigned int)(image->len % 8));
        write_seed(root, "fuzz_reader", verb_name, image);
    }
}

static void
write_tape(const char *root, const char *name, struct reel_memory_tape *tape)
{
    static const char *const targets[] = {"fuzz_verify", "fuzz_restore",
                                          "fuzz_find_end", "fuzz_tap_frame"};
    static struct seed image;
    static struct seed blocks;

    image.len = blocks.len = 0;
    take_tape(tape, &image, &blocks);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        write_seed(root, targets[i], name, &image);
    write_verbs(root, name, &image);
    write_seed(root, "fuzz_deblock", name, &blocks);
    /* One octet more: fuzz_deblock takes the runs for known. */
    add(&blocks, "", 1);
    write_seed(root, "fuzz_deblock", "known-runs", &blocks);
}

/* A volume of a set that another one goes on with. */
static void
write_spanned(const char *root)
{
    const struct image_options o = {.segment_bytes = 900, .volume_blocks = 12};
    struct image *i              = image_new(&o);

    fill(i);
    for (uint32_t n = 1; n <= image_volumes(i) && n <= 2; n++)
        write_tape(root, n == 1 ? "spanned" : "second", image_tape_of(i, n));
    image_free(i);
}

static void
write_packed(const char *root)
{
    const struct image_options o = {.segment_bytes = 3000,
                                    .compression   = REEL_COMPRESSION_ZSTD};
    struct image *i              = image_new(&o);

    fill(i);
    write_tape(root, "packed", image_tape(i));
    image_free(i);
}

/* Two archives, the second one without an end. */
static void
write_two(const char *root)
{
    const struct image_options o = {.segment_bytes = 1000};
    struct image *i              = image_new(&o);

    fill(i);
    image_archive(i);
    (void)image_directory(i, "");
    (void)image_file(i, "c", "once more", 9, 1);
    image_checkpoint(i);
    (void)image_file(i, "d", "and more", 8, 1);
    image_cut(i);
    image_break(i);
    write_tape(root, "two", image_tape(i));
    image_free(i);
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
    write_tape(argv[1], "image", image_tape(i));
    image_free(i);
    write_seed(argv[1], "fuzz_walk", "image", &records);
    write_seed(argv[1], "fuzz_catalog", "image", &records);
    write_seed(argv[1], "fuzz_group", "image", &records);
    write_seed(argv[1], "fuzz_scan", "image", &records);
    i = image_new(&plain);
    fill_resumed(i);
    write_tape(argv[1], "resumed", image_tape(i));
    image_free(i);
    write_spanned(argv[1]);
    write_packed(argv[1]);
    write_two(argv[1]);
    return EXIT_SUCCESS;
}
