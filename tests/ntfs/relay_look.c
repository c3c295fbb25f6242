/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a relay for tests. */
#include "grow.h"
#include "relay_look.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reel/group.h"
#include "relay_pipe.h"
#include "units.h"

/* The relay being read. */
struct reading {
    struct look *l;
    bool open; /* an object is */
    bool done;
    struct reel_group group;
    uint8_t *body; /* of the stream in force, as far as it came */
    size_t body_len;
};

static void *
keep(struct look *l, void *memory)
{
    ck_assert_ptr_nonnull(memory);
    l->memory = grow(l->memory, l->memory_count, 1, sizeof(void *));
    l->memory[l->memory_count++] = memory;
    return memory;
}

static struct reel_bytes
copy(struct look *l, struct reel_bytes of)
{
    uint8_t *const to = keep(l, malloc(of.len + 1));

    if (of.len > 0)
        memcpy(to, of.data, of.len);
    return (struct reel_bytes){to, of.len};
}

static struct look_object *
last_object(struct look *l)
{
    ck_assert_uint_gt(l->object_count, 0);
    return &l->objects[l->object_count - 1];
}

static void
finish_group(struct reading *r)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    struct reel_group_end end;

    if (r->group.open)
        ck_assert_int_eq(reel_group_finish(&r->group, &end, &nowhere, NULL),
                         REEL_OK);
}

static void
take_object(struct reading *r, const struct reel_record *record)
{
    struct reel_cursor c = reel_record_cursor(record);
    struct look *const l = r->l;
    struct look_object *o;

    ck_assert(!r->open);
    r->open    = true;
    l->objects = grow(l->objects, l->object_count, 1, sizeof(*o));
    o          = &l->objects[l->object_count++];
    memset(o, 0, sizeof(*o));
    o->number = record->object;
    ck_assert_uint_eq(o->number, l->object_count);
    ck_assert_int_eq(reel_object_decode(&o->facts, &c, NULL), REEL_OK);
    o->facts.path       = copy(l, o->facts.path);
    o->facts.short_name = copy(l, o->facts.short_name);
    reel_group_init(&r->group, false);
}

static void
take_stream(struct reading *r, const struct reel_record *record)
{
    const struct reel_cursor nowhere = reel_cursor_init(NULL, 0, NULL);
    struct reel_cursor c             = reel_record_cursor(record);
    struct look_object *const o      = last_object(r->l);
    struct reel_stream s;
    struct look_stream *to;

    ck_assert(r->open && record->object == o->number);
    ck_assert_int_eq(reel_stream_decode(&s, &c, NULL), REEL_OK);
    if (r->group.open && !reel_group_takes(&r->group, &s.header))
        finish_group(r);
    ck_assert_int_eq(reel_group_stream(&r->group, &s, &nowhere, NULL), REEL_OK);
    o->streams     = grow(o->streams, o->stream_count, 1, sizeof(*o->streams));
    to             = &o->streams[o->stream_count++];
    to->id         = s.header.id;
    to->attributes = s.header.attributes;
    to->name       = copy(r->l, s.header.name);
    ck_assert_uint_lt(s.header.size, 1U << 30);
    r->body     = keep(r->l, malloc((size_t)s.header.size + 1));
    r->body_len = 0;
    to->body    = (struct reel_bytes){r->body, (size_t)s.header.size};
}

static void
take_data(struct reading *r, const struct reel_record *record)
{
    const struct reel_cursor nowhere  = reel_cursor_init(NULL, 0, NULL);
    struct reel_cursor c              = reel_record_cursor(record);
    const struct look_object *const o = last_object(r->l);
    struct reel_data d;

    ck_assert(r->open && record->object == o->number);
    ck_assert_int_eq(reel_data_decode(&d, &c, NULL), REEL_OK);
    ck_assert_int_eq(reel_group_data(&r->group, &d, &nowhere, NULL), REEL_OK);
    memcpy(r->body + r->body_len, d.bytes.data, d.bytes.len);
    r->body_len += d.bytes.len;
}

