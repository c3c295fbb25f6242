/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssc_target PORT SOCKET: a tape drive with eight cartridges, for the kernel's
 * st driver over iSCSI on 127.0.0.1:PORT, steered by a test over the UNIX
 * socket SOCKET. One command a line, one line of answer, "ok ..." or "error";
 * README.md lists them. Contents live in memory and end with the program.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "iscsi_target.h"

#define LINE_BYTES 256
#define HOSTS 4 /* tests that are connected at once */

/* A test that is connected. */
struct host {
    int fd; /* -1: free */
    char line[LINE_BYTES];
    size_t line_bytes;
};

/* Something that will happen. */
struct countdown {
    unsigned long left;   /* so many more commands; 0: never */
    unsigned long number; /* of the tape they are counted on; 0: any */
};

struct target {
    struct ssc_drive drive;
    struct iscsi_target iscsi;
    int iscsi_fd;   /* listens */
    int control_fd; /* listens */
    struct host hosts[HOSTS];
    struct countdown reset_in; /* reads and writes */
    struct countdown hold_in;  /* writes */
    bool held;                 /* a write waits for `release` */
};

/* ---- the test's commands ---- */

/* The cartridge with a number from the test; NULL: none. */
static struct cartridge *
cartridge(struct target *g, unsigned long number)
{
    return number >= 1 && number <= SSC_CARTRIDGES
               ? g->drive.cartridges[number - 1]
               : NULL;
}

/* blank N [CAPACITY [WARNING [ONTAPE [ONCE]]]] */
static bool
control_blank(struct target *g, const unsigned long *n, unsigned int count)
{
    struct cartridge *old = cartridge(g, n[0]);
    struct cartridge *c;

    if (n[0] < 1 || n[0] > SSC_CARTRIDGES)
        return false;
    c = cartridge_new((unsigned int)n[0]);
    if (!c)
        return false;
    if (count > 1 && n[1] > 0)
        c->capacity_bytes = n[1];
    c->warning_bytes  = count > 2 ? n[2] : 0;
    c->warned_on_tape = count > 3 && n[3];
    c->write_once     = count > 4 && n[4];
    if (old && g->drive.inserted == old)
        ssc_drive_insert(&g->drive, NULL);
    cartridge_free(old);
    g->drive.cartridges[n[0] - 1] = c;
    return true;
}

/* insert N: what is in comes out before. */
static bool
control_insert(struct target *g, const unsigned long *n, unsigned int count)
{
    struct cartridge *const c = cartridge(g, n[0]);

    (void)count;
    if (!c)
        return false;
    ssc_drive_insert(&g->drive, c);
    return true;
}

static bool
control_eject(struct target *g, const unsigned long *n, unsigned int count)
{
    (void)n;
    (void)count;
    ssc_drive_insert(&g->drive, NULL);
    return true;
}

/* protect N 0|1 */
static bool
control_protect(struct target *g, const unsigned long *n, unsigned int count)
{
    struct cartridge *const c = cartridge(g, n[0]);

    if (!c || count < 2)
        return false;
    c->write_protected = n[1];
    return true;
}

/* spoil N ADDRESS [1: with ILI, 2: stuck] */
static bool
control_spoil(struct target *g, const unsigned long *n, unsigned int count)
{
    static const enum cartridge_fault faults[] = {
        CARTRIDGE_UNREADABLE, CARTRIDGE_UNREADABLE_ILI, CARTRIDGE_STUCK};
    struct cartridge *const c = cartridge(g, n[0]);
    const unsigned long kind  = count > 2 ? n[2] : 0;

    if (!c || count < 2 || n[1] >= c->count || kind > 2 ||
        c->records[n[1]].filemark)
        return false;
    c->records[n[1]].fault = faults[kind];
    return true;
}

/* loseend N */
static bool
control_lose_end(struct target *g, const unsigned long *n, unsigned int count)
{
    struct cartridge *const c = cartridge(g, n[0]);

    (void)count;
    if (!c)
        return false;
    c->end_lost = true;
    return true;
}

