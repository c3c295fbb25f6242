/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of an NTFS volume in which it is left alone. */
#include "opening.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* libntfs-3g has one log for the whole program. */
static char last_words[200];

static int keep_words(const char *function, const char *file, int line,
                      u32 level, void *data, const char *format, va_list args)
    __attribute__((format(printf, 6, 0)));

static int
keep_words(const char *function, const char *file, int line, u32 level,
           void *data, const char *format, va_list args)
{
    const u32 complaints =
        NTFS_LOG_LEVEL_ERROR | NTFS_LOG_LEVEL_PERROR | NTFS_LOG_LEVEL_CRITICAL;

    (void)function;
    (void)file;
    (void)line;
    (void)data;
    if ((level & complaints) == 0)
        return 0;
    (void)vsnprintf(last_words, sizeof(last_words), format, args);
    for (size_t len = strlen(last_words);
         len > 0 && strchr("\n .", last_words[len - 1]) != NULL; len--)
        last_words[len - 1] = '\0';
    return 0;
}

void
rn_log_keep(void)
{
    ntfs_log_set_handler(keep_words);
}

const char *
rn_log_last(void)
{
    return last_words;
}

void
rn_log_forget(void)
{
    last_words[0] = '\0';
}

enum reel_status
rn_opening_hibernated(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "Windows is hibernated on the NTFS volume (shut it down "
                     "fully)");
}

enum reel_status
rn_opening_unclean(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the NTFS volume was not closed: its log holds changes "
                     "not carried out yet (chkdsk, or shut Windows down)");
}

enum reel_status
rn_opening_check_dirty(const ntfs_volume *vol, struct reel_err *err)
{
    if ((vol->flags & VOLUME_IS_DIRTY) == 0)
        return REEL_OK;
    return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                     "the NTFS volume is marked dirty (chkdsk clears it)");
}

enum reel_status
rn_opening_failed(const char *image, struct reel_err *err)
{
    const int why = errno;

    switch (ntfs_volume_error(why)) {
    case NTFS_VOLUME_NOT_NTFS:
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "%.80s is no NTFS volume", image);
    case NTFS_VOLUME_CORRUPT:
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                         "the NTFS volume is damaged: %.90s", rn_log_last());
    case NTFS_VOLUME_HIBERNATED:
        return rn_opening_hibernated(err);
    case NTFS_VOLUME_UNCLEAN_UNMOUNT:
        return rn_opening_unclean(err);
    case NTFS_VOLUME_OUT_OF_MEMORY:
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the NTFS volume");
    default:
        return reel_fail(err, REEL_E_MEDIUM, NULL, NULL, "opening %.80s: %s",
                         image, strerror(why));
    }
}
