/* SPDX-License-Identifier: Apache-2.0 */
/* The only place for compiler extensions; every other file is plain C11. */
#ifndef REEL_COMPILER_H
#define REEL_COMPILER_H

#if defined(__GNUC__) || defined(__clang__)
#define REEL_MUST_CHECK __attribute__((warn_unused_result))
#define REEL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define REEL_MUST_CHECK
#define REEL_PRINTF(fmt, args)
#endif

/* Visible outside the shared library; everything else is hidden. */
#if defined(__GNUC__) && !defined(REEL_STATIC)
#define REEL_API __attribute__((visibility("default")))
#else
#define REEL_API
#endif

#endif
