/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The framing of .tap images, spec chapter 0: each word says the same both
 * ways; as a file, the bytes have one row of addresses forward and backward;
 * as a pipe, they are the same until the framing is broken.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reel/medium_tap.h"
#include "reel/tap_frame.h"
#include "reel_fuzz.h"

static void
must(int holds)
{
    if (!holds)
        abort();
}

static void
check_words(const uint8_t *data, size_t size)
{
    for (size_t at = 0; at + REEL_TAP_WORD_BYTES <= size; at++) {
        uint8_t again[REEL_TAP_WORD_BYTES];

        reel_tap_word_encode(again, reel_tap_word_decode(data + at));
        must(memcmp(again, data + at, sizeof(again)) == 0);
    }
}

static void
check_walk(struct reel_medium *m, size_t size)
{
    enum reel_event event = REEL_EVENT_BLOCK;
    int64_t marks         = 0;
    uint64_t address      = 0;
    uint8_t buf[64];
    int64_t passed;
    size_t bytes;

    while (event != REEL_EVENT_END) {
        must(!reel_medium_read(m, buf, sizeof(buf), &event, &bytes, NULL));
        marks += event == REEL_EVENT_FILEMARK;
    }
    must(!reel_medium_tell(m, &address, NULL) && address <= size / 4);
    must(!reel_medium_space_filemarks(m, INT64_MIN, &passed, NULL));
    must(passed == marks);
    must(!reel_medium_tell(m, &address, NULL) && address == 0);
    must(!reel_medium_end_of_data(m, NULL));
}

/* A record that seems cut ends a pipe; a file is looked at for what is proven
   to be framed behind it. */
static void
check_pipe(struct reel_medium *file, int fd)
{
    enum reel_event events[2] = {REEL_EVENT_BLOCK, REEL_EVENT_BLOCK};
    uint8_t bufs[2][64];
    struct reel_medium *pipe = NULL;
    size_t bytes[2];
    bool cut = false;

    must(lseek(fd, 0, SEEK_SET) == 0);
    must(!reel_medium_tap_pipe_new(&pipe, fd, false, REEL_MEDIUM_READ, NULL));
    while (events[1] != REEL_EVENT_END) {
        const enum reel_status status = reel_medium_read(
            pipe, bufs[1], sizeof(bufs[1]), &events[1], &bytes[1], NULL);

        must(!reel_medium_read(file, bufs[0], sizeof(bufs[0]), &events[0],
                               &bytes[0], NULL));
        if (status != REEL_OK) {
            must(events[0] == REEL_EVENT_UNREADABLE);
            break;
        }
        if (cut && events[1] == REEL_EVENT_END)
            break;
        must(events[0] == events[1] && bytes[0] == bytes[1]);
        if (events[0] == REEL_EVENT_BLOCK)
            must(memcmp(bufs[0], bufs[1], bytes[0]) == 0);
        cut = events[1] == REEL_EVENT_UNREADABLE;
    }
    must(!reel_medium_close(pipe, NULL));
    must(!reel_medium_locate(file, 0, NULL));
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    const int fd          = memfd_create("image", MFD_CLOEXEC);
    struct reel_medium *m = NULL;

    check_words(data, size);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    must(!reel_medium_tap_file_new(&m, fd, REEL_MEDIUM_READ, NULL, NULL));
    check_pipe(m, fd);
    check_walk(m, size);
    must(!reel_medium_close(m, NULL));
    return 0;
}
