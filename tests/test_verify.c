/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier: nothing to say of what is right, one thing of one fault. */
#include <stdio.h>
#include <string.h>

#include "image_objects.h"
#include "reel/alloc.h"
#include "reel/verify.h"
#include "suite.h"

#define BIG_BYTES 20000U

/* What a verification said. */
struct said {
    struct reel_verify_result result;
    enum reel_status status;
    struct reel_err err;
    char rules[1024]; /* of all diagnostics, each with a space behind */
    char texts[4096];
    uint64_t verdict_of[64]; /* 1 + verdict, by object number */
    size_t ranges;           /* of the last DAMAGED item */
    uint64_t range_bytes;
    size_t nameless;
};

static void
take_note(void *ctx, const struct reel_note *note)
{
    struct said *const s = ctx;
    const size_t at      = strlen(s->rules);
    const size_t text_at = strlen(s->texts);

    if (note->kind == REEL_NOTE_INFO)
        return;
    (void)snprintf(s->rules + at, sizeof(s->rules) - at, "%s ",
                   note->err.rule == NULL ? "-" : note->err.rule);
    (void)snprintf(s->texts + text_at, sizeof(s->texts) - text_at,
                   "%s at block %llu: %s\n",
                   note->err.rule == NULL ? "-" : note->err.rule,
                   (unsigned long long)note->err.pos.block, note->err.text);
}

static void
take_item(void *ctx, const struct reel_verify_item *item)
{
    struct said *const s = ctx;
    size_t i;

    if (item->number < 64)
        s->verdict_of[item->number] = 1U + item->verdict;
    if (item->encoding == 0)
        s->nameless++;
    if (item->verdict != REEL_VERDICT_DAMAGED)
        return;
    s->ranges      = item->range_count;
    s->range_bytes = 0;
    for (i = 0; i < item->range_count; i++) {
        ck_assert_uint_lt(item->ranges[i].from, item->ranges[i].to);
        s->range_bytes += item->ranges[i].to - item->ranges[i].from;
    }
}

static struct said *
verify_with(struct reel_memory_tape *tape, enum reel_verify_depth depth,
            unsigned int threads, const char *const *muted)
{
    static struct said s;
    struct reel_verify_options o;

    memset(&s, 0, sizeof(s));
    memset(&o, 0, sizeof(o));
    o.depth       = depth;
    o.threads     = threads;
    o.muted_rules = muted;
    o.item        = take_item;
    o.item_ctx    = &s;
    o.report.fn   = take_note;
    o.report.ctx  = &s;
    ck_assert_int_eq(
        reel_medium_memory_new(&o.medium, tape, REEL_MEDIUM_READ, NULL),
        REEL_OK);
    s.status = reel_verify(&o, &s.result, &s.err);
    if (reel_medium_close(o.medium, NULL) != REEL_OK)
        ck_assert_int_ne(s.status, REEL_OK);
    return &s;
}

static struct said *
verify(struct reel_memory_tape *tape)
{
    return verify_with(tape, REEL_VERIFY_FULL, 1, NULL);
}

/* One of everything; 9 objects. */
static void
fill(struct image *i)
{
    static uint8_t big[BIG_BYTES];
    uint64_t first;
    struct reel_object o;

    image_noise(big, sizeof(big), 7);
    image_volume(i);
    image_archive(i);
    (void)image_directory(i, "");                    /* 1 */
    first = image_file(i, "a", "hello", 5, 2);       /* 2 */
    (void)image_file(i, "big", big, sizeof(big), 2); /* 3 */
    (void)image_link(i, "c", first, "a");            /* 4 */
    (void)image_sparse(i, "hole", big, 3000);        /* 5 */
    (void)image_symlink(i, "l", "a");                /* 6 */
    (void)image_file(i, "m", "", 0, 1);              /* 7 */
    o = image_facts(REEL_KIND_FILE, "x");            /* 8 */
    (void)image_object(i, &o);
    image_xattr(i, "user.a", "1");
    image_xattr(i, "user.b", "2");
    image_object_end(i);
    (void)image_file(i, "z", big, 700, 1); /* 9 */
}

#define OBJECTS 9U
#define BIG_NUMBER 3U

static struct image *
whole_image(const struct image_options *o)
{
    struct image *const i = image_new(o);

    fill(i);
    image_archive_end(i);
    return i;
}

static void
assert_clean(const struct said *s)
{
    ck_assert_msg(s->status == REEL_OK, "%s", s->err.text);
    ck_assert_msg(s->rules[0] == '\0', "%s", s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.damaged + s->result.lost, 0);
}

START_TEST(a_right_image_gives_no_diagnostic)
{
    static const struct image_options options[] = {
        {.block_bytes = 512},
        {.block_bytes = 4096, .segment_bytes = 1024},
        {.block_bytes = 65536, .segment_bytes = 65536},
        {.block_bytes = 512, .compression = REEL_COMPRESSION_ZSTD},
    };
    struct image *const i = whole_image(&options[_i % 4]);
    const struct said *const s =
        verify_with(image_tape(i), REEL_VERIFY_FULL, _i < 4 ? 1 : 2, NULL);

    assert_clean(s);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    ck_assert_uint_eq(s->result.archives, 1);
    ck_assert_uint_eq(s->result.incomplete_archives, 0);
    ck_assert(s->result.last.complete);
    ck_assert_uint_eq(s->result.last.objects, OBJECTS);
    image_free(i);
}
END_TEST

/* ---- one fault, one rule ---- */

/* Turn bits of octet `at` of the payload of the nth record of a type. */
struct twist {
    const char *rule;
    uint16_t type;
    int nth; /* from 0 */
    int at;  /* in the payload; from -16 on in the header */
    uint8_t with;
    int seen;
};

static bool
is_type(const uint8_t *record, uint16_t type)
{
    return record[0] == (uint8_t)type && record[1] == (uint8_t)(type >> 8);
}

