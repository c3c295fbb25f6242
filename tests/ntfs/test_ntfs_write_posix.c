/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reel-ntfs write: POSIX objects on to NTFS (spec 8.6). */
#include "write_case.h"

#include <string.h>
#include <sys/stat.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/ea.h>
#include <ntfs-3g/reparse.h>

#include "reel/reparse.h"
#include "write_entry.h"

static struct reel_object
posix(enum reel_object_kind k, uint32_t mode)
{
    struct reel_object o = write_kind(k);

    o.encoding = REEL_ENCODING_POSIX;
    o.facts    = REEL_FACT_POSIX | REEL_FACT_MODIFIED;
    o.mode     = mode;
    o.uid      = 0x01020304;
    o.gid      = 1000;
    o.modified = (struct reel_time){.s = 1500000000, .ns = 123456789};
    return o;
}

static void
reparse(uint8_t k, const char *target)
{
    const struct reel_reparse r = {
        .tag     = reel_reparse_tag(k),
        .version = k == REEL_KIND_SYMLINK ? REEL_REPARSE_VERSION : 0,
        .target  = reel_bytes_of(target),
    };
    uint8_t octets[1024];
    struct reel_builder b = reel_builder_init(octets, sizeof(octets));
    struct reel_err err;

    ck_assert_int_eq(reel_reparse_encode(&r, &b, &err), REEL_OK);
    relay_stream(&write_relay, REEL_STREAM_REPARSE_DATA, 0, NULL,
                 (struct reel_bytes){.data = octets, .len = b.len});
}

/* The EA of that name: its value, as it stands on disk. */
static bool
ea_of(ntfs_inode *ni, const char *name, struct reel_bytes *value)
{
    static char list[65536];
    const int len = ntfs_get_ntfs_ea(ni, list, sizeof(list));
    int at        = 0;

    while (len > 0 && at < len) {
        struct reel_cursor c =
            reel_cursor_init(list + at, (size_t)(len - at), NULL);
        const uint32_t next = reel_get_le32(&c);
        const uint8_t flags = reel_get_u8(&c);
        const uint8_t n     = reel_get_u8(&c);
        const uint16_t m    = reel_get_le16(&c);

        ck_assert_uint_eq(flags, 0);
        if (n == strlen(name) && memcmp(c.at, name, n) == 0) {
            (void)reel_get_bytes(&c, n + 1U);
            *value = reel_get_bytes(&c, m);
            return c.ok;
        }
        ck_assert_uint_gt(next, 0);
        at += (int)next;
    }
    return false;
}

static void
assert_number(ntfs_inode *ni, const char *name, uint32_t want)
{
    struct reel_bytes value;
    struct reel_cursor c;

    ck_assert_msg(ea_of(ni, name, &value), "no EA %s", name);
    ck_assert_uint_eq(value.len, 4);
    c = reel_cursor_init(value.data, value.len, NULL);
    ck_assert_uint_eq(reel_get_le32(&c), want);
}

