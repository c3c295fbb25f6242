/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file or directory of NTFS as an object: chapters 6 and 7. */
#include "opening.h"
#include "read_facts.h"
#include "read_state.h"
#include "reel/cursor.h"

#define TAG_WOF 0x80000017U
#define TAG_DEDUP 0x80000013U
#define TAG_HSM 0xC0000004U
#define TAG_HSM2 0x80000006U
#define TAG_SIS 0x80000007U
#define TAG_CLOUD 0x9000001AU
#define TAG_CLOUD_MASK 0xFFFF0FFFU /* fifteen kinds more */
#define TAG_PROJFS 0x9000001CU
#define WOF_PROVIDER_FILE 2U

/* Something of the file that is flawed; false: the relay cannot go on. */
static bool
note_unless_memory(struct rn_reader *r, enum reel_status status,
                   const struct reel_err *err)
{
    if (status == REEL_E_MEMORY)
        return false;
    if (status != REEL_OK)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_FLAWED, status,
                    "%s", err->text);
    return true;
}

/* Reads one attribute and sends it as a stream. */
static enum reel_status
send_small(struct rn_reader *r, ntfs_inode *ni,
           enum reel_status (*read)(ntfs_inode *, struct rn_blob *,
                                    struct reel_err *),
           uint32_t id, uint32_t attributes, struct reel_err *err)
{
    const enum reel_status status = read(ni, &r->small, err);
    const struct reel_bytes body  = {r->small.data, r->small.len};

    if (!note_unless_memory(r, status, err))
        return status;
    if (status != REEL_OK)
        return REEL_OK;
    return rn_out_whole(&r->out, id, attributes, body, err);
}

/* Does the content of the file stand somewhere else? The reparse point that
   says so is archived, and what it speaks of is not. */
static void
note_content(struct rn_reader *r)
{
    struct reel_cursor c =
        reel_cursor_init(r->reparse.data, r->reparse.len, NULL);
    const uint32_t tag = reel_get_le32(&c);
    const char *where  = NULL;

    (void)reel_get_le32(&c);
    (void)reel_get_le32(&c);
    if (tag == TAG_WOF && reel_get_le32(&c) == WOF_PROVIDER_FILE && c.ok)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_INFO, REEL_OK,
                    "Windows compressed it: the content is not in its data "
                    "but, packed, in the stream WofCompressedData");
    else if (tag == TAG_WOF)
        where = "in an image (WIM) that it was installed from";
    else if (tag == TAG_DEDUP || tag == TAG_SIS)
        where = "in the store of a volume without duplicates";
    else if ((tag & TAG_CLOUD_MASK) == (TAG_CLOUD & TAG_CLOUD_MASK))
        where = "with a cloud service";
    else if (tag == TAG_HSM || tag == TAG_HSM2 || tag == TAG_PROJFS)
        where = "with another program or machine";
    if (where != NULL)
        rn_out_note(&r->out, rn_path_bytes(&r->path), REEL_NOTE_FLAWED,
                    REEL_E_UNSUPPORTED,
                    "the content is not in the file but %s, or may be; what "
                    "is in the file is archived",
                    where);
}

static enum reel_status
send_streams(struct rn_reader *r, ntfs_inode *ni, struct reel_err *err)
{
    const struct reel_bytes reparse = {r->reparse.data, r->reparse.len};

    REEL_TRY(send_small(r, ni, rn_security_read, REEL_STREAM_SECURITY_DATA,
                        REEL_STREAM_CONTAINS_SECURITY, err));
    REEL_TRY(send_small(r, ni, rn_ea_read, REEL_STREAM_EA_DATA, 0, err));
    REEL_TRY(
        send_small(r, ni, rn_object_id_read, REEL_STREAM_OBJECT_ID, 0, err));
    REEL_TRY(rn_out_whole(&r->out, REEL_STREAM_REPARSE_DATA, 0, reparse, err));
    return rn_data_send(&r->data, &r->out, ni, rn_path_bytes(&r->path), err);
}

enum reel_status
rn_object_send(struct rn_reader *r, ntfs_inode *ni, const struct rn_met *met,
               struct reel_object *o, struct reel_err *err)
{
    const struct rn_name *const name =
        rn_names_find(&r->names, met->parent, met->name);
    struct reel_err flaw;
    enum reel_status status;

    rn_log_forget();
    status = rn_reparse_read(ni, &r->reparse, &flaw);
    if (status == REEL_E_MEMORY) {
        *err = flaw;
        return status;
    }
    rn_facts_fill(o, ni, &r->names, &r->reparse, r->volume.serial);
    o->path = rn_path_bytes(&r->path);
    if (name != NULL)
        o->short_name = rn_names_short(&r->names, name);
    REEL_TRY(rn_out_object(&r->out, o, err));
    (void)note_unless_memory(r, status, &flaw);
    note_content(r);
    REEL_TRY(send_streams(r, ni, err));
    if (r->out.waiting_count == 0 && rn_log_last()[0] != '\0')
        rn_out_note(&r->out, o->path, REEL_NOTE_DAMAGE, REEL_E_CORRUPT,
                    "libntfs-3g: %s", rn_log_last());
    return rn_out_object_end(&r->out, err);
}
