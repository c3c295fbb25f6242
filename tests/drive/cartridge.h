/* SPDX-License-Identifier: Apache-2.0 */
/* One tape of the emulated drive: records and filemarks in memory. */
#ifndef DRIVE_CARTRIDGE_H
#define DRIVE_CARTRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a read of a record meets. */
enum cartridge_fault {
    CARTRIDGE_SOUND,
    CARTRIDGE_UNREADABLE,     /* MEDIUM ERROR, position behind it */
    CARTRIDGE_UNREADABLE_ILI, /* the same with the ILI bit, as some drives do */
    CARTRIDGE_STUCK           /* MEDIUM ERROR, position before it */
};

struct cartridge_record {
    bool filemark;
    enum cartridge_fault fault;
    uint8_t *bytes; /* NULL for a filemark */
    size_t byte_count;
    uint64_t before; /* octets of all records before this one */
};

struct cartridge {
    struct cartridge_record *records;
    size_t count;
    size_t room;
    uint64_t capacity_bytes; /* sum of all records; then VOLUME OVERFLOW */
    uint64_t warning_bytes;  /* early warning so long before */
    bool warned_on_tape;     /* the first write that meets early warning is said
                                not to be on tape, and is */
    bool warned;             /* that has happened */
    bool write_protected;
    bool write_once;
    bool end_lost; /* no end of data: a writer lost its power */
    unsigned int number;
    unsigned int loads;
};

/* A blank cartridge; NULL when memory is out. */
struct cartridge *cartridge_new(unsigned int number);
void cartridge_free(struct cartridge *c); /* NULL is fine */

/* Octets on the tape before `address`, at most the count. */
uint64_t cartridge_used(const struct cartridge *c, size_t address);

/* Forget everything from `address` on. */
void cartridge_cut(struct cartridge *c, size_t address);

/*
 * Put a record at the end; with bytes NULL a filemark. The bytes are copied.
 * False when memory is out.
 */
bool cartridge_append(struct cartridge *c, const uint8_t *bytes,
                      size_t byte_count);

#endif
