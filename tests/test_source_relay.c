/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chapters 5 to 8 in the relay of another program: what is sent comes out as it
 * is, and whatever is not as it ought to be ends the walk with a sentence.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reel/archive.h"
#include "relay_build.h"
#include "source_relay.h"

#define ROOM ((size_t)8 << 20)

/* What came out of one walk. */
struct walk {
    unsigned int objects;
    unsigned int links;
    unsigned int outside;
    unsigned int xattrs;
    unsigned int streams;
    unsigned int notes;
    unsigned int bad_ranges;
    uint64_t octets;
    uint64_t filling;
    uint32_t flags; /* of any */
    char note[160];
    struct reel_err err;
};

static void
on_note(void *ctx, const struct reel_note *note)
{
    struct walk *const w = ctx;

    w->notes++;
    (void)snprintf(w->note, sizeof(w->note), "%s", note->err.text);
}

static enum reel_status
walk_body(struct reel_source *s, uint64_t size, struct walk *w)
{
    static uint8_t buf[70000];
    uint64_t left = size;

    while (left > 0) {
        const size_t want = left < sizeof(buf) ? (size_t)left : sizeof(buf);
        uint32_t reason;
        size_t got;
        size_t i;

        REEL_TRY(s->ops->read(s, buf, want, &got, &reason, &w->err));
        ck_assert_uint_gt(got, 0);
        ck_assert_uint_le(got, want);
        left -= got;
        w->octets += got;
        if (reason == 0)
            continue;
        w->filling += got;
        for (i = 0; i < got; i++)
            ck_assert_uint_eq(buf[i], 0);
    }
    return REEL_OK;
}

static enum reel_status
walk_object(struct reel_source *s, struct walk *w)
{
    struct reel_stream_header h;
    enum reel_status status;
    struct reel_xattr x;
    uint64_t sparse;
    uint32_t flags;

    while ((status = s->ops->next_xattr(s, &x, &w->err)) == REEL_OK)
        w->xattrs++;
    if (status != REEL_END)
        return status;
    while ((status = s->ops->next_stream(s, &h, &sparse, &w->err)) == REEL_OK) {
        w->streams++;
        ck_assert_int_eq(sparse != REEL_NONE64,
                         h.id == REEL_STREAM_SPARSE_BLOCK);
        REEL_TRY(walk_body(s, h.size, w));
    }
    if (status != REEL_END)
        return status;
    REEL_TRY(s->ops->finish(s, &flags, &w->err));
    w->flags |= flags;
    w->bad_ranges += s->ops->bad_ranges(s).bad_ranges;
    return REEL_OK;
}

static enum reel_status
walk_all(struct reel_source *s, struct walk *w)
{
    struct reel_object o;
    enum reel_status status;

    while ((status = s->ops->next(s, &o, &w->err)) == REEL_OK) {
        w->objects++;
        if (o.kind == REEL_KIND_LINK) {
            w->links++;
            w->outside += (o.facts & REEL_FACT_OUTSIDE) != 0;
            continue; /* next() passes over it */
        }
        REEL_TRY(walk_object(s, w));
    }
    return status;
}

/* Walk the first `len` octets. */
static enum reel_status
run(struct reel_bytes octets, struct walk *w)
{
    const struct reel_reporter report   = {.fn = on_note, .ctx = w};
    struct reel_source_relay_options to = {.source = REEL_SOURCE_NTFS,
                                           .report = &report};
    FILE *const file                    = tmpfile();
    struct reel_source *s;
    enum reel_status status;

    memset(w, 0, sizeof(*w));
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(octets.data, 1, octets.len, file), octets.len);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq(lseek(fileno(file), 0, SEEK_SET), 0);
    to.fd = fileno(file);
    s     = reel_source_relay_new(&to, &w->err);
    ck_assert_ptr_nonnull(s);
    status = walk_all(s, w);
    if (status != REEL_END) {
        ck_assert_int_eq(w->err.status, status);
        ck_assert_str_ne(w->err.text, "");
    }
    s->ops->free(s);
    (void)fclose(file);
    return status;
}

