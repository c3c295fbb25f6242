/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8 and V-1 to V-3, one object from the walk to the sink;
   policy layer. */
#include <inttypes.h>
#include <string.h>

#include "engine_state.h"
#include "notes.h"

static struct reel_notes_object
about(const struct reel_object *o, uint64_t number)
{
    const struct reel_notes_object a = {o->encoding, o->path, number};

    return a;
}

/* Before each record. */
static enum reel_status
on_record(void *ctx, const struct reel_record *r,
          const struct reel_place *place, struct reel_err *err)
{
    const struct reel_engine *const e = ctx;

    (void)r;
    (void)place;
    return reel_go_on(e->report, err);
}

/* ---- links ---- */

enum reel_status
reel_engine_make_link(struct reel_engine *e, const struct reel_object *o,
                      uint64_t number, bool whole, struct reel_err *err)
{
    const struct reel_notes_object a = about(o, number);
    bool made;

    e->sink->left_out = false;
    REEL_TRY(e->sink->ops->link(e->sink, o, &made, err));
    if (made) {
        e->result->objects += !e->sink->left_out;
        e->result->links += !e->sink->left_out;
        return REEL_OK;
    }
    e->result->lost += !whole;
    reel_notes_object(e->report, whole ? REEL_NOTE_SKIPPED : REEL_NOTE_LOST, &a,
                      REEL_E_CORRUPT, NULL,
                      "not made, for object %" PRIu64
                      ", whose name it is, was not put in place",
                      o->target);
    return REEL_OK;
}

/* Its object did not come by. */
static enum reel_status
link_without_object(struct reel_engine *e, const struct reel_object *o,
                    struct reel_err *err)
{
    const struct reel_notes_object a = about(o, e->number);

    if (e->with_catalog && e->session->volume.can_locate)
        return reel_pending_links_add(&e->pending, e->number, o, &e->link_data,
                                      err);
    if (e->session->matcher.count == 0) {
        e->result->lost++;
        reel_notes_object(e->report, REEL_NOTE_LOST, &a, REEL_E_TRUNCATED, NULL,
                          "its data, object %" PRIu64 ", ought to stand "
                          "before it, and are lost",
                          o->target);
        return REEL_OK;
    }
    reel_notes_object(e->report, REEL_NOTE_SKIPPED, &a, REEL_E_TRUNCATED, NULL,
                      "its data, object %" PRIu64 ", went by; restore from a "
                      "file or tape that can be positioned",
                      o->target);
    return REEL_OK;
}

static enum reel_status
end_link(struct reel_engine *e, enum reel_walk_outcome outcome,
         struct reel_err *err)
{
    struct reel_notes_object a;
    struct reel_object o;
    uint64_t handed;

    REEL_TRY(reel_kept_object_get(&e->link, &o, err));
    a = about(&o, e->number);
    if (outcome == REEL_WALK_DAMAGED || outcome == REEL_WALK_TORN) {
        e->result->lost++;
        reel_notes_object(e->report, REEL_NOTE_LOST, &a, REEL_E_CORRUPT, NULL,
                          "a further name that is not proven");
        return REEL_OK;
    }
    handed = reel_number_map_get(&e->handed, o.target);
    if (handed != REEL_HANDED_NOT)
        return reel_engine_make_link(e, &o, e->number,
                                     handed == REEL_HANDED_WHOLE, err);
    return link_without_object(e, &o, err);
}

/* ---- begin ---- */

static enum reel_status
give(struct reel_engine *e, const struct reel_object *o,
     const struct reel_catalog_item *item, struct reel_err *err)
{
    const struct reel_group_end *const content =
        item != NULL && item->has_content ? &item->content : NULL;
    bool have = false;

    e->may_have_links = o->kind != REEL_KIND_DIRECTORY &&
                        o->kind != REEL_KIND_LINK && o->link_count != 1;
    e->link_given     = o->kind == REEL_KIND_LINK;
    e->sink->left_out = false;
    if (e->sink->ops->have != NULL)
        REEL_TRY(
            e->sink->ops->have(e->sink, e->number, o, content, &have, err));
    e->fate = have ? REEL_ENGINE_HAD : REEL_ENGINE_GIVEN;
    if (have)
        return REEL_OK;
    return e->sink->ops->begin(e->sink, e->number, o, err);
}

