/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec chapter 7, streams given out as BackupRead gives them, with the facts
 * of chapter 6 beside them (reel/raw.h). Policy layer.
 */
#include "sink_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "raw_print.h"
#include "reel/alloc.h"
#include "reel/limits.h"
#include "reel/raw.h"
#include "sink_note.h"
#include "sink_sync.h"

/* linux/fs.h has it too, and much that collides with it. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1U
#endif

#define TEMPORARY_BYTES 32
#define TEMPORARY_TRIES 16
#define COMPARE_BYTES 65536U
#define PARTS 2U

/* One of the two files of the object at hand. */
struct part {
    int fd;                          /* -1: none */
    char temporary[TEMPORARY_BYTES]; /* empty: none */
    char name[REEL_RAW_NAME_BYTES];
};

enum fate {
    IGNORED, /* told already, or refused */
    DRY,
    GIVEN
};

struct raw {
    struct reel_sink sink;
    struct reel_sink_raw_options options;
    const struct reel_sink_calls *calls;
    uint64_t temporary_number;
    enum fate fate;
    struct reel_sink_subject about;
    struct part parts[PARTS]; /* by enum reel_raw_part */
    uint64_t at;              /* octets of the streams written */
    struct reel_raw_print facts;
    uint8_t path[REEL_PATH_BYTES_MAX];
    uint8_t compare[2][COMPARE_BYTES];
};

static struct raw *
raw_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

/* ---- files ---- */

static void
discard_part(struct raw *r, struct part *p)
{
    if (p->fd >= 0)
        (void)r->calls->close(p->fd);
    p->fd = -1;
    if (p->temporary[0] != '\0' &&
        r->calls->unlinkat(r->options.dir_fd, p->temporary, 0) != 0 &&
        errno != ENOENT &&
        r->calls->unlinkat(r->options.dir_fd, p->temporary, 0) != 0)
        reel_sink_note_errno(&r->about, errno,
                             "its temporary file cannot be removed");
    p->temporary[0] = '\0';
}

static void
discard(struct raw *r)
{
    discard_part(r, &r->parts[REEL_RAW_STREAMS]);
    discard_part(r, &r->parts[REEL_RAW_FACTS]);
}

/* Nothing of the object will be left. */
static void
give_up(struct raw *r, const char *what)
{
    reel_sink_note_errno(&r->about, errno, what);
    discard(r);
    r->fate = IGNORED;
}

