/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Going through the catalog in step with the data: what the catalog has of an
 * object, and what was asked for and never came. Private to reader/.
 */
#ifndef REEL_READER_EXPECTED_H
#define REEL_READER_EXPECTED_H

#include "reel/restore.h"
#include "relink.h"
#include "session.h"
#include "torn.h"

struct reel_expected {
    struct reel_session *session;
    struct reel_restore_result *result;
    struct reel_catalog_cursor cursor;
    bool have; /* `item` is the next one */
    bool over;
    const struct reel_catalog_source *source; /* borrowed */
    struct reel_catalog_item item;
    bool broken; /* of `item` nothing but the number can be told, and: */
    uint8_t encoding;
    struct reel_bytes path;
    struct reel_torn torn;
};

enum reel_status reel_expected_init(struct reel_expected *x,
                                    struct reel_session *session,
                                    const struct reel_catalog_source *source,
                                    struct reel_restore_result *result,
                                    struct reel_err *err) REEL_MUST_CHECK;
void reel_expected_fini(struct reel_expected *x);

/*
 * The data reached object `number`: what is selected before it and did not
 * come is told. *item: what the catalog has of it, valid until the next call;
 * NULL if nothing. Fails as reel_catalog_cursor_next.
 */
enum reel_status reel_expected_reach(struct reel_expected *x, uint64_t number,
                                     const struct reel_catalog_item **item,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* The same, but object `number` itself may come yet. *have: the catalog has
   something of it. */
enum reel_status reel_expected_peek(struct reel_expected *x, uint64_t number,
                                    bool *have,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* Did all come by that is selected up to object `number`? If not, `item` is the
   first that did not. */
enum reel_status reel_expected_met(struct reel_expected *x, uint64_t number,
                                   bool *met,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* Nothing up to object `number` comes any more: what did not is told. */
enum reel_status reel_expected_pass(struct reel_expected *x, uint64_t number,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* Nothing more comes: the rest is told, and what is torn. */
enum reel_status reel_expected_finish(struct reel_expected *x,
                                      struct reel_err *err) REEL_MUST_CHECK;

/* Where a place is, for people. Pure. */
struct reel_pos reel_expected_pos(const struct reel_place *place);

#endif
