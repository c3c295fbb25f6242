/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8, a directory compared with an archive: objects of
   encoding 2 with what 8.5 makes of them; policy layer. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "beneath.h"
#include "made_table.h"
#include "pending_dirs.h"
#include "reel/alloc.h"
#include "reel/limits.h"
#include "reel/reparse.h"
#include "sink_compare.h"
#include "sink_compare_facts.h"
#include "sink_content.h"
#include "sink_note.h"
#include "sink_path.h"
#include "sink_seen.h"
#include "sink_windows.h"

#define READ_BYTES 65536U
#define SIDE_SUFFIX ".reel-streams" /* 8.5 */

struct compare {
    struct reel_sink sink;
    struct reel_sink_compare_options options;
    const struct reel_sink_calls *calls;
    struct reel_beneath beneath;
    struct reel_sink_path path; /* of the object at hand */
    struct reel_made_table made;
    struct reel_pending_dirs directories;
    struct reel_sink_owners owners;
    struct reel_facts_xattrs xattrs;
    struct reel_sink_seen seen;

    /* the object at hand */
    bool active; /* it is here, and of the same kind */
    int fd;      /* O_PATH, -1: none */
    int data_fd; /* of a file, for reading, -1: none */
    uint8_t kind;
    uint32_t link_count;
    struct reel_sink_subject about;
    struct reel_sink_differences differences;
    struct reel_sink_identity identity;
    struct reel_sink_content content;
    uint64_t compared; /* octets of the content compared, holes included */
    bool content_differs;
    bool reparse_stream;
    bool windows;            /* encoding 2 */
    bool may_turn;           /* what it is here is known at its end only: */
    struct reel_object late; /* its facts, without texts */
    struct stat here;
    size_t reparse_len;
    uint8_t reparse[REEL_REPARSE_BYTES_MAX];
    uint8_t path_bytes[REEL_PATH_BYTES_MAX];
    uint8_t buf[READ_BYTES];
};

static struct compare *
compare_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

static void
leave(struct compare *c)
{
    if (c->fd >= 0)
        (void)c->calls->close(c->fd);
    if (c->data_fd >= 0)
        (void)c->calls->close(c->data_fd);
    c->fd      = -1;
    c->data_fd = -1;
    c->active  = false;
}

/* Set everything that speaks of the object. */
static void
subject_set(struct compare *c, uint64_t number, const struct reel_object *o)
{
    struct reel_bytes path;

    path.data = c->path_bytes;
    path.len =
        o->path.len < REEL_PATH_BYTES_MAX ? o->path.len : REEL_PATH_BYTES_MAX;
    if (path.len > 0)
        memcpy(c->path_bytes, o->path.data, path.len);
    c->about.report         = c->options.report;
    c->about.object         = number;
    c->about.encoding       = o->encoding;
    c->about.path           = path;
    c->differences.differs  = c->options.differs;
    c->differences.ctx      = c->options.ctx;
    c->differences.encoding = o->encoding;
    c->differences.path     = path;
}

/* Set c->path, and remember it. *fine false: noted, or nothing is left. */
static enum reel_status
path_set(struct compare *c, bool directory, bool *fine, struct reel_err *err)
{
    enum reel_sink_path_verdict verdict;
    struct reel_bytes here;
    struct reel_err why;

    REEL_TRY(reel_sink_path_set(&c->path, c->about.path, c->about.encoding,
                                c->options.strip, &verdict, &why, err));
    *fine = verdict == REEL_SINK_PATH_FINE && (directory || c->path.len > 0);
    if (!*fine) {
        if (verdict != REEL_SINK_PATH_STRIPPED || !directory)
            reel_sink_note(&c->about, REEL_NOTE_SKIPPED, REEL_E_INVALID,
                           "its path cannot be used here");
        return REEL_OK;
    }
    here.data = (const uint8_t *)c->path.text;
    here.len  = c->path.len;
    return reel_sink_seen_add(&c->seen, REEL_ENCODING_POSIX, here, err);
}

/* Open what stands at c->path; false: it differs by not being there, or
   noted. */
static bool
open_here(struct compare *c)
{
    c->fd = reel_beneath_open(&c->beneath, c->path.text, c->path.len, O_PATH);
    if (c->fd >= 0 && reel_sink_identity_get(c->calls, c->fd, "", AT_EMPTY_PATH,
                                             &c->identity) == 0)
        return true;
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
        reel_sink_differ(&c->differences, "missing here");
    else
        reel_sink_note_errno(&c->about, errno, "cannot be compared");
    return false;
}

