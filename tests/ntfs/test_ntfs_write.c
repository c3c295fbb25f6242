/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reel-ntfs write: Windows objects on to NTFS (spec 7, 8; K-6, K-7, S-14). */
#include "write_case.h"

#include <string.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/ea.h>
#include <ntfs-3g/object_id.h>
#include <ntfs-3g/reparse.h>

static const char ea_api[] = {
    20, 0,   0,          0,   0,   3,   5,   0,   'O', 'N', 'E',
    0,  'v', 'a',        'l', 'u', 'e', 0,   0,   0,   0,   0,
    0,  0,   (char)0x80, 3,   1,   0,   'T', 'W', 'O', 0,   '!'};
static const char ea_disk[] = {
    20,         0,   0,   0,   0,   3,   5,   0, 'O', 'N', 'E', 0,
    'v',        'a', 'l', 'u', 'e', 0,   0,   0, 16,  0,   0,   0,
    (char)0x80, 3,   1,   0,   'T', 'W', 'O', 0, '!', 0,   0,   0};
/* A symbolic link to "t", relative. */
static const char symlink_data[] = {0x0C, 0, 0, (char)0xA0, 16,  0, 0,   0,
                                    0,    0, 2, 0,          2,   0, 2,   0,
                                    1,    0, 0, 0,          't', 0, 't', 0};
/* Owner and group S-1-5-18, and no list at all. */
static const char descriptor[] = {1, 0, 4, (char)0x80, 20, 0, 0,  0,  32, 0, 0,
                                  0, 0, 0, 0,          0,  0, 0,  0,  0,  1, 1,
                                  0, 0, 0, 0,          0,  5, 18, 0,  0,  0, 1,
                                  1, 0, 0, 0,          0,  0, 5,  18, 0,  0, 0};
/* Legal, but of no use to libntfs-3g: neither owner nor group. */
static const char odd_descriptor[] = {1, 0, 0, (char)0x80, 0, 0, 0, 0, 0, 0,
                                      0, 0, 0, 0,          0, 0, 0, 0, 0, 0};

static struct reel_bytes
octets_of(const char *data, size_t len)
{
    static uint8_t copy[8][256];
    static unsigned turn;
    uint8_t *out = copy[turn++ % 8];

    memcpy(out, data, len);
    return (struct reel_bytes){.data = out, .len = len};
}
#define OCTETS(array) octets_of((array), sizeof(array))

static struct reel_bytes
object_id(uint8_t seed)
{
    static uint8_t id[64];

    memset(id, seed, sizeof(id));
    return (struct reel_bytes){.data = id, .len = sizeof(id)};
}

/* Every stream, in an order that no NTFS takes. */
START_TEST(test_all_streams)
{
    char got[256];
    ntfs_volume *vol;
    ntfs_inode *ni;
    struct SECURITY_CONTEXT scx = {0};

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "all");
    relay_stream(&write_relay, REEL_STREAM_ALTERNATE_DATA, 0, ":one:$DATA",
                 OCTETS("named"));
    relay_stream(&write_relay, REEL_STREAM_REPARSE_DATA, 0, NULL,
                 OCTETS(symlink_data));
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, write_noise());
    relay_stream(&write_relay, REEL_STREAM_OBJECT_ID, 0, NULL, object_id(7));
    relay_stream(&write_relay, REEL_STREAM_EA_DATA, 0, NULL, OCTETS(ea_api));
    relay_stream(&write_relay, REEL_STREAM_SECURITY_DATA, 2, NULL,
                 OCTETS(descriptor));
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    write_assert_well();
    vol     = volume_open(write_image);
    scx.vol = vol;
    ni      = volume_find(vol, "all");
    ck_assert_ptr_nonnull(ni);
    volume_content(ni, NULL, write_noise());
    volume_content(ni, "one", OCTETS("named"));
    ck_assert_int_eq(ntfs_get_ntfs_ea(ni, got, sizeof(got)), sizeof(ea_disk));
    ck_assert_mem_eq(got, ea_disk, sizeof(ea_disk));
    ck_assert_int_eq(ntfs_get_ntfs_object_id(ni, got, sizeof(got)), 64);
    ck_assert_mem_eq(got, object_id(7).data, 64);
    ck_assert_int_eq(ntfs_get_ntfs_reparse_data(ni, got, sizeof(got)),
                     sizeof(symlink_data));
    ck_assert_mem_eq(got, symlink_data, sizeof(symlink_data));
    ck_assert_int_eq(ntfs_get_ntfs_acl(&scx, ni, got, sizeof(got)),
                     sizeof(descriptor));
    ck_assert_mem_eq(got, descriptor, sizeof(descriptor));
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
}
END_TEST

