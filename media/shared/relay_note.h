/* SPDX-License-Identifier: Apache-2.0 */
/* What the program at the other end of a relay has to tell. */
#ifndef REEL_RELAY_NOTE_H
#define REEL_RELAY_NOTE_H

#include "reel/relay.h"

/* Hand on a NOTE; its sentence is cut where it is too long for a note, and
   what is no text in it is "?". */
void reel_relay_note_send(const struct reel_reporter *to,
                          const struct reel_relay_note *note);

/* REEL_OK, or the failure that DONE tells of; INVALID where that is none. */
enum reel_status reel_relay_done_status(const struct reel_relay_done *done,
                                        struct reel_err *err) REEL_MUST_CHECK;

#endif
