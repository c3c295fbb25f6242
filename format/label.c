/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.2 and 2.3, label and leader; blocks layer. */
#include <stdio.h>
#include <string.h>

#include "reel/label.h"

#define IMPLEMENTATION_AT 24U
#define LINE_CHARS 80U
#define INDENT "                 " /* of the values on the first page */
#define INDENT_CHARS (sizeof(INDENT) - 1)

bool
reel_volume_id_legal(const uint8_t id[REEL_VOLUME_ID_BYTES])
{
    size_t n = 0;
    size_t i;

    while (n < REEL_VOLUME_ID_BYTES &&
           ((id[n] >= 'A' && id[n] <= 'Z') || (id[n] >= '0' && id[n] <= '9')))
        n++;
    for (i = n; i < REEL_VOLUME_ID_BYTES; i++)
        if (id[i] != ' ')
            return false;
    return n > 0;
}

/* The label as it must be for this volume id. */
static void
compose(uint8_t out[REEL_LABEL_BYTES], const uint8_t *volume_id)
{
    memset(out, ' ', REEL_LABEL_BYTES);
    memcpy(out, "VOL1", 4);
    memcpy(out + 4, volume_id, REEL_VOLUME_ID_BYTES);
    memcpy(out + IMPLEMENTATION_AT, "REEL", 4);
    out[79] = '4';
}

enum reel_status
reel_label_decode(struct reel_label *out, const uint8_t *data, size_t len,
                  const struct reel_pos *pos, struct reel_err *err)
{
    uint8_t expected[REEL_LABEL_BYTES];
    struct reel_label l;

    if (len < REEL_LABEL_BYTES)
        return reel_fail(err, REEL_E_TRUNCATED, pos, "L-5",
                         "label of %zu octets, it has 80", len);
    if (memcmp(data, "VOL1", 4) != 0)
        return reel_fail(err, REEL_E_MAGIC, pos, "L-5",
                         "not a volume label: it does not begin VOL1");
    if (memcmp(data + IMPLEMENTATION_AT, "LTFS", 4) == 0)
        return reel_fail(err, REEL_E_MAGIC, pos, "L-5",
                         "the label is that of an LTFS volume, not of Reel");
    if (memcmp(data + IMPLEMENTATION_AT, "REEL", 4) != 0)
        return reel_fail(err, REEL_E_MAGIC, pos, "L-5",
                         "the label is that of other software, not of Reel");
    memcpy(l.volume_id, data + 4, sizeof(l.volume_id));
    compose(expected, l.volume_id);
    if (len != REEL_LABEL_BYTES || !reel_volume_id_legal(l.volume_id) ||
        memcmp(expected, data, sizeof(expected)) != 0)
        return reel_fail(err, REEL_E_INVALID, pos, "L-5",
                         "the label is not as the specification has it");
    *out = l;
    return REEL_OK;
}

enum reel_status
reel_label_encode(const struct reel_label *l, struct reel_builder *b,
                  struct reel_err *err)
{
    uint8_t label[REEL_LABEL_BYTES];
    const struct reel_bytes bytes = {label, sizeof(label)};

    if (!reel_volume_id_legal(l->volume_id))
        return reel_fail(err, REEL_E_INVALID, NULL, "L-5",
                         "a volume id is 1 to 6 letters A-Z and digits");
    compose(label, l->volume_id);
    reel_put_bytes(b, bytes);
    if (!b->ok)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL, "no room for a label");
    return REEL_OK;
}

static void
put_text(struct reel_builder *b, const char *text)
{
    reel_put_bytes(b, reel_bytes_of(text));
}

/* In ASCII, behind an indent of INDENT and folded at column 80 (2.3). */
static void
put_ascii(struct reel_builder *b, struct reel_bytes text)
{
    size_t column = INDENT_CHARS;
    size_t i;

    for (i = 0; i < text.len; i++) {
        const uint8_t c = text.data[i];

        if (c >= 0x80 && c < 0xC0) /* one '?' for each character */
            continue;
        if (column == LINE_CHARS) {
            put_text(b, "\n" INDENT);
            column = INDENT_CHARS;
        }
        reel_put_u8(b, c >= 0x20 && c < 0x7F ? c : '?');
        column++;
    }
}

