/* SPDX-License-Identifier: Apache-2.0 */
/* Decoders of what drives answer; no spec chapter. */
#include "drive_pages.h"

#include <string.h>

#include "reel/cursor.h"

#define MODE_HEADER_BYTES 8U /* of MODE SENSE(10) */

/* The next `len` octets as a number, highest first; of more than 8, the last
   8 count. */
static uint64_t
get_be(struct reel_cursor *c, size_t len)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len && c->ok; i++)
        value = value << 8 | reel_get_u8(c);
    return c->ok ? value : 0;
}

/* The text of an ASCII field; ends at a NUL, without spaces around. */
static void
put_text(char *out, struct reel_bytes field)
{
    size_t from = 0, len = 0;

    while (from < field.len && field.data[from] == ' ')
        from++;
    while (from + len < field.len && field.data[from + len] != 0 &&
           len < REEL_DRIVE_TEXT_BYTES - 1)
        len++;
    while (len > 0 && field.data[from + len - 1] == ' ')
        len--;
    for (size_t i = 0; i < len; i++) {
        const uint8_t octet = field.data[from + i];

        out[i] = octet >= 0x20 && octet < 0x7F ? (char)octet : '?';
    }
    out[len] = '\0';
}

/* ---- INQUIRY ---- */

void
reel_drive_page_inquiry(struct reel_drive_facts *out, const uint8_t *data,
                        size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    struct reel_bytes vendor, product, revision;

    (void)reel_get_bytes(&c, 8);
    vendor   = reel_get_bytes(&c, 8);
    product  = reel_get_bytes(&c, 16);
    revision = reel_get_bytes(&c, 4);
    if (!c.ok)
        return;
    put_text(out->vendor, vendor);
    put_text(out->product, product);
    put_text(out->revision, revision);
}

void
reel_drive_page_serial(struct reel_drive_facts *out, const uint8_t *data,
                       size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    struct reel_bytes text;
    uint8_t page;

    (void)reel_get_u8(&c);
    page = reel_get_u8(&c);
    text = reel_get_bytes(&c, (size_t)get_be(&c, 2));
    if (c.ok && page == 0x80)
        put_text(out->serial, text);
}

void
reel_drive_page_limits(struct reel_drive_facts *out, const uint8_t *data,
                       size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    uint64_t max;

    (void)reel_get_u8(&c);
    max = get_be(&c, 3);
    (void)get_be(&c, 2);
    if (!c.ok)
        return;
    out->has_block_limits = true;
    out->block_bytes_max  = (uint32_t)max; /* 24 bits */
}

/* ---- LOG SENSE ---- */

struct parameter {
    uint16_t code;
    struct reel_bytes value;
    uint64_t number; /* of up to 8 octets; all ones: the drive knows none */
    bool counted;    /* `number` means something */
};

/* The parameters of page `page`; an empty run if it is another. */
static struct reel_cursor
log_page(const uint8_t *data, size_t bytes, uint8_t page)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    const uint8_t code   = reel_get_u8(&c) & 0x3FU;
    size_t len;

    (void)reel_get_u8(&c);
    len = (size_t)get_be(&c, 2);
    if (!c.ok || code != page)
        return reel_cursor_init(data, 0, NULL);
    if (len > reel_cursor_left(&c))
        len = reel_cursor_left(&c); /* what did not fit into the buffer */
    return reel_get_cursor(&c, len);
}

static bool
parameter_next(struct reel_cursor *c, struct parameter *p)
{
    struct reel_cursor value;
    size_t len;
    bool all_ones = true;

    if (reel_cursor_left(c) == 0)
        return false;
    p->code = (uint16_t)get_be(c, 2);
    (void)reel_get_u8(c);
    len      = reel_get_u8(c);
    p->value = reel_get_bytes(c, len);
    if (!c->ok)
        return false;
    for (size_t i = 0; i < len; i++)
        all_ones = all_ones && p->value.data[i] == 0xFF;
    value      = reel_cursor_init(p->value.data, len, NULL);
    p->number  = get_be(&value, len);
    p->counted = len > 0 && len <= 8 && !all_ones;
    return true;
}

void
reel_drive_page_alerts(struct reel_drive_facts *out, const uint8_t *data,
                       size_t bytes)
{
    struct reel_cursor c = log_page(data, bytes, 0x2E);
    struct parameter p;

    while (parameter_next(&c, &p)) {
        if (p.code < 1 || p.code > 64 || p.value.len == 0)
            continue;
        out->has_alerts = true;
        if (p.value.data[0] & 1)
            out->alerts |= (uint64_t)1 << (p.code - 1);
    }
}

void
reel_drive_page_errors(struct reel_drive_errors *out, const uint8_t *data,
                       size_t bytes)
{
    const uint8_t page   = bytes > 0 && (data[0] & 0x3F) == 0x03 ? 0x03 : 0x02;
    struct reel_cursor c = log_page(data, bytes, page);
    struct parameter p;

    while (parameter_next(&c, &p)) {
        if (!p.counted)
            continue;
        if (p.code == 2)
            out->repeated = p.number;
        else if (p.code == 3)
            out->corrected = p.number;
        else if (p.code == 6)
            out->uncorrected = p.number;
        else
            continue;
        out->has = true;
    }
}

/* True if `p` was one of the counters. */
static bool
volume_counter(struct reel_drive_volume *v, const struct parameter *p)
{
    const struct {
        uint16_t code;
        uint64_t *field;
    } counters[] = {{0x01, &v->mounts},
                    {0x04, &v->write_errors},
                    {0x09, &v->read_errors},
                    {0x10, &v->written_mb},
                    {0x11, &v->read_mb}};

    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        if (counters[i].code != p->code || !p->counted)
            continue;
        *counters[i].field = p->number;
        return true;
    }
    return false;
}