START_TEST(test_odd_descriptor)
{
    ntfs_volume *vol;
    ntfs_inode *ni;
    s64 len;
    void *got;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "odd");
    relay_stream(&write_relay, REEL_STREAM_SECURITY_DATA, 2, NULL,
                 OCTETS(odd_descriptor));
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    ni  = volume_find(vol, "odd");
    ck_assert_ptr_nonnull(ni);
    got = ntfs_attr_readall(ni, AT_SECURITY_DESCRIPTOR, AT_UNNAMED, 0, &len);
    ck_assert_ptr_nonnull(got);
    ck_assert_int_eq(len, sizeof(odd_descriptor));
    ck_assert_mem_eq(got, odd_descriptor, sizeof(odd_descriptor));
    free(got);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
}
END_TEST

/* Holes stay holes, in named streams and of directories, too. */
START_TEST(test_sparse)
{
    const struct reel_bytes p     = write_noise();
    uint8_t *want                 = calloc(1, 5000000);
    const struct reel_bytes whole = {.data = want, .len = 5000000};
    ntfs_volume *vol;
    ntfs_inode *ni;

    ck_assert_ptr_nonnull(want);
    memcpy(want + 65536, p.data, 4096);
    memcpy(want + 2000000, p.data, p.len);
    for (int i = 0; i < 3; i++) {
        const char *names[] = {"file", "named", "dir"};
        const bool named    = i > 0;

        (void)relay_object(
            &write_relay,
            write_kind(i == 2 ? REEL_KIND_DIRECTORY : REEL_KIND_FILE),
            names[i]);
        relay_stream(&write_relay,
                     named ? REEL_STREAM_ALTERNATE_DATA : REEL_STREAM_DATA,
                     REEL_STREAM_SPARSE, named ? ":s:$DATA" : NULL,
                     (struct reel_bytes){.len = 0});
        relay_block(&write_relay, 65536,
                    (struct reel_bytes){.data = p.data, .len = 4096});
        relay_block(&write_relay, 2000000, p);
        relay_block(&write_relay, 5000000, (struct reel_bytes){.len = 0});
        relay_end(&write_relay);
    }
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    for (int i = 0; i < 3; i++) {
        const char *names[] = {"file", "named", "dir"};

        ni = volume_find(vol, names[i]);
        ck_assert_ptr_nonnull(ni);
        volume_content(ni, i > 0 ? "s" : NULL, whole);
        ck_assert_int_le(volume_clusters(ni, i > 0 ? "s" : NULL), 80);
        ck_assert(i != 0 || (ni->flags & FILE_ATTR_SPARSE_FILE) != 0);
        ck_assert_int_eq(ntfs_inode_close(ni), 0);
    }
    volume_close(vol);
    free(want);
}
END_TEST

static bool
is_sparse(ntfs_inode *ni, ntfschar *name)
{
    ntfs_attr *na =
        ntfs_attr_open(ni, AT_DATA, name, name == AT_UNNAMED ? 0 : 1);
    bool sparse;

    ck_assert_ptr_nonnull(na);
    sparse = (na->data_flags & ATTR_IS_SPARSE) != 0;
    ntfs_attr_close(na);
    return sparse;
}

/* What Windows has marked sparse is so again, be there holes or not. */
START_TEST(test_sparse_without_holes)
{
    static const char *const names[] = {"whole", "small", "empty", "directory"};
    ntfschar stream                  = const_cpu_to_le16('s');
    const struct reel_bytes noise    = write_noise();
    const struct reel_bytes small    = {.data = noise.data, .len = 7};
    const struct reel_bytes none     = {.len = 0};
    ntfs_volume *vol;

    for (int i = 0; i < 4; i++) {
        const struct reel_bytes content = i == 0   ? noise
                                          : i == 2 ? none
                                                   : small;

        (void)relay_object(
            &write_relay,
            write_kind(i == 3 ? REEL_KIND_DIRECTORY : REEL_KIND_FILE),
            names[i]);
        if (i < 3)
            relay_stream(&write_relay, REEL_STREAM_DATA, REEL_STREAM_SPARSE,
                         NULL, content);
        relay_stream(&write_relay, REEL_STREAM_ALTERNATE_DATA,
                     REEL_STREAM_SPARSE, ":s:$DATA", content);
        relay_end(&write_relay);
    }
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    for (int i = 0; i < 4; i++) {
        ntfs_inode *const ni            = volume_find(vol, names[i]);
        const struct reel_bytes content = i == 0   ? noise
                                          : i == 2 ? none
                                                   : small;

        ck_assert_ptr_nonnull(ni);
        volume_content(ni, "s", content);
        ck_assert(is_sparse(ni, &stream));
        if (i < 3) {
            volume_content(ni, NULL, content);
            ck_assert(is_sparse(ni, AT_UNNAMED));
            ck_assert_uint_ne(ni->flags & FILE_ATTR_SPARSE_FILE, 0);
        }
        ck_assert_int_eq(ntfs_inode_close(ni), 0);
    }
    volume_close(vol);
}
END_TEST

