/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about a drive and its cartridge; no spec chapter. Every question may
   be refused, then its answer stays unknown. */
#include "drive_facts.h"

#include <string.h>

#include "drive_pages.h"
#include "drive_scsi.h"
#include "st_calls.h"

#define ANSWER_BYTES 8192U

struct asker {
    int scsi_fd;
    uint8_t answer[ANSWER_BYTES];
    size_t bytes; /* of the answer */
};

/* Send the command; at most `room` octets of answer. */
static bool
ask(struct asker *a, const uint8_t *cdb, uint8_t cdb_bytes, size_t room)
{
    a->bytes = room;
    return reel_drive_scsi_ask(a->scsi_fd, cdb, cdb_bytes, a->answer,
                               &a->bytes);
}

static bool
ask_inquiry(struct asker *a, bool vital, uint8_t page)
{
    const uint8_t cdb[6] = {0x12, vital ? 1 : 0, page, 0, 252, 0};

    return ask(a, cdb, sizeof(cdb), 252);
}

/* LOG SENSE, values since they were last reset. */
static bool
ask_log(struct asker *a, uint8_t page)
{
    const uint8_t cdb[10] = {0x4D,
                             0,
                             (uint8_t)(0x40 | page),
                             0,
                             0,
                             0,
                             0,
                             ANSWER_BYTES >> 8,
                             ANSWER_BYTES & 0xFF,
                             0};

    return ask(a, cdb, sizeof(cdb), ANSWER_BYTES);
}

/* MODE SENSE(10), without block descriptors. */
static bool
ask_mode(struct asker *a, uint8_t page)
{
    const uint8_t cdb[10] = {0x5A, 0x08, page, 0, 0, 0, 0, 0, 252, 0};

    return ask(a, cdb, sizeof(cdb), 252);
}

/* READ ATTRIBUTE, the values of all attributes. */
static bool
ask_cartridge(struct asker *a)
{
    const uint8_t cdb[16] = {0x8C,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             ANSWER_BYTES >> 8,
                             ANSWER_BYTES & 0xFF,
                             0,
                             0};

    return ask(a, cdb, sizeof(cdb), ANSWER_BYTES);
}

static void
get_limits(struct asker *a, struct reel_drive_facts *out)
{
    static const uint8_t limits[6] = {0x05, 0, 0, 0, 0, 0};

    if (ask(a, limits, sizeof(limits), 6))
        reel_drive_page_limits(out, a->answer, a->bytes);
    if (ask_mode(a, 0x1D))
        reel_drive_page_mode(out, a->answer, a->bytes);
    if (!out->has_write_once && ask_log(a, 0x17))
        reel_drive_page_volume(out, a->answer, a->bytes);
}

static void
get_drive(struct asker *a, struct reel_drive_facts *out)
{
    if (ask_inquiry(a, false, 0))
        reel_drive_page_inquiry(out, a->answer, a->bytes);
    if (ask_inquiry(a, true, 0x80))
        reel_drive_page_serial(out, a->answer, a->bytes);
    if (ask_mode(a, 0x0F))
        reel_drive_page_mode(out, a->answer, a->bytes);
    if (!out->has_compression && ask_mode(a, 0x10))
        reel_drive_page_mode(out, a->answer, a->bytes);
}

static void
get_logs(struct asker *a, struct reel_drive_facts *out)
{
    if (ask_log(a, 0x2E))
        reel_drive_page_alerts(out, a->answer, a->bytes);
    if (ask_log(a, 0x02))
        reel_drive_page_errors(&out->writing, a->answer, a->bytes);
    if (ask_log(a, 0x03))
        reel_drive_page_errors(&out->reading, a->answer, a->bytes);
    if (ask_log(a, 0x17))
        reel_drive_page_volume(out, a->answer, a->bytes);
    if (ask_cartridge(a))
        reel_drive_page_cartridge(out, a->answer, a->bytes);
    if (ask_log(a, 0x31)) /* of both, this one is kept up while writing */
        reel_drive_page_capacity(out, a->answer, a->bytes);
}

/* What the driver knows by itself. */
static void
get_status(int fd, struct reel_drive_facts *out)
{
    struct mtget status;

    if (reel_st_status(fd, &status) != 0)
        return;
    out->online          = GMT_ONLINE(status.mt_gstat);
    out->empty           = GMT_DR_OPEN(status.mt_gstat);
    out->write_protected = GMT_WR_PROT(status.mt_gstat);
    out->at_beginning    = out->online && GMT_BOT(status.mt_gstat);
    out->at_end_of_data  = GMT_EOD(status.mt_gstat);
    out->cleaning_wanted = GMT_CLN(status.mt_gstat);
    out->block_bytes     = (uint32_t)status.mt_dsreg & MT_ST_BLKSIZE_MASK;
    out->density = (uint8_t)((uint32_t)status.mt_dsreg >> MT_ST_DENSITY_SHIFT);
    out->has_position =
        out->online && reel_st_position(fd, &out->position) == 0;
}

static bool
asker_open(struct asker *a, int fd)
{
    a->scsi_fd = reel_drive_scsi_open(fd);
    return a->scsi_fd >= 0;
}

void
reel_drive_facts_get(int fd, struct reel_drive_facts *out)
{
    struct asker a;

    memset(out, 0, sizeof(*out));
    get_status(fd, out);
    out->has_scsi = asker_open(&a, fd);
    if (!out->has_scsi)
        return;
    get_drive(&a, out);
    get_limits(&a, out);
    get_logs(&a, out);
    reel_drive_scsi_close(fd, a.scsi_fd);
}

void
reel_drive_facts_limits(int fd, struct reel_drive_facts *out)
{
    struct asker a;

    memset(out, 0, sizeof(*out));
    out->has_scsi = asker_open(&a, fd);
    if (!out->has_scsi)
        return;
    get_limits(&a, out);
    reel_drive_scsi_close(fd, a.scsi_fd);
}
