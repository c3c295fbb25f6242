/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the NTFS specimens: chapters 6, 7 and 8 for Windows objects. */
#include "ntfs_specimen.h"

/* A string literal as octets, its NUL left out. */
#define OCTETS(text)                                                           \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }

#define HIDDEN_SYSTEM_READONLY 0x00000007U
#define RECALL_ON_OPEN 0x00040000U /* what libntfs-3g wants for WSL's tags */

#define SID_SYSTEM "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"
#define SID_ADMINS                                                             \
    "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"
#define SID_WORLD "\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"
#define ACE_WORLD "\x00\x03\x14\x00\xFF\x01\x1F\x00" SID_WORLD
#define ACE_AUDIT "\x02\xC0\x14\x00\x16\x01\x0D\x00" SID_WORLD

/* No access control list: everybody may do everything. */
#define SD_NO_LIST                                                             \
    "\x01\x00\x04\x80\x14\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00"         \
    "\x00\x00\x00\x00" SID_SYSTEM SID_ADMINS
/* An empty one: nobody may do anything. */
#define SD_EMPTY_LIST                                                          \
    "\x01\x00\x04\x80\x1C\x00\x00\x00\x28\x00\x00\x00\x00\x00\x00\x00"         \
    "\x14\x00\x00\x00\x02\x00\x08\x00\x00\x00\x00\x00" SID_SYSTEM SID_ADMINS
/* With audit entries before the others. */
#define SD_AUDIT                                                               \
    "\x01\x00\x14\x80\x4C\x00\x00\x00\x58\x00\x00\x00\x14\x00\x00\x00"         \
    "\x30\x00\x00\x00\x02\x00\x1C\x00\x01\x00\x00\x00" ACE_AUDIT               \
    "\x02\x00\x1C\x00\x01\x00\x00\x00" ACE_WORLD SID_SYSTEM SID_ADMINS
#define ACE_WORLD_4 ACE_WORLD ACE_WORLD ACE_WORLD ACE_WORLD
#define ACE_WORLD_20 ACE_WORLD_4 ACE_WORLD_4 ACE_WORLD_4 ACE_WORLD_4 ACE_WORLD_4
/* A hundred entries: 0x7D8 octets. */
#define SD_MANY                                                                \
    "\x01\x00\x04\x80\x14\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00"         \
    "\x30\x00\x00\x00" SID_SYSTEM SID_ADMINS                                   \
    "\x02\x00\xD8\x07\x64\x00\x00\x00" ACE_WORLD_20 ACE_WORLD_20 ACE_WORLD_20  \
        ACE_WORLD_20 ACE_WORLD_20
/* Owner behind the list, and eight octets that belong to nothing. */
#define SD_GAPS                                                                \
    "\x01\x00\x04\x80\x4C\x00\x00\x00\x3C\x00\x00\x00\x00\x00\x00\x00"         \
    "\x1C\x00\x00\x00gap gap \x02\x00\x1C\x00\x01\x00\x00\x00" ACE_WORLD       \
    "fill" SID_ADMINS SID_SYSTEM

#define EA_TWO                                                                 \
    "\x14\x00\x00\x00\x00\x05\x05\x00"                                         \
    "FIRST\0abcde\0"                                                           \
    "\x00\x00\x00\x00\x80\x06\x03\x00"                                         \
    "SECOND\0\x00\xFF\x01\0\0"
#define EA_DEVICE                                                              \
    "\x14\x00\x00\x00\x00\x06\x04\x00"                                         \
    "$LXMOD\0\xA4\x21\0\0\0"                                                   \
    "\x00\x00\x00\x00\x00\x06\x08\x00"                                         \
    "$LXDEV\0\x01\0\0\0\x03\0\0\0\0"

#define RELATIVE_SYMLINK                                                       \
    "\x0C\x00\x00\xA0\x1C\x00\x00\x00\x00\x00\x08\x00\x08\x00\x08\x00"         \
    "\x01\x00\x00\x00"                                                         \
    "g\0o\0n\0e\0g\0o\0n\0e\0"
#define JUNCTION                                                               \
    "\x03\x00\x00\xA0\x20\x00\x00\x00\x00\x00\x0E\x00\x10\x00\x06\x00"         \
    "\\\0?\0?\0\\\0C\0:\0\\\0\0\0C\0:\0\\\0\0\0"

#define GUID_15 "\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF"
#define LONG_50 "fifty units of a name, counted one after the other"
#define LONG_255 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50 "and 5"

#define CONTENT(octets) .streams = {{.size = (octets)}}, .stream_count = 1

