/* SPDX-License-Identifier: Apache-2.0 */
/* NOTE and DONE of a relay (reel/relay.h), for writer and reader. */
#include "relay_note.h"

#include <string.h>

#include "reel/path.h"
#include "reel/text.h"

#define TEXT_ROOM sizeof(((struct reel_err *)NULL)->text)

/* As much of `text` as there is room for, and nothing but text. */
static void
clean(struct reel_bytes text, char out[TEXT_ROOM])
{
    size_t i;

    if (text.len >= TEXT_ROOM) {
        text.len = TEXT_ROOM - 1;
        /* Not in the middle of a character. */
        while (text.len > 0 && (text.data[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    if (text.len > 0)
        memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    if (reel_text_legal(text))
        return;
    for (i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7E)
            out[i] = '?';
}

void
reel_relay_note_send(const struct reel_reporter *to,
                     const struct reel_relay_note *note)
{
    const struct reel_bytes none = {NULL, 0};
    struct reel_bytes path       = note->path;
    uint8_t encoding             = note->encoding;
    char text[TEXT_ROOM];
    struct reel_err why;

    if ((encoding != REEL_ENCODING_POSIX && encoding != REEL_ENCODING_UTF16) ||
        (encoding == REEL_ENCODING_UTF16 && path.len % 2 != 0)) {
        encoding = 0;
        path     = none;
    }
    clean(note->text, text);
    (void)reel_fail(&why, (enum reel_status)note->status, NULL, NULL, "%s",
                    text);
    reel_note_send(to, (enum reel_note_kind)note->kind, encoding, path, 0,
                   &why);
}

enum reel_status
reel_relay_done_status(const struct reel_relay_done *done, struct reel_err *err)
{
    char text[TEXT_ROOM];

    if (done->status == REEL_OK)
        return REEL_OK;
    clean(done->text, text);
    return reel_fail(err,
                     done->status == REEL_END ? REEL_E_INVALID
                                              : (enum reel_status)done->status,
                     NULL, NULL, "%s",
                     text[0] == '\0' ? "the other program failed" : text);
}
