/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 12; verify: what is accepted of a set, out of its images. */
#include "reel/extract.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "extract_stream.h"
#include "images.h"
#include "listener.h"
#include "reel/alloc.h"
#include "reel/number_set.h"

/* What can name an object, in the order in which it is believed. */
enum source { FROM_DATA, FROM_CATALOG, FROM_CHECKPOINTS, SOURCES };

struct named {
    uint32_t archive;
    uint64_t number;
    uint64_t log_end;
};

struct extraction {
    const struct reel_extract_options *options;
    struct reel_extract_result *result;
    int dir_fd;
    struct reel_images images;
    struct reel_extract_log logs[SOURCES];
    struct reel_extract_log archives;
    struct reel_extract_log notes;
    struct reel_extract_stream stream;

    /* The object at hand, and which were met, of its archive. */
    bool open;
    bool again; /* its number was met before: it is passed over */
    uint32_t archive;
    uint64_t number;
    struct reel_number_set met;
    uint64_t met_last; /* 0: none */

    /* The last object that is in the log of each source; and how it was before
       the row of names at hand, which may turn out not to count. */
    struct named last[SOURCES];
    struct named before[SOURCES];
};

/* ---------------------------------------------------------- objects go by */

static enum reel_status
end_object(struct extraction *x, enum reel_extract_status how,
           struct reel_err *err)
{
    const struct reel_extract_item end = {.type   = REEL_EXTRACT_OBJECT_END,
                                          .status = how};

    if (!x->open)
        return REEL_OK;
    x->open = false;
    if (x->again)
        return REEL_OK;
    x->result->objects++;
    if (how == REEL_EXTRACT_PARTIAL)
        x->result->damage = true;
    REEL_TRY(reel_extract_stream_close(&x->stream, err));
    return reel_extract_log_add(&x->logs[FROM_DATA], &end, err);
}

/* Was an object of this number met? */
static bool
met(const struct extraction *x, uint32_t archive, uint64_t number)
{
    if (archive != x->archive)
        return archive < x->archive;
    return reel_number_set_has(&x->met, number);
}

static enum reel_status
begin_object(struct extraction *x, const struct reel_extract_item *item,
             struct reel_err *err)
{
    REEL_TRY(end_object(x, REEL_EXTRACT_PARTIAL, err));
    if (item->archive != x->archive) {
        reel_number_set_fini(&x->met);
        x->met_last = 0;
    }
    x->archive = item->archive;
    x->number  = item->object;
    x->open    = true;
    x->again   = x->met_last != 0 && item->object <= x->met_last;
    if (x->again || item->object == UINT64_MAX)
        return REEL_OK;
    REEL_TRY(reel_number_set_add(&x->met, item->object, err));
    x->met_last = item->object;
    return reel_extract_log_add(&x->logs[FROM_DATA], item, err);
}

static struct reel_extract_item
describe(uint32_t archive, uint64_t number, const struct reel_object *o)
{
    return (struct reel_extract_item){.type     = REEL_EXTRACT_OBJECT,
                                      .archive  = archive,
                                      .object   = number,
                                      .kind     = o->kind,
                                      .encoding = o->encoding,
                                      .outside =
                                          (o->facts & REEL_FACT_OUTSIDE) != 0,
                                      .target = o->target,
                                      .octets = o->path};
}

static enum reel_status
on_object(void *ctx, uint32_t archive, uint64_t number,
          const struct reel_object *o, struct reel_err *err)
{
    const struct reel_extract_item item = describe(archive, number, o);

    return begin_object(ctx, &item, err);
}

static enum reel_status
on_orphan(void *ctx, uint32_t archive, uint64_t number,
          const struct reel_continued *k, struct reel_err *err)
{
    const struct reel_extract_item item = {.type     = REEL_EXTRACT_OBJECT,
                                           .archive  = archive,
                                           .object   = number,
                                           .kind     = k->kind,
                                           .encoding = k->encoding,
                                           .octets   = k->path};

    return begin_object(ctx, &item, err);
}

