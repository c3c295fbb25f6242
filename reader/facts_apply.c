/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.1 and 6.2, the facts of an object put back; policy layer. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "facts_apply.h"
#include "reel/alloc.h"
#include "reel/builder.h"

#define ACL_ACCESS "system.posix_acl_access"
#define ACL_DEFAULT "system.posix_acl_default"
#define MODE_PERMISSIONS 0777U
#define MODE_SPECIAL 07000U
/* u8 length of name, u32 length of value, name, NUL, value */
#define XATTR_HEAD_BYTES 5U

void
reel_facts_xattrs_init(struct reel_facts_xattrs *x)
{
    memset(x, 0, sizeof(*x));
}

void
reel_facts_xattrs_fini(struct reel_facts_xattrs *x)
{
    reel_free(x->data);
    reel_facts_xattrs_init(x);
}

static enum reel_status
reserve(struct reel_facts_xattrs *x, size_t bytes, struct reel_err *err)
{
    size_t capacity = x->capacity == 0 ? 1024 : x->capacity;
    uint8_t *data;

    while (capacity < bytes)
        capacity *= 2;
    if (capacity == x->capacity)
        return REEL_OK;
    data = reel_realloc_array(x->data, capacity, 1);
    if (data == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for %zu octets of attributes", bytes);
    x->data     = data;
    x->capacity = capacity;
    return REEL_OK;
}

enum reel_status
reel_facts_xattrs_add(struct reel_facts_xattrs *x,
                      const struct reel_xattr *xattr, struct reel_err *err)
{
    const size_t more =
        XATTR_HEAD_BYTES + xattr->name.len + 1 + xattr->value.len;
    struct reel_builder b;

    if (xattr->name.len > UINT8_MAX || xattr->value.len > UINT32_MAX ||
        more > REEL_FACTS_XATTR_BYTES_MAX - x->len)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "more than %u octets of extended attributes",
                         REEL_FACTS_XATTR_BYTES_MAX);
    REEL_TRY(reserve(x, x->len + more, err));
    b = reel_builder_init(x->data + x->len, more);
    reel_put_u8(&b, (uint8_t)xattr->name.len);
    reel_put_le32(&b, (uint32_t)xattr->value.len);
    reel_put_bytes(&b, xattr->name);
    reel_put_u8(&b, 0);
    reel_put_bytes(&b, xattr->value);
    x->len += more;
    return REEL_OK;
}

void
reel_facts_xattrs_next(struct reel_cursor *c, char name[UINT8_MAX + 1],
                       struct reel_bytes *value)
{
    const size_t name_len  = reel_get_u8(c);
    const size_t value_len = reel_get_le32(c);

    name[0] = '\0';
    reel_get_copy(c, name, name_len + 1);
    *value = reel_get_bytes(c, value_len);
    assert(c->ok); /* it is our own */
}

/* What is being worked on: the arguments of reel_facts_apply. */
struct job {
    struct reel_facts_rules *rules;
    const struct reel_facts *f;
    const struct reel_sink_subject *about;
    int fd;
    bool by_path;
    char proc[REEL_SINK_PROC_BYTES];
};

/* False: noted. A number in the place of a name that cannot be looked up may be
   somebody else's. */
static bool
owner_by_name(const struct job *j, uint32_t *uid, uint32_t *gid)
{
    int error = reel_sink_owners_user(j->rules->owners, j->f->user, uid);

    if (error == 0)
        error = reel_sink_owners_group(j->rules->owners, j->f->group, gid);
    if (error == 0)
        return true;
    reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   "its owner cannot be looked up, and is not set: %s",
                   strerror(error));
    return false;
}

/* False when the object is not its owner's now. */
static bool
apply_owner(struct job *j)
{
    const struct reel_facts *f = j->f;
    uint32_t uid               = f->uid;
    uint32_t gid               = f->gid;

    if ((f->known & REEL_FACT_POSIX) == 0)
        return false;
    if (!j->rules->preserve) {
        if (uid != j->rules->own_uid || gid != j->rules->own_gid)
            j->rules->owners_left_out++;
        return false;
    }
    if (!j->rules->numeric_owner && !owner_by_name(j, &uid, &gid))
        return false;
    if (uid == UINT32_MAX || gid == UINT32_MAX) { /* the call means: as it is */
        reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_INVALID,
                       "owner %u:%u is none: not set", uid, gid);
        return false;
    }
    if (j->rules->calls->fchownat(j->fd, "", (uid_t)uid, (gid_t)gid,
                                  AT_EMPTY_PATH) == 0)
        return true;
    reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                   "owner %u:%u cannot be set: %s", uid, gid, strerror(errno));
    return false;
}

