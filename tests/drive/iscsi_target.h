/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of an iSCSI target (RFC 7143) as the kernel's initiator needs: one
 * session of one connection at a time, no digests, no recovery.
 */
#ifndef DRIVE_ISCSI_TARGET_H
#define DRIVE_ISCSI_TARGET_H

#include "ssc_drive.h"

struct iscsi_target {
    void (*execute)(void *ctx, struct ssc_task *t); /* does one command */
    void (*reset)(void *ctx);                       /* of the logical unit */
    void *ctx;
    uint16_t port; /* it listens on, for discovery */

    int fd; /* of the connection; -1: none */
    uint32_t stat_sn;
    uint32_t expected_cmd_sn;
    size_t segment_bytes_max; /* the initiator takes in one PDU */
    size_t burst_bytes_max;   /* asked for at once */
};

/* A new connection; closes the old one. Takes `fd`. */
void iscsi_target_begin(struct iscsi_target *s, int fd);
void iscsi_target_end(struct iscsi_target *s);

/*
 * Answer one PDU, which has begun to arrive. False when the connection is over
 * or broken; then call iscsi_target_end.
 */
bool iscsi_target_serve(struct iscsi_target *s);

#endif
