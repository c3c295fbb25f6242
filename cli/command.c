/* SPDX-License-Identifier: Apache-2.0 */
/* Program: commands of the user, run by the shell; no spec chapter. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "reel/alloc.h"

#define OUTPUT_BYTES_MAX ((size_t)16 << 20)
#define LOOK_MS 50 /* how often it is looked whether to stop */
#define WORDS_MAX 8

/* What is running. */
struct run {
    const struct cli_command *c;
    pid_t pid;
    int pipe[2]; /* of its standard output; -1: not open */
    char *output;
    size_t used;
    size_t capacity;
};

/* Does `entry` give a value to the same name as one of `more`? */
static bool
is_replaced(const char *entry, const char *const *more)
{
    for (size_t i = 0; more && more[i]; i++) {
        const size_t len = strcspn(more[i], "=") + 1;

        if (strncmp(entry, more[i], len) == 0)
            return true;
    }
    return false;
}

/* Our environment with `more`; the array is for reel_free, its words are
   borrowed. */
static const char **
make_environment(const char *const *more)
{
    size_t count = 0, used = 0;
    const char **list;

    while (environ && environ[count])
        count++;
    for (size_t i = 0; more && more[i]; i++)
        count++;
    list = reel_alloc_array(count + 1, sizeof(*list));
    if (!list)
        return NULL;
    for (size_t i = 0; environ && environ[i]; i++) {
        if (!is_replaced(environ[i], more))
            list[used++] = environ[i];
    }
    for (size_t i = 0; more && more[i]; i++)
        list[used++] = more[i];
    return list;
}

/* Signals that we leave alone or look at ourselves are as ever for it. */
static int
set_signals(posix_spawnattr_t *how)
{
    sigset_t all;

    (void)sigemptyset(&all);
    (void)sigaddset(&all, SIGPIPE);
    (void)sigaddset(&all, SIGXFSZ);
    if (posix_spawnattr_setsigdefault(how, &all) != 0)
        return EINVAL;
    return posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGDEF);
}

static int
start_with(struct run *r, posix_spawn_file_actions_t *files,
           posix_spawnattr_t *how, char *const *words, const char **environment)
{
    const int out = r->pipe[1] >= 0 ? r->pipe[1] : STDERR_FILENO;
    int error;

    error = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null",
                                             O_RDONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO);
    if (error == 0)
        error = set_signals(how);
    if (error == 0)
        error = posix_spawn(&r->pid, "/bin/sh", files, how, words,
                            (char *const *)(const void *)environment);
    return error;
}

static int
start(struct run *r, char *const *words, const char **environment)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int error = posix_spawn_file_actions_init(&files);

    if (error != 0)
        return error;
    error = posix_spawnattr_init(&how);
    if (error == 0) {
        error = start_with(r, &files, &how, words, environment);
        (void)posix_spawnattr_destroy(&how);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

/* sh -c TEXT sh $1 $2 …; the words are only read. */
static enum reel_status
spawn(struct run *r, struct reel_err *err)
{
    const char *words[WORDS_MAX + 5] = {"sh", "-c", r->c->text, "sh"};
    const char **environment         = make_environment(r->c->environment);
    int error;

    if (!environment)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the environment of a command");
    for (size_t i = 0; r->c->arguments && r->c->arguments[i] && i < WORDS_MAX;
         i++)
        words[4 + i] = r->c->arguments[i];
    error = start(r, (char *const *)(const void *)words, environment);
    reel_free((void *)environment);
    if (error == 0)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the command %.60s cannot be run: %s", r->c->text,
                     strerror(error));
}

/* Room for `bytes` more and a NUL. */
static enum reel_status
make_room(struct run *r, size_t bytes, struct reel_err *err)
{
    const size_t wanted = 2 * r->capacity + bytes;
    char *grown;

    if (r->used + bytes < r->capacity)
        return REEL_OK;
    if (wanted > OUTPUT_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "the command %.60s prints too much", r->c->text);
    grown = reel_realloc_array(r->output, wanted, 1);
    if (!grown)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what a command prints");
    r->output   = grown;
    r->capacity = wanted;
    return REEL_OK;
}

/* Take all output that is there. */
static enum reel_status
take(struct run *r, struct reel_err *err)
{
    char bytes[4096];
    ssize_t n;

    while (r->pipe[0] >= 0 &&
           (n = read(r->pipe[0], bytes, sizeof(bytes))) > 0) {
        REEL_TRY(make_room(r, (size_t)n, err));
        memcpy(r->output + r->used, bytes, (size_t)n);
        r->used += (size_t)n;
    }
    return REEL_OK;
}

/* Wait a little, for output where there is some to come. */
static void
wait_little(const struct run *r)
{
    struct pollfd ready = {.fd = r->pipe[0], .events = POLLIN};

    (void)poll(&ready, 1, LOOK_MS);
    /* Closed by a command that goes on: do not turn in place. */
    if (ready.revents == POLLHUP)
        (void)poll(NULL, 0, LOOK_MS);
}

static enum reel_status
look_for_stop(const struct run *r, struct reel_err *err)
{
    if (!r->c->stop || !*r->c->stop)
        return REEL_OK;
    return reel_fail(err, REEL_E_STOPPED, NULL, NULL, "stopped on request");
}

/* Until it has ended; where we do not go on it is told so, once. */
static enum reel_status
attend(struct run *r, int *wait_status, struct reel_err *err)
{
    enum reel_status status = REEL_OK;
    pid_t ended;

    while ((ended = waitpid(r->pid, wait_status, WNOHANG)) != r->pid) {
        if (ended < 0 && errno != EINTR)
            return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                             "waiting for a command: %s", strerror(errno));
        wait_little(r);
        if (status != REEL_OK)
            continue;
        status = look_for_stop(r, err);
        if (status == REEL_OK)
            status = take(r, err);
        if (status != REEL_OK)
            (void)kill(r->pid, SIGTERM);
    }
    return status == REEL_OK ? take(r, err) : status;
}

static void
close_pipe(struct run *r)
{
    for (int i = 0; i < 2; i++) {
        if (r->pipe[i] >= 0)
            (void)close(r->pipe[i]);
        r->pipe[i] = -1;
    }
}

static enum reel_status
run(struct run *r, int *wait_status, struct reel_err *err)
{
    REEL_TRY(spawn(r, err));
    if (r->pipe[1] >= 0)
        (void)close(r->pipe[1]);
    r->pipe[1] = -1;
    return attend(r, wait_status, err);
}

static enum reel_status
open_pipe(struct run *r, struct reel_err *err)
{
    r->output = reel_alloc_array(1, 1);
    if (!r->output)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for what a command prints");
    r->capacity = 1;
    if (pipe2(r->pipe, O_CLOEXEC) == 0 &&
        fcntl(r->pipe[0], F_SETFL, O_NONBLOCK) == 0)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "a pipe cannot be had: %s",
                     strerror(errno));
}

enum reel_status
cli_command_run(const struct cli_command *c, char **output, int *code,
                struct reel_err *err)
{
    struct run r            = {.c = c, .pipe = {-1, -1}};
    enum reel_status status = REEL_OK;
    int ended               = 0;

    if (output)
        status = open_pipe(&r, err);
    if (status == REEL_OK)
        status = run(&r, &ended, err);
    close_pipe(&r);
    if (status != REEL_OK) {
        reel_free(r.output);
        return status;
    }
    *code = WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
    if (output) {
        r.output[r.used] = '\0';
        *output          = r.output;
    }
    return REEL_OK;
}
