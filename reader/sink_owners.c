/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1, fields user and group where they are put back; policy layer. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "reel/alloc.h"
#include "sink_owners.h"

/* What getpwnam_r and getgrnam_r may want for one entry: groups can be big. */
#define ENTRY_BYTES_FIRST 1024U
#define ENTRY_BYTES_MAX 1048576U

typedef int (*ask_fn)(const char *name, char *buf, size_t len, uint32_t *id,
                      bool *known);

static int
ask_user(const char *name, char *buf, size_t len, uint32_t *id, bool *known)
{
    struct passwd entry;
    struct passwd *found = NULL;
    const int error      = getpwnam_r(name, &entry, buf, len, &found);

    *known = error == 0 && found != NULL;
    if (*known)
        *id = (uint32_t)entry.pw_uid;
    return error;
}

static int
ask_group(const char *name, char *buf, size_t len, uint32_t *id, bool *known)
{
    struct group entry;
    struct group *found = NULL;
    const int error     = getgrnam_r(name, &entry, buf, len, &found);

    *known = error == 0 && found != NULL;
    if (*known)
        *id = (uint32_t)entry.gr_gid;
    return error;
}

static void
fill(struct reel_owner_slot *slot, const struct reel_owner_lookup *lookup,
     ask_fn ask)
{
    size_t len;

    slot->known = false;
    if (lookup != NULL) {
        slot->known =
            lookup->find(lookup->ctx, ask == ask_group, slot->name, &slot->id);
        return;
    }
    for (len = ENTRY_BYTES_FIRST; len <= ENTRY_BYTES_MAX; len *= 2) {
        char *buf = reel_alloc_array(len, 1);
        int error;

        if (buf == NULL)
            return; /* then by number */
        error = ask(slot->name, buf, len, &slot->id, &slot->known);
        reel_free(buf);
        if (error != ERANGE)
            return;
    }
}

static uint32_t
look_up(struct reel_owner_slot *slots, const struct reel_owner_lookup *lookup,
        struct reel_bytes name, uint32_t otherwise, ask_fn ask)
{
    struct reel_owner_slot *slot;
    uint32_t h = 0;
    size_t i;

    if (name.len == 0 || name.len >= REEL_OWNER_NAME_BYTES)
        return otherwise;
    for (i = 0; i < name.len; i++)
        h = h * 31U + name.data[i];
    slot = &slots[h % REEL_OWNER_SLOTS];
    if (strlen(slot->name) != name.len ||
        memcmp(slot->name, name.data, name.len) != 0) {
        memcpy(slot->name, name.data, name.len);
        slot->name[name.len] = '\0';
        fill(slot, lookup, ask);
    }
    return slot->known ? slot->id : otherwise;
}

uint32_t
reel_sink_owners_user(struct reel_sink_owners *o, struct reel_bytes name,
                      uint32_t otherwise)
{
    return look_up(o->users, o->lookup, name, otherwise, ask_user);
}

uint32_t
reel_sink_owners_group(struct reel_sink_owners *o, struct reel_bytes name,
                       uint32_t otherwise)
{
    return look_up(o->groups, o->lookup, name, otherwise, ask_group);
}
