/* SPDX-License-Identifier: Apache-2.0 */
/* fence/fence.c, filter.c, cli/keeper.c, shelter.c: what can no longer be
   done behind the fence, and what still can. Check runs each test in a process
   of its own, which goes behind the fence and does not come back. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <scsi/sg.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/mtio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "filter.h"
#include "shelter.h"
#include "suite.h"

static char top[] = "/tmp/reel-sandbox-XXXXXX"; /* a folder for each test */
#ifndef REEL_FILTER_SANITIZED
static char *const nothing[] = {NULL};
#endif
static int dir_fd;

static void
put_file(const char *name, const char *text)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(close(fd), 0);
}

static void
set_up(void)
{
    char folder[sizeof(top) + 16];

    (void)snprintf(folder, sizeof(folder), "%s/%d", top, (int)getpid());
    ck_assert_int_eq(mkdir(folder, 0777), 0);
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("dir", 0777), 0);
    ck_assert_int_eq(mkdir("tmp", 0777), 0);
    ck_assert_int_eq(mkdir("outside", 0777), 0);
    ck_assert_int_eq(mkdir("outside/empty", 0777), 0);
    put_file("outside/victim", "precious");
    put_file("dir/mine", "precious");
    ck_assert_int_eq(symlink("../outside/victim", "dir/leads_out"), 0);
    ck_assert_int_eq(setenv("TMPDIR", "tmp", 1), 0);
    dir_fd = open("dir", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(dir_fd, 0);
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

/* ----------------------------------------------------------- what is tried */

static bool
opens(const char *name, int flags)
{
    const int fd = open(name, flags | O_CLOEXEC, 0666);

    return fd >= 0 && close(fd) == 0;
}

static bool
creates(void)
{
    return opens("outside/new", O_WRONLY | O_CREAT);
}

static bool
creates_exclusively(void)
{
    return opens("outside/new", O_RDWR | O_CREAT | O_EXCL);
}

static bool
writes(void)
{
    return opens("outside/victim", O_WRONLY) || opens("outside/victim", O_RDWR);
}

static bool
writes_through_symlink(void)
{
    return opens("dir/leads_out", O_WRONLY);
}

static bool
cuts(void)
{
    return opens("outside/victim", O_RDONLY | O_TRUNC) ||
           truncate("outside/victim", 0) == 0;
}

static bool
makes_directory(void)
{
    return mkdir("outside/new", 0777) == 0;
}

static bool
makes_symlink(void)
{
    return symlink("x", "outside/new") == 0;
}

static bool
makes_fifo(void)
{
    return mkfifo("outside/new", 0666) == 0;
}

static bool
makes_device(void)
{
    return mknod("outside/new", S_IFCHR | 0666, 0x103) == 0 ||
           mknodat(dir_fd, "null", S_IFCHR | 0666, 0x103) == 0;
}

static bool
links_out(void)
{
    return linkat(dir_fd, "mine", AT_FDCWD, "outside/new", 0) == 0;
}

static bool
links_in(void)
{
    return linkat(AT_FDCWD, "outside/victim", dir_fd, "new", 0) == 0;
}

static bool
renames_out(void)
{
    return renameat(dir_fd, "mine", AT_FDCWD, "outside/new") == 0;
}

static bool
renames_in(void)
{
    return renameat(AT_FDCWD, "outside/victim", dir_fd, "new") == 0;
}

static bool
renames(void)
{
    return rename("outside/victim", "outside/new") == 0;
}

static bool
removes(void)
{
    return unlink("outside/victim") == 0 || rmdir("outside/empty") == 0;
}

#ifndef REEL_FILTER_SANITIZED /* sanitizers do all of it */
static bool
runs(void)
{
    pid_t pid;

    return posix_spawn(&pid, "/bin/true", NULL, NULL, nothing, nothing) == 0 ||
           execve("/bin/true", nothing, nothing) == 0;
}

static bool
forks(void)
{
    const pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0;
}
#endif

static bool
connects(void)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        if (socket(families[i], SOCK_STREAM, 0) >= 0 ||
            socket(families[i], SOCK_DGRAM, 0) >= 0)
            return true;
    }
    return false;
}

