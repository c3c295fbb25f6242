/* SPDX-License-Identifier: Apache-2.0 */
/* Names of users and groups, remembered. Private to writer/. One thread. */
#ifndef REEL_WRITER_OWNER_NAMES_H
#define REEL_WRITER_OWNER_NAMES_H

#include "calls_posix.h"
#include "reel/bytes.h"
#include "reel/err.h"

struct reel_owner_names; /* memory does not grow with the number of owners */

/* NULL when memory runs out. `calls` is borrowed. */
struct reel_owner_names *
reel_owner_names_new(const struct reel_calls_posix *calls);
void reel_owner_names_free(struct reel_owner_names *names);

/*
 * The name of a user, of a group; empty if there is none, or none of at most
 * 255 octets (O-9). Valid until the next call of the same function.
 * Fails with MEMORY.
 */
enum reel_status reel_owner_names_user(struct reel_owner_names *names,
                                       uid_t uid, struct reel_bytes *out,
                                       struct reel_err *err) REEL_MUST_CHECK;
enum reel_status reel_owner_names_group(struct reel_owner_names *names,
                                        gid_t gid, struct reel_bytes *out,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
