/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `reel-ntfs read` on an image that mkntfs and libntfs-3g made: what it says
 * is what was put there. Streams (spec 7), links (8.3, 8.4), order (8.2).
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libntfs.h"
#include "ntfs_specimen.h"
#include "relay_look.h"
#include "suite.h"
#include "units.h"

#define PATH_ROOM 80
#define ATTRIBUTE_SPARSE 0x200U
#define ATTRIBUTE_REPARSE 0x400U
#define ATTRIBUTE_COMPRESSED 0x800U
#define ATTRIBUTE_ARCHIVE 0x20U
#define ATTRIBUTE_DIRECTORY 0x10U

static char image[PATH_ROOM];
static char spoiled[PATH_ROOM];

static void
set_up(void)
{
    (void)snprintf(image, sizeof(image), "/tmp/test_ntfs_read.%d",
                   (int)getpid());
    (void)snprintf(spoiled, sizeof(spoiled), "/tmp/test_ntfs_read.%d.spoiled",
                   (int)getpid());
    ck_assert(ntfs_specimen_fill(image, 64, 0, true));
}

static void
tear_down(void)
{
    (void)unlink(image);
    (void)unlink(spoiled);
}

/* Read `of`; further arguments, or NULL. */
static void
read_image(struct look *l, const char *mode, char *of, const char *a,
           const char *b)
{
    char program[] = REEL_NTFS;
    char verb[]    = "read";
    char links[]   = "--links";
    char *one      = a ? strdup(a) : NULL;
    char *two      = b ? strdup(b) : NULL;
    char *how      = strdup(mode);
    char *argv[]   = {program, verb, links, how, of, one, two, NULL};

    look_run(l, argv);
    free(one);
    free(two);
    free(how);
}

static void
read_well(struct look *l, const char *mode, const char *a, const char *b)
{
    read_image(l, mode, image, a, b);
    ck_assert_msg(l->done == REEL_OK, "%s", l->done_text);
    ck_assert_int_eq(l->exit_code, 0);
}

/* The streams of one object, taken one after the other. */
struct streams {
    const struct look_object *o;
    size_t at;
};

static const struct look_stream *
next_stream(struct streams *s, uint32_t id)
{
    ck_assert_uint_lt(s->at, s->o->stream_count);
    ck_assert_uint_eq(s->o->streams[s->at].id, id);
    return &s->o->streams[s->at++];
}

static void
expect_body(struct streams *s, uint32_t id, uint32_t attributes,
            struct reel_bytes want)
{
    const struct look_stream *const stream = next_stream(s, id);

    ck_assert_uint_eq(stream->attributes, attributes);
    ck_assert_uint_eq(stream->name.len, 0);
    ck_assert(reel_bytes_equal(stream->body, want));
}

static void
expect_content(const struct ntfs_specimen_stream *want, uint64_t off,
               struct reel_bytes octets)
{
    for (size_t i = 0; i < octets.len; i++)
        if (octets.data[i] != ntfs_specimen_octet(want, off + i))
            ck_abort_msg("octet %zu behind %llu differs", i,
                         (unsigned long long)off);
}

/* One block: `off`, and what stands there. */
static void
expect_block(struct streams *s, const struct ntfs_specimen_stream *want,
             uint64_t off, uint64_t len)
{
    const struct look_stream *const stream =
        next_stream(s, REEL_STREAM_SPARSE_BLOCK);
    struct reel_cursor c =
        reel_cursor_init(stream->body.data, stream->body.len, NULL);

    ck_assert_uint_eq(stream->attributes, REEL_STREAM_SPARSE);
    ck_assert_uint_eq(stream->body.len, 8 + len);
    ck_assert_uint_eq(reel_get_le64(&c), off);
    expect_content(want, off, reel_get_bytes(&c, (size_t)len));
}

static void
expect_name(struct reel_bytes seen, const char *name)
{
    char text[64] = "";

    if (name != NULL)
        (void)snprintf(text, sizeof(text), ":%s:$DATA", name);
    ck_assert(reel_bytes_equal(seen, look_units(text)));
}

