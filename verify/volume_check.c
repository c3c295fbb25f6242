/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 2; verify: what stands before the archives of a volume. */
#include "volume_check.h"

#include <string.h>

#include "reel/label.h"

/* So many blocks that are nothing of ours, and nothing that is, and the medium
   is somebody else's. */
#define STRANGE_MAX 4096U

void
reel_verify_volume_init(struct reel_verify_volume *v,
                        const struct reel_diagnoser *diag)
{
    memset(v, 0, sizeof(*v));
    v->diag = diag;
    reel_sha256_init(&v->digest);
}

static struct reel_pos
pos_of(const struct reel_verify_job *job)
{
    struct reel_pos pos;

    memset(&pos, 0, sizeof(pos));
    pos.block  = job->address;
    pos.volume = job->kind == REEL_VERIFY_BLOCK ? job->h.volume : job->volume;
    return pos;
}

static void
front_wrong(struct reel_verify_volume *v, enum reel_note_kind kind,
            const struct reel_err *why)
{
    v->front_told = true;
    reel_diagnose(v->diag, kind, why, NULL);
}

/* Label or leader cannot be read; nothing is lost by it (L-6). */
static void
front_unreadable(struct reel_verify_volume *v,
                 const struct reel_verify_job *job, const char *rule,
                 const char *what)
{
    const struct reel_pos pos = pos_of(job);
    struct reel_err why;

    (void)reel_fail(&why, REEL_E_MEDIUM, &pos, rule,
                    "the %s cannot be read; nothing is lost by that", what);
    front_wrong(v, REEL_NOTE_DAMAGE, &why);
}

static enum reel_status
not_reel(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MAGIC, NULL, "L-1",
                     "this is not a Reel volume: no label and no block of "
                     "Reel is on it; is it the right tape?");
}

static enum reel_status
strange_block(struct reel_verify_volume *v, struct reel_err *err)
{
    v->strange++;
    if (v->label_reel || v->good_seen || v->diag->known ||
        v->strange <= STRANGE_MAX)
        return REEL_OK;
    return not_reel(err);
}

enum reel_status
reel_verify_volume_label(struct reel_verify_volume *v,
                         const struct reel_verify_job *job,
                         struct reel_err *err)
{
    const struct reel_pos pos = pos_of(job);
    struct reel_label label;
    enum reel_status status;
    struct reel_err why;

    if (job->event != REEL_EVENT_BLOCK) {
        front_unreadable(v, job, "L-1", "label");
        return strange_block(v, err);
    }
    v->label_bytes = job->octets.len;
    reel_sha256_update(&v->digest, job->octets.data, job->octets.len);
    status = reel_label_decode(&label, job->octets.data, job->octets.len, &pos,
                               &why);
    v->label_reel = status == REEL_OK || status == REEL_E_INVALID;
    if (status == REEL_OK)
        memcpy(v->volume_id, label.volume_id, sizeof(v->volume_id));
    else
        front_wrong(v, REEL_NOTE_INVALID, &why);
    return v->label_reel ? REEL_OK : strange_block(v, err);
}

enum reel_status
reel_verify_volume_leader(struct reel_verify_volume *v,
                          const struct reel_verify_job *job,
                          struct reel_err *err)
{
    const struct reel_pos pos = pos_of(job);
    const bool first          = !v->leader_begun;
    struct reel_err why;

    v->leader_begun = true;
    if (job->event != REEL_EVENT_BLOCK) {
        front_unreadable(v, job, "L-7", "leader");
        return strange_block(v, err);
    }
    if (first)
        v->leader_block = job->octets.len;
    v->leader_bytes += job->octets.len;
    reel_sha256_update(&v->digest, job->octets.data, job->octets.len);
    reel_leader_page_add(&v->page, job->octets);
    if (v->front_told)
        return strange_block(v, err);
    if (reel_leader_check(job->octets.data, job->octets.len, first, &pos,
                          &why) != REEL_OK)
        front_wrong(v, REEL_NOTE_INVALID, &why);
    else if (v->leader_block != job->octets.len) {
        (void)reel_fail(&why, REEL_E_INVALID, &pos, "L-4",
                        "blocks of the leader differ in length");
        front_wrong(v, REEL_NOTE_INVALID, &why);
    }
    return strange_block(v, err);
}

void
reel_verify_volume_filemark(struct reel_verify_volume *v)
{
    v->marks++;
}

enum reel_status
reel_verify_volume_bad(struct reel_verify_volume *v, struct reel_err *err)
{
    v->bad_seen    = v->bad_seen || !v->good_seen;
    v->segment_due = false; /* the first block of data may be the bad one */
    return strange_block(v, err);
}

