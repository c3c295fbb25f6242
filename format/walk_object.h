/* SPDX-License-Identifier: Apache-2.0 */
/* The object at hand of a walk. Private to format/. */
#ifndef REEL_FORMAT_WALK_OBJECT_H
#define REEL_FORMAT_WALK_OBJECT_H

#include "reel/group.h"
#include "reel/walk.h"

struct reel_walk_object {
    const struct reel_walk_calls *calls; /* borrowed */
    const struct reel_record *r;         /* the record at hand; borrowed */
    bool digests;

    uint64_t number; /* of the open object, or of the last one */
    bool open;
    bool orphan;         /* OBJECT was not met */
    bool damaged;        /* something of the object is missing or wrong; a rule
                            broken that leaves all of it there does not count */
    bool continued_told; /* CONTINUED was found wrong */
    bool adrift;         /* something was not used: the next DATA may stand
                            further on in its stream */
    bool groups_begun;
    uint8_t kind;
    uint8_t encoding;
    uint8_t path[REEL_PATH_BYTES_MAX];
    size_t path_bytes;

    uint32_t streams;
    uint32_t groups;
    uint32_t xattrs;
    uint64_t stream_bytes;
    uint64_t size;          /* as OBJECT says */
    uint64_t content_bytes; /* of the first unnamed DATA; O-22 */
    bool has_content;
    struct reel_sha256 xattr_digest;
    uint8_t xattr_name[256];
    size_t xattr_name_bytes;
    struct reel_group group;
    uint32_t group_header_crc;  /* of the first stream of the group */
    uint32_t stream_header_crc; /* of the stream in force */
};

/* Of a zeroed one: none is open. */
void reel_walk_object_init(struct reel_walk_object *h,
                           const struct reel_walk_calls *calls,
                           const struct reel_record *r, bool digests);

/* All that follow fail with what a call returned. */

/* A requirement is broken at the record at hand, and no object suffers. */
enum reel_status reel_walk_object_tell(struct reel_walk_object *h,
                                       const struct reel_err *why,
                                       struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_walk_object_fault(struct reel_walk_object *h,
                                        const char *rule, const char *text,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* The same, and the object suffers; told once of each. */
enum reel_status reel_walk_object_report(struct reel_walk_object *h,
                                         const struct reel_err *why,
                                         struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_walk_object_harm(struct reel_walk_object *h,
                                       const char *rule, const char *text,
                                       struct reel_err *err) REEL_MUST_CHECK;

/* The record is its OBJECT, which stands at `place`. */
enum reel_status reel_walk_object_begin(struct reel_walk_object *h,
                                        const struct reel_place *place,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* The record is a CONTINUED, all that is known of it. */
enum reel_status reel_walk_object_adopt(struct reel_walk_object *h,
                                        const struct reel_continued *k,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* It is over, if one is open. e NULL: OBJECT END was not met. */
enum reel_status reel_walk_object_close(struct reel_walk_object *h,
                                        const struct reel_object_end *e,
                                        enum reel_walk_outcome outcome,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* O-20 and R-10, where the object is known; `gap`: not what went by. */
enum reel_status
reel_walk_object_judge_continued(struct reel_walk_object *h,
                                 const struct reel_continued *k, bool gap,
                                 struct reel_err *err) REEL_MUST_CHECK;

/* Go on at what CONTINUED says, behind a loss: sizes and offsets go on, the
   digests are lost. */
enum reel_status reel_walk_object_pick_up(struct reel_walk_object *h,
                                          const struct reel_continued *k,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* The record is one of these, and belongs to the open object. */
enum reel_status reel_walk_object_xattr(struct reel_walk_object *h,
                                        struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_walk_object_stream(struct reel_walk_object *h,
                                         struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_walk_object_data(struct reel_walk_object *h,
                                       struct reel_err *err) REEL_MUST_CHECK;
enum reel_status
reel_walk_object_group_end(struct reel_walk_object *h,
                           struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_walk_object_end(struct reel_walk_object *h,
                                      struct reel_err *err) REEL_MUST_CHECK;

#endif
