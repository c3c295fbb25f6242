/* SPDX-License-Identifier: Apache-2.0 */
/* Program: tapes brought by a robot (spec 9.7 says when another is wanted). */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "changer.h"
#include "command.h"
#include "reel/alloc.h"
#include "size.h"

#define COMMAND_BYTES 4096

void
cli_changer_fini(struct cli_changer *c)
{
    reel_free(c->tried);
    reel_free(c->slots);
    c->tried = NULL;
    c->slots = NULL;
}

/* Run one operation; *output as cli_command_run has it. */
static enum reel_status
operate(const struct cli_changer *c, const char *operation, uint32_t slot,
        char **output, int *code, struct reel_err *err)
{
    char text[COMMAND_BYTES], number[16], index[16];
    const char *const arguments[] = {
        c->device ? c->device : "", operation, number, c->drive, index, NULL};
    const struct cli_command command = {
        .text = text, .arguments = arguments, .stop = c->stop};
    const int n = snprintf(text, sizeof(text), "%s \"$@\"", c->program);

    if (n < 0 || (size_t)n >= sizeof(text))
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "the command of --changer is too long");
    (void)snprintf(number, sizeof(number), "%" PRIu32, slot);
    (void)snprintf(index, sizeof(index), "%" PRIu32, c->drive_index);
    return cli_command_run(&command, output, code, err);
}

/* One that has to succeed. */
static enum reel_status
ask(const struct cli_changer *c, const char *operation, char **output,
    struct reel_err *err)
{
    int code = 0;

    REEL_TRY(operate(c, operation, 0, output, &code, err));
    if (code == 0)
        return REEL_OK;
    reel_free(*output);
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the changer cannot %s: exit code %d of %.60s", operation,
                     code, c->program);
}

/* "3:REEL03L8", also "3:" and "3"; false: neither. */
static bool
read_slot(const char *line, size_t len, struct cli_changer_slot *out)
{
    const char *colon = memchr(line, ':', len);
    size_t digits     = colon ? (size_t)(colon - line) : len;
    size_t from = digits + (colon != NULL), used = 0;
    uint64_t slot;
    char number[16];

    while (digits > 0 && *line == ' ') {
        line++;
        digits--;
        from--;
        len--;
    }
    if (digits == 0 || digits >= sizeof(number))
        return false;
    memcpy(number, line, digits);
    number[digits] = '\0';
    if (!cli_number_parse(number, UINT32_MAX, &slot) || slot == 0)
        return false;
    *out = (struct cli_changer_slot){.slot = (uint32_t)slot};
    for (; from < len && used < CLI_BARCODE_BYTES; from++) {
        if (line[from] > ' ' && line[from] <= '~')
            out->barcode[used++] = line[from];
    }
    return true;
}

static int
compare_slots(const void *a, const void *b)
{
    const struct cli_changer_slot *x = a, *y = b;

    return (x->slot > y->slot) - (x->slot < y->slot);
}

