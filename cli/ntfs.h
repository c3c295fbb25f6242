/* SPDX-License-Identifier: Apache-2.0 */
/* NTFS volumes, which the program reel-ntfs reads and writes for us. */
#ifndef CLI_NTFS_H
#define CLI_NTFS_H

#include "helper_program.h"
#include "reel/restore.h"
#include "reel/write.h"

/* ---- reading a volume ---- */

/* Of --links, the first is the default; ends with NULL. */
extern const char *const cli_ntfs_links_words[];

struct cli_ntfs_source {
    const char *image;
    struct cli_helper helper;
};

/* For struct reel_write_options; `s` is borrowed and must outlive it. How links
   are met stands in the options of the archive, as --links=WORD. */
struct reel_write_relay cli_ntfs_relay(struct cli_ntfs_source *s);

/* ---- writing one ---- */

struct cli_ntfs_target {
    const char *image;
    const char *directory; /* in it; NULL: its root */
    const char *existing;  /* a word of --existing */
    bool copies;
    int sandbox; /* enum reel_fence_wish */
};

/* Start reel-ntfs for it; fails as cli_helper_start. */
enum reel_status cli_ntfs_start(const struct cli_ntfs_target *t,
                                struct cli_helper *helper,
                                struct reel_err *err) REEL_MUST_CHECK;

/* Restore on to it; fails as reel_restore_relay. `keeper` runs reel-ntfs, if
   there is one. */
struct cli_keeper;
enum reel_status cli_ntfs_restore(const struct cli_ntfs_target *t,
                                  struct cli_keeper *keeper,
                                  const struct reel_access *access,
                                  const struct reel_selection *selection,
                                  struct reel_restore_result *result,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
