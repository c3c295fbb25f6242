/* SPDX-License-Identifier: Apache-2.0 */
/* Programs: what a parser of tapes may reach (spec N-5 holds without it). */
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
#include "fence.h"
#include "filter.h"

const char *const reel_fence_words[] = {"best", "need", "off", NULL};

/* ----------------------------------------------------------------- Landlock */

/* As linux/landlock.h has it; that of the machine we are built on may be older
   than the kernel we run on. The calls have these numbers everywhere. */
#define CREATE_RULESET 444L
#define ADD_RULE 445L
#define RESTRICT_SELF 446L
#define GIVE_VERSION 1U
#define RULE_PATH_BENEATH 1

/* The first version that judges the cutting of files. */
#define LANDLOCK_CUT 3

#define EXECUTE (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIR (UINT64_C(1) << 3)
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
#define TRUNCATE (UINT64_C(1) << 14)  /* LANDLOCK_CUT */
#define IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define ALL_OF_NET UINT64_C(3)        /* 4: bind and connect, TCP */
#define ALL_SCOPES UINT64_C(3)        /* 6: abstract sockets, signals */

#define IN_DIRECTORY                                                           \
    (WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | \
     MAKE_FIFO | MAKE_SYM | REFER | TRUNCATE)
#define DEVICES (MAKE_CHAR | MAKE_BLOCK)
#define ALL (EXECUTE | IN_DIRECTORY | DEVICES | IOCTL_DEV)

/* Sanitizers read what the system says of the process. */
#ifdef REEL_FILTER_SANITIZED
#define READING 0
#else
#define READING (READ_FILE | READ_DIR)
#endif

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
    if (version < LANDLOCK_CUT)
        access &= ~TRUNCATE;
    if (version < 5)
        access &= ~IOCTL_DEV;
    return access;
}

static int
make_ruleset(const struct reel_fence *f, int version)
{
    const uint64_t all         = ALL | (f->volume ? READING : 0);
    const struct ruleset rules = {
        .fs = known(all, version), .net = ALL_OF_NET, .scoped = ALL_SCOPES};
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

    return access == 0 ||
           syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &path, 0U) == 0;
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
allow_volume(int rules, const struct reel_fence *f, int version)
{
    const uint64_t writing = f->volume_written ? WRITE_FILE : 0;
    const uint64_t reading = READING & READ_FILE;

    return allow_name(rules, f->volume,
                      known(reading | writing | IOCTL_DEV, version));
}

static bool
fill(int rules, const struct reel_fence *f, int version)
{
    const uint64_t devices = f->devices ? DEVICES : 0;

    if (f->dir_fd >= 0 &&
        !allow_fd(rules, f->dir_fd, known(IN_DIRECTORY | devices, version)))
        return false;
    if (f->temporary &&
        !allow_name(rules, f->temporary,
                    known(WRITE_FILE | MAKE_REG | REMOVE_FILE, version)))
        return false;
    if (f->volume && !allow_volume(rules, f, version))
        return false;
    return !f->drive || allow_drive(rules, f->drive, version);
}

/* The version reached; 0: none. */
static int
enter_landlock(const struct reel_fence *f)
{
    const int version = landlock_version();
    bool entered;
    int rules;

    /* The first version forbids links between directories, also in DIR. */
    if (version == 0 || (version < 2 && f->dir_fd >= 0))
        return 0;
    rules = make_ruleset(f, version);
    if (rules < 0)
        return 0;
    entered = fill(rules, f, version) && syscall(RESTRICT_SELF, rules, 0U) == 0;
    (void)close(rules);
    return entered ? version : 0;
}

/* ---------------------------------------------------------------- together */

/* Who counts which lines are run must write it down when all is over. */
#ifdef REEL_COVERAGE
#define UNASKED REEL_FENCE_OFF
#else
#define UNASKED REEL_FENCE_BEST
#endif

bool
reel_fence_wanted(enum reel_fence_wish wish)
{
    return wish == REEL_FENCE_NEED ||
           (wish == REEL_FENCE_BEST && UNASKED == REEL_FENCE_BEST);
}

bool
reel_fence_whole(const struct reel_fence_level *level)
{
    return level->landlock >= REEL_FENCE_LANDLOCK_FULL && level->seccomp;
}

struct reel_fence_level
reel_fence_offered(void)
{
    return (struct reel_fence_level){.landlock = landlock_version(),
                                     .seccomp  = reel_filter_offered()};
}

/* Can files be made there, but none without a name? */
static bool
lacks_unnamed(const char *directory)
{
    int fd;

    if (!directory)
        return false;
    fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
    return fd < 0;
}

struct reel_fence_level
reel_fence_enter(const struct reel_fence *f)
{
    struct reel_fence_level level  = {0};
    struct reel_filter_needs needs = {.writes  = f->dir_fd >= 0,
                                      .creates = lacks_unnamed(f->temporary),
                                      .devices = f->volume && f->volume_written,
                                      .drive   = f->drive != NULL,
                                      .volume  = f->volume != NULL};

    /* Both want it of those who are not root; and nothing is run any more. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return level;
    level.landlock   = enter_landlock(f);
    needs.fenced     = level.landlock > 0;
    needs.fenced_cut = level.landlock >= LANDLOCK_CUT;
    level.seccomp    = reel_filter_enter(&needs);
    return level;
}

const char *
reel_fence_print(char text[REEL_FENCE_TEXT_BYTES],
                 const struct reel_fence_level *level)
{
    if (level->landlock > 0)
        (void)snprintf(text, REEL_FENCE_TEXT_BYTES, "Landlock %d%s",
                       level->landlock, level->seccomp ? ", seccomp" : "");
    else
        (void)snprintf(text, REEL_FENCE_TEXT_BYTES, "%s",
                       level->seccomp ? "seccomp" : "none");
    return text;
}
