/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a record as lines of text. Private to reader/. */
#ifndef REEL_READER_DUMP_RECORD_H
#define REEL_READER_DUMP_RECORD_H

#include "reel/dump.h"
#include "reel/record.h"

struct reel_dumper {
    reel_dump_line_fn line;
    void *ctx;
    bool octets; /* hex of DATA and of what is not known, too */
};

/* One line; as printf. What does not fit is cut off. */
void reel_dump_say(const struct reel_dumper *d, const char *fmt, ...)
    REEL_PRINTF(2, 3);

/* "name: text", other octets than printable ones as \xx; lines of hex with
   `octets`, if there is much of it. */
void reel_dump_text(const struct reel_dumper *d, const char *name,
                    struct reel_bytes text);

/* Header and fields of one record. */
void reel_dump_record(const struct reel_dumper *d, const struct reel_record *r);

#endif
