/* SPDX-License-Identifier: Apache-2.0 */
#include "reader_probe.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "reel/limits.h"

/* ---- The tree ---- */

static char top[64];

struct content {
    const char *path;
    size_t len;
    uint8_t *data;
};

static struct content contents[] = {{"a/one", 5000, NULL},
                                    {"a/two", 70000, NULL},
                                    {"b/big", 900001, NULL},
                                    {"c[1]", 3, NULL},
                                    {"empty", 0, NULL}};
#define CONTENTS (sizeof(contents) / sizeof(contents[0]))

static void
fill(struct content *c, uint32_t seed)
{
    size_t i;

    c->data = malloc(c->len + 1);
    ck_assert_ptr_nonnull(c->data);
    for (i = 0; i < c->len; i++) {
        seed       = seed * 1103515245U + 12345U;
        c->data[i] = (uint8_t)(seed >> 24);
    }
}

static void
put(const struct content *c)
{
    const int fd = open(c->path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    size_t done  = 0;

    ck_assert_int_ge(fd, 0);
    while (done < c->len) {
        const ssize_t n = write(fd, c->data + done, c->len - done);

        ck_assert_int_gt(n, 0);
        done += (size_t)n;
    }
    ck_assert_int_eq(close(fd), 0);
}

void
probe_tree_make(void)
{
    uint32_t i;

    strcpy(top, "/tmp/reel-test-reader-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    ck_assert_int_eq(chdir(top), 0);
    ck_assert_int_eq(mkdir("a", 0755), 0);
    ck_assert_int_eq(mkdir("b", 0755), 0);
    for (i = 0; i < CONTENTS; i++) {
        fill(&contents[i], i + 1);
        put(&contents[i]);
    }
    ck_assert_int_eq(symlink("a/two", "symlink"), 0);
    ck_assert_int_eq(link("a/one", "z"), 0);
    ck_assert_int_eq(link("a/one", "zz"), 0);
}

void
probe_tree_remove(void)
{
    size_t i;

    for (i = 0; i < CONTENTS; i++) {
        (void)unlink(contents[i].path);
        free(contents[i].data);
        contents[i].data = NULL;
    }
    (void)unlink("symlink");
    (void)unlink("z");
    (void)unlink("zz");
    (void)rmdir("a");
    (void)rmdir("b");
    (void)chdir("/");
    (void)rmdir(top);
}

const uint8_t *
probe_tree_content(const char *path, size_t *len)
{
    size_t i;

    if (strcmp(path, "z") == 0 || strcmp(path, "zz") == 0)
        path = "a/one";
    for (i = 0; i < CONTENTS; i++)
        if (strcmp(contents[i].path, path) == 0) {
            *len = contents[i].len;
            return contents[i].data;
        }
    return NULL;
}

/* ---- Archives ---- */

static enum reel_status
one_path(void *ctx, const char **path, struct reel_err *err)
{
    bool *const given = ctx;

    (void)err;
    if (*given)
        return REEL_END;
    *given = true;
    *path  = ".";
    return REEL_OK;
}

void
probe_archive_add(struct reel_memory_tape *tape,
                  const struct probe_archive *how)
{
    uint8_t id[REEL_SET_ID_BYTES] = {0};
    struct reel_write_result result;
    struct reel_write_options o;
    struct reel_err err = {.status = REEL_OK};
    bool given          = false;

    memset(&o, 0, sizeof(o));
    id[0] = how->set;
    ck_assert_int_eq(
        reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_WRITE, &err),
        REEL_OK);
    o.block_bytes      = 16384;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.compression      = how->compression;
    o.checkpoint_bytes = how->checkpoint_bytes;
    o.set_id           = id;
    o.base_fd          = AT_FDCWD;
    o.base_path        = "test";
    o.paths            = one_path;
    o.paths_ctx        = &given;
    o.catalog_fd       = how->catalog_fd;
    o.software         = "test";
    o.set_name         = "the set";
    o.name             = "the archive";
    ck_assert_msg(reel_write(&o, &result, &err) == REEL_OK, "%s", err.text);
    ck_assert_uint_eq(result.objects, PROBE_OBJECTS);
    ck_assert_int_eq(reel_medium_close(o.medium, &err), REEL_OK);
}

struct reel_memory_tape *
probe_tape_new(bool pipe)
{
    const struct reel_memory_options options = {.no_locate = pipe};
    struct reel_memory_tape *const t         = reel_memory_tape_new(&options);

    ck_assert_ptr_nonnull(t);
    return t;
}

struct reel_memory_tape *
probe_tape_copy(const struct reel_memory_tape *from, uint64_t count, bool pipe)
{
    struct reel_memory_tape *const t = probe_tape_new(pipe);
    uint64_t i;

    for (i = 0; i < count; i++) {
        const struct reel_memory_element e = reel_memory_tape_get(from, i);

        ck_assert_int_eq(reel_memory_tape_insert(t, i, &e, NULL), REEL_OK);
    }
    return t;
}

/* ---- The sink ---- */

static struct probe_read *
probe_of(struct reel_sink *s)
{
    return (void *)s; /* its first member */
}

static struct probe_given *
last(struct probe_read *p)
{
    ck_assert_uint_gt(p->given_count, 0);
    return &p->given[p->given_count - 1];
}

static struct probe_given *
add(struct probe_read *p, const struct reel_object *o)
{
    struct probe_given *const g = &p->given[p->given_count++];
    size_t len;

    ck_assert_uint_lt(p->given_count, PROBE_GIVEN_MAX);
    memset(g, 0, sizeof(*g));
    len = o->path.len < sizeof(g->path) ? o->path.len : sizeof(g->path) - 1;
    if (len > 0)
        memcpy(g->path, o->path.data, len);
    g->kind = o->kind;
    g->size = o->size < PROBE_CONTENT_MAX ? (size_t)o->size : 0;
    return g;
}

static enum reel_status
on_begin(struct reel_sink *s, uint64_t number, const struct reel_object *o,
         struct reel_err *err)
{
    struct probe_given *const g = add(probe_of(s), o);

    (void)err;
    ck_assert_int_ne(o->kind, REEL_KIND_LINK);
    g->number  = number;
    g->content = calloc(g->size + 1, 1);
    ck_assert_ptr_nonnull(g->content);
    return REEL_OK;
}

static enum reel_status
on_xattr(struct reel_sink *s, const struct reel_xattr *x, struct reel_err *err)
{
    (void)s;
    (void)x;
    (void)err;
    return REEL_OK;
}

static enum reel_status
on_stream(struct reel_sink *s, const struct reel_stream *stream,
          struct reel_err *err)
{
    (void)s;
    (void)stream;
    (void)err;
    return REEL_OK;
}

static enum reel_status
on_data(struct reel_sink *s, const struct reel_data *d, struct reel_err *err)
{
    struct probe_given *const g = last(probe_of(s));

    (void)err;
    ck_assert(!g->ended);
    if (g->kind != REEL_KIND_FILE)
        return REEL_OK;
    if (d->stream_offset <= g->size &&
        d->bytes.len <= g->size - d->stream_offset)
        memcpy(g->content + d->stream_offset, d->bytes.data, d->bytes.len);
    g->got += d->bytes.len;
    return REEL_OK;
}

static enum reel_status
on_group_end(struct reel_sink *s, const struct reel_group_end *e,
             struct reel_err *err)
{
    (void)s;
    (void)e;
    (void)err;
    return REEL_OK;
}

/* As any sink does, it tells what it could not keep. */
static enum reel_status
on_end(struct reel_sink *s, const struct reel_object_end *e,
       enum reel_outcome outcome, struct reel_err *err)
{
    struct probe_read *const p  = probe_of(s);
    struct probe_given *const g = last(p);

    (void)e;
    (void)err;
    ck_assert(!g->ended);
    g->ended   = true;
    g->outcome = outcome;
    if (outcome == REEL_OUTCOME_DAMAGED)
        reel_note_send(&p->access.report, REEL_NOTE_LOST, 1,
                       reel_bytes_of(g->path), g->number,
                       &(struct reel_err){.text = "by the sink"});
    return REEL_OK;
}

static enum reel_status
on_link(struct reel_sink *s, const struct reel_object *o, bool *made,
        struct reel_err *err)
{
    struct probe_read *const p = probe_of(s);
    const unsigned int before  = p->given_count;
    struct probe_given *g;
    unsigned int i;

    (void)err;
    *made = false;
    for (i = 0; i < before; i++)
        *made |= p->given[i].number == o->target && p->given[i].ended &&
                 p->given[i].outcome == REEL_OUTCOME_PROVEN;
    if (!*made)
        return REEL_OK;
    g          = add(p, o);
    g->link    = true;
    g->ended   = true;
    g->outcome = REEL_OUTCOME_PROVEN;
    g->number  = o->target;
    return REEL_OK;
}

static enum reel_status
on_finish(struct reel_sink *s, struct reel_err *err)
{
    (void)err;
    probe_of(s)->finished = true;
    return REEL_OK;
}

static void
on_free(struct reel_sink *s)
{
    (void)s;
}

static const struct reel_sink_ops ops = {.begin     = on_begin,
                                         .xattr     = on_xattr,
                                         .stream    = on_stream,
                                         .data      = on_data,
                                         .group_end = on_group_end,
                                         .end       = on_end,
                                         .link      = on_link,
                                         .finish    = on_finish,
                                         .free      = on_free};

/* ---- Reading ---- */

static void
on_note(void *ctx, const struct reel_note *note)
{
    struct probe_read *const p = ctx;
    struct probe_told *t;

    if (p->told_count == PROBE_NOTES_MAX)
        return;
    t = &p->told[p->told_count++];
    memset(t, 0, sizeof(*t));
    t->kind   = note->kind;
    t->object = note->object;
    t->rule   = note->err.rule;
    if (note->path.len > 0 && note->path.len < sizeof(t->path))
        memcpy(t->path, note->path.data, note->path.len);
    memcpy(t->text, note->err.text, sizeof(t->text));
    if (getenv("REEL_TEST_NOTES") != NULL)
        (void)fprintf(stderr, "%d %s: %s (%s)\n", (int)t->kind, t->path,
                      t->text, t->rule != NULL ? t->rule : "");
}

void
probe_read_init(struct probe_read *p)
{
    memset(p, 0, sizeof(*p));
    p->sink.ops          = &ops;
    p->access.catalog_fd = -1;
    p->access.threads    = 1;
    p->access.report.fn  = on_note;
    p->access.report.ctx = p;
}

void
probe_read_clear(struct probe_read *p)
{
    unsigned int i;

    for (i = 0; i < p->given_count; i++)
        free(p->given[i].content);
    p->given_count = 0;
    p->told_count  = 0;
    p->finished    = false;
}

void
probe_read_fini(struct probe_read *p)
{
    probe_read_clear(p);
}

static enum reel_status
run_session(struct probe_read *p, const char *pattern)
{
    const struct reel_selection selection = {&pattern, pattern != NULL};
    struct reel_session session;
    enum reel_status status;

    status = reel_session_open(&session, &p->access, &selection, &p->err);
    if (status == REEL_OK)
        status = reel_engine_run(&session, &p->sink, &p->result, &p->err);
    reel_session_close(&session);
    return status;
}

enum reel_status
probe_read_opened(struct probe_read *p, const char *pattern)
{
    enum reel_status status;

    probe_read_clear(p);
    memset(&p->err, 0, sizeof(p->err));
    status           = run_session(p, pattern);
    p->access.medium = NULL;
    return status;
}

enum reel_status
probe_read_run(struct probe_read *p, struct reel_memory_tape *tape,
               const char *pattern)
{
    enum reel_status status;
    struct reel_err ignored;

    probe_read_clear(p);
    memset(&p->err, 0, sizeof(p->err));
    status = reel_medium_memory_new(&p->access.medium, tape, REEL_MEDIUM_READ,
                                    &p->err);
    if (status != REEL_OK)
        return status;
    status          = run_session(p, pattern);
    p->medium_calls = reel_memory_tape_calls(tape);
    (void)!reel_medium_close(p->access.medium, &ignored);
    p->access.medium = NULL;
    return status;
}

const struct probe_given *
probe_read_find(const struct probe_read *p, const char *path)
{
    unsigned int i;

    for (i = 0; i < p->given_count; i++)
        if (strcmp(p->given[i].path, path) == 0)
            return &p->given[i];
    return NULL;
}

unsigned int
probe_read_told(const struct probe_read *p, enum reel_note_kind kind)
{
    unsigned int n = 0;
    unsigned int i;

    for (i = 0; i < p->told_count; i++)
        n += p->told[i].kind == kind;
    return n;
}

bool
probe_read_told_of(const struct probe_read *p, enum reel_note_kind kind,
                   const char *path)
{
    unsigned int i;

    for (i = 0; i < p->told_count; i++)
        if (p->told[i].kind == kind && strcmp(p->told[i].path, path) == 0)
            return true;
    return false;
}

unsigned int
probe_read_check(const struct probe_read *p)
{
    unsigned int proven = 0;
    unsigned int i;
    size_t len;

    for (i = 0; i < p->given_count; i++) {
        const struct probe_given *const g = &p->given[i];
        const uint8_t *const content      = probe_tree_content(g->path, &len);

        if (!g->ended || g->outcome != REEL_OUTCOME_PROVEN)
            continue;
        proven++;
        if (g->link || content == NULL)
            continue;
        ck_assert_uint_eq(g->size, len);
        ck_assert_uint_eq(g->got, len);
        if (len > 0)
            ck_assert_mem_eq(g->content, content, len);
    }
    return proven;
}