static void
twist_record(void *ctx, uint8_t *record, size_t *len)
{
    struct twist *const t = ctx;

    (void)len;
    if (is_type(record, t->type) && t->seen++ == t->nth && t->at >= -16)
        record[(size_t)(16 + t->at)] ^= t->with;
}

static void
assert_only(const struct said *s, const char *rule)
{
    char expected[16];

    (void)snprintf(expected, sizeof(expected), "%s ", rule);
    ck_assert_msg(s->status == REEL_OK, "%s: %s", rule, s->err.text);
    ck_assert_msg(strcmp(s->rules, expected) == 0, "%s, but told: %s", rule,
                  s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 1);
}

/* The same with the rule muted: nothing is left to say. */
static void
assert_only_when_judged(struct reel_memory_tape *tape, const char *rule)
{
    const char *const muted[] = {rule, NULL};

    assert_only(verify(tape), rule);
    assert_only(verify_with(tape, REEL_VERIFY_FULL, 2, NULL), rule);
    ck_assert_uint_eq(
        verify_with(tape, REEL_VERIFY_FULL, 1, muted)->result.diagnostics, 0);
}

static const struct twist record_twists[] = {
    {"C-1", REEL_RECORD_OBJECT, 2, -14, 1, 0},
    {"C-1", REEL_RECORD_VOLUME, 0, 92, 1, 0},
    {"C-1", REEL_RECORD_ARCHIVE, 0, 36, 1, 0},
    {"C-1", REEL_RECORD_ARCHIVE, 0, 75, 1, 0},
    {"C-1", REEL_RECORD_DATA, 3, 4, 1, 0},
    {"C-1", REEL_RECORD_OBJECT_END, 1, 28, 1, 0},
    {"C-1", REEL_RECORD_END, 0, 76, 1, 0},
    {"C-1", REEL_RECORD_CHECKPOINT, 0, 4, 1, 0},
    {"C-4", REEL_RECORD_ARCHIVE, 0, 19, 0x80, 0},
    {"C-4", REEL_RECORD_OBJECT, 3, 87, 0x80, 0},
    {"G-7", REEL_RECORD_ARCHIVE, 0, 7, 0x10, 0},
    {"L-9", REEL_RECORD_VOLUME, 0, 50, 1, 0},
    {"L-9", REEL_RECORD_VOLUME, 0, 40, 1, 0},
    {"L-10", REEL_RECORD_VOLUME, 0, 0, 2, 0},
    {"L-10", REEL_RECORD_VOLUME, 0, 9, 2, 0},
    {"R-5", REEL_RECORD_XATTR, 0, -16, 0x60, 0},
    {"R-14", REEL_RECORD_ARCHIVE, 0, 0, 2, 0},
    {"R-15", REEL_RECORD_ARCHIVE, 0, 2, 8, 0},
    {"R-16", REEL_RECORD_ARCHIVE, 0, 20, 8, 0},
    {"R-17", REEL_RECORD_ARCHIVE, 0, 40, 1, 0},
    {"R-19", REEL_RECORD_ARCHIVE, 0, 72, 4, 0},
    {"R-20", REEL_RECORD_SOURCE, 0, 0, 4, 0},
    {"R-11", REEL_RECORD_DATA, 0, -8, 0x40, 0},
    {"O-1", REEL_RECORD_OBJECT, 2, 0, 0x10, 0},
    {"O-2", REEL_RECORD_OBJECT, 2, 1, 0x10, 0},
    {"O-3", REEL_RECORD_OBJECT, 2, 3, 0x80, 0},
    {"O-4", REEL_RECORD_OBJECT, 2, 4, 1, 0},
    {"O-5", REEL_RECORD_OBJECT, 0, 8, 1, 0},
    {"O-6", REEL_RECORD_OBJECT, 2, 15, 0x80, 0},
    {"O-7", REEL_RECORD_OBJECT, 2, 16, 1, 0},
    {"O-8", REEL_RECORD_OBJECT, 2, 3, 1, 0},
    {"O-13", REEL_RECORD_OBJECT_END, 2, 0, 2, 0},
    {"O-13", REEL_RECORD_OBJECT_END, 2, 16, 2, 0},
    {"O-14", REEL_RECORD_XATTR, 0, 14, 1, 0},
    {"O-14", REEL_RECORD_OBJECT_END, 7, 33, 1, 0},
    {"O-15", REEL_RECORD_OBJECT_END, 2, 12, 0x10, 0},
    {"O-20", REEL_RECORD_CONTINUED, 1, 16, 1, 0},
    {"O-20", REEL_RECORD_CONTINUED, 1, 24, 1, 0},
    {"O-20", REEL_RECORD_CONTINUED, 1, 27, 2, 0},
    {"N-2", REEL_RECORD_OBJECT, 2, 128, 'b' ^ '/', 0},
    {"S-1", REEL_RECORD_STREAM, 1, 19, 0x80, 0},
    {"S-3", REEL_RECORD_STREAM, 1, 0, 1, 0},
    {"S-4", REEL_RECORD_DATA, 3, 8, 1, 0},
    {"S-6", REEL_RECORD_DATA, 3, 16, 1, 0},
    {"S-10", REEL_RECORD_GROUP_END, 1, 24, 1, 0},
    {"S-11", REEL_RECORD_GROUP_END, 1, 48, 1, 0},
    {"S-11", REEL_RECORD_DATA, 3, 100, 1, 0},
    {"S-12", REEL_RECORD_GROUP_END, 1, 80, 1, 0},
    {"S-12", REEL_RECORD_GROUP_END, 1, 16, 1, 0},
    {"K-1", REEL_RECORD_OBJECT, 3, 16, 6, 0},
    {"K-2", REEL_RECORD_OBJECT, 3, 16, 3, 0},
    {"A-7", REEL_RECORD_CHECKPOINT, 0, 8, 1, 0},
    {"A-7", REEL_RECORD_CHECKPOINT, 0, 64, 1, 0},
    {"A-7", REEL_RECORD_CHECKPOINT, 0, 104, 1, 0},
    {"A-9", REEL_RECORD_END, 0, 8, 1, 0},
    {"A-10", REEL_RECORD_END, 0, 24, 1, 0},
    {"A-10", REEL_RECORD_END, 0, 56, 1, 0},
    {"A-10", REEL_RECORD_END, 0, 80, 1, 0},
    {"A-10", REEL_RECORD_END, 0, 120, 1, 0},
    {"A-11", REEL_RECORD_END, 0, 144, 1, 0},
    {"A-12", REEL_RECORD_END, 0, 176, 1, 0},
};

