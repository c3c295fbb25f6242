/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.1, 3.3 and 9.7; verify: the volumes of a set, one after the other. */
#include "set.h"

#include <stdio.h>
#include <string.h>

/* So many blocks of a tape file are tried until one is good. */
#define TRIES 4
/* So often in a row a wrong volume is refused; then it cannot be had. */
#define REFUSALS_MAX 16

void
reel_verify_set_init(struct reel_verify_set *s, struct reel_medium *medium,
                     const struct reel_volumes *volumes, uint8_t *buf,
                     size_t buf_bytes)
{
    memset(s, 0, sizeof(*s));
    s->volumes   = volumes;
    s->medium    = medium;
    s->buf       = buf;
    s->buf_bytes = buf_bytes;
}

/* -------------------------------------------------------------------- runs */

static void
runs_fini(struct reel_verify_runs *r)
{
    reel_number_map_fini(&r->met);
    reel_known_fini(&r->known);
}

static enum reel_status
meet(struct reel_verify_runs *r, const struct reel_known_run *run,
     struct reel_err *err)
{
    const uint64_t key = (uint64_t)run->archive << 32 | run->run;

    if (run->run == 0 || reel_number_map_get(&r->met, key) != 0)
        return REEL_OK;
    REEL_TRY(reel_number_map_set(&r->met, key, 1, err));
    return reel_known_add_run(&r->known, run, err);
}

static enum reel_status
meet_block(struct reel_verify_runs *r, const struct reel_block_header *h,
           struct reel_err *err)
{
    const struct reel_known_run run = {h->archive, h->run, h->run_start};

    return meet(r, &run, err);
}

void
reel_verify_set_fini(struct reel_verify_set *s)
{
    runs_fini(&s->runs);
}

enum reel_status
reel_verify_set_runs(struct reel_verify_set *s, const struct reel_known *runs,
                     struct reel_err *err)
{
    size_t i;

    for (i = 0; i < runs->run_count; i++)
        REEL_TRY(meet(&s->runs, &runs->runs[i], err));
    return REEL_OK;
}

enum reel_status
reel_verify_set_meet(struct reel_verify_set *s,
                     const struct reel_block_header *h, struct reel_err *err)
{
    return meet_block(&s->runs, h, err);
}

bool
reel_verify_set_superseded(const struct reel_verify_set *s,
                           const struct reel_block_header *h)
{
    return h->kind != REEL_BLOCK_VOLUME &&
           reel_known_superseded(&s->runs.known, h);
}

/* ------------------------------------------------------------------ survey */

/* The first good block of the tape file in which the medium stands; *last is
   what was read last. */
static enum reel_status
first_good(struct reel_verify_set *s, struct reel_block_header *h, bool *good,
           enum reel_event *last, struct reel_err *err)
{
    size_t len;
    int n;

    *good = false;
    for (n = 0; n < TRIES && !*good; n++) {
        REEL_TRY(
            reel_medium_read(s->medium, s->buf, s->buf_bytes, last, &len, err));
        if (*last == REEL_EVENT_END || *last == REEL_EVENT_FILEMARK)
            break;
        *good = *last == REEL_EVENT_BLOCK &&
                reel_block_decode(h, s->buf, len, NULL, NULL) == REEL_OK;
    }
    return REEL_OK;
}

/* Which volume is it? The first good block says; where several say it, those
   of another set do not count. */
static enum reel_status
note_header(struct reel_verify_set *s, const struct reel_block_header *h,
            uint8_t seen_id[REEL_SET_ID_BYTES], struct reel_verify_runs *runs,
            struct reel_err *err)
{
    const uint8_t *const id = s->have_set ? s->set_id : seen_id;

    if (s->number == 0) {
        s->number = h->volume;
        memcpy(seen_id, h->set_id, REEL_SET_ID_BYTES);
    }
    if (memcmp(id, h->set_id, REEL_SET_ID_BYTES) != 0)
        return REEL_OK;
    return meet_block(runs, h, err);
}

static enum reel_status
survey(struct reel_verify_set *s, uint8_t seen_id[REEL_SET_ID_BYTES],
       struct reel_verify_runs *runs, struct reel_err *err)
{
    struct reel_block_header h;
    enum reel_event last;
    int64_t passed = 1;
    bool good;

