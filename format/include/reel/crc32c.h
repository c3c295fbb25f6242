/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C (spec chapter 10). */
#ifndef REEL_CRC32C_H
#define REEL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

#include "reel/compiler.h"

/* CRC-32C of `len` octets. Pure; any thread. */
REEL_API uint32_t reel_crc32c(const void *data, size_t len);

/* Go on from the CRC-32C of what stands before; 0 begins. Pure. */
REEL_API uint32_t reel_crc32c_more(uint32_t crc, const void *data, size_t len);

#endif
