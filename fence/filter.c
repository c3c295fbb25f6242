/* SPDX-License-Identifier: Apache-2.0 */
/* Programs: the calls that are left to a parser of tapes (seccomp). */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <scsi/sg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mtio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"

#if defined(__x86_64__) && defined(__LP64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define MACHINE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define MACHINE AUDIT_ARCH_S390X
#elif defined(__arm__) && defined(__ARM_EABI__)
#define MACHINE AUDIT_ARCH_ARM
#elif defined(__i386__)
#define MACHINE AUDIT_ARCH_I386
#endif

#ifdef MACHINE

/* Calls that need no look at what they are given, the frequent ones first.
   What a machine does not have, it does without. */
static const long allowed[] = {
    SYS_read,
    SYS_pread64,
    SYS_write,
    SYS_pwrite64,
    SYS_futex,
#ifdef SYS_futex_time64
    SYS_futex_time64,
#endif
    SYS_preadv,
    SYS_readv,
    SYS_writev,
    SYS_pwritev,
    SYS_close,
    SYS_lseek,
#ifdef SYS__llseek
    SYS__llseek,
#endif
    SYS_statx,
    SYS_fstat,
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_fstatat64
    SYS_fstatat64,
    SYS_fstat64,
#endif
#ifdef SYS_stat
    SYS_stat,
    SYS_lstat,
#endif
    SYS_mmap,
#ifdef SYS_mmap2
    SYS_mmap2,
#endif
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_brk,
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    SYS_nanosleep,
#ifdef SYS_clock_gettime64
    SYS_clock_gettime64,
    SYS_clock_nanosleep_time64,
#endif
    SYS_gettimeofday,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_getcpu,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_rt_sigtimedwait,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_set_robust_list,
#ifdef SYS_rseq
    SYS_rseq,
#endif
    SYS_exit,
    SYS_exit_group,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
#ifdef SYS_getuid32
    SYS_getuid32,
    SYS_geteuid32,
    SYS_getgid32,
    SYS_getegid32,
#endif
    SYS_getrandom,
    SYS_getcwd,
    SYS_uname,
    SYS_sysinfo,
    SYS_ppoll,
#ifdef SYS_ppoll_time64
    SYS_ppoll_time64,
#endif
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_dup,
    SYS_dup3,
#ifdef SYS_dup2
    SYS_dup2,
#endif
    SYS_pipe2,
    SYS_flock,
    SYS_getdents64,
    SYS_readlinkat,
#ifdef SYS_readlink
    SYS_readlink,
#endif
    SYS_faccessat,
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_access
    SYS_access,
#endif
    SYS_ftruncate, /* what is open for writing */
#ifdef SYS_ftruncate64
    SYS_ftruncate64,
#endif
    SYS_fallocate,
    SYS_fsync,
    SYS_fdatasync,
    SYS_syncfs,
    SYS_fstatfs,
    SYS_statfs,
    SYS_getxattr,
    SYS_lgetxattr,
    SYS_fgetxattr,
    SYS_listxattr,
    SYS_llistxattr,
    SYS_flistxattr,
/* Over the one socket there is, to whoever runs things for us. */
#ifdef SYS_sendmsg
    SYS_sendmsg,
    SYS_recvmsg,
    SYS_shutdown,
#endif
#ifdef REEL_FILTER_SANITIZED
    SYS_clone,
    SYS_ptrace,
#ifdef SYS_getdents
    SYS_getdents,
#endif
    SYS_wait4,
    SYS_prctl,
    SYS_kill,
    SYS_prlimit64,
    SYS_personality,
#endif
};

/* More for those who restore. */
static const long writing[] = {
    SYS_mkdirat,
    SYS_mknodat,
    SYS_symlinkat,
    SYS_linkat,
    SYS_unlinkat,
    SYS_renameat2,
#ifdef SYS_renameat
    SYS_renameat,
#endif
    SYS_fchmod,
    SYS_fchmodat,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
#ifdef SYS_chmod
    SYS_chmod,
#endif
#ifdef SYS_utimensat_time64
    SYS_utimensat_time64,
#endif
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_getgroups,
};

/* Orders of fcntl. */
static const uint32_t signalling[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG,
                                      F_SETLEASE, F_NOTIFY};

/* Questions to terminals and pipes. */
static const unsigned long requests[] = {TCGETS, TIOCGWINSZ, FIONREAD};

/* Questions and orders to a tape drive. */
static const unsigned long drive_requests[] = {MTIOCTOP, MTIOCGET, MTIOCPOS,
                                               SG_IO};

/* And to what a volume of files stands on. */
static const unsigned long volume_requests[] = {BLKGETSIZE, BLKGETSIZE64,
                                                BLKSSZGET, BLKBSZSET};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* Instructions for each call at most: a comparison and an answer. */
#define ROOM (2 * (COUNT(allowed) + COUNT(writing)) + 120)

struct program {
    struct sock_filter code[ROOM];
    unsigned short length;
};

