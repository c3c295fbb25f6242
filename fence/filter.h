/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls of the kernel a parser of tapes or volumes may make: a list of
   them, and nothing else (seccomp). */
#ifndef REEL_FENCE_FILTER_H
#define REEL_FENCE_FILTER_H

#include <stdbool.h>

/* Sanitizers look for leaks when all is over: they stop our threads as a
   debugger does, from a process of their own. No build for users has them. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REEL_FILTER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
    __has_feature(memory_sanitizer)
#define REEL_FILTER_SANITIZED 1
#endif
#endif

struct reel_filter_needs {
    bool writes;     /* into a directory */
    bool creates;    /* temporary files, which must have a name for a moment */
    bool devices;    /* what is there is opened for writing: a volume */
    bool drive;      /* one takes orders */
    bool volume;     /* one is asked how large it is */
    bool fenced;     /* Landlock judges what is opened */
    bool fenced_cut; /* and what is cut by that */
};

/* Does the kernel have it, and do we know its calls on this machine? */
bool reel_filter_offered(void);

/* Forbid all else from now on; false: it cannot be. Needs no_new_privs. */
bool reel_filter_enter(const struct reel_filter_needs *needs);

#endif
