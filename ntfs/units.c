/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chapter 8.1, encoding 2: names and paths as NTFS has them. */
#include "units.h"

#include <string.h>

#include "reel/alloc.h"
#include "reel/wtf8.h"

uint16_t
rn_unit(struct reel_bytes units, size_t i)
{
    return (uint16_t)(units.data[2 * i] | units.data[2 * i + 1] << 8);
}

int
rn_units_compare(struct reel_bytes a, struct reel_bytes b)
{
    const size_t shorter = (a.len < b.len ? a.len : b.len) / 2;

    for (size_t i = 0; i < shorter; i++) {
        const int difference = (int)rn_unit(a, i) - (int)rn_unit(b, i);

        if (difference != 0)
            return difference;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool
rn_units_of_text(const char *text, uint8_t *out, size_t room, size_t *len)
{
    struct reel_builder b = reel_builder_init(out, room);

    if (reel_wtf8_to_units(&b, reel_bytes_of(text), NULL) != REEL_OK)
        return false;
    *len = b.len;
    return true;
}

bool
rn_name_fits(struct reel_bytes name)
{
    const size_t count = name.len / 2;

    if (count == 0 || (count == 1 && rn_unit(name, 0) == '.') ||
        (count == 2 && rn_unit(name, 0) == '.' && rn_unit(name, 1) == '.'))
        return false;
    for (size_t i = 0; i < count; i++)
        if (rn_unit(name, i) == 0 || rn_unit(name, i) == '/')
            return false;
    return true;
}

bool
rn_path_set(struct rn_path *p, struct reel_bytes path)
{
    if (p->data == NULL)
        p->data = reel_alloc_array(RN_PATH_BYTES_MAX, 1);
    if (p->data == NULL || path.len > RN_PATH_BYTES_MAX)
        return false;
    if (path.len > 0)
        memmove(p->data, path.data, path.len);
    p->len = path.len;
    return true;
}

bool
rn_path_add(struct rn_path *p, struct reel_bytes name)
{
    const size_t slash = p->len > 0 ? 2 : 0;

    if (RN_PATH_BYTES_MAX - p->len < name.len + slash)
        return false;
    if (slash > 0) {
        p->data[p->len++] = '/';
        p->data[p->len++] = 0;
    }
    memcpy(p->data + p->len, name.data, name.len);
    p->len += name.len;
    return true;
}

struct reel_bytes
rn_path_bytes(const struct rn_path *p)
{
    return (struct reel_bytes){p->data, p->len};
}

void
rn_path_fini(struct rn_path *p)
{
    reel_free(p->data);
    p->data = NULL;
}
