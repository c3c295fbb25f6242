/* SPDX-License-Identifier: Apache-2.0 */
/* All chapters with tables; tests: what must be true of every specimen. */
#include <check.h>
#include <string.h>

#include "reel/alloc.h"
#include "specimen_check.h"

#define FILL_BYTES_MAX 140000U /* of a field that is too long */

static const struct reel_pos somewhere = {3, 70000000000, 1000, 20000, true};

static const struct specimen *
find(const char *table)
{
    const struct specimen *const s = specimen_find(table);

    ck_assert_msg(s != NULL, "no specimen %s", table);
    return s;
}

/* The whole encoded specimen, in memory of exactly its length. */
static uint8_t *
encoded(const struct specimen *s, size_t *len, size_t *payload)
{
    uint8_t buf[SPECIMEN_BYTES_MAX];
    uint8_t *exact;

    *len = specimen_encode(s, buf, payload);
    ck_assert_uint_gt(*len, *payload);
    exact = reel_alloc_array(*len, 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, buf, *len);
    return exact;
}

static struct reel_bytes
bytes_at(const void *memory)
{
    struct reel_bytes b;

    memcpy(&b, memory, sizeof(b));
    return b;
}

static void
check_field(const struct specimen_field *f, const uint8_t *seen,
            const uint8_t *wanted)
{
    seen += f->at;
    wanted += f->at;
    if (f->form == SPECIMEN_BYTES)
        ck_assert_msg(reel_bytes_equal(bytes_at(seen), bytes_at(wanted)),
                      "field %s", f->name);
    else
        ck_assert_msg(memcmp(seen, wanted, f->size) == 0, "field %s", f->name);
}

void
specimen_check_round_trip(const char *table)
{
    const struct specimen *const s = find(table);
    uint8_t again[SPECIMEN_BYTES_MAX];
    struct reel_builder b = reel_builder_init(again, sizeof(again));
    struct reel_cursor c;
    struct reel_err err;
    size_t len;
    size_t payload;
    uint8_t *const whole = encoded(s, &len, &payload);
    uint8_t *const out   = reel_alloc_array(1, s->sample_bytes);

    ck_assert_ptr_nonnull(out);
    c = reel_cursor_init(whole + payload, len - payload, &somewhere);
    ck_assert_int_eq(s->decode(out, &c, &err), REEL_OK);
    ck_assert_uint_eq(reel_cursor_left(&c), 0);
    for (size_t i = 0; i < s->field_count; i++)
        check_field(&s->fields[i], out, s->sample);
    ck_assert_int_eq(s->encode(out, &b, &err), REEL_OK);
    ck_assert_uint_eq(b.len, len);
    ck_assert_mem_eq(again, whole, len);
    reel_free(out);
    reel_free(whole);
}

void
specimen_check_refused(const struct specimen *s, const uint8_t *payload,
                       size_t len, enum reel_status status, const char *rule)
{
    struct reel_cursor c;
    struct reel_err err;
    uint8_t *const exact     = reel_alloc_array(len, 1);
    uint8_t *const out       = reel_alloc_array(1, s->sample_bytes);
    uint8_t *const untouched = reel_alloc_array(1, s->sample_bytes);

    ck_assert(exact != NULL && out != NULL && untouched != NULL);
    memcpy(exact, payload, len);
    memset(out, 0xA5, s->sample_bytes);
    memset(untouched, 0xA5, s->sample_bytes);
    c = reel_cursor_init(exact, len, &somewhere);
    ck_assert_int_eq(s->decode(out, &c, &err), status);
    ck_assert_int_eq(err.status, status);
    ck_assert_str_eq(err.rule, rule);
    ck_assert_uint_gt(strlen(err.text), 0);
    ck_assert_uint_eq(err.pos.volume, somewhere.volume);
    ck_assert_uint_eq(err.pos.block, somewhere.block);
    ck_assert_uint_ge(err.pos.segment_byte, somewhere.segment_byte);
    ck_assert_uint_le(err.pos.segment_byte, somewhere.segment_byte + len);
    ck_assert_mem_eq(out, untouched, s->sample_bytes);
    reel_free(untouched);
    reel_free(out);
    reel_free(exact);
}

