/* SPDX-License-Identifier: Apache-2.0 */
/* TapeAlert flags in words (SSC-4, log page 2Eh); no spec chapter. */
#include "reel/drive.h"

/* By number; those that are not named are obsolete or without a meaning. */
static const char *const texts[65] = {
    [1]  = "the drive has trouble reading",
    [2]  = "the drive has trouble writing",
    [3]  = "errors that could not be corrected were met",
    [4]  = "the tape is faulty; copy what it holds",
    [5]  = "the tape is damaged, or the drive is; reading failed",
    [6]  = "the tape is from a faulty batch, or the drive is; writing failed",
    [7]  = "the tape has reached the end of its life",
    [8]  = "the tape is not of a grade for data",
    [9]  = "the tape is write-protected",
    [10] = "the tape cannot be taken out while it is in use",
    [11] = "the tape in the drive is a cleaning tape",
    [12] = "the format of the tape is not supported",
    [13] = "the tape has snapped; it can be taken out",
    [14] = "the tape has snapped and cannot be taken out",
    [15] = "the memory chip of the cartridge has failed",
    [16] = "the tape was taken out while it was in use",
    [17] = "the tape is of a type that this drive only reads",
    [18] = "the directory of the tape is damaged; searching is slow",
    [19] = "the tape is near the end of its life",
    [20] = "the drive must be cleaned now",
    [21] = "the drive is due for cleaning",
    [22] = "the cleaning tape is used up",
    [23] = "the cleaning tape is not of the right type",
    [26] = "the drive's fan has failed",
    [27] = "the drive's fan is failing",
    [30] = "the drive has a fault; switch it off and on",
    [31] = "the drive has a fault; it needs repair",
    [32] = "the drive has trouble with its host connection",
    [33] = "the tape must be taken out and put in again",
    [34] = "the download of firmware has failed",
    [35] = "the drive is too damp",
    [36] = "the drive is too hot or too cold",
    [37] = "the drive's voltage is out of range",
    [38] = "a failure of the drive is predicted",
    [39] = "the drive may have a fault; run its self-test",
    [49] = "the memory chip of the cartridge reports a fault",
    [50] = "the position on the tape was lost once",
    [51] = "the directory of the tape was invalid at unloading",
    [52] = "the system area of the tape could not be written",
    [53] = "the system area of the tape could not be read",
    [54] = "no start of data was found on the tape",
    [55] = "the tape could not be loaded",
    [56] = "the tape could not be unloaded; it is stuck",
    [57] = "the automation of the library has failed",
    [58] = "the drive's firmware has failed",
    [59] = "the seal of the write-once tape is broken",
    [60] = "writing over a write-once tape was tried",
};

const char *
reel_drive_alert_text(unsigned int flag)
{
    if (flag > 64 || !texts[flag])
        return "a flag without a common meaning";
    return texts[flag];
}
