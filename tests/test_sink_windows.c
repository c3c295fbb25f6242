/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: objects of encoding 2 in a directory of this system. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/reparse.h"
#include "sink_compare.h"
#include "sink_probe.h"
#include "sink_extras.h"
#include "sink_windows.h"

#define OK(call) ck_assert_int_eq((call), REEL_OK)
#define RING 8U
#define UNITS 2048U

static struct probe p;
static struct reel_err err;

static void
set_up(void)
{
    probe_init(&p);
    probe_start(&p);
}

static void
tear_down(void)
{
    probe_fini(&p);
}

/* Text as units, good for RING calls. Latin-1 in, but for '~': U+D800. */
static struct reel_bytes
units(const char *text)
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

static struct reel_object
facts(uint8_t kind, const char *path, uint32_t attributes)
{
    struct reel_object o = probe_object(kind, "", 0);

    o.encoding   = REEL_ENCODING_UTF16;
    o.facts      = REEL_FACT_ATTRIBUTES | REEL_FACT_MODIFIED | REEL_FACT_BIRTH;
    o.uid        = 0;
    o.gid        = 0;
    o.attributes = attributes;
    o.birth.s    = 1;
    o.path       = units(path);
    return o;
}

static void
begin(uint64_t number, const struct reel_object *o)
{
    OK(p.sink->ops->begin(p.sink, number, o, &err));
}

static void
end(void)
{
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err));
}

static uint32_t ordinal;

/* A stream with its body, in two pieces; `at` as sparse offset. */
static void
stream(uint32_t id, const char *name, const void *body, size_t len, uint64_t at)
{
    const uint8_t *const data = body;
    uint8_t header[REEL_STREAM_HEADER_BYTES + UNITS];
    struct reel_builder b = reel_builder_init(header, sizeof(header));
    struct reel_stream s;

    memset(&s, 0, sizeof(s));
    s.ordinal     = ordinal++;
    s.header.id   = id;
    s.header.size = len;
    s.header.name = units(name);
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

/* A SPARSE_BLOCK with `text` at `at`. */
static void
block(uint64_t at, const char *text)
{
    uint8_t body[64];
    struct reel_builder b = reel_builder_init(body, sizeof(body));

    reel_put_le64(&b, at);
    reel_put_bytes(&b, reel_bytes_of(text));
    stream(REEL_STREAM_SPARSE_BLOCK, "", body, b.len, at);
}

static void
plain(uint32_t id, const char *name, const char *text)
{
    stream(id, name, text, strlen(text), REEL_NONE64);
}

/* A link of Windows as REPARSE_DATA. */
static void
link_data(uint32_t tag, bool relative, const char *to, const char *shown)
{
    uint8_t body[4096];
    struct reel_builder b         = reel_builder_init(body, sizeof(body));
    const struct reel_bytes first = units(to);
    const struct reel_bytes last  = units(shown);
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
    stream(REEL_STREAM_REPARSE_DATA, "", body, b.len, REEL_NONE64);
}

static void
text_file(uint64_t number, const char *path, const char *text)
{
    struct reel_object o = facts(REEL_KIND_FILE, path, 0x20);

    ordinal = 0;
    o.size  = strlen(text);
    begin(number, &o);
    if (o.size > 0)
        plain(REEL_STREAM_DATA, "", text);
    end();
}

static void
assert_target(const char *path, const char *target)
{
    char there[512];
    const ssize_t n = readlinkat(p.dir_fd, path, there, sizeof(there));

    ck_assert_int_eq(n, (ssize_t)strlen(target));
    ck_assert_mem_eq(there, target, strlen(target));
}

/* ---- names, modes, times ---- */

START_TEST(names_become_wtf8)
{
    struct reel_object o = facts(REEL_KIND_DIRECTORY, "d\xE9~", 0x10);
    struct stat st;

    begin(1, &o);
    end();
    text_file(2, "d\xE9~/\\:*?.", "text");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "d\xC3\xA9\xED\xA0\x80/\\:*?.", "text"));
    ck_assert(probe_stat(&p, "d\xC3\xA9\xED\xA0\x80", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "2 times of birth"),
                      1);
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

START_TEST(what_has_no_name_here_is_named)
{
    static const char *const paths[] = {"a//b", "../a", "a/./b", ".", "/a"};
    char longest[257];
    size_t i;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        text_file(i + 1, paths[i], "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "lead out"), i);
    memset(longest, 'x', 256);
    longest[256] = '\0';
    text_file(7, longest, "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "too long"), 1);
    memset(longest, '\xE9', 128); /* short in units, long in octets */
    longest[128] = '\0';
    text_file(8, longest, "x");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "too long"), 2);
    longest[127] = '\0';
    text_file(9, longest, "x");
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), i + 2);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(modes_are_made_up)
{
    const mode_t before = umask(027);
    struct reel_object o;
    struct stat st;

    probe_stop(&p);
    probe_start(&p);
    o = facts(REEL_KIND_DIRECTORY, "d", 0x11);
    begin(1, &o);
    end();
    text_file(2, "d/f", "x");
    o = facts(REEL_KIND_FILE, "d/r", 0x21);
    begin(3, &o);
    end();
    OK(probe_stop(&p));
    (void)umask(before);
    ck_assert(probe_stat(&p, "d", &st));
    ck_assert_uint_eq(st.st_mode, S_IFDIR | 0750);
    ck_assert(probe_stat(&p, "d/f", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0640);
    ck_assert(probe_stat(&p, "d/r", &st));
    ck_assert_uint_eq(st.st_mode, S_IFREG | 0440);
}
END_TEST

START_TEST(facts_not_kept_are_counted)
{
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x26);

    o.short_name = units("F~1");
    begin(1, &o);
    end();
    o.path       = units("g");
    o.attributes = 0x20;
    begin(2, &o);
    end();
    o       = facts(REEL_KIND_DIRECTORY, "d", 0x10);
    o.facts = (uint16_t)(o.facts | REEL_FACT_CASE);
    begin(3, &o);
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "2 short names"), 1);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "1 Windows attributes"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "3 times of birth"),
                      1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "1 marks of"), 1);
    ck_assert_uint_eq(p.note_count, 4);
}
END_TEST

