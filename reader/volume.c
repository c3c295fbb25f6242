/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 2, opening a volume; policy layer. */
#include "volume.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/label.h"
#include "reel/segment.h"

/* Four more: what Logical Block Protection leaves behind a block. */
#define BUF_BYTES (REEL_BLOCK_BYTES_MAX + 4U)
/* How far a block of Reel is looked for before something else is assumed. */
#define FRONT_THINGS_MAX 8192U
#define FRONT_BYTES_MAX (64U << 20)

static enum reel_status
prepare(struct reel_reader_volume *v, const struct reel_access *access,
        struct reel_err *err)
{
    memset(v, 0, sizeof(*v));
    v->file_fd = -1;
    v->report  = access->report;
    v->buf     = reel_alloc_array(BUF_BYTES, 1);
    if (v->buf == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a block");
    (void)pthread_mutex_init(&v->lock, NULL);
    v->have_lock = true;
    return REEL_OK;
}

void
reel_reader_volume_close(struct reel_reader_volume *v)
{
    reel_reader_ahead_drop(&v->ahead);
    reel_free(v->buf);
    reel_number_set_fini(&v->missing);
    reel_free(v->told);
    reel_reader_labels_fini(&v->labels);
    if (v->have_lock)
        (void)pthread_mutex_destroy(&v->lock);
    v->have_lock = false;
    v->buf       = NULL;
    v->told      = NULL;
}

/* ---- reading ---- */

static enum reel_status
read_file(struct reel_reader_volume *v, struct reel_reader_block *out,
          struct reel_err *err)
{
    size_t have = 0;

    while (have < v->file_block_bytes) {
        const ssize_t n =
            read(v->file_fd, v->buf + have, v->file_block_bytes - have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                             "the catalog file cannot be read: %.80s",
                             strerror(errno));
        if (n == 0)
            break;
        have += (size_t)n;
    }
    out->event = have > 0 ? REEL_EVENT_BLOCK : REEL_EVENT_END;
    out->len   = have;
    return REEL_OK;
}

/* Said once of each volume: how far it goes is not known for sure. */
static void
note_end_lost(struct reel_reader_volume *v)
{
    const struct reel_pos pos = {.volume = v->number, .block = v->address};
    struct reel_err why;

    if (v->medium == NULL || !reel_medium_end_lost(v->medium) ||
        (v->end_told && v->end_told_of == v->number))
        return;
    v->end_told    = true;
    v->end_told_of = v->number;
    (void)reel_fail(&why, REEL_E_MEDIUM, &pos, NULL,
                    "the drive cannot find the end of data; the volume is "
                    "read as far as that goes");
    reel_reader_volume_note(v, REEL_NOTE_DAMAGE, &why);
}

enum reel_status
reel_reader_volume_read(struct reel_reader_volume *v,
                        struct reel_reader_block *out, struct reel_err *err)
{
    if (v->held_any) {
        v->held_any = false;
        *out        = v->held;
        return REEL_OK;
    }
    if (v->ahead.taken < v->ahead.count) {
        *out       = v->ahead.blocks[v->ahead.taken++];
        v->address = out->address + (out->event != REEL_EVENT_END);
        return REEL_OK;
    }
    REEL_TRY(reel_go_on(&v->report, err));
    out->data    = v->buf;
    out->address = v->address;
    out->len     = 0;
    out->event   = REEL_EVENT_UNREADABLE;
    if (v->file_fd >= 0)
        REEL_TRY(read_file(v, out, err));
    else if (v->medium == NULL)
        out->event = REEL_EVENT_END;
    else
        REEL_TRY(reel_medium_read(v->medium, v->buf, BUF_BYTES, &out->event,
                                  &out->len, err));
    note_end_lost(v);
    if (out->event == REEL_EVENT_TOO_LONG)
        out->event = REEL_EVENT_UNREADABLE;
    if (out->event != REEL_EVENT_END)
        v->address++;
    return REEL_OK;
}

void
reel_reader_volume_hold(struct reel_reader_volume *v,
                        const struct reel_reader_block *b)
{
    v->held     = *b;
    v->held_any = true;
}

enum reel_status
reel_reader_volume_seek(struct reel_reader_volume *v, uint64_t address,
                        struct reel_err *err)
{
    if (v->held_any && v->held.address == address)
        return REEL_OK;
    v->held_any = false;
    if (v->medium == NULL)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                         "no volume is mounted");
    if (v->address == address)
        return REEL_OK;
    REEL_TRY(reel_medium_locate(v->medium, address, err));
    v->address = address;
    return REEL_OK;
}

void
reel_reader_volume_learn(struct reel_reader_volume *v,
                         const struct reel_block_header *h)
{
    if (v->have_set && memcmp(v->set_id, h->set_id, sizeof(v->set_id)) != 0)
        return;
    if (!v->have_set)
        memcpy(v->set_id, h->set_id, sizeof(v->set_id));
    v->have_set = true;
    if (v->number == 0)
        v->number = h->volume;
    if (v->number > v->highest)
        v->highest = v->number;
}

