/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier over sets of volumes and over runs (spec 3.3, 9.3, 9.7). */
#include <stdio.h>
#include <string.h>

#include "image_objects.h"
#include "image_server.h"
#include "reel/alloc.h"
#include "reel/verify.h"
#include "suite.h"

#define BIG_BYTES 20000U

/* What a verification said. */
struct said {
    struct reel_verify_result result;
    enum reel_status status;
    struct reel_err err;
    char rules[1024]; /* of all notes but INFO, "B-3@1:20 wanted@2:0 " */
    char texts[4096];
    char volumes[64]; /* numbers of those that were read */
    uint64_t items;
};

static void
take_note(void *ctx, const struct reel_note *note)
{
    struct said *const s = ctx;
    const size_t at      = strlen(s->rules);
    const size_t text_at = strlen(s->texts);
    const char *rule     = note->err.rule == NULL ? "-" : note->err.rule;

    (void)snprintf(s->texts + text_at, sizeof(s->texts) - text_at,
                   "%s at %u:%llu: %s\n", rule, note->err.pos.volume,
                   (unsigned long long)note->err.pos.block, note->err.text);
    if (note->kind == REEL_NOTE_INFO)
        return;
    (void)snprintf(s->rules + at, sizeof(s->rules) - at, "%s@%u:%llu ",
                   note->kind == REEL_NOTE_WANTED ? "wanted" : rule,
                   note->err.pos.volume,
                   (unsigned long long)note->err.pos.block);
}

static void
take_item(void *ctx, const struct reel_verify_item *item)
{
    struct said *const s = ctx;

    (void)item;
    s->items++;
}

static void
take_volume(void *ctx, const struct reel_verify_volume_read *v)
{
    struct said *const s = ctx;
    const size_t at      = strlen(s->volumes);

    ck_assert_uint_gt(v->blocks, 0);
    ck_assert_uint_gt(v->bytes, 0);
    (void)snprintf(s->volumes + at, sizeof(s->volumes) - at, "%u ", v->number);
}

static struct reel_verify_options
options_of(struct said *s)
{
    struct reel_verify_options o;

    memset(s, 0, sizeof(*s));
    memset(&o, 0, sizeof(o));
    o.depth      = REEL_VERIFY_FULL;
    o.threads    = 1;
    o.item       = take_item;
    o.item_ctx   = s;
    o.volume     = take_volume;
    o.volume_ctx = s;
    o.report.fn  = take_note;
    o.report.ctx = s;
    return o;
}

static struct said *
verify_with(struct image_server *server, uint32_t first,
            enum reel_verify_depth depth, unsigned int threads)
{
    static struct said s;
    struct reel_verify_options o = options_of(&s);

    o.depth        = depth;
    o.threads      = threads;
    o.volumes      = &server->volumes;
    o.medium       = image_server_open(server, first);
    server->log[0] = '\0';
    s.status       = reel_verify(&o, &s.result, &s.err);
    image_server_close(server);
    return &s;
}

static struct said *
verify_set(struct image *i)
{
    struct image_server server;

    image_server_init(&server, i);
    return verify_with(&server, 1, REEL_VERIFY_FULL, 1);
}

/* One volume, and no way to another. */
static struct said *
verify_alone(struct reel_memory_tape *tape)
{
    static struct said s;
    struct reel_verify_options o = options_of(&s);

    ck_assert_int_eq(
        reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL),
        REEL_OK);
    s.status = reel_verify(&o, &s.result, &s.err);
    ck_assert_int_eq(reel_medium_close(o.medium, NULL), REEL_OK);
    return &s;
}

static void
assert_clean(const struct said *s)
{
    ck_assert_msg(s->status == REEL_OK, "%s", s->err.text);
    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.missing_volumes, 0);
    ck_assert_uint_eq(s->result.damaged + s->result.lost, 0);
    ck_assert_uint_eq(s->result.incomplete_archives, 0);
    ck_assert(s->result.last.complete);
}