static void
expect_data(struct streams *s, const struct ntfs_specimen_stream *want)
{
    const struct look_stream *stream;

    if (want->name == NULL && want->size == 0 && !want->sparse)
        return;
    stream = next_stream(s, want->name ? REEL_STREAM_ALTERNATE_DATA
                                       : REEL_STREAM_DATA);
    expect_name(stream->name, want->name);
    if (!want->sparse || (want->size > 0 && want->ranges[0].off == 0 &&
                          want->ranges[0].len == want->size)) {
        ck_assert_uint_eq(stream->attributes,
                          want->sparse ? REEL_STREAM_SPARSE : 0);
        ck_assert_uint_eq(stream->body.len, want->size);
        expect_content(want, 0, stream->body);
        return;
    }
    ck_assert_uint_eq(stream->attributes, REEL_STREAM_SPARSE);
    ck_assert_uint_eq(stream->body.len, 0);
    for (size_t i = 0; i < 4 && want->ranges[i].len > 0; i++)
        expect_block(s, want, want->ranges[i].off, want->ranges[i].len);
    expect_block(s, want, want->size, 0);
}

static void
expect_object_id(struct streams *s, struct reel_bytes want)
{
    uint8_t octets[64] = {0};

    memcpy(octets, want.data, want.len);
    expect_body(s, REEL_STREAM_OBJECT_ID, 0,
                (struct reel_bytes){octets, sizeof(octets)});
}

static void
expect_streams(const struct look_object *o, const struct ntfs_specimen *want)
{
    struct streams s = {o, 0};

    if (want->security.len > 0)
        expect_body(&s, REEL_STREAM_SECURITY_DATA,
                    REEL_STREAM_CONTAINS_SECURITY, want->security);
    else
        ck_assert_uint_gt(next_stream(&s, REEL_STREAM_SECURITY_DATA)->body.len,
                          20);
    if (want->ea.len > 0)
        expect_body(&s, REEL_STREAM_EA_DATA, 0, want->ea);
    if (want->object_id.len > 0)
        expect_object_id(&s, want->object_id);
    if (want->reparse.len > 0)
        expect_body(&s, REEL_STREAM_REPARSE_DATA, 0, want->reparse);
    for (size_t i = 0; i < want->stream_count; i++)
        expect_data(&s, &want->streams[i]);
    ck_assert_uint_eq(s.at, o->stream_count);
    ck_assert_uint_eq(o->end.bad_ranges, 0);
    ck_assert(!o->abandoned);
}

static void
expect_time(struct reel_time seen, uint64_t want)
{
    ck_assert_int_eq(seen.s, (int64_t)(want / 10000000) - 11644473600);
    ck_assert_uint_eq(seen.ns, want % 10000000 * 100);
}

/* Where a table entry is `packed` or in it, NTFS packs. */
static uint32_t
attributes_of(const struct ntfs_specimen *want)
{
    const bool packed = strncmp(want->path, "packed", 6) == 0;
    uint32_t a        = want->attributes;

    a |= want->directory ? ATTRIBUTE_DIRECTORY : ATTRIBUTE_ARCHIVE;
    if (want->stream_count > 0 && want->streams[0].name == NULL &&
        want->streams[0].sparse)
        a |= ATTRIBUTE_SPARSE;
    if (want->reparse.len > 0)
        a |= ATTRIBUTE_REPARSE;
    return packed ? a | ATTRIBUTE_COMPRESSED : a;
}

static uint8_t
kind_of(const struct ntfs_specimen *want)
{
    static const struct {
        const char *path;
        uint8_t kind;
    } kinds[] = {{"ea-and-reparse", REEL_KIND_SYMLINK},
                 {"symlink", REEL_KIND_SYMLINK},
                 {"lx-symlink", REEL_KIND_SYMLINK},
                 {"lx-fifo", REEL_KIND_FIFO},
                 {"lx-socket", REEL_KIND_SOCKET},
                 {"lx-character", REEL_KIND_CHARACTER},
                 {"lx-block", REEL_KIND_BLOCK}};

    for (int i = 0; i < SUITE_COUNT(kinds); i++)
        if (strcmp(kinds[i].path, want->path) == 0)
            return kinds[i].kind;
    return want->directory ? REEL_KIND_DIRECTORY : REEL_KIND_FILE;
}

