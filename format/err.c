/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12, errors; bytes layer, used by everything above. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reel/cursor.h"
#include "reel/err.h"

static enum reel_status
fill(struct reel_err *err, enum reel_status status, const struct reel_pos *pos,
     const char *rule, const char *fmt, va_list args)
{
    if (err == NULL)
        return status;
    memset(err, 0, sizeof(*err));
    err->status = status;
    err->rule   = rule;
    if (pos != NULL)
        err->pos = *pos;
    (void)vsnprintf(err->text, sizeof(err->text), fmt, args);
    return status;
}

enum reel_status
reel_fail(struct reel_err *err, enum reel_status status,
          const struct reel_pos *pos, const char *rule, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    (void)fill(err, status, pos, rule, fmt, args);
    va_end(args);
    return status;
}

enum reel_status
reel_fail_at(struct reel_err *err, enum reel_status status,
             const struct reel_cursor *c, const char *rule, const char *fmt,
             ...)
{
    const struct reel_pos pos = reel_cursor_pos(c);
    va_list args;

    va_start(args, fmt);
    (void)fill(err, status, &pos, rule, fmt, args);
    va_end(args);
    return status;
}

const char *
reel_status_name(enum reel_status status)
{
    switch (status) {
    case REEL_OK:
        return "ok";
    case REEL_END:
        return "end";
    case REEL_E_TRUNCATED:
        return "truncated";
    case REEL_E_MAGIC:
        return "magic";
    case REEL_E_CORRUPT:
        return "corrupt";
    case REEL_E_INVALID:
        return "invalid";
    case REEL_E_UNSUPPORTED:
        return "unsupported";
    case REEL_E_LIMIT:
        return "limit";
    case REEL_E_MEDIUM:
        return "medium";
    case REEL_E_FULL:
        return "full";
    case REEL_E_MEMORY:
        return "memory";
    case REEL_E_MISUSE:
        return "misuse";
    case REEL_E_STOPPED:
        return "stopped";
    }
    return "unknown";
}
