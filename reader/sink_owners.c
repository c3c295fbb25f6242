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

static int
ask_user(const char *name, char *buf, size_t len, uint32_t *id)
{
    struct passwd entry;
    struct passwd *found = NULL;
    const int error      = getpwnam_r(name, &entry, buf, len, &found);

    if (found != NULL)
        *id = (uint32_t)entry.pw_uid;
    return error == 0 && found == NULL ? ENOENT : error;
}

static int
ask_group(const char *name, char *buf, size_t len, uint32_t *id)
{
    struct group entry;
    struct group *found = NULL;
    const int error     = getgrnam_r(name, &entry, buf, len, &found);

    if (found != NULL)
        *id = (uint32_t)entry.gr_gid;
    return error == 0 && found == NULL ? ENOENT : error;
}

/* Several say no more than that nobody has the name, says getpwnam(3). */
static int
plain(int error)
{
    return error == ESRCH || error == EBADF || error == EPERM ? ENOENT : error;
}

int
reel_owner_find(bool group, const char *name, uint32_t *id)
{
    int error = ERANGE;
    size_t len;

    for (len = ENTRY_BYTES_FIRST; len <= ENTRY_BYTES_MAX && error == ERANGE;
         len *= 2) {
        char *const buf = reel_alloc_array(len, 1);

        if (buf == NULL)
            return ENOMEM;
        do
            error = (group ? ask_group : ask_user)(name, buf, len, id);
        while (error == EINTR);
        reel_free(buf);
    }
    return plain(error);
}

static void
fill(struct reel_owner_slot *slot, const struct reel_owner_lookup *lookup,
     bool group)
{
    slot->error = lookup != NULL
                      ? lookup->find(lookup->ctx, group, slot->name, &slot->id)
                      : reel_owner_find(group, slot->name, &slot->id);
}

static int
look_up(struct reel_owner_slot *slots, const struct reel_owner_lookup *lookup,
        struct reel_bytes name, bool group, uint32_t *id)
{
    struct reel_owner_slot *slot;
    uint32_t h = 0;
    size_t i;

    if (name.len == 0 || name.len >= REEL_OWNER_NAME_BYTES)
        return 0;
    for (i = 0; i < name.len; i++)
        h = h * 31U + name.data[i];
    slot = &slots[h % REEL_OWNER_SLOTS];
    if (strlen(slot->name) != name.len ||
        memcmp(slot->name, name.data, name.len) != 0) {
        memcpy(slot->name, name.data, name.len);
        slot->name[name.len] = '\0';
        fill(slot, lookup, group);
    }
    if (slot->error == 0)
        *id = slot->id;
    return slot->error == ENOENT ? 0 : slot->error;
}

int
reel_sink_owners_user(struct reel_sink_owners *o, struct reel_bytes name,
                      uint32_t *id)
{
    return look_up(o->users, o->lookup, name, false, id);
}

int
reel_sink_owners_group(struct reel_sink_owners *o, struct reel_bytes name,
                       uint32_t *id)
{
    return look_up(o->groups, o->lookup, name, true, id);
}
