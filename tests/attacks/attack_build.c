/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that mean harm (spec N-5, N-7, N-8, K-1 to K-9): one image for each
 * trick that was ever played on those who unpack. attacks.py restores them and
 * looks at everything around the directory.
 *
 *     attack_build DIRECTORY VICTIM
 *
 * writes DIRECTORY/<name>.tap, and DIRECTORY/damaged/<name>.tap with longer
 * files and a part of each missing; VICTIM is the absolute path of a file that
 * must not change.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include "image_objects.h"
#include "reel/medium.h"
#include "reel/medium_tap.h"
#include "reel/reparse.h"
#include "reel/sha256.h"

#define EVIL "this was written by an archive that means harm\n"
#define EVIL_TIMES 256 /* in damaged archives: over some segments */
#define SWAPS_MAX 8U
#define BYTES_MAX 4096U
#define BLOCKS_MAX 1024U

/* What the encoders refuse goes in by way of words of the same length, which
   are replaced on their way to the tape. */
struct swap {
    uint8_t from[BYTES_MAX];
    uint8_t to[BYTES_MAX];
    size_t len;
    bool catalog; /* in catalogs */
    bool data;    /* in the data */
};

#define END_CATALOG_DIGEST_AT (REEL_RECORD_HEADER_BYTES + 144U)
#define ENTRY_SEQUENCE_AT (REEL_RECORD_HEADER_BYTES + 16U)

static struct swap swaps[SWAPS_MAX];
static size_t swap_count;
static struct reel_sha256 catalog_digest; /* of its records as they are */
static bool far_away; /* ENTRYs name places that are nowhere */
static const char *victim;

/* Damage: each third block of data; and the catalog, where that would be
   refused for what it says, so that the data are read. */
static bool damaged;
static uint64_t blocks[BLOCKS_MAX];
static size_t block_count;
static uint64_t catalog_block;

static void
apply(uint8_t *record, size_t len, bool catalog)
{
    for (size_t n = 0; n < swap_count; n++) {
        const struct swap *const s = &swaps[n];

        if (catalog ? !s->catalog : !s->data)
            continue;
        for (size_t at = 0; at + s->len <= len; at++) {
            if (memcmp(record + at, s->from, s->len) == 0)
                memcpy(record + at, s->to, s->len);
        }
    }
}

static unsigned int
type_of(const uint8_t *record)
{
    return record[0] | (unsigned int)record[1] << 8;
}

/* The catalog is to look sound, so END has its digest. */
static void
patch_end(void *ctx, uint8_t *record, size_t *len)
{
    struct reel_sha256 sha = catalog_digest;

    (void)ctx;
    (void)len;
    if (type_of(record) == REEL_RECORD_END)
        reel_sha256_final(&sha, record + END_CATALOG_DIGEST_AT);
}

/* Behind the making of the catalog, which would leave out what is illegal. */
static void
patch_segment(void *ctx, uint16_t kind, uint8_t *segment, size_t len)
{
    (void)ctx;
    if (kind == REEL_BLOCK_DATA)
        apply(segment, len, false);
}

static void
patch_catalog(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    apply(record, *len, true);
    if (far_away && type_of(record) == REEL_RECORD_ENTRY)
        memset(record + ENTRY_SEQUENCE_AT, 0x7F, 16); /* and address */
    reel_sha256_update(&catalog_digest, record, *len);
}

static void
note_block(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    (void)ctx;
    (void)block;
    if (h->kind == REEL_BLOCK_DATA && block_count < BLOCKS_MAX)
        blocks[block_count++] = h->address;
    if (h->kind == REEL_BLOCK_CATALOG)
        catalog_block = h->address;
}

