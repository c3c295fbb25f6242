/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The FILE_NAME attributes of a file: all its names, wherever they are. What
   FindFirstFileNameW lists on Windows. */
#ifndef RN_READ_NAMES_H
#define RN_READ_NAMES_H

#include "read_volume.h"
#include "units.h"

struct rn_name {
    uint64_t parent; /* MFT reference of the directory */
    uint8_t space;   /* FILE_NAME_POSIX, WIN32, DOS, WIN32_AND_DOS */
    uint8_t count;   /* units */
    uint8_t octets[RN_NAME_BYTES_MAX];
};

/* Zero it; kept from file to file. */
struct rn_names {
    struct rn_name *at; /* as they come */
    size_t count;
    size_t room;
    size_t real; /* of them are not short names beside another */
};

/* MEMORY; CORRUPT: not all could be read, those that could are there. */
enum reel_status rn_names_read(struct rn_names *n, ntfs_inode *ni,
                               struct reel_err *err) REEL_MUST_CHECK;

/* By parent, then unit by unit; results of rn_names_find are void. */
void rn_names_sort(struct rn_names *n);
void rn_names_fini(struct rn_names *n);

struct reel_bytes rn_name_bytes(const struct rn_name *name);

/* The name `name` in directory `parent`; NULL. */
const struct rn_name *rn_names_find(const struct rn_names *n, uint64_t parent,
                                    struct reel_bytes name);

/* The short name beside `name`, empty if it has none. */
struct reel_bytes rn_names_short(const struct rn_names *n,
                                 const struct rn_name *name);

#endif
