/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a REPARSE_DATA stream: of a POSIX object (spec 7.4), and of a
   link that Windows made (8.5). */
#ifndef REEL_REPARSE_H
#define REEL_REPARSE_H

#include "reel/builder.h"
#include "reel/cursor.h"

/* Tags; too large for an enumeration. */
#define REEL_REPARSE_SOCKET 0x80000023U    /* AF_UNIX */
#define REEL_REPARSE_FIFO 0x80000024U      /* LX_FIFO */
#define REEL_REPARSE_CHARACTER 0x80000025U /* LX_CHR */
#define REEL_REPARSE_BLOCK 0x80000026U     /* LX_BLK */
#define REEL_REPARSE_SYMLINK 0xA000001DU   /* LX_SYMLINK */

/* Those with names in units, made by Windows. */
#define REEL_REPARSE_MOUNT_POINT 0xA0000003U
#define REEL_REPARSE_WINDOWS_SYMLINK 0xA000000CU
#define REEL_REPARSE_RELATIVE 0x1U /* in flags */

#define REEL_REPARSE_HEADER_BYTES 8U
/* The length field also counts the four octets of the version. */
#define REEL_REPARSE_TARGET_BYTES_MAX 65531U
#define REEL_REPARSE_BYTES_MAX                                                 \
    (REEL_REPARSE_HEADER_BYTES + 4U + REEL_REPARSE_TARGET_BYTES_MAX)

#define REEL_REPARSE_VERSION 2U
/* What Linux once wrote; read, but not written by us. */
#define REEL_REPARSE_VERSION_SWAPPED 0x02000000U

struct reel_reparse {
    uint32_t tag;      /* one of the five above */
    uint16_t reserved; /* 0 in a body of ours; a decoder keeps what it sees */
    uint32_t version;  /* of a symbolic link: one of the two above; else 0 */
    struct reel_bytes target; /* of a symbolic link, as it is; else empty */
};

/*
 * Decode a body at `c`, all of it. out set only on REEL_OK; target is
 * borrowed from the body, and holds no zero octet.
 * Fails with TRUNCATED, UNSUPPORTED (another tag, or a version whose target
 * stands elsewhere), INVALID. Pure.
 */
REEL_API enum reel_status
reel_reparse_decode(struct reel_reparse *out, struct reel_cursor *c,
                    struct reel_err *err) REEL_MUST_CHECK;

/*
 * Put a body. Fails with UNSUPPORTED or INVALID for what decode refuses,
 * LIMIT when it does not fit the builder. Pure.
 */
REEL_API enum reel_status
reel_reparse_encode(const struct reel_reparse *r, struct reel_builder *b,
                    struct reel_err *err) REEL_MUST_CHECK;

/* A symbolic link or mount point of Windows. */
struct reel_reparse_names {
    uint32_t tag; /* one of the two above */
    uint16_t reserved;
    uint32_t flags;               /* of a symbolic link; else 0 */
    struct reel_bytes substitute; /* UTF-16, borrowed from the body; */
    struct reel_bytes print;      /* may overlap, be empty, hold zeros */
};

/*
 * Decode such a body at `c`, all of it (8.5). out set only on REEL_OK. There
 * is no way back: where the names stand in the body is up to its maker.
 * Fails with TRUNCATED, UNSUPPORTED (another tag), INVALID (a name that is not
 * whole units, or leads out of the body). Pure.
 */
REEL_API enum reel_status
reel_reparse_names_decode(struct reel_reparse_names *out, struct reel_cursor *c,
                          struct reel_err *err) REEL_MUST_CHECK;

/* The enum reel_object_kind that a tag stands for, and back; 0: none. Pure. */
REEL_API uint8_t reel_reparse_kind(uint32_t tag);
REEL_API uint32_t reel_reparse_tag(uint8_t kind);

#endif