/* Octets that stand for `to` until then. */
static struct reel_bytes
swapped(struct reel_bytes to, bool data, bool catalog)
{
    struct swap *const s = &swaps[swap_count];

    if (swap_count == SWAPS_MAX || to.len > BYTES_MAX)
        abort();
    s->len     = to.len;
    s->data    = data;
    s->catalog = catalog;
    memset(s->from, 'Q' + (int)swap_count, to.len);
    memcpy(s->to, to.data, to.len);
    swap_count++;
    return (struct reel_bytes){s->from, to.len};
}

/* A file with EVIL in it. */
static void
evil_object(struct image *i, struct reel_object *o)
{
    const unsigned int times = damaged ? EVIL_TIMES : 1;

    o->size = times * strlen(EVIL);
    (void)image_object(i, o);
    image_stream(i, REEL_STREAM_DATA, o->size);
    for (unsigned int n = 0; n < times; n++)
        image_data(i, EVIL, strlen(EVIL));
    image_group_end(i);
    image_object_end(i);
}

/* At any path, legal or not. */
static void
evil_at(struct image *i, struct reel_bytes path, uint8_t encoding)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, "");

    o.encoding = encoding;
    o.path     = path;
    evil_object(i, &o);
}

static void
evil(struct image *i, const char *path)
{
    evil_at(i, reel_bytes_of(path), REEL_ENCODING_POSIX);
}

/* The same where the encoder would not have it. */
static void
illegal(struct image *i, const char *path, size_t len)
{
    const struct reel_bytes to = {(const uint8_t *)path, len};

    evil_at(i, swapped(to, true, true), REEL_ENCODING_POSIX);
}

/* Up to the zero; each literal once at a time. */
static struct reel_bytes
units(const char16_t *text)
{
    static uint8_t ring[16][512];
    static unsigned int next;
    uint8_t *const out    = ring[next++ % 16];
    struct reel_builder b = reel_builder_init(out, 512);

    for (; *text != 0; text++)
        reel_put_le16(&b, (uint16_t)*text);
    return (struct reel_bytes){out, b.len};
}

static struct reel_object
windows_facts(uint8_t kind, const char16_t *path, uint32_t attributes)
{
    struct reel_object o = image_facts(kind, "");

    o.encoding   = REEL_ENCODING_UTF16;
    o.facts      = REEL_FACT_ATTRIBUTES | REEL_FACT_MODIFIED;
    o.mode       = 0;
    o.user       = (struct reel_bytes){NULL, 0};
    o.attributes = attributes;
    o.path       = units(path);
    return o;
}

static void
windows_evil(struct image *i, const char16_t *path)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, path, 0x20);

    evil_object(i, &o);
}

static void
windows_illegal(struct image *i, const char16_t *path)
{
    evil_at(i, swapped(units(path), true, true), REEL_ENCODING_UTF16);
}

static void
windows_directory(struct image *i, const char16_t *path)
{
    const struct reel_object o = windows_facts(REEL_KIND_DIRECTORY, path, 0x10);

    (void)image_object(i, &o);
    image_object_end(i);
}

/* A reparse point of `tag` with the target for both of its names. */
static void
windows_link(struct image *i, uint8_t kind, const char16_t *path, uint32_t tag,
             const char16_t *to, bool relative)
{
    const struct reel_bytes name = units(to);
    const struct reel_object o   = windows_facts(
          kind, path, kind == REEL_KIND_DIRECTORY ? 0x410U : 0x400U);
    const uint16_t len = (uint16_t)name.len;
    const bool symlink = tag == 0xA000000CU;
    uint8_t body[512];
    struct reel_builder b = reel_builder_init(body, sizeof(body));

    reel_put_le32(&b, tag);
    reel_put_le16(&b, (uint16_t)(8 + (symlink ? 4 : 0) + len));
    reel_put_le16(&b, 0);
    reel_put_le16(&b, 0);
    reel_put_le16(&b, len);
    reel_put_le16(&b, 0);
    reel_put_le16(&b, len);
    if (symlink)
        reel_put_le32(&b, relative);
    reel_put_bytes(&b, name);
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_REPARSE_DATA, b.len);
    image_data(i, body, b.len);
    image_group_end(i);
    image_object_end(i);
}

