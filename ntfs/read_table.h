/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of files with several names while names of them are still
 * to come: a table by keys of 16 octets. Memory goes by what is in it.
 */
#ifndef RN_READ_TABLE_H
#define RN_READ_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rn_entry {
    uint64_t key[2];  /* not both zero */
    uint64_t number;  /* of the object with the content */
    uint64_t to_come; /* names still to be met */
};

/* Zero it; rn_table_fini is due. */
struct rn_table {
    struct rn_entry *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
};

/* Add an entry whose key is not there; false without memory. */
bool rn_table_add(struct rn_table *t, const struct rn_entry *e);

/* The entry, valid until the table changes; NULL. */
struct rn_entry *rn_table_find(const struct rn_table *t, const uint64_t key[2]);

void rn_table_remove(struct rn_table *t, struct rn_entry *e);
void rn_table_fini(struct rn_table *t);

#endif
