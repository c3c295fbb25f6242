/* SPDX-License-Identifier: Apache-2.0 */
/* Whole objects for an image. Any failure aborts. */
#ifndef REEL_IMAGE_OBJECTS_H
#define REEL_IMAGE_OBJECTS_H

#include "image_build.h"

struct reel_object image_facts(uint8_t kind, const char *path);
uint64_t image_directory(struct image *i, const char *path);
uint64_t image_file(struct image *i, const char *path, const void *data,
                    size_t len, uint32_t names);
/* A hole of 4096 octets, `len` octets of data, a hole of 4096. */
uint64_t image_sparse(struct image *i, const char *path, const void *data,
                      size_t len);
uint64_t image_symlink(struct image *i, const char *path, const char *to);
/* With further names. */
uint64_t image_linked_symlink(struct image *i, const char *path, const char *to,
                              uint32_t link_count);
uint64_t image_link(struct image *i, const char *path, uint64_t target,
                    const char *target_path);

/* Octets that do not repeat soon. */
void image_noise(uint8_t *out, size_t len, uint32_t seed);

#endif