static struct image *
checkpointed_image(const struct image_options *o)
{
    struct image *const i = image_new(o);

    fill(i);
    image_checkpoint(i);
    (void)image_file(i, "zz", "more", 4, 1);
    image_archive_end(i);
    return i;
}

START_TEST(a_twisted_record_breaks_one_rule)
{
    struct twist t               = record_twists[_i];
    const struct image_options o = {
        .patches = {.ctx = &t, .record = twist_record}};
    struct image *const i = checkpointed_image(&o);

    ck_assert_int_gt(t.seen, t.nth);
    assert_only_when_judged(image_tape(i), t.rule);
    image_free(i);
}
END_TEST

static const struct twist catalog_twists[] = {
    {"A-1", REEL_RECORD_OBJECT, 2, 28, 1, 0},
    {"A-1", REEL_RECORD_VOLUME, 0, 24, 1, 0},
    {"A-1", REEL_RECORD_GROUP_END, 0, 50, 1, 0},
    {"A-2", REEL_RECORD_ENTRY, 4, 8 + 24, 1, 0},
    {"A-2", REEL_RECORD_ENTRY, 3, 72 + 16, 1, 0},
    {"A-3", REEL_RECORD_ENTRY, 3, 0, 4, 0},
};

START_TEST(a_twisted_catalog_breaks_one_rule)
{
    struct twist t               = catalog_twists[_i];
    const struct image_options o = {
        .patches = {.ctx = &t, .catalog_record = twist_record}};
    struct image *const i = whole_image(&o);

    ck_assert_int_gt(t.seen, t.nth);
    assert_only_when_judged(image_tape(i), t.rule);
    image_free(i);
}
END_TEST

START_TEST(a_twisted_slice_breaks_one_rule)
{
    struct twist t               = {"A-8", REEL_RECORD_OBJECT, 2, 28, 1, 0};
    const struct image_options o = {
        .patches = {.ctx = &t, .catalog_record = twist_record}};
    struct image *const i      = checkpointed_image(&o);
    const struct said *const s = verify(image_tape(i));

    /* The builder keeps one catalog for slices and end: both are wrong. */
    ck_assert_str_eq(s->rules, "A-8 A-1 ");
    image_free(i);
}
END_TEST

/* Turn bits of the nth segment of a kind, or of the nth block. */
struct cut {
    const char *rule;
    uint16_t kind;
    int nth;
    size_t at;
    uint8_t with;
    int seen;
};

static void
twist_segment(void *ctx, uint16_t kind, uint8_t *segment, size_t len)
{
    struct cut *const c = ctx;

    ck_assert_uint_gt(len, c->at);
    if (kind == c->kind && c->seen++ == c->nth)
        segment[c->at] ^= c->with;
}

static const struct cut segment_cuts[] = {
    {"C-1", REEL_BLOCK_DATA, 1, 20, 1, 0},
    {"C-1", REEL_BLOCK_CATALOG, 0, 20, 1, 0},
    {"G-2", REEL_BLOCK_DATA, 1, 0, 1, 0},
    {"G-4", REEL_BLOCK_DATA, 1, 8, 4, 0},
    {"G-5", REEL_BLOCK_DATA, 1, 9, 1, 0},
    {"G-6", REEL_BLOCK_DATA, 1, 19, 0x80, 0},
    {"G-8", REEL_BLOCK_DATA, 1, 16, 1, 0},
    {"G-9", REEL_BLOCK_DATA, 1, 8, 1, 0},
    {"R-1", REEL_BLOCK_DATA, 1, 24 + 7, 1, 0},
    {"R-7", REEL_BLOCK_DATA, 0, 24 + 8, 1, 0},
};

START_TEST(a_twisted_segment_breaks_one_rule)
{
    struct cut c                 = segment_cuts[_i];
    const struct image_options o = {
        .patches = {.ctx = &c, .segment = twist_segment}};
    struct image *i;

    if (strcmp(c.rule, "G-9") == 0) /* and G-10 must not stand before it */
        return;
    i = whole_image(&o);
    ck_assert_int_gt(c.seen, c.nth);
    assert_only_when_judged(image_tape(i), c.rule);
    image_free(i);
}
END_TEST

/* The archive says 256 KiB at most: a reader has no more for a window. */
START_TEST(a_window_is_within_the_limit_of_the_archive)
{
    const struct image_options o = {.compression = REEL_COMPRESSION_ZSTD,
                                    .window      = _i == 0 ? 13 << 3 : 5 << 3};
    struct image *const i        = image_new(&o);
    static uint8_t zeros[9000];

    fill(i);
    (void)image_file(i, "zeros", zeros, sizeof(zeros), 1);
    image_archive_end(i);
    if (_i == 0)
        assert_only(verify(image_tape(i)), "G-9");
    else
        assert_clean(verify(image_tape(i)));
    image_free(i);
}
END_TEST

static void
twist_block(void *ctx, uint8_t *block, struct reel_block_header *h)
{
    struct cut *const c = ctx;

    if (strcmp(c->rule, "B-12") == 0 &&
        (h->first_segment == 0 || h->first_segment == REEL_NONE32))
        return; /* not where reading goes on from the block before */
    if ((c->kind == 0 || h->kind == c->kind) && c->seen++ == c->nth)
        block[c->at] ^= c->with;
}

