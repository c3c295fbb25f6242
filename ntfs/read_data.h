/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DATA attributes of a file as streams (chapter 7.3): unnamed, then named
 * ones ascending unit by unit; with holes as SPARSE_BLOCKs; unpacked; zeros
 * behind what is initialised; zeros and a bad range for what cannot be read.
 */
#ifndef RN_READ_DATA_H
#define RN_READ_DATA_H

#include "read_out.h"
#include "read_volume.h"

/* Zero it; rn_data_reader_fini is due. */
struct rn_data_reader {
    uint8_t *chunk; /* REEL_RELAY_DATA_BYTES_MAX octets */
    struct rn_stream_name *names;
    size_t count;
    size_t room;
};

/*
 * Send them all, for the object in force, whose path is `path`. What is wrong
 * with one is noted. Fails only if the relay cannot go on: MEDIUM, MEMORY.
 */
enum reel_status rn_data_send(struct rn_data_reader *d, struct rn_out *out,
                              ntfs_inode *ni, struct reel_bytes path,
                              struct reel_err *err) REEL_MUST_CHECK;
void rn_data_reader_fini(struct rn_data_reader *d);

#endif
