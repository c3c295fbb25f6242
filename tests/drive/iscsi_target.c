/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The iSCSI side of the emulated drive: brings SCSI commands from the kernel
 * to ssc_drive.c. Section numbers are those of RFC 7143.
 */
#include "iscsi_target.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "big_endian.h"

#define HEADER_BYTES 48u
#define SEGMENT_BYTES_MAX ((size_t)1 << 18) /* we take in one PDU */
#define TRANSFER_BYTES_MAX ((size_t)1 << 25)
#define NO_TAG 0xFFFFFFFFu

enum opcode { /* 11.2.1.2 */
              NOP_OUT         = 0x00,
              SCSI_COMMAND    = 0x01,
              TASK_MANAGEMENT = 0x02,
              LOGIN           = 0x03,
              TEXT            = 0x04,
              DATA_OUT        = 0x05,
              LOGOUT          = 0x06,
              NOP_IN          = 0x20,
              SCSI_RESPONSE   = 0x21,
              TASK_RESPONSE   = 0x22,
              LOGIN_RESPONSE  = 0x23,
              TEXT_RESPONSE   = 0x24,
              DATA_IN         = 0x25,
              LOGOUT_RESPONSE = 0x26,
              READY_TO_SEND   = 0x31
};

/* ---- PDUs ---- */

struct pdu {
    uint8_t header[HEADER_BYTES];
    uint8_t *data; /* of the heap; NULL if there is none */
    size_t data_bytes;
};

static bool
receive_all(int fd, void *buf, size_t bytes)
{
    uint8_t *p = buf;

    while (bytes > 0) {
        const ssize_t n = recv(fd, p, bytes, 0);

        if (n <= 0)
            return false;
        p += n;
        bytes -= (size_t)n;
    }
    return true;
}

static void
pdu_free(struct pdu *p)
{
    free(p->data);
    p->data = NULL;
}

static bool
pdu_receive(struct iscsi_target *s, struct pdu *p)
{
    uint8_t skipped[4 * 255];
    size_t padded;

    p->data = NULL;
    if (!receive_all(s->fd, p->header, HEADER_BYTES) ||
        !receive_all(s->fd, skipped, 4u * p->header[4]))
        return false;
    p->data_bytes = (size_t)get_be(p->header + 5, 3);
    padded        = (p->data_bytes + 3) & ~(size_t)3;
    if (padded == 0)
        return true;
    p->data = malloc(padded + 1);
    if (!p->data)
        return false;
    if (receive_all(s->fd, p->data, padded)) {
        p->data[p->data_bytes] = 0; /* text ends here */
        return true;
    }
    pdu_free(p);
    return false;
}

static bool
send_all(int fd, struct iovec *v, size_t count)
{
    while (count > 0) {
        const struct msghdr m = {.msg_iov = v, .msg_iovlen = count};
        ssize_t n             = sendmsg(fd, &m, MSG_NOSIGNAL);

        if (n < 0)
            return false;
        while (count > 0 && (size_t)n >= v->iov_len) {
            n -= (ssize_t)v->iov_len;
            v++;
            count--;
        }
        if (count > 0) {
            v->iov_base = (uint8_t *)v->iov_base + n;
            v->iov_len -= (size_t)n;
        }
    }
    return true;
}

/*
 * Start a header of ours: opcode, flags, the tag of what is answered, and the
 * sequence numbers. `status` takes a status number.
 */
static void
header_begin(struct iscsi_target *s, uint8_t *h, enum opcode op,
             unsigned int flags, const uint8_t *request, bool status)
{
    memset(h, 0, HEADER_BYTES);
    h[0] = (uint8_t)op;
    h[1] = (uint8_t)flags;
    memcpy(h + 16, request + 16, 4); /* initiator task tag */
    put_be(h + 24, s->stat_sn, 4);
    put_be(h + 28, s->expected_cmd_sn, 4);
    put_be(h + 32, s->expected_cmd_sn + 16, 4);
    if (status)
        s->stat_sn++;
}

static bool
header_send(struct iscsi_target *s, uint8_t *h, uint8_t *data, size_t bytes)
{
    static uint8_t zeros[4];
    struct iovec v[3] = {
        {h, HEADER_BYTES}, {data, bytes}, {zeros, (4 - bytes % 4) % 4}};

    put_be(h + 5, bytes, 3);
    return send_all(s->fd, v, 3);
}

/* ---- login and text, 6 and 13 ---- */

struct text {
    char bytes[2048];
    size_t count;
};

static void
text_add(struct text *t, const char *key, const char *value)
{
    const size_t room = sizeof(t->bytes) - t->count;
    const int n = snprintf(t->bytes + t->count, room, "%s=%s", key, value);

    if (n > 0 && (size_t)n < room)
        t->count += (size_t)n + 1; /* with the NUL */
}

