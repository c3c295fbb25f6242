/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bounded queue that all pipelines hand their work through. What is put in
 * belongs to whoever takes it out. Private to writer, reader and verify, which
 * share it through this folder, the only one they all stand on.
 */
#ifndef REEL_MEDIA_QUEUE_H
#define REEL_MEDIA_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define REEL_QUEUE_SLOTS_MAX 64U

struct reel_queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    void *slots[REEL_QUEUE_SLOTS_MAX];
    size_t capacity;
    size_t head;
    size_t count;
    bool closed;
};

/* capacity 1 … REEL_QUEUE_SLOTS_MAX. */
void reel_queue_init(struct reel_queue *q, size_t capacity);

/* Nobody may be inside a call any more; what is left in it is dropped. */
void reel_queue_fini(struct reel_queue *q);

/* Wait for room, then put. False if the queue is closed: not put. */
bool reel_queue_put(struct reel_queue *q, void *work);

/* Wait for something, then take it. NULL when closed and empty. */
void *reel_queue_take(struct reel_queue *q);

/* Nothing more will be put; wakes everybody. Twice is fine. */
void reel_queue_close(struct reel_queue *q);

#endif