/* Days since 1970-01-01 to a date of the Gregorian calendar. Pre: |days| is
   below 2^53. */
static void
civil(int64_t days, int64_t *year, int *month, int *day)
{
    const int64_t z   = days + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp  = (5 * doy + 2) / 153;

    *day   = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year  = yoe + era * 400 + (*month <= 2 ? 1 : 0);
}

static void
put_time(struct reel_builder *b, const struct reel_time *t)
{
    const int64_t days = t->s / 86400 - (t->s % 86400 < 0 ? 1 : 0);
    const int64_t secs = t->s % 86400 + (t->s % 86400 < 0 ? 86400 : 0);
    char text[64];
    int64_t year;
    int month;
    int day;

    civil(days, &year, &month, &day);
    (void)snprintf(text, sizeof(text), "%04lld-%02d-%02d %02d:%02d:%02d UTC",
                   (long long)year, month, day, (int)(secs / 3600),
                   (int)(secs / 60 % 60), (int)(secs % 60));
    put_text(b, text);
}

static void
put_identity(const struct reel_leader *l, struct reel_builder *b)
{
    char text[80];
    size_t i;

    (void)snprintf(text, sizeof(text), "  volume id      %.6s\n",
                   (const char *)l->volume_id);
    put_text(b, text);
    put_text(b, "  set id         ");
    for (i = 0; i < sizeof(l->set_id); i++) {
        (void)snprintf(text, sizeof(text), "%02x", l->set_id[i]);
        put_text(b, text);
    }
    (void)snprintf(text, sizeof(text),
                   "\n  volume number  %u\n  block size     %u octets\n",
                   l->volume, l->block_bytes);
    put_text(b, text);
    put_text(b, "  begun          ");
    put_time(b, &l->created);
    put_text(b, "\n  set name       ");
    put_ascii(b, l->set_name);
    put_text(b, "\n  written by     ");
    put_ascii(b, l->software);
    put_text(b, "\n");
}

enum reel_status
reel_leader_page(const struct reel_leader *l, struct reel_builder *b,
                 struct reel_err *err)
{
    put_text(b, REEL_LEADER_TITLE
             "\n\n"
             "This tape holds files and directories, with checksums over "
             "everything.\nThis volume is:\n\n");
    put_identity(l, b);
    put_text(
        b,
        "\nHow to read it by hand, on a machine with a tape drive:\n\n"
        "  dd bs=1M if=/dev/nst0 of=part0   the label, 80 letters\n"
        "  dd bs=1M if=/dev/nst0 of=part1   this text, and a reader program\n"
        "  dd bs=1M if=/dev/nst0 of=part2   the archive\n"
        "  dd bs=1M if=/dev/nst0 of=part3   its catalog\n\n"
        "Each dd reads up to the next filemark. Behind this page may stand "
        "the\nspecification of the format, between a line with BEGIN and a "
        "line with END,\nand in the same way a program in the language "
        "Python 3 that reads it all.\n\n"
        "In short: from part2 on the tape is blocks of the size above. Each "
        "has a\nheader of 96 octets that begins 8A 52 45 45 4C 0D 0A 1A "
        "(hexadecimal), says\nwhich block it is, and holds a CRC-32C. The "
        "rest are segments (\"SEGM\"),\nplain or packed with zstd (RFC 8878), "
        "and in these records with the files.\n\n");
    if (!b->ok)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "the first page of the leader does not fit");
    return REEL_OK;
}

enum reel_status
reel_leader_check(const uint8_t *data, size_t len, bool first,
                  const struct reel_pos *pos, struct reel_err *err)
{
    const size_t title = sizeof(REEL_LEADER_TITLE) - 1;
    size_t i;

    if (first && (len < title || memcmp(data, REEL_LEADER_TITLE, title) != 0))
        return reel_fail(err, REEL_E_INVALID, pos, "L-7",
                         "the leader does not begin \"" REEL_LEADER_TITLE "\"");
    for (i = 0; i < len; i++)
        if (data[i] != '\n' && (data[i] < 0x20 || data[i] > 0x7E))
            return reel_fail(err, REEL_E_INVALID, pos, "L-7",
                             "the leader holds the octet 0x%02X", data[i]);
    return REEL_OK;
}