#ifndef REEL_FILTER_SANITIZED
static bool
signals(void)
{
    return kill(getppid(), 0) == 0 ||
           syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

static bool
traces(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}
#endif

static bool
signals_by_descriptor(void)
{
    const struct f_owner_ex owner = {F_OWNER_PID, getppid()};

    return fcntl(dir_fd, F_SETOWN, getppid()) == 0 ||
           fcntl(dir_fd, F_SETOWN_EX, &owner) == 0 ||
           fcntl(dir_fd, F_SETSIG, SIGTERM) == 0 ||
           fcntl(dir_fd, F_NOTIFY, DN_CREATE) == 0;
}

static bool
writes_memory(void)
{
    char octet       = 0;
    struct iovec one = {&octet, 1};

    return process_vm_readv(getppid(), &one, 1, &one, 1, 0) >= 0 ||
           process_vm_writev(getppid(), &one, 1, &one, 1, 0) >= 0;
}

static bool
leaves(void)
{
    return mount("none", "outside/empty", "tmpfs", 0, NULL) == 0 ||
           chroot("outside") == 0 || unshare(CLONE_NEWUSER) == 0;
}

static bool
types(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x") == 0;
}

static bool
goes_around(void)
{
    static char none[256];

#ifdef SYS_io_uring_setup
    if (syscall(SYS_io_uring_setup, 1, none) >= 0 || errno == EFAULT)
        return true;
#endif
#ifdef SYS_clone3
    if (syscall(SYS_clone3, none, 64) >= 0 || errno == EINVAL)
        return true;
#endif
#ifdef SYS_pidfd_open
    if (syscall(SYS_pidfd_open, getppid(), 0) >= 0)
        return true;
#endif
    return syscall(SYS_bpf, 0, none, 0) >= 0 || errno == EINVAL;
}

/* Facts of what stands outside: Landlock does not know of them. */
static bool
changes_facts(void)
{
    return chmod("outside/victim", 0777) == 0 ||
           setxattr("outside/victim", "user.evil", "1", 1, 0) == 0 ||
           utimensat(AT_FDCWD, "outside/victim", NULL, 0) == 0 ||
           lchown("outside/victim", getuid(), getgid()) == 0;
}

static const struct attempt {
    const char *name;
    bool (*succeeds)(void);
    bool only_landlock; /* keeps those who restore from it */
} attempts[] = {
    {"create", creates, true},
    {"create what is not there", creates_exclusively, true},
    {"open for writing", writes, true},
    {"open for writing through a symlink", writes_through_symlink, true},
    {"cut", cuts, false},
    {"make a directory", makes_directory, true},
    {"make a symlink", makes_symlink, true},
    {"make a FIFO", makes_fifo, true},
    {"make a device", makes_device, true},
    {"link out", links_out, true},
    {"link in", links_in, true},
    {"rename out", renames_out, true},
    {"rename in", renames_in, true},
    {"rename", renames, true},
    {"remove", removes, true},
#ifndef REEL_FILTER_SANITIZED
    {"run a program", runs, false},
    {"fork", forks, false},
    {"send a signal", signals, false},
    {"trace", traces, false},
#endif
    {"send a signal by a descriptor", signals_by_descriptor, false},
    {"open a socket", connects, false},
    {"write into a process", writes_memory, false},
    {"leave", leaves, false},
    {"type at a terminal", types, false},
    {"go around", goes_around, false},
};

static void
try_attempts(bool fenced)
{
    struct stat st;

    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        if (fenced || !attempts[i].only_landlock)
            ck_assert_msg(!attempts[i].succeeds(), "it can %s",
                          attempts[i].name);
    }
    ck_assert_int_eq(stat("outside/victim", &st), 0);
    ck_assert_int_eq(st.st_size, 8);
    ck_assert_int_eq(stat("outside/new", &st), -1);
}

