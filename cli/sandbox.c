/* SPDX-License-Identifier: Apache-2.0 */
/* Program: what a parser of tapes may reach (spec N-5 holds without it). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reel/drive.h"
#include "sandbox.h"
#include "sandbox_filter.h"

const char *const cli_sandbox_words[] = {"best", "need", "off", NULL};

/* ----------------------------------------------------------------- Landlock */

/* As linux/landlock.h has it; that of the machine we are built on may be older
   than the kernel we run on. The calls have these numbers everywhere. */
#define CREATE_RULESET 444L
#define ADD_RULE 445L
#define RESTRICT_SELF 446L
#define GIVE_VERSION 1U
#define RULE_PATH_BENEATH 1

#define EXECUTE (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define REMOVE_DIR (UINT64_C(1) << 4)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_CHAR (UINT64_C(1) << 6)
#define MAKE_DIR (UINT64_C(1) << 7)
#define MAKE_REG (UINT64_C(1) << 8)
#define MAKE_SOCK (UINT64_C(1) << 9)
#define MAKE_FIFO (UINT64_C(1) << 10)
#define MAKE_BLOCK (UINT64_C(1) << 11)
#define MAKE_SYM (UINT64_C(1) << 12)
#define REFER (UINT64_C(1) << 13)     /* since version 2 */
#define TRUNCATE (UINT64_C(1) << 14)  /* 3 */
#define IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define ALL_OF_NET UINT64_C(3)        /* 4: bind and connect, TCP */
#define ALL_SCOPES UINT64_C(3)        /* 6: abstract sockets, signals */

#define IN_DIRECTORY                                                           \
    (WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | \
     MAKE_FIFO | MAKE_SYM | REFER | TRUNCATE)
#define DEVICES (MAKE_CHAR | MAKE_BLOCK)
#define ALL (EXECUTE | IN_DIRECTORY | DEVICES | IOCTL_DEV)

struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

/* The system's is packed, too. */
struct path_beneath {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

static int
landlock_version(void)
{
    const long version = syscall(CREATE_RULESET, NULL, (size_t)0, GIVE_VERSION);

    return version > 0 && version < INT32_MAX ? (int)version : 0;
}

/* What of `access` that version knows. */
static uint64_t
known(uint64_t access, int version)
{
    if (version < 2)
        access &= ~REFER;
    if (version < 3)
        access &= ~TRUNCATE;
    if (version < 5)
        access &= ~IOCTL_DEV;
    return access;
}

static int
make_ruleset(int version)
{
    const struct ruleset rules = {
        .fs = known(ALL, version), .net = ALL_OF_NET, .scoped = ALL_SCOPES};
    size_t size = sizeof(rules);

    if (version < 4)
        size = sizeof(rules.fs);
    else if (version < 6)
        size = sizeof(rules.fs) + sizeof(rules.net);
    return (int)syscall(CREATE_RULESET, &rules, size, 0U);
}

static bool
allow_fd(int rules, int fd, uint64_t access)
{
    const struct path_beneath path = {.allowed = access, .fd = fd};

    return syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &path, 0U) == 0;
}

/* Nothing of that name: nothing to allow. */
static bool
allow_name(int rules, const char *name, uint64_t access)
{
    const int fd = open(name, O_PATH | O_CLOEXEC);
    bool allowed;

    if (fd < 0)
        return true;
    allowed = allow_fd(rules, fd, access);
    (void)close(fd);
    return allowed;
}

/* The drive, and the device that takes commands for it. */
static bool
allow_drive(int rules, const char *name, int version)
{
    const uint64_t access = known(WRITE_FILE | IOCTL_DEV, version);
    char twin[REEL_DRIVE_TWIN_BYTES];

    return allow_name(rules, name, access) &&
           (!reel_drive_twin(name, twin) || allow_name(rules, twin, access));
}

static bool
fill(int rules, const struct cli_fence *f, int version)
{
    const uint64_t devices = f->devices ? DEVICES : 0;

    if (f->dir_fd >= 0 &&
        !allow_fd(rules, f->dir_fd, known(IN_DIRECTORY | devices, version)))
        return false;
    if (f->temporary &&
        !allow_name(rules, f->temporary,
                    known(WRITE_FILE | MAKE_REG | REMOVE_FILE, version)))
        return false;
    return !f->drive || allow_drive(rules, f->drive, version);
}

/* The version reached; 0: none. */
static int
enter_landlock(const struct cli_fence *f)
{
    const int version = landlock_version();
    bool entered;
    int rules;

    /* The first version forbids links between directories, also in DIR. */
    if (version == 0 || (version < 2 && f->dir_fd >= 0))
        return 0;
    rules = make_ruleset(version);
    if (rules < 0)
        return 0;
    entered = fill(rules, f, version) && syscall(RESTRICT_SELF, rules, 0U) == 0;
    (void)close(rules);
    return entered ? version : 0;
}

/* ---------------------------------------------------------------- together */

struct cli_sandbox_level
cli_sandbox_offered(void)
{
    return (struct cli_sandbox_level){.landlock = landlock_version(),
                                      .seccomp  = cli_filter_offered()};
}

/* Can files without a name be made there? */
static bool
has_unnamed(const char *directory)
{
    const int fd =
        directory ? open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

struct cli_sandbox_level
cli_sandbox_enter(const struct cli_fence *f)
{
    struct cli_sandbox_level level = {0};
    struct cli_filter_needs needs  = {.writes  = f->dir_fd >= 0,
                                      .creates = !has_unnamed(f->temporary),
                                      .drive   = f->drive != NULL};

    /* Both want it of those who are not root; and nothing is run any more. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return level;
    level.landlock = enter_landlock(f);
    needs.fenced   = level.landlock > 0;
    level.seccomp  = cli_filter_enter(&needs);
    return level;
}

const char *
cli_sandbox_print(char text[CLI_SANDBOX_TEXT_BYTES],
                  const struct cli_sandbox_level *level)
{
    if (level->landlock > 0)
        (void)snprintf(text, CLI_SANDBOX_TEXT_BYTES, "Landlock %d%s",
                       level->landlock, level->seccomp ? ", seccomp" : "");
    else
        (void)snprintf(text, CLI_SANDBOX_TEXT_BYTES, "%s",
                       level->seccomp ? "seccomp" : "none");
    return text;
}
