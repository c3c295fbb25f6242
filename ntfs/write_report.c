/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the restoring side answers (reel/relay.h). */
#include "write_report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reel/alloc.h"
#include "relay_pipe.h"

/* NOTE: a path and a text, and less than 64 octets of fields. */
#define RECORD_ROOM (65535U + REEL_RELAY_TEXT_BYTES_MAX + 64U)

enum reel_status
rn_report_init(struct rn_report *r, int fd, struct reel_err *err)
{
    *r     = (struct rn_report){.fd = fd};
    r->buf = reel_alloc_array(RECORD_ROOM, 1);
    if (r->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the report");
    return REEL_OK;
}

void
rn_report_fini(struct rn_report *r)
{
    reel_free(r->buf);
    r->buf = NULL;
}

static void
deliver(struct rn_report *r, const struct reel_builder *b,
        enum reel_status encoded)
{
    const struct reel_bytes record = {.data = r->buf, .len = b->len};
    struct reel_err ignored;

    if (r->broken)
        return;
    if (encoded != REEL_OK || reel_relay_write(r->fd, record, &ignored) != 0)
        r->broken = true;
}

/* Names of attributes may have come into it: text is UTF-8 (C-5), and ASCII is
   what can be said of any octets. */
static void
make_plain(char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7E)
            *text = '?';
}

void
rn_report_err(struct rn_report *r, const struct rn_subject *about,
              enum reel_note_kind kind, const struct reel_err *err)
{
    struct reel_err plain    = *err;
    struct reel_relay_note n = {
        .kind     = (uint8_t)kind,
        .encoding = about->encoding,
        .status   = (uint16_t)err->status,
        .path     = about->path,
    };
    struct reel_builder b = reel_builder_init(r->buf, RECORD_ROOM);

    make_plain(plain.text);
    n.text = reel_bytes_of(plain.text);

    if (err->status == REEL_E_FULL)
        r->full++;
    deliver(r, &b, reel_relay_note_encode(&n, about->object, &b, NULL));
}

void
rn_report_say(struct rn_report *r, const struct rn_subject *about,
              enum reel_note_kind kind, enum reel_status status,
              const char *fmt, ...)
{
    struct reel_err err = {.status = status};
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(err.text, sizeof(err.text), fmt, args);
    va_end(args);
    rn_report_err(r, about, kind, &err);
}

void
rn_report_done(struct rn_report *r, const struct reel_err *err)
{
    struct reel_relay_done d = {.status = REEL_OK};
    struct reel_builder b    = reel_builder_init(r->buf, RECORD_ROOM);
    char text[80];

    if (err != NULL) {
        d.status = (uint16_t)err->status;
        d.text   = reel_bytes_of(err->text);
    } else if (r->full > 0) {
        (void)snprintf(text, sizeof(text),
                       "the volume is full: %llu times there was no room",
                       (unsigned long long)r->full);
        d.status = REEL_E_FULL;
        d.text   = reel_bytes_of(text);
    }
    deliver(r, &b, reel_relay_done_encode(&d, &b, NULL));
}

enum reel_status
rn_fail_errno(struct reel_err *err, const char *what)
{
    const int why           = errno;
    enum reel_status status = REEL_E_MEDIUM;

    if (why == ENOSPC || why == EDQUOT)
        status = REEL_E_FULL;
    else if (why == ENOMEM)
        status = REEL_E_MEMORY;
    return reel_fail(err, status, NULL, NULL, "%s: %s", what, strerror(why));
}
