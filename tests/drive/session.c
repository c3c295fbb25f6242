/* SPDX-License-Identifier: Apache-2.0 */
/* Library calls on the tapes of a rig, and the one who changes tapes. */
#include "session.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/access.h"
#include "reel/list.h"

#define BLOCK_BYTES 65536u

/* ---- tapes ---- */

static unsigned int
tape_count(const struct session *s)
{
    unsigned int n = 0;

    while (n < RIG_TAPES && s->tapes[n] != 0)
        n++;
    return n;
}

/* Close what is in use; a failure counts only if nothing failed before. */
static enum reel_status
close_medium(struct session *s, enum reel_status status)
{
    struct reel_medium *const m = s->medium;
    enum reel_status closed;

    s->medium = NULL;
    if (!m)
        return status;
    closed = reel_medium_close(m, status == REEL_OK ? &s->err : NULL);
    return status == REEL_OK ? closed : status;
}

/* Which tape answers a wish, as an index; the count: none does. */
static unsigned int
answer(struct session *s, const struct reel_volume_wish *wish)
{
    const unsigned int count = tape_count(s);

    if (wish->refused)
        s->refused++;
    if (wish->refused)
        return count;
    return wish->number == 0 ? count - 1 : wish->number - 1;
}

static enum reel_status
get(void *ctx, const struct reel_volume_wish *wish, struct reel_medium **medium,
    struct reel_err *err)
{
    struct session *const s  = ctx;
    const unsigned int index = answer(s, wish);

    REEL_TRY(close_medium(s, REEL_OK));
    if (index >= tape_count(s) || (s->missing >> s->tapes[index] & 1u))
        return REEL_END;
    REEL_TRY(rig_open(&s->medium, s->tapes[index],
                      wish->write ? REEL_MEDIUM_WRITE : REEL_MEDIUM_READ, err));
    s->changes++;
    *medium = s->medium;
    return REEL_OK;
}

static void
note(void *ctx, const struct reel_note *n)
{
    struct session *const s = ctx;

    s->notes[n->kind]++;
    if (n->kind != REEL_NOTE_INFO)
        (void)snprintf(s->last_note, sizeof(s->last_note), "%s", n->err.text);
}

/* Forget what happened before, and open the first tape. */
static enum reel_status
begin(struct session *s, enum reel_medium_mode mode)
{
    s->changes = 0;
    s->refused = 0;
    memset(s->notes, 0, sizeof(s->notes));
    s->last_note[0] = 0;
    memset(&s->err, 0, sizeof(s->err));
    return rig_open(&s->medium, s->tapes[s->first], mode, &s->err);
}

/* ---- calls ---- */

static enum reel_status
one_path(void *ctx, const char **path, struct reel_err *err)
{
    bool *const given = ctx;

    (void)err;
    if (*given)
        return REEL_END;
    *given = true;
    *path  = ".";
    return REEL_OK;
}

enum reel_status
session_write(struct session *s)
{
    static const uint8_t id[REEL_SET_ID_BYTES] = {7, 7, 7};
    const struct reel_volumes volumes          = {s, get};
    bool given                                 = false;
    struct reel_write_options o;
    enum reel_status status;
    int fd;

    memset(&s->written, 0, sizeof(s->written));
    status = begin(s, REEL_MEDIUM_WRITE);
    if (status != REEL_OK)
        return status;
    fd = open("tree", O_RDONLY | O_DIRECTORY);
    memset(&o, 0, sizeof(o));
    o.medium           = s->medium;
    o.volumes          = &volumes;
    o.overwrite        = s->overwrite;
    o.resume           = s->resume;
    o.last_volume      = s->resume;
    o.block_bytes      = s->block_bytes ? s->block_bytes : BLOCK_BYTES;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = s->checkpoint_bytes;
    o.set_id           = id;
    o.base_fd          = fd;
    o.base_path        = "tree";
    o.paths            = one_path;
    o.paths_ctx        = &given;
    o.catalog_fd       = -1;
    o.software         = "scenario";
    o.report.fn        = note;
    o.report.ctx       = s;
    status             = reel_write(&o, &s->written, &s->err);
    (void)close(fd);
    return close_medium(s, status);
}

static void
set_access(struct session *s, const struct reel_volumes *volumes,
           struct reel_access *a)
{
    memset(a, 0, sizeof(*a));
    a->medium     = s->medium;
    a->volumes    = volumes;
    a->catalog_fd = -1;
    a->archive    = s->archive;
    a->threads    = 1;
    a->report.fn  = note;
    a->report.ctx = s;
}

enum reel_status
session_restore(struct session *s, const char *pattern, const char *folder)
{
    const struct reel_volumes volumes     = {s, get};
    const struct reel_selection selection = {&pattern, pattern ? 1 : 0};
    struct reel_restore_options o         = {.dir_fd = -1};
    struct reel_access a;
    enum reel_status status;

    memset(&s->restored, 0, sizeof(s->restored));
    ck_assert_int_eq(mkdir(folder, 0755), 0);
    status = begin(s, REEL_MEDIUM_READ);
    if (status != REEL_OK)
        return status;
    set_access(s, &volumes, &a);
    o.dir_fd = open(folder, O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(o.dir_fd, 0);
    status = reel_restore(&a, &selection, &o, &s->restored, &s->err);
    ck_assert_int_eq(close(o.dir_fd), 0);
    return close_medium(s, status);
}

static enum reel_status
count_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct session *const s = ctx;

    (void)item;
    (void)err;
    s->listed++;
    return REEL_OK;
}

enum reel_status
session_list(struct session *s, bool all)
{
    const struct reel_volumes volumes     = {s, get};
    const struct reel_selection selection = {NULL, 0};
    struct reel_access a;
    enum reel_status status;

    s->listed = 0;
    status    = begin(s, REEL_MEDIUM_READ);
    if (status != REEL_OK)
        return status;
    set_access(s, &volumes, &a);
    a.all_archives = all;
    status         = reel_list(&a, &selection, count_item, s, &s->err);
    return close_medium(s, status);
}

enum reel_status
session_verify(struct session *s)
{
    const struct reel_volumes volumes = {s, get};
    struct reel_verify_options o;
    enum reel_status status;

    memset(&s->verified, 0, sizeof(s->verified));
    status = begin(s, REEL_MEDIUM_READ);
    if (status != REEL_OK)
        return status;
    memset(&o, 0, sizeof(o));
    o.medium     = s->medium;
    o.volumes    = &volumes;
    o.depth      = s->quick ? REEL_VERIFY_QUICK : REEL_VERIFY_FULL;
    o.threads    = 1;
    o.report.fn  = note;
    o.report.ctx = s;
    status       = reel_verify(&o, &s->verified, &s->err);
    return close_medium(s, status);
}