START_TEST(hard_links)
{
    struct reel_object o = facts(REEL_KIND_FILE, "one", 0x20);
    struct stat a;
    struct stat b;
    bool made;

    o.link_count = 2;
    begin(1, &o);
    end();
    o        = facts(REEL_KIND_LINK, "t~o", 0x20);
    o.target = 1;
    OK(p.sink->ops->link(p.sink, &o, &made, &err));
    ck_assert(made);
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "one", &a));
    ck_assert(probe_stat(&p, "t\xED\xA0\x80o", &b));
    ck_assert_uint_eq(a.st_ino, b.st_ino);
}
END_TEST

/* ---- sparse ---- */

START_TEST(five_shapes)
{
    struct reel_object o = facts(REEL_KIND_FILE, "1", 0x20);
    char text[4096]      = "";
    struct stat st;

    begin(1, &o); /* no DATA at all */
    end();
    o.path  = units("2");
    ordinal = 0;
    begin(2, &o);
    plain(REEL_STREAM_DATA, "", "");
    end();
    text_file(3, "3", "plain");
    o.path  = units("4");
    o.size  = 1U << 20;
    ordinal = 0;
    begin(4, &o);
    plain(REEL_STREAM_DATA, "", "");
    block(1U << 20, "");
    end();
    o.path  = units("5");
    ordinal = 0;
    begin(5, &o);
    plain(REEL_STREAM_DATA, "", "");
    block(1000, "in the hole");
    block(1U << 20, "");
    end();
    o.path  = units("6"); /* of size 0, with a last block */
    o.size  = 0;
    ordinal = 0;
    begin(6, &o);
    plain(REEL_STREAM_DATA, "", "");
    block(0, "");
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 1); /* births */
    ck_assert(probe_holds(&p, "1", ""));
    ck_assert(probe_holds(&p, "2", ""));
    ck_assert(probe_holds(&p, "3", "plain"));
    ck_assert(probe_holds(&p, "6", ""));
    ck_assert(probe_stat(&p, "4", &st));
    ck_assert_int_eq(st.st_size, 1 << 20);
    ck_assert_int_eq(st.st_blocks, 0);
    ck_assert(probe_stat(&p, "5", &st));
    ck_assert_int_eq(st.st_size, 1 << 20);
    ck_assert_int_eq(readlinkat(p.dir_fd, "5", text, sizeof(text)), -1);
    {
        const int fd = openat(p.dir_fd, "5", O_RDONLY | O_CLOEXEC);

        ck_assert_int_eq(pread(fd, text, 13, 999), 13);
        ck_assert_mem_eq(text, "\0in the hole", 13);
        (void)close(fd);
    }
}
END_TEST

/* ---- other streams ---- */

static bool
takes_user_attributes(void)
{
    return fsetxattr(p.dir_fd, "user.probe", "x", 1, 0) == 0 &&
           fremovexattr(p.dir_fd, "user.probe") == 0;
}

/* Every kind of stream, EA behind DATA, a sparse named one. */
static void
all_streams(void)
{
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x22);

    ordinal      = 0;
    o.size       = 4;
    o.short_name = units("F");
    begin(1, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    plain(REEL_STREAM_DATA, "", "text");
    plain(REEL_STREAM_EA_DATA, "", "attributes");
    plain(REEL_STREAM_ALTERNATE_DATA, ":a~b:$DATA", "named");
    plain(REEL_STREAM_ALTERNATE_DATA, ":holes:$DATA", "");
    block(2, "xy");
    block(6, "");
    plain(REEL_STREAM_PROPERTY_DATA, "", "properties");
    plain(REEL_STREAM_OBJECT_ID, "", "id");
    plain(REEL_STREAM_TXFS_DATA, "", "tx");
    plain(REEL_STREAM_GHOSTED, "", "ghost");
    plain(4711, "", "whatever");
    block(3, "a");
    end();
}

static void
assert_attribute(const char *path, const char *name, const void *value,
                 size_t len)
{
    char full[256];
    char there[256];

    (void)snprintf(full, sizeof(full), "%s/%s", p.dir, path);
    ck_assert_int_eq(getxattr(full, name, there, sizeof(there)), (ssize_t)len);
    ck_assert_mem_eq(there, value, len);
}