static bool
same_place(const struct reel_place *a, const struct reel_place *b)
{
    return a->volume == b->volume && a->sequence == b->sequence &&
           a->address == b->address && a->payload_offset == b->payload_offset &&
           a->record_offset == b->record_offset;
}

/* The data say what counts; where the catalog differs, it is told. Places
   may differ for all that stands on a tape: one is told, and how many. */
static void
compare_catalog(struct reel_engine *e, const struct reel_object *o,
                const struct reel_catalog_item *item,
                const struct reel_place *place)
{
    const struct reel_notes_object a = about(o, e->number);
    const struct reel_pos pos        = reel_expected_pos(place);

    if (item == NULL && e->expected.broken &&
        e->expected.item.number == e->number)
        return; /* told already */
    if (item == NULL)
        reel_notes_object(e->report, REEL_NOTE_DAMAGE, &a, REEL_E_INVALID, &pos,
                          "the catalog does not know it");
    else if (item->object.kind != o->kind ||
             item->object.encoding != o->encoding ||
             item->object.size != o->size || item->object.target != o->target ||
             !reel_bytes_equal(item->object.path, o->path))
        reel_notes_object(e->report, REEL_NOTE_DAMAGE, &a, REEL_E_INVALID, &pos,
                          "the catalog says something else of it");
    else if (item->entry.flags != 0 && !reel_catalog_item_torn(item))
        reel_notes_object(e->report, REEL_NOTE_DAMAGE, &a, REEL_E_INVALID, &pos,
                          "the catalog says that it is not whole, and where it "
                          "ends");
    else if (!same_place(&item->entry.begin, place) && e->misplaced++ == 0)
        reel_notes_object(e->report, REEL_NOTE_DAMAGE, &a, REEL_E_INVALID, &pos,
                          "the catalog says that it stands elsewhere");
}

/* A link that goes to the sink as an object: where is what it is a name of, if
   that does not (K-8)? */
static void
note_apart(struct reel_engine *e, const struct reel_object *o,
           const struct reel_catalog_item *item)
{
    const struct reel_notes_object a = about(o, e->number);
    char name[REEL_VOLUME_NAME_BYTES];

    if (e->session->matcher.count == 0 ||
        reel_number_map_get(&e->handed, o->target) != REEL_HANDED_NOT)
        return;
    if (item == NULL || item->entry.data.volume == 0)
        reel_notes_object(e->report, REEL_NOTE_OMITTED, &a, REEL_OK, NULL,
                          "a further name of object %" PRIu64 ", which was not "
                          "asked for",
                          o->target);
    else
        reel_notes_object(
            e->report, REEL_NOTE_OMITTED, &a, REEL_OK, NULL,
            "a further name of object %" PRIu64 ", which was not asked for and "
            "stands on %s, block %" PRIu64,
            o->target,
            reel_reader_volume_name(&e->session->volume,
                                    item->entry.data.volume, name),
            item->entry.data.address);
}

static enum reel_status
begin_link(struct reel_engine *e, const struct reel_object *o,
           const struct reel_catalog_item *item, struct reel_err *err)
{
    const struct reel_notes_object a = about(o, e->number);

    if ((o->facts & REEL_FACT_OUTSIDE) != 0) {
        reel_notes_object(e->report, REEL_NOTE_OMITTED, &a, REEL_OK, NULL,
                          "a name outside of the archive is not made");
        return REEL_OK;
    }
    e->fate = REEL_ENGINE_LINKED;
    memset(&e->link_data, 0, sizeof(e->link_data));
    if (item != NULL)
        e->link_data = item->entry.data;
    return reel_kept_object_set(&e->link, e->number, o, err);
}

/* The object that is fetched gets the name of the link. */
static enum reel_status
begin_fetched(struct reel_engine *e, const struct reel_object *o,
              struct reel_err *err)
{
    struct reel_object renamed = *o;

    if (e->number != e->fetch || o->kind == REEL_KIND_LINK ||
        o->kind == REEL_KIND_DIRECTORY)
        return REEL_OK; /* not it, or K-2 is broken */
    renamed.path     = e->fetch_as.path;
    renamed.encoding = e->fetch_as.encoding;
    if (o->link_count == 1) {
        const struct reel_notes_object a = about(&renamed, e->number);

        renamed.link_count = 0; /* how many is not known, then */
        reel_notes_object(e->report, REEL_NOTE_DAMAGE, &a, REEL_E_INVALID, NULL,
                          "a further name of what says that it has none "
                          "(K-20): put back as an object of its own");
    }
    REEL_TRY(reel_kept_object_set(&e->spanning, e->number, &renamed, err));
    return give(e, &renamed, NULL, err);
}

