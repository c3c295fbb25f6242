/* SPDX-License-Identifier: Apache-2.0 */
/* Program: what is done outside of the fence; no spec chapter. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper.h"
#include "volume_open.h"

#define LOOK_MS 50 /* how often it is looked whether to stop */
#define TEXT_BYTES 256

enum order { BRING, OPEN, RUN_NTFS, END_NTFS, END_KEPT, FIND_OWNER };

/* What the one behind the fence says: nothing in it is believed. */
struct request {
    enum order order;
    uint32_t number;
    int flags; /* for open */
    bool again;
    bool whole;
    bool group;
    bool has_set;
    bool has_label;
    bool has_refused;
    uint8_t set_id[REEL_SET_ID_BYTES];
    char label[TEXT_BYTES]; /* or the name of an owner */
    char refused[TEXT_BYTES];
};

struct reply {
    enum reel_status status;
    int error; /* errno */
    uint32_t id;
    char text[sizeof(((struct reel_err *)NULL)->text)];
};

/* A message with up to two descriptors. */
union ancillary {
    char octets[CMSG_SPACE(2 * sizeof(int))];
    struct cmsghdr align;
};

/* --------------------------------------------------------- outside: orders */

struct outside {
    struct cli_keeper *k;
    struct cli_helper helper;
    int fds[2]; /* to send; -1: none, or no second one */
};

static void
refuse(struct reply *r, const char *text)
{
    r->status = REEL_E_MISUSE;
    (void)snprintf(r->text, sizeof(r->text), "%s", text);
}

static void
bring(struct outside *o, const struct request *q, struct reply *r)
{
    const struct reel_volume_wish wish = {
        .number    = q->number,
        .set_id    = q->has_set ? q->set_id : NULL,
        .volume_id = q->has_label ? q->label : NULL,
        .refused   = q->has_refused ? q->refused : NULL};
    struct reel_err err = {0};

    if (!o->k->work.volumes) {
        refuse(r, "no volumes are to be brought");
        return;
    }
    r->status = cli_volumes_bring(o->k->work.volumes, &wish, q->again, &err);
    memcpy(r->text, err.text, sizeof(r->text));
}

static void
open_volume(struct outside *o, const struct request *q, struct reply *r)
{
    const struct cli_keeper_work *work = &o->k->work;

    errno = EPERM;
    if (work->volumes)
        o->fds[0] = cli_volumes_open_one(work->volumes, q->number, q->flags);
    else if (q->number < work->image_count)
        o->fds[0] = cli_volume_open(work->images[q->number], q->flags);
    r->error = o->fds[0] < 0 ? errno : 0;
}

static void
run_ntfs(struct outside *o, struct reply *r)
{
    struct reel_err err = {0};

    if (!o->k->work.ntfs || o->helper.pid != 0) {
        refuse(r, "reel-ntfs is not to be run");
        return;
    }
    r->status = cli_ntfs_start(o->k->work.ntfs, &o->helper, &err);
    memcpy(r->text, err.text, sizeof(r->text));
    if (r->status != REEL_OK)
        return;
    o->fds[0]      = o->helper.to;
    o->fds[1]      = o->helper.from;
    o->helper.to   = -1;
    o->helper.from = -1;
}

static void
end_ntfs(struct outside *o, struct reply *r)
{
    struct reel_err err = {0};

    r->status = cli_helper_end(&o->helper, true, &err);
    memcpy(r->text, err.text, sizeof(r->text));
}

static void
end_kept(struct outside *o, bool whole, struct reply *r)
{
    struct cli_kept_file *kept = o->k->work.kept;

    if (kept && !cli_kept_file_end(kept, whole))
        r->error = errno;
}

static void
find_owner(const struct request *q, struct reply *r)
{
    r->error = reel_owner_find(q->group, q->label, &r->id);
}

static void
obey(struct outside *o, struct request *q, struct reply *r)
{
    q->label[TEXT_BYTES - 1]   = '\0';
    q->refused[TEXT_BYTES - 1] = '\0';
    switch (q->order) {
    case BRING:
        bring(o, q, r);
        return;
    case OPEN:
        open_volume(o, q, r);
        return;
    case RUN_NTFS:
        run_ntfs(o, r);
        return;
    case END_NTFS:
        end_ntfs(o, r);
        return;
    case END_KEPT:
        end_kept(o, q->whole, r);
        return;
    case FIND_OWNER:
        find_owner(q, r);
        return;
    }
    refuse(r, "there is no such order");
}

/* --------------------------------------------------------------- messages */

