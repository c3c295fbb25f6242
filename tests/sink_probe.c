/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of sinks share. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/limits.h"
#include "reel/reparse.h"
#include "sink_probe.h"
#include "remove_tree.h"

static struct reel_err err;

static void
take_note(void *ctx, const struct reel_note *note)
{
    struct probe *p = ctx;
    struct probe_note *n;

    ck_assert_uint_lt(p->note_count, PROBE_NOTES);
    n       = &p->notes[p->note_count++];
    n->kind = note->kind;
    (void)snprintf(n->path, sizeof(n->path), "%.*s",
                   note->path.len < 60 ? (int)note->path.len : 60,
                   note->path.len > 0 ? (const char *)note->path.data : "");
    memcpy(n->text, note->err.text, sizeof(n->text));
}

void
probe_init(struct probe *p)
{
    memset(p, 0, sizeof(*p));
    (void)strcpy(p->dir, "/tmp/reel-sink-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(p->dir));
    (void)strcat(p->dir, "/in");
    ck_assert_int_eq(mkdir(p->dir, 0755), 0);
    p->dir_fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(p->dir_fd, 0);
    p->report.fn             = take_note;
    p->report.ctx            = p;
    p->options.dir_fd        = p->dir_fd;
    p->options.report        = &p->report;
    p->options.numeric_owner = true;
    p->options.temporary_dir = "/tmp";
}

void
probe_fini(struct probe *p)
{
    if (p->sink != NULL)
        p->sink->ops->free(p->sink);
    (void)close(p->dir_fd);
    *strrchr(p->dir, '/') = '\0';
    ck_assert(remove_tree(p->dir));
}

void
probe_start(struct probe *p)
{
    p->note_count = 0;
    p->sink       = p->calls == NULL
                        ? reel_sink_posix_new(&p->options, &err)
                        : reel_sink_posix_new_on(&p->options, p->calls, &err);
    ck_assert_ptr_nonnull(p->sink);
}

enum reel_status
probe_stop(struct probe *p)
{
    const enum reel_status status = p->sink->ops->finish(p->sink, &err);

    p->sink->ops->free(p->sink);
    p->sink = NULL;
    return status;
}

struct reel_object
probe_object(uint8_t kind, const char *path, uint32_t mode)
{
    struct reel_object o;

    memset(&o, 0, sizeof(o));
    o.kind        = kind;
    o.encoding    = REEL_ENCODING_POSIX;
    o.facts       = REEL_FACT_POSIX | REEL_FACT_MODIFIED;
    o.mode        = mode;
    o.uid         = (uint32_t)geteuid();
    o.gid         = (uint32_t)getegid();
    o.modified.s  = 1000000000;
    o.modified.ns = 123456789;
    o.link_count  = 1;
    o.path        = reel_bytes_of(path);
    return o;
}

enum reel_status
probe_stream(struct probe *p, uint32_t ordinal, uint32_t id, uint64_t size)
{
    struct reel_stream s;

    memset(&s, 0, sizeof(s));
    s.ordinal     = ordinal;
    s.header.id   = id;
    s.header.size = size;
    return p->sink->ops->stream(p->sink, &s, &err);
}

enum reel_status
probe_data(struct probe *p, uint32_t ordinal, uint64_t at, uint64_t sparse,
           const void *data, size_t len)
{
    struct reel_data d;

    memset(&d, 0, sizeof(d));
    d.ordinal       = ordinal;
    d.stream_offset = at;
    d.sparse_offset = sparse;
    d.bytes.data    = data;
    d.bytes.len     = len;
    return p->sink->ops->data(p->sink, &d, &err);
}

enum reel_status
probe_file(struct probe *p, uint64_t number, const struct reel_object *o,
           const void *data, size_t len, enum reel_outcome outcome)
{
    struct reel_object copy = *o;

    copy.size = len;
    REEL_TRY(p->sink->ops->begin(p->sink, number, &copy, &err));
    if (len > 0) {
        REEL_TRY(probe_stream(p, 0, REEL_STREAM_DATA, len));
        REEL_TRY(probe_data(p, 0, 0, REEL_NONE64, data, len));
    }
    return p->sink->ops->end(p->sink, NULL, outcome, &err);
}

enum reel_status
probe_directory(struct probe *p, uint64_t number, const struct reel_object *o)
{
    REEL_TRY(p->sink->ops->begin(p->sink, number, o, &err));
    return p->sink->ops->end(p->sink, NULL, REEL_OUTCOME_PROVEN, &err);
}

enum reel_status
probe_special(struct probe *p, uint64_t number, const struct reel_object *o,
              const char *target)
{
    struct reel_reparse r;
    uint8_t body[512];
    struct reel_builder b = reel_builder_init(body, sizeof(body));

    memset(&r, 0, sizeof(r));
    r.tag = reel_reparse_tag(o->kind);
    if (target != NULL) {
        r.version = REEL_REPARSE_VERSION;
        r.target  = reel_bytes_of(target);
    }
    REEL_TRY(reel_reparse_encode(&r, &b, &err));
    REEL_TRY(p->sink->ops->begin(p->sink, number, o, &err));
    REEL_TRY(probe_stream(p, 0, REEL_STREAM_REPARSE_DATA, b.len));
    REEL_TRY(probe_data(p, 0, 0, REEL_NONE64, body, b.len));
    return p->sink->ops->end(p->sink, NULL, REEL_OUTCOME_PROVEN, &err);
}

enum reel_status
probe_link(struct probe *p, const char *path, uint64_t target, bool *made)
{
    struct reel_object o = probe_object(REEL_KIND_LINK, path, 0);

    o.target = target;
    return p->sink->ops->link(p->sink, &o, made, &err);
}

unsigned int
probe_noted(const struct probe *p, enum reel_note_kind kind, const char *part)
{
    unsigned int count = 0;
    unsigned int i;

    for (i = 0; i < p->note_count; i++) {
        if (p->notes[i].kind == kind && strstr(p->notes[i].text, part) != NULL)
            count++;
    }
    return count;
}

bool
probe_holds(const struct probe *p, const char *path, const char *text)
{
    char there[4096];
    const int fd = openat(p->dir_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return false;
    n = read(fd, there, sizeof(there));
    (void)close(fd);
    return n >= 0 && (size_t)n == strlen(text) &&
           memcmp(there, text, (size_t)n) == 0;
}

bool
probe_stat(const struct probe *p, const char *path, struct stat *st)
{
    return fstatat(p->dir_fd, path, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static unsigned int leftovers;

static int
count_leftover(const char *path, const struct stat *st, int type,
               struct FTW *at)
{
    (void)st;
    (void)type;
    if (strncmp(path + at->base, ".reel-", 6) == 0)
        leftovers++;
    return 0;
}

unsigned int
probe_leftovers(const struct probe *p)
{
    leftovers = 0;
    ck_assert_int_eq(nftw(p->dir, count_leftover, 32, FTW_PHYS), 0);
    return leftovers;
}

static unsigned long calls_made;
static unsigned long fail_at;
static int fail_with;
static unsigned long step_in_at;
static void (*step_in_with)(void);

static bool
fails(void)
{
    calls_made++;
    if (calls_made == step_in_at)
        step_in_with();
    if (calls_made != fail_at)
        return false;
    errno = fail_with;
    return true;
}

/* Each wrapper: fail, or pass on. */
#define PASS(type, name, parameters, arguments)                                \
    static type fail_##name parameters                                         \
    {                                                                          \
        return fails() ? -1 : reel_sink_calls_system()->name arguments;        \
    }

PASS(int, openat, (int d, const char *p, int f, mode_t m), (d, p, f, m))
PASS(int, openat2, (int d, const char *p, int f), (d, p, f))
PASS(int, fstatat, (int d, const char *p, struct stat *s, int f), (d, p, s, f))
PASS(int, statx, (int d, const char *p, int f, unsigned int m, struct statx *x),
     (d, p, f, m, x))
PASS(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m))
PASS(int, mknodat, (int d, const char *p, mode_t m, dev_t v), (d, p, m, v))
PASS(int, symlinkat, (const char *t, int d, const char *p), (t, d, p))
PASS(int, linkat, (int d, const char *o, int e, const char *p, int f),
     (d, o, e, p, f))
PASS(int, unlinkat, (int d, const char *p, int f), (d, p, f))
PASS(int, renameat2,
     (int d, const char *o, int e, const char *p, unsigned int f),
     (d, o, e, p, f))
PASS(ssize_t, pread, (int d, void *b, size_t n, off_t a), (d, b, n, a))
PASS(ssize_t, pwrite, (int d, const void *b, size_t n, off_t a), (d, b, n, a))
PASS(int, ftruncate, (int d, off_t n), (d, n))
PASS(ssize_t, readlinkat, (int d, const char *p, char *b, size_t n),
     (d, p, b, n))
PASS(int, fchownat, (int d, const char *p, uid_t u, gid_t g, int f),
     (d, p, u, g, f))
PASS(int, fchmod, (int d, mode_t m), (d, m))
PASS(int, chmod, (const char *p, mode_t m), (p, m))
PASS(int, futimens, (int d, const struct timespec t[2]), (d, t))
PASS(int, utimensat, (int d, const char *p, const struct timespec t[2], int f),
     (d, p, t, f))
PASS(int, fsetxattr, (int d, const char *k, const void *v, size_t n, int f),
     (d, k, v, n, f))
PASS(int, setxattr,
     (const char *p, const char *k, const void *v, size_t n, int f),
     (p, k, v, n, f))
PASS(int, removexattr, (const char *p, const char *k), (p, k))
PASS(ssize_t, getxattr, (const char *p, const char *k, void *v, size_t n),
     (p, k, v, n))

/* Nothing here has to outlast a loss of power, and a busy disk takes long. */
static int
fail_syncfs(int fd)
{
    (void)fd;
    return fails() ? -1 : 0;
}

/* As the kernel does it: an error of close closes all the same. */
static int
fail_close(int fd)
{
    const bool failing = fails();
    const int error    = errno;
    const int result   = reel_sink_calls_system()->close(fd);

    errno = error;
    return failing ? -1 : result;
}

static int
no_openat2(int dir, const char *path, int flags)
{
    (void)dir;
    (void)path;
    (void)flags;
    errno = ENOSYS;
    return -1;
}

const struct reel_sink_calls *
probe_calls(unsigned long n, int error, const unsigned long **made)
{
    static const struct reel_sink_calls table = {
        .openat      = fail_openat,
        .openat2     = fail_openat2,
        .close       = fail_close,
        .fstatat     = fail_fstatat,
        .statx       = fail_statx,
        .mkdirat     = fail_mkdirat,
        .mknodat     = fail_mknodat,
        .symlinkat   = fail_symlinkat,
        .linkat      = fail_linkat,
        .unlinkat    = fail_unlinkat,
        .renameat2   = fail_renameat2,
        .pread       = fail_pread,
        .pwrite      = fail_pwrite,
        .ftruncate   = fail_ftruncate,
        .readlinkat  = fail_readlinkat,
        .fchownat    = fail_fchownat,
        .fchmod      = fail_fchmod,
        .chmod       = fail_chmod,
        .futimens    = fail_futimens,
        .utimensat   = fail_utimensat,
        .fsetxattr   = fail_fsetxattr,
        .setxattr    = fail_setxattr,
        .removexattr = fail_removexattr,
        .getxattr    = fail_getxattr,
        .syncfs      = fail_syncfs,
    };

    calls_made = 0;
    step_in_at = 0;
    fail_at    = n;
    fail_with  = error;
    *made      = &calls_made;
    return &table;
}

const struct reel_sink_calls *
probe_calls_interrupted(unsigned long n, void (*step_in)(void), bool old_kernel,
                        const unsigned long **made)
{
    static struct reel_sink_calls table;

    table        = *probe_calls(0, 0, made);
    step_in_at   = n;
    step_in_with = step_in;
    if (old_kernel)
        table.openat2 = no_openat2;
    return &table;
}

const struct reel_sink_calls *
probe_calls_old_kernel(void)
{
    static struct reel_sink_calls table;

    table         = *reel_sink_calls_system();
    table.openat2 = no_openat2;
    return &table;
}