static void
expect_facts(const struct look_object *o, const struct ntfs_specimen *want,
             size_t i)
{
    const struct reel_object *const f = &o->facts;
    const char *const brief = want->short_name ? want->short_name : "";

    ck_assert_uint_eq(f->kind, kind_of(want));
    ck_assert_uint_eq(f->encoding, REEL_ENCODING_UTF16);
    ck_assert_uint_eq(f->facts, 0x7E | (want->by_case ? REEL_FACT_CASE : 0));
    ck_assert_uint_eq(f->attributes & ~ATTRIBUTE_ARCHIVE,
                      attributes_of(want) & ~ATTRIBUTE_ARCHIVE);
    ck_assert_uint_eq(f->size, f->kind == REEL_KIND_FILE &&
                                       want->stream_count > 0 &&
                                       want->streams[0].name == NULL
                                   ? want->streams[0].size
                                   : 0);
    expect_time(f->birth, ntfs_specimen_time(i, 0));
    expect_time(f->modified, ntfs_specimen_time(i, 1));
    expect_time(f->changed, ntfs_specimen_time(i, 2));
    expect_time(f->accessed, ntfs_specimen_time(i, 3));
    ck_assert(reel_bytes_equal(f->short_name, look_units(brief)));
    ck_assert_uint_ne(f->file_system, 0);
    ck_assert_uint_ge(f->file_id[0] | f->file_id[1] << 8, 24);
    ck_assert_uint_eq(f->file_id[6], 1); /* the record's first use */
    for (unsigned k = 8; k < 16; k++)
        ck_assert_uint_eq(f->file_id[k], 0);
}

START_TEST(says_what_was_put_there)
{
    size_t count;
    const struct ntfs_specimen *const table = ntfs_specimens(&count);
    struct look l;

    read_well(&l, "encounter", NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct look_object *const o = look_find(&l, table[i].path);

        ck_assert_msg(o != NULL, "%s is not there", table[i].path);
        /* Names of links are seen to below. */
        if (strncmp(table[i].path, "links", 5) == 0)
            continue;
        ck_assert_uint_eq(o->facts.link_count, 1);
        expect_facts(o, &table[i], i);
        expect_streams(o, &table[i]);
    }
    ck_assert_uint_eq(look_find(&l, "")->facts.kind, REEL_KIND_DIRECTORY);
    ck_assert_uint_eq(l.object_count, 1 + count + 2 + 1024 + 2000);
    look_free(&l);
}
END_TEST

