/* SPDX-License-Identifier: Apache-2.0 */
/* The stream header, STREAM and DATA (spec 7.1, 7.2). */
#ifndef REEL_STREAM_H
#define REEL_STREAM_H

#include "reel/record.h"

enum reel_stream_id {
    REEL_STREAM_DATA           = 1,
    REEL_STREAM_EA_DATA        = 2,
    REEL_STREAM_SECURITY_DATA  = 3,
    REEL_STREAM_ALTERNATE_DATA = 4,
    REEL_STREAM_LINK           = 5,
    REEL_STREAM_PROPERTY_DATA  = 6,
    REEL_STREAM_OBJECT_ID      = 7,
    REEL_STREAM_REPARSE_DATA   = 8,
    REEL_STREAM_SPARSE_BLOCK   = 9,
    REEL_STREAM_TXFS_DATA      = 10,
    REEL_STREAM_GHOSTED        = 11
};

enum reel_stream_attribute {
    REEL_STREAM_MODIFIED_WHEN_READ  = 0x01,
    REEL_STREAM_CONTAINS_SECURITY   = 0x02,
    REEL_STREAM_CONTAINS_PROPERTIES = 0x04,
    REEL_STREAM_SPARSE              = 0x08,
    REEL_STREAM_CONTAINS_GHOSTED    = 0x10
};

/* WIN32_STREAM_ID. */
struct reel_stream_header {
    uint32_t id; /* enum reel_stream_id, or any other */
    uint32_t attributes;
    uint64_t size;          /* of the body, < 2^63 */
    struct reel_bytes name; /* UTF-16, borrowed */
};

/* Does a group that begins with this stream have content (7.3)? Pure. */
REEL_API bool reel_stream_has_content(uint32_t id);

/*
 * May a stream `id` stand behind a group that began with a stream `before` (0:
 * it is the first) in an object of an NTFS archive (S-16)? Pure.
 */
REEL_API bool reel_stream_ntfs_follows(uint32_t before, uint32_t id);

/* "DATA", "SECURITY_DATA" …, or "unknown"; static storage. */
REEL_API const char *reel_stream_id_name(uint32_t id);

/* S-1 and S-2, by what the 20 octets say: INVALID. Pure. */
REEL_API enum reel_status
reel_stream_header_check(uint64_t size, size_t name_bytes,
                         const struct reel_cursor *at,
                         struct reel_err *err) REEL_MUST_CHECK;

/*
 * Decode 20 octets and the name at `c` (S-1, S-2); `c` stands behind. out set
 * only on REEL_OK; its name is borrowed. TRUNCATED, INVALID. Pure.
 */
REEL_API enum reel_status
reel_stream_header_decode(struct reel_stream_header *out, struct reel_cursor *c,
                          struct reel_err *err) REEL_MUST_CHECK;

/* Put it, octet for octet what BackupRead gives. The caller has checked it. */
REEL_API void reel_stream_header_put(const struct reel_stream_header *h,
                                     struct reel_builder *b);

struct reel_stream {
    uint32_t ordinal;
    struct reel_stream_header header;
    struct reel_bytes header_bytes; /* the 20 octets and the name, borrowed;
                                       not used by encode */
};

/* Decode the payload at `c` (S-1, S-2, S-5). INVALID. Pure. */
REEL_API enum reel_status
reel_stream_decode(struct reel_stream *out, struct reel_cursor *c,
                   struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record. INVALID, LIMIT. */
REEL_API enum reel_status
reel_stream_encode(const struct reel_stream *s, uint64_t number,
                   struct reel_builder *b,
                   struct reel_err *err) REEL_MUST_CHECK;

struct reel_data {
    uint32_t ordinal;
    uint32_t zero;
    uint64_t stream_offset;  /* of bytes[0] in the body of the stream */
    uint64_t sparse_offset;  /* REEL_NONE64 unless in a SPARSE_BLOCK */
    struct reel_bytes bytes; /* one or more; borrowed */
};

/* Decode the payload at `c` (S-4 as far as one record goes). INVALID. Pure. */
REEL_API enum reel_status
reel_data_decode(struct reel_data *out, struct reel_cursor *c,
                 struct reel_err *err) REEL_MUST_CHECK;

/* Put the whole record, bytes included. INVALID, LIMIT. */
REEL_API enum reel_status
reel_data_encode(const struct reel_data *d, uint64_t number,
                 struct reel_builder *b, struct reel_err *err) REEL_MUST_CHECK;

/*
 * Put record header and the 24 octets before the bytes; the caller puts the
 * bytes itself and then closes the record with the mark returned.
 */
REEL_API size_t reel_data_open(const struct reel_data *d, uint64_t number,
                               struct reel_builder *b);

#endif
