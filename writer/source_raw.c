/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 6 to 8, objects out of a directory of raw streams
   (reel/raw.h); source layer. */
#include "source_raw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raw_facts.h"
#include "raw_streams.h"
#include "reel/alloc.h"
#include "reel/raw.h"

/* A number that stands in the directory. */
struct numbered {
    uint64_t number;
    uint64_t given; /* the how-manieth object of next(), from 1; 0: not */
    uint32_t names; /* that were given of it */
};

/* One of the files of an object, as it was when it was opened. */
struct opened {
    int fd; /* -1: none */
    struct stat st;
};

struct source_raw {
    struct reel_source base;
    struct reel_source_raw_options options;
    struct numbered *list; /* ascending */
    size_t count;
    size_t capacity;
    size_t at; /* in list, behind the object at hand */
    uint64_t given;

    uint8_t *json; /* the file read last */
    size_t json_capacity;

    /* The object at hand. */
    struct reel_raw_facts facts;
    struct opened file; /* with its streams */
    struct reel_raw_streams streams;
    uint64_t read; /* octets of the body at hand */
    size_t next_xattr;
    bool changed; /* under our hands */

    struct reel_raw_facts target; /* of a link */
    struct numbered *target_of;   /* the same; NULL: no link */
};

static struct source_raw *
of(struct reel_source *s)
{
    return (void *)s; /* base is the first member */
}

/* ---- the directory ---- */

static enum reel_status
add_number(struct source_raw *s, uint64_t number, struct reel_err *err)
{
    if (s->count == s->capacity) {
        const size_t capacity = s->capacity == 0 ? 1024 : s->capacity * 2;
        struct numbered *list =
            reel_realloc_array(s->list, capacity, sizeof(*list));

        if (list == NULL)
            return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                             "no memory for the numbers of objects");
        s->list     = list;
        s->capacity = capacity;
    }
    s->list[s->count].number = number;
    s->list[s->count].given  = 0;
    s->list[s->count].names  = 0;
    s->count++;
    return REEL_OK;
}

static void
note(const struct source_raw *s, enum reel_note_kind kind, const char *name,
     const struct reel_err *why)
{
    reel_note_send(s->options.report, kind, REEL_ENCODING_POSIX,
                   reel_bytes_of(name), 0, why);
}

static enum reel_status
list_name(struct source_raw *s, const char *name, struct reel_err *err)
{
    enum reel_raw_part part;
    struct reel_err why;
    uint64_t number;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return REEL_OK;
    if (reel_raw_name_parse(name, &number, &part))
        return add_number(s, number, err);
    (void)reel_fail(&why, REEL_OK, NULL, NULL,
                    "is no file of raw streams: left out");
    note(s, REEL_NOTE_INFO, name, &why);
    return REEL_OK;
}

static enum reel_status
list_directory(struct source_raw *s, DIR *dir, struct reel_err *err)
{
    const struct dirent *entry;

    for (;;) {
        errno = 0;
        entry = readdir(dir);
        if (entry == NULL)
            break;
        REEL_TRY(list_name(s, entry->d_name, err));
    }
    if (errno != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "cannot list the directory: %s", strerror(errno));
    return REEL_OK;
}

