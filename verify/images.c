/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 2.1 and 9.7; verify: which image is which volume. */
#include "images.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reel/alloc.h"
#include "reel/medium_tap.h"
#include "reel/tap_frame.h"
#include "set.h"

#define CAPACITY_MIN 16U

/* ----------------------------------------------------------------- one file */

static enum reel_status
system_refused(const char *name, struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "%.70s: %s", name,
                     strerror(errno));
}

/* Is a file that is not whole a tap file all the same? The contract of the
   suite says by what it is known. */
static bool
tap_in_front(int fd)
{
    uint8_t front[REEL_TAP_WORD_BYTES + 4] = {0};
    const ssize_t have                     = pread(fd, front, sizeof(front), 0);
    const uint8_t *const behind            = front + REEL_TAP_WORD_BYTES;
    const enum reel_tap_kind kind          = reel_tap_word_decode(front).kind;

    if (have < (ssize_t)REEL_TAP_WORD_BYTES)
        return have >= 0;
    return kind == REEL_TAP_MARK || kind == REEL_TAP_GAP ||
           kind == REEL_TAP_MEDIUM_END || memcmp(behind, "VOL1", 4) == 0 ||
           memcmp(behind, reel_block_magic, 4) == 0;
}

/* An image that is cut is damaged; what is no image at all is refused. */
static enum reel_status
open_image(const struct reel_images *s, const char *name,
           struct reel_medium **out, struct reel_err *err)
{
    const struct reel_medium_open_opts opts = {.opener = s->opener};
    const int fd =
        reel_medium_opener_open(s->opener, name, O_RDONLY | O_NONBLOCK);
    enum reel_status status;
    struct stat st;

    if (fd < 0)
        return system_refused(name, err);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "%.70s is no file; name .tap images", name);
    }
    status = reel_medium_open_with(out, name, REEL_MEDIUM_READ, &opts, err);
    if (status == REEL_E_MAGIC && tap_in_front(fd))
        return reel_medium_tap_file_new(out, fd, REEL_MEDIUM_READ, NULL, err);
    (void)close(fd);
    return status;
}

/* -------------------------------------------------------- what blocks tell */

static void
vote(struct reel_image *image, const struct reel_block_header *h)
{
    struct reel_image_vote *v;
    size_t i;

    for (i = 0; i < image->vote_count; i++) {
        v = &image->votes[i];
        if (v->volume == h->volume &&
            memcmp(v->set_id, h->set_id, sizeof(v->set_id)) == 0) {
            v->blocks++;
            return;
        }
    }
    if (image->vote_count == REEL_IMAGE_VOTES_MAX)
        return;
    v         = &image->votes[image->vote_count++];
    v->volume = h->volume;
    v->blocks = 1;
    memcpy(v->set_id, h->set_id, sizeof(v->set_id));
}

/* V-6 */
static void
meet_set(struct reel_image *image, const struct reel_block_header *h)
{
    const bool pair =
        image->good > 0 && !image->paired &&
        memcmp(image->last_id, h->set_id, sizeof(image->last_id)) == 0;

    if (image->good == 0 || pair)
        memcpy(image->set_id, h->set_id, sizeof(image->set_id));
    image->paired = image->paired || pair;
    image->good++;
    memcpy(image->last_id, h->set_id, sizeof(image->last_id));
}

static int
compare_runs(const void *left, const void *right)
{
    const struct reel_image_run *const a = left;
    const struct reel_image_run *const b = right;
    const int ids = memcmp(a->set_id, b->set_id, sizeof(a->set_id));

    if (ids != 0)
        return ids;
    if (a->run.archive != b->run.archive)
        return a->run.archive < b->run.archive ? -1 : 1;
    if (a->run.run != b->run.run)
        return a->run.run < b->run.run ? -1 : 1;
    if (a->run.start != b->run.start)
        return a->run.start < b->run.start ? -1 : 1;
    return 0;
}

