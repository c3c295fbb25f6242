/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2, 5 and 9; writer: one archive from beginning to end. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "append.h"
#include "asking.h"
#include "data_end.h"
#include "object_packer.h"
#include "pipeline.h"
#include "reel/alloc.h"
#include "reel/head.h"
#include "reel/write.h"
#include "resume.h"
#include "raw_facts.h"
#include "source_posix.h"
#include "source_raw.h"
#include "source_relay.h"
#include "volume_writer.h"

#define LEVEL_DEFAULT 3
#define CHECKPOINT_BYTES_DEFAULT (16ULL << 30)

/* Everything one call needs. */
struct writing {
    struct reel_write_options o; /* with the defaults filled in */
    struct reel_write_result *result;
    struct reel_append append;
    uint32_t block_bytes;
    uint8_t set_id[REEL_SET_ID_BYTES];
    struct reel_archive facts;
    struct reel_volume_writer volume;
    bool volume_begun;
    uint8_t *record; /* one record of the head */

    /* The paths asked for, each with its NUL, and the records of the head:
       both may be too many for memory. */
    struct reel_spool paths;
    uint64_t next_path; /* in the spool */
    struct reel_spool head;

    struct reel_resume resume;
    struct reel_done done; /* what stands on the volumes already */
    uint64_t passed_over;
    unsigned int attempts; /* since the last checkpoint: */
    uint32_t progress;
    int base_fd;                      /* opened here; -1: none */
    struct reel_source *relay_source; /* NULL: not started */
    int relay_fd;
    char **excludes; /* read from the tape */
    size_t exclude_count;
};

/* So often a medium may fail without a checkpoint in between. */
#define ATTEMPTS_MAX 3U

#define RECORD_ROOM (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

static struct reel_bytes
text(const char *s)
{
    return reel_bytes_of(s == NULL ? "" : s);
}

bool
reel_write_takes_raw(void)
{
    return reel_raw_facts_built_in();
}

static uint8_t
source_of(const struct reel_write_options *o)
{
    if (o->raw)
        return REEL_SOURCE_RAW;
    return o->relay == NULL ? REEL_SOURCE_POSIX : o->relay->source;
}

static enum reel_status
check_options(struct writing *w, struct reel_err *err)
{
    struct reel_write_options *const o = &w->o;

    if (o->raw && !reel_write_takes_raw())
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                         "raw streams are not built in");
    if (o->block_bytes == 0)
        o->block_bytes = REEL_BLOCK_BYTES_DEFAULT;
    if (o->segment_limit == 0)
        o->segment_limit = REEL_SEGMENT_LIMIT_DEFAULT;
    if (o->threads == 0)
        o->threads = 1;
    if (o->level == 0)
        o->level = LEVEL_DEFAULT;
    if (o->checkpoint_bytes == 0)
        o->checkpoint_bytes = CHECKPOINT_BYTES_DEFAULT;
    if (o->block_bytes < REEL_BLOCK_BYTES_MIN ||
        o->block_bytes > REEL_BLOCK_BYTES_MAX || o->block_bytes % 512 != 0)
        return reel_fail(err, REEL_E_MISUSE, NULL, "L-3",
                         "block size %u is not a multiple of 512 in 512 ... "
                         "1048576",
                         o->block_bytes);
    if (o->segment_limit < REEL_SEGMENT_LIMIT_MIN ||
        o->segment_limit > REEL_SEGMENT_LIMIT_MAX)
        return reel_fail(err, REEL_E_MISUSE, NULL, "G-7",
                         "segment size %u is not in 262144 ... 16777216",
                         o->segment_limit);
    return REEL_OK;
}

/* -------------------------------------------------------------- the medium */

static enum reel_status
new_set(struct writing *w, struct reel_err *err)
{
    w->append.new_set = true;
    w->append.archive = 1;
    w->block_bytes    = w->o.block_bytes;
    if (w->o.set_id != NULL) {
        memcpy(w->set_id, w->o.set_id, sizeof(w->set_id));
        return REEL_OK;
    }
    if (getrandom(w->set_id, sizeof(w->set_id), 0) !=
        (ssize_t)sizeof(w->set_id))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "no random set id to be had: %s", strerror(errno));
    return REEL_OK;
}

