/* SPDX-License-Identifier: Apache-2.0 */
/* Records for writing, spec chapter 0; for tap_file.c and tap_pipe.c. */
#include "tap_parts.h"

/* writev only reads what an iovec points to, but its type does not say so. */
static void *
writable(const void *data)
{
    union {
        const void *in;
        void *out;
    } u = {data};

    return u.out;
}

void
reel_tap_parts_init(struct reel_tap_parts *p, const void *data, uint32_t bytes)
{
    reel_tap_word_encode(p->word,
                         (struct reel_tap_word){REEL_TAP_RECORD, bytes});
    p->filling = 0;
    p->iov[0]  = (struct iovec){p->word, sizeof(p->word)};
    p->iov[1]  = (struct iovec){writable(data), bytes};
    p->iov[2]  = (struct iovec){&p->filling, reel_tap_filling(bytes)};
    p->iov[3]  = (struct iovec){p->word, sizeof(p->word)};
}
