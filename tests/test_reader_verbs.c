/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list, info, dump and catalog files on tapes in memory: catalogs from the
 * tape, from a file, and made anew; what is refused; every allocation failing.
 */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reader_probe.h"
#include "reel/alloc.h"
#include "reel/catalog_file.h"
#include "reel/dump.h"
#include "reel/info.h"
#include "reel/list.h"

static struct reel_memory_tape *tape;
static struct probe_read probe;
static FILE *kept;
static FILE *made;

static void
setup(void)
{
    struct probe_archive how = {.set = 1};

    probe_tree_make();
    tape = probe_tape_new(false);
    kept = tmpfile();
    made = tmpfile();
    ck_assert_ptr_nonnull(kept);
    ck_assert_ptr_nonnull(made);
    how.compression      = REEL_COMPRESSION_ZSTD;
    how.checkpoint_bytes = 300000;
    how.catalog_fd       = fileno(kept);
    probe_archive_add(tape, &how);
    probe_read_init(&probe);
}

static void
teardown(void)
{
    probe_read_fini(&probe);
    reel_memory_tape_free(tape);
    (void)fclose(kept);
    (void)fclose(made);
    probe_tree_remove();
}

static void
open_medium(struct reel_memory_tape *t)
{
    probe_read_clear(&probe);
    ck_assert_int_eq(reel_medium_memory_new(&probe.access.medium, t,
                                            REEL_MEDIUM_READ, &probe.err),
                     REEL_OK);
}

static void
close_medium(void)
{
    (void)!reel_medium_close(probe.access.medium, &probe.err);
    probe.access.medium = NULL;
}

/* ---- list ---- */

struct listed {
    unsigned int count;
    uint32_t archives[64];
    char paths[64][64];
    unsigned int with_content;
    unsigned int torn;
};

static enum reel_status
note_item(void *ctx, const struct reel_list_item *item, struct reel_err *err)
{
    struct listed *const l = ctx;

    (void)err;
    ck_assert_uint_lt(l->count, 64);
    l->archives[l->count] = item->archive;
    memset(l->paths[l->count], 0, 64);
    if (item->object->path.len > 0)
        memcpy(l->paths[l->count], item->object->path.data,
               item->object->path.len);
    l->count++;
    l->with_content += item->content != NULL;
    l->torn += item->end == NULL;
    ck_assert_ptr_nonnull(item->entry);
    return REEL_OK;
}

static enum reel_status
list(struct reel_memory_tape *t, const char *pattern, struct listed *l)
{
    const struct reel_selection selection = {&pattern, pattern != NULL};
    enum reel_status status;

    memset(l, 0, sizeof(*l));
    if (t != NULL)
        open_medium(t);
    status = reel_list(&probe.access, &selection, note_item, l, &probe.err);
    if (t != NULL)
        close_medium();
    return status;
}

START_TEST(all_is_listed_in_order)
{
    struct listed l;

    ck_assert_int_eq(list(tape, NULL, &l), REEL_OK);
    ck_assert_uint_eq(l.count, PROBE_OBJECTS);
    ck_assert_str_eq(l.paths[0], "");
    ck_assert_str_eq(l.paths[2], "a/one");
    ck_assert_str_eq(l.paths[10], "zz");
    ck_assert_uint_eq(l.with_content, 4); /* "empty" has no stream */
    ck_assert_uint_eq(l.torn, 0);
    ck_assert_uint_eq(probe.told_count, 0);
    ck_assert_int_eq(list(tape, "?", &l), REEL_OK);
    ck_assert_uint_eq(l.count, 6); /* a, its two, b, its one, z */
}
END_TEST