void
specimen_check_lengths(const char *table, enum reel_status status,
                       const char *rule)
{
    const struct specimen *const s = find(table);
    uint8_t buf[SPECIMEN_BYTES_MAX + 1];
    size_t payload;
    const size_t len = specimen_encode(s, buf, &payload) - payload;

    for (size_t n = 0; n < len; n++)
        specimen_check_refused(s, buf + payload, n, status, rule);
    buf[payload + len] = 0;
    specimen_check_refused(s, buf + payload, len + 1, status, rule);
}

void
specimen_check_room(const char *table)
{
    const struct specimen *const s = find(table);
    struct reel_builder b;
    struct reel_err err;
    size_t len;
    size_t payload;
    uint8_t *const whole = encoded(s, &len, &payload);

    for (size_t room = 0; room < len; room++) {
        uint8_t *const small = reel_alloc_array(room, 1);

        ck_assert_ptr_nonnull(small);
        b = reel_builder_init(small, room);
        ck_assert_int_eq(s->encode(s->sample, &b, &err), REEL_E_LIMIT);
        ck_assert_int_eq(err.status, REEL_E_LIMIT);
        ck_assert_uint_le(b.len, room);
        reel_free(small);
    }
    reel_free(whole);
}

/* How much longer the fault makes the field it names. */
static size_t
growth(const struct specimen *s, const struct specimen_fault *f)
{
    const struct specimen_field *field;
    size_t now;

    if (f->field == NULL)
        return 0;
    field = specimen_field_find(s, f->field);
    ck_assert_msg(field != NULL, "no field %s", f->field);
    if (field->form != SPECIMEN_BYTES)
        return 0;
    now = bytes_at((const uint8_t *)s->sample + field->at).len;
    return f->value > now ? (size_t)f->value - now : 0;
}

static void
check_decode(const struct specimen *s, const struct specimen_fault *f)
{
    static uint8_t buf[SPECIMEN_BYTES_MAX + FILL_BYTES_MAX];
    const size_t more = growth(s, f);
    size_t payload;
    size_t len = specimen_encode(s, buf, &payload);

    ck_assert_uint_le(f->at + f->width, len - payload);
    ck_assert_uint_le(more, FILL_BYTES_MAX);
    for (size_t i = 0; i < f->width; i++)
        buf[payload + f->at + i] = (uint8_t)(f->value >> (8 * i));
    memset(buf + len, f->fill, more);
    specimen_check_refused(s, buf + payload, len - payload + more, f->status,
                           f->rule);
}

/* Put `value`, as an integer of `size` octets of this machine. */
static void
set_integer(uint8_t *memory, size_t size, uint64_t value)
{
    const uint8_t v8   = (uint8_t)value;
    const uint16_t v16 = (uint16_t)value;
    const uint32_t v32 = (uint32_t)value;

    switch (size) {
    case 1:
        memcpy(memory, &v8, size);
        break;
    case 2:
        memcpy(memory, &v16, size);
        break;
    case 4:
        memcpy(memory, &v32, size);
        break;
    default:
        ck_assert_uint_eq(size, sizeof(value));
        memcpy(memory, &value, size);
        break;
    }
}

static void
check_encode(const struct specimen *s, const struct specimen_fault *f)
{
    static uint8_t fill[FILL_BYTES_MAX];
    static uint8_t buf[2 * FILL_BYTES_MAX];
    const struct specimen_field *const field = specimen_field_find(s, f->field);
    const struct reel_bytes long_field       = {fill, (size_t)f->value};
    struct reel_builder b = reel_builder_init(buf, sizeof(buf));
    struct reel_err err;
    uint8_t *const broken = reel_alloc_array(1, s->sample_bytes);

    ck_assert_ptr_nonnull(broken);
    memcpy(broken, s->sample, s->sample_bytes);
    if (field->form == SPECIMEN_BYTES) {
        ck_assert_uint_le(f->value, sizeof(fill));
        memset(fill, f->fill, sizeof(fill));
        memcpy(broken + field->at, &long_field, sizeof(long_field));
    } else {
        set_integer(broken + field->at, field->size, f->value);
    }
    ck_assert_int_eq(s->encode(broken, &b, &err), f->status);
    ck_assert_str_eq(err.rule, f->rule);
    ck_assert_uint_eq(b.len, 0);
    reel_free(broken);
}

void
specimen_check_fault(const char *table, const struct specimen_fault *f)
{
    const struct specimen *const s = find(table);

    if (f->width > 0)
        check_decode(s, f);
    if (f->field != NULL)
        check_encode(s, f);
}
