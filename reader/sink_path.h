/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A path of the archive as a path of this system: converted, stripped, and
 * refused unless every component is harmless. Private to reader/.
 */
#ifndef REEL_READER_SINK_PATH_H
#define REEL_READER_SINK_PATH_H

#include "reel/path.h"

enum reel_sink_path_verdict {
    REEL_SINK_PATH_FINE,
    REEL_SINK_PATH_STRIPPED, /* no component is left */
    REEL_SINK_PATH_ILLEGAL   /* breaks N-1 to N-3, here or as stored */
};

struct reel_sink_path {
    char *text;        /* relative, NUL at the end, empty: the directory */
    size_t len;        /* of text */
    size_t parent_len; /* of what stands before the last "/" */
    size_t name_at;    /* where the last component begins */
    size_t capacity;
};

void reel_sink_path_init(struct reel_sink_path *p);
void reel_sink_path_fini(struct reel_sink_path *p);

/*
 * Set `p` from `stored`, without its `strip` leading components. Lone
 * surrogates become three octets each, as in WTF-8. *why is filled for
 * ILLEGAL. Fails with MEMORY. The text is valid until the next call.
 */
enum reel_status reel_sink_path_set(struct reel_sink_path *p,
                                    struct reel_bytes stored, uint8_t encoding,
                                    uint32_t strip,
                                    enum reel_sink_path_verdict *verdict,
                                    struct reel_err *why,
                                    struct reel_err *err) REEL_MUST_CHECK;

/* The last component; valid as long as the text. */
const char *reel_sink_path_name(const struct reel_sink_path *p);

#endif
