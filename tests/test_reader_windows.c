/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole archives of encoding 2, from the tape to a directory of this system
 * and compared with it (spec 8.5).
 */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_objects.h"
#include "image_server.h"
#include "reader_probe.h"
#include "reel/reparse.h"

#define OK(call) ck_assert_msg((call) == REEL_OK, "%s", probe.err.text)
#define RING 8U
#define LONG_BYTES 200000U

static struct probe_read probe;
static struct image *image;
static struct image_server server;
static char dir[32];
static int dir_fd = -1;
static unsigned int differences;

static void
setup(void)
{
    probe_read_init(&probe);
    (void)strcpy(dir, "/tmp/reel-windows-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(dir_fd, 0);
}

static void
teardown(void)
{
    char command[64];

    probe_read_fini(&probe);
    image_server_close(&server);
    image_free(image);
    (void)close(dir_fd);
    (void)snprintf(command, sizeof(command), "rm -rf %s", dir);
    ck_assert_int_eq(system(command), 0);
}

/* As units; '~' is U+D800. */
static struct reel_bytes
units(const char *text)
{
    static uint8_t ring[RING][256];
    static unsigned int next;
    uint8_t *const out    = ring[next++ % RING];
    struct reel_builder b = reel_builder_init(out, 256);

    for (; *text != '\0'; text++)
        reel_put_le16(&b, *text == '~' ? 0xD800 : (uint8_t)*text);
    return (struct reel_bytes){out, b.len};
}

static struct reel_object
facts(uint8_t kind, const char *path, uint32_t attributes)
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
stream(uint32_t id, const char *name, const void *data, size_t len)
{
    image_named_stream(image, id, units(name), len);
    if (len > 0)
        image_data(image, data, len);
}

static void
block(uint64_t at, const char *text)
{
    uint8_t body[64];
    struct reel_builder b = reel_builder_init(body, sizeof(body));

    reel_put_le64(&b, at);
    reel_put_bytes(&b, reel_bytes_of(text));
    stream(REEL_STREAM_SPARSE_BLOCK, "", body, b.len);
}

/* Directory, file with all kinds, link, symbolic link. */
static void
archive(void)
{
    static const uint8_t symlink[] = {0x0C, 0, 0, 0xA0, 16,  0, 0,    0,
                                      0,    0, 4, 0,    0,   0, 0,    0,
                                      1,    0, 0, 0,    'x', 0, '\\', 0};
    static uint8_t noise[LONG_BYTES];
    struct reel_object o = facts(REEL_KIND_DIRECTORY, "", 0x10);
    uint64_t number;

    image_noise(noise, sizeof(noise), 1);
    (void)image_object(image, &o);
    image_object_end(image);
    o            = facts(REEL_KIND_FILE, "f~", 0x220);
    o.size       = 9000;
    o.link_count = 2;
    number       = image_object(image, &o);
    stream(REEL_STREAM_SECURITY_DATA, "", "descriptor", 10);
    image_group_end(image);
    stream(REEL_STREAM_DATA, "", "", 0);
    block(5000, "in the middle");
    block(9000, "");
    image_group_end(image);
    stream(REEL_STREAM_ALTERNATE_DATA, ":long:$DATA", noise, sizeof(noise));
    image_group_end(image);
    stream(REEL_STREAM_EA_DATA, "", "ea", 2);
    image_group_end(image);
    image_object_end(image);
    o        = facts(REEL_KIND_LINK, "g", 0x220);
    o.size   = 9000;
    o.target = number;
    (void)image_object(image, &o);
    stream(REEL_STREAM_LINK, "", units("f~").data, 4);
    image_group_end(image);
    image_object_end(image);
    o = facts(REEL_KIND_FILE, "s", 0x400);
    (void)image_object(image, &o);
    stream(REEL_STREAM_REPARSE_DATA, "", symlink, sizeof(symlink));
    image_group_end(image);
    image_object_end(image);
}

static void
build(void)
{
    const struct image_options options = {.block_bytes   = 4096,
                                          .segment_bytes = 4096};

    image = image_new(&options);
    image_volume(image);
    image_archive(image);
    archive();
    image_archive_end(image);
    image_server_init(&server, image);
    probe.access.medium = image_server_open(&server, 1);
}

static void
restore(bool side_files)
{
    const struct reel_restore_options options = {.dir_fd     = dir_fd,
                                                 .side_files = side_files};

    OK(reel_restore(&probe.access, NULL, &options, &probe.result, &probe.err));
}

static void
differs(void *ctx, uint8_t encoding, struct reel_bytes path, const char *what)
{
    (void)ctx;
    (void)encoding;
    (void)path;
    (void)what;
    differences++;
}

static void
compare(void)
{
    differences = 0;
    OK(reel_compare(&probe.access, NULL, dir_fd, differs, NULL, &probe.result,
                    &probe.err));
}

static void
check_content(void)
{
    char target[8] = "";
    char text[32]  = "";
    struct stat st;
    struct stat other;
    const int fd =
        openat(dir_fd, "f\xED\xA0\x80", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(st.st_size, 9000);
    ck_assert_int_eq(st.st_mtim.tv_sec, 1000000000);
    ck_assert_int_eq(pread(fd, text, 15, 4999), 15);
    ck_assert_mem_eq(text, "\0in the middle", 15);
    (void)close(fd);
    ck_assert_int_eq(fstatat(dir_fd, "g", &other, AT_SYMLINK_NOFOLLOW), 0);
    ck_assert_uint_eq(st.st_ino, other.st_ino);
    ck_assert_int_eq(readlinkat(dir_fd, "s", target, sizeof(target)), 2);
    ck_assert_str_eq(target, "x/");
}

START_TEST(restored_and_compared)
{
    struct stat st;

    build();
    restore(_i == 1);
    ck_assert_uint_eq(probe.result.objects, 4);
    ck_assert_uint_eq(probe.result.lost, 0);
    check_content();
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_LOST), 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_SKIPPED), 0);
    if (_i == 0) {
        ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_OMITTED), 1);
        ck_assert_str_eq(probe.told[0].text,
                         "not kept here: SECURITY_DATA, ALTERNATE_DATA "
                         ":long:$DATA, EA_DATA");
    } else {
        ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_OMITTED), 0);
        ck_assert_int_eq(
            fstatat(dir_fd, "f\xED\xA0\x80.reel-streams/04-alternate_data-long",
                    &st, 0),
            0);
        ck_assert_int_eq(st.st_size, LONG_BYTES);
    }
    compare();
    ck_assert_uint_eq(differences, 0);
}
END_TEST

/* A block of the long stream is bad: nothing of that file has a name. */
START_TEST(damage_leaves_no_name)
{
    struct stat st;

    build();
    image_server_close(&server);
    OK(reel_memory_tape_spoil(image_tape(image), 20, &probe.err));
    probe.access.medium = image_server_open(&server, 1);
    restore(true);
    ck_assert_uint_gt(probe.result.lost, 0);
    ck_assert_int_ne(fstatat(dir_fd, "f\xED\xA0\x80", &st, 0), 0);
    ck_assert_int_ne(fstatat(dir_fd, "f\xED\xA0\x80.reel-streams", &st, 0), 0);
    ck_assert_int_eq(fstatat(dir_fd, "s", &st, AT_SYMLINK_NOFOLLOW), 0);
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, restored_and_compared, 0, 2);
    tcase_add_test(t, damage_leaves_no_name);
}

int
main(void)
{
    return suite_run("reader_windows", add);
}
