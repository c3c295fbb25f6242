/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of a .tap file, spec chapter 0; below tap_file.c. */
#include "tap_scan.h"

#include <assert.h>
#include <errno.h>

#include "whole_io.h"

/* Lone words in a row that may be marks of a tape; more are zero data. */
#define MARKS_IN_A_ROW_MAX 4

static bool
is_record(struct reel_tap_word word)
{
    return word.kind == REEL_TAP_RECORD || word.kind == REEL_TAP_BAD_RECORD;
}

static bool
same_word(struct reel_tap_word a, struct reel_tap_word b)
{
    return a.kind == b.kind && a.bytes == b.bytes;
}

/* Read the word at `off`, which must lie in the file, and the one behind. */
static enum reel_status
word_at(struct reel_tap_scan *s, uint64_t off, struct reel_tap_word *out,
        struct reel_err *err)
{
    uint8_t octets[2 * REEL_TAP_WORD_BYTES];
    struct iovec iov = {octets, sizeof(octets)};
    size_t done;

    if (s->word_known && s->word_off == off) {
        *out = s->word;
        return REEL_OK;
    }
    REEL_TRY(reel_go_on(s->report, err));
    if (!reel_io_read(s->fd, &iov, 1, off, &done))
        return reel_io_fail(err, NULL, "reading the image", errno);
    if (done < REEL_TAP_WORD_BYTES)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the image became shorter while it was read");
    *out          = reel_tap_word_decode(octets);
    s->word_known = done == sizeof(octets);
    if (s->word_known) {
        s->word_off = off + REEL_TAP_WORD_BYTES;
        s->word     = reel_tap_word_decode(octets + REEL_TAP_WORD_BYTES);
    }
    return REEL_OK;
}

static bool
has_word(const struct reel_tap_scan *s, uint64_t off)
{
    return off <= s->bytes && s->bytes - off >= REEL_TAP_WORD_BYTES;
}

/* Is there a whole record at `off`, its words in agreement? *front is the word
   there, if there is one; *next is behind the record. */
static enum reel_status
whole_record(struct reel_tap_scan *s, uint64_t off, bool *whole,
             struct reel_tap_word *front, uint64_t *next, struct reel_err *err)
{
    struct reel_tap_word back = {REEL_TAP_RESERVED, 0};

    *whole = false;
    if (!has_word(s, off))
        return REEL_OK;
    REEL_TRY(word_at(s, off, front, err));
    if (!is_record(*front))
        return REEL_OK;
    *next = off + reel_tap_record_span(front->bytes);
    if (*next > s->bytes)
        return REEL_OK;
    REEL_TRY(word_at(s, *next - REEL_TAP_WORD_BYTES, &back, err));
    *whole = same_word(*front, back);
    return REEL_OK;
}

/* As whole_record, for one that ends at `off`; *start is its beginning. */
static enum reel_status
whole_record_before(struct reel_tap_scan *s, uint64_t off, bool *whole,
                    struct reel_tap_word *back, uint64_t *start,
                    struct reel_err *err)
{
    struct reel_tap_word front = {REEL_TAP_RESERVED, 0};

    *whole = false;
    if (off < REEL_TAP_WORD_BYTES)
        return REEL_OK;
    REEL_TRY(word_at(s, off - REEL_TAP_WORD_BYTES, back, err));
    if (!is_record(*back) || reel_tap_record_span(back->bytes) > off)
        return REEL_OK;
    *start = off - reel_tap_record_span(back->bytes);
    REEL_TRY(word_at(s, *start, &front, err));
    *whole = same_word(front, *back);
    return REEL_OK;
}

static bool
is_lone(struct reel_tap_word word)
{
    return word.kind == REEL_TAP_MARK || word.kind == REEL_TAP_GAP;
}

/* Go back from *off over a few marks and gaps. */
static enum reel_status
back_over_marks(struct reel_tap_scan *s, uint64_t *off, struct reel_err *err)
{
    for (int i = 0; i < MARKS_IN_A_ROW_MAX; i++) {
        struct reel_tap_word word = {REEL_TAP_RESERVED, 0};

        if (*off < REEL_TAP_WORD_BYTES)
            return REEL_OK;
        REEL_TRY(word_at(s, *off - REEL_TAP_WORD_BYTES, &word, err));
        if (!is_lone(word))
            return REEL_OK;
        *off -= REEL_TAP_WORD_BYTES;
    }
    return REEL_OK;
}

enum reel_status
reel_tap_scan_tail(struct reel_tap_scan *s, bool *whole, uint64_t *record_off,
                   struct reel_err *err)
{
    struct reel_tap_word word = {REEL_TAP_RESERVED, 0};
    uint64_t off              = s->bytes;

    *whole = false;
    if (off < REEL_TAP_WORD_BYTES)
        return REEL_OK;
    REEL_TRY(word_at(s, off - REEL_TAP_WORD_BYTES, &word, err));
    if (word.kind == REEL_TAP_MEDIUM_END)
        off -= REEL_TAP_WORD_BYTES;
    REEL_TRY(back_over_marks(s, &off, err));
    return whole_record_before(s, off, whole, &word, record_off, err);
}

/*
 * From the end of the file back, record by record, as long as their words
 * agree: the first place behind `damage` from which on all is whole, or the
 * end of the file. Marks before the first record belong to it only if they
 * are few, else they are zero data of what was damaged.
 */