static void
take_end(struct reading *r, const struct reel_record *record)
{
    struct reel_cursor c        = reel_record_cursor(record);
    struct look_object *const o = last_object(r->l);

    ck_assert(r->open && record->object == o->number);
    r->open      = false;
    o->abandoned = record->type == REEL_RELAY_ABANDON;
    if (o->abandoned)
        return;
    finish_group(r);
    ck_assert_int_eq(reel_object_end_decode(&o->end, &c, NULL), REEL_OK);
    o->end.bad_range_bytes = copy(r->l, o->end.bad_range_bytes);
}

static void
take_note(struct reading *r, const struct reel_record *record)
{
    struct reel_cursor c = reel_record_cursor(record);
    struct look *const l = r->l;
    struct reel_relay_note n;
    struct look_note *to;

    ck_assert(!r->open);
    ck_assert_int_eq(reel_relay_note_decode(&n, &c, NULL), REEL_OK);
    l->notes = grow(l->notes, l->note_count, 1, sizeof(*l->notes));
    to       = &l->notes[l->note_count++];
    to->kind = n.kind;
    to->path = copy(l, n.path);
    to->text = copy(l, n.text);
    ck_assert_uint_gt(n.text.len, 0);
}

static void
take_done(struct reading *r, const struct reel_record *record)
{
    struct reel_cursor c = reel_record_cursor(record);
    struct reel_relay_done d;

    ck_assert_int_eq(reel_relay_done_decode(&d, &c, NULL), REEL_OK);
    /* Only a failure may leave an object open. */
    ck_assert(!r->open || d.status != REEL_OK);
    r->done    = true;
    r->l->done = d.status;
    memcpy(r->l->done_text, d.text.data, d.text.len);
}

static void
take(struct reading *r, const struct reel_record *record)
{
    ck_assert(!r->done);
    switch (record->type) {
    case REEL_RECORD_OBJECT:
        take_object(r, record);
        break;
    case REEL_RECORD_STREAM:
        take_stream(r, record);
        break;
    case REEL_RECORD_DATA:
        take_data(r, record);
        break;
    case REEL_RECORD_OBJECT_END:
    case REEL_RELAY_ABANDON:
        take_end(r, record);
        break;
    case REEL_RELAY_NOTE:
        take_note(r, record);
        break;
    default:
        ck_assert_uint_eq(record->type, REEL_RELAY_DONE);
        take_done(r, record);
    }
}

static void
read_all(struct look *l, int fd)
{
    struct reel_relay_reader from = {.fd = fd};
    struct reading r              = {.l = l};
    struct reel_record record;
    struct reel_err err;
    enum reel_status status;

    while ((status = reel_relay_read(&from, &record, &err)) == REEL_OK)
        take(&r, &record);
    ck_assert_msg(status == REEL_END, "%s", err.text);
    ck_assert(r.done);
    reel_relay_reader_fini(&from);
}

void
look_run(struct look *l, char *const *argv)
{
    int ends[2];
    int status;
    pid_t child;

    memset(l, 0, sizeof(*l));
    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    ck_assert_int_ne(child, -1);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execv(argv[0], argv);
        _exit(127);
    }
    (void)close(ends[1]);
    read_all(l, ends[0]);
    (void)close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    l->exit_code = WEXITSTATUS(status);
}

void
look_free(struct look *l)
{
    for (size_t i = 0; i < l->object_count; i++)
        free(l->objects[i].streams);
    for (size_t i = 0; i < l->memory_count; i++)
        free(l->memory[i]);
    free(l->memory);
    free(l->objects);
    free(l->notes);
}

struct reel_bytes
look_units(const char *text)
{
    static uint8_t octets[RN_PATH_BYTES_MAX];
    size_t len;

    ck_assert(rn_units_of_text(text, octets, sizeof(octets), &len));
    return (struct reel_bytes){octets, len};
}

const struct look_object *
look_find(const struct look *l, const char *path)
{
    const struct reel_bytes units = look_units(path);

    for (size_t i = l->object_count; i > 0; i--)
        if (reel_bytes_equal(l->objects[i - 1].facts.path, units))
            return &l->objects[i - 1];
    return NULL;
}

size_t
look_notes(const struct look *l, uint8_t kind, const char *path)
{
    const struct reel_bytes units = look_units(path);
    size_t count                  = 0;

    for (size_t i = 0; i < l->note_count; i++)
        if (l->notes[i].kind == kind &&
            reel_bytes_equal(l->notes[i].path, units))
            count++;
    return count;
}
