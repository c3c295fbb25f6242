/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One tape of the emulated drive. Below ssc_drive.c, which gives it its
 * behaviour; here are only its records.
 */
#include "cartridge.h"

#include <stdlib.h>
#include <string.h>

/* Endless, as tests go: early warning and end never come. */
#define ENDLESS_BYTES ((uint64_t)1 << 50)

struct cartridge *
cartridge_new(unsigned int number)
{
    struct cartridge *const c = calloc(1, sizeof(*c));

    if (c) {
        c->number         = number;
        c->capacity_bytes = ENDLESS_BYTES;
    }
    return c;
}

void
cartridge_cut(struct cartridge *c, size_t address)
{
    while (c->count > address)
        free(c->records[--c->count].bytes);
}

void
cartridge_free(struct cartridge *c)
{
    if (!c)
        return;
    cartridge_cut(c, 0);
    free(c->records);
    free(c);
}

uint64_t
cartridge_used(const struct cartridge *c, size_t address)
{
    const struct cartridge_record *last;

    if (address == 0)
        return 0;
    last = &c->records[address - 1];
    return last->before + last->byte_count;
}

static bool
make_room(struct cartridge *c)
{
    const size_t room = c->room > 0 ? 2 * c->room : 256;
    struct cartridge_record *grown;

    if (c->count < c->room)
        return true;
    grown = realloc(c->records, room * sizeof(*grown));
    if (!grown)
        return false;
    c->records = grown;
    c->room    = room;
    return true;
}

bool
cartridge_append(struct cartridge *c, const uint8_t *bytes, size_t byte_count)
{
    struct cartridge_record r = {.filemark   = !bytes,
                                 .byte_count = bytes ? byte_count : 0,
                                 .before     = cartridge_used(c, c->count)};

    if (!make_room(c))
        return false;
    if (bytes) {
        r.bytes = malloc(byte_count);
        if (!r.bytes)
            return false;
        memcpy(r.bytes, bytes, byte_count);
    }
    c->records[c->count++] = r;
    return true;
}
