/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3; writer: an archive begun by another writer is taken over. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"
#include "reel/head.h"
#include "writing.h"

/* The value of `name` in the canonical text of the options: what stands
   behind "name=" or, for a flag, behind "name". NULL: it is not there. */
static const char *
find_option(const char *options, const char *name)
{
    const size_t len = strlen(name);
    const char *at   = options;

    while ((at = strstr(at, name)) != NULL) {
        if ((at == options || at[-1] == ' ') &&
            (at[len] == '\0' || at[len] == ' ' || at[len] == '='))
            return at + len + (at[len] == '=');
        at += len;
    }
    return NULL;
}

static void
take_options(struct reel_writing *w)
{
    struct reel_write_options *const o = &w->o;
    char options[REEL_OPTIONS_BYTES_MAX + 1];
    const char *bytes;

    memcpy(options,
           w->facts.options.data == NULL ? (const uint8_t *)""
                                         : w->facts.options.data,
           w->facts.options.len);
    options[w->facts.options.len] = '\0';
    o->compression                = (enum reel_compression)w->facts.compression;
    o->level         = w->facts.level > 0 ? w->facts.level : REEL_WRITING_LEVEL;
    o->segment_limit = w->facts.segment_limit;
    o->one_file_system = find_option(options, "--one-file-system") != NULL;
    o->access_times    = find_option(options, "--atime") != NULL;
    bytes              = find_option(options, "--checkpoint-every");
    if (bytes != NULL && strtoull(bytes, NULL, 10) > 0)
        o->checkpoint_bytes = strtoull(bytes, NULL, 10);
}

static enum reel_status
take_exclude(struct reel_writing *w, struct reel_bytes pattern,
             struct reel_err *err)
{
    char **const more = reel_realloc_array(w->excludes, w->exclude_count + 1,
                                           sizeof(*w->excludes));
    char *copy;

    if (more != NULL)
        w->excludes = more;
    copy = reel_alloc_array(pattern.len + 1, 1);
    if (more == NULL || copy == NULL) {
        reel_free(copy);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a pattern");
    }
    memcpy(copy, pattern.data, pattern.len);
    w->excludes[w->exclude_count++] = copy;
    return REEL_OK;
}

static enum reel_status
take_source(struct reel_writing *w, struct reel_bytes record,
            struct reel_err *err)
{
    struct reel_cursor c = reel_cursor_init(record.data, record.len, NULL);
    struct reel_source_record s;
    struct reel_record r;
    struct reel_bytes path = {w->record, 0};

    REEL_TRY(reel_record_next(&r, &c, err));
    if (r.type != REEL_RECORD_SOURCE)
        return REEL_OK;
    c = reel_record_cursor(&r);
    REEL_TRY(reel_source_record_decode(&s, &c, err));
    if (s.role == REEL_ROLE_EXCLUDE)
        return take_exclude(w, s.text, err);
    memcpy(w->record, s.text.data, s.text.len);
    w->record[s.text.len] = 0;
    path.len              = s.text.len + 1;
    return reel_spool_add(&w->paths, path, err);
}

/* Paths and patterns as the archive was begun with. */
static enum reel_status
take_sources(struct reel_writing *w, struct reel_err *err)
{
    struct reel_bytes record;
    enum reel_status status;
    uint64_t at = 0;

    REEL_TRY(reel_spool_init(&w->paths, w->o.temporary_dir, err));
    while ((status = reel_spool_next(&w->resume.head, &at, &record, err)) ==
           REEL_OK)
        REEL_TRY(take_source(w, record, err));
    w->o.excludes      = (const char *const *)w->excludes;
    w->o.exclude_count = w->exclude_count;
    return status == REEL_END ? REEL_OK : status;
}

/* Is it begun from such a source as is at hand now? */
static enum reel_status
check_source(const struct reel_writing *w, struct reel_err *err)
{
    const uint8_t source             = reel_writing_source_kind(&w->o);
    static const char *const names[] = {"a source that is not known",
                                        "a file system", "an NTFS volume",
                                        "raw streams"};

    if (w->facts.source == source)
        return REEL_OK;
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "the archive was begun from %s, not from %s",
                     names[w->facts.source & 3], names[source & 3]);
}

