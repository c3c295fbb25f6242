/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes, times and the case flag of OBJECT (spec 6.1) on NTFS. */
#ifndef RN_WRITE_FACTS_H
#define RN_WRITE_FACTS_H

#include "reel/object.h"
#include "write_target.h"

enum rn_time { RN_BIRTH, RN_MODIFIED, RN_ACCESSED, RN_CHANGED, RN_TIMES };

/* Those of OBJECT that NTFS has a field for, in its form. */
struct rn_facts {
    uint16_t known; /* enum reel_object_fact */
    uint16_t filling;
    uint32_t attributes;
    uint64_t times[RN_TIMES]; /* 100 ns since 1601 */
};

/* A directory whose facts are to be put when everything in it is done. */
struct rn_late {
    uint64_t reference;
    struct rn_facts facts;
};

/* Take them from `o`; a time that NTFS cannot hold is reported and not known
   then (K-14). */
void rn_facts_take(struct rn_facts *f, const struct reel_object *o,
                   struct rn_report *report, const struct rn_subject *about);

/* Before content comes: what decides how it is stored. FULL, MEDIUM. */
enum reel_status rn_facts_prepare(const struct rn_facts *f, ntfs_inode *ni,
                                  struct rn_report *report,
                                  const struct rn_subject *about,
                                  struct reel_err *err) REEL_MUST_CHECK;

/*
 * Put attributes, case flag and times into `ni`; nothing else may change it
 * before it is closed, which writes them. `extra` attributes are set whatever
 * is known. MEDIUM.
 */
enum reel_status rn_facts_put(const struct rn_facts *f, ntfs_inode *ni,
                              uint32_t extra,
                              struct reel_err *err) REEL_MUST_CHECK;

/* Do names in the directory differ by case? False also when not known. */
bool rn_facts_case(ntfs_inode *ni);

#endif