static enum reel_status
not_the_last(const struct reel_append *first, struct reel_err *err)
{
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "archive %u goes on on another volume than %u, or was "
                     "interrupted: give the last volume of the set, or resume "
                     "it",
                     first->archive - 1, first->volume);
}

/* Put the last volume of the set into the drive. `first` is what was found on
   the one at hand. */
static enum reel_status
ask_for_last(struct writing *w, const struct reel_append *first,
             struct reel_err *err)
{
    const struct reel_volume_wish wish = {0, true, first->set_id, NULL, NULL};
    struct reel_asking asking          = {0};
    enum reel_status status;

    for (;;) {
        status =
            reel_asking_get(&asking, w->o.volumes, &wish, &w->o.medium, err);
        if (status == REEL_END)
            return not_the_last(first, err);
        REEL_TRY(status);
        reel_append_fini(&w->append);
        status = reel_append_find(&w->append, w->o.medium, err);
        if (status == REEL_E_MEMORY)
            return status;
        if (status == REEL_OK && !w->append.new_set &&
            memcmp(w->append.set_id, first->set_id, sizeof(first->set_id)) == 0)
            return REEL_OK;
        reel_asking_refuse(&asking, "it is no volume of this set", "");
    }
}

/* What stands on the last volume of the set. */
static enum reel_status
look_at_set(struct writing *w, struct reel_err *err)
{
    struct reel_append first;
    enum reel_status status;

    REEL_TRY(reel_append_find(&w->append, w->o.medium, err));
    if (w->append.new_set || !w->append.goes_on)
        return REEL_OK;
    first = w->append;
    memset(&w->append, 0, sizeof(w->append));
    status = ask_for_last(w, &first, err);
    reel_append_fini(&first);
    return status;
}

/* Append, or begin a new set? */
static enum reel_status
look_at_medium(struct writing *w, struct reel_err *err)
{
    if (!reel_medium_info(w->o.medium)->can_locate)
        return new_set(w, err);
    if (!w->o.overwrite) {
        REEL_TRY(look_at_set(w, err));
        if (!w->append.new_set) {
            w->block_bytes = w->append.block_bytes;
            memcpy(w->set_id, w->append.set_id, sizeof(w->set_id));
            return REEL_OK;
        }
    }
    REEL_TRY(reel_medium_locate(w->o.medium, 0, err));
    return new_set(w, err);
}

/* ---------------------------------------------------------------- the head */

static void
fill_facts(struct writing *w)
{
    struct reel_archive *const a             = &w->facts;
    const struct reel_write_options *const o = &w->o;

    a->edition       = REEL_EDITION;
    a->source        = source_of(o);
    a->compression   = (uint8_t)o->compression;
    a->segment_limit = o->segment_limit;
    a->created       = o->created;
    a->archive       = w->append.archive;
    a->level         = o->compression == REEL_COMPRESSION_NONE ? 0 : o->level;
    a->previous_archive = w->append.previous_archive;
    a->previous         = w->append.previous;
    a->base_encoding    = REEL_ENCODING_POSIX;
    a->name             = text(o->name);
    a->host             = text(o->host);
    a->system           = text(o->system);
    a->software         = text(o->software);
    a->options          = text(o->options);
    a->base             = text(o->base_path);
}

static enum reel_status
keep_head(struct writing *w, const struct reel_builder *b, struct reel_err *err)
{
    const struct reel_bytes record = {w->record, b->len};

    return reel_spool_add(&w->head, record, err);
}