static enum reel_status
open_base(struct reel_writing *w, struct reel_err *err)
{
    const struct reel_bytes base = w->facts.base;

    memcpy(w->record, base.len == 0 ? (const uint8_t *)"." : base.data,
           base.len == 0 ? 1 : base.len);
    w->record[base.len == 0 ? 1 : base.len] = 0;
    w->base_fd =
        open((const char *)w->record, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->base_fd < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "cannot open %.40s, where the archive was begun: "
                         "%.30s; nothing was changed",
                         (const char *)w->record, strerror(errno));
    w->o.base_fd = w->base_fd;
    return REEL_OK;
}

/* Only the second END is wanting. If there is no room for it, the archive is
   gone on with from its last checkpoint, and has a catalog anew. */
static enum reel_status
complete_ends(struct reel_writing *w, struct reel_err *err)
{
    struct reel_append *const a = &w->append;
    enum reel_status status;

    status   = reel_second_end_write(&w->second_end, a, w->o.medium,
                                     w->o.catalog_fd, err);
    w->ended = status == REEL_OK;
    if (status != REEL_E_FULL)
        return status;
    a->archives[a->archive_count - 1].complete = false;
    return REEL_OK;
}

/* Find what there is to resume, and take over what it was begun with. */
enum reel_status
reel_writing_resume(struct reel_writing *w, struct reel_err *err)
{
    if (!reel_medium_info(w->o.medium)->can_locate)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "an archive cannot be resumed on a pipe");
    REEL_TRY(reel_append_find(&w->append, w->o.medium, err));
    if (w->append.new_set) /* of the set nothing comes behind that before it */
        REEL_TRY(reel_writing_pass_unused(w, err));
    else
        REEL_TRY(reel_writing_to_last(w, err));
    if (w->append.end_missing) {
        REEL_TRY(complete_ends(w, err));
        if (w->ended)
            return REEL_OK;
    }
    REEL_TRY(reel_resume_find(&w->resume, &w->append, w->o.medium, w->o.volumes,
                              w->o.temporary_dir, err));
    w->o.medium       = w->resume.medium;
    w->block_bytes    = w->append.block_bytes;
    w->append.archive = w->resume.archive;
    w->facts          = w->resume.facts;
    memcpy(w->set_id, w->append.set_id, sizeof(w->set_id));
    take_options(w);
    w->o.raw |= w->facts.source == REEL_SOURCE_RAW && w->o.relay == NULL;
    REEL_TRY(check_source(w, err));
    REEL_TRY(take_sources(w, err));
    return w->o.relay == NULL ? open_base(w, err) : REEL_OK;
}

static enum reel_status
load(void *ctx, const struct reel_record *r, uint64_t behind,
     struct reel_err *err)
{
    struct reel_writing *const w = ctx;

    return reel_volume_writer_load(&w->volume, r, behind, err);
}

/* VOLUME of those volumes that no checkpoint knows. */
static enum reel_status
load_volumes(struct reel_writing *w, struct reel_err *err)
{
    size_t i;

    for (i = w->resume.seen_count; i-- > 0;) {
        const struct reel_resume_volume *const v = &w->resume.seen[i];
        const struct reel_bytes record           = {v->record, v->record_bytes};

        if (v->record_bytes > 0 && v->number > w->volume.loaded_volume)
            REEL_TRY(reel_volume_writer_load_volume(&w->volume, record, err));
    }
    return REEL_OK;
}

static void
tell_torn(const struct reel_writing *w)
{
    const struct reel_bytes path = {w->volume.open_path,
                                    w->volume.open_path_bytes};
    struct reel_err why;

    if (w->volume.open_object == 0)
        return;
    (void)reel_fail(&why, REEL_E_TRUNCATED, NULL, NULL,
                    "was being written when the archive was interrupted; it is "
                    "written once more");
    reel_note_send(&w->o.report, REEL_NOTE_INFO, w->volume.open_encoding, path,
                   w->volume.open_object, &why);
}

enum reel_status
reel_writing_begin_again(struct reel_writing *w, struct reel_err *err)
{
    const struct reel_resume *const r = &w->resume;
    const uint64_t objects =
        r->chain_count > 0 ? r->chain[0].checkpoint.objects : 0;

    REEL_TRY(reel_writing_new_done(w, objects, err));
    REEL_TRY(reel_resume_each(&w->resume, load, w, err));
    REEL_TRY(load_volumes(w, err));
    tell_torn(w);
    w->volume.tape.volumes = r->last_volume - r->first_volume + 1;
    w->progress            = w->volume.checkpoint;
    return reel_writing_go_on(w, r->run + 1, err);
}
