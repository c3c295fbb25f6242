/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands on a medium as lines of JSON, field by field, under the names of
 * the tables in spec/. Private to reader/.
 *
 *   {"type":"fields","structure":"BLOCK","block":3,"octet":0,
 *    "fields":[["magic","8a5245454c0d0a1a"],["checksum",1234],...]}
 *
 * "block" is the address, "octet" the place in the block, and "record offset",
 * in a segment, the place in the unpacked segment. Numbers stand as they are,
 * up to 2^64 - 1; everything else is hexadecimal.
 */
#ifndef REEL_READER_DUMP_FIELDS_H
#define REEL_READER_DUMP_FIELDS_H

#include <stdbool.h>

#include "dump_tables.h"
#include "reel/dump.h"
#include "reel/record.h"

struct reel_field_dump {
    reel_dump_line_fn line;
    void *ctx;
    bool octets;    /* content in hex; else its length: {"octets":N} */
    bool no_memory; /* a line was left out, and so are those behind it */
    char *text;     /* the line being made */
    size_t len;
    size_t capacity;
};

void reel_field_dump_fini(struct reel_field_dump *d);

/* The fields of `table` from data[0, len) on, which stands at `pos`. */
void reel_field_dump_structure(struct reel_field_dump *d, const char *structure,
                               const struct reel_field *table,
                               struct reel_bytes data,
                               const struct reel_pos *pos);

/* Header and payload of a record, a line each. */
void reel_field_dump_record(struct reel_field_dump *d,
                            const struct reel_record *r);

/* {"type":TYPE,KEY:VALUE} */
void reel_field_dump_event(struct reel_field_dump *d, const char *type,
                           const char *key, uint64_t value);

/* {"type":"damage",...}: what is wrong, and where. */
void reel_field_dump_damage(struct reel_field_dump *d,
                            const struct reel_err *why);

#endif
