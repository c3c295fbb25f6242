/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Restore into memory, spec chapters 6 to 9 and 12: whatever a tape says, no
 * object is called proven that lacks an octet it promised, or whose digest is
 * not that of its octets (V-3). By way of the catalog where there is one.
 */
#include "engine.h"
#include "reel_fuzz.h"
#include "tape_input.h"
#include "watch_sink.h"

static void
restore(const struct reel_access *access)
{
    struct reel_restore_result result;
    struct reel_session session;
    struct watch_sink sink;
    struct reel_err err;

    watch_sink_init(&sink, NULL);
    if (reel_session_open(&session, access, NULL, &err) == REEL_OK)
        (void)!reel_engine_run(&session, &sink.sink, &result, &err);
    reel_session_close(&session);
}

int
reel_fuzz_one(const uint8_t *data, size_t size)
{
    struct reel_access access = {
        .catalog_fd = -1, .threads = 1, .report = {.fn = tape_input_note}};
    struct reel_memory_tape *const tape = tape_input_new(data, size);

    if (tape == NULL)
        return 0;
    must(!reel_medium_memory_new(&access.medium, tape, REEL_MEDIUM_READ, NULL));
    restore(&access);
    must(!reel_medium_close(access.medium, NULL));
    reel_memory_tape_free(tape);
    return 0;
}
