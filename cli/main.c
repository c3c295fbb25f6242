/* SPDX-License-Identifier: Apache-2.0 */
/* The program reel: a verb, its options, one call of a library, an exit code
   (the codes stand in exit_code.h). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fence.h"
#include "output.h"
#include "progress.h"
#include "verbs.h"

/* A closed standard descriptor would be given to the next file opened, and a
   tape would then get what is printed. */
static bool
standard_descriptors_open(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1)
            continue;
        /* Read-only, so that printing to it fails and is noticed. */
        if (open("/dev/null", O_RDONLY) != fd)
            return false;
    }
    return true;
}

static void
print_version(void)
{
    const struct reel_fence_level offered = reel_fence_offered();
    char text[REEL_FENCE_TEXT_BYTES];

    (void)printf("reel %s\nsandbox: %s\n", CLI_VERSION,
                 reel_fence_print(text, &offered));
}

static int
dispatch(int argc, char **argv)
{
    const struct cli_verb *verb;

    if (argc < 2) {
        (void)fputs("reel: no verb is given (see reel --help)\n", stderr);
        return CLI_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        cli_help_program(stdout);
        return CLI_EXIT_WELL;
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
        return CLI_EXIT_WELL;
    }
    if (argv[1][0] == '-') {
        (void)fputs("reel: the verb comes first, options behind it (see reel "
                    "--help)\n",
                    stderr);
        return CLI_EXIT_USAGE;
    }
    verb = cli_verb_find(argv[1]);
    return verb ? verb->run(argc - 1, argv + 1) : cli_verb_unknown(argv[1]);
}

int
main(int argc, char **argv)
{
    struct reel_err err;
    int code;

    if (!standard_descriptors_open())
        return CLI_EXIT_STOPPED;
    cli_output_by_lines();
    cli_stop_on_signals();
    code = dispatch(argc, argv);
    /* Verbs with a report have said it already. */
    if (cli_output_check(&err) != REEL_OK && code == CLI_EXIT_WELL) {
        (void)fprintf(stderr, "reel: %s\n", err.text);
        code = CLI_EXIT_STOPPED;
    }
    return code;
}
