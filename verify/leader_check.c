/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 2.3, L-8; verify: how the page puts it is not said, so a number is any
 * row of digits, with or without commas, and a set id any row of hexadecimal
 * digits, with or without hyphens.
 */
#include "leader_check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char next_part[] = "----- BEGIN ";

static void
add_octet(struct reel_leader_page *p, uint8_t octet)
{
    const size_t n = sizeof(next_part) - 1;

    if (octet == '\n' && (p->len == 0 || p->text[p->len - 1] == '\n'))
        return;
    if (p->len == sizeof(p->text)) {
        p->over = true;
        return;
    }
    p->text[p->len++] = octet;
    p->ended = p->len >= n && memcmp(p->text + p->len - n, next_part, n) == 0;
}

void
reel_leader_page_add(struct reel_leader_page *p, struct reel_bytes block)
{
    size_t i;

    for (i = 0; i < block.len && !p->ended && !p->over; i++)
        add_octet(p, block.data[i]);
}

/* Does `what` stand at text[at], `sep` passed over; *end: behind it. */
static bool
stands(const struct reel_leader_page *p, size_t at, const char *what, char sep,
       size_t *end)
{
    for (; *what != '\0'; at++) {
        if (at >= p->len)
            return false;
        if (p->text[at] == (uint8_t)sep)
            continue;
        if (tolower(p->text[at]) != *what)
            return false;
        what++;
    }
    *end = at;
    return true;
}

/* `what`, in small letters, and neither in the middle of digits. */
static bool
names(const struct reel_leader_page *p, const char *what, char sep)
{
    size_t at;
    size_t end;

    for (at = 0; at < p->len; at++)
        if (stands(p, at, what, sep, &end) &&
            (at == 0 || !isxdigit(p->text[at - 1])) &&
            (end == p->len || !isxdigit(p->text[end])))
            return true;
    return false;
}

static bool
names_number(const struct reel_leader_page *p, uint32_t number)
{
    char digits[16];

    (void)snprintf(digits, sizeof(digits), "%u", number);
    return names(p, digits, ',');
}

static bool
names_set(const struct reel_leader_page *p, const uint8_t *id)
{
    char digits[2 * REEL_SET_ID_BYTES + 1];
    size_t i;

    for (i = 0; i < REEL_SET_ID_BYTES; i++)
        (void)snprintf(digits + 2 * i, 3, "%02x", id[i]);
    return names(p, digits, '-');
}

static bool
names_id(const struct reel_leader_page *p, const uint8_t *id)
{
    size_t n = 0;
    size_t at;

    while (n < REEL_VOLUME_ID_BYTES && id[n] != ' ')
        n++;
    for (at = 0; at + n <= p->len; at++)
        if (memcmp(p->text + at, id, n) == 0)
            return true;
    return false;
}

const char *
reel_leader_page_lacks(const struct reel_leader_page *p,
                       const struct reel_volume *v)
{
    if (p->over)
        return NULL;
    if (!names_set(p, v->set_id))
        return "set id";
    if (!names_number(p, v->volume))
        return "number of the volume";
    if (!names_id(p, v->volume_id))
        return "volume id";
    return names_number(p, v->block_bytes) ? NULL : "block size";
}
