/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec 8.5, what of an object of encoding 2 is not its content: offered to the
 * target as extended attributes, put beside it, or named (S-14, N-10). Policy
 * layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "reel/builder.h"
#include "reel/wtf8.h"
#include "sink_posix_state.h"

/* ---- while streams come ---- */

/* Out of memory into a file beside the object. False: dropped. */
static bool
spill(struct reel_sink_posix *s, struct reel_sink_extra *x)
{
    struct reel_sink_extras *const e = &s->object.extras;
    const bool open                  = s->options.side_files &&
                      reel_sink_posix_side_open(s, x) &&
                      reel_sink_posix_side_write(s, x->data, x->len, 0);

    reel_sink_extras_release(e, x,
                             open ? REEL_EXTRA_IN_FILE : REEL_EXTRA_DROPPED);
    return open;
}

static void
put_piece(struct reel_sink_posix *s, const struct reel_extra_piece *piece)
{
    struct reel_sink_extras *const e = &s->object.extras;
    struct reel_sink_extra *const x  = e->open;

    if (x->state == REEL_EXTRA_KEPT && reel_sink_extras_keep(e, x, piece))
        return;
    if (x->state == REEL_EXTRA_KEPT && !spill(s, x))
        return;
    if (x->state != REEL_EXTRA_IN_FILE)
        return;
    if (piece->at > INT64_MAX || piece->bytes.len > INT64_MAX - piece->at ||
        !reel_sink_posix_side_write(s, piece->bytes.data, piece->bytes.len,
                                    piece->at)) {
        x->state = REEL_EXTRA_DROPPED;
        return;
    }
    if (x->size < piece->at + piece->bytes.len)
        x->size = piece->at + piece->bytes.len;
}

void
reel_sink_posix_extras_close(struct reel_sink_posix *s)
{
    struct reel_sink_extra *const x = s->object.extras.open;

    if (x != NULL && x->state == REEL_EXTRA_IN_FILE &&
        !reel_sink_posix_side_close(s, x->size))
        x->state = REEL_EXTRA_DROPPED;
    s->object.extras.open = NULL;
}

enum reel_status
reel_sink_posix_extras_stream(struct reel_sink_posix *s,
                              const struct reel_stream *stream, bool block,
                              struct reel_err *err)
{
    struct reel_sink_extras *const e = &s->object.extras;
    struct reel_extra_piece piece;

    if (!block) {
        reel_sink_posix_extras_close(s);
        return reel_sink_extras_begin(e, stream, err);
    }
    if (reel_sink_extras_block(e, stream, &piece))
        put_piece(s, &piece);
    return REEL_OK;
}

void
reel_sink_posix_extras_data(struct reel_sink_posix *s,
                            const struct reel_data *d)
{
    struct reel_extra_piece piece;

    if (reel_sink_extras_data(&s->object.extras, d, &piece))
        put_piece(s, &piece);
}

/* ---- attributes ---- */

/* In the order in which they are offered. */
static const struct {
    uint32_t id;
    const char *attribute; /* NULL: "user." and its name */
} offers[] = {
    {REEL_STREAM_SECURITY_DATA, "system.ntfs_acl"},
    {REEL_STREAM_EA_DATA, "system.ntfs_ea"},
    {REEL_STREAM_ALTERNATE_DATA, NULL},
    {REEL_STREAM_OBJECT_ID, "system.ntfs_object_id"},
};
#define OFFERS (sizeof(offers) / sizeof(offers[0]))
#define REPARSE "system.ntfs_reparse_data" /* last of all */
#define USER "user."

/* The attribute that `x` would be; false: none. */
static bool
attribute_of(const struct reel_sink_extra *x, const char *fixed,
             char out[UINT8_MAX + 1])
{
    uint8_t octets[REEL_WTF8_BYTES_MAX(REEL_STREAM_NAME_BYTES_MAX)];
    const struct reel_bytes header = {x->name, x->name_len};
    struct reel_bytes name;
    size_t len;

    if (fixed != NULL) {
        (void)snprintf(out, UINT8_MAX + 1, "%s", fixed);
        return x->name_len == 0;
    }
    if (!reel_sink_windows_stream_name(header, &name))
        return false;
    len = reel_wtf8_from_units(octets, name);
    if (len > UINT8_MAX - strlen(USER))
        return false;
    memcpy(out, USER, strlen(USER));
    memcpy(out + strlen(USER), octets, len);
    out[strlen(USER) + len] = '\0';
    return true;
}

static bool
set_attribute(const struct reel_sink_posix *s, int fd, bool by_path,
              const char *name, struct reel_bytes value)
{
    char proc[REEL_SINK_PROC_BYTES];

    if (!by_path)
        return s->calls->fsetxattr(fd, name, value.data, value.len, 0) == 0;
    reel_sink_proc_path(proc, fd);
    return s->calls->setxattr(proc, name, value.data, value.len, 0) == 0;
}

/* Did a group with the same id and name come before it? Two of one name are
   not in order, and the first one has the attribute. */
