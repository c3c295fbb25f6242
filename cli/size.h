/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts as people write and read them. */
#ifndef CLI_SIZE_H
#define CLI_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough for whatever the printing functions below make. */
#define CLI_SIZE_TEXT_BYTES 40U

/* Decimal digits only, at most `max`. *out set only if true. Pure. */
bool cli_number_parse(const char *text, uint64_t max, uint64_t *out);

/*
 * "4096", "512K", "4M", "1G", "2T", also "4MiB": times 1024 each.
 * *out set only if true. Pure.
 */
bool cli_size_parse(const char *text, uint64_t *out);

/* 2 × `digits` hexadecimal digits into out[0, digits). Pure. */
bool cli_hex_parse(const char *text, uint8_t *out, size_t digits);

/* "17 B", "3.2 GiB"; returns `text`, of CLI_SIZE_TEXT_BYTES. */
const char *cli_size_print(char *text, uint64_t bytes);

/* "12,345"; returns `text`, of CLI_SIZE_TEXT_BYTES. */
const char *cli_count_print(char *text, uint64_t count);

/* "7s", "3m05s", "2h03m"; returns `text`, of CLI_SIZE_TEXT_BYTES. */
const char *cli_duration_print(char *text, uint64_t seconds);

/* Lower case hexadecimal; `text` has room for 2 × len + 1. */
const char *cli_hex_print(char *text, const uint8_t *data, size_t len);

#endif
