/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 8.1, paths and the patterns they are asked for by; policy layer. */
#include "selection.h"

#include <fnmatch.h>
#include <string.h>

#include "notes.h"
#include "reel/alloc.h"

static enum reel_status
out_of_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory for a selection");
}

/* Without leading "./" and "/", trailing "/", and "." alone. */
static struct reel_bytes
essence(const char *given)
{
    struct reel_bytes b = reel_bytes_of(given);

    for (;;) {
        if (b.len >= 1 && b.data[0] == '/') {
            b.data++;
            b.len--;
        } else if (b.len >= 2 && b.data[0] == '.' && b.data[1] == '/') {
            b.data += 2;
            b.len -= 2;
        } else {
            break;
        }
    }
    while (b.len > 0 && b.data[b.len - 1] == '/')
        b.len--;
    if (b.len == 1 && b.data[0] == '.')
        b.len = 0;
    return b;
}

static enum reel_status
prepare(struct reel_matcher_pattern *p, const char *given, struct reel_err *err)
{
    const struct reel_bytes b = essence(given);
    size_t i;

    p->given = given;
    p->text  = reel_alloc_array(b.len + 1, 1);
    if (p->text == NULL)
        return out_of_memory(err);
    if (b.len > 0)
        memcpy(p->text, b.data, b.len);
    p->len  = b.len;
    p->wild = strpbrk(p->text, "*?[\\") != NULL;
    for (i = 0; i < b.len; i++)
        p->slashes += b.data[i] == '/';
    return REEL_OK;
}

enum reel_status
reel_matcher_init(struct reel_matcher *m,
                  const struct reel_selection *selection, struct reel_err *err)
{
    size_t i;

    memset(m, 0, sizeof(*m));
    reel_sink_path_init(&m->converted);
    if (selection == NULL || selection->pattern_count == 0)
        return REEL_OK;
    m->patterns =
        reel_alloc_array(selection->pattern_count, sizeof(*m->patterns));
    if (m->patterns == NULL)
        return out_of_memory(err);
    m->count = selection->pattern_count;
    for (i = 0; i < m->count; i++)
        REEL_TRY(prepare(&m->patterns[i], selection->patterns[i], err));
    return REEL_OK;
}

void
reel_matcher_fini(struct reel_matcher *m)
{
    size_t i;

    for (i = 0; i < m->count; i++)
        reel_free(m->patterns[i].text);
    reel_free(m->patterns);
    reel_free(m->buf);
    reel_sink_path_fini(&m->converted);
    memset(m, 0, sizeof(*m));
}

/* The very path, or what lies beneath it. */
static bool
matches_literally(const struct reel_matcher_pattern *p, struct reel_bytes path)
{
    if (p->len == 0)
        return true;
    return path.len >= p->len && memcmp(path.data, p->text, p->len) == 0 &&
           (path.len == p->len || path.data[p->len] == '/');
}

/* As many components of the path as the pattern has: a directory means all
   that is in it. m->buf holds the path with a NUL. */
static bool
matches_wildly(struct reel_matcher *m, const struct reel_matcher_pattern *p)
{
    size_t slashes = 0;
    char *cut      = m->buf;
    bool matches;

    for (; *cut != '\0'; cut++)
        if (*cut == '/' && slashes++ == p->slashes)
            break;
    if (slashes < p->slashes)
        return false;
    if (*cut == '\0')
        return fnmatch(p->text, m->buf, FNM_PATHNAME) == 0;
    *cut    = '\0';
    matches = fnmatch(p->text, m->buf, FNM_PATHNAME) == 0;
    *cut    = '/';
    return matches;
}

/* Put the path with a NUL into m->buf. */
static enum reel_status
terminate(struct reel_matcher *m, struct reel_bytes path, struct reel_err *err)
{
    if (path.len >= m->capacity) {
        reel_free(m->buf);
        m->capacity = 0;
        m->buf      = reel_alloc_array(path.len + 1024, 1);
        if (m->buf == NULL)
            return out_of_memory(err);
        m->capacity = path.len + 1024;
    }
    if (path.len > 0)
        memcpy(m->buf, path.data, path.len);
    m->buf[path.len] = '\0';
    return REEL_OK;
}

/* A path of 16-bit units as octets, lone surrogates as in WTF-8. */
static enum reel_status
convert(struct reel_matcher *m, uint8_t encoding, struct reel_bytes *path,
        struct reel_err *err)
{
    enum reel_sink_path_verdict verdict;
    struct reel_err why;

    REEL_TRY(reel_sink_path_set(&m->converted, *path, encoding, 0, &verdict,
                                &why, err));
    path->data = NULL;
    path->len  = 0;
    if (verdict == REEL_SINK_PATH_FINE)
        *path = reel_bytes_of(m->converted.text);
    return REEL_OK;
}

enum reel_status
reel_matcher_match(struct reel_matcher *m, uint8_t encoding,
                   struct reel_bytes path, bool *match, struct reel_err *err)
{
    bool terminated = false;
    size_t i;

    *match = m->count == 0;
    if (m->count == 0 || encoding == 0)
        return REEL_OK;
    if (encoding == REEL_ENCODING_UTF16)
        REEL_TRY(convert(m, encoding, &path, err));
    for (i = 0; i < m->count; i++) {
        struct reel_matcher_pattern *const p = &m->patterns[i];
        bool is                              = matches_literally(p, path);

        if (!is && p->wild) {
            if (!terminated)
                REEL_TRY(terminate(m, path, err));
            terminated = true;
            is         = matches_wildly(m, p);
        }
        p->matched |= is;
        *match |= is;
    }
    return REEL_OK;
}

bool
reel_matcher_all_named(const struct reel_matcher *m)
{
    size_t i;

    for (i = 0; i < m->count; i++)
        if (m->patterns[i].wild || !m->patterns[i].matched)
            return false;
    return m->count > 0;
}

void
reel_matcher_note_unmatched(const struct reel_matcher *m,
                            const struct reel_reporter *report)
{
    size_t i;

    for (i = 0; i < m->count; i++) {
        const struct reel_notes_object about = {
            .encoding = REEL_ENCODING_POSIX,
            .path     = reel_bytes_of(m->patterns[i].given)};

        if (!m->patterns[i].matched)
            reel_notes_object(report, REEL_NOTE_SKIPPED, &about, REEL_E_MISUSE,
                              NULL, "matches nothing in the archive");
    }
}
