/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in front on a medium: nothing, a Reel volume, something else.
   Private to writer/. */
#ifndef REEL_WRITER_VOLUME_LOOK_H
#define REEL_WRITER_VOLUME_LOOK_H

#include "reel/medium.h"
#include "reel/volume.h"
#include "volume_head.h"

enum reel_volume_state {
    REEL_VOLUME_BLANK,
    REEL_VOLUME_BEGUN, /* a Reel label, at most a leader behind it, and then the
                          end of data: its writer was killed at once */
    REEL_VOLUME_REEL,  /* label and VOLUME were read */
    REEL_VOLUME_OTHER  /* `why` says what */
};

struct reel_volume_look {
    enum reel_volume_state state;
    struct reel_err why;
    uint32_t begun_as; /* number of a volume begun, if its leader says so */
    struct reel_volume volume;       /* its texts point into `record` */
    struct reel_block_header header; /* of its block */
    uint8_t record[REEL_VOLUME_RECORD_ROOM];
    size_t record_bytes;
};

/*
 * Look at `medium`, which stands at its beginning; `buf` is working memory of
 * REEL_BLOCK_BYTES_MAX octets. Fails with MEDIUM, UNSUPPORTED.
 */
enum reel_status reel_volume_look_at(struct reel_volume_look *l,
                                     struct reel_medium *medium, uint8_t *buf,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* Does nothing stand there that is lost if it is written over? */
static inline bool
reel_volume_free(const struct reel_volume_look *l)
{
    return l->state == REEL_VOLUME_BLANK || l->state == REEL_VOLUME_BEGUN;
}

/* The record of type `type` that stands alone in the good block `data` with
   header `h`. INVALID, and what is wrong with the segment. */
enum reel_status reel_only_record(const uint8_t *data,
                                  const struct reel_block_header *h,
                                  uint16_t type, struct reel_record *r,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