static void
text_add_number(struct text *t, const char *key, size_t value)
{
    char digits[24];

    (void)snprintf(digits, sizeof(digits), "%zu", value);
    text_add(t, key, digits);
}

static size_t
lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Our answer to one key the initiator offers. */
static void
negotiate(struct iscsi_target *s, struct text *t, const char *key,
          const char *value)
{
    static const char *const fixed[][2] = {
        {"HeaderDigest", "None"},   {"DataDigest", "None"},
        {"AuthMethod", "None"},     {"InitialR2T", "Yes"},
        {"ImmediateData", "Yes"},   {"DataPDUInOrder", "Yes"},
        {"MaxConnections", "1"},    {"DataSequenceInOrder", "Yes"},
        {"MaxOutstandingR2T", "1"}, {"ErrorRecoveryLevel", "0"},
        {"DefaultTime2Wait", "2"},  {"DefaultTime2Retain", "0"},
        {"IFMarker", "No"},         {"OFMarker", "No"},
    };
    const size_t number = strtoul(value, NULL, 10);
    size_t i;

    if (strcmp(key, "MaxRecvDataSegmentLength") == 0) {
        s->segment_bytes_max = number;
        text_add_number(t, key, SEGMENT_BYTES_MAX);
    } else if (strcmp(key, "MaxBurstLength") == 0) {
        s->burst_bytes_max = lesser(number, SEGMENT_BYTES_MAX);
        text_add_number(t, key, s->burst_bytes_max);
    } else if (strcmp(key, "FirstBurstLength") == 0) {
        text_add_number(t, key, lesser(number, SEGMENT_BYTES_MAX));
    } else if (strcmp(key, "TargetName") == 0) {
        text_add(t, "TargetPortalGroupTag", "1");
    }
    for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (strcmp(key, fixed[i][0]) == 0)
            text_add(t, key, fixed[i][1]);
}

static bool
login(struct iscsi_target *s, const struct pdu *p)
{
    struct text answer = {.count = 0};
    uint8_t h[HEADER_BYTES];
    size_t off = 0;

    s->expected_cmd_sn = get_be32(p->header + 24);
    while (off < p->data_bytes) {
        char *const key    = (char *)p->data + off;
        char *const equals = strchr(key, '=');

        off += strlen(key) + 1;
        if (!equals)
            continue;
        *equals = 0;
        negotiate(s, &answer, key, equals + 1);
    }
    header_begin(s, h, LOGIN_RESPONSE, p->header[1], p->header, true);
    memcpy(h + 8, p->header + 8, 8); /* ISID, TSIH */
    if ((p->header[1] & 0x83) == 0x83)
        put_be(h + 14, 1, 2); /* into the full feature phase */
    return header_send(s, h, (uint8_t *)answer.bytes, answer.count);
}

/* Discovery: there is one target. */
static bool
text(struct iscsi_target *s, const struct pdu *p)
{
    struct text answer = {.count = 0};
    uint8_t h[HEADER_BYTES];
    char address[40];

    (void)snprintf(address, sizeof(address), "127.0.0.1:%u,1", s->port);
    text_add(&answer, "TargetName", "iqn.2026-01.test:tape");
    text_add(&answer, "TargetAddress", address);
    header_begin(s, h, TEXT_RESPONSE, 0x80, p->header, true);
    put_be(h + 20, NO_TAG, 4);
    return header_send(s, h, (uint8_t *)answer.bytes, answer.count);
}

/* ---- commands, 4 and 11.3 to 11.8 ---- */

/* Ask for the data of a write behind what came with the command. */
static bool
receive_data(struct iscsi_target *s, const uint8_t *request, uint8_t *buf,
             size_t have, size_t want)
{
    uint32_t r2t_sn = 0;
    uint8_t h[HEADER_BYTES];

    while (have < want) {
        const size_t burst = lesser(s->burst_bytes_max, want - have);
        const size_t until = have + burst;

        header_begin(s, h, READY_TO_SEND, 0x80, request, false);
        memcpy(h + 8, request + 8, 8); /* LUN */
        put_be(h + 20, 1, 4);          /* target transfer tag */
        put_be(h + 36, r2t_sn++, 4);
        put_be(h + 40, have, 4);
        put_be(h + 44, burst, 4);
        if (!header_send(s, h, NULL, 0))
            return false;
        while (have < until) {
            struct pdu p;

            if (!pdu_receive(s, &p))
                return false;
            if ((p.header[0] & 0x3F) != DATA_OUT || p.data_bytes == 0 ||
                get_be32(p.header + 40) != have ||
                p.data_bytes > until - have) {
                pdu_free(&p);
                return false;
            }
            memcpy(buf + have, p.data, p.data_bytes);
            have += p.data_bytes;
            pdu_free(&p);
        }
    }
    return true;
}