static enum reel_status
on_stream(void *ctx, const struct reel_stream *s, struct reel_err *err)
{
    struct extraction *const x = ctx;

    if (!x->open || x->again ||
        (x->stream.object == x->number && x->stream.archive == x->archive &&
         s->ordinal < x->stream.ordinal))
        return REEL_OK;
    return reel_extract_stream_begin(&x->stream, x->archive, x->number, s, err);
}

static enum reel_status
on_data(void *ctx, const struct reel_data *d, struct reel_err *err)
{
    struct extraction *const x = ctx;

    if (!x->open || x->again)
        return REEL_OK;
    return reel_extract_stream_data(&x->stream, d, err);
}

static enum reel_status
tell_bad_ranges(struct extraction *x, const struct reel_object_end *e,
                struct reel_err *err)
{
    uint32_t i;

    REEL_TRY(reel_extract_stream_close(&x->stream, err));
    for (i = 0; i < e->bad_ranges; i++) {
        const struct reel_bad_range r      = reel_object_end_bad_range(e, i);
        const struct reel_extract_item bad = {.type    = REEL_EXTRACT_BAD,
                                              .ordinal = r.ordinal,
                                              .from    = r.offset,
                                              .to      = r.offset + r.len};

        REEL_TRY(reel_extract_log_add(&x->logs[FROM_DATA], &bad, err));
    }
    return REEL_OK;
}

static enum reel_status
on_end(void *ctx, const struct reel_object_end *e,
       enum reel_walk_outcome outcome, struct reel_err *err)
{
    struct extraction *const x   = ctx;
    enum reel_extract_status how = REEL_EXTRACT_PARTIAL;

    if (!x->open)
        return REEL_OK;
    if (e != NULL && !x->again)
        REEL_TRY(tell_bad_ranges(x, e, err));
    if (outcome == REEL_WALK_TORN)
        how = REEL_EXTRACT_TORN;
    else if (e != NULL && outcome != REEL_WALK_DAMAGED)
        how = e->flags == 0 && e->bad_ranges == 0 ? REEL_EXTRACT_COMPLETE
                                                  : REEL_EXTRACT_FLAWED;
    return end_object(x, how, err);
}

/* ------------------------------------------------------- what names objects */

/* Only what was not met by then waits to be told; where it is met later, that
   is told instead. */
static enum reel_status
on_named(void *ctx, uint32_t archive, bool checkpoint, uint64_t number,
         const struct reel_object *o, struct reel_err *err)
{
    struct extraction *const x = ctx;
    const enum source from     = checkpoint ? FROM_CHECKPOINTS : FROM_CATALOG;
    const struct reel_extract_item item = describe(archive, number, o);

    if (met(x, archive, number) ||
        (x->last[from].archive == archive && number <= x->last[from].number))
        return REEL_OK;
    x->last[from].archive = archive;
    x->last[from].number  = number;
    return reel_extract_log_add(&x->logs[from], &item, err);
}

static void
on_named_end(void *ctx, bool checkpoint, bool agrees)
{
    struct extraction *const x = ctx;
    const enum source from     = checkpoint ? FROM_CHECKPOINTS : FROM_CATALOG;

    if (agrees) {
        x->last[from].log_end = reel_extract_log_end(&x->logs[from]);
        x->before[from]       = x->last[from];
        return;
    }
    reel_extract_log_back(&x->logs[from], x->before[from].log_end);
    x->last[from] = x->before[from];
}

static enum reel_status
on_archive(void *ctx, const struct reel_listened_archive *a,
           struct reel_err *err)
{
    struct extraction *const x    = ctx;
    struct reel_extract_item item = {.type     = REEL_EXTRACT_ARCHIVE,
                                     .archive  = a->archive,
                                     .complete = a->complete,
                                     .whole    = a->whole};