/* What the drive has read from the chip of the cartridge. */
static void
volume_text(struct reel_drive_cartridge *cartridge, const struct parameter *p)
{
    char *field = p->code == 0x40   ? cartridge->serial
                  : p->code == 0x42 ? cartridge->barcode
                  : p->code == 0x43 ? cartridge->manufacturer
                                    : NULL;

    if (!field)
        return;
    put_text(field, p->value);
    cartridge->has = true;
}

void
reel_drive_page_volume(struct reel_drive_facts *out, const uint8_t *data,
                       size_t bytes)
{
    struct reel_cursor c = log_page(data, bytes, 0x17);
    struct parameter p;

    while (parameter_next(&c, &p)) {
        if (volume_counter(&out->volume, &p))
            out->volume.has = true;
        volume_text(&out->cartridge, &p);
        if (p.code == 0x81 && p.value.len > 0) {
            out->has_write_once = true;
            out->write_once     = p.number != 0;
        }
    }
}

void
reel_drive_page_capacity(struct reel_drive_facts *out, const uint8_t *data,
                         size_t bytes)
{
    struct reel_cursor c = log_page(data, bytes, 0x31);
    struct parameter p;
    bool remaining = false;

    while (parameter_next(&c, &p)) {
        if (p.code == 1 && p.counted) {
            out->capacity.remaining_mib = p.number;
            remaining                   = true;
        }
        if (p.code == 3 && p.counted)
            out->capacity.whole_mib = p.number;
    }
    out->capacity.has = out->capacity.has || remaining;
}

/* ---- READ ATTRIBUTE ---- */

static void
attribute_number(struct reel_drive_facts *out, uint16_t id,
                 struct reel_bytes value)
{
    struct reel_cursor c  = reel_cursor_init(value.data, value.len, NULL);
    const uint64_t number = get_be(&c, value.len);

    switch (id) {
    case 0x0000:
        out->capacity.remaining_mib = number;
        out->capacity.has           = true;
        break;
    case 0x0001:
        out->capacity.whole_mib = number;
        break;
    case 0x0003:
        out->cartridge.loads     = number;
        out->cartridge.has_loads = true;
        out->cartridge.has       = true;
        break;
    case 0x0408:
        out->has_write_once = true;
        out->write_once     = number == 0x80;
        break;
    default:
        break;
    }
}

static void
attribute_text(struct reel_drive_cartridge *cartridge, uint16_t id,
               struct reel_bytes value)
{
    char *field = id == 0x0400   ? cartridge->manufacturer
                  : id == 0x0401 ? cartridge->serial
                  : id == 0x0406 ? cartridge->made_on
                  : id == 0x0806 ? cartridge->barcode
                                 : NULL;

    if (!field || value.len == 0)
        return;
    put_text(field, value);
    cartridge->has = true;
}

void
reel_drive_page_cartridge(struct reel_drive_facts *out, const uint8_t *data,
                          size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    const uint64_t all   = get_be(&c, 4);
    struct reel_bytes value;
    uint16_t id;

    if (c.ok && all < reel_cursor_left(&c))
        c = reel_get_cursor(&c, (size_t)all);
    while (c.ok && reel_cursor_left(&c) > 0) {
        id = (uint16_t)get_be(&c, 2);
        (void)reel_get_u8(&c);
        value = reel_get_bytes(&c, (size_t)get_be(&c, 2));
        if (!c.ok)
            return;
        if (value.len > 0 && value.len <= 8)
            attribute_number(out, id, value);
        attribute_text(&out->cartridge, id, value);
    }
}

/* ---- MODE SENSE(10) ---- */

static void
mode_page(struct reel_drive_facts *out, uint8_t code, struct reel_bytes page)
{
    if (code == 0x0F && page.len >= 1) {
        out->has_compression = true;
        out->compression     = (page.data[0] & 0x80) != 0;
    } else if (code == 0x10 && page.len >= 13 && !out->has_compression) {
        out->has_compression = true;
        out->compression     = page.data[12] != 0;
    } else if (code == 0x1D && page.len >= 1) {
        out->has_write_once = true;
        out->write_once     = (page.data[0] & 0x01) != 0;
    }
}

void
reel_drive_page_mode(struct reel_drive_facts *out, const uint8_t *data,
                     size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    struct reel_bytes page;
    uint8_t code;

    (void)reel_get_bytes(&c, MODE_HEADER_BYTES - 2);
    (void)reel_get_bytes(&c, (size_t)get_be(&c, 2)); /* block descriptors */
    code = reel_get_u8(&c);
    page = reel_get_bytes(&c, reel_get_u8(&c));
    if (c.ok && !(code & 0x40)) /* a subpage: none is asked for */
        mode_page(out, code & 0x3F, page);
}

/* ---- SECURITY PROTOCOL IN ---- */

enum reel_drive_key
reel_drive_page_key(const uint8_t *data, size_t bytes)
{
    struct reel_cursor c = reel_cursor_init(data, bytes, NULL);
    const uint64_t page  = get_be(&c, 2);
    uint8_t state;

    (void)get_be(&c, 2); /* length */
    (void)get_be(&c, 8); /* of the block */
    state = reel_get_u8(&c) & 0x0F;
    if (!c.ok || page != 0x0021)
        return REEL_DRIVE_KEY_UNKNOWN;
    if (state == 4 || state == 6)
        return REEL_DRIVE_KEY_MISSING;
    return state == 3 || state == 5 ? REEL_DRIVE_KEY_FINE
                                    : REEL_DRIVE_KEY_UNKNOWN;
}