static void
stream(struct image *i, uint32_t id, const char16_t *name, const char *text)
{
    image_named_stream(i, id, units(name), strlen(text));
    image_data(i, text, strlen(text));
    image_group_end(i);
}

static uint64_t
special(struct image *i, uint8_t kind, const char *path, uint32_t mode)
{
    const struct reel_reparse r = {.tag = reel_reparse_tag(kind)};
    struct reel_object o        = image_facts(kind, path);
    uint8_t body[512];
    struct reel_builder b = reel_builder_init(body, sizeof(body));
    uint64_t number;

    if (reel_reparse_encode(&r, &b, NULL) != REEL_OK)
        abort();
    o.mode = mode;
    if (kind == REEL_KIND_CHARACTER || kind == REEL_KIND_BLOCK) {
        o.facts |= REEL_FACT_DEVICE;
        o.major = 1;
        o.minor = 3;
    }
    number = image_object(i, &o);
    image_stream(i, REEL_STREAM_REPARSE_DATA, b.len);
    image_data(i, body, b.len);
    image_group_end(i);
    image_object_end(i);
    return number;
}

/* ------------------------------------------------------------------- paths */

static void
dotdot(struct image *i)
{
    illegal(i, "../outside/victim", 17);
    illegal(i, "../new", 6);
}

static void
dotdot_inside(struct image *i)
{
    (void)image_directory(i, "d");
    illegal(i, "d/../../outside/victim", 22);
    illegal(i, "d/..", 4);
}

static void
dot(struct image *i)
{
    illegal(i, ".", 1);
    illegal(i, "..", 2);
    illegal(i, "a/./b", 5);
}

static void
absolute(struct image *i)
{
    illegal(i, victim, strlen(victim));
}

static void
two_slashes(struct image *i)
{
    illegal(i, "//server/share/x", 16);
    illegal(i, "a//b", 4);
    illegal(i, "c/", 2);
}

static void
nul(struct image *i)
{
    illegal(i, "../outside/victim\0.txt", 22);
    illegal(i, "a\0b", 3);
}

static void
empty_path(struct image *i)
{
    /* A file where only a directory may stand (N-4): turn the kind over. */
    const struct reel_object o = image_facts(REEL_KIND_DIRECTORY, "");

    (void)image_object(i, &o);
    image_object_end(i);
    illegal(i, "/", 1);
}

static void
drives(struct image *i)
{
    evil(i, "C:\\outside\\victim");
    evil(i, "C:victim");
    evil(i, "\\\\server\\share\\victim");
    evil(i, "\\\\?\\C:\\victim");
    evil(i, "\\\\.\\PhysicalDrive0");
    evil(i, "..\\outside\\victim");
    (void)image_directory(i, "C:");
    evil(i, "C:/victim");
}

static void
windows_dotdot(struct image *i)
{
    windows_illegal(i, u"../outside/victim");
    windows_illegal(i, u"d/../../outside/victim");
    windows_illegal(i, u"..");
    windows_illegal(i, u"/outside/victim");
    windows_illegal(i, u"//server/share/x");
}

static void
windows_drives(struct image *i)
{
    windows_evil(i, u"C:\\outside\\victim");
    windows_evil(i, u"..\\outside\\victim");
    windows_evil(i, u"\\\\server\\share\\victim");
    windows_evil(i, u"\\\\?\\C:\\victim");
    windows_evil(i, u"\\\\.\\PhysicalDrive0");
    windows_evil(i, u"\\??\\C:\\victim");
}

/* Looks like "." and "/" and is neither. */
static void
windows_lookalikes(struct image *i)
{
    windows_evil(i, u"\uFF0E\uFF0E\u2215outside\u2215victim");
    windows_evil(i, u"\u2024\u2024\uFF0Foutside\uFF0Fvictim");
    windows_evil(i, u"\xD800..");
    windows_evil(i, u"\xDC2F");
    windows_evil(i, u"\x012E\x012F");
    windows_evil(i, u"..\xD800");
}