static void
put_objects(struct image *i)
{
    static uint8_t big[BIG_BYTES];
    uint64_t first;

    image_noise(big, sizeof(big), 7);
    (void)image_directory(i, "");                    /* 1 */
    first = image_file(i, "a", "hello", 5, 2);       /* 2 */
    (void)image_file(i, "big", big, sizeof(big), 1); /* 3 */
    (void)image_link(i, "c", first, "a");            /* 4 */
    (void)image_sparse(i, "hole", big, 3000);        /* 5 */
}

static void
put_more(struct image *i)
{
    (void)image_symlink(i, "l", "a");              /* 6 */
    (void)image_file(i, "m", "", 0, 1);            /* 7 */
    (void)image_file(i, "z", "more of it", 10, 1); /* 8 */
}

#define OBJECTS 8U

static void
begin(struct image *i)
{
    image_volume(i);
    image_archive(i);
}

static struct image *
set_of(uint64_t volume_blocks, bool checkpoint)
{
    const struct image_options o = {.volume_blocks = volume_blocks};
    struct image *const i        = image_new(&o);

    begin(i);
    put_objects(i);
    if (checkpoint)
        image_checkpoint(i);
    put_more(i);
    image_archive_end(i);
    return i;
}

static void
assert_same_archive(const struct said *s, const struct reel_verify_archive *one)
{
    ck_assert_uint_eq(s->result.last.objects, one->objects);
    ck_assert_uint_eq(s->result.last.stream_bytes, one->stream_bytes);
    ck_assert_mem_eq(s->result.last.fingerprint, one->fingerprint,
                     sizeof(one->fingerprint));
}

static struct reel_verify_archive
one_volume_archive(void)
{
    struct image *const i      = set_of(0, false);
    const struct said *const s = verify_set(i);

    assert_clean(s);
    ck_assert_uint_eq(s->result.volumes, 1);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
    return s->result.last;
}

/* ---- sets that are right ---- */

START_TEST(a_set_cut_anywhere_is_the_archive_of_one_volume)
{
    const struct reel_verify_archive one = one_volume_archive();
    struct image *i;
    struct said *s;
    uint64_t n;

    for (n = 1; n < 80; n++) {
        i = image_new(NULL);
        begin(i);
        image_full_after(i, n);
        put_objects(i);
        if (_i == 1)
            image_checkpoint(i);
        put_more(i);
        image_archive_end(i);
        s = verify_set(i);
        ck_assert_msg(s->rules[0] == '\0', "cut at %llu: %s",
                      (unsigned long long)n, s->texts);
        assert_clean(s);
        ck_assert_uint_eq(s->result.proven, OBJECTS);
        ck_assert_uint_eq(s->result.volumes, image_volumes(i));
        assert_same_archive(s, &one);
        image_free(i);
    }
}
END_TEST

START_TEST(a_set_of_many_volumes_is_asked_for_in_order)
{
    const struct reel_verify_archive one = one_volume_archive();
    struct image *const i = set_of(_i < 3 ? 25 : 19, _i % 3 == 1);
    const uint32_t last   = image_volumes(i);
    struct image_server server;
    struct said *s;

    ck_assert_uint_ge(last, 3);
    image_server_init(&server, i);
    s = verify_with(&server, 1, REEL_VERIFY_FULL, _i % 3 == 2 ? 2 : 1);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_int_eq(strncmp(server.log, "2 3", 3), 0);
    ck_assert_int_eq(strncmp(s->volumes, "1 2 3 ", 6), 0);
    /* The last one is in the drive: the first is asked for first. */
    s = verify_with(&server, last, REEL_VERIFY_FULL, 1);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_int_eq(strncmp(server.log, "1 2 3", 5), 0);
    image_free(i);
}
END_TEST

/* ---- other volumes than those asked for ---- */

START_TEST(a_wrong_volume_is_refused_and_asked_for_again)
{
    const struct image_options small = {.block_bytes = 512};
    struct image *const i            = set_of(25, false);
    struct image *const other        = image_new(&small);
    struct image_server server;
    struct said *s;

    image_server_init(&server, i);
    server.wrong = server.tapes[2];
    s            = verify_with(&server, 1, REEL_VERIFY_FULL, 1);
    assert_clean(s);
    ck_assert_int_eq(strncmp(server.log, "2 2! 3", 6), 0);
    ck_assert_str_eq(server.refused, "");
    /* Nothing of ours is on it; then it is one of another set. */
    server.wrong = image_tape(other);
    s            = verify_with(&server, 1, REEL_VERIFY_FULL, 1);
    assert_clean(s);
    ck_assert_int_eq(strncmp(server.log, "2 2! 3", 6), 0);
    image_free(i);
    image_free(other);
}
END_TEST

