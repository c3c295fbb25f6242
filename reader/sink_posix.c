/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec chapters 6 to 8, objects put back into a directory of a POSIX file
 * system: the operations of the sink. Policy layer.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "sink_posix_state.h"
#include "sink_sync.h"

struct reel_sink_posix *
reel_sink_posix_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

enum reel_status
reel_sink_posix_path(struct reel_sink_posix *s,
                     const struct reel_sink_subject *about, bool directory,
                     bool *fine, struct reel_err *err)
{
    enum reel_sink_path_verdict verdict;
    struct reel_err why;

    *fine             = false;
    s->parent.current = false;
    REEL_TRY(reel_sink_path_set(&s->path, about->path, about->encoding,
                                s->options.strip, &verdict, &why, err));
    if (verdict == REEL_SINK_PATH_FINE && (directory || s->path.len > 0)) {
        *fine = true;
        return REEL_OK;
    }
    if (verdict == REEL_SINK_PATH_STRIPPED) {
        if (!directory)
            reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_MISUSE,
                           "nothing of its path is left without %u "
                           "components",
                           s->options.strip);
        return REEL_OK;
    }
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_INVALID,
                   "refused, for it might lead out of the directory: %.80s",
                   verdict == REEL_SINK_PATH_ILLEGAL ? why.text : "empty path");
    return REEL_OK;
}

/* Copy a run of octets that is borrowed for the call only. */
static struct reel_bytes
keep(uint8_t *to, size_t capacity, struct reel_bytes from)
{
    struct reel_bytes kept;

    kept.data = to;
    kept.len  = from.len < capacity ? from.len : capacity;
    if (kept.len > 0)
        memcpy(to, from.data, kept.len);
    return kept;
}

static void
object_set(struct reel_sink_posix *s, uint64_t number,
           const struct reel_object *from)
{
    struct reel_sink_posix_object *o = &s->object;

    o->fate           = REEL_FATE_IGNORED;
    o->standing       = REEL_STANDING_CLEAR;
    o->about.report   = s->options.report;
    o->about.object   = number;
    o->about.encoding = from->encoding;
    o->about.path     = keep(o->path_bytes, sizeof(o->path_bytes), from->path);
    o->link_count     = from->link_count;
    o->major          = from->major;
    o->minor          = from->minor;

    o->facts.kind          = from->kind;
    o->facts.inherited_acl = false;
    o->facts.known         = from->facts;
    o->facts.mode_made     = 0600;
    o->facts.mode          = from->mode;
    o->facts.uid           = from->uid;
    o->facts.gid           = from->gid;
    o->facts.modified      = from->modified;
    o->facts.accessed      = from->accessed;
    o->facts.user          = keep(o->user, sizeof(o->user), from->user);
    o->facts.group         = keep(o->group, sizeof(o->group), from->group);

    reel_sink_content_init(&o->content, from->kind == REEL_KIND_FILE,
                           from->size);
    o->reparse_stream = false;
    o->file_end       = 0;
    o->reparse_len    = 0;
    s->xattrs.len     = 0;
    reel_sink_posix_windows_set(s, from);
}

