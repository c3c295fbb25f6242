/* SPDX-License-Identifier: Apache-2.0 */
/* General file information as JSON, in the form of reel/raw.h. Private to
   reader/. */
#ifndef REEL_READER_RAW_PRINT_H
#define REEL_READER_RAW_PRINT_H

#include "reel/object.h"
#include "reel/xattr.h"

/* What 16 MiB of attributes need at the most, in digits. */
#define REEL_RAW_TEXT_BYTES_MAX (64U << 20)

/* The text so far; caller storage, zero it to begin with. */
struct reel_raw_print {
    char *text;
    size_t len;
    size_t capacity;
    bool failed;   /* no memory: the text is of no use */
    bool too_long; /* nor is it then */
    bool xattrs;   /* their array is open */
};

void reel_raw_print_fini(struct reel_raw_print *p);

/* In this order: one object, its attributes, its end with the flags of OBJECT
   END. The memory of an earlier object is used again. */
void reel_raw_print_object(struct reel_raw_print *p,
                           const struct reel_object *o);
void reel_raw_print_xattr(struct reel_raw_print *p, const struct reel_xattr *x);
void reel_raw_print_end(struct reel_raw_print *p, uint32_t flags);

#endif
