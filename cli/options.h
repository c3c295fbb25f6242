/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verbs and their options. One table for each verb drives parsing, `--help`
 * and `reel help --table`, from which manuals and completion are made.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exit_code.h"
#include "reel/compiler.h"

enum cli_option_kind {
    CLI_FLAG,   /* bool */
    CLI_STRING, /* const char * */
    CLI_U32,    /* uint32_t */
    CLI_SIZE,   /* uint64_t, with K, M, G, T */
    CLI_CHOICE, /* int: index of the word in `choices` */
    CLI_LIST    /* struct cli_list, one item each time */
};

struct cli_option {
    const char *name; /* long; NULL ends a table */
    char letter;      /* short; 0: none */
    enum cli_option_kind kind;
    const char *argument;       /* its name in help; NULL for CLI_FLAG */
    const char *help;           /* one sentence */
    size_t offset;              /* of its field in the settings of the verb */
    const char *const *choices; /* ends with NULL; for CLI_CHOICE */
};

struct cli_list {
    const char **items;
    size_t count;
};

struct cli_verb {
    const char *name;
    const char *summary;  /* one sentence */
    const char *operands; /* "[OPTION]... PATH..." */
    const char *more;     /* further lines of help, or NULL */
    const struct cli_option *options;
    /* argv[0] is the name of the verb. Returns the exit code. */
    int (*run)(int argc, char **argv);
};

/* First member of the settings of every verb; zeroed before parsing. */
struct cli_common {
    const char *tape;
    const char *directory;
    bool quiet;
    bool verbose;
    bool json;
    bool progress;
    const char *next_volume; /* these of CLI_OPTIONS_VOLUMES */
    const char *changer;
    const char *changer_device;
    uint32_t drive_index;
    uint32_t read_retries;
    const char *const *operands; /* all three set by parsing */
    size_t operand_count;
    const struct cli_verb *verb;
};

#define CLI_OPTION_TAPE                                                        \
    {                                                                          \
        "tape", 'f', CLI_STRING, "NAME",                                       \
            "the tape: a drive (/dev/nst0), a .tap image, or - for a pipe; "   \
            "with %d in it a set of images, counted from 1; default: $TAPE",   \
            offsetof(struct cli_common, tape), NULL                            \
    }
/* How further volumes of a set are got. */
#define CLI_OPTIONS_VOLUMES                                                    \
    {"next-volume",                                                            \
     0,                                                                        \
     CLI_STRING,                                                               \
     "COMMAND",                                                                \
     "changes volumes: run by the shell with REEL_VOLUME (a number, or "       \
     "last), REEL_LABEL, REEL_SET, REEL_DRIVE, REEL_MODE (read or write) "     \
     "and REEL_REFUSED; exit code 0: it is in",                                \
     offsetof(struct cli_common, next_volume),                                 \
     NULL},                                                                    \
        {"changer",                                                            \
         0,                                                                    \
         CLI_STRING,                                                           \
         "COMMAND",                                                            \
         "a robot changes tapes, through a program as Bacula's mtx-changer",   \
         offsetof(struct cli_common, changer),                                 \
         NULL},                                                                \
        {"changer-device",                                                     \
         0,                                                                    \
         CLI_STRING,                                                           \
         "NAME",                                                               \
         "of the robot, for --changer",                                        \
         offsetof(struct cli_common, changer_device),                          \
         NULL},                                                                \
    {                                                                          \
        "drive-index", 0, CLI_U32, "N",                                        \
            "of the drive in the robot, from 0; default: 0",                   \
            offsetof(struct cli_common, drive_index), NULL                     \
    }
#define CLI_OPTION_RETRIES                                                     \
    {                                                                          \
        "read-retries", 0, CLI_U32, "N",                                       \
            "try so often again to read a block of a drive",                   \
            offsetof(struct cli_common, read_retries), NULL                    \
    }
/* What every verb that reads a tape has in front. */
#define CLI_OPTIONS_READING                                                    \
    CLI_OPTION_TAPE, CLI_OPTIONS_VOLUMES, CLI_OPTION_RETRIES
#define CLI_OPTION_DIRECTORY(help)                                             \
    {                                                                          \
        "directory", 'C', CLI_STRING, "DIR", help,                             \
            offsetof(struct cli_common, directory), NULL                       \
    }

/* Options of every verb, shown behind its own. */
extern const struct cli_option cli_common_options[];

/* Go on; anything else is the exit code to end with. */
#define CLI_GO_ON (-1)

/*
 * Parse argv into `settings`, which begin with struct cli_common and hold the
 * defaults. Everything kept is borrowed from argv; lists are released with
 * cli_list_fini. Prints help, or one sentence on what is wrong.
 */
int cli_options_parse(const struct cli_verb *verb, void *settings, int argc,
                      char **argv) REEL_MUST_CHECK;

void cli_list_fini(struct cli_list *list);

/* Print "reel VERB: sentence; reel VERB --help ..." and return 64. */
int cli_usage(const struct cli_verb *verb, const char *fmt, ...)
    REEL_PRINTF(2, 3);

/* Help of one verb. */
void cli_help_verb(FILE *out, const struct cli_verb *verb);

#endif
