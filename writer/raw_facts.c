/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 6, the facts of an object out of JSON in the form of reel/raw.h;
   source layer. The only file that knows cJSON. */
#include "raw_facts.h"

#include <string.h>

#include "reel/alloc.h"

void
reel_raw_facts_fini(struct reel_raw_facts *f)
{
    reel_free(f->xattrs);
    reel_free(f->octets);
    memset(f, 0, sizeof(*f));
}

#if REEL_HAVE_CJSON

#include <cJSON.h>

#include "reel/limits.h"
#include "reel/object_end.h"
#include "reel/raw.h"
#include "reel/wtf8.h"

#define RECORD_ROOM (REEL_RECORD_HEADER_BYTES + REEL_RECORD_BYTES_MAX)

bool
reel_raw_facts_built_in(void)
{
    return true;
}

enum type {
    TYPE_FORM,
    TYPE_KIND,
    TYPE_ENCODING,
    TYPE_NAME,  /* struct reel_bytes, of UTF-16 or octets as `bit` says */
    TYPE_HEX,   /* belongs to the name before it */
    TYPE_U32,   /* of object; sets fact `bit` */
    TYPE_U64,   /* the same */
    TYPE_TIME,  /* the same */
    TYPE_ID,    /* the same */
    TYPE_FACT,  /* true: fact `bit` */
    TYPE_FLAG,  /* true: flag `bit` of OBJECT END */
    TYPE_XATTRS /* of struct reel_raw_facts */
};

struct member {
    const char *key;
    enum type type;
    size_t offset; /* in struct reel_object */
    uint32_t bit;
};

#define AT(field) offsetof(struct reel_object, field)
/* How a name is stored. */
enum {
    AS_PATH, /* as its member "encoding" says */
    AS_UNITS,
    AS_OCTETS
};