static enum reel_fate
begin_directory(struct reel_sink_posix *s)
{
    struct stat st;

    if (!s->options.dry_run && s->object.may_turn)
        return REEL_FATE_LATER;
    if (!s->options.dry_run)
        return reel_sink_posix_directory_make(s) ? REEL_FATE_DIRECTORY
                                                 : REEL_FATE_IGNORED;
    if (s->path.len == 0 ||
        (reel_sink_posix_parent(s, false) >= 0 &&
         s->calls->fstatat(s->parent.fd, reel_sink_path_name(&s->path), &st,
                           AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(st.st_mode)))
        return REEL_FATE_IGNORED; /* it is there */
    return REEL_FATE_DRY;
}

static enum reel_fate
begin_file(struct reel_sink_posix *s)
{
    struct reel_sink_posix_object *o = &s->object;
    struct stat st;

    if (s->judged == o->about.object)
        o->standing = s->judged_standing;
    else if (!o->may_turn && reel_sink_posix_judge_early(s, o->content.size))
        o->standing = reel_sink_posix_judge(s, &o->about, o->facts.kind,
                                            o->content.size, &st);
    s->judged = 0;
    if (o->standing == REEL_STANDING_STAYS)
        return REEL_FATE_IGNORED;
    if (s->options.dry_run)
        return REEL_FATE_DRY;
    return reel_sink_posix_content_open(s) ? REEL_FATE_FILE : REEL_FATE_IGNORED;
}

static enum reel_fate
begin_special(struct reel_sink_posix *s)
{
    const struct reel_sink_posix_object *o = &s->object;
    struct stat st;

    if (!reel_sink_posix_special_wanted(s))
        return REEL_FATE_IGNORED;
    if (!s->options.dry_run)
        return REEL_FATE_SPECIAL;
    return reel_sink_posix_judge(s, &o->about, o->facts.kind, 0, &st) ==
                   REEL_STANDING_STAYS
               ? REEL_FATE_IGNORED
               : REEL_FATE_DRY;
}

static enum reel_status
sink_begin(struct reel_sink *sink, uint64_t number,
           const struct reel_object *from, struct reel_err *err)
{
    struct reel_sink_posix *s = reel_sink_posix_of(sink);
    const bool directory      = from->kind == REEL_KIND_DIRECTORY;
    bool fine;

    reel_sink_posix_discard(s); /* of an object that never ended */
    object_set(s, number, from);
    REEL_TRY(reel_sink_posix_path(s, &s->object.about, directory, &fine, err));
    sink->left_out = !fine;
    if (!fine)
        return REEL_OK;
    if (directory)
        s->object.fate = begin_directory(s);
    else if (from->kind == REEL_KIND_FILE)
        s->object.fate = begin_file(s);
    else if (from->kind < REEL_KIND_LINK)
        s->object.fate = begin_special(s);
    if (s->object.fate == REEL_FATE_IGNORED)
        sink->left_out = !directory || !s->options.dry_run;
    return REEL_OK;
}

static enum reel_status
sink_xattr(struct reel_sink *sink, const struct reel_xattr *x,
           struct reel_err *err)
{
    struct reel_sink_posix *s = reel_sink_posix_of(sink);
    struct reel_err why;
    enum reel_status status;

    if (s->object.fate == REEL_FATE_IGNORED || s->object.fate == REEL_FATE_DRY)
        return REEL_OK;
    status = reel_facts_xattrs_add(&s->xattrs, x, &why);
    if (status == REEL_E_LIMIT) {
        reel_sink_note(&s->object.about, REEL_NOTE_SKIPPED, status,
                       "attribute %.*s is left out: %s",
                       x->name.len < 60 ? (int)x->name.len : 60,
                       (const char *)x->name.data, why.text);
        return REEL_OK;
    }
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status;
}

static enum reel_status
sink_stream(struct reel_sink *sink, const struct reel_stream *stream,
            struct reel_err *err)
{
    struct reel_sink_posix *s = reel_sink_posix_of(sink);

    if (s->object.fate == REEL_FATE_IGNORED)
        return REEL_OK;
    return reel_sink_posix_content_stream(s, stream, err);
}

static enum reel_status
sink_data(struct reel_sink *sink, const struct reel_data *d,
          struct reel_err *err)
{
    struct reel_sink_posix *s = reel_sink_posix_of(sink);

    (void)err;
    if (s->object.fate != REEL_FATE_IGNORED)
        reel_sink_posix_content_data(s, d);
    return REEL_OK;
}

static enum reel_status
sink_group_end(struct reel_sink *sink, const struct reel_group_end *g,
               struct reel_err *err)
{
    (void)sink; /* the engine has compared the digests */
    (void)g;
    (void)err;
    return REEL_OK;
}

#define RANGES_NAMED 4U

/* FLAWED: which octets of which streams are filling. */
static void
note_flawed(const struct reel_sink_posix_object *o,
            const struct reel_object_end *e)
{
    char text[120] = "";
    size_t len     = 0;
    uint32_t i;

    if (e == NULL)
        return;
    for (i = 0; i < e->bad_ranges && i < RANGES_NAMED; i++) {
        const struct reel_bad_range r = reel_object_end_bad_range(e, i);
        const int n = snprintf(text + len, sizeof(text) - len, "%s%llu+%llu",
                               i == 0 ? "" : ", ", (unsigned long long)r.offset,
                               (unsigned long long)r.len);

        if (n < 0 || (size_t)n >= sizeof(text) - len) {
            text[len] = '\0';
            break;
        }
        len += (size_t)n;
    }
    if (i < e->bad_ranges)
        reel_sink_note(&o->about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "not put back, filling at %s and %u more", text,
                       e->bad_ranges - i);
    else
        reel_sink_note(&o->about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "not put back, filling at %s", text);
}

static void
note_damaged(const struct reel_sink_posix_object *o)
{
    reel_sink_note(&o->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                   o->facts.kind == REEL_KIND_DIRECTORY
                       ? "its facts are not proven, so not put back"
                       : "not proven, so not put back");
}

static enum reel_status
end_dry(struct reel_sink_posix *s, struct reel_err *err)
{
    static const struct reel_sink_identity nothing;

    if (s->object.standing == REEL_STANDING_ALIKE)
        reel_sink_note(&s->object.about, REEL_NOTE_INFO, REEL_OK,
                       "would be compared with what is there");
    else
        reel_sink_note(&s->object.about, REEL_NOTE_INFO, REEL_OK,
                       "would be restored");
    return reel_sink_posix_remember(s, &nothing, err);
}

static enum reel_status
end_proven(struct reel_sink_posix *s, struct reel_err *err)
{
    struct reel_sink_posix_object *o = &s->object;

    o->facts.xattrs.data = s->xattrs.data;
    o->facts.xattrs.len  = s->xattrs.len;
    if (o->windows && o->fate != REEL_FATE_DRY)
        return reel_sink_posix_windows_end(s, err);
    switch (o->fate) {
    case REEL_FATE_FILE:
        return reel_sink_posix_content_end(s, err);
    case REEL_FATE_DIRECTORY:
        return reel_sink_posix_directory_end(s, err);
    case REEL_FATE_SPECIAL:
        return reel_sink_posix_special_end(s, err);
    case REEL_FATE_DRY:
        return end_dry(s, err);
    case REEL_FATE_LATER:
    case REEL_FATE_IGNORED:
        break;
    }
    return REEL_OK;
}

static enum reel_status
sink_end(struct reel_sink *sink, const struct reel_object_end *e,
         enum reel_outcome outcome, struct reel_err *err)
{
    struct reel_sink_posix *s        = reel_sink_posix_of(sink);
    struct reel_sink_posix_object *o = &s->object;
    enum reel_status status          = REEL_OK;

    if (o->fate == REEL_FATE_IGNORED)
        return REEL_OK;
    if (outcome == REEL_OUTCOME_PROVEN) {
        sink->left_out = o->fate != REEL_FATE_DRY;
        status         = end_proven(s, err);
    } else if (outcome == REEL_OUTCOME_FLAWED) {
        note_flawed(o, e);
    } else if (outcome != REEL_OUTCOME_ABSENT) {
        note_damaged(o);
    }
    reel_sink_posix_discard(s);
    o->fate = REEL_FATE_IGNORED;
    return status;
}

static void
note_left_out(const struct reel_sink_posix *s, uint64_t count, const char *what)
{
    const struct reel_sink_subject about = {.report = s->options.report};

    if (count > 0)
        reel_sink_note(&about, REEL_NOTE_OMITTED, REEL_OK,
                       "left out, for it was not asked for: %llu %s",
                       (unsigned long long)count, what);
}

static void
note_not_here(const struct reel_sink_posix *s, uint64_t count, const char *what)
{
    const struct reel_sink_subject about = {.report = s->options.report};

    if (count > 0)
        reel_sink_note(&about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "not kept here: %llu %s", (unsigned long long)count,
                       what);
}

static enum reel_status
sink_finish(struct reel_sink *sink, struct reel_err *err)
{
    struct reel_sink_posix *s = reel_sink_posix_of(sink);

    reel_sink_posix_discard(s);
    reel_sink_posix_leftovers_last(s);
    REEL_TRY(reel_sink_posix_directory_all(s, err));
    note_left_out(s, s->rules.owners_left_out, "owners");
    note_left_out(s, s->rules.modes_left_out,
                  "modes with setuid, setgid or sticky");
    note_left_out(s, s->rules.xattrs_left_out,
                  "attributes of security and trusted");
    note_not_here(s, s->windows_left_out.short_names, "short names");
    note_not_here(s, s->windows_left_out.attributes, "Windows attributes");
    note_not_here(s, s->windows_left_out.births, "times of birth");
    note_not_here(s, s->windows_left_out.cases,
                  "marks of directories whose names differ by case");
    if (!s->options.dry_run)
        reel_sink_sync(s->calls, s->options.dir_fd, &s->mounts,
                       s->options.report);
    return REEL_OK;
}

static void
sink_free(struct reel_sink *sink)
{
    struct reel_sink_posix *s;

    if (sink == NULL)
        return;
    s = reel_sink_posix_of(sink);
    reel_sink_posix_discard(s);
    reel_sink_posix_leftovers_last(s);
    reel_sink_posix_parent_fini(s);
    reel_sink_mounts_fini(&s->mounts, s->calls);
    reel_free(s->copy);
    reel_facts_xattrs_fini(&s->xattrs);
    reel_pending_dirs_fini(&s->pending);
    reel_made_table_fini(&s->made);
    reel_sink_path_fini(&s->path);
    reel_sink_extras_fini(&s->object.extras);
    reel_sink_seen_fini(&s->placed);
    reel_sink_seen_fini(&s->own);
    reel_free(s);
}

static const struct reel_sink_ops posix_ops = {
    .begin     = sink_begin,
    .xattr     = sink_xattr,
    .stream    = sink_stream,
    .data      = sink_data,
    .group_end = sink_group_end,
    .end       = sink_end,
    .link      = reel_sink_posix_link,
    .finish    = sink_finish,
    .free      = sink_free,
    .have      = reel_sink_posix_have,
};

/* Without changing it, as umask(2) would for all threads. All ones when it
   cannot be had: then every mode is set. */
static uint32_t
umask_of_process(void)
{
    FILE *f      = fopen("/proc/self/status", "re");
    uint32_t got = UINT32_MAX;
    char line[256];

    if (f == NULL)
        return got;
    while (fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "Umask:", 6) == 0)
            got = (uint32_t)strtoul(line + 6, NULL, 8);
    }
    (void)fclose(f);
    return got;
}

