/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12, what a restorer reports of one object; policy layer. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sink_note.h"

void
reel_sink_note(const struct reel_sink_subject *about, enum reel_note_kind kind,
               enum reel_status status, const char *fmt, ...)
{
    struct reel_err err;
    va_list args;

    memset(&err, 0, sizeof(err));
    err.status = status;
    va_start(args, fmt);
    (void)vsnprintf(err.text, sizeof(err.text), fmt, args);
    va_end(args);
    reel_note_send(about->report, kind, about->encoding, about->path,
                   about->object, &err);
}

void
reel_sink_note_errno(const struct reel_sink_subject *about, int error,
                     const char *what)
{
    const enum reel_status status =
        error == ENOSPC || error == EDQUOT ? REEL_E_FULL : REEL_E_MEDIUM;

    reel_sink_note(about, REEL_NOTE_SKIPPED, status, "%s: %s", what,
                   strerror(error));
}
