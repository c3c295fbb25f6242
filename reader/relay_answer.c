/* SPDX-License-Identifier: Apache-2.0 */
/* Chapter 5's records between programs: what a restoring one answers; policy
   layer. */
#include "relay_answer.h"

#include <string.h>

#include "reel/alloc.h"
#include "relay_note.h"

/* One NOTE, kept until the thread that runs the operation looks. */
struct reel_relay_told {
    struct reel_relay_told *next;
    size_t len;
    uint8_t payload[];
};

/* ---------------------------------------------------- on the answer's thread
 */

static enum reel_status
keep(struct reel_relay_answer *a, const struct reel_record *r,
     struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_relay_told *told;
    struct reel_relay_note note;

    REEL_TRY(reel_relay_note_decode(&note, &c, err));
    told = reel_alloc_array(1, sizeof(*told) + r->payload.len);
    if (told == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the notes of the other program");
    memcpy(told->payload, r->payload.data, r->payload.len);
    told->len = r->payload.len;
    (void)pthread_mutex_lock(&a->lock);
    if (a->last == NULL)
        a->first = told;
    else
        a->last->next = told;
    a->last = told;
    (void)pthread_mutex_unlock(&a->lock);
    return REEL_OK;
}

/* REEL_END: that was DONE, with all in place. */
static enum reel_status
take(struct reel_relay_answer *a, struct reel_err *err)
{
    struct reel_relay_done done;
    struct reel_record r;
    struct reel_cursor c;
    enum reel_status status = reel_relay_read(&a->reader, &r, err);

    if (status == REEL_END || status == REEL_E_TRUNCATED)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the program that restores ended before it was done");
    REEL_TRY(status);
    if (r.type == REEL_RELAY_NOTE)
        return keep(a, &r, err);
    if (r.type != REEL_RELAY_DONE)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "the program that restores sent a record of type %u",
                         r.type);
    c = reel_record_cursor(&r);
    REEL_TRY(reel_relay_done_decode(&done, &c, err));
    REEL_TRY(reel_relay_done_status(&done, err));
    return REEL_END;
}

/* What it still says is of no interest, but it must not wait for us. */
static void
drain(struct reel_relay_answer *a)
{
    struct reel_record r;

    while (reel_relay_read(&a->reader, &r, NULL) == REEL_OK)
        continue;
}

static void *
run(void *ctx)
{
    struct reel_relay_answer *const a = ctx;
    enum reel_status status           = REEL_OK;
    struct reel_err why               = {0};

    while (status == REEL_OK)
        status = take(a, &why);
    (void)pthread_mutex_lock(&a->lock);
    a->over   = true;
    a->done   = status == REEL_END;
    a->status = status == REEL_END ? REEL_OK : status;
    a->why    = why;
    (void)pthread_mutex_unlock(&a->lock);
    drain(a);
    return NULL;
}

/* ------------------------------------------------- on the operation's thread
 */

enum reel_status
reel_relay_answer_init(struct reel_relay_answer *a, int fd,
                       const struct reel_reporter *report, struct reel_err *err)
{
    int error;

    memset(a, 0, sizeof(*a));
    a->report    = report;
    a->reader.fd = fd;
    (void)pthread_mutex_init(&a->lock, NULL);
    error = pthread_create(&a->thread, NULL, run, a);
    if (error != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "cannot start a thread: %s", strerror(error));
    a->started = true;
    return REEL_OK;
}

/* The notes that have come, in order, now the caller's; and whether the
   program ended. */
static struct reel_relay_told *
take_told(struct reel_relay_answer *a, bool *over)
{
    struct reel_relay_told *first;

    (void)pthread_mutex_lock(&a->lock);
    first    = a->first;
    a->first = NULL;
    a->last  = NULL;
    *over    = a->over;
    (void)pthread_mutex_unlock(&a->lock);
    return first;
}

/* They were judged when they came. */
static void
tell(struct reel_relay_answer *a, struct reel_relay_told *told)
{
    while (told != NULL) {
        struct reel_relay_told *const next = told->next;
        struct reel_cursor c = reel_cursor_init(told->payload, told->len, NULL);
        struct reel_relay_note note;

        if (reel_relay_note_decode(&note, &c, NULL) == REEL_OK)
            reel_relay_note_send(a->report, &note);
        reel_free(told);
        told = next;
    }
}

static enum reel_status
failure(const struct reel_relay_answer *a, struct reel_err *err)
{
    if (err != NULL)
        *err = a->why;
    return a->status;
}

enum reel_status
reel_relay_answer_look(struct reel_relay_answer *a, struct reel_err *err)
{
    bool over;

    tell(a, take_told(a, &over));
    if (!over)
        return REEL_OK;
    if (a->status != REEL_OK)
        return failure(a, err);
    return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                     "the program that restores was done before it had all");
}

static void
join(struct reel_relay_answer *a)
{
    if (a->started)
        (void)pthread_join(a->thread, NULL);
    a->started = false;
}

enum reel_status
reel_relay_answer_wait(struct reel_relay_answer *a, struct reel_err *err)
{
    bool over;

    join(a);
    tell(a, take_told(a, &over));
    return a->status == REEL_OK ? REEL_OK : failure(a, err);
}

void
reel_relay_answer_fini(struct reel_relay_answer *a)
{
    bool over;

    join(a);
    tell(a, take_told(a, &over));
    reel_relay_reader_fini(&a->reader);
    (void)pthread_mutex_destroy(&a->lock);
}
