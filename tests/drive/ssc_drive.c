/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of an emulated tape drive that move tape and data. Between
 * iscsi_target.c, which brings them, and cartridge.c, which holds the tape.
 */
#include "ssc_drive.h"

#include <string.h>

#include "big_endian.h"

/* ---- answers ---- */

void
ssc_fail(struct ssc_task *t, unsigned int key_flags, unsigned int asc)
{
    memset(t->sense, 0, sizeof(t->sense));
    t->failed    = true;
    t->sense[0]  = 0x70; /* current, fixed format */
    t->sense[2]  = (uint8_t)key_flags;
    t->sense[7]  = SSC_SENSE_BYTES - 8;
    t->sense[12] = (uint8_t)(asc >> 8);
    t->sense[13] = (uint8_t)asc;
}

/* The same with the information field: what of the request was not done. */
static void
fail_info(struct ssc_task *t, unsigned int key_flags, unsigned int asc,
          int64_t info)
{
    ssc_fail(t, key_flags, asc);
    t->sense[0] |= 0x80;
    put_be(t->sense + 3, (uint64_t)info, 4);
}

void
ssc_answer(struct ssc_task *t, const uint8_t *data, size_t bytes,
           size_t allocated)
{
    if (bytes > allocated)
        bytes = allocated;
    if (bytes > t->in_capacity)
        bytes = t->in_capacity;
    memcpy(t->in, data, bytes);
    t->in_bytes = bytes;
}

/* ---- states ---- */

void
ssc_drive_reset(struct ssc_drive *d)
{
    d->at          = 0;
    d->block_bytes = 0;
    d->compression = true;
    d->attention   = SSC_ASC_RESET;
}

void
ssc_drive_insert(struct ssc_drive *d, struct cartridge *c)
{
    d->inserted    = c;
    d->unloaded    = false;
    d->compression = true;
    d->at          = 0;
    /* Tape directory corrupted on load. */
    d->alerts[18] = c && c->end_lost;
    if (c) {
        c->loads++;
        d->attention = SSC_ASC_CHANGED;
    }
}

/* False, with sense, if the tape cannot be used now. */
static bool
ready(struct ssc_drive *d, struct ssc_task *t)
{
    if (!d->inserted || d->unloaded) {
        ssc_fail(t, SSC_NOT_READY, SSC_ASC_NO_MEDIUM);
        return false;
    }
    if (d->loading > 0) {
        d->loading--;
        ssc_fail(t, SSC_NOT_READY, SSC_ASC_BECOMING_READY);
        return false;
    }
    return true;
}

/* The sense for the end of what is recorded. */
static void
fail_at_end(const struct cartridge *c, struct ssc_task *t, int64_t left)
{
    if (c->end_lost)
        fail_info(t, SSC_MEDIUM_ERROR, SSC_ASC_END_NOT_FOUND, left);
    else
        fail_info(t, SSC_BLANK_CHECK, SSC_ASC_END_OF_DATA, left);
}

/* ---- READ ---- */

/*
 * Read one record of at most `wanted` octets into the answer. False when the
 * transfer ends here. `left` goes into the sense: blocks or octets not read.
 */
static bool
read_record(struct ssc_drive *d, struct ssc_task *t, size_t wanted,
            int64_t left, bool variable)
{
    const struct cartridge *const c = d->inserted;
    const struct cartridge_record *r;
    const size_t extra = d->protection_octets ? 4 : 0;
    size_t bytes;

    if (d->at >= c->count) {
        fail_at_end(c, t, left);
        return false;
    }
    r = &c->records[d->at++];
    if (r->filemark) {
        fail_info(t, SSC_FILEMARK, SSC_ASC_FILEMARK, left);
        return false;
    }
    if (r->fault != CARTRIDGE_SOUND) {
        const unsigned int ili = r->fault == CARTRIDGE_UNREADABLE_ILI;

        if (r->fault == CARTRIDGE_STUCK)
            d->at--;
        d->counters.read_errors++;
        fail_info(t, SSC_MEDIUM_ERROR | (ili ? SSC_ILI : 0), SSC_ASC_READ_ERROR,
                  left);
        return false;
    }
    if (d->encrypted) {
        d->at--;
        ssc_fail(t, SSC_DATA_PROTECT, SSC_ASC_NOT_DECRYPTED);
        return false;
    }
    bytes = r->byte_count + extra;
    if (bytes > wanted)
        bytes = wanted;
    if (bytes > t->in_capacity - t->in_bytes)
        bytes = t->in_capacity - t->in_bytes;
    memset(t->in + t->in_bytes, 0, bytes);
    memcpy(t->in + t->in_bytes, r->bytes,
           bytes < r->byte_count ? bytes : r->byte_count);
    t->in_bytes += bytes;
    d->counters.read_bytes += bytes;
    if (r->byte_count + extra == wanted)
        return true;
    if (variable)
        left = (int64_t)wanted - (int64_t)(r->byte_count + extra);
    fail_info(t, SSC_ILI, 0, left);
    return false;
}