static int
compare_numbers(const void *a, const void *b)
{
    const struct numbered *const x = a;
    const struct numbered *const y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static enum reel_status
list_objects(struct source_raw *s, struct reel_err *err)
{
    const int fd =
        openat(s->options.dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const dir = fd < 0 ? NULL : fdopendir(fd);
    enum reel_status status;
    size_t kept = 0;
    size_t i;

    if (dir == NULL) {
        status = reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                           "cannot open the directory: %s", strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return status;
    }
    status = list_directory(s, dir, err);
    (void)closedir(dir);
    if (s->count > 1)
        qsort(s->list, s->count, sizeof(*s->list), compare_numbers);
    for (i = 0; i < s->count; i++) /* both files have the same number */
        if (i == 0 || s->list[i].number != s->list[kept - 1].number)
            s->list[kept++] = s->list[i];
    s->count = kept;
    return status;
}

/* ---- files ---- */

static void
close_file(struct opened *f)
{
    if (f->fd >= 0)
        (void)close(f->fd);
    f->fd = -1;
}

/* f->fd stays -1 when there is no such file. */
static enum reel_status
open_file(const struct source_raw *s, const char *name, struct opened *f,
          struct reel_err *err)
{
    f->fd = openat(s->options.dir_fd, name,
                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (f->fd < 0 && errno == ENOENT)
        return REEL_OK;
    if (f->fd < 0 || fstat(f->fd, &f->st) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "cannot be opened: %s",
                         strerror(errno));
    if (!S_ISREG(f->st.st_mode))
        return reel_fail(err, REEL_E_INVALID, NULL, NULL, "is no regular file");
    return REEL_OK;
}

static enum reel_status
reserve_json(struct source_raw *s, size_t bytes, struct reel_err *err)
{
    uint8_t *json;

    if (bytes <= s->json_capacity)
        return REEL_OK;
    json = reel_realloc_array(s->json, bytes, 1);
    if (json == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the facts of an object");
    s->json          = json;
    s->json_capacity = bytes;
    return REEL_OK;
}

static enum reel_status
read_facts(struct source_raw *s, const struct opened *f,
           struct reel_raw_facts *out, struct reel_err *err)
{
    struct reel_bytes json;
    size_t size;
    size_t got = 0;

    if (f->fd < 0)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "is missing: without it nothing is known of the "
                         "object");
    if ((uint64_t)f->st.st_size > REEL_RAW_FACTS_BYTES_MAX)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "is longer than %u octets", REEL_RAW_FACTS_BYTES_MAX);
    size = (size_t)f->st.st_size;
    REEL_TRY(reserve_json(s, size + 1, err));
    if (reel_raw_streams_read(f->fd, s->json, size, 0, &got) != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "cannot be read: %s",
                         strerror(errno));
    json.data = s->json;
    json.len  = got;
    return reel_raw_facts_parse(out, json, err);
}

/* The facts of object `number`, whatever *out held before. */
static enum reel_status
load_facts(struct source_raw *s, uint64_t number, struct reel_raw_facts *out,
           struct reel_err *err)
{
    char name[REEL_RAW_NAME_BYTES];
    struct opened f = {.fd = -1};
    enum reel_status status;

    reel_raw_facts_fini(out);
    reel_raw_name(name, number, REEL_RAW_FACTS);
    status = open_file(s, name, &f, err);
    if (status == REEL_OK)
        status = read_facts(s, &f, out, err);
    close_file(&f);
    return status;
}

/* ---- one object, judged before it is given ---- */

static enum reel_status
check_streams(struct source_raw *s, uint64_t number, struct reel_err *err)
{
    char name[REEL_RAW_NAME_BYTES];
    enum reel_status status;

    reel_raw_name(name, number, REEL_RAW_STREAMS);
    REEL_TRY(open_file(s, name, &s->file, err));
    reel_raw_streams_begin(&s->streams, s->file.fd,
                           s->file.fd < 0 ? 0 : (uint64_t)s->file.st.st_size,
                           s->facts.object.kind == REEL_KIND_LINK);
    while ((status = reel_raw_streams_next(&s->streams, err)) == REEL_OK)
        REEL_TRY(reel_go_on(s->options.report, err));
    return status == REEL_END ? REEL_OK : status;
}

/* K-4: is the only body the path of the target? Pre: check_streams. */
static enum reel_status
check_link_body(const struct source_raw *s, struct reel_err *err)
{
    const struct reel_bytes path = s->target.object.path;
    uint8_t body[4096];
    size_t at;

    if (s->streams.header.size != path.len)
        return reel_fail(err, REEL_E_INVALID, NULL, "K-4",
                         "the body of LINK is not the path of its target");
    for (at = 0; at < path.len; at += sizeof(body)) {
        const size_t left = path.len - at;
        const size_t want = left < sizeof(body) ? left : sizeof(body);
        size_t got        = 0;

        if (reel_raw_streams_read(s->file.fd, body, want, s->streams.body + at,
                                  &got) != 0 ||
            got < want || memcmp(body, path.data + at, want) != 0)
            return reel_fail(err, REEL_E_INVALID, NULL, "K-4",
                             "the body of LINK is not the path of its target");
    }
    return REEL_OK;
}

/* K-1, K-2, K-20, O-5; o->target becomes the how-manieth object it is. */
static enum reel_status
check_link_target(struct source_raw *s, uint64_t number, struct reel_err *err)
{
    struct reel_object *const o = &s->facts.object;
    const struct numbered key   = {o->target, 0, 0};
    struct numbered *const n =
        bsearch(&key, s->list, s->count, sizeof(*s->list), compare_numbers);

    if (o->target >= number)
        return reel_fail(err, REEL_E_INVALID, NULL, "K-1",
                         "its target %llu is not lower than its own number",
                         (unsigned long long)o->target);
    if (n == NULL || n->given == 0)
        return reel_fail(err, REEL_E_INVALID, NULL, NULL,
                         "its target %llu is not there, or was refused",
                         (unsigned long long)o->target);
    if (load_facts(s, o->target, &s->target, err) != REEL_OK)
        return err->status;
    if (s->target.object.kind == REEL_KIND_LINK ||
        s->target.object.kind == REEL_KIND_DIRECTORY)
        return reel_fail(err, REEL_E_INVALID, NULL, "K-2",
                         "its target %llu is a %s",
                         (unsigned long long)o->target,
                         reel_object_kind_name(s->target.object.kind));
    if (s->target.object.link_count <= n->names)
        return reel_fail(err, REEL_E_INVALID, NULL, "K-20",
                         "its target %llu says that it has %u names, and so "
                         "many came before",
                         (unsigned long long)o->target,
                         s->target.object.link_count);
    if (o->size != 0 && s->target.object.kind != REEL_KIND_FILE)
        return reel_fail(err, REEL_E_INVALID, NULL, "O-5",
                         "it has a size, and its target is no file");
    o->target    = n->given;
    s->target_of = n;
    return REEL_OK;
}

/* Not what it was when its facts were taken? Octets count (O-22). */
static void
take_size(struct source_raw *s, uint64_t number)
{
    struct reel_object *const o = &s->facts.object;
    char name[REEL_RAW_NAME_BYTES];
    struct reel_err why;

    if (o->kind != REEL_KIND_FILE || o->size == s->streams.content_bytes)
        return;
    reel_raw_name(name, number, REEL_RAW_FACTS);
    (void)reel_fail(&why, REEL_OK, NULL, NULL,
                    "says a size of %llu octets, its streams give %llu, which "
                    "are taken",
                    (unsigned long long)o->size,
                    (unsigned long long)s->streams.content_bytes);
    note(s, REEL_NOTE_INFO, name, &why);
    o->size = s->streams.content_bytes;
}

/* *part is what a failure is about. */
static enum reel_status
check_object(struct source_raw *s, uint64_t number, enum reel_raw_part *part,
             struct reel_err *err)
{
    *part        = REEL_RAW_FACTS;
    s->target_of = NULL;
    REEL_TRY(load_facts(s, number, &s->facts, err));
    if (s->facts.object.kind == REEL_KIND_LINK)
        REEL_TRY(check_link_target(s, number, err));
    *part = REEL_RAW_STREAMS;
    REEL_TRY(check_streams(s, number, err));
    if (s->facts.object.kind == REEL_KIND_LINK)
        return check_link_body(s, err);
    take_size(s, number);
    return REEL_OK;
}

static enum reel_status
source_next(struct reel_source *source, struct reel_object *out,
            struct reel_err *err)
{
    struct source_raw *const s = of(source);
    char name[REEL_RAW_NAME_BYTES];
    enum reel_raw_part part;
    enum reel_status status;
    struct reel_err why;

    while (s->at < s->count) {
        struct numbered *const n = &s->list[s->at++];

        close_file(&s->file);
        status = check_object(s, n->number, &part, &why);
        if (status == REEL_E_MEMORY || status == REEL_E_STOPPED)
            return reel_fail(err, status, NULL, NULL, "%s", why.text);
        if (status != REEL_OK) {
            reel_raw_name(name, n->number, part);
            note(s, REEL_NOTE_SKIPPED, name, &why);
            continue;
        }
        n->given = ++s->given;
        n->names = 1;
        if (s->target_of != NULL)
            s->target_of->names++;
        s->next_xattr = 0;
        s->changed    = false;
        reel_raw_streams_begin(&s->streams, s->file.fd, s->streams.size,
                               s->streams.link);
        *out = s->facts.object;
        return REEL_OK;
    }
    return REEL_END;
}

/* ---- what is in it ---- */

static enum reel_status
source_next_xattr(struct reel_source *source, struct reel_xattr *out,
                  struct reel_err *err)
{
    struct source_raw *const s = of(source);

    (void)err;
    if (s->next_xattr == s->facts.xattr_count)
        return REEL_END;
    *out = s->facts.xattrs[s->next_xattr++];
    return REEL_OK;
}

/* They were fine once: what is wrong now was changed since. */
static enum reel_status
source_next_stream(struct reel_source *source, struct reel_stream_header *out,
                   uint64_t *sparse_offset, struct reel_err *err)
{
    struct source_raw *const s = of(source);

    (void)err;
    s->read = 0;
    if (s->changed)
        return REEL_END;
    switch (reel_raw_streams_next(&s->streams, NULL)) {
    case REEL_OK:
        break;
    case REEL_END:
        return REEL_END;
    default:
        s->changed = true;
        return REEL_END;
    }
    *out           = s->streams.header;
    *sparse_offset = s->streams.sparse_offset;
    return REEL_OK;
}

static enum reel_status
source_read(struct reel_source *source, uint8_t *buf, size_t want, size_t *got,
            uint32_t *reason, struct reel_err *err)
{
    struct source_raw *const s = of(source);
    const uint64_t left        = s->streams.header.size - s->read;

    (void)err;
    *reason = 0;
    *got    = 0;
    want    = want < left ? want : (size_t)left;
    if (want == 0)
        return REEL_OK;
    if (reel_raw_streams_read(s->file.fd, buf, want, s->streams.body + s->read,
                              got) != 0)
        *reason = REEL_BAD_UNREADABLE;
    else if (*got == 0)
        *reason = REEL_BAD_CUT;
    if (*reason != 0) {
        memset(buf, 0, want);
        *got = want;
    }
    s->read += *got;
    return REEL_OK;
}

static enum reel_status
source_finish(struct reel_source *source, uint32_t *flags, struct reel_err *err)
{
    struct source_raw *const s = of(source);
    struct stat st;

    (void)err;
    if (s->file.fd >= 0 &&
        (fstat(s->file.fd, &st) != 0 || st.st_size != s->file.st.st_size ||
         st.st_mtim.tv_sec != s->file.st.st_mtim.tv_sec ||
         st.st_mtim.tv_nsec != s->file.st.st_mtim.tv_nsec))
        s->changed = true;
    *flags = s->facts.flags | (s->changed ? REEL_OBJECT_CHANGED : 0);
    return REEL_OK;
}

static void
source_free(struct reel_source *source)
{
    struct source_raw *const s = of(source);

    close_file(&s->file);
    reel_raw_facts_fini(&s->facts);
    reel_raw_facts_fini(&s->target);
    reel_free(s->json);
    reel_free(s->list);
    reel_free(s);
}

struct reel_source *
reel_source_raw_new(const struct reel_source_raw_options *options,
                    struct reel_err *err)
{
    static const struct reel_source_ops ops = {
        .next            = source_next,
        .next_xattr      = source_next_xattr,
        .next_stream     = source_next_stream,
        .read            = source_read,
        .finish          = source_finish,
        .free            = source_free,
        .links_by_number = true,
    };
    struct source_raw *s;

    if (!reel_raw_facts_built_in()) {
        (void)reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                        "this program was built without cJSON, and cannot take "
                        "in raw streams");
        return NULL;
    }
    s = reel_alloc_array(1, sizeof(*s));
    if (s == NULL) {
        (void)reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                        "no memory for the source");
        return NULL;
    }
    s->base.ops = &ops;
    s->options  = *options;
    s->file.fd  = -1;
    if (list_objects(s, err) != REEL_OK) {
        source_free(&s->base);
        return NULL;
    }
    return &s->base;
}
