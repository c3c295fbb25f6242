/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process outside of the fence (fence.h): it is begun before a tape is
 * looked at, never sees an octet of one but names of volumes, and does what the
 * other may not. It can be asked for what stands in struct cli_keeper_work and
 * for nothing else. It ends when the other one does, however that ends.
 */
#ifndef CLI_KEEPER_H
#define CLI_KEEPER_H

#include <pthread.h>
#include <sys/types.h>

#include "helper_program.h"
#include "kept_file.h"
#include "ntfs.h"
#include "reel/access.h"
#include "volumes.h"

/* All of it is borrowed, and looked at when the keeper is begun. */
struct cli_keeper_work {
    struct cli_volumes *volumes; /* it brings and opens them; or NULL */
    const char *const *images;   /* or it opens these, by their place in the
                                    list */
    size_t image_count;
    struct cli_kept_file *kept;         /* it gives that its name; or NULL */
    const struct cli_ntfs_target *ntfs; /* it runs reel-ntfs; or NULL */
    const char *temporary; /* a directory that it removes at last; or NULL */
};

struct cli_keeper {
    struct cli_keeper_work work;
    int fd; /* socket; -1: there is none */
    pid_t pid;
    volatile int *stop; /* memory of both: an order to stop */
    pthread_mutex_t lock;
    struct reel_owner_lookup owners; /* for the libraries */
};

/* Begin it; the only thread does that. False with errno set. */
bool cli_keeper_begin(struct cli_keeper *k, const struct cli_keeper_work *work);

/* As cli_volumes_bring. */
enum reel_status cli_keeper_bring(struct cli_keeper *k,
                                  const struct reel_volume_wish *wish,
                                  bool again,
                                  struct reel_err *err) REEL_MUST_CHECK;

/* Open volume `number` to be read: as cli_volumes_open_one, or that image of
   the list. -1 with errno; EPERM: there is none. */
int cli_keeper_open(struct cli_keeper *k, uint32_t number, int flags);

/* As cli_ntfs_start, for its target; the ends of its pipes are ours. */
enum reel_status cli_keeper_run_ntfs(struct cli_keeper *k, int *to, int *from,
                                     struct reel_err *err) REEL_MUST_CHECK;
/* As cli_helper_end, of what does so by itself. */
enum reel_status cli_keeper_end_ntfs(struct cli_keeper *k,
                                     struct reel_err *err) REEL_MUST_CHECK;

/* As cli_kept_file_end. */
bool cli_keeper_end_kept(struct cli_keeper *k, bool whole);

/* It is done; nothing happens if it was not begun. */
void cli_keeper_end(struct cli_keeper *k);

#endif