static bool
open_part(struct raw *r, struct part *p)
{
    unsigned int tries;

    for (tries = 0; tries < TEMPORARY_TRIES; tries++) {
        (void)snprintf(p->temporary, sizeof(p->temporary), ".reel-%016llx.tmp",
                       (unsigned long long)r->temporary_number++);
        p->fd = r->calls->openat(
            r->options.dir_fd, p->temporary,
            O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (p->fd >= 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    p->temporary[0] = '\0';
    return false;
}

/* Does something stand under the name of `p`? */
static bool
exists(struct raw *r, const struct part *p)
{
    struct stat st;

    return r->calls->fstatat(r->options.dir_fd, p->name, &st,
                             AT_SYMLINK_NOFOLLOW) == 0 ||
           errno != ENOENT;
}

/* Do both files hold the same? -1: one cannot be read. */
static int
same_octets(struct raw *r, int a, int b)
{
    uint64_t at = 0;

    for (;;) {
        const ssize_t n =
            reel_sink_read_full(r->calls, a, r->compare[0], COMPARE_BYTES, at);
        const ssize_t m =
            reel_sink_read_full(r->calls, b, r->compare[1], COMPARE_BYTES, at);

        if (n < 0 || m < 0)
            return -1;
        if (n != m || memcmp(r->compare[0], r->compare[1], (size_t)n) != 0)
            return 0;
        if (n == 0)
            return 1;
        at += (uint64_t)n;
    }
}

/* Under skip: what stands there must be the same, and then stays. False: it is
   not, or that cannot be said; noted. */
static bool
adopt(struct raw *r, struct part *p)
{
    struct stat st;
    int same = -1;
    int fd;

    if (!exists(r, p))
        return true;
    fd = r->calls->openat(r->options.dir_fd, p->name,
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd >= 0 && r->calls->fstatat(fd, "", &st, AT_EMPTY_PATH) == 0)
        same = S_ISREG(st.st_mode) ? same_octets(r, p->fd, fd) : 0;
    if (same < 0)
        reel_sink_note_errno(&r->about, errno,
                             "what exists cannot be compared");
    else if (same == 0)
        reel_sink_note(&r->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "%s exists and differs", p->name);
    if (fd >= 0)
        (void)r->calls->close(fd);
    if (same == 1)
        discard_part(r, p);
    return same == 1;
}

/* Give the file its name; -1 with errno set. */
static int
place_part(struct raw *r, struct part *p)
{
    const int dir  = r->options.dir_fd;
    const int fd   = p->fd;
    const bool any = r->options.existing == REEL_EXISTING_REPLACE;

    if (p->temporary[0] == '\0')
        return 0; /* what stands there is the same */
    p->fd = -1;
    if (r->calls->close(fd) != 0) /* says what a slow write ended in */
        return -1;
    if (r->calls->renameat2(dir, p->temporary, dir, p->name,
                            any ? 0 : RENAME_NOREPLACE) != 0) {
        if (any || (errno != EINVAL && errno != ENOSYS))
            return -1;
        if (r->calls->linkat(dir, p->temporary, dir, p->name, 0) != 0)
            return -1;
        discard_part(r, p);
    }
    p->temporary[0] = '\0';
    return 0;
}

/* Facts stand only beside their own streams, whenever this ends. */
static int
place(struct raw *r)
{
    if (r->options.existing == REEL_EXISTING_REPLACE &&
        r->calls->unlinkat(r->options.dir_fd, r->parts[REEL_RAW_FACTS].name,
                           0) != 0 &&
        errno != ENOENT)
        return -1;
    if (place_part(r, &r->parts[REEL_RAW_STREAMS]) != 0)
        return -1;
    return place_part(r, &r->parts[REEL_RAW_FACTS]);
}

/* ---- the object ---- */

static void
write_octets(struct raw *r, struct reel_bytes octets)
{
    if (r->fate != GIVEN)
        return;
    if (reel_sink_write_all(r->calls, r->parts[REEL_RAW_STREAMS].fd,
                            octets.data, octets.len, r->at) != 0) {
        give_up(r, "its streams cannot be written");
        return;
    }
    r->at += octets.len;
}

static enum fate
begin(struct raw *r)
{
    unsigned int i;

    for (i = 0; i < PARTS; i++) {
        if (r->options.existing != REEL_EXISTING_REFUSE ||
            !exists(r, &r->parts[i]))
            continue;
        reel_sink_note(&r->about, REEL_NOTE_SKIPPED, REEL_E_MEDIUM,
                       "%s exists already", r->parts[i].name);
        return IGNORED;
    }
    if (r->options.dry_run)
        return DRY;
    for (i = 0; i < PARTS; i++) {
        if (open_part(r, &r->parts[i]))
            continue;
        give_up(r, "its files cannot be made");
        return IGNORED;
    }
    return GIVEN;
}

static enum reel_status
raw_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
          struct reel_err *err)
{
    struct raw *r = raw_of(s);

    (void)err;
    discard(r); /* of an object that never ended */
    r->about.object   = number;
    r->about.encoding = o->encoding;
    r->about.path.len =
        o->path.len < sizeof(r->path) ? o->path.len : sizeof(r->path);
    if (r->about.path.len > 0)
        memcpy(r->path, o->path.data, r->about.path.len);
    r->at = 0;
    reel_raw_name(r->parts[REEL_RAW_STREAMS].name, number, REEL_RAW_STREAMS);
    reel_raw_name(r->parts[REEL_RAW_FACTS].name, number, REEL_RAW_FACTS);
    reel_raw_print_object(&r->facts, o);
    r->fate = begin(r);
    return REEL_OK;
}

static enum reel_status
raw_xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    struct raw *const r = raw_of(s);

    (void)err;
    if (r->fate == GIVEN)
        reel_raw_print_xattr(&r->facts, x);
    return REEL_OK;
}

static enum reel_status
raw_stream(struct reel_sink *s, const struct reel_stream *stream,
           struct reel_err *err)
{
    (void)err;
    write_octets(raw_of(s), stream->header_bytes);
    return REEL_OK;
}

static enum reel_status
raw_data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    (void)err;
    write_octets(raw_of(s), d->bytes);
    return REEL_OK;
}

