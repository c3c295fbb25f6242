/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program for Windows: what BackupRead gives for files and directories, with
 * what it does not give beside it, in the form of reel/raw.h. It stands alone
 * and needs nothing of Reel. How to use it: README.md beside it.
 *
 *     capture_windows OUT PATH...
 */
#ifndef UNICODE
#define UNICODE
#endif
#define _WIN32_WINNT 0x0602
#include <windows.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define PATH_UNITS 32768
#define BUFFER_BYTES (1 << 20)

/* A file whose further names were captured with it. */
struct seen {
    FILE_ID_INFO id;
    struct seen *next;
};

struct capture {
    const wchar_t *out; /* the directory, made absolute */
    unsigned long long number;
    struct seen *seen;
    unsigned failures;
    bool security; /* BackupRead gives it */
    BYTE buffer[BUFFER_BYTES];
    wchar_t root[PATH_UNITS]; /* of the volume at hand, "\\?\C:\" */
    const wchar_t *scope;     /* what is captured, from there */
    wchar_t name[PATH_UNITS]; /* of a file of ours */
};

/* All that is known of one object. */
struct facts {
    const wchar_t *kind;
    const wchar_t *path; /* from the root of its volume, with backslashes */
    unsigned long long target;
    bool outside; /* a name that is not in what is captured */
    FILE_BASIC_INFO basic;
    FILE_STANDARD_INFO standard;
    FILE_ID_INFO id;
    wchar_t short_name[14];
    unsigned long long size;
};

static void
complain(struct capture *c, const wchar_t *path, const char *what)
{
    const DWORD error = GetLastError();

    fprintf(stderr, "%ls: %s: error %lu\n", path, what, (unsigned long)error);
    c->failures++;
}

static bool
privilege(const wchar_t *name)
{
    TOKEN_PRIVILEGES p;
    HANDLE token;
    bool done;

    memset(&p, 0, sizeof(p));
    p.PrivilegeCount           = 1;
    p.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token))
        return false;
    /* It succeeds without doing anything: then the error says so. */
    done = LookupPrivilegeValueW(NULL, name, &p.Privileges[0].Luid) &&
           AdjustTokenPrivileges(token, FALSE, &p, 0, NULL, NULL) &&
           GetLastError() == ERROR_SUCCESS;
    CloseHandle(token);
    return done;
}

static FILE *
open_ours(struct capture *c, const wchar_t *suffix)
{
    if (swprintf(c->name, PATH_UNITS, L"%ls\\%08llu.%ls", c->out, c->number,
                 suffix) < 0)
        return NULL;
    return _wfopen(c->name, L"wbx");
}

/* ---- facts as JSON ---- */

static void
put_utf8(FILE *f, unsigned long v)
{
    if (v < 0x80) {
        fputc((int)v, f);
    } else if (v < 0x800) {
        fputc((int)(0xC0 | v >> 6), f);
        fputc((int)(0x80 | (v & 0x3F)), f);
    } else if (v < 0x10000) {
        fputc((int)(0xE0 | v >> 12), f);
        fputc((int)(0x80 | (v >> 6 & 0x3F)), f);
        fputc((int)(0x80 | (v & 0x3F)), f);
    } else {
        fputc((int)(0xF0 | v >> 18), f);
        fputc((int)(0x80 | (v >> 12 & 0x3F)), f);
        fputc((int)(0x80 | (v >> 6 & 0x3F)), f);
        fputc((int)(0x80 | (v & 0x3F)), f);
    }
}

/* Our separator. */
static wchar_t
unit(wchar_t c)
{
    return c == L'\\' ? L'/' : c;
}

/* A name: its text, and its units in hexadecimal, which count. */
static void
put_name(FILE *f, const char *key, const wchar_t *name)
{
    const wchar_t *at;

    fprintf(f, ",\n  \"%s\": \"", key);
    for (at = name; *at; at++) {
        unsigned long v = unit(*at);

        if (v >= 0xD800 && v < 0xDC00 && at[1] >= 0xDC00 && at[1] < 0xE000) {
            v = 0x10000 + ((v - 0xD800) << 10) + (at[1] - 0xDC00UL);
            at++;
        } else if (v < 0x20 || (v >= 0xD800 && v < 0xE000)) {
            v = 0xFFFD;
        }
        if (v == '"')
            fputc('\\', f);
        put_utf8(f, v);
    }
    fprintf(f, "\",\n  \"%s_hex\": \"", key);
    for (at = name; *at; at++)
        fprintf(f, "%02x%02x", unit(*at) & 0xFF, unit(*at) >> 8);
    fputc('"', f);
}

