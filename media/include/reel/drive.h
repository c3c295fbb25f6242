/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a tape drive and the cartridge in it tell of themselves, and the few
 * things that people do with a drive by hand. No spec chapter.
 *
 * The driver's own status is always there. The rest is asked by SCSI commands,
 * which the system may refuse (on the tape device they need CAP_SYS_RAWIO; on
 * its /dev/sg* twin permission to write), and which drives may not know: each
 * group says by has_… whether it was had.
 */
#ifndef REEL_DRIVE_H
#define REEL_DRIVE_H

#include "reel/medium.h"

/* Strings are ASCII without spaces at the end, empty if not known. */
#define REEL_DRIVE_TEXT_BYTES 41U

/* Error counters of one direction, since the tape was loaded. */
struct reel_drive_errors {
    bool has;
    uint64_t corrected;
    uint64_t repeated;    /* rewrites or rereads */
    uint64_t uncorrected; /* not recovered */
};

/* What the drive counted over the life of the cartridge. */
struct reel_drive_volume {
    bool has;
    uint64_t mounts;
    uint64_t written_mb; /* megabytes, 10^6 */
    uint64_t read_mb;
    uint64_t write_errors; /* not recovered */
    uint64_t read_errors;
};

/* Of the partition in use. */
struct reel_drive_capacity {
    bool has;
    uint64_t remaining_mib; /* before compression */
    uint64_t whole_mib;
};

/* The memory chip of the cartridge, or what the drive read from it. */
struct reel_drive_cartridge {
    bool has;
    char serial[REEL_DRIVE_TEXT_BYTES];
    char barcode[REEL_DRIVE_TEXT_BYTES];
    char manufacturer[REEL_DRIVE_TEXT_BYTES];
    char made_on[REEL_DRIVE_TEXT_BYTES]; /* YYYYMMDD */
    bool has_loads;
    uint64_t loads;
};

struct reel_drive_facts {
    /* From the driver. */
    bool online; /* a tape is loaded and ready */
    bool empty;  /* no tape is in the drive */
    bool write_protected;
    bool at_beginning;
    bool at_end_of_data;
    bool cleaning_wanted;
    uint32_t block_bytes; /* block length that is set; 0: any */
    uint8_t density;      /* code of the tape's density; 0: not known */
    bool has_position;
    uint64_t position; /* as the drive counts */

    /* From the drive. */
    bool has_scsi; /* SCSI commands could be sent */
    char vendor[REEL_DRIVE_TEXT_BYTES];
    char product[REEL_DRIVE_TEXT_BYTES];
    char revision[REEL_DRIVE_TEXT_BYTES];
    char serial[REEL_DRIVE_TEXT_BYTES];
    bool has_block_limits;
    uint32_t block_bytes_max;
    bool has_alerts;
    uint64_t alerts; /* TapeAlert flag n is bit n - 1 */
    bool has_compression;
    bool compression;
    bool has_write_once;
    bool write_once;
    struct reel_drive_errors writing;
    struct reel_drive_errors reading;
    struct reel_drive_volume volume;
    struct reel_drive_capacity capacity;
    struct reel_drive_cartridge cartridge;
};

/* What TapeAlert flag 1 … 64 says; static storage, never NULL. Pure. */
REEL_API const char *reel_drive_alert_text(unsigned int flag);

/*
 * Facts about the drive under `m`, which is not moved; asking resets no
 * counter but the drive's TapeAlert flags. Blocks still on the way to the tape
 * may be waited for. UNSUPPORTED: it is no drive. MISUSE.
 */
REEL_API enum reel_status
reel_medium_drive_facts(struct reel_medium *m, struct reel_drive_facts *out,
                        struct reel_err *err) REEL_MUST_CHECK;

struct reel_drive; /* opaque; a drive, with a tape in it or without */

/*
 * Open the drive `name`; nothing moves. *out is set on REEL_OK only; the caller
 * closes it. Not while a medium is open on it. Closing a device that rewinds
 * (/dev/st0) rewinds. UNSUPPORTED: no tape drive; MEDIUM, MEMORY.
 */
REEL_API enum reel_status reel_drive_open(struct reel_drive **out,
                                          const char *name,
                                          struct reel_err *err) REEL_MUST_CHECK;

/* NULL is fine. */
REEL_API void reel_drive_close(struct reel_drive *d);

/* As reel_medium_drive_facts. */
REEL_API enum reel_status
reel_drive_facts(struct reel_drive *d, struct reel_drive_facts *out,
                 struct reel_err *err) REEL_MUST_CHECK;

/* Rewind; rewind and put the tape out. Both wait for the end. MEDIUM. */
REEL_API enum reel_status
reel_drive_rewind(struct reel_drive *d, struct reel_err *err) REEL_MUST_CHECK;
REEL_API enum reel_status
reel_drive_eject(struct reel_drive *d, struct reel_err *err) REEL_MUST_CHECK;

/*
 * The /dev/sg* device of the same drive, which is opened beside it to ask what
 * it knows; for who must say beforehand what will be opened. False: there is
 * none, or `drive` names no device.
 */
#define REEL_DRIVE_TWIN_BYTES 64
REEL_API bool reel_drive_twin(const char *drive,
                              char out[REEL_DRIVE_TWIN_BYTES]);

#endif
