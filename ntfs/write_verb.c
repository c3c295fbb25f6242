/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `reel-ntfs write`: a relay (reel/relay.h) on to an NTFS volume. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "opening.h"
#include "relay_pipe.h"
#include "shelter.h"
#include "verbs.h"
#include "write_object.h"
#include "write_place.h"

struct writing {
    struct rn_target target;
    struct rn_object object;
    uint64_t last; /* number of the object that came last */
    bool done;     /* DONE came */
};

/* Records */

static enum reel_status
misplaced(const struct reel_record *r, struct reel_err *err)
{
    return reel_fail(err, REEL_E_INVALID, NULL, "R-9",
                     "a record %s of object %llu stands where it cannot",
                     reel_record_type_name(r->type),
                     (unsigned long long)r->object);
}

static enum reel_status
take_object(struct writing *w, const struct reel_record *r,
            struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object o;

    if (w->object.open || r->object <= w->last)
        return misplaced(r, err);
    REEL_TRY(reel_object_decode(&o, &c, err));
    w->last = r->object;
    return rn_object_begin(&w->object, r->object, &o, err);
}

static enum reel_status
take_part(struct writing *w, const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_object_end e;
    struct reel_stream s;
    struct reel_xattr x;
    struct reel_data d;

    if (!w->object.open || r->object != w->last)
        return misplaced(r, err);
    switch (r->type) {
    case REEL_RECORD_XATTR:
        REEL_TRY(reel_xattr_decode(&x, &c, err));
        rn_object_xattr(&w->object, &x);
        return REEL_OK;
    case REEL_RECORD_STREAM:
        REEL_TRY(reel_stream_decode(&s, &c, err));
        rn_object_stream(&w->object, &s.header);
        return REEL_OK;
    case REEL_RECORD_DATA:
        REEL_TRY(reel_data_decode(&d, &c, err));
        rn_object_data(&w->object, &d);
        return REEL_OK;
    case REEL_RECORD_OBJECT_END:
        REEL_TRY(reel_object_end_decode(&e, &c, err));
        return rn_object_end(&w->object, &e, err);
    default:
        rn_object_abandon(&w->object);
        return REEL_OK;
    }
}

static enum reel_status
take_done(struct writing *w, const struct reel_record *r, struct reel_err *err)
{
    struct reel_cursor c = reel_record_cursor(r);
    struct reel_relay_done d;

    if (w->object.open)
        return misplaced(r, err);
    REEL_TRY(reel_relay_done_decode(&d, &c, err));
    w->done = true;
    return REEL_OK;
}

static enum reel_status
take(struct writing *w, const struct reel_record *r, struct reel_err *err)
{
    switch (r->type) {
    case REEL_RECORD_OBJECT:
        return take_object(w, r, err);
    case REEL_RECORD_XATTR:
    case REEL_RECORD_STREAM:
    case REEL_RECORD_DATA:
    case REEL_RECORD_OBJECT_END:
    case REEL_RELAY_ABANDON:
        return take_part(w, r, err);
    case REEL_RELAY_DONE:
        return take_done(w, r, err);
    default:
        if ((r->type & REEL_RECORD_CRITICAL) == 0)
            return REEL_OK;
        return misplaced(r, err);
    }
}

static enum reel_status
take_all(struct writing *w, struct reel_err *err)
{
    struct reel_relay_reader in = {.fd = STDIN_FILENO};
    enum reel_status status     = REEL_OK;
    struct reel_record r;

    while (status == REEL_OK && !w->done) {
        status = reel_relay_read(&in, &r, err);
        if (status == REEL_OK)
            status = take(w, &r, err);
    }
    reel_relay_reader_fini(&in);
    if (status == REEL_END)
        return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                         "what was to be restored broke off");
    return status;
}

/* What came whole is kept, whatever happened behind it. */
static enum reel_status
restore(struct writing *w, const struct rn_write_options *options,
        struct reel_err *err)
{
    struct reel_err later;
    enum reel_status later_status;
    enum reel_status status;

    REEL_TRY(rn_target_prepare(&w->target, options, err));
    REEL_TRY(rn_shelter_enter(options->sandbox, options->image, true, err));
    REEL_TRY(rn_target_open(&w->target, err));
    REEL_TRY(rn_object_init(&w->object, &w->target, err));
    status = take_all(w, err);
    if (w->object.open)
        rn_object_abandon(&w->object);
    /* its removal changes a time of the base, which is put back then */
    later_status = rn_place_pending_close(&w->target, &later);
    if (later_status == REEL_OK)
        later_status = rn_object_finish(&w->object, &later);
    if (later_status != REEL_OK && status == REEL_OK) {
        *err   = later;
        status = later_status;
    }
    return status;
}

static int
run(const struct rn_write_options *options)
{
    struct writing w = {.done = false};
    struct reel_err err;
    struct reel_err closing;
    enum reel_status status;

    if (rn_report_init(&w.target.report, STDOUT_FILENO, &err) != REEL_OK)
        return RN_EXIT_FAILED;
    status = restore(&w, options, &err);
    rn_object_fini(&w.object);
    if (rn_target_close(&w.target, &closing) != REEL_OK && status == REEL_OK) {
        err    = closing;
        status = closing.status;
    }
    rn_report_done(&w.target.report, status == REEL_OK ? NULL : &err);
    if (w.target.report.broken || w.target.report.full > 0)
        status = REEL_E_MEDIUM;
    rn_report_fini(&w.target.report);
    return status == REEL_OK ? RN_EXIT_WELL : RN_EXIT_FAILED;
}

/* Options */

static bool
parse_existing(const char *text, enum rn_existing *out)
{
    static const struct {
        const char *name;
        enum rn_existing value;
    } names[] = {
        {"refuse", RN_EXISTING_REFUSE},
        {"skip", RN_EXISTING_SKIP},
        {"replace", RN_EXISTING_REPLACE},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i].name) == 0) {
            *out = names[i].value;
            return true;
        }
    }
    return false;
}

static bool
parse_valued(const char *name, const char *value, struct rn_write_options *o)
{
    if (strcmp(name, "--existing") == 0)
        return parse_existing(value, &o->existing);
    return strcmp(name, "--sandbox") == 0 &&
           rn_shelter_parse(value, &o->sandbox);
}

static bool
parse(int argc, char **argv, struct rn_write_options *o)
{
    int i = 1;

    *o = (struct rn_write_options){.directory = ""};
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (argv[i][2] == '\0') {
            i++;
            break;
        }
        if (strcmp(argv[i], "--copies") == 0)
            o->copies = true;
        else if (i + 1 >= argc || !parse_valued(argv[i], argv[i + 1], o))
            return false;
        else
            i++;
    }
    if (argc - i < 1 || argc - i > 2)
        return false;
    o->image = argv[i];
    if (argc - i == 2)
        o->directory = argv[i + 1];
    return true;
}

int
rn_write_verb(int argc, char **argv)
{
    struct rn_write_options options;

    if (!parse(argc, argv, &options)) {
        (void)fputs("usage: reel-ntfs write [--existing refuse|skip|replace] "
                    "[--copies]\n"
                    "                       [--sandbox best|need|off] "
                    "IMAGE [DIRECTORY]\n",
                    stderr);
        return RN_EXIT_USAGE;
    }
    /* NTFS is left half written by whoever dies in the middle: the end of
       standard input is what ends this program. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    rn_log_keep();
    return run(&options);
}
