/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX objects on NTFS (spec 8.6): their facts and XATTRs as EAs. */
#ifndef RN_WRITE_WSL_H
#define RN_WRITE_WSL_H

#include "reel/object.h"
#include "reel/xattr.h"
#include "write_streams.h"

/* Attributes that NTFS wants set on objects of a kind. Pure. */
uint32_t rn_wsl_attributes(uint8_t kind);

/* Begin the EAs with those of OBJECT (K-10); they always fit. */
void rn_wsl_begin(struct rn_streams *s, const struct reel_object *o);

/* One more (K-11). LIMIT: it does not fit; UNSUPPORTED: there is one of that
   name. */
enum reel_status rn_wsl_add(struct rn_streams *s, const struct reel_xattr *x,
                            struct reel_err *err) REEL_MUST_CHECK;

#endif