static void
another_set(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    (void)ctx;
    (void)h;
    block[48] ^= 1;
}

START_TEST(a_volume_of_another_set_is_not_taken)
{
    struct image_options o = {.volume_blocks = 25};
    struct image *const i  = set_of(25, false);
    struct image *other;
    struct image_server server;
    struct image_server its;

    o.patches.block = another_set;
    other           = image_new(&o);
    begin(other);
    put_objects(other);
    image_archive_end(other);
    image_server_init(&server, i);
    image_server_init(&its, other);
    server.tapes[1] = its.tapes[1];
    server.tapes[2] = NULL;
    (void)verify_with(&server, 1, REEL_VERIFY_FULL, 1);
    ck_assert_int_eq(strncmp(server.log, "2 2! 2! ", 8), 0);
    image_free(i);
    image_free(other);
}
END_TEST

/* ---- volumes that are missing ---- */

START_TEST(what_a_missing_volume_held_is_named_and_the_rest_proven)
{
    struct image *const i = set_of(25, false);
    const uint32_t last   = image_volumes(i);
    struct image_server server;
    struct said *s;

    image_server_init(&server, i);
    server.tapes[1] = NULL;
    s = verify_with(&server, 1, REEL_VERIFY_FULL, _i == 0 ? 1 : 2);
    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_str_eq(s->rules, "wanted@2:0 ");
    ck_assert_int_eq(strncmp(server.log, "2 0 3", 5), 0);
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.volumes, last - 1);
    ck_assert_uint_ge(s->result.damaged + s->result.lost, 1);
    ck_assert_uint_ge(s->result.proven, 3);
    ck_assert_uint_eq(s->result.proven + s->result.damaged + s->result.lost,
                      OBJECTS);
    ck_assert(s->result.last.complete);
    image_free(i);
}
END_TEST

START_TEST(the_first_volume_may_be_the_one_that_is_missing)
{
    struct image *const i = set_of(25, false);
    struct reel_memory_tape *first;
    struct image_server server;
    struct said *s;

    image_server_init(&server, i);
    first           = server.tapes[0];
    server.tapes[0] = NULL;
    s               = verify_with(&server, 2, REEL_VERIFY_FULL, 1);
    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_str_eq(s->rules, "wanted@1:0 ");
    ck_assert_int_eq(strncmp(server.log, "1 2 3", 5), 0);
    ck_assert_uint_eq(s->result.proven + s->result.damaged + s->result.lost,
                      OBJECTS);
    ck_assert_uint_ge(s->result.proven, 3);
    server.tapes[0] = first;
    image_free(i);
}
END_TEST

START_TEST(the_last_volume_may_be_the_one_that_is_missing)
{
    struct image *const i = set_of(25 - (uint64_t)_i, _i > 0);
    const uint32_t last   = image_volumes(i);
    struct image_server server;
    char wanted[32];
    struct said *s;

    image_server_init(&server, i);
    server.tapes[last - 1] = NULL;
    s                      = verify_with(&server, 1, REEL_VERIFY_FULL, 1);
    ck_assert_int_eq(s->status, REEL_OK);
    (void)snprintf(wanted, sizeof(wanted), "wanted@%u:0 ", last);
    ck_assert_str_eq(s->rules, wanted);
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.incomplete_archives, 1);
    ck_assert(!s->result.last.complete);
    image_free(i);
}
END_TEST

/* A volume that ends with a whole checkpoint, or without a filemark, looks as
   if the writer had stopped there: whoever has more volumes is asked. */
