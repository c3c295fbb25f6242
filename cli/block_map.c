/* SPDX-License-Identifier: Apache-2.0 */
/* Program: maps of what could be read; no spec chapter. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "block_map.h"
#include "reel/alloc.h"

#define END_MARK_BYTES 4U

static void
failed(struct cli_block_map *m, const char *name, int error)
{
    if (!m->failed)
        cli_report_system(m->report, name, error);
    m->failed = true;
}

static void
close_file(struct cli_block_map *m, FILE **file, const char *name)
{
    bool fine;

    if (!*file)
        return;
    fine  = !ferror(*file);
    errno = 0;
    fine  = fclose(*file) == 0 && fine;
    if (!fine)
        failed(m, name, errno ? errno : EIO);
    *file = NULL;
}

bool
cli_block_map_open(struct cli_block_map *m, const char *table_name,
                   const char *rescue_name, const char *images,
                   struct cli_report *report)
{
    *m = (struct cli_block_map){.report      = report,
                                .table_name  = table_name,
                                .rescue_name = rescue_name,
                                .images      = images};
    if (!table_name)
        return true;
    m->table = fopen(table_name, "we");
    if (!m->table) {
        failed(m, table_name, errno);
        return false;
    }
    (void)fputs("# volume  first block  last block  from octet  to octet  "
                "state\n",
                m->table);
    return true;
}

void
cli_block_map_drop(struct cli_block_map *m)
{
    if (m->table)
        (void)fclose(m->table);
    m->table = NULL;
}

/* As fopen with "we", which behind the fence must not cut what is there. */
static FILE *
open_anew(const char *name)
{
    const int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    struct stat st;
    FILE *file = NULL;
    int error;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && (!S_ISREG(st.st_mode) || ftruncate(fd, 0) == 0))
        file = fdopen(fd, "w");
    if (file)
        return file;
    error = errno;
    (void)close(fd);
    errno = error;
    return NULL;
}

/* The mapfile of the volume at hand: one for each, its number for %d or behind
   the name. */
static void
open_rescue(struct cli_block_map *m)
{
    struct cli_volume_name name = {0};
    const uint32_t number       = m->volume ? m->volume : m->volumes;
    char *text                  = NULL;

    if (!m->rescue_name)
        return;
    if (cli_volume_name_parse(&name, m->rescue_name) && name.set) {
        text = cli_volume_name_of(&name, number);
    } else {
        const size_t room = strlen(m->rescue_name) + 16;

        text = reel_alloc_array(room, 1);
        if (text)
            (void)snprintf(text, room, m->volumes > 1 ? "%s.%" PRIu32 : "%s",
                           m->rescue_name, number);
    }
    m->rescue = text ? open_anew(text) : NULL;
    if (!m->rescue)
        failed(m, text ? text : m->rescue_name, errno);
    reel_free(text);
    if (m->rescue)
        (void)fputs("# Mapfile of GNU ddrescue, made by reel verify\n"
                    "# current_pos  current_status  current_pass\n"
                    "0x0  +  1\n"
                    "#      pos        size  status\n",
                    m->rescue);
}

static void
rescue_row(struct cli_block_map *m, uint64_t from, uint64_t to, char state)
{
    if (m->rescue && to > from)
        (void)fprintf(m->rescue, "0x%08" PRIX64 "  0x%08" PRIX64 "  %c\n", from,
                      to - from, state);
}

static void
table_row(const struct cli_block_map *m, const struct cli_block_row *r,
          const char *state)
{
    if (m->table)
        (void)fprintf(m->table,
                      "%" PRIu32 "  %" PRIu64 "  %" PRIu64 "  %" PRIu64
                      "  %" PRIu64 "  %s\n",
                      m->volume, r->first, r->last, r->from, r->to, state);
}

static void
end_row(struct cli_block_map *m)
{
    struct cli_block_row *r = &m->row;

    if (!r->have)
        return;
    table_row(m, r, r->good ? "good" : "bad");
    rescue_row(m, r->from, r->to, r->good ? '+' : '-');
    r->have = false;
}

/* How long the image is; `at`: not known. */
static uint64_t
image_octets(const struct cli_block_map *m, uint64_t at)
{
    struct cli_volume_name name = {0};
    uint64_t octets             = at;
    struct stat st;
    char *text;

    if (!m->images || !cli_volume_name_parse(&name, m->images))
        return at;
    text = cli_volume_name_of(&name, m->volume);
    if (text && stat(text, &st) == 0 && S_ISREG(st.st_mode) &&
        (uint64_t)st.st_size > at)
        octets = (uint64_t)st.st_size;
    reel_free(text);
    return octets;
}

/* What is behind the end is not read, but for the mark of the end itself. */
static void
end_volume(struct cli_block_map *m, const struct reel_verify_place *p)
{
    struct cli_block_row rest = {
        .first = p->block, .last = p->block, .from = p->to};

    end_row(m);
    if (p->image) {
        rest.to = image_octets(m, p->to);
        if (rest.to > rest.from && rest.to - rest.from <= END_MARK_BYTES) {
            rescue_row(m, rest.from, rest.to, '+');
        } else if (rest.to > rest.from) {
            table_row(m, &rest, "unread");
            rescue_row(m, rest.from, rest.to, '?');
        }
    }
    close_file(m, &m->rescue, m->rescue_name);
    m->open = false;
}

static void
begin_volume(struct cli_block_map *m, const struct reel_verify_place *p)
{
    m->open         = true;
    m->volume       = p->volume;
    m->at           = 0;
    m->block_octets = 0;
    m->volumes++;
    open_rescue(m);
}

/* Of a drive, octets are counted as if its blocks stood end to end, as dd puts
   them into a file; one that cannot be read counts as long as the longest. */
static void
find_octets(struct cli_block_map *m, const struct reel_verify_place *p,
            uint64_t *from, uint64_t *to)
{
    *from = p->from;
    *to   = p->to;
    if (p->image)
        return;
    if (p->octets > m->block_octets)
        m->block_octets = p->octets;
    *from = m->at;
    *to   = m->at + (p->octets > 0 || p->good ? p->octets : m->block_octets);
    m->at = *to;
}

void
cli_block_map_place(void *ctx, const struct reel_verify_place *p)
{
    struct cli_block_map *m = ctx;
    uint64_t from, to;

    if (!m->open)
        begin_volume(m, p);
    if (p->volume != 0)
        m->volume = p->volume;
    if (p->end) {
        end_volume(m, p);
        return;
    }
    find_octets(m, p, &from, &to);
    if (m->row.have && (m->row.good != p->good || m->row.to != from))
        end_row(m);
    if (!m->row.have)
        m->row = (struct cli_block_row){
            .have = true, .good = p->good, .first = p->block, .from = from};
    m->row.last = p->block;
    m->row.to   = to;
}

void
cli_block_map_close(struct cli_block_map *m)
{
    end_row(m);
    close_file(m, &m->rescue, m->rescue_name);
    close_file(m, &m->table, m->table_name);
}
