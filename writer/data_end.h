/* SPDX-License-Identifier: Apache-2.0 */
/* What the data on a volume end with. Private to writer/. */
#ifndef REEL_WRITER_DATA_END_H
#define REEL_WRITER_DATA_END_H

#include "reel/block_header.h"
#include "reel/medium.h"

struct reel_data_end {
    uint64_t address;                /* behind the last block or filemark */
    bool mark;                       /* the last thing is a filemark */
    bool good;                       /* the last block is one of the set: */
    struct reel_block_header header; /* of that, if good */
    size_t bytes;                    /* of that; it stands in `buf` */
};

/*
 * Find it, and leave the medium there. set_id NULL: of any set. `buf` is
 * working memory of REEL_BLOCK_BYTES_MAX octets. MEDIUM, UNSUPPORTED.
 */
enum reel_status reel_data_end_find(struct reel_data_end *e,
                                    struct reel_medium *medium,
                                    const uint8_t *set_id, uint8_t *buf,
                                    struct reel_err *err) REEL_MUST_CHECK;

#endif