static void
open_data(struct compare *c)
{
    c->data_fd = reel_beneath_open(&c->beneath, c->path.text, c->path.len,
                                   O_RDONLY | O_NONBLOCK | O_NOATIME);
    if (c->data_fd < 0 && errno == EPERM) /* somebody else's */
        c->data_fd = reel_beneath_open(&c->beneath, c->path.text, c->path.len,
                                       O_RDONLY | O_NONBLOCK);
    if (c->data_fd < 0)
        reel_sink_note_errno(&c->about, errno, "cannot be read");
}

/* Its facts are compared at its end. */
static void
put_off(struct compare *c, const struct reel_object *o, const struct stat *st)
{
    static const struct reel_bytes none;

    c->late            = *o;
    c->late.path       = none;
    c->late.user       = none;
    c->late.group      = none;
    c->late.short_name = none;
    c->here            = *st;
    c->active          = true;
}

static enum reel_status
compare_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
              struct reel_err *err)
{
    struct compare *c = compare_of(s);
    struct stat st;
    bool fine;

    leave(c);
    subject_set(c, number, o);
    c->kind            = o->kind;
    c->link_count      = o->link_count;
    c->compared        = 0;
    c->content_differs = false;
    c->reparse_stream  = false;
    c->reparse_len     = 0;
    c->xattrs.len      = 0;
    c->windows         = o->encoding == REEL_ENCODING_UTF16;
    c->may_turn        = reel_sink_windows_may_turn(o);
    reel_sink_content_init(&c->content, o->kind == REEL_KIND_FILE, o->size);
    REEL_TRY(path_set(c, o->kind == REEL_KIND_DIRECTORY, &fine, err));
    if (!fine || !open_here(c))
        return REEL_OK;
    if (c->calls->fstatat(c->fd, "", &st, AT_EMPTY_PATH) != 0) {
        reel_sink_note_errno(&c->about, errno, "cannot be compared");
        return REEL_OK;
    }
    if (c->may_turn) {
        put_off(c, o, &st);
        return REEL_OK;
    }
    c->active = reel_sink_compare_facts(
        &c->differences, o, &st, c->options.numeric_owner ? NULL : &c->owners);
    if (c->active && o->kind == REEL_KIND_FILE) {
        c->content_differs = (uint64_t)st.st_size != o->size; /* told */
        open_data(c);
    }
    return REEL_OK;
}

static enum reel_status
compare_xattr(struct reel_sink *s, const struct reel_xattr *x,
              struct reel_err *err)
{
    struct compare *c = compare_of(s);
    struct reel_err why;
    enum reel_status status;

    if (!c->active)
        return REEL_OK;
    status = reel_facts_xattrs_add(&c->xattrs, x, &why);
    if (status == REEL_E_LIMIT) {
        reel_sink_note(&c->about, REEL_NOTE_SKIPPED, status,
                       "an attribute is not compared: %s", why.text);
        return REEL_OK;
    }
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status;
}

static enum reel_status
compare_stream(struct reel_sink *s, const struct reel_stream *stream,
               struct reel_err *err)
{
    struct compare *c                  = compare_of(s);
    const struct reel_stream_header *h = &stream->header;

    (void)err;
    c->reparse_stream = false;
    if (reel_sink_content_stream(&c->content, h) != REEL_SINK_PART_OTHER)
        return REEL_OK;
    if (h->id == REEL_STREAM_REPARSE_DATA && c->reparse_len == 0 &&
        (c->may_turn ||
         (c->kind != REEL_KIND_FILE && c->kind != REEL_KIND_DIRECTORY)))
        c->reparse_stream = true;
    else if (c->active && !c->windows)
        reel_sink_note(&c->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "stream %u %s of %llu octets has no place on this "
                       "system",
                       h->id, reel_stream_id_name(h->id),
                       (unsigned long long)h->size);
    return REEL_OK;
}

/* Octets of the content that differ: told once, with the place. */
static void
content_differs(struct compare *c, uint64_t at)
{
    if (!c->content_differs)
        reel_sink_differ(&c->differences, "content differs from octet %llu",
                         (unsigned long long)at);
    c->content_differs = true;
}