/* A path whose component ends sorts before one that goes on. */
static int
compare_in_walk(struct reel_bytes a, struct reel_bytes b)
{
    for (size_t i = 0; i < a.len / 2 && i < b.len / 2; i++) {
        const int x = rn_unit(a, i) == '/' ? -1 : rn_unit(a, i);
        const int y = rn_unit(b, i) == '/' ? -1 : rn_unit(b, i);

        if (x != y)
            return x - y;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Objects that are no links ascend; where links are sent when met, all do. */
START_TEST(keeps_the_order)
{
    static const char *const modes[] = {"enumerate", "encounter"};
    struct look l;

    read_well(&l, modes[_i], NULL, NULL);
    for (size_t i = 1, before = 0; i < l.object_count; i++) {
        if (_i == 0 && l.objects[i].facts.kind == REEL_KIND_LINK)
            continue;
        ck_assert_int_lt(compare_in_walk(l.objects[before].facts.path,
                                         l.objects[i].facts.path),
                         0);
        before = i;
    }
    look_free(&l);
}
END_TEST

/* Links of object `target` in a row from object i + 1 on. */
static size_t
links_behind(const struct look *l, size_t i)
{
    const struct look_object *const target = &l->objects[i];
    size_t n                               = 0;

    while (i + n + 1 < l->object_count) {
        const struct look_object *const o = &l->objects[i + n + 1];

        if (o->facts.kind != REEL_KIND_LINK ||
            o->facts.target != target->number)
            break;
        ck_assert_uint_eq(o->stream_count, 0);
        ck_assert_uint_eq(o->facts.size, target->facts.size);
        ck_assert_uint_eq(o->facts.link_count, target->facts.link_count);
        ck_assert_uint_eq(o->facts.file_system, target->facts.file_system);
        ck_assert_mem_eq(o->facts.file_id, target->facts.file_id, 16);
        n++;
    }
    return n;
}

static size_t
index_of(const struct look *l, const char *path)
{
    const struct look_object *const o = look_find(l, path);

    ck_assert_ptr_nonnull(o);
    return (size_t)(o - l->objects);
}

START_TEST(lists_all_names_at_the_first)
{
    struct look l;
    size_t links = 0;

    read_well(&l, "enumerate", NULL, NULL);
    ck_assert_uint_eq(links_behind(&l, index_of(&l, "links/1024/0000")), 1023);
    ck_assert_uint_eq(links_behind(&l, index_of(&l, "links/2000/0000")), 1999);
    ck_assert_uint_eq(links_behind(&l, index_of(&l, "links/here/two")), 1);
    ck_assert_uint_eq(links_behind(&l, index_of(&l, "links/a-name-before")), 2);
    ck_assert_uint_eq(look_find(&l, "links/there/second")->facts.facts, 0x7E);
    for (size_t i = 0; i < l.object_count; i++)
        links += l.objects[i].facts.kind == REEL_KIND_LINK;
    ck_assert_uint_eq(links, 1023 + 1999 + 1 + 2);
    look_free(&l);
}
END_TEST

/* Both ways give the same names, each once. */
START_TEST(links_are_the_same_either_way)
{
    struct look all;
    struct look met;

    read_well(&all, "enumerate", "links/1024", "links/here");
    read_well(&met, "encounter", "links/1024", "links/here");
    for (size_t i = 0; i < met.object_count; i++) {
        const struct reel_object *const f = &met.objects[i].facts;
        size_t same                       = 0;

        for (size_t k = 0; k < all.object_count; k++)
            if (reel_bytes_equal(all.objects[k].facts.path, f->path)) {
                ck_assert_uint_eq(all.objects[k].facts.kind, f->kind);
                same++;
            }
        ck_assert_uint_eq(same, 1);
        ck_assert_uint_eq(f->facts & REEL_FACT_OUTSIDE, 0);
    }
    /* two, three and three under their other names */
    ck_assert_uint_eq(all.object_count, met.object_count + 3);
    look_free(&all);
    look_free(&met);
}
END_TEST

START_TEST(marks_names_outside)
{
    struct look l;
    const struct look_object *o;

    read_well(&l, "enumerate", "LINKS/Here", NULL);
    ck_assert_uint_eq(l.object_count, 6);
    ck_assert(
        reel_bytes_equal(l.objects[0].facts.path, look_units("links/here")));
    o = look_find(&l, "links/there/second");
    ck_assert_ptr_nonnull(o);
    ck_assert_uint_eq(o->facts.facts, 0x7E | REEL_FACT_OUTSIDE);
    ck_assert_uint_eq(o->facts.target, look_find(&l, "links/here/two")->number);
    look_free(&l);
}
END_TEST

START_TEST(finds_paths_as_win32_does)
{
    struct look l;

    /* One that is exactly there goes first. */
    read_well(&l, "enumerate", "Case", "cAsE");
    ck_assert_uint_eq(l.object_count, 2);
    ck_assert_ptr_nonnull(look_find(&l, "Case"));
    ck_assert_ptr_nonnull(look_find(&l, "CASE"));
    look_free(&l);
    /* One within another is not read twice. */
    read_well(&l, "enumerate", "/deep/deeper/", "deep");
    ck_assert_uint_eq(l.object_count, 4);
    look_free(&l);
    read_well(&l, "enumerate", "lone-directory \xED\xBF\xBF/\xED\xA0\x81",
              NULL);
    ck_assert_uint_eq(l.object_count, 1);
    look_free(&l);
    read_image(&l, "enumerate", image, "by-case/Y", NULL);
    ck_assert_int_eq(l.exit_code, 1);
    ck_assert_uint_eq(l.done, REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(l.done_text, "by-case/Y"));
    look_free(&l);
    read_image(&l, "enumerate", image, "$Extend", NULL);
    ck_assert_uint_eq(l.done, REEL_E_MEDIUM);
    look_free(&l);
}
END_TEST

START_TEST(says_where_content_is_not)
{
    struct look l;

    read_well(&l, "enumerate", NULL, NULL);
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_FLAWED, "cloud"), 1);
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_FLAWED, "deduplicated"), 1);
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_INFO, "wof"), 1);
    ck_assert_uint_eq(l.note_count, 3);
    look_free(&l);
}
END_TEST