/* Numbers that never came, where there is no catalog to name them. */
static void
note_numbers(struct reel_engine *e, uint64_t number,
             const struct reel_place *place)
{
    const struct reel_pos pos = reel_expected_pos(place);
    const uint64_t from       = e->last_number + 1;

    if (number > from && e->absent_before) {
        e->result->lost += number - from;
        reel_notes_say(e->report, REEL_NOTE_WANTED, REEL_E_TRUNCATED, &pos,
                       NULL,
                       "%" PRIu64 " objects stand on another volume: numbers "
                       "%" PRIu64 " to %" PRIu64,
                       number - from, from, number - 1);
    } else if (number > from) {
        e->result->lost += number - from;
        reel_notes_say(e->report, REEL_NOTE_LOST, REEL_E_TRUNCATED, &pos,
                       "R-12",
                       "%" PRIu64 " objects are lost with their names: "
                       "numbers %" PRIu64 " to %" PRIu64,
                       number - from, from, number - 1);
    }
    if (number > e->last_number)
        e->last_number = number;
    e->absent_before = false;
}

/* An object that goes on on another volume may turn out to be wanting. */
static enum reel_status
keep_spanning(struct reel_engine *e, const struct reel_object *o,
              const struct reel_catalog_item *item, struct reel_err *err)
{
    if (item != NULL && item->entry.end.volume != 0)
        e->last_volume = item->entry.end.volume;
    if (item != NULL && e->first_volume == e->last_volume)
        return REEL_OK;
    return reel_kept_object_set(&e->spanning, e->number, o, err);
}

static enum reel_status
on_begin(void *ctx, uint64_t number, const struct reel_object *o,
         const struct reel_place *place, struct reel_err *err)
{
    struct reel_engine *const e          = ctx;
    const struct reel_catalog_item *item = NULL;
    bool selected;

    e->fate          = REEL_ENGINE_PASSED;
    e->number        = number;
    e->content_bytes = 0;
    if (number > e->last)
        return REEL_END;
    if (number < e->first)
        return REEL_OK;
    e->first_volume = e->last_volume = place->volume;
    e->begin                         = *place;
    if (e->fetch != 0)
        return begin_fetched(e, o, err);
    if (e->with_catalog)
        REEL_TRY(reel_expected_reach(&e->expected, number, &item, err));
    else
        note_numbers(e, number, place);
    REEL_TRY(reel_matcher_match(&e->session->matcher, o->encoding, o->path,
                                &selected, err));
    if (!selected)
        return REEL_OK;
    if (e->with_catalog)
        compare_catalog(e, o, item, place);
    if (item != NULL && reel_catalog_item_torn(item))
        return REEL_OK; /* told at the end, unless it came again whole */
    if (o->kind == REEL_KIND_LINK && !e->sink->ops->links_as_objects)
        return begin_link(e, o, item, err);
    if (o->kind == REEL_KIND_LINK)
        note_apart(e, o, item);
    REEL_TRY(keep_spanning(e, o, item, err));
    return give(e, o, item, err);
}

/* An object whose facts cannot be had is lost, if it is one that is wanted; its
   path may be known. */
static enum reel_status
lose_object(struct reel_engine *e, const struct reel_notes_object *a,
            bool absent, struct reel_err *err)
{
    bool selected;

    REEL_TRY(reel_matcher_match(&e->session->matcher, a->encoding, a->path,
                                &selected, err));
    if (!selected)
        return REEL_OK;
    e->result->lost++;
    if (absent)
        reel_notes_object(e->report, REEL_NOTE_WANTED, a, REEL_E_TRUNCATED,
                          NULL, "begins on another volume");
    else if (e->fault_number == a->number)
        reel_note_send(e->report, REEL_NOTE_LOST, a->encoding, a->path,
                       a->number, &e->fault);
    else
        reel_notes_object(e->report, REEL_NOTE_LOST, a, REEL_E_TRUNCATED, NULL,
                          "its facts are lost, and what stands before");
    return REEL_OK;
}

/* The same beside a catalog. One that knows the object will tell its name, one
   that was made from the data told of it then. */
static enum reel_status
orphan_expected(struct reel_engine *e, struct reel_notes_object *a,
                struct reel_err *err)
{
    struct reel_expected *const x = &e->expected;
    const struct reel_catalog_item *item;
    bool have;