/* Compare [at, at + len) with `bytes`, or with zeros when that is NULL. */
static void
compare_run(struct compare *c, uint64_t at, const uint8_t *bytes, size_t len)
{
    while (len > 0 && !c->content_differs && c->data_fd >= 0) {
        const size_t n = len < READ_BYTES ? len : READ_BYTES;
        const ssize_t got =
            reel_sink_read_full(c->calls, c->data_fd, c->buf, n, at);
        size_t i;

        if (got < 0) {
            reel_sink_note_errno(&c->about, errno, "cannot be read");
            (void)c->calls->close(c->data_fd);
            c->data_fd = -1;
            return;
        }
        if ((size_t)got == n &&
            (bytes == NULL ? reel_bytes_zero(c->buf, n)
                           : memcmp(c->buf, bytes, n) == 0)) {
            at += n;
            len -= n;
            bytes = bytes == NULL ? NULL : bytes + n;
            continue;
        }
        for (i = 0; i < (size_t)got; i++) {
            if (c->buf[i] != (bytes == NULL ? 0 : bytes[i]))
                break;
        }
        content_differs(c, at + i);
    }
}

/* What the archive does not give, up to `end`, must be zero here. */
static void
compare_hole(struct compare *c, uint64_t end)
{
    while (c->compared < end && !c->content_differs && c->data_fd >= 0) {
        const off_t found = lseek(c->data_fd, (off_t)c->compared, SEEK_DATA);
        uint64_t left;

        if (found < 0 && errno == ENXIO)
            break;
        if (found >= 0)
            c->compared = (uint64_t)found;
        if (c->compared >= end || reel_stop_asked(c->options.report))
            break;
        left = end - c->compared;
        left = left < READ_BYTES ? left : READ_BYTES;
        compare_run(c, c->compared, NULL, (size_t)left);
        c->compared += left;
    }
    c->compared = end;
}

static enum reel_status
compare_data(struct reel_sink *s, const struct reel_data *d,
             struct reel_err *err)
{
    struct compare *c = compare_of(s);
    struct reel_bytes bytes;
    uint64_t at;

    (void)err;
    if (!reel_sink_content_data(&c->content, d, &bytes, &at)) {
        if (!c->reparse_stream)
            return REEL_OK;
        if (d->bytes.len > sizeof(c->reparse) - c->reparse_len) {
            c->content.wrong = true;
            return REEL_OK;
        }
        memcpy(c->reparse + c->reparse_len, d->bytes.data, d->bytes.len);
        c->reparse_len += d->bytes.len;
        return REEL_OK;
    }
    if (!c->active || bytes.len == 0)
        return REEL_OK;
    if (at < c->compared) { /* S-8: they ascend */
        c->content.wrong = true;
        return REEL_OK;
    }
    compare_hole(c, at);
    compare_run(c, at, bytes.data, bytes.len);
    c->compared = at + bytes.len;
    return REEL_OK;
}

static enum reel_status
compare_group_end(struct reel_sink *s, const struct reel_group_end *g,
                  struct reel_err *err)
{
    (void)s;
    (void)g;
    (void)err;
    return REEL_OK;
}

static void
compare_target(struct compare *c)
{
    const struct reel_bytes body = {c->reparse, c->reparse_len};
    struct reel_sink_reparse r;
    char target[PATH_MAX];
    ssize_t n;

    if (reel_sink_reparse_read(&r, body, c->windows) !=
            REEL_SINK_REPARSE_FINE ||
        r.kind != c->kind) {
        reel_sink_note(&c->about, REEL_NOTE_SKIPPED, REEL_E_UNSUPPORTED,
                       "its reparse data has no counterpart on this system");
        return;
    }
    if (c->kind != REEL_KIND_SYMLINK)
        return;
    n = c->calls->readlinkat(c->fd, "", target, sizeof(target));
    if (n < 0)
        reel_sink_note_errno(&c->about, errno, "cannot be read");
    else if ((size_t)n != r.target_len ||
             memcmp(target, r.target, (size_t)n) != 0)
        reel_sink_differ(&c->differences, "its target differs");
}

/* What was put off: the reparse data say what it ought to be here. */
static void
compare_late(struct compare *c)
{
    const struct reel_bytes body = {c->reparse, c->reparse_len};
    struct reel_sink_reparse r;

    if (body.len > 0 &&
        reel_sink_reparse_read(&r, body, true) == REEL_SINK_REPARSE_FINE)
        c->late.kind = r.kind;
    c->kind = c->late.kind;
    c->active =
        reel_sink_compare_facts(&c->differences, &c->late, &c->here,
                                c->options.numeric_owner ? NULL : &c->owners);
}

