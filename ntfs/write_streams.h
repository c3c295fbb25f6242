/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The streams that are small and whose order counts on NTFS but not on tape
 * (spec 7.1): they are kept until OBJECT END, then put: SECURITY_DATA, EA_DATA,
 * OBJECT_ID, REPARSE_DATA.
 */
#ifndef RN_WRITE_STREAMS_H
#define RN_WRITE_STREAMS_H

#include "reel/stream.h"
#include "write_target.h"

enum rn_kept { RN_SECURITY, RN_EAS, RN_OBJECT_ID, RN_REPARSE, RN_KEPT };

#define RN_REPARSE_BYTES_MAX 16384U

struct rn_kept_stream {
    uint8_t *data;
    size_t len;
    bool present;
};

struct rn_streams {
    struct rn_kept_stream kept[RN_KEPT];
};

/* MEMORY. rn_streams_fini is due. */
enum reel_status rn_streams_init(struct rn_streams *s,
                                 struct reel_err *err) REEL_MUST_CHECK;
void rn_streams_fini(struct rn_streams *s);
/* None is present. */
void rn_streams_clear(struct rn_streams *s);

/* Which one an id is; RN_KEPT if none. Pure. */
enum rn_kept rn_streams_kind(uint32_t id);

/* Begin one of `size` octets. LIMIT: too long for NTFS; UNSUPPORTED: there was
   one already. */
enum reel_status rn_streams_begin(struct rn_streams *s, enum rn_kept kind,
                                  uint64_t size,
                                  struct reel_err *err) REEL_MUST_CHECK;
/* Octets at `at` of the body, within its size. */
void rn_streams_put(struct rn_streams *s, enum rn_kept kind, uint64_t at,
                    struct reel_bytes octets);

/*
 * Put all that is present on `ni`. What NTFS does not take is reported and
 * passed over, but FULL and MEMORY are failures, and so is a reparse point
 * that cannot be put on a file, which would be taken for its content.
 */
enum reel_status rn_streams_apply(const struct rn_streams *s,
                                  struct rn_target *t, ntfs_inode *ni,
                                  const struct rn_subject *about,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* Read those of `ni` but the object id, to put them on a copy. MEDIUM. */
enum reel_status rn_streams_read(struct rn_streams *s, struct rn_target *t,
                                 ntfs_inode *ni,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
