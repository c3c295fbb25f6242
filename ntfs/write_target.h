/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The volume that is restored on to, and what is remembered meanwhile. */
#ifndef RN_WRITE_TARGET_H
#define RN_WRITE_TARGET_H

/* libntfs-3g's headers do not compile alone. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <ntfs-3g/types.h>

#include <ntfs-3g/inode.h>
#include <ntfs-3g/layout.h>
#include <ntfs-3g/volume.h>

#include <ntfs-3g/security.h>

#include "fence.h"
#include "write_report.h"
#include "write_row.h"

enum rn_existing {
    RN_EXISTING_REFUSE, /* what is there stays; noted SKIPPED */
    RN_EXISTING_SKIP,   /* what is there stays if it is the same */
    RN_EXISTING_REPLACE
};

struct rn_write_options {
    const char *image;
    const char *directory; /* below which to restore; "" is the root */
    enum rn_existing existing;
    bool copies; /* a name that Windows could not make becomes a copy */
    enum reel_fence_wish sandbox;
};

/* An object of which further names may come. Numbers ascend. */
struct rn_made {
    uint64_t number;
    uint64_t reference; /* of its file record */
};

struct rn_target {
    const struct rn_write_options *options;
    ntfs_volume *vol;
    struct SECURITY_CONTEXT security;
    bool secured;      /* $Secure is open */
    bool marked_dirty; /* by us */
    le16 flags_before; /* of the volume */
    uint64_t base;     /* where paths begin */
    uint64_t pending;  /* directory of what is not whole yet */
    struct rn_report report;
    struct rn_row made; /* struct rn_made */
    struct rn_row late; /* struct rn_late: directories' facts */
    /* The parent found last; len 0: none. */
    uint8_t *parent_path; /* RN_PATH_BYTES_MAX */
    size_t parent_len;
    uint64_t parent;
    /* The copy made last because its file had all names it may have; 0: none.
       Further names of the file become names of the copy. */
    uint64_t copied;
    uint64_t copy;
};

/* The name of the directory of what is not whole yet, in the base. */
#define RN_PENDING_NAME ".reel-restoring"

/*
 * All that is to be opened but the volume, and is the volume free? What comes
 * behind may stand behind a fence. Fails with MEDIUM (it is mounted), MEMORY.
 * rn_target_close is due in any case.
 */
enum reel_status rn_target_prepare(struct rn_target *t,
                                   const struct rn_write_options *options,
                                   struct reel_err *err) REEL_MUST_CHECK;

/*
 * Open the volume for reading and writing, find or make the base, make the
 * pending directory; what an earlier run left in it is removed. Fails with
 * MEDIUM (also: in use, hibernated, no NTFS, marked dirty), FULL, MEMORY,
 * INVALID (the directory cannot be a path). Pre: prepared.
 */
enum reel_status rn_target_open(struct rn_target *t,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Remove the pending directory and close. MEDIUM: what was written last may
   not stand on the volume. */
enum reel_status rn_target_close(struct rn_target *t,
                                 struct reel_err *err) REEL_MUST_CHECK;

/*
 * Is there room for `octets` more, and what they need around them? libntfs-3g
 * does not always get back where it was when clusters run out in the middle,
 * so that is not let happen. FULL.
 */
enum reel_status rn_target_room(const struct rn_target *t, uint64_t octets,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Remember an object under its number, for links. FULL, MEDIUM. */
enum reel_status rn_target_remember(struct rn_target *t, uint64_t number,
                                    uint64_t reference,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* Find it again; *reference 0 when it is not there. MEDIUM. */
enum reel_status rn_target_recall(const struct rn_target *t, uint64_t number,
                                  uint64_t *reference,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* Open a file record; MEDIUM, also when another file has it by now, which the
   reference tells. The caller closes it. */
enum reel_status rn_inode_open(ntfs_volume *vol, uint64_t reference,
                               ntfs_inode **out,
                               struct reel_err *err) REEL_MUST_CHECK;
/* MEDIUM, FULL: what was changed may not stand on the volume. NULL is fine. */
enum reel_status rn_inode_close(ntfs_inode *ni,
                                struct reel_err *err) REEL_MUST_CHECK;
uint64_t rn_inode_reference(const ntfs_inode *ni);
bool rn_inode_is_directory(const ntfs_inode *ni);

#endif