static void
try_all(bool fenced)
{
    try_attempts(fenced);
    ck_assert(opens("outside/victim", O_RDONLY));
}

/* ------------------------------------------------------------ what may be */

static void *
count(void *ctx)
{
    ++*(int *)ctx;
    return NULL;
}

static void
check_threads(void)
{
    pthread_t thread;
    int counted = 0;

    ck_assert_int_eq(pthread_create(&thread, NULL, count, &counted), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(counted, 1);
}

static void
check_temporary(const char *directory)
{
    const int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, "x", 1, 5), 1);
    ck_assert_int_eq(close(fd), 0);
}

static void
check_directory(void)
{
    const int fd =
        openat(dir_fd, "a", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, "x", 1, 5), 1);
    ck_assert_int_eq(ftruncate(fd, 9), 0);
    ck_assert_int_eq(fchmod(fd, 0644), 0);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(mkdirat(dir_fd, "d", 0755), 0);
    ck_assert_int_eq(linkat(dir_fd, "a", dir_fd, "d/b", 0), 0);
    ck_assert_int_eq(renameat(dir_fd, "d/b", dir_fd, "c"), 0);
    ck_assert_int_eq(symlinkat("x", dir_fd, "s"), 0);
    ck_assert_int_eq(mkfifoat(dir_fd, "f", 0600), 0);
    ck_assert_int_eq(unlinkat(dir_fd, "a", 0), 0);
    ck_assert_int_eq(unlinkat(dir_fd, "d", AT_REMOVEDIR), 0);
}

/* ------------------------------------------------------------------- tests */

static struct cli_shelter shelter;
static struct cli_report report = {.verb = "test"};

/* Check would ask for a timer, which the fence does not have: so ends what went
   well behind it. */
#define WELL 7

static void
enter(const struct cli_shelter_needs *needs)
{
    const struct reel_fence_level offered = reel_fence_offered();

    report.out = stderr;
    ck_assert(cli_shelter_enter(&shelter, needs, &report));
    ck_assert_ptr_nonnull(cli_shelter_keeper(&shelter));
    ck_assert_ptr_nonnull(shelter.temporary);
    ck_assert_int_eq(shelter.level.landlock, offered.landlock);
    ck_assert(shelter.level.seccomp == offered.seccomp);
}

_Noreturn static void
leave(void)
{
    struct stat st;

    cli_shelter_fini(&shelter);
    ck_assert_int_eq(stat("tmp", &st), 0);
    ck_assert_uint_eq(st.st_nlink, 2); /* nothing is left in it */
    _exit(WELL);
}

START_TEST(who_reads_writes_nowhere)
{
    const struct cli_shelter_needs needs = {0};

    enter(&needs);
    if (!shelter.level.seccomp)
        leave();
    try_all(true);
    ck_assert(!changes_facts());
    ck_assert_int_eq(mkdirat(dir_fd, "d", 0755), -1);
    check_temporary(shelter.temporary);
    check_threads();
    leave();
}
END_TEST

START_TEST(who_restores_writes_in_one_directory)
{
    const struct cli_shelter_needs needs = {.dir_fd = dir_fd, .writes = true};

    enter(&needs);
    if (!shelter.level.seccomp)
        leave();
    try_all(shelter.level.landlock >= REEL_FENCE_LANDLOCK_FULL);
    check_directory();
    check_temporary(shelter.temporary);
    check_threads();
    leave();
}
END_TEST