static bool
send_reply(struct outside *o, struct reply *r)
{
    struct iovec part       = {r, sizeof(*r)};
    union ancillary with    = {{0}};
    struct msghdr message   = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *control = &with.align;
    const size_t bytes      = (o->fds[1] >= 0 ? 2 : 1) * sizeof(int);
    ssize_t n;

    if (o->fds[0] >= 0) {
        message.msg_control    = &with;
        message.msg_controllen = CMSG_SPACE(bytes);
        control->cmsg_level    = SOL_SOCKET;
        control->cmsg_type     = SCM_RIGHTS;
        control->cmsg_len      = CMSG_LEN(bytes);
        memcpy(CMSG_DATA(control), o->fds, bytes);
    }
    do
        n = sendmsg(o->k->fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    for (int i = 0; i < 2; i++) {
        if (o->fds[i] >= 0)
            (void)close(o->fds[i]);
        o->fds[i] = -1;
    }
    return n == (ssize_t)sizeof(*r);
}

/* Descriptors only where `fds` are wanted. */
static bool
receive(int socket_fd, void *out, size_t bytes, int fds[2])
{
    struct iovec part     = {out, bytes};
    union ancillary with  = {{0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    size_t control_bytes;
    ssize_t n;

    if (fds) {
        message.msg_control    = &with;
        message.msg_controllen = sizeof(with);
    }
    do
        n = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)bytes)
        return false;
    control_bytes = message.msg_controllen > 0 ? with.align.cmsg_len : 0;
    if (fds && (control_bytes == CMSG_LEN(sizeof(int)) ||
                control_bytes == CMSG_LEN(2 * sizeof(int))))
        memcpy(fds, CMSG_DATA(&with.align), control_bytes - CMSG_LEN(0));
    return true;
}

/* -------------------------------------------------------- outside: its life */

static void
hear_signal(int number)
{
    (void)number; /* whoever is behind the fence acts upon it */
}

/* Signals are for the other one; what is run gets them as ever. */
static void
ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction hear;
    struct sigaction was;

    memset(&hear, 0, sizeof(hear));
    hear.sa_handler = hear_signal;
    hear.sa_flags   = SA_RESTART;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (sigaction(signals[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &hear, NULL);
    }
}

/* Keep nothing that the other one has open: whoever waits for the end of its
   output must not wait for ours. Standard error is for what is run. */
static void
close_others(struct cli_keeper *k)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
    }
    if (k->fd > 3) {
        (void)dup3(k->fd, 3, O_CLOEXEC);
        k->fd = 3;
    }
    for (long fd = 4, end = sysconf(_SC_OPEN_MAX);
         close_range(4, ~0U, 0) != 0 && fd < end; fd++)
        (void)close((int)fd);
    if (k->work.kept)
        k->work.kept->fd = -1;
}

_Noreturn static void
live(struct cli_keeper *k)
{
    struct outside o = {
        .k = k, .helper = {.to = -1, .from = -1}, .fds = {-1, -1}};
    struct reel_err err;
    struct request q;
    struct reply r;

    ignore_signals();
    close_others(k);
    if (k->work.volumes) {
        k->work.volumes->changer.stop = k->stop;
        k->work.volumes->keeper       = NULL;
    }
    while (receive(k->fd, &q, sizeof(q), NULL)) {
        memset(&r, 0, sizeof(r));
        obey(&o, &q, &r);
        if (!send_reply(&o, &r))
            break;
    }
    /* The other one is gone, in whatever way. */
    if (cli_helper_end(&o.helper, true, &err) != REEL_OK)
        o.helper.pid = 0; /* there is nobody left to tell */
    if (k->work.kept)
        (void)cli_kept_file_end(k->work.kept, false);
    if (k->work.temporary)
        (void)rmdir(k->work.temporary);
    _exit(0);
}

/* ------------------------------------------------------------------ inside */

