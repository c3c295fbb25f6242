/* SPDX-License-Identifier: Apache-2.0 */
/* A directory to restore into, a sink on it, and what the sink told. */
#ifndef REEL_TESTS_SINK_PROBE_H
#define REEL_TESTS_SINK_PROBE_H

#include <sys/stat.h>

#include "sink_posix.h"
#include "sink_posix_calls.h"

#define PROBE_NOTES 128

struct probe_note {
    enum reel_note_kind kind;
    char path[64];
    char text[160];
};

struct probe {
    char dir[64]; /* for the sink, in a directory of its own */
    int dir_fd;
    struct reel_reporter report;
    struct reel_sink_posix_options options;
    const struct reel_sink_calls *calls; /* NULL: the real ones */
    struct reel_sink *sink;
    struct probe_note notes[PROBE_NOTES];
    unsigned int note_count;
};

/* Make the directory and the options of a plain run; no sink yet. */
void probe_init(struct probe *p);
/* Remove the directory and everything in it. */
void probe_fini(struct probe *p);

void probe_start(struct probe *p);
/* finish and free. Returns what finish returned. */
enum reel_status probe_stop(struct probe *p);

/* An object with everything known: mode, owner of the caller, modified. */
struct reel_object probe_object(uint8_t kind, const char *path, uint32_t mode);

/* Hand in one object with `len` octets as its unnamed content. */
enum reel_status probe_file(struct probe *p, uint64_t number,
                            const struct reel_object *o, const void *data,
                            size_t len, enum reel_outcome outcome);
enum reel_status probe_directory(struct probe *p, uint64_t number,
                                 const struct reel_object *o);
/* A symbolic link with a target, or another special file with NULL. */
enum reel_status probe_special(struct probe *p, uint64_t number,
                               const struct reel_object *o, const char *target);
enum reel_status probe_link(struct probe *p, const char *path, uint64_t target,
                            bool *made);

/* Parts of an object, for what the above do not do. */
enum reel_status probe_stream(struct probe *p, uint32_t ordinal, uint32_t id,
                              uint64_t size);
enum reel_status probe_data(struct probe *p, uint32_t ordinal, uint64_t at,
                            uint64_t sparse, const void *data, size_t len);

/* The number of notes of a kind whose text holds `part`. */
unsigned int probe_noted(const struct probe *p, enum reel_note_kind kind,
                         const char *part);

/* Does dir/path hold exactly `text`? */
bool probe_holds(const struct probe *p, const char *path, const char *text);
/* lstat below the directory; false when it is not there. */
bool probe_stat(const struct probe *p, const char *path, struct stat *st);
/* Names that begin with ".reel-" anywhere below the directory. */
unsigned int probe_leftovers(const struct probe *p);

/* A table of calls of which the n-th (from 1) fails with `error`; n 0: none.
   Not reentrant: there is one. Calls so far in *made. */
const struct reel_sink_calls *probe_calls(unsigned long n, int error,
                                          const unsigned long **made);
/* As probe_calls with n 0, but `step_in` is called directly before the n-th
   call. `old_kernel`: openat2 is missing. */
const struct reel_sink_calls *
probe_calls_interrupted(unsigned long n, void (*step_in)(void), bool old_kernel,
                        const unsigned long **made);
/* The real ones with openat2 missing. */
const struct reel_sink_calls *probe_calls_old_kernel(void);

#endif
