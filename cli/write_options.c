/* SPDX-License-Identifier: Apache-2.0 */
/* Program: options of `reel write` (spec 2.2, 2.4, 5.2 bound them). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "ntfs.h"
#include "reel/archive.h"
#include "reel/label.h"
#include "reel/text.h"
#include "reel/volume.h"
#include "size.h"
#include "tape.h"
#include "threads.h"
#include "write_options.h"

#define AT(field) offsetof(struct cli_write_settings, field)
#define LEVEL_DEFAULT 3
#define LEVEL_MAX 19

static const char *const drive_compression_words[] = {"auto", "leave", "off",
                                                      "on", NULL};

const struct cli_option cli_write_options[] = {
    CLI_OPTION_TAPE,
    CLI_OPTIONS_VOLUMES,
    CLI_OPTION_DIRECTORY("take paths from DIR on; default: the current "
                         "directory"),
    {"files-from", 'T', CLI_STRING, "FILE",
     "also archive the paths in FILE, one a line; - is standard input",
     AT(list), NULL},
    {"null", '0', CLI_FLAG, NULL, "paths in FILE end with NUL", AT(null), NULL},
    {"ntfs", 0, CLI_STRING, "IMAGE",
     "archive the NTFS volume in IMAGE, a file or device that is not mounted; "
     "PATHs are in it, none means all",
     AT(ntfs), NULL},
    {"links", 0, CLI_CHOICE, "enumerate|encounter",
     "of NTFS: write all names of a file directly behind it, or each one when "
     "it is met; default: enumerate",
     AT(links), cli_ntfs_links_words},
    {"raw", 0, CLI_STRING, "DIR",
     "archive the raw BackupRead streams in DIR, with the facts in the JSON "
     "files beside them; no PATHs",
     AT(raw), NULL},
    {"exclude", 0, CLI_LIST, "PATTERN",
     "leave out what matches; can be given several times", AT(excludes), NULL},
    {"one-file-system", 0, CLI_FLAG, NULL, "do not go into other file systems",
     AT(one_file_system), NULL},
    {"compress", 0, CLI_STRING, "none|zstd[:LEVEL]",
     "how to compress; LEVEL is 1 to 19; default: zstd:3", AT(compress), NULL},
    CLI_OPTION_THREADS(struct cli_write_settings),
    {"name", 0, CLI_STRING, "TEXT", "name of the archive, for people", AT(name),
     NULL},
    {"catalog", 0, CLI_STRING, "FILE", "keep the catalog in FILE, too",
     AT(catalog), NULL},
    {"atime", 0, CLI_FLAG, NULL, "store times of last access", AT(access_times),
     NULL},
    {"checkpoint-every", 0, CLI_SIZE, "SIZE",
     "amount of data between checkpoints; default: 16G", AT(checkpoint_bytes),
     NULL},
    {"segment-size", 0, CLI_SIZE, "SIZE",
     "most data to compress together, 256K to 16M; default: 6M",
     AT(segment_bytes), NULL},
    {"volume-size", 0, CLI_SIZE, "SIZE",
     "an image is full at this size; default: when the disk is",
     AT(volume_bytes), NULL},
    {"drive-compression", 0, CLI_CHOICE, "auto|leave|off|on",
     "compression by the drive; default: auto, off unless --compress none",
     AT(drive_compression), drive_compression_words},
    {"buffer", 0, CLI_SIZE, "SIZE",
     "data kept ready for the drive, so that it need not stop; default: 512M "
     "for a drive, at most an eighth of memory; none for images",
     AT(buffer_bytes), NULL},
    {"last-volume", 0, CLI_FLAG, NULL,
     "this is the last volume of its set, although an archive breaks off there",
     AT(last_volume), NULL},
    {"resume", 0, CLI_FLAG, NULL,
     "go on with the last archive, which was interrupted; no paths", AT(resume),
     NULL},
    {"overwrite", 0, CLI_FLAG, NULL,
     "begin a new set, whatever the tape holds; images of a set behind the "
     "first are removed",
     AT(overwrite), NULL},
    {"label", 0, CLI_STRING, "ID",
     "of a new set: label of the volume, 1 to 6 of A-Z and 0-9; default: "
     "REEL01",
     AT(label), NULL},
    {"set-name", 0, CLI_STRING, "TEXT", "of a new set: its name, for people",
     AT(set_name), NULL},
    {"set-id", 0, CLI_STRING, "HEX",
     "of a new set: its identity, 32 hexadecimal digits; default: random",
     AT(set_id), NULL},
    {"block-size", 0, CLI_SIZE, "SIZE",
     "of a new set: length of blocks, 512 to 1M; default: 512K",
     AT(block_bytes), NULL},
    {0}};

static int
fill_compression(const struct cli_write_settings *s,
                 struct reel_write_options *out)
{
    const char *text = s->compress ? s->compress : "zstd";
    uint64_t level   = LEVEL_DEFAULT;

    if (strcmp(text, "none") == 0) {
        out->compression = REEL_COMPRESSION_NONE;
        return CLI_GO_ON;
    }
    if (strncmp(text, "zstd", 4) != 0 || (text[4] != '\0' && text[4] != ':') ||
        (text[4] == ':' && !cli_number_parse(text + 5, LEVEL_MAX, &level)) ||
        level == 0)
        return cli_usage(s->common.verb,
                         "--compress is none, zstd or zstd:LEVEL with a LEVEL "
                         "of 1 to %d, not %s",
                         LEVEL_MAX, text);
    out->compression = REEL_COMPRESSION_ZSTD;
    out->level       = (int)level;
    return CLI_GO_ON;
}

/* Into *out, if it is from min to max; 0 is the default. */
static int
fill_size(const struct cli_write_settings *s, const char *option,
          uint64_t bytes, uint32_t min, uint32_t max, uint32_t *out)
{
    if (bytes != 0 && (bytes < min || bytes > max))
        return cli_usage(s->common.verb,
                         "--%s is from %" PRIu32 " to %" PRIu32
                         ", not %" PRIu64,
                         option, min, max, bytes);
    *out = (uint32_t)bytes;
    return CLI_GO_ON;
}