static struct reel_bytes
all_of(const struct relay_build *r)
{
    return (struct reel_bytes){r->b.buf, r->b.len};
}

START_TEST(specimen_comes_out_whole)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    relay_specimen(&r);
    ck_assert_int_eq(run(all_of(&r), &w), REEL_END);
    ck_assert_uint_eq(w.objects, 10);
    ck_assert_uint_eq(w.links, 3);
    ck_assert_uint_eq(w.outside, 1);
    ck_assert_uint_eq(w.streams, 1 + 1 + 12 + 1 + 1);
    ck_assert_uint_eq(w.octets, 2 + 6 + 5 + 3 + 64 + 8 + (8 + 13) + 8 + 4 +
                                    (8 + 1) + 8 + 4 + 3000000);
    ck_assert_uint_eq(w.filling, 0);
    ck_assert_uint_eq(w.bad_ranges, 1);
    ck_assert_uint_eq(w.notes, 1);
    ck_assert_str_eq(w.note, "is encrypted");
    relay_build_fini(&r);
}
END_TEST

/* Cut anywhere, it is never taken for whole. */
START_TEST(each_prefix_is_noticed)
{
    struct relay_build r;
    struct reel_bytes octets;
    struct walk w;
    size_t whole;
    size_t step;

    relay_build_init(&r, ROOM);
    relay_specimen(&r);
    octets = all_of(&r);
    whole  = octets.len;
    while (octets.len > 0) {
        step = octets.len > 5000 && octets.len + 100 < whole ? 499979 : 7;
        octets.len -= octets.len > step ? step : octets.len;
        ck_assert_int_eq(run(octets, &w), REEL_E_MEDIUM);
    }
    relay_build_fini(&r);
}
END_TEST

/* ----------------------------------------------------------- given up early */

START_TEST(abandoned_stream_is_filled)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    relay_object(&r, REEL_KIND_FILE, "a", 1, 1, 10);
    relay_stream(&r, REEL_STREAM_DATA, 0, 10, NULL);
    relay_data(&r, "four", 4);
    relay_abandon(&r);
    relay_object(&r, REEL_KIND_FILE, "b", 2, 1, 0);
    relay_object_end(&r, 0, NULL, 0);
    relay_done(&r, REEL_OK, "");
    ck_assert_int_eq(run(all_of(&r), &w), REEL_END);
    ck_assert_uint_eq(w.objects, 2);
    ck_assert_uint_eq(w.octets, 10);
    ck_assert_uint_eq(w.filling, 6);
    relay_build_fini(&r);
}
END_TEST

START_TEST(abandoned_between_streams_is_flawed)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    relay_object(&r, REEL_KIND_FILE, "a", 1, 1, 4);
    relay_stream(&r, REEL_STREAM_DATA, 0, 4, NULL);
    relay_data(&r, "four", 4);
    relay_abandon(&r);
    relay_done(&r, REEL_OK, "");
    ck_assert_int_eq(run(all_of(&r), &w), REEL_END);
    ck_assert_uint_eq(w.flags, REEL_OBJECT_CHANGED);
    relay_build_fini(&r);
}
END_TEST

START_TEST(failure_of_the_program_is_passed_up)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    relay_done(&r, REEL_E_MAGIC, "this is no NTFS volume");
    ck_assert_int_eq(run(all_of(&r), &w), REEL_E_MAGIC);
    ck_assert_str_eq(w.err.text, "this is no NTFS volume");
    relay_build_fini(&r);
}
END_TEST

/* What is no text in its words does not get on to a terminal. */
START_TEST(words_are_made_text)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    relay_done(&r, REEL_E_MEDIUM, "bad \x1B[2J \xFF words");
    ck_assert_int_eq(run(all_of(&r), &w), REEL_E_MEDIUM);
    ck_assert_str_eq(w.err.text, "bad ?[2J ? words");
    relay_build_fini(&r);
}
END_TEST

/* ------------------------------------------------------- not as it ought to */

