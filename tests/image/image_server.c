/* SPDX-License-Identifier: Apache-2.0 */
/* Hands out the volumes of an image; tests. */
#include "image_server.h"
#include "image_must.h"

#include <stdio.h>
#include <string.h>

static void
log_wish(struct image_server *s, const struct reel_volume_wish *wish)
{
    const size_t at = strlen(s->log);

    (void)snprintf(s->log + at, sizeof(s->log) - at, "%s%u%s",
                   at == 0 ? "" : " ", wish->number,
                   wish->refused != NULL ? "!" : "");
    s->refused[0] = '\0';
    if (wish->refused != NULL)
        (void)snprintf(s->refused, sizeof(s->refused), "%s", wish->refused);
}

static struct reel_memory_tape *
tape_for(struct image_server *s, uint32_t number)
{
    struct reel_memory_tape *const wrong = s->wrong;
    uint32_t n                           = IMAGE_VOLUMES_MAX;

    if (wrong != NULL) {
        s->wrong = NULL;
        return wrong;
    }
    if (number > 0)
        return number <= IMAGE_VOLUMES_MAX ? s->tapes[number - 1] : NULL;
    while (n > 0 && s->tapes[n - 1] == NULL)
        n--;
    return n == 0 ? NULL : s->tapes[n - 1];
}

static enum reel_status
serve(void *ctx, const struct reel_volume_wish *wish,
      struct reel_medium **medium, struct reel_err *err)
{
    struct image_server *const s = ctx;
    struct reel_memory_tape *tape;

    log_wish(s, wish);
    *medium = NULL;
    MUST(reel_medium_close(s->medium, NULL));
    s->medium = NULL;
    tape      = tape_for(s, wish->number);
    if (tape == NULL)
        return REEL_END;
    REEL_TRY(reel_medium_memory_new(
        &s->medium, tape, wish->write ? REEL_MEDIUM_WRITE : REEL_MEDIUM_READ,
        err));
    *medium = s->medium;
    return REEL_OK;
}

void
image_server_init(struct image_server *s, struct image *i)
{
    memset(s, 0, sizeof(*s));
    s->volumes.ctx = s;
    s->volumes.get = serve;
    for (uint32_t n = 1; i != NULL && n <= image_volumes(i); n++)
        s->tapes[n - 1] = image_tape_of(i, n);
}

struct reel_medium *
image_server_open(struct image_server *s, uint32_t volume)
{
    MUST(reel_medium_memory_new(&s->medium, s->tapes[volume - 1],
                                REEL_MEDIUM_READ, NULL));
    return s->medium;
}

void
image_server_close(struct image_server *s)
{
    MUST(reel_medium_close(s->medium, NULL));
    s->medium = NULL;
}