static int
check_text(const struct cli_write_settings *s, const char *option,
           const char *text, size_t max)
{
    if (!text || (strlen(text) <= max && reel_text_legal(reel_bytes_of(text))))
        return CLI_GO_ON;
    return cli_usage(s->common.verb,
                     "--%s is UTF-8 without control characters, at most %zu "
                     "octets",
                     option, max);
}

static int
fill_label(const struct cli_write_settings *s, struct reel_write_options *out)
{
    uint8_t id[REEL_VOLUME_ID_BYTES];
    const size_t len = s->label ? strlen(s->label) : 0;

    if (!s->label)
        return CLI_GO_ON;
    memset(id, ' ', sizeof(id));
    if (len <= sizeof(id))
        memcpy(id, s->label, len);
    if (len == 0 || len > sizeof(id) || s->label[len - 1] == ' ' ||
        !reel_volume_id_legal(id))
        return cli_usage(s->common.verb,
                         "--label is 1 to 6 of A-Z and 0-9, not %s", s->label);
    out->volume_id = s->label;
    return CLI_GO_ON;
}

static int
fill_created(const struct cli_write_settings *s, struct reel_write_options *out)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    struct timespec now;
    uint64_t seconds;

    if (epoch && epoch[0] != '\0') {
        if (!cli_number_parse(epoch, INT64_MAX, &seconds))
            return cli_usage(s->common.verb,
                             "SOURCE_DATE_EPOCH is a number of seconds, not "
                             "%s",
                             epoch);
        out->created.s = (int64_t)seconds;
        return CLI_GO_ON;
    }
    if (clock_gettime(CLOCK_REALTIME, &now) == 0)
        out->created = (struct reel_time){now.tv_sec, (uint32_t)now.tv_nsec};
    return CLI_GO_ON;
}

/* All that decides what the archive is made of, in one order and spelling. */
static void
fill_canonical(const struct cli_write_settings *s,
               struct reel_write_options *out, struct cli_write_texts *texts)
{
    char level[16] = "none";

    if (out->compression == REEL_COMPRESSION_ZSTD)
        (void)snprintf(level, sizeof(level), "zstd:%d", out->level);
    (void)snprintf(
        texts->options, sizeof(texts->options),
        "--compress=%s --segment-size=%" PRIu32 " --checkpoint-every=%" PRIu64
        "%s%s",
        level,
        out->segment_limit ? out->segment_limit : REEL_SEGMENT_LIMIT_DEFAULT,
        out->checkpoint_bytes ? out->checkpoint_bytes : UINT64_C(16) << 30,
        s->one_file_system ? " --one-file-system" : "",
        s->access_times ? " --atime" : "");
    if (s->ntfs) {
        const size_t used = strlen(texts->options);

        (void)snprintf(texts->options + used, sizeof(texts->options) - used,
                       " --ntfs --links=%s",
                       cli_ntfs_links_words[s->links < 0 ? 0 : s->links]);
    }
    if (s->raw) {
        const size_t used = strlen(texts->options);

        (void)snprintf(texts->options + used, sizeof(texts->options) - used,
                       " --raw");
    }
    out->options = texts->options;
}

static const char *
legal_or_null(const char *text)
{
    return text[0] && reel_text_legal(reel_bytes_of(text)) ? text : NULL;
}