static void
file_of(struct relay_build *r, uint64_t size)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, size);
    relay_stream(r, REEL_STREAM_DATA, 0, size, NULL);
}

static void
end(struct relay_build *r)
{
    relay_object_end(r, 0, NULL, 0);
    relay_done(r, REEL_OK, "");
}

static void
more_than_size(struct relay_build *r)
{
    file_of(r, 3);
    relay_data(r, "four", 4);
    end(r);
}

static void
less_than_size(struct relay_build *r)
{
    file_of(r, 5);
    relay_data(r, "four", 4);
    end(r);
}

static void
next_stream_too_early(struct relay_build *r)
{
    file_of(r, 5);
    relay_data(r, "four", 4);
    relay_stream(r, REEL_STREAM_ALTERNATE_DATA, 0, 0, ":a:$DATA");
    end(r);
}

static void
octets_left_out(struct relay_build *r)
{
    file_of(r, 9);
    relay_data(r, "four", 4);
    r->offset++;
    relay_data(r, "four", 4);
    end(r);
}

static void
data_of_another_stream(struct relay_build *r)
{
    file_of(r, 4);
    r->streams++;
    relay_data(r, "four", 4);
    end(r);
}

static void
data_without_stream(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 4);
    r->streams   = 1;
    r->offset    = 0;
    r->sparse_at = REEL_NONE64;
    relay_data(r, "four", 4);
    end(r);
}

static void
ordinal_left_out(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 4);
    r->streams = 1;
    relay_stream(r, REEL_STREAM_DATA, 0, 0, NULL);
    end(r);
}

static void
record_of_another_object(struct relay_build *r)
{
    file_of(r, 4);
    r->number++;
    relay_data(r, "four", 4);
    end(r);
}

static void
number_comes_twice(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_object_end(r, 0, NULL, 0);
    r->number--;
    relay_object(r, REEL_KIND_FILE, "b", 2, 1, 0);
    end(r);
}

static void
object_in_object(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_object(r, REEL_KIND_FILE, "b", 2, 1, 0);
    end(r);
}

static void
note_in_object(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_note(r, REEL_NOTE_INFO, NULL, "now?");
    end(r);
}

static void
done_in_object(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_done(r, REEL_OK, "");
}

static void
end_without_object(struct relay_build *r)
{
    r->number = 1;
    end(r);
}

static void
more_behind_done(struct relay_build *r)
{
    relay_done(r, REEL_OK, "");
    relay_done(r, REEL_OK, "");
}

static void
done_with_no_failure(struct relay_build *r)
{
    relay_done(r, REEL_END, "");
}

static void
link_to_itself(struct relay_build *r)
{
    relay_link(r, "a", 1, 2, 0, 1, false);
    relay_done(r, REEL_OK, "");
}

static void
link_to_come(struct relay_build *r)
{
    relay_link(r, "a", 1, 2, 0, 7, false);
    relay_done(r, REEL_OK, "");
}

static void
link_with(struct relay_build *r, bool stream)
{
    size_t mark;

    relay_object(r, REEL_KIND_FILE, "a", 1, 2, 0);
    relay_object_end(r, 0, NULL, 0);
    mark = r->b.len;
    relay_link(r, "b", 1, 2, 0, 1, false);
    /* Its OBJECT END away. */
    r->b.len = mark + REEL_RECORD_HEADER_BYTES + 128 + 2;
    if (stream)
        relay_stream(r, REEL_STREAM_DATA, 0, 0, NULL);
    else
        relay_xattr(r, "user.a", "b");
    end(r);
}

static void
link_with_stream(struct relay_build *r)
{
    link_with(r, true);
}

static void
link_with_xattr(struct relay_build *r)
{
    link_with(r, false);
}

static void
link_stream_in_file(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_stream(r, REEL_STREAM_LINK, 0, 2, NULL);
    relay_data(r, "b\0", 2);
    end(r);
}

static void
data_before_security(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_SECURITY_DATA, 2, 0, NULL);
    end(r);
}