static enum reel_status
first_whole_tail(struct reel_tap_scan *s, uint64_t damage, uint64_t *next,
                 struct reel_err *err)
{
    struct reel_tap_word word = {REEL_TAP_RESERVED, 0};
    uint64_t off;
    bool whole = false;

    *next = s->bytes;
    REEL_TRY(reel_tap_scan_tail(s, &whole, &off, err));
    while (whole && off > damage) {
        uint64_t marks = off;

        *next = off;
        REEL_TRY(back_over_marks(s, &marks, err));
        REEL_TRY(whole_record_before(s, marks, &whole, &word, &off, err));
        if (!whole && marks > damage &&
            *next - marks < (uint64_t)MARKS_IN_A_ROW_MAX * REEL_TAP_WORD_BYTES)
            *next = marks;
    }
    return REEL_OK;
}

/* The same, worked out once. */
static enum reel_status
whole_again(struct reel_tap_scan *s, uint64_t damage, uint64_t *next,
            struct reel_err *err)
{
    if (s->damage_next == 0 || s->damage_off != damage) {
        REEL_TRY(first_whole_tail(s, damage, next, err));
        s->damage_off  = damage;
        s->damage_next = *next;
    }
    *next = s->damage_next;
    return REEL_OK;
}

/* Could the tape go on at `off`: with a whole record, maybe behind a mark, or
   with the last mark of the file? */
static enum reel_status
goes_on_at(struct reel_tap_scan *s, uint64_t off, bool *yes,
           struct reel_err *err)
{
    struct reel_tap_word word = {REEL_TAP_RESERVED, 0};
    uint64_t next;

    *yes = false;
    REEL_TRY(whole_record(s, off, yes, &word, &next, err));
    if (*yes || !has_word(s, off) || word.kind != REEL_TAP_MARK)
        return REEL_OK;
    *yes = off + REEL_TAP_WORD_BYTES == s->bytes;
    if (*yes)
        return REEL_OK;
    return whole_record(s, off + REEL_TAP_WORD_BYTES, yes, &word, &next, err);
}

/*
 * Where is the framing whole again behind a damage at `off`, where `front`
 * stands? Tried in turn: the front word is right and only the one behind the
 * record is not; the record is as long as the one before; the end of the
 * file tells. Each is taken only when whole records stand there.
 */
static enum reel_status
find_next(struct reel_tap_scan *s, uint64_t off, struct reel_tap_word front,
          uint64_t *next, struct reel_err *err)
{
    struct reel_tap_word before = {REEL_TAP_RESERVED, 0};
    bool yes                    = false;

    if (is_record(front)) {
        *next = off + reel_tap_record_span(front.bytes);
        REEL_TRY(goes_on_at(s, *next, &yes, err));
    }
    if (!yes && off >= REEL_TAP_WORD_BYTES)
        REEL_TRY(word_at(s, off - REEL_TAP_WORD_BYTES, &before, err));
    if (!yes && is_record(before)) {
        *next = off + reel_tap_record_span(before.bytes);
        REEL_TRY(goes_on_at(s, *next, &yes, err));
    }
    return yes ? REEL_OK : whole_again(s, off, next, err);
}

/* Fill in DAMAGED, or TORN if a record runs over the end of the file. */
static enum reel_status
look_damaged(struct reel_tap_scan *s, struct reel_tap_word front,
             struct reel_tap_object *out, struct reel_err *err)
{
    uint64_t next = 0;

    REEL_TRY(find_next(s, out->off, front, &next, err));
    assert(next > out->off && next <= s->bytes);
    out->next  = next;
    out->thing = REEL_TAP_THING_DAMAGED;
    if (is_record(front) && next == s->bytes &&
        out->off + reel_tap_record_span(front.bytes) > s->bytes)
        out->thing = REEL_TAP_THING_TORN;
    return REEL_OK;
}

static enum reel_status
look_record(struct reel_tap_scan *s, struct reel_tap_object *out,
            struct reel_err *err)
{
    struct reel_tap_word front = {REEL_TAP_RESERVED, 0};
    bool whole                 = false;

    REEL_TRY(whole_record(s, out->off, &whole, &front, &out->next, err));
    if (!whole)
        return look_damaged(s, front, out, err);
    out->bytes = front.bytes;
    out->thing = front.kind == REEL_TAP_RECORD ? REEL_TAP_THING_BLOCK
                                               : REEL_TAP_THING_BAD;
    return REEL_OK;
}

enum reel_status
reel_tap_scan_look(struct reel_tap_scan *s, uint64_t off,
                   struct reel_tap_object *out, struct reel_err *err)
{
    struct reel_tap_word word = {REEL_TAP_MEDIUM_END, 0};

    while (has_word(s, off)) {
        REEL_TRY(word_at(s, off, &word, err));
        if (word.kind != REEL_TAP_GAP)
            break;
        off += REEL_TAP_WORD_BYTES;
    }
    *out = (struct reel_tap_object){REEL_TAP_THING_END, 0, off, off};
    if (!has_word(s, off) || word.kind == REEL_TAP_MEDIUM_END)
        return REEL_OK;
    if (word.kind != REEL_TAP_MARK)
        return look_record(s, out, err);
    out->thing = REEL_TAP_THING_MARK;
    out->next  = off + REEL_TAP_WORD_BYTES;
    return REEL_OK;
}

void
reel_tap_scan_changed(struct reel_tap_scan *s, uint64_t bytes)
{
    s->bytes       = bytes;
    s->word_known  = false;
    s->damage_next = 0;
}