/* ---- opening ---- */

/* What stands before the first block of Reel. */
struct front {
    unsigned int things;
    unsigned int filemarks;
    size_t bytes;
    bool label_good;
    bool damaged; /* something could not be read, or is not as it must be */
    struct reel_err label_err;
    struct reel_sha256 digest; /* of label and leader */
    uint64_t digested;
};

static bool
is_reel_block(const struct reel_reader_block *b)
{
    return b->len >= REEL_BLOCK_HEADER_BYTES &&
           memcmp(b->data, reel_block_magic, sizeof(reel_block_magic)) == 0;
}

static void
judge_front_block(struct front *f, const struct reel_reader_block *b)
{
    const struct reel_pos pos = {.block = b->address};
    struct reel_label label;

    f->bytes += b->len;
    if (f->filemarks == 0 && f->things == 0)
        f->label_good = reel_label_decode(&label, b->data, b->len, &pos,
                                          &f->label_err) == REEL_OK;
    else if (f->filemarks == 1)
        f->damaged |= reel_leader_check(b->data, b->len, f->things == 2, &pos,
                                        NULL) != REEL_OK;
    else
        f->damaged = true;
    if (f->filemarks < 2) {
        reel_sha256_update(&f->digest, b->data, b->len);
        f->digested += b->len;
    }
}

static enum reel_status
not_reel(const struct front *f, struct reel_err *err)
{
    if (f->things == 0)
        return reel_fail(err, REEL_E_MAGIC, NULL, "L-1",
                         "not a Reel volume: nothing stands on the medium");
    if (f->label_err.status == REEL_E_MAGIC)
        return reel_fail(err, REEL_E_MAGIC, &f->label_err.pos, "L-5",
                         "not a Reel volume: %.120s", f->label_err.text);
    if (f->things >= FRONT_THINGS_MAX || f->bytes >= FRONT_BYTES_MAX)
        return reel_fail(err, REEL_E_LIMIT, NULL, NULL,
                         "no block of Reel stands in the first %u MiB, or "
                         "behind %u blocks and filemarks",
                         FRONT_BYTES_MAX >> 20, FRONT_THINGS_MAX);
    return reel_fail(err, REEL_E_MAGIC, NULL, "L-2",
                     "no block of a Reel volume can be read here");
}

/* Up to the first block of Reel, which is held. */
static enum reel_status
read_front(struct reel_reader_volume *v, struct front *f, struct reel_err *err)
{
    struct reel_reader_block b = {.event = REEL_EVENT_END};

    while (f->things < FRONT_THINGS_MAX && f->bytes < FRONT_BYTES_MAX) {
        REEL_TRY(reel_reader_volume_read(v, &b, err));
        if (b.event == REEL_EVENT_END)
            break;
        if (b.event == REEL_EVENT_BLOCK && is_reel_block(&b)) {
            reel_reader_volume_hold(v, &b);
            v->first_address = b.address;
            return REEL_OK;
        }
        if (b.event == REEL_EVENT_FILEMARK)
            f->filemarks++;
        else if (b.event == REEL_EVENT_BLOCK)
            judge_front_block(f, &b);
        else
            f->damaged = true;
        f->things++;
    }
    return not_reel(f, err);
}

/* The record VOLUME in the block that is held, if it is one. */
static enum reel_status
decode_volume(struct reel_reader_volume *v, const struct reel_block_header *h,
              struct reel_err *err)
{
    const struct reel_pos pos = {.volume = h->volume,
                                 .block  = v->held.address,
                                 .byte   = REEL_BLOCK_HEADER_BYTES};
    struct reel_bytes raw     = {NULL, 0};
    struct reel_volume volume;
    enum reel_status status;
    struct reel_record r;
    struct reel_cursor c;

    REEL_TRY(reel_segment_open(NULL, v->held.data + REEL_BLOCK_HEADER_BYTES,
                               h->payload_bytes, NULL, 0, &raw, &pos, err));
    c = reel_cursor_init(raw.data, raw.len, &pos);
    if (reel_record_next(&r, &c, err) != REEL_OK ||
        r.type != REEL_RECORD_VOLUME)
        return reel_fail(err, REEL_E_INVALID, &pos, "L-2",
                         "block of kind VOLUME without the record VOLUME");
    c = reel_record_cursor(&r);
    REEL_TRY(reel_volume_decode(&volume, &c, err));
    REEL_TRY(reel_volume_check_block(&volume, h, &c, err));
    v->volume = volume;
    if (volume.set_name.len > 0)
        memcpy(v->text, volume.set_name.data, volume.set_name.len);
    if (volume.software.len > 0)
        memcpy(v->text + volume.set_name.len, volume.software.data,
               volume.software.len);
    v->volume.set_name.data = v->text;
    v->volume.software.data = v->text + volume.set_name.len;
    v->have_volume          = true;
    (void)pthread_mutex_lock(&v->lock);
    status = reel_reader_labels_add(&v->labels, volume.volume, volume.volume_id,
                                    err);
    (void)pthread_mutex_unlock(&v->lock);
    return status;
}