static void
read_6(struct ssc_drive *d, struct ssc_task *t)
{
    const size_t n   = (size_t)get_be(t->cdb + 2, 3);
    const bool fixed = t->cdb[1] & 1;
    const bool sili  = t->cdb[1] & 2;
    size_t i;

    if (!fixed) {
        if (n > 0)
            (void)read_record(d, t, n, (int64_t)n, true);
        /* A block too short is no error where that is asked for. */
        if (t->failed && sili && t->sense[2] == SSC_ILI &&
            !(t->sense[3] & 0x80))
            t->failed = false;
        return;
    }
    if (d->block_bytes == 0) {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    for (i = 0; i < n; i++)
        if (!read_record(d, t, d->block_bytes, (int64_t)(n - i), false))
            return;
}

/* ---- WRITE, WRITE FILEMARKS, ERASE ---- */

/* May something be written at the position? */
static bool
may_write(struct ssc_drive *d, struct ssc_task *t)
{
    const struct cartridge *const c = d->inserted;

    if (c->write_protected)
        ssc_fail(t, SSC_DATA_PROTECT, SSC_ASC_PROTECTED);
    else if (c->write_once && d->at < c->count)
        ssc_fail(t, SSC_DATA_PROTECT, SSC_ASC_WORM_OVERWRITE);
    else if (c->end_lost && d->at >= c->count)
        ssc_fail(t, SSC_MEDIUM_ERROR, SSC_ASC_APPEND);
    else
        return true;
    return false;
}

/* Is the position behind early warning? */
static bool
warned(const struct ssc_drive *d)
{
    const struct cartridge *const c = d->inserted;

    return cartridge_used(c, d->at) + c->warning_bytes > c->capacity_bytes;
}

/* Record one block, or with NULL a filemark; what stood behind is gone. */
static bool
record(struct ssc_drive *d, struct ssc_task *t, const uint8_t *bytes, size_t n)
{
    struct cartridge *const c = d->inserted;

    cartridge_cut(c, d->at);
    c->end_lost = false;
    if (!cartridge_append(c, bytes, n)) {
        ssc_fail(t, SSC_ABORTED, SSC_ASC_NO_MEMORY);
        return false;
    }
    d->at++;
    d->counters.written_bytes += n;
    return true;
}

static void
write_6(struct ssc_drive *d, struct ssc_task *t)
{
    const bool fixed          = t->cdb[1] & 1;
    struct cartridge *const c = d->inserted;
    const size_t step         = fixed ? d->block_bytes : t->out_bytes;
    size_t off;

    if (!may_write(d, t) || t->out_bytes == 0)
        return;
    if (step == 0 || step > SSC_BLOCK_BYTES_MAX || t->out_bytes % step != 0) {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    for (off = 0; off < t->out_bytes; off += step) {
        const size_t left = t->out_bytes - off;

        if (cartridge_used(c, d->at) + step > c->capacity_bytes) {
            fail_info(t, SSC_EOM | SSC_VOLUME_OVERFLOW, SSC_ASC_END_OF_MEDIUM,
                      (int64_t)(fixed ? left / step : left));
            return;
        }
        if (!record(d, t, t->out + off, step))
            return;
    }
    if (!warned(d))
        return;
    fail_info(t, SSC_EOM, SSC_ASC_END_OF_MEDIUM,
              c->warned_on_tape && !c->warned && !fixed ? (int64_t)step : 0);
    c->warned = true;
}

static void
write_filemarks_6(struct ssc_drive *d, struct ssc_task *t)
{
    size_t n = (size_t)get_be(t->cdb + 2, 3);

    if (n == 0 || !may_write(d, t))
        return;
    while (n-- > 0)
        if (!record(d, t, NULL, 0))
            return;
    if (warned(d))
        fail_info(t, SSC_EOM, SSC_ASC_END_OF_MEDIUM, 0);
}

static void
erase_6(struct ssc_drive *d, struct ssc_task *t)
{
    if (!may_write(d, t))
        return;
    cartridge_cut(d->inserted, d->at);
    d->inserted->end_lost = false;
}

/* ---- SPACE, LOCATE, READ POSITION ---- */

static void
space_forward(struct ssc_drive *d, struct ssc_task *t, bool marks, int64_t n)
{
    const struct cartridge *const c = d->inserted;

    while (n > 0) {
        bool mark;

        if (d->at >= c->count) {
            fail_at_end(c, t, n);
            return;
        }
        mark = c->records[d->at++].filemark;
        if (mark && !marks) {
            fail_info(t, SSC_FILEMARK, SSC_ASC_FILEMARK, n);
            return;
        }
        n -= mark == marks;
    }
}

static void
space_backward(struct ssc_drive *d, struct ssc_task *t, bool marks, int64_t n)
{
    const struct cartridge *const c = d->inserted;

    while (n > 0) {
        bool mark;

        if (d->at == 0) {
            fail_info(t, SSC_EOM, SSC_ASC_BEGINNING, n);
            return;
        }
        mark = c->records[--d->at].filemark;
        if (mark && !marks) {
            fail_info(t, SSC_FILEMARK, SSC_ASC_FILEMARK, n);
            return;
        }
        n -= mark == marks;
    }
}

static void
space(struct ssc_drive *d, struct ssc_task *t, unsigned int code, int64_t n)
{
    if (code == 3) {
        d->at = d->inserted->count;
        if (d->inserted->end_lost)
            ssc_fail(t, SSC_MEDIUM_ERROR, SSC_ASC_END_NOT_FOUND);
    } else if (code > 1) {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
    } else if (n >= 0) {
        space_forward(d, t, code == 1, n);
    } else {
        space_backward(d, t, code == 1, -n);
    }
}

static void
space_6(struct ssc_drive *d, struct ssc_task *t)
{
    int64_t n = (int64_t)get_be(t->cdb + 2, 3);

    if (n & 0x800000)
        n -= 0x1000000;
    space(d, t, t->cdb[1] & 7u, n);
}

static void
locate(struct ssc_drive *d, struct ssc_task *t, uint64_t address)
{
    const size_t count = d->inserted->count;

    d->at = address < count ? (size_t)address : count;
    if (address > count)
        ssc_fail(t, d->inserted->end_lost ? SSC_MEDIUM_ERROR : SSC_BLANK_CHECK,
                 d->inserted->end_lost ? SSC_ASC_END_NOT_FOUND
                                       : SSC_ASC_END_OF_DATA);
}

static void
locate_16(struct ssc_drive *d, struct ssc_task *t)
{
    const unsigned int kind = t->cdb[1] >> 3 & 3u;
    const uint64_t n        = get_be(t->cdb + 4, 8);

    if (kind == 0) {
        locate(d, t, n);
    } else if (kind == 1) { /* a tape file */
        d->at = 0;
        space(d, t, 1, (int64_t)(n & INT64_MAX));
    } else if (kind == 3) { /* end of data */
        space(d, t, 3, 0);
    } else {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
    }
}

static uint64_t
marks_before(const struct ssc_drive *d)
{
    uint64_t marks = 0;
    size_t i;

    for (i = 0; i < d->at; i++)
        marks += d->inserted->records[i].filemark;
    return marks;
}

static void
read_position(const struct ssc_drive *d, struct ssc_task *t)
{
    const unsigned int form = t->cdb[1] & 0x1Fu;
    uint8_t a[32]           = {0};

    a[0] = (uint8_t)((d->at == 0 ? 0x80u : 0) | (warned(d) ? 0x40u : 0));
    if (form <= 1) {
        put_be(a + 4, d->at, 4);
        put_be(a + 8, d->at, 4);
        ssc_answer(t, a, 20, 20);
    } else if (form == 6) {
        put_be(a + 8, d->at, 8);
        put_be(a + 16, marks_before(d), 8);
        ssc_answer(t, a, 32, 32);
    } else {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
    }
}

/* ---- commands ---- */

static void
load_unload(struct ssc_drive *d, struct ssc_task *t)
{
    if (!d->inserted) {
        ssc_fail(t, SSC_NOT_READY, SSC_ASC_NO_MEDIUM);
        return;
    }
    d->at       = 0;
    d->unloaded = !(t->cdb[4] & 1);
}

static void
read_block_limits(struct ssc_task *t)
{
    uint8_t a[6] = {0};

    put_be(a + 1, SSC_BLOCK_BYTES_MAX, 3);
    put_be(a + 4, 1, 2);
    ssc_answer(t, a, sizeof(a), sizeof(a));
}

/* Of tape data encryption, the status of the next block. */
static void
security_protocol_in(const struct ssc_drive *d, struct ssc_task *t)
{
    uint8_t a[16] = {0, 0x21, 0, 12};

    if (t->cdb[1] != 0x20 || get_be(t->cdb + 2, 2) != 0x0021) {
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_FIELD);
        return;
    }
    put_be(a + 4, d->at, 8);
    a[12] = d->encrypted ? 0x06 : 0x03; /* no key for it; not encrypted */
    ssc_answer(t, a, sizeof(a), get_be32(t->cdb + 6));
}

static void
report_luns(struct ssc_task *t)
{
    uint8_t a[16] = {0};

    put_be(a, 8, 4); /* one of 8 octets: unit 0 */
    ssc_answer(t, a, sizeof(a), get_be32(t->cdb + 6));
}

static void
request_sense(struct ssc_drive *d, struct ssc_task *t)
{
    uint8_t sense[SSC_SENSE_BYTES];

    if (d->attention)
        ssc_fail(t, SSC_UNIT_ATTENTION, d->attention);
    else
        ssc_fail(t, SSC_NO_SENSE, 0);
    d->attention = 0;
    t->failed    = false;
    memcpy(sense, t->sense, sizeof(sense));
    ssc_answer(t, sense, sizeof(sense), t->cdb[4]);
}

/* Commands that need no tape. False: not one of them. */
static bool
execute_without_tape(struct ssc_drive *d, struct ssc_task *t)
{
    switch (t->cdb[0]) {
    case 0x05:
        read_block_limits(t);
        return true;
    case 0x15:
    case 0x55:
        ssc_mode_select(d, t);
        return true;
    case 0x16: /* RESERVE, RELEASE, PREVENT ALLOW MEDIUM REMOVAL */
    case 0x17:
    case 0x56:
    case 0x57:
    case 0x1E:
        return true;
    case 0x1A:
    case 0x5A:
        ssc_mode_sense(d, t);
        return true;
    case 0x1B:
        load_unload(d, t);
        return true;
    case 0x4D:
        ssc_log_sense(d, t);
        return true;
    default:
        return false;
    }
}

/* Commands on the tape in the drive. */
static void
execute_on_tape(struct ssc_drive *d, struct ssc_task *t)
{
    switch (t->cdb[0]) {
    case 0x00: /* TEST UNIT READY */
        break;
    case 0x01: /* REWIND */
        d->at = 0;
        break;
    case 0x08:
        read_6(d, t);
        break;
    case 0x0A:
        write_6(d, t);
        break;
    case 0x10:
        write_filemarks_6(d, t);
        break;
    case 0x11:
        space_6(d, t);
        break;
    case 0x19:
        erase_6(d, t);
        break;
    case 0x2B:
        locate(d, t, get_be32(t->cdb + 3));
        break;
    case 0x34:
        read_position(d, t);
        break;
    case 0x8C:
        ssc_read_attribute(d, t);
        break;
    case 0x92:
        locate_16(d, t);
        break;
    case 0xA2:
        security_protocol_in(d, t);
        break;
    default:
        ssc_fail(t, SSC_ILLEGAL, SSC_ASC_OPCODE);
        break;
    }
}

void
ssc_drive_execute(struct ssc_drive *d, struct ssc_task *t)
{
    t->failed   = false;
    t->in_bytes = 0;
    switch (t->cdb[0]) {
    case 0x03:
        request_sense(d, t);
        return;
    case 0x12:
        ssc_inquiry(t);
        return;
    case 0xA0:
        report_luns(t);
        return;
    default:
        break;
    }
    if (d->attention) {
        ssc_fail(t, SSC_UNIT_ATTENTION, d->attention);
        d->attention = 0;
        return;
    }
    if (!execute_without_tape(d, t) && ready(d, t))
        execute_on_tape(d, t);
}