/* Keep each run once: every block of it states it. */
static void
drop_twins(struct reel_images *s)
{
    size_t kept = 0;
    size_t i;

    if (s->run_count > 1)
        qsort(s->runs, s->run_count, sizeof(*s->runs), compare_runs);
    for (i = 0; i < s->run_count; i++)
        if (kept == 0 || compare_runs(&s->runs[kept - 1], &s->runs[i]) != 0)
            s->runs[kept++] = s->runs[i];
    s->run_count = kept;
}

/* Without twins half of the room is free, so that they are not looked for
   often. */
static enum reel_status
make_room(struct reel_images *s, struct reel_err *err)
{
    const size_t capacity =
        s->run_capacity == 0 ? CAPACITY_MIN : 2 * s->run_capacity;
    struct reel_image_run *more;

    if (s->run_count < s->run_capacity)
        return REEL_OK;
    drop_twins(s);
    if (s->run_count < s->run_capacity / 2)
        return REEL_OK;
    more = reel_realloc_array(s->runs, capacity, sizeof(*more));
    if (more == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the list of runs");
    s->runs         = more;
    s->run_capacity = capacity;
    return REEL_OK;
}

static enum reel_status
meet_run(struct reel_images *s, const struct reel_block_header *h,
         struct reel_err *err)
{
    struct reel_image_run run = {.run = {h->archive, h->run, h->run_start}};

    memcpy(run.set_id, h->set_id, sizeof(run.set_id));
    if (h->run == 0 || (s->run_count > 0 &&
                        compare_runs(&s->runs[s->run_count - 1], &run) == 0))
        return REEL_OK;
    REEL_TRY(make_room(s, err));
    s->runs[s->run_count++] = run;
    return REEL_OK;
}

static enum reel_status
read_image(struct reel_images *s, struct reel_image *image,
           struct reel_medium *medium, uint8_t *buf, struct reel_err *err)
{
    struct reel_block_header h;
    enum reel_event event;
    enum reel_status status;
    struct reel_err why;
    size_t len;

    for (;;) {
        if (reel_stop_asked(s->report))
            return reel_fail(err, REEL_E_STOPPED, NULL, NULL,
                             "stopped on request");
        REEL_TRY(reel_medium_read(medium, buf, REEL_VERIFY_READ_BYTES, &event,
                                  &len, err));
        if (event == REEL_EVENT_END)
            return REEL_OK;
        if (event != REEL_EVENT_BLOCK)
            continue;
        status = reel_block_decode(&h, buf, len, NULL, &why);
        if (status == REEL_E_UNSUPPORTED) {
            if (err != NULL)
                *err = why;
            return status;
        }
        if (status == REEL_OK)
            REEL_TRY(meet_run(s, &h, err));
        if (status == REEL_OK) {
            vote(image, &h);
            meet_set(image, &h);
        }
    }
}

static enum reel_status
read_all(struct reel_images *s, uint8_t *buf, struct reel_err *err)
{
    struct reel_medium *medium = NULL;
    enum reel_status status;
    struct reel_err second;
    size_t i;

    for (i = 0; i < s->count; i++) {
        REEL_TRY(open_image(s, s->list[i].name, &medium, err));
        status = read_image(s, &s->list[i], medium, buf, err);
        if (reel_medium_close(medium, &second) != REEL_OK &&
            status == REEL_OK) {
            status = second.status;
            if (err != NULL)
                *err = second;
        }
        REEL_TRY(status);
    }
    return REEL_OK;
}

/* ----------------------------------------------------------------- verdicts */

static bool
taken(const struct reel_images *s, uint32_t number)
{
    size_t i;

    for (i = 0; i < s->count; i++)
        if (s->list[i].number == number)
            return true;
    return false;
}

/* The volume that most of its blocks of the set name; 0: none does. */
static uint32_t
volume_of(const struct reel_image *image,
          const uint8_t set_id[REEL_SET_ID_BYTES])
{
    const struct reel_image_vote *most = NULL;
    size_t i;

    for (i = 0; i < image->vote_count; i++)
        if (memcmp(image->votes[i].set_id, set_id, REEL_SET_ID_BYTES) == 0 &&
            (most == NULL || image->votes[i].blocks > most->blocks))
            most = &image->votes[i];
    return most == NULL ? 0 : most->volume;
}

/* V-6: is this the set, after all that was seen before? */
static bool
chosen(const struct reel_images *s, uint32_t first, uint32_t number,
       const uint8_t set_id[REEL_SET_ID_BYTES])
{
    if (number == 0)
        return false;
    if (!s->any || number < first)
        return true;
    return number == first && memcmp(set_id, s->set_id, REEL_SET_ID_BYTES) < 0;
}

/* The set is that of the first volume. */
static void
choose_set(struct reel_images *s)
{
    uint32_t first = 0;
    size_t i;

    for (i = 0; i < s->count; i++) {
        const struct reel_image *const image = &s->list[i];
        const uint32_t number                = volume_of(image, image->set_id);

        if (!chosen(s, first, number, image->set_id))
            continue;
        first  = number;
        s->any = true;
        memcpy(s->set_id, image->set_id, sizeof(s->set_id));
    }
}

/* The volume that it is, unless another image is that already. */
static void
number_image(struct reel_images *s, struct reel_image *image)
{
    const uint32_t number = volume_of(image, s->set_id);

    if (number == 0 || taken(s, number))
        return;
    image->number = number;
    if (number > s->highest)
        s->highest = number;
    if (s->lowest == 0 || number < s->lowest)
        s->lowest = number;
}

static enum reel_status
choose_runs(struct reel_images *s, struct reel_err *err)
{
    size_t i;

    for (i = 0; i < s->run_count; i++)
        if (memcmp(s->runs[i].set_id, s->set_id, sizeof(s->set_id)) == 0)
            REEL_TRY(reel_known_add_run(&s->known, &s->runs[i].run, err));
    return REEL_OK;
}

/* -------------------------------------------------------------- as volumes */

static enum reel_status
get(void *ctx, const struct reel_volume_wish *wish, struct reel_medium **medium,
    struct reel_err *err)
{
    struct reel_images *const s   = ctx;
    struct reel_medium *const old = s->medium;
    size_t i;

    s->medium = NULL;
    REEL_TRY(reel_medium_close(old, err));
    for (i = 0; i < s->count; i++) {
        if (wish->refused != NULL || wish->number == 0 ||
            s->list[i].number != wish->number)
            continue;
        REEL_TRY(open_image(s, s->list[i].name, &s->medium, err));
        *medium = s->medium;
        return REEL_OK;
    }
    return REEL_END;
}

enum reel_status
reel_images_open(struct reel_images *s,
                 const struct reel_extract_options *options,
                 struct reel_err *err)
{
    uint8_t *const buf = reel_alloc_array(REEL_VERIFY_READ_BYTES, 1);
    enum reel_status status;
    size_t i;

    memset(s, 0, sizeof(*s));
    s->opener  = options->opener;
    s->report  = &options->report;
    s->volumes = (struct reel_volumes){s, get};
    s->list    = reel_alloc_array(options->image_count, sizeof(*s->list));
    if (buf == NULL || s->list == NULL) {
        reel_free(buf);
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to read the images");
    }
    s->count = options->image_count;
    for (i = 0; i < s->count; i++)
        s->list[i].name = options->images[i];
    status = read_all(s, buf, err);
    reel_free(buf);
    REEL_TRY(status);
    choose_set(s);
    for (i = 0; s->any && i < s->count; i++)
        number_image(s, &s->list[i]);
    return choose_runs(s, err);
}

void
reel_images_fini(struct reel_images *s)
{
    struct reel_err err;

    reel_known_fini(&s->known);
    reel_free(s->runs);
    reel_free(s->list);
    if (reel_medium_close(s->medium, &err) != REEL_OK)
        return; /* it was only read */
}