static void
windows_reserved(struct image *i)
{
    windows_evil(i, u"AUX.txt");
    windows_evil(i, u"CON");
    windows_evil(i, u"COM1");
    windows_evil(i, u"COM\u00B9");
    windows_evil(i, u"LPT1.");
    windows_evil(i, u"NUL");
    windows_evil(i, u"a:stream");
    windows_evil(i, u"a:$DATA");
    windows_evil(i, u"a::$DATA");
    windows_evil(i, u"dot.");
    windows_evil(i, u"space ");
    windows_evil(i, u"star*?<>|\"");
}

/* ------------------------------------------------------------------- links */

static void
symlink_then_file(struct image *i)
{
    (void)image_symlink(i, "d", "../outside");
    evil(i, "d/new");
    evil(i, "d/victim");
}

static void
symlink_two_steps(struct image *i)
{
    (void)image_symlink(i, "a", ".");
    (void)image_symlink(i, "a/b", "..");
    (void)image_symlink(i, "b", "a/..");
    (void)image_directory(i, "b/outside");
    evil(i, "a/b/outside/victim");
    evil(i, "b/outside/victim");
}

static void
symlink_for_directory(struct image *i)
{
    (void)image_directory(i, "d");
    evil(i, "d/first");
    (void)image_symlink(i, "d", "../outside");
    evil(i, "d/victim");
    (void)image_directory(i, "e");
    (void)image_symlink(i, "e", "../outside");
    evil(i, "e/new");
}

/* The facts of a directory come last: on what? */
static void
facts_through_symlink(struct image *i)
{
    struct reel_object o = image_facts(REEL_KIND_DIRECTORY, "d");

    o.mode = 0777;
    (void)image_object(i, &o);
    image_xattr(i, "user.evil", "1");
    image_object_end(i);
    (void)image_symlink(i, "d", "../outside");
    o.path = reel_bytes_of("e");
    (void)image_symlink(i, "e", "../outside");
    (void)image_object(i, &o);
    image_xattr(i, "user.evil", "1");
    image_object_end(i);
    o      = image_facts(REEL_KIND_FILE, "f");
    o.mode = 0100777;
    (void)image_symlink(i, "f", "../outside/victim");
    (void)image_object(i, &o);
    image_xattr(i, "user.evil", "1");
    image_object_end(i);
}

static void
write_through_symlink(struct image *i)
{
    (void)image_symlink(i, "f", "../outside/victim");
    evil(i, "f");
    (void)image_symlink(i, "g", victim);
    evil(i, "g");
    (void)image_symlink(i, "h", "/proc/self/cwd/../outside/victim");
    evil(i, "h");
}

static void
link_through_symlink(struct image *i)
{
    const uint64_t s = image_linked_symlink(i, "s", "../outside/victim", 4);

    (void)image_link(i, "k", s, "s");
    (void)image_link(i, "l", s, "s");
    evil(i, "l");
    (void)image_symlink(i, "d", "../outside");
    (void)image_link(i, "d/l", s, "s");
}

/* The text of a link is for people (K-2). */
static void
link_to_outside(struct image *i)
{
    const uint64_t f = image_file(i, "f", EVIL, strlen(EVIL), 3);

    (void)image_link(i, "l", f, "../outside/victim");
    (void)image_link(i, "m", f, victim);
    evil(i, "l");
}

static void
link_marked_outside(struct image *i)
{
    const uint64_t f     = image_file(i, "f", EVIL, strlen(EVIL), 3);
    struct reel_object o = image_facts(REEL_KIND_LINK, "out");

    o.facts |= REEL_FACT_OUTSIDE;
    o.target = f;
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_LINK, 1);
    image_data(i, "f", 1);
    image_group_end(i);
    image_object_end(i);
}