static struct image *
seems_stopped(bool checkpoint)
{
    const struct image_options o = {.volume_blocks = checkpoint ? 12 : 25};
    struct image *const i        = image_new(&o);
    struct reel_memory_tape *t;

    begin(i);
    if (checkpoint)
        image_full_after(i, 1000);
    put_objects(i);
    if (checkpoint) {
        image_checkpoint(i);
        image_full_after(i, 0);
    }
    put_more(i);
    image_archive_end(i);
    ck_assert_uint_ge(image_volumes(i), 3);
    t = image_tape(i);
    if (!checkpoint)
        ck_assert_int_eq(
            reel_memory_tape_remove(t, reel_memory_tape_count(t) - 1, NULL),
            REEL_OK);
    return i;
}

START_TEST(it_is_asked_before_an_archive_is_called_interrupted)
{
    struct image *const i = seems_stopped(_i % 2 == 0);
    const uint32_t last   = image_volumes(i);
    struct image_server server;
    struct said *s;
    uint32_t n;

    image_server_init(&server, i);
    server.tapes[1] = NULL;
    s               = verify_with(&server, 1, REEL_VERIFY_FULL, _i < 2 ? 1 : 2);
    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_str_eq(s->rules, "wanted@2:0 ");
    ck_assert_int_eq(strncmp(server.log, "2 0", 3), 0);
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.volumes, last - 1);
    ck_assert(s->result.last.complete);
    for (n = 1; n < last; n++)
        server.tapes[n] = NULL;
    s = verify_with(&server, 1, REEL_VERIFY_FULL, _i < 2 ? 1 : 2);
    ck_assert_str_eq(server.log, "2 0 0!"); /* volume 1 is given as the last */
    ck_assert_msg(strncmp(s->rules, "-@1:", 4) == 0, "%s", s->texts);
    ck_assert_uint_eq(s->result.missing_volumes, 0);
    image_free(i);
}
END_TEST

START_TEST(one_volume_alone_is_judged_as_far_as_it_goes)
{
    struct image *const i = set_of(25, false);
    const uint32_t last   = image_volumes(i);
    struct said *s;

    s = verify_alone(image_tape_of(i, 1));
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_le(s->result.damaged + s->result.lost, 1); /* the open one */
    ck_assert_uint_ge(s->result.proven, 2);
    s = verify_alone(image_tape_of(i, 2));
    ck_assert_uint_eq(s->result.missing_volumes, 2); /* on both sides */
    ck_assert_uint_eq(s->result.diagnostics, 0);
    s = verify_alone(image_tape_of(i, last));
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert(s->result.last.complete);
    ck_assert_uint_eq(s->result.last.objects, OBJECTS);
    image_free(i);
}
END_TEST

/* ---- runs ---- */

/* An archive whose writer died and went on; fresh: on another volume. */
static struct image *
resumed(const struct image_options *o, uint32_t checkpoint, bool fresh)
{
    struct image *const i = image_new(o);

    begin(i);
    put_objects(i);
    image_checkpoint(i);
    put_more(i);
    image_break(i);
    image_resume(i, checkpoint, fresh);
    if (checkpoint == 0) {
        image_archive(i);
        put_objects(i);
    }
    put_more(i);
    image_archive_end(i);
    return i;
}

START_TEST(a_resumed_archive_is_as_one_written_at_once)
{
    const struct reel_verify_archive one = one_volume_archive();
    struct image *const i = resumed(NULL, _i & 1 ? 1 : 0, (_i & 2) != 0);
    struct said *s        = verify_set(i);

    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    ck_assert_uint_eq(s->result.volumes, _i & 2 ? 2 : 1);
    image_free(i);
}
END_TEST

/* What cannot be positioned is gone back from. */
START_TEST(a_run_is_judged_on_a_pipe_too)
{
    const struct reel_memory_options pipe = {.no_locate = true};
    const struct reel_verify_archive one  = one_volume_archive();
    struct image *const i                 = resumed(NULL, _i & 1, false);
    struct reel_memory_tape *const tape   = reel_memory_tape_new(&pipe);
    struct said *s;
    uint64_t n;

    for (n = 0; n < reel_memory_tape_count(image_tape(i)); n++) {
        const struct reel_memory_element e =
            reel_memory_tape_get(image_tape(i), n);

        ck_assert_int_eq(reel_memory_tape_insert(tape, n, &e, NULL), REEL_OK);
    }
    s = verify_alone(tape);
    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    reel_memory_tape_free(tape);
    image_free(i);
}
END_TEST