START_TEST(the_list_reads_no_data)
{
    uint64_t i;
    struct listed l;

    for (i = 20; i < reel_memory_tape_count(tape) - 5; i++)
        if (!reel_memory_tape_get(tape, i).filemark)
            ck_assert_int_eq(reel_memory_tape_spoil(tape, i, NULL), REEL_OK);
    ck_assert_int_eq(list(tape, NULL, &l), REEL_OK);
    ck_assert_uint_eq(l.count, PROBE_OBJECTS);
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

START_TEST(a_pipe_is_listed_by_a_scan)
{
    struct reel_memory_tape *const t =
        probe_tape_copy(tape, reel_memory_tape_count(tape), true);
    struct listed l;

    ck_assert_int_eq(list(t, NULL, &l), REEL_OK);
    ck_assert_uint_eq(l.count, PROBE_OBJECTS);
    ck_assert_uint_eq(probe.told_count, 0);
    probe.access.no_scan = true;
    ck_assert_int_eq(list(t, NULL, &l), REEL_E_CORRUPT);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(all_archives_are_listed)
{
    const struct probe_archive second = {.set = 1, .catalog_fd = -1};
    struct listed l;

    probe_archive_add(tape, &second);
    probe_archive_add(tape, &second);
    probe.access.all_archives = true;
    ck_assert_int_eq(list(tape, NULL, &l), REEL_OK);
    ck_assert_uint_eq(l.count, 3 * PROBE_OBJECTS);
    ck_assert_uint_eq(l.archives[0], 1);
    ck_assert_uint_eq(l.archives[PROBE_OBJECTS], 2);
    ck_assert_uint_eq(l.archives[2 * PROBE_OBJECTS], 3);
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

START_TEST(a_failing_callback_stops_the_list)
{
    struct listed l;

    ck_assert_int_eq(list(tape, "no such path", &l), REEL_OK);
    ck_assert_uint_eq(l.count, 0);
    ck_assert_uint_eq(probe_read_told(&probe, REEL_NOTE_SKIPPED), 1);
}
END_TEST

/* ---- catalog files ---- */

static void
use_file(FILE *f)
{
    ck_assert_int_eq(fseek(f, 0, SEEK_SET), 0);
    ck_assert_int_eq(lseek(fileno(f), 0, SEEK_SET), 0);
    probe.access.catalog_fd = fileno(f);
}

START_TEST(a_catalog_file_lists_without_the_tape)
{
    struct listed l;

    use_file(kept);
    ck_assert_int_eq(list(NULL, NULL, &l), REEL_OK);
    ck_assert_uint_eq(l.count, PROBE_OBJECTS);
    use_file(kept);
    ck_assert_int_eq(probe_read_run(&probe, tape, "b/big"), REEL_OK);
    ck_assert_uint_eq(probe_read_check(&probe), 1);
    use_file(kept);
    probe.access.archive = 2;
    ck_assert_int_eq(list(NULL, NULL, &l), REEL_E_MISUSE);
}
END_TEST

START_TEST(a_catalog_file_of_another_set_is_refused)
{
    const struct probe_archive other = {.set = 2, .catalog_fd = -1};
    struct reel_memory_tape *const t = probe_tape_new(false);
    struct listed l;

    probe_archive_add(t, &other);
    use_file(kept);
    ck_assert_int_eq(list(t, NULL, &l), REEL_E_INVALID);
    ck_assert_ptr_nonnull(strstr(probe.err.text, "another set"));
    reel_memory_tape_free(t);
}
END_TEST

/* Each octet of the file, flipped; sampled. */
START_TEST(a_broken_catalog_file_is_refused)
{
    const long size = (fseek(kept, 0, SEEK_END), ftell(kept));
    struct listed l;
    long at;

    ck_assert_int_gt(size, 0);
    for (at = 0; at < size; at += 97) {
        uint8_t c;

        ck_assert_int_eq(pread(fileno(kept), &c, 1, at), 1);
        c ^= 0x10;
        ck_assert_int_eq(pwrite(fileno(kept), &c, 1, at), 1);
        use_file(kept);
        ck_assert_int_ne(list(NULL, NULL, &l), REEL_OK);
        ck_assert_uint_eq(l.count, 0);
        c ^= 0x10;
        ck_assert_int_eq(pwrite(fileno(kept), &c, 1, at), 1);
    }
    for (at = size - 1; at > 0; at -= 499) {
        ck_assert_int_eq(ftruncate(fileno(kept), at), 0);
        use_file(kept);
        ck_assert_int_ne(list(NULL, NULL, &l), REEL_OK);
        ck_assert_uint_eq(l.count, 0);
    }
}
END_TEST

static void
same_files(FILE *a, FILE *b)
{
    const off_t size = lseek(fileno(a), 0, SEEK_END);
    off_t at;

    ck_assert_int_eq(size, lseek(fileno(b), 0, SEEK_END));
    for (at = 0; at < size; at += 4096) {
        uint8_t x[4096];
        uint8_t y[4096];
        const ssize_t n = pread(fileno(a), x, sizeof(x), at);

        ck_assert_int_gt(n, 0);
        ck_assert_int_eq(pread(fileno(b), y, sizeof(y), at), n);
        ck_assert_mem_eq(x, y, (size_t)n);
    }
}

static enum reel_status
rebuild(struct reel_memory_tape *t)
{
    enum reel_status status;

    ck_assert_int_eq(ftruncate(fileno(made), 0), 0);
    ck_assert_int_eq(lseek(fileno(made), 0, SEEK_SET), 0);
    open_medium(t);
    status = reel_catalog_rebuild(&probe.access, fileno(made), &probe.err);
    close_medium();
    return status;
}

START_TEST(a_catalog_made_anew_is_the_same)
{
    const uint64_t count             = reel_memory_tape_count(tape);
    struct reel_memory_tape *const t = probe_tape_copy(tape, count, true);

    ck_assert_int_eq(rebuild(tape), REEL_OK);
    same_files(kept, made);
    ck_assert_uint_eq(probe.told_count, 0);
    ck_assert_int_eq(rebuild(t), REEL_OK);
    same_files(kept, made);
    /* Without the catalog and either END: the data say it all. */
    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 2, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 4, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, count - 5, NULL), REEL_OK);
    ck_assert_int_eq(rebuild(tape), REEL_OK);
    same_files(kept, made);
    ck_assert_uint_ge(probe_read_told(&probe, REEL_NOTE_DAMAGE), 1);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(a_catalog_of_a_second_archive_is_the_same)
{
    struct probe_archive second = {.set = 1};

    ck_assert_int_eq(ftruncate(fileno(kept), 0), 0);
    ck_assert_int_eq(lseek(fileno(kept), 0, SEEK_SET), 0);
    second.catalog_fd = fileno(kept);
    probe_archive_add(tape, &second);
    ck_assert_int_eq(rebuild(tape), REEL_OK);
    same_files(kept, made);
    ck_assert_uint_eq(probe.told_count, 0);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    ck_assert_int_ge(full, 0);
    open_medium(tape);
    ck_assert_int_eq(reel_catalog_rebuild(&probe.access, full, &probe.err),
                     REEL_E_FULL);
    close_medium();
    ck_assert_int_eq(close(full), 0);
}
END_TEST

START_TEST(without_a_place_for_temporary_files_it_says_so)
{
    struct listed l;

    /* A small catalog needs none; one that is made anew does. */
    probe.access.temporary_dir = "/nowhere/at/all";
    ck_assert_int_eq(list(tape, NULL, &l), REEL_OK);
    ck_assert_int_eq(rebuild(tape), REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(probe.err.text, "/nowhere/at/all"));
}
END_TEST

/* ---- info ---- */

struct informed {
    unsigned int volumes;
    unsigned int archives;
    unsigned int complete;
    char set_name[64];
    char name[64];
};

static void
note_volume(void *ctx, const struct reel_volume *v)
{
    struct informed *const i = ctx;

    i->volumes++;
    ck_assert_uint_lt(v->set_name.len, sizeof(i->set_name));
    memcpy(i->set_name, v->set_name.data, v->set_name.len);
}

static void
note_archive(void *ctx, uint32_t first, uint32_t last,
             const struct reel_end *end)
{
    struct informed *const i = ctx;

    i->archives++;
    ck_assert_uint_eq(first, i->archives);
    ck_assert_uint_eq(last, i->archives);
    if (end == NULL)
        return;
    i->complete++;
    ck_assert_uint_eq(end->objects, PROBE_OBJECTS);
    ck_assert_uint_lt(end->name.len, sizeof(i->name));
    memcpy(i->name, end->name.data, end->name.len);
}

static void
inform(struct reel_memory_tape *t, struct informed *i)
{
    const struct reel_info_fns fns = {
        .ctx = i, .volume = note_volume, .archive = note_archive};

    memset(i, 0, sizeof(*i));
    if (t != NULL)
        open_medium(t);
    ck_assert_int_eq(reel_info(&probe.access, &fns, &probe.err), REEL_OK);
    if (t != NULL)
        close_medium();
}

START_TEST(info_tells_of_all_archives)
{
    const struct probe_archive second = {.set = 1, .catalog_fd = -1};
    struct reel_memory_tape *t;
    struct informed i;
    uint64_t two;

    probe_archive_add(tape, &second);
    two = reel_memory_tape_count(tape);
    probe_archive_add(tape, &second);
    inform(tape, &i);
    ck_assert_uint_eq(i.volumes, 1);
    ck_assert_uint_eq(i.archives, 3);
    ck_assert_uint_eq(i.complete, 3);
    ck_assert_str_eq(i.set_name, "the set");
    ck_assert_str_eq(i.name, "the archive");
    t = probe_tape_copy(tape, two + 10, false);
    inform(t, &i);
    ck_assert_uint_eq(i.archives, 3);
    ck_assert_uint_eq(i.complete, 2);
    reel_memory_tape_free(t);
    t = probe_tape_copy(tape, two + 10, true);
    inform(t, &i);
    ck_assert_uint_eq(i.archives, 3);
    ck_assert_uint_eq(i.complete, 2);
    reel_memory_tape_free(t);
    use_file(kept);
    inform(NULL, &i);
    ck_assert_uint_eq(i.archives, 1);
}
END_TEST

/* An END in the middle is lost: those before it are found all the same. */
START_TEST(the_chain_goes_on_behind_a_lost_end)
{
    const struct probe_archive second = {.set = 1, .catalog_fd = -1};
    struct informed i;
    uint64_t two;

    probe_archive_add(tape, &second);
    two = reel_memory_tape_count(tape);
    probe_archive_add(tape, &second);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, two - 2, NULL), REEL_OK);
    ck_assert_int_eq(reel_memory_tape_spoil(tape, two - 4, NULL), REEL_OK);
    inform(tape, &i);
    ck_assert_uint_eq(i.archives, 3);
    ck_assert_uint_eq(i.complete, 2);
}
END_TEST

