/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Specimens: one of each structure of the specification, every field with a
 * value of its own. Tests take them apart, tables.py compares them with the
 * tables of the text, and the fuzz targets start from them.
 */
#ifndef REEL_SPECIMEN_H
#define REEL_SPECIMEN_H

#include "reel/block_header.h"
#include "reel/builder.h"
#include "reel/cursor.h"
#include "reel/segment.h"

#define SPECIMEN_BYTES_MAX 4096U /* of any specimen, encoded */

enum specimen_form {
    SPECIMEN_INTEGER, /* 1, 2, 4 or 8 octets of memory */
    SPECIMEN_OCTETS,  /* an array in the struct */
    SPECIMEN_BYTES    /* a struct reel_bytes */
};

struct specimen_field {
    const char *name; /* as in the table of the text */
    enum specimen_form form;
    size_t at; /* in the struct */
    size_t size;
};

struct specimen {
    const char *table; /* heading above the table in the text */
    const char *noun;  /* fuzz_<noun> eats its payload */
    uint16_t type;     /* enum reel_record_type; 0: not a record */
    const void *sample;
    size_t sample_bytes; /* sizeof(*sample) */
    const struct specimen_field *fields;
    size_t field_count;
    /* reel_<noun>_decode and _encode for `sample`; encode puts the whole
       record, decode takes the payload. */
    enum reel_status (*decode)(void *out, struct reel_cursor *c,
                               struct reel_err *err);
    enum reel_status (*encode)(const void *in, struct reel_builder *b,
                               struct reel_err *err);
};

/* All of them; static storage. */
extern const struct specimen *const specimens[];
extern const size_t specimen_count;

/* The one with this table; NULL if there is none. */
const struct specimen *specimen_find(const char *table);

/* A field by its name; NULL if there is none. */
const struct specimen_field *specimen_field_find(const struct specimen *s,
                                                 const char *name);

/* Encode into buf; returns its length, 0 when the encoder fails. *payload
   is set to where the payload begins. */
size_t specimen_encode(const struct specimen *s,
                       uint8_t buf[SPECIMEN_BYTES_MAX], size_t *payload);

/* The integer in memory[0, size). */
uint64_t specimen_integer(const void *memory, size_t size);

/* The samples that are more than one struct of the library. */
struct specimen_block {
    struct reel_block_header header;
    struct reel_bytes payload;
};

struct specimen_segment {
    struct reel_segment_header header; /* encode makes it from raw */
    struct reel_bytes raw;
};

#endif
