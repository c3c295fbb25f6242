/* SPDX-License-Identifier: Apache-2.0 */
/* Program: which files the volumes of a set are (spec 2.1 numbers volumes). */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reel/alloc.h"
#include "size.h"
#include "volume_name.h"

#define DIGITS_MAX 10U /* of a uint32_t; a width is one digit */

/* Length of the conversion at `text`, which is a '%'; 0: it is none. */
static size_t
conversion_bytes(const char *text, unsigned *width)
{
    *width = 0;
    if (text[1] == 'd')
        return 2;
    if (text[1] != '0' || text[2] < '1' || text[2] > '9' || text[3] != 'd')
        return 0;
    *width = (unsigned)(text[2] - '0');
    return 4;
}

/* The first conversion that is not behind a %% that takes its '%'. */
static bool
find_conversion(struct cli_volume_name *n)
{
    for (const char *p = n->text; (p = strchr(p, '%')); p++) {
        const size_t len = conversion_bytes(p, &n->width);

        if (len > 0) {
            n->set   = true;
            n->at    = (size_t)(p - n->text);
            n->after = n->at + len;
            return true;
        }
        p += p[1] == '%';
    }
    return false;
}

/* Nothing but doubled percent signs in text[from, to)? */
static bool
only_doubled(const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (text[i] != '%')
            continue;
        if (i + 1 >= to || text[i + 1] != '%')
            return false;
        i++;
    }
    return true;
}

bool
cli_volume_name_parse(struct cli_volume_name *out, const char *text)
{
    *out = (struct cli_volume_name){.text = text};
    if (!find_conversion(out))
        return true;
    return only_doubled(text, 0, out->at) &&
           only_doubled(text, out->after, strlen(text));
}

/* Copy text[from, to) to `out`, percent signs single; `escape` for glob. */
static char *
put_literal(char *out, const char *text, size_t from, size_t to, bool escape)
{
    for (size_t i = from; i < to; i++) {
        if (escape && strchr("*?[\\", text[i]))
            *out++ = '\\';
        *out++ = text[i];
        i += text[i] == '%';
    }
    return out;
}

/* The name with `middle` for the conversion. */
static char *
put_together(const struct cli_volume_name *n, const char *middle, bool escape)
{
    const size_t len = strlen(n->text);
    char *name       = reel_alloc_array(2 * len + strlen(middle) + 1, 1);
    char *p;

    if (!name)
        return NULL;
    p = put_literal(name, n->text, 0, n->at, escape);
    memcpy(p, middle, strlen(middle));
    p += strlen(middle);
    p  = put_literal(p, n->text, n->after, len, escape);
    *p = '\0';
    return name;
}

char *
cli_volume_name_of(const struct cli_volume_name *n, uint32_t number)
{
    char digits[DIGITS_MAX + 1];
    char *name;

    if (n->set) {
        (void)snprintf(digits, sizeof(digits), "%0*u", (int)n->width,
                       (unsigned)number);
        return put_together(n, digits, false);
    }
    name = reel_alloc_array(strlen(n->text) + 1, 1);
    if (name)
        memcpy(name, n->text, strlen(n->text) + 1);
    return name;
}

/* Octets that text[0, n->at) stands for. */
static size_t
bytes_before(const struct cli_volume_name *n)
{
    size_t bytes = 0;

    for (size_t i = 0; i < n->at; i++) {
        i += n->text[i] == '%';
        bytes++;
    }
    return bytes;
}

/* Does the image exist and hold something? */
static bool
holds_something(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_size > 0);
}

/* The number that makes `found` a name of the set; 0: none does, or nothing
   is in it. */
static uint32_t
number_of(const struct cli_volume_name *n, const char *found)
{
    const size_t before = bytes_before(n);
    char digits[DIGITS_MAX + 1];
    uint64_t number = 0;
    size_t len;
    char *name;
    bool same;

    if (strlen(found) < before)
        return 0;
    len = strspn(found + before, "0123456789");
    if (len == 0 || len > DIGITS_MAX)
        return 0;
    memcpy(digits, found + before, len);
    digits[len] = '\0';
    if (!cli_number_parse(digits, UINT32_MAX, &number))
        return 0;
    /* set-01.tap is not volume 1 of set-%d.tap. */
    name = cli_volume_name_of(n, (uint32_t)number);
    same = name && strcmp(name, found) == 0;
    reel_free(name);
    return same && holds_something(found) ? (uint32_t)number : 0;
}

static int
compare_numbers(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static enum reel_status
take_numbers(const struct cli_volume_name *n, const glob_t *found,
             uint32_t **numbers, size_t *count, struct reel_err *err)
{
    uint32_t *list = reel_alloc_array(found->gl_pathc + 1, sizeof(*list));
    size_t used    = 0;

    if (!list)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look for the volumes of a set");
    for (size_t i = 0; i < found->gl_pathc; i++) {
        list[used] = number_of(n, found->gl_pathv[i]);
        used += list[used] != 0;
    }
    qsort(list, used, sizeof(*list), compare_numbers);
    *numbers = list;
    *count   = used;
    return REEL_OK;
}

enum reel_status
cli_volume_name_find(const struct cli_volume_name *n, uint32_t **numbers,
                     size_t *count, struct reel_err *err)
{
    char *pattern           = put_together(n, "*", true);
    glob_t found            = {0};
    enum reel_status status = REEL_OK;
    int code;

    if (!pattern)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory to look for the volumes of a set");
    code = glob(pattern, GLOB_ERR | GLOB_NOSORT, NULL, &found);
    if (code == GLOB_NOSPACE)
        status = reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                           "no memory to look for the volumes of a set");
    else if (code == GLOB_ABORTED)
        status = reel_fail(err, REEL_E_MEDIUM, NULL, NULL,
                           "the directory of %.60s cannot be read: %s", n->text,
                           strerror(errno));
    else
        status = take_numbers(n, &found, numbers, count, err);
    globfree(&found);
    reel_free(pattern);
    return status;
}