START_TEST(the_object_that_was_open_is_torn_and_comes_again)
{
    static uint8_t big[BIG_BYTES];
    const struct reel_verify_archive one = one_volume_archive();
    struct image *const i                = image_new(NULL);
    struct reel_object o                 = image_facts(REEL_KIND_FILE, "z");
    struct said *s;

    begin(i);
    put_objects(i);
    (void)image_symlink(i, "l", "a");
    (void)image_file(i, "m", "", 0, 1);
    o.size = sizeof(big);
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_DATA, sizeof(big));
    image_data(i, big, 9000);
    image_checkpoint(i);
    image_data(i, big, 4000);
    if (_i & 2)
        image_break(i);
    image_resume(i, 1, _i & 1);
    (void)image_file(i, "z", "more of it", 10, 1);
    image_archive_end(i);
    s = verify_set(i);
    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
}
END_TEST

/* Data behind the checkpoint stand on both volumes; the run that supersedes
   them begins on a third one, when they were judged already. */
START_TEST(a_run_supersedes_data_of_volumes_before)
{
    static uint8_t big[BIG_BYTES];
    const struct reel_verify_archive one = one_volume_archive();
    struct image *const i                = image_new(NULL);
    struct said *s;

    image_noise(big, sizeof(big), 9);
    begin(i);
    put_objects(i);
    image_checkpoint(i);
    image_full_after(i, 20);
    (void)image_file(i, "gone", big, sizeof(big), 2);
    image_break(i);
    ck_assert_uint_eq(image_volumes(i), 2);
    image_resume(i, 1, _i == 0);
    put_more(i);
    image_archive_end(i);
    s = verify_set(i);
    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    assert_clean(s);
    assert_same_archive(s, &one);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    ck_assert_uint_eq(s->result.volumes, _i == 0 ? 3 : 2);
    image_free(i);
}
END_TEST

START_TEST(an_interrupted_archive_is_incomplete)
{
    struct image *const i = image_new(NULL);
    struct said *s;

    begin(i);
    put_objects(i);
    image_checkpoint(i);
    s = verify_set(i);
    ck_assert_msg(strncmp(s->rules, "-@1:", 4) == 0, "%s", s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 1);
    ck_assert_uint_eq(s->result.missing_volumes, 0);
    ck_assert_uint_eq(s->result.incomplete_archives, 1);
    ck_assert_uint_eq(s->result.proven, 5);
    image_free(i);
}
END_TEST

/* ---- one rule broken ---- */

struct twist {
    const char *rule;
    uint32_t volume; /* 0: any */
    uint32_t run;
    uint16_t kind;
    int nth; /* of these; -1: all */
    size_t at;
    uint8_t with;
    int seen;
    uint64_t address; /* where the first one was twisted */
    uint32_t on;
};

static void
twist_block(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    struct twist *const t = ctx;

    if ((t->volume != 0 && h->volume != t->volume) || h->run != t->run ||
        h->kind != t->kind)
        return;
    if (t->nth >= 0 && t->seen++ != t->nth)
        return;
    if (t->on == 0) {
        t->on      = h->volume;
        t->address = h->address;
    }
    block[t->at] ^= t->with;
}

static void
assert_only_there(const struct said *s, const char *rule, uint32_t volume,
                  uint64_t address)
{
    char expected[40];

    (void)snprintf(expected, sizeof(expected), "%s@%u:%llu ", rule, volume,
                   (unsigned long long)address);
    ck_assert_msg(s->status == REEL_OK, "%s", s->err.text);
    ck_assert_msg(strcmp(s->rules, expected) == 0, "%s, but: %s", expected,
                  s->texts);
}

static const struct twist set_twists[] = {
    {"B-20", 2, 0, REEL_BLOCK_DATA, 2, 72, 1, 0, 0, 0},
    {"C-1", 2, 0, REEL_BLOCK_VOLUME, 0, 44, 1, 0, 0, 0},
    {"B-8", 2, 0, REEL_BLOCK_VOLUME, 0, 511, 1, 0, 0, 0},
};

