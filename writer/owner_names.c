/* SPDX-License-Identifier: Apache-2.0 */
/* Source layer: user and group of OBJECT (spec 6.1). */
#include <errno.h>
#include <string.h>

#include "owner_names.h"
#include "reel/alloc.h"

#define SLOTS 128U /* an id has one place; a later one takes it over */
#define NAME_BYTES_MAX 255U
#define ROOM_MIN 1024U
#define ROOM_MAX ((size_t)1 << 24) /* a group with a million members */

struct slot {
    bool used;
    uint8_t len;
    uint32_t id;
    uint8_t name[NAME_BYTES_MAX];
};

struct reel_owner_names {
    const struct reel_calls_posix *calls;
    char *room; /* for the calls; grows */
    size_t room_bytes;
    struct slot users[SLOTS];
    struct slot groups[SLOTS];
};

struct reel_owner_names *
reel_owner_names_new(const struct reel_calls_posix *calls)
{
    struct reel_owner_names *const names = reel_alloc_array(1, sizeof(*names));

    if (names == NULL)
        return NULL;
    names->calls      = calls;
    names->room_bytes = ROOM_MIN;
    names->room       = reel_alloc_array(ROOM_MIN, 1);
    if (names->room == NULL) {
        reel_free(names);
        return NULL;
    }
    return names;
}

void
reel_owner_names_free(struct reel_owner_names *names)
{
    if (names == NULL)
        return;
    reel_free(names->room);
    reel_free(names);
}

static enum reel_status
grow(struct reel_owner_names *names, struct reel_err *err)
{
    char *const more = reel_realloc_array(names->room, names->room_bytes, 2);

    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look up the name of an owner");
    names->room = more;
    names->room_bytes *= 2;
    return REEL_OK;
}

/* One question to the system: the name, or NULL; the return is its errno. */
static int
ask_user(struct reel_owner_names *names, uint32_t id, const char **name)
{
    struct passwd entry;
    struct passwd *found = NULL;
    const int error      = names->calls->getpwuid_r(id, &entry, names->room,
                                                    names->room_bytes, &found);

    *name = error == 0 && found != NULL ? found->pw_name : NULL;
    return error;
}

static int
ask_group(struct reel_owner_names *names, uint32_t id, const char **name)
{
    struct group entry;
    struct group *found = NULL;
    const int error     = names->calls->getgrgid_r(id, &entry, names->room,
                                                   names->room_bytes, &found);

    *name = error == 0 && found != NULL ? found->gr_name : NULL;
    return error;
}

typedef int (*ask_fn)(struct reel_owner_names *names, uint32_t id,
                      const char **name);

static enum reel_status
look_up(struct reel_owner_names *names, struct slot *slots, ask_fn ask,
        uint32_t id, struct reel_bytes *out, struct reel_err *err)
{
    struct slot *const slot = &slots[id % SLOTS];
    const char *name        = NULL;
    int error               = 0;

    if (!slot->used || slot->id != id) {
        do {
            error = ask(names, id, &name);
            if (error == ERANGE && names->room_bytes < ROOM_MAX)
                REEL_TRY(grow(names, err));
        } while (error == EINTR ||
                 (error == ERANGE && names->room_bytes < ROOM_MAX));
        slot->used = true;
        slot->id   = id;
        slot->len  = 0;
        if (name != NULL && strlen(name) <= NAME_BYTES_MAX) {
            slot->len = (uint8_t)strlen(name);
            memcpy(slot->name, name, slot->len);
        }
    }
    out->data = slot->name;
    out->len  = slot->len;
    return REEL_OK;
}

enum reel_status
reel_owner_names_user(struct reel_owner_names *names, uid_t uid,
                      struct reel_bytes *out, struct reel_err *err)
{
    return look_up(names, names->users, ask_user, uid, out, err);
}

enum reel_status
reel_owner_names_group(struct reel_owner_names *names, gid_t gid,
                       struct reel_bytes *out, struct reel_err *err)
{
    return look_up(names, names->groups, ask_group, gid, out, err);
}
