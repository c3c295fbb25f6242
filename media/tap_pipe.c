/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .tap pipe backend of the medium interface; spec chapters 0 and 2. What
 * is not asked for is read and dropped; nothing can be looked at twice, so a
 * broken framing ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "medium_ops.h"
#include "reel/alloc.h"
#include "reel/medium_tap.h"
#include "tap_parts.h"
#include "whole_io.h"

#define DROP_BYTES 65536u
#define PIPE_BYTES (1 << 20)

struct tap_pipe {
    struct reel_medium base;
    int fd;
    bool close_fd;
    bool ended; /* nothing more comes, or can be written */
    uint64_t address;
    uint64_t off; /* octets read or written, for messages */
    uint8_t drop[DROP_BYTES];
};

static struct reel_pos
here(const struct tap_pipe *p)
{
    return (struct reel_pos){.block = p->address};
}

static enum reel_status
pipe_failed(const struct tap_pipe *p, const char *what, struct reel_err *err)
{
    const struct reel_pos pos = here(p);

    return reel_io_fail(err, &pos, what, errno);
}

/* ---- reading ---- */

static enum reel_status
need_reader(const struct tap_pipe *p, struct reel_err *err)
{
    if (p->base.mode == REEL_MEDIUM_READ)
        return REEL_OK;
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "what was written to a pipe cannot be read back");
}

/* Fill iov. Fewer octets than `bytes` mean that the pipe has ended. */
static enum reel_status
take(struct tap_pipe *p, struct iovec *iov, int count, size_t bytes,
     struct reel_err *err)
{
    size_t done;

    if (!reel_io_read(p->fd, iov, count, REEL_IO_STREAM, &done))
        return pipe_failed(p, "reading the pipe", err);
    p->off += done;
    p->ended = done < bytes;
    return REEL_OK;
}

static enum reel_status
take_word(struct tap_pipe *p, struct reel_tap_word *word, struct reel_err *err)
{
    uint8_t octets[REEL_TAP_WORD_BYTES];
    struct iovec iov = {octets, sizeof(octets)};

    REEL_TRY(take(p, &iov, 1, sizeof(octets), err));
    if (!p->ended)
        *word = reel_tap_word_decode(octets);
    return REEL_OK;
}

/* Read and drop `bytes`, or what there is of them. */
static enum reel_status
drop(struct tap_pipe *p, size_t bytes, struct reel_err *err)
{
    while (bytes > 0 && !p->ended) {
        const size_t n   = bytes < DROP_BYTES ? bytes : DROP_BYTES;
        struct iovec iov = {p->drop, n};

        REEL_TRY(take(p, &iov, 1, n, err));
        bytes -= n;
    }
    return REEL_OK;
}

static enum reel_status
framing_lost(const struct tap_pipe *p, struct reel_err *err)
{
    const struct reel_pos pos = here(p);

    return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                     "the framing of the image is broken before byte %llu; "
                     "copy it to a file to read what is behind",
                     (unsigned long long)p->off);
}

/* The filling and the word behind a record, which must be `front` again. */
static enum reel_status
take_back_word(struct tap_pipe *p, struct reel_tap_word front,
               struct reel_err *err)
{
    struct reel_tap_word back = front;

    REEL_TRY(drop(p, reel_tap_filling(front.bytes), err));
    if (p->ended)
        return REEL_OK;
    REEL_TRY(take_word(p, &back, err));
    if (!p->ended && (back.kind != front.kind || back.bytes != front.bytes))
        return framing_lost(p, err);
    return REEL_OK;
}

static enum reel_status
read_record(struct tap_pipe *p, struct reel_tap_word front, void *buf,
            size_t capacity, enum reel_event *event, size_t *block_bytes,
            struct reel_err *err)
{
    const bool fits  = front.bytes <= capacity;
    struct iovec iov = {buf, front.bytes};

    if (fits)
        REEL_TRY(take(p, &iov, 1, front.bytes, err));
    else
        REEL_TRY(drop(p, front.bytes, err));
    if (!p->ended)
        REEL_TRY(take_back_word(p, front, err));
    *event = fits ? REEL_EVENT_BLOCK : REEL_EVENT_TOO_LONG;
    if (p->ended || front.kind == REEL_TAP_BAD_RECORD)
        *event = REEL_EVENT_UNREADABLE;
    else
        *block_bytes = front.bytes;
    p->address++;
    return REEL_OK;
}

/* The next word that is not a gap; none when the pipe has ended. */
static enum reel_status
next_word(struct tap_pipe *p, struct reel_tap_word *word, struct reel_err *err)
{
    *word = (struct reel_tap_word){REEL_TAP_GAP, 0};
    while (!p->ended && word->kind == REEL_TAP_GAP)
        REEL_TRY(take_word(p, word, err));
    if (word->kind == REEL_TAP_MEDIUM_END)
        p->ended = true;
    return REEL_OK;
}

static enum reel_status
tap_pipe_read(void *state, void *buf, size_t capacity, enum reel_event *event,
              size_t *block_bytes, struct reel_err *err)
{
    struct tap_pipe *p = state;
    struct reel_tap_word word;

    REEL_TRY(need_reader(p, err));
    REEL_TRY(next_word(p, &word, err));
    *block_bytes = 0;
    *event       = REEL_EVENT_END;
    if (p->ended)
        return REEL_OK;
    if (word.kind == REEL_TAP_RESERVED)
        return framing_lost(p, err);
    if (word.kind != REEL_TAP_MARK)
        return read_record(p, word, buf, capacity, event, block_bytes, err);
    *event = REEL_EVENT_FILEMARK;
    p->address++;
    return REEL_OK;
}