START_TEST(streams_without_side_files_are_named)
{
    const bool user = takes_user_attributes();

    all_streams();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "text"));
    if (user) {
        assert_attribute("f",
                         "user.a\xED\xA0\x80"
                         "b",
                         "named", 5);
        assert_attribute("f", "user.holes", "\0\0xy\0\0", 6);
    }
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED,
                                  user ? "not kept here: SECURITY_DATA, "
                                         "EA_DATA, PROPERTY_DATA, OBJECT_ID, "
                                         "TXFS_DATA, GHOSTED_FILE_EXTENTS, "
                                         "stream 4711"
                                       : "not kept here: SECURITY_DATA, "
                                         "EA_DATA, ALTERNATE_DATA :a?b:$DATA"),
                      1);
    ck_assert_uint_eq(p.note_count, 4); /* name, attributes, birth */
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

static void
assert_side(const char *name, const void *value, size_t len)
{
    char path[300];
    char there[256];
    ssize_t n;
    int fd;

    (void)snprintf(path, sizeof(path), "f.reel-streams/%s", name);
    fd = openat(p.dir_fd, path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0, "%s", path);
    n = read(fd, there, sizeof(there));
    (void)close(fd);
    ck_assert_int_eq(n, (ssize_t)len);
    ck_assert_mem_eq(there, value, len);
}

static void
start_with_side_files(void)
{
    OK(probe_stop(&p));
    p.options.side_files = true;
    probe_start(&p);
}

START_TEST(streams_as_side_files)
{
    static const uint8_t times[] = {0x80, 0x16, 0xD7, 0xD5,
                                    0xDE, 0xB1, 0x9D, 0x01};
    static const uint8_t odd[] = {'w', 'h', 'a', 't', 'e', 'v', 'e', 'r', 9, 0,
                                  0,   0,   0,   0,   0,   0,   9,   0,   0, 0,
                                  0,   0,   0,   0,   0,   0,   0,   0,   3, 0,
                                  0,   0,   0,   0,   0,   0,   'a'};
    const bool user            = takes_user_attributes();
    struct stat st;

    start_with_side_files();
    all_streams();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", "text"));
    assert_side("00-security_data", "descriptor", 10);
    assert_side("02-ea_data", "attributes", 10);
    assert_side("07-property_data", "properties", 10);
    assert_side("08-object_id", "id", 2);
    assert_side("09-txfs_data", "tx", 2);
    assert_side("10-ghosted_file_extents", "ghost", 5);
    assert_side("11-stream4711", odd, sizeof(odd));
    assert_side("short_name", "F", 1);
    assert_side("attributes", "\x22\0\0\0", 4);
    {
        char there[64];
        const int fd =
            openat(p.dir_fd, "f.reel-streams/times", O_RDONLY | O_CLOEXEC);

        ck_assert_int_eq(read(fd, there, sizeof(there)), 16);
        ck_assert_mem_eq(there, times, sizeof(times));
        (void)close(fd);
    }
    ck_assert(probe_stat(&p,
                         "f.reel-streams/03-alternate_data-a\xED\xA0\x80"
                         "b",
                         &st) != user);
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* Longer than an attribute can be, with holes, and with names that are no
   names of files. */
START_TEST(long_streams_as_side_files)
{
    static uint8_t body[100000];
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x20);
    char name[300]       = ":";
    char path[300];
    struct stat st;
    int fd;

    memset(body, 'b', sizeof(body));
    start_with_side_files();
    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body, sizeof(body),
           REEL_NONE64);
    plain(REEL_STREAM_ALTERNATE_DATA, ":far:$DATA", "");
    block(5U << 20, "end");
    block(6U << 20, "");
    memset(name + 1, 'n', 251);
    (void)strcpy(name + 252, ":$DATA");
    plain(REEL_STREAM_ALTERNATE_DATA, name, "too long a name");
    plain(REEL_STREAM_ALTERNATE_DATA, "odd", "no name");
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(p.note_count, 0);
    ck_assert(probe_stat(&p, "f.reel-streams/00-alternate_data-long", &st));
    ck_assert_int_eq(st.st_size, sizeof(body));
    ck_assert(probe_stat(&p, "f.reel-streams/01-alternate_data-far", &st));
    ck_assert_int_eq(st.st_size, 6 << 20);
    ck_assert_int_le(st.st_blocks, 64);
    fd = openat(p.dir_fd, "f.reel-streams/01-alternate_data-far",
                O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(pread(fd, path, 4, 5 << 20), 4);
    ck_assert_mem_eq(path, "end\0", 4);
    (void)close(fd);
    assert_side("04-alternate_data", "too long a name", 15);
    ck_assert(probe_stat(&p, "f.reel-streams/04-alternate_data.name", &st));
    ck_assert_int_eq(st.st_size, 2 * (1 + 251 + 6));
    assert_side("05-alternate_data", "no name", 7);
    assert_side("05-alternate_data.name", "o\0d\0d\0", 6);
}
END_TEST

START_TEST(long_streams_without_side_files_are_named)
{
    static uint8_t body[100000];
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x20);

    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body, sizeof(body),
           REEL_NONE64);
    end();
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "f", ""));
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "ALTERNATE_DATA :long:$DATA"), 1);
}
END_TEST

