/* SPDX-License-Identifier: Apache-2.0 */
/* Program: JSON, one object a line; no spec chapter. */
#include <inttypes.h>

#include "escape.h"
#include "json.h"
#include "reel/path.h"

struct cli_json
cli_json_init(FILE *out)
{
    return (struct cli_json){out, false};
}

static void
begin_value(struct cli_json *j, const char *key)
{
    if (j->more)
        (void)fputc(',', j->out);
    if (key)
        (void)fprintf(j->out, "\"%s\":", key);
    j->more = true;
}

void
cli_json_object(struct cli_json *j, const char *key)
{
    begin_value(j, key);
    (void)fputc('{', j->out);
    j->more = false;
}

void
cli_json_array(struct cli_json *j, const char *key)
{
    begin_value(j, key);
    (void)fputc('[', j->out);
    j->more = false;
}

void
cli_json_close(struct cli_json *j, char bracket)
{
    (void)fputc(bracket, j->out);
    j->more = true;
}

void
cli_json_line(struct cli_json *j)
{
    (void)fputs("}\n", j->out);
    j->more = false;
}

void
cli_json_bytes(struct cli_json *j, const char *key, struct reel_bytes text)
{
    begin_value(j, key);
    (void)fputc('"', j->out);
    cli_escape_json(j->out, REEL_ENCODING_POSIX, text);
    (void)fputc('"', j->out);
}

void
cli_json_utf16(struct cli_json *j, const char *key, struct reel_bytes text)
{
    begin_value(j, key);
    (void)fputc('"', j->out);
    cli_escape_json(j->out, REEL_ENCODING_UTF16, text);
    (void)fputc('"', j->out);
}

void
cli_json_text(struct cli_json *j, const char *key, const char *text)
{
    cli_json_bytes(j, key, reel_bytes_of(text));
}

void
cli_json_u64(struct cli_json *j, const char *key, uint64_t value)
{
    begin_value(j, key);
    (void)fprintf(j->out, "%" PRIu64, value);
}

void
cli_json_bool(struct cli_json *j, const char *key, bool value)
{
    begin_value(j, key);
    (void)fputs(value ? "true" : "false", j->out);
}

void
cli_json_null(struct cli_json *j, const char *key)
{
    begin_value(j, key);
    (void)fputs("null", j->out);
}

void
cli_json_hex(struct cli_json *j, const char *key, const uint8_t *data,
             size_t len)
{
    begin_value(j, key);
    (void)fputc('"', j->out);
    for (size_t i = 0; i < len; i++)
        (void)fprintf(j->out, "%02x", (unsigned int)data[i]);
    (void)fputc('"', j->out);
}

void
cli_json_time(struct cli_json *j, const char *key, const struct reel_time *t)
{
    begin_value(j, key);
    (void)fprintf(j->out, "{\"s\":%" PRId64 ",\"ns\":%" PRIu32 "}", t->s,
                  t->ns);
}

void
cli_json_path(struct cli_json *j, uint8_t encoding, struct reel_bytes path)
{
    begin_value(j, "path");
    (void)fputc('"', j->out);
    cli_escape_json(j->out, encoding, path);
    (void)fputc('"', j->out);
    if (!cli_escape_is_unicode(encoding, path))
        cli_json_hex(j, "path_hex", path.data, path.len);
}