static enum reel_status
keep_source(struct writing *w, uint8_t role, const char *what,
            struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
    const struct reel_source_record s = {role, REEL_ENCODING_POSIX, text(what)};

    if (s.text.len == 0 || s.text.len > REEL_PATH_BYTES_MAX)
        return REEL_OK; /* the source says what is wrong with it */
    REEL_TRY(reel_source_record_encode(&s, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier_archive(struct writing *w, const struct reel_known_archive *k,
                     struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
    struct reel_earlier_archive a;

    memset(&a, 0, sizeof(a));
    a.archive = k->archive;
    if (k->complete) {
        a.complete     = true;
        a.end          = k->position;
        a.created      = k->end.created;
        a.objects      = k->end.objects;
        a.stream_bytes = k->end.stream_bytes;
        a.name.data    = (const uint8_t *)k->name;
        a.name.len     = k->name_bytes;
        memcpy(a.fingerprint, k->end.fingerprint, sizeof(a.fingerprint));
    }
    REEL_TRY(reel_earlier_archive_encode(&a, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier_volume(struct writing *w, const struct reel_earlier_volume *v,
                    struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);

    REEL_TRY(reel_earlier_volume_encode(v, &b, err));
    return keep_head(w, &b, err);
}

static enum reel_status
keep_earlier(struct writing *w, struct reel_err *err)
{
    size_t i;

    for (i = 0; i < w->append.volume_count; i++)
        REEL_TRY(keep_earlier_volume(w, &w->append.volumes[i], err));
    for (i = 0; i < w->append.archive_count; i++)
        REEL_TRY(keep_earlier_archive(w, &w->append.archives[i], err));
    return REEL_OK;
}

/* All records that stand before the first object. */
static enum reel_status
make_head(struct writing *w, struct reel_err *err)
{
    struct reel_builder b = reel_builder_init(w->record, RECORD_ROOM);
    struct reel_bytes path;
    enum reel_status status;
    uint64_t at = 0;
    size_t i;

    REEL_TRY(reel_spool_init(&w->head, w->o.temporary_dir, err));
    REEL_TRY(reel_archive_encode(&w->facts, &b, err));
    REEL_TRY(keep_head(w, &b, err));
    while ((status = reel_spool_next(&w->paths, &at, &path, err)) == REEL_OK)
        REEL_TRY(keep_source(w, REEL_ROLE_PATH, (const char *)path.data, err));
    if (status != REEL_END)
        return status;
    for (i = 0; i < w->o.exclude_count; i++)
        REEL_TRY(keep_source(w, REEL_ROLE_EXCLUDE, w->o.excludes[i], err));
    return keep_earlier(w, err);
}

/* What of the head does not stand on the volumes yet. */
static enum reel_status
put_head(struct writing *w, struct reel_object_packer *p, struct reel_err *err)
{
    struct reel_spool *const head = w->o.resume ? &w->resume.head : &w->head;
    uint64_t stand                = w->volume.head_records;
    struct reel_bytes record;
    enum reel_status status;
    uint64_t at = 0;

    while ((status = reel_spool_next(head, &at, &record, err)) == REEL_OK)
        if (stand > 0)
            stand--;
        else
            REEL_TRY(reel_object_packer_head(p, record, err));
    return status == REEL_END ? REEL_OK : status;
}

/* --------------------------------------------------------------- the paths */

static enum reel_status
collect_paths(struct writing *w, struct reel_err *err)
{
    const char *path;
    enum reel_status status;

    REEL_TRY(reel_spool_init(&w->paths, w->o.temporary_dir, err));
    if (w->o.raw)
        return REEL_OK;
    while ((status = w->o.paths(w->o.paths_ctx, &path, err)) == REEL_OK) {
        struct reel_bytes with_nul = reel_bytes_of(path);

        with_nul.len++;
        REEL_TRY(reel_spool_add(&w->paths, with_nul, err));
    }
    return status == REEL_END ? REEL_OK : status;
}

static enum reel_status
next_path(void *ctx, const char **path, struct reel_err *err)
{
    struct writing *const w = ctx;
    struct reel_bytes with_nul;

    REEL_TRY(reel_spool_next(&w->paths, &w->next_path, &with_nul, err));
    *path = (const char *)with_nul.data;
    return REEL_OK;
}

/* ------------------------------------------------------------------ resume */

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
take_options(struct writing *w)
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
    o->level           = w->facts.level > 0 ? w->facts.level : LEVEL_DEFAULT;
    o->segment_limit   = w->facts.segment_limit;
    o->one_file_system = find_option(options, "--one-file-system") != NULL;
    o->access_times    = find_option(options, "--atime") != NULL;
    bytes              = find_option(options, "--checkpoint-every");
    if (bytes != NULL && strtoull(bytes, NULL, 10) > 0)
        o->checkpoint_bytes = strtoull(bytes, NULL, 10);
}

static enum reel_status
take_exclude(struct writing *w, struct reel_bytes pattern, struct reel_err *err)
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
take_source(struct writing *w, struct reel_bytes record, struct reel_err *err)
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
take_sources(struct writing *w, struct reel_err *err)
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
check_source(const struct writing *w, struct reel_err *err)
{
    const uint8_t source             = source_of(&w->o);
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
open_base(struct writing *w, struct reel_err *err)
{
    const struct reel_bytes base = w->facts.base;

    memcpy(w->record, base.len == 0 ? (const uint8_t *)"." : base.data,
           base.len == 0 ? 1 : base.len);
    w->record[base.len == 0 ? 1 : base.len] = 0;
    w->base_fd =
        open((const char *)w->record, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->base_fd < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "cannot open %.80s, where the archive was begun: %s",
                         (const char *)w->record, strerror(errno));
    w->o.base_fd = w->base_fd;
    return REEL_OK;
}

/* Find what there is to resume, and take over what it was begun with. */
static enum reel_status
look_for_resume(struct writing *w, struct reel_err *err)
{
    if (!reel_medium_info(w->o.medium)->can_locate)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "an archive cannot be resumed on a pipe");
    REEL_TRY(reel_append_find(&w->append, w->o.medium, err));
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
    struct writing *const w = ctx;

    return reel_volume_writer_load(&w->volume, r, behind, err);
}

/* VOLUME of those volumes that no checkpoint knows. */
static enum reel_status
load_volumes(struct writing *w, struct reel_err *err)
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
tell_torn(const struct writing *w)
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

/* ------------------------------------------------------------ going on again
 */

/* A new table of the objects that stand already, for `objects` of them. */
static enum reel_status
new_done(struct writing *w, uint64_t objects, struct reel_err *err)
{
    reel_done_fini(&w->done);
    w->volume.done = &w->done;
    return reel_done_init(&w->done, w->o.temporary_dir, objects, err);
}

/* Where on the volume at hand can be gone on? *address REEL_NONE64: nowhere. */
static enum reel_status
find_address(struct writing *w, uint64_t *address, bool *mark,
             struct reel_err *err)
{
    const struct reel_tape_writer *const t = &w->volume.tape;
    struct reel_medium *const m            = t->o.medium;
    const uint32_t volume                  = t->o.volume.volume;
    const struct reel_position k           = w->volume.checkpoint_slice;
    struct reel_data_end e;
    struct reel_err why;
    enum reel_status status;
    uint8_t *buf;

    *address = REEL_NONE64;
    if (m == NULL || !reel_medium_info(m)->can_locate ||
        reel_medium_info(m)->write_protected)
        return REEL_OK;
    buf = reel_alloc_array(REEL_BLOCK_BYTES_MAX, 1);
    if (buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to read the medium");
    status = reel_data_end_find(&e, m, w->set_id, buf, &why);
    reel_free(buf);
    /* What is known to stand there must stand there. */
    if (status != REEL_OK || !e.good || e.header.volume != volume ||
        (k.volume == volume && e.address <= k.address))
        return REEL_OK;
    *address = e.address;
    *mark    = !e.mark;
    return REEL_OK;
}

/* As a new run, behind the last checkpoint. */
static enum reel_status
go_on(struct writing *w, uint32_t run, struct reel_err *err)
{
    uint64_t address;
    bool mark = false;

    REEL_TRY(find_address(w, &address, &mark, err));
    return reel_tape_writer_again(
        &w->volume.tape, run, w->volume.behind_checkpoint, address, mark, err);
}

/* The medium failed: is it worth while to go on? */
static bool
can_go_on(struct writing *w)
{
    if (!w->volume.tape.lost || reel_stop_asked(&w->o.report))
        return false;
    if (w->volume.checkpoint != w->progress)
        w->attempts = 0;
    w->progress = w->volume.checkpoint;
    return w->attempts++ < ATTEMPTS_MAX;
}

static void
tell_failure(const struct writing *w, const struct reel_err *why)
{
    const struct reel_bytes nothing = {NULL, 0};
    struct reel_err all;

    (void)reel_fail(&all, why->status, &why->pos, NULL,
                    "%.100s; going on from checkpoint %u", why->text,
                    w->volume.checkpoint);
    reel_note_send(&w->o.report, REEL_NOTE_INFO, 0, nothing, 0, &all);
}

static enum reel_status
go_back(struct writing *w, const struct reel_err *why, struct reel_err *err)
{
    const uint32_t run = w->volume.tape.packer.next.run + 1;

    tell_failure(w, why);
    REEL_TRY(new_done(w, w->volume.checkpoint_objects, err));
    REEL_TRY(reel_volume_writer_back(&w->volume, err));
    return go_on(w, run, err);
}

/* -------------------------------------------------------------- the archive */

/* The volume at hand; of a new set, the first. */
static enum reel_status
fill_volume(const struct writing *w, struct reel_volume *v,
            struct reel_err *err)
{
    const char *const id = w->o.volume_id == NULL ? "REEL01" : w->o.volume_id;

    memset(v, 0, sizeof(*v));
    memset(v->volume_id, ' ', sizeof(v->volume_id));
    if (!w->append.new_set)
        memcpy(v->volume_id, w->append.volume_id, sizeof(v->volume_id));
    else if (strlen(id) <= sizeof(v->volume_id))
        memcpy(v->volume_id, id, strlen(id));
    else
        return reel_fail(err, REEL_E_MISUSE, NULL, "L-5",
                         "a volume id is 1 to 6 letters A-Z and digits");
    v->volume      = w->append.new_set ? 1 : w->append.volume;
    v->block_bytes = w->block_bytes;
    memcpy(v->set_id, w->set_id, sizeof(v->set_id));
    v->created     = w->facts.created;
    v->label_bytes = REEL_LABEL_BYTES;
    v->edition     = REEL_EDITION;
    v->set_name = w->append.new_set ? text(w->o.set_name) : w->append.set_name;
    v->software = w->facts.software;
    return REEL_OK;
}

static enum reel_status
begin_again(struct writing *w, struct reel_err *err)
{
    const struct reel_resume *const r = &w->resume;
    const uint64_t objects =
        r->chain_count > 0 ? r->chain[0].checkpoint.objects : 0;

    REEL_TRY(new_done(w, objects, err));
    REEL_TRY(reel_resume_each(&w->resume, load, w, err));
    REEL_TRY(load_volumes(w, err));
    tell_torn(w);
    w->volume.tape.volumes = r->last_volume - r->first_volume + 1;
    w->progress            = w->volume.checkpoint;
    return go_on(w, r->run + 1, err);
}

static enum reel_status
begin_volume(struct writing *w, struct reel_err *err)
{
    struct reel_volume_writer_options options;

    memset(&options, 0, sizeof(options));
    options.write   = &w->o;
    options.facts   = &w->facts;
    options.address = w->append.address;
    REEL_TRY(fill_volume(w, &options.volume, err));
    w->volume_begun = true;
    REEL_TRY(reel_volume_writer_init(&w->volume, &options, err));
    if (w->o.resume)
        return begin_again(w, err);
    if (w->append.new_set)
        return reel_tape_writer_begin(&w->volume.tape, err);
    if (!w->append.filemark_missing)
        return REEL_OK;
    return reel_tape_writer_filemark(&w->volume.tape, err);
}

/* Close it; *err is filled only by a failure of its own. */
static enum reel_status
end_relay(struct writing *w, bool done, struct reel_err *err)
{
    const struct reel_write_relay *const relay = w->o.relay;
    const int fd                               = w->relay_fd;

    if (w->relay_source != NULL)
        w->relay_source->ops->free(w->relay_source);
    w->relay_source = NULL;
    w->relay_fd     = -1;
    return relay->close(relay->ctx, fd, done, err);
}

/* Start the other program, and see that it has something to give. */
static enum reel_status
begin_relay(struct writing *w, struct reel_err *err)
{
    const struct reel_write_relay *const relay = w->o.relay;
    struct reel_source_relay_options options   = {.source = relay->source,
                                                  .report = &w->o.report};
    enum reel_status status;
    struct reel_err why;

    w->next_path = 0;
    REEL_TRY(relay->open(relay->ctx, w->facts.options, next_path, w,
                         &w->relay_fd, err));
    options.fd      = w->relay_fd;
    w->relay_source = reel_source_relay_new(&options, err);
    status          = w->relay_source == NULL
                          ? REEL_E_MEMORY
                          : reel_source_relay_look(w->relay_source, err);
    if (status != REEL_OK)
        (void)end_relay(w, false, &why);
    return status;
}

static struct reel_source *
open_raw(struct writing *w, struct reel_err *err)
{
    const struct reel_source_raw_options options = {w->o.base_fd, &w->o.report};

    return reel_source_raw_new(&options, err);
}

static struct reel_source *
open_posix(struct writing *w, struct reel_err *err)
{
    struct reel_source_posix_options options;

    memset(&options, 0, sizeof(options));
    options.base_fd         = w->o.base_fd;
    options.excludes        = w->o.excludes;
    options.exclude_count   = w->o.exclude_count;
    options.one_file_system = w->o.one_file_system;
    options.access_times    = w->o.access_times;
    options.avoid           = w->o.avoid;
    options.avoid_count     = w->o.avoid_count;
    options.avoided         = w->o.avoided;
    options.avoided_ctx     = w->o.avoided_ctx;
    options.report          = &w->o.report;
    return reel_source_posix_new(&options, next_path, w, err);
}

static enum reel_status
pack_all(struct writing *w, struct reel_source *source,
         struct reel_pipeline *pipeline, struct reel_err *err)
{
    const bool again                                = w->volume.done != NULL;
    const struct reel_object_packer_options options = {
        source,
        reel_pipeline_get,
        reel_pipeline_put,
        pipeline,
        &w->o.report,
        again ? &w->done : NULL,
        again ? reel_volume_writer_next_object(&w->volume) - 1 : 0,
        &w->passed_over};
    struct reel_object_packer *const p = reel_object_packer_new(&options);
    enum reel_status status;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    status = put_head(w, p, err);
    if (status == REEL_OK)
        status = reel_object_packer_run(p, err);
    reel_object_packer_free(p);
    return status;
}

static enum reel_status
run_pipeline(struct writing *w, struct reel_source *source,
             struct reel_err *err)
{
    const struct reel_pipeline_options options = {
        &w->volume, w->facts.segment_limit, w->o.compression,
        w->o.level, w->o.threads,           w->o.buffer_bytes};
    struct reel_pipeline *pipeline;
    struct reel_err why;
    enum reel_status packed;
    enum reel_status status;

    REEL_TRY(reel_pipeline_new(&pipeline, &options, err));
    packed = pack_all(w, source, pipeline, err);
    /* A thread's failure is the cause, the packer's stop its consequence. */
    status            = reel_pipeline_finish(pipeline, &why);
    w->result->bursts = reel_pipeline_bursts(pipeline);
    reel_pipeline_free(pipeline);
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status != REEL_OK ? status : packed;
}

static enum reel_status
run_source(struct writing *w, struct reel_source *source, struct reel_err *err)
{
    enum reel_status status;

    if (source == NULL)
        return REEL_E_MEMORY;
    status = run_pipeline(w, source, err);
    source->ops->free(source);
    return status;
}

static enum reel_status
run_relay(struct writing *w, struct reel_err *err)
{
    enum reel_status status;
    enum reel_status closed;
    struct reel_err why;

    if (w->relay_source == NULL)
        REEL_TRY(begin_relay(w, err));
    status = run_pipeline(w, w->relay_source, err);
    closed = end_relay(w, status == REEL_OK, &why);
    if (status != REEL_OK || closed == REEL_OK)
        return status;
    *err = why;
    return closed;
}

/* All data, catalog and END; or as far as it goes. */
static enum reel_status
run_once(struct writing *w, struct reel_err *err)
{
    enum reel_status status;
    struct reel_err why;

    w->next_path   = 0;
    w->passed_over = 0;
    if (w->o.relay != NULL)
        status = run_relay(w, err);
    else
        status = run_source(w, w->o.raw ? open_raw(w, err) : open_posix(w, err),
                            err);
    if (w->result->resumed == 0 && w->o.resume)
        w->result->resumed = w->passed_over;
    /* Another program may fail at any time: what it gave is kept. */
    if ((status == REEL_E_STOPPED ||
         (status != REEL_OK && w->o.relay != NULL)) &&
        w->volume.tape.status == REEL_OK &&
        reel_volume_writer_stop(&w->volume, &why) != REEL_OK)
        *err = why;
    REEL_TRY(status == REEL_E_STOPPED && err->status != REEL_E_STOPPED
                 ? err->status
                 : status);
    return reel_volume_writer_end(&w->volume, err);
}

static enum reel_status
prepare(struct writing *w, struct reel_err *err)
{
    REEL_TRY(check_options(w, err));
    w->record = reel_alloc_array(RECORD_ROOM, 1);
    if (w->record == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    if (w->o.resume)
        return look_for_resume(w, err);
    REEL_TRY(collect_paths(w, err));
    REEL_TRY(look_at_medium(w, err));
    fill_facts(w);
    return make_head(w, err);
}

static enum reel_status
write_archive(struct writing *w, struct reel_err *err)
{
    enum reel_status status;
    enum reel_status back;
    struct reel_err why;

    REEL_TRY(prepare(w, err));
    if (w->o.relay != NULL) /* before the medium is written to */
        REEL_TRY(begin_relay(w, err));
    REEL_TRY(begin_volume(w, err));
    status = run_once(w, err);
    while (status != REEL_OK && can_go_on(w)) {
        back = go_back(w, err, &why);
        if (back == REEL_OK) {
            status = run_once(w, err);
        } else if (back != REEL_E_MEDIUM && back != REEL_E_FULL) {
            *err = why;
            return back;
        }
    }
    return status;
}

static void
fill_result(const struct writing *w)
{
    struct reel_write_result *const r = w->result;

    r->complete    = w->volume.complete;
    r->new_set     = w->append.new_set;
    r->archive     = w->append.archive;
    r->block_bytes = w->block_bytes;
    r->blocks      = w->volume.tape.blocks;
    r->volumes     = w->volume.tape.volumes;
    r->run         = w->volume.tape.packer.next.run;
    memcpy(r->set_id, w->set_id, sizeof(r->set_id));
    r->resumable =
        !r->complete && reel_volume_writer_next_object(&w->volume) > 1;
    if (!r->complete)
        return;
    r->objects      = w->volume.end.objects;
    r->flawed       = w->volume.end.flawed;
    r->stream_bytes = w->volume.end.stream_bytes;
    memcpy(r->fingerprint, w->volume.end.fingerprint, sizeof(r->fingerprint));
}

static void
release(struct writing *w)
{
    struct reel_err why;
    size_t i;

    if (w->relay_source != NULL)
        (void)end_relay(w, false, &why);
    if (w->volume_begun)
        reel_volume_writer_fini(&w->volume);
    reel_done_fini(&w->done);
    reel_resume_fini(&w->resume);
    reel_append_fini(&w->append);
    reel_spool_fini(&w->head);
    reel_spool_fini(&w->paths);
    if (w->base_fd >= 0)
        (void)close(w->base_fd);
    for (i = 0; i < w->exclude_count; i++)
        reel_free(w->excludes[i]);
    reel_free(w->excludes);
    reel_free(w->record);
    reel_free(w);
}

enum reel_status
reel_write(const struct reel_write_options *options,
           struct reel_write_result *result, struct reel_err *err)
{
    struct writing *const w = reel_alloc_array(1, sizeof(*w));
    struct reel_err why     = {0};
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    if (w == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the writer");
    w->o             = *options;
    w->result        = result;
    w->paths.file.fd = -1;
    w->head.file.fd  = -1;
    w->base_fd       = -1;
    status           = write_archive(w, &why);
    fill_result(w);
    release(w);
    if (status != REEL_OK && err != NULL)
        *err = why;
    return status;
}
