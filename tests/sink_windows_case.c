/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of objects of encoding 2 share. */
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sink_windows_case.h"

#include "reel/reparse.h"

#define RING 8U
#define UNITS 2048U

uint32_t windows_ordinal;

static void
start(void)
{
    probe_start(&p);
}

void
windows_fixture(TCase *t)
{
    sink_case_fixture(t);
    tcase_add_checked_fixture(t, start, NULL);
}

struct reel_bytes
windows_units(const char *text)
{
    static uint8_t ring[RING][UNITS];
    static unsigned int next;
    uint8_t *const out    = ring[next++ % RING];
    struct reel_builder b = reel_builder_init(out, UNITS);

    for (; *text != '\0'; text++)
        reel_put_le16(&b, *text == '~' ? 0xD800 : (uint8_t)*text);
    ck_assert(b.ok);
    return (struct reel_bytes){out, b.len};
}

struct reel_object
windows_facts(uint8_t kind, const char *path, uint32_t attributes)
{
    struct reel_object o = probe_object(kind, "", 0);

    o.encoding   = REEL_ENCODING_UTF16;
    o.facts      = REEL_FACT_ATTRIBUTES | REEL_FACT_MODIFIED | REEL_FACT_BIRTH;
    o.uid        = 0;
    o.gid        = 0;
    o.attributes = attributes;
    o.birth.s    = 1;
    o.path       = windows_units(path);
    return o;
}

void
windows_begin(uint64_t number, const struct reel_object *o)
{
    OK(p.sink->ops->begin(p.sink, number, o, &err));
}

void
windows_end(void)
{
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
}

void
windows_stream(uint32_t id, const char *name, const void *body, size_t len,
               uint64_t at)
{
    const uint8_t *const data = body;
    uint8_t header[REEL_STREAM_HEADER_BYTES + UNITS];
    struct reel_builder b = reel_builder_init(header, sizeof(header));
    struct reel_stream s;

    memset(&s, 0, sizeof(s));
    s.ordinal     = windows_ordinal++;
    s.header.id   = id;
    s.header.size = len;
    s.header.name = windows_units(name);
    reel_stream_header_put(&s.header, &b);
    s.header_bytes = (struct reel_bytes){header, b.len};
    OK(p.sink->ops->stream(p.sink, &s, &err));
    if (len > 3) {
        OK(probe_data(&p, s.ordinal, 0, at, data, 3));
        OK(probe_data(&p, s.ordinal, 3, at, data + 3, len - 3));
    } else if (len > 0) {
        OK(probe_data(&p, s.ordinal, 0, at, data, len));
    }
}

void
windows_block(uint64_t at, const char *text)
{
    uint8_t body[64];
    struct reel_builder b = reel_builder_init(body, sizeof(body));

    reel_put_le64(&b, at);
    reel_put_bytes(&b, reel_bytes_of(text));
    windows_stream(REEL_STREAM_SPARSE_BLOCK, "", body, b.len, at);
}

void
windows_plain(uint32_t id, const char *name, const char *text)
{
    windows_stream(id, name, text, strlen(text), REEL_NONE64);
}

void
windows_link(uint32_t tag, bool relative, const char *to, const char *shown)
{
    uint8_t body[4096];
    struct reel_builder b         = reel_builder_init(body, sizeof(body));
    const struct reel_bytes first = windows_units(to);
    const struct reel_bytes last  = windows_units(shown);
    const bool symlink            = tag == REEL_REPARSE_WINDOWS_SYMLINK;

    reel_put_le32(&b, tag);
    reel_put_le16(&b, (uint16_t)((symlink ? 12 : 8) + first.len + last.len));
    reel_put_le16(&b, 0);
    reel_put_le16(&b, 0);
    reel_put_le16(&b, (uint16_t)first.len);
    reel_put_le16(&b, (uint16_t)first.len);
    reel_put_le16(&b, (uint16_t)last.len);
    if (symlink)
        reel_put_le32(&b, relative ? REEL_REPARSE_RELATIVE : 0);
    reel_put_bytes(&b, first);
    reel_put_bytes(&b, last);
    ck_assert(b.ok);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", body, b.len, REEL_NONE64);
}

void
windows_text_file(uint64_t number, const char *path, const char *text)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, path, 0x20);

    windows_ordinal = 0;
    o.size          = strlen(text);
    windows_begin(number, &o);
    if (o.size > 0)
        windows_plain(REEL_STREAM_DATA, "", text);
    windows_end();
}

void
windows_assert_target(const char *path, const char *target)
{
    char there[512];
    const ssize_t n = readlinkat(p.dir_fd, path, there, sizeof(there));

    ck_assert_int_eq(n, (ssize_t)strlen(target));
    ck_assert_mem_eq(there, target, strlen(target));
}

bool
windows_user_attributes(void)
{
    return fsetxattr(p.dir_fd, "user.probe", "x", 1, 0) == 0 &&
           fremovexattr(p.dir_fd, "user.probe") == 0;
}

void
windows_all_streams(void)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, "f", 0x22);

    windows_ordinal = 0;
    o.size          = 4;
    o.short_name    = windows_units("F");
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    windows_plain(REEL_STREAM_DATA, "", "text");
    windows_plain(REEL_STREAM_EA_DATA, "", "attributes");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":a~b:$DATA", "named");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":holes:$DATA", "");
    windows_block(2, "xy");
    windows_block(6, "");
    windows_plain(REEL_STREAM_PROPERTY_DATA, "", "properties");
    windows_plain(REEL_STREAM_OBJECT_ID, "", "id");
    windows_plain(REEL_STREAM_TXFS_DATA, "", "tx");
    windows_plain(REEL_STREAM_GHOSTED, "", "ghost");
    windows_plain(4711, "", "whatever");
    windows_block(3, "a");
    windows_end();
}

void
windows_side_files(void)
{
    OK(probe_stop(&p));
    p.options.side_files = true;
    probe_start(&p);
}