/* ---- dump ---- */

struct dumped {
    unsigned int lines;
    unsigned int damaged;
    unsigned int blocks;
    unsigned int objects;
    unsigned int ends;
    bool path;
    bool over;
};

static void
note_line(void *ctx, const char *line)
{
    struct dumped *const d = ctx;

    d->lines++;
    d->damaged += strstr(line, "DAMAGED") != NULL;
    d->blocks += strncmp(line, "block ", 6) == 0;
    d->objects += strstr(line, "0x8010 OBJECT") != NULL;
    d->ends += strstr(line, "0x8022 END") != NULL;
    d->path |= strstr(line, "path: \"b/big\"") != NULL;
    d->over |= strstr(line, "end of data") != NULL ||
               strstr(line, "{\"type\":\"end\"") == line;
}

static void
dump_as(struct reel_memory_tape *t, const struct reel_dump_options *options,
        struct dumped *d)
{
    memset(d, 0, sizeof(*d));
    open_medium(t);
    ck_assert_int_eq(
        reel_dump(&probe.access, options, note_line, d, &probe.err), REEL_OK);
    close_medium();
    ck_assert(d->over);
}

static void
dump(struct reel_memory_tape *t, bool blocks_only, bool octets,
     struct dumped *d)
{
    const struct reel_dump_options options = {.blocks_only = blocks_only,
                                              .octets      = octets};

