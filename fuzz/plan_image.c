/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No chapter of the specification: the damaged volume that fuzz_volume_damage
 * makes of an input, as an image that `reel` reads, to look at a find.
 *
 *     plan_image INPUT IMAGE
 */
#include <stdio.h>
#include <stdlib.h>

#include "plan_volume.h"
#include "reel/tap_frame.h"
#include "tape_input.h"

static const char *const harms[PLAN_HARMS] = {
    "flip", "unreadable", "remove", "cut tape", "repeat", "swap",
    "zero", "foreign",    "noise",  "mark",     "shorten"};

static void
put(FILE *file, const struct reel_memory_element *e)
{
    const struct reel_tap_word w = {e->filemark     ? REEL_TAP_MARK
                                    : e->unreadable ? REEL_TAP_BAD_RECORD
                                                    : REEL_TAP_RECORD,
                                    (uint32_t)e->byte_count};
    uint8_t word[REEL_TAP_WORD_BYTES];

    reel_tap_word_encode(word, w);
    must(fwrite(word, sizeof(word), 1, file) == 1);
    if (e->filemark)
        return;
    must(fwrite(e->bytes, 1, e->byte_count, file) == e->byte_count);
    must(fwrite("", 1, reel_tap_filling(w.bytes), file) ==
         reel_tap_filling(w.bytes));
    must(fwrite(word, sizeof(word), 1, file) == 1);
}

static void
tell(const struct plan *p, uint64_t count, const bool whole[PLAN_OBJECTS_MAX])
{
    printf("%s, segments of %zu octets%s\n", p->as_pipe ? "pipe" : "drive",
           p->segment_bytes, p->packed ? ", packed" : "");
    for (size_t i = 0; i < p->damage_count; i++)
        printf("%s at %u of some %llu, %u\n", harms[p->damages[i].harm],
               p->damages[i].where % (unsigned int)count,
               (unsigned long long)count, p->damages[i].what);
    for (size_t i = 0; i < p->object_count; i++)
        printf("object %zu: %s\n", i + 1, whole[i] ? "whole" : "touched");
}

int
main(int argc, char **argv)
{
    static uint8_t input[TAPE_INPUT_BYTES_MAX];
    static struct plan plan;
    bool whole[PLAN_OBJECTS_MAX];
    struct reel_memory_tape *good;
    struct reel_memory_tape *bad;
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t size;

    if (file == NULL)
        return EXIT_FAILURE;
    size = fread(input, 1, sizeof(input), file);
    (void)fclose(file);
    plan_draw(&plan, input, size);
    good = plan_volume_write(&plan);
    bad  = plan_volume_damage(&plan, good, whole);
    tell(&plan, reel_memory_tape_count(good), whole);
    file = fopen(argv[2], "wb");
    must(file != NULL);
    for (uint64_t at = 0; at < reel_memory_tape_count(bad); at++) {
        const struct reel_memory_element e = reel_memory_tape_get(bad, at);

        put(file, &e);
    }
    must(fclose(file) == 0);
    reel_memory_tape_free(good);
    reel_memory_tape_free(bad);
    return EXIT_SUCCESS;
}
