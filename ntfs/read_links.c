/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files with several names (chapters 8.3 and 8.4). */
#include <string.h>

#include "read_facts.h"
#include "read_state.h"
#include "reel/sha256.h"

static void
file_key(uint64_t reference, uint64_t key[2])
{
    key[0] = reference;
    key[1] = 0;
}

static uint64_t
number_of(const uint8_t *octets)
{
    uint64_t v = 0;

    for (unsigned i = 8; i > 0; i--)
        v = v << 8 | octets[i - 1];
    return v;
}

/* Of one name of one file. */
static void
name_key(uint64_t reference, uint64_t parent, struct reel_bytes name,
         uint64_t key[2])
{
    uint8_t octets[16 + RN_NAME_BYTES_MAX];
    uint8_t digest[REEL_DIGEST_BYTES];

    for (unsigned i = 0; i < 8; i++) {
        octets[i]     = (uint8_t)(reference >> (8 * i));
        octets[8 + i] = (uint8_t)(parent >> (8 * i));
    }
    memcpy(octets + 16, name.data, name.len);
    reel_sha256(octets, 16 + name.len, digest);
    key[0] = number_of(digest);
    key[1] = number_of(digest + 8) | 1; /* no file has this bit */
}

static enum reel_status
remember(struct rn_reader *r, const struct rn_entry *e, struct reel_err *err)
{
    if (rn_table_add(&r->links, e))
        return REEL_OK;
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for files with several names");
}

/* One name of a file has been met; with the last one it is forgotten. */
static void
count_down(struct rn_reader *r, uint64_t reference)
{
    uint64_t key[2];
    struct rn_entry *e;

    file_key(reference, key);
    e = rn_table_find(&r->links, key);
    if (e != NULL && --e->to_come == 0)
        rn_table_remove(&r->links, e);
}

bool
rn_links_sent(struct rn_reader *r, const struct rn_met *met)
{
    uint64_t key[2];
    struct rn_entry *e;

    file_key(met->reference, key);
    if (r->encounter || rn_table_find(&r->links, key) == NULL)
        return false;
    name_key(met->reference, met->parent, met->name, key);
    e = rn_table_find(&r->links, key);
    if (e == NULL)
        return false;
    rn_table_remove(&r->links, e);
    count_down(r, met->reference);
    return true;
}

/* A further name of object `target`, about which `o` tells. */
static enum reel_status
send_link(struct rn_reader *r, const struct reel_object *o, uint64_t target,
          struct reel_bytes path, const struct rn_name *name, bool outside,
          struct reel_err *err)
{
    struct reel_object link = *o;

    link.kind       = REEL_KIND_LINK;
    link.target     = target;
    link.path       = path;
    link.short_name = (struct reel_bytes){NULL, 0};
    if (name != NULL)
        link.short_name = rn_names_short(&r->names, name);
    if (outside)
        link.facts |= REEL_FACT_OUTSIDE;
    REEL_TRY(rn_out_object(&r->out, &link, err));
    return rn_out_object_end(&r->out, err);
}

enum reel_status
rn_links_meet(struct rn_reader *r, ntfs_inode *ni, const struct rn_met *met,
              bool *linked, struct reel_err *err)
{
    const struct rn_entry *e;
    struct reel_object o;
    uint64_t key[2];
    uint64_t target;

    file_key(met->reference, key);
    e       = rn_table_find(&r->links, key);
    *linked = e != NULL;
    if (e == NULL)
        return REEL_OK;
    target = e->number;
    REEL_TRY(rn_reparse_read(ni, &r->reparse, err));
    rn_facts_fill(&o, ni, &r->names, &r->reparse, r->volume.serial);
    REEL_TRY(send_link(r, &o, target, rn_path_bytes(&r->path),
                       rn_names_find(&r->names, met->parent, met->name), false,
                       err));
    if (r->encounter)
        count_down(r, met->reference);
    return REEL_OK;
}

/* The path of a further name to r->link_path. */
static enum reel_status
find_path(struct rn_reader *r, const struct rn_name *name, bool *hidden,
          struct reel_err *err)
{
    const struct reel_bytes octets = rn_name_bytes(name);
    struct reel_bytes directory;

    REEL_TRY(rn_place_find(&r->places, name->parent, &directory, hidden, err));
    if (!rn_name_fits(octets))
        return reel_fail(err, REEL_E_INVALID, NULL, "N-2",
                         "a further name of it cannot stand in a path");
    if (!rn_path_set(&r->link_path, directory))
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL, "no memory for paths");
    if (!rn_path_add(&r->link_path, octets))
        return reel_fail(err, REEL_E_LIMIT, NULL, "N-1",
                         "the path of a further name is too long");
    return REEL_OK;
}

/* Send one further name; *inside: it will be met, too. */
static enum reel_status
send_name(struct rn_reader *r, const struct reel_object *o, uint64_t number,
          const struct rn_name *name, bool *inside, struct reel_err *err)
{
    bool hidden;
    const enum reel_status status = find_path(r, name, &hidden, err);
    const struct reel_bytes path  = rn_path_bytes(&r->link_path);

    *inside = false;
    if (status == REEL_E_MEMORY)
        return status;
    if (status != REEL_OK) {
        rn_out_note(&r->out, o->path, REEL_NOTE_FLAWED, status, "%s",
                    err->text);
        return REEL_OK;
    }
    *inside = !hidden && rn_roots_hold(r, path);
    return send_link(r, o, number, path, name, !*inside, err);
}

static enum reel_status
send_names(struct rn_reader *r, const struct reel_object *o,
           const struct rn_met *met, struct reel_err *err)
{
    const uint64_t number = r->out.number;
    struct rn_entry file  = {.number = number};
    struct rn_entry one   = {.number = number};

    file_key(met->reference, file.key);
    rn_names_sort(&r->names);
    for (size_t i = 0; i < r->names.count; i++) {
        const struct rn_name *const name = &r->names.at[i];
        const struct reel_bytes octets   = rn_name_bytes(name);
        bool inside;

        if (name->space == FILE_NAME_DOS ||
            (name->parent == met->parent &&
             reel_bytes_equal(octets, met->name)))
            continue;
        REEL_TRY(send_name(r, o, number, name, &inside, err));
        if (!inside)
            continue;
        name_key(met->reference, name->parent, octets, one.key);
        if (rn_table_find(&r->links, one.key) != NULL)
            continue;
        REEL_TRY(remember(r, &one, err));
        file.to_come++;
    }
    return file.to_come > 0 ? remember(r, &file, err) : REEL_OK;
}

enum reel_status
rn_links_first(struct rn_reader *r, const struct reel_object *o,
               const struct rn_met *met, struct reel_err *err)
{
    struct rn_entry file = {.number = r->out.number};

    if (o->kind == REEL_KIND_DIRECTORY || r->names.real < 2)
        return REEL_OK;
    if (!r->encounter)
        return send_names(r, o, met, err);
    file_key(met->reference, file.key);
    file.to_come = r->names.real - 1;
    return remember(r, &file, err);
}
