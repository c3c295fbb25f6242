/* SPDX-License-Identifier: Apache-2.0 */
/* What the volumes of the set are called (spec 2.4, 5.4). Private to
   reader/. */
#ifndef REEL_READER_LABELS_H
#define REEL_READER_LABELS_H

#include "reel/bytes.h"
#include "reel/limits.h"
#include "reel/volume.h"

struct reel_reader_label {
    uint32_t number;
    char id[REEL_VOLUME_ID_BYTES + 1]; /* without spaces behind */
};

struct reel_reader_labels {
    struct reel_reader_label *list; /* ascending by number */
    size_t count;
    size_t capacity;
};

void reel_reader_labels_fini(struct reel_reader_labels *l);

/* One more; a number that is known is passed over. MEMORY. */
enum reel_status reel_reader_labels_add(struct reel_reader_labels *l,
                                        uint32_t number,
                                        const uint8_t id[REEL_VOLUME_ID_BYTES],
                                        struct reel_err *err) REEL_MUST_CHECK;

/* What VOLUME and EARLIER VOLUME among these records of a catalog say. */
enum reel_status reel_reader_labels_take(struct reel_reader_labels *l,
                                         struct reel_bytes records,
                                         struct reel_err *err) REEL_MUST_CHECK;

/* "", if it is not known. Valid until the next one is added. */
const char *reel_reader_labels_of(const struct reel_reader_labels *l,
                                  uint32_t number);

#endif
