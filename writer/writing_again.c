/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3; writer: a new run, where a medium failed or a writer resumes. */
#include "data_end.h"
#include "reel/alloc.h"
#include "writing.h"

/* So often a medium may fail without a checkpoint in between. */
#define ATTEMPTS_MAX 3U

/* A new table of the objects that stand already, for `objects` of them. */
enum reel_status
reel_writing_new_done(struct reel_writing *w, uint64_t objects,
                      struct reel_err *err)
{
    reel_done_fini(&w->done);
    w->volume.done = &w->done;
    return reel_done_init(&w->done, w->o.temporary_dir, objects, err);
}

/* Where on the volume at hand can be gone on? *address REEL_NONE64: nowhere,
   and *why may say why. *run is higher than that of what stands there (B-15).
 */
static enum reel_status
find_address(struct reel_writing *w, uint64_t *address, bool *mark,
             uint32_t *run, struct reel_err *why, struct reel_err *err)
{
    const struct reel_tape_writer *const t = &w->volume.tape;
    struct reel_medium *const m            = t->o.medium;
    const uint32_t volume                  = t->o.volume.volume;
    const struct reel_position k           = w->volume.checkpoint_slice;
    struct reel_data_end e;
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
    status = reel_data_end_find(&e, m, w->set_id, buf, why);
    reel_free(buf);
    if (status == REEL_OK && e.good &&
        e.header.archive == t->packer.next.archive && e.header.run >= *run)
        *run = e.header.run + 1;
    /* What is known to stand there must stand there. */
    if (status != REEL_OK || !e.good || e.header.volume != volume ||
        (k.volume == volume && e.address <= k.address))
        return REEL_OK;
    *address = e.address;
    *mark    = !e.mark;
    return REEL_OK;
}

/* The end of the data of the volume at hand is lost: it is left as it is. */
static enum reel_status
leave_volume(struct reel_writing *w, const struct reel_err *why,
             struct reel_err *err)
{
    const struct reel_bytes nothing = {NULL, 0};
    const uint32_t volume           = w->volume.tape.o.volume.volume;
    struct reel_err all;

    if (w->o.volumes == NULL)
        return reel_fail(err, REEL_E_FULL, NULL, NULL,
                         "the end of the data on volume %u cannot be found "
                         "(%.30s), and there is no other volume",
                         volume, why->text);
    (void)reel_fail(&all, why->status, &why->pos, NULL,
                    "the end of the data on volume %u cannot be found "
                    "(%.30s); going on on the next one",
                    volume, why->text);
    reel_note_send(&w->o.report, REEL_NOTE_INFO, 0, nothing, 0, &all);
    return REEL_OK;
}

/* As a new run, behind the last checkpoint. */
enum reel_status
reel_writing_go_on(struct reel_writing *w, uint32_t run, struct reel_err *err)
{
    struct reel_err why = {0};
    uint64_t address;
    bool mark = false;

    REEL_TRY(find_address(w, &address, &mark, &run, &why, err));
    if (why.status == REEL_E_MEDIUM)
        REEL_TRY(leave_volume(w, &why, err));
    return reel_tape_writer_again(
        &w->volume.tape, run, w->volume.behind_checkpoint, address, mark, err);
}

/* The medium failed: is it worth while to go on? */
bool
reel_writing_can_go_on(struct reel_writing *w)
{
    if (!w->volume.tape.lost || reel_stop_asked(&w->o.report))
        return false;
    if (w->volume.checkpoint != w->progress)
        w->attempts = 0;
    w->progress = w->volume.checkpoint;
    return w->attempts++ < ATTEMPTS_MAX;
}

static void
tell_failure(const struct reel_writing *w, const struct reel_err *why)
{
    const struct reel_bytes nothing = {NULL, 0};
    struct reel_err all;

    (void)reel_fail(&all, why->status, &why->pos, NULL,
                    "%.100s; going on from checkpoint %u", why->text,
                    w->volume.checkpoint);
    reel_note_send(&w->o.report, REEL_NOTE_INFO, 0, nothing, 0, &all);
}

enum reel_status
reel_writing_go_back(struct reel_writing *w, const struct reel_err *why,
                     struct reel_err *err)
{
    const uint32_t run = w->volume.tape.packer.next.run + 1;

    tell_failure(w, why);
    REEL_TRY(reel_writing_new_done(w, w->volume.checkpoint_objects, err));
    REEL_TRY(reel_volume_writer_back(&w->volume, err));
    return reel_writing_go_on(w, run, err);
}
