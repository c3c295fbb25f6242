/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this program can still reach when it reads what others wrote. */
#include "shelter.h"

#include <string.h>

bool
rn_shelter_parse(const char *word, enum reel_fence_wish *out)
{
    for (int i = 0; reel_fence_words[i] != NULL; i++) {
        if (strcmp(word, reel_fence_words[i]) == 0) {
            *out = (enum reel_fence_wish)i;
            return true;
        }
    }
    return false;
}

enum reel_status
rn_shelter_enter(enum reel_fence_wish wish, const char *image, bool written,
                 struct reel_err *err)
{
    const struct reel_fence fence = {
        .dir_fd = -1, .volume = image, .volume_written = written};
    char text[REEL_FENCE_TEXT_BYTES];
    struct reel_fence_level level;

    if (!reel_fence_wanted(wish))
        return REEL_OK;
    level = reel_fence_enter(&fence);
    if (wish != REEL_FENCE_NEED || reel_fence_whole(&level))
        return REEL_OK;
    return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                     "the sandbox that is needed cannot be had: reel-ntfs "
                     "reached %s",
                     reel_fence_print(text, &level));
}
