/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: what a program that reads an NTFS volume might send. */
#include "relay_build.h"

#include <stdlib.h>
#include <string.h>

#include "reel/alloc.h"

static void
must(bool ok)
{
    if (!ok)
        abort();
}

void
relay_build_init(struct relay_build *r, size_t capacity)
{
    uint8_t *const buf = reel_alloc_array(capacity, 1);

    must(buf != NULL);
    memset(r, 0, sizeof(*r));
    r->b = reel_builder_init(buf, capacity);
}

void
relay_build_fini(struct relay_build *r)
{
    reel_free(r->b.buf);
    memset(r, 0, sizeof(*r));
}

struct reel_bytes
relay_utf16(const char *ascii)
{
    static uint8_t octets[4][512];
    static unsigned int next;
    struct reel_bytes out = {octets[next], 2 * strlen(ascii)};
    size_t i;

    must(out.len <= sizeof(octets[0]));
    for (i = 0; ascii[i] != '\0'; i++) {
        octets[next][2 * i]     = (uint8_t)ascii[i];
        octets[next][2 * i + 1] = 0;
    }
    next = (next + 1) % 4;
    return out;
}

static struct reel_object
facts(uint8_t kind, const char *path, uint64_t id, uint32_t names,
      uint64_t size)
{
    struct reel_object o;
    size_t i;

    memset(&o, 0, sizeof(o));
    o.kind     = kind;
    o.encoding = REEL_ENCODING_UTF16;
    o.facts    = REEL_FACT_ATTRIBUTES | REEL_FACT_FILE_ID | REEL_FACT_BIRTH |
              REEL_FACT_MODIFIED | REEL_FACT_ACCESSED | REEL_FACT_CHANGED;
    o.attributes  = kind == REEL_KIND_DIRECTORY ? 0x10 : 0x20;
    o.size        = size;
    o.link_count  = names;
    o.birth.s     = 1000000000;
    o.modified.s  = -11644473600; /* 1601 */
    o.modified.ns = 100;
    o.accessed.s  = 1000000002;
    o.changed.s   = 1000000003;
    o.file_system = 0x1122334455667788;
    for (i = 0; i < 8; i++)
        o.file_id[i] = (uint8_t)(id >> (8 * i));
    o.path = relay_utf16(path);
    return o;
}

static void
put_object(struct relay_build *r, const struct reel_object *o)
{
    r->number++;
    r->streams = 0;
    must(reel_object_encode(o, r->number, &r->b, NULL) == REEL_OK);
}

void
relay_object(struct relay_build *r, uint8_t kind, const char *path, uint64_t id,
             uint32_t names, uint64_t size)
{
    const struct reel_object o = facts(kind, path, id, names, size);

    put_object(r, &o);
}

void
relay_link(struct relay_build *r, const char *path, uint64_t id, uint32_t names,
           uint64_t size, uint64_t target, bool outside)
{
    struct reel_object o = facts(REEL_KIND_LINK, path, id, names, size);

    o.target = target;
    if (outside)
        o.facts |= REEL_FACT_OUTSIDE;
    put_object(r, &o);
    relay_object_end(r, 0, NULL, 0);
}

void
relay_xattr(struct relay_build *r, const char *name, const char *value)
{
    const struct reel_xattr x = {0, reel_bytes_of(name), reel_bytes_of(value)};

    must(reel_xattr_encode(&x, r->number, &r->b, NULL) == REEL_OK);
}

void
relay_stream(struct relay_build *r, uint32_t id, uint32_t attributes,
             uint64_t size, const char *name)
{
    struct reel_stream s = {
        r->streams, {id, attributes, size, {NULL, 0}}, {NULL, 0}};

    if (name != NULL)
        s.header.name = relay_utf16(name);
    must(reel_stream_encode(&s, r->number, &r->b, NULL) == REEL_OK);
    r->streams++;
    r->offset    = 0;
    r->sparse_at = REEL_NONE64;
}

void
relay_data(struct relay_build *r, const void *octets, size_t len)
{
    const struct reel_data d = {
        r->streams - 1, 0, r->offset, r->sparse_at, {octets, len}};

    must(reel_data_encode(&d, r->number, &r->b, NULL) == REEL_OK);
    r->offset += len;
}

void
relay_block(struct relay_build *r, uint64_t at, const void *octets, size_t len)
{
    uint8_t *const body   = reel_alloc_array(len + 8, 1);
    struct reel_builder b = reel_builder_init(body, len + 8);

    must(body != NULL);
    reel_put_le64(&b, at);
    if (len > 0)
        memcpy(body + 8, octets, len);
    relay_stream(r, REEL_STREAM_SPARSE_BLOCK, REEL_STREAM_SPARSE, len + 8,
                 NULL);
    r->sparse_at = at;
    relay_data(r, body, len + 8);
    reel_free(body);
}

void
relay_object_end(struct relay_build *r, uint32_t flags,
                 const struct reel_bad_range *ranges, uint32_t count)
{
    uint8_t octets[16 * REEL_BAD_RANGE_BYTES];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_object_end e;
    uint32_t i;

    memset(&e, 0, sizeof(e));
    for (i = 0; i < count; i++)
        reel_bad_range_put(&ranges[i], &b);
    must(b.ok);
    e.flags                = flags;
    e.bad_ranges           = count;
    e.bad_range_bytes.data = octets;
    e.bad_range_bytes.len  = b.len;
    must(reel_object_end_encode(&e, r->number, &r->b, NULL) == REEL_OK);
}