/* 100 ns since 1601, as seconds since 1970 and nanoseconds. */
static void
put_time(FILE *f, const char *key, LARGE_INTEGER t)
{
    long long s  = t.QuadPart / 10000000;
    long long ns = t.QuadPart % 10000000 * 100;

    if (ns < 0) {
        ns += 1000000000;
        s--;
    }
    fprintf(f, ",\n  \"%s\": {\"s\": \"%lld\", \"ns\": %lld}", key,
            s - 11644473600LL, ns);
}

static bool
put_facts(struct capture *c, const struct facts *i)
{
    FILE *const f = open_ours(c, L"json");
    size_t n;

    if (f == NULL)
        return false;
    fprintf(f,
            "{\n  \"raw\": 1,\n  \"kind\": \"%ls\",\n  \"encoding\": "
            "\"utf-16\"",
            i->kind);
    put_name(f, "path", i->path);
    fprintf(f, ",\n  \"size\": \"%llu\"", i->size);
    if (i->target != 0)
        fprintf(f, ",\n  \"target\": \"%llu\"", i->target);
    if (i->outside)
        fprintf(f, ",\n  \"outside\": true");
    fprintf(f, ",\n  \"links\": %lu", (unsigned long)i->standard.NumberOfLinks);
    fprintf(f, ",\n  \"attributes\": %lu",
            (unsigned long)i->basic.FileAttributes);
    if (i->short_name[0])
        put_name(f, "short_name", i->short_name);
    put_time(f, "birth", i->basic.CreationTime);
    put_time(f, "modified", i->basic.LastWriteTime);
    put_time(f, "accessed", i->basic.LastAccessTime);
    put_time(f, "changed", i->basic.ChangeTime);
    fprintf(f, ",\n  \"file_system\": \"%llu\",\n  \"file_id\": \"",
            (unsigned long long)i->id.VolumeSerialNumber);
    for (n = 0; n < sizeof(i->id.FileId.Identifier); n++)
        fprintf(f, "%02x", i->id.FileId.Identifier[n]);
    fprintf(f, "\"\n}\n");
    return fclose(f) == 0;
}

/* ---- streams ---- */

static bool
put_streams(struct capture *c, HANDLE h, const wchar_t *path)
{
    FILE *const f = open_ours(c, L"bkr");
    void *context = NULL;
    DWORD got     = 0;
    bool good     = f != NULL;

    if (!good) {
        complain(c, c->name, "cannot be made");
        return false;
    }
    do {
        if (!BackupRead(h, c->buffer, BUFFER_BYTES, &got, FALSE, c->security,
                        &context)) {
            complain(c, path, "BackupRead");
            good = false;
        } else if (fwrite(c->buffer, 1, got, f) != got) {
            complain(c, c->name, "cannot be written");
            good = false;
        }
    } while (good && got > 0);
    /* Also behind a failure: it frees the context. */
    if (context != NULL)
        BackupRead(h, NULL, 0, &got, TRUE, c->security, &context);
    if (fclose(f) != 0) {
        complain(c, c->name, "cannot be written");
        good = false;
    }
    return good;
}

/* The one stream of a link: LINK, with the path of its target. */
static bool
put_link(struct capture *c, const wchar_t *target)
{
    FILE *const f        = open_ours(c, L"bkr");
    const uint32_t bytes = (uint32_t)(2 * wcslen(target));
    unsigned char h[20]  = {5};
    const wchar_t *at;
    int i;

    if (f == NULL)
        return false;
    for (i = 0; i < 4; i++)
        h[8 + i] = (unsigned char)(bytes >> 8 * i);
    fwrite(h, 1, sizeof(h), f);
    for (at = target; *at; at++) {
        fputc(unit(*at) & 0xFF, f);
        fputc(unit(*at) >> 8, f);
    }
    return fclose(f) == 0;
}