static const struct member members[] = {
    {"raw", TYPE_FORM, 0, 0},
    {"kind", TYPE_KIND, 0, 0},
    {"encoding", TYPE_ENCODING, 0, 0},
    {"path", TYPE_NAME, AT(path), AS_PATH},
    {"path_hex", TYPE_HEX, AT(path), 0},
    {"size", TYPE_U64, AT(size), 0},
    {"target", TYPE_U64, AT(target), 0},
    {"outside", TYPE_FACT, 0, REEL_FACT_OUTSIDE},
    {"links", TYPE_U32, AT(link_count), 0},
    {"attributes", TYPE_U32, AT(attributes), REEL_FACT_ATTRIBUTES},
    {"short_name", TYPE_NAME, AT(short_name), AS_UNITS},
    {"short_name_hex", TYPE_HEX, AT(short_name), 0},
    {"case_sensitive", TYPE_FACT, 0, REEL_FACT_CASE},
    {"birth", TYPE_TIME, AT(birth), REEL_FACT_BIRTH},
    {"modified", TYPE_TIME, AT(modified), REEL_FACT_MODIFIED},
    {"accessed", TYPE_TIME, AT(accessed), REEL_FACT_ACCESSED},
    {"changed", TYPE_TIME, AT(changed), REEL_FACT_CHANGED},
    {"file_system", TYPE_U64, AT(file_system), REEL_FACT_FILE_ID},
    {"file_id", TYPE_ID, AT(file_id), REEL_FACT_FILE_ID},
    {"mode", TYPE_U32, AT(mode), REEL_FACT_POSIX},
    {"uid", TYPE_U32, AT(uid), REEL_FACT_POSIX},
    {"gid", TYPE_U32, AT(gid), REEL_FACT_POSIX},
    {"user", TYPE_NAME, AT(user), AS_OCTETS},
    {"user_hex", TYPE_HEX, AT(user), 0},
    {"group", TYPE_NAME, AT(group), AS_OCTETS},
    {"group_hex", TYPE_HEX, AT(group), 0},
    {"major", TYPE_U32, AT(major), REEL_FACT_DEVICE},
    {"minor", TYPE_U32, AT(minor), REEL_FACT_DEVICE},
    {"changed_while_read", TYPE_FLAG, 0, REEL_OBJECT_CHANGED},
    {"grew", TYPE_FLAG, 0, REEL_OBJECT_GREW},
    {"xattrs", TYPE_XATTRS, 0, 0},
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* Members that stand together or not at all. */
static const char *const together[][3] = {
    {"mode", "uid", "gid"},
    {"file_system", "file_id", "file_system"},
    {"major", "minor", "major"},
};

struct parse {
    cJSON *root;
    struct reel_raw_facts *out;
    struct reel_builder octets; /* room for all there can be */
    struct reel_err *err;
};

static enum reel_status
refuse(const struct parse *p, const char *key, const char *what)
{
    return reel_fail(p->err, REEL_E_INVALID, NULL, NULL, "member \"%.40s\" %s",
                     key, what);
}

static const cJSON *
find(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* ---- numbers ---- */

/* Doubles hold these, and all below. */
#define EXACT_MAX 9007199254740992.0

static bool
digits(const char *text, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        const uint64_t digit = (uint64_t)(*text - '0');

        if (*text < '0' || *text > '9' || n > max / 10 || digit > max - n * 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

static bool
get_u64(const cJSON *v, uint64_t max, uint64_t *out)
{
    const double d = cJSON_IsNumber(v) ? v->valuedouble : -1;

    if (cJSON_IsString(v))
        return digits(v->valuestring, max, out);
    if (!(d >= 0 && d <= EXACT_MAX) || (double)(uint64_t)d < d ||
        (uint64_t)d > max)
        return false;
    *out = (uint64_t)d;
    return true;
}

static bool
get_s64(const cJSON *v, int64_t *out)
{
    const bool text     = cJSON_IsString(v);
    const bool negative = text ? v->valuestring[0] == '-'
                               : cJSON_IsNumber(v) && v->valuedouble < 0;
    const uint64_t max  = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    cJSON turned        = {.type = cJSON_Number};
    uint64_t n;

    if (negative && text) {
        if (!digits(v->valuestring + 1, max, &n))
            return false;
    } else if (negative) {
        turned.valuedouble = -v->valuedouble;
        if (!get_u64(&turned, max, &n))
            return false;
    } else if (!get_u64(v, max, &n)) {
        return false;
    }
    if (!negative)
        *out = (int64_t)n;
    else
        *out = n == 0 ? 0 : -(int64_t)(n - 1) - 1;
    return true;
}

static enum reel_status
take_number(struct parse *p, const struct member *m, const cJSON *v)
{
    uint8_t *const to = (uint8_t *)&p->out->object + m->offset;
    const bool wide   = m->type == TYPE_U64;
    uint32_t narrow;
    uint64_t n;

    if (!get_u64(v, wide ? UINT64_MAX : UINT32_MAX, &n))
        return refuse(p, m->key,
                      wide ? "is no number below 2^64 (above 2^53 as a string)"
                           : "is no number below 2^32");
    narrow = (uint32_t)n;
    if (wide)
        memcpy(to, &n, sizeof(n));
    else
        memcpy(to, &narrow, sizeof(narrow));
    return REEL_OK;
}

static enum reel_status
take_time(struct parse *p, const struct member *m, const cJSON *v)
{
    struct reel_time t = {0, 0};
    uint64_t ns        = 0;

    if (!cJSON_IsObject(v) || cJSON_GetArraySize(v) != 2 ||
        !get_s64(find(v, "s"), &t.s) ||
        !get_u64(find(v, "ns"), REEL_TIME_NS_MAX, &ns))
        return refuse(p, m->key, "is no {\"s\": ..., \"ns\": ...}");
    t.ns = (uint32_t)ns;
    memcpy((uint8_t *)&p->out->object + m->offset, &t, sizeof(t));
    return REEL_OK;
}

/* ---- texts ---- */

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Hexadecimal digits, as octets behind p->octets. */
static enum reel_status
take_hex(struct parse *p, const char *key, const cJSON *v,
         struct reel_bytes *out)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : "?";

    out->data = p->octets.buf + p->octets.len;
    for (; text[0] != '\0'; text += 2) {
        const int high = nibble(text[0]);
        const int low  = high < 0 ? -1 : nibble(text[1]);

        if (low < 0)
            return refuse(p, key, "is not pairs of hexadecimal digits");
        reel_put_u8(&p->octets, (uint8_t)(high << 4 | low));
    }
    out->len = (size_t)(p->octets.buf + p->octets.len - out->data);
    return REEL_OK;
}

/* The text of `key`, or what `hex`, which counts, says instead. */
static enum reel_status
take_name(struct parse *p, const cJSON *in, const char *key, const char *hex,
          bool units, struct reel_bytes *out)
{
    const cJSON *const v = find(in, key);
    struct reel_bytes text;

    if (find(in, hex) != NULL)
        return take_hex(p, hex, find(in, hex), out);
    if (!cJSON_IsString(v))
        return refuse(p, key, "is no text");
    text      = reel_bytes_of(v->valuestring);
    out->data = p->octets.buf + p->octets.len;
    if (!units)
        reel_put_bytes(&p->octets, text);
    else if (reel_wtf8_to_units(&p->octets, text, NULL) != REEL_OK)
        return refuse(p, key, "is no UTF-8");
    out->len = (size_t)(p->octets.buf + p->octets.len - out->data);
    return REEL_OK;
}

static enum reel_status
take_member_name(struct parse *p, const struct member *m)
{
    const bool units =
        m->bit == AS_UNITS ||
        (m->bit == AS_PATH && p->out->object.encoding == REEL_ENCODING_UTF16);
    struct reel_bytes name = {NULL, 0};

    if (find(p->root, m[0].key) == NULL && find(p->root, m[1].key) == NULL)
        return REEL_OK;
    REEL_TRY(take_name(p, p->root, m[0].key, m[1].key, units, &name));
    memcpy((uint8_t *)&p->out->object + m->offset, &name, sizeof(name));
    return REEL_OK;
}

static enum reel_status
take_id(struct parse *p, const struct member *m, const cJSON *v)
{
    struct reel_bytes id = {NULL, 0};

    REEL_TRY(take_hex(p, m->key, v, &id));
    if (id.len != sizeof(p->out->object.file_id))
        return refuse(p, m->key, "is not 32 hexadecimal digits");
    memcpy(p->out->object.file_id, id.data, id.len);
    return REEL_OK;
}

/* ---- words ---- */

static enum reel_status
take_kind(struct parse *p, const cJSON *v)
{
    const uint8_t last = REEL_KIND_LINK;
    uint8_t kind;

    for (kind = REEL_KIND_FILE; kind <= last; kind++) {
        if (!cJSON_IsString(v) ||
            strcmp(v->valuestring, reel_object_kind_name(kind)) != 0)
            continue;
        p->out->object.kind = kind;
        return REEL_OK;
    }
    return refuse(p, "kind", "is not known");
}

static enum reel_status
take_encoding(struct parse *p, const cJSON *v)
{
    const char *const text = cJSON_IsString(v) ? v->valuestring : "";

    if (strcmp(text, "utf-16") == 0)
        p->out->object.encoding = REEL_ENCODING_UTF16;
    else if (strcmp(text, "octets") == 0)
        p->out->object.encoding = REEL_ENCODING_POSIX;
    else
        return refuse(p, "encoding", "is not \"utf-16\" or \"octets\"");
    return REEL_OK;
}

/* ---- attributes ---- */

static enum reel_status
take_xattr(struct parse *p, const cJSON *v, struct reel_xattr *x)
{
    const int count = find(v, "name_hex") == NULL ? 2 : 3;

    if (!cJSON_IsObject(v) || cJSON_GetArraySize(v) != count ||
        find(v, "name") == NULL || find(v, "value_hex") == NULL)
        return refuse(p, "xattrs",
                      "holds what is no {\"name\": ..., \"value_hex\": ...}");
    REEL_TRY(take_name(p, v, "name", "name_hex", false, &x->name));
    return take_hex(p, "value_hex", find(v, "value_hex"), &x->value);
}

static enum reel_status
take_xattrs(struct parse *p, const cJSON *v)
{
    struct reel_raw_facts *const f = p->out;
    const cJSON *item;

    if (!cJSON_IsArray(v))
        return refuse(p, "xattrs", "is no array");
    f->xattrs =
        reel_alloc_array((size_t)cJSON_GetArraySize(v), sizeof(*f->xattrs));
    if (f->xattrs == NULL)
        return reel_fail(p->err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for extended attributes");
    cJSON_ArrayForEach(item, v)
    {
        struct reel_xattr *const x = &f->xattrs[f->xattr_count];

        REEL_TRY(take_xattr(p, item, x));
        if (f->xattr_count > 0 && reel_bytes_compare(x[-1].name, x->name) >= 0)
            return refuse(p, "xattrs", "does not ascend by name (O-12)");
        f->xattr_count++;
    }
    return REEL_OK;
}

/* ---- all of it ---- */

static enum reel_status
take_bit(struct parse *p, const struct member *m, const cJSON *v)
{
    if (!cJSON_IsBool(v))
        return refuse(p, m->key, "is neither true nor false");
    if (cJSON_IsFalse(v))
        return REEL_OK;
    if (m->type == TYPE_FLAG)
        p->out->flags |= m->bit;
    else
        p->out->object.facts |= (uint16_t)m->bit;
    return REEL_OK;
}

static enum reel_status
take_member(struct parse *p, const struct member *m, const cJSON *v)
{
    uint64_t form;

    switch (m->type) {
    case TYPE_FORM:
        if (!get_u64(v, UINT64_MAX, &form) || form != REEL_RAW_FORM)
            return refuse(p, m->key, "is not 1: another form than this");
        return REEL_OK;
    case TYPE_KIND:
        return take_kind(p, v);
    case TYPE_ENCODING:
        return take_encoding(p, v);
    case TYPE_NAME: /* when the encoding is known */
    case TYPE_HEX:
        return REEL_OK;
    case TYPE_FACT:
    case TYPE_FLAG:
        return take_bit(p, m, v);
    case TYPE_XATTRS:
        return take_xattrs(p, v);
    default:
        break;
    }
    p->out->object.facts |= (uint16_t)m->bit;
    if (m->type == TYPE_TIME)
        return take_time(p, m, v);
    return m->type == TYPE_ID ? take_id(p, m, v) : take_number(p, m, v);
}

static enum reel_status
take_members(struct parse *p)
{
    bool seen[MEMBERS] = {false};
    const cJSON *v;
    size_t i;

    cJSON_ArrayForEach(v, p->root)
    {
        for (i = 0; i < MEMBERS; i++)
            if (strcmp(members[i].key, v->string) == 0)
                break;
        if (i == MEMBERS)
            return refuse(p, v->string, "is not known");
        if (seen[i])
            return refuse(p, v->string, "stands twice");
        seen[i] = true;
        REEL_TRY(take_member(p, &members[i], v));
    }
    for (i = 0; i < MEMBERS; i++)
        if (members[i].type == TYPE_NAME)
            REEL_TRY(take_member_name(p, &members[i]));
    return REEL_OK;
}

static enum reel_status
check_members(const struct parse *p)
{
    static const char *const required[] = {"raw", "kind", "encoding"};
    size_t i;

    for (i = 0; i < sizeof(required) / sizeof(required[0]); i++)
        if (find(p->root, required[i]) == NULL)
            return refuse(p, required[i], "is missing");
    if (find(p->root, "path") == NULL && find(p->root, "path_hex") == NULL)
        return refuse(p, "path", "is missing");
    for (i = 0; i < sizeof(together) / sizeof(together[0]); i++) {
        const bool first = find(p->root, together[i][0]) != NULL;

        if ((find(p->root, together[i][1]) != NULL) != first ||
            (find(p->root, together[i][2]) != NULL) != first)
            return refuse(p, together[i][0],
                          "and those that belong to it stand together, or not "
                          "at all");
    }
    return REEL_OK;
}

/* The rules of OBJECT and XATTR are those of their encoders. */
static enum reel_status
check_rules(const struct reel_raw_facts *f, struct reel_err *err)
{
    uint8_t *const room     = reel_alloc_array(RECORD_ROOM, 1);
    struct reel_builder b   = reel_builder_init(room, RECORD_ROOM);
    enum reel_status status = REEL_OK;
    size_t i;

    if (room == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the facts of an object");
    status = reel_object_encode(&f->object, 1, &b, err);
    for (i = 0; status == REEL_OK && i < f->xattr_count; i++) {
        b      = reel_builder_init(room, RECORD_ROOM);
        status = reel_xattr_encode(&f->xattrs[i], 1, &b, err);
    }
    reel_free(room);
    return status == REEL_E_LIMIT ? REEL_E_INVALID : status;
}

static enum reel_status
parse_root(struct parse *p)
{
    if (!cJSON_IsObject(p->root))
        return reel_fail(p->err, REEL_E_INVALID, NULL, NULL,
                         "is no JSON object");
    REEL_TRY(take_members(p));
    REEL_TRY(check_members(p));
    return check_rules(p->out, p->err);
}

/* cJSON ends a text at a zero, whichever way it is written. */
static bool
holds_zero(struct reel_bytes json)
{
    size_t slashes = 0;
    size_t i;

    for (i = 0; i < json.len; i++) {
        if (json.data[i] == 0)
            return true;
        if (json.data[i] == '\\') {
            slashes++;
            continue;
        }
        if (slashes % 2 == 1 && json.len - i >= 5 &&
            memcmp(json.data + i, "u0000", 5) == 0)
            return true;
        slashes = 0;
    }
    return false;
}

static enum reel_status
parse_text(struct parse *p, struct reel_bytes json)
{
    const char *const text = (const char *)json.data;
    const char *end        = text;
    size_t at;

    if (holds_zero(json))
        return reel_fail(p->err, REEL_E_INVALID, NULL, NULL,
                         "holds a zero, which no member can");
    p->root = cJSON_ParseWithLengthOpts(text, json.len, &end, false);
    at      = end == NULL ? 0 : (size_t)(end - text);
    if (p->root != NULL)
        while (at < json.len && strchr(" \t\r\n", text[at]) != NULL)
            at++;
    if (p->root == NULL || at < json.len)
        return reel_fail(p->err, REEL_E_INVALID, NULL, NULL,
                         "is no JSON at octet %zu", at);
    return parse_root(p);
}

enum reel_status
reel_raw_facts_parse(struct reel_raw_facts *out, struct reel_bytes json,
                     struct reel_err *err)
{
    struct reel_raw_facts f;
    struct parse p;
    enum reel_status status;

    memset(&f, 0, sizeof(f));
    memset(&p, 0, sizeof(p));
    p.out    = &f;
    p.err    = err;
    f.octets = reel_alloc_array(json.len, 2); /* units of one octet each */
    if (f.octets == NULL)
        return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                         "no memory for the facts of an object");
    p.octets = reel_builder_init(f.octets, json.len * 2);
    status   = parse_text(&p, json);
    cJSON_Delete(p.root);
    if (status != REEL_OK) {
        reel_raw_facts_fini(&f);
        return status;
    }
    *out = f;
    return REEL_OK;
}

#else

bool
reel_raw_facts_built_in(void)
{
    return false;
}

enum reel_status
reel_raw_facts_parse(struct reel_raw_facts *out, struct reel_bytes json,
                     struct reel_err *err)
{
    (void)out;
    (void)json;
    return reel_fail(err, REEL_E_UNSUPPORTED, NULL, NULL,
                     "this program was built without cJSON, and cannot take in "
                     "raw streams");
}

#endif
