/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making relays by hand, and running reel-ntfs write on them. */
#include "relay_build.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reel/object_end.h"
#include "relay_pipe.h"

#define ROOM_STEP (REEL_RELAY_RECORD_BYTES_MAX)

/* A builder behind what is there; commit() what was put. */
static struct reel_builder
room(struct relay_build *b)
{
    if (b->capacity - b->len < ROOM_STEP) {
        b->capacity = b->capacity * 2 + ROOM_STEP;
        b->data     = realloc(b->data, b->capacity);
        ck_assert_ptr_nonnull(b->data);
    }
    return reel_builder_init(b->data + b->len, ROOM_STEP);
}

static void
commit(struct relay_build *b, const struct reel_builder *put,
       enum reel_status status, const struct reel_err *err)
{
    ck_assert_msg(status == REEL_OK && put->ok, "%s", err->text);
    b->len += put->len;
}

void
relay_build_fini(struct relay_build *b)
{
    free(b->data);
    *b = (struct relay_build){0};
}

struct reel_bytes
relay_units(const char *text)
{
    static uint8_t octets[4][2048];
    static unsigned turn;
    uint8_t *out = octets[turn++ % 4];
    size_t len   = 0;

    for (; *text != '\0' && len < sizeof(octets[0]); text++) {
        out[len++] = (uint8_t)*text;
        out[len++] = 0;
    }
    return (struct reel_bytes){.data = out, .len = len};
}

uint64_t
relay_object_raw(struct relay_build *b, struct reel_object o,
                 struct reel_bytes path)
{
    struct reel_builder put = room(b);
    struct reel_err err     = {.status = REEL_OK};

    o.path     = path;
    b->ordinal = 0;
    b->number++;
    commit(b, &put, reel_object_encode(&o, b->number, &put, &err), &err);
    return b->number;
}

uint64_t
relay_object(struct relay_build *b, struct reel_object o, const char *path)
{
    if (o.encoding == 0)
        o.encoding = REEL_ENCODING_UTF16;
    return relay_object_raw(b, o,
                            o.encoding == REEL_ENCODING_UTF16
                                ? relay_units(path)
                                : reel_bytes_of(path));
}

void
relay_xattr(struct relay_build *b, const char *name, struct reel_bytes value)
{
    const struct reel_xattr x = {.name = reel_bytes_of(name), .value = value};
    struct reel_builder put   = room(b);
    struct reel_err err       = {.status = REEL_OK};

    commit(b, &put, reel_xattr_encode(&x, b->number, &put, &err), &err);
}

static void
put_data(struct relay_build *b, uint64_t offset, uint64_t sparse,
         struct reel_bytes octets)
{
    const struct reel_data d = {
        .ordinal       = b->ordinal,
        .stream_offset = offset,
        .sparse_offset = sparse,
        .bytes         = octets,
    };
    struct reel_builder put = room(b);
    struct reel_err err     = {.status = REEL_OK};

    commit(b, &put, reel_data_encode(&d, b->number, &put, &err), &err);
}

static void
put_header(struct relay_build *b, uint32_t id, uint32_t attributes,
           const char *name, uint64_t size)
{
    struct reel_stream s = {
        .ordinal = b->ordinal,
        .header  = {.id = id, .attributes = attributes, .size = size},
    };
    struct reel_builder put = room(b);
    struct reel_err err     = {.status = REEL_OK};

    if (name != NULL)
        s.header.name = relay_units(name);
    commit(b, &put, reel_stream_encode(&s, b->number, &put, &err), &err);
}

void
relay_stream(struct relay_build *b, uint32_t id, uint32_t attributes,
             const char *name, struct reel_bytes body)
{
    size_t at = 0;

    put_header(b, id, attributes, name, body.len);
    while (at < body.len) {
        /* an odd length, so that nothing is aligned */
        const size_t n = body.len - at < 65521 ? body.len - at : 65521;

        put_data(b, at, REEL_NONE64,
                 (struct reel_bytes){.data = body.data + at, .len = n});
        at += n;
    }
    b->ordinal++;
}

void
relay_block(struct relay_build *b, uint64_t offset, struct reel_bytes octets)
{
    uint8_t front[11];
    struct reel_builder f = reel_builder_init(front, sizeof(front));
    size_t n              = octets.len < 3 ? octets.len : 3;

    put_header(b, REEL_STREAM_SPARSE_BLOCK, REEL_STREAM_SPARSE, NULL,
               8 + octets.len);
    reel_put_le64(&f, offset);
    reel_put_bytes(&f, (struct reel_bytes){.data = octets.data, .len = n});
    /* the number and a little, then the rest */
    put_data(b, 0, offset, (struct reel_bytes){.data = front, .len = f.len});
    if (n < octets.len)
        put_data(b, 8 + n, offset,
                 (struct reel_bytes){.data = octets.data + n,
                                     .len  = octets.len - n});
    b->ordinal++;
}

static void
put_end(struct relay_build *b, const struct reel_object_end *e)
{
    struct reel_builder put = room(b);
    struct reel_err err     = {.status = REEL_OK};

    commit(b, &put, reel_object_end_encode(e, b->number, &put, &err), &err);
}

void
relay_end(struct relay_build *b)
{
    const struct reel_object_end e = {.streams = 0};

    put_end(b, &e);
}

