/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier on sets as the writer makes them, of every size. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image_server.h"
#include "reader_probe.h"
#include "reel/verify.h"

/* A set on tapes that are made when they are asked for. */
struct set {
    struct image_server server; /* serves what is read */
    struct reel_memory_options how;
    struct reel_medium *open;
    unsigned int count;
};

static struct set set;

static enum reel_status
next_blank(void *ctx, const struct reel_volume_wish *wish,
           struct reel_medium **medium, struct reel_err *err)
{
    struct set *const s = ctx;

    ck_assert(wish->write);
    ck_assert_msg(wish->refused == NULL, "capacity %llu, volume %u: %s",
                  (unsigned long long)s->how.capacity_bytes, wish->number,
                  wish->refused);
    ck_assert_int_eq(reel_medium_close(s->open, NULL), REEL_OK);
    s->open = NULL;
    ck_assert_uint_lt(s->count, IMAGE_VOLUMES_MAX);
    s->server.tapes[s->count] = reel_memory_tape_new(&s->how);
    REEL_TRY(reel_medium_memory_new(&s->open, s->server.tapes[s->count],
                                    REEL_MEDIUM_WRITE, err));
    s->count++;
    *medium = s->open;
    return REEL_OK;
}

static const struct reel_volumes blanks = {&set, next_blank};

static void
set_clear(void)
{
    while (set.count > 0)
        reel_memory_tape_free(set.server.tapes[--set.count]);
    memset(&set, 0, sizeof(set));
    image_server_init(&set.server, NULL);
}

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

static void
write_archive(uint64_t checkpoint_bytes)
{
    static const uint8_t id[REEL_SET_ID_BYTES] = {7};
    struct reel_write_result result;
    struct reel_write_options o;
    struct reel_err err = {.status = REEL_OK};
    bool given          = false;

    memset(&o, 0, sizeof(o));
    if (set.count == 0)
        set.server.tapes[set.count++] = reel_memory_tape_new(&set.how);
    ck_assert_int_eq(reel_medium_memory_new(&set.open,
                                            set.server.tapes[set.count - 1],
                                            REEL_MEDIUM_WRITE, NULL),
                     REEL_OK);
    o.medium           = set.open;
    o.volumes          = &blanks;
    o.block_bytes      = 4096;
    o.segment_limit    = REEL_SEGMENT_LIMIT_MIN;
    o.checkpoint_bytes = checkpoint_bytes;
    o.set_id           = id;
    o.base_fd          = AT_FDCWD;
    o.base_path        = "test";
    o.paths            = one_path;
    o.paths_ctx        = &given;
    o.catalog_fd       = -1;
    ck_assert_msg(reel_write(&o, &result, &err) == REEL_OK, "%s", err.text);
    ck_assert_int_eq(reel_medium_close(set.open, NULL), REEL_OK);
    set.open = NULL;
}

struct said {
    struct reel_verify_result result;
    char texts[4096];
};

static void
take_note(void *ctx, const struct reel_note *note)
{
    struct said *const s = ctx;
    const size_t at      = strlen(s->texts);

    if (note->kind != REEL_NOTE_INFO)
        (void)snprintf(
            s->texts + at, sizeof(s->texts) - at, "%s at %u:%llu: %s\n",
            note->err.rule == NULL ? "-" : note->err.rule, note->err.pos.volume,
            (unsigned long long)note->err.pos.block, note->err.text);
}

static const struct said *
verify(uint32_t first, enum reel_verify_depth depth)
{
    static struct said s;
    struct reel_verify_options o;
    struct reel_err err = {.status = REEL_OK};

    memset(&s, 0, sizeof(s));
    memset(&o, 0, sizeof(o));
    o.medium     = image_server_open(&set.server, first);
    o.volumes    = &set.server.volumes;
    o.depth      = depth;
    o.threads    = 1;
    o.report.fn  = take_note;
    o.report.ctx = &s;
    ck_assert_msg(reel_verify(&o, &s.result, &err) == REEL_OK, "%s", err.text);
    image_server_close(&set.server);
    return &s;
}

static void
assert_clean(const struct said *s, uint32_t archives)
{
    ck_assert_msg(s->texts[0] == '\0', "capacity %llu: %s",
                  (unsigned long long)set.how.capacity_bytes, s->texts);
    ck_assert_uint_eq(s->result.diagnostics, 0);
    ck_assert_uint_eq(s->result.missing_volumes, 0);
    ck_assert_uint_eq(s->result.volumes, set.count);
    ck_assert_uint_eq(s->result.archives, archives);
    ck_assert_uint_eq(s->result.incomplete_archives, 0);
    ck_assert_uint_eq(s->result.damaged + s->result.lost, 0);
    ck_assert(s->result.last.complete);
    ck_assert_uint_eq(s->result.last.objects, PROBE_OBJECTS);
}

static const uint64_t checkpoints[] = {64ULL << 20, 150000, 40000};

START_TEST(written_sets_of_every_size_verify)
{
    uint8_t fingerprint[REEL_DIGEST_BYTES];
    uint64_t capacity;

    set_clear();
    write_archive(checkpoints[_i]);
    memcpy(fingerprint, verify(1, REEL_VERIFY_FULL)->result.last.fingerprint,
           sizeof(fingerprint));
    for (capacity = 560000; capacity < 1500000; capacity += 9001) {
        const struct said *s;

        set_clear();
        set.how.capacity_bytes      = capacity;
        set.how.early_warning_bytes = 20000;
        set.how.full_on_tape        = capacity % 2 == 1;
        write_archive(checkpoints[_i]);
        s = verify(1, REEL_VERIFY_FULL);
        assert_clean(s, 1);
        ck_assert_uint_eq(s->result.proven, PROBE_OBJECTS);
        ck_assert_mem_eq(s->result.last.fingerprint, fingerprint,
                         sizeof(fingerprint));
        assert_clean(verify(set.count, REEL_VERIFY_QUICK), 1);
    }
    set_clear();
}
END_TEST

START_TEST(archives_added_to_a_set_verify)
{
    uint64_t capacity;

    for (capacity = 700000; capacity < 2500000; capacity += 77777) {
        set_clear();
        set.how.capacity_bytes      = capacity;
        set.how.early_warning_bytes = 20000;
        write_archive(150000);
        write_archive(150000);
        assert_clean(verify(1, REEL_VERIFY_FULL), 2);
        assert_clean(verify(set.count, REEL_VERIFY_QUICK), 2);
    }
    set_clear();
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, probe_tree_make, probe_tree_remove);
    tcase_add_loop_test(t, written_sets_of_every_size_verify, 0,
                        SUITE_COUNT(checkpoints));
    tcase_add_test(t, archives_added_to_a_set_verify);
}

int
main(void)
{
    return suite_run("verify_written", add_tests);
}
