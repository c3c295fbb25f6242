/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw streams: objects as files, where programs that call BackupRead and
 * BackupWrite meet this one. No part of the format on tape.
 *
 * A directory holds two files for each object. Their names are its number,
 * from 1, in decimal, with zeros in front up to eight digits; objects stand in
 * the order of their numbers.
 *
 *   00000001.bkr   what BackupRead gives for it, octet for octet: stream
 *                  headers (20 octets and the name) and bodies end to end, and
 *                  nothing else. Empty, or not there, if it has no streams
 *   00000001.json  its general file information, which BackupRead does not
 *                  give: one JSON object (RFC 8259)
 *
 * Members of the JSON object; one that is not there says "not known" or "no":
 *
 *   raw           1, the number of this form; required, as the next three
 *   kind          "file", "directory", "symlink", "fifo", "socket", "character
 *                 device", "block device", or "link": a further name
 *   encoding      "utf-16": names of Windows; "octets": names of POSIX
 *   path          from the root of what is archived, components joined by "/",
 *                 "" for the root itself
 *   size          octets of the content of a file
 *   target        of a link: the number of the object whose name it is too,
 *                 lower than its own. The body of its one stream, LINK, is the
 *                 path of that object in the encoding of both (UTF-16LE or
 *                 octets)
 *   outside       true: a link to a name outside of what is archived
 *   links         how many names it has
 *   attributes    Windows file attributes
 *   short_name    8.3 name
 *   case_sensitive  true: names in this directory differ by case
 *   birth, modified, accessed, changed
 *                 {"s": seconds since 1970-01-01 UTC, "ns": nanoseconds from 0
 *                 to 999999999 to be added}
 *   file_system   number of the volume
 *   file_id       number of the file there: 32 hexadecimal digits for 16
 *                 octets, the lowest first. Both or neither
 *   mode, uid, gid  POSIX facts; all three or none
 *   user, group   names of the owners
 *   major, minor  of a device; both or neither
 *   changed_while_read, grew  true: as in spec 6.3
 *   xattrs        [{"name": ..., "value_hex": ...}, ...], names ascending
 *
 * Numbers are decimal, as JSON numbers or, so that no program rounds them, as
 * strings; here seconds, size, target and file_system are written as strings.
 * path, short_name, user, group and the names of xattrs are text; where text
 * cannot say them (no UTF-8, unpaired surrogates), what stands there shows
 * U+FFFD instead, and a member of the same name with "_hex" behind it has the
 * octets (of UTF-16LE for short_name and paths of Windows). Where that member
 * stands, it counts. Members not in this list are refused.
 */
#ifndef REEL_RAW_H
#define REEL_RAW_H

#include "reel/object.h"

#define REEL_RAW_FORM 1

/* Room for the longest name of a file and its NUL. */
#define REEL_RAW_NAME_BYTES 32U

enum reel_raw_part {
    REEL_RAW_STREAMS, /* .bkr */
    REEL_RAW_FACTS    /* .json */
};

/* The name of a file of object `number`. Pure. */
REEL_API void reel_raw_name(char out[REEL_RAW_NAME_BYTES], uint64_t number,
                            enum reel_raw_part part);

/* Is `name` exactly what reel_raw_name gives, and for which? Pure. */
REEL_API bool reel_raw_name_parse(const char *name, uint64_t *number,
                                  enum reel_raw_part *part);

#endif