static void
link_from_dotdot(struct image *i)
{
    const uint64_t f     = image_file(i, "f", EVIL, strlen(EVIL), 2);
    struct reel_object o = image_facts(REEL_KIND_LINK, "");

    o.target = f;
    o.path   = swapped(reel_bytes_of("../outside/new"), true, true);
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_LINK, 1);
    image_data(i, "f", 1);
    image_group_end(i);
    image_object_end(i);
}

static void
link_with_data(struct image *i)
{
    const uint64_t s     = image_linked_symlink(i, "s", "../outside/victim", 2);
    const uint64_t f     = image_file(i, "f", "f", 1, 3);
    struct reel_object o = image_facts(REEL_KIND_LINK, "l");

    for (int n = 0; n < 2; n++) {
        o.target = n == 0 ? s : f;
        o.path   = reel_bytes_of(n == 0 ? "l" : "m");
        (void)image_object(i, &o);
        image_stream(i, REEL_STREAM_LINK, 1);
        image_data(i, "s", 1);
        image_group_end(i);
        image_stream(i, REEL_STREAM_DATA, strlen(EVIL));
        image_data(i, EVIL, strlen(EVIL));
        image_group_end(i);
        image_object_end(i);
    }
}

/* By the time of the link its object's name is another thing's. */
static void
link_to_swapped(struct image *i)
{
    const uint64_t f = image_file(i, "f", "f", 1, 3);

    (void)image_symlink(i, "f", "../outside/victim");
    (void)image_link(i, "l", f, "f");
    evil(i, "l");
}

static void
link_to_directory(struct image *i)
{
    const uint64_t d = image_directory(i, "d");

    (void)image_link(i, "d/l", d, "d");
    evil(i, "d/l/l/l/x");
}

static void
windows_links(struct image *i)
{
    windows_link(i, REEL_KIND_DIRECTORY, u"d", 0xA000000C, u"..\\outside",
                 true);
    windows_evil(i, u"d/victim");
    windows_link(i, REEL_KIND_DIRECTORY, u"j", 0xA0000003, u"\\??\\C:\\outside",
                 false);
    windows_evil(i, u"j/victim");
    windows_link(i, REEL_KIND_FILE, u"f", 0xA000000C, u"..\\outside\\victim",
                 true);
    windows_evil(i, u"f");
    windows_link(i, REEL_KIND_FILE, u"g", 0xA000000C, u"../outside/victim",
                 false);
    windows_evil(i, u"g");
}

/* ------------------------------------------------------------------- names */

static void
same_name(struct image *i)
{
    (void)image_file(i, "a", "first", 5, 1);
    evil(i, "a");
    (void)image_directory(i, "a");
    (void)image_symlink(i, "a", "../outside/victim");
    evil(i, "a");
    evil(i, "a/b");
}

static void
case_and_form(struct image *i)
{
    windows_evil(i, u"Name");
    windows_evil(i, u"NAME");
    windows_evil(i, u"name");
    windows_evil(i, u"\u00E9");
    windows_evil(i, u"e\u0301");
    windows_directory(i, u"D");
    windows_directory(i, u"d");
    windows_evil(i, u"d/x");
    windows_evil(i, u"D/x");
}

static void
escapes(struct image *i)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, "owned\033[31m");

    evil(i, "a\033]0;title\a\033[2J\r\nforged line");
    evil(i, "b\x9B"
            "31m\x90q");
    evil(i, "c\xC2\x9B"
            "31m");
    evil(i, "d\xE2\x80\xAEtxt.exe");
    evil(i, "e\x7F\x08\x08");
    (void)image_symlink(i, "f", "\033[1;1Htarget");
    o.user  = reel_bytes_of("\033[31muser");
    o.group = reel_bytes_of("\033[32mgroup");
    (void)image_object(i, &o);
    image_xattr(i, "user.\033[33m", "\033[34m");
    image_object_end(i);
    illegal(i, "../\033[35m", 8);
}

