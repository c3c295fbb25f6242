/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3, B-18 and B-23, hopping over filemarks for runs; policy layer. */
#include "runs.h"

#include <string.h>

/* Behind a filemark, so many blocks that cannot be used are passed over. */
#define BAD_BLOCKS_MAX 4U

bool
reel_runs_expected(const struct reel_session *s, uint32_t archive)
{
    const struct reel_reader_archives *const a = &s->archives;
    const struct reel_reader_archive *const known =
        reel_reader_archives_get(a, archive);

    if (known != NULL)
        return !reel_reader_archive_undisturbed(known);
    return archive != a->newest || archive == 0 || a->newest_run > 0;
}

/* The first good block of the tape file. */
static enum reel_status
look(struct reel_session *s, uint32_t archive, struct reel_err *err)
{
    struct reel_reader_block b;
    struct reel_block_header h;
    enum reel_status status;
    unsigned int i;

    for (i = 0; i < BAD_BLOCKS_MAX; i++) {
        REEL_TRY(reel_reader_volume_read(&s->volume, &b, err));
        if (b.event == REEL_EVENT_END)
            return REEL_OK;
        if (b.event == REEL_EVENT_FILEMARK) {
            reel_reader_volume_hold(&s->volume, &b);
            return REEL_OK;
        }
        if (b.event != REEL_EVENT_BLOCK)
            continue;
        status = reel_block_decode(&h, b.data, b.len, NULL, err);
        if (status == REEL_E_UNSUPPORTED)
            return status;
        if (status != REEL_OK)
            continue;
        if (h.run > 0 && (archive == 0 || h.archive == archive) &&
            memcmp(h.set_id, s->volume.set_id, sizeof(h.set_id)) == 0)
            return reel_read_know_run(s->pipeline, h.archive, h.run,
                                      h.run_start, err);
        return REEL_OK;
    }
    return REEL_OK;
}

/* To behind the next filemark; *passed false: there is none. */
static enum reel_status
hop(struct reel_reader_volume *v, bool *passed, struct reel_err *err)
{
    int64_t count = 1;

    *passed = v->held_any; /* it is the filemark itself */
    if (v->held_any) {
        v->held_any = false;
        return REEL_OK;
    }
    REEL_TRY(reel_medium_space_filemarks(v->medium, 1, &count, err));
    REEL_TRY(reel_medium_tell(v->medium, &v->address, err));
    *passed = count != 0;
    return REEL_OK;
}

enum reel_status
reel_runs_find(struct reel_session *s, uint32_t archive, struct reel_err *err)
{
    struct reel_reader_volume *const v = &s->volume;
    bool have                          = true;
    bool passed;

    while (have) {
        REEL_TRY(reel_reader_volume_seek(v, v->first_address, err));
        for (passed = true; passed;) {
            REEL_TRY(look(s, archive, err));
            REEL_TRY(hop(v, &passed, err));
        }
        if (v->number == 0 || v->number >= v->highest || v->volumes == NULL)
            return REEL_OK;
        REEL_TRY(reel_reader_volume_mount_any(v, v->number + 1, v->highest,
                                              &have, err));
    }
    return REEL_OK;
}
