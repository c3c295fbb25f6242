/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoders of what drives answer (SPC-4, SSC-4). Each takes the octets of one
 * answer, sets in *out what it finds and leaves the rest alone; an answer that
 * is cut short gives what stands before the cut. All are pure.
 */
#ifndef REEL_DRIVE_PAGES_H
#define REEL_DRIVE_PAGES_H

#include "drive_scsi.h"
#include "reel/drive.h"

/* INQUIRY, standard and page 80h. */
void reel_drive_page_inquiry(struct reel_drive_facts *out, const uint8_t *data,
                             size_t bytes);
void reel_drive_page_serial(struct reel_drive_facts *out, const uint8_t *data,
                            size_t bytes);

/* READ BLOCK LIMITS. */
void reel_drive_page_limits(struct reel_drive_facts *out, const uint8_t *data,
                            size_t bytes);

/* LOG SENSE: 2Eh; 02h or 03h; 17h; 31h. Another page is left alone. */
void reel_drive_page_alerts(struct reel_drive_facts *out, const uint8_t *data,
                            size_t bytes);
void reel_drive_page_errors(struct reel_drive_errors *out, const uint8_t *data,
                            size_t bytes);
void reel_drive_page_volume(struct reel_drive_facts *out, const uint8_t *data,
                            size_t bytes);
void reel_drive_page_capacity(struct reel_drive_facts *out, const uint8_t *data,
                              size_t bytes);

/* READ ATTRIBUTE, attribute values. */
void reel_drive_page_cartridge(struct reel_drive_facts *out,
                               const uint8_t *data, size_t bytes);

/* MODE SENSE(10): compression by 0Fh or 10h; write-once by 1Dh. */
void reel_drive_page_mode(struct reel_drive_facts *out, const uint8_t *data,
                          size_t bytes);

/* SECURITY PROTOCOL IN, 20h 0021h. */
enum reel_drive_key reel_drive_page_key(const uint8_t *data, size_t bytes);

#endif