/* Attributes, and what is left of the content. */
static enum reel_status
compare_rest(struct compare *c, struct reel_err *err)
{
    int unreadable;

    if (c->may_turn)
        compare_late(c);
    if (!c->active)
        return REEL_OK;
    if (c->kind == REEL_KIND_FILE)
        compare_hole(c, c->content.size);
    else if (c->kind != REEL_KIND_DIRECTORY)
        compare_target(c);
    if (c->windows)
        return REEL_OK; /* which of them are here is up to the file system */
    REEL_TRY(reel_sink_compare_xattrs(&c->differences, c->fd, &c->xattrs,
                                      &unreadable, err));
    if (unreadable != 0)
        reel_sink_note_errno(&c->about, errno, "its attributes cannot be read");
    return REEL_OK;
}

/* Its names are looked at when all of the archive is known. */
static enum reel_status
directory_keep(struct compare *c, struct reel_err *err)
{
    struct reel_pending_dir d;

    memset(&d, 0, sizeof(d));
    d.number   = c->about.object;
    d.identity = c->identity;
    d.encoding = c->about.encoding;
    d.path     = c->about.path;
    return reel_pending_dirs_add(&c->directories, &d, err);
}

static enum reel_status
compare_end(struct reel_sink *s, const struct reel_object_end *e,
            enum reel_outcome outcome, struct reel_err *err)
{
    struct compare *c       = compare_of(s);
    const bool whole        = reel_sink_content_whole(&c->content);
    enum reel_status status = REEL_OK;

    if (outcome == REEL_OUTCOME_ABSENT) {
        leave(c);
        return REEL_OK;
    }
    if (outcome == REEL_OUTCOME_DAMAGED || !whole) {
        reel_sink_note(&c->about, REEL_NOTE_LOST, REEL_E_CORRUPT,
                       "not proven, so not compared to its end");
        leave(c);
        return REEL_OK;
    }
    if (outcome == REEL_OUTCOME_FLAWED)
        reel_sink_note(&c->about, REEL_NOTE_FLAWED, REEL_E_CORRUPT,
                       "%u ranges in the archive are filling",
                       e == NULL ? 0 : e->bad_ranges);
    if (c->active)
        status = compare_rest(c, err);
    if (status == REEL_OK && c->active && c->kind == REEL_KIND_DIRECTORY)
        status = directory_keep(c, err);
    else if (status == REEL_OK && c->active)
        status =
            reel_made_table_add(&c->made, c->about.object, c->path.text,
                                c->path.len, &c->identity, c->link_count, err);
    leave(c);
    return status;
}

/* Both names must be the same file here. What the first name is was compared
   already; when it is not here, this says so too. */
static enum reel_status
compare_link(struct reel_sink *s, const struct reel_object *o, bool *made,
             struct reel_err *err)
{
    struct compare *c = compare_of(s);
    struct reel_made m;
    bool found;
    bool fine;

    leave(c);
    *made = true;
    if ((o->facts & REEL_FACT_OUTSIDE) != 0)
        return REEL_OK;
    REEL_TRY(reel_made_table_find(&c->made, o->target, &found, &m, err));
    *made = found;
    subject_set(c, 0, o);
    REEL_TRY(path_set(c, false, &fine, err));
    if (!found)
        return REEL_OK;
    if (fine && open_here(c) &&
        !reel_sink_identity_same(&c->identity, &m.identity))
        reel_sink_differ(&c->differences,
                         "link: not the same file here as %.*s",
                         (int)(m.path.len < 200 ? m.path.len : 200),
                         (const char *)m.path.data);
    leave(c);
    reel_made_table_name_met(&c->made, o->target);
    return REEL_OK;
}

/* Is it a directory of side files of something in the archive? */
static bool
is_side(const struct compare *c, struct reel_bytes here)
{
    const size_t len = strlen(SIDE_SUFFIX);

    if (c->about.encoding != REEL_ENCODING_UTF16 || here.len < len ||
        memcmp(here.data + here.len - len, SIDE_SUFFIX, len) != 0)
        return false;
    here.len -= len;
    return reel_sink_seen_has(&c->seen, REEL_ENCODING_POSIX, here);
}