static void
fill_machine(struct reel_write_options *out, struct cli_write_texts *texts)
{
    struct utsname name;

    if (uname(&name) == 0)
        (void)snprintf(texts->system, sizeof(texts->system),
                       "%.80s %.80s %.80s", name.sysname, name.release,
                       name.machine);
    /* A name that does not fit is not stored in part. */
    if (gethostname(texts->host, sizeof(texts->host)) != 0 ||
        texts->host[sizeof(texts->host) - 1] != '\0')
        texts->host[0] = '\0';
    out->system   = legal_or_null(texts->system);
    out->host     = legal_or_null(texts->host);
    out->software = "reel " CLI_VERSION;
}

static int
fill_new_set(const struct cli_write_settings *s, struct cli_write_texts *texts,
             struct reel_write_options *out)
{
    int code = fill_size(s, "block-size", s->block_bytes, REEL_BLOCK_BYTES_MIN,
                         REEL_BLOCK_BYTES_MAX, &out->block_bytes);

    if (code != CLI_GO_ON || (code = fill_label(s, out)) != CLI_GO_ON)
        return code;
    if (out->block_bytes % REEL_BLOCK_BYTES_MIN != 0)
        return cli_usage(s->common.verb,
                         "--block-size is a multiple of %u, not %" PRIu32,
                         REEL_BLOCK_BYTES_MIN, out->block_bytes);
    if (s->set_id) {
        if (!cli_hex_parse(s->set_id, texts->set_id, REEL_SET_ID_BYTES) ||
            reel_bytes_zero(texts->set_id, REEL_SET_ID_BYTES))
            return cli_usage(s->common.verb,
                             "--set-id is 32 hexadecimal digits, not all 0");
        out->set_id = texts->set_id;
    }
    out->set_name = s->set_name;
    return check_text(s, "set-name", s->set_name, REEL_SET_NAME_BYTES_MAX);
}

enum reel_drive_compression
cli_write_drive_compression(const struct cli_write_settings *s,
                            const struct reel_write_options *options)
{
    switch (s->drive_compression) {
    case 0:
        /* What is compressed already only grows. */
        return options->compression == REEL_COMPRESSION_NONE
                   ? REEL_DRIVE_COMPRESSION_LEAVE
                   : REEL_DRIVE_COMPRESSION_OFF;
    case 2:
        return REEL_DRIVE_COMPRESSION_OFF;
    case 3:
        return REEL_DRIVE_COMPRESSION_ON;
    default:
        return REEL_DRIVE_COMPRESSION_LEAVE;
    }
}

/* As much as is good for a drive, and no more than an eighth of memory. */
static uint64_t
buffer_bytes(const struct cli_write_settings *s)
{
    const char *tape = cli_tape_name(&s->common);
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page  = sysconf(_SC_PAGESIZE);
    uint64_t eighth  = CLI_BUFFER_DRIVE_BYTES;

    if (s->buffer_bytes != CLI_BUFFER_DEFAULT)
        return s->buffer_bytes;
    if (!tape || !cli_volumes_drive(tape))
        return 0;
    if (pages > 0 && page > 0)
        eighth = (uint64_t)pages * (uint64_t)page / 8;
    return eighth < CLI_BUFFER_DRIVE_BYTES ? eighth : CLI_BUFFER_DRIVE_BYTES;
}

int
cli_write_options_fill(const struct cli_write_settings *s,
                       struct cli_write_texts *texts,
                       struct reel_write_options *out)
{
    int code;

    memset(texts, 0, sizeof(*texts));
    memset(out, 0, sizeof(*out));
    if ((code = fill_compression(s, out)) != CLI_GO_ON ||
        (code = fill_size(s, "segment-size", s->segment_bytes,
                          REEL_SEGMENT_LIMIT_MIN, REEL_SEGMENT_LIMIT_MAX,
                          &out->segment_limit)) != CLI_GO_ON ||
        (code = check_text(s, "name", s->name, REEL_ARCHIVE_NAME_BYTES_MAX)) !=
            CLI_GO_ON ||
        (code = fill_new_set(s, texts, out)) != CLI_GO_ON ||
        (code = fill_created(s, out)) != CLI_GO_ON)
        return code;
    out->overwrite        = s->overwrite;
    out->resume           = s->resume;
    out->last_volume      = s->last_volume;
    out->raw              = s->raw != NULL;
    out->buffer_bytes     = buffer_bytes(s);
    out->threads          = cli_threads(s->threads);
    out->checkpoint_bytes = s->checkpoint_bytes;
    out->name             = s->name;
    out->excludes         = s->excludes.items;
    out->exclude_count    = s->excludes.count;
    out->one_file_system  = s->one_file_system;
    out->access_times     = s->access_times;
    fill_machine(out, texts);
    fill_canonical(s, out, texts);
    return CLI_GO_ON;
}
