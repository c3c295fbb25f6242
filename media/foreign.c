/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of files that are no .tap image, by their magic; no spec chapter. */
#include "foreign.h"

#include <string.h>

#include "reel/bytes.h"

struct magic {
    size_t off;
    const char *octets; /* with `len` octets, as some hold NUL */
    size_t len;
    const char *is;
};

#define MAGIC(off, octets, is)                                                 \
    {                                                                          \
        off, octets, sizeof(octets) - 1, is                                    \
    }
#define RAW "holds blocks of a tape without the framing of a .tap image"
#define UNPACK "unpack it and give Reel what comes out"

/* The first that fits is taken. */
static const struct magic magics[] = {
    MAGIC(0, "\x8A\x52\x45\x45\x4C\x0D\x0A\x1A",
          RAW "; copy the tape as SIMH .tap"),
    MAGIC(0, "VOL1", RAW " (VOL1 in front); copy the tape as SIMH .tap"),
    MAGIC(0, "REEL TAPE ARCHIVE",
          RAW " (a Reel leader in front); copy the tape as SIMH .tap"),
    MAGIC(0, "\x1F\x8B", "is packed with gzip; " UNPACK),
    MAGIC(0, "\x28\xB5\x2F\xFD", "is packed with zstd; " UNPACK),
    MAGIC(0,
          "\xFD"
          "7zXZ",
          "is packed with xz; " UNPACK),
    MAGIC(0, "BZh", "is packed with bzip2; " UNPACK),
    MAGIC(0, "PK\x03\x04", "is a zip file, not a .tap image"),
    MAGIC(0, "MSWIM\0\0\0", "is a WIM file, not a .tap image"),
    MAGIC(0,
          "\x7F"
          "ELF",
          "is a program, not a .tap image"),
    MAGIC(257, "ustar", "is a tar file, not a .tap image; tar reads it"),
    MAGIC(32769, "CD001", "is an ISO 9660 image, not a .tap image"),
};

static int
fits(const struct magic *m, const uint8_t *front, size_t bytes)
{
    return bytes >= m->off + m->len &&
           memcmp(front + m->off, m->octets, m->len) == 0;
}

const char *
reel_foreign_describe(const uint8_t *front, size_t bytes)
{
    if (bytes == 0)
        return "is empty, not a .tap image";
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (fits(&magics[i], front, bytes))
            return magics[i].is;
    if (reel_bytes_zero(front, bytes))
        return "begins with zeros only and has no block of a .tap image";
    return "is not a SIMH .tap image, or is cut short in its first block";
}