/* A hole of a tebibyte costs nothing. */
START_TEST(test_one_hole)
{
    ntfs_volume *vol;
    ntfs_inode *ni;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "hole");
    relay_stream(&write_relay, REEL_STREAM_DATA, REEL_STREAM_SPARSE, NULL,
                 (struct reel_bytes){.len = 0});
    relay_block(&write_relay, UINT64_C(1) << 40, (struct reel_bytes){.len = 0});
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    ni  = volume_find(vol, "hole");
    ck_assert_ptr_nonnull(ni);
    ck_assert_int_eq(ni->data_size, INT64_C(1) << 40);
    ck_assert_int_eq(volume_clusters(ni, NULL), 0);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
}
END_TEST

START_TEST(test_compressed)
{
    struct reel_object o      = write_kind(REEL_KIND_FILE);
    const struct reel_bytes p = write_noise();
    uint8_t *text             = malloc(1000000);
    const struct reel_bytes t = {.data = text, .len = 1000000};
    ntfs_volume *vol;
    ntfs_inode *ni;

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < t.len; i++)
        text[i] = (uint8_t)("reel to reel, "[i % 14]);
    o.facts      = REEL_FACT_ATTRIBUTES;
    o.attributes = 0x820;
    (void)relay_object(&write_relay, o, "text");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, t);
    relay_end(&write_relay);
    (void)relay_object(&write_relay, o, "noise");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, p);
    relay_end(&write_relay);
    (void)relay_object(&write_relay, o, "holes");
    relay_stream(&write_relay, REEL_STREAM_DATA, REEL_STREAM_SPARSE, NULL,
                 (struct reel_bytes){.len = 0});
    relay_block(&write_relay, 655360, t);
    relay_block(&write_relay, 3000000, (struct reel_bytes){.len = 0});
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    write_assert_well();
    vol = volume_open(write_image);
    ni  = volume_find(vol, "text");
    ck_assert_ptr_nonnull(ni);
    ck_assert((ni->flags & FILE_ATTR_COMPRESSED) != 0);
    volume_content(ni, NULL, t);
    ck_assert_int_lt(volume_clusters(ni, NULL), 100);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ni = volume_find(vol, "noise");
    ck_assert_ptr_nonnull(ni);
    volume_content(ni, NULL, p);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ni = volume_find(vol, "holes");
    ck_assert_ptr_nonnull(ni);
    {
        uint8_t *want = calloc(1, 3000000);

        ck_assert_ptr_nonnull(want);
        memcpy(want + 655360, t.data, t.len);
        volume_content(ni, NULL,
                       (struct reel_bytes){.data = want, .len = 3000000});
        free(want);
    }
    ck_assert_int_lt(volume_clusters(ni, NULL), 100);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
    free(text);
}
END_TEST

static struct reel_object
dated(enum reel_object_kind k, int64_t s)
{
    struct reel_object o = write_kind(k);

    o.facts = REEL_FACT_ATTRIBUTES | REEL_FACT_BIRTH | REEL_FACT_MODIFIED |
              REEL_FACT_ACCESSED | REEL_FACT_CHANGED;
    o.attributes = 0x23; /* read only, hidden, archive */
    o.birth      = (struct reel_time){.s = s, .ns = 100};
    o.modified   = (struct reel_time){.s = s + 1, .ns = 999999900};
    o.accessed   = (struct reel_time){.s = s + 2, .ns = 299};
    o.changed    = (struct reel_time){.s = s + 3, .ns = 0};
    return o;
}

