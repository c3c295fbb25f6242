/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.3; writer: what a writer that goes on passes over. */
#include "done_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/entry.h"
#include "reel/sha256.h"

struct reel_done_slot {
    uint8_t digest[16];
    uint64_t number; /* 0: free */
};

#define TAKEN (UINT64_C(1) << 63) /* bit of a number: found already */
#define CAPACITY_MIN 64U
#define RECORD_ROOM (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

enum reel_status
reel_done_init(struct reel_done *d, const char *directory, uint64_t objects,
               struct reel_err *err)
{
    const uint64_t capacity = objects + objects / 7 + CAPACITY_MIN;
    void *map;

    memset(d, 0, sizeof(*d));
    reel_temporary_init(&d->file, directory);
    d->octets = reel_alloc_array(RECORD_ROOM, 1);
    if (d->octets == NULL || capacity > SIZE_MAX / 2 / sizeof(*d->slots))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the objects that stand already");
    REEL_TRY(reel_temporary_open(&d->file, err));
    d->capacity = (size_t)capacity;
    /* Room on disk now: a mapped file that finds none kills. */
    errno = posix_fallocate(d->file.fd, 0,
                            (off_t)(d->capacity * sizeof(*d->slots)));
    if (errno != 0)
        return reel_fail(err, errno == ENOSPC ? REEL_E_FULL : REEL_E_MEDIUM,
                         NULL, NULL, "cannot make a temporary file: %s",
                         strerror(errno));
    map = mmap(NULL, d->capacity * sizeof(*d->slots), PROT_READ | PROT_WRITE,
               MAP_SHARED, d->file.fd, 0);
    if (map == MAP_FAILED)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "cannot map a temporary file: %s", strerror(errno));
    d->slots = map;
    return REEL_OK;
}

void
reel_done_fini(struct reel_done *d)
{
    if (d->slots != NULL)
        (void)munmap(d->slots, d->capacity * sizeof(*d->slots));
    if (d->octets != NULL)
        reel_temporary_fini(&d->file);
    reel_free(d->octets);
    memset(d, 0, sizeof(*d));
}

static void
hash_zeros(struct reel_sha256 *h, size_t len)
{
    static const uint8_t zero[16] = {0};

    reel_sha256_update(h, zero, len);
}

/* Of the payload of OBJECT, but for target, link count and time of access
   (6.1). */
static void
digest_of(struct reel_bytes payload, uint8_t out[16])
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_sha256 h;

    reel_sha256_init(&h);
    reel_sha256_update(&h, payload.data, REEL_OBJECT_TARGET_AT);
    hash_zeros(&h, 12); /* target, link count */
    reel_sha256_update(&h, payload.data + 28, 64 - 28);
    hash_zeros(&h, 8); /* accessed s */
    reel_sha256_update(&h, payload.data + 72, 88 - 72);
    hash_zeros(&h, 4); /* accessed ns */
    reel_sha256_update(&h, payload.data + 92, payload.len - 92);
    reel_sha256_final(&h, digest);
    memcpy(out, digest, 16);
}

static size_t
home(const struct reel_done *d, const uint8_t digest[16])
{
    uint64_t low;

    memcpy(&low, digest, sizeof(low));
    return (size_t)(low % d->capacity);
}

static enum reel_status
add(struct reel_done *d, uint64_t number, struct reel_err *err)
{
    size_t i = home(d, d->open);

    if (d->used + 1 >= d->capacity)
        return reel_fail(err, REEL_E_INVALID, NULL, "A-7",
                         "more objects than the checkpoint says");
    while (d->slots[i].number != 0)
        i = (i + 1) % d->capacity;
    memcpy(d->slots[i].digest, d->open, sizeof(d->open));
    d->slots[i].number = number;
    d->used++;
    return REEL_OK;
}

enum reel_status
reel_done_load(struct reel_done *d, const struct reel_record *r,
               struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_entry e;

    if (r->type == REEL_RECORD_OBJECT && r->payload.len >= 128)
        digest_of(r->payload, d->open);
    if (r->type != REEL_RECORD_ENTRY)
        return REEL_OK;
    REEL_TRY(reel_entry_decode(&e, &c, err));
    return e.flags == 0 ? add(d, r->object, err) : REEL_OK;
}

bool
reel_done_take(struct reel_done *d, const struct reel_object *o,
               uint64_t *number)
{
    struct reel_builder b = reel_builder_init(d->octets, RECORD_ROOM);
    struct reel_bytes payload;
    uint8_t digest[16];
    size_t i;

    if (d->used == 0 || reel_object_encode(o, 1, &b, NULL) != REEL_OK)
        return false;
    payload.data = b.buf + REEL_RECORD_HEADER_BYTES;
    payload.len  = b.len - REEL_RECORD_HEADER_BYTES;
    digest_of(payload, digest);
    for (i = home(d, digest); d->slots[i].number != 0;
         i = (i + 1) % d->capacity) {
        if ((d->slots[i].number & TAKEN) ||
            memcmp(d->slots[i].digest, digest, sizeof(digest)) != 0)
            continue;
        *number = d->slots[i].number;
        d->slots[i].number |= TAKEN;
        return true;
    }
    return false;
}
