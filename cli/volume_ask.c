/* SPDX-License-Identifier: Apache-2.0 */
/* Program: who brings the next volume is told which one (spec 2.1). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "escape.h"
#include "prompt.h"
#include "reel/path.h"
#include "reel/volume.h"
#include "size.h"
#include "volume_ask.h"

#define WORDS 6

/* NAME=VALUE; what does not fit is cut. */
struct words {
    char drive[4096];
    char text[WORDS - 1][256];
    const char *list[WORDS + 1];
};

static const char *
text_of(const char *text)
{
    return text ? text : "";
}

static void
fill_words(struct words *w, const char *drive,
           const struct reel_volume_wish *wish)
{
    char set[2 * REEL_SET_ID_BYTES + 1] = "";
    char number[16]                     = "last";

    if (wish->set_id)
        (void)cli_hex_print(set, wish->set_id, REEL_SET_ID_BYTES);
    if (wish->number != 0)
        (void)snprintf(number, sizeof(number), "%" PRIu32, wish->number);
    (void)snprintf(w->text[0], sizeof(w->text[0]), "REEL_VOLUME=%s", number);
    (void)snprintf(w->text[1], sizeof(w->text[1]), "REEL_LABEL=%s",
                   text_of(wish->volume_id));
    (void)snprintf(w->text[2], sizeof(w->text[2]), "REEL_SET=%s", set);
    (void)snprintf(w->text[3], sizeof(w->text[3]), "REEL_MODE=%s",
                   wish->write ? "write" : "read");
    (void)snprintf(w->text[4], sizeof(w->text[4]), "REEL_REFUSED=%s",
                   text_of(wish->refused));
    (void)snprintf(w->drive, sizeof(w->drive), "REEL_DRIVE=%s", drive);
    for (size_t i = 0; i < WORDS - 1; i++)
        w->list[i] = w->text[i];
    w->list[WORDS - 1] = w->drive;
    w->list[WORDS]     = NULL;
}

enum reel_status
cli_volume_ask_command(const char *command, const char *drive,
                       const struct reel_volume_wish *wish,
                       const volatile int *stop, struct reel_err *err)
{
    struct words words;
    const struct cli_command c = {
        .text = command, .environment = words.list, .stop = stop};
    int code = 0;

    fill_words(&words, drive, wish);
    REEL_TRY(cli_command_run(&c, NULL, &code, err));
    if (code == 0)
        return REEL_OK;
    (void)snprintf(err->text, sizeof(err->text),
                   "the command of --next-volume does not bring it (exit code "
                   "%d)",
                   code);
    return REEL_END;
}

static void
print_safe(FILE *out, const char *text)
{
    cli_escape_text(out, REEL_ENCODING_POSIX, reel_bytes_of(text));
}

void
cli_volume_question(FILE *out, const char *drive,
                    const struct reel_volume_wish *wish)
{
    char set[2 * REEL_SET_ID_BYTES + 1];

    if (wish->refused) {
        (void)fputs("This is not it: ", out);
        print_safe(out, wish->refused);
        (void)fputs(".\n", out);
    }
    (void)fputs("Put into ", out);
    print_safe(out, drive);
    if (wish->number != 0)
        (void)fprintf(out, ": volume %" PRIu32, wish->number);
    else
        (void)fputs(": the last volume", out);
    if (wish->volume_id && wish->volume_id[0]) {
        (void)fputs(", label ", out);
        print_safe(out, wish->volume_id);
    }
    if (wish->set_id)
        (void)fprintf(out, ", of set %s",
                      cli_hex_print(set, wish->set_id, REEL_SET_ID_BYTES));
    (void)fprintf(out, ", to be %s.\nEnter: it is in; q: there is none. ",
                  wish->write ? "written" : "read");
}

enum reel_status
cli_volume_ask_person(const char *drive, const struct reel_volume_wish *wish,
                      const volatile int *stop, struct reel_err *err)
{
    const int fd = cli_prompt_open();
    char *text   = NULL;
    size_t bytes = 0;
    enum reel_status status;
    FILE *out;

    if (fd < 0) {
        (void)snprintf(err->text, sizeof(err->text),
                       "there is no terminal to ask for it; see --next-volume "
                       "and --changer");
        return REEL_END;
    }
    out = open_memstream(&text, &bytes);
    if (out)
        cli_volume_question(out, drive, wish);
    if (!out || fclose(out) != 0)
        status = reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                           "no memory for a question");
    else
        status = cli_prompt_ask(fd, text, stop, err);
    if (status == REEL_END)
        (void)snprintf(err->text, sizeof(err->text),
                       "there is none, as was said at the terminal");
    free(text);
    (void)close(fd);
    return status;
}