/* What reel-ntfs does: one file, and no other can even be read. */
START_TEST(who_has_a_volume_opens_nothing_else)
{
    const bool written            = _i == 1;
    const struct reel_fence fence = {
        .dir_fd = -1, .volume = "outside/volume", .volume_written = written};
    const struct reel_fence_level offered = reel_fence_offered();
    struct reel_fence_level level;

    put_file("outside/volume", "precious");
    level = reel_fence_enter(&fence);
    ck_assert_int_eq(level.landlock, offered.landlock);
    ck_assert(level.seccomp == offered.seccomp);
    if (!level.seccomp)
        _exit(WELL);
    ck_assert(opens("outside/volume", O_RDONLY));
    ck_assert(opens("outside/volume", O_RDWR) == written);
    ck_assert(!opens("outside/volume", O_RDWR | O_TRUNC));
    try_attempts(level.landlock > 0 || !written);
    ck_assert(!changes_facts());
#ifndef REEL_FILTER_SANITIZED /* sanitizers read */
    ck_assert(level.landlock == 0 || !opens("outside/victim", O_RDONLY));
    ck_assert(level.landlock == 0 || !opens("outside", O_RDONLY));
#endif
    _exit(WELL);
}
END_TEST

/* Where there is no Landlock. */
START_TEST(the_filter_alone_keeps_readers)
{
    const struct reel_filter_needs needs = {0};

    if (!reel_filter_offered())
        _exit(WELL);
    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ck_assert(reel_filter_enter(&needs));
    try_all(true);
    ck_assert(!changes_facts());
    check_temporary("tmp");
    check_threads();
    _exit(WELL);
}
END_TEST

/* And files without a name cannot be had either. */
START_TEST(the_filter_alone_lets_temporary_files_be)
{
    const struct reel_filter_needs needs = {.creates = true};

    if (!reel_filter_offered())
        _exit(WELL);
    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ck_assert(reel_filter_enter(&needs));
    ck_assert(opens("tmp/x", O_RDWR | O_CREAT | O_EXCL));
    ck_assert_int_eq(unlink("tmp/x"), 0);
    ck_assert(!opens("outside/victim", O_WRONLY));
    ck_assert(!opens("outside/victim", O_WRONLY | O_CREAT));
    ck_assert(!opens("outside/victim", O_WRONLY | O_EXCL));
    ck_assert(!opens("outside/victim", O_RDWR | O_EXCL));
    ck_assert(!opens("outside/victim", O_RDONLY | O_TRUNC));
    ck_assert(!renames());
    _exit(WELL);
}
END_TEST

/* Landlock before version 3 does not know of it. */
START_TEST(nobody_cuts_what_is_there)
{
    const struct reel_filter_needs needs = {
        .writes = true, .fenced = _i > 0, .fenced_cut = _i == 2};

    if (!reel_filter_offered())
        _exit(WELL);
    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ck_assert(reel_filter_enter(&needs));
    ck_assert(!opens("outside/victim", O_RDONLY | O_TRUNC));
    ck_assert(!opens("outside/victim", O_WRONLY | O_TRUNC));
    ck_assert(!opens("outside/victim", O_ACCMODE | O_TRUNC));
    ck_assert(opens("outside/victim", O_RDONLY));
#ifdef SYS_openat2 /* its flags cannot be looked at */
    ck_assert_int_eq(syscall(SYS_openat2, AT_FDCWD, "dir", NULL, 0), -1);
    ck_assert((errno == ENOSYS) == (_i == 1));
#endif
    _exit(WELL);
}
END_TEST

/* Does the filter let an order pass? The kernel has none for descriptor -1. */
static bool
passes(unsigned long request)
{
    static char argument[256];

    return ioctl(-1, request, argument) != 0 && errno == EBADF;
}

START_TEST(only_a_drive_takes_orders)
{
    const struct reel_filter_needs needs = {.fenced = true, .drive = _i == 1};

    if (!reel_filter_offered())
        _exit(WELL);
    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ck_assert(reel_filter_enter(&needs));
    ck_assert(passes(FIONREAD));
    ck_assert(passes(MTIOCTOP) == needs.drive);
    ck_assert(passes(MTIOCGET) == needs.drive);
    ck_assert(passes(MTIOCPOS) == needs.drive);
    ck_assert(passes(SG_IO) == needs.drive);
    ck_assert(!passes(TIOCSTI));
    _exit(WELL);
}
END_TEST

