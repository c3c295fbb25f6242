/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: runs a fuzz target without an engine, over
 * the empty input, over files, and over mutations of them that are the same
 * each time. This is how ctest sees the corpus and past finds.
 *
 *     replay_<name> [FILE|DIRECTORY]... [--mutations N [FILE|DIRECTORY]...]
 *
 * A directory stands for the files in it, in the order of their names. Those
 * behind --mutations are mutated N times each, and so is nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reel/alloc.h"
#include "reel_fuzz.h"

/* Longest input that is replayed; fuzz targets decode less than a block. */
#define INPUT_BYTES_MAX (4u << 20)
/* Longest input that is grown out of nothing. */
#define GROWN_BYTES_MAX 4096u

struct replay {
    uint64_t random;    /* state of the generator, never 0 */
    unsigned long runs; /* inputs run */
    unsigned long mutations;
    uint8_t *input; /* INPUT_BYTES_MAX bytes, the input as it was read */
    uint8_t *mutant;
};

/* xorshift64*: the same numbers everywhere, good enough to shuffle bytes. */
static uint32_t
next_random(struct replay *r)
{
    r->random ^= r->random >> 12;
    r->random ^= r->random << 25;
    r->random ^= r->random >> 27;
    return (uint32_t)((r->random * UINT64_C(2685821657736338717)) >> 32);
}

static size_t
below(struct replay *r, size_t bound)
{
    return next_random(r) % bound;
}

static void
run(struct replay *r, const uint8_t *data, size_t size)
{
    reel_fuzz_run(data, size);
    r->runs++;
}

/* The mutant mutant[0, size), mostly with its checksums made right. */
static void
run_mutant(struct replay *r, size_t size)
{
#ifdef REEL_FUZZ_SEAL
    if (below(r, 8) > 0)
        size = reel_fuzz_seal(r->mutant, size, INPUT_BYTES_MAX);
#endif
    run(r, r->mutant, size);
}

/* Change mutant[0, size) a little, size > 0; returns its new size. */
static size_t
mutate_once(struct replay *r, size_t size)
{
    static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff};
    const size_t at              = below(r, size);
    size_t len                   = below(r, 8) + 1;

    if (len > size - at)
        len = size - at;
    switch (below(r, 6)) {
    case 0: /* one bit */
        r->mutant[at] ^= (uint8_t)(1u << below(r, 8));
        break;
    case 1: /* a byte at the edge of a range */
        r->mutant[at] = edges[below(r, sizeof(edges))];
        break;
    case 2: /* an integer of all ones or zeros */
        memset(&r->mutant[at], below(r, 2) == 0 ? 0 : 0xff, len);
        break;
    case 3: /* bytes from elsewhere */
        memmove(&r->mutant[at], &r->mutant[below(r, size - len + 1)], len);
        break;
    case 4: /* a shorter input */
        size = at + 1;
        break;
    default: /* anything */
        while (len-- > 0)
            r->mutant[at + len] = (uint8_t)next_random(r);
        break;
    }
    return size;
}

/* Run mutations of input[0, size); of random bytes if there are none. */
static void
run_mutations(struct replay *r, size_t size)
{
    for (unsigned long i = 0; i < r->mutations; i++) {
        size_t left        = size;
        const size_t edits = below(r, 8) + 1;

        if (size > 0) {
            memcpy(r->mutant, r->input, size);
        } else {
            left = below(r, GROWN_BYTES_MAX) + 1;
            for (size_t at = 0; at < left; at++)
                r->mutant[at] = (uint8_t)next_random(r);
        }
        for (size_t edit = 0; edit < edits; edit++)
            left = mutate_once(r, left);
        run_mutant(r, left);
    }
}

static bool
run_file(struct replay *r, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size;
    bool whole;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    size  = fread(r->input, 1, INPUT_BYTES_MAX, file);
    whole = !ferror(file) && size < INPUT_BYTES_MAX;
    fclose(file);
    if (!whole) {
        fprintf(stderr, "%s: cannot be read, or is too long\n", path);
        return false;
    }
    run(r, r->input, size);
    run_mutations(r, size);
    return true;
}

static int
not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Names in the order of their bytes, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
run_directory(struct replay *r, const char *path)
{
    struct dirent **entries = NULL;
    const int count         = scandir(path, &entries, not_hidden, by_name);
    bool ok                 = count >= 0;

    if (!ok)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char file[4096];
        const int len =
            snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);

        if (len < 0 || (size_t)len >= sizeof(file) || !run_file(r, file))
            ok = false;
        free(entries[i]); /* scandir's own memory, not ours */
    }
    free(entries);
    return ok;
}

static bool
run_path(struct replay *r, const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return run_directory(r, path);
    return run_file(r, path);
}

int
main(int argc, char **argv)
{
    struct replay r = {.random = UINT64_C(0x9e3779b97f4a7c15)};
    bool ok         = true;

    r.input  = reel_alloc_array(INPUT_BYTES_MAX, 1);
    r.mutant = reel_alloc_array(INPUT_BYTES_MAX, 1);
    if (r.input == NULL || r.mutant == NULL) {
        fputs("replay: no memory\n", stderr);
        return EXIT_FAILURE;
    }
    run(&r, r.input, 0);
    for (int i = 1; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--mutations") == 0) {
            r.mutations = strtoul(argv[++i], NULL, 10);
            run_mutations(&r, 0);
        } else {
            ok = run_path(&r, argv[i]) && ok;
        }
    }
    reel_free(r.input);
    reel_free(r.mutant);
    printf("%lu inputs run\n", r.runs);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