static const struct ntfs_specimen table[] = {
    {.path = "empty"},
    {.path = "resident", CONTENT(100)},
    {.path = "big", CONTENT(3 * 1048576 + 5)},
    {.path         = "valid",
     .streams      = {{.size = 200000, .valid = 70001}},
     .stream_count = 1},
    {.path         = "sparse",
     .streams      = {{.size   = 1048577,
                       .sparse = true,
                       .ranges = {{0, 65536}, {524288, 131072}}}},
     .stream_count = 1},
    {.path    = "sparse-to-the-end",
     .streams = {{.size = 655460, .sparse = true, .ranges = {{589824, 65636}}}},
     .stream_count = 1},
    {.path = "sparse-without-holes",
     .streams =
         {{.size = 200003, .sparse = true, .ranges = {{0, 200003}}},
          {.name = "small", .size = 5, .sparse = true, .ranges = {{0, 5}}}},
     .stream_count = 2},
    {.path = "sparse-empty", .streams = {{.sparse = true}}, .stream_count = 1},
    {.path         = "hole",
     .streams      = {{.size = 10485760, .sparse = true}},
     .stream_count = 1},
    {.path         = "hole-4-GiB-and-more",
     .streams      = {{.size   = 5368709121,
                       .sparse = true,
                       .ranges = {{4294967296, 65536}}}},
     .stream_count = 1},

    {.path = "packed", .directory = true, .compressed = true},
    {.path         = "packed/text",
     .streams      = {{.size = 300001, .text = true}},
     .stream_count = 1},
    {.path = "packed/noise", CONTENT(200000)},
    {.path = "packed/resident", CONTENT(10)},

    {.path         = "streams",
     .streams      = {{.size = 10},
                      {.name = "B", .size = 20},
                      {.name = "a", .size = 70000},
                      {.name = "empty"},
                      {.name = "large", .size = 2 * 1048576 + 1},
                      {.name = "lone \xED\xA0\x80", .size = 5},
                      {.name   = "sparse",
                       .size   = 400000,
                       .sparse = true,
                       .ranges = {{65536, 131072}}}},
     .stream_count = 7},
    {.path         = "streams-only",
     .streams      = {{.name = "one", .size = 1}},
     .stream_count = 1},
    {.path         = "streams-directory",
     .directory    = true,
     .streams      = {{.name = "of a directory", .size = 99},
                      {.name   = "sparse",
                       .size   = 400000,
                       .sparse = true,
                       .ranges = {{0, 65536}}}},
     .stream_count = 2},

    {.path = "ea", .ea = OCTETS(EA_TWO), CONTENT(7)},
    {.path = "ea-directory", .directory = true, .ea = OCTETS(EA_TWO)},
    {.path    = "ea-and-reparse",
     .ea      = OCTETS(EA_TWO),
     .reparse = OCTETS("\x1D\x00\x00\xA0\x0A\x00\x00\x00\x02\x00\x00\x00"
                       "target")},
    {.path = "symlink", .reparse = OCTETS(RELATIVE_SYMLINK)},
    {.path      = "symlink-directory",
     .directory = true,
     .reparse   = OCTETS(RELATIVE_SYMLINK)},
    {.path = "junction", .directory = true, .reparse = OCTETS(JUNCTION)},
    {.path    = "lx-symlink",
     .reparse = OCTETS("\x1D\x00\x00\xA0\x09\x00\x00\x00\x02\x00\x00\x00"
                       "where")},
    {.path       = "lx-socket",
     .attributes = RECALL_ON_OPEN,
     .reparse    = OCTETS("\x23\x00\x00\x80\x00\x00\x00\x00")},
    {.path       = "lx-fifo",
     .attributes = RECALL_ON_OPEN,
     .reparse    = OCTETS("\x24\x00\x00\x80\x00\x00\x00\x00")},
    {.path       = "lx-character",
     .attributes = RECALL_ON_OPEN,
     .ea         = OCTETS(EA_DEVICE),
     .reparse    = OCTETS("\x25\x00\x00\x80\x00\x00\x00\x00")},
    {.path       = "lx-block",
     .attributes = RECALL_ON_OPEN,
     .ea         = OCTETS(EA_DEVICE),
     .reparse    = OCTETS("\x26\x00\x00\x80\x00\x00\x00\x00")},
    {.path    = "third-party",
     .reparse = OCTETS("\x42\x00\x00\x00\x05\x00\x00\x00" GUID_15 "\x01"
                       "hello"),
     CONTENT(300)},
    {.path    = "cloud",
     .reparse = OCTETS("\x1A\x00\x00\x90\x08\x00\x00\x00 far off")},
    {.path    = "deduplicated",
     .reparse = OCTETS("\x13\x00\x00\x80\x04\x00\x00\x00 ids")},
    {.path         = "wof",
     .reparse      = OCTETS("\x17\x00\x00\x80\x10\x00\x00\x00\x01\x00\x00\x00"
                                 "\x02\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"),
     .streams      = {{.size = 200000, .sparse = true},
                      {.name = "WofCompressedData", .size = 5000}},
     .stream_count = 2},

    {.path      = "object-id",
     .object_id = OCTETS(GUID_15 "\x40"
                                 "birth volume id "
                                 "birth object id "
                                 "domain id, zeros"),
     CONTENT(3)},
    {.path      = "object-id-short",
     .object_id = OCTETS(GUID_15 "\x41"),
     CONTENT(3)},
    {.path      = "object-id-directory",
     .directory = true,
     .object_id = OCTETS(GUID_15 "\x42")},

    {.path = "security-no-list", .security = OCTETS(SD_NO_LIST)},
    {.path = "security-empty-list", .security = OCTETS(SD_EMPTY_LIST)},
    {.path = "security-audit", .security = OCTETS(SD_AUDIT)},
    {.path = "security-many", .security = OCTETS(SD_MANY), CONTENT(1)},
    {.path         = "security-gaps",
     .own_security = true,
     .security     = OCTETS(SD_GAPS)},
    {.path      = "security-directory",
     .directory = true,
     .security  = OCTETS(SD_AUDIT)},

    {.path = "links", .directory = true},
    {.path = "links/here", .directory = true},
    {.path = "links/there", .directory = true},
    {.path         = "links/here/two",
     .streams      = {{.size = 65537}, {.name = "with the file", .size = 4}},
     .stream_count = 2},
    {.path = "links/there/second", .link_of = "links/here/two"},
    {.path = "links/here/three", CONTENT(12)},
    {.path = "links/a-name-before", .link_of = "links/here/three"},
    {.path = "links/there/three", .link_of = "links/here/three"},

    {.path       = "A name that is long.text",
     .short_name = "ANAMET~1.TEX",
     CONTENT(8)},
    {.path       = "A long directory name",
     .directory  = true,
     .short_name = "ALONGD~1"},
    {.path = "A long directory name/inside", CONTENT(8)},

    {.path = "a: b", CONTENT(2)},
    {.path = "CON", CONTENT(3)},
    {.path = "ends in a dot.", CONTENT(4)},
    {.path = "ends in a blank ", CONTENT(4)},
    {.path = "back\\slash", CONTENT(4)},
    {.path = "question?*<>|\"", CONTENT(4)},
    {.path = "tab\tand\x01", CONTENT(4)},
    {.path = "case", CONTENT(5)},
    {.path = "Case", CONTENT(6)},
    {.path = "CASE", CONTENT(7)},
    {.path = "by-case", .directory = true, .by_case = true},
    {.path = "by-case/x", CONTENT(1)},
    {.path = "by-case/X", CONTENT(2)},
    {.path = "lone high \xED\xA0\x80 surrogate", CONTENT(1)},
    {.path = "lone low \xED\xB0\x80", CONTENT(2)},
    {.path = "lone-directory \xED\xBF\xBF", .directory = true},
    {.path = "lone-directory \xED\xBF\xBF/\xED\xA0\x81", CONTENT(2)},
    {.path = "pair \xF0\x9F\x98\x80", CONTENT(2)},
    {.path = "\xEF\xBC\xA1 behind surrogates unit by unit", CONTENT(2)},
    {.path = LONG_255, CONTENT(2)},
    {.path       = "hidden-system-read-only",
     .attributes = HIDDEN_SYSTEM_READONLY,
     CONTENT(50)},
    {.path = "read-only-directory", .directory = true, .attributes = 1},
    {.path = "deep", .directory = true},
    {.path = "deep/deeper", .directory = true},
    {.path = "deep/deeper/deepest", .directory = true},
    {.path = "deep/deeper/deepest/file", CONTENT(30)},
};

