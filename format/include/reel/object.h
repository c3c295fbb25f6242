/* SPDX-License-Identifier: Apache-2.0 */
/* OBJECT: what is known of a file but its content (spec 6.1). */
#ifndef REEL_OBJECT_H
#define REEL_OBJECT_H

#include "reel/path.h"
#include "reel/record.h"
#include "reel/time.h"

enum reel_object_kind {
    REEL_KIND_FILE      = 1,
    REEL_KIND_DIRECTORY = 2,
    REEL_KIND_SYMLINK   = 3,
    REEL_KIND_FIFO      = 4,
    REEL_KIND_SOCKET    = 5,
    REEL_KIND_CHARACTER = 6,
    REEL_KIND_BLOCK     = 7,
    REEL_KIND_LINK      = 8
};

/* Bits of `facts`: which fields are known. */
enum reel_object_fact {
    REEL_FACT_POSIX      = 0x0001, /* mode, uid, gid */
    REEL_FACT_ATTRIBUTES = 0x0002,
    REEL_FACT_BIRTH      = 0x0004,
    REEL_FACT_MODIFIED   = 0x0008,
    REEL_FACT_ACCESSED   = 0x0010,
    REEL_FACT_CHANGED    = 0x0020,
    REEL_FACT_FILE_ID    = 0x0040,
    REEL_FACT_DEVICE     = 0x0080, /* major, minor */
    REEL_FACT_OUTSIDE    = 0x0100,
    REEL_FACT_CASE       = 0x0200
};
#define REEL_FACTS_KNOWN 0x03FFU

struct reel_object {
    uint8_t kind;     /* enum reel_object_kind */
    uint8_t encoding; /* enum reel_encoding */
    uint16_t facts;
    uint32_t attributes;
    uint64_t size;       /* of the content of a file, < 2^63 */
    uint64_t target;     /* of a link: number of its object */
    uint32_t link_count; /* 0: not known */
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    uint32_t major;
    uint32_t minor;
    struct reel_time birth;
    struct reel_time modified;
    struct reel_time accessed;
    struct reel_time changed;
    uint64_t file_system;
    uint8_t file_id[16];
    struct reel_bytes path; /* these four are borrowed from the payload */
    struct reel_bytes user;
    struct reel_bytes group;
    struct reel_bytes short_name;
};

/*
 * Decode the payload at `c` (O-1 to O-10, N-1 to N-4, C-4, R-6), all of it.
 * out set only on REEL_OK. Fails with INVALID. Pure.
 */
REEL_API enum reel_status
reel_object_decode(struct reel_object *out, struct reel_cursor *c,
                   struct reel_err *err) REEL_MUST_CHECK;

/*
 * The same for use: C-4 is only to be told (12.2). *told (may be NULL) is what
 * there is to tell, its status OK if nothing; a time that breaks C-4 comes
 * with the greatest fraction of its second.
 */
REEL_API enum reel_status
reel_object_accept(struct reel_object *out, struct reel_cursor *c,
                   struct reel_err *told, struct reel_err *err) REEL_MUST_CHECK;

/*
 * Put the whole record with object number `number`. Fails with INVALID when
 * a field breaks a rule, LIMIT when it does not fit the builder.
 */
REEL_API enum reel_status
reel_object_encode(const struct reel_object *o, uint64_t number,
                   struct reel_builder *b,
                   struct reel_err *err) REEL_MUST_CHECK;

/* "file", "directory", … for a kind; "unknown"; static storage. */
REEL_API const char *reel_object_kind_name(uint8_t kind);

/* Offset of the field target in the payload, for the fingerprint (9.5). */
#define REEL_OBJECT_TARGET_AT 16U

#endif
