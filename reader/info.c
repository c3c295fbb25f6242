/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4 and 9.4, what a volume says of itself; policy layer. */
#include "reel/info.h"

#include "session.h"

static void
tell_archives(const struct reel_reader_archives *a,
              const struct reel_info_fns *fns)
{
    const struct reel_reader_archive *known;
    uint32_t number = reel_reader_archives_oldest(a);

    for (; number <= a->newest; number++) {
        known = reel_reader_archives_get(a, number);
        fns->archive(fns->ctx, number, known == NULL ? NULL : &known->end);
    }
}

/* The catalog of the newest complete archive names them, if there is more than
   one. */
static enum reel_status
learn_volumes(struct reel_session *s, struct reel_err *err)
{
    const struct reel_reader_archives *const a = &s->archives;
    struct reel_catalog_source source;
    enum reel_status status;

    if (!s->volume.can_locate || a->count == 0 ||
        a->list[0].end.catalog.volume <= 1)
        return REEL_OK;
    reel_catalog_source_init(&source, s->access->temporary_dir);
    status = reel_session_read(s, a->list[0].number, &source, err);
    reel_catalog_source_fini(&source);
    return status;
}

static void
tell_volumes(const struct reel_reader_volume *v,
             const struct reel_info_fns *fns)
{
    const uint32_t named   = reel_reader_labels_highest(&v->labels);
    const uint32_t highest = named > v->highest ? named : v->highest;
    uint32_t number;

    for (number = 1; number <= highest; number++)
        fns->set_volume(fns->ctx, number,
                        reel_reader_labels_of(&v->labels, number));
}

static enum reel_status
tell_medium(struct reel_session *s, const struct reel_info_fns *fns,
            struct reel_err *err)
{
    if (!s->volume.can_locate)
        REEL_TRY(reel_reader_archives_read(&s->archives, &s->volume, err));
    if (s->volume.have_volume && fns->volume != NULL)
        fns->volume(fns->ctx, &s->volume.volume);
    if (fns->set_volume != NULL) {
        REEL_TRY(learn_volumes(s, err));
        tell_volumes(&s->volume, fns);
        if (s->volume.can_locate)
            REEL_TRY(reel_session_all(s, err));
    }
    if (s->archives.damaged)
        reel_note_send(
            &s->access->report, REEL_NOTE_DAMAGE, 0,
            (struct reel_bytes){NULL, 0}, 0,
            &(struct reel_err){.status = REEL_E_CORRUPT,
                               .text   = "blocks at the end of the data cannot "
                                         "be read"});
    if (fns->archive != NULL)
        tell_archives(&s->archives, fns);
    return REEL_OK;
}

/* A catalog beside the tape: the archive it is of. */
static enum reel_status
tell_file(struct reel_session *s, const struct reel_info_fns *fns,
          struct reel_err *err)
{
    struct reel_catalog_source source;
    enum reel_status status;

    reel_catalog_source_init(&source, s->access->temporary_dir);
    status = reel_session_catalog(s, 0, true, &source, err);
    if (status == REEL_OK && fns->archive != NULL)
        fns->archive(fns->ctx, source.archive, &source.end);
    reel_catalog_source_fini(&source);
    return status;
}

enum reel_status
reel_info(const struct reel_access *access, const struct reel_info_fns *fns,
          struct reel_err *err)
{
    struct reel_session s;
    struct reel_err local;
    enum reel_status status;

    err    = err == NULL ? &local : err;
    status = reel_session_open(&s, access, NULL, err);
    if (status == REEL_OK)
        status = access->medium != NULL ? tell_medium(&s, fns, err)
                                        : tell_file(&s, fns, err);
    reel_session_close(&s);
    return status;
}
