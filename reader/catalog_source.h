/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog of one archive, from wherever it can be had, proven and ready to
 * be gone through. Private to reader/.
 */
#ifndef REEL_READER_CATALOG_SOURCE_H
#define REEL_READER_CATALOG_SOURCE_H

#include "reel/catalog.h"
#include "reel/find_end.h"
#include "pipeline.h"
#include "selection.h"
#include "spool.h"

struct reel_catalog_source {
    struct reel_reader_spool spool;
    uint32_t archive;
    /* Set before load: only where objects stand is wanted, and the objects
       are looked at there. Then the digest is compared only if the catalog
       has to be believed for more. */
    bool places_only;
    bool doubted; /* it would have to be, and was not compared */
    bool unnamed; /* something that is selected is not in it */
    struct reel_reader_labels *labels; /* NULL; or what volumes are called is
                                          learnt here; borrowed */
    bool undisturbed;                  /* no run above 0 began in its data */
    /* Only where it was made by a scan: torn objects that go on on a volume
       that is not at hand; at most one for each such volume. */
    uint64_t *wanting;
    size_t wanting_count;
    size_t wanting_capacity;
    bool have_end;
    struct reel_end end; /* its texts are in `text` */
    uint8_t text[REEL_END_TEXT_BYTES];
    /* Only where it was made by a scan: */
    bool scanned;
    bool differs;  /* from what END says of it */
    uint64_t lost; /* objects of which nothing but a number is left, told */
    struct reel_catalog_totals totals;
    uint8_t digest[REEL_DIGEST_BYTES];
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    struct reel_block_header last_data; /* last block before the catalog */
    struct reel_block_header end_block; /* that of END, if have_end */
    uint64_t *cuts;                     /* records before each checkpoint, */
    size_t cut_count;                   /* where a segment ends too */
    size_t cut_capacity;
    uint32_t checkpoint; /* as in END */
    struct reel_position checkpoint_slice;
};

void reel_catalog_source_init(struct reel_catalog_source *s,
                              const char *temporary_dir);
void reel_catalog_source_fini(struct reel_catalog_source *s);

/*
 * Take the catalog from the blocks that `run` reads, and prove it;
 * `end` is its END, or NULL if that stands behind it. Only segments that
 * hold something that `m` selects are kept; NULL: all. *usable false: *why
 * tells what is wrong with it. Fails with MEDIUM, FULL, MEMORY, UNSUPPORTED,
 * STOPPED.
 */
enum reel_status reel_catalog_source_load(struct reel_catalog_source *s,
                                          struct reel_read_pipeline *p,
                                          const struct reel_read_run *run,
                                          const struct reel_end *end,
                                          struct reel_matcher *m, bool *usable,
                                          struct reel_err *why,
                                          struct reel_err *err) REEL_MUST_CHECK;

/*
 * Make it from the data that stand from here on, across volumes. archive 0: of
 * the last complete archive, or if there is none of the last one. `front`: the
 * slices up to here, NULL: none. What is damaged is told in notes. *found
 * false: no block of it was met. Fails as load does.
 */
enum reel_status
reel_catalog_source_scan(struct reel_catalog_source *s,
                         struct reel_read_pipeline *p, uint32_t archive,
                         const struct reel_catalog_source *front, bool across,
                         const struct reel_reporter *report, bool *found,
                         struct reel_err *err) REEL_MUST_CHECK;

/* Is object `number`, which is torn, whole but for a volume that is not at
   hand? Pure. */
bool reel_catalog_source_wanting(const struct reel_catalog_source *s,
                                 uint64_t number);

/* Can each of its objects be made sense of, and stand where it says; and does
   it lack none, as far as all of it was kept? *why tells what is wrong, else.
   Fails as reel_catalog_cursor_next. */
enum reel_status
reel_catalog_source_sound(const struct reel_catalog_source *s, bool *sound,
                          struct reel_err *why,
                          struct reel_err *err) REEL_MUST_CHECK;

/* in a catalog of which all was kept: may object `number` (0: the
   end) come behind `before` of them? INVALID. */
enum reel_status
reel_catalog_source_number(const struct reel_catalog_source *s, uint64_t before,
                           uint64_t number,
                           struct reel_err *err) REEL_MUST_CHECK;

/* The path in the payload of an OBJECT that need not be as it must be; encoding
   0: it cannot be told. Pure. */
void reel_catalog_source_peek(struct reel_bytes object, uint8_t *encoding,
                              struct reel_bytes *path);

/* Going through its objects. */
struct reel_catalog_cursor {
    struct reel_spool_cursor records;
    struct reel_catalog_parser *parser;
    bool open;       /* an OBJECT was met, and not its ENTRY */
    uint64_t object; /* its number */
    bool held;       /* `record` is to be looked at once more */
    struct reel_record record;
    /* Behind INVALID: of which object, 0 if that is not known; and its path as
       it stands there, encoding 0 if it cannot be told. */
    uint64_t number;
    uint8_t encoding;
    struct reel_bytes path; /* valid until the next call */
};

/* MEMORY. fini is fine on a zeroed one. */
enum reel_status reel_catalog_cursor_init(struct reel_catalog_cursor *c,
                                          const struct reel_catalog_source *s,
                                          struct reel_err *err) REEL_MUST_CHECK;
void reel_catalog_cursor_fini(struct reel_catalog_cursor *c);

/* The next object, valid until the next call; REEL_END behind the last. Also
   objects that are not selected. INVALID: what stands here makes none; the next
   call goes on behind it. MEDIUM, CORRUPT, MEMORY. `err` is not NULL. */
enum reel_status reel_catalog_cursor_next(struct reel_catalog_cursor *c,
                                          struct reel_catalog_item *item,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* Is it one that was not finished? If its end is known, it was, whatever the
   flags say. Pure. */
bool reel_catalog_item_torn(const struct reel_catalog_item *item);

/* Behind INVALID: a note DAMAGE of what makes no object. */
void reel_catalog_cursor_tell(const struct reel_catalog_cursor *c,
                              const struct reel_reporter *report,
                              const struct reel_err *why);

#endif
