/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 8.1 and 8.3 on NTFS: an object gets its name, or a further one. */
#include "write_settle.h"

#include <string.h>

#include "units.h"
#include "write_place.h"

#define ATTRIBUTE_REPARSE 0x400U

/* Where an object goes. */
struct spot {
    uint64_t dir;
    struct reel_bytes name; /* empty: the base itself */
    uint64_t there;         /* what stands there; 0: nothing */
};

/* What is done with what stands there. */
enum verdict {
    CLEAR, /* nothing stands there (any more) */
    MERGE, /* a directory, which stays and gets streams and facts */
    KEEP,  /* the same; it stays */
    STAYS  /* it stays; reported */
};

static enum reel_status
skip(struct reel_err *err, const char *why)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s", why);
}

static enum reel_status
find_spot(const struct rn_object *o, struct spot *at, struct reel_err *err)
{
    struct rn_target *t = o->target;
    enum reel_status status;
    ntfs_inode *dir;

    *at = (struct spot){0};
    if (o->place.len == 0) {
        at->there = t->base;
        return REEL_OK;
    }
    REEL_TRY(rn_place_parent(t, o->place, &at->dir, &at->name, err));
    REEL_TRY(rn_inode_open(t->vol, at->dir, &dir, err));
    status = rn_entry_find(dir, at->name, false, &at->there, err);
    if (ntfs_inode_close(dir) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its directory cannot be closed");
    if (status == REEL_OK && MREF(at->there) == MREF(t->pending))
        return skip(err, RN_PENDING_NAME " is the name of our own directory");
    return status;
}

/* Is what stands there a plain directory, as the object is? */
static bool
may_merge(const struct rn_object *o, const ntfs_inode *there)
{
    return o->kind == REEL_KIND_DIRECTORY && rn_inode_is_directory(there) &&
           (there->flags & FILE_ATTR_REPARSE_POINT) == 0 &&
           !o->streams.kept[RN_REPARSE].present;
}

/* Takes `there`. */
static enum reel_status
clear_spot(struct rn_target *t, const struct spot *at, ntfs_inode *there,
           struct reel_err *err)
{
    ntfs_inode *dir;

    rn_place_forget(t);
    if (rn_inode_open(t->vol, at->dir, &dir, err) != REEL_OK) {
        (void)ntfs_inode_close(there);
        return err->status;
    }
    return rn_entry_delete(there, dir, at->name, err);
}

static enum reel_status
judge_skip(const struct rn_object *o, ntfs_inode *there, enum verdict *verdict,
           struct reel_err *err)
{
    bool same = rn_inode_is_directory(there) == rn_inode_is_directory(o->ni) &&
                ((there->flags & FILE_ATTR_REPARSE_POINT) != 0) ==
                    o->streams.kept[RN_REPARSE].present;

    if (same && !rn_inode_is_directory(there))
        REEL_TRY(rn_content_same(there, o->ni, &same, err));
    if (!same)
        return skip(err, "exists and differs");
    *verdict = KEEP;
    return REEL_OK;
}

/* Takes `there`, which is open. Failures concern the object. */
static enum reel_status
judge_there(const struct rn_object *o, const struct spot *at, ntfs_inode *there,
            enum verdict *verdict, struct reel_err *err)
{
    struct rn_target *t     = o->target;
    enum reel_status status = REEL_OK;

    if (may_merge(o, there) &&
        (there->mft_no >= FILE_first_user || there->mft_no == FILE_root))
        *verdict = MERGE;
    else if (there->mft_no < FILE_first_user)
        status = skip(err, "the name belongs to NTFS itself");
    else if (rn_entry_space(there, at->dir, at->name) == FILE_NAME_DOS)
        status = skip(err, "its name is the short name of another object");
    else if (t->options->existing == RN_EXISTING_REPLACE)
        return clear_spot(t, at, there, err);
    else if (t->options->existing == RN_EXISTING_SKIP && o->ni != NULL)
        status = judge_skip(o, there, verdict, err);
    else
        status = skip(err, "exists already");
    if (ntfs_inode_close(there) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "what is there cannot be closed");
    return status;
}

static enum reel_status
judge(const struct rn_object *o, const struct spot *at, enum verdict *verdict,
      struct reel_err *err)
{
    ntfs_inode *there;

    *verdict = CLEAR;
    if (at->there == 0)
        return REEL_OK;
    REEL_TRY(rn_inode_open(o->target->vol, at->there, &there, err));
    return judge_there(o, at, there, verdict, err);
}

/* Names */

static void
inform(const struct rn_object *o, const char *what)
{
    rn_report_say(&o->target->report, &o->about, REEL_NOTE_INFO, REEL_OK, "%s",
                  what);
}

/* The name space of the name, and whether a short name goes beside it. */
static enum reel_status
choose_space(const struct rn_object *o, ntfs_inode *ni, ntfs_inode *dir,
             struct reel_bytes name, FILE_NAME_TYPE_FLAGS *space,
             bool *with_short, struct reel_err *err)
{
    const ntfs_volume *vol = dir->vol;
    bool has_short;
    uint64_t taken;

    *space      = FILE_NAME_POSIX;
    *with_short = false;
    if (o->short_name.len == 0)
        return REEL_OK;
    (void)rn_entry_count(ni, &has_short);
    if (has_short) {
        inform(o, "its short name is not put back: the file has one");
    } else if (!rn_entry_shown(vol, name) ||
               !rn_entry_is_short(vol, o->short_name)) {
        inform(o, "its short name is not put back: it cannot be one");
    } else if (rn_entry_alike(vol, name, o->short_name)) {
        *space = FILE_NAME_WIN32_AND_DOS;
    } else {
        REEL_TRY(rn_entry_find(dir, o->short_name, true, &taken, err));
        if (taken != 0) {
            inform(o, "its short name is not put back: another has it");
            return REEL_OK;
        }
        *space      = FILE_NAME_WIN32;
        *with_short = true;
    }
    return REEL_OK;
}

/* Windows shows only one of two names that differ by case. */
static enum reel_status
look_for_twin(const struct rn_object *o, ntfs_inode *dir,
              struct reel_bytes name, struct reel_err *err)
{
    uint64_t twin;

    REEL_TRY(rn_entry_find(dir, name, true, &twin, err));
    if (twin != 0 && !rn_facts_case(dir))
        inform(o, "its name differs from another by case only");
    return REEL_OK;
}

static enum reel_status
add_names(const struct rn_object *o, ntfs_inode *ni, ntfs_inode *dir,
          struct reel_bytes name, struct reel_err *err)
{
    FILE_NAME_TYPE_FLAGS space;
    bool with_short;

    REEL_TRY(rn_target_room(o->target, 0, err));
    REEL_TRY(choose_space(o, ni, dir, name, &space, &with_short, err));
    REEL_TRY(look_for_twin(o, dir, name, err));
    if (with_short)
        REEL_TRY(rn_entry_add(ni, dir, o->short_name, FILE_NAME_DOS, err));
    if (rn_entry_add(ni, dir, name, space, err) == REEL_OK)
        return REEL_OK;
    if (with_short) {
        const enum reel_status status = err->status;

        REEL_TRY(rn_entry_remove(ni, dir, o->short_name, err));
        return status;
    }
    return err->status;
}

/* `ni` stays open; the directory is closed again. */
static enum reel_status
give_name(const struct rn_object *o, ntfs_inode *ni, const struct spot *at,
          struct reel_err *err)
{
    enum reel_status status;
    ntfs_inode *dir;

    REEL_TRY(rn_inode_open(o->target->vol, at->dir, &dir, err));
    status = add_names(o, ni, dir, at->name, err);
    if (ntfs_inode_close(dir) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its directory cannot be written");
    return status;
}

/* Objects */

static enum reel_status
remember(const struct rn_object *o, uint64_t reference, struct reel_err *err)
{
    const struct rn_late late = {.reference = reference, .facts = o->facts};

    if (o->kind == REEL_KIND_DIRECTORY)
        return rn_row_add(&o->target->late, &late, err);
    if (o->links == 1)
        return REEL_OK;
    return rn_target_remember(o->target, o->about.object, reference, err);
}

/* Facts and streams first, the name last: what has its name is whole. */
static enum reel_status
settle_fresh(struct rn_object *o, const struct spot *at, struct reel_err *err)
{
    struct rn_target *t = o->target;

    REEL_TRY(rn_streams_apply(&o->streams, t, o->ni, &o->about, err));
    REEL_TRY(rn_facts_put(&o->facts, o->ni, o->extra, err));
    /* on disk before the name is */
    if (ntfs_inode_sync(o->ni) != 0)
        return rn_fail_errno(err, "its file record cannot be written");
    REEL_TRY(give_name(o, o->ni, at, err));
    REEL_TRY(rn_pending_leave(t, o->about.object, o->ni, err));
    return rn_facts_put(&o->facts, o->ni, o->extra, err);
}

/* Takes `there`. */
static enum reel_status
settle_merged(struct rn_object *o, ntfs_inode *there, struct reel_err *err)
{
    struct rn_target *t = o->target;
    enum reel_status status;

    status = rn_streams_apply(&o->streams, t, there, &o->about, err);
    if (status == REEL_OK)
        status = rn_content_copy(t, o->ni, there, false, err);
    if (status == REEL_OK)
        status = rn_facts_put(&o->facts, there, 0, err);
    if (ntfs_inode_close(there) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "the directory there cannot be written");
    return status;
}

static void
discard(struct rn_object *o)
{
    rn_pending_discard(o->target, o->about.object, o->ni, &o->about);
    o->ni = NULL;
}

/* What stands there stays and is the object from now on. */
static enum reel_status
settle_there(struct rn_object *o, const struct spot *at, bool merge,
             struct reel_err *err)
{
    if (merge) {
        ntfs_inode *there;

        REEL_TRY(rn_inode_open(o->target->vol, at->there, &there, err));
        REEL_TRY(settle_merged(o, there, err));
    }
    discard(o);
    return REEL_OK;
}

static enum reel_status
settle(struct rn_object *o, uint64_t *reference, struct reel_err *err)
{
    enum verdict verdict = CLEAR;
    struct spot at;

    REEL_TRY(find_spot(o, &at, err));
    REEL_TRY(judge(o, &at, &verdict, err));
    *reference = at.there;
    if (verdict != CLEAR)
        return settle_there(o, &at, verdict == MERGE, err);
    *reference = rn_inode_reference(o->ni);
    REEL_TRY(settle_fresh(o, &at, err));
    if (ntfs_inode_close(o->ni) != 0)
        (void)rn_fail_errno(err, "its file record cannot be written");
    else
        err->status = REEL_OK;
    o->ni = NULL;
    return err->status;
}

enum reel_status
rn_settle(struct rn_object *o, struct reel_err *err)
{
    uint64_t reference            = 0;
    const enum reel_status status = settle(o, &reference, err);

    if (status == REEL_OK)
        return remember(o, reference, err);
    if (status == REEL_E_MEMORY)
        return status;
    rn_object_give_up(o, err);
    return REEL_OK;
}

/* Links */

/* Takes `from`: a whole object of its own instead of a name. */
static enum reel_status
copy_whole(struct rn_object *o, ntfs_inode *from, struct reel_err *err)
{
    struct rn_target *t = o->target;

    o->facts = (struct rn_facts){
        .known = REEL_FACT_ATTRIBUTES | REEL_FACT_BIRTH | REEL_FACT_MODIFIED |
                 REEL_FACT_ACCESSED | REEL_FACT_CHANGED,
        .attributes = le32_to_cpu(from->flags),
        .times =
            {
                [RN_BIRTH]    = le64_to_cpu(from->creation_time),
                [RN_MODIFIED] = le64_to_cpu(from->last_data_change_time),
                [RN_ACCESSED] = le64_to_cpu(from->last_access_time),
                [RN_CHANGED]  = le64_to_cpu(from->last_mft_change_time),
            },
    };
    REEL_TRY(rn_streams_read(&o->streams, t, from, err));
    REEL_TRY(rn_pending_create(t, o->about.object, false, &o->ni, err));
    REEL_TRY(rn_facts_prepare(&o->facts, o->ni, &t->report, &o->about, err));
    return rn_content_copy(t, from, o->ni, true, err);
}

/* A copy of `reference`, which then has no name more; *copy its record. */
static enum reel_status
settle_copy(struct rn_object *o, uint64_t reference, uint64_t *copy,
            struct reel_err *err)
{
    enum reel_status status;
    ntfs_inode *from;

    REEL_TRY(rn_inode_open(o->target->vol, reference, &from, err));
    status = copy_whole(o, from, err);
    if (ntfs_inode_close(from) != 0 && status == REEL_OK)
        return rn_fail_errno(err, "the file cannot be closed");
    REEL_TRY(status);
    REEL_TRY(settle(o, copy, err));
    inform(o, "a copy, for Windows makes no more than 1024 names");
    return REEL_OK;
}

static enum reel_status
count_names(const struct rn_target *t, uint64_t reference, uint32_t *names,
            struct reel_err *err)
{
    bool has_short;
    ntfs_inode *ni;

    REEL_TRY(rn_inode_open(t->vol, reference, &ni, err));
    *names = rn_entry_count(ni, &has_short);
    return rn_inode_close(ni, err);
}

/* One name more for what has `reference`. */
static enum reel_status
settle_name(const struct rn_object *o, uint64_t reference,
            const struct spot *at, struct reel_err *err)
{
    enum verdict verdict;
    enum reel_status status;
    ntfs_inode *ni;

    REEL_TRY(judge(o, at, &verdict, err));
    REEL_TRY(rn_inode_open(o->target->vol, reference, &ni, err));
    status = give_name(o, ni, at, err);
    if (ntfs_inode_close(ni) != 0 && status == REEL_OK)
        status = rn_fail_errno(err, "its file record cannot be written");
    return status;
}

/* `reference` has as many names as Windows makes. */
static enum reel_status
link_to_copy(struct rn_object *o, uint64_t reference, const struct spot *at,
             struct reel_err *err)
{
    struct rn_target *t = o->target;
    uint32_t names      = RN_NAMES_MAX;

    if (t->copied == reference) {
        if (MREF(at->there) == MREF(t->copy))
            return REEL_OK;
        REEL_TRY(count_names(t, t->copy, &names, err));
    }
    if (names < RN_NAMES_MAX) {
        REEL_TRY(settle_name(o, t->copy, at, err));
        inform(o, "a name of a copy, for Windows makes no more than 1024 "
                  "names");
        return REEL_OK;
    }
    t->copied = 0;
    REEL_TRY(settle_copy(o, reference, &t->copy, err));
    t->copied = reference;
    return REEL_OK;
}

static enum reel_status
link_to(struct rn_object *o, uint64_t reference, struct reel_err *err)
{
    const struct rn_target *t = o->target;
    struct spot at;
    uint32_t names;

    REEL_TRY(find_spot(o, &at, err));
    if (at.name.len == 0)
        return skip(err, "a link cannot be the directory itself");
    REEL_TRY(count_names(t, reference, &names, err));
    if (MREF(at.there) == MREF(reference))
        return REEL_OK; /* it has the name already */
    if (names >= RN_NAMES_MAX && t->options->copies)
        return link_to_copy(o, reference, &at, err);
    REEL_TRY(settle_name(o, reference, &at, err));
    if (names == RN_NAMES_MAX)
        inform(o, "the 1025th name of its file: Windows makes no more than "
                  "1024");
    return REEL_OK;
}

enum reel_status
rn_settle_link(struct rn_object *o, struct reel_err *err)
{
    uint64_t reference;
    enum reel_status status;

    if (o->outside) {
        rn_report_say(&o->target->report, &o->about, REEL_NOTE_OMITTED, REEL_OK,
                      "a name outside of what was archived is not made");
        return REEL_OK;
    }
    REEL_TRY(rn_target_recall(o->target, o->link, &reference, err));
    if (reference == 0)
        status = skip(err, "the file of which it is a name was not restored");
    else
        status = link_to(o, reference, err);
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK)
        rn_object_give_up(o, err);
    return REEL_OK;
}
