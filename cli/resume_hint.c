/* SPDX-License-Identifier: Apache-2.0 */
/* Program: how to go on with an archive (spec 9.7, runs). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"
#include "resume_hint.h"

/* A command line that grows; without `text` only its length is counted. */
struct line {
    char *text;
    size_t used;
};

static void
put(struct line *l, const char *text, size_t len)
{
    if (l->text)
        memcpy(l->text + l->used, text, len);
    l->used += len;
}

static void
put_text(struct line *l, const char *text)
{
    put(l, text, strlen(text));
}

/* In single quotes, unless it is plain. */
static void
put_word(struct line *l, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_./-+,:@=";

    put_text(l, " ");
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        put_text(l, word);
        return;
    }
    put_text(l, "'");
    for (; *word; word++) {
        if (*word == '\'')
            put_text(l, "'\\''");
        else
            put(l, word, 1);
    }
    put_text(l, "'");
}

static void
put_option(struct line *l, const char *option, const char *value)
{
    if (!value)
        return;
    put_word(l, option);
    put_word(l, value);
}

static void
put_number(struct line *l, const char *option, uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    put_option(l, option, value != 0 ? text : NULL);
}

static void
put_line(struct line *l, const struct cli_write_settings *s, const char *tape,
         bool full, bool last)
{
    if (full)
        put_text(l, "make room, or have another volume ready, and ");
    put_text(l, "go on with: reel write --resume");
    put_option(l, "-f", tape);
    if (last)
        put_word(l, "--last-volume");
    put_option(l, "--ntfs", s->ntfs);
    put_number(l, "--volume-size", s->volume_bytes);
    put_option(l, "--next-volume", s->common.next_volume);
    put_option(l, "--changer", s->common.changer);
    put_option(l, "--changer-device", s->common.changer_device);
    put_number(l, "--drive-index", s->common.drive_index);
    put_option(l, "--catalog", s->catalog);
    put(l, "", 1);
}

char *
cli_resume_hint(const struct cli_write_settings *s, const char *tape, bool full,
                bool last)
{
    struct line line = {0};

    put_line(&line, s, tape, full, last);
    line.text = reel_alloc_array(line.used, 1);
    line.used = 0;
    if (line.text)
        put_line(&line, s, tape, full, last);
    return line.text;
}