    REEL_TRY(reel_expected_peek(x, a->number, &have, err));
    if (have && !x->broken)
        return REEL_OK;
    if (have && a->encoding == 0) {
        a->encoding = x->encoding;
        a->path     = x->path;
    }
    REEL_TRY(reel_expected_reach(x, a->number, &item, err));
    return x->source->scanned ? REEL_OK : lose_object(e, a, false, err);
}

static enum reel_status
on_orphan(void *ctx, uint64_t number, const struct reel_continued *k,
          struct reel_err *err)
{
    struct reel_engine *const e     = ctx;
    struct reel_notes_object a      = {k->encoding, k->path, number};
    const struct reel_place nowhere = {0};
    bool absent;

    e->fate   = REEL_ENGINE_PASSED;
    e->number = number;
    if (number > e->last)
        return REEL_END;
    if (e->fetch != 0)
        return REEL_OK;
    if (e->with_catalog)
        return orphan_expected(e, &a, err);
    if (number <= e->last_number)
        return REEL_OK;
    absent = e->absent_before;
    note_numbers(e, number, &nowhere);
    return lose_object(e, &a, absent, err);
}

/* ---- what is in it ---- */

static enum reel_status
on_xattr(void *ctx, const struct reel_xattr *x, struct reel_err *err)
{
    struct reel_engine *const e = ctx;

    if (e->fate != REEL_ENGINE_GIVEN)
        return REEL_OK;
    return e->sink->ops->xattr(e->sink, x, err);
}

static enum reel_status
on_stream(void *ctx, const struct reel_stream *s, struct reel_err *err)
{
    struct reel_engine *const e = ctx;

    if (e->fate != REEL_ENGINE_GIVEN)
        return REEL_OK;
    return e->sink->ops->stream(e->sink, s, err);
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    struct reel_engine *const e = ctx;

    if (e->fate != REEL_ENGINE_GIVEN)
        return REEL_OK;
    return e->sink->ops->data(e->sink, d, err);
}

static enum reel_status
on_group_end(void *ctx, const struct reel_group_end *g, struct reel_err *err)
{
    struct reel_engine *const e = ctx;

    if (g->stream_id == REEL_STREAM_DATA && g->name.len == 0)
        e->content_bytes = g->content_bytes;
    if (e->fate != REEL_ENGINE_GIVEN)
        return REEL_OK;
    return e->sink->ops->group_end(e->sink, g, err);
}

/* ---- end ---- */

static enum reel_outcome
outcome_for_sink(enum reel_walk_outcome outcome)
{
    switch (outcome) {
    case REEL_WALK_PROVEN:
        return REEL_OUTCOME_PROVEN;
    case REEL_WALK_FLAWED:
        return REEL_OUTCOME_FLAWED;
    default:
        return REEL_OUTCOME_DAMAGED;
    }
}

/* The volume that the object at hand lacks; 0: none. */
static uint32_t
lacking(const struct reel_engine *e)
{
    struct reel_reader_volume *const v = &e->session->volume;
    uint32_t number                    = 0;

    if (e->first_volume != 0)
        number = reel_reader_volume_first_missing(v, e->first_volume,
                                                  e->last_volume);
    if (number != 0)
        return number;
    if ((e->fetch != 0 && v->goes_on) || e->goes_on)
        return v->number != 0 ? v->number + 1 : e->last_volume + 1;
    return 0;
}

/* Not whole: is it because a volume is not at hand? Then that is told. */
static enum reel_status
note_lacking(struct reel_engine *e, bool *told, struct reel_err *err)
{
    const uint32_t number = lacking(e);
    char name[REEL_VOLUME_NAME_BYTES];
    struct reel_notes_object a;
    struct reel_object o;

    *told = number != 0;
    if (!*told)
        return REEL_OK;
    REEL_TRY(reel_kept_object_get(&e->spanning, &o, err));
    a = about(&o, e->number);
    reel_notes_object(
        e->report, REEL_NOTE_WANTED, &a, REEL_E_TRUNCATED, NULL,
        "goes on on %s of the set, which is not at hand",
        reel_reader_volume_name(&e->session->volume, number, name));
    return REEL_OK;
}

/* On a pipe nobody knows yet whether it comes again whole: that is told at the
   end. */
