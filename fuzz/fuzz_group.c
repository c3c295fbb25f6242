/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams and their sparse lists, spec 7.2 and 7.3: from any records STREAM and
 * DATA the group adds up as a slow count does, and GROUP END says so.
 */
#include <string.h>

#include "reel/group.h"
#include "reel_fuzz.h"
#include "tape_input.h"

/* What the group at hand must say, counted octet by octet. */
struct count {
    uint32_t streams;
    uint64_t body; /* promised */
    uint64_t met;  /* went by */
    struct reel_sha256 digest;
};

static void
check_end(struct reel_group *g, const struct count *n,
          const struct reel_cursor *at)
{
    static uint8_t octets[REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_group_end again;
    struct reel_group_end end;
    struct reel_cursor c;
    struct reel_sha256 digest = n->digest;
    uint8_t sum[REEL_DIGEST_BYTES];

    if (reel_group_finish(g, &end, at, NULL) != REEL_OK)
        return;
    reel_sha256_final(&digest, sum);
    must(end.streams == n->streams && end.body_bytes == n->body);
    must(n->met == n->body && end.allocated_bytes <= end.content_bytes);
    must(memcmp(end.stream_digest, sum, sizeof(sum)) == 0);
    must(!reel_group_end_encode(&end, 1, &b, NULL));
    c = reel_cursor_init(octets + REEL_RECORD_HEADER_BYTES,
                         b.len - REEL_RECORD_HEADER_BYTES, NULL);
    must(!reel_group_end_decode(&again, &c, NULL));
    must(again.content_bytes == end.content_bytes && again.flags == end.flags);
}

static bool
take_stream(struct reel_group *g, struct count *n, struct reel_cursor *c)
{
    struct reel_stream s;

    if (reel_stream_decode(&s, c, NULL) != REEL_OK)
        return true;
    if (g->open && !reel_group_takes(g, &s.header))
        check_end(g, n, c);
    if (!g->open || !reel_group_takes(g, &s.header)) {
        memset(n, 0, sizeof(*n));
        reel_sha256_init(&n->digest);
    } else {
        reel_sha256_update(&n->digest, s.header_bytes.data, s.header_bytes.len);
    }
    n->streams++;
    n->body += s.header.size;
    return reel_group_stream(g, &s, c, NULL) == REEL_OK;
}

static bool
take_data(struct reel_group *g, struct count *n, struct reel_cursor *c)
{
    struct reel_data d;

    if (reel_data_decode(&d, c, NULL) != REEL_OK || !g->open)
        return true;
    n->met += d.bytes.len;
    reel_sha256_update(&n->digest, d.bytes.data, d.bytes.len);
    return reel_group_data(g, &d, c, NULL) == REEL_OK;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_cursor records = reel_cursor_init(data, size, NULL);
    static struct reel_group g;
    struct reel_record r;
    struct count n = {0};
    bool going     = true;

    reel_group_init(&g, true);
    while (going && reel_record_next(&r, &records, NULL) == REEL_OK) {
        struct reel_cursor c = reel_record_cursor(&r);

        if (r.type == REEL_RECORD_STREAM)
            going = take_stream(&g, &n, &c);
        else if (r.type == REEL_RECORD_DATA)
            going = take_data(&g, &n, &c);
    }
    if (going && g.open)
        check_end(&g, &n, &records);
    return 0;
}
