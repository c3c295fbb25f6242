/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssc_control LINE...: tell the emulated drive what to do, from a script.
 * $DRIVE_CONTROL is the socket of ssc_target.c; README.md lists the commands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Send a line, print the answer. False if it is not "ok". */
static int
say(FILE *drive, const char *line)
{
    char answer[64];

    if (fprintf(drive, "%s\n", line) < 0 || fflush(drive) != 0 ||
        !fgets(answer, sizeof(answer), drive)) {
        perror("ssc_control");
        return 0;
    }
    (void)printf("%s: %s", line, answer);
    return strncmp(answer, "ok", 2) == 0;
}

int
main(int argc, char **argv)
{
    const char *const path = getenv("DRIVE_CONTROL");
    struct sockaddr_un un  = {.sun_family = AF_UNIX};
    const int fd           = socket(AF_UNIX, SOCK_STREAM, 0);
    FILE *drive;
    int i;

    if (!path || strlen(path) >= sizeof(un.sun_path)) {
        (void)fprintf(stderr, "ssc_control: DRIVE_CONTROL is not set\n");
        return EXIT_FAILURE;
    }
    memcpy(un.sun_path, path, strlen(path));
    drive = fd < 0 ? NULL : fdopen(fd, "r+");
    if (!drive || connect(fd, (const struct sockaddr *)&un, sizeof(un)) != 0) {
        perror("ssc_control");
        return EXIT_FAILURE;
    }
    for (i = 1; i < argc; i++)
        if (!say(drive, argv[i]))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