static bool
is_second(const struct reel_sink_extras *e, size_t i)
{
    size_t j;

    for (j = 0; j < i; j++) {
        if (e->list[j].id == e->list[i].id &&
            e->list[j].name_len == e->list[i].name_len &&
            memcmp(e->list[j].name, e->list[i].name, e->list[i].name_len) == 0)
            return true;
    }
    return false;
}

/* An EA list has another form there. */
static bool
set_ea(struct reel_sink_posix *s, int fd, bool by_path, const char *name,
       struct reel_bytes value)
{
    uint8_t body[REEL_EXTRA_BYTES_MAX + 4];

    if (value.len == 0)
        return false;
    memcpy(body, value.data, value.len);
    value = (struct reel_bytes){body, reel_sink_windows_ea(body, value.len)};
    return value.len > 0 && set_attribute(s, fd, by_path, name, value);
}

static void
offer(struct reel_sink_posix *s, size_t i, const char *fixed, int fd,
      bool by_path)
{
    struct reel_sink_extras *const e = &s->object.extras;
    struct reel_sink_extra *const x  = &e->list[i];
    char name[UINT8_MAX + 1];
    struct reel_bytes value;

    if (x->state == REEL_EXTRA_KEPT && attribute_of(x, fixed, name) &&
        !is_second(e, i) && reel_sink_extras_value(e, x, &value) &&
        (x->id == REEL_STREAM_EA_DATA
             ? set_ea(s, fd, by_path, name, value)
             : set_attribute(s, fd, by_path, name, value)))
        reel_sink_extras_release(e, x, REEL_EXTRA_APPLIED);
}

void
reel_sink_posix_extras_dress(struct reel_sink_posix *s, int fd, bool by_path)
{
    const struct reel_sink_extras *const e = &s->object.extras;
    size_t k;
    size_t i;

    reel_sink_posix_extras_close(s);
    for (k = 0; k < OFFERS; k++) {
        for (i = 0; i < e->count; i++) {
            if (e->list[i].id == offers[k].id)
                offer(s, i, offers[k].attribute, fd, by_path);
        }
    }
}

/* ---- facts ---- */

/* A fact that POSIX does not have, as attribute and as side file. */
static void
put_fact(struct reel_sink_posix *s, int fd, const char *attribute,
         const char *file, struct reel_bytes value, bool worth,
         uint64_t *left_out)
{
    if (value.len == 0 ||
        (fd >= 0 && set_attribute(s, fd, true, attribute, value)))
        return;
    if (s->options.side_files && reel_sink_posix_side_put(s, file, value))
        return;
    if (worth)
        (*left_out)++;
}

static void
put_facts(struct reel_sink_posix *s, int fd)
{
    const struct reel_sink_posix_object *const o = &s->object;
    const bool ordinary =
        o->facts.kind == REEL_KIND_FILE || o->facts.kind == REEL_KIND_DIRECTORY;
    uint8_t octets[REEL_WTF8_BYTES_MAX(REEL_SHORT_NAME_BYTES_MAX)];
    uint8_t number[4];
    struct reel_builder b         = reel_builder_init(number, sizeof(number));
    const struct reel_bytes units = {o->short_name, o->short_name_len};
    struct reel_bytes value = {octets, reel_wtf8_from_units(octets, units)};

    /* no file system takes that one */
    if ((o->facts.known & REEL_FACT_CASE) != 0)
        s->windows_left_out.cases++;
    put_fact(s, fd, "system.ntfs_dos_name", "short_name", value, true,
             &s->windows_left_out.short_names);
    if ((o->facts.known & REEL_FACT_ATTRIBUTES) != 0)
        reel_put_le32(&b, o->attributes);
    value = (struct reel_bytes){number, b.len};
    /* To ntfs-3g links and special files are such by an attribute that they
       did not have on Windows. */
    put_fact(s, ordinary ? fd : -1, "system.ntfs_attrib", "attributes", value,
             (o->attributes & ~REEL_WINDOWS_SAID_ELSEWHERE) != 0,
             &s->windows_left_out.attributes);
    value = (struct reel_bytes){o->times, o->times_len};
    put_fact(s, fd, "system.ntfs_times", "times", value, true,
             &s->windows_left_out.births);
}

/* ---- reparse data ---- */

/* A directory with them is none any more for those who put things into it: so
   it is tried now, and done when everything in it is. */
static void
try_on_directory(struct reel_sink_posix *s, struct reel_sink_extra *x, int fd)
{
    char proc[REEL_SINK_PROC_BYTES];
    struct reel_bytes value;

    reel_sink_proc_path(proc, fd);
    if (s->object.facts.reparse.len > 0 ||
        !reel_sink_extras_value(&s->object.extras, x, &value) ||
        value.len == 0 || !set_attribute(s, fd, true, REPARSE, value))
        return;
    x->state = REEL_EXTRA_APPLIED; /* or a note says that it is not */
    if (s->calls->removexattr(proc, REPARSE) == 0)
        s->object.facts.reparse = value;
}

