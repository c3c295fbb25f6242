/* SPDX-License-Identifier: Apache-2.0 */
/* Program: the sum of a verification (spec chapter 10). */
#include "json.h"
#include "size.h"
#include "verify_summary.h"

static const char *
word(enum reel_verify_depth depth, cli_exit_set codes)
{
    switch (cli_exit_first(codes)) {
    case CLI_EXIT_WELL:
        return depth == REEL_VERIFY_QUICK ? "SOUND" : "PROVEN";
    case CLI_EXIT_DAMAGE:
        return "DAMAGED";
    case CLI_EXIT_LOST:
        return "LOST";
    case CLI_EXIT_WANTED:
        return "PARTIAL";
    case CLI_EXIT_REFUSED:
        return "INVALID";
    case CLI_EXIT_SKIPPED:
    case CLI_EXIT_STOPPED:
    case CLI_EXIT_USAGE:
    case CLI_EXIT_INTERNAL:
    case CLI_EXIT_INTERRUPTED:
        break;
    }
    return "UNFINISHED";
}

static uint64_t
objects_seen(const struct reel_verify_result *r)
{
    return r->proven + r->flawed + r->damaged + r->lost;
}

static void
print_lost(FILE *out, const struct reel_verify_result *r)
{
    char count[CLI_SIZE_TEXT_BYTES], all[CLI_SIZE_TEXT_BYTES];
    char damaged[CLI_SIZE_TEXT_BYTES];

    (void)fprintf(out,
                  "%s of %s objects (%s of them in part); the others are "
                  "proven",
                  cli_count_print(count, r->lost + r->damaged),
                  cli_count_print(all, objects_seen(r)),
                  cli_count_print(damaged, r->damaged));
}

static void
print_proven(FILE *out, const struct reel_verify_result *r)
{
    char count[CLI_SIZE_TEXT_BYTES], bytes[CLI_SIZE_TEXT_BYTES];

    (void)fprintf(out, "%s objects, %s of tape",
                  cli_count_print(count, objects_seen(r)),
                  cli_size_print(bytes, r->bytes));
    if (r->volumes > 1)
        (void)fprintf(out, " on %s volumes",
                      cli_count_print(count, r->volumes));
    (void)fputs(", every octet agrees", out);
}

/* What is wrong besides loss. */
static void
print_faults(FILE *out, const struct reel_verify_result *r)
{
    char count[CLI_SIZE_TEXT_BYTES];

    if (r->missing_volumes > 0)
        (void)fprintf(out, "; volumes missing: %s",
                      cli_count_print(count, r->missing_volumes));
    if (r->bad_blocks > 0)
        (void)fprintf(out, "; %s bad blocks",
                      cli_count_print(count, r->bad_blocks));
    if (r->incomplete_archives > 0)
        (void)fprintf(out, "; %s incomplete archives",
                      cli_count_print(count, r->incomplete_archives));
    if (r->flawed > 0)
        (void)fprintf(out, "; %s objects could not be read whole when written",
                      cli_count_print(count, r->flawed));
    if (r->diagnostics > 0)
        (void)fprintf(out, "; %s findings",
                      cli_count_print(count, r->diagnostics));
}

void
cli_verify_summary_text(FILE *out, enum reel_verify_depth depth,
                        cli_exit_set codes,
                        const struct reel_verify_result *result)
{
    char digest[2 * REEL_DIGEST_BYTES + 1], count[CLI_SIZE_TEXT_BYTES];

    (void)fprintf(out, "%s: ", word(depth, codes));
    if (result->lost + result->damaged > 0)
        print_lost(out, result);
    else if (depth == REEL_VERIFY_QUICK)
        (void)fprintf(out,
                      "label, catalogs and END of %s archives were read, "
                      "the content was not",
                      cli_count_print(count, result->archives));
    else if (codes == 0)
        print_proven(out, result);
    else if (result->archives == 0)
        (void)fputs("no archive stands here", out);
    else
        (void)fprintf(out, "all %s objects that stand here are proven",
                      cli_count_print(count, objects_seen(result)));
    print_faults(out, result);
    if (result->last.complete)
        (void)fprintf(
            out, "; fingerprint of archive %u is %s",
            (unsigned int)result->last.archive,
            cli_hex_print(digest, result->last.fingerprint, REEL_DIGEST_BYTES));
    (void)fputc('\n', out);
}

void
cli_verify_summary_json(FILE *out, enum reel_verify_depth depth,
                        cli_exit_set codes,
                        const struct reel_verify_result *result)
{
    struct cli_json j = cli_json_init(out);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "verified");
    cli_json_text(&j, "result", word(depth, codes));
    cli_json_text(&j, "depth", depth == REEL_VERIFY_QUICK ? "quick" : "full");
    cli_json_u64(&j, "archives", result->archives);
    cli_json_u64(&j, "incomplete_archives", result->incomplete_archives);
    cli_json_u64(&j, "volumes", result->volumes);
    cli_json_u64(&j, "missing_volumes", result->missing_volumes);
    cli_json_u64(&j, "blocks", result->blocks);
    cli_json_u64(&j, "bad_blocks", result->bad_blocks);
    cli_json_u64(&j, "bytes", result->bytes);
    cli_json_u64(&j, "proven", result->proven);
    cli_json_u64(&j, "flawed", result->flawed);
    cli_json_u64(&j, "damaged", result->damaged);
    cli_json_u64(&j, "lost", result->lost);
    cli_json_u64(&j, "diagnostics", result->diagnostics);
    if (result->last.complete) {
        cli_json_u64(&j, "last_archive", result->last.archive);
        cli_json_hex(&j, "fingerprint", result->last.fingerprint,
                     REEL_DIGEST_BYTES);
    }
    cli_json_line(&j);
}