static const struct cut block_cuts[] = {
    {"B-2", REEL_BLOCK_DATA, 3, 0, 1, 0},
    {"B-6", REEL_BLOCK_DATA, 3, 26, 1, 0},
    {"B-7", REEL_BLOCK_DATA, 3, 30, 1, 0},
    {"B-8", REEL_BLOCK_VOLUME, 0, 511, 1, 0},
    {"B-9", REEL_BLOCK_VOLUME, 0, 32, 1, 0},
    {"B-12", REEL_BLOCK_DATA, 0, 28, 4, 0},
    {"B-17", REEL_BLOCK_DATA, 3, 80, 1, 0},
    {"B-20", REEL_BLOCK_DATA, 3, 72, 1, 0},
    {"B-20", REEL_BLOCK_END, 1, 72, 1, 0},
    {"C-1", REEL_BLOCK_DATA, 3, 44, 1, 0},
    {"C-1", REEL_BLOCK_CATALOG, 0, 90, 1, 0},
    {"B-15", REEL_BLOCK_END, 1, 200, 1, 0},
};

START_TEST(a_twisted_block_breaks_one_rule)
{
    struct cut c                 = block_cuts[_i];
    const struct image_options o = {
        .patches = {.ctx = &c, .block = twist_block}};
    struct image *const i = whole_image(&o);

    ck_assert_int_gt(c.seen, c.nth);
    assert_only_when_judged(image_tape(i), c.rule);
    image_free(i);
}
END_TEST

/* A file of which [1000, 1500) and [2980, 3000) could not be read, in the DATA
   of which `ones` octets at 1100 are something else than zeros. */
static struct image *
image_with_bad_ranges(size_t ones, uint64_t from, uint64_t to)
{
    struct image *const i = image_new(NULL);
    struct reel_object o  = image_facts(REEL_KIND_FILE, "bad");
    uint8_t body[3000];

    memset(body, 'x', sizeof(body));
    memset(body + 1000, 0, 500);
    memset(body + 1100, 1, ones);
    memset(body + 2980, 0, 20);
    fill(i);
    o.size = sizeof(body);
    (void)image_object(i, &o);
    image_stream(i, REEL_STREAM_DATA, sizeof(body));
    image_data(i, body, sizeof(body));
    image_group_end(i);
    image_bad_range(i, 0, from, to - from);
    image_bad_range(i, 0, 2980, 20);
    image_object_end(i);
    image_archive_end(i);
    return i;
}

START_TEST(bad_ranges_are_zeros)
{
    static const struct {
        size_t ones;
        uint64_t from;
        uint64_t to;
        bool wrong;
    } cases[] = {{0, 1000, 1500, false}, {0, 1100, 1300, false},
                 {0, 1499, 1500, false}, {1, 1101, 1500, false},
                 {1, 1000, 1500, true},  {0, 999, 1500, true},
                 {0, 1000, 1501, true},  {0, 1600, 1700, true}};
    struct image *const i =
        image_with_bad_ranges(cases[_i].ones, cases[_i].from, cases[_i].to);
    const struct said *const s = verify(image_tape(i));

    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_msg(strcmp(s->rules, cases[_i].wrong ? "O-18 " : "") == 0, "%s",
                  s->texts);
    ck_assert_uint_eq(s->result.flawed, 1);
    image_free(i);
}
END_TEST

/* Faults that no single octet makes. */
static void
stream_of(struct image *i, uint8_t kind, const char *path, uint32_t id,
          const char *body)
{
    const struct reel_object o = image_facts(kind, path);

    (void)image_object(i, &o);
    image_stream(i, id, strlen(body));
    image_data(i, body, strlen(body));
    image_group_end(i);
    image_object_end(i);
}

static void
link_of(struct image *i, uint64_t target, const char *body, int streams)
{
    struct reel_object o = image_facts(REEL_KIND_LINK, "zz");

    o.target = target;
    (void)image_object(i, &o);
    while (streams-- > 0) {
        image_stream(i, REEL_STREAM_LINK, strlen(body));
        image_data(i, body, strlen(body));
        image_group_end(i);
    }
    image_object_end(i);
}

static void
put_wrong(struct image *i, const char *rule)
{
    const struct reel_object o = image_facts(REEL_KIND_FILE, "zz");

    if (strcmp(rule, "S-15") == 0)
        stream_of(i, REEL_KIND_DIRECTORY, "zz", REEL_STREAM_DATA, "x");
    if (strcmp(rule, "S-15 ") == 0)
        stream_of(i, REEL_KIND_FIFO, "zz", REEL_STREAM_REPARSE_DATA, "x");
    if (strcmp(rule, "S-15  ") == 0)
        stream_of(i, REEL_KIND_FILE, "zz", REEL_STREAM_EA_DATA, "x");
    if (strcmp(rule, "K-5") == 0)
        stream_of(i, REEL_KIND_FILE, "zz", REEL_STREAM_LINK, "a");
    if (strcmp(rule, "K-3") == 0)
        link_of(i, BIG_NUMBER, "big", 2);
    if (strcmp(rule, "K-3 ") == 0)
        link_of(i, BIG_NUMBER, "big", 0);
    if (strcmp(rule, "K-4") == 0)
        link_of(i, BIG_NUMBER, "bog", 1);
    if (strcmp(rule, "K-2") == 0)
        link_of(i, 4, "c", 1);
    if (strcmp(rule, "O-12") == 0) {
        (void)image_object(i, &o);
        image_xattr(i, "user.b", "1");
        image_xattr(i, "user.a", "1");
        image_object_end(i);
    }
    if (strcmp(rule, "R-12") == 0) {
        image_skip_number(i);
        (void)image_file(i, "zz", "x", 1, 1);
    }
    if (strcmp(rule, "R-13") == 0) {
        (void)image_object(i, &o);
        (void)image_file(i, "zzz", "x", 1, 1);
    }
    if (strcmp(rule, "R-13 ") == 0)
        (void)image_object(i, &o);
}