static enum reel_status
raw_group_end(struct reel_sink *s, const struct reel_group_end *g,
              struct reel_err *err)
{
    (void)s; /* the engine has compared the digests */
    (void)g;
    (void)err;
    return REEL_OK;
}

static enum reel_status
end_proven(struct raw *r, uint32_t flags, struct reel_err *err)
{
    struct part *const facts = &r->parts[REEL_RAW_FACTS];

    reel_raw_print_end(&r->facts, flags);
    if (r->facts.failed)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the facts of an object");
    if (r->facts.too_long) {
        errno = EFBIG;
        give_up(r, "its facts cannot be kept");
        return REEL_OK;
    }
    if (r->fate == DRY) {
        reel_sink_note(&r->about, REEL_NOTE_INFO, REEL_OK, "would be restored");
        return REEL_OK;
    }
    if (reel_sink_write_all(r->calls, facts->fd, r->facts.text, r->facts.len,
                            0) != 0) {
        give_up(r, "its facts cannot be written");
        return REEL_OK;
    }
    if (r->options.existing == REEL_EXISTING_SKIP &&
        (!adopt(r, &r->parts[REEL_RAW_STREAMS]) || !adopt(r, facts)))
        return REEL_OK;
    if (place(r) != 0)
        give_up(r, "its files cannot be put in place");
    else
        r->sink.left_out = false;
    return REEL_OK;
}

static enum reel_status
raw_end(struct reel_sink *s, const struct reel_object_end *e,
        enum reel_outcome outcome, struct reel_err *err)
{
    struct raw *r           = raw_of(s);
    enum reel_status status = REEL_OK;

    s->left_out = r->fate != DRY;
    if (outcome == REEL_OUTCOME_FLAWED)
        reel_sink_note(&r->about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "not put back: %u ranges of its streams are filling",
                       e == NULL ? 0 : e->bad_ranges);
    else if (outcome == REEL_OUTCOME_DAMAGED)
        reel_sink_note(&r->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                       "not proven, so not put back");
    else if (outcome == REEL_OUTCOME_PROVEN && r->fate != IGNORED)
        status = end_proven(r, e == NULL ? 0 : e->flags, err);
    discard(r);
    r->fate = IGNORED;
    return status;
}

/* Further names come as objects. */
static enum reel_status
raw_link(struct reel_sink *s, const struct reel_object *o, bool *made,
         struct reel_err *err)
{
    (void)s;
    (void)o;
    *made = false;
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "a link that is no object");
}

static enum reel_status
raw_finish(struct reel_sink *s, struct reel_err *err)
{
    struct raw *r = raw_of(s);

    (void)err;
    discard(r);
    if (!r->options.dry_run)
        reel_sink_sync(r->calls, r->options.dir_fd, NULL, r->options.report);
    return REEL_OK;
}

static void
raw_free(struct reel_sink *s)
{
    struct raw *r = raw_of(s);

    discard(r);
    reel_raw_print_fini(&r->facts);
    reel_free(r);
}

struct reel_sink *
reel_sink_raw_new_on(const struct reel_sink_raw_options *options,
                     const struct reel_sink_calls *calls, struct reel_err *err)
{
    static const struct reel_sink_ops ops = {
        .begin            = raw_begin,
        .xattr            = raw_xattr,
        .stream           = raw_stream,
        .data             = raw_data,
        .group_end        = raw_group_end,
        .end              = raw_end,
        .link             = raw_link,
        .finish           = raw_finish,
        .free             = raw_free,
        .links_as_objects = true,
    };
    struct raw *r = reel_alloc_array(1, sizeof(*r));

    if (r == NULL) {
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory to restore with");
        return NULL;
    }
    r->sink.ops        = &ops;
    r->options         = *options;
    r->calls           = calls;
    r->about.report    = options->report;
    r->about.path.data = r->path;
    r->parts[0].fd = r->parts[1].fd = -1;
    /* collisions are found by O_EXCL, so a poor number is only slower */
    if (getrandom(&r->temporary_number, sizeof(r->temporary_number),
                  GRND_NONBLOCK) < 0)
        r->temporary_number = (uint64_t)getpid() << 32;
    return &r->sink;
}

struct reel_sink *
reel_sink_raw_new(const struct reel_sink_raw_options *options,
                  struct reel_err *err)
{
    return reel_sink_raw_new_on(options, reel_sink_calls_system(), err);
}
