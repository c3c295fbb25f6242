/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Relays for tests/relay.sh. usage:
 *   relay_tool specimen           a volume with something of everything
 *   relay_tool answer [TEXT]...   a SKIPPED note for each TEXT, then DONE
 *   relay_tool failure N TEXT     DONE with status N
 *   relay_tool flood              so many notes that no pipe holds them, DONE
 *   relay_tool print < RELAY      what it says, a record a line
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reel/sha256.h"
#include "relay_build.h"
#include "relay_pipe.h"

#define ROOM ((size_t)8 << 20)
#define FLOOD 20000

static void
print_path(struct reel_bytes path)
{
    size_t i;

    for (i = 0; i < path.len; i += 2)
        (void)putchar(path.data[i]);
    (void)putchar('\n');
}

static enum reel_status
print_object(const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object o;

    REEL_TRY(reel_object_decode(&o, &c, err));
    (void)printf("OBJECT %u size %" PRIu64 " names %u id %u target %" PRIu64
                 " attributes %x facts %x times %" PRId64 ".%u %" PRId64 " ",
                 o.kind, o.size, o.link_count, o.file_id[0], o.target,
                 o.attributes, o.facts, o.modified.s, o.modified.ns,
                 o.accessed.s);
    print_path(o.path);
    return REEL_OK;
}

/* Bodies by digest: where one record ends is nobody's affair. */
struct body {
    struct reel_sha256 digest;
    uint64_t left;
};

static void
print_body(struct body *b)
{
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_sha256_final(&b->digest, digest);
    (void)printf("BODY %02x%02x%02x%02x\n", digest[0], digest[1], digest[2],
                 digest[3]);
}

static enum reel_status
print_stream(const struct reel_record *r, struct body *b, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_stream s;

    REEL_TRY(reel_stream_decode(&s, &c, err));
    (void)printf("STREAM %u %u %x %" PRIu64 " ", s.ordinal, s.header.id,
                 s.header.attributes, s.header.size);
    print_path(s.header.name);
    reel_sha256_init(&b->digest);
    b->left = s.header.size;
    if (b->left == 0)
        print_body(b);
    return REEL_OK;
}

static enum reel_status
take_data(const struct reel_record *r, struct body *b, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_data d;

    REEL_TRY(reel_data_decode(&d, &c, err));
    reel_sha256_update(&b->digest, d.bytes.data, d.bytes.len);
    b->left -= d.bytes.len;
    if (b->left == 0)
        print_body(b);
    return REEL_OK;
}

static enum reel_status
print_end(const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object_end e;

    REEL_TRY(reel_object_end_decode(&e, &c, err));
    (void)printf("END flags %u bad %u\n", e.flags, e.bad_ranges);
    return REEL_OK;
}

static enum reel_status
print_record(const struct reel_record *r, struct body *b, struct reel_err *err)
{
    switch (r->type) {
    case REEL_RECORD_OBJECT:
        return print_object(r, err);
    case REEL_RECORD_STREAM:
        return print_stream(r, b, err);
    case REEL_RECORD_DATA:
        return take_data(r, b, err);
    case REEL_RECORD_OBJECT_END:
        return print_end(r, err);
    case REEL_RELAY_ABANDON:
        (void)puts("ABANDON");
        return REEL_OK;
    case REEL_RELAY_NOTE:
        (void)puts("NOTE");
        return REEL_OK;
    case REEL_RELAY_DONE:
        (void)puts("DONE");
        return REEL_OK;
    default:
        (void)printf("%s\n", reel_record_type_name(r->type));
        return REEL_OK;
    }
}

static int
print(void)
{
    struct reel_relay_reader reader = {.fd = STDIN_FILENO};
    struct body b                   = {.left = 0};
    struct reel_record r;
    struct reel_err err;
    enum reel_status status;

    while ((status = reel_relay_read(&reader, &r, &err)) == REEL_OK)
        if (print_record(&r, &b, &err) != REEL_OK)
            break;
    reel_relay_reader_fini(&reader);
    if (status == REEL_END)
        return EXIT_SUCCESS;
    (void)fprintf(stderr, "relay_tool: %s\n", err.text);
    return EXIT_FAILURE;
}

static bool
make(struct relay_build *r, int argc, char **argv)
{
    int i;

    if (argc == 2 && strcmp(argv[1], "specimen") == 0) {
        relay_specimen(r);
    } else if (argc >= 2 && strcmp(argv[1], "answer") == 0) {
        for (i = 2; i < argc; i++)
            relay_note(r, REEL_NOTE_SKIPPED, "dir/first", argv[i]);
        relay_done(r, REEL_OK, "");
    } else if (argc == 4 && strcmp(argv[1], "failure") == 0) {
        relay_done(r, (enum reel_status)strtol(argv[2], NULL, 10), argv[3]);
    } else if (argc == 2 && strcmp(argv[1], "flood") == 0) {
        for (i = 0; i < FLOOD; i++)
            relay_note(r, REEL_NOTE_INFO, "dir/first", "there is much to say");
        relay_done(r, REEL_OK, "");
    } else {
        return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct relay_build r;
    struct reel_bytes all;
    int code = EXIT_FAILURE;

    if (argc == 2 && strcmp(argv[1], "print") == 0)
        return print();
    relay_build_init(&r, ROOM);
    if (!make(&r, argc, argv)) {
        (void)fputs("relay_tool: see its source\n", stderr);
    } else {
        all = (struct reel_bytes){r.b.buf, r.b.len};
        if (reel_relay_write(STDOUT_FILENO, all, NULL) == REEL_OK)
            code = EXIT_SUCCESS;
    }
    relay_build_fini(&r);
    return code;
}