static void
data_twice(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_DATA, 0, 0, NULL);
    end(r);
}

static void
block_behind_security(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_stream(r, REEL_STREAM_SECURITY_DATA, 2, 0, NULL);
    relay_block(r, 0, NULL, 0);
    end(r);
}

static void
blocks_go_back(struct relay_build *r)
{
    file_of(r, 0);
    relay_block(r, 100, "x", 1);
    relay_block(r, 50, "x", 1);
    end(r);
}

static void
block_behind_the_last(struct relay_build *r)
{
    file_of(r, 0);
    relay_block(r, 100, NULL, 0);
    relay_block(r, 200, "x", 1);
    end(r);
}

static void
block_says_another_place(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_SPARSE_BLOCK, 8, 8, NULL);
    r->sparse_at = 5;
    relay_data(r, "\1\0\0\0\0\0\0\0", 8);
    end(r);
}

static void
block_without_octets(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_SPARSE_BLOCK, 8, 9, NULL);
    end(r);
}

static void
block_in_crumbs(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_SPARSE_BLOCK, 8, 8, NULL);
    relay_data(r, "\1\0\0\0", 4);
    relay_data(r, "\0\0\0\0", 4);
    end(r);
}

static void
block_given_up_before_its_place(struct relay_build *r)
{
    file_of(r, 0);
    relay_stream(r, REEL_STREAM_SPARSE_BLOCK, 8, 9, NULL);
    relay_abandon(r);
    relay_done(r, REEL_OK, "");
}

static void
xattrs_descend(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    relay_xattr(r, "user.b", "");
    relay_xattr(r, "user.a", "");
    end(r);
}

static void
xattr_behind_stream(struct relay_build *r)
{
    file_of(r, 0);
    relay_xattr(r, "user.b", "");
    end(r);
}

static void
bad_range_behind_the_end(struct relay_build *r)
{
    static const struct reel_bad_range bad = {0, REEL_BAD_UNREADABLE, 3, 2};

    file_of(r, 4);
    relay_data(r, "f\0\0\0", 4);
    relay_object_end(r, 0, &bad, 1);
    relay_done(r, REEL_OK, "");
}

static void
bad_range_of_no_stream(struct relay_build *r)
{
    static const struct reel_bad_range bad = {7, REEL_BAD_UNREADABLE, 0, 1};

    file_of(r, 0);
    relay_object_end(r, 0, &bad, 1);
    relay_done(r, REEL_OK, "");
}

static void
group_end_sent(struct relay_build *r)
{
    file_of(r, 0);
    reel_record_close(
        &r->b, reel_record_open(&r->b, REEL_RECORD_GROUP_END, r->number));
    end(r);
}

static void
unknown_record(struct relay_build *r)
{
    reel_record_close(&r->b, reel_record_open(&r->b, 0x4077, 0));
    relay_done(r, REEL_OK, "");
}

static void
kind_unknown(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "a", 1, 1, 0);
    r->b.buf[REEL_RECORD_HEADER_BYTES] = 9;
    end(r);
}

static void
path_goes_up(struct relay_build *r)
{
    relay_object(r, REEL_KIND_FILE, "xx/a", 1, 1, 0);
    memcpy(r->b.buf + REEL_RECORD_HEADER_BYTES + 128, ".\0.\0", 4);
    end(r);
}

static void
size_too_large(struct relay_build *r)
{
    file_of(r, 0);
    /* In the stream header, behind the ordinal, id and attributes. */
    r->b.buf[r->b.len - 5] = 0x80;
    end(r);
}

static void
note_of_no_kind(struct relay_build *r)
{
    relay_note(r, REEL_NOTE_INFO, NULL, "what?");
    r->b.buf[REEL_RECORD_HEADER_BYTES] = 99;
    relay_done(r, REEL_OK, "");
}

static void
record_too_long(struct relay_build *r)
{
    relay_done(r, REEL_OK, "");
    r->b.buf[6] = 0xFF;
    r->b.buf[7] = 0x7F;
}

