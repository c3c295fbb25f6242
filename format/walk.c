/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 5.1 and 12.2; archive layer: the order of records. What one object is
   made of is in walk_object.c. */
#include "reel/walk.h"

#include "reel/alloc.h"
#include "reel/number_set.h"
#include "walk_object.h"

/* What R-9 may be broken by: which part of the archive we are in. */
enum part {
    PART_UNKNOWN, /* begun somewhere, or behind a gap */
    PART_START,   /* nothing yet: ARCHIVE is due */
    PART_HEAD,    /* behind ARCHIVE */
    PART_OBJECTS
};

struct reel_walk {
    struct reel_walk_calls calls;
    enum part part;
    uint32_t archive;
    uint32_t limit;          /* of its segments; 0: not known */
    uint16_t head_type;      /* of the last record of the head */
    uint32_t earlier_volume; /* the last one named there */
    uint32_t earlier_archive;

    bool gap;         /* what comes may not go on from what was */
    bool misnumbered; /* the object at hand, which is told */
    uint64_t stray;   /* object whose records belong nowhere, which is told */
    struct reel_number_set met; /* objects, of the run at hand */
    struct reel_walk_object hand;

    /* The record at hand. */
    struct reel_record r;
    struct reel_place place;
    bool first_of_segment;
    uint32_t skip_bytes; /* of the next segment: passed over */
};

struct reel_walk *
reel_walk_new(const struct reel_walk_calls *calls, bool digests)
{
    struct reel_walk *const w = reel_alloc_array(1, sizeof(*w));

    if (w == NULL)
        return NULL;
    w->calls = *calls;
    w->part  = PART_UNKNOWN;
    reel_walk_object_init(&w->hand, &w->calls, &w->r, digests);
    return w;
}

void
reel_walk_free(struct reel_walk *w)
{
    if (w != NULL)
        reel_number_set_fini(&w->met);
    reel_free(w);
}

uint64_t
reel_walk_open_object(const struct reel_walk *w)
{
    return w->hand.open ? w->hand.number : 0;
}

static enum reel_status
tell(struct reel_walk *w, const struct reel_err *why, struct reel_err *err)
{
    return reel_walk_object_tell(&w->hand, why, err);
}

/* A rule is broken at the record at hand; the walk goes on. */
static enum reel_status
fault(struct reel_walk *w, const char *rule, const char *text,
      struct reel_err *err)
{
    return reel_walk_object_fault(&w->hand, rule, text, err);
}

/* What comes may have any number. */
static void
forget_numbers(struct reel_walk *w)
{
    reel_number_set_fini(&w->met);
    w->stray = 0;
}

enum reel_status
reel_walk_archive(struct reel_walk *w, uint32_t archive, struct reel_err *err)
{
    REEL_TRY(reel_walk_object_close(&w->hand, NULL, REEL_WALK_DAMAGED, err));
    forget_numbers(w);
    w->part            = PART_START;
    w->archive         = archive;
    w->limit           = 0;
    w->hand.number     = 0;
    w->gap             = false;
    w->earlier_volume  = 0;
    w->earlier_archive = 0;
    return REEL_OK;
}

void
reel_walk_gap(struct reel_walk *w)
{
    w->gap = true;
}

enum reel_status
reel_walk_run(struct reel_walk *w, bool anew, struct reel_err *err)
{
    REEL_TRY(reel_walk_object_close(
        &w->hand, NULL, w->gap ? REEL_WALK_DAMAGED : REEL_WALK_TORN, err));
    forget_numbers(w); /* what is superseded comes again */
    w->gap = false;
    if (!anew)
        return REEL_OK;
    w->part        = PART_START;
    w->hand.number = 0;
    return REEL_OK;
}

void
reel_walk_jump(struct reel_walk *w)
{
    forget_numbers(w);
    w->hand.open       = false;
    w->hand.group.open = false;
    w->gap             = false;
    w->part            = PART_UNKNOWN;
    w->hand.number     = 0;
    w->skip_bytes      = 0;
}

