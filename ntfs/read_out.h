/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reading side sends: the records of one object after the other, and
 * notes between them (reel/relay.h). Records are gathered and written together.
 */
#ifndef RN_READ_OUT_H
#define RN_READ_OUT_H

#include "reel/object.h"
#include "reel/object_end.h"
#include "reel/stream.h"
#include "write_report.h"

/* More bad ranges than this, and the rest of a stream is given up as one. */
#define RN_BAD_RANGES_MANY 4096U

/* Notes about one object that wait for its end. */
#define RN_NOTES_WAITING 16U

struct rn_waiting {
    enum reel_note_kind kind;
    struct reel_bytes path;
    struct reel_err err;
};

struct rn_out {
    int fd; /* borrowed */
    struct rn_report report;
    uint8_t *buf;
    struct reel_builder b; /* records not written yet */
    uint64_t number;       /* of the object in force */
    uint32_t streams;      /* of it so far */
    uint64_t offset;       /* octets of the stream in force so far */
    struct reel_bad_range bad[REEL_BAD_RANGES_MAX];
    size_t bad_count;
    bool bad_lost; /* there were more than `bad` holds */
    bool open;     /* an object is begun and not ended */
    struct rn_waiting waiting[RN_NOTES_WAITING];
    size_t waiting_count;
};

/* MEMORY. rn_out_fini is due in any case. */
enum reel_status rn_out_init(struct rn_out *o, int fd,
                             struct reel_err *err) REEL_MUST_CHECK;
void rn_out_fini(struct rn_out *o);

/*
 * Begin the next object, end it; it gets the next number. One whose bad ranges
 * are too many is abandoned. MEDIUM: nobody listens; INVALID: a fault of ours.
 */
enum reel_status rn_out_object(struct rn_out *o, const struct reel_object *of,
                               struct reel_err *err) REEL_MUST_CHECK;
enum reel_status rn_out_object_end(struct rn_out *o,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Begin a stream of the object; octets of its body, up to
   REEL_RELAY_DATA_BYTES_MAX in one call. sparse: as in DATA. */
enum reel_status rn_out_stream(struct rn_out *o,
                               const struct reel_stream_header *h,
                               struct reel_err *err) REEL_MUST_CHECK;
enum reel_status rn_out_data(struct rn_out *o, uint64_t sparse,
                             struct reel_bytes octets,
                             struct reel_err *err) REEL_MUST_CHECK;

/* A stream that is all in memory; nothing if it is empty. */
enum reel_status rn_out_whole(struct rn_out *o, uint32_t id,
                              uint32_t attributes, struct reel_bytes body,
                              struct reel_err *err) REEL_MUST_CHECK;

/* Octets [off, off + len) of the body of the stream in force, still to be
   sent as zeros, could not be read. */
void rn_out_bad(struct rn_out *o, uint64_t off, uint64_t len);

/*
 * A note about `path`. Within an object it waits for the end of that, and path
 * must stay until then; of many the last are lost but for their number. That
 * nobody listens is seen by the next record.
 */
void rn_out_note(struct rn_out *o, struct reel_bytes path,
                 enum reel_note_kind kind, enum reel_status status,
                 const char *fmt, ...) REEL_PRINTF(5, 6);

/* The last record: `failure` NULL if all was said. */
enum reel_status rn_out_done(struct rn_out *o, const struct reel_err *failure,
                             struct reel_err *err) REEL_MUST_CHECK;

#endif
