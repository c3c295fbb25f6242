/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spec 8.6: what the Windows Subsystem for Linux looks for. */
#include "write_wsl.h"

#include <string.h>

#define LIST_BYTES_MAX 65531U
#define NAME_BYTES_MAX 252U
#define VALUE_BYTES_MAX 65531U
#define NAME_PREFIX "LX."
#define VALUE_PREFIX "lxea"
#define ENTRY_BYTES 8U

uint32_t
rn_wsl_attributes(uint8_t kind)
{
    switch (kind) {
    case REEL_KIND_FIFO:
    case REEL_KIND_SOCKET:
    case REEL_KIND_CHARACTER:
    case REEL_KIND_BLOCK:
        return 0x00040000U; /* recall on open */
    default:
        return 0;
    }
}

/* Offset of the last entry; pre: there is one. */
static size_t
last_entry(const struct rn_kept_stream *k)
{
    size_t at = 0;

    for (;;) {
        struct reel_cursor c = reel_cursor_init(k->data + at, 4, NULL);
        const uint32_t next  = reel_get_le32(&c);

        if (next == 0)
            return at;
        at += next;
    }
}

/* Begin an entry behind the last. False: no room. */
static bool
open_entry(struct rn_kept_stream *k, struct reel_builder *b, size_t name_len,
           size_t value_len)
{
    const size_t at = k->present ? (k->len + 3U) & ~(size_t)3U : 0;

    if (at + ENTRY_BYTES + name_len + 1U + value_len > LIST_BYTES_MAX)
        return false;
    if (k->present) {
        const size_t last = last_entry(k);
        struct reel_builder next;

        next = reel_builder_init(k->data + last, 4);
        reel_put_le32(&next, (uint32_t)(at - last));
        memset(k->data + k->len, 0, at - k->len);
    }
    *b = reel_builder_init(k->data + at, LIST_BYTES_MAX - at);
    reel_put_le32(b, 0);
    reel_put_u8(b, 0);
    reel_put_u8(b, (uint8_t)name_len);
    reel_put_le16(b, (uint16_t)value_len);
    k->present = true;
    k->len     = at + ENTRY_BYTES + name_len + 1U + value_len;
    return true;
}

static void
add_numbers(struct rn_kept_stream *k, const char *name, const uint32_t *value,
            size_t count)
{
    const struct reel_bytes n = reel_bytes_of(name);
    struct reel_builder b;

    if (!open_entry(k, &b, n.len, count * sizeof(*value)))
        return; /* cannot be: they are the first */
    reel_put_bytes(&b, n);
    reel_put_u8(&b, 0);
    for (size_t i = 0; i < count; i++)
        reel_put_le32(&b, value[i]);
}

void
rn_wsl_begin(struct rn_streams *s, const struct reel_object *o)
{
    struct rn_kept_stream *k = &s->kept[RN_EAS];
    const uint32_t device[2] = {o->major, o->minor};

    k->present = false;
    k->len     = 0;
    if ((o->facts & REEL_FACT_POSIX) != 0) {
        add_numbers(k, "$LXUID", &o->uid, 1);
        add_numbers(k, "$LXGID", &o->gid, 1);
        add_numbers(k, "$LXMOD", &o->mode, 1);
    }
    if ((o->facts & REEL_FACT_DEVICE) != 0)
        add_numbers(k, "$LXDEV", device, 2);
}

static uint8_t
upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

/* Is there an entry of that name? */
static bool
has_entry(const struct rn_kept_stream *k, const uint8_t *name, size_t len)
{
    size_t at = 0;

    while (k->present) {
        struct reel_cursor c =
            reel_cursor_init(k->data + at, k->len - at, NULL);
        const uint32_t next = reel_get_le32(&c);

        (void)reel_get_u8(&c);
        if (reel_get_u8(&c) == len &&
            memcmp(k->data + at + ENTRY_BYTES, name, len) == 0)
            return true;
        if (next == 0)
            break;
        at += next;
    }
    return false;
}

enum reel_status
rn_wsl_add(struct rn_streams *s, const struct reel_xattr *x,
           struct reel_err *err)
{
    struct rn_kept_stream *k       = &s->kept[RN_EAS];
    const struct reel_bytes prefix = reel_bytes_of(VALUE_PREFIX);
    uint8_t name[255]              = NAME_PREFIX;
    const size_t len               = x->name.len + sizeof(NAME_PREFIX) - 1;
    struct reel_builder b;

    if (x->name.len > NAME_BYTES_MAX || x->value.len > VALUE_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, "K-11",
                         "an extended attribute is too long for NTFS");
    for (size_t i = 0; i < x->name.len; i++)
        name[sizeof(NAME_PREFIX) - 1 + i] = upper(x->name.data[i]);
    if (has_entry(k, name, len))
        return reel_fail(err, REEL_E_UNSUPPORTED, NULL, "K-11",
                         "an extended attribute differs from another by case");
    if (x->value.len + prefix.len > UINT16_MAX ||
        !open_entry(k, &b, len, prefix.len + x->value.len))
        return reel_fail(err, REEL_E_LIMIT, NULL, "K-11",
                         "its extended attributes are too long for NTFS");
    reel_put_bytes(&b, (struct reel_bytes){.data = name, .len = len});
    reel_put_u8(&b, 0);
    reel_put_bytes(&b, prefix);
    reel_put_bytes(&b, x->value);
    return REEL_OK;
}
