/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes layer: handing notes to whoever called. */
#include <string.h>

#include "reel/note.h"

void
reel_note_send(const struct reel_reporter *to, enum reel_note_kind kind,
               uint8_t encoding, struct reel_bytes path, uint64_t object,
               const struct reel_err *err)
{
    struct reel_note note;

    if (to == NULL || to->fn == NULL)
        return;
    memset(&note, 0, sizeof(note));
    note.kind     = kind;
    note.encoding = encoding;
    note.path     = path;
    note.object   = object;
    note.err      = *err;
    to->fn(to->ctx, &note);
}

bool
reel_stop_asked(const struct reel_reporter *r)
{
    return r != NULL && r->stop != NULL && *r->stop != 0;
}

enum reel_status
reel_go_on(const struct reel_reporter *r, struct reel_err *err)
{
    if (!reel_stop_asked(r))
        return REEL_OK;
    return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "stopped");
}
