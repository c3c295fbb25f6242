/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Check, told only of assertions that fail. It would tell the process that
 * counts of every one that holds, by a write each, in case the next thing is a
 * crash; sweeps make millions, and a sanitizer says better where a crash is.
 * Included in front of every test by CMake.
 */
#ifndef REEL_CHECK_QUICK_H
#define REEL_CHECK_QUICK_H

#include <check.h>

#undef ck_assert_msg
#define ck_assert_msg(expr, ...)                                               \
    ((expr) ? (void)0                                                          \
            : _ck_assert_failed(__FILE__, __LINE__,                            \
                                "Assertion '" #expr "' failed", __VA_ARGS__))

#endif