void
relay_abandon(struct relay_build *r)
{
    reel_record_close(&r->b,
                      reel_record_open(&r->b, REEL_RELAY_ABANDON, r->number));
    must(r->b.ok);
}

void
relay_note(struct relay_build *r, enum reel_note_kind kind, const char *path,
           const char *text)
{
    struct reel_relay_note n = {
        (uint8_t)kind, 0, REEL_E_MEDIUM, {NULL, 0}, reel_bytes_of(text)};

    if (path != NULL) {
        n.encoding = REEL_ENCODING_UTF16;
        n.path     = relay_utf16(path);
    }
    must(reel_relay_note_encode(&n, 0, &r->b, NULL) == REEL_OK);
}

void
relay_done(struct relay_build *r, enum reel_status status, const char *text)
{
    const struct reel_relay_done d = {(uint16_t)status, reel_bytes_of(text)};

    must(reel_relay_done_encode(&d, &r->b, NULL) == REEL_OK);
}

/* ---------------------------------------------------------------- a volume */

#define MANY 3000000U /* more than a record of a relay holds */

static void
put_many(struct relay_build *r)
{
    uint8_t *const octets = reel_alloc_array(MANY, 1);
    size_t at;

    must(octets != NULL);
    for (at = 0; at < MANY; at++)
        octets[at] = (uint8_t)((at * 2654435761U) >> 13);
    relay_object(r, REEL_KIND_FILE, "many", 11, 1, MANY);
    relay_stream(r, REEL_STREAM_DATA, 0, MANY, NULL);
    for (at = 0; at < MANY; at += 1000000)
        relay_data(r, octets + at, 1000000);
    relay_object_end(r, 0, NULL, 0);
    reel_free(octets);
}

static void
put_rich(struct relay_build *r)
{
    static const uint8_t reparse[] = {1, 0, 0, 0xA0, 0, 0, 0, 0};
    static const uint8_t ids[64]   = {1, 2, 3};

    relay_object(r, REEL_KIND_FILE, "dir/rich", 12, 1, 100000);
    relay_stream(r, REEL_STREAM_SECURITY_DATA, REEL_STREAM_CONTAINS_SECURITY, 5,
                 NULL);
    relay_data(r, "owner", 5);
    relay_stream(r, REEL_STREAM_EA_DATA, 0, 3, NULL);
    relay_data(r, "eas", 3);
    relay_stream(r, REEL_STREAM_OBJECT_ID, 0, sizeof(ids), NULL);
    relay_data(r, ids, sizeof(ids));
    relay_stream(r, REEL_STREAM_REPARSE_DATA, 0, sizeof(reparse), NULL);
    relay_data(r, reparse, sizeof(reparse));
    relay_stream(r, REEL_STREAM_DATA, REEL_STREAM_SPARSE, 0, NULL);
    relay_block(r, 4096, "in the middle", 13);
    relay_block(r, 100000, NULL, 0);
    relay_stream(r, REEL_STREAM_ALTERNATE_DATA, 0, 4, ":a:$DATA");
    relay_data(r, "side", 4);
    relay_stream(r, REEL_STREAM_ALTERNATE_DATA, 0, 0, ":empty:$DATA");
    relay_stream(r, REEL_STREAM_ALTERNATE_DATA, REEL_STREAM_SPARSE, 0,
                 ":sparse:$DATA");
    relay_block(r, 512, "x", 1);
    relay_block(r, 1024, NULL, 0);
    relay_object_end(r, 0, NULL, 0);
}

void
relay_specimen(struct relay_build *r)
{
    static const struct reel_bad_range bad = {0, REEL_BAD_UNREADABLE, 1, 2};
    uint64_t target;

    relay_object(r, REEL_KIND_DIRECTORY, "", 5, 1, 0);
    relay_object_end(r, 0, NULL, 0);
    relay_object(r, REEL_KIND_DIRECTORY, "dir", 10, 1, 0);
    relay_stream(r, REEL_STREAM_ALTERNATE_DATA, 0, 2, ":of dir:$DATA");
    relay_data(r, "ok", 2);
    relay_object_end(r, 0, NULL, 0);
    relay_object(r, REEL_KIND_FILE, "dir/first", 20, 4, 6);
    target = r->number;
    relay_stream(r, REEL_STREAM_DATA, 0, 6, NULL);
    relay_data(r, "con", 3);
    relay_data(r, "ten", 3);
    relay_object_end(r, 0, NULL, 0);
    relay_link(r, "dir/second", 20, 4, 6, target, false);
    relay_link(r, "elsewhere/third", 20, 4, 6, target, true);
    relay_link(r, "zuletzt", 20, 4, 6, target, false);
    put_rich(r);
    relay_note(r, REEL_NOTE_SKIPPED, "dir/secret", "is encrypted");
    relay_object(r, REEL_KIND_FILE, "empty", 30, 1, 0);
    relay_object_end(r, 0, NULL, 0);
    relay_object(r, REEL_KIND_FILE, "flawed", 31, 1, 4);
    relay_stream(r, REEL_STREAM_DATA, 0, 4, NULL);
    relay_data(r, "a\0\0d", 4);
    relay_object_end(r, 0, &bad, 1);
    put_many(r);
    relay_done(r, REEL_OK, "");
}