static void
windows_escapes(struct image *i)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, u"s\x1B[31m", 0x20);

    windows_evil(i, u"a\x1B]0;title\x07\x1B[2J\r\n");
    windows_evil(i, u"b\x9B"
                    u"31m");
    windows_evil(i, u"d\u202Etxt.exe");
    o.short_name = units(u"S\x1B[2J.TXT");
    (void)image_object(i, &o);
    stream(i, REEL_STREAM_ALTERNATE_DATA, u":\x1B[35m\x9B:$DATA", "x");
    stream(i, 77, u":\x1B[36m:$DATA", "x");
    image_object_end(i);
}

/* Streams that want to be the content, or what is beside it. */
static void
windows_streams(struct image *i)
{
    static const char16_t *const names[] = {
        u"",
        u":",
        u"::",
        u"::$DATA",
        u":$DATA",
        u":a/../../outside/victim:$DATA",
        u":..:$DATA",
        u":../outside/victim:$DATA",
        u":..\\outside\\victim:$DATA",
        u":Zone.Identifier:$DATA",
        u":zone.identifier:$DATA",
        u":Zone.Identifier:$DATA",
        u":x:$INDEX_ALLOCATION",
        u"::$INDEX_ALLOCATION",
        u":evil",
        u"evil:$DATA",
        u":$ATTRIBUTE_LIST:$DATA",
    };
    struct reel_object o = windows_facts(REEL_KIND_FILE, u"file", 0x20);

    o.size = 5;
    (void)image_object(i, &o);
    stream(i, REEL_STREAM_DATA, u"", "clean");
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
        stream(i, REEL_STREAM_ALTERNATE_DATA, names[n], EVIL);
    image_object_end(i);
    o = windows_facts(REEL_KIND_FILE, u"later", 0x20);
    (void)image_object(i, &o);
    stream(i, REEL_STREAM_ALTERNATE_DATA, u"::$DATA", EVIL);
    image_object_end(i);
}

/* A second content, a named one. */
static void
windows_two_contents(struct image *i)
{
    struct reel_object o = windows_facts(REEL_KIND_FILE, u"file", 0x20);

    o.size = 5;
    (void)image_object(i, &o);
    stream(i, REEL_STREAM_DATA, u"", "clean");
    stream(i, REEL_STREAM_DATA, u"", "evil!");
    stream(i, REEL_STREAM_DATA, u":x:$DATA", "evil!");
    image_object_end(i);
}

/* The directory beside an object is led out before it comes. */
static void
windows_side_files(struct image *i)
{
    struct reel_object o;

    windows_link(i, REEL_KIND_DIRECTORY, u"a.reel-streams", 0xA000000C,
                 u"..\\outside", true);
    o = windows_facts(REEL_KIND_FILE, u"a", 0x20);
    (void)image_object(i, &o);
    stream(i, REEL_STREAM_ALTERNATE_DATA, u":victim:$DATA", EVIL);
    stream(i, REEL_STREAM_ALTERNATE_DATA, u":../victim:$DATA", EVIL);
    stream(i, 99, u"", EVIL);
    image_object_end(i);
    o = windows_facts(REEL_KIND_DIRECTORY, u"", 0x10);
    (void)image_object(i, &o);
    stream(i, 99, u"", EVIL);
    image_object_end(i);
}

/* ------------------------------------------------------------------ rights */

static void
privileges(struct image *i)
{
    struct reel_object o     = image_facts(REEL_KIND_FILE, "suid");
    static const char caps[] = "\1\0\0\2\377\377\377\377";

    o.mode = 0106755;
    o.size = strlen(EVIL);
    (void)image_object(i, &o);
    image_xattr(i, "security.capability", caps);
    image_xattr(i, "security.selinux", "system_u:object_r:shadow_t:s0");
    image_xattr(i, "trusted.overlay.opaque", "y");
    image_stream(i, REEL_STREAM_DATA, strlen(EVIL));
    image_data(i, EVIL, strlen(EVIL));
    image_group_end(i);
    image_object_end(i);
    o      = image_facts(REEL_KIND_DIRECTORY, "sgid");
    o.mode = 0043777;
    (void)image_object(i, &o);
    image_object_end(i);
}