static const char *const wrong_objects[] = {"S-15", "S-15 ", "S-15  ", "K-5",
                                            "K-3",  "K-3 ",  "K-4",    "K-2",
                                            "O-12", "R-12",  "R-13",   "R-13 "};

START_TEST(a_wrong_object_breaks_one_rule)
{
    struct image *const i = image_new(NULL);
    char rule[8];

    (void)sscanf(wrong_objects[_i], "%7s", rule);
    fill(i);
    put_wrong(i, wrong_objects[_i]);
    image_archive_end(i);
    assert_only_when_judged(image_tape(i), rule);
    image_free(i);
}
END_TEST

/* ---- NTFS objects ---- */

static void
streams_of(struct image *i, uint8_t kind, const uint32_t *ids, size_t count)
{
    struct reel_object o = image_facts(kind, "zz");
    size_t n;

    for (n = 0; n < count; n++)
        o.size = o.size || (kind == REEL_KIND_FILE && ids[n] == 1);
    (void)image_object(i, &o);
    for (n = 0; n < count && ids[n] != 0; n++) {
        image_stream(i, ids[n], 1);
        image_data(i, "x", 1);
        image_group_end(i);
    }
    image_object_end(i);
}

static const struct {
    uint32_t ids[8]; /* up to 0 */
    uint8_t kind;
    bool right;
} orders[] = {
    {{3, 2, 7, 8, 1, 4, 4, 10}, REEL_KIND_FILE, true},
    {{2, 8, 4}, REEL_KIND_DIRECTORY, true},
    {{4, 10, 6, 99}, REEL_KIND_FILE, true},
    {{1, 3}, REEL_KIND_FILE, false},
    {{2, 3}, REEL_KIND_FILE, false},
    {{8, 2}, REEL_KIND_FILE, false},
    {{8, 7}, REEL_KIND_FILE, false},
    {{4, 1}, REEL_KIND_FILE, false},
    {{10, 4}, REEL_KIND_FILE, false},
    {{1, 1}, REEL_KIND_FILE, false},
    {{3, 3}, REEL_KIND_FILE, false},
};

START_TEST(streams_of_ntfs_objects_have_an_order)
{
    const struct image_options options = {.source = REEL_SOURCE_NTFS};
    struct image *const i              = image_new(&options);

    fill(i);
    streams_of(i, orders[_i].kind, orders[_i].ids, 8);
    image_archive_end(i);
    if (orders[_i].right)
        assert_clean(verify(image_tape(i)));
    else
        assert_only_when_judged(image_tape(i), "S-16");
    image_free(i);
}
END_TEST

/* The catalog settles links that the link count left no room for: K-20, and
   nothing else is wrong with them. */
START_TEST(more_names_than_the_link_count)
{
    struct image *const i = image_new(NULL);

    fill(i);
    link_of(i, image_file(i, "zz", "x", 1, 1), "zz", 1);
    image_archive_end(i);
    assert_only(verify(image_tape(i)), "K-20");
    image_free(i);
}
END_TEST

/* ---- label and leader ---- */

START_TEST(a_wrong_label_or_leader_loses_nothing)
{
    static const struct {
        uint64_t address;
        uint64_t octet;
        const char *rule;
    } wrong[]             = {{0, 40, "L-5"},
                             {2, 3, "L-7"},
                             {3, 100, "L-7"},
                             {0, 4, "L-9"},
                             {2, 200, "L-9"}};
    struct image *const i = whole_image(NULL);
    const struct said *s;

    ck_assert_int_eq(
        reel_memory_tape_flip(image_tape(i), wrong[_i].address,
                              wrong[_i].octet * 8 +
                                  (strcmp(wrong[_i].rule, "L-7") == 0 ? 7 : 0),
                              NULL),
        REEL_OK);
    s = verify(image_tape(i));
    assert_only(s, wrong[_i].rule);
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
}
END_TEST

static void
twist_page(void *ctx, uint8_t *page, size_t len)
{
    const char *const what = ctx;
    const size_t n         = strlen(what);
    size_t at;

    for (at = 0; at + n < len && memcmp(page + at, what, n) != 0; at++)
        ;
    ck_assert_uint_lt(at + n, len);
    page[at + n - 1]++;
}

START_TEST(the_first_page_names_the_volume)
{
    static const char *const named[] = {"  set id         5a5a5a",
                                        "  volume id      TEST0",
                                        "  block size     512"};
    char what[32];
    const struct image_options o = {
        .patches = {.ctx = what, .page = twist_page}};
    struct image *i;

    (void)snprintf(what, sizeof(what), "%s", named[_i]);
    i = whole_image(&o);
    assert_only(verify(image_tape(i)), "L-8");
    image_free(i);
}
END_TEST

START_TEST(label_and_leader_that_cannot_be_read_lose_nothing)
{
    struct image *const i = whole_image(NULL);
    const struct said *s;

    ck_assert_int_eq(
        reel_memory_tape_spoil(image_tape(i), (uint64_t)_i * 2, NULL), REEL_OK);
    s = verify(image_tape(i));
    assert_only(s, _i == 0 ? "L-1" : "L-7");
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
}
END_TEST

/* ---- damage ---- */

static struct reel_block_header
header_at(struct reel_memory_tape *tape, uint64_t address, bool *is_block)
{
    const struct reel_memory_element e = reel_memory_tape_get(tape, address);
    struct reel_block_header h;

    memset(&h, 0, sizeof(h));
    *is_block = !e.filemark && reel_block_decode(&h, e.bytes, e.byte_count,
                                                 NULL, NULL) == REEL_OK;
    return h;
}

/* Every verdict is one that the objects deserve when only `address` is bad:
   what is proven was not touched by it, and nobody is forgotten. */