/* A copy of the image to spoil, open. */
static ntfs_volume *
open_copy(void)
{
    char command[3 * PATH_ROOM];
    ntfs_volume *vol;

    (void)snprintf(command, sizeof(command), "cp --sparse=always %s %s", image,
                   spoiled);
    ck_assert_int_eq(system(command), 0);
    vol = ntfs_mount(spoiled, 0);
    ck_assert_ptr_nonnull(vol);
    return vol;
}

static ntfs_inode *
open_file(ntfs_volume *vol, const char *path)
{
    ntfs_inode *const ni = ntfs_pathname_to_inode(vol, NULL, path);

    ck_assert_ptr_nonnull(ni);
    return ni;
}

static void
read_spoiled(struct look *l)
{
    read_image(l, "enumerate", spoiled, NULL, NULL);
}

/* Garbage in the middle of a packed file: what cannot be unpacked is zeros and
   said to be bad, the rest is whole. */
START_TEST(bad_data_is_a_bad_range)
{
    static const struct ntfs_specimen_stream want = {.size = 300001,
                                                     .text = true};
    ntfs_volume *const vol                        = open_copy();
    ntfs_inode *const ni = open_file(vol, "packed/text");
    ntfs_attr *const na  = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    uint8_t garbage[4096];
    const struct look_object *o;
    struct reel_bad_range bad;
    struct look l;
    LCN lcn;

    memset(garbage, 0xFF, sizeof(garbage));
    lcn = ntfs_attr_vcn_to_lcn(na, 16); /* the second unit of 64 KiB */
    ck_assert_int_gt(lcn, 0);
    ck_assert_int_eq(ntfs_pwrite(vol->dev, lcn * vol->cluster_size,
                                 sizeof(garbage), garbage),
                     sizeof(garbage));
    ntfs_attr_close(na);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    read_spoiled(&l);
    ck_assert_uint_eq(l.done, REEL_OK);
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_FLAWED, "packed/text"), 1);
    o = look_find(&l, "packed/text");
    ck_assert_uint_eq(o->end.bad_ranges, 1);
    bad = reel_object_end_bad_range(&o->end, 0);
    ck_assert_uint_eq(bad.ordinal, 1);
    ck_assert_uint_eq(bad.reason, REEL_BAD_UNREADABLE);
    ck_assert_uint_eq(bad.offset, 65536);
    ck_assert_uint_eq(bad.len, 65536);
    expect_content(&want, 0,
                   (struct reel_bytes){o->streams[1].body.data, 65536});
    ck_assert(reel_bytes_zero(o->streams[1].body.data + 65536, 65536));
    expect_content(
        &want, 131072,
        (struct reel_bytes){o->streams[1].body.data + 131072, 300001 - 131072});
    look_free(&l);
}
END_TEST

/* A record that is none any more costs that file. */
START_TEST(a_bad_record_costs_one_file)
{
    ntfs_volume *const vol = open_copy();
    ntfs_inode *const ni   = open_file(vol, "resident");
    const u64 number       = ni->mft_no;
    const char none[4]     = "None";
    struct look l;
    LCN lcn;

    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    lcn = ntfs_attr_vcn_to_lcn(vol->mft_na, (VCN)(number / 4));
    ck_assert_int_eq(
        ntfs_pwrite(vol->dev,
                    lcn * vol->cluster_size + (s64)(number % 4) * 1024,
                    sizeof(none), none),
        sizeof(none));
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    read_spoiled(&l);
    ck_assert_uint_eq(l.done, REEL_OK);
    ck_assert_ptr_null(look_find(&l, "resident"));
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_SKIPPED, "resident"), 1);
    ck_assert_ptr_nonnull(look_find(&l, "valid"));
    look_free(&l);
}
END_TEST

START_TEST(encrypted_files_are_skipped)
{
    ntfs_volume *const vol = open_copy();
    ntfs_inode *const ni   = open_file(vol, "resident");
    struct look l;

    ni->flags |= FILE_ATTR_ENCRYPTED;
    ntfs_inode_mark_dirty(ni);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    read_spoiled(&l);
    ck_assert_uint_eq(l.done, REEL_OK);
    ck_assert_ptr_null(look_find(&l, "resident"));
    ck_assert_uint_eq(look_notes(&l, REEL_NOTE_SKIPPED, "resident"), 1);
    look_free(&l);
}
END_TEST

