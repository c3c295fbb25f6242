/* SPDX-License-Identifier: Apache-2.0 */
/* Names of any octets, made safe for a terminal, for JSON, for sha256sum. */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include <stdbool.h>
#include <stdio.h>

#include "reel/bytes.h"

/* `encoding` is an enum reel_encoding; anything but UTF16 is taken as octets
   that ought to be UTF-8. */

/*
 * For people, reversible: a backslash is doubled, line feed and its like are
 * \n \t \r …; other control characters, characters that turn the direction of
 * text, and octets that are not UTF-8 are \ooo for each octet; a lone
 * surrogate is \uXXXX. The root, an empty path, is ".".
 */
void cli_escape_text(FILE *out, uint8_t encoding, struct reel_bytes path);

/* Between the quotes of a JSON string; what is not Unicode is U+FFFD. */
void cli_escape_json(FILE *out, uint8_t encoding, struct reel_bytes path);

/* Is all of it Unicode, so that JSON says it exactly? Pure. */
bool cli_escape_is_unicode(uint8_t encoding, struct reel_bytes path);

/* The octets a POSIX system would call it: UTF-16 becomes UTF-8. */
void cli_escape_raw(FILE *out, uint8_t encoding, struct reel_bytes path);

/* One line of `sha256sum`: digest, name; a name with a backslash, line feed
   or carriage return in the form that begins with a backslash. */
void cli_escape_manifest(FILE *out, const char *digest, uint8_t encoding,
                         struct reel_bytes path);

#endif