struct reel_sink *
reel_sink_posix_new_on(const struct reel_sink_posix_options *options,
                       const struct reel_sink_calls *calls,
                       struct reel_err *err)
{
    struct reel_sink_posix *s = reel_alloc_array(1, sizeof(*s));

    if (s == NULL) {
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory to restore with");
        return NULL;
    }
    s->sink.ops            = &posix_ops;
    s->options             = *options;
    s->calls               = calls;
    s->parent.fd           = -1;
    s->object.fd           = -1;
    s->object.side.dir_fd  = -1;
    s->object.side.file_fd = -1;
    reel_sink_extras_init(&s->object.extras);
    reel_sink_seen_init(&s->placed);
    reel_sink_seen_init(&s->own);
    reel_beneath_init(&s->beneath, options->dir_fd, calls);
    reel_sink_path_init(&s->path);
    reel_made_table_init(&s->made, options->temporary_dir);
    reel_pending_dirs_init(&s->pending, options->temporary_dir, calls);
    reel_facts_xattrs_init(&s->xattrs);
    s->rules.calls         = calls;
    s->rules.preserve      = options->preserve;
    s->rules.numeric_owner = options->numeric_owner;
    s->rules.own_uid       = (uint32_t)geteuid();
    s->rules.own_gid       = (uint32_t)getegid();
    s->rules.owners        = &s->owners;
    s->owners.lookup       = options->lookup;
    s->umask               = umask_of_process();
    /* collisions are found by O_EXCL, so a poor number is only slower */
    if (getrandom(&s->temporary_number, sizeof(s->temporary_number),
                  GRND_NONBLOCK) < 0)
        s->temporary_number = (uint64_t)getpid() << 32;
    return &s->sink;
}

struct reel_sink *
reel_sink_posix_new(const struct reel_sink_posix_options *options,
                    struct reel_err *err)
{
    return reel_sink_posix_new_on(options, reel_sink_calls_system(), err);
}
