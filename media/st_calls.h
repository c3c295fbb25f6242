/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of Linux' st driver, over EINTR, with errno as the result. */
#ifndef REEL_ST_CALLS_H
#define REEL_ST_CALLS_H

#include <linux/mtio.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Major number of the st driver's devices. */
#define REEL_ST_MAJOR 9U

/* One MTIOCTOP; 0 or errno. */
int reel_st_op(int fd, short op, int count);

/* MTIOCGET; 0 or errno, then *out is all zero. */
int reel_st_status(int fd, struct mtget *out);

/* MTIOCPOS; 0 or errno, then *out is untouched. */
int reel_st_position(int fd, uint64_t *out);

/* read and write; -1 with errno. */
ssize_t reel_st_read(int fd, void *buf, size_t bytes);
ssize_t reel_st_write(int fd, const void *buf, size_t bytes);

#endif