#define ANSWER(error) (SECCOMP_RET_ERRNO | ((error)&SECCOMP_RET_DATA))
#define ALLOW SECCOMP_RET_ALLOW
#define AT(field) ((uint32_t)offsetof(struct seccomp_data, field))
/* The lower half of an argument is all that is looked at. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ARGUMENT(n) (AT(args) + 8 * (n) + 4)
#else
#define ARGUMENT(n) (AT(args) + 8 * (n))
#endif

static void
put(struct program *p, struct sock_filter instruction)
{
    p->code[p->length++] = instruction;
}

static void
load(struct program *p, uint32_t at)
{
    put(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at));
}

static void
answer(struct program *p, uint32_t value)
{
    put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
}

/* If what was loaded is `value`, that is the answer. */
static void
answer_if(struct program *p, uint32_t value, uint32_t with)
{
    put(p,
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    answer(p, with);
}

/* If any of those bits is set. */
static void
answer_if_any(struct program *p, uint32_t bits, uint32_t with)
{
    put(p,
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    answer(p, with);
}

/* If all of those bits are set; what was loaded is gone then. */
static void
answer_if_all(struct program *p, uint32_t bits, uint32_t with)
{
    put(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
    answer_if(p, bits, with);
}

/* The calls of a list. */
static void
allow_all(struct program *p, const long *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        answer_if(p, (uint32_t)list[i], ALLOW);
}

/* Begin what is said of one call; it ends with `end_call`. */
static unsigned short
begin_call(struct program *p, long number)
{
    put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                        (uint32_t)number, 0, 0));
    return p->length;
}

static void
end_call(struct program *p, unsigned short begun, uint32_t otherwise)
{
    answer(p, otherwise);
    p->code[begun - 1].jf = (uint8_t)(p->length - begun);
}

/* Only threads are begun. */
static void
judge_clone(struct program *p)
{
    const unsigned short begun = begin_call(p, SYS_clone);

#ifdef __s390x__
    load(p, ARGUMENT(1));
#else
    load(p, ARGUMENT(0));
#endif
    answer_if_any(p, CLONE_THREAD, ALLOW);
    end_call(p, begun, ANSWER(EPERM));
}

/* Signals to ourselves: how a program aborts. */
static void
judge_signal(struct program *p)
{
    const unsigned short begun = begin_call(p, SYS_tgkill);

    load(p, ARGUMENT(0));
    answer_if(p, (uint32_t)getpid(), ALLOW);
    end_call(p, begun, ANSWER(EPERM));
}

/* Not those by which a descriptor sends signals to whom one likes. */
static void
judge_fcntl(struct program *p, long call)
{
    const unsigned short begun = begin_call(p, call);

    load(p, ARGUMENT(1));
    for (size_t i = 0; i < COUNT(signalling); i++)
        answer_if(p, signalling[i], ANSWER(EPERM));
    end_call(p, begun, ALLOW);
}

static void
judge_ioctl(struct program *p, const struct reel_filter_needs *needs)
{
    const unsigned short begun = begin_call(p, SYS_ioctl);

    load(p, ARGUMENT(1));
    for (size_t i = 0; i < COUNT(requests); i++)
        answer_if(p, (uint32_t)requests[i], ALLOW);
    for (size_t i = 0; needs->drive && i < COUNT(drive_requests); i++)
        answer_if(p, (uint32_t)drive_requests[i], ALLOW);
    for (size_t i = 0; needs->volume && i < COUNT(volume_requests); i++)
        answer_if(p, (uint32_t)volume_requests[i], ALLOW);
    end_call(p, begun, ANSWER(ENOTTY));
}

/* Nobody cuts a file by opening it, which Landlock does not judge before
   version 3. Without Landlock those who only read may open nothing for writing
   that has a name. Unnamed files always can be made; they harm nobody. */
static void
judge_open(struct program *p, long call, uint32_t flags_at,
           const struct reel_filter_needs *needs)
{
    const unsigned short begun = begin_call(p, call);

    load(p, flags_at);
    answer_if_any(p, O_TRUNC, ANSWER(EACCES));
    if (!needs->fenced && !needs->writes) {
        answer_if_any(p, O_TMPFILE & ~O_DIRECTORY, ALLOW);
        if (needs->creates) {
            answer_if_all(p, O_CREAT | O_EXCL, ALLOW); /* creates, or fails */
            load(p, flags_at);
        }
        answer_if_any(p, O_CREAT, ANSWER(EACCES));
        if (!needs->devices)
            answer_if_any(p, O_WRONLY | O_RDWR, ANSWER(EACCES));
    }
    end_call(p, begun, ALLOW);
}

static void
judge_all(struct program *p, const struct reel_filter_needs *needs)
{
    load(p, AT(arch));
    put(p,
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0));
    answer(p, SECCOMP_RET_KILL_PROCESS); /* calls of another machine */
    load(p, AT(nr));
    allow_all(p, allowed, COUNT(allowed));
    if (needs->writes)
        allow_all(p, writing, COUNT(writing));
    if (needs->creates) {
        answer_if(p, SYS_unlinkat, ALLOW);
#ifdef SYS_unlink
        answer_if(p, SYS_unlink, ALLOW);
#endif
    }
#ifdef SYS_openat2
    /* Its flags cannot be looked at. */
    if (needs->fenced ? needs->fenced_cut : needs->writes)
        answer_if(p, SYS_openat2, ALLOW);
#endif
    judge_open(p, SYS_openat, ARGUMENT(2), needs);
#ifdef SYS_open
    judge_open(p, SYS_open, ARGUMENT(1), needs);
#endif
    judge_fcntl(p, SYS_fcntl);
#ifdef SYS_fcntl64
    judge_fcntl(p, SYS_fcntl64);
#endif
    judge_clone(p);
    judge_signal(p);
    judge_ioctl(p, needs);
    /* As an old kernel would say; libraries then know another way. */
    answer(p, ANSWER(ENOSYS));
}

bool
reel_filter_offered(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

bool
reel_filter_enter(const struct reel_filter_needs *needs)
{
    struct program p = {.length = 0};
    struct sock_fprog filter;

    judge_all(&p, needs);
    filter = (struct sock_fprog){.len = p.length, .filter = p.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

#else /* a machine whose calls we do not know */

bool
reel_filter_offered(void)
{
    return false;
}

bool
reel_filter_enter(const struct reel_filter_needs *needs)
{
    (void)needs;
    return false;
}

#endif
