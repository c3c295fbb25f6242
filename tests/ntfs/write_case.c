/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the restoring side share. */
#include "write_case.h"

#include <stdio.h>
#include <unistd.h>

char write_image[64];
struct relay_build write_relay;
struct relay_answer write_answer;

const char *const write_plain[]   = {NULL};
const char *const write_copies[]  = {"--copies", NULL};
const char *const write_skip[]    = {"--existing", "skip", NULL};
const char *const write_replace[] = {"--existing", "replace", NULL};

void
write_set_up(void)
{
    (void)snprintf(write_image, sizeof(write_image), "ntfs-write-%ld.img",
                   (long)getpid());
    volume_make(write_image, 32);
}

void
write_tear_down(void)
{
    relay_build_fini(&write_relay);
    (void)unlink(write_image);
}

void
write_run_cut(const char *const *options, const char *directory)
{
    const char *all[8];
    size_t n = 0;

    for (; *options != NULL; options++)
        all[n++] = *options;
    all[n++] = write_image;
    all[n++] = directory;
    all[n]   = NULL;
    relay_run(&write_relay, REEL_NTFS, all, &write_answer);
    ck_assert(write_answer.done);
    volume_check(write_image);
    ck_assert(!volume_has(write_image, RN_PENDING_NAME));
}

void
write_run(const char *const *options, const char *directory)
{
    relay_done(&write_relay);
    write_run_cut(options, directory);
    relay_build_fini(&write_relay);
}

void
write_assert_well(void)
{
    ck_assert_msg(write_answer.status == REEL_OK, "%s", write_answer.text);
    ck_assert_msg(write_answer.notes == 0, "%s", write_answer.note[0].text);
    ck_assert_int_eq(write_answer.exit, 0);
}

struct reel_object
write_kind(enum reel_object_kind k)
{
    return (struct reel_object){.kind = (uint8_t)k, .link_count = 1};
}

uint64_t
write_file(const char *path, const char *content)
{
    struct reel_object o = write_kind(REEL_KIND_FILE);
    uint64_t number;

    o.link_count = 0;
    number       = relay_object(&write_relay, o, path);
    if (*content != '\0')
        relay_stream(&write_relay, REEL_STREAM_DATA, 0, NULL,
                     reel_bytes_of(content));
    relay_end(&write_relay);
    return number;
}

uint64_t
write_link(const char *path, uint64_t target)
{
    struct reel_object o = write_kind(REEL_KIND_LINK);
    uint64_t number;

    o.target = target;
    number   = relay_object(&write_relay, o, path);
    relay_end(&write_relay);
    return number;
}

#define NOISE_BYTES 300001U

struct reel_bytes
write_noise(void)
{
    static uint8_t octets[NOISE_BYTES];
    uint32_t x = 12345;

    for (size_t i = 0; i < sizeof(octets); i++) {
        x         = x * 1664525U + 1013904223U;
        octets[i] = (uint8_t)(x >> 24);
    }
    return (struct reel_bytes){.data = octets, .len = sizeof(octets)};
}

void
write_assert_content(const char *path, const char *content)
{
    ntfs_volume *vol = volume_open(write_image);
    ntfs_inode *ni   = volume_find(vol, path);

    ck_assert_msg(ni != NULL, "%s is not there", path);
    volume_content(ni, NULL, reel_bytes_of(content));
    ck_assert_int_eq(ntfs_inode_close(ni), 0);
    volume_close(vol);
}
