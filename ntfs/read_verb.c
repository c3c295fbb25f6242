/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `reel-ntfs read`: an NTFS volume as a relay (reel/relay.h). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read_state.h"
#include "reel/alloc.h"
#include "shelter.h"
#include "verbs.h"

struct options {
    const char *image;
    char *const *paths;
    size_t path_count;
    bool encounter;
    enum reel_fence_wish sandbox;
};

static bool
parse_links(const char *value, struct options *o)
{
    o->encounter = strcmp(value, "encounter") == 0;
    return o->encounter || strcmp(value, "enumerate") == 0;
}

static bool
parse_option(const char *name, const char *value, struct options *o)
{
    if (strcmp(name, "--links") == 0)
        return parse_links(value, o);
    return strcmp(name, "--sandbox") == 0 &&
           rn_shelter_parse(value, &o->sandbox);
}

static bool
parse(int argc, char **argv, struct options *o)
{
    int at = 1;

    *o = (struct options){0};
    while (at + 1 < argc && strcmp(argv[at], "--") != 0 && argv[at][0] == '-') {
        if (!parse_option(argv[at], argv[at + 1], o))
            return false;
        at += 2;
    }
    if (at < argc && strcmp(argv[at], "--") == 0)
        at++;
    else if (at < argc && argv[at][0] == '-')
        return false;
    if (at >= argc)
        return false;
    o->image      = argv[at];
    o->paths      = argv + at + 1;
    o->path_count = (size_t)(argc - at - 1);
    return true;
}

static enum reel_status
read_volume(struct rn_reader *r, const struct options *o, struct reel_err *err)
{
    REEL_TRY(rn_shelter_enter(o->sandbox, o->image, false, err));
    REEL_TRY(rn_volume_open(&r->volume, o->image, err));
    r->places.vol = r->volume.vol;
    REEL_TRY(rn_roots_find(r, o->paths, o->path_count, err));
    return rn_walk(r, err);
}

static void
fini(struct rn_reader *r)
{
    rn_roots_fini(r);
    rn_lists_fini(&r->lists);
    rn_path_fini(&r->path);
    rn_path_fini(&r->link_path);
    rn_names_fini(&r->names);
    reel_free(r->reparse.data);
    reel_free(r->small.data);
    rn_data_reader_fini(&r->data);
    rn_places_fini(&r->places);
    rn_table_fini(&r->links);
    rn_volume_close(&r->volume);
    rn_out_fini(&r->out);
}

int
rn_read_verb(int argc, char **argv)
{
    static struct rn_reader r;
    struct options o;
    struct reel_err err;
    struct reel_err broken;
    enum reel_status status;

    if (!parse(argc, argv, &o)) {
        (void)fputs("usage: reel-ntfs read [--links enumerate|encounter] "
                    "[--sandbox best|need|off]\n"
                    "                      IMAGE [PATH...]\n",
                    stderr);
        return RN_EXIT_USAGE;
    }
    status = rn_out_init(&r.out, STDOUT_FILENO, &err);
    if (status == REEL_OK) {
        r.encounter = o.encounter;
        status      = read_volume(&r, &o, &err);
        if (rn_out_done(&r.out, status == REEL_OK ? NULL : &err, &broken) !=
            REEL_OK)
            status = broken.status;
    }
    fini(&r);
    return status == REEL_OK ? RN_EXIT_WELL : RN_EXIT_FAILED;
}
