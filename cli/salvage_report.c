/* SPDX-License-Identifier: Apache-2.0 */
/* Program: what is left of objects that are not whole (spec V-8). */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "escape.h"
#include "json.h"
#include "reel/alloc.h"
#include "reel/object.h"
#include "reel/path.h"
#include "salvage_report.h"
#include "size.h"

bool
cli_salvage_report_open(struct cli_salvage_report *r, const char *name,
                        struct cli_report *report, bool json, bool quiet)
{
    *r = (struct cli_salvage_report){
        .report = report, .json = json, .quiet = quiet, .name = name};
    r->path = reel_alloc_array(REEL_PATH_BYTES_MAX, 1);
    if (!r->path) {
        cli_report_system(report, "the report of the salvage", ENOMEM);
        return false;
    }
    if (!name)
        return true;
    r->file = fopen(name, "we");
    if (!r->file)
        cli_report_system(report, name, errno);
    return r->file != NULL;
}

void
cli_salvage_report_drop(struct cli_salvage_report *r)
{
    reel_free(r->path);
    r->path = NULL;
    if (r->file)
        (void)fclose(r->file);
    r->file = NULL;
}

static void
json_object(struct cli_json *j, const struct reel_salvage_item *item)
{
    cli_json_text(j, "type", "partial");
    cli_json_u64(j, "archive", item->archive);
    cli_json_u64(j, "object", item->object);
    cli_json_text(j, "kind", reel_object_kind_name(item->kind));
    if (item->encoding != 0)
        cli_json_path(j, item->encoding, item->path);
    if (item->target != 0)
        cli_json_u64(j, "data_lost_of", item->target);
}

static void
json_stream(struct cli_json *j, const struct reel_salvage_item *item)
{
    cli_json_text(j, "type", "stream");
    cli_json_u64(j, "object", item->object);
    cli_json_u64(j, "stream", item->ordinal);
    cli_json_u64(j, "id", item->id);
    cli_json_u64(j, "size", item->size);
    if (item->name.len > 0)
        cli_json_utf16(j, "name", item->name);
}

static void
json_range(struct cli_json *j, const struct reel_salvage_item *item,
           const char *type)
{
    cli_json_text(j, "type", type);
    cli_json_u64(j, "object", item->object);
    if (item->type == REEL_SALVAGE_RANGE)
        cli_json_u64(j, "stream", item->ordinal);
    cli_json_u64(j, "from", item->from);
    cli_json_u64(j, "to", item->to);
}

static void
json_missing(struct cli_json *j, const struct reel_salvage_item *item)
{
    const bool gap = item->to > item->from;

    cli_json_text(j, "type", gap ? "missing_before" : "bad_block");
    cli_json_u64(j, "volume", item->pos.volume);
    cli_json_u64(j, "block", item->pos.block);
    if (gap) {
        cli_json_u64(j, "sequence_from", item->from);
        cli_json_u64(j, "sequence_to", item->to);
    }
    if (item->object != 0)
        cli_json_u64(j, "object", item->object);
}

static void
json_end(struct cli_json *j, const struct reel_salvage_item *item)
{
    cli_json_text(j, "type", "partial_end");
    cli_json_u64(j, "object", item->object);
    cli_json_u64(j, "good_bytes", item->size);
    cli_json_u64(j, "unwritten_bytes", item->unwritten);
    cli_json_bool(j, "unsure", item->unsure);
    cli_json_bool(j, "torn", item->torn);
    if (item->name.len > 0)
        cli_json_bytes(j, "file", item->name);
}

static void
print_json(FILE *out, const struct reel_salvage_item *item)
{
    struct cli_json j = cli_json_init(out);

    cli_json_object(&j, NULL);
    switch (item->type) {
    case REEL_SALVAGE_MISSING:
        json_missing(&j, item);
        break;
    case REEL_SALVAGE_OBJECT:
        json_object(&j, item);
        break;
    case REEL_SALVAGE_STREAM:
        json_stream(&j, item);
        break;
    case REEL_SALVAGE_RANGE:
        json_range(&j, item, "stream_range");
        break;
    case REEL_SALVAGE_CONTENT:
        json_range(&j, item, "file_range");
        break;
    case REEL_SALVAGE_UNWRITTEN:
        json_range(&j, item, "unwritten_range");
        break;
    case REEL_SALVAGE_OBJECT_END:
        json_end(&j, item);
        break;
    }
    cli_json_line(&j);
}