    if (s->told) {
        memcpy(seen_id, s->set_id, REEL_SET_ID_BYTES);
        return REEL_OK;
    }
    s->number = 0;
    if (!reel_medium_info(s->medium)->can_locate)
        return REEL_OK;
    while (passed == 1) {
        REEL_TRY(first_good(s, &h, &good, &last, err));
        if (good)
            REEL_TRY(note_header(s, &h, seen_id, runs, err));
        if (last == REEL_EVENT_END || (good && s->front_only))
            break;
        if (last != REEL_EVENT_FILEMARK)
            REEL_TRY(reel_medium_space_filemarks(s->medium, 1, &passed, err));
    }
    return reel_medium_locate(s->medium, 0, err);
}

static void
take(struct reel_verify_set *s, const uint8_t seen_id[REEL_SET_ID_BYTES])
{
    if (s->number == 0)
        return;
    if (s->number > s->known)
        s->known = s->number;
    if (!s->have_set)
        memcpy(s->set_id, seen_id, sizeof(s->set_id));
    s->have_set = true;
}

enum reel_status
reel_verify_set_survey(struct reel_verify_set *s, struct reel_err *err)
{
    uint8_t seen_id[REEL_SET_ID_BYTES] = {0};

    REEL_TRY(survey(s, seen_id, &s->runs, err));
    take(s, seen_id);
    return REEL_OK;
}

/* --------------------------------------------------------- other volumes */

/* Is the volume at hand the one that was asked for? If not, s->refused says
   why. One that cannot be positioned is taken at its word. */
static void
judge(struct reel_verify_set *s, uint32_t number, uint32_t behind,
      const uint8_t seen_id[REEL_SET_ID_BYTES])
{
    const bool right = number == 0 ? s->number > behind : s->number == number;

    s->refused[0] = '\0';
    if (!reel_medium_info(s->medium)->can_locate)
        s->number = number;
    else if (s->number == 0)
        (void)snprintf(s->refused, sizeof(s->refused),
                       "no good block of a Reel volume was found on it");
    else if (s->have_set && memcmp(seen_id, s->set_id, sizeof(s->set_id)) != 0)
        (void)snprintf(s->refused, sizeof(s->refused),
                       "it is volume %u of another set", s->number);
    else if (!right)
        (void)snprintf(s->refused, sizeof(s->refused),
                       "it is volume %u of the set", s->number);
}

static enum reel_status
ask(struct reel_verify_set *s, uint32_t number, const char *refused,
    struct reel_err *err)
{
    const struct reel_volume_wish wish = {
        number, false, s->have_set ? s->set_id : NULL, NULL, refused};
    struct reel_medium *medium = NULL;
    enum reel_status status;

    if (s->volumes == NULL)
        return REEL_END;
    s->medium = NULL;
    status    = s->volumes->get(s->volumes->ctx, &wish, &medium, err);
    if (status == REEL_OK)
        s->medium = medium;
    return status;
}

/* Look at the volume that was brought; what a wrong one says does not count. */
static enum reel_status
look_at(struct reel_verify_set *s, uint32_t number, uint32_t behind,
        struct reel_err *err)
{
    uint8_t seen_id[REEL_SET_ID_BYTES] = {0};
    struct reel_verify_runs runs       = {0};
    enum reel_status status            = survey(s, seen_id, &runs, err);

    if (status == REEL_OK)
        judge(s, number, behind, seen_id);
    if (status == REEL_OK && s->refused[0] == '\0') {
        take(s, seen_id);
        status = reel_verify_set_runs(s, &runs.known, err);
    }
    runs_fini(&runs);
    return status;
}

enum reel_status
reel_verify_set_bring(struct reel_verify_set *s, uint32_t number,
                      uint32_t behind, struct reel_err *err)
{
    char refused[sizeof(s->refused)];
    int n;

    s->refused[0] = '\0';
    for (n = 0; n < REFUSALS_MAX; n++) {
        memcpy(refused, s->refused, sizeof(refused));
        REEL_TRY(ask(s, number, refused[0] != '\0' ? refused : NULL, err));
        if (s->told)
            s->number = number;
        REEL_TRY(look_at(s, number, behind, err));
        if (s->refused[0] == '\0')
            return REEL_OK;
        if (number == 0 && n > 0 && s->number > 0 && s->number <= behind)
            break; /* it is the last one, they say again */
    }
    return REEL_END;
}
