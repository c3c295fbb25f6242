/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the verifier says of the vectors of the suite, with one of its rules
 * muted: for spec/suite/gates.py, which asks line by line
 *
 *     RULE IMAGE...
 *
 * ("-" mutes nothing; the images are called NUMBER.tap) and is answered with a
 * line of the ids that were reported, "-" for what has none; of a set that is
 * refused as unsupported, the one for which it is.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reel/medium.h"
#include "reel/verify.h"

#define IMAGES_MAX 16U
#define LINE_MAX_BYTES 16384U

struct asked {
    const char *images[IMAGES_MAX];
    size_t count;
    struct reel_medium *medium; /* in use */
    char rules[4096];           /* reported, each with a space in front */
};

/* The ids one after the other, each once. */
static void
take_note(void *ctx, const struct reel_note *note)
{
    struct asked *const a  = ctx;
    const char *const rule = note->err.rule ? note->err.rule : "-";
    const size_t at        = strlen(a->rules);
    const size_t len       = strlen(rule);
    const char *seen       = a->rules;

    if (note->kind == REEL_NOTE_INFO)
        return;
    while ((seen = strstr(seen, rule)) != NULL) {
        if (seen[-1] == ' ' && (seen[len] == ' ' || seen[len] == '\0'))
            return;
        seen += len;
    }
    (void)snprintf(a->rules + at, sizeof(a->rules) - at, " %s", rule);
}

static unsigned long
number_of(const char *image)
{
    const char *const slash = strrchr(image, '/');

    return strtoul(slash ? slash + 1 : image, NULL, 10);
}

static enum reel_status
get_volume(void *ctx, const struct reel_volume_wish *wish,
           struct reel_medium **medium, struct reel_err *err)
{
    struct asked *const a = ctx;
    enum reel_status status;
    size_t i;

    if (a->medium) {
        status    = reel_medium_close(a->medium, err);
        a->medium = NULL;
        if (status != REEL_OK)
            return status;
    }
    if (wish->refused || wish->number == 0)
        return REEL_END;
    for (i = 0; i < a->count; i++) {
        if (number_of(a->images[i]) != wish->number)
            continue;
        status =
            reel_medium_open(&a->medium, a->images[i], REEL_MEDIUM_READ, err);
        if (status == REEL_OK)
            *medium = a->medium;
        return status;
    }
    return REEL_END;
}

static int
answer(struct asked *a, const char *rule)
{
    const char *const muted[]         = {rule, NULL};
    const struct reel_volumes volumes = {a, get_volume};
    struct reel_verify_options options;
    struct reel_verify_result result;
    struct reel_err err;
    enum reel_status status;

    memset(&options, 0, sizeof(options));
    options.depth       = REEL_VERIFY_FULL;
    options.threads     = 1;
    options.muted_rules = muted;
    options.report.fn   = take_note;
    options.report.ctx  = a;
    if (a->count > 1)
        options.volumes = &volumes;
    if (reel_medium_open(&a->medium, a->images[0], REEL_MEDIUM_READ, &err) !=
        REEL_OK) {
        fprintf(stderr, "suite_verify: %s: %s\n", a->images[0], err.text);
        return 1;
    }
    options.medium = a->medium;
    status         = reel_verify(&options, &result, &err);
    if (a->medium && reel_medium_close(a->medium, NULL) != REEL_OK)
        return 1;
    a->medium = NULL;
    if (status != REEL_OK)
        printf(" %s\n", err.rule ? err.rule : "-");
    else
        printf("%s\n", a->rules);
    return fflush(stdout);
}

int
main(void)
{
    static char line[LINE_MAX_BYTES];

    while (fgets(line, sizeof(line), stdin)) {
        struct asked a;
        char *rest             = NULL;
        const char *const rule = strtok_r(line, " \n", &rest);
        const char *image;

        memset(&a, 0, sizeof(a));
        while ((image = strtok_r(NULL, " \n", &rest)) != NULL &&
               a.count < IMAGES_MAX)
            a.images[a.count++] = image;
        if (!rule || a.count == 0) {
            fprintf(stderr, "suite_verify: a rule and images, please\n");
            return 1;
        }
        if (answer(&a, rule) != 0)
            return 1;
    }
    return 0;
}
