/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests put on an NTFS volume: one table, which the filler follows
 * and which tests compare with. A file with everything unusual about it in one
 * way each.
 */
#ifndef NTFS_SPECIMEN_H
#define NTFS_SPECIMEN_H

#include "reel/bytes.h"

/* Octets [off, off + len) of a stream. */
struct ntfs_specimen_range {
    uint64_t off;
    uint64_t len;
};

/* A DATA attribute. What `ranges` leaves out of a sparse one is a hole. */
struct ntfs_specimen_stream {
    const char *name; /* WTF-8; NULL: the unnamed one */
    uint64_t size;
    uint64_t valid; /* initialised octets; 0: all */
    bool sparse;
    bool text;                            /* such as compression likes */
    struct ntfs_specimen_range ranges[4]; /* ends with len 0 */
};

#define NTFS_SPECIMEN_STREAMS 8U
struct ntfs_specimen {
    const char *path;       /* WTF-8, "/" between components */
    const char *link_of;    /* a further name of that file; nothing else */
    const char *short_name; /* 8.3 */
    bool directory;
    bool compressed;      /* of a directory, and what is made in it */
    bool by_case;         /* names in the directory differ by case */
    bool far;             /* so large that other tools take long over it */
    bool own_security;    /* `security` in an attribute of the file */
    uint32_t attributes;  /* set as they are */
    struct reel_bytes ea; /* as BackupRead gives it */
    struct reel_bytes reparse;
    struct reel_bytes object_id; /* 16 or 64 octets */
    struct reel_bytes security;
    /* Ascending by name, unit by unit. */
    struct ntfs_specimen_stream streams[NTFS_SPECIMEN_STREAMS];
    size_t stream_count;
};

/* In an order in which it can be made. Static storage. */
const struct ntfs_specimen *ntfs_specimens(size_t *count);

/* Files with hard links in number, made beside the table: names
   "links/<count>/0000" …, content of stream {.size = 1000}. */
#define NTFS_SPECIMEN_CROWDS 2U
extern const unsigned ntfs_specimen_crowds[NTFS_SPECIMEN_CROWDS];

/* Octet `off` of stream `s`, whatever file it is of. Pure. */
uint8_t ntfs_specimen_octet(const struct ntfs_specimen_stream *s, uint64_t off);

/* Time `which` (creation, write, change, access) of the i-th of the table, in
   100 ns since 1601. Pure. */
uint64_t ntfs_specimen_time(size_t i, unsigned which);

/* Make an image of `mebibytes` at `path` with mkntfs and put the table (what is
   far only if `far`) and `files` small files in "many/" there. Says on standard
   error what fails. */
bool ntfs_specimen_fill(const char *path, unsigned mebibytes, unsigned files,
                        bool far);

#endif