START_TEST(more_streams_than_are_kept)
{
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x20);
    unsigned int i;

    if (_i == 1)
        start_with_side_files();
    ordinal = 0;
    begin(1, &o);
    for (i = 0; i < REEL_EXTRAS_COUNT_MAX + 2; i++)
        plain(REEL_STREAM_TXFS_DATA, "", "");
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "4088 more"), _i == 0);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_SKIPPED, "first 4096 are left out: 2"),
        _i == 1);
}
END_TEST

/* What stands beside it stays, and what is left out is named. */
START_TEST(side_files_clobber_nothing)
{
    struct stat st;

    start_with_side_files();
    ck_assert_int_eq(mkdirat(p.dir_fd, "f.reel-streams", 0755), 0);
    all_streams();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "exists already"), 1);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "SECURITY_DATA"), 1);
    ck_assert(!probe_stat(&p, "f.reel-streams/00-security_data", &st));
    ck_assert(probe_holds(&p, "f", "text"));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

START_TEST(directories_have_streams_too)
{
    struct reel_object o = facts(REEL_KIND_DIRECTORY, "", 0x10);
    const bool user      = takes_user_attributes();
    struct stat st;

    start_with_side_files();
    ordinal = 0;
    begin(1, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "root");
    end();
    o.path  = units("f");
    ordinal = 0;
    begin(2, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    end();
    text_file(3, "f/x", "x");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, ".reel-streams/00-security_data", "root"));
    assert_side("00-security_data", "descriptor", 10);
    if (user)
        assert_attribute("f", "user.n", "named", 5);
    ck_assert(probe_stat(&p, "f", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert(probe_stat(&p, "f.reel-streams", &st));
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

START_TEST(unproven_streams_are_never_named)
{
    static uint8_t body[100000];
    struct reel_object o = facts(REEL_KIND_FILE, "f", 0x20);
    struct stat st;

    start_with_side_files();
    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body, sizeof(body),
           REEL_NONE64);
    OK(p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_DAMAGED, &err));
    begin(2, &o);
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body, sizeof(body),
           REEL_NONE64);
    OK(probe_stop(&p)); /* never ended */
    ck_assert(!probe_stat(&p, "f", &st));
    ck_assert(!probe_stat(&p, "f.reel-streams", &st));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* ---- reparse points ---- */

static const struct {
    uint32_t tag;
    bool relative;
    const char *to;
    const char *shown;
    const char *target;
    bool noted;
} links[] = {
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "a\\b~", "", "a/b\xED\xA0\x80", false},
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "..\\..\\x", "y", "../../x", false},
    {REEL_REPARSE_WINDOWS_SYMLINK, false, "\\??\\C:\\x", "C:\\x", "C:\\x",
     true},
    {REEL_REPARSE_WINDOWS_SYMLINK, false, "\\??\\C:\\x", "", "\\??\\C:\\x",
     true},
    {REEL_REPARSE_WINDOWS_SYMLINK, true, "\\x", "\\x", "\\x", true},
    {REEL_REPARSE_MOUNT_POINT, false, "\\??\\D:\\", "D:\\", "D:\\", true},
};