/* K-10, K-11: every kind with its mode and its reparse point. */
START_TEST(test_kinds)
{
    static const struct {
        uint8_t kind;
        uint32_t mode;
        const char *name;
    } kinds[] = {
        {REEL_KIND_FILE, S_IFREG | 0640, "file"},
        {REEL_KIND_DIRECTORY, S_IFDIR | 01777, "dir"},
        {REEL_KIND_SYMLINK, S_IFLNK | 0777, "symlink"},
        {REEL_KIND_FIFO, S_IFIFO | 0600, "fifo"},
        {REEL_KIND_SOCKET, S_IFSOCK | 0700, "socket"},
        {REEL_KIND_CHARACTER, S_IFCHR | 0666, "character"},
        {REEL_KIND_BLOCK, S_IFBLK | 0660, "block"},
    };
    struct reel_bytes value;
    ntfs_volume *vol;
    char got[256];

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct reel_object o = posix(kinds[i].kind, kinds[i].mode);

        if (i >= 5) {
            o.facts |= REEL_FACT_DEVICE;
            o.major = 259;
            o.minor = 65537;
        }
        (void)relay_object(&write_relay, o, kinds[i].name);
        if (i == 0)
            relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL,
                         reel_bytes_of("content"));
        if (i >= 2)
            reparse(kinds[i].kind, i == 2 ? "../to/\xC3\xA4" : "");
        relay_end(&write_relay);
    }
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        ntfs_inode *ni = volume_find(vol, kinds[i].name);
        uint64_t times[4];
        int len;

        ck_assert_ptr_nonnull(ni);
        assert_number(ni, "$LXMOD", kinds[i].mode);
        assert_number(ni, "$LXUID", 0x01020304);
        assert_number(ni, "$LXGID", 1000);
        ck_assert(ea_of(ni, "$LXDEV", &value) == (i >= 5));
        if (i >= 5)
            ck_assert_mem_eq(value.data, "\x03\x01\0\0\x01\0\x01\0", 8);
        len = ntfs_get_ntfs_reparse_data(ni, got, sizeof(got));
        if (i == 2) {
            ck_assert_int_eq(len, 12 + 8);
            ck_assert_mem_eq(got + 12, "../to/\xC3\xA4", 8);
        } else {
            ck_assert_int_eq(len > 0 ? len : 0, i > 2 ? 8 : 0);
        }
        ck_assert_int_eq(ntfs_inode_get_times(ni, (char *)times, 32), 32);
        ck_assert_uint_eq(times[1], UINT64_C(131444736001234567));
        ck_assert_int_eq(ntfs_inode_close(ni), 0);
    }
    volume_close(vol);
    write_assert_content("file", "content");
}
END_TEST

START_TEST(test_xattrs)
{
    static uint8_t big[65000];
    struct reel_bytes value;
    ntfs_volume *vol;
    ntfs_inode *ni;
    uint64_t twice;
    uint64_t large;
    char name[256];

    (void)relay_object(&write_relay, posix(REEL_KIND_FILE, S_IFREG), "plain");
    relay_xattr(&write_relay, "security.capability", reel_bytes_of("12345"));
    relay_xattr(&write_relay, "user.empty", reel_bytes_of(""));
    relay_end(&write_relay);
    twice = relay_object(&write_relay, posix(REEL_KIND_FILE, S_IFREG), "twice");
    relay_xattr(&write_relay, "user.A", reel_bytes_of("one"));
    relay_xattr(&write_relay, "user.a", reel_bytes_of("two"));
    relay_xattr(&write_relay, "user.a\xFF\n", reel_bytes_of("three"));
    relay_xattr(&write_relay, "USER.A\xFF\n", reel_bytes_of("four"));
    relay_end(&write_relay);
    large = relay_object(&write_relay, posix(REEL_KIND_FILE, S_IFREG), "large");
    relay_xattr(&write_relay, "user.big",
                (struct reel_bytes){.data = big, .len = sizeof(big)});
    relay_xattr(&write_relay, "user.bigger",
                (struct reel_bytes){.data = big, .len = sizeof(big)});
    memset(name, 'x', 253);
    name[253] = '\0';
    relay_xattr(&write_relay, name, reel_bytes_of("value"));
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 4);
    ck_assert(
        relay_noted(&write_answer, twice, REEL_NOTE_SKIPPED, "USER.A\?\?:"));
    ck_assert(relay_noted(&write_answer, twice, REEL_NOTE_SKIPPED, "user.a"));
    ck_assert(
        relay_noted(&write_answer, large, REEL_NOTE_SKIPPED, "user.bigger"));
    ck_assert(relay_noted(&write_answer, large, REEL_NOTE_SKIPPED, "xxxx"));
    vol = volume_open(write_image);
    ni  = volume_find(vol, "plain");
    ck_assert_ptr_nonnull(ni);
    ck_assert(ea_of(ni, "LX.SECURITY.CAPABILITY", &value));
    ck_assert(reel_bytes_equal(value, reel_bytes_of("lxea12345")));
    ck_assert(ea_of(ni, "LX.USER.EMPTY", &value));
    ck_assert(reel_bytes_equal(value, reel_bytes_of("lxea")));
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ni = volume_find(vol, "twice");
    ck_assert_ptr_nonnull(ni);
    ck_assert(ea_of(ni, "LX.USER.A", &value));
    ck_assert(reel_bytes_equal(value, reel_bytes_of("lxeaone")));
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ni = volume_find(vol, "large");
    ck_assert_ptr_nonnull(ni);
    ck_assert(ea_of(ni, "LX.USER.BIG", &value));
    ck_assert_uint_eq(value.len, sizeof(big) + 4);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
}
END_TEST