static void
devices(struct image *i)
{
    (void)special(i, REEL_KIND_BLOCK, "block", 0060666);
    (void)special(i, REEL_KIND_CHARACTER, "character", 0020666);
    (void)special(i, REEL_KIND_FIFO, "fifo", 0010666);
    (void)special(i, REEL_KIND_SOCKET, "socket", 0140666);
    evil(i, "character");
    evil(i, "fifo");
}

/* ----------------------------------------------------------------- catalog */

/* The catalog names another place than the data, and the other way round. */
static void
catalog_lies(struct image *i)
{
    (void)image_directory(i, "inside-as-it-should");
    evil_at(i, swapped(reel_bytes_of("../outside/victim"), false, true),
            REEL_ENCODING_POSIX);
    evil_at(i, swapped(reel_bytes_of("../outside/other"), true, false),
            REEL_ENCODING_POSIX);
    (void)image_file(i, "f", EVIL, strlen(EVIL), 1);
}

static void
catalog_other_name(struct image *i)
{
    evil_at(i, swapped(reel_bytes_of("harmless"), false, true),
            REEL_ENCODING_POSIX);
    (void)image_symlink(i, "s", "../outside");
}

/* Objects are said to stand where no tape reaches. */
static void
catalog_far(struct image *i)
{
    far_away = true;
    (void)image_file(i, "a", "a", 1, 1);
    (void)image_file(i, "b", "b", 1, 2);
    (void)image_link(i, "c", 2, "b");
}

/* ------------------------------------------------------------------ limits */

static void
huge_sizes(struct image *i)
{
    struct reel_object o = image_facts(REEL_KIND_FILE, "huge");
    uint8_t body[9];
    struct reel_builder b;

    for (int n = 0; n < 2; n++) {
        const uint64_t at =
            n == 0 ? UINT64_C(1) << 40 : (UINT64_C(1) << 63) - 2;

        o.path = reel_bytes_of(n == 0 ? "large" : "huge");
        o.size = at + 1;
        b      = reel_builder_init(body, sizeof(body));
        reel_put_le64(&b, at);
        reel_put_bytes(&b, reel_bytes_of("x"));
        (void)image_object(i, &o);
        image_stream(i, REEL_STREAM_DATA, 0);
        image_stream(i, REEL_STREAM_SPARSE_BLOCK, sizeof(body));
        image_data(i, body, sizeof(body));
        image_group_end(i);
        image_object_end(i);
    }
}

static void
deep(struct image *i)
{
    static char path[1001];

    for (size_t n = 0; n < 1000; n += 2) {
        path[n]     = 'd';
        path[n + 1] = '/';
    }
    path[999] = 'f';
    evil(i, path);
    memset(path, 'n', 300);
    path[300] = '\0';
    evil(i, path);
}

static void
many_names(struct image *i)
{
    const uint64_t f = image_file(i, "f", EVIL, strlen(EVIL), 101);
    char name[16];

    for (int n = 0; n < 100; n++) {
        (void)snprintf(name, sizeof(name), "l%02d", n);
        (void)image_link(i, name, f, "f");
    }
}

/* ----------------------------------------------------------------- to disk */

struct attack {
    const char *name;
    void (*fill)(struct image *);
};

