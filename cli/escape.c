/* SPDX-License-Identifier: Apache-2.0 */
/* Program: names of any octets made safe to show (spec 8.1 has the two
   encodings of names). */
#include <string.h>

#include "escape.h"
#include "reel/path.h"
#include "reel/wtf8.h"

/* What stands next in a name. */
struct piece {
    uint32_t point; /* code point, or the octet or unit that is none */
    bool legal;     /* it is a code point */
    size_t len;     /* octets it takes in the name, > 0 */
};

/* off < path.len */
static struct piece
next_octets(struct reel_bytes path, size_t off)
{
    struct piece p = {path.data[off], false, 1};
    uint32_t point = 0;
    const size_t n = reel_wtf8_get(path, off, &point);

    if (n > 0 && (point < 0xD800 || point > 0xDFFF))
        p = (struct piece){point, true, n};
    return p;
}

/* off < path.len; an odd octet at the end is no unit. */
static struct piece
next_units(struct reel_bytes path, size_t off)
{
    struct piece p = {path.data[off], false, 1};
    uint32_t point = 0;
    const size_t n = reel_wtf8_get_units(path, off, &point);

    if (n > 0)
        p = (struct piece){point, point < 0xD800 || point > 0xDFFF, n};
    return p;
}

static struct piece
next_piece(uint8_t encoding, struct reel_bytes path, size_t off)
{
    return encoding == REEL_ENCODING_UTF16 ? next_units(path, off)
                                           : next_octets(path, off);
}

static void
write_utf8(FILE *out, uint32_t point)
{
    uint8_t octets[4] = {0};

    (void)fwrite(octets, 1, reel_wtf8_put(octets, point), out);
}

/* Control characters, and those that let a name pass for another: marks,
   embeddings and isolates of direction, line separators, invisible ones. */
static bool
is_unsafe(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
           point == 0x061C || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
           (point >= 0xFFF9 && point <= 0xFFFB) ||
           (point >= 0xE0000 && point <= 0xE007F);
}

static void
write_octal(FILE *out, uint32_t point)
{
    uint8_t octets[4] = {0};
    const size_t len  = reel_wtf8_put(octets, point);

    for (size_t i = 0; i < len; i++)
        (void)fprintf(out, "\\%03o", (unsigned int)octets[i]);
}

static void
text_piece(FILE *out, uint8_t encoding, const struct piece *p)
{
    static const char plain[] = "\a\b\t\n\v\f\r\\";
    static const char named[] = "abtnvfr\\";
    const char *at;

    if (!p->legal && encoding == REEL_ENCODING_UTF16 && p->len == 2) {
        (void)fprintf(out, "\\u%04X", (unsigned int)p->point);
        return;
    }
    if (!p->legal) {
        (void)fprintf(out, "\\%03o", (unsigned int)p->point);
        return;
    }
    at = p->point > 0 && p->point < 0x80 ? strchr(plain, (int)p->point) : NULL;
    if (at)
        (void)fprintf(out, "\\%c", named[at - plain]);
    else if (is_unsafe(p->point))
        write_octal(out, p->point);
    else
        write_utf8(out, p->point);
}

void
cli_escape_text(FILE *out, uint8_t encoding, struct reel_bytes path)
{
    struct piece p;

    if (path.len == 0)
        (void)fputc('.', out);
    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_piece(encoding, path, off);
        text_piece(out, encoding, &p);
    }
}

static void
json_piece(FILE *out, const struct piece *p)
{
    const uint32_t point = p->legal ? p->point : 0xFFFD;

    if (point == '"' || point == '\\')
        (void)fprintf(out, "\\%c", (int)point);
    else if (!is_unsafe(point))
        write_utf8(out, point);
    else if (point < 0x10000)
        (void)fprintf(out, "\\u%04x", (unsigned int)point);
    else
        (void)fprintf(out, "\\u%04x\\u%04x",
                      (unsigned int)(0xD800 + ((point - 0x10000) >> 10)),
                      (unsigned int)(0xDC00 + (point & 0x3FF)));
}

void
cli_escape_json(FILE *out, uint8_t encoding, struct reel_bytes path)
{
    struct piece p;

    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_piece(encoding, path, off);
        json_piece(out, &p);
    }
}

bool
cli_escape_is_unicode(uint8_t encoding, struct reel_bytes path)
{
    struct piece p;

    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_piece(encoding, path, off);
        if (!p.legal)
            return false;
    }
    return true;
}

void
cli_escape_raw(FILE *out, uint8_t encoding, struct reel_bytes path)
{
    struct piece p;

    if (path.len == 0) {
        (void)fputc('.', out);
        return;
    }
    if (encoding != REEL_ENCODING_UTF16) {
        (void)fwrite(path.data, 1, path.len, out);
        return;
    }
    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_units(path, off);
        write_utf8(out, p.point);
    }
}

/* How sha256sum writes this octet behind a leading backslash; 0: as it is. */
static char
manifest_name(uint32_t point)
{
    switch (point) {
    case '\\':
        return '\\';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

static bool
manifest_escapes(uint8_t encoding, struct reel_bytes path)
{
    struct piece p;

    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_piece(encoding, path, off);
        if (p.legal && manifest_name(p.point) != 0)
            return true;
    }
    return false;
}

static void
manifest_piece(FILE *out, uint8_t encoding, const struct piece *p)
{
    const char name = p->legal ? manifest_name(p->point) : 0;

    if (name != 0)
        (void)fprintf(out, "\\%c", name);
    else if (p->legal || encoding == REEL_ENCODING_UTF16)
        write_utf8(out, p->point);
    else
        (void)fputc((int)p->point, out);
}

void
cli_escape_manifest(FILE *out, const char *digest, uint8_t encoding,
                    struct reel_bytes path)
{
    struct piece p;

    (void)fprintf(out, "%s%s  ", manifest_escapes(encoding, path) ? "\\" : "",
                  digest);
    /* "-" alone would be standard input. */
    if (path.len == (encoding == REEL_ENCODING_UTF16 ? 2U : 1U) &&
        path.data[0] == '-')
        (void)fputs("./", out);
    for (size_t off = 0; off < path.len; off += p.len) {
        p = next_piece(encoding, path, off);
        manifest_piece(out, encoding, &p);
    }
    (void)fputc('\n', out);
}