/* ---- moving ---- */

static enum reel_status
pass(struct tap_pipe *p, enum reel_event *event, struct reel_err *err)
{
    size_t bytes;

    return tap_pipe_read(p, NULL, 0, event, &bytes, err);
}

static enum reel_status
tap_pipe_space(void *state, int64_t count, int64_t *passed,
               struct reel_err *err)
{
    struct tap_pipe *p    = state;
    enum reel_event event = REEL_EVENT_BLOCK;

    while (*passed < count && event != REEL_EVENT_END) {
        REEL_TRY(pass(p, &event, err));
        *passed += event == REEL_EVENT_FILEMARK;
    }
    return REEL_OK;
}

static enum reel_status
tap_pipe_locate(void *state, uint64_t address, struct reel_err *err)
{
    struct tap_pipe *p    = state;
    enum reel_event event = REEL_EVENT_BLOCK;
    struct reel_pos pos;

    if (address < p->address)
        return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                         "a pipe cannot go backward");
    while (p->address < address && event != REEL_EVENT_END)
        REEL_TRY(pass(p, &event, err));
    if (p->address == address)
        return REEL_OK;
    pos = here(p);
    return reel_fail(err, REEL_E_TRUNCATED, &pos, NULL,
                     "the image ends before address %llu",
                     (unsigned long long)address);
}

static enum reel_status
tap_pipe_tell(void *state, uint64_t *address, struct reel_err *err)
{
    const struct tap_pipe *p = state;

    (void)err;
    *address = p->address;
    return REEL_OK;
}

/* Never called: medium.c refuses it where nothing can be located. */
static enum reel_status
tap_pipe_end_of_data(void *state, struct reel_err *err)
{
    (void)state;
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "a pipe has no end that one can go to");
}

/* ---- writing ---- */

static enum reel_status
put(struct tap_pipe *p, struct iovec *iov, int count, struct reel_err *err)
{
    size_t done;

    if (p->ended) {
        const struct reel_pos pos = here(p);

        return reel_fail(err, REEL_E_MEDIUM, &pos, NULL,
                         "nothing can follow the block cut short before");
    }
    if (!reel_io_write(p->fd, iov, count, REEL_IO_STREAM, &done)) {
        /* What went out of an object cannot be taken back. */
        p->ended = done > 0;
        return pipe_failed(p, "writing the pipe", err);
    }
    p->off += done;
    p->address++;
    return REEL_OK;
}

static enum reel_status
tap_pipe_write(void *state, const void *buf, size_t bytes, struct reel_err *err)
{
    struct reel_tap_parts parts;

    reel_tap_parts_init(&parts, buf, (uint32_t)bytes);
    return put(state, parts.iov, REEL_TAP_PARTS, err);
}

static enum reel_status
tap_pipe_filemark(void *state, struct reel_err *err)
{
    uint8_t mark[REEL_TAP_WORD_BYTES];
    struct iovec iov = {mark, sizeof(mark)};

    reel_tap_word_encode(mark, (struct reel_tap_word){REEL_TAP_MARK, 0});
    return put(state, &iov, 1, err);
}

static bool
tap_pipe_early_warning(const void *state)
{
    (void)state;
    return false;
}

/* It may be a file, and that may be too slow to tell of a failure before. */
static bool
keeps_file(const struct tap_pipe *p)
{
    struct stat st;

    return p->base.mode != REEL_MEDIUM_WRITE || fstat(p->fd, &st) != 0 ||
           !S_ISREG(st.st_mode) || fdatasync(p->fd) == 0;
}

static enum reel_status
tap_pipe_close(void *state, struct reel_err *err)
{
    struct tap_pipe *p      = state;
    enum reel_status status = REEL_OK;

    if (!keeps_file(p))
        status = pipe_failed(p, "syncing the image", err);
    if (p->close_fd && close(p->fd) != 0 && errno != EINTR)
        status = pipe_failed(p, "closing the pipe", err);
    reel_free(p);
    return status;
}

static const struct reel_medium_ops tap_pipe_ops = {
    .read            = tap_pipe_read,
    .write           = tap_pipe_write,
    .filemark        = tap_pipe_filemark,
    .space_filemarks = tap_pipe_space,
    .locate          = tap_pipe_locate,
    .tell            = tap_pipe_tell,
    .end_of_data     = tap_pipe_end_of_data,
    .early_warning   = tap_pipe_early_warning,
    .close           = tap_pipe_close,
};

enum reel_status
reel_medium_tap_pipe_new(struct reel_medium **out, int fd, bool close_fd,
                         enum reel_medium_mode mode, struct reel_err *err)
{
    struct tap_pipe *p = reel_alloc_array(1, sizeof(*p));

    if (!p)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the pipe");
    p->base.ops                  = &tap_pipe_ops;
    p->base.state                = p;
    p->base.mode                 = mode;
    p->base.info.write_protected = mode != REEL_MEDIUM_WRITE;
    p->base.info.block_bytes_max = REEL_TAP_RECORD_BYTES_MAX;
    p->fd                        = fd;
    p->close_fd                  = close_fd;
#ifdef F_SETPIPE_SZ
    /* Faster, and no harm where it is refused or no pipe. */
    (void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
#endif
    *out = &p->base;
    return REEL_OK;
}