static const struct attack attacks[] = {
    {"absolute", absolute},
    {"case-and-form", case_and_form},
    {"catalog-far", catalog_far},
    {"catalog-lies", catalog_lies},
    {"catalog-other-name", catalog_other_name},
    {"deep", deep},
    {"devices", devices},
    {"dot", dot},
    {"dotdot", dotdot},
    {"dotdot-inside", dotdot_inside},
    {"drives", drives},
    {"empty-path", empty_path},
    {"escapes", escapes},
    {"facts-through-symlink", facts_through_symlink},
    {"huge-sizes", huge_sizes},
    {"link-from-dotdot", link_from_dotdot},
    {"link-marked-outside", link_marked_outside},
    {"link-through-symlink", link_through_symlink},
    {"link-to-directory", link_to_directory},
    {"link-to-outside", link_to_outside},
    {"link-to-swapped", link_to_swapped},
    {"link-with-data", link_with_data},
    {"many-names", many_names},
    {"nul", nul},
    {"privileges", privileges},
    {"same-name", same_name},
    {"symlink-for-directory", symlink_for_directory},
    {"symlink-then-file", symlink_then_file},
    {"symlink-two-steps", symlink_two_steps},
    {"two-slashes", two_slashes},
    {"windows-dotdot", windows_dotdot},
    {"windows-drives", windows_drives},
    {"windows-escapes", windows_escapes},
    {"windows-links", windows_links},
    {"windows-lookalikes", windows_lookalikes},
    {"windows-reserved", windows_reserved},
    {"windows-side-files", windows_side_files},
    {"windows-streams", windows_streams},
    {"windows-two-contents", windows_two_contents},
    {"write-through-symlink", write_through_symlink},
};

static void
must(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "attack_build: %s\n", what);
    exit(EXIT_FAILURE);
}

static void
put_tape(const struct reel_memory_tape *tape, const char *path)
{
    struct reel_medium *m = NULL;
    struct reel_err err   = {0};

    must(reel_medium_open(&m, path, REEL_MEDIUM_WRITE, &err) == REEL_OK,
         err.text);
    for (uint64_t n = 0; n < reel_memory_tape_count(tape); n++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, n);

        must((e.filemark ? reel_medium_filemark(m, &err)
                         : reel_medium_write(m, e.bytes, e.byte_count, &err)) ==
                 REEL_OK,
             err.text);
    }
    must(reel_medium_close(m, &err) == REEL_OK, err.text);
}

static void
damage(struct reel_memory_tape *tape)
{
    struct reel_err err = {0};

    for (size_t n = 0; n < swap_count; n++) {
        if (swaps[n].catalog)
            blocks[0] = catalog_block; /* the first of data stays */
    }
    for (size_t n = 0; n < block_count; n++) {
        if (n % 3 == 1 || blocks[n] == catalog_block)
            must(reel_memory_tape_flip(tape, blocks[n], 8000, &err) == REEL_OK,
                 err.text);
    }
}

static void
put_attack(const struct attack *a, const char *directory)
{
    const struct image_options options = {
        .block_bytes = 4096,
        .patches     = {.record         = patch_end,
                        .segment        = patch_segment,
                        .catalog_record = patch_catalog,
                        .block          = note_block}};
    struct image *const i = image_new(&options);
    char path[4096];

    swap_count  = 0;
    block_count = 0;
    far_away    = false;
    reel_sha256_init(&catalog_digest);
    image_volume(i);
    image_archive(i);
    a->fill(i);
    image_archive_end(i);
    if (damaged)
        damage(image_tape(i));
    (void)snprintf(path, sizeof(path), "%s/%s%s.tap", directory,
                   damaged ? "damaged/" : "", a->name);
    put_tape(image_tape(i), path);
    image_free(i);
}

int
main(int argc, char **argv)
{
    must(argc == 3, "usage: attack_build DIRECTORY VICTIM");
    victim = argv[2];
    for (size_t n = 0; n < sizeof(attacks) / sizeof(attacks[0]); n++) {
        damaged = false;
        put_attack(&attacks[n], argv[1]);
        damaged = true;
        put_attack(&attacks[n], argv[1]);
    }
    return EXIT_SUCCESS;
}
