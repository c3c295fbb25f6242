/* SPDX-License-Identifier: Apache-2.0 */
/* A line of progress on a terminal, and requests to stop. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct cli_progress {
    bool active;
    bool shown;           /* the line stands on the terminal */
    uint64_t total_bytes; /* 0: not known */
    uint64_t begun_ns;
    uint64_t told_ns;
};

/* Shown if `wanted`, or if standard error is a terminal and not `quiet`. */
void cli_progress_init(struct cli_progress *p, bool wanted, bool quiet);

/* So much is done; shows it now and then. */
void cli_progress_tell(struct cli_progress *p, uint64_t bytes,
                       uint64_t objects);

/* Take the line away, so that something else can be printed. */
void cli_progress_clear(struct cli_progress *p);

/* Octets in a second from _init until now. */
uint64_t cli_progress_rate(const struct cli_progress *p, uint64_t bytes);

/* A clock that only goes forward. */
uint64_t cli_clock_ns(void);

/* From now on SIGINT and SIGTERM set the flag, a second one kills; writing to
   a closed pipe, or over a limit of file size, is an error, not a death. */
void cli_stop_on_signals(void);

/* The flag, for struct reel_reporter. */
const volatile int *cli_stop_flag(void);

#endif
