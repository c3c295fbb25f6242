/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 9.2 and 9.4, a catalog made anew and kept beside the tape; policy
   layer. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "notes.h"
#include "reel/alloc.h"
#include "reel/block_packer.h"
#include "reel/catalog_file.h"
#include "reel/record_packer.h"
#include "session.h"

struct rebuild {
    int fd;
    const struct reel_catalog_source *source;
    struct reel_archive archive; /* without its texts but name and host */
    uint8_t text[REEL_END_TEXT_BYTES];
    bool have_archive;
    struct reel_block_packer blocks;
    uint8_t *block;
};

static enum reel_status
write_block(void *ctx, const uint8_t *block, const struct reel_block_header *h,
            struct reel_err *err)
{
    const struct rebuild *const r = ctx;
    size_t done                   = 0;

    while (done < h->block_bytes) {
        const ssize_t n = write(r->fd, block + done, h->block_bytes - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return reel_fail(err,
                             errno == ENOSPC || errno == EDQUOT ? REEL_E_FULL
                                                                : REEL_E_MEDIUM,
                             NULL, NULL,
                             "the catalog file cannot be written: %.80s",
                             strerror(errno));
        done += (size_t)n;
    }
    return REEL_OK;
}

static enum reel_status
on_packed(void *ctx, struct reel_bytes packed, struct reel_err *err)
{
    struct rebuild *const r = ctx;
    struct reel_place place;

    return reel_block_packer_push(&r->blocks, packed, &place, err);
}

/* The facts of the archive, from the first records of its catalog. */
static enum reel_status
find_archive(struct rebuild *r, struct reel_err *err)
{
    struct reel_spool_cursor c;
    struct reel_record record;
    struct reel_cursor payload;
    enum reel_status status;

    status = reel_spool_cursor_init(&c, &r->source->spool, err);
    while (status == REEL_OK && !r->have_archive) {
        status = reel_spool_cursor_next(&c, &record, err);
        if (status != REEL_OK || record.type == REEL_RECORD_OBJECT)
            break;
        if (record.type != REEL_RECORD_ARCHIVE)
            continue;
        payload = reel_record_cursor(&record);
        status  = reel_archive_decode(&r->archive, &payload, err);
        if (status != REEL_OK)
            break;
        if (r->archive.name.len > 0)
            memcpy(r->text, r->archive.name.data, r->archive.name.len);
        if (r->archive.host.len > 0)
            memcpy(r->text + r->archive.name.len, r->archive.host.data,
                   r->archive.host.len);
        r->archive.name.data = r->text;
        r->archive.host.data = r->text + r->archive.name.len;
        r->have_archive      = true;
    }
    reel_spool_cursor_fini(&c);
    if (status != REEL_OK && status != REEL_END)
        return status;
    if (!r->have_archive)
        return reel_fail(err, REEL_E_CORRUPT, NULL, "R-8",
                         "the record ARCHIVE is lost; no catalog can be made "
                         "without it");
    return REEL_OK;
}

/* Where the catalog stands, or would: behind the data and a filemark. */
static void
set_place(struct rebuild *r)
{
    const struct reel_catalog_source *const s = r->source;
    struct reel_block_header *const h         = &r->blocks.next;

    h->volume    = s->last_data.volume;
    h->archive   = s->archive;
    h->run       = s->last_data.run;
    h->run_start = s->last_data.run_start;
    memcpy(h->set_id, s->last_data.set_id, sizeof(h->set_id));
    h->sequence = s->last_data.sequence + 1;
    h->address  = s->last_data.address + 2;
    if (!s->have_end)
        return;
    h->run       = s->end_block.run;
    h->run_start = s->end_block.run_start;
    h->volume    = s->end.catalog.volume;
    h->sequence  = s->end.catalog.sequence;
    h->address   = s->end.catalog.address;
}

static void
fill_end(const struct rebuild *r, const struct reel_position *catalog,
         struct reel_end *end)
{
    const struct reel_catalog_source *const s = r->source;
    const struct reel_archive *const a        = &r->archive;

    memset(end, 0, sizeof(*end));
    end->edition          = a->edition;
    end->source           = a->source;
    end->compression      = a->compression;
    end->segment_limit    = a->segment_limit;
    end->created          = a->created;
    end->archive          = a->archive;
    end->objects          = s->totals.objects;
    end->torn             = s->totals.torn;
    end->flawed           = s->totals.flawed;
    end->stream_bytes     = s->totals.stream_bytes;
    end->catalog_bytes    = s->totals.bytes;
    end->catalog_records  = s->totals.records;
    end->catalog          = *catalog;
    end->previous_archive = a->previous_archive;
    end->previous         = a->previous;
    end->checkpoint       = s->checkpoint;
    end->checkpoint_slice = s->checkpoint_slice;
    memcpy(end->catalog_digest, s->digest, sizeof(end->catalog_digest));
    memcpy(end->fingerprint, s->fingerprint, sizeof(end->fingerprint));
    end->name = a->name;
    end->host = a->host;
}

static enum reel_status
put_end(struct rebuild *r, const struct reel_position *catalog,
        struct reel_err *err)
{
    uint8_t record[512];
    uint8_t packed[1024];
    struct reel_builder b = reel_builder_init(record, sizeof(record));
    struct reel_bytes out = {packed, 0};
    struct reel_place place;
    struct reel_end end;