START_TEST(the_keeper_does_what_was_named)
{
    struct cli_kept_file kept;
    struct cli_shelter_needs needs = {.work = {.kept = &kept}};
    struct reel_err err            = {0};
    struct reel_volume_wish wish   = {.number = 2};
    uint32_t id                    = 7;
    int to, from;
    struct stat st;
    char temporary[64];
    const struct reel_owner_lookup *owners;

    ck_assert(cli_kept_file_begin(&kept, "outside/kept"));
    (void)snprintf(temporary, sizeof(temporary), "%s", kept.temporary);
    enter(&needs);
    owners = &cli_shelter_keeper(&shelter)->owners;
    ck_assert_int_eq(owners->find(owners->ctx, false, "root", &id), 0);
    ck_assert_uint_eq(id, 0);
    ck_assert_int_eq(owners->find(owners->ctx, true, "root", &id), 0);
    ck_assert_int_eq(
        owners->find(owners->ctx, false, "nobody of this name", &id), ENOENT);
    /* What was not named is not done. */
    ck_assert_int_eq(cli_keeper_bring(&shelter.keeper, &wish, false, &err),
                     REEL_E_MISUSE);
    ck_assert_int_eq(cli_keeper_open(&shelter.keeper, 1, O_RDONLY), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(cli_keeper_run_ntfs(&shelter.keeper, &to, &from, &err),
                     REEL_E_MISUSE);
    ck_assert_int_eq(write(kept.fd, "catalog", 7), 7);
    ck_assert(cli_keeper_end_kept(&shelter.keeper, _i == 1));
    ck_assert_int_eq(stat("outside/kept", &st), _i == 1 ? 0 : -1);
    ck_assert_int_eq(stat(temporary, &st), -1);
    leave();
}
END_TEST

/* Does the keeper open volume `number`, and is `text` in it? */
static bool
opens_volume(uint32_t number, const char *text)
{
    const int fd   = cli_keeper_open(&shelter.keeper, number, O_RDONLY);
    char there[16] = {0};

    if (fd < 0)
        return false;
    ck_assert_int_ge(read(fd, there, sizeof(there) - 1), 0);
    ck_assert_str_eq(there, text);
    ck_assert_int_eq(write(fd, "x", 1), -1);
    ck_assert_int_eq(close(fd), 0);
    return true;
}

static struct cli_common common;
static struct cli_volumes volumes;

static void
enter_with_volumes(const char *tape)
{
    const struct cli_shelter_needs needs = {.work = {.volumes = &volumes}};

    common     = (struct cli_common){.tape = tape};
    report.out = stderr;
    cli_volumes_init(&volumes, &common, &report, REEL_MEDIUM_READ,
                     CLI_FIRST_LOWEST, NULL);
    enter(&needs);
}

START_TEST(the_keeper_opens_volumes)
{
    put_file("outside/set1", "one");
    put_file("outside/set12", "twelve");
    put_file("outside/set", "none");
    enter_with_volumes("outside/set%d");
    ck_assert(opens_volume(1, "one"));
    ck_assert(opens_volume(12, "twelve"));
    ck_assert(!opens_volume(2, ""));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(cli_keeper_open(&shelter.keeper, 1, O_RDWR), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(cli_keeper_open(&shelter.keeper, 2, O_RDONLY | O_CREAT),
                     -1);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(access("outside/set2", F_OK), -1);
    leave();
}
END_TEST

START_TEST(the_keeper_opens_no_other_volumes)
{
    put_file("outside/one", "one");
    put_file("outside/one1", "another");
    enter_with_volumes("outside/one");
    ck_assert(opens_volume(0, "one"));
    ck_assert(!opens_volume(1, ""));
    ck_assert_int_eq(errno, EPERM);
    leave();
}
END_TEST

START_TEST(the_keeper_opens_images_of_a_list)
{
    const char *const images[] = {"outside/one", "outside/none", "outside/two"};
    const struct cli_shelter_needs needs = {
        .work = {.images = images, .image_count = 3}};

    put_file("outside/one", "one");
    put_file("outside/two", "two");
    enter(&needs);
    ck_assert(opens_volume(0, "one"));
    ck_assert(opens_volume(2, "two"));
    ck_assert(!opens_volume(1, ""));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert(!opens_volume(3, ""));
    ck_assert_int_eq(errno, EPERM);
    leave();
}
END_TEST

/* Whoever is behind the fence dies: what it had is cleared up. */
START_TEST(the_keeper_clears_up)
{
    struct cli_kept_file kept;
    struct cli_shelter_needs needs = {.work = {.kept = &kept}};
    struct stat st;
    int status = 0;
    int tries  = 0;
    pid_t pid;

    ck_assert(cli_kept_file_begin(&kept, "outside/kept"));
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        report.out = stderr;
        if (!cli_shelter_enter(&shelter, &needs, &report))
            _exit(1);
        (void)kill(getpid(), SIGKILL);
        abort();
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    while ((stat(kept.temporary, &st) == 0 ||
            (stat("tmp", &st) == 0 && st.st_nlink > 2)) &&
           tries++ < 100)
        (void)usleep(50000);
    ck_assert_int_eq(close(kept.fd), 0);
    ck_assert_int_eq(stat(kept.temporary, &st), -1);
    cli_kept_file_forget(&kept);
    ck_assert_int_eq(stat("tmp", &st), 0);
    ck_assert_uint_eq(st.st_nlink, 2);
}
END_TEST

START_TEST(off_is_off)
{
    const struct cli_shelter_needs needs = {.wish = REEL_FENCE_OFF};

    report.out = stderr;
    ck_assert(cli_shelter_enter(&shelter, &needs, &report));
    ck_assert_ptr_null(cli_shelter_keeper(&shelter));
    ck_assert(creates());
    cli_shelter_fini(&shelter);
}
END_TEST

START_TEST(levels_are_told)
{
    char text[REEL_FENCE_TEXT_BYTES];
    struct reel_fence_level level = {7, true};

    ck_assert_str_eq(reel_fence_print(text, &level), "Landlock 7, seccomp");
    level.seccomp = false;
    ck_assert_str_eq(reel_fence_print(text, &level), "Landlock 7");
    level = (struct reel_fence_level){0, true};
    ck_assert_str_eq(reel_fence_print(text, &level), "seccomp");
    level.seccomp = false;
    ck_assert_str_eq(reel_fence_print(text, &level), "none");
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, set_up, NULL);
    tcase_add_exit_test(t, who_reads_writes_nowhere, WELL);
    tcase_add_exit_test(t, who_restores_writes_in_one_directory, WELL);
    tcase_add_loop_exit_test(t, who_has_a_volume_opens_nothing_else, WELL, 0,
                             2);
    tcase_add_exit_test(t, the_filter_alone_keeps_readers, WELL);
    tcase_add_exit_test(t, the_filter_alone_lets_temporary_files_be, WELL);
    tcase_add_loop_exit_test(t, nobody_cuts_what_is_there, WELL, 0, 3);
    tcase_add_loop_exit_test(t, only_a_drive_takes_orders, WELL, 0, 2);
    tcase_add_loop_exit_test(t, the_keeper_does_what_was_named, WELL, 0, 2);
    tcase_add_exit_test(t, the_keeper_opens_volumes, WELL);
    tcase_add_exit_test(t, the_keeper_opens_no_other_volumes, WELL);
    tcase_add_exit_test(t, the_keeper_opens_images_of_a_list, WELL);
    tcase_add_test(t, the_keeper_clears_up);
    tcase_add_test(t, off_is_off);
    tcase_add_test(t, levels_are_told);
}

int
main(void)
{
    char command[sizeof(top) + 16];
    int failed;

    if (mkdtemp(top) == NULL)
        return EXIT_FAILURE;
    failed = suite_run("sandbox", add);
    (void)snprintf(command, sizeof(command), "rm -rf %s", top);
    return system(command) == 0 ? failed : EXIT_FAILURE;
}
