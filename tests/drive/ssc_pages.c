/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an emulated tape drive tells of itself: INQUIRY, mode pages, log pages,
 * cartridge memory. Beside ssc_drive.c, which moves the tape.
 */
#include <stdio.h>
#include <string.h>

#include "big_endian.h"
#include "ssc_drive.h"

#define PAGE_ROOM 1024u

/* A page being put together; what does not fit is a fault of this file. */
struct page {
    uint8_t bytes[PAGE_ROOM];
    size_t count;
};

static void
add(struct page *p, const void *bytes, size_t n)
{
    if (n > PAGE_ROOM - p->count)
        return;
    memcpy(p->bytes + p->count, bytes, n);
    p->count += n;
}

static void
add_be(struct page *p, uint64_t value, size_t octets)
{
    uint8_t b[8];

    put_be(b, value, octets);
    add(p, b, octets);
}

/* ---- INQUIRY ---- */

static void
inquiry_vital(struct ssc_task *t)
{
    static const uint8_t pages[]      = {0x00, 0x80, 0x83, 0xB0};
    static const char serial[]        = "DRIVE00001";
    static const uint8_t identifier[] = {0x61, 3, 0, 8, 0x51, 0,
                                         0,    0, 0, 0, 0,    1};
    static const uint8_t worm[]       = {1, 0}; /* can do write-once */
    struct page p                     = {.count = 0};

    add_be(&p, 1, 1); /* sequential access */
    add_be(&p, t->cdb[2], 1);
    add_be(&p, 0, 2);
    switch (t->cdb[2]) {
    case 0x00:
        add(&p, pages, sizeof(pages));
        break;
    case 0x80:
        add(&p, serial, sizeof(serial) - 1);
        break;
    case 0x83:
        add(&p, identifier, sizeof(identifier));
        break;
    case 0xB0:
        add(&p, worm, sizeof(worm));
        break;
    default:
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    put_be(p.bytes + 2, p.count - 4, 2);
    ssc_answer(t, p.bytes, p.count, (size_t)get_be(t->cdb + 3, 2));
}

void
ssc_inquiry(struct ssc_task *t)
{
    /* Removable, SPC-4, command queuing; vendor, product, revision. */
    static const uint8_t head[] = {1, 0x80, 6, 2, 31, 0, 0, 2};
    static const char names[]   = "REEL    EMULATED TAPE   0001";
    struct page p               = {.count = 0};

    if (t->cdb[1] & 1) {
        inquiry_vital(t);
        return;
    }
    add(&p, head, sizeof(head));
    add(&p, names, sizeof(names) - 1);
    ssc_answer(t, p.bytes, p.count, (size_t)get_be(t->cdb + 3, 2));
}

/* ---- mode pages ---- */

static void
add_compression(struct page *p, const struct ssc_drive *d, bool changeable)
{
    add_be(p, 0x0F, 1);
    add_be(p, 14, 1);
    /* On or off, and that it can be. */
    add_be(p,
           (d->compression || changeable ? 0x80u : 0) |
               (changeable ? 0 : 0x40u),
           1);
    add_be(p, 0x80, 1); /* decompression on */
    add_be(p, 3, 4);
    add_be(p, 3, 4);
    add_be(p, 0, 4);
}

static void
add_configuration(struct page *p, const struct ssc_drive *d)
{
    static const uint8_t start[] = {0x10, 14, 0, 0,    0x40, 0x80, 0,
                                    100,  64, 0, 0x18, 0,    0,    0};

    add(p, start, sizeof(start));
    add_be(p, d->compression, 1);
    add_be(p, 0, 1);
}

static void
add_medium_configuration(struct page *p, const struct ssc_drive *d)
{
    uint8_t page[32] = {0x1D, 30};

    page[2] = d->inserted && d->inserted->write_once;
    add(p, page, sizeof(page));
}

void
ssc_mode_sense(const struct ssc_drive *d, struct ssc_task *t)
{
    const bool ten            = t->cdb[0] == 0x5A;
    const bool descriptor     = !(t->cdb[1] & 8);
    const unsigned int page   = t->cdb[2] & 0x3Fu;
    const bool changeable     = t->cdb[2] >> 6 == 1;
    const struct cartridge *c = d->inserted;
    const unsigned int device = c && c->write_protected ? 0x90 : 0x10;
    const unsigned int medium = c && c->write_once ? 0x6C : 0x68;
    const size_t header       = ten ? 8 : 4;
    const size_t allocated    = ten ? (size_t)get_be(t->cdb + 7, 2) : t->cdb[4];
    struct page p             = {.count = header};

    p.bytes[ten ? 2 : 1] = (uint8_t)medium;
    p.bytes[ten ? 3 : 2] = (uint8_t)device;
    p.bytes[ten ? 7 : 3] = descriptor ? 8 : 0;
    if (descriptor) {
        add_be(&p, 0x5C, 1); /* density */
        add_be(&p, 0, 4);
        add_be(&p, d->block_bytes, 3);
    }
    if (page == 0x0F || page == 0x3F)
        add_compression(&p, d, changeable);
    if (page == 0x10 || page == 0x3F)
        add_configuration(&p, d);
    if (page == 0x1D || page == 0x3F)
        add_medium_configuration(&p, d);
    if (page != 0 && p.count == header + (descriptor ? 8u : 0u)) {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    put_be(p.bytes, p.count - (ten ? 2 : 1), ten ? 2 : 1);
    ssc_answer(t, p.bytes, p.count, allocated);
}

void
ssc_mode_select(struct ssc_drive *d, struct ssc_task *t)
{
    const bool ten      = t->cdb[0] == 0x55;
    const size_t header = ten ? 8 : 4;
    size_t descriptor;
    size_t off;

    if (t->out_bytes < header)
        return;
    descriptor = ten ? (size_t)get_be(t->out + 6, 2) : t->out[3];
    if (descriptor >= 8 && t->out_bytes >= header + 8)
        d->block_bytes = (uint32_t)get_be(t->out + header + 5, 3);
    for (off = header + descriptor; off + 3 <= t->out_bytes;
         off += 2u + t->out[off + 1]) {
        const unsigned int page = t->out[off] & 0x3Fu;

        if (page == 0x0F)
            d->compression = t->out[off + 2] & 0x80;
        if (page == 0x10 && off + 15 <= t->out_bytes)
            d->compression = t->out[off + 14] != 0;
    }
}

/* ---- log pages ---- */

static void
add_parameter(struct page *p, unsigned int code, uint64_t value, size_t octets)
{
    add_be(p, code, 2);
    add_be(p, 0x03, 1); /* binary, not to be saved */
    add_be(p, octets, 1);
    add_be(p, value, octets);
}

/* The same form for errors of writing and of reading. */
static void
add_error_counters(struct page *p, uint64_t bytes, uint64_t uncorrected)
{
    add_parameter(p, 0x0000, 0, 4); /* corrected without delay */
    add_parameter(p, 0x0001, 0, 4); /* with delay */
    add_parameter(p, 0x0002, 0, 4); /* rewrites or rereads */
    add_parameter(p, 0x0003, 7, 4); /* corrected, all */
    add_parameter(p, 0x0004, 7, 4);
    add_parameter(p, 0x0005, bytes, 8);
    add_parameter(p, 0x0006, uncorrected, 4);
}

static void
add_volume_statistics(struct page *p, const struct cartridge *c)
{
    char name[24];
    char serial[33];

    (void)snprintf(name, sizeof(name), "VOLUME%04u", c->number);
    (void)snprintf(serial, sizeof(serial), "%-32s", name);
    add_parameter(p, 0x0000, 1, 1); /* the page is valid */
    add_parameter(p, 0x0001, c->loads, 4);
    add_parameter(p, 0x0002, c->count, 8); /* data sets written */
    add_parameter(p, 0x0007, 0, 2);        /* unrecovered read errors */
    add_parameter(p, 0x0010, cartridge_used(c, c->count) >> 20, 4);
    add_be(p, 0x0040, 2); /* serial number */
    add_be(p, 0x01, 1);
    add_be(p, 32, 1);
    add(p, serial, 32);
}

static void
add_alerts(struct page *p, const struct ssc_drive *d)
{
    unsigned int flag;

    for (flag = 1; flag <= SSC_ALERTS; flag++)
        add_parameter(p, flag, d->alerts[flag], 1);
}

static void
add_capacity(struct page *p, const struct ssc_drive *d)
{
    const struct cartridge *const c = d->inserted;
    const uint64_t used             = cartridge_used(c, d->at);

    /* MiB: partition 0 remaining and maximum, partition 1 none. */
    add_parameter(
        p, 0x0001,
        used < c->capacity_bytes ? (c->capacity_bytes - used) >> 20 : 0, 4);
    add_parameter(p, 0x0002, 0, 4);
    add_parameter(p, 0x0003, c->capacity_bytes >> 20, 4);
    add_parameter(p, 0x0004, 0, 4);
}

void
ssc_log_sense(const struct ssc_drive *d, struct ssc_task *t)
{
    static const uint8_t pages[] = {0x00, 0x02, 0x03, 0x17, 0x2E, 0x31};
    const unsigned int page      = t->cdb[2] & 0x3Fu;
    const bool tape              = d->inserted && !d->unloaded;
    struct page p                = {.count = 0};

    add_be(&p, page, 1);
    add_be(&p, 0, 3);
    if (page == 0x00)
        add(&p, pages, sizeof(pages));
    else if (page == 0x02)
        add_error_counters(&p, d->counters.written_bytes, 0);
    else if (page == 0x03)
        add_error_counters(&p, d->counters.read_bytes, d->counters.read_errors);
    else if (page == 0x17 && tape)
        add_volume_statistics(&p, d->inserted);
    else if (page == 0x2E)
        add_alerts(&p, d);
    else if (page == 0x31 && tape)
        add_capacity(&p, d);
    else
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
    if (t->failed)
        return;
    put_be(p.bytes + 2, p.count - 4, 2);
    ssc_answer(t, p.bytes, p.count, (size_t)get_be(t->cdb + 7, 2));
}

/* ---- cartridge memory ---- */

/* One attribute, if the host wants those from `first` on and it is one. */
static void
add_attribute(struct page *p, unsigned int first, unsigned int id,
              unsigned int format, const void *value, size_t bytes)
{
    if (id < first)
        return;
    add_be(p, id, 2);
    add_be(p, 0x80u | format, 1); /* read only */
    add_be(p, bytes, 2);
    add(p, value, bytes);
}

static void
add_number(struct page *p, unsigned int first, unsigned int id, uint64_t value,
           size_t octets)
{
    uint8_t b[8];

    put_be(b, value, octets);
    add_attribute(p, first, id, 0, b, octets);
}

static void
add_text(struct page *p, unsigned int first, unsigned int id, const char *text,
         size_t octets)
{
    char padded[64];

    (void)snprintf(padded, sizeof(padded), "%-*s", (int)octets, text);
    add_attribute(p, first, id, 1, padded, octets);
}

void
ssc_read_attribute(const struct ssc_drive *d, struct ssc_task *t)
{
    const struct cartridge *const c = d->inserted;
    const unsigned int first        = (unsigned int)get_be(t->cdb + 8, 2);
    struct page p                   = {.count = 4};
    char text[33];

    if ((t->cdb[1] & 0x1F) != 0) { /* only the values */
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    add_number(&p, first, 0x0000,
               (c->capacity_bytes - cartridge_used(c, c->count)) >> 20, 8);
    add_number(&p, first, 0x0001, c->capacity_bytes >> 20, 8);
    add_number(&p, first, 0x0003, c->loads, 8);
    add_text(&p, first, 0x0400, "REEL", 8);
    (void)snprintf(text, sizeof(text), "VOLUME%04u", c->number);
    add_text(&p, first, 0x0401, text, 32);
    add_number(&p, first, 0x0408, c->write_once ? 0x80 : 0x00, 1);
    (void)snprintf(text, sizeof(text), "TAPE%02uL8", c->number);
    add_text(&p, first, 0x0806, text, 32);
    put_be(p.bytes, p.count - 4, 4);
    ssc_answer(t, p.bytes, p.count, get_be32(t->cdb + 10));
}
