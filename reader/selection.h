/* SPDX-License-Identifier: Apache-2.0 */
/* Which objects are asked for (reel/access.h has the rules). Private to
   reader/. */
#ifndef REEL_READER_SELECTION_H
#define REEL_READER_SELECTION_H

#include "reel/access.h"
#include "sink_path.h"

struct reel_matcher_pattern {
    const char *given; /* as it was given, borrowed */
    char *text;        /* without what means nothing */
    size_t len;
    size_t slashes;
    bool wild; /* holds a character of a pattern */
    bool matched;
};

struct reel_matcher {
    struct reel_matcher_pattern *patterns;
    size_t count; /* 0: everything is asked for */
    char *buf;    /* a path with a NUL */
    size_t capacity;
    struct reel_sink_path converted;
};

/* `selection` NULL: everything. Patterns are borrowed. MEMORY; fini is fine
   behind a failure, and on a zeroed one. */
enum reel_status reel_matcher_init(struct reel_matcher *m,
                                   const struct reel_selection *selection,
                                   struct reel_err *err) REEL_MUST_CHECK;
void reel_matcher_fini(struct reel_matcher *m);

/* Is `path` asked for? Patterns that say so are marked. `encoding` 0: the path
   is not known, and asked for only where everything is. MEMORY. */
enum reel_status reel_matcher_match(struct reel_matcher *m, uint8_t encoding,
                                    struct reel_bytes path, bool *match,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* Does each pattern name one path as it stands, and was that met? */
bool reel_matcher_all_named(const struct reel_matcher *m);

/* SKIPPED for each pattern that matched nothing. */
void reel_matcher_note_unmatched(const struct reel_matcher *m,
                                 const struct reel_reporter *report);

#endif