START_TEST(links_of_windows)
{
    static const uint8_t kinds[] = {REEL_KIND_FILE, REEL_KIND_DIRECTORY,
                                    REEL_KIND_SYMLINK};
    char path[8];
    size_t i;

    for (i = 0; i < sizeof(kinds); i++) {
        struct reel_object o;

        (void)snprintf(path, sizeof(path), "l%zu", i);
        o       = facts(kinds[i], path, 0x400);
        ordinal = 0;
        begin(i + 1, &o);
        link_data(links[_i].tag, links[_i].relative, links[_i].to,
                  links[_i].shown);
        end();
        assert_target(path, links[_i].target);
    }
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "kept as text"),
                      links[_i].noted ? i : 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "REPARSE"), 0);
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* As WSL puts them on NTFS: files with a tag. */
START_TEST(special_files_of_wsl)
{
    static const uint8_t fifo[]        = {0x24, 0, 0, 0x80, 0, 0, 0, 0};
    static const uint8_t unix_socket[] = {0x23, 0, 0, 0x80, 0, 0, 0, 0};
    static const uint8_t lx[]          = {0x1D, 0, 0, 0xA0, 7,    0,    0,  0,
                                          2,    0, 0, 0,    '\\', 0xFF, 'b'};
    struct reel_object o               = facts(REEL_KIND_FILE, "fifo", 0x400);
    struct stat st;

    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", fifo, sizeof(fifo), REEL_NONE64);
    end();
    o.path = units("socket");
    begin(2, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", unix_socket, sizeof(unix_socket),
           REEL_NONE64);
    end();
    o.path = units("lx");
    begin(3, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", lx, sizeof(lx), REEL_NONE64);
    end();
    OK(probe_stop(&p));
    ck_assert(probe_stat(&p, "fifo", &st));
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert(probe_stat(&p, "socket", &st));
    ck_assert(S_ISSOCK(st.st_mode));
    assert_target("lx", "\\\xFF"
                        "b");
    ck_assert_uint_eq(p.note_count, 1);
}
END_TEST

START_TEST(devices_only_when_asked_for)
{
    static const uint8_t device[] = {0x25, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o          = facts(REEL_KIND_FILE, "null", 0x400);
    struct stat st;

    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", device, sizeof(device), REEL_NONE64);
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED, "devices"), 1);
    ck_assert(!probe_stat(&p, "null", &st));
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* "A" of one octet, then 1:3. */
static const uint8_t lxdev[] = {12,  0,   0, 0, 0, 1, 1, 0, 'A', 0,   'b', 0,
                                0,   0,   0, 0, 0, 6, 8, 0, '$', 'L', 'X', 'D',
                                'E', 'V', 0, 1, 0, 0, 0, 3, 0,   0,   0};

START_TEST(devices_have_their_numbers_in_an_ea)
{
    static const uint8_t device[] = {0x25, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o =
        facts(_i == 0 ? REEL_KIND_FILE : REEL_KIND_CHARACTER, "null", 0x400);
    struct stat st;

    OK(probe_stop(&p));
    p.options.preserve = true;
    probe_start(&p);
    ordinal = 0;
    begin(1, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", device, sizeof(device), REEL_NONE64);
    stream(REEL_STREAM_EA_DATA, "", lxdev, sizeof(lxdev), REEL_NONE64);
    end();
    OK(probe_stop(&p));
    if (probe_stat(&p, "null", &st)) {
        ck_assert(S_ISCHR(st.st_mode));
        ck_assert_uint_eq(st.st_rdev, makedev(1, 3));
    } else { /* only a privileged user can make one */
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "cannot be made"),
                          1);
    }
}
END_TEST

START_TEST(lists_of_eas)
{
    static const uint8_t last[] = {20,  0,   0,   0, 0, 6, 8, 0, '$', 'L', 'X',
                                   'D', 'E', 'V', 0, 1, 0, 0, 0, 3,   0};
    uint8_t copy[sizeof(lxdev) + 3];
    uint32_t major = 7;
    uint32_t minor = 7;
    size_t len;

    ck_assert(reel_sink_windows_device(
        (struct reel_bytes){lxdev, sizeof(lxdev)}, &major, &minor));
    ck_assert_uint_eq(major, 1);
    ck_assert_uint_eq(minor, 3);
    for (len = 0; len < sizeof(lxdev); len++) {
        uint8_t *const part = malloc(len + 3);

        ck_assert_ptr_nonnull(part);
        memcpy(part, lxdev, len);
        ck_assert(!reel_sink_windows_device((struct reel_bytes){part, len},
                                            &major, &minor));
        ck_assert_uint_eq(reel_sink_windows_ea(part, len), 0);
        free(part);
    }
    memcpy(copy, lxdev, sizeof(lxdev));
    ck_assert_uint_eq(reel_sink_windows_ea(copy, sizeof(lxdev)), 36);
    ck_assert_uint_eq(copy[12], 24);
    ck_assert_uint_eq(copy[35], 0);
    ck_assert(!reel_sink_windows_device((struct reel_bytes){last, sizeof(last)},
                                        &major, &minor));
}
END_TEST

/* A tag that is none of those, and one on a file with content. */
START_TEST(other_reparse_points_stay_what_they_are)
{
    static const uint8_t wof[] = {0x17, 0, 0, 0x80, 0, 0, 0, 0};
    struct reel_object o       = facts(REEL_KIND_FILE, "file", 0x400);
    struct stat st;

    ordinal = 0;
    o.size  = 4;
    begin(1, &o);
    plain(REEL_STREAM_DATA, "", "text");
    link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    end();
    o       = facts(REEL_KIND_DIRECTORY, "dir", 0x410);
    ordinal = 0;
    begin(2, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", wof, sizeof(wof), REEL_NONE64);
    end();
    text_file(3, "dir/in", "in");
    OK(probe_stop(&p));
    ck_assert(probe_holds(&p, "file", "text"));
    ck_assert(probe_holds(&p, "dir/in", "in"));
    ck_assert(probe_stat(&p, "dir", &st));
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_uint_eq(
        probe_noted(&p, REEL_NOTE_OMITTED, "not kept here: REPARSE_DATA"), 2);
}
END_TEST

START_TEST(other_streams_of_links_are_named)
{
    struct reel_object o = facts(REEL_KIND_FILE, "l", 0x400);

    ordinal = 0;
    begin(1, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    end();
    OK(probe_stop(&p));
    assert_target("l", "a");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_OMITTED,
                                  "not kept here: SECURITY_DATA, "
                                  "ALTERNATE_DATA :n:$DATA"),
                      1);
}
END_TEST

/* Once more with skip: everything counts as there. */
START_TEST(skip_finds_the_same)
{
    int round;

    for (round = 0; round < 2; round++) {
        struct reel_object o = facts(REEL_KIND_FILE, "l", 0x400);

        OK(probe_stop(&p));
        p.options.existing = REEL_EXISTING_SKIP;
        probe_start(&p);
        ordinal = 0;
        begin(1, &o);
        link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
        end();
        o       = facts(REEL_KIND_DIRECTORY, "d", 0x410);
        ordinal = 0;
        begin(2, &o);
        end();
        text_file(3, "f", "text");
        ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, ""), 0);
    }
    OK(probe_stop(&p));
    assert_target("l", "a");
    ck_assert(probe_holds(&p, "f", "text"));
}
END_TEST

