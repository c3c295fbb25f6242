/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All chapters with tables; tests: prints each specimen for tables.py. A line
 * "= TABLE|OCTETS" begins one; a line "FIELD|VALUE" for each field follows,
 * VALUE an integer, or octets behind a "#".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "specimen.h"

static void
print_octets(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        printf("%02x", data[i]);
    putchar('\n');
}

static void
print_field(const struct specimen_field *f, const uint8_t *sample)
{
    const uint8_t *const at = sample + f->at;
    struct reel_bytes b;

    printf("%s|", f->name);
    if (f->form == SPECIMEN_INTEGER) {
        printf("%" PRIu64 "\n", specimen_integer(at, f->size));
        return;
    }
    putchar('#');
    if (f->form == SPECIMEN_OCTETS) {
        print_octets(at, f->size);
        return;
    }
    memcpy(&b, at, sizeof(b));
    print_octets(b.data, b.len);
}

int
main(void)
{
    uint8_t buf[SPECIMEN_BYTES_MAX];
    size_t payload;

    for (size_t i = 0; i < specimen_count; i++) {
        const struct specimen *const s = specimens[i];
        const size_t len               = specimen_encode(s, buf, &payload);

        if (len == 0)
            return EXIT_FAILURE;
        printf("= %s|", s->table);
        print_octets(buf + payload, len - payload);
        for (size_t f = 0; f < s->field_count; f++)
            print_field(&s->fields[f], s->sample);
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