    fill_end(r, catalog, &end);
    REEL_TRY(reel_end_encode(&end, &b, err));
    REEL_TRY(reel_segment_pack(NULL, record, b.len, packed, sizeof(packed),
                               &out.len, err));
    reel_block_packer_begin(&r->blocks, REEL_BLOCK_END);
    REEL_TRY(reel_block_packer_push(&r->blocks, out, &place, err));
    return reel_block_packer_flush(&r->blocks, err);
}

/* The records again, cut at each checkpoint as the writer did. */
static enum reel_status
repack_records(struct rebuild *r, struct reel_record_packer *packer,
               struct reel_spool_cursor *c, struct reel_err *err)
{
    const struct reel_catalog_source *const s = r->source;
    uint64_t records                          = 0;
    size_t cut                                = 0;
    enum reel_status status;
    struct reel_record record;

    while ((status = reel_spool_cursor_next(c, &record, err)) == REEL_OK) {
        for (; cut < s->cut_count && s->cuts[cut] == records; cut++)
            REEL_TRY(reel_record_packer_cut(packer, err));
        REEL_TRY(reel_record_packer_add(packer, record.whole, err));
        records++;
    }
    if (status != REEL_END)
        return status;
    REEL_TRY(reel_record_packer_cut(packer, err));
    return reel_block_packer_flush(&r->blocks, err);
}

/* The records again, packed as ARCHIVE says. */
static enum reel_status
repack(struct rebuild *r, struct reel_err *err)
{
    struct reel_record_packer *const packer = reel_record_packer_new(
        r->archive.compression == REEL_COMPRESSION_ZSTD ? REEL_COMPRESSION_ZSTD
                                                        : REEL_COMPRESSION_NONE,
        r->archive.level, r->archive.segment_limit, on_packed, r);
    struct reel_spool_cursor c;
    enum reel_status status;

    if (packer == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the catalog");
    status = reel_spool_cursor_init(&c, &r->source->spool, err);
    if (status == REEL_OK)
        status = repack_records(r, packer, &c, err);
    reel_spool_cursor_fini(&c);
    reel_record_packer_free(packer);
    return status;
}

static enum reel_status
write_catalog(struct rebuild *r, struct reel_err *err)
{
    const uint32_t block_bytes = r->source->last_data.block_bytes;
    struct reel_position catalog;
    enum reel_status status;

    if (block_bytes == 0)
        return reel_fail(err, REEL_E_CORRUPT, NULL, NULL,
                         "no block of the data can be read");
    REEL_TRY(find_archive(r, err));
    r->block = reel_alloc_array(block_bytes, 1);
    if (r->block == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for a block");
    reel_block_packer_init(&r->blocks, block_bytes, r->block, write_block, r);
    set_place(r);
    reel_block_packer_begin(&r->blocks, REEL_BLOCK_CATALOG);
    catalog = reel_block_packer_position(&r->blocks);
    status  = repack(r, err);
    if (status == REEL_OK)
        status = put_end(r, &catalog, err);
    reel_free(r->block);
    return status;
}

/* Is the catalog on the tape the same, octet for octet of its records? What
   the scan said of END is told already. */
static enum reel_status
rebuild(struct reel_session *s, int fd, struct reel_err *err)
{
    struct reel_catalog_source source;
    struct rebuild r = {.fd = fd, .source = &source};
    uint32_t archive = s->access->archive;
    enum reel_status status;

    if (archive == 0 && s->volume.can_locate)
        REEL_TRY(reel_session_latest(s, &archive, err));
    reel_catalog_source_init(&source, s->access->temporary_dir);
    status = reel_session_scan(s, archive, &source, err);
    if (status == REEL_OK && !source.have_end)
        reel_notes_say(&s->access->report, REEL_NOTE_DAMAGE, REEL_E_TRUNCATED,
                       NULL, "A-14",
                       "the archive has no valid END; its catalog is that of "
                       "what can be read");
    if (status == REEL_OK)
        status = write_catalog(&r, err);
    reel_catalog_source_fini(&source);
    return status;
}

enum reel_status
reel_catalog_rebuild(const struct reel_access *access, int fd,
                     struct reel_err *err)
{
    struct reel_session s;
    struct reel_err local = {0};
    enum reel_status status;

    err    = err == NULL ? &local : err;
    status = reel_session_open(&s, access, NULL, err);
    if (status == REEL_OK)
        status = rebuild(&s, fd, err);
    reel_session_close(&s);
    return status;
}
