/* SPDX-License-Identifier: Apache-2.0 */
/* Options of `reel write`, from text to what the library takes. */
#ifndef CLI_WRITE_OPTIONS_H
#define CLI_WRITE_OPTIONS_H

#include "options.h"
#include "reel/archive.h"
#include "reel/medium_tap.h"
#include "reel/write.h"

/* For a drive, about a second of its rate; for images, none. */
#define CLI_BUFFER_DEFAULT UINT64_MAX
#define CLI_BUFFER_DRIVE_BYTES (UINT64_C(512) << 20)

struct cli_write_settings {
    struct cli_common common; /* first */
    const char *list;
    bool null;
    const char *raw;
    const char *ntfs;
    int links; /* index into cli_ntfs_links_words; -1: not given */
    struct cli_list excludes;
    bool one_file_system;
    const char *compress;
    uint32_t threads;
    uint64_t block_bytes;
    uint64_t segment_bytes;
    const char *label;
    const char *set_name;
    const char *name;
    const char *set_id;
    bool overwrite;
    bool resume;
    bool last_volume;
    uint64_t volume_bytes;
    int drive_compression; /* index into words of write_options.c */
    uint64_t buffer_bytes; /* CLI_BUFFER_DEFAULT: not given */
    const char *catalog;
    uint64_t checkpoint_bytes;
    bool access_times;
};

extern const struct cli_option cli_write_options[];

/* What the drive shall do about compression. */
enum reel_drive_compression
cli_write_drive_compression(const struct cli_write_settings *s,
                            const struct reel_write_options *options);

/* What the options say beside the struct for the library. */
struct cli_write_texts {
    uint8_t set_id[REEL_SET_ID_BYTES];
    char system[REEL_SYSTEM_BYTES_MAX + 1];
    char host[REEL_HOST_BYTES_MAX + 1];
    char options[400];
};

/*
 * Check the settings and fill the part of *out that follows from them and from
 * the machine; what is to be opened stays zero. *out borrows from both others.
 * CLI_GO_ON, or 64 with the sentence printed.
 */
int cli_write_options_fill(const struct cli_write_settings *s,
                           struct cli_write_texts *texts,
                           struct reel_write_options *out) REEL_MUST_CHECK;

#endif