/* ---- names that fall together (N-8) ---- */

START_TEST(one_name_for_two_paths)
{
    struct reel_object o;

    OK(probe_stop(&p));
    p.options.existing = REEL_EXISTING_REPLACE;
    p.options.strip    = 1;
    probe_start(&p);
    text_file(1, "a/f", "first");
    text_file(2, "b/f", "second");
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 1);
    ck_assert(probe_holds(&p, "f", "first"));
    text_file(3, "a/f", "the same path again");
    ck_assert(probe_holds(&p, "f", "the same path again"));
    o = facts(REEL_KIND_DIRECTORY, "a/d", 0x10);
    begin(4, &o);
    end();
    o.path = units("b/d");
    begin(5, &o);
    end();
    OK(probe_stop(&p));
    ck_assert_uint_eq(probe_noted(&p, REEL_NOTE_SKIPPED, "another object"), 2);
    ck_assert_uint_eq(probe_leftovers(&p), 0);
}
END_TEST

/* ---- compared ---- */

static unsigned int told;
static char told_last[200];

static void
differs(void *ctx, uint8_t encoding, struct reel_bytes path, const char *what)
{
    (void)ctx;
    (void)encoding;
    (void)path;
    told++;
    (void)snprintf(told_last, sizeof(told_last), "%s", what);
}

/* A tree with a bit of everything, to whatever sink is there. */
static void
tree(void)
{
    struct reel_object o = facts(REEL_KIND_DIRECTORY, "", 0x10);
    bool made;

    ordinal = 0;
    begin(1, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    end();
    all_streams();
    o       = facts(REEL_KIND_FILE, "l~", 0x400);
    ordinal = 0;
    begin(3, &o);
    link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "a\\b", "a");
    end();
    o       = facts(REEL_KIND_DIRECTORY, "m", 0x410);
    ordinal = 0;
    begin(4, &o);
    link_data(REEL_REPARSE_MOUNT_POINT, false, "\\??\\D:\\", "D:\\");
    end();
    o            = facts(REEL_KIND_FILE, "one", 0x21);
    o.size       = 4;
    o.link_count = 2;
    ordinal      = 0;
    begin(5, &o);
    plain(REEL_STREAM_DATA, "", "data");
    end();
    o        = facts(REEL_KIND_LINK, "two", 0x20);
    o.target = 5;
    OK(p.sink->ops->link(p.sink, &o, &made, &err));
}

static void
compare(void)
{
    const struct reel_sink_compare_options options = {
        .dir_fd        = p.dir_fd,
        .numeric_owner = true,
        .report        = &p.report,
        .temporary_dir = "/tmp",
        .differs       = differs,
    };

    told         = 0;
    p.note_count = 0;
    p.sink       = reel_sink_compare_new(&options, &err);
    ck_assert_ptr_nonnull(p.sink);
    tree();
    OK(probe_stop(&p));
}

START_TEST(restored_is_no_difference)
{
    if (_i == 1)
        start_with_side_files();
    tree();
    OK(probe_stop(&p));
    compare();
    ck_assert_msg(told == 0, "%s", told_last);
    ck_assert_uint_eq(p.note_count, 0);
}
END_TEST

