/* SPDX-License-Identifier: Apache-2.0 */
/* No chapter of the spec; what the pipelines hand their work through. */
#include <string.h>

#include "queue.h"

void
reel_queue_init(struct reel_queue *q, size_t capacity)
{
    memset(q, 0, sizeof(*q));
    q->capacity =
        capacity < REEL_QUEUE_SLOTS_MAX ? capacity : REEL_QUEUE_SLOTS_MAX;
    (void)pthread_mutex_init(&q->lock, NULL);
    (void)pthread_cond_init(&q->not_empty, NULL);
    (void)pthread_cond_init(&q->not_full, NULL);
}

void
reel_queue_fini(struct reel_queue *q)
{
    (void)pthread_cond_destroy(&q->not_full);
    (void)pthread_cond_destroy(&q->not_empty);
    (void)pthread_mutex_destroy(&q->lock);
}

bool
reel_queue_put(struct reel_queue *q, void *work)
{
    bool put;

    (void)pthread_mutex_lock(&q->lock);
    while (q->count == q->capacity && !q->closed)
        (void)pthread_cond_wait(&q->not_full, &q->lock);
    put = !q->closed;
    if (put) {
        q->slots[(q->head + q->count++) % q->capacity] = work;
        (void)pthread_cond_signal(&q->not_empty);
    }
    (void)pthread_mutex_unlock(&q->lock);
    return put;
}

void *
reel_queue_take(struct reel_queue *q)
{
    void *work = NULL;

    (void)pthread_mutex_lock(&q->lock);
    while (q->count == 0 && !q->closed)
        (void)pthread_cond_wait(&q->not_empty, &q->lock);
    if (q->count > 0) {
        work    = q->slots[q->head];
        q->head = (q->head + 1) % q->capacity;
        q->count--;
        (void)pthread_cond_signal(&q->not_full);
    }
    (void)pthread_mutex_unlock(&q->lock);
    return work;
}

void
reel_queue_close(struct reel_queue *q)
{
    (void)pthread_mutex_lock(&q->lock);
    q->closed = true;
    (void)pthread_cond_broadcast(&q->not_empty);
    (void)pthread_cond_broadcast(&q->not_full);
    (void)pthread_mutex_unlock(&q->lock);
}
