/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of a file that are small and read at once. */
#ifndef RN_READ_ATTRIBUTE_H
#define RN_READ_ATTRIBUTE_H

#include "read_volume.h"
#include "reel/bytes.h"

#define RN_SECURITY_BYTES_MAX 1048576U
#define RN_EA_BYTES_MAX 65536U
#define RN_REPARSE_BYTES_MAX 65536U
#define RN_OBJECT_ID_BYTES 64U

/* An attribute all of which is in memory. Zero it; reel_free data. */
struct rn_blob {
    uint8_t *data;
    size_t len;
};

/*
 * Each sets *out, empty where the file has none; what was there is freed.
 * CORRUPT: it is there and cannot be read; MEMORY.
 *
 * rn_security_read   the descriptor, self-relative, octet for octet as in
 *                    $Secure or in the file's own attribute
 * rn_ea_read         the list as the functions of Windows have it: the last
 *                    entry says 0 for the place of the next
 * rn_reparse_read    tag, length, reserved, data
 * rn_object_id_read  64 octets
 */
enum reel_status rn_security_read(ntfs_inode *ni, struct rn_blob *out,
                                  struct reel_err *err) REEL_MUST_CHECK;
enum reel_status rn_ea_read(ntfs_inode *ni, struct rn_blob *out,
                            struct reel_err *err) REEL_MUST_CHECK;
enum reel_status rn_reparse_read(ntfs_inode *ni, struct rn_blob *out,
                                 struct reel_err *err) REEL_MUST_CHECK;
enum reel_status rn_object_id_read(ntfs_inode *ni, struct rn_blob *out,
                                   struct reel_err *err) REEL_MUST_CHECK;

#endif
