/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of users and groups by name, remembered. Private to reader/. */
#ifndef REEL_READER_SINK_OWNERS_H
#define REEL_READER_SINK_OWNERS_H

#include "reel/access.h"
#include "reel/bytes.h"

#define REEL_OWNER_SLOTS 64
#define REEL_OWNER_NAME_BYTES 256

struct reel_owner_slot {
    char name[REEL_OWNER_NAME_BYTES]; /* empty: free */
    uint32_t id;
    int error; /* of the look-up; ENOENT: nobody has it */
};

struct reel_sink_owners {
    const struct reel_owner_lookup *lookup; /* NULL: the system is asked */
    struct reel_owner_slot users[REEL_OWNER_SLOTS];
    struct reel_owner_slot groups[REEL_OWNER_SLOTS];
};

/* *id becomes the number of user `name` on this system; it stays as it is where
   there is none, or the name is empty or longer than 255 octets. 0, or an
   errno: it cannot be known. */
int reel_sink_owners_user(struct reel_sink_owners *o, struct reel_bytes name,
                          uint32_t *id);
int reel_sink_owners_group(struct reel_sink_owners *o, struct reel_bytes name,
                           uint32_t *id);

#endif
