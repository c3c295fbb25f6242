/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.6, from a medium to the catalog of an archive; policy layer. */
#include "session.h"

#include <string.h>

#include "locate.h"
#include "notes.h"
#include "runs.h"
#include "slices.h"

enum reel_status
reel_session_open(struct reel_session *s, const struct reel_access *access,
                  const struct reel_selection *selection, struct reel_err *err)
{
    memset(s, 0, sizeof(*s));
    s->access = access;
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &s->begun);
    if (access->medium == NULL && access->catalog_fd < 0)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "neither a tape nor a catalog is given");
    REEL_TRY(reel_matcher_init(&s->matcher, selection, err));
    if (access->medium == NULL)
        return REEL_OK;
    REEL_TRY(reel_reader_volume_open(&s->volume, access, err));
    s->pipeline = reel_read_new(&s->volume, access->threads != 1);
    if (s->pipeline == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for reading");
    if (!s->volume.can_locate)
        return REEL_OK;
    return reel_session_find(s, err);
}

void
reel_session_close(struct reel_session *s)
{
    reel_read_free(s->pipeline);
    reel_reader_archives_fini(&s->archives);
    reel_matcher_fini(&s->matcher);
    reel_reader_volume_close(&s->volume);
    s->pipeline = NULL;
}

/* ---- from a file ---- */

static enum reel_status
check_set(const struct reel_session *s, const struct reel_reader_volume *file,
          struct reel_err *err)
{
    if (s->volume.have_set && file->have_set &&
        memcmp(s->volume.set_id, file->set_id, REEL_SET_ID_BYTES) != 0)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "the catalog file is of another set than the tape");
    return REEL_OK;
}

/* The first block tells the set. */
static enum reel_status
learn_set(struct reel_reader_volume *file, struct reel_err *err)
{
    struct reel_reader_block b;
    struct reel_block_header h;

    REEL_TRY(reel_reader_volume_read(file, &b, err));
    REEL_TRY(reel_block_decode(&h, b.data, b.len, NULL, err));
    reel_reader_volume_learn(file, &h);
    reel_reader_volume_hold(file, &b);
    return REEL_OK;
}

static enum reel_status
load_opened(struct reel_session *s, struct reel_reader_volume *file,
            uint32_t archive, bool all_segments,
            struct reel_catalog_source *src, struct reel_err *err)
{
    const struct reel_read_run run = {.jump            = true,
                                      .payload_offset  = REEL_NONE32,
                                      .stop_behind_end = true,
                                      .kinds =
                                          REEL_READ_KIND(REEL_BLOCK_CATALOG) |
                                          REEL_READ_KIND(REEL_BLOCK_END)};
    struct reel_read_pipeline *const p =
        reel_read_new(file, s->access->threads != 1);
    enum reel_status status;
    struct reel_err why;
    bool usable;

    if (p == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the catalog file");
    status = reel_catalog_source_load(src, p, &run, NULL,
                                      all_segments ? NULL : &s->matcher,
                                      &usable, &why, err);
    reel_read_free(p);
    REEL_TRY(status);
    if (!usable)
        return reel_fail(err, REEL_E_CORRUPT, &why.pos, why.rule,
                         "the catalog file is broken: %.100s", why.text);
    if (archive != 0 && src->archive != archive)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "the catalog file is of archive %u, not %u",
                         src->archive, archive);
    return REEL_OK;
}

static enum reel_status
from_file(struct reel_session *s, uint32_t archive, bool all_segments,
          struct reel_catalog_source *src, struct reel_err *err)
{
    struct reel_reader_volume file;
    enum reel_status status;

    status = reel_reader_volume_file(&file, s->access, err);
    if (status == REEL_OK)
        status = learn_set(&file, err);
    if (status == REEL_OK)
        status = check_set(s, &file, err);
    if (status == REEL_OK)
        status = load_opened(s, &file, archive, all_segments, src, err);
    reel_reader_volume_close(&file);
    return status;
}

/* ---- from the medium ---- */

static enum reel_status
load_medium(struct reel_session *s, const struct reel_reader_archive *a,
            bool all_segments, struct reel_catalog_source *src, bool *usable,
            struct reel_err *why, struct reel_err *err)
{
    const struct reel_read_run run       = {.jump            = true,
                                            .payload_offset  = REEL_NONE32,
                                            .archive         = a->number,
                                            .stop_behind_end = true,
                                            .kinds =
                                                REEL_READ_KIND(REEL_BLOCK_CATALOG)};
    const struct reel_position *const at = &a->end.catalog;
    bool found                           = false;

