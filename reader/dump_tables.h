/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of chapters 2 to 9 as data, for what dump shows. Private to
   reader. */
#ifndef REEL_READER_DUMP_TABLES_H
#define REEL_READER_DUMP_TABLES_H

#include <stdint.h>

enum reel_field_kind {
    REEL_FIELD_U8 = 1,
    REEL_FIELD_U16,
    REEL_FIELD_U32,
    REEL_FIELD_U64,
    REEL_FIELD_I32,
    REEL_FIELD_I64,
    REEL_FIELD_HEX,   /* `size` octets */
    REEL_FIELD_TEXT,  /* `size` octets, or as many as the next stated length */
    REEL_FIELD_PLACE, /* 9.1 */
    REEL_FIELD_LENGTH16, /* a u16 that measures a text, in order */
    REEL_FIELD_LENGTH32,
    REEL_FIELD_OCTETS, /* all that is left, as content */
    REEL_FIELD_RANGES, /* all that is left, as bad ranges */
    REEL_FIELD_STREAM  /* a stream header */
};

struct reel_field {
    const char *name;
    enum reel_field_kind kind;
    uint8_t size; /* octets, where the kind does not say it */
};

/* Each closed by a field without a name. */
extern const struct reel_field reel_dump_label[];
extern const struct reel_field reel_dump_leader[];
extern const struct reel_field reel_dump_block[];
extern const struct reel_field reel_dump_segment[];
extern const struct reel_field reel_dump_record_header[];
extern const struct reel_field reel_dump_place[];
extern const struct reel_field reel_dump_bad_range[];
extern const struct reel_field reel_dump_stream_header[];

/* Of the payload; of a type that is not known, all of it as octets. */
const struct reel_field *reel_dump_record_fields(uint16_t type);

#endif
