/* SPDX-License-Identifier: Apache-2.0 */
/* Program: one object as a line (spec 6.1 has its facts). */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "escape.h"
#include "json.h"
#include "list_line.h"
#include "when.h"

static char
kind_letter(uint8_t kind)
{
    static const char letters[] = "?-dlpscbh";

    return kind < sizeof(letters) - 1 ? letters[kind] : '?';
}

/* Execute bit and what may stand on it. */
static char
execute_letter(bool execute, bool special, char letter)
{
    if (special)
        return execute ? letter : (char)(letter - 'a' + 'A');
    return execute ? 'x' : '-';
}

/* Read-only, hidden, system, archive, temporary, sparse (P), reparse point
   (L), compressed, encrypted. */
static void
put_attributes(char text[9], uint32_t attributes)
{
    static const char letters[]  = "RHSATPLCE";
    static const uint32_t bits[] = {0x1,   0x2,   0x4,   0x20,  0x100,
                                    0x200, 0x400, 0x800, 0x4000};

    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
        text[i] = attributes & bits[i] ? letters[i] : '-';
}

void
cli_list_mode(char text[11], const struct reel_object *o)
{
    const uint32_t mode = o->mode;

    memcpy(text, "??????????", 11);
    text[0] = kind_letter(o->kind);
    if (!(o->facts & REEL_FACT_POSIX) && o->facts & REEL_FACT_ATTRIBUTES)
        put_attributes(text + 1, o->attributes);
    if (!(o->facts & REEL_FACT_POSIX))
        return;
    for (unsigned int i = 0; i < 9; i++)
        text[1 + i] = mode & (0400U >> i) ? "rwx"[i % 3] : '-';
    text[3] = execute_letter(mode & S_IXUSR, mode & S_ISUID, 's');
    text[6] = execute_letter(mode & S_IXGRP, mode & S_ISGID, 's');
    text[9] = execute_letter(mode & S_IXOTH, mode & S_ISVTX, 't');
}

static void
print_owner(FILE *out, const struct reel_object *o, struct reel_bytes name,
            uint32_t id)
{
    if (!(o->facts & REEL_FACT_POSIX))
        (void)fprintf(out, " %-8s", "?");
    else if (name.len == 0)
        (void)fprintf(out, " %-8" PRIu32, id);
    else {
        (void)fputc(' ', out);
        cli_escape_text(out, REEL_ENCODING_POSIX, name);
        for (size_t i = name.len; i < 8; i++)
            (void)fputc(' ', out);
    }
}

static void
print_size(FILE *out, const struct reel_object *o)
{
    char text[24];

    if (o->facts & REEL_FACT_DEVICE) {
        (void)snprintf(text, sizeof(text), "%" PRIu32 ",%" PRIu32, o->major,
                       o->minor);
        (void)fprintf(out, " %12s", text);
    } else {
        (void)fprintf(out, " %12" PRIu64, o->size);
    }
}

void
cli_list_long(FILE *out, const struct reel_list_item *item)
{
    const struct reel_object *o = item->object;
    char mode[11], when[CLI_WHEN_TEXT_BYTES];

    cli_list_mode(mode, o);
    (void)fprintf(out, "%s %3" PRIu32, mode, o->link_count);
    print_owner(out, o, o->user, o->uid);
    print_owner(out, o, o->group, o->gid);
    print_size(out, o);
    (void)fprintf(out, " %19s ",
                  o->facts & REEL_FACT_MODIFIED
                      ? cli_when_print(when, &o->modified)
                      : "?");
    cli_escape_text(out, o->encoding, o->path);
    if (o->kind == REEL_KIND_LINK)
        (void)fprintf(out, " link to #%" PRIu64 "%s", o->target,
                      o->facts & REEL_FACT_OUTSIDE ? " (outside)" : "");
    if (o->kind == REEL_KIND_SYMLINK && item->symlink_target.len > 0) {
        (void)fputs(" -> ", out);
        cli_escape_text(out, REEL_ENCODING_POSIX, item->symlink_target);
    }
    if (!item->end)
        (void)fputs(" (not complete)", out);
    (void)fputc('\n', out);
}

static void
json_times(struct cli_json *j, const struct reel_object *o)
{
    if (o->facts & REEL_FACT_BIRTH)
        cli_json_time(j, "birth", &o->birth);
    if (o->facts & REEL_FACT_MODIFIED)
        cli_json_time(j, "modified", &o->modified);
    if (o->facts & REEL_FACT_ACCESSED)
        cli_json_time(j, "accessed", &o->accessed);
    if (o->facts & REEL_FACT_CHANGED)
        cli_json_time(j, "changed", &o->changed);
}

static void
json_facts(struct cli_json *j, const struct reel_object *o)
{
    char mode[12];

    if (o->facts & REEL_FACT_POSIX) {
        (void)snprintf(mode, sizeof(mode), "%04" PRIo32, o->mode);
        cli_json_text(j, "mode", mode);
        cli_json_u64(j, "uid", o->uid);
        cli_json_u64(j, "gid", o->gid);
        cli_json_bytes(j, "user", o->user);
        cli_json_bytes(j, "group", o->group);
    }
    if (o->facts & REEL_FACT_ATTRIBUTES)
        cli_json_u64(j, "attributes", o->attributes);
    if (o->facts & REEL_FACT_CASE)
        cli_json_bool(j, "names_differ_by_case", true);
    if (o->short_name.len > 0)
        cli_json_utf16(j, "short_name", o->short_name);
    if (o->facts & REEL_FACT_FILE_ID) {
        cli_json_u64(j, "file_system", o->file_system);
        cli_json_hex(j, "file_id", o->file_id, sizeof(o->file_id));
    }
    if (o->facts & REEL_FACT_DEVICE) {
        cli_json_u64(j, "major", o->major);
        cli_json_u64(j, "minor", o->minor);
    }
    if (o->facts & REEL_FACT_OUTSIDE)
        cli_json_bool(j, "outside", true);
    json_times(j, o);
}

static void
json_end(struct cli_json *j, const struct reel_list_item *item)
{
    const struct reel_object_end *end = item->end;

    cli_json_bool(j, "complete", end != NULL);
    if (!end)
        return;
    cli_json_u64(j, "stream_bytes", end->stream_bytes);
    cli_json_u64(j, "xattrs", end->xattrs);
    if (end->bad_ranges > 0)
        cli_json_u64(j, "bad_ranges", end->bad_ranges);
    if (end->flags & REEL_OBJECT_CHANGED)
        cli_json_bool(j, "changed_while_read", true);
    if (end->flags & REEL_OBJECT_GREW)
        cli_json_bool(j, "grew_while_read", true);
}

void
cli_list_json(FILE *out, const struct reel_list_item *item)
{
    const struct reel_object *o = item->object;
    struct cli_json j           = cli_json_init(out);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "object");
    cli_json_u64(&j, "archive", item->archive);
    cli_json_u64(&j, "number", item->number);
    cli_json_text(&j, "kind", reel_object_kind_name(o->kind));
    cli_json_path(&j, o->encoding, o->path);
    cli_json_u64(&j, "size", o->size);
    cli_json_u64(&j, "link_count", o->link_count);
    if (o->kind == REEL_KIND_LINK)
        cli_json_u64(&j, "target", o->target);
    json_facts(&j, o);
    json_end(&j, item);
    if (item->content && item->content->flags & REEL_GROUP_HAS_CONTENT_DIGEST)
        cli_json_hex(&j, "sha256", item->content->content_digest,
                     REEL_DIGEST_BYTES);
    cli_json_line(&j);
}