    *usable = false;
    REEL_TRY(reel_reader_volume_mount(&s->volume, a->volume, &found, err));
    if (!found) {
        s->wanted = a->volume;
        (void)reel_fail(why, REEL_E_TRUNCATED, NULL, "A-5",
                        "volume %u with the catalog is not at hand", a->volume);
        return REEL_OK;
    }
    found = false;
    if (at->volume == a->volume)
        REEL_TRY(reel_reader_locate(&s->volume, a->number, at->sequence,
                                    at->address, &found, err));
    if (!found) {
        (void)reel_fail(why, REEL_E_TRUNCATED, NULL, "A-5",
                        "the catalog is not where END says");
        return REEL_OK;
    }
    src->undisturbed = reel_reader_archive_undisturbed(a);
    if (!src->undisturbed)
        REEL_TRY(reel_read_know_run(s->pipeline, a->number, a->run,
                                    a->run_start, err));
    src->labels = &s->volume.labels;
    return reel_catalog_source_load(src, s->pipeline, &run, &a->end,
                                    all_segments ? NULL : &s->matcher, usable,
                                    why, err);
}

static enum reel_status
from_medium(struct reel_session *s, const struct reel_reader_archive *a,
            bool all_segments, struct reel_catalog_source *src, bool *usable,
            struct reel_err *why, struct reel_err *err)
{
    const char *const dir = src->spool.file.directory;

    REEL_TRY(load_medium(s, a, all_segments, src, usable, why, err));
    if (!*usable || !src->doubted)
        return REEL_OK;
    /* More hangs on it than one object's place: once more, and prove it; all
       of it where it lacks what is selected, for it may lack objects. */
    all_segments |= src->unnamed;
    reel_catalog_source_fini(src);
    reel_catalog_source_init(src, dir);
    return load_medium(s, a, all_segments, src, usable, why, err);
}

enum reel_status
reel_session_read(struct reel_session *s, uint32_t archive,
                  struct reel_catalog_source *src, struct reel_err *err)
{
    const struct reel_reader_archive *const a =
        reel_reader_archives_get(&s->archives, archive);
    struct reel_err why;
    bool usable;

    if (a == NULL)
        return REEL_OK;
    return from_medium(s, a, true, src, &usable, &why, err);
}

static enum reel_status
no_such_archive(const struct reel_session *s, uint32_t archive,
                struct reel_err *err)
{
    if (archive == 0)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, "A-14",
                         "no archive can be found on this volume");
    if (s->archives.newest == 0)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "there is no archive %u here", archive);
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "there is no archive %u here; the newest is %u", archive,
                     s->archives.newest);
}

/* ---- from the data ---- */

static void
note_differs(const struct reel_session *s,
             const struct reel_catalog_source *src)
{
    if (src->differs)
        reel_notes_say(&s->access->report, REEL_NOTE_DAMAGE, REEL_E_CORRUPT,
                       NULL, "A-6",
                       "the data say something else than the catalog of "
                       "archive %u",
                       src->archive);
}

/* Go to where a scan for `archive` begins: behind the archive before it, or at
   the first volume that can be had. */
static enum reel_status
scan_start(struct reel_session *s, uint32_t archive, struct reel_err *err)
{
    const struct reel_reader_archives *const a = &s->archives;
    uint32_t number                            = 1;
    uint64_t address                           = 0;
    bool have                                  = false;
    size_t i;

    for (i = a->count; archive != 0 && i > 0; i--)
        if (a->list[i - 1].number < archive) {
            number  = a->list[i - 1].volume;
            address = a->list[i - 1].end_address;
        }
    if (s->volume.volumes == NULL && s->volume.number != 0) {
        have = true;
        if (number != s->volume.number)
            address = 0;
    }
    if (!have && number <= s->volume.highest) {
        REEL_TRY(reel_reader_volume_mount_any(&s->volume, number,
                                              s->volume.highest, &have, err));
        if (s->volume.number != 0 && s->volume.number != number)
            address = 0;
    }
    if (!have && s->volume.medium == NULL)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                         "no volume of the set is at hand");
    if (address == 0)
        address = s->volume.first_address;
    return reel_reader_volume_seek(&s->volume, address, err);
}

enum reel_status
reel_session_scan(struct reel_session *s, uint32_t archive,
                  struct reel_catalog_source *src, struct reel_err *err)
{
    bool found;

