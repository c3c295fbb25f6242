/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the restoring side share: one image, relay and answer. */
#ifndef WRITE_CASE_H
#define WRITE_CASE_H

#include "relay_build.h"
#include "volume_look.h"
#include "suite.h"

extern char write_image[64];
extern struct relay_build write_relay;
extern struct relay_answer write_answer;

/* A fresh image and an empty relay; the image is removed again. */
void write_set_up(void);
void write_tear_down(void);

/* Options for write_run: none, and each alone. */
extern const char *const write_plain[];
extern const char *const write_copies[];
extern const char *const write_skip[];
extern const char *const write_replace[];

/*
 * End the relay with DONE, run reel-ntfs write with options (NULL at the end)
 * on DIRECTORY (NULL: not given), see that the volume is sound and nothing that
 * is not whole lies about, and begin a new relay.
 */
void write_run(const char *const *options, const char *directory);
/* The same with a relay that is as it is. */
void write_run_cut(const char *const *options, const char *directory);

/* No notes, and all went well. */
void write_assert_well(void);

/* An object of a kind with one name, and nothing known. */
struct reel_object write_kind(enum reel_object_kind k);

/* A whole file of a few octets; its number. */
uint64_t write_file(const char *path, const char *content);

/* A further name of object `target`; its number. */
uint64_t write_link(const char *path, uint64_t target);

/* 300,001 octets without a pattern; static storage. */
struct reel_bytes write_noise(void);

/* The content of a file of the image is that text. */
void write_assert_content(const char *path, const char *content);

#endif