static void
assert_dated(ntfs_volume *vol, const char *path, int64_t s)
{
    const uint64_t base    = (uint64_t)(s + INT64_C(11644473600)) * 10000000U;
    const uint64_t want[4] = {base + 1, base + 10000000 + 9999999,
                              base + 20000000 + 2, base + 30000000};
    uint64_t got[4];
    ntfs_inode *ni = volume_find(vol, path);

    ck_assert_ptr_nonnull(ni);
    ck_assert_int_eq(ntfs_inode_get_times(ni, (char *)got, sizeof(got)), 32);
    for (int i = 0; i < 4; i++)
        ck_assert_msg(got[i] == want[i], "%s: time %d", path, i);
    ck_assert_uint_eq(le32_to_cpu(ni->flags) & 0x27U, 0x23);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
}

/* Of directories, too, in which files were made later. */
START_TEST(test_facts)
{
    struct reel_object by_case = dated(REEL_KIND_DIRECTORY, 1000000000);
    struct reel_object late    = dated(REEL_KIND_FILE, 1);
    ntfs_volume *vol;
    uint64_t number;

    (void)relay_object(&write_relay, dated(REEL_KIND_DIRECTORY, 86400), "d");
    relay_end(&write_relay);
    by_case.facts |= REEL_FACT_CASE;
    (void)relay_object(&write_relay, by_case, "d/case");
    relay_end(&write_relay);
    (void)relay_object(&write_relay, dated(REEL_KIND_FILE, -11644473600),
                       "d/case/a");
    relay_end(&write_relay);
    (void)relay_object(&write_relay, dated(REEL_KIND_FILE, 1700000000),
                       "d/case/A");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("x"));
    relay_end(&write_relay);
    late.modified.s = INT64_C(1) << 60;
    number          = relay_object(&write_relay, late, "late");
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(
        relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "modified"));
    ck_assert_int_eq(write_answer.status, REEL_OK);
    vol = volume_open(write_image);
    assert_dated(vol, "d", 86400);
    assert_dated(vol, "d/case", 1000000000);
    assert_dated(vol, "d/case/a", -11644473600);
    assert_dated(vol, "d/case/A", 1700000000);
    volume_close(vol);
}
END_TEST

START_TEST(test_names_by_case)
{
    uint64_t second;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "readme");
    relay_end(&write_relay);
    second = relay_object(&write_relay, write_kind(REEL_KIND_FILE), "README");
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, second, REEL_NOTE_INFO, "case only"));
    ck_assert(volume_has(write_image, "readme"));
    ck_assert(volume_has(write_image, "README"));
}
END_TEST

/* What was not proven is not there. */
START_TEST(test_abandon)
{
    ntfs_volume *vol;
    uint64_t bad;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "whole");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, write_noise());
    relay_end(&write_relay);
    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "lost");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, write_noise());
    relay_abandon(&write_relay);
    (void)relay_object(&write_relay, write_kind(REEL_KIND_DIRECTORY), "lost.d");
    relay_abandon(&write_relay);
    bad = relay_object(&write_relay, write_kind(REEL_KIND_FILE), "filling");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, write_noise());
    relay_end_bad(&write_relay);
    write_run(write_plain, NULL);
    ck_assert_uint_eq(write_answer.notes, 1);
    ck_assert(relay_noted(&write_answer, bad, REEL_NOTE_SKIPPED, "filling"));
    ck_assert(volume_has(write_image, "whole"));
    ck_assert(!volume_has(write_image, "lost"));
    ck_assert(!volume_has(write_image, "lost.d"));
    ck_assert(!volume_has(write_image, "filling"));
    vol = volume_open(write_image);
    ck_assert_ptr_nonnull(vol);
    volume_close(vol);
}
END_TEST

/* Input that breaks off anywhere: what came whole stands, nothing else. */
START_TEST(test_cut_off)
{
    size_t whole;
    size_t all;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "whole");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("content"));
    relay_end(&write_relay);
    whole = write_relay.len;
    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "cut");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("content"));
    relay_end(&write_relay);
    all = write_relay.len;
    for (size_t len = whole; len <= all; len += 13) {
        volume_make(write_image, 16);
        write_relay.len = len;
        write_run_cut(write_plain, NULL);
        ck_assert_int_eq(write_answer.status, REEL_E_TRUNCATED);
        ck_assert_int_ne(write_answer.exit, 0);
        ck_assert(volume_has(write_image, "whole"));
        ck_assert(volume_has(write_image, "cut") == (len == all));
    }
}
END_TEST

