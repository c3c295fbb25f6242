/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an archive to a sink: in the order of the data, selected, relinked,
 * and with everything told that did not come. Private to reader/.
 */
#ifndef REEL_READER_ENGINE_H
#define REEL_READER_ENGINE_H

#include "reel/restore.h"
#include "session.h"
#include "sink.h"

/*
 * Hand what the session selects to `sink`, which is finished too, but not
 * freed. *result is zeroed first and filled as far as it went. Fails as
 * reel_restore does.
 */
enum reel_status reel_engine_run(struct reel_session *session,
                                 struct reel_sink *sink,
                                 struct reel_restore_result *result,
                                 struct reel_err *err) REEL_MUST_CHECK;

#endif
