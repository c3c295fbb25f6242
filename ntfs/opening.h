/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an NTFS volume cannot be opened, for reading or for writing, in words for
   people; libntfs-3g itself prints nothing. */
#ifndef RN_OPENING_H
#define RN_OPENING_H

#include "libntfs.h"
#include "reel/err.h"

/*
 * What is wrong with a volume is wrong with a device, not with an archive: all
 * of these are MEDIUM, but for MEMORY.
 */

/* From errno of ntfs_mount. */
enum reel_status rn_opening_failed(const char *image, struct reel_err *err);

/* Windows sleeps on it; or its log is open. */
enum reel_status rn_opening_hibernated(struct reel_err *err);
enum reel_status rn_opening_unclean(struct reel_err *err);

/* OK, or MEDIUM: it is marked dirty. */
enum reel_status rn_opening_check_dirty(const ntfs_volume *vol,
                                        struct reel_err *err) REEL_MUST_CHECK;

/* What libntfs-3g complained of last; "" if of nothing. Forgotten by the next
   call of rn_log_forget. One thread. */
const char *rn_log_last(void);
void rn_log_forget(void);

/* Keep what libntfs-3g says, and print nothing. */
void rn_log_keep(void);

#endif
