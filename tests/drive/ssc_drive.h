/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An emulated tape drive: the SCSI commands of SSC-5 and SPC-5 that the
 * kernel's st driver and Reel's own SG_IO calls use, on cartridges in memory.
 * No sockets here; iscsi_target.c brings the commands.
 */
#ifndef DRIVE_SSC_DRIVE_H
#define DRIVE_SSC_DRIVE_H

#include "cartridge.h"

#define SSC_CARTRIDGES 8u /* numbered from 1 */
#define SSC_BLOCK_BYTES_MAX ((size_t)4 << 20)
#define SSC_SENSE_BYTES 18u
#define SSC_CDB_BYTES 16u
#define SSC_ALERTS 64u /* TapeAlert flags, from 1 */

/* Sense keys. */
enum ssc_key {
    SSC_NO_SENSE        = 0x0,
    SSC_NOT_READY       = 0x2,
    SSC_MEDIUM_ERROR    = 0x3,
    SSC_ILLEGAL         = 0x5,
    SSC_UNIT_ATTENTION  = 0x6,
    SSC_DATA_PROTECT    = 0x7,
    SSC_BLANK_CHECK     = 0x8,
    SSC_ABORTED         = 0xB,
    SSC_VOLUME_OVERFLOW = 0xD
};

/* Flags that stand beside the key. */
#define SSC_FILEMARK 0x80u
#define SSC_EOM 0x40u
#define SSC_ILI 0x20u

/* Additional sense, ASC in the high octet and ASCQ in the low one. */
#define SSC_ASC_FILEMARK 0x0001u
#define SSC_ASC_END_OF_MEDIUM 0x0002u
#define SSC_ASC_BEGINNING 0x0004u
#define SSC_ASC_END_OF_DATA 0x0005u
#define SSC_ASC_BECOMING_READY 0x0401u
#define SSC_ASC_READ_ERROR 0x1100u
#define SSC_ASC_END_NOT_FOUND 0x1403u
#define SSC_ASC_OPCODE 0x2000u
#define SSC_ASC_FIELD 0x2400u
#define SSC_ASC_PROTECTED 0x2700u
#define SSC_ASC_CHANGED 0x2800u
#define SSC_ASC_RESET 0x2900u
#define SSC_ASC_WORM_OVERWRITE 0x300Cu
#define SSC_ASC_NO_MEDIUM 0x3A00u
#define SSC_ASC_NO_MEMORY 0x5500u
#define SSC_ASC_APPEND 0x5000u
#define SSC_ASC_NOT_DECRYPTED 0x7402u

/* One command and what became of it. */
struct ssc_task {
    const uint8_t *cdb; /* SSC_CDB_BYTES, the rest zero */
    const uint8_t *out; /* what the host sent */
    size_t out_bytes;
    uint8_t *in; /* what the host gets: room for in_capacity octets */
    size_t in_capacity;
    size_t in_bytes;
    bool failed; /* CHECK CONDITION with this sense */
    uint8_t sense[SSC_SENSE_BYTES];
};

struct ssc_counters {
    uint64_t written_bytes;
    uint64_t read_bytes;
    uint64_t read_errors;
};

struct ssc_drive {
    struct cartridge *cartridges[SSC_CARTRIDGES]; /* NULL: none made yet */
    struct cartridge *inserted; /* one of these; NULL: the drive is empty */
    bool unloaded;              /* inserted, but let go of */
    unsigned int loading;       /* so many more commands find it not ready */
    size_t at;                  /* address the tape stands at */
    uint32_t block_bytes;       /* 0: variable */
    bool compression;
    bool protection_octets; /* blocks are read with 4 octets behind them */
    bool encrypted;         /* blocks cannot be decrypted: no key */
    bool alerts[SSC_ALERTS + 1];
    uint16_t attention; /* additional sense of a unit attention; 0: none */
    struct ssc_counters counters;
};

/* Do one command. `t` has cdb, out and in set. */
void ssc_drive_execute(struct ssc_drive *d, struct ssc_task *t);

/* What a power cycle does: tape at its beginning, unit attention. */
void ssc_drive_reset(struct ssc_drive *d);

/* Put cartridge `c` in, or with NULL take out what is in. */
void ssc_drive_insert(struct ssc_drive *d, struct cartridge *c);

/* Set the sense of a task: flags and key, and the additional sense. */
void ssc_fail(struct ssc_task *t, unsigned int key_flags, unsigned int asc);

/* Give the host `bytes` octets, or as many as it and `allocated` have room
   for. */
void ssc_answer(struct ssc_task *t, const uint8_t *data, size_t bytes,
                size_t allocated);

/* ssc_pages.c: what the drive tells of itself. */
void ssc_inquiry(struct ssc_task *t);
void ssc_mode_sense(const struct ssc_drive *d, struct ssc_task *t);
void ssc_mode_select(struct ssc_drive *d, struct ssc_task *t);
void ssc_log_sense(const struct ssc_drive *d, struct ssc_task *t);
void ssc_read_attribute(const struct ssc_drive *d, struct ssc_task *t);

#endif