void
reel_walk_skip(struct reel_walk *w, uint32_t record_offset)
{
    w->skip_bytes = record_offset;
}

/* when an object begins. */
static enum reel_status
judge_number(struct reel_walk *w, uint64_t number, struct reel_err *err)
{
    w->misnumbered =
        w->part != PART_UNKNOWN && !w->gap && number != w->hand.number + 1;
    if (!w->misnumbered)
        return REEL_OK;
    return fault(w, "R-12", "object numbers do not go up by one", err);
}

/* The number of an earlier object: its records are left (12.2). */
static enum reel_status
on_number_again(struct reel_walk *w, struct reel_err *err)
{
    w->part  = PART_OBJECTS;
    w->gap   = false;
    w->stray = w->r.object;
    return fault(w, "R-12", "the number of an earlier object", err);
}

static enum reel_status
on_object(struct reel_walk *w, struct reel_err *err)
{
    if (w->hand.open && !w->gap)
        REEL_TRY(fault(w, "R-13", "an object begins inside another", err));
    REEL_TRY(reel_walk_object_close(
        &w->hand, NULL, w->gap ? REEL_WALK_DAMAGED : REEL_WALK_TORN, err));
    if (reel_number_set_has(&w->met, w->r.object))
        return on_number_again(w, err);
    REEL_TRY(judge_number(w, w->r.object, err));
    w->part  = PART_OBJECTS;
    w->gap   = false;
    w->stray = 0;
    if (w->r.object < UINT64_MAX)
        REEL_TRY(reel_number_set_add(&w->met, w->r.object, err));
    return reel_walk_object_begin(&w->hand, &w->place, err);
}

static enum reel_status
on_continued(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_continued k;
    struct reel_err why;

    if (!w->first_of_segment)
        return fault(w, "R-10", "CONTINUED inside a segment", err);
    if (reel_continued_decode(&k, &c, &why) != REEL_OK)
        return reel_walk_object_report(&w->hand, &why, err);
    if (!w->gap && w->r.object == w->stray && w->stray != 0)
        return REEL_OK;
    if (w->hand.open && w->hand.number == w->r.object) {
        REEL_TRY(reel_walk_object_judge_continued(&w->hand, &k, w->gap, err));
        if (!w->gap)
            return REEL_OK;
    } else {
        if (w->part != PART_UNKNOWN && !w->gap) {
            if (!w->hand.open)
                return fault(w, "R-10",
                             "CONTINUED of an object that is not open", err);
            REEL_TRY(fault(w, "R-11", "CONTINUED of another object", err));
        }
        REEL_TRY(
            reel_walk_object_close(&w->hand, NULL, REEL_WALK_DAMAGED, err));
        REEL_TRY(reel_walk_object_adopt(&w->hand, &k, err));
    }
    w->part = PART_OBJECTS;
    w->gap  = false;
    return reel_walk_object_pick_up(&w->hand, &k, err);
}

static enum reel_status
on_archive(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_archive a;
    struct reel_err told;
    struct reel_err why;

    if (w->part != PART_START && w->part != PART_UNKNOWN)
        return fault(w, "R-8", "ARCHIVE is not the first record", err);
    w->part      = PART_HEAD;
    w->head_type = REEL_RECORD_ARCHIVE;
    if (reel_archive_accept(&a, &c, &told, &why) != REEL_OK)
        return tell(w, &why, err);
    w->limit = a.segment_limit;
    if (told.status != REEL_OK)
        REEL_TRY(tell(w, &told, err));
    if (w->archive != 0 && a.archive != w->archive)
        REEL_TRY(
            fault(w, "R-16", "ARCHIVE has another number than its block", err));
    if (w->calls.archive == NULL)
        return REEL_OK;
    return w->calls.archive(w->calls.ctx, &a, err);
}

/* the numbers go up. */
static enum reel_status
judge_earlier(struct reel_walk *w, uint32_t *last, uint32_t number,
              struct reel_err *err)
{
    const bool ascends = number > *last;