/* Who dies in the middle leaves nothing under its name, and says so. */
START_TEST(test_killed)
{
    const char *const options[] = {write_image, NULL};
    ntfs_inode *ni;
    ntfs_volume *vol;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "cut");
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("content"));
    relay_stream(&write_relay, REEL_STREAM_PROPERTY_DATA, 0, NULL,
                 OCTETS("makes a note"));
    relay_run_killed(&write_relay, REEL_NTFS, options);
    vol = ntfs_mount(write_image, NTFS_MNT_RDONLY);
    ck_assert_ptr_nonnull(vol);
    ck_assert_uint_ne(vol->flags & VOLUME_IS_DIRTY, 0);
    ni = volume_find(vol, "cut");
    ck_assert_ptr_null(ni);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    relay_end(&write_relay);
    relay_done(&write_relay);
    relay_run(&write_relay, REEL_NTFS, options, &write_answer);
    ck_assert(write_answer.done);
    ck_assert_int_eq(write_answer.status, REEL_E_MEDIUM);
    ck_assert_int_ne(write_answer.exit, 0);
}
END_TEST

/* S-14 */
START_TEST(test_unknown_streams)
{
    uint64_t number;

    number = relay_object(&write_relay, write_kind(REEL_KIND_FILE), "f");
    relay_stream(&write_relay, REEL_STREAM_SPARSE_BLOCK, 8, NULL, object_id(1));
    relay_stream(&write_relay, REEL_STREAM_TXFS_DATA, 0, NULL, OCTETS("txfs"));
    relay_stream(&write_relay, REEL_STREAM_PROPERTY_DATA, 0, NULL,
                 OCTETS("prop"));
    relay_stream(&write_relay, REEL_STREAM_GHOSTED, 0, NULL, OCTETS("ghost"));
    relay_stream(&write_relay, 4711, 0, NULL, OCTETS("unknown"));
    relay_stream(&write_relay, REEL_STREAM_ALTERNATE_DATA, 0, "noname",
                 OCTETS("named badly"));
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("content"));
    relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL, OCTETS("again"));
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert(
        relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "SPARSE_BLOCK"));
    ck_assert(
        relay_noted(&write_answer, number, REEL_NOTE_OMITTED, "TXFS_DATA"));
    ck_assert(relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "id 6"));
    ck_assert(relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "id 11"));
    ck_assert(relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "id 4711"));
    ck_assert(relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "id 4)"));
    ck_assert(relay_noted(&write_answer, number, REEL_NOTE_SKIPPED, "id 1)"));
    ck_assert_uint_eq(write_answer.notes, 7);
    ck_assert(volume_has(write_image, "f"));
}
END_TEST

START_TEST(test_object_id_twice)
{
    uint64_t second;

    (void)relay_object(&write_relay, write_kind(REEL_KIND_FILE), "a");
    relay_stream(&write_relay, REEL_STREAM_OBJECT_ID, 0, NULL, object_id(9));
    relay_end(&write_relay);
    second = relay_object(&write_relay, write_kind(REEL_KIND_FILE), "b");
    relay_stream(&write_relay, REEL_STREAM_OBJECT_ID, 0, NULL, object_id(9));
    relay_end(&write_relay);
    write_run(write_plain, NULL);
    ck_assert(relay_noted(&write_answer, second, REEL_NOTE_INFO, "object id"));
    ck_assert_int_eq(write_answer.status, REEL_OK);
    ck_assert(volume_has(write_image, "b"));
}
END_TEST

static void
add_tests(TCase *c)
{
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, write_set_up, write_tear_down);
    tcase_add_test(c, test_all_streams);
    tcase_add_test(c, test_odd_descriptor);
    tcase_add_test(c, test_sparse);
    tcase_add_test(c, test_sparse_without_holes);
    tcase_add_test(c, test_one_hole);
    tcase_add_test(c, test_compressed);
    tcase_add_test(c, test_facts);
    tcase_add_test(c, test_names_by_case);
    tcase_add_test(c, test_abandon);
    tcase_add_test(c, test_cut_off);
    tcase_add_test(c, test_killed);
    tcase_add_test(c, test_unknown_streams);
    tcase_add_test(c, test_object_id_twice);
}

int
main(void)
{
    return suite_run("ntfs_write", add_tests);
}