START_TEST(a_twisted_block_of_a_set_breaks_one_rule)
{
    struct twist t               = set_twists[_i];
    const struct image_options o = {
        .volume_blocks = 25, .patches = {.ctx = &t, .block = twist_block}};
    struct image *const i = image_new(&o);
    struct said *s;

    begin(i);
    put_objects(i);
    put_more(i);
    image_archive_end(i);
    ck_assert_uint_ne(t.on, 0);
    s = verify_set(i);
    assert_only_there(s, t.rule, t.on, t.address);
    image_free(i);
}
END_TEST

START_TEST(a_repeated_block_is_the_same_block)
{
    struct image *const i              = set_of(25, false);
    struct reel_memory_tape *const one = image_tape_of(i, 1);
    const uint64_t last                = reel_memory_tape_count(one) - 2;
    const struct reel_memory_element e = reel_memory_tape_get(one, last);
    struct reel_block_header h;
    struct said *s;

    ck_assert_int_eq(reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL),
                     REEL_OK);
    ck_assert_uint_ne(h.first_segment, 0);
    ck_assert_int_eq(reel_memory_tape_flip(one, last, 300 * 8, NULL), REEL_OK);
    image_reseal(one, last);
    s = verify_set(i); /* what stands of its segment there has no meaning */
    ck_assert_msg(strncmp(s->rules, "B-15@2:", 7) == 0, "%s", s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 1);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
}
END_TEST

/* Fields of the headers of run 1. */
static const struct twist run_twists[] = {
    {"B-17", 0, 1, REEL_BLOCK_DATA, 1, 80, 1, 0, 0, 0},
    {"B-17", 0, 1, REEL_BLOCK_CATALOG, 0, 80, 2, 0, 0, 0},
    {"B-15", 0, 1, REEL_BLOCK_END, 1, 200, 1, 0, 0, 0},
};

START_TEST(a_twisted_block_of_a_run_breaks_one_rule)
{
    struct twist t               = run_twists[_i];
    const struct image_options o = {
        .patches = {.ctx = &t, .block = twist_block}};
    struct image *const i = resumed(&o, 1, false);

    ck_assert_uint_ne(t.on, 0);
    assert_only_there(verify_set(i), t.rule, t.on, t.address);
    image_free(i);
}
END_TEST

/* The first block of run 1: address, and its header. */
static uint64_t
first_of_run(struct reel_memory_tape *tape)
{
    uint64_t n;

    for (n = 0; n < reel_memory_tape_count(tape); n++) {
        const struct reel_memory_element e = reel_memory_tape_get(tape, n);
        struct reel_block_header h;

        if (reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) ==
                REEL_OK &&
            h.run == 1 && h.kind != REEL_BLOCK_VOLUME)
            return n;
    }
    ck_abort_msg("no run");
    return 0;
}

START_TEST(a_run_stands_behind_a_filemark)
{
    static const char *const muted[]    = {"B-20", NULL}; /* all moves up */
    struct image *const i               = resumed(NULL, 1, false);
    struct reel_memory_tape *const tape = image_tape(i);
    const uint64_t first                = first_of_run(tape);
    struct said s;
    struct reel_verify_options o = options_of(&s);

    ck_assert_int_eq(reel_memory_tape_remove(tape, first - 1, NULL), REEL_OK);
    o.muted_rules = muted;
    ck_assert_int_eq(
        reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL),
        REEL_OK);
    s.status = reel_verify(&o, &s.result, &s.err);
    ck_assert_int_eq(reel_medium_close(o.medium, NULL), REEL_OK);
    assert_only_there(&s, "B-23", 1, first - 1);
    image_free(i);
}
END_TEST

START_TEST(a_run_begins_behind_a_checkpoint)
{
    struct image *const i = image_new(NULL);

    begin(i);
    put_objects(i);
    image_run_here(i);
    put_more(i);
    image_archive_end(i);
    assert_only_there(verify_set(i), "B-22", 1, first_of_run(image_tape(i)));
    image_free(i);
}
END_TEST

