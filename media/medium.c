/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The medium interface: spec chapter 2, words "block", "filemark". Checks what
 * every backend would have to check, then hands over to it.
 */
#include "reel/medium.h"

#include <assert.h>

#include "lost_end.h"

static enum reel_status
misuse(struct reel_err *err, const char *sentence)
{
    return reel_fail(err, REEL_E_MISUSE, NULL, NULL, "%s", sentence);
}

/* Refuse to work at a place that nobody knows. */
static enum reel_status
need_position(const struct reel_medium *m, struct reel_err *err)
{
    if (!m->position_lost)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the position on the medium is not known since a failure");
}

/* Pass `status` on, and remember when it leaves us at an unknown place. */
static enum reel_status
note(struct reel_medium *m, enum reel_status status)
{
    if (status == REEL_E_MEDIUM || status == REEL_E_STOPPED)
        m->position_lost = true;
    return status;
}

/* As note, for what finds the position anew. */
static enum reel_status
note_found(struct reel_medium *m, enum reel_status status)
{
    if (status == REEL_OK || status == REEL_E_TRUNCATED)
        m->position_lost = false;
    return note(m, status);
}

/* ---- where the end of data may be lost ---- */

/* Where does a medium for reading stand? */
static enum reel_status
find_address(struct reel_medium *m, struct reel_err *err)
{
    if (!m->address_stale || m->mode != REEL_MEDIUM_READ || !m->info.can_locate)
        return REEL_OK;
    REEL_TRY(note(m, m->ops->tell(m->state, &m->address, err)));
    m->address_stale = false;
    return REEL_OK;
}

/* A read failed: it met the end where that is lost, and only there. */
static enum reel_status
read_failed(struct reel_medium *m, enum reel_event *met, size_t *bytes,
            enum reel_status status)
{
    const uint64_t address = m->address;

    if (status != REEL_E_MEDIUM)
        return status;
    reel_lost_end_judge(m);
    if (!m->end_lost || address < m->end ||
        reel_lost_end_go(m, address, NULL) != REEL_OK)
        return status;
    *met   = REEL_EVENT_END;
    *bytes = 0;
    return REEL_OK;
}

/* Spacing forward failed, and so did what comes behind the last filemark. */
static enum reel_status
space_failed(struct reel_medium *m, int64_t count, enum reel_status status)
{
    if (status != REEL_E_MEDIUM || count < 0)
        return status;
    reel_lost_end_judge(m);
    if (!m->end_lost || reel_lost_end_go(m, m->end, NULL) != REEL_OK)
        return status;
    return REEL_OK;
}

static enum reel_status
locate_failed(struct reel_medium *m, uint64_t address, enum reel_status status,
              struct reel_err *err)
{
    if (status != REEL_E_MEDIUM)
        return status;
    reel_lost_end_judge(m);
    if (!m->end_lost || address <= m->end)
        return status;
    REEL_TRY(reel_lost_end_go(m, m->end, err));
    return reel_fail(err, REEL_E_TRUNCATED, NULL, NULL,
                     "the medium cannot be read as far as address %llu",
                     (unsigned long long)address);
}

static enum reel_status
end_failed(struct reel_medium *m, enum reel_status status, struct reel_err *err)
{
    if (status != REEL_E_MEDIUM)
        return status;
    reel_lost_end_judge(m);
    return m->end_lost ? reel_lost_end_go(m, m->end, err) : status;
}

/* ---- the calls ---- */

enum reel_status
reel_medium_read(struct reel_medium *m, void *buf, size_t capacity,
                 enum reel_event *event, size_t *block_bytes,
                 struct reel_err *err)
{
    enum reel_event met = REEL_EVENT_END;
    size_t bytes        = 0;
    enum reel_status status;

    if (!m || (!buf && capacity > 0) || !event || !block_bytes)
        return misuse(err, "a medium, a buffer and two results are needed");
    REEL_TRY(need_position(m, err));
    REEL_TRY(find_address(m, err));
    status = note(m, m->ops->read(m->state, buf, capacity, &met, &bytes, err));
    if (status != REEL_OK)
        status = read_failed(m, &met, &bytes, status);
    if (status != REEL_OK)
        return status;
    if (met != REEL_EVENT_END)
        m->address++;
    *event       = met;
    *block_bytes = bytes;
    return REEL_OK;
}