    REEL_TRY(end_object(x, REEL_EXTRACT_PARTIAL, err));
    memcpy(item.digest, a->fingerprint, sizeof(item.digest));
    x->result->damage = x->result->damage || !a->complete;
    return reel_extract_log_add(&x->archives, &item, err);
}

/* ------------------------------------------------------------- diagnostics */

struct note_taker {
    struct extraction *x;
    enum reel_status status; /* of the first that could not be kept */
    struct reel_err err;
};

static void
on_note(void *ctx, const struct reel_note *note)
{
    struct note_taker *const t    = ctx;
    struct reel_extract_item item = {.type = REEL_EXTRACT_NOTE, .note = *note};

    if (note->kind <= REEL_NOTE_OMITTED || t->status != REEL_OK)
        return;
    t->x->result->damage = true;
    t->status            = reel_extract_log_add(&t->x->notes, &item, &t->err);
}

static void
on_progress(void *ctx, uint64_t bytes, uint64_t objects)
{
    const struct note_taker *const t     = ctx;
    const struct reel_reporter *const to = &t->x->options->report;

    if (to->progress != NULL)
        to->progress(to->ctx, bytes, objects);
}

/* An image that is no volume of the set. */
static void
note_image(struct note_taker *t, const struct reel_image *image)
{
    struct reel_note note = {.kind = REEL_NOTE_DAMAGE};

    if (image->good == 0)
        (void)reel_fail(&note.err, REEL_E_CORRUPT, NULL, NULL,
                        "%.70s: no good block stands on it", image->name);
    else
        (void)reel_fail(&note.err, REEL_E_MISUSE, NULL, NULL,
                        "%.70s: passed over; it is of another set, or a "
                        "volume that is there already",
                        image->name);
    on_note(t, &note);
}

/* ------------------------------------------------------------------- judging
 */

static enum reel_status
judge(struct extraction *x, struct note_taker *notes, struct reel_err *err)
{
    const struct reel_verify_listener listener = {
        x,      on_object, on_orphan,    on_stream, on_data,
        on_end, on_named,  on_named_end, on_archive};
    const struct reel_volume_wish first  = {.number = x->images.lowest};
    const struct reel_verify_known known = {x->images.set_id, &x->images.known,
                                            x->images.lowest,
                                            x->images.highest};
    struct reel_verify_options options   = {.volumes = &x->images.volumes,
                                            .depth   = REEL_VERIFY_FULL,
                                            .threads = x->options->threads};
    struct reel_verify_result result;
    enum reel_status status;

    options.report          = x->options->report;
    options.report.fn       = on_note;
    options.report.progress = on_progress;
    options.report.ctx      = notes;
    REEL_TRY(x->images.volumes.get(&x->images, &first, &options.medium, err));
    status = reel_verify_listened(&options, &known, &listener, &result, err);
    if (status != REEL_OK)
        return status;
    if (result.archives == 0 || result.diagnostics > 0 ||
        result.missing_volumes > 0 || result.damaged + result.lost > 0)
        x->result->damage = true;
    return REEL_OK;
}

static enum reel_status
judge_all(struct extraction *x, struct reel_err *err)
{
    struct note_taker notes = {.x = x};
    size_t i;

    for (i = 0; i < x->images.count; i++)
        if (x->images.list[i].number == 0)
            note_image(&notes, &x->images.list[i]);
    if (x->images.any)
        REEL_TRY(judge(x, &notes, err));
    if (notes.status != REEL_OK && err != NULL)
        *err = notes.err;
    x->result->bytes = x->stream.bytes;
    return notes.status;
}

/* ------------------------------------------------------------------- telling
 */

struct teller {
    void (*fn)(void *ctx, const struct reel_extract_item *item);
    void *ctx;
};

static enum reel_status
tell_log(struct reel_extract_log *log, const struct teller *to,
         struct reel_err *err)
{
    struct reel_extract_item item;
    enum reel_status status;