    dump_as(t, &options, d);
}

START_TEST(dump_shows_everything)
{
    struct dumped all;
    struct dumped d;

    dump(tape, false, false, &all);
    ck_assert_uint_eq(all.damaged, 0);
    ck_assert_uint_ge(all.objects, 2 * PROBE_OBJECTS); /* and the catalog */
    ck_assert_uint_ge(all.ends, 1);
    ck_assert(all.path);
    dump(tape, false, true, &d);
    ck_assert_uint_gt(d.lines, all.lines + 1000);
    dump(tape, true, false, &d);
    ck_assert_uint_eq(d.blocks, all.blocks);
    ck_assert_uint_eq(d.objects, 0);
}
END_TEST

/* A brace or quote too few or too many would be a line that is no JSON. */
static void
note_json(void *ctx, const char *line)
{
    const size_t len       = strlen(line);
    struct dumped *const d = ctx;
    unsigned int quotes    = 0;
    int depth              = 0;
    size_t i;

    ck_assert(line[0] == '{' && line[len - 1] == '}');
    for (i = 0; i < len; i++) {
        quotes += line[i] == '"';
        if (quotes % 2 == 0)
            depth += (line[i] == '{' || line[i] == '[') -
                     (line[i] == '}' || line[i] == ']');
        ck_assert(depth > 0 || i == len - 1);
    }
    ck_assert_int_eq(depth, 0);
    d->lines++;
    d->damaged += strstr(line, "{\"type\":\"damage\"") == line;
    d->blocks += strstr(line, "\"structure\":\"BLOCK\"") != NULL;
    d->objects += strstr(line, "\"structure\":\"OBJECT\"") != NULL;
    d->path |= strstr(line, "[\"path\",\"622f626967\"]") != NULL;
    d->over |= strstr(line, "\"structure\":\"LABEL\"") != NULL;
}

