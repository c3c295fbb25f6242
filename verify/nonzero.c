/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 6.3, O-18; verify: octets that are not zero, kept as spans that grow
   coarser when there are many. */
#include "nonzero.h"

#include <string.h>

/* A row of 15 zeros holds eight that are looked at together. */
#define GAP_MIN 16U
#define WORD sizeof(uint64_t)

void
reel_nonzero_init(struct reel_nonzero *n)
{
    n->count = 0;
    n->gap   = GAP_MIN;
    n->over  = false;
}

static bool
zero_word(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, WORD);
    return word == 0;
}

/* The first octet at or behind `i` that is not zero; else the length. */
static size_t
skip_zeros(struct reel_bytes b, size_t i)
{
    while (b.len - i >= WORD && zero_word(b.data + i))
        i += WORD;
    while (i < b.len && b.data[i] == 0)
        i++;
    return i;
}

/* Behind the last octet that is not zero before a row of zeros as long as the
   gap, or the end. Pre: b.data[i] is not zero. */
static size_t
piece_end(struct reel_bytes b, size_t i)
{
    while (b.len - i >= WORD && !zero_word(b.data + i))
        i += WORD;
    if (b.len - i < WORD)
        i = b.len;
    while (b.data[i - 1] == 0)
        i--;
    return i;
}

/* Join spans that stand closer than the gap. */
static void
join(struct reel_nonzero *n)
{
    size_t kept = 1;
    size_t i;

    for (i = 1; i < n->count; i++) {
        struct reel_nonzero_span *const last = &n->spans[kept - 1];
        const struct reel_nonzero_span s     = n->spans[i];

        if (s.ordinal == last->ordinal && s.from - last->to < n->gap)
            last->to = s.to;
        else
            n->spans[kept++] = s;
    }
    n->count = kept;
}

static void
put(struct reel_nonzero *n, uint32_t ordinal, uint64_t from, uint64_t to)
{
    struct reel_nonzero_span *last;

    if (n->count > 0) {
        last = &n->spans[n->count - 1];
        if (last->ordinal == ordinal && from - last->to < n->gap) {
            last->to = to;
            return;
        }
    }
    while (n->count == REEL_NONZERO_SPANS_MAX && n->gap <= UINT64_MAX / 2) {
        n->gap *= 2;
        join(n);
    }
    n->over = n->count == REEL_NONZERO_SPANS_MAX;
    if (n->over)
        return;
    n->spans[n->count++] = (struct reel_nonzero_span){ordinal, from, to};
}

void
reel_nonzero_add(struct reel_nonzero *n, const struct reel_data *d)
{
    const struct reel_bytes b = d->bytes;
    size_t i                  = 0;
    size_t end;

    while (!n->over && (i = skip_zeros(b, i)) < b.len) {
        end = piece_end(b, i);
        put(n, d->ordinal, d->stream_offset + i, d->stream_offset + end);
        i = end;
    }
}

bool
reel_nonzero_within(const struct reel_nonzero *n, uint32_t ordinal,
                    uint64_t offset, uint64_t len)
{
    const uint64_t to = offset + len;
    size_t i;

    for (i = 0; i < n->count; i++) {
        const struct reel_nonzero_span *const s = &n->spans[i];

        if (s->ordinal != ordinal || s->to <= offset || s->from >= to)
            continue;
        if (s->from >= offset || s->to <= to || len >= n->gap)
            return true;
    }
    return false;
}