static void
assert_damage(const struct said *s, const struct reel_block_header *h)
{
    const struct reel_verify_result *const r = &s->result;

    ck_assert_msg(s->status == REEL_OK, "%s", s->err.text);
    ck_assert_msg(r->diagnostics == 1, "%s", s->texts);
    ck_assert_uint_eq(r->bad_blocks, 1);
    ck_assert_uint_eq(r->proven + r->damaged + r->lost + r->flawed, OBJECTS);
    if (h->kind != REEL_BLOCK_DATA)
        ck_assert_uint_eq(r->proven, OBJECTS);
    else
        ck_assert_uint_lt(r->proven, OBJECTS);
    ck_assert_uint_eq(s->nameless, 0);
    ck_assert(r->last.complete);
}

START_TEST(one_bad_block_anywhere_is_told_exactly)
{
    const struct image_options o = {
        .compression   = _i % 2 ? REEL_COMPRESSION_ZSTD : REEL_COMPRESSION_NONE,
        .segment_bytes = 1500};
    struct image *const i               = whole_image(&o);
    struct reel_memory_tape *const tape = image_tape(i);
    const uint64_t count                = reel_memory_tape_count(tape);
    uint64_t address;
    bool block;

    for (address = 0; address < count; address++) {
        const struct reel_block_header h = header_at(tape, address, &block);
        struct reel_memory_element was   = reel_memory_tape_get(tape, address);
        uint8_t copy[512];

        if (!block)
            continue;
        memcpy(copy, was.bytes, was.byte_count);
        was.bytes = copy;
        if (_i < 2)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, address, NULL),
                             REEL_OK);
        else
            ck_assert_int_eq(
                reel_memory_tape_flip(tape, address, 8 * 150, NULL), REEL_OK);
        assert_damage(verify(tape), &h);
        ck_assert_int_eq(reel_memory_tape_set(tape, address, &was, NULL),
                         REEL_OK);
    }
    assert_clean(verify(tape));
    image_free(i);
}
END_TEST

START_TEST(what_stands_around_the_damage_is_proven)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    const struct said *s;
    uint64_t address = 20;
    bool block;

    /* A block in the middle of the big file. */
    ck_assert_uint_eq(header_at(tape, address, &block).kind, REEL_BLOCK_DATA);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, address, NULL), REEL_OK);
    s = verify(tape);
    ck_assert_uint_eq(s->verdict_of[BIG_NUMBER], 1 + REEL_VERDICT_DAMAGED);
    ck_assert_uint_eq(s->result.damaged, 1);
    ck_assert_uint_eq(s->result.lost, 0);
    ck_assert_uint_ge(s->ranges, 1);
    ck_assert_uint_ge(s->range_bytes, BIG_BYTES - 3 * 4096);
    ck_assert_uint_lt(s->range_bytes, BIG_BYTES);
    image_free(i);
}
END_TEST

START_TEST(an_image_cut_anywhere_is_noticed)
{
    struct image *const i               = checkpointed_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    uint64_t count                      = reel_memory_tape_count(tape);
    unsigned int whole                  = 1;

    while (count-- > 0) {
        const struct said *s;

        ck_assert_int_eq(reel_memory_tape_remove(tape, count, NULL), REEL_OK);
        s = verify(tape);
        if (count == 0) {
            ck_assert_int_eq(s->status, REEL_E_MAGIC);
            break;
        }
        ck_assert_msg(s->status == REEL_OK, "%s", s->err.text);
        if (count == reel_memory_tape_count(tape) && s->result.last.complete &&
            whole-- > 0)
            continue; /* the filemark behind the second END */
        /* Behind data and a filemark it may have met the end of the volume. */
        ck_assert_msg(s->result.diagnostics + s->result.missing_volumes == 1,
                      "cut at %llu: %s", (unsigned long long)count, s->texts);
        ck_assert_uint_eq(s->result.damaged, 0);
    }
    image_free(i);
}
END_TEST

START_TEST(blocks_that_come_twice_or_from_elsewhere_do_no_harm)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    struct reel_memory_element e;
    uint8_t copy[512];
    const struct said *s;

    e = reel_memory_tape_get(tape, 20);
    memcpy(copy, e.bytes, e.byte_count);
    e.bytes = copy;
    ck_assert_int_eq(reel_memory_tape_insert(tape, 21, &e, NULL), REEL_OK);
    s = verify(tape);
    assert_only(s, "B-20"); /* all behind it stand one further */
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    copy[50] ^= 1; /* of another set */
    ck_assert_int_eq(reel_memory_tape_set(tape, 21, &e, NULL), REEL_OK);
    image_reseal(tape, 21);
    s = verify(tape);
    assert_only(s, "-");
    ck_assert_uint_eq(s->result.proven, OBJECTS);
    image_free(i);
}
END_TEST

START_TEST(blocks_that_are_missing_or_in_another_order_are_told_once)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    struct reel_memory_element e;
    uint8_t copy[512];
    const struct said *s;

    e = reel_memory_tape_get(tape, 20);
    memcpy(copy, e.bytes, e.byte_count);
    e.bytes = copy;
    ck_assert_int_eq(reel_memory_tape_remove(tape, 20, NULL), REEL_OK);
    s = verify(tape);
    assert_only(s, "B-14");
    ck_assert_uint_eq(s->verdict_of[BIG_NUMBER], 1 + REEL_VERDICT_DAMAGED);
    ck_assert_int_eq(reel_memory_tape_insert(tape, 21, &e, NULL), REEL_OK);
    s = verify(tape);
    assert_only(s, "B-14");
    ck_assert_uint_eq(s->verdict_of[BIG_NUMBER], 1 + REEL_VERDICT_DAMAGED);
    image_free(i);
}
END_TEST

