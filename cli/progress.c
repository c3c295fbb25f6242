/* SPDX-License-Identifier: Apache-2.0 */
/* Program: progress and requests to stop; no spec chapter. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"
#include "size.h"

#define SECOND_NS UINT64_C(1000000000)
#define PERIOD_NS (SECOND_NS / 5)

/* Set by the handler; the one global of the program. */
static volatile sig_atomic_t stop_asked;

static void
ask_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

void
cli_stop_on_signals(void)
{
    struct sigaction stop, ignore;

    memset(&stop, 0, sizeof(stop));
    stop.sa_handler = ask_stop;
    stop.sa_flags   = (int)SA_RESETHAND; /* the second one kills */
    memset(&ignore, 0, sizeof(ignore));
    ignore.sa_handler = SIG_IGN;
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
}

const volatile int *
cli_stop_flag(void)
{
    return &stop_asked;
}

uint64_t
cli_clock_ns(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

void
cli_progress_init(struct cli_progress *p, bool wanted, bool quiet)
{
    *p          = (struct cli_progress){0};
    p->active   = wanted || (!quiet && isatty(STDERR_FILENO) == 1);
    p->begun_ns = cli_clock_ns();
    p->told_ns  = p->begun_ns;
}

void
cli_progress_clear(struct cli_progress *p)
{
    if (!p->shown)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr); /* what comes may go elsewhere */
    p->shown = false;
}

/* Time left at the rate so far; both in nanoseconds and octets. */
static void
print_left(const struct cli_progress *p, uint64_t bytes, uint64_t spent_ns)
{
    char text[CLI_SIZE_TEXT_BYTES];
    const double rate = (double)bytes / (double)spent_ns;

    if (bytes == 0 || p->total_bytes <= bytes)
        return;
    (void)fprintf(
        stderr, ", %d %%, %s left",
        (int)((double)bytes / (double)p->total_bytes * 100),
        cli_duration_print(text, (uint64_t)((double)(p->total_bytes - bytes) /
                                            rate / (double)SECOND_NS)));
}

void
cli_progress_tell(struct cli_progress *p, uint64_t bytes, uint64_t objects)
{
    const uint64_t now   = cli_clock_ns();
    const uint64_t spent = now - p->begun_ns;
    char done[CLI_SIZE_TEXT_BYTES], rate[CLI_SIZE_TEXT_BYTES];
    char count[CLI_SIZE_TEXT_BYTES];

    if (!p->active || now - p->told_ns < PERIOD_NS || spent == 0)
        return;
    p->told_ns = now;
    cli_progress_clear(p);
    (void)fprintf(
        stderr, "%s, %s objects, %s/s", cli_size_print(done, bytes),
        cli_count_print(count, objects),
        cli_size_print(rate, (uint64_t)((double)bytes * 1e9 / (double)spent)));
    print_left(p, bytes, spent);
    (void)fflush(stderr);
    p->shown = true;
}

uint64_t
cli_progress_rate(const struct cli_progress *p, uint64_t bytes)
{
    const uint64_t spent = cli_clock_ns() - p->begun_ns;

    if (spent == 0)
        return 0;
    return (uint64_t)((double)bytes * (double)SECOND_NS / (double)spent);
}