const unsigned ntfs_specimen_crowds[NTFS_SPECIMEN_CROWDS] = {1024, 2000};

const struct ntfs_specimen *
ntfs_specimens(size_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

static uint8_t
content_octet(const struct ntfs_specimen_stream *s, uint64_t off)
{
    const uint64_t word  = (off / 8 + s->size * 31) * 0x9E3779B97F4A7C15U;
    const uint64_t mixed = (word ^ word >> 29) * 0xBF58476D1CE4E5B9U;

    if (s->text)
        return (uint8_t)("the same line "[off % 14]);
    return (uint8_t)(mixed >> (8 * (off % 8)));
}

uint8_t
ntfs_specimen_octet(const struct ntfs_specimen_stream *s, uint64_t off)
{
    if (s->valid > 0 && off >= s->valid)
        return 0;
    if (!s->sparse)
        return content_octet(s, off);
    for (size_t i = 0; i < 4 && s->ranges[i].len > 0; i++)
        if (off >= s->ranges[i].off &&
            off - s->ranges[i].off < s->ranges[i].len)
            return content_octet(s, off);
    return 0;
}

uint64_t
ntfs_specimen_time(size_t i, unsigned which)
{
    /* Before 1970, today, and far ahead; all with odd hundreds of ns. */
    static const uint64_t base[4] = {15000000000000001U, 132514560000000003U,
                                     132514570000000007U, 190000000000000009U};

    return base[which] + i * 10000001U;
}