/* No block of this kind can be read. */
static void
spoil_kind(struct reel_memory_tape *tape, enum reel_block_kind kind)
{
    const uint64_t count = reel_memory_tape_count(tape);
    uint64_t address;
    bool block;

    for (address = 0; address < count; address++)
        if (header_at(tape, address, &block).kind == kind)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, address, NULL),
                             REEL_OK);
}

START_TEST(what_is_lost_is_named_from_the_catalog)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    const struct said *s;

    spoil_kind(tape, REEL_BLOCK_DATA);
    s = verify(tape);
    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_uint_eq(s->result.lost, OBJECTS);
    ck_assert_uint_eq(s->nameless, 0);
    spoil_kind(tape, REEL_BLOCK_CATALOG);
    s = verify(tape);
    ck_assert_uint_eq(s->result.lost, OBJECTS);
    ck_assert_uint_eq(s->nameless, OBJECTS);
    image_free(i);
}
END_TEST

static void
break_last_entry(void *ctx, uint8_t *record, size_t *len)
{
    (void)ctx;
    (void)len;
    if (is_type(record, REEL_RECORD_ENTRY) && record[8] == OBJECTS)
        record[0] ^= 0x60;
}

/* No number is lost twice, or so often that the count goes round. */
START_TEST(end_may_count_fewer_than_the_catalog_names)
{
    struct twist fewer = {"A-10", REEL_RECORD_END, 0, 24, OBJECTS ^ 5U, 0};
    const struct image_options o        = {.patches = {
                                               .ctx            = &fewer,
                                               .record         = twist_record,
                                               .catalog_record = break_last_entry,
                                    }};
    struct image *const i               = whole_image(&o);
    struct reel_memory_tape *const tape = image_tape(i);
    const struct said *s;

    ck_assert_int_gt(fewer.seen, 0);
    spoil_kind(tape, REEL_BLOCK_DATA);
    s = verify(tape);
    ck_assert_int_eq(s->status, REEL_OK);
    ck_assert_uint_eq(s->result.lost, OBJECTS - 1);
    ck_assert_uint_eq(s->nameless, 0);
    image_free(i);
}
END_TEST

/* ---- several archives ---- */

START_TEST(all_archives_of_a_volume_are_judged)
{
    struct image *const i = image_new(NULL);
    const struct said *s;

    fill(i);
    image_archive_end(i);
    image_archive(i);
    (void)image_file(i, "n", "second", 6, 1);
    image_archive_end(i);
    s = verify(image_tape(i));
    assert_clean(s);
    ck_assert_uint_eq(s->result.archives, 2);
    ck_assert_uint_eq(s->result.proven, OBJECTS + 1);
    s = verify_with(image_tape(i), REEL_VERIFY_QUICK, 1, NULL);
    assert_clean(s);
    ck_assert_uint_eq(s->result.archives, 2);
    ck_assert_uint_eq(s->result.last.archive, 2);
    image_archive(i);
    (void)image_file(i, "o", "third", 5, 1);
    image_break(i);
    s = verify(image_tape(i));
    assert_only(s, "-");
    ck_assert_uint_eq(s->result.incomplete_archives, 1);
    ck_assert_uint_eq(s->result.proven, OBJECTS + 2);
    ck_assert(!s->result.last.complete);
    /* With a filemark behind it, it may have met the end of the volume. */
    image_filemark(i);
    s = verify(image_tape(i));
    ck_assert_uint_eq(s->result.missing_volumes, 1);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.proven, OBJECTS + 2);
    image_free(i);
}
END_TEST

/* ---- not ours, not yet known ---- */

START_TEST(what_is_not_reel_is_refused)
{
    struct reel_memory_tape *const tape = reel_memory_tape_new(NULL);
    uint8_t octets[1024];
    const struct reel_memory_element e = {false, false, octets, sizeof(octets)};

    ck_assert_int_eq(verify(tape)->status, REEL_E_MAGIC);
    image_noise(octets, sizeof(octets), 3);
    ck_assert_int_eq(reel_memory_tape_insert(tape, 0, &e, NULL), REEL_OK);
    ck_assert_int_eq(verify(tape)->status, REEL_E_MAGIC);
    ck_assert_int_eq(verify_with(tape, REEL_VERIFY_QUICK, 1, NULL)->status,
                     REEL_E_MAGIC);
    reel_memory_tape_free(tape);
}
END_TEST

START_TEST(an_unknown_feature_is_refused_before_any_verdict)
{
    struct cut c                 = {"X-3", 0, 0, 16, 1, 0};
    const struct image_options o = {
        .patches = {.ctx = &c, .block = twist_block}};
    struct image *const i = whole_image(&o);
    const struct said *s  = verify(image_tape(i));

    ck_assert_int_eq(s->status, REEL_E_UNSUPPORTED);
    ck_assert_str_eq(s->err.rule, "X-3");
    ck_assert_uint_eq(s->result.proven, 0);
    image_free(i);
}
END_TEST

/* ---- quick ---- */

START_TEST(quick_reads_catalogs_and_not_the_data)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    const struct said *s;
    bool block;
    uint64_t address = 20;

    s = verify_with(tape, REEL_VERIFY_QUICK, 1, NULL);
    assert_clean(s);
    ck_assert(s->result.last.complete);
    ck_assert_uint_eq(s->result.last.objects, OBJECTS);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, address, NULL), REEL_OK);
    assert_clean(verify_with(tape, REEL_VERIFY_QUICK, 1, NULL));
    while (header_at(tape, address, &block).kind != REEL_BLOCK_CATALOG)
        address++;
    ck_assert_int_eq(reel_memory_tape_spoil(tape, address, NULL), REEL_OK);
    s = verify_with(tape, REEL_VERIFY_QUICK, 1, NULL);
    ck_assert_uint_eq(s->result.diagnostics, 1);
    image_free(i);
}
END_TEST