/* ---- objects ---- */

/* The path behind the root of the volume. */
static const wchar_t *
beneath(const struct capture *c, const wchar_t *path)
{
    const size_t n = wcslen(c->root);

    return _wcsnicmp(path, c->root, n) == 0 ? path + n : path;
}

static bool
get_facts(HANDLE h, const wchar_t *path, struct facts *i)
{
    WIN32_FIND_DATAW found;
    HANDLE find;

    if (!GetFileInformationByHandleEx(h, FileBasicInfo, &i->basic,
                                      sizeof(i->basic)) ||
        !GetFileInformationByHandleEx(h, FileStandardInfo, &i->standard,
                                      sizeof(i->standard)) ||
        !GetFileInformationByHandleEx(h, FileIdInfo, &i->id, sizeof(i->id)))
        return false;
    i->kind = i->standard.Directory ? L"directory" : L"file";
    if (!i->standard.Directory)
        i->size = (unsigned long long)i->standard.EndOfFile.QuadPart;
    find = FindFirstFileExW(path, FindExInfoStandard, &found,
                            FindExSearchNameMatch, NULL, 0);
    if (find == INVALID_HANDLE_VALUE)
        return true; /* the root of a volume has no such name */
    memcpy(i->short_name, found.cAlternateFileName, sizeof(i->short_name));
    FindClose(find);
    return true;
}

/* False: it was not met before; now it was. */
static bool
met(struct capture *c, const FILE_ID_INFO *id)
{
    struct seen *s;

    for (s = c->seen; s != NULL; s = s->next)
        if (memcmp(&s->id, id, sizeof(*id)) == 0)
            return true;
    s = malloc(sizeof(*s));
    if (s == NULL)
        return false;
    s->id   = *id;
    s->next = c->seen;
    c->seen = s;
    return false;
}

static bool
in_scope(const struct capture *c, const wchar_t *path)
{
    const size_t n = wcslen(c->scope);

    return n == 0 || (_wcsnicmp(path, c->scope, n) == 0 &&
                      (path[n] == L'\\' || path[n] == 0));
}

/* Each further name of object c->number, whose path is `first`. */
static void
capture_links(struct capture *c, const wchar_t *path, const struct facts *file)
{
    const wchar_t *const first      = beneath(c, path);
    const unsigned long long target = c->number;
    wchar_t *const name             = malloc(PATH_UNITS * sizeof(*name));
    DWORD units                     = PATH_UNITS;
    struct facts link               = *file;
    HANDLE find;

    if (name == NULL)
        return;
    find = FindFirstFileNameW(path, 0, &units, name);
    if (find == INVALID_HANDLE_VALUE) {
        complain(c, path, "its names cannot be listed");
        free(name);
        return;
    }
    link.kind          = L"link";
    link.target        = target;
    link.short_name[0] = 0;
    do {
        /* They begin with a backslash; the one we came by is among them. */
        if (_wcsicmp(name + 1, first) != 0) {
            c->number++;
            link.path    = name + 1;
            link.outside = !in_scope(c, link.path);
            if (!put_link(c, first) || !put_facts(c, &link))
                complain(c, c->name, "cannot be written");
        }
        units = PATH_UNITS;
    } while (FindNextFileNameW(find, &units, name));
    FindClose(find);
    free(name);
}

/* `directory` says whether to go into it. */
static void
capture_object(struct capture *c, const wchar_t *path, bool *directory)
{
    struct facts i;
    HANDLE h;

    *directory = false;
    h          = CreateFileW(path,
                             GENERIC_READ | READ_CONTROL |
                                 (c->security ? ACCESS_SYSTEM_SECURITY : 0),
                             FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                             NULL, OPEN_EXISTING,
                             FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT,
                             NULL);
    if (h == INVALID_HANDLE_VALUE) {
        complain(c, path, "cannot be opened");
        return;
    }
    memset(&i, 0, sizeof(i));
    i.path = beneath(c, path);
    if (!get_facts(h, path, &i)) {
        complain(c, path, "its facts cannot be had");
    } else if (i.standard.Directory || i.standard.NumberOfLinks < 2 ||
               !met(c, &i.id)) {
        *directory = i.standard.Directory &&
                     !(i.basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT);
        c->number++;
        if (put_streams(c, h, path)) {
            if (!put_facts(c, &i))
                complain(c, c->name, "cannot be written");
            else if (!i.standard.Directory && i.standard.NumberOfLinks > 1)
                capture_links(c, path, &i);
        }
    }
    CloseHandle(h);
}

