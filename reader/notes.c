/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; how the engine of the reader words its notes. */
#include "notes.h"

#include <stdarg.h>
#include <stdio.h>

void
reel_notes_send(const struct reel_reporter *to, enum reel_note_kind kind,
                const struct reel_err *why)
{
    const struct reel_bytes none = {NULL, 0};

    reel_note_send(to, kind, 0, none, 0, why);
}

void
reel_notes_say(const struct reel_reporter *to, enum reel_note_kind kind,
               enum reel_status status, const struct reel_pos *pos,
               const char *rule, const char *fmt, ...)
{
    struct reel_err why;
    char text[sizeof(why.text)];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)reel_fail(&why, status, pos, rule, "%s", text);
    reel_notes_send(to, kind, &why);
}

void
reel_notes_object(const struct reel_reporter *to, enum reel_note_kind kind,
                  const struct reel_notes_object *about,
                  enum reel_status status, const struct reel_pos *pos,
                  const char *fmt, ...)
{
    struct reel_err why;
    char text[sizeof(why.text)];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)reel_fail(&why, status, pos, NULL, "%s", text);
    reel_note_send(to, kind, about->encoding, about->path, about->number, &why);
}