/* count N: records and filemarks on it. */
static bool
control_count(struct target *g, unsigned long *n, unsigned int count)
{
    const struct cartridge *const c = cartridge(g, n[0]);

    (void)count;
    if (!c)
        return false;
    n[0] = c->count;
    return true;
}

/* alert FLAG 0|1 */
static bool
control_alert(struct target *g, const unsigned long *n, unsigned int count)
{
    if (count < 2 || n[0] < 1 || n[0] > SSC_ALERTS)
        return false;
    g->drive.alerts[n[0]] = n[1];
    return true;
}

static bool
control_set(struct target *g, const char *verb, const unsigned long *n)
{
    if (strcmp(verb, "reset") == 0)
        ssc_drive_reset(&g->drive);
    else if (strcmp(verb, "resetin") == 0)
        g->reset_in = (struct countdown){n[0], n[1]};
    else if (strcmp(verb, "holdin") == 0)
        g->hold_in = (struct countdown){n[0], n[1]};
    else if (strcmp(verb, "release") == 0)
        g->held = false;
    else if (strcmp(verb, "loading") == 0)
        g->drive.loading = (unsigned int)n[0];
    else if (strcmp(verb, "fixed") == 0)
        g->drive.block_bytes = (uint32_t)n[0];
    else if (strcmp(verb, "octets") == 0)
        g->drive.protection_octets = n[0];
    else if (strcmp(verb, "encrypted") == 0)
        g->drive.encrypted = n[0];
    else
        return false;
    return true;
}

/* Do one command; the number for the answer stands in n[0] behind it. */
static bool
control_do(struct target *g, const char *verb, unsigned long *n,
           unsigned int count)
{
    static const struct {
        const char *verb;
        bool (*run)(struct target *g, const unsigned long *n,
                    unsigned int count);
    } verbs[] = {
        {"blank", control_blank}, {"insert", control_insert},
        {"eject", control_eject}, {"protect", control_protect},
        {"spoil", control_spoil}, {"loseend", control_lose_end},
        {"alert", control_alert},
    };
    size_t i;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verb, verbs[i].verb) == 0)
            return verbs[i].run(g, n, count);
    if (strcmp(verb, "count") == 0)
        return control_count(g, n, count);
    if (strcmp(verb, "held") == 0) {
        n[0] = g->held;
        return true;
    }
    return control_set(g, verb, n);
}

static void
control_line(struct target *g, const struct host *h)
{
    unsigned long n[5] = {0};
    char verb[16];
    char answer[32];
    const int fields = sscanf(h->line, "%15s %lu %lu %lu %lu %lu", verb, &n[0],
                              &n[1], &n[2], &n[3], &n[4]);

    if (fields >= 1 && control_do(g, verb, n, (unsigned int)fields - 1))
        (void)snprintf(answer, sizeof(answer), "ok %lu\n", n[0]);
    else
        (void)snprintf(answer, sizeof(answer), "error\n");
    (void)send(h->fd, answer, strlen(answer), MSG_NOSIGNAL);
}

/* Something came from a test. */
static void
control_serve(struct target *g, struct host *h)
{
    char c;

    if (recv(h->fd, &c, 1, 0) != 1) {
        (void)close(h->fd);
        h->fd = -1;
        return;
    }
    if (c == '\n') {
        h->line[h->line_bytes] = 0;
        h->line_bytes          = 0;
        control_line(g, h);
    } else if (h->line_bytes + 1 < sizeof(h->line)) {
        h->line[h->line_bytes++] = c;
    }
}

static void
control_accept(struct target *g)
{
    const int fd = accept(g->control_fd, NULL, NULL);
    size_t i;

    for (i = 0; fd >= 0 && i < HOSTS; i++)
        if (g->hosts[i].fd < 0) {
            g->hosts[i].fd         = fd;
            g->hosts[i].line_bytes = 0;
            return;
        }
    if (fd >= 0)
        (void)close(fd);
}

