/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: on a file system of Windows. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reel/reparse.h"
#include "sink_windows_case.h"

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
    struct reel_object o = windows_facts(REEL_KIND_FILE, "a long name", 0x26);

    o.short_name    = windows_units("ALONGN-1");
    o.size          = 4;
    windows_ordinal = 0;
    windows_begin(1, &o);
    windows_stream(REEL_STREAM_SECURITY_DATA, "", descriptor,
                   sizeof(descriptor), REEL_NONE64);
    windows_plain(REEL_STREAM_DATA, "", "text");
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":n:$DATA", "named");
    windows_stream(REEL_STREAM_OBJECT_ID, "", id, sizeof(id), REEL_NONE64);
    windows_stream(REEL_STREAM_EA_DATA, "", one_ea, sizeof(one_ea),
                   REEL_NONE64);
    windows_end();
    o               = windows_facts(REEL_KIND_DIRECTORY, "dir", 0x410);
    windows_ordinal = 0;
    windows_begin(2, &o);
    windows_stream(REEL_STREAM_REPARSE_DATA, "", foreign, sizeof(foreign),
                   REEL_NONE64);
    windows_end();
    o               = windows_facts(REEL_KIND_DIRECTORY, "other", 0x10);
    windows_ordinal = 0;
    windows_begin(3, &o);
    windows_plain(REEL_STREAM_ALTERNATE_DATA, ":d:$DATA", "of a directory");
    windows_end();
    o               = windows_facts(REEL_KIND_FILE, "link", 0x420);
    windows_ordinal = 0;
    windows_begin(4, &o);
    windows_link(REEL_REPARSE_WINDOWS_SYMLINK, true, "other", "other");
    windows_end();
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

/* ---- somebody puts another file where one was placed ---- */

static int race_dir;
static char race_name[16];
static char race_other[16];

static void
swap(void)
{
    (void)renameat(race_dir, race_other, race_dir, race_name);
}

/* Restore one while somebody steps in before call n. True: there was one. */
static bool
race(unsigned long n)
{
    const unsigned long *made;
    struct reel_object o;
    int fd;

    (void)snprintf(race_name, sizeof(race_name), "file %lu", n);
    (void)snprintf(race_other, sizeof(race_other), "other %lu", n);
    fd = openat(race_dir, race_other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "other", 5), 5);
    (void)close(fd);
    o               = windows_facts(REEL_KIND_FILE, race_name, 0x26);
    o.short_name    = windows_units("SHORT-1");
    o.size          = 4;
    windows_ordinal = 0;
    p.calls         = probe_calls_interrupted(n, swap, false, &made);
    probe_start(&p);
    windows_begin(1, &o);
    windows_plain(REEL_STREAM_DATA, "", "text");
    windows_end();
    OK(probe_stop(&p));
    return *made >= n;
}

START_TEST(what_took_its_place_gets_nothing)
{
    unsigned long n;
    char full[96];
    char name[16];
    struct stat st;

    OK(probe_stop(&p));
    race_dir = open_ntfs();
    if (race_dir < 0) {
        (void)printf("SKIPPED: NTFS cannot be mounted here\n");
        probe_start(&p);
        return;
    }
    p.options.dir_fd = race_dir;
    for (n = 1; race(n); n++) {
        (void)snprintf(full, sizeof(full), "/proc/self/fd/%d/%s", race_dir,
                       race_name);
        ck_assert_int_eq(lstat(full, &st), 0);
        ck_assert_int_eq(st.st_size, 5);
        ck_assert_int_le(
            lgetxattr(full, "system.ntfs_dos_name", name, sizeof(name)), 0);
    }
    ck_assert_uint_gt(n, 10);
    (void)snprintf(full, sizeof(full), "/proc/self/fd/%d/%s", race_dir,
                   race_name); /* nobody stepped in */
    ck_assert_int_eq(
        lgetxattr(full, "system.ntfs_dos_name", name, sizeof(name)), 7);
    p.calls = NULL;
    (void)close(race_dir);
    p.options.dir_fd = p.dir_fd;
    probe_start(&p);
}
END_TEST

static void
add(TCase *t)
{
    windows_fixture(t);
    tcase_add_test(t, ntfs_3g_takes_all);
    tcase_add_test(t, what_took_its_place_gets_nothing);
}

int
main(void)
{
    return suite_run("sink_windows_ntfs", add);
}
