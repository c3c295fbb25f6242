/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One object of a relay on its way to the volume: made in the pending directory
 * when OBJECT comes, given its name when OBJECT END comes.
 */
#ifndef RN_WRITE_OBJECT_H
#define RN_WRITE_OBJECT_H

#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/xattr.h"
#include "write_content.h"
#include "write_facts.h"
#include "write_streams.h"

/* A stream whose DATA comes. */
enum rn_into {
    RN_INTO_NOTHING, /* reported, or there is none */
    RN_INTO_CONTENT,
    RN_INTO_BLOCK, /* a SPARSE_BLOCK of the content that is open */
    RN_INTO_KEPT
};

struct rn_object {
    struct rn_target *target; /* borrowed */
    struct rn_subject about;  /* path in `path` */
    uint8_t *path;            /* 65,535 octets */
    uint8_t *units;           /* the path in units; RN_PATH_BYTES_MAX */
    struct reel_bytes place;  /* in units */
    uint8_t short_octets[24];
    struct reel_bytes short_name;

    bool open;      /* OBJECT came, its end not yet */
    bool ignored;   /* nothing more is done with it; it was reported */
    uint8_t kind;   /* enum reel_object_kind */
    uint64_t link;  /* number of the target of a link */
    uint32_t links; /* how many names it had; 0: not known */
    bool outside;
    uint32_t extra; /* attributes NTFS wants */
    struct rn_facts facts;
    ntfs_inode *ni; /* in the pending directory; NULL: none */
    struct rn_content content;
    bool filled; /* a stream DATA came */
    struct rn_streams streams;

    enum rn_into into;
    enum rn_kept kept; /* with RN_INTO_KEPT */
    uint64_t stream_bytes;
};

/* MEMORY. rn_object_fini is due. */
enum reel_status rn_object_init(struct rn_object *o, struct rn_target *target,
                                struct reel_err *err) REEL_MUST_CHECK;
void rn_object_fini(struct rn_object *o);

/*
 * The records of an object, in their order. What concerns this object only is
 * reported, and the rest of it ignored; a failure means that nothing more can
 * be done at all.
 */
enum reel_status rn_object_begin(struct rn_object *o, uint64_t number,
                                 const struct reel_object *facts,
                                 struct reel_err *err) REEL_MUST_CHECK;
void rn_object_xattr(struct rn_object *o, const struct reel_xattr *x);
void rn_object_stream(struct rn_object *o, const struct reel_stream_header *h);
void rn_object_data(struct rn_object *o, const struct reel_data *d);
enum reel_status rn_object_end(struct rn_object *o,
                               const struct reel_object_end *e,
                               struct reel_err *err) REEL_MUST_CHECK;
/* ABANDON, or the relay was cut short. */
void rn_object_abandon(struct rn_object *o);

/* Report `err` and leave the rest of the object. */
void rn_object_give_up(struct rn_object *o, const struct reel_err *err);

/* Everything came: facts of directories. */
enum reel_status rn_object_finish(struct rn_object *o,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
