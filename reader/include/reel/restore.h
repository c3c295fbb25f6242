/* SPDX-License-Identifier: Apache-2.0 */
/* Take objects out of an archive: on to disk, to a descriptor, or beside a
   tree for comparison. */
#ifndef REEL_RESTORE_H
#define REEL_RESTORE_H

#include "reel/access.h"

enum reel_existing_policy {
    REEL_EXIST_REFUSE,
    REEL_EXIST_SKIP,
    REEL_EXIST_REPLACE
};

/* What a salvage has to tell, one thing after the other. */
enum reel_salvage_type {
    REEL_SALVAGE_MISSING, /* blocks that are missing or bad */
    REEL_SALVAGE_OBJECT,  /* one that is not whole */
    REEL_SALVAGE_STREAM,  /* of it, as far as its header is known */
    REEL_SALVAGE_RANGE,   /* octets of the body of that stream that are good */
    REEL_SALVAGE_CONTENT, /* octets of the file, as they stand in it */
    REEL_SALVAGE_UNWRITTEN, /* good octets of the file that it did not take */
    REEL_SALVAGE_OBJECT_END
};

/* Everything is borrowed for the call. */
struct reel_salvage_item {
    enum reel_salvage_type type;
    uint32_t archive;
    uint64_t object;  /* MISSING: the one that was at hand before; 0: none */
    uint8_t kind;     /* OBJECT; 0: not known */
    uint8_t encoding; /* OBJECT; 0: the path is not known */
    struct reel_bytes path; /* OBJECT */
    uint64_t target;        /* OBJECT: of a link whose data are not whole */
    struct reel_bytes name; /* STREAM; OBJECT_END: of its partial file, in the
                               directory of the object; empty: none */
    uint32_t ordinal;       /* STREAM, RANGE */
    uint32_t id;            /* STREAM */
    uint64_t size;          /* STREAM; OBJECT_END: octets of the file that are
                               good and written, or would be in a dry run */
    uint64_t unwritten;     /* OBJECT_END: those that could not be written */
    uint64_t from;          /* RANGE, CONTENT, UNWRITTEN; MISSING: sequences, if
                               known */
    uint64_t to;            /* one behind */
    struct reel_pos pos;    /* MISSING: the bad block, or the good one behind
                               those that are missing */
    bool torn;              /* OBJECT_END: its writer never finished it */
    bool unsure;            /* OBJECT_END: the system failed in the end; what is
                               in the file may be less than was written */
};

struct reel_restore_options {
    int dir_fd; /* never anything outside this directory */
    enum reel_existing_policy existing;
    bool preserve;
    bool numeric_owner;
    bool dry_run;
    bool side_files; /* streams and facts of Windows objects that the target
                        does not take: into "<name>.reel-streams" (8.5) */
    uint32_t strip;
    /* Read the data once more where something is lost, and put what is left of
       each object that is not whole into a file NAME.reel-partial, with holes
       where nothing is; one whose path is not known becomes
       ARCHIVE.NUMBER.reel-partial. Nothing is replaced. The medium can be
       positioned, and `raw` is not set. */
    bool salvage;
    void (*salvaged)(void *ctx, const struct reel_salvage_item *item);
    void *salvaged_ctx; /* `salvaged` may be NULL */
    bool raw; /* streams and facts as files (reel/raw.h) in dir_fd; preserve,
                 numeric_owner and strip do not apply */
};

struct reel_restore_result {
    uint64_t objects; /* handed out whole and proven */
    uint64_t links;   /* of these, further names */
    uint64_t bytes;   /* octets of content */
    uint64_t lost;    /* objects selected that are damaged or missing */
    bool scanned;     /* no catalog was used */
};

/*
 * Restore what is selected. What cannot be restored is told in notes (LOST,
 * SKIPPED, FLAWED, WANTED, OMITTED) and is no failure. Fails with MAGIC,
 * CORRUPT, UNSUPPORTED, MEDIUM, MEMORY, STOPPED, MISUSE.
 */
REEL_API enum reel_status reel_restore(
    const struct reel_access *access, const struct reel_selection *selection,
    const struct reel_restore_options *options,
    struct reel_restore_result *result, struct reel_err *err) REEL_MUST_CHECK;

/*
 * The same, to a program at the other end of two pipes (reel/relay.h), which
 * decides what happens where something stands already.
 * to_fd    what it reads; taken: closed when this returns, or before
 * from_fd  its answer; borrowed
 * Its NOTEs go to the reporter. The program must end when what it reads ends;
 * it is waited for. SIGPIPE must be ignored. Fails as reel_restore, with what
 * the program says in DONE, and with MEDIUM where it ended without a word.
 */
REEL_API enum reel_status
reel_restore_relay(const struct reel_access *access,
                   const struct reel_selection *selection, int to_fd,
                   int from_fd, struct reel_restore_result *result,
                   struct reel_err *err) REEL_MUST_CHECK;

/* A volume that is needed; borrowed for the call. */
struct reel_plan_volume {
    uint32_t number;
    const char *volume_id;  /* its label; "" if it is not known */
    uint64_t objects;       /* selected ones that begin on it; 0: it holds only
                               the rest of one, or the data of a link */
    uint64_t first_address; /* what is needed stands between these blocks; */
    uint64_t last_address;  /* all ones: up to its end */
};
typedef void (*reel_plan_fn)(void *ctx, const struct reel_plan_volume *v);

/*
 * Which volumes a restore of what is selected needs, in the order in which it
 * asks for them. Nothing is read but the catalog; it fails as reel_list does.
 * A further name whose object is not selected may need more of the volume with
 * that object than is told.
 */
REEL_API enum reel_status
reel_restore_plan(const struct reel_access *access,
                  const struct reel_selection *selection, reel_plan_fn fn,
                  void *ctx, struct reel_err *err) REEL_MUST_CHECK;

/* Content of what is selected (files only), end to end, to descriptor `fd`. */
REEL_API enum reel_status reel_cat(const struct reel_access *access,
                                   const struct reel_selection *selection,
                                   int fd, struct reel_restore_result *result,
                                   struct reel_err *err) REEL_MUST_CHECK;

/* One difference between archive and tree; borrowed for the call. */
typedef void (*reel_differs_fn)(void *ctx, uint8_t encoding,
                                struct reel_bytes path, const char *what);

/* Compare what is selected with the tree beneath dir_fd, fact by fact. */
REEL_API enum reel_status reel_compare(const struct reel_access *access,
                                       const struct reel_selection *selection,
                                       int dir_fd, reel_differs_fn differs,
                                       void *ctx,
                                       struct reel_restore_result *result,
                                       struct reel_err *err) REEL_MUST_CHECK;

#endif