    if (s->pipeline == NULL)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "no tape is given that could be scanned");
    if (s->volume.can_locate) {
        REEL_TRY(scan_start(s, archive, err));
        if (reel_runs_expected(s, archive)) {
            REEL_TRY(reel_runs_find(s, archive, err));
            REEL_TRY(scan_start(s, archive, err));
        }
    }
    src->labels = &s->volume.labels;
    REEL_TRY(reel_catalog_source_scan(src, s->pipeline, archive, NULL,
                                      s->volume.can_locate, &s->access->report,
                                      &found, err));
    if (!found)
        return no_such_archive(s, archive, err);
    note_differs(s, src);
    return REEL_OK;
}

/* From the checkpoints, and from what stands behind the last one. */
static enum reel_status
from_slices(struct reel_session *s, uint32_t archive,
            struct reel_catalog_source *src, bool *usable, struct reel_err *err)
{
    struct reel_catalog_source front;
    enum reel_status status;
    bool found;

    reel_catalog_source_init(&front, s->access->temporary_dir);
    status = reel_slices_load(s, archive, &front, usable, err);
    if (status == REEL_OK && *usable) {
        src->labels = &s->volume.labels;
        status =
            reel_catalog_source_scan(src, s->pipeline, archive, &front, true,
                                     &s->access->report, &found, err);
        *usable = found;
        if (status == REEL_OK && found)
            note_differs(s, src);
    }
    reel_catalog_source_fini(&front);
    return status;
}

static enum reel_status
refuse_scan(const struct reel_err *why, struct reel_err *err)
{
    return reel_fail(err, REEL_E_CORRUPT, &why->pos, why->rule,
                     "the catalog cannot be used, and no scan is allowed: "
                     "%.90s",
                     why->text);
}

/* The catalog cannot be used: told, and anew from what there is. */
static enum reel_status
make_anew(struct reel_session *s, uint32_t archive, const struct reel_err *why,
          struct reel_catalog_source *src, struct reel_err *err)
{
    bool usable = false;

    if (s->access->no_scan)
        return refuse_scan(why, err);
    if (s->volume.can_locate && archive != 0)
        REEL_TRY(from_slices(s, archive, src, &usable, err));
    if (usable)
        return REEL_OK;
    reel_catalog_source_fini(src);
    reel_catalog_source_init(src, s->access->temporary_dir);
    return reel_session_scan(s, archive, src, err);
}

/* The same, and it is told why: a volume is not at hand, as one may find out on
   the way only, or there is no END. */
static enum reel_status
make_anew_told(struct reel_session *s, uint32_t archive,
               const struct reel_err *why, struct reel_catalog_source *src,
               struct reel_err *err)
{
    const enum reel_status status = make_anew(s, archive, why, src, err);
    const bool elsewhere          = s->wanted != 0 || s->volume.goes_on ||
                           (s->volume.volumes != NULL &&
                            reel_reader_volume_missing(&s->volume, 0));

    reel_notes_send(&s->access->report,
                    elsewhere ? REEL_NOTE_WANTED : REEL_NOTE_DAMAGE, why);
    return status;
}

enum reel_status
reel_session_catalog(struct reel_session *s, uint32_t archive,
                     bool all_segments, struct reel_catalog_source *src,
                     struct reel_err *err)
{
    const struct reel_reader_archive *a;
    bool usable = false;
    struct reel_err why;

    if (s->access->catalog_fd >= 0)
        return from_file(s, archive, all_segments, src, err);
    (void)reel_fail(&why, REEL_E_TRUNCATED, NULL, "A-14",
                    s->volume.can_locate
                        ? "no valid END of the archive is there"
                        : "a pipe can only be read from front to back");
    if (s->volume.can_locate) {
        if (archive == 0)
            REEL_TRY(reel_session_latest(s, &archive, err));
        if (archive > s->archives.newest && s->archives.newest != 0)
            return no_such_archive(s, archive, err);
        REEL_TRY(reel_session_seek(s, archive, err));
        a = reel_reader_archives_get(&s->archives, archive);
        if (a != NULL)
            REEL_TRY(from_medium(s, a, all_segments, src, &usable, &why, err));
        if (usable)
            return REEL_OK;
        reel_catalog_source_fini(src);
        reel_catalog_source_init(src, s->access->temporary_dir);
        return make_anew_told(s, archive, &why, src, err);
    }
    return make_anew(s, archive, &why, src, err);
}