    *last = number;
    if (ascends)
        return REEL_OK;
    return fault(w, "R-21", "earlier volumes or archives do not ascend", err);
}

/* SOURCE, EARLIER VOLUME, EARLIER ARCHIVE: decoded to be judged. */
static enum reel_status
on_head(struct reel_walk *w, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(&w->r);
    struct reel_source_record source;
    struct reel_earlier_volume volume;
    struct reel_earlier_archive archive;
    enum reel_status status;
    struct reel_err why;

    if (w->part == PART_OBJECTS ||
        (w->part == PART_HEAD && w->r.type < w->head_type &&
         w->head_type != REEL_RECORD_ARCHIVE))
        REEL_TRY(fault(w, "R-9", "record of the head out of its order", err));
    w->head_type = w->r.type;
    if (w->r.type == REEL_RECORD_SOURCE)
        status = reel_source_record_decode(&source, &c, &why);
    else if (w->r.type == REEL_RECORD_EARLIER_VOLUME)
        status = reel_earlier_volume_decode(&volume, &c, &why);
    else
        status = reel_earlier_archive_decode(&archive, &c, &why);
    if (status != REEL_OK)
        return tell(w, &why, err);
    if (w->r.type == REEL_RECORD_EARLIER_VOLUME)
        return judge_earlier(w, &w->earlier_volume, volume.volume, err);
    if (w->r.type == REEL_RECORD_EARLIER_ARCHIVE)
        return judge_earlier(w, &w->earlier_archive, archive.archive, err);
    return REEL_OK;
}

/* A record inside an object: is it the one that is open? */
static enum reel_status
judge_owner(struct reel_walk *w, bool *take, struct reel_err *err)
{
    *take = w->hand.open && w->r.object == w->hand.number && !w->gap;
    if (*take || w->gap || (w->part == PART_UNKNOWN && !w->hand.open))
        return REEL_OK;
    if (w->hand.open && w->misnumbered) {
        w->gap = true; /* it may be of that object all the same */
        return REEL_OK;
    }
    if (w->hand.open)
        return reel_walk_object_harm(
            &w->hand, "R-11", "record of another object inside an object", err);
    if (w->r.object == w->stray)
        return REEL_OK;
    w->stray = w->r.object;
    return fault(w, "R-9", "record of an object that is not open", err);
}

static enum reel_status
on_object_record(struct reel_walk *w, struct reel_err *err)
{
    bool take;

    REEL_TRY(judge_owner(w, &take, err));
    if (!take)
        return REEL_OK;
    switch (w->r.type) {
    case REEL_RECORD_XATTR:
        return reel_walk_object_xattr(&w->hand, err);
    case REEL_RECORD_STREAM:
        return reel_walk_object_stream(&w->hand, err);
    case REEL_RECORD_DATA:
        return reel_walk_object_data(&w->hand, err);
    case REEL_RECORD_GROUP_END:
        return reel_walk_object_group_end(&w->hand, err);
    default:
        return reel_walk_object_end(&w->hand, err);
    }
}

static enum reel_status
on_unknown(struct reel_walk *w, struct reel_err *err)
{
    if (!(w->r.type & REEL_RECORD_CRITICAL))
        return REEL_OK;
    if (!w->hand.open)
        return fault(w, "R-5", "critical record of an unknown type", err);
    return reel_walk_object_harm(&w->hand, "R-5",
                                 "critical record of an unknown type", err);
}

