/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rig on the kernel's st driver: /dev/nst0, with tapes changed and faults
 * made over the control socket of ssc_target.c. Runs in the lab only.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reel/medium_tap.h"
#include "rig.h"
#include "rig_st.h"

#define DEVICE "/dev/nst0"

static int control_fd = -1;

/* Send one line; true with *number if the answer is "ok". */
static bool
say(const char *line, unsigned long *number)
{
    char answer[64];
    size_t have = 0;

    ck_assert_int_eq(send(control_fd, line, strlen(line), MSG_NOSIGNAL),
                     (ssize_t)strlen(line));
    do {
        ck_assert_int_eq(recv(control_fd, answer + have, 1, 0), 1);
        ck_assert_uint_lt(++have, sizeof(answer));
    } while (answer[have - 1] != '\n');
    answer[have] = 0;
    return sscanf(answer, "ok %lu", number) == 1;
}

unsigned long
rig_st_tell(const char *line)
{
    unsigned long number;

    ck_assert_msg(say(line, &number), "the drive refuses: %s", line);
    return number;
}

/* The same with numbers. */
static unsigned long
tell(const char *verb, unsigned long a, unsigned long b, unsigned long c,
     unsigned long d)
{
    char line[128];

    (void)snprintf(line, sizeof(line), "%s %lu %lu %lu %lu\n", verb, a, b, c,
                   d);
    return rig_st_tell(line);
}

static void
connect_control(void)
{
    const char *const path = getenv("DRIVE_CONTROL");
    struct sockaddr_un un  = {.sun_family = AF_UNIX};

    ck_assert_ptr_nonnull(path);
    ck_assert_uint_lt(strlen(path), sizeof(un.sun_path));
    memcpy(un.sun_path, path, strlen(path));
    control_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_ge(control_fd, 0);
    ck_assert_int_eq(
        connect(control_fd, (const struct sockaddr *)&un, sizeof(un)), 0);
}

void
rig_set_up(void)
{
    static const char *const states[] = {"resetin",   "holdin", "fixed",
                                         "encrypted", "octets", "loading"};
    size_t i;

    connect_control();
    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        (void)tell(states[i], 0, 0, 0, 0);
}

void
rig_tear_down(void)
{
    (void)tell("eject", 0, 0, 0, 0);
    (void)close(control_fd);
}

void
rig_blank(unsigned int n, const struct rig_tape *how)
{
    const struct rig_tape plain = {0};
    char line[128];

    if (!how)
        how = &plain;
    (void)snprintf(line, sizeof(line), "blank %u %llu %llu %d %d\n", n,
                   (unsigned long long)how->capacity_bytes,
                   (unsigned long long)how->early_warning_bytes,
                   how->full_on_tape, how->write_once);
    (void)rig_st_tell(line);
}

enum reel_status
rig_open(struct reel_medium **m, unsigned int n, enum reel_medium_mode mode,
         struct reel_err *err)
{
    (void)tell("insert", n, 0, 0, 0);
    return reel_medium_open_with(m, DEVICE, mode, NULL, err);
}

void
rig_protect(unsigned int n, bool on)
{
    (void)tell("protect", n, on, 0, 0);
}

void
rig_spoil(unsigned int n, uint64_t address, bool ili)
{
    (void)tell("spoil", n, address, ili, 0);
}

void
rig_lose_end(unsigned int n)
{
    (void)tell("loseend", n, 0, 0, 0);
}

uint64_t
rig_count(unsigned int n)
{
    return tell("count", n, 0, 0, 0);
}

void
rig_reset_after(unsigned int n, unsigned long calls)
{
    (void)tell("resetin", calls, n, 0, 0);
}

/*
 * The drive stops at that write and waits; the writer hangs in the kernel, is
 * killed there, and dies when the drive goes on. Then st closes the device.
 */
bool
rig_kill_after(unsigned int n, unsigned long writes, void (*run)(void *),
               void *ctx)
{
    int status = 0;
    pid_t child;

    (void)tell("holdin", writes, n, 0, 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        connect_control(); /* answers go to who asked */
        run(ctx);
        _exit(0);
    }
    while (!tell("held", 0, 0, 0, 0)) {
        if (waitpid(child, &status, WNOHANG) == child) {
            (void)tell("holdin", 0, 0, 0, 0);
            return false;
        }
        (void)usleep(1000);
    }
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    (void)tell("release", 0, 0, 0, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}
