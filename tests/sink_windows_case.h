/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of spec 8.5: objects of encoding 2 for a sink, piece by piece. */
#ifndef REEL_TESTS_SINK_WINDOWS_CASE_H
#define REEL_TESTS_SINK_WINDOWS_CASE_H

#include "sink_case.h"
#include "suite.h"

extern uint32_t windows_ordinal; /* of the next stream */

/* The probe is there for each test of `t`, and started. */
void windows_fixture(TCase *t);

/* Text as units, good for eight calls. Latin-1 in, but for '~': U+D800. */
struct reel_bytes windows_units(const char *text);
/* Attributes and times. */
struct reel_object windows_facts(uint8_t kind, const char *path,
                                 uint32_t attributes);
void windows_begin(uint64_t number, const struct reel_object *o);
void windows_end(void);
/* A stream with its body, in two pieces; `at` as sparse offset. */
void windows_stream(uint32_t id, const char *name, const void *body, size_t len,
                    uint64_t at);
/* A SPARSE_BLOCK with `text` at `at`. */
void windows_block(uint64_t at, const char *text);
/* One that is not sparse, with `text`. */
void windows_plain(uint32_t id, const char *name, const char *text);
/* A link of Windows as REPARSE_DATA. */
void windows_link(uint32_t tag, bool relative, const char *to,
                  const char *shown);
/* A whole object; path must be a link to `target`. */
void windows_text_file(uint64_t number, const char *path, const char *text);
void windows_assert_target(const char *path, const char *target);
/* Does the directory take attributes "user."? */
bool windows_user_attributes(void);
/* Every kind of stream, EA behind DATA, a sparse named one. */
void windows_all_streams(void);
/* Begin anew, with files beside for the streams. */
void windows_side_files(void);

#endif