    REEL_TRY(reel_extract_log_rewind(log, err));
    while ((status = reel_extract_log_next(log, &item, err)) == REEL_OK)
        to->fn(to->ctx, &item);
    return status == REEL_END ? REEL_OK : status;
}

/* Rows of objects, to be merged. */
struct merge {
    struct extraction *x;
    const struct teller *to;
    bool have[SOURCES];
    struct reel_extract_item item[SOURCES]; /* OBJECT */
};

static enum reel_status
advance(struct merge *m, enum source of, struct reel_err *err)
{
    const enum reel_status status =
        reel_extract_log_next(&m->x->logs[of], &m->item[of], err);

    m->have[of] = status == REEL_OK;
    return status == REEL_END ? REEL_OK : status;
}

static int
compare(const struct reel_extract_item *a, const struct reel_extract_item *b)
{
    if (a->archive != b->archive)
        return a->archive < b->archive ? -1 : 1;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    return 0;
}

/* The object at the front of the data, with all that belongs to it. */
static enum reel_status
tell_object(struct merge *m, struct reel_err *err)
{
    while (m->have[FROM_DATA]) {
        const bool last = m->item[FROM_DATA].type == REEL_EXTRACT_OBJECT_END;

        m->to->fn(m->to->ctx, &m->item[FROM_DATA]);
        REEL_TRY(advance(m, FROM_DATA, err));
        if (last)
            break;
    }
    return REEL_OK;
}

static void
tell_lost(struct merge *m, enum source of)
{
    const struct reel_extract_item end = {.type   = REEL_EXTRACT_OBJECT_END,
                                          .status = REEL_EXTRACT_LOST};

    m->x->result->damage = true;
    m->x->result->objects++;
    m->to->fn(m->to->ctx, &m->item[of]);
    m->to->fn(m->to->ctx, &end);
}

/* Tell the least object, and drop what else is known of it. */
static enum reel_status
tell_least(struct merge *m, struct reel_err *err)
{
    struct reel_extract_item at;
    enum source least = SOURCES;
    int i;

    for (i = 0; i < (int)SOURCES; i++)
        if (m->have[i] &&
            (least == SOURCES || compare(&m->item[i], &m->item[least]) < 0))
            least = (enum source)i;
    at = m->item[least];
    if (least == FROM_DATA)
        REEL_TRY(tell_object(m, err));
    else
        tell_lost(m, least);
    for (i = (int)FROM_CATALOG; i < (int)SOURCES; i++)
        if (m->have[i] && compare(&m->item[i], &at) == 0)
            REEL_TRY(advance(m, (enum source)i, err));
    return REEL_OK;
}

static enum reel_status
tell_objects(struct extraction *x, const struct teller *to,
             struct reel_err *err)
{
    struct merge m = {.x = x, .to = to};
    int i;

    for (i = 0; i < (int)SOURCES; i++) {
        REEL_TRY(reel_extract_log_rewind(&x->logs[i], err));
        REEL_TRY(advance(&m, (enum source)i, err));
    }
    while (m.have[FROM_DATA] || m.have[FROM_CATALOG] ||
           m.have[FROM_CHECKPOINTS])
        REEL_TRY(tell_least(&m, err));
    return REEL_OK;
}

static enum reel_status
tell_all(struct extraction *x, const struct teller *to, struct reel_err *err)
{
    REEL_TRY(tell_log(&x->archives, to, err));
    REEL_TRY(tell_objects(x, to, err));
    return tell_log(&x->notes, to, err);
}

/* ------------------------------------------------------------- the directory
 */

/* Its names, from the first on; NULL with errno set. */
static DIR *
list_names(int fd)
{
    const int own   = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    DIR *const dir  = own >= 0 ? fdopendir(own) : NULL;
    const int error = errno;

    if (dir != NULL)
        rewinddir(dir);
    else if (own >= 0)
        (void)close(own);
    errno = error;
    return dir;
}

/* NULL: errno says why, 0 at the end. */
static const struct dirent *
next_name(DIR *dir)
{
    errno = 0;
    return readdir(dir);
}