START_TEST(differences_are_told)
{
    struct stat st;
    int fd;

    tree();
    OK(probe_stop(&p));
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", 0), 0);
    ck_assert_int_eq(symlinkat("elsewhere", p.dir_fd, "m"), 0);
    compare();
    ck_assert_uint_eq(told, 3); /* its time, and that of the root, too */
    ck_assert_str_eq(told_last, "its target differs");
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", 0), 0);
    ck_assert_int_eq(mkdirat(p.dir_fd, "m", 0755), 0);
    compare();
    ck_assert_uint_eq(told, 2);
    ck_assert_str_eq(told_last, "kind: symlink in the archive, "
                                "directory here");
    ck_assert_int_eq(unlinkat(p.dir_fd, "m", AT_REMOVEDIR), 0);
    fd = openat(p.dir_fd, "f", O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(pwrite(fd, "T", 1, 0), 1);
    ck_assert_int_eq(
        futimens(fd, (const struct timespec[]){st.st_atim, st.st_mtim}), 0);
    (void)close(fd);
    compare();
    ck_assert_uint_eq(told, 3); /* m is missing */
    (void)close(openat(p.dir_fd, "g.reel-streams",
                       O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    compare();
    ck_assert_uint_eq(told, 4);
    ck_assert_str_eq(told_last, "not in the archive");
}
END_TEST

/* ---- on ntfs-3g ---- */

#define NTFS_BYTES (32L << 20)

/* A fresh NTFS, mounted nowhere: it is gone when the descriptor is. -1: that
   cannot be done here. */
static int
open_ntfs(void)
{
    char command[512];
    char image[96];
    char dir[96];
    int fd;

    (void)snprintf(image, sizeof(image), "%s/../image", p.dir);
    (void)snprintf(dir, sizeof(dir), "%s/../mount", p.dir);
    fd = open(image, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, NTFS_BYTES), 0);
    (void)close(fd);
    ck_assert_int_eq(mkdir(dir, 0700), 0);
    (void)snprintf(
        command, sizeof(command),
        "PATH=$PATH:/usr/sbin:/sbin; mkntfs -q -F %s >/dev/null 2>&1 "
        "&& ntfs-3g %s %s >/dev/null 2>&1",
        image, image, dir);
    if (system(command) != 0)
        return -1;
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)snprintf(command, sizeof(command), "umount -l %s", dir);
    ck_assert_int_eq(system(command), 0);
    return fd;
}

static void
assert_on_ntfs(const char *dir, const char *path, const char *name,
               const void *value, size_t len)
{
    char full[256];
    uint8_t there[512];
    ssize_t n;

    (void)snprintf(full, sizeof(full), "%s/%s", dir, path);
    n = lgetxattr(full, name, there, sizeof(there));
    ck_assert_msg(n == (ssize_t)len, "%s: %zd octets, %s", name, n,
                  n < 0 ? strerror(errno) : "");
    ck_assert_mem_eq(there, value, len);
}

/* One EA called "A" with the value "b". */
static const uint8_t one_ea[12] = {0, 0, 0, 0, 0, 1, 1, 0, 'A', 0, 'b', 0};
/* A tag that is nobody's, with four octets. */
static const uint8_t foreign[12] = {0x17, 0, 0,   0x80, 4,   0,
                                    0,    0, 'd', 'a',  't', 'a'};
/* Owner and group Administrators, no lists. */
static const uint8_t descriptor[52] = {
    1, 0, 0, 0x80, 20, 0, 0, 0, 36, 0, 0,  0, 0,    0, 0,    0, 0, 0,
    0, 0, 1, 2,    0,  0, 0, 0, 0,  5, 32, 0, 0,    0, 0x20, 2, 0, 0,
    1, 2, 0, 0,    0,  0, 0, 5, 32, 0, 0,  0, 0x20, 2, 0,    0};

static void
to_ntfs(void)
{
    static const uint8_t id[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct reel_object o        = facts(REEL_KIND_FILE, "a long name", 0x26);

    o.short_name = units("ALONGN-1");
    o.size       = 4;
    ordinal      = 0;
    begin(1, &o);
    stream(REEL_STREAM_SECURITY_DATA, "", descriptor, sizeof(descriptor),
           REEL_NONE64);
    plain(REEL_STREAM_DATA, "", "text");
    plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    stream(REEL_STREAM_OBJECT_ID, "", id, sizeof(id), REEL_NONE64);
    stream(REEL_STREAM_EA_DATA, "", one_ea, sizeof(one_ea), REEL_NONE64);
    end();
    o       = facts(REEL_KIND_DIRECTORY, "dir", 0x410);
    ordinal = 0;
    begin(2, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", foreign, sizeof(foreign), REEL_NONE64);
    end();
    o       = facts(REEL_KIND_DIRECTORY, "other", 0x10);
    ordinal = 0;
    begin(3, &o);
    plain(REEL_STREAM_ALTERNATE_DATA, ":d:$DATA", "of a directory");
    end();
    o       = facts(REEL_KIND_FILE, "link", 0x420);
    ordinal = 0;
    begin(4, &o);
    link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "other", "other");
    end();
    OK(probe_stop(&p));
}

START_TEST(ntfs_3g_takes_all)
{
    static const uint8_t second[8]    = {0x80, 0x16, 0xD7, 0xD5,
                                         0xDE, 0xB1, 0x9D, 0x01};
    static const uint8_t ea_there[12] = {12, 0, 0, 0, 0, 1, 1, 0, 'A', 0, 'b'};
    const int fd                      = open_ntfs();
    uint8_t times[32];
    char target[16];
    char dir[64];
    char path[96];

    if (fd < 0) {
        (void)printf("SKIPPED: NTFS cannot be mounted here\n");
        return;
    }
    OK(probe_stop(&p));
    p.options.dir_fd     = fd;
    p.options.side_files = true;
    probe_start(&p);
    to_ntfs();
    p.options.dir_fd = p.dir_fd;
    for (unsigned int i = 0; i < p.note_count; i++)
        ck_abort_msg("%s", p.notes[i].text);
    (void)snprintf(dir, sizeof(dir), "/proc/self/fd/%d", fd);
    (void)snprintf(path, sizeof(path), "%s/a long name", dir);
    assert_on_ntfs(dir, "a long name", "user.n", "named", 5);
    assert_on_ntfs(dir, "a long name", "system.ntfs_ea", ea_there,
                   sizeof(ea_there));
    assert_on_ntfs(dir, "a long name", "system.ntfs_dos_name", "ALONGN-1", 8);
    assert_on_ntfs(dir, "a long name", "system.ntfs_acl", descriptor,
                   sizeof(descriptor));
    ck_assert_int_eq(lgetxattr(path, "system.ntfs_times", times, 32), 32);
    ck_assert_mem_eq(times, second, 8);
    assert_on_ntfs(dir, "other", "user.d", "of a directory", 14);
    assert_on_ntfs(dir, "dir", "system.ntfs_reparse_data", foreign,
                   sizeof(foreign));
    (void)snprintf(path, sizeof(path), "%s/link", dir);
    ck_assert_int_eq(readlink(path, target, sizeof(target)), 5);
    ck_assert_mem_eq(target, "other", 5);
    (void)close(fd);
}
END_TEST

/* ---- faults ---- */

static void
one_of_each(void)
{
    static uint8_t body[70000];
    struct reel_object o = facts(REEL_KIND_DIRECTORY, "d", 0x10);

    ordinal = 0;
    begin(1, &o);
    plain(REEL_STREAM_SECURITY_DATA, "", "descriptor");
    end();
    o       = facts(REEL_KIND_FILE, "d/f", 0x22);
    o.size  = 4;
    ordinal = 0;
    begin(2, &o);
    plain(REEL_STREAM_DATA, "", "text");
    plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", body, sizeof(body),
           REEL_NONE64);
    end();
    o       = facts(REEL_KIND_DIRECTORY, "d/l", 0x410);
    ordinal = 0;
    begin(3, &o);
    link_data(REEL_REPARSE_WINDOWS_SYMLINK, true, "a", "a");
    end();
}

/* The n-th call of the system fails: it goes on, says so, and leaves nothing
   under a name that is not whole. */
START_TEST(failing_calls)
{
    const unsigned long *made;
    unsigned long n;
    unsigned long all;

    OK(probe_stop(&p));
    probe_fini(&p);
    for (n = 0, all = 1; n <= all; n++) {
        struct stat st;

        probe_init(&p);
        p.options.side_files = true;
        p.calls              = probe_calls(n, EIO, &made);
        probe_start(&p);
        one_of_each();
        if (n == 0)
            all = *made;
        OK(probe_stop(&p));
        p.calls = NULL;
        if (probe_stat(&p, "d/f", &st))
            ck_assert(probe_holds(&p, "d/f", "text"));
        if (probe_stat(&p, "d/f.reel-streams/02-alternate_data-long", &st))
            ck_assert_int_eq(st.st_size, 70000);
        else
            ck_assert_msg(p.note_count > 0, "call %lu", n);
        ck_assert_uint_eq(probe_leftovers(&p), 0);
        probe_fini(&p);
    }
    ck_assert_uint_gt(all, 40);
    probe_init(&p);
    probe_start(&p);
}
END_TEST

START_TEST(failing_allocations)
{
    unsigned long n;
    bool failed = true;

    OK(probe_stop(&p));
    probe_fini(&p);
    for (n = 1; failed; n++) {
        struct reel_object o = facts(REEL_KIND_FILE, "f", 0x20);
        struct reel_stream s;

        probe_init(&p);
        probe_start(&p);
        memset(&s, 0, sizeof(s));
        s.header.id   = REEL_STREAM_ALTERNATE_DATA;
        s.header.size = 5;
        s.header.name = units(":n:$DATA");
        reel_alloc_fail_at(n, 0);
        failed = p.sink->ops->begin(p.sink, 1, &o, &err) != REEL_OK ||
                 p.sink->ops->stream(p.sink, &s, &err) != REEL_OK ||
                 probe_data(&p, 0, 0, REEL_NONE64, "named", 5) != REEL_OK ||
                 p.sink->ops->end(p.sink, NULL, REEL_OUTCOME_PROVEN, &err) !=
                     REEL_OK;
        failed = failed || reel_alloc_requests() >= n;
        reel_alloc_fail_at(0, 0);
        (void)probe_stop(&p);
        ck_assert_uint_eq(probe_leftovers(&p), 0);
        probe_fini(&p);
    }
    ck_assert_uint_gt(n, 3);
    probe_init(&p);
    probe_start(&p);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, names_become_wtf8);
    tcase_add_test(t, what_has_no_name_here_is_named);
    tcase_add_test(t, modes_are_made_up);
    tcase_add_test(t, facts_not_kept_are_counted);
    tcase_add_test(t, hard_links);
    tcase_add_test(t, five_shapes);
    tcase_add_test(t, streams_without_side_files_are_named);
    tcase_add_test(t, streams_as_side_files);
    tcase_add_test(t, long_streams_as_side_files);
    tcase_add_test(t, long_streams_without_side_files_are_named);
    tcase_add_loop_test(t, more_streams_than_are_kept, 0, 2);
    tcase_add_test(t, side_files_clobber_nothing);
    tcase_add_test(t, directories_have_streams_too);
    tcase_add_test(t, unproven_streams_are_never_named);
    tcase_add_loop_test(t, links_of_windows, 0,
                        sizeof(links) / sizeof(links[0]));
    tcase_add_test(t, special_files_of_wsl);
    tcase_add_test(t, devices_only_when_asked_for);
    tcase_add_loop_test(t, devices_have_their_numbers_in_an_ea, 0, 2);
    tcase_add_test(t, lists_of_eas);
    tcase_add_test(t, other_reparse_points_stay_what_they_are);
    tcase_add_test(t, other_streams_of_links_are_named);
    tcase_add_test(t, skip_finds_the_same);
    tcase_add_test(t, one_name_for_two_paths);
    tcase_add_loop_test(t, restored_is_no_difference, 0, 2);
    tcase_add_test(t, differences_are_told);
    tcase_add_test(t, ntfs_3g_takes_all);
    tcase_add_test(t, failing_calls);
    tcase_add_test(t, failing_allocations);
}

int
main(void)
{
    return suite_run("sink_windows", add);
}
