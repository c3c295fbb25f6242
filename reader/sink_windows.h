/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of an object of encoding 2 become on a POSIX system (spec
 * 8.5). Pure. Private to reader/.
 */
#ifndef REEL_READER_SINK_WINDOWS_H
#define REEL_READER_SINK_WINDOWS_H

#include <limits.h>

#include "reel/object.h"

/* Bits of the attributes that matter here. */
#define REEL_WINDOWS_READONLY 0x1U
#define REEL_WINDOWS_REPARSE_POINT 0x400U
/* What stands in kind and streams already, or says nothing. */
#define REEL_WINDOWS_SAID_ELSEWHERE 0x6B1U

/* Does an object with these facts perhaps become something else than its kind
   says? Only when its reparse data are known is that certain. */
bool reel_sink_windows_may_turn(const struct reel_object *o);

enum reel_sink_reparse_verdict {
    REEL_SINK_REPARSE_FINE,
    REEL_SINK_REPARSE_FOREIGN, /* no counterpart here */
    REEL_SINK_REPARSE_LENGTH   /* the target is empty or too long */
};

struct reel_sink_reparse {
    uint8_t kind;   /* enum reel_object_kind */
    bool elsewhere; /* the target names a place on the source */
    size_t target_len;
    char target[PATH_MAX]; /* of a symbolic link; NUL at the end */
};

/*
 * Judge a body of REPARSE_DATA: `windows` false, by 7.4 only. For LENGTH
 * target_len alone is set, for FOREIGN nothing.
 */
enum reel_sink_reparse_verdict
reel_sink_reparse_read(struct reel_sink_reparse *out, struct reel_bytes body,
                       bool windows);

/* The permissions of an object that has none, under `umask`. */
uint32_t reel_sink_windows_mode(const struct reel_object *o, uint32_t umask);

/* The name between the colons of ":<name>:$DATA", in units; false: the header
   has another name. */
bool reel_sink_windows_stream_name(struct reel_bytes header_name,
                                   struct reel_bytes *name);

/*
 * Turn a body of EA_DATA into what ntfs-3g takes: the last entry names its own
 * length, rounded up to four, as on the disk, where the body has zero. `body`
 * has room for three octets more, which may be used. Returns the new length; 0:
 * it is not a list of EAs.
 */
size_t reel_sink_windows_ea(uint8_t *body, size_t len);

/* Device numbers from the EA "$LXDEV" in a body of EA_DATA; false: it has
   none. */
bool reel_sink_windows_device(struct reel_bytes body, uint32_t *major,
                              uint32_t *minor);

/* The value of system.ntfs_times: of birth, modified, accessed, changed those
   that are known before the first that is not. Returns its octets, 0 to 32. */
#define REEL_SINK_WINDOWS_TIMES_BYTES 32U
size_t reel_sink_windows_times(const struct reel_object *o,
                               uint8_t out[REEL_SINK_WINDOWS_TIMES_BYTES]);

#endif
