/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.4 and 9.4, what a volume says of itself; policy layer. */
#include "reel/info.h"

#include "session.h"

/* What is not known is told as a row: a number that came from a tape may be as
   large as can be. */
static void
tell_archives(const struct reel_reader_archives *a,
              const struct reel_info_fns *fns)
{
    uint64_t number = reel_reader_archives_oldest(a);
    size_t i;

    for (i = a->count; i-- > 0;) {
        const struct reel_reader_archive *const known = &a->list[i];

        if (known->number < number)
            continue;
        if (known->number > number)
            fns->archive(fns->ctx, (uint32_t)number, known->number - 1, NULL);
        fns->archive(fns->ctx, known->number, known->number, &known->end);
        number = (uint64_t)known->number + 1;
    }
    if (number <= a->newest)
        fns->archive(fns->ctx, (uint32_t)number, a->newest, NULL);
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
    uint64_t number = 1;
    size_t i;

    for (i = 0; i < v->labels.count; i++) {
        const struct reel_reader_label *const known = &v->labels.list[i];

        if (known->number > number)
            fns->set_volume(fns->ctx, (uint32_t)number, known->number - 1, "");
        fns->set_volume(fns->ctx, known->number, known->number, known->id);
        number = (uint64_t)known->number + 1;
    }
    if (number <= v->highest)
        fns->set_volume(fns->ctx, (uint32_t)number, v->highest, "");
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
        fns->archive(fns->ctx, source.archive, source.archive, &source.end);
    reel_catalog_source_fini(&source);
    return status;
}

enum reel_status
reel_info(const struct reel_access *access, const struct reel_info_fns *fns,
          struct reel_err *err)
{
    struct reel_session s;
    struct reel_err local = {0};
    enum reel_status status;

    err    = err == NULL ? &local : err;
    status = reel_session_open(&s, access, NULL, err);
    if (status == REEL_OK)
        status = access->medium != NULL ? tell_medium(&s, fns, err)
                                        : tell_file(&s, fns, err);
    reel_session_close(&s);
    return status;
}