static bool
starts_with(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static void
apply_xattr(struct job *j, const char *name, struct reel_bytes value,
            bool owned)
{
    const struct reel_sink_calls *calls = j->rules->calls;
    const bool privileged =
        starts_with(name, "security.") || starts_with(name, "trusted.");
    int result;

    if (privileged && !j->rules->preserve) {
        j->rules->xattrs_left_out++;
        return;
    }
    if (!owned && strcmp(name, "security.capability") == 0) {
        reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "security.capability is not given to another owner");
        return;
    }
    if (j->by_path)
        result = calls->setxattr(j->proc, name, value.data, value.len, 0);
    else
        result = calls->fsetxattr(j->fd, name, value.data, value.len, 0);
    if (result != 0)
        reel_sink_note(
            j->about, REEL_NOTE_SKIPPED,
            errno == ENOSPC || errno == EDQUOT ? REEL_E_FULL : REEL_E_MEDIUM,
            "attribute %.80s cannot be set: %s", name, strerror(errno));
}

/* What the directory handed down is no fact of the object. */
static void
disinherit(struct job *j, const char *acl)
{
    if (j->rules->calls->removexattr(j->proc, acl) != 0 && errno != ENODATA &&
        errno != EOPNOTSUPP)
        reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "%s of its directory cannot be taken from it: %s", acl,
                       strerror(errno));
}

static void
apply_xattrs(struct job *j, bool owned)
{
    struct reel_cursor c =
        reel_cursor_init(j->f->xattrs.data, j->f->xattrs.len, NULL);

    if (j->f->inherited_acl && j->f->kind != REEL_KIND_SYMLINK) {
        disinherit(j, ACL_ACCESS);
        if (j->f->kind == REEL_KIND_DIRECTORY)
            disinherit(j, ACL_DEFAULT);
    }
    while (reel_cursor_left(&c) > 0) {
        char name[UINT8_MAX + 1];
        struct reel_bytes value;

        reel_facts_xattrs_next(&c, name, &value);
        apply_xattr(j, name, value, owned);
    }
}

static void
apply_mode(struct job *j, bool owned)
{
    const uint32_t special = j->f->mode & MODE_SPECIAL;
    mode_t mode            = (mode_t)(j->f->mode & MODE_PERMISSIONS);
    int result;

    if (((j->f->known & REEL_FACT_POSIX) == 0 && !j->f->mode_given) ||
        j->f->kind == REEL_KIND_SYMLINK)
        return;
    if (owned)
        mode |= (mode_t)special;
    else if (special != 0 && !j->rules->preserve)
        j->rules->modes_left_out++;
    else if (special != 0)
        reel_sink_note(j->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "mode bits %04o are not given to another owner",
                       special);
    if (mode == j->f->mode_made && j->f->xattrs.len == 0 &&
        !j->f->inherited_acl)
        return; /* one call less for each of many small files */
    result = j->by_path ? j->rules->calls->chmod(j->proc, mode)
                        : j->rules->calls->fchmod(j->fd, mode);
    if (result != 0)
        reel_sink_note_errno(j->about, errno, "mode cannot be set");
}

static struct timespec
timespec_of(const struct reel_facts *f, unsigned int fact, struct reel_time t)
{
    struct timespec out = {.tv_sec = 0, .tv_nsec = UTIME_OMIT};

    if ((f->known & fact) != 0) {
        out.tv_sec  = (time_t)t.s;
        out.tv_nsec = (long)t.ns;
    }
    return out;
}

static void
apply_times(struct job *j)
{
    const struct reel_sink_calls *calls = j->rules->calls;
    const struct reel_facts *f          = j->f;
    const struct timespec times[2]      = {
             timespec_of(f, REEL_FACT_ACCESSED, f->accessed),
             timespec_of(f, REEL_FACT_MODIFIED, f->modified),
    };
    int result;

    if ((f->known & (REEL_FACT_ACCESSED | REEL_FACT_MODIFIED)) == 0)
        return;
    if (!j->by_path) {
        result = calls->futimens(j->fd, times);
    } else {
        result = calls->utimensat(j->fd, "", times, AT_EMPTY_PATH);
        if (result != 0 && errno == EINVAL) /* before Linux 5.8 */
            result = calls->utimensat(AT_FDCWD, j->proc, times, 0);
    }
    if (result != 0)
        reel_sink_note_errno(j->about, errno, "times cannot be set");
}

static void
apply_reparse(struct job *j)
{
    const struct reel_bytes value = j->f->reparse;

    if (value.len == 0)
        return;
    reel_sink_proc_path(j->proc, j->fd);
    if (j->rules->calls->setxattr(j->proc, "system.ntfs_reparse_data",
                                  value.data, value.len, 0) != 0)
        reel_sink_note_errno(j->about, errno, "REPARSE_DATA cannot be set");
}

void
reel_facts_apply(struct reel_facts_rules *rules, const struct reel_facts *f,
                 int fd, bool by_path, const struct reel_sink_subject *about)
{
    struct job j = {
        .rules = rules, .f = f, .about = about, .fd = fd, .by_path = by_path};
    bool owned;

    if (by_path || f->inherited_acl)
        reel_sink_proc_path(j.proc, fd);
    owned = apply_owner(&j);
    apply_xattrs(&j, owned);
    apply_mode(&j, owned);
    apply_times(&j);
    apply_reparse(&j);
}
