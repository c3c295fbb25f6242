/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing whole rows of buffers, over EINTR and short counts. */
#ifndef REEL_WHOLE_IO_H
#define REEL_WHOLE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "reel/err.h"

/* In place of an offset: go on where the descriptor stands. */
#define REEL_IO_STREAM UINT64_MAX

/*
 * Fill (write out) the `count` buffers of `iov` in order, from `off` on. The
 * entries of `iov` are used up. *done says how many bytes were moved, also
 * on failure. True when all were, or when a read met the end before; false
 * with errno otherwise.
 */
bool reel_io_read(int fd, struct iovec *iov, int count, uint64_t off,
                  size_t *done);
bool reel_io_write(int fd, struct iovec *iov, int count, uint64_t off,
                   size_t *done);

/*
 * Say that `what` failed at `pos` for the reason `error`, an errno value.
 * FULL for no room left, else MEDIUM.
 */
enum reel_status reel_io_fail(struct reel_err *err, const struct reel_pos *pos,
                              const char *what, int error);

#endif