static bool
send_data(struct iscsi_target *s, const uint8_t *request, uint8_t *data,
          size_t bytes, uint32_t *data_sn)
{
    uint8_t h[HEADER_BYTES];
    size_t off = 0;

    while (off < bytes) {
        const size_t n = lesser(s->segment_bytes_max, bytes - off);

        header_begin(s, h, DATA_IN, off + n == bytes ? 0x80 : 0, request,
                     false);
        put_be(h + 20, NO_TAG, 4);
        put_be(h + 24, 0, 4); /* no status comes with it */
        put_be(h + 36, (*data_sn)++, 4);
        put_be(h + 40, off, 4);
        if (!header_send(s, h, data + off, n))
            return false;
        off += n;
    }
    return true;
}

static bool
respond(struct iscsi_target *s, const uint8_t *request,
        const struct ssc_task *t, size_t residual, uint32_t data_sn)
{
    uint8_t sense[2 + SSC_SENSE_BYTES];
    uint8_t h[HEADER_BYTES];

    put_be(sense, SSC_SENSE_BYTES, 2);
    memcpy(sense + 2, t->sense, SSC_SENSE_BYTES);
    header_begin(s, h, SCSI_RESPONSE, residual > 0 ? 0x82 : 0x80, request,
                 true);
    h[3] = t->failed ? 0x02 : 0x00; /* CHECK CONDITION, GOOD */
    put_be(h + 36, data_sn, 4);
    put_be(h + 44, residual, 4);
    return header_send(s, h, sense, t->failed ? sizeof(sense) : 0);
}

static bool
command(struct iscsi_target *s, const struct pdu *p)
{
    const uint8_t *const request = p->header;
    const bool reads             = request[1] & 0x40;
    const bool writes            = request[1] & 0x20;
    const size_t expected        = get_be32(request + 20);
    struct ssc_task t            = {.cdb = request + 32};
    uint32_t data_sn             = 0;
    uint8_t *data;
    bool alive = false;

    if (expected > TRANSFER_BYTES_MAX || p->data_bytes > expected)
        return false;
    data = malloc(expected + 1);
    if (!data)
        return false;
    if (writes) {
        if (p->data_bytes > 0)
            memcpy(data, p->data, p->data_bytes);
        if (!receive_data(s, request, data, p->data_bytes, expected))
            goto out;
        t.out       = data;
        t.out_bytes = expected;
    } else {
        t.in          = data;
        t.in_capacity = reads ? expected : 0;
    }
    s->execute(s->ctx, &t);
    alive = send_data(s, request, data, t.in_bytes, &data_sn) &&
            respond(s, request, &t, reads ? expected - t.in_bytes : 0, data_sn);
out:
    free(data);
    return alive;
}

/* ---- the connection ---- */

static bool
nop(struct iscsi_target *s, const struct pdu *p)
{
    uint8_t h[HEADER_BYTES];

    if (get_be32(p->header + 16) == NO_TAG)
        return true;
    header_begin(s, h, NOP_IN, 0x80, p->header, true);
    put_be(h + 20, NO_TAG, 4);
    return header_send(s, h, p->data, p->data_bytes);
}

static bool
task_management(struct iscsi_target *s, const struct pdu *p)
{
    const unsigned int function = p->header[1] & 0x7Fu;
    uint8_t h[HEADER_BYTES];

    if (function >= 5 && function <= 7) /* of the unit, of the target */
        s->reset(s->ctx);
    header_begin(s, h, TASK_RESPONSE, 0x80, p->header, true);
    return header_send(s, h, NULL, 0);
}

static bool
answer(struct iscsi_target *s, const struct pdu *p)
{
    const unsigned int op = p->header[0] & 0x3Fu;
    const bool immediate  = p->header[0] & 0x40;
    uint8_t h[HEADER_BYTES];

    if (!immediate && op != DATA_OUT)
        s->expected_cmd_sn = get_be32(p->header + 24) + 1;
    switch (op) {
    case NOP_OUT:
        return nop(s, p);
    case SCSI_COMMAND:
        return command(s, p);
    case TASK_MANAGEMENT:
        return task_management(s, p);
    case LOGIN:
        return login(s, p);
    case TEXT:
        return text(s, p);
    case LOGOUT:
        header_begin(s, h, LOGOUT_RESPONSE, 0x80, p->header, true);
        (void)header_send(s, h, NULL, 0);
        return false;
    default:
        return false;
    }
}

bool
iscsi_target_serve(struct iscsi_target *s)
{
    struct pdu p;
    bool alive;

    if (!pdu_receive(s, &p))
        return false;
    alive = answer(s, &p);
    pdu_free(&p);
    return alive;
}

void
iscsi_target_begin(struct iscsi_target *s, int fd)
{
    const int on = 1;

    iscsi_target_end(s);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    s->fd                = fd;
    s->stat_sn           = 1;
    s->expected_cmd_sn   = 1;
    s->segment_bytes_max = 8192;
    s->burst_bytes_max   = SEGMENT_BYTES_MAX;
}

void
iscsi_target_end(struct iscsi_target *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
}