static void
keep(struct cli_salvage_report *r, const struct reel_salvage_item *item)
{
    r->encoding = item->encoding;
    r->path_len = item->path.len;
    r->target   = item->target;
    r->archive  = item->archive;
    if (item->path.len > 0)
        memcpy(r->path, item->path.data, item->path.len);
}

static void
print_text(const struct cli_salvage_report *r,
           const struct reel_salvage_item *end)
{
    const struct reel_bytes path = {r->path, r->path_len};

    cli_progress_clear(&r->report->progress);
    (void)fputs("partial  ", stdout);
    if (r->encoding != 0)
        cli_escape_text(stdout, r->encoding, path);
    else
        (void)printf("object %" PRIu32 ".%" PRIu64 ", its name is lost",
                     r->archive, end->object);
    if (r->target != 0)
        (void)printf(": a further name of object %" PRIu64
                     ", whose data are lost",
                     r->target);
    else if (end->name.len > 0) {
        (void)printf(": %" PRIu64 " octets are good, in ", end->size);
        cli_escape_text(stdout, REEL_ENCODING_POSIX, end->name);
    } else {
        (void)fputs(": nothing of it is put back", stdout);
    }
    if (end->unwritten > 0)
        (void)printf("; %" PRIu64 " %s could not be written", end->unwritten,
                     end->name.len > 0 ? "more" : "octets");
    if (end->unsure)
        (void)fputs("; the system may not have kept all of them", stdout);
    (void)putchar('\n');
}

void
cli_salvage_report_item(void *ctx, const struct reel_salvage_item *item)
{
    struct cli_salvage_report *r = ctx;

    if (r->file)
        print_json(r->file, item);
    if (r->json)
        print_json(stdout, item);
    if (item->type == REEL_SALVAGE_OBJECT)
        keep(r, item);
    if (item->type != REEL_SALVAGE_OBJECT_END)
        return;
    r->objects++;
    r->files += item->name.len > 0;
    r->bytes += item->name.len > 0 ? item->size : 0;
    r->unwritten += item->unwritten;
    r->unsure = r->unsure || item->unsure;
    if (!r->json && !r->quiet)
        print_text(r, item);
}

const char *
cli_salvage_report_advice(const struct cli_salvage_report *r)
{
    return r->unwritten > 0 || r->unsure
               ? "not all that is left could be written; mend what is named "
                 "above and run it again"
               : NULL;
}

static void
print_sum(const struct cli_salvage_report *r)
{
    char objects[CLI_SIZE_TEXT_BYTES], files[CLI_SIZE_TEXT_BYTES];
    char bytes[CLI_SIZE_TEXT_BYTES];

    (void)printf("%s objects are not whole; %s of what is left of them is in "
                 "%s partial files",
                 cli_count_print(objects, r->objects),
                 cli_size_print(bytes, r->bytes),
                 cli_count_print(files, r->files));
    if (r->unwritten > 0)
        (void)printf("; %s more could not be written",
                     cli_size_print(bytes, r->unwritten));
    (void)putchar('\n');
}

bool
cli_salvage_report_close(struct cli_salvage_report *r)
{
    bool fine = true;

    reel_free(r->path);
    r->path = NULL;
    if (r->objects > 0 && !r->json && !r->quiet)
        print_sum(r);
    if (r->file) {
        fine  = !ferror(r->file);
        errno = 0;
        fine  = fclose(r->file) == 0 && fine;
        if (!fine)
            cli_report_system(r->report, r->name, errno ? errno : EIO);
    }
    r->file = NULL;
    return fine;
}