/* The first good block of the medium: what ought to stand before it? */
static void
judge_front(struct reel_verify_volume *v, const struct reel_verify_job *job)
{
    struct reel_pos pos = pos_of(job);

    pos.volume = job->h.volume;
    if (!v->front_told && !v->bad_seen &&
        (v->marks != 2 || !v->leader_begun || v->label_bytes == 0)) {
        v->front_told = true;
        reel_diagnose_rule(v->diag, &pos, "L-1",
                           "the volume does not begin with a label, a "
                           "filemark, a leader and a filemark");
    }
    if (!v->front_told && v->leader_block != job->h.block_bytes) {
        v->front_told = true;
        reel_diagnose_rule(v->diag, &pos, "L-4",
                           "blocks of the leader have %llu octets, those "
                           "behind it %u",
                           (unsigned long long)v->leader_block,
                           job->h.block_bytes);
    }
    if (job->h.kind != REEL_BLOCK_VOLUME && !v->bad_seen)
        reel_diagnose_rule(v->diag, &pos, "L-2",
                           "the first block behind the leader is of kind %s, "
                           "not VOLUME",
                           reel_block_kind_name(job->h.kind));
}

/* A-16, on the first block of a volume that holds segments of an archive. */
static void
judge_first_segment(struct reel_verify_volume *v,
                    const struct reel_verify_job *job)
{
    struct reel_pos pos = pos_of(job);

    if (!v->segment_due || (job->h.kind != REEL_BLOCK_DATA &&
                            job->h.kind != REEL_BLOCK_CHECKPOINT &&
                            job->h.kind != REEL_BLOCK_CATALOG))
        return;
    v->segment_due = false;
    pos.volume     = job->h.volume;
    if (job->h.first_segment == REEL_NONE32)
        reel_diagnose_rule(v->diag, &pos, "A-16",
                           "no segment begins in the first block of the "
                           "volume");
}

void
reel_verify_volume_block(struct reel_verify_volume *v,
                         const struct reel_verify_job *job)
{
    struct reel_pos pos = pos_of(job);

    if (!v->good_seen)
        judge_front(v, job);
    else if (job->h.kind == REEL_BLOCK_VOLUME) {
        pos.volume = job->h.volume;
        reel_diagnose_rule(v->diag, &pos, "L-2",
                           "a second block of kind VOLUME");
    }
    v->good_seen = true;
    if (job->h.kind == REEL_BLOCK_VOLUME) {
        v->block       = job->h;
        v->segment_due = true;
    }
    judge_first_segment(v, job);
}

/* L-9 and L-8: label and leader against what VOLUME says of them. */
static void
judge_leader(struct reel_verify_volume *v, const struct reel_volume *facts,
             const struct reel_cursor *at)
{
    const struct reel_pos pos = reel_cursor_pos(at);
    uint8_t digest[REEL_DIGEST_BYTES];

    const char *lacks;

    reel_sha256_final(&v->digest, digest);
    if (v->front_told)
        return;
    if (facts->label_bytes != v->label_bytes ||
        facts->leader_bytes != v->leader_bytes ||
        memcmp(facts->digest, digest, sizeof(digest)) != 0 ||
        memcmp(facts->volume_id, v->volume_id, sizeof(v->volume_id)) != 0) {
        reel_diagnose_rule(v->diag, &pos, "L-9",
                           "label and leader are not those that VOLUME proves: "
                           "%llu and %llu octets, another digest or volume id",
                           (unsigned long long)v->label_bytes,
                           (unsigned long long)v->leader_bytes);
        return;
    }
    lacks = reel_leader_page_lacks(&v->page, facts);
    if (lacks != NULL)
        reel_diagnose_rule(v->diag, &pos, "L-8",
                           "the first page of the leader does not name the %s",
                           lacks);
}

void
reel_verify_volume_record(struct reel_verify_volume *v,
                          const struct reel_record *r)
{
    struct reel_cursor c           = reel_record_cursor(r);
    const struct reel_cursor start = c;
    struct reel_volume facts;
    struct reel_err why;

    if (r->type != REEL_RECORD_VOLUME) {
        reel_diagnose_rule(v->diag, &r->pos, "L-2",
                           "record %s in a block of kind VOLUME",
                           reel_record_type_name(r->type));
        return;
    }
    if (v->have_volume) /* a second one was told of */
        return;
    v->have_volume = true;
    if (reel_volume_decode(&facts, &c, &why) != REEL_OK ||
        reel_volume_check_block(&facts, &v->block, &start, &why) != REEL_OK) {
        reel_diagnose(v->diag, REEL_NOTE_INVALID, &why, NULL);
        return;
    }
    v->volume = facts.volume;
    judge_leader(v, &facts, &start);
}

enum reel_status
reel_verify_volume_end(struct reel_verify_volume *v,
                       const struct reel_verify_job *job, struct reel_err *err)
{
    struct reel_pos pos = pos_of(job);
    struct reel_err why;

    if (v->good_seen)
        return REEL_OK;
    if (!v->label_reel)
        return job->address == 0
                   ? reel_fail(err, REEL_E_MAGIC, NULL, "L-1",
                               "the medium is empty: there is nothing to "
                               "verify")
                   : not_reel(err);
    (void)reel_fail(&why, REEL_E_TRUNCATED, &pos, "L-2",
                    "the volume ends behind its label and leader: no good "
                    "block of an archive stands on it");
    reel_diagnose(v->diag, REEL_NOTE_DAMAGE, &why, NULL);
    return REEL_OK;
}
