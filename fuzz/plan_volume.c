/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 3 to 9: a volume of a plan, from the writer's own parts. */
#include "plan_volume.h"

#include <string.h>

#include "catalog_part.h"
#include "digest_stage.h"
#include "object_packer.h"
#include "plan_source.h"
#include "reel/alloc.h"
#include "reel/segment.h"
#include "tape_input.h"
#include "volume_writer.h"

/* What stands between the packer and the volume: the pipeline, but without its
   threads. */
struct line {
    const struct plan *plan;
    struct reel_job *job;
    struct reel_digest_stage digests;
    struct reel_packer *packer; /* NULL: segments are stored */
    struct reel_volume_writer volume;
    uint8_t *part;
    uint8_t *out;
};

static struct reel_job *
get(void *ctx)
{
    struct line *const l = ctx;

    reel_job_reset(l->job);
    l->job->raw.capacity = l->plan->segment_bytes;
    return l->job;
}

static bool
put(void *ctx, struct reel_job *j)
{
    struct line *const l      = ctx;
    struct reel_bytes raw     = {j->raw.buf, j->raw.len};
    struct reel_bytes segment = {l->out, 0};
    struct reel_bytes part;

    must(!reel_digest_stage_run(&l->digests, j->raw.buf, raw.len, NULL));
    part = reel_catalog_part_take(l->part, raw);
    must(!reel_segment_pack(l->packer, raw.data, raw.len, l->out,
                            reel_segment_bound(l->plan->segment_bytes),
                            &segment.len, NULL));
    must(!reel_volume_writer_segment(&l->volume, part, segment, NULL));
    return true;
}

static struct reel_archive
archive_facts(const struct plan *p)
{
    struct reel_archive a;

    memset(&a, 0, sizeof(a));
    a.edition       = REEL_EDITION;
    a.source        = REEL_SOURCE_RAW;
    a.segment_limit = REEL_SEGMENT_LIMIT_MIN;
    a.compression   = p->packed ? REEL_COMPRESSION_ZSTD : REEL_COMPRESSION_NONE;
    a.archive       = 1;
    a.level         = p->packed;
    a.base_encoding = REEL_ENCODING_POSIX;
    return a;
}

static void
begin_volume(struct line *l, struct reel_medium *medium,
             const struct reel_archive *facts)
{
    const struct reel_write_options write = {
        .medium           = medium,
        .compression      = (enum reel_compression)facts->compression,
        .level            = 1,
        .checkpoint_bytes = l->plan->checkpoint_bytes,
        .catalog_fd       = -1};
    struct reel_volume_writer_options o = {.write = &write, .facts = facts};

    o.volume.volume      = 1;
    o.volume.block_bytes = REEL_BLOCK_BYTES_MIN;
    o.volume.label_bytes = REEL_LABEL_BYTES;
    o.volume.edition     = REEL_EDITION;
    memset(o.volume.set_id, 0x5E, sizeof(o.volume.set_id));
    memcpy(o.volume.volume_id, "FUZZ01", sizeof(o.volume.volume_id));
    must(!reel_volume_writer_init(&l->volume, &o, NULL));
    must(!reel_tape_writer_begin(&l->volume.tape, NULL));
}

static void
pack_objects(struct line *l, const struct reel_archive *facts)
{
    static const struct reel_reporter report;
    struct reel_object_packer_options o = {
        .get = get, .put = put, .ctx = l, .report = &report};
    uint8_t record[512];
    struct reel_builder b = reel_builder_init(record, sizeof(record));
    struct reel_object_packer *packer;
    struct plan_source source;

    plan_source_init(&source, l->plan);
    o.source = &source.source;
    packer   = reel_object_packer_new(&o);
    must(packer != NULL && !reel_archive_encode(facts, &b, NULL));
    must(!reel_object_packer_head(packer, (struct reel_bytes){record, b.len},
                                  NULL));
    must(!reel_object_packer_run(packer, NULL));
    reel_object_packer_free(packer);
}

struct reel_memory_tape *
plan_volume_write(const struct plan *p)
{
    struct reel_memory_tape *const tape = reel_memory_tape_new(
        &(struct reel_memory_options){.no_locate = p->as_pipe});
    const struct reel_archive facts = archive_facts(p);
    struct line l                   = {.plan = p};
    struct reel_medium *medium;

    l.job    = reel_job_new(REEL_SEGMENT_LIMIT_MIN, false);
    l.packer = p->packed ? reel_packer_new(1) : NULL;
    l.part   = reel_alloc_array(reel_catalog_part_room(p->segment_bytes), 1);
    l.out    = reel_alloc_array(reel_segment_bound(p->segment_bytes), 1);
    must(tape != NULL && l.job != NULL && l.part != NULL && l.out != NULL);
    must(!reel_medium_memory_new(&medium, tape, REEL_MEDIUM_WRITE, NULL));
    reel_digest_stage_init(&l.digests);
    begin_volume(&l, medium, &facts);
    pack_objects(&l, &facts);
    must(!reel_volume_writer_end(&l.volume, NULL));
    reel_volume_writer_fini(&l.volume);
    must(!reel_medium_close(medium, NULL));
    reel_packer_free(l.packer);
    reel_job_free(l.job);
    reel_free(l.part);
    reel_free(l.out);
    return tape;
}
