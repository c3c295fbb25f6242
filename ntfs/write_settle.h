/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving a whole object its name, and further names. */
#ifndef RN_WRITE_SETTLE_H
#define RN_WRITE_SETTLE_H

#include "write_object.h"

/*
 * Put the object that stands in the pending directory, with facts and streams,
 * under its name; o->ni is taken in any case. What concerns it only is
 * reported. Fails when nothing more can be done.
 */
enum reel_status rn_settle(struct rn_object *o,
                           struct reel_err *err) REEL_MUST_CHECK;

/* The same for a further name of an object that was settled. */
enum reel_status rn_settle_link(struct rn_object *o,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Names of one file that Windows can make. */
#define RN_NAMES_MAX 1024U

#endif
