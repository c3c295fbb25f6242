/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Behind a restore: the data once more, for what is left of objects that are
 * not whole (V-7 to V-10). Private to reader/.
 */
#ifndef REEL_READER_SALVAGE_H
#define REEL_READER_SALVAGE_H

#include "reel/number_set.h"
#include "reel/restore.h"
#include "session.h"

/*
 * What is left of each object of `archive` that is selected and not in `whole`
 * goes into a file of its own beneath options->dir_fd. The medium can be
 * positioned. Fails as the restore does; what cannot be written is noted.
 */
enum reel_status reel_salvage_run(struct reel_session *session,
                                  uint32_t archive,
                                  const struct reel_number_set *whole,
                                  const struct reel_restore_options *options,
                                  struct reel_err *err) REEL_MUST_CHECK;

#endif
