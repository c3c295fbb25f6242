/* SPDX-License-Identifier: Apache-2.0 */
/* Program: amounts as people write and read them; no spec chapter. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "size.h"

/* Digits at *text up to a value of `max`; *text ends behind them. */
static bool
take_digits(const char **text, uint64_t max, uint64_t *out)
{
    const char *at = *text;
    uint64_t value = 0;

    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        const uint64_t digit = (uint64_t)(*at - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *text = at;
    *out  = value;
    return true;
}

bool
cli_number_parse(const char *text, uint64_t max, uint64_t *out)
{
    uint64_t value;

    if (!take_digits(&text, max, &value) || *text != '\0')
        return false;
    *out = value;
    return true;
}

bool
cli_size_parse(const char *text, uint64_t *out)
{
    static const char upper[] = "KMGTPE", lower[] = "kmgtpe";
    unsigned int shift = 0;
    const char *unit;
    uint64_t value;

    if (!take_digits(&text, UINT64_MAX, &value))
        return false;
    if (*text != '\0') {
        if ((unit = strchr(upper, *text)) != NULL)
            shift = 10U * (unsigned int)(unit - upper + 1);
        else if ((unit = strchr(lower, *text)) != NULL)
            shift = 10U * (unsigned int)(unit - lower + 1);
        else
            return false;
        text++;
        if (*text != '\0' && strcmp(text, "iB") != 0)
            return false;
    }
    if (value > UINT64_MAX >> shift)
        return false;
    *out = value << shift;
    return true;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
cli_hex_parse(const char *text, uint8_t *out, size_t digits)
{
    if (strlen(text) != 2 * digits)
        return false;
    for (size_t i = 0; i < 2 * digits; i++) {
        if (hex_digit(text[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < digits; i++)
        out[i] =
            (uint8_t)(hex_digit(text[2 * i]) * 16 + hex_digit(text[2 * i + 1]));
    return true;
}

const char *
cli_size_print(char *text, uint64_t bytes)
{
    static const char units[] = "KMGTPE";
    unsigned int unit         = 0; /* 1: KiB */
    uint64_t whole            = bytes;
    uint64_t tenths;

    while (whole >= 1024) {
        whole >>= 10;
        unit++;
    }
    if (unit == 0) {
        (void)snprintf(text, CLI_SIZE_TEXT_BYTES, "%" PRIu64 " B", bytes);
        return text;
    }
    /* The ten bits below the unit, so nothing overflows: 0 … 9. */
    tenths = (bytes >> (10 * (unit - 1)) & 1023) * 10 / 1024;
    (void)snprintf(text, CLI_SIZE_TEXT_BYTES, "%" PRIu64 ".%" PRIu64 " %ciB",
                   whole, tenths, units[unit - 1]);
    return text;
}

const char *
cli_count_print(char *text, uint64_t count)
{
    char digits[CLI_SIZE_TEXT_BYTES];
    size_t len, at = 0;

    (void)snprintf(digits, sizeof(digits), "%" PRIu64, count);
    len = strlen(digits);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

const char *
cli_duration_print(char *text, uint64_t seconds)
{
    const uint64_t minutes = seconds / 60, hours = minutes / 60;

    if (hours > 0)
        (void)snprintf(text, CLI_SIZE_TEXT_BYTES, "%" PRIu64 "h%02" PRIu64 "m",
                       hours, minutes % 60);
    else if (minutes > 0)
        (void)snprintf(text, CLI_SIZE_TEXT_BYTES, "%" PRIu64 "m%02" PRIu64 "s",
                       minutes, seconds % 60);
    else
        (void)snprintf(text, CLI_SIZE_TEXT_BYTES, "%" PRIu64 "s", seconds);
    return text;
}

const char *
cli_hex_print(char *text, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        text[2 * i]     = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 15];
    }
    text[2 * len] = '\0';
    return text;
}
