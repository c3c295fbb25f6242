/* SPDX-License-Identifier: Apache-2.0 */
/* The unnamed content of objects to a descriptor. Private to reader/. */
#ifndef REEL_READER_SINK_CAT_H
#define REEL_READER_SINK_CAT_H

#include "sink.h"

/*
 * Everything handed in is written to `fd` (borrowed) one after the other,
 * holes as zeros. It is written before it is proven: a note LOST or FLAWED at
 * the end of an object says that it must not be used. What has no content is
 * noted SKIPPED. When `fd` fails, so do the operations: with FULL or MEDIUM.
 * NULL, with err filled, when memory runs out.
 */
struct reel_sink *reel_sink_cat_new(int fd, const struct reel_reporter *report,
                                    struct reel_err *err);

#endif