static bool
send_request(struct cli_keeper *k, const struct request *q)
{
    struct iovec part     = {(void *)(uintptr_t)q, sizeof(*q)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n;

    do
        n = sendmsg(k->fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof(*q);
}

/* Pass on what we are told to stop. */
static void
wait_for_reply(struct cli_keeper *k)
{
    struct pollfd ready = {.fd = k->fd, .events = POLLIN};

    while (poll(&ready, 1, LOOK_MS) <= 0) {
        if (*cli_stop_flag())
            *k->stop = 1;
    }
}

/* False: there is nobody any more. */
static bool
ask(struct cli_keeper *k, const struct request *q, struct reply *r, int fds[2])
{
    bool heard;

    (void)pthread_mutex_lock(&k->lock);
    heard = send_request(k, q);
    if (heard) {
        wait_for_reply(k);
        heard = receive(k->fd, r, sizeof(*r), fds);
    }
    (void)pthread_mutex_unlock(&k->lock);
    return heard;
}

static enum reel_status
ask_status(struct cli_keeper *k, const struct request *q, int fds[2],
           struct reel_err *err)
{
    struct reply r;

    if (!ask(k, q, &r, fds))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the process that runs commands for us has died");
    if (r.status == REEL_OK)
        return REEL_OK;
    (void)reel_fail(err, r.status, NULL, NULL, "%s", r.text);
    return r.status;
}

static void
put_text(char out[TEXT_BYTES], bool *has, const char *text)
{
    *has = text != NULL;
    if (text)
        (void)snprintf(out, TEXT_BYTES, "%s", text);
}

enum reel_status
cli_keeper_bring(struct cli_keeper *k, const struct reel_volume_wish *wish,
                 bool again, struct reel_err *err)
{
    struct request q = {.order = BRING, .number = wish->number, .again = again};

    q.has_set = wish->set_id != NULL;
    if (wish->set_id)
        memcpy(q.set_id, wish->set_id, sizeof(q.set_id));
    put_text(q.label, &q.has_label, wish->volume_id);
    put_text(q.refused, &q.has_refused, wish->refused);
    return ask_status(k, &q, NULL, err);
}

int
cli_keeper_open(struct cli_keeper *k, uint32_t number, int flags)
{
    const struct request q = {.order = OPEN, .number = number, .flags = flags};
    int fds[2]             = {-1, -1};
    struct reply r         = {0};

    if (!ask(k, &q, &r, fds))
        r.error = EPIPE;
    errno = r.error;
    return fds[0];
}

enum reel_status
cli_keeper_run_ntfs(struct cli_keeper *k, int *to, int *from,
                    struct reel_err *err)
{
    const struct request q = {.order = RUN_NTFS};
    int fds[2]             = {-1, -1};

    REEL_TRY(ask_status(k, &q, fds, err));
    *to   = fds[0];
    *from = fds[1];
    return REEL_OK;
}

enum reel_status
cli_keeper_end_ntfs(struct cli_keeper *k, struct reel_err *err)
{
    const struct request q = {.order = END_NTFS};

    return ask_status(k, &q, NULL, err);
}

bool
cli_keeper_end_kept(struct cli_keeper *k, bool whole)
{
    struct request q = {.order = END_KEPT, .whole = whole};
    struct reply r   = {.error = EIO};
    const int fd     = k->work.kept->fd;
    int error        = 0;

    if (whole && fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    k->work.kept->fd = -1;
    q.whole          = whole && error == 0;
    if (!ask(k, &q, &r, NULL))
        r.error = EPIPE;
    cli_kept_file_forget(k->work.kept);
    errno = error != 0 ? error : r.error;
    return errno == 0;
}

static int
find(void *ctx, bool group, const char *name, uint32_t *id)
{
    struct cli_keeper *k = ctx;
    struct request q     = {.order = FIND_OWNER, .group = group};
    struct reply r;

    put_text(q.label, &q.has_label, name);
    if (strlen(name) >= sizeof(q.label))
        return ENOENT;
    if (!ask(k, &q, &r, NULL))
        return EPIPE;
    *id = r.id;
    return r.error;
}

/* The flag of both. */
static volatile int *
share_flag(void)
{
    void *const at = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static void
drop_flag(struct cli_keeper *k)
{
    if (k->stop)
        (void)munmap((void *)(uintptr_t)k->stop, sizeof(int));
    k->stop = NULL;
}

bool
cli_keeper_begin(struct cli_keeper *k, const struct cli_keeper_work *work)
{
    int ends[2];
    int error;

    *k = (struct cli_keeper){.work = *work, .fd = -1, .stop = share_flag()};
    if (!k->stop)
        return false;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        error = errno;
        drop_flag(k);
        errno = error;
        return false;
    }
    (void)fflush(NULL);
    k->pid = fork();
    if (k->pid == 0) {
        (void)close(ends[0]);
        k->fd = ends[1];
        live(k);
    }
    error = errno;
    (void)close(ends[1]);
    k->fd = ends[0];
    if (k->pid < 0) {
        (void)close(k->fd);
        k->fd = -1;
        drop_flag(k);
        errno = error;
        return false;
    }
    (void)pthread_mutex_init(&k->lock, NULL);
    k->owners = (struct reel_owner_lookup){.ctx = k, .find = find};
    return true;
}

void
cli_keeper_end(struct cli_keeper *k)
{
    struct reply r;

    if (k->fd < 0)
        return;
    /* Its end of the socket closes when it has cleared up. */
    (void)shutdown(k->fd, SHUT_WR);
    (void)receive(k->fd, &r, sizeof(r), NULL);
    (void)close(k->fd);
    k->fd = -1;
    drop_flag(k);
    (void)pthread_mutex_destroy(&k->lock);
}