START_TEST(a_run_does_not_begin_inside_an_object)
{
    static uint8_t big[BIG_BYTES];
    struct image *const i = image_new(NULL);
    struct reel_object o  = image_facts(REEL_KIND_FILE, "z");

    begin(i);
    put_objects(i);
    o.size = sizeof(big);
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_DATA, sizeof(big));
    image_data(i, big, 9000);
    image_checkpoint(i);
    image_run_here(i);
    image_data(i, big, sizeof(big) - 9000);
    image_group_end(i);
    image_object_end(i);
    image_archive_end(i);
    assert_only_there(verify_set(i), "B-19", 1, first_of_run(image_tape(i)));
    image_free(i);
}
END_TEST

/* The first block of data of a volume says that no segment begins in it. */
static void
no_segment(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    struct twist *const t = ctx;

    if (h->volume != 2 || h->kind != REEL_BLOCK_DATA || t->seen++ > 0)
        return;
    t->on      = h->volume;
    t->address = h->address;
    memset(block + 28, 0xFF, 4);
}

START_TEST(a_segment_begins_in_the_first_block_of_each_volume)
{
    struct twist t               = {0};
    const struct image_options o = {
        .volume_blocks = 25, .patches = {.ctx = &t, .block = no_segment}};
    struct image *const i = image_new(&o);

    begin(i);
    put_objects(i);
    put_more(i);
    image_archive_end(i);
    ck_assert_uint_eq(t.on, 2);
    assert_only_there(verify_set(i), "A-16", 2, t.address);
    image_free(i);
}
END_TEST