/* L-9: do label and leader agree with VOLUME? */
static bool
front_proven(const struct reel_reader_volume *v, struct front *f)
{
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_sha256_final(&f->digest, digest);
    return f->digested == v->volume.label_bytes + v->volume.leader_bytes &&
           memcmp(digest, v->volume.digest, sizeof(digest)) == 0;
}

/* The held block: VOLUME, and what it says of label and leader. Only what is
   UNSUPPORTED stops here. */
static enum reel_status
judge_held(struct reel_reader_volume *v, struct front *f, struct reel_err *err)
{
    const struct reel_pos pos = {.block = v->held.address};
    struct reel_block_header h;
    struct reel_err why;
    enum reel_status status;

    status = reel_block_decode(&h, v->held.data, v->held.len, &pos, &why);
    if (status == REEL_OK &&
        memcmp(v->set_id, h.set_id, sizeof(h.set_id)) != 0) {
        status = reel_fail(&why, REEL_E_INVALID, &pos, NULL,
                           "block of another set before the first one of this");
    } else if (status == REEL_OK) {
        v->first_archive = h.archive;
        if (h.kind != REEL_BLOCK_VOLUME)
            status = reel_fail(&why, REEL_E_INVALID, &pos, "L-2",
                               "no VOLUME block behind the leader");
        else
            status = decode_volume(v, &h, &why);
    }
    if (status == REEL_E_UNSUPPORTED || status == REEL_E_MEMORY) {
        *err = why;
        return status;
    }
    /* Four octets behind each block (chapter 3): they are what is wrong. */
    if (status == REEL_OK && v->held.len == (size_t)h.block_bytes + 4) {
        (void)reel_fail(&why, REEL_OK, &pos, NULL,
                        "the drive's Logical Block Protection is on; label and "
                        "leader cannot be proven with it");
        reel_reader_volume_note(v, REEL_NOTE_INFO, &why);
        return REEL_OK;
    }
    if (status == REEL_OK &&
        (!f->label_good || f->damaged || !front_proven(v, f)))
        status = reel_fail(&why, REEL_E_CORRUPT, &pos, "L-9",
                           "label or leader is damaged; nothing is lost");
    if (status != REEL_OK)
        reel_reader_volume_note(v, REEL_NOTE_DAMAGE, &why);
    return REEL_OK;
}

enum reel_status
reel_reader_volume_front(struct reel_reader_volume *v, struct reel_err *err)
{
    struct front f;

    memset(&f, 0, sizeof(f));
    reel_sha256_init(&f.digest);
    v->can_locate = reel_medium_info(v->medium)->can_locate;
    v->held_any   = false;
    reel_reader_ahead_drop(&v->ahead);
    v->have_volume   = false;
    v->first_archive = 0;
    v->address       = 0;
    v->number        = 0;
    v->searches      = 0;
    REEL_TRY(read_front(v, &f, err));
    REEL_TRY(reel_reader_volume_choose(v, err));
    return judge_held(v, &f, err);
}

enum reel_status
reel_reader_volume_open(struct reel_reader_volume *v,
                        const struct reel_access *access, struct reel_err *err)
{
    REEL_TRY(prepare(v, access, err));
    v->medium  = access->medium;
    v->volumes = access->volumes;
    return reel_reader_volume_front(v, err);
}

enum reel_status
reel_reader_volume_file(struct reel_reader_volume *v,
                        const struct reel_access *access, struct reel_err *err)
{
    struct reel_reader_block b = {.event = REEL_EVENT_END};
    struct reel_cursor c;
    uint32_t block_bytes;

    REEL_TRY(prepare(v, access, err));
    v->file_fd          = access->catalog_fd;
    v->file_block_bytes = REEL_BLOCK_HEADER_BYTES;
    REEL_TRY(reel_reader_volume_read(v, &b, err));
    if (b.event != REEL_EVENT_BLOCK || !is_reel_block(&b))
        return reel_fail(err, REEL_E_MAGIC, NULL, "B-2",
                         "not a catalog kept by Reel");
    c = reel_cursor_init(b.data, b.len, NULL);
    (void)reel_get_bytes(&c, 20);
    block_bytes = reel_get_le32(&c);
    if (block_bytes < REEL_BLOCK_BYTES_MIN ||
        block_bytes > REEL_BLOCK_BYTES_MAX)
        return reel_fail(err, REEL_E_CORRUPT, NULL, "L-3",
                         "the catalog file names %u octets to a block",
                         block_bytes);
    if (lseek(v->file_fd, 0, SEEK_SET) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the catalog file cannot be positioned: %.80s",
                         strerror(errno));
    v->file_block_bytes = block_bytes;
    v->address          = 0;
    return REEL_OK;
}
