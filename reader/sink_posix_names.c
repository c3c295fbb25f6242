/* SPDX-License-Identifier: Apache-2.0 */
/* Spec N-8: which object of the archive a name here is of; policy layer. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "reel/builder.h"
#include "reel/sha256.h"
#include "sink_posix_state.h"

#define IDENTITY_BYTES 32U

/* As octets, the first of a key. */
static struct reel_builder
key_of(uint8_t *out, size_t capacity, const struct reel_sink_identity *identity)
{
    struct reel_builder b = reel_builder_init(out, capacity);

    reel_put_le64(&b, identity->dev);
    reel_put_le64(&b, identity->ino);
    reel_put_le64s(&b, identity->birth_s);
    reel_put_le32(&b, identity->birth_ns);
    reel_put_le32(&b, identity->type);
    return b;
}

/* The path as it is in the archive, behind the identity. */
static size_t
key_with_path(uint8_t out[IDENTITY_BYTES + REEL_DIGEST_BYTES],
              const struct reel_sink_identity *identity, struct reel_bytes path)
{
    struct reel_builder b =
        key_of(out, IDENTITY_BYTES + REEL_DIGEST_BYTES, identity);
    uint8_t digest[REEL_DIGEST_BYTES];

    reel_sha256(path.data, path.len, digest);
    reel_put_bytes(&b, (struct reel_bytes){digest, sizeof(digest)});
    return b.len;
}

bool
reel_sink_posix_name_free(struct reel_sink_posix *s,
                          const struct reel_sink_subject *about, int dir,
                          const char *name)
{
    uint8_t key[IDENTITY_BYTES + REEL_DIGEST_BYTES];
    struct reel_sink_identity there;
    struct reel_bytes k = {key, 0};

    if (s->placed.used == 0 ||
        reel_sink_identity_get(s->calls, dir, name, AT_SYMLINK_NOFOLLOW,
                               &there) != 0)
        return true;
    k.len = key_of(key, sizeof(key), &there).len;
    if (!reel_sink_seen_has(&s->placed, 0, k))
        return true;
    k.len = key_with_path(key, &there, about->path);
    if (reel_sink_seen_has(&s->placed, about->encoding, k))
        return true; /* the same path once more: the last one counts */
    reel_sink_note(about, REEL_NOTE_SKIPPED, REEL_E_INVALID,
                   "its name is that of another object of this archive here");
    return false;
}

/* Names of POSIX are seldom one where the paths are not: only where parts of
   them are left out, or case is, so that not all need be remembered. */
#define KEPT_MAX (1U << 21)

static bool
is_kept(const struct reel_sink_posix *s, const struct reel_sink_subject *about)
{
    return about->encoding == REEL_ENCODING_UTF16 || s->options.strip > 0 ||
           s->placed.used < KEPT_MAX;
}

/* Directories of one name are one directory where parts of paths are left out,
   which is what was asked for. */
static bool
may_be_replaced(const struct reel_sink_posix *s,
                const struct reel_sink_subject *about,
                const struct reel_sink_identity *there)
{
    if (there->type == S_IFDIR)
        return about->encoding == REEL_ENCODING_UTF16;
    return s->options.existing == REEL_EXISTING_REPLACE;
}

enum reel_status
reel_sink_posix_name_placed(struct reel_sink_posix *s,
                            const struct reel_sink_subject *about,
                            struct reel_err *err)
{
    const int dir = reel_sink_posix_parent(s, false);
    const char *const name =
        s->path.len == 0 ? "." : reel_sink_path_name(&s->path);
    uint8_t key[IDENTITY_BYTES + REEL_DIGEST_BYTES];
    struct reel_sink_identity there;
    struct reel_bytes k = {key, 0};

    if (!is_kept(s, about) || dir < 0 ||
        reel_sink_identity_get(s->calls, dir, name, AT_SYMLINK_NOFOLLOW,
                               &there) != 0 ||
        !may_be_replaced(s, about, &there))
        return REEL_OK;
    k.len = key_of(key, sizeof(key), &there).len;
    REEL_TRY(reel_sink_seen_add(&s->placed, 0, k, err));
    k.len = key_with_path(key, &there, about->path);
    return reel_sink_seen_add(&s->placed, about->encoding, k, err);
}