static enum reel_status
need_writable(const struct reel_medium *m, struct reel_err *err)
{
    if (!m)
        return misuse(err, "a medium is needed");
    if (m->mode != REEL_MEDIUM_WRITE)
        return misuse(err, "the medium was opened for reading only");
    if (m->info.write_protected)
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the medium is write-protected");
    return need_position(m, err);
}

enum reel_status
reel_medium_write(struct reel_medium *m, const void *buf, size_t bytes,
                  struct reel_err *err)
{
    REEL_TRY(need_writable(m, err));
    if (!buf || bytes == 0 || bytes > m->info.block_bytes_max)
        return misuse(err, "a block must have 1 to block_bytes_max bytes");
    return note(m, m->ops->write(m->state, buf, bytes, err));
}

enum reel_status
reel_medium_filemark(struct reel_medium *m, struct reel_err *err)
{
    REEL_TRY(need_writable(m, err));
    return note(m, m->ops->filemark(m->state, err));
}

enum reel_status
reel_medium_space_filemarks(struct reel_medium *m, int64_t count,
                            int64_t *passed, struct reel_err *err)
{
    enum reel_status status;

    if (!m || !passed)
        return misuse(err, "a medium and a result are needed");
    *passed = 0;
    REEL_TRY(need_position(m, err));
    if (count == 0)
        return REEL_OK;
    if (count < 0 && !m->info.can_locate)
        return misuse(err, "a pipe cannot go backward");
    m->address_stale = true;
    status = note(m, m->ops->space_filemarks(m->state, count, passed, err));
    return status == REEL_OK ? REEL_OK : space_failed(m, count, status);
}

enum reel_status
reel_medium_locate(struct reel_medium *m, uint64_t address,
                   struct reel_err *err)
{
    enum reel_status status;

    if (!m)
        return misuse(err, "a medium is needed");
    if (!m->info.can_locate)
        REEL_TRY(need_position(m, err));
    m->address_stale = true;
    status           = note_found(m, m->ops->locate(m->state, address, err));
    if (status != REEL_OK)
        return locate_failed(m, address, status, err);
    m->address_stale = false;
    m->address       = address;
    return REEL_OK;
}

enum reel_status
reel_medium_tell(struct reel_medium *m, uint64_t *address, struct reel_err *err)
{
    uint64_t there = 0;

    if (!m || !address)
        return misuse(err, "a medium and a result are needed");
    REEL_TRY(need_position(m, err));
    REEL_TRY(note(m, m->ops->tell(m->state, &there, err)));
    m->address       = there;
    m->address_stale = false;
    *address         = there;
    return REEL_OK;
}

enum reel_status
reel_medium_end_of_data(struct reel_medium *m, struct reel_err *err)
{
    enum reel_status status;

    if (!m)
        return misuse(err, "a medium is needed");
    if (!m->info.can_locate)
        return misuse(err, "a pipe has no end that one can go to");
    m->address_stale = true;
    status           = REEL_E_MEDIUM;
    if (!m->end_lost) /* else it takes the drive long to fail again */
        status = note_found(m, m->ops->end_of_data(m->state, err));
    return status == REEL_OK ? REEL_OK : end_failed(m, status, err);
}

bool
reel_medium_end_lost(const struct reel_medium *m)
{
    assert(m);
    return m->end_lost;
}

bool
reel_medium_octets(const struct reel_medium *m, uint64_t *octets)
{
    if (m->ops->octets == NULL)
        return false;
    *octets = m->ops->octets(m->state);
    return true;
}

bool
reel_medium_early_warning(const struct reel_medium *m)
{
    assert(m);
    return m->ops->early_warning(m->state);
}

const struct reel_medium_info *
reel_medium_info(const struct reel_medium *m)
{
    assert(m);
    return &m->info;
}

enum reel_status
reel_medium_close(struct reel_medium *m, struct reel_err *err)
{
    if (!m)
        return REEL_OK;
    return m->ops->close(m->state, err);
}
