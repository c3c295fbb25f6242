/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes fixed by the specification; each names its rule. */
#ifndef REEL_LIMITS_H
#define REEL_LIMITS_H

#define REEL_EDITION 1U

#define REEL_LABEL_BYTES 80U                /* 2.2 */
#define REEL_BLOCK_BYTES_MIN 512U           /* L-3 */
#define REEL_BLOCK_BYTES_MAX 1048576U       /* L-3 */
#define REEL_BLOCK_BYTES_DEFAULT 524288U    /* what our writer uses */
#define REEL_BLOCK_HEADER_BYTES 96U         /* chapter 3 */
#define REEL_SEGMENT_HEADER_BYTES 24U       /* chapter 4 */
#define REEL_SEGMENT_LIMIT_MIN 262144U      /* G-7 */
#define REEL_SEGMENT_LIMIT_MAX 16777216U    /* G-7 */
#define REEL_SEGMENT_LIMIT_DEFAULT 6291456U /* what our writer uses */
#define REEL_RECORD_HEADER_BYTES 16U        /* chapter 5 */
#define REEL_RECORD_BYTES_MAX 131072U       /* R-3, payload, except DATA */
#define REEL_DATA_HEADER_BYTES 24U          /* 7.2 */
#define REEL_PATH_BYTES_MAX 65535U          /* N-1 */
#define REEL_STREAM_HEADER_BYTES 20U        /* 7.1 */
#define REEL_STREAM_NAME_BYTES_MAX 32000U   /* S-2 */
#define REEL_SET_ID_BYTES 16U
#define REEL_VOLUME_ID_BYTES 6U

#define REEL_NONE32 UINT32_MAX /* "all ones" */
#define REEL_NONE64 UINT64_MAX

#endif
