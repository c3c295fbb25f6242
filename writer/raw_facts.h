/* SPDX-License-Identifier: Apache-2.0 */
/* General file information from JSON, in the form of reel/raw.h. Private to
   writer/. */
#ifndef REEL_WRITER_RAW_FACTS_H
#define REEL_WRITER_RAW_FACTS_H

#include "reel/object.h"
#include "reel/xattr.h"

/* What one file may hold. */
#define REEL_RAW_FACTS_BYTES_MAX (64U << 20)

struct reel_raw_facts {
    struct reel_object object; /* target is a number of the directory */
    uint32_t flags;            /* of OBJECT END */
    struct reel_xattr *xattrs;
    size_t xattr_count;
    uint8_t *octets; /* what the texts of all these point to */
};

/* Was a parser for JSON built in? */
bool reel_raw_facts_built_in(void);

/*
 * Take the facts out of `json`. *out is set on REEL_OK only, and released by
 * reel_raw_facts_fini. Fails with INVALID (no JSON, not this form, or a rule of
 * spec chapters 6 and 8), MEMORY, UNSUPPORTED (not built in).
 */
enum reel_status reel_raw_facts_parse(struct reel_raw_facts *out,
                                      struct reel_bytes json,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Zeroed is fine, too. */
void reel_raw_facts_fini(struct reel_raw_facts *f);

#endif
