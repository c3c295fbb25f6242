/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCSI commands through Linux' SG_IO; no spec chapter. Nothing that is sent
 * from here moves a tape or changes what is on it.
 */
#include "drive_scsi.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "drive_pages.h"

/* As long as the driver's own: behind a command that takes longer the kernel
   resets the drive, and its position is lost. */
#define TIMEOUT_MS 900000U
#define SENSE_BYTES 64U
#define KEY_BYTES 64U

static bool
send(int fd, const uint8_t *cdb, uint8_t cdb_bytes, uint8_t *out, size_t *bytes)
{
    uint8_t command[16] = {0};
    uint8_t sense[SENSE_BYTES];
    struct sg_io_hdr io = {.interface_id    = 'S',
                           .dxfer_direction = SG_DXFER_FROM_DEV,
                           .cmd_len         = cdb_bytes,
                           .mx_sb_len       = SENSE_BYTES,
                           .dxfer_len       = (unsigned int)*bytes,
                           .dxferp          = out,
                           .cmdp            = command,
                           .sbp             = sense,
                           .timeout         = TIMEOUT_MS};
    const size_t room   = *bytes;
    int result;

    *bytes = 0;
    if (cdb_bytes > sizeof(command) || room > UINT16_MAX)
        return false;
    memcpy(command, cdb, cdb_bytes);
    memset(out, 0, room);
    if (room == 0)
        io.dxfer_direction = SG_DXFER_NONE;
    do
        result = ioctl(fd, SG_IO, &io);
    while (result != 0 && errno == EINTR);
    if (result != 0 || (io.info & SG_INFO_OK_MASK) != SG_INFO_OK)
        return false;
    if (io.resid > 0 && (size_t)io.resid <= room)
        *bytes = room - (size_t)io.resid;
    else
        *bytes = room;
    return true;
}

bool
reel_drive_scsi_ask(int scsi_fd, const uint8_t *cdb, uint8_t cdb_bytes,
                    uint8_t *out, size_t *bytes)
{
    const size_t room = *bytes;

    if (send(scsi_fd, cdb, cdb_bytes, out, bytes))
        return true;
    /* The first command behind a change of the tape may only tell of that. */
    *bytes = room;
    return send(scsi_fd, cdb, cdb_bytes, out, bytes);
}

/* May commands be sent here? Asks for the name, which every drive tells. */
static bool
works(int fd)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    uint8_t answer[36];
    size_t bytes = sizeof(answer);

    return send(fd, inquiry, sizeof(inquiry), answer, &bytes);
}

/* The name of the /dev/sg* of the same drive, by sysfs. */
static bool
twin_name(dev_t drive, char *name, size_t room)
{
    char folder[80];
    struct dirent *entry = NULL;
    DIR *dir;

    (void)snprintf(folder, sizeof(folder),
                   "/sys/dev/char/%u:%u/device/scsi_generic", major(drive),
                   minor(drive));
    dir = opendir(folder);
    if (!dir)
        return false;
    do
        entry = readdir(dir);
    while (entry && strncmp(entry->d_name, "sg", 2) != 0);
    if (entry)
        (void)snprintf(name, room, "/dev/%.40s", entry->d_name);
    (void)closedir(dir);
    return entry != NULL;
}

bool
reel_drive_twin(const char *drive, char out[REEL_DRIVE_TWIN_BYTES])
{
    struct stat st;

    return stat(drive, &st) == 0 &&
           twin_name(st.st_rdev, out, REEL_DRIVE_TWIN_BYTES);
}

int
reel_drive_scsi_open(int fd)
{
    char name[REEL_DRIVE_TWIN_BYTES];
    struct stat st;
    int twin;

    if (works(fd))
        return fd;
    if (fstat(fd, &st) != 0 || !twin_name(st.st_rdev, name, sizeof(name)))
        return -1;
    /* The sg driver lets only a writer send commands other than a few. */
    twin = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (twin < 0) /* questions do without */
        twin = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (twin < 0 || works(twin))
        return twin;
    (void)close(twin);
    return -1;
}

void
reel_drive_scsi_close(int fd, int scsi_fd)
{
    if (scsi_fd >= 0 && scsi_fd != fd)
        (void)close(scsi_fd);
}

enum reel_drive_key
reel_drive_next_key(int fd)
{
    /* SECURITY PROTOCOL IN, tape data encryption, next block's status. */
    static const uint8_t cdb[12] = {0xA2, 0x20, 0x00, 0x21,      0, 0,
                                    0,    0,    0,    KEY_BYTES, 0, 0};
    const int scsi_fd            = reel_drive_scsi_open(fd);
    enum reel_drive_key key      = REEL_DRIVE_KEY_UNKNOWN;
    uint8_t page[KEY_BYTES];
    size_t bytes = sizeof(page);

    if (scsi_fd < 0)
        return key;
    if (reel_drive_scsi_ask(scsi_fd, cdb, sizeof(cdb), page, &bytes))
        key = reel_drive_page_key(page, bytes);
    reel_drive_scsi_close(fd, scsi_fd);
    return key;
}