START_TEST(quick_says_that_there_is_no_end)
{
    struct image *const i = image_new(NULL);
    const struct said *s;

    fill(i);
    image_cut(i);
    image_filemark(i);
    s = verify_with(image_tape(i), REEL_VERIFY_QUICK, 1, NULL);
    assert_only(s, "-");
    ck_assert_uint_eq(s->result.incomplete_archives, 1);
    image_free(i);
}
END_TEST

/* ---- failing calls ---- */

START_TEST(each_failing_call_of_the_medium_is_passed_up)
{
    struct image *const i               = whole_image(NULL);
    struct reel_memory_tape *const tape = image_tape(i);
    const enum reel_verify_depth depth =
        _i < 2 ? REEL_VERIFY_FULL : REEL_VERIFY_QUICK;
    const unsigned int threads = _i == 1 ? 2 : 1;
    unsigned long calls;
    unsigned long n;

    reel_memory_tape_fail_at(tape, 0, false);
    assert_clean(verify_with(tape, depth, threads, NULL));
    calls = reel_memory_tape_calls(tape);
    for (n = 1; n < calls; n++) { /* the last one is close */
        reel_memory_tape_fail_at(tape, n, false);
        ck_assert_int_eq(verify_with(tape, depth, threads, NULL)->status,
                         REEL_E_MEDIUM);
    }
    reel_memory_tape_fail_at(tape, 0, false);
    image_free(i);
}
END_TEST

START_TEST(each_failing_allocation_is_passed_up)
{
    const struct image_options o = {.compression = REEL_COMPRESSION_ZSTD};
    struct image *const i        = whole_image(&o);
    const enum reel_verify_depth depth =
        _i == 0 ? REEL_VERIFY_FULL : REEL_VERIFY_QUICK;
    unsigned long requests;
    unsigned long n;

    reel_alloc_fail_at(0, 0);
    assert_clean(verify_with(image_tape(i), depth, 1, NULL));
    requests = reel_alloc_requests();
    for (n = 2; n <= requests; n++) { /* the first one is the medium's */
        const struct said *s;

        reel_alloc_fail_at(n, 0);
        s = verify_with(image_tape(i), depth, 1, NULL);
        ck_assert_int_eq(s->status, REEL_E_MEMORY);
    }
    reel_alloc_fail_at(0, 0);
    image_free(i);
}
END_TEST

static int
stop_now(void)
{
    return 1;
}

START_TEST(a_wish_to_stop_is_granted)
{
    struct image *const i  = whole_image(NULL);
    const volatile int now = stop_now();
    struct reel_verify_options o;
    struct reel_verify_result r;

    memset(&o, 0, sizeof(o));
    o.depth       = REEL_VERIFY_FULL;
    o.threads     = _i == 0 ? 1 : 2;
    o.report.stop = &now;
    ck_assert_int_eq(reel_medium_memory_new(&o.medium, image_tape(i),
                                            REEL_MEDIUM_READ, NULL),
                     REEL_OK);
    ck_assert_int_eq(reel_verify(&o, &r, NULL), REEL_E_STOPPED);
    ck_assert_int_eq(reel_medium_close(o.medium, NULL), REEL_OK);
    image_free(i);
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_right_image_gives_no_diagnostic, 0, 8);
    tcase_add_loop_test(t, a_twisted_record_breaks_one_rule, 0,
                        SUITE_COUNT(record_twists));
    tcase_add_loop_test(t, a_twisted_catalog_breaks_one_rule, 0,
                        SUITE_COUNT(catalog_twists));
    tcase_add_loop_test(t, a_window_is_within_the_limit_of_the_archive, 0, 2);
    tcase_add_loop_test(t, the_first_page_names_the_volume, 0, 3);
    tcase_add_loop_test(t, bad_ranges_are_zeros, 0, 8);
    tcase_add_test(t, a_twisted_slice_breaks_one_rule);
    tcase_add_loop_test(t, a_twisted_segment_breaks_one_rule, 0,
                        SUITE_COUNT(segment_cuts));
    tcase_add_loop_test(t, a_twisted_block_breaks_one_rule, 0,
                        SUITE_COUNT(block_cuts));
    tcase_add_loop_test(t, streams_of_ntfs_objects_have_an_order, 0,
                        SUITE_COUNT(orders));
    tcase_add_loop_test(t, a_wrong_object_breaks_one_rule, 0,
                        SUITE_COUNT(wrong_objects));
    tcase_add_test(t, more_names_than_the_link_count);
    tcase_add_loop_test(t, a_wrong_label_or_leader_loses_nothing, 0, 5);
    tcase_add_loop_test(t, label_and_leader_that_cannot_be_read_lose_nothing, 0,
                        2);
    tcase_add_loop_test(t, one_bad_block_anywhere_is_told_exactly, 0, 4);
    tcase_add_test(t, what_stands_around_the_damage_is_proven);
    tcase_add_test(t, an_image_cut_anywhere_is_noticed);
    tcase_add_test(t, blocks_that_come_twice_or_from_elsewhere_do_no_harm);
    tcase_add_test(t,
                   blocks_that_are_missing_or_in_another_order_are_told_once);
    tcase_add_test(t, what_is_lost_is_named_from_the_catalog);
    tcase_add_test(t, end_may_count_fewer_than_the_catalog_names);
    tcase_add_test(t, all_archives_of_a_volume_are_judged);
    tcase_add_test(t, what_is_not_reel_is_refused);
    tcase_add_test(t, an_unknown_feature_is_refused_before_any_verdict);
    tcase_add_test(t, quick_reads_catalogs_and_not_the_data);
    tcase_add_test(t, quick_says_that_there_is_no_end);
    tcase_add_loop_test(t, each_failing_call_of_the_medium_is_passed_up, 0, 3);
    tcase_add_loop_test(t, each_failing_allocation_is_passed_up, 0, 2);
    tcase_add_loop_test(t, a_wish_to_stop_is_granted, 0, 2);
}

int
main(void)
{
    return suite_run("verify", add_tests);
}
