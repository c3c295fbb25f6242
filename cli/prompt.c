/* SPDX-License-Identifier: Apache-2.0 */
/* Program: questions at the terminal; no spec chapter. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "prompt.h"

#define LOOK_MS 100 /* how often it is looked whether to stop */

int
cli_prompt_open(void)
{
    return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

static bool
print(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        const ssize_t n = write(fd, text, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        left -= (size_t)n;
    }
    return true;
}

/* Wait until something can be read. */
static enum reel_status
wait_for(int fd, const volatile int *stop, struct reel_err *err)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int n;

    for (;;) {
        if (stop && *stop)
            return reel_fail(err, REEL_E_STOPPED, NULL, NULL,
                             "stopped on request");
        n = poll(&ready, 1, LOOK_MS);
        if (n > 0)
            return REEL_OK;
        if (n < 0 && errno != EINTR)
            return REEL_END;
    }
}

enum reel_status
cli_prompt_ask(int fd, const char *text, const volatile int *stop,
               struct reel_err *err)
{
    bool first = true, no = false;
    char c = '\0';
    ssize_t n;

    /* What was typed before the question is no answer to it. */
    (void)tcflush(fd, TCIFLUSH);
    if (!print(fd, text))
        return REEL_END;
    do {
        REEL_TRY(wait_for(fd, stop, err));
        n = read(fd, &c, 1);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return REEL_END;
        if (first && c != '\n')
            no = c == 'q' || c == 'Q';
        first = false;
    } while (c != '\n');
    return no ? REEL_END : REEL_OK;
}