void
relay_end_bad(struct relay_build *b)
{
    const struct reel_bad_range range = {
        .reason = REEL_BAD_UNREADABLE, .offset = 0, .len = 1};
    uint8_t octets[REEL_BAD_RANGE_BYTES];
    struct reel_builder r = reel_builder_init(octets, sizeof(octets));
    struct reel_object_end e;

    reel_bad_range_put(&range, &r);
    e = (struct reel_object_end){
        .bad_ranges      = 1,
        .bad_range_bytes = {.data = octets, .len = sizeof(octets)},
    };
    put_end(b, &e);
}

void
relay_abandon(struct relay_build *b)
{
    struct reel_builder put = room(b);
    const size_t mark = reel_record_open(&put, REEL_RELAY_ABANDON, b->number);

    reel_record_close(&put, mark);
    b->len += put.len;
}

void
relay_done(struct relay_build *b)
{
    const struct reel_relay_done d = {.status = REEL_OK};
    struct reel_builder put        = room(b);
    struct reel_err err            = {.status = REEL_OK};

    commit(b, &put, reel_relay_done_encode(&d, &put, &err), &err);
}

/* Running */

static FILE *
relay_file(const struct relay_build *b)
{
    FILE *f = tmpfile();

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(b->data, 1, b->len, f), b->len);
    ck_assert_int_eq(fflush(f), 0);
    rewind(f);
    return f;
}

static void
become(const char *program, const char *const *options, FILE *in, FILE *out)
{
    char *argv[16];
    size_t n = 0;

    argv[n++] = strdup(program);
    argv[n++] = strdup("write");
    for (; *options != NULL && n < 15; options++)
        argv[n++] = strdup(*options);
    argv[n] = NULL;
    if (dup2(fileno(in), 0) == 0 && dup2(fileno(out), 1) == 1)
        (void)execv(program, argv);
    _exit(127);
}

static void
keep_text(char *out, size_t room_, struct reel_bytes text)
{
    const size_t n = text.len < room_ - 1 ? text.len : room_ - 1;

    if (n > 0)
        memcpy(out, text.data, n);
    out[n] = '\0';
}

static void
take_note(struct relay_answer *a, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_relay_note n;
    struct reel_err err;
    const size_t i = a->notes++;

    ck_assert_int_eq(reel_relay_note_decode(&n, &c, &err), REEL_OK);
    if (i >= RELAY_NOTES_MAX)
        return;
    a->note[i].kind   = n.kind;
    a->note[i].status = n.status;
    a->note[i].object = r->object;
    keep_text(a->note[i].text, sizeof(a->note[i].text), n.text);
}

static void
take_done(struct relay_answer *a, const struct reel_record *r)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_relay_done d;
    struct reel_err err;

    ck_assert_int_eq(reel_relay_done_decode(&d, &c, &err), REEL_OK);
    ck_assert(!a->done);
    a->done   = true;
    a->status = d.status;
    keep_text(a->text, sizeof(a->text), d.text);
}

static void
read_answer(FILE *f, struct relay_answer *a)
{
    struct reel_relay_reader in = {.fd = fileno(f)};
    enum reel_status status;
    struct reel_record r;
    struct reel_err err;

    ck_assert_int_eq(lseek(in.fd, 0, SEEK_SET), 0);
    while ((status = reel_relay_read(&in, &r, &err)) == REEL_OK) {
        ck_assert(!a->done);
        if (r.type == REEL_RELAY_NOTE)
            take_note(a, &r);
        else if (r.type == REEL_RELAY_DONE)
            take_done(a, &r);
        else
            ck_abort_msg("a record 0x%x in the answer", r.type);
    }
    ck_assert_int_eq(status, REEL_END);
    reel_relay_reader_fini(&in);
}

void
relay_run(const struct relay_build *b, const char *program,
          const char *const *options, struct relay_answer *out)
{
    FILE *in       = relay_file(b);
    FILE *answered = tmpfile();
    int how;
    pid_t pid;

    ck_assert_ptr_nonnull(answered);
    *out = (struct relay_answer){.exit = -1};
    pid  = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        become(program, options, in, answered);
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    ck_assert_msg(WIFEXITED(how), "the program died, %x", (unsigned)how);
    out->exit = WEXITSTATUS(how);
    read_answer(answered, out);
    (void)fclose(in);
    (void)fclose(answered);
}

void
relay_run_killed(const struct relay_build *b, const char *program,
                 const char *const *options)
{
    int in[2];
    int answered[2];
    uint8_t octet;
    int how;
    pid_t pid;

    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(answered), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        (void)close(in[1]);
        become(program, options, fdopen(in[0], "r"), fdopen(answered[1], "w"));
    }
    ck_assert_int_eq(write(in[1], b->data, b->len), (ssize_t)b->len);
    ck_assert_int_eq(read(answered[0], &octet, 1), 1);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    ck_assert(WIFSIGNALED(how));
    (void)close(in[0]);
    (void)close(in[1]);
    (void)close(answered[0]);
    (void)close(answered[1]);
}

bool
relay_noted(const struct relay_answer *a, uint64_t object, uint8_t kind,
            const char *part)
{
    for (size_t i = 0; i < a->notes && i < RELAY_NOTES_MAX; i++)
        if (a->note[i].object == object && a->note[i].kind == kind &&
            strstr(a->note[i].text, part) != NULL)
            return true;
    return false;
}
