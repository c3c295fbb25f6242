/* SPDX-License-Identifier: Apache-2.0 */
/* Program: starting our own programs that stand apart; no spec chapter. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper_program.h"

/* ------------------------------------------------------------ where it is */

/* "DIRECTORY/MIDDLE/NAME", if that can be run. */
static bool
try_place(char out[PATH_MAX], const char *directory, size_t len,
          const char *middle, const char *name)
{
    const int n = snprintf(out, PATH_MAX, "%.*s%s%s", (int)(len & 0xFFFF),
                           directory, middle, name);

    return n > 0 && n < PATH_MAX && access(out, X_OK) == 0;
}

static bool
find_beside(char out[PATH_MAX], const char *name)
{
    char own[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
    const char *slash;
    size_t len;

    if (n <= 0)
        return false;
    own[n] = '\0';
    slash  = strrchr(own, '/');
    len    = slash ? (size_t)(slash - own) : 0;
    return try_place(out, own, len, "/", name) ||
           try_place(out, own, len, "/../libexec/reel/", name);
}

static bool
find_in_path(char out[PATH_MAX], const char *name)
{
    const char *at = getenv("PATH");

    while (at) {
        const size_t len = strcspn(at, ":");

        if (len > 0 && try_place(out, at, len, "/", name))
            return true;
        at = at[len] ? at + len + 1 : NULL;
    }
    return false;
}

/* --------------------------------------------------------------- starting */

/* One end each of up to two pipes: those of the program, and ours. */
struct ends {
    int input[2]; /* -1: none */
    int output[2];
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* 0, or an errno. */
static int
set_files(posix_spawn_file_actions_t *files, const struct ends *e)
{
    const int error =
        e->input[0] >= 0
            ? posix_spawn_file_actions_adddup2(files, e->input[0], STDIN_FILENO)
            : posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null",
                                               O_RDONLY, 0);

    return error != 0 ? error
                      : posix_spawn_file_actions_adddup2(files, e->output[1],
                                                         STDOUT_FILENO);
}

/* A group of its own; signals that we look at ourselves are as ever for it. */
static int
set_attributes(posix_spawnattr_t *how)
{
    sigset_t all;
    int error;

    (void)sigemptyset(&all);
    (void)sigaddset(&all, SIGPIPE);
    (void)sigaddset(&all, SIGXFSZ);
    error = posix_spawnattr_setsigdefault(how, &all);
    if (error == 0)
        error = posix_spawnattr_setpgroup(how, 0);
    if (error == 0)
        error = posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGDEF |
                                                  POSIX_SPAWN_SETPGROUP);
    return error;
}

static int
spawn(struct cli_helper *h, const char *path, const char *const *words,
      const struct ends *e)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int error = posix_spawn_file_actions_init(&files);

    if (error != 0)
        return error;
    error = posix_spawnattr_init(&how);
    if (error == 0) {
        error = set_files(&files, e);
        if (error == 0)
            error = set_attributes(&how);
        if (error == 0) /* the words are only read */
            error = posix_spawn(&h->pid, path, &files, &how,
                                (char *const *)(const void *)words, environ);
        (void)posix_spawnattr_destroy(&how);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

static int
open_pipes(struct ends *e, bool with_input)
{
    if (pipe2(e->output, O_CLOEXEC) != 0)
        return errno;
    if (with_input && pipe2(e->input, O_CLOEXEC) != 0)
        return errno;
    return 0;
}

enum reel_status
cli_helper_start(struct cli_helper *h, const char *const *words,
                 const char *package, bool with_input, struct reel_err *err)
{
    struct ends e = {{-1, -1}, {-1, -1}};
    char path[PATH_MAX];
    int error;

    *h = (struct cli_helper){.name = words[0], .to = -1, .from = -1};
    if (!find_beside(path, words[0]) && !find_in_path(path, words[0]))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the program %s is not there; it comes with %s",
                         words[0], package);
    error = open_pipes(&e, with_input);
    if (error == 0)
        error = spawn(h, path, words, &e);
    close_fd(&e.input[0]);
    close_fd(&e.output[1]);
    if (error == 0) {
        h->to   = e.input[1];
        h->from = e.output[0];
        return REEL_OK;
    }
    close_fd(&e.input[1]);
    close_fd(&e.output[0]);
    h->pid = 0;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%s cannot be run: %s",
                     words[0], strerror(error));
}

/* ----------------------------------------------------------------- ending */

enum reel_status
cli_helper_end(struct cli_helper *h, bool expected, struct reel_err *err)
{
    const pid_t pid = h->pid;
    int ended       = 0;

    close_fd(&h->to);
    close_fd(&h->from);
    h->pid = 0;
    if (pid == 0)
        return REEL_OK;
    if (!expected)
        (void)kill(pid, SIGTERM);
    while (waitpid(pid, &ended, 0) != pid)
        if (errno != EINTR)
            return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                             "waiting for %s: %s", h->name, strerror(errno));
    if (!expected || (WIFEXITED(ended) && WEXITSTATUS(ended) == 0))
        return REEL_OK;
    if (WIFSIGNALED(ended))
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "%s was killed by signal %d", h->name,
                         WTERMSIG(ended));
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "%s ended with exit code %d", h->name, WEXITSTATUS(ended));
}