static const struct {
    void (*make)(struct relay_build *r);
    enum reel_status status;
    const char *rule; /* NULL: any */
} wrongs[] = {
    {more_than_size, REEL_E_INVALID, "S-4"},
    {less_than_size, REEL_E_INVALID, "S-4"},
    {next_stream_too_early, REEL_E_INVALID, "S-4"},
    {octets_left_out, REEL_E_INVALID, "S-4"},
    {data_of_another_stream, REEL_E_INVALID, "S-4"},
    {data_without_stream, REEL_E_INVALID, NULL},
    {ordinal_left_out, REEL_E_INVALID, "S-3"},
    {record_of_another_object, REEL_E_INVALID, NULL},
    {number_comes_twice, REEL_E_INVALID, NULL},
    {object_in_object, REEL_E_INVALID, NULL},
    {note_in_object, REEL_E_INVALID, NULL},
    {done_in_object, REEL_E_INVALID, NULL},
    {end_without_object, REEL_E_INVALID, NULL},
    {more_behind_done, REEL_E_INVALID, NULL},
    {done_with_no_failure, REEL_E_INVALID, NULL},
    {link_to_itself, REEL_E_INVALID, NULL},
    {link_to_come, REEL_E_INVALID, NULL},
    {link_with_stream, REEL_E_INVALID, NULL},
    {link_with_xattr, REEL_E_INVALID, NULL},
    {link_stream_in_file, REEL_E_INVALID, NULL},
    {data_before_security, REEL_E_INVALID, NULL},
    {data_twice, REEL_E_INVALID, NULL},
    {block_behind_security, REEL_E_INVALID, NULL},
    {blocks_go_back, REEL_E_INVALID, "S-8"},
    {block_behind_the_last, REEL_E_INVALID, "S-9"},
    {block_says_another_place, REEL_E_INVALID, "S-6"},
    {block_without_octets, REEL_E_INVALID, NULL},
    {block_in_crumbs, REEL_E_INVALID, NULL},
    {block_given_up_before_its_place, REEL_E_INVALID, NULL},
    {xattrs_descend, REEL_E_INVALID, NULL},
    {xattr_behind_stream, REEL_E_INVALID, NULL},
    {bad_range_behind_the_end, REEL_E_INVALID, NULL},
    {bad_range_of_no_stream, REEL_E_INVALID, NULL},
    {group_end_sent, REEL_E_INVALID, NULL},
    {unknown_record, REEL_E_INVALID, NULL},
    {kind_unknown, REEL_E_INVALID, "O-1"},
    {path_goes_up, REEL_E_INVALID, "N-2"},
    {size_too_large, REEL_E_INVALID, "S-1"},
    {note_of_no_kind, REEL_E_INVALID, NULL},
    {record_too_long, REEL_E_LIMIT, "R-3"},
};

START_TEST(wrong_relay_is_refused)
{
    struct relay_build r;
    struct walk w;

    relay_build_init(&r, ROOM);
    wrongs[_i].make(&r);
    ck_assert_msg(run(all_of(&r), &w) == wrongs[_i].status, "case %d: %s", _i,
                  w.err.text);
    if (wrongs[_i].rule != NULL) {
        ck_assert_ptr_nonnull(w.err.rule);
        ck_assert_str_eq(w.err.rule, wrongs[_i].rule);
    }
    relay_build_fini(&r);
}
END_TEST

static void
add(TCase *t)
{
    tcase_set_timeout(t, 30);
    tcase_add_test(t, specimen_comes_out_whole);
    tcase_add_test(t, each_prefix_is_noticed);
    tcase_add_test(t, abandoned_stream_is_filled);
    tcase_add_test(t, abandoned_between_streams_is_flawed);
    tcase_add_test(t, failure_of_the_program_is_passed_up);
    tcase_add_test(t, words_are_made_text);
    tcase_add_loop_test(t, wrong_relay_is_refused, 0, SUITE_COUNT(wrongs));
}

int
main(void)
{
    return suite_run("source_relay", add);
}
