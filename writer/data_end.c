/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3; writer: where a volume is gone on with. */
#include "data_end.h"

#include <string.h>

/* Filemarks in a row that are passed over to find the last block. */
#define MARKS_MAX 8U

/* What stands before `address`, at the end of the data. */
static enum reel_status
look_back(struct reel_data_end *e, struct reel_medium *medium, uint8_t *buf,
          struct reel_err *err)
{
    enum reel_event event = REEL_EVENT_FILEMARK;
    unsigned int marks;

    for (marks = 0; event == REEL_EVENT_FILEMARK && marks < MARKS_MAX &&
                    marks < e->address;
         marks++) {
        REEL_TRY(reel_medium_locate(medium, e->address - 1 - marks, err));
        REEL_TRY(reel_medium_read(medium, buf, REEL_BLOCK_BYTES_MAX, &event,
                                  &e->bytes, err));
        e->mark |= marks == 0 && event == REEL_EVENT_FILEMARK;
    }
    if (event != REEL_EVENT_BLOCK)
        e->bytes = 0;
    return REEL_OK;
}

enum reel_status
reel_data_end_find(struct reel_data_end *e, struct reel_medium *medium,
                   const uint8_t *set_id, uint8_t *buf, struct reel_err *err)
{
    enum reel_status status;

    memset(e, 0, sizeof(*e));
    REEL_TRY(reel_medium_end_of_data(medium, err));
    REEL_TRY(reel_medium_tell(medium, &e->address, err));
    REEL_TRY(look_back(e, medium, buf, err));
    if (e->bytes > 0) {
        status = reel_block_decode(&e->header, buf, e->bytes, NULL, err);
        if (status == REEL_E_UNSUPPORTED)
            return status;
        e->good = status == REEL_OK &&
                  (set_id == NULL || memcmp(e->header.set_id, set_id,
                                            sizeof(e->header.set_id)) == 0);
    }
    return reel_medium_end_of_data(medium, err);
}
