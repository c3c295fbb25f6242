/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 12.5; verify: diagnostics and verdicts on their way to the caller. */
#include "diagnose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool
muted(const struct reel_diagnoser *d, const char *rule)
{
    const char *const *m = d->options->muted_rules;

    for (; m != NULL && rule != NULL && *m != NULL; m++)
        if (strcmp(*m, rule) == 0)
            return true;
    return false;
}

enum reel_status
reel_diagnose_go_on(const struct reel_diagnoser *d, struct reel_err *err)
{
    if (!reel_stop_asked(&d->options->report))
        return REEL_OK;
    return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "stopped on request");
}

void
reel_diagnose(const struct reel_diagnoser *d, enum reel_note_kind kind,
              const struct reel_err *why, const struct reel_subject *about)
{
    static const struct reel_subject nothing = {0, {NULL, 0}, 0};

    if (muted(d, why->rule))
        return;
    if (about == NULL)
        about = &nothing;
    if (kind != REEL_NOTE_INFO && kind != REEL_NOTE_WANTED)
        d->result->diagnostics++;
    reel_note_send(&d->options->report, kind, about->encoding, about->path,
                   about->object, why);
}

void
reel_diagnose_rule(const struct reel_diagnoser *d, const struct reel_pos *pos,
                   const char *rule, const char *fmt, ...)
{
    char text[sizeof(((struct reel_err *)NULL)->text)];
    struct reel_err why;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)reel_fail(&why, REEL_E_INVALID, pos, rule, "%s", text);
    reel_diagnose(d, REEL_NOTE_INVALID, &why, NULL);
}

void
reel_diagnose_wanted(const struct reel_diagnoser *d, uint32_t first,
                     uint32_t last, bool certain)
{
    const struct reel_pos pos = {.volume = first};
    struct reel_err why;

    d->result->missing_volumes += (uint64_t)last - first + 1;
    if (last > first)
        (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL,
                        "volumes %u to %u of the set are wanted; what stands "
                        "only there cannot be proven",
                        first, last);
    else
        (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL,
                        certain
                            ? "volume %u of the set is wanted; what stands "
                              "only there cannot be proven"
                            : "volume %u of the set is wanted: the archive "
                              "goes on there, unless its writer was stopped",
                        first);
    reel_diagnose(d, REEL_NOTE_WANTED, &why, NULL);
}

void
reel_diagnose_end_lost(const struct reel_diagnoser *d, uint32_t volume,
                       uint64_t address)
{
    const struct reel_pos pos = {.volume = volume, .block = address};
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL,
                    "the drive cannot find the end of data; the volume is "
                    "read as far as that goes");
    reel_diagnose(d, REEL_NOTE_DAMAGE, &why, NULL);
}

void
reel_diagnose_info(const struct reel_diagnoser *d, const struct reel_pos *pos,
                   const char *fmt, ...)
{
    char text[sizeof(((struct reel_err *)NULL)->text)];
    struct reel_err why;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)reel_fail(&why, REEL_OK, pos, NULL, "%s", text);
    reel_diagnose(d, REEL_NOTE_INFO, &why, NULL);
}

void
reel_diagnose_item(const struct reel_diagnoser *d,
                   const struct reel_verify_item *item)
{
    switch (item->verdict) {
    case REEL_VERDICT_PROVEN:
        d->result->proven++;
        break;
    case REEL_VERDICT_FLAWED:
        d->result->flawed++;
        break;
    case REEL_VERDICT_DAMAGED:
        d->result->damaged++;
        break;
    case REEL_VERDICT_LOST:
        d->result->lost++;
        break;
    }
    if (d->options->item != NULL)
        d->options->item(d->options->item_ctx, item);
}