START_TEST(label_and_leader_of_each_volume_are_judged)
{
    struct image *const i               = set_of(25, false);
    struct reel_memory_tape *const tape = image_tape_of(i, 2);
    struct said *s;

    ck_assert_int_eq(reel_memory_tape_flip(tape, 0, 11 * 8, NULL), REEL_OK);
    s = verify_set(i);
    assert_only_there(s, "L-5", 2, 0);
    ck_assert_int_eq(reel_memory_tape_flip(tape, 0, 11 * 8, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_flip(tape, 3, 7, NULL), REEL_OK);
    s = verify_set(i);
    assert_only_there(s, "L-7", 2, 3);
    image_free(i);
}
END_TEST

/* ---- damage ---- */

START_TEST(a_bad_block_of_a_set_is_told_where_it_stands)
{
    struct image *const i = set_of(25, false);
    uint32_t volume;
    uint64_t n;

    for (volume = 1; volume <= image_volumes(i); volume++) {
        struct reel_memory_tape *const tape = image_tape_of(i, volume);

        for (n = 0; n < reel_memory_tape_count(tape); n++) {
            const struct reel_memory_element e = reel_memory_tape_get(tape, n);
            struct reel_block_header h;
            char there[32];
            struct said *s;

            if (reel_block_decode(&h, e.bytes, e.byte_count, NULL, NULL) !=
                REEL_OK)
                continue;
            (void)snprintf(there, sizeof(there), "@%u:%llu ", volume,
                           (unsigned long long)n);
            ck_assert_int_eq(reel_memory_tape_flip(tape, n, 300, NULL),
                             REEL_OK);
            s = verify_set(i);
            ck_assert_int_eq(s->status, REEL_OK);
            ck_assert_msg(s->result.diagnostics == 1 &&
                              strstr(s->rules, there) != NULL,
                          "block %s: %s", there, s->texts);
            ck_assert_uint_eq(
                s->result.proven + s->result.damaged + s->result.lost, OBJECTS);
            ck_assert_uint_le(s->result.damaged + s->result.lost, 7);
            ck_assert_int_eq(reel_memory_tape_flip(tape, n, 300, NULL),
                             REEL_OK);
        }
    }
    image_free(i);
}
END_TEST

/* ---- quick ---- */

START_TEST(quick_looks_at_each_volume)
{
    struct image *const i = set_of(25, _i == 1);
    const uint32_t last   = image_volumes(i);
    struct image_server server;
    struct reel_memory_tape *two;
    char wanted[32];
    struct said *s;

    image_server_init(&server, i);
    two = server.tapes[1];
    s   = verify_with(&server, _i == 0 ? 1 : last, REEL_VERIFY_QUICK, 1);
    assert_clean(s);
    ck_assert_uint_eq(s->result.volumes, last);
    ck_assert_uint_eq(s->result.last.objects, OBJECTS);
    /* The front of each volume is judged, and what stands behind a gap. */
    ck_assert_int_eq(reel_memory_tape_flip(two, 3, 7, NULL), REEL_OK);
    s = verify_with(&server, 1, REEL_VERIFY_QUICK, 1);
    assert_only_there(s, "L-7", 2, 3);
    server.tapes[1] = NULL;
    s               = verify_with(&server, 1, REEL_VERIFY_QUICK, 1);
    ck_assert_str_eq(s->rules, "wanted@2:0 ");
    ck_assert(s->result.last.complete);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    server.tapes[1]        = two;
    server.tapes[last - 1] = NULL;
    (void)snprintf(wanted, sizeof(wanted), "L-7@2:3 wanted@%u:0 ", last);
    s = verify_with(&server, 1, REEL_VERIFY_QUICK, 1);
    ck_assert_str_eq(s->rules, wanted);
    ck_assert_uint_eq(s->result.incomplete_archives, 1);
    image_free(i);
}
END_TEST

/* ---- failing calls ---- */

START_TEST(each_failing_allocation_is_passed_up)
{
    struct image *const i = resumed(NULL, 1, true);
    struct image_server server;
    unsigned long requests;
    unsigned long n;

    image_server_init(&server, i);
    reel_alloc_fail_at(0, 0);
    assert_clean(verify_with(&server, 1, REEL_VERIFY_FULL, 1));
    requests = reel_alloc_requests();
    for (n = 2; n <= requests; n++) { /* the first one is the medium's */
        const struct said *s;

        reel_alloc_fail_at(n, 0);
        s = verify_with(&server, 1, REEL_VERIFY_FULL, 1);
        reel_alloc_fail_at(0, 0);
        ck_assert_int_eq(s->status, REEL_E_MEMORY);
    }
    image_free(i);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_set_cut_anywhere_is_the_archive_of_one_volume, 0,
                        2);
    tcase_add_loop_test(t, a_set_of_many_volumes_is_asked_for_in_order, 0, 6);
    tcase_add_test(t, a_wrong_volume_is_refused_and_asked_for_again);
    tcase_add_test(t, a_volume_of_another_set_is_not_taken);
    tcase_add_loop_test(
        t, what_a_missing_volume_held_is_named_and_the_rest_proven, 0, 2);
    tcase_add_test(t, the_first_volume_may_be_the_one_that_is_missing);
    tcase_add_loop_test(t, it_is_asked_before_an_archive_is_called_interrupted,
                        0, 4);
    tcase_add_loop_test(t, the_last_volume_may_be_the_one_that_is_missing, 0,
                        2);
    tcase_add_test(t, one_volume_alone_is_judged_as_far_as_it_goes);
    tcase_add_loop_test(t, a_resumed_archive_is_as_one_written_at_once, 0, 4);
    tcase_add_loop_test(t, a_run_is_judged_on_a_pipe_too, 0, 2);
    tcase_add_loop_test(t, the_object_that_was_open_is_torn_and_comes_again, 0,
                        4);
    tcase_add_loop_test(t, a_run_supersedes_data_of_volumes_before, 0, 2);
    tcase_add_test(t, an_interrupted_archive_is_incomplete);
    tcase_add_loop_test(t, a_twisted_block_of_a_set_breaks_one_rule, 0,
                        SUITE_COUNT(set_twists));
    tcase_add_test(t, a_repeated_block_is_the_same_block);
    tcase_add_loop_test(t, a_twisted_block_of_a_run_breaks_one_rule, 0,
                        SUITE_COUNT(run_twists));
    tcase_add_test(t, a_run_stands_behind_a_filemark);
    tcase_add_test(t, a_run_begins_behind_a_checkpoint);
    tcase_add_test(t, a_run_does_not_begin_inside_an_object);
    tcase_add_test(t, a_segment_begins_in_the_first_block_of_each_volume);
    tcase_add_test(t, label_and_leader_of_each_volume_are_judged);
    tcase_add_test(t, a_bad_block_of_a_set_is_told_where_it_stands);
    tcase_add_loop_test(t, quick_looks_at_each_volume, 0, 2);
    tcase_add_test(t, each_failing_allocation_is_passed_up);
}

int
main(void)
{
    return suite_run("verify_sets", add_tests);
}