static size_t
count_lines(const char *text)
{
    size_t n = 1;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static enum reel_status
list_slots(struct cli_changer *c, struct reel_err *err)
{
    char *output = NULL;
    struct cli_changer_slot *slots;
    size_t used = 0;

    REEL_TRY(ask(c, "list", &output, err));
    assert(output); /* what has succeeded gave one */
    slots = reel_alloc_array(count_lines(output), sizeof(*slots));
    if (slots) {
        for (const char *p = output; *p; p += *p == '\n') {
            const size_t len = strcspn(p, "\n");

            used += read_slot(p, len, &slots[used]);
            p += len;
        }
        qsort(slots, used, sizeof(*slots), compare_slots);
    }
    reel_free(output);
    if (!slots)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the slots of the changer");
    reel_free(c->slots);
    c->slots      = slots;
    c->slot_count = used;
    return REEL_OK;
}

/* The slot whose tape is in the drive; 0: the drive is empty, or holds what
   has no slot. */
static enum reel_status
ask_loaded(const struct cli_changer *c, uint32_t *slot, struct reel_err *err)
{
    char *output   = NULL;
    uint64_t value = 0;

    REEL_TRY(ask(c, "loaded", &output, err));
    assert(output != NULL); /* what has succeeded gave one */
    output[strcspn(output, " \r\n")] = '\0';
    if (!cli_number_parse(output, UINT32_MAX, &value))
        value = 0;
    reel_free(output);
    *slot = (uint32_t)value;
    return REEL_OK;
}

static bool
is_tried(const struct cli_changer *c, uint32_t slot)
{
    for (size_t i = 0; i < c->tried_count; i++) {
        if (c->tried[i] == slot)
            return true;
    }
    return false;
}

static enum reel_status
note_tried(struct cli_changer *c, uint32_t slot, struct reel_err *err)
{
    uint32_t *tried;

    if (slot == 0 || is_tried(c, slot))
        return REEL_OK;
    tried = reel_realloc_array(c->tried, c->tried_count + 1, sizeof(*c->tried));
    if (!tried)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the slots of the changer");
    tried[c->tried_count++] = slot;
    c->tried                = tried;
    return REEL_OK;
}

bool
cli_barcode_fits(const char *barcode, const char *label)
{
    const size_t len = strlen(label);

    if (len == 0 || strncmp(barcode, label, len) != 0)
        return false;
    return barcode[len] == '\0' || strlen(barcode + len) == 2;
}

/* How well a slot fits: 0 not at all, more is better. */
static int
fitness(const struct cli_changer_slot *s, const struct reel_volume_wish *wish,
        uint32_t loaded)
{
    const bool named = wish->volume_id && wish->volume_id[0];

    if (strncmp(s->barcode, "CLN", 3) == 0)
        return 0;
    if (named && cli_barcode_fits(s->barcode, wish->volume_id))
        return strlen(s->barcode) == strlen(wish->volume_id) ? 5 : 4;
    if (wish->write)
        return s->slot > loaded ? 2 : 0;
    /* One with a barcode of its own may still be labelled otherwise. */
    if (named && s->barcode[0])
        return 1;
    return s->slot == loaded ? 3 : 2;
}

/* The best of those not tried, of equal ones the first; 0: none. */
static uint32_t
choose(const struct cli_changer *c, const struct reel_volume_wish *wish,
       uint32_t loaded)
{
    uint32_t best = 0;
    int fits      = 0;

    for (size_t i = 0; i < c->slot_count; i++) {
        const int this_fits = fitness(&c->slots[i], wish, loaded);

        if (this_fits > fits && !is_tried(c, c->slots[i].slot)) {
            best = c->slots[i].slot;
            fits = this_fits;
        }
    }
    return best;
}

/* Put the tape of `slot` into the drive. *in: it is there. */
static enum reel_status
load(const struct cli_changer *c, uint32_t slot, uint32_t *loaded, bool *in,
     struct reel_err *err)
{
    int code = 0;

    *in = slot == *loaded;
    if (*in)
        return REEL_OK;
    if (*loaded != 0) {
        REEL_TRY(operate(c, "unload", *loaded, NULL, &code, err));
        if (code != 0)
            return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                             "the changer cannot unload into slot %" PRIu32
                             ": exit code %d",
                             *loaded, code);
    }
    *loaded = 0;
    REEL_TRY(operate(c, "load", slot, NULL, &code, err));
    *in = code == 0;
    if (*in)
        *loaded = slot;
    return REEL_OK;
}

/* Forget what was tried, where that says nothing about this wish. */
static enum reel_status
begin_wish(struct cli_changer *c, const struct reel_volume_wish *wish,
           bool again, uint32_t loaded, struct reel_err *err)
{
    if (!wish->write && !wish->refused && !again) {
        c->tried_count = 0;
        return REEL_OK;
    }
    /* Refused, or full. */
    return note_tried(c, loaded, err);
}

enum reel_status
cli_changer_bring(struct cli_changer *c, const struct reel_volume_wish *wish,
                  bool again, struct reel_err *err)
{
    uint32_t loaded = 0, from, slot;
    bool in         = false;

    REEL_TRY(list_slots(c, err));
    REEL_TRY(ask_loaded(c, &loaded, err));
    REEL_TRY(begin_wish(c, wish, again, loaded, err));
    /* A tape that could not be loaded leaves the drive empty. */
    from = loaded ? loaded : c->last;
    while (!in) {
        slot = choose(c, wish, from);
        if (slot == 0) {
            (void)snprintf(err->text, sizeof(err->text),
                           "the changer has no tape that could be it");
            return REEL_END;
        }
        REEL_TRY(load(c, slot, &loaded, &in, err));
        if (!in)
            REEL_TRY(note_tried(c, slot, err));
    }
    c->last = loaded;
    return REEL_OK;
}
