/* SPDX-License-Identifier: Apache-2.0 */
/* cli/volume_name.c, command.c, prompt.c, changer.c, volume_ask.c, volumes.c:
   how the next volume of a set is got. */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "changer.h"
#include "command.h"
#include "prompt.h"
#include "reel/alloc.h"
#include "suite.h"
#include "volume_ask.h"
#include "volumes.h"

static char folder[] = "/tmp/reel-volumes-XXXXXX";

static void
set_up(void)
{
    strcpy(folder, "/tmp/reel-volumes-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    /* What is told is judged by sets.sh. */
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

static void
tear_down(void)
{
    char command[80];

    ck_assert_int_eq(chdir("/"), 0);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static void
put_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert_int_ge(fputs(text, f), 0);
    ck_assert_int_eq(fclose(f), 0);
}

static void
put_script(const char *name, const char *text)
{
    put_file(name, text);
    ck_assert_int_eq(chmod(name, 0700), 0);
}

/* What stands in the file, into `text` of 400 octets. */
static const char *
file_text(const char *name, char *text)
{
    FILE *f = fopen(name, "r");
    size_t n;

    ck_assert_ptr_nonnull(f);
    n       = fread(text, 1, 399, f);
    text[n] = '\0';
    ck_assert_int_eq(fclose(f), 0);
    return text;
}

static void
ck_assert_name(const char *pattern, uint32_t number, const char *wanted)
{
    struct cli_volume_name n;
    char *name;

    ck_assert(cli_volume_name_parse(&n, pattern));
    name = cli_volume_name_of(&n, number);
    ck_assert_str_eq(name, wanted);
    reel_free(name);
}

START_TEST(patterns_name_volumes)
{
    ck_assert_name("set-%d.tap", 1, "set-1.tap");
    ck_assert_name("set-%d.tap", 4294967295U, "set-4294967295.tap");
    ck_assert_name("set-%03d.tap", 7, "set-007.tap");
    ck_assert_name("set-%03d.tap", 12345, "set-12345.tap");
    ck_assert_name("%d", 9, "9");
    ck_assert_name("50%%-%d-%%", 2, "50%-2-%");
    ck_assert_name("%%d-%d", 2, "%d-2");
}
END_TEST

START_TEST(other_names_are_as_they_stand)
{
    struct cli_volume_name n;

    ck_assert_name("plain.tap", 3, "plain.tap");
    ck_assert_name("100%.tap", 3, "100%.tap");
    ck_assert_name("%%.tap", 3, "%%.tap");
    ck_assert_name("%s%i%3d.tap", 3, "%s%i%3d.tap");
    ck_assert(cli_volume_name_parse(&n, "%%d"));
    ck_assert(!n.set);
}
END_TEST

START_TEST(two_conversions_are_none)
{
    struct cli_volume_name n;

    ck_assert(!cli_volume_name_parse(&n, "%d-%d"));
    ck_assert(!cli_volume_name_parse(&n, "%d-%02d"));
    ck_assert(!cli_volume_name_parse(&n, "%s-%d"));
    ck_assert(!cli_volume_name_parse(&n, "%d%"));
}
END_TEST

START_TEST(images_are_found_by_number)
{
    struct cli_volume_name n;
    struct reel_err err = {0};
    uint32_t *numbers   = NULL;
    size_t count        = 0;

    ck_assert_int_eq(mkdir("a[b]*", 0700), 0);
    put_file("a[b]*/%-10.tap", "x");
    put_file("a[b]*/%-2.tap", "x");
    put_file("a[b]*/%-02.tap", "x");
    put_file("a[b]*/%-3.tap", ""); /* nothing is in it */
    put_file("a[b]*/%-0.tap", "x");
    put_file("a[b]*/%-4294967296.tap", "x");
    put_file("a[b]*/%-7.tap.old", "x");
    put_file("a[b]*/%-x.tap", "x");
    ck_assert(cli_volume_name_parse(&n, "a[b]*/%%-%d.tap"));
    ck_assert_int_eq(cli_volume_name_find(&n, &numbers, &count, &err), REEL_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(numbers[0], 2);
    ck_assert_uint_eq(numbers[1], 10);
    reel_free(numbers);
    ck_assert(cli_volume_name_parse(&n, "a[b]*/%%-%02d.tap"));
    ck_assert_int_eq(cli_volume_name_find(&n, &numbers, &count, &err), REEL_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(numbers[0], 2);
    reel_free(numbers);
    ck_assert(cli_volume_name_parse(&n, "nowhere-%d"));
    ck_assert_int_eq(cli_volume_name_find(&n, &numbers, &count, &err), REEL_OK);
    ck_assert_uint_eq(count, 0);
    reel_free(numbers);
}
END_TEST

START_TEST(command_sees_arguments_and_environment)
{
    static const char *const arguments[]   = {"one", "two words", NULL};
    static const char *const environment[] = {"REEL_TRY=yes", "HOME=/nowhere",
                                              NULL};
    const struct cli_command c             = {
                    .text = "printf '%s|%s|%s|%s|' \"$1\" \"$2\" \"$REEL_TRY\" \"$HOME\"; "
                                        "read -r line || printf empty; exit 7",
                    .arguments   = arguments,
                    .environment = environment};
    struct reel_err err = {0};
    char *output        = NULL;
    int code            = 0;

    ck_assert_int_eq(cli_command_run(&c, &output, &code, &err), REEL_OK);
    ck_assert_int_eq(code, 7);
    ck_assert_str_eq(output, "one|two words|yes|/nowhere|empty");
    reel_free(output);
}
END_TEST

START_TEST(command_prints_much_or_dies)
{
    const struct cli_command much = {
        .text = "i=0; while [ $i -lt 20000 ]; do echo 12345678; "
                "i=$((i+1)); done"};
    const struct cli_command dies = {.text = "kill -9 $$"};
    struct reel_err err           = {0};
    char *output                  = NULL;
    int code                      = 1;

    ck_assert_int_eq(cli_command_run(&much, &output, &code, &err), REEL_OK);
    ck_assert_int_eq(code, 0);
    ck_assert_uint_eq(strlen(output), 180000);
    reel_free(output);
    ck_assert_int_eq(cli_command_run(&dies, NULL, &code, &err), REEL_OK);
    ck_assert_int_eq(code, 128 + 9);
}
END_TEST

START_TEST(command_is_stopped)
{
    const volatile int stop    = 1;
    const struct cli_command c = {.text = "exec sleep 60", .stop = &stop};
    struct reel_err err        = {0};
    int code                   = 0;

    ck_assert_int_eq(cli_command_run(&c, NULL, &code, &err), REEL_E_STOPPED);
    ck_assert_int_eq(err.status, REEL_E_STOPPED);
}
END_TEST

/* Answer a question with `answer`; NULL: hang up. */
static enum reel_status
answered(const char *answer, const volatile int *stop)
{
    struct reel_err err = {0};
    enum reel_status status;
    char seen[20] = "";
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    if (answer)
        ck_assert_int_eq(write(ends[1], answer, strlen(answer)),
                         (ssize_t)strlen(answer));
    else
        ck_assert_int_eq(shutdown(ends[1], SHUT_WR), 0);
    status = cli_prompt_ask(ends[0], "a question? ", stop, &err);
    ck_assert_int_eq(read(ends[1], seen, sizeof(seen) - 1), 12);
    ck_assert_str_eq(seen, "a question? ");
    (void)close(ends[0]);
    (void)close(ends[1]);
    return status;
}

START_TEST(person_answers)
{
    const volatile int stop = 1;

    ck_assert_int_eq(answered("\n", NULL), REEL_OK);
    ck_assert_int_eq(answered("yes\n", NULL), REEL_OK);
    ck_assert_int_eq(answered("q\n", NULL), REEL_END);
    ck_assert_int_eq(answered("Quit\n", NULL), REEL_END);
    ck_assert_int_eq(answered(NULL, NULL), REEL_END);
    ck_assert_int_eq(answered("", &stop), REEL_E_STOPPED);
}
END_TEST

START_TEST(question_says_what_is_wanted)
{
    static const uint8_t set[16] = {0xAB};
    struct reel_volume_wish wish = {.number    = 2,
                                    .write     = true,
                                    .set_id    = set,
                                    .volume_id = "REEL02",
                                    .refused   = "it holds \033[1m a tar"};
    char text[400]               = "";
    FILE *out                    = fmemopen(text, sizeof(text), "w");

    cli_volume_question(out, "/dev/nst0", &wish);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_ptr_nonnull(strstr(text, "/dev/nst0"));
    ck_assert_ptr_nonnull(strstr(text, "volume 2"));
    ck_assert_ptr_nonnull(strstr(text, "REEL02"));
    ck_assert_ptr_nonnull(strstr(text, "ab00"));
    ck_assert_ptr_nonnull(strstr(text, "written"));
    ck_assert_ptr_nonnull(strstr(text, "a tar"));
    ck_assert_ptr_null(strchr(text, '\033'));
}
END_TEST

#define SHOW                                                                   \
    "env | grep -E '^REEL_(DRIVE|LABEL|MODE|REFUSED|SET|VOLUME)=' | "          \
    "sort >seen"

START_TEST(command_is_told_the_wish)
{
    static const uint8_t set[16] = {0xAB};
    struct reel_volume_wish wish = {
        .number = 3, .write = true, .set_id = set, .volume_id = "REEL03"};
    struct reel_err err = {0};
    char text[400];

    ck_assert_int_eq(
        cli_volume_ask_command(SHOW, "drive.tap", &wish, NULL, &err), REEL_OK);
    ck_assert_str_eq(file_text("seen", text),
                     "REEL_DRIVE=drive.tap\nREEL_LABEL=REEL03\n"
                     "REEL_MODE=write\nREEL_REFUSED=\n"
                     "REEL_SET=ab000000000000000000000000000000\n"
                     "REEL_VOLUME=3\n");
    wish = (struct reel_volume_wish){.refused = "it is wrong"};
    ck_assert_int_eq(
        cli_volume_ask_command(SHOW "; exit 1", "drive.tap", &wish, NULL, &err),
        REEL_END);
    ck_assert_ptr_nonnull(strstr(err.text, "exit code 1"));
    ck_assert_str_eq(file_text("seen", text),
                     "REEL_DRIVE=drive.tap\nREEL_LABEL=\nREEL_MODE=read\n"
                     "REEL_REFUSED=it is wrong\nREEL_SET=\nREEL_VOLUME=last\n");
}
END_TEST

START_TEST(barcodes_fit_labels)
{
    ck_assert(cli_barcode_fits("REEL01", "REEL01"));
    ck_assert(cli_barcode_fits("REEL01L8", "REEL01"));
    ck_assert(!cli_barcode_fits("REEL012", "REEL01"));
    ck_assert(!cli_barcode_fits("REEL01L8X", "REEL01"));
    ck_assert(!cli_barcode_fits("REEL02L8", "REEL01"));
    ck_assert(!cli_barcode_fits("", ""));
}
END_TEST

/* A robot of seven slots: what is done stands in `log`, the slot whose tape
   is in the drive in `in`; nothing can be loaded from slot 4. */
static const char robot_script[] =
    "#!/bin/sh\n"
    "case $2 in\n"
    "list) cat list;;\n"
    "loaded) cat in;;\n"
    "load) echo \"$*\" >>log; [ $3 = 4 ] && exit 1; echo $3 >in;;\n"
    "unload) echo \"$*\" >>log; echo 0 >in;;\n"
    "esac\n";

static struct cli_changer robot;

static void
robot_with(const char *list, const char *in)
{
    put_script("robot", robot_script);
    put_file("list", list);
    put_file("in", in);
    robot = (struct cli_changer){.program     = "./robot",
                                 .device      = "/dev/sg9",
                                 .drive       = "/dev/nst7",
                                 .drive_index = 1};
}

/* The slot that is in the drive then; 0: there is none to be had. */
static int
brought(uint32_t number, bool writing, const char *label, const char *refused)
{
    const struct reel_volume_wish wish = {.number    = number,
                                          .write     = writing,
                                          .volume_id = label,
                                          .refused   = refused};
    struct reel_err err                = {0};
    char text[400];
    enum reel_status status = cli_changer_bring(&robot, &wish, false, &err);

    if (status == REEL_END)
        return 0;
    ck_assert_msg(status == REEL_OK, "%s", err.text);
    return (int)strtol(file_text("in", text), NULL, 10);
}

static const char seven[] = "1:REEL01L8\n2:OTHER1L8\n3:CLN001L1\n4:OTHER2L8\n"
                            "5:\n 6:REEL02L8\n7:REEL03L8\n";

START_TEST(robot_reads_by_label)
{
    char text[400];

    robot_with(seven, "1\n");
    ck_assert_int_eq(brought(2, false, "REEL02", NULL), 6);
    ck_assert_str_eq(file_text("log", text), "/dev/sg9 unload 1 /dev/nst7 1\n"
                                             "/dev/sg9 load 6 /dev/nst7 1\n");
    ck_assert_int_eq(brought(3, false, "REEL03", NULL), 7);
    ck_assert_int_eq(brought(1, false, "REEL01", NULL), 1);
    /* Wrong after all: what has no barcode, then all others. */
    ck_assert_int_eq(brought(1, false, "REEL01", "no"), 5);
    /* Labels need not be barcodes; nothing comes out of 4. */
    ck_assert_int_eq(brought(1, false, "REEL01", "no"), 2);
    ck_assert_int_eq(brought(1, false, "REEL01", "no"), 6);
    ck_assert_int_eq(brought(1, false, "REEL01", "no"), 7);
    ck_assert_int_eq(brought(1, false, "REEL01", "no"), 0);
    /* Another wish begins anew. */
    ck_assert_int_eq(brought(2, false, "REEL02", NULL), 6);
    cli_changer_fini(&robot);
}
END_TEST

START_TEST(robot_reads_what_has_no_label)
{
    robot_with("2:\n5:\n9:\n", "0\n");
    ck_assert_int_eq(brought(0, false, NULL, NULL), 2);
    ck_assert_int_eq(brought(0, false, NULL, "no"), 5);
    ck_assert_int_eq(brought(0, false, NULL, "no"), 9);
    ck_assert_int_eq(brought(0, false, NULL, "no"), 0);
    cli_changer_fini(&robot);
}
END_TEST

START_TEST(robot_writes_onward)
{
    robot_with(seven, "1\n");
    ck_assert_int_eq(brought(2, true, NULL, NULL), 2);
    ck_assert_int_eq(brought(2, true, NULL, "used"), 5); /* 4 cannot */
    ck_assert_int_eq(brought(3, true, "REEL03", NULL), 7);
    ck_assert_int_eq(brought(3, true, "REEL03", "used"), 0);
    ck_assert_int_eq(brought(4, true, NULL, NULL), 0);
    cli_changer_fini(&robot);
}
END_TEST

START_TEST(robot_fails)
{
    const struct reel_volume_wish wish = {.number = 2};
    struct reel_err err                = {0};

    robot_with(seven, "1\n");
    put_script("robot", "#!/bin/sh\nexit 3\n");
    ck_assert_int_eq(cli_changer_bring(&robot, &wish, false, &err),
                     REEL_E_MEDIUM);
    ck_assert_ptr_nonnull(strstr(err.text, "exit code 3"));
    cli_changer_fini(&robot);
}
END_TEST

/* --- the provider ----------------------------------------------------------
 */

static struct cli_report report;
static struct cli_common common;
static struct cli_volumes volumes;

/* An image with one block that holds `c`. */
static void
put_image(const char *name, char c)
{
    const char image[] = {1, 0, 0, 0, c, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    FILE *f            = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(image, 1, sizeof(image), f), sizeof(image));
    ck_assert_int_eq(fclose(f), 0);
}

/* What the block in `m` holds; '-': there is none. */
static char
block_of(struct reel_medium *m)
{
    struct reel_err err = {0};
    enum reel_event event;
    char block[8] = "-";
    size_t bytes;

    ck_assert_int_eq(
        reel_medium_read(m, block, sizeof(block), &event, &bytes, &err),
        REEL_OK);
    return event == REEL_EVENT_BLOCK ? block[0] : '-';
}

static enum reel_status
open_set(const char *name, enum reel_medium_mode mode, enum cli_first first,
         bool overwrite)
{
    static const struct cli_verb verb       = {.name = "try"};
    const struct reel_medium_open_opts opts = {.overwrite = overwrite};
    struct reel_err err                     = {0};

    common.tape = name;
    common.verb = &verb;
    cli_report_init(&report, &common);
    cli_volumes_init(&volumes, &common, &report, mode, first, &opts);
    return cli_volumes_open(&volumes, &err);
}

static void
close_set(void)
{
    struct reel_err err = {0};

    ck_assert_int_eq(cli_volumes_close(&volumes, &err), REEL_OK);
    cli_volumes_fini(&volumes);
    common = (struct cli_common){0};
}

/* '!': it cannot be had. */
static char
got(uint32_t number, bool writing, const char *refused)
{
    const struct reel_volumes *v       = cli_volumes_offer(&volumes);
    const struct reel_volume_wish wish = {
        .number = number, .write = writing, .refused = refused};
    struct reel_medium *m = NULL;
    struct reel_err err   = {0};
    enum reel_status status;

    ck_assert_ptr_nonnull(v);
    status = v->get(v->ctx, &wish, &m, &err);
    if (status == REEL_END) {
        ck_assert_ptr_null(volumes.medium);
        return '!';
    }
    ck_assert_msg(status == REEL_OK, "%s", err.text);
    return block_of(m);
}

START_TEST(set_is_read)
{
    put_image("s-2", 'b');
    put_image("s-3", 'c');
    put_image("s-5", 'e');
    ck_assert_int_eq(
        open_set("s-%d", REEL_MEDIUM_READ, CLI_FIRST_LOWEST, false), REEL_OK);
    ck_assert_int_eq(block_of(volumes.medium), 'b');
    ck_assert_int_eq(got(3, false, NULL), 'c');
    ck_assert_int_eq(got(3, false, "no"), '!');
    ck_assert_int_eq(got(4, false, NULL), '!');
    ck_assert_int_eq(got(0, false, NULL), 'e');
    ck_assert_int_eq(got(0, false, "no"), 'c');
    ck_assert_int_eq(got(0, false, "no"), 'b');
    ck_assert_int_eq(got(0, false, "no"), '!');
    ck_assert_int_eq(got(0, false, NULL), 'e');
    close_set();
    ck_assert_int_eq(
        open_set("t-%d", REEL_MEDIUM_READ, CLI_FIRST_LOWEST, false),
        REEL_E_MEDIUM);
    close_set();
}
END_TEST

START_TEST(set_is_begun)
{
    struct reel_err err = {0};

    put_image("s-1", 'a');
    put_image("s-2", 'b');
    ck_assert_int_eq(open_set("s-%d", REEL_MEDIUM_WRITE, CLI_FIRST_NEW, true),
                     REEL_OK);
    ck_assert_int_eq(block_of(volumes.medium), '-');
    ck_assert_int_eq(access("s-2", F_OK), 0); /* nothing is written yet */
    ck_assert_int_eq(reel_medium_filemark(volumes.medium, &err), REEL_OK);
    ck_assert_int_ne(access("s-2", F_OK), 0);
    ck_assert_int_eq(got(2, true, NULL), '-');
    ck_assert_int_eq(reel_medium_filemark(volumes.medium, &err), REEL_OK);
    ck_assert_int_eq(access("s-2", F_OK), 0);
    ck_assert_int_eq(got(2, true, "it is full"), '!');
    ck_assert_uint_eq(report.counts[REEL_NOTE_WANTED], 1);
    close_set();
    put_image("s-1", 'a');
    put_file("s-3", "neither image nor empty");
    ck_assert_int_eq(open_set("s-%d", REEL_MEDIUM_WRITE, CLI_FIRST_NEW, false),
                     REEL_OK);
    ck_assert_int_eq(got(3, true, NULL), '!');
    close_set();
}
END_TEST

START_TEST(set_is_continued)
{
    put_image("s-1", 'a');
    put_image("s-2", 'b');
    put_file("s-3", ""); /* made, and then came the end */
    ck_assert_int_eq(open_set("s-%d", REEL_MEDIUM_WRITE, CLI_FIRST_LAST, false),
                     REEL_OK);
    ck_assert_int_eq(block_of(volumes.medium), 'b');
    close_set();
    ck_assert_int_eq(open_set("t-%d", REEL_MEDIUM_WRITE, CLI_FIRST_LAST, false),
                     REEL_OK);
    ck_assert_int_eq(access("t-1", F_OK), 0);
    close_set();
    ck_assert_int_eq(
        open_set("u-%d", REEL_MEDIUM_WRITE, CLI_FIRST_FOUND, false),
        REEL_E_MEDIUM);
    ck_assert_int_ne(access("u-1", F_OK), 0);
    close_set();
}
END_TEST

START_TEST(command_moves_images)
{
    put_image("drive", 'a');
    put_image("two", 'b');
    common.next_volume = "mv two drive";
    ck_assert_int_eq(
        open_set("drive", REEL_MEDIUM_READ, CLI_FIRST_LOWEST, false), REEL_OK);
    ck_assert_int_eq(block_of(volumes.medium), 'a');
    ck_assert_int_eq(got(2, false, NULL), 'b');
    ck_assert_int_eq(got(3, false, NULL), '!');
    close_set();
}
END_TEST

START_TEST(command_that_lies_is_given_up)
{
    int asked = 0;
    char text[400];

    put_image("drive", 'a');
    common.next_volume = "printf x >>asked; rm -f drive";
    ck_assert_int_eq(
        open_set("drive", REEL_MEDIUM_READ, CLI_FIRST_LOWEST, false), REEL_OK);
    {
        const struct reel_volumes *v       = cli_volumes_offer(&volumes);
        const struct reel_volume_wish wish = {.number = 2};
        struct reel_medium *m              = NULL;
        struct reel_err err                = {0};

        ck_assert_int_ne(v->get(v->ctx, &wish, &m, &err), REEL_OK);
        ck_assert_ptr_null(m);
    }
    asked = (int)strlen(file_text("asked", text));
    ck_assert_int_gt(asked, 1);
    ck_assert_int_le(asked, 20);
    close_set();
}
END_TEST

START_TEST(one_image_has_no_others)
{
    put_image("one", 'a');
    ck_assert_int_eq(open_set("one", REEL_MEDIUM_READ, CLI_FIRST_LOWEST, false),
                     REEL_OK);
    ck_assert_ptr_null(cli_volumes_offer(&volumes));
    close_set();
}
END_TEST

static void
add_tests(TCase *c)
{
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, patterns_name_volumes);
    tcase_add_test(c, other_names_are_as_they_stand);
    tcase_add_test(c, two_conversions_are_none);
    tcase_add_test(c, images_are_found_by_number);
    tcase_add_test(c, command_sees_arguments_and_environment);
    tcase_add_test(c, command_prints_much_or_dies);
    tcase_add_test(c, command_is_stopped);
    tcase_add_test(c, person_answers);
    tcase_add_test(c, question_says_what_is_wanted);
    tcase_add_test(c, command_is_told_the_wish);
    tcase_add_test(c, barcodes_fit_labels);
    tcase_add_test(c, robot_reads_by_label);
    tcase_add_test(c, robot_reads_what_has_no_label);
    tcase_add_test(c, robot_writes_onward);
    tcase_add_test(c, robot_fails);
    tcase_add_test(c, set_is_read);
    tcase_add_test(c, set_is_begun);
    tcase_add_test(c, set_is_continued);
    tcase_add_test(c, command_moves_images);
    tcase_add_test(c, command_that_lies_is_given_up);
    tcase_add_test(c, one_image_has_no_others);
}

int
main(void)
{
    return suite_run("cli_volumes", add_tests);
}
