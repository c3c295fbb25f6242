/* SPDX-License-Identifier: Apache-2.0 */
/* The constants of spec chapters 2 to 9 as words of a dictionary. */
#include "dictionary.h"

#include <stdio.h>

#include "reel/block_header.h"
#include "reel/entry.h"
#include "reel/object.h"
#include "reel/record.h"
#include "reel/reparse.h"
#include "reel/segment.h"
#include "reel/stream.h"

/* Little-endian words that stand in fields. */
static const uint16_t words[] = {REEL_RECORD_SOURCE,
                                 REEL_RECORD_EARLIER_VOLUME,
                                 REEL_RECORD_EARLIER_ARCHIVE,
                                 REEL_RECORD_VOLUME,
                                 REEL_RECORD_ARCHIVE,
                                 REEL_RECORD_OBJECT,
                                 REEL_RECORD_XATTR,
                                 REEL_RECORD_STREAM,
                                 REEL_RECORD_DATA,
                                 REEL_RECORD_GROUP_END,
                                 REEL_RECORD_OBJECT_END,
                                 REEL_RECORD_CONTINUED,
                                 REEL_RECORD_ENTRY,
                                 REEL_RECORD_CHECKPOINT,
                                 REEL_RECORD_END,
                                 REEL_RECORD_PRIVATE,
                                 REEL_BLOCK_VOLUME,
                                 REEL_BLOCK_DATA,
                                 REEL_BLOCK_CHECKPOINT,
                                 REEL_BLOCK_CATALOG,
                                 REEL_BLOCK_END,
                                 REEL_BLOCK_PARITY,
                                 REEL_BLOCK_LIBRARY_INDEX,
                                 REEL_FACTS_KNOWN};

static const uint32_t longs[] = {REEL_BLOCK_BYTES_MIN,
                                 REEL_BLOCK_BYTES_MAX,
                                 REEL_SEGMENT_LIMIT_MIN,
                                 REEL_SEGMENT_LIMIT_MAX,
                                 REEL_RECORD_BYTES_MAX,
                                 REEL_NONE32,
                                 REEL_STREAM_SECURITY_DATA,
                                 REEL_STREAM_ALTERNATE_DATA,
                                 REEL_STREAM_LINK,
                                 REEL_STREAM_PROPERTY_DATA,
                                 REEL_STREAM_OBJECT_ID,
                                 REEL_STREAM_REPARSE_DATA,
                                 REEL_STREAM_SPARSE_BLOCK,
                                 REEL_STREAM_TXFS_DATA,
                                 REEL_STREAM_GHOSTED,
                                 0xA000000CU, /* reparse tags: SYMLINK */
                                 0xA0000003U,
                                 /* MOUNT_POINT */ 0xA000001DU, /* LX_SYMLINK */
                                 999999999U,
                                 /* nanoseconds */ 0x80000000U};

static const uint64_t quads[] = {1ULL << 30, (1ULL << 31), (1ULL << 32) + 5,
                                 INT64_MAX,  1ULL << 63,   REEL_NONE64};

static const char *const texts[] = {"VOL1",
                                    "REEL",
                                    "SEGM",
                                    "-----",
                                    "user.",
                                    "security.capability",
                                    "system.posix_acl_access",
                                    "../",
                                    "..",
                                    "/",
                                    "$DATA",
                                    ":a:$DATA"};

static void
put(FILE *file, const void *data, size_t len)
{
    const uint8_t *const octets = data;

    fputc('"', file);
    for (size_t i = 0; i < len; i++)
        fprintf(file, "\\x%02X", octets[i]);
    fputs("\"\n", file);
}

static void
put_number(FILE *file, uint64_t v, size_t len)
{
    uint8_t octets[8];

    for (size_t i = 0; i < len; i++)
        octets[i] = (uint8_t)(v >> 8 * i);
    put(file, octets, len);
}

bool
dictionary_write(const char *path)
{
    FILE *const file = fopen(path, "w");

    if (file == NULL)
        return false;
    put(file, reel_block_magic, sizeof(reel_block_magic));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        put_number(file, words[i], sizeof(words[i]));
    for (size_t i = 0; i < sizeof(longs) / sizeof(longs[0]); i++)
        put_number(file, longs[i], sizeof(longs[i]));
    for (size_t i = 0; i < sizeof(quads) / sizeof(quads[0]); i++)
        put_number(file, quads[i], sizeof(quads[i]));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct reel_bytes text = reel_bytes_of(texts[i]);

        put(file, text.data, text.len);
    }
    return fclose(file) == 0;
}