/* A path, and all that is in it; recursion as deep as the tree. */
static void
capture_tree(struct capture *c, const wchar_t *path)
{
    const size_t len = wcslen(path);
    WIN32_FIND_DATAW found;
    wchar_t *inside;
    bool directory;
    HANDLE find;

    capture_object(c, path, &directory);
    if (!directory)
        return;
    inside = malloc(PATH_UNITS * sizeof(*inside));
    if (inside == NULL || len + 2 + MAX_PATH >= PATH_UNITS) {
        complain(c, path, "is too long");
        free(inside);
        return;
    }
    wcscpy(inside, path);
    if (inside[len - 1] != L'\\')
        wcscat(inside, L"\\");
    wcscat(inside, L"*");
    find = FindFirstFileW(inside, &found);
    if (find == INVALID_HANDLE_VALUE) {
        complain(c, path, "cannot be listed");
        free(inside);
        return;
    }
    do {
        if (wcscmp(found.cFileName, L".") == 0 ||
            wcscmp(found.cFileName, L"..") == 0)
            continue;
        *(wcsrchr(inside, L'\\') + 1) = 0;
        wcscat(inside, found.cFileName);
        capture_tree(c, inside);
    } while (FindNextFileW(find, &found));
    FindClose(find);
    free(inside);
}

/* From any path to "\\?\C:\...", which has no limit of 260 units. */
static bool
absolute(const wchar_t *path, wchar_t *out)
{
    wchar_t *const plain = malloc(PATH_UNITS * sizeof(*plain));
    DWORD units =
        plain == NULL ? 0 : GetFullPathNameW(path, PATH_UNITS - 8, plain, NULL);
    const bool good = units > 0 && units < PATH_UNITS - 8;

    if (good) {
        const size_t n = wcslen(plain);

        if (n > 3 && plain[n - 1] == L'\\') /* not that of C:\ */
            plain[n - 1] = 0;
        wcscpy(out, wcsncmp(plain, L"\\\\", 2) == 0 ? L"" : L"\\\\?\\");
        wcscat(out, plain);
    }
    free(plain);
    return good;
}

static void
capture_path(struct capture *c, const wchar_t *given)
{
    wchar_t *const path = malloc(PATH_UNITS * sizeof(*path));

    if (path == NULL || !absolute(given, path) ||
        !GetVolumePathNameW(path, c->root, PATH_UNITS)) {
        complain(c, given, "cannot be found");
    } else {
        c->scope = beneath(c, path);
        capture_tree(c, path);
    }
    free(path);
}

int
wmain(int argc, wchar_t **argv)
{
    static struct capture c;
    static wchar_t out[PATH_UNITS];
    int i;

    if (argc < 3) {
        fprintf(stderr, "usage: capture_windows OUT PATH...\n");
        return 64;
    }
    if (!privilege(SE_BACKUP_NAME))
        fprintf(stderr, "without the privilege to back up: what you may not "
                        "read will be missing (run it as administrator)\n");
    c.security = privilege(SE_SECURITY_NAME);
    if (!c.security)
        fprintf(stderr, "without the privilege of security: no descriptors\n");
    if (!absolute(argv[1], out) || (!CreateDirectoryW(out, NULL) &&
                                    GetLastError() != ERROR_ALREADY_EXISTS)) {
        complain(&c, argv[1], "cannot be made");
        return 1;
    }
    c.out = out;
    for (i = 2; i < argc; i++)
        capture_path(&c, argv[i]);
    printf("%llu objects, %u failures\n", c.number, c.failures);
    return c.failures == 0 ? 0 : 3;
}