/* Nothing but "." and ".."? */
static enum reel_status
check_empty(const char *name, int fd, struct reel_err *err)
{
    DIR *const dir = list_names(fd);
    int count      = 0;
    int error      = errno;

    if (dir != NULL) {
        while (count <= 2 && next_name(dir) != NULL)
            count++;
        error = count <= 2 ? errno : 0;
        (void)closedir(dir);
    }
    if (error != 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%.70s: %s", name,
                         strerror(error));
    if (count <= 2)
        return REEL_OK;
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL,
                     "the directory %.60s is not empty", name);
}

static enum reel_status
open_directory(struct extraction *x, const char *name, struct reel_err *err)
{
    x->dir_fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (x->dir_fd < 0)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%.70s: %s", name,
                         strerror(errno));
    return check_empty(name, x->dir_fd, err);
}

/* Take away all that is there; 0, or the errno of what stays. */
static int
remove_all(int fd)
{
    DIR *const dir = list_names(fd);
    const struct dirent *entry;
    int error = 0;

    if (dir == NULL)
        return errno;
    while ((entry = next_name(dir)) != NULL)
        if (entry->d_name[0] != '.' && unlinkat(fd, entry->d_name, 0) != 0)
            error = errno;
    error = error != 0 ? error : errno;
    (void)closedir(dir);
    return error;
}

/* Nothing may be given out: take away what was. */
static enum reel_status
take_back(const struct extraction *x, struct reel_err *err)
{
    const int error = remove_all(x->dir_fd);

    if (error == 0)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the volumes are refused, but what was given out of them "
                     "cannot be taken back: %.40s",
                     strerror(error));
}

/* ----------------------------------------------------------------- all of it
 */

static void
init(struct extraction *x, const struct reel_extract_options *options,
     struct reel_extract_result *result)
{
    int i;

    memset(x, 0, sizeof(*x));
    x->options = options;
    x->result  = result;
    x->dir_fd  = -1;
    for (i = 0; i < (int)SOURCES; i++)
        reel_extract_log_init(&x->logs[i], options->directory);
    reel_extract_log_init(&x->archives, options->directory);
    reel_extract_log_init(&x->notes, options->directory);
}

static void
fini(struct extraction *x)
{
    int i;

    for (i = 0; i < (int)SOURCES; i++)
        reel_extract_log_fini(&x->logs[i]);
    reel_extract_log_fini(&x->archives);
    reel_extract_log_fini(&x->notes);
    reel_extract_stream_fini(&x->stream);
    reel_number_set_fini(&x->met);
    reel_images_fini(&x->images);
    if (x->dir_fd >= 0)
        (void)close(x->dir_fd);
}

static enum reel_status
extract(struct extraction *x, const struct teller *to, struct reel_err *err)
{
    const struct reel_extract_options *const o = x->options;
    enum reel_status status;
    struct reel_err second;

    REEL_TRY(open_directory(x, o->directory, err));
    reel_extract_stream_init(&x->stream, x->dir_fd, &x->logs[FROM_DATA]);
    REEL_TRY(reel_images_open(&x->images, o, err));
    status = judge_all(x, err);
    if (status == REEL_E_UNSUPPORTED && take_back(x, &second) != REEL_OK) {
        if (err != NULL)
            *err = second;
        return second.status;
    }
    REEL_TRY(status);
    return tell_all(x, to, err);
}

enum reel_status
reel_extract(const struct reel_extract_options *options,
             void (*tell)(void *ctx, const struct reel_extract_item *item),
             void *ctx, struct reel_extract_result *result,
             struct reel_err *err)
{
    const struct teller to = {tell, ctx};
    struct extraction *x;
    enum reel_status status;

    memset(result, 0, sizeof(*result));
    x = reel_alloc_array(1, sizeof(*x));
    if (x == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to extract");
    init(x, options, result);
    status = extract(x, &to, err);
    fini(x);
    reel_free(x);
    return status;
}