static void
put_reparse(struct reel_sink_posix *s, int fd)
{
    struct reel_sink_extras *const e = &s->object.extras;
    size_t i;

    for (i = 0; fd >= 0 && i < e->count; i++) {
        if (e->list[i].id != REEL_STREAM_REPARSE_DATA ||
            e->list[i].state != REEL_EXTRA_KEPT)
            continue;
        if (s->object.facts.kind == REEL_KIND_DIRECTORY)
            try_on_directory(s, &e->list[i], fd);
        else
            offer(s, i, REPARSE, fd, true);
    }
}

/* ---- what is left ---- */

/* Put one that is left into a file. False: it is left out. */
static bool
put_beside(struct reel_sink_posix *s, struct reel_sink_extra *x)
{
    struct reel_bytes value;

    return s->options.side_files && x->state == REEL_EXTRA_KEPT &&
           reel_sink_extras_value(&s->object.extras, x, &value) &&
           reel_sink_posix_side_open(s, x) &&
           reel_sink_posix_side_write(s, value.data, value.len, 0) &&
           reel_sink_posix_side_close(s, value.len);
}

/* "SECURITY_DATA" or "ALTERNATE_DATA :name:$DATA", safe to show. */
static size_t
describe(const struct reel_sink_extra *x, char out[64])
{
    size_t len = (size_t)snprintf(out, 32, "%s", reel_stream_id_name(x->id));
    size_t i;

    if (strcmp(out, "unknown") == 0)
        len = (size_t)snprintf(out, 32, "stream %u", x->id);
    for (i = 0; i + 1 < x->name_len && len < 60; i += 2) {
        const bool plain =
            x->name[i + 1] == 0 && x->name[i] > 0x20 && x->name[i] < 0x7F;

        if (i == 0)
            out[len++] = ' ';
        out[len++] = plain ? (char)x->name[i] : '?';
    }
    out[len] = '\0';
    return len;
}

/* More than we keep of one object: how many of these had a place. */
static uint64_t
note_uncounted(struct reel_sink_posix *s)
{
    const uint64_t uncounted = s->object.extras.uncounted;

    if (!s->options.side_files || uncounted == 0)
        return uncounted;
    reel_sink_note(&s->object.about, REEL_NOTE_SKIPPED, REEL_E_LIMIT,
                   "streams behind the first %u are left out: %llu",
                   REEL_EXTRAS_COUNT_MAX, (unsigned long long)uncounted);
    return 0;
}

/* One note for all that is left out. */
static void
note_left_out(struct reel_sink_posix *s)
{
    const struct reel_sink_extras *const e = &s->object.extras;
    uint64_t more                          = note_uncounted(s);
    char text[110]                         = "";
    size_t len                             = 0;
    size_t i;

    for (i = 0; i < e->count; i++) {
        const struct reel_sink_extra *const x = &e->list[i];
        char one[64];
        size_t n;

        if (x->state == REEL_EXTRA_APPLIED)
            continue;
        n = describe(x, one);
        if (len + 2 + n >= sizeof(text)) {
            more++;
            continue;
        }
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
                                len == 0 ? "" : ", ", one);
    }
    if (len == 0 && more == 0)
        return;
    if (more > 0)
        reel_sink_note(&s->object.about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "not kept here: %s and %llu more", text,
                       (unsigned long long)more);
    else
        reel_sink_note(&s->object.about, REEL_NOTE_OMITTED, REEL_E_UNSUPPORTED,
                       "not kept here: %s", text);
}

int
reel_sink_posix_extras_open(struct reel_sink_posix *s)
{
    const char *const name =
        s->path.len == 0 ? "." : reel_sink_path_name(&s->path);
    const int dir = reel_sink_posix_parent(s, false);
    struct reel_sink_identity there;
    int fd;

    if (dir < 0)
        return -1;
    fd = s->calls->openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd < 0 ||
        (reel_sink_identity_get(s->calls, fd, "", AT_EMPTY_PATH, &there) == 0 &&
         reel_sink_identity_same(&there, &s->object.made)))
        return fd;
    (void)s->calls->close(fd);
    return -1;
}

void
reel_sink_posix_extras_finish(struct reel_sink_posix *s)
{
    struct reel_sink_extras *const e = &s->object.extras;
    bool placed;
    size_t i;
    int fd;

    if (!s->object.windows)
        return;
    fd = reel_sink_posix_extras_open(s);
    put_facts(s, fd);
    put_reparse(s, fd);
    if (fd >= 0)
        (void)s->calls->close(fd);
    for (i = 0; i < e->count; i++) {
        if (put_beside(s, &e->list[i]))
            reel_sink_extras_release(e, &e->list[i], REEL_EXTRA_IN_FILE);
    }
    placed = reel_sink_posix_side_place(s);
    for (i = 0; i < e->count; i++) {
        if (e->list[i].state == REEL_EXTRA_IN_FILE)
            e->list[i].state = placed ? REEL_EXTRA_APPLIED : REEL_EXTRA_DROPPED;
    }
    note_left_out(s);
}