/* One name in the directory c->path: is it in the archive? */
static enum reel_status
judge_name(struct compare *c, const char *name, struct reel_err *err)
{
    const size_t before = c->path.len == 0 ? 0 : c->path.len + 1;
    const size_t len    = before + strlen(name);
    struct reel_bytes here;
    char *text;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return REEL_OK;
    text = reel_alloc_array(len + 1, 1);
    if (text == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a path of %zu octets", len);
    if (before > 0) {
        memcpy(text, c->path.text, before - 1);
        text[before - 1] = '/';
    }
    memcpy(text + before, name, len - before);
    here.data = (const uint8_t *)text;
    here.len  = len;
    if (!reel_sink_seen_has(&c->seen, REEL_ENCODING_POSIX, here) &&
        !is_side(c, here))
        c->options.differs(c->options.ctx, REEL_ENCODING_POSIX, here,
                           "not in the archive");
    reel_free(text);
    return REEL_OK;
}

/* The names in the directory c->path. */
static enum reel_status
judge_names(struct compare *c, const struct reel_sink_subject *about,
            struct reel_err *err)
{
    const int fd = reel_beneath_open(&c->beneath, c->path.text, c->path.len,
                                     O_RDONLY | O_DIRECTORY);
    DIR *dir     = fd < 0 ? NULL : fdopendir(fd);
    enum reel_status status = REEL_OK;
    const struct dirent *entry;

    if (dir == NULL) {
        reel_sink_note_errno(about, errno, "cannot be listed");
        if (fd >= 0)
            (void)c->calls->close(fd);
        return REEL_OK;
    }
    errno = 0;
    while (status == REEL_OK && (entry = readdir(dir)) != NULL) {
        status = judge_name(c, entry->d_name, err);
        errno  = 0;
    }
    if (status == REEL_OK && errno != 0)
        reel_sink_note_errno(about, errno, "cannot be listed to its end");
    (void)closedir(dir);
    return status;
}

static enum reel_status
compare_finish(struct reel_sink *s, struct reel_err *err)
{
    struct compare *c = compare_of(s);
    struct reel_pending_dir d;
    enum reel_status status;

    leave(c);
    while ((status = reel_pending_dirs_next(&c->directories, &d, err)) ==
           REEL_OK) {
        const struct reel_sink_subject about = {.report   = c->options.report,
                                                .object   = d.number,
                                                .path     = d.path,
                                                .encoding = d.encoding};
        bool fine;

        c->about = about;
        REEL_TRY(path_set(c, true, &fine, err));
        if (fine)
            REEL_TRY(judge_names(c, &about, err));
    }
    return status == REEL_END ? REEL_OK : status;
}

static void
compare_free(struct reel_sink *s)
{
    struct compare *c;

    if (s == NULL)
        return;
    c = compare_of(s);
    leave(c);
    reel_sink_path_fini(&c->path);
    reel_made_table_fini(&c->made);
    reel_pending_dirs_fini(&c->directories);
    reel_facts_xattrs_fini(&c->xattrs);
    reel_sink_seen_fini(&c->seen);
    reel_free(c);
}

static const struct reel_sink_ops compare_ops = {
    .begin     = compare_begin,
    .xattr     = compare_xattr,
    .stream    = compare_stream,
    .data      = compare_data,
    .group_end = compare_group_end,
    .end       = compare_end,
    .link      = compare_link,
    .finish    = compare_finish,
    .free      = compare_free,
};

struct reel_sink *
reel_sink_compare_new(const struct reel_sink_compare_options *options,
                      struct reel_err *err)
{
    struct compare *c = reel_alloc_array(1, sizeof(*c));

    if (c == NULL) {
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory to compare with");
        return NULL;
    }
    c->sink.ops      = &compare_ops;
    c->options       = *options;
    c->owners.lookup = options->lookup;
    c->calls         = reel_sink_calls_system();
    c->fd            = -1;
    c->data_fd       = -1;
    reel_beneath_init(&c->beneath, options->dir_fd, c->calls);
    reel_sink_path_init(&c->path);
    reel_made_table_init(&c->made, options->temporary_dir);
    reel_pending_dirs_init(&c->directories, options->temporary_dir, c->calls);
    reel_facts_xattrs_init(&c->xattrs);
    reel_sink_seen_init(&c->seen);
    return &c->sink;
}
