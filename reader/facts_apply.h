/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owner, extended attributes, mode and times, put back through a descriptor.
 * Private to reader/.
 */
#ifndef REEL_READER_FACTS_APPLY_H
#define REEL_READER_FACTS_APPLY_H

#include "reel/object.h"
#include "reel/xattr.h"
#include "sink_calls.h"
#include "sink_note.h"
#include "sink_owners.h"

/* More than this for one object is not put back: far above what Linux file
   systems keep, and a bound for what an archive can make us hold. */
#define REEL_FACTS_XATTR_BYTES_MAX 16777216U

/* The extended attributes of one object, end to end in one run of octets that
   means something here only. */
struct reel_facts_xattrs {
    uint8_t *data;
    size_t len;
    size_t capacity;
};

void reel_facts_xattrs_init(struct reel_facts_xattrs *x);
void reel_facts_xattrs_fini(struct reel_facts_xattrs *x);

/* Fails with MEMORY, and with LIMIT when it would be too much; the list is as
   before then. */
enum reel_status reel_facts_xattrs_add(struct reel_facts_xattrs *x,
                                       const struct reel_xattr *xattr,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* The next one at `c`, which stands at the list or in it and is not at its
   end: the name with a NUL, and the value, borrowed. */
void reel_facts_xattrs_next(struct reel_cursor *c, char name[UINT8_MAX + 1],
                            struct reel_bytes *value);

/* What of an object is applied to what was made for it. */
struct reel_facts {
    uint8_t kind;       /* enum reel_object_kind */
    bool inherited_acl; /* the directory around it handed down an access
                           control list, which goes first */
    bool mode_given;    /* mode counts though REEL_FACT_POSIX is not set */
    uint16_t known;     /* enum reel_object_fact */
    uint32_t mode;
    uint32_t mode_made; /* permissions that what was made has already */
    uint32_t uid;
    uint32_t gid;
    struct reel_time modified;
    struct reel_time accessed;
    struct reel_bytes user; /* these three borrowed */
    struct reel_bytes group;
    struct reel_bytes xattrs;  /* as in struct reel_facts_xattrs */
    struct reel_bytes reparse; /* of a directory on NTFS, put back last, for it
                                  is none any more then; else empty; borrowed */
};

/* How a run applies facts, and what it left out. */
struct reel_facts_rules {
    const struct reel_sink_calls *calls; /* borrowed */
    bool preserve;
    bool numeric_owner;
    uint32_t own_uid; /* what files get that are not given away */
    uint32_t own_gid;
    struct reel_sink_owners *owners; /* borrowed */
    uint64_t owners_left_out;        /* objects */
    uint64_t modes_left_out;         /* objects with setuid, setgid, sticky */
    uint64_t xattrs_left_out;        /* attributes */
};

/*
 * Apply `f` to the open `fd`; `by_path` when it was opened with O_PATH. What
 * cannot be applied is noted SKIPPED, and the rest goes on. Owner first, for
 * it clears privileges; times last, for the others may touch them.
 */
void reel_facts_apply(struct reel_facts_rules *rules,
                      const struct reel_facts *f, int fd, bool by_path,
                      const struct reel_sink_subject *about);

#endif