static enum reel_status
dispatch(struct reel_walk *w, struct reel_err *err)
{
    if (w->calls.record != NULL)
        REEL_TRY(w->calls.record(w->calls.ctx, &w->r, &w->place, err));
    if (w->part == PART_START && !w->gap && w->r.type != REEL_RECORD_ARCHIVE) {
        REEL_TRY(fault(w, "R-8", "the first record is not ARCHIVE", err));
        w->part = PART_UNKNOWN;
    }
    if (w->first_of_segment && w->hand.open && !w->gap &&
        w->r.type != REEL_RECORD_CONTINUED && w->r.type != REEL_RECORD_OBJECT)
        REEL_TRY(fault(w, "R-10", "segment inside an object without CONTINUED",
                       err));
    switch (w->r.type) {
    case REEL_RECORD_ARCHIVE:
        return on_archive(w, err);
    case REEL_RECORD_SOURCE:
    case REEL_RECORD_EARLIER_VOLUME:
    case REEL_RECORD_EARLIER_ARCHIVE:
        return on_head(w, err);
    case REEL_RECORD_OBJECT:
        return on_object(w, err);
    case REEL_RECORD_CONTINUED:
        return on_continued(w, err);
    case REEL_RECORD_XATTR:
    case REEL_RECORD_STREAM:
    case REEL_RECORD_DATA:
    case REEL_RECORD_GROUP_END:
    case REEL_RECORD_OBJECT_END:
        return on_object_record(w, err);
    case REEL_RECORD_VOLUME:
    case REEL_RECORD_ENTRY:
    case REEL_RECORD_CHECKPOINT:
    case REEL_RECORD_END:
        return fault(w, "R-9", "record does not belong among the data", err);
    default:
        return on_unknown(w, err);
    }
}

/* What the archive declares is judged when it is known (G-6): such a segment is
   not accepted. */
static enum reel_status
leave_segment(struct reel_walk *w, size_t raw_bytes, const struct reel_pos *pos,
              struct reel_err *err)
{
    struct reel_err why;

    w->gap = true;
    (void)reel_fail(&why, REEL_E_INVALID, pos, "G-6",
                    "segment of %zu octets, the limit of the archive is %u",
                    raw_bytes, w->limit);
    return tell(w, &why, err);
}

/* A record whose header alone breaks a rule is not used. */
static enum reel_status
leave_out(struct reel_walk *w, const struct reel_err *why, struct reel_err *err)
{
    if (w->r.type == REEL_RECORD_ARCHIVE && w->part == PART_START)
        w->part = PART_HEAD;
    if (w->r.type == REEL_RECORD_OBJECT || w->r.type == REEL_RECORD_OBJECT_END)
        w->gap = true; /* what it begins or ends is not known */
    if (w->hand.open)
        return reel_walk_object_report(&w->hand, why, err);
    return tell(w, why, err);
}

enum reel_status
reel_walk_segment(struct reel_walk *w, const uint8_t *raw, size_t raw_bytes,
                  const struct reel_place *place, const struct reel_pos *pos,
                  struct reel_err *err)
{
    struct reel_pos in = *pos;
    struct reel_err why;
    struct reel_cursor c;
    enum reel_status status;

    if (w->limit != 0 && raw_bytes > w->limit)
        return leave_segment(w, raw_bytes, pos, err);
    in.in_segment       = true;
    in.segment_byte     = 0;
    c                   = reel_cursor_init(raw, raw_bytes, &in);
    w->place            = *place;
    w->first_of_segment = true;
    while ((status = reel_record_next(&w->r, &c, &why)) == REEL_OK ||
           status == REEL_E_INVALID) {
        w->place.record_offset = w->r.pos.segment_byte;
        if (w->place.record_offset < w->skip_bytes)
            continue;
        w->skip_bytes = 0;
        REEL_TRY(status == REEL_OK ? dispatch(w, err)
                                   : leave_out(w, &why, err));
        w->first_of_segment = false;
    }
    w->skip_bytes = 0;
    if (status == REEL_END)
        return REEL_OK;
    w->gap          = true;
    w->hand.damaged = true;
    return tell(w, &why, err);
}

enum reel_status
reel_walk_finish(struct reel_walk *w, bool complete, struct reel_err *err)
{
    if (complete && w->hand.open && !w->gap) {
        w->r.object = w->hand.number;
        REEL_TRY(fault(w, "R-13", "the archive ends inside an object", err));
    }
    return reel_walk_object_close(
        &w->hand, NULL, w->gap || complete ? REEL_WALK_DAMAGED : REEL_WALK_TORN,
        err);
}