START_TEST(dump_tells_every_field_in_json)
{
    const struct reel_dump_options json  = {.json = true};
    const struct reel_dump_options heads = {.blocks_only = true, .json = true};
    struct reel_memory_tape *t;
    struct dumped text;
    struct dumped d;

    memset(&d, 0, sizeof(d));
    dump(tape, false, false, &text);
    open_medium(tape);
    ck_assert_int_eq(reel_dump(&probe.access, &json, note_json, &d, &probe.err),
                     REEL_OK);
    ck_assert_uint_eq(d.objects, text.objects);
    ck_assert_uint_eq(d.damaged, 0);
    ck_assert(d.path && d.over && d.blocks > 0);
    close_medium();
    dump_as(tape, &heads, &text);
    ck_assert_uint_eq(text.objects, 0);

    /* What is wrong is said, in one line. */
    t = probe_tape_copy(tape, reel_memory_tape_count(tape), false);
    ck_assert_int_eq(
        reel_memory_tape_flip(t, reel_memory_tape_count(t) - 2, 100, NULL),
        REEL_OK);
    memset(&d, 0, sizeof(d));
    open_medium(t);
    ck_assert_int_eq(reel_dump(&probe.access, &json, note_json, &d, &probe.err),
                     REEL_OK);
    close_medium();
    ck_assert_uint_ge(d.damaged, 1);
    reel_memory_tape_free(t);
}
END_TEST

START_TEST(dump_goes_on_behind_damage)
{
    const uint64_t count = reel_memory_tape_count(tape);
    uint64_t i;

    unsigned int filemarks = 0;

    for (i = 0; i < count; i++) {
        struct reel_memory_tape *t;
        struct dumped d;

        if (reel_memory_tape_get(tape, i).filemark) {
            filemarks++;
            continue;
        }
        t = probe_tape_copy(tape, count, false);
        ck_assert_int_eq(reel_memory_tape_flip(t, i, 100, NULL), REEL_OK);
        dump(t, false, false, &d);
        /* Letters of the leader may become other letters. */
        ck_assert_uint_ge(d.damaged + (filemarks == 1), 1);
        reel_memory_tape_free(t);
    }
}
END_TEST

