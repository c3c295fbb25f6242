/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links, spec 8.3: the table of objects with further names says what a plain
 * list says, and forgets an object with its last name, where that is known.
 */
#include <string.h>

#include "reel/cursor.h"
#include "reel/link_table.h"
#include "reel_fuzz.h"
#include "tape_input.h"

#define NUMBERS 64U
#define FOREVER UINT64_MAX /* nobody knows how many are to come */

struct known {
    uint64_t left[NUMBERS + 1]; /* names still to come */
    uint64_t at[NUMBERS + 1];   /* sequence of its place */
};

static void
add(struct reel_link_table *t, struct known *k, uint64_t number, uint8_t names,
    uint64_t sequence)
{
    const struct reel_place place = {1, 0, sequence, 0, 0, 0};

    if (k->left[number] > 0)
        return; /* numbers do not come twice while names are to come */
    must(!reel_link_table_add(t, number, names, &place, NULL));
    k->left[number] = names == 0 ? FOREVER : names - 1U;
    k->at[number]   = sequence;
}

static void
meet(struct reel_link_table *t, struct known *k, uint64_t number)
{
    struct reel_place place = {0};
    const bool met          = reel_link_table_meet(t, number, &place);

    must(met == (k->left[number] > 0));
    must(place.sequence == (met ? k->at[number] : 0));
    if (k->left[number] != FOREVER)
        k->left[number] -= met;
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_cursor c = reel_cursor_init(data, size, NULL);
    struct reel_link_table table;
    struct reel_link_table copy;
    struct known known;

    memset(&known, 0, sizeof(known));
    reel_link_table_init(&table);
    reel_link_table_init(&copy);
    while (reel_cursor_left(&c) > 0) {
        const uint8_t what   = reel_get_u8(&c);
        const uint64_t which = what % NUMBERS + 1;

        if (what < 128)
            add(&table, &known, which, reel_get_u8(&c), reel_cursor_left(&c));
        else
            meet(&table, &known, which);
    }
    must(!reel_link_table_copy(&copy, &table, NULL));
    for (uint64_t number = 1; number <= NUMBERS; number++)
        while (known.left[number] > 0) {
            meet(&copy, &known, number);
            if (known.left[number] == FOREVER)
                known.left[number] = 0;
        }
    reel_link_table_fini(&table);
    reel_link_table_fini(&copy);
    return 0;
}