/* ---- the loop ---- */

static void
initiator_accept(struct target *g)
{
    const int fd = accept(g->iscsi_fd, NULL, NULL);

    if (fd >= 0)
        iscsi_target_begin(&g->iscsi, fd);
}

/* Wait, and serve who comes; with `hold`, tests only. */
static void
serve_once(struct target *g, bool hold)
{
    struct pollfd p[HOSTS + 3] = {{0}};
    size_t i;

    p[HOSTS].fd     = g->control_fd;
    p[HOSTS + 1].fd = g->iscsi_fd;
    p[HOSTS + 2].fd = g->iscsi.fd;
    for (i = 0; i < HOSTS; i++)
        p[i].fd = g->hosts[i].fd;
    for (i = 0; i < HOSTS + 3; i++)
        p[i].events = POLLIN;
    if (poll(p, hold ? HOSTS + 1 : HOSTS + 3, -1) < 0)
        return;
    for (i = 0; i < HOSTS; i++)
        if (p[i].revents)
            control_serve(g, &g->hosts[i]);
    if (p[HOSTS].revents)
        control_accept(g);
    if (p[HOSTS + 2].revents && !iscsi_target_serve(&g->iscsi))
        iscsi_target_end(&g->iscsi);
    if (p[HOSTS + 1].revents)
        initiator_accept(g);
}

/* Is it time? Counts down to it. */
static bool
due(const struct ssc_drive *d, struct countdown *c)
{
    if (c->left == 0 || !d->inserted ||
        (c->number != 0 && c->number != d->inserted->number))
        return false;
    return --c->left == 0;
}

static void
execute(void *ctx, struct ssc_task *t)
{
    struct target *const g = ctx;
    const bool write       = t->cdb[0] == 0x0A || t->cdb[0] == 0x10;

    if (write && due(&g->drive, &g->hold_in)) {
        g->held = true;
        while (g->held)
            serve_once(g, true);
    }
    if ((write || t->cdb[0] == 0x08) && due(&g->drive, &g->reset_in))
        ssc_drive_reset(&g->drive);
    ssc_drive_execute(&g->drive, t);
}

static void
reset(void *ctx)
{
    struct target *const g = ctx;

    ssc_drive_reset(&g->drive);
}

static int
listen_on(int family, const struct sockaddr *address, socklen_t bytes)
{
    const int fd = socket(family, SOCK_STREAM, 0);
    const int on = 1;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, address, bytes) == 0 && listen(fd, 4) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static bool
open_sockets(struct target *g, const char *path)
{
    const struct sockaddr_in in = {
        .sin_family      = AF_INET,
        .sin_port        = htons(g->iscsi.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof(un.sun_path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(un.sun_path, path, strlen(path));
    g->iscsi_fd = listen_on(AF_INET, (const struct sockaddr *)&in, sizeof(in));
    if (g->iscsi_fd < 0)
        return false;
    g->control_fd =
        listen_on(AF_UNIX, (const struct sockaddr *)&un, sizeof(un));
    return g->control_fd >= 0;
}

int
main(int argc, char **argv)
{
    static struct target g = {
        .iscsi_fd = -1, .control_fd = -1, .iscsi = {.fd = -1}};
    size_t i;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: ssc_target PORT SOCKET\n");
        return EXIT_FAILURE;
    }
    for (i = 0; i < HOSTS; i++)
        g.hosts[i].fd = -1;
    g.iscsi.port    = (uint16_t)strtoul(argv[1], NULL, 10);
    g.iscsi.execute = execute;
    g.iscsi.reset   = reset;
    g.iscsi.ctx     = &g;
    ssc_drive_reset(&g.drive);
    if (!open_sockets(&g, argv[2])) {
        perror("ssc_target");
        return EXIT_FAILURE;
    }
    for (;;)
        serve_once(&g, false);
}
