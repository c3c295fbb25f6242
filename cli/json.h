/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, one object a line, written as it comes. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "reel/bytes.h"
#include "reel/time.h"

struct cli_json {
    FILE *out;
    bool more; /* something stands before, in the object or array at hand */
};

struct cli_json cli_json_init(FILE *out);

/* `key` is NULL in an array and at the top; keys are written as they are. */
void cli_json_object(struct cli_json *j, const char *key);
void cli_json_array(struct cli_json *j, const char *key);
void cli_json_close(struct cli_json *j, char bracket); /* '}' or ']' */
/* Close the object at the top and its line. */
void cli_json_line(struct cli_json *j);

void cli_json_text(struct cli_json *j, const char *key, const char *text);
void cli_json_bytes(struct cli_json *j, const char *key,
                    struct reel_bytes text);
void cli_json_u64(struct cli_json *j, const char *key, uint64_t value);
void cli_json_bool(struct cli_json *j, const char *key, bool value);
void cli_json_null(struct cli_json *j, const char *key);
void cli_json_hex(struct cli_json *j, const char *key, const uint8_t *data,
                  size_t len);
/* {"s":…,"ns":…} */
void cli_json_time(struct cli_json *j, const char *key,
                   const struct reel_time *t);
/* Of 16-bit units; what is not Unicode in it is U+FFFD. */
void cli_json_utf16(struct cli_json *j, const char *key,
                    struct reel_bytes text);
/* "path", and "path_hex" where that does not say it exactly. */
void cli_json_path(struct cli_json *j, uint8_t encoding,
                   struct reel_bytes path);

#endif