static enum reel_status
put_off_torn(struct reel_engine *e, struct reel_err *err)
{
    struct reel_object o;

    REEL_TRY(reel_kept_object_get(&e->spanning, &o, err));
    return reel_torn_add(&e->torn, e->number, &o, &e->begin, err);
}

static enum reel_status
forget_torn(struct reel_engine *e, struct reel_err *err)
{
    struct reel_object o;

    if (e->torn.list.count == 0)
        return REEL_OK;
    REEL_TRY(reel_kept_object_get(&e->spanning, &o, err));
    reel_torn_forget(&e->torn, &o);
    return REEL_OK;
}

static enum reel_status
end_given(struct reel_engine *e, const struct reel_object_end *end,
          enum reel_walk_outcome outcome, struct reel_err *err)
{
    const bool whole = outcome == REEL_WALK_PROVEN;
    const bool torn  = outcome == REEL_WALK_TORN && !e->with_catalog;
    bool absent      = false;

    if (outcome == REEL_WALK_DAMAGED || outcome == REEL_WALK_TORN)
        REEL_TRY(note_lacking(e, &absent, err));
    if (torn && !absent)
        REEL_TRY(put_off_torn(e, err));
    else if (whole && !e->with_catalog)
        REEL_TRY(forget_torn(e, err));
    if (e->fate == REEL_ENGINE_GIVEN)
        REEL_TRY(e->sink->ops->end(e->sink, end,
                                   absent || torn ? REEL_OUTCOME_ABSENT
                                                  : outcome_for_sink(outcome),
                                   err));
    if (whole && !e->sink->left_out) {
        e->result->objects++;
        e->result->links += e->link_given;
        e->result->bytes += e->content_bytes;
    }
    e->result->lost += outcome == REEL_WALK_DAMAGED ||
                       (outcome == REEL_WALK_TORN && (!torn || absent));
    if (!e->may_have_links)
        return REEL_OK;
    return reel_number_map_set(&e->handed, e->number,
                               whole || outcome == REEL_WALK_FLAWED
                                   ? REEL_HANDED_WHOLE
                                   : REEL_HANDED_BROKEN,
                               err);
}

static enum reel_status
on_end(void *ctx, uint64_t number, const struct reel_object_end *end,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct reel_engine *const e      = ctx;
    const enum reel_engine_fate fate = e->fate;
    enum reel_status status          = REEL_OK;

    if (reel_prover_failed(e->prover, number) && outcome != REEL_WALK_TORN)
        outcome = REEL_WALK_DAMAGED;

    if (e->fetch != 0 && number == e->fetch)
        e->fetch_outcome = outcome;
    if (fate == REEL_ENGINE_GIVEN || fate == REEL_ENGINE_HAD)
        status = end_given(e, end, outcome, err);
    else if (fate == REEL_ENGINE_LINKED)
        status = end_link(e, outcome, err);
    e->fate = REEL_ENGINE_PASSED;
    if (status == REEL_OK && e->session->whole != NULL &&
        fate != REEL_ENGINE_PASSED && number < UINT64_MAX &&
        (outcome == REEL_WALK_PROVEN || outcome == REEL_WALK_FLAWED))
        status = reel_number_set_add(e->session->whole, number, err);
    if (status == REEL_OK && e->fetch != 0 && number == e->fetch)
        return REEL_END; /* nothing more is wanted from here */
    return status;
}

/* A broken rule matters where it is about what is handed out. */
static enum reel_status
on_fault(void *ctx, uint64_t number, const struct reel_err *why,
         struct reel_err *err)
{
    struct reel_engine *const e  = ctx;
    const struct reel_bytes none = {NULL, 0};
    const enum reel_note_kind how =
        why->status == REEL_E_INVALID ? REEL_NOTE_INVALID : REEL_NOTE_DAMAGE;

    REEL_TRY(reel_go_on(e->report, err));
    if (number == 0 || (number == e->number && e->fate != REEL_ENGINE_PASSED)) {
        reel_note_send(e->report, how, 0, none, number, why);
        return REEL_OK;
    }
    e->fault        = *why;
    e->fault_number = number;
    return REEL_OK;
}

const struct reel_walk_calls reel_engine_calls = {
    .begin     = on_begin,
    .orphan    = on_orphan,
    .xattr     = on_xattr,
    .stream    = on_stream,
    .data      = on_data,
    .group_end = on_group_end,
    .end       = on_end,
    .record    = on_record,
    .fault     = on_fault,
};
