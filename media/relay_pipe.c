/* SPDX-License-Identifier: Apache-2.0 */
/* Chapter 5's records between programs: reading and writing whole ones. */
#include "relay_pipe.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"

static enum reel_status
system_failed(struct reel_err *err, const char *what)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s the pipe: %s", what,
                     strerror(errno));
}

/* Fill buf; *got is less than len only at the end of the stream. */
static enum reel_status
read_all(int fd, uint8_t *buf, size_t len, size_t *got, struct reel_err *err)
{
    *got = 0;
    while (*got < len) {
        const ssize_t n = read(fd, buf + *got, len - *got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_failed(err, "reading from");
        if (n == 0)
            return REEL_OK;
        *got += (size_t)n;
    }
    return REEL_OK;
}

static enum reel_status
cut_short(struct reel_err *err)
{
    return reel_fail(err, REEL_E_TRUNCATED, NULL, "R-1",
                     "the other program ended inside a record");
}

static enum reel_status
make_room(struct reel_relay_reader *r, struct reel_err *err)
{
    if (r->buf != NULL)
        return REEL_OK;
    r->buf = reel_alloc_array(REEL_RELAY_RECORD_BYTES_MAX, 1);
    if (r->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the other program's records");
    r->capacity = REEL_RELAY_RECORD_BYTES_MAX;
    return REEL_OK;
}

/* The length of the payload, from the header in the buffer. */
static enum reel_status
payload_bytes(const struct reel_relay_reader *r, size_t *bytes,
              struct reel_err *err)
{
    struct reel_cursor c =
        reel_cursor_init(r->buf, REEL_RECORD_HEADER_BYTES, NULL);

    (void)reel_get_le32(&c);
    *bytes = reel_get_le32(&c);
    if (*bytes > r->capacity - REEL_RECORD_HEADER_BYTES)
        return reel_fail(err, REEL_E_LIMIT, NULL, "R-3",
                         "the other program sent a record of %zu octets",
                         *bytes);
    return REEL_OK;
}

enum reel_status
reel_relay_read(struct reel_relay_reader *r, struct reel_record *out,
                struct reel_err *err)
{
    struct reel_cursor c;
    enum reel_status status;
    size_t bytes;
    size_t got;

    REEL_TRY(make_room(r, err));
    REEL_TRY(read_all(r->fd, r->buf, REEL_RECORD_HEADER_BYTES, &got, err));
    if (got == 0)
        return REEL_END;
    if (got < REEL_RECORD_HEADER_BYTES)
        return cut_short(err);
    REEL_TRY(payload_bytes(r, &bytes, err));
    REEL_TRY(
        read_all(r->fd, r->buf + REEL_RECORD_HEADER_BYTES, bytes, &got, err));
    if (got < bytes)
        return cut_short(err);
    c      = reel_cursor_init(r->buf, REEL_RECORD_HEADER_BYTES + bytes, NULL);
    status = reel_record_next(out, &c, err);
    return status == REEL_END ? cut_short(err) : status;
}

void
reel_relay_reader_fini(struct reel_relay_reader *r)
{
    reel_free(r->buf);
    r->buf = NULL;
}

enum reel_status
reel_relay_write(int fd, struct reel_bytes octets, struct reel_err *err)
{
    while (octets.len > 0) {
        const ssize_t n = write(fd, octets.data, octets.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_failed(err, "writing to");
        octets.data += n;
        octets.len -= (size_t)n;
    }
    return REEL_OK;
}
