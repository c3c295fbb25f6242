/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User-Mode Linux 6.1 keeps 2,696 octets of the registers of a process. Where
 * the processor has more of them (with AMX 11,008), the host refuses to set a
 * part, and the guest dies at once. Loaded before the C library, this gives it
 * the part that it asks for, and sets that together with the rest as it stands.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef long ptrace_fn(enum __ptrace_request, ...);

/* The stacks of that kernel are small, and it has one thread. */
static uint8_t registers[64 * 1024];

static long
get_all(ptrace_fn *next, pid_t pid, struct iovec *all)
{
    *all = (struct iovec){registers, sizeof(registers)};
    return next(PTRACE_GETREGSET, pid, NT_X86_XSTATE, all);
}

static long
get_part(ptrace_fn *next, pid_t pid, struct iovec *part)
{
    struct iovec all;
    const long result = get_all(next, pid, &all);

    if (result != 0)
        return result;
    if (part->iov_len > all.iov_len)
        part->iov_len = all.iov_len;
    memcpy(part->iov_base, registers, part->iov_len);
    return 0;
}

static long
set_part(ptrace_fn *next, pid_t pid, const struct iovec *part)
{
    struct iovec all;
    const long result = get_all(next, pid, &all);

    if (result != 0)
        return result;
    memcpy(registers, part->iov_base,
           part->iov_len < all.iov_len ? part->iov_len : all.iov_len);
    return next(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &all);
}

long
ptrace(enum __ptrace_request request, ...)
{
    static ptrace_fn *next;
    va_list rest;
    pid_t pid;
    void *address;
    void *data;

    va_start(rest, request);
    pid     = va_arg(rest, pid_t);
    address = va_arg(rest, void *);
    data    = va_arg(rest, void *);
    va_end(rest);
    if (next == NULL) {
        void *const found = dlsym(RTLD_NEXT, "ptrace");

        memcpy(&next, &found, sizeof(next));
    }
    if ((uintptr_t)address != NT_X86_XSTATE)
        return next(request, pid, address, data);
    if (request == PTRACE_GETREGSET)
        return get_part(next, pid, data);
    if (request == PTRACE_SETREGSET)
        return set_part(next, pid, data);
    return next(request, pid, address, data);
}
