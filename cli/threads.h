/* SPDX-License-Identifier: Apache-2.0 */
/* --threads. */
#ifndef CLI_THREADS_H
#define CLI_THREADS_H

#include <stdint.h>

#define CLI_OPTION_THREADS(settings)                                           \
    {                                                                          \
        "threads", 0, CLI_U32, "N",                                            \
            "use N threads; default: as many as there are processors",         \
            offsetof(settings, threads), NULL                                  \
    }

/* What was asked for; 0: the processors this process may use. 1 … 256. */
unsigned int cli_threads(uint32_t asked);

#endif
