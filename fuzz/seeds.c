/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: writes what the fuzz targets start from,
 * so that no opaque file stands in the tree.
 *
 *     seeds DIRECTORY
 *
 * Each specimen of the tests goes to DIRECTORY/fuzz_<noun>/specimen, and the
 * dictionary to DIRECTORY/reel.dict.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dictionary.h"
#include "reel/label.h"
#include "specimen.h"

static bool
make_directory(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool
write_seed(const char *root, const char *noun, const char *name,
           const uint8_t *data, size_t len)
{
    char path[4096];
    FILE *file;
    bool written;

    (void)snprintf(path, sizeof(path), "%s/fuzz_%s", root, noun);
    if (!make_directory(path))
        return false;
    (void)snprintf(path, sizeof(path), "%s/fuzz_%s/%s", root, noun, name);
    file = fopen(path, "wb");
    if (file == NULL)
        return false;
    written = fwrite(data, 1, len, file) == len;
    return fclose(file) == 0 && written;
}

/* The payload for the target of its noun, the whole for that of records. */
static bool
write_specimen(const char *root, const struct specimen *s)
{
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;
    const size_t len = specimen_encode(s, buf, &payload);

    if (len == 0 ||
        !write_seed(root, s->noun, "specimen", buf + payload, len - payload))
        return false;
    return s->type == 0 || write_seed(root, "record", s->noun, buf, len);
}

static bool
write_label(const char *root)
{
    const struct reel_label l = {{'S', 'E', 'E', 'D', '1', ' '}};
    uint8_t buf[REEL_LABEL_BYTES];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    return reel_label_encode(&l, &b, NULL) == REEL_OK &&
           write_seed(root, "label", "specimen", buf, b.len);
}

/* A segment that is packed; the specimen is not. */
static bool
write_packed(const char *root)
{
    struct reel_packer *const p = reel_packer_new(19);
    uint8_t raw[600];
    uint8_t out[2048];
    size_t len;
    bool ok;

    for (size_t i = 0; i < sizeof(raw); i++)
        raw[i] = (uint8_t)(i * i % 97);
    ok = p != NULL &&
         reel_segment_pack(p, raw, sizeof(raw), out, sizeof(out), &len, NULL) ==
             REEL_OK &&
         write_seed(root, "segment", "packed", out, len);
    reel_packer_free(p);
    return ok;
}

/* Rows of runs in two archives, so many that they are put in order again and
   again; the later ones begin before the earlier ones of the same number. */
static bool
write_rows(const char *root)
{
    uint8_t buf[64];
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));

    for (unsigned row = 0; row < 7; row++) {
        const unsigned half  = row < 4 ? row / 2 : 0;
        const unsigned start = row < 4 ? 9000 + half * 2560 : 8000 - row;

        reel_put_u8(&b, (uint8_t)(row % 2));       /* archive */
        reel_put_le16(&b, (uint16_t)(half * 256)); /* run */
        reel_put_le16(&b, (uint16_t)start);
        reel_put_u8(&b, 1);    /* from run to run */
        reel_put_le16(&b, 10); /* from start to start */
        reel_put_u8(&b, 255);  /* runs, less one */
    }
    return b.ok && write_seed(root, "known", "rows", buf, b.len);
}

static bool
write_dictionary(const char *root)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/reel.dict", root);
    return dictionary_write(path);
}

int
main(int argc, char **argv)
{
    bool ok = argc == 2 && make_directory(argv[1]);

    for (size_t i = 0; ok && i < specimen_count; i++)
        ok = write_specimen(argv[1], specimens[i]);
    ok = ok && write_label(argv[1]) && write_packed(argv[1]) &&
         write_rows(argv[1]) && write_dictionary(argv[1]);
    if (!ok)
        fprintf(stderr, "seeds: cannot write them: %s\n", strerror(errno));
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
