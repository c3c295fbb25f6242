/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1 and 12.2, torn objects; policy layer. */
#include "torn.h"

#include "expected.h"
#include "notes.h"

void
reel_torn_fini(struct reel_torn *t)
{
    reel_pending_links_fini(&t->list);
}

enum reel_status
reel_torn_add(struct reel_torn *t, uint64_t number, const struct reel_object *o,
              const struct reel_place *place, struct reel_err *err)
{
    return reel_pending_links_add(&t->list, number, o, place, err);
}

void
reel_torn_forget(struct reel_torn *t, const struct reel_object *o)
{
    struct reel_object torn;
    size_t i;

    for (i = 0; i < t->list.count; i++)
        if (reel_kept_object_get(&t->list.list[i].object, &torn, NULL) ==
                REEL_OK &&
            torn.encoding == o->encoding &&
            reel_bytes_equal(torn.path, o->path))
            t->list.list[i].number = 0;
}

enum reel_status
reel_torn_tell(const struct reel_torn *t, const struct reel_reporter *report,
               bool (*wanting)(const void *ctx, uint64_t number),
               const void *ctx, uint64_t *lost, struct reel_err *err)
{
    struct reel_object o;
    size_t i;

    *lost = 0;
    for (i = 0; i < t->list.count; i++) {
        const struct reel_pending_link *const k = &t->list.list[i];
        const struct reel_pos pos               = reel_expected_pos(&k->data);
        struct reel_notes_object about          = {.number = k->number};

        if (k->number == 0)
            continue;
        REEL_TRY(reel_kept_object_get(&k->object, &o, err));
        about.encoding = o.encoding;
        about.path     = o.path;
        ++*lost;
        if (wanting != NULL && wanting(ctx, k->number))
            reel_notes_object(report, REEL_NOTE_WANTED, &about,
                              REEL_E_TRUNCATED, &pos,
                              "goes on on a volume that is not at hand");
        else
            reel_notes_object(report, REEL_NOTE_LOST, &about, REEL_E_TRUNCATED,
                              &pos, "not whole in the archive");
    }
    return REEL_OK;
}