/* ---- failing ---- */

static enum reel_status
run_verb(unsigned int verb)
{
    const struct reel_dump_options options = {.json = verb == 4};
    struct informed i;
    const struct reel_info_fns fns = {
        .ctx = &i, .volume = note_volume, .archive = note_archive};
    struct dumped d;
    struct listed l;
    enum reel_status status;

    memset(&i, 0, sizeof(i));
    memset(&d, 0, sizeof(d));
    switch (verb) {
    case 0:
        return list(tape, "a*", &l);
    case 1:
        return rebuild(tape);
    case 2:
        open_medium(tape);
        status = reel_info(&probe.access, &fns, &probe.err);
        break;
    default:
        open_medium(tape);
        status = reel_dump(&probe.access, &options, note_line, &d, &probe.err);
    }
    close_medium();
    return status;
}

START_TEST(every_allocation_of_every_verb_can_fail)
{
    unsigned int verb;

    for (verb = 0; verb < 5; verb++) {
        unsigned long requests;
        unsigned long n;

        reel_alloc_fail_at(0, 0);
        ck_assert_int_eq(run_verb(verb), REEL_OK);
        requests = reel_alloc_requests();
        /* The first is the medium's. */
        for (n = 2; n <= requests; n++) {
            enum reel_status status;

            reel_alloc_fail_at(n, 0);
            status = run_verb(verb);
            reel_alloc_fail_at(0, 0);
            ck_assert_msg(status == REEL_E_MEMORY, "verb %u request %lu: %s",
                          verb, n, reel_status_name(status));
        }
    }
}
END_TEST

START_TEST(every_call_of_the_medium_of_every_verb_can_fail)
{
    unsigned int verb;

    for (verb = 0; verb < 5; verb++) {
        unsigned long n;

        for (n = 1;; n++) {
            enum reel_status status;
            unsigned long calls;

            reel_memory_tape_fail_at(tape, n, false);
            status = run_verb(verb);
            calls  = reel_memory_tape_calls(tape);
            reel_memory_tape_fail_at(tape, 0, false);
            if (calls <= n) { /* closing is a call too */
                ck_assert_int_eq(status, REEL_OK);
                break;
            }
            ck_assert_int_eq(status, REEL_E_MEDIUM);
        }
    }
}
END_TEST

static void
add(TCase *t)
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, all_is_listed_in_order);
    tcase_add_test(t, the_list_reads_no_data);
    tcase_add_test(t, a_pipe_is_listed_by_a_scan);
    tcase_add_test(t, all_archives_are_listed);
    tcase_add_test(t, a_failing_callback_stops_the_list);
    tcase_add_test(t, a_catalog_file_lists_without_the_tape);
    tcase_add_test(t, a_catalog_file_of_another_set_is_refused);
    tcase_add_test(t, a_broken_catalog_file_is_refused);
    tcase_add_test(t, a_catalog_made_anew_is_the_same);
    tcase_add_test(t, a_catalog_of_a_second_archive_is_the_same);
    tcase_add_test(t, a_full_disk_is_told);
    tcase_add_test(t, without_a_place_for_temporary_files_it_says_so);
    tcase_add_test(t, info_tells_of_all_archives);
    tcase_add_test(t, the_chain_goes_on_behind_a_lost_end);
    tcase_add_test(t, dump_shows_everything);
    tcase_add_test(t, dump_tells_every_field_in_json);
    tcase_add_test(t, dump_goes_on_behind_damage);
    tcase_add_test(t, every_allocation_of_every_verb_can_fail);
    tcase_add_test(t, every_call_of_the_medium_of_every_verb_can_fail);
}

int
main(void)
{
    return suite_run("reader_verbs", add);
}
