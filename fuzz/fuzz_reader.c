/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole reader on an image, spec chapters 2 to 9 and 12: every verb that
 * takes a tape, chosen by how long the input is; octets behind the end of the
 * medium mean nothing else.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reel/catalog_file.h"
#include "reel/dump.h"
#include "reel/info.h"
#include "reel/list.h"
#include "reel/restore.h"
#include "reel_fuzz.h"
#include "tape_input.h"

/* Holes are filled with zeros, however long they are: output is full here. */
#define CONTENT_BYTES_MAX 1048576

static enum reel_status
on_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    (void)ctx;
    (void)err;
    must(item->object != NULL && item->entry != NULL);
    return REEL_OK;
}

static void
on_line(void *ctx, const char *line)
{
    (void)ctx;
    must(strchr(line, '\n') == NULL);
}

static void
on_volume(void *ctx, const struct reel_volume *v)
{
    (void)ctx;
    (void)v;
}

static void
on_archive(void *ctx, uint32_t first, uint32_t last, const struct reel_end *end)
{
    size_t *const told = ctx;

    /* However large a number on the tape is, no more is told than stands
       there. */
    must(++*told <= TAPE_INPUT_BYTES_MAX);
    must(first > 0 && first <= last);
    must(end == NULL || first == last);
}

static void
on_set_volume(void *ctx, uint32_t first, uint32_t last, const char *volume_id)
{
    size_t *const told = ctx;

    must(++*told <= TAPE_INPUT_BYTES_MAX);
    must(first > 0 && first <= last);
    must(first == last || volume_id[0] == '\0');
}

static void
on_plan(void *ctx, const struct reel_plan_volume *v)
{
    (void)ctx;
    must(v->number > 0);
}

static int
content_file(void)
{
    const int fd = memfd_create("content", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    must(fd >= 0 && ftruncate(fd, CONTENT_BYTES_MAX) == 0);
    must(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == 0);
    return fd;
}

static void
read_by(size_t verb, struct reel_access *access)
{
    static const struct reel_dump_options octets = {.octets = true};
    static const struct reel_dump_options blocks = {.blocks_only = true};
    size_t told                                  = 0;
    const struct reel_info_fns fns               = {.ctx        = &told,
                                                    .volume     = on_volume,
                                                    .archive    = on_archive,
                                                    .set_volume = on_set_volume};
    struct reel_restore_result result;
    int fd;

    switch (verb) {
    case 0:
        (void)!reel_list(access, NULL, on_item, NULL, NULL);
        break;
    case 1:
        access->all_archives = true;
        (void)!reel_list(access, NULL, on_item, NULL, NULL);
        break;
    case 2:
        (void)!reel_dump(access, &octets, on_line, NULL, NULL);
        break;
    case 3:
        (void)!reel_dump(access, &blocks, on_line, NULL, NULL);
        break;
    case 4:
        (void)!reel_info(access, &fns, NULL);
        break;
    case 5:
        (void)!reel_restore_plan(access, NULL, on_plan, NULL, NULL);
        break;
    case 6:
        fd = memfd_create("catalog", MFD_CLOEXEC);
        must(fd >= 0);
        (void)!reel_catalog_rebuild(access, fd, NULL);
        (void)close(fd);
        break;
    default:
        fd = content_file();
        (void)!reel_cat(access, NULL, fd, &result, NULL);
        (void)close(fd);
        break;
    }
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_access access = {
        .catalog_fd = -1, .threads = 1, .report = {.fn = tape_input_note}};
    struct reel_memory_tape *const tape = tape_input_new(data, size);

    if (tape == NULL)
        return 0;
    must(!reel_medium_memory_new(&access.medium, tape, REEL_MEDIUM_READ, NULL));
    read_by(size % 8, &access);
    must(!reel_medium_close(access.medium, NULL));
    reel_memory_tape_free(tape);
    return 0;
}
