/* SPDX-License-Identifier: Apache-2.0 */
/* What must be true of every specimen; a failure fails the running test. */
#ifndef REEL_SPECIMEN_CHECK_H
#define REEL_SPECIMEN_CHECK_H

#include "specimen.h"

/*
 * One change that breaks one rule. The octets payload[at, at + width) become
 * `value`; decoding must then fail. With a field, that field of the struct
 * becomes `value` as well, and encoding must fail; for a field of BYTES
 * `value` is its new length, and `fill` what it holds.
 */
struct specimen_fault {
    size_t at;
    size_t width;
    uint64_t value;
    enum reel_status status;
    const char *rule;
    const char *field; /* NULL: decode only */
    uint8_t fill;
};

/* Decoded, each field is that of the sample; encoded again, each octet. */
void specimen_check_round_trip(const char *table);

/* Each proper prefix of the payload, and one octet more, fails. */
void specimen_check_lengths(const char *table, enum reel_status status,
                            const char *rule);

/* Encoding into less room than it needs fails with LIMIT. */
void specimen_check_room(const char *table);

void specimen_check_fault(const char *table, const struct specimen_fault *f);

/*
 * Decode payload[0, len) of `s`, which must fail so, with the place of the
 * payload in the error and the output untouched.
 */
void specimen_check_refused(const struct specimen *s, const uint8_t *payload,
                            size_t len, enum reel_status status,
                            const char *rule);

#endif