/* K-12, K-13 */
START_TEST(test_names)
{
    static const uint8_t shown[] = {'d', 0, 0xE4, 0};
    static const uint8_t odd[]   = {'a', 0, '?', 0, 0x3D, 0xD8, 0x00, 0xDE};
    const struct reel_object o   = posix(REEL_KIND_FILE, S_IFREG);
    struct reel_err err;
    char long_name[300];
    ntfs_volume *vol;
    ntfs_inode *root;
    uint64_t octets;
    uint64_t too_long;
    uint64_t found;

    (void)relay_object(&write_relay, o, "d\xC3\xA4");
    relay_end(&write_relay);
    (void)relay_object(&write_relay, o, "a?\xF0\x9F\x98\x80");
    relay_end(&write_relay);
    octets = relay_object(&write_relay, o, "not\xFFutf8");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL,
                 reel_bytes_of("content"));
    relay_end(&write_relay);
    memset(long_name, 'x', 256);
    long_name[256] = '\0';
    too_long       = relay_object(&write_relay, o, long_name);
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 2);
    ck_assert(relay_noted(&write_answer, octets, REEL_NOTE_SKIPPED, "UTF-8"));
    ck_assert(relay_noted(&write_answer, too_long, REEL_NOTE_SKIPPED, "255"));
    vol  = volume_open(write_image);
    root = volume_find(vol, "/");
    ck_assert_ptr_nonnull(root);
    ck_assert_int_eq(rn_entry_find(root,
                                   (struct reel_bytes){shown, sizeof(shown)},
                                   false, &found, &err),
                     REEL_OK);
    ck_assert_uint_ne(found, 0);
    ck_assert_int_eq(rn_entry_find(root, (struct reel_bytes){odd, sizeof(odd)},
                                   false, &found, &err),
                     REEL_OK);
    ck_assert_uint_ne(found, 0);
    ck_assert_int_eq(ntfs_inode_close(root), 0);
    ck_assert_uint_eq(volume_count(vol, "/"), 2);
    volume_close(vol);
}
END_TEST

/* K-14, K-15 */
START_TEST(test_limits)
{
    static char target[16384];
    struct reel_object early = posix(REEL_KIND_FILE, S_IFREG);
    static uint8_t body[20000];
    const struct reel_reparse r = {
        .tag     = REEL_REPARSE_SYMLINK,
        .version = REEL_REPARSE_VERSION,
        .target  = {.data = (uint8_t *)target, .len = sizeof(target)},
    };
    struct reel_builder b = reel_builder_init(body, sizeof(body));
    struct reel_err err;
    uint64_t first;
    uint64_t second;

    memset(target, 't', sizeof(target));
    early.modified.s = INT64_C(-11644473601);
    first            = relay_object(&write_relay, early, "early");
    relay_end(&write_relay);
    ck_assert_int_eq(reel_reparse_encode(&r, &b, &err), REEL_OK);
    second =
        relay_object(&write_relay, posix(REEL_KIND_SYMLINK, S_IFLNK), "far");
    relay_stream(&write_relay, REEL_STREAM_REPARSE_DATA, 0, NULL,
                 (struct reel_bytes){.data = body, .len = b.len});
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 2);
    ck_assert(relay_noted(&write_answer, first, REEL_NOTE_SKIPPED, "modified"));
    ck_assert(relay_noted(&write_answer, second, REEL_NOTE_SKIPPED, "16384"));
    ck_assert(volume_has(write_image, "early"));
    ck_assert(!volume_has(write_image, "far"));
}
END_TEST

static void
add_tests(TCase *c)
{
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, write_set_up, write_tear_down);
    tcase_add_test(c, test_kinds);
    tcase_add_test(c, test_xattrs);
    tcase_add_test(c, test_names);
    tcase_add_test(c, test_limits);
}

int
main(void)
{
    return suite_run("ntfs_write_posix", add_tests);
}
