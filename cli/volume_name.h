/* SPDX-License-Identifier: Apache-2.0 */
/* Names of images, and patterns that name a set of them: set-%d.tap. */
#ifndef CLI_VOLUME_NAME_H
#define CLI_VOLUME_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reel/err.h"

/* What -f names; borrows the text. */
struct cli_volume_name {
    const char *text;
    bool set;       /* it has a %d: a set, volumes counted from 1 */
    size_t at;      /* where the conversion begins */
    size_t after;   /* where it ends */
    unsigned width; /* least number of digits, with zeros in front */
};

/*
 * Take apart what -f says. A name without %d or %0Nd (N one digit) is one
 * image, whatever else it holds. In a pattern %% is a percent sign.
 * False: a second conversion, or a % that is neither. Pure.
 */
bool cli_volume_name_parse(struct cli_volume_name *out, const char *text);

/* The name of volume `number`, to be given to reel_free; NULL: no memory. A
   name that is none of a set is the same for every number. */
char *cli_volume_name_of(const struct cli_volume_name *n, uint32_t number);

/*
 * Numbers of the images that exist and hold something, ascending. The caller
 * gives *numbers to reel_free. Fails with MEMORY, MEDIUM.
 */
enum reel_status cli_volume_name_find(const struct cli_volume_name *n,
                                      uint32_t **numbers, size_t *count,
                                      struct reel_err *err) REEL_MUST_CHECK;

#endif
