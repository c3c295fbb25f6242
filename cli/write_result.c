/* SPDX-License-Identifier: Apache-2.0 */
/* Program: the result of `reel write`, as text or JSON; no spec chapter. */
#include <inttypes.h>

#include "json.h"
#include "size.h"
#include "write_result.h"

void
cli_write_result_json(FILE *out, const struct reel_write_result *r)
{
    struct cli_json j = cli_json_init(out);

    cli_json_object(&j, NULL);
    cli_json_text(&j, "type", "written");
    cli_json_bool(&j, "complete", r->complete);
    cli_json_bool(&j, "new_set", r->new_set);
    cli_json_hex(&j, "set", r->set_id, REEL_SET_ID_BYTES);
    cli_json_u64(&j, "archive", r->archive);
    cli_json_u64(&j, "objects", r->objects);
    cli_json_u64(&j, "resumed", r->resumed);
    cli_json_u64(&j, "flawed", r->flawed);
    cli_json_u64(&j, "stream_bytes", r->stream_bytes);
    cli_json_u64(&j, "blocks", r->blocks);
    cli_json_u64(&j, "block_bytes", r->block_bytes);
    cli_json_u64(&j, "volumes", r->volumes);
    cli_json_u64(&j, "run", r->run);
    cli_json_u64(&j, "bursts", r->bursts.bursts);
    cli_json_u64(&j, "burst_waited_ns", r->bursts.waited_ns);
    cli_json_u64(&j, "burst_shortest_bytes", r->bursts.shortest_bytes);
    cli_json_hex(&j, "fingerprint", r->fingerprint, REEL_DIGEST_BYTES);
    cli_json_line(&j);
}

/* How the drive was kept running. */
static void
print_bursts(FILE *out, const struct reel_write_bursts *b)
{
    char count[CLI_SIZE_TEXT_BYTES], size[CLI_SIZE_TEXT_BYTES];

    if (b->bursts == 1)
        (void)fputs("drive: one burst, never waited", out);
    else
        (void)fprintf(out, "drive: %s bursts, waited %.1f s between them",
                      cli_count_print(count, b->bursts),
                      (double)b->waited_ns / 1e9);
    if (b->shortest_bytes > 0)
        (void)fprintf(out, ", the shortest of %s",
                      cli_size_print(size, b->shortest_bytes));
    (void)fputc('\n', out);
}

void
cli_write_result_text(FILE *out, const struct reel_write_result *r,
                      uint64_t rate)
{
    char objects[CLI_SIZE_TEXT_BYTES], size[CLI_SIZE_TEXT_BYTES];
    char tape[CLI_SIZE_TEXT_BYTES], speed[CLI_SIZE_TEXT_BYTES];
    char hex[2 * REEL_DIGEST_BYTES + 1];

    (void)fprintf(out, "archive %" PRIu32 ": %s objects, %s, %s on tape, %s/s",
                  r->archive, cli_count_print(objects, r->objects),
                  cli_size_print(size, r->stream_bytes),
                  cli_size_print(tape, r->blocks * r->block_bytes),
                  cli_size_print(speed, rate));
    if (r->volumes > 1)
        (void)fprintf(out, ", %" PRIu32 " volumes", r->volumes);
    if (r->run > 0)
        (void)fprintf(out, ", run %" PRIu32, r->run);
    (void)fputc('\n', out);
    if (r->bursts.bursts > 0)
        print_bursts(out, &r->bursts);
    if (r->resumed > 0)
        (void)fprintf(out, "resumed: %s of the objects stood on tape already\n",
                      cli_count_print(objects, r->resumed));
    (void)fprintf(out, "set %s (%s)\n",
                  cli_hex_print(hex, r->set_id, REEL_SET_ID_BYTES),
                  r->new_set ? "new" : "appended to");
    (void)fprintf(out, "fingerprint %s\n",
                  cli_hex_print(hex, r->fingerprint, REEL_DIGEST_BYTES));
    (void)fputs("Keep the fingerprint: reel verify shows the same as long as "
                "the archive is unchanged.\n",
                out);
}