static void
refused(const char *word)
{
    struct look l;

    read_spoiled(&l);
    ck_assert_int_eq(l.exit_code, 1);
    ck_assert_msg(l.done == REEL_E_MEDIUM, "%s", l.done_text);
    ck_assert_msg(strstr(l.done_text, word) != NULL, "%s", l.done_text);
    ck_assert_uint_eq(l.object_count, 0);
    look_free(&l);
}

START_TEST(a_dirty_volume_is_refused)
{
    ntfs_volume *const vol = open_copy();

    ck_assert_int_eq(ntfs_volume_write_flags(vol, VOLUME_IS_DIRTY), 0);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    refused("dirty");
}
END_TEST

START_TEST(a_hibernated_volume_is_refused)
{
    static const char name[]      = "hiberfil.sys";
    ntfs_volume *const vol        = open_copy();
    ntfs_inode *const root        = ntfs_inode_open(vol, FILE_root);
    const struct reel_bytes units = look_units(name);
    char start[8192]              = "hibr";
    ntfschar text[sizeof(name)];
    ntfs_inode *ni;
    ntfs_attr *na;

    memcpy(text, units.data, units.len);
    ni = ntfs_create(root, 0, text, (u8)(units.len / 2), S_IFREG);
    ck_assert_ptr_nonnull(ni);
    na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    ck_assert_int_eq(ntfs_attr_pwrite(na, 0, sizeof(start), start),
                     sizeof(start));
    ntfs_attr_close(na);
    ck_assert_int_eq(ntfs_inode_close_in_dir(ni, root), 0);
    ck_assert_int_eq(ntfs_inode_close(root), 0);
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    refused("hibernated");
}
END_TEST

/* The first page of the log: as a crash leaves it. */
START_TEST(an_open_log_is_refused)
{
    ntfs_volume *const vol = open_copy();
    ntfs_inode *const ni   = ntfs_inode_open(vol, FILE_LogFile);
    ntfs_attr *const na    = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    const char garbage[16] = "RSTRno such page";
    const LCN lcn          = ntfs_attr_vcn_to_lcn(na, 0);
    const s64 at           = lcn * vol->cluster_size;

    ntfs_attr_close(na);
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    ck_assert_int_eq(ntfs_pwrite(vol->dev, at, sizeof(garbage), garbage),
                     sizeof(garbage));
    ck_assert_int_eq(ntfs_umount(vol, FALSE), 0);
    refused("not closed");
}
END_TEST

START_TEST(what_is_no_ntfs_is_refused)
{
    FILE *const file = fopen(spoiled, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ftruncate(fileno(file), 1 << 20), 0);
    ck_assert_int_eq(fclose(file), 0);
    refused("no NTFS");
    ck_assert_int_eq(unlink(spoiled), 0);
    refused("No such file");
}
END_TEST

/* One half of an image: metadata are missing. */
START_TEST(a_cut_image_is_refused)
{
    ck_assert_int_eq(ntfs_umount(open_copy(), FALSE), 0);
    ck_assert_int_eq(truncate(spoiled, 40 << 20), 0);
    refused("cannot be read");
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_unchecked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, says_what_was_put_there);
    tcase_add_loop_test(t, keeps_the_order, 0, 2);
    tcase_add_test(t, lists_all_names_at_the_first);
    tcase_add_test(t, links_are_the_same_either_way);
    tcase_add_test(t, marks_names_outside);
    tcase_add_test(t, finds_paths_as_win32_does);
    tcase_add_test(t, says_where_content_is_not);
    tcase_add_test(t, bad_data_is_a_bad_range);
    tcase_add_test(t, a_bad_record_costs_one_file);
    tcase_add_test(t, encrypted_files_are_skipped);
    tcase_add_test(t, a_dirty_volume_is_refused);
    tcase_add_test(t, a_hibernated_volume_is_refused);
    tcase_add_test(t, an_open_log_is_refused);
    tcase_add_test(t, what_is_no_ntfs_is_refused);
    tcase_add_test(t, a_cut_image_is_refused);
}

int
main(void)
{
    return suite_run("ntfs_read", add);
}
