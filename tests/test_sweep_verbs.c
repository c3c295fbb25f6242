/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole verbs, from the command line to the exit code, while the n-th request
 * for memory fails: no crash, no leak (with sanitizers), no success that is
 * none, and nothing under its name that is not right. All n with REEL_SOAK, a
 * sample else. sweeps/sweep.py does the same to the calls of the system.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"
#include "reel/alloc.h"
#include "suite.h"
#include "verbs.h"

#define SAMPLE 8UL /* points in each verb */
#define WORDS_MAX 12

static char folder[] = "/tmp/reel-sweep-XXXXXX";

struct scenario {
    const char *name;
    const char *words[WORDS_MAX];
    const char *reset;   /* shell, before each run */
    const char *success; /* shell: is it as exit code 0 promises? */
    const char *always;  /* shell: must hold whatever happened; or NULL */
};

#define OUT_AGREES "diff -r -x fifo tree out/tree && test -p out/tree/fifo"
/* What has a name in `to` has the content of `from`. */
#define NOTHING_WRONG                                                          \
    "cd out && find . -type f | while read f; do cmp \"$f\" \"../$f\" || "     \
    "exit 1; done && ! find . -name '.reel-*' | grep -q ."
/* What a partial file, or a stream given out, has, it has from `right`; the
   rest is a hole. */
#define FROM_RIGHT(file, right)                                                \
    "test -e " right " && cmp -l " file " " right " 2>/dev/null | "            \
    "awk '$2 != 0 { bad = 1 } END { exit bad }'"
#define KEPT_AGREES "cmp kept kept.right"
#define KEPT_OR_NOTHING "! test -e kept || cmp kept kept.right"

static const struct scenario scenarios[] = {
    {"write",
     {"write", "-f", "new.tap", "--overwrite", "tree"},
     "rm -f new.tap",
     "\"$REEL_PROGRAM\" restore -f new.tap -C out >/dev/null && " OUT_AGREES,
     NULL},
    {"append",
     {"write", "-f", "new.tap", "tree"},
     "cp image.tap new.tap",
     "\"$REEL_PROGRAM\" restore -f new.tap --archive 2 -C out >/dev/null "
     "&& " OUT_AGREES,
     /* What was there stays. */
     "\"$REEL_PROGRAM\" restore -f new.tap --archive 1 -C out >/dev/null "
     "2>&1; " OUT_AGREES},
    {"resume",
     {"write", "--resume", "-f", "new.tap"},
     "cp broken.tap new.tap",
     "\"$REEL_PROGRAM\" restore -f new.tap -C out >/dev/null && " OUT_AGREES,
     /* It can be resumed again, or is whole. */
     "\"$REEL_PROGRAM\" write --resume -f new.tap --last-volume >/dev/null "
     "2>&1; "
     "\"$REEL_PROGRAM\" restore -f new.tap -C out >/dev/null "
     "2>&1; " OUT_AGREES},
    {"list",
     {"list", "-l", "-f", "image.tap"},
     "",
     "cmp stdout list.right",
     NULL},
    {"manifest",
     {"list", "--manifest", "sha256", "-f", "image.tap"},
     "",
     "sha256sum -c --status stdout",
     NULL},
    {"info",
     {"info", "-f", "image.tap"},
     "",
     "grep -q fingerprint stdout",
     NULL},
    {"verify",
     {"verify", "-f", "image.tap"},
     "",
     "grep -q ^PROVEN stdout",
     NULL},
    {"quick",
     {"verify", "--quick", "-f", "image.tap"},
     "",
     "test -s stdout",
     NULL},
    {"dump", {"dump", "-f", "image.tap"}, "", "grep -q END stdout", NULL},
    {"cat",
     {"cat", "-f", "image.tap", "tree/file"},
     "",
     "cmp stdout tree/file",
     NULL},
    {"restore",
     {"restore", "-f", "image.tap", "-C", "out"},
     "",
     OUT_AGREES,
     NOTHING_WRONG},
    {"restore again",
     {"restore", "-f", "image.tap", "-C", "out", "--existing", "skip"},
     "cp -a tree out/; rm out/tree/file",
     OUT_AGREES,
     NOTHING_WRONG},
    {"restore damaged",
     {"restore", "-f", "damaged.tap", "-C", "out"},
     "",
     "false", /* something is lost */
     NOTHING_WRONG},
    {"salvage",
     {"restore", "--salvage", "-f", "parts.tap", "-C", "out"},
     "",
     "false",
     "cd out && find . -type f | while read f; do "
     "case $f in *.reel-partial*) "
     "whole=../${f%.reel-partial*}; " FROM_RIGHT(
         "\"$f\"", "\"$whole\"") " || exit 1;; "
                                 "*) cmp \"$f\" \"../$f\" || exit 1;; "
                                 "esac; done && "
                                 "! find . -name '.reel-*' | grep -q ."},
    {"extract",
     {"extract", "image.tap", "out"},
     "",
     "diff -r out extract.right",
     "cd out && for f in *; do ! test -e \"$f\" || " FROM_RIGHT(
         "\"$f\"", "\"../extract.right/$f\"") " || exit 1; done"},
    {"extract damaged",
     {"extract", "parts.tap", "out"},
     "",
     "false",
     "! test -s stdout || "
     "python3 -B \"$REEL_SOURCE_DIR/tests/extract_check.py\" stdout out "
     ">/dev/null"},
    {"raw",
     {"restore", "-f", "image.tap", "--raw", "out"},
     "",
     "diff -r out raw.right",
     "cd out && for f in *; do ! test -e \"$f\" || cmp \"$f\" "
     "\"../raw.right/$f\" || exit 1; done"},
    {"compare",
     {"compare", "-f", "image.tap", "-C", "."},
     "",
     "grep -q ': 0 differences' stdout",
     NULL},
    {"catalog",
     {"catalog", "rebuild", "-f", "image.tap", "--catalog", "kept"},
     "",
     KEPT_AGREES,
     KEPT_OR_NOTHING},
    {"plan",
     {"restore", "--plan", "-f", "image.tap"},
     "",
     "test -s stdout",
     NULL},
};

static int
shell(const char *command)
{
    const int status = system(command);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The verb, in a process of its own, with its output in files. */
static int
run(const struct scenario *s, unsigned long fail_at, unsigned long *requests)
{
    int pipe_fds[2];
    int status = 0;
    pid_t pid;

    ck_assert_int_eq(pipe(pipe_fds), 0);
    (void)fflush(NULL);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        char *words[WORDS_MAX + 1] = {NULL};
        int count                  = 0;
        struct reel_err err;
        int code;

        while (s->words[count]) {
            words[count] = strdup(s->words[count]);
            count++;
        }
        if (!freopen("stdout", "w", stdout) || !freopen("stderr", "w", stderr))
            _exit(99);
        reel_alloc_fail_at(fail_at, 0);
        code = cli_verb_find(words[0])->run(count, words);
        if (cli_output_check(&err) != REEL_OK && code == 0)
            code = CLI_EXIT_STOPPED;
        if (requests) {
            const unsigned long made = reel_alloc_requests();

            if (write(pipe_fds[1], &made, sizeof(made)) != sizeof(made))
                _exit(98);
        }
        while (count > 0)
            free(words[--count]);
        exit(code);
    }
    (void)close(pipe_fds[1]);
    if (requests)
        ck_assert_int_eq(read(pipe_fds[0], requests, sizeof(*requests)),
                         sizeof(*requests));
    (void)close(pipe_fds[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status), "%s: killed by %d at request %lu", s->name,
                  WTERMSIG(status), fail_at);
    return WEXITSTATUS(status);
}

static void
reset(const struct scenario *s)
{
    ck_assert_int_eq(shell("rm -rf out kept kept.tmp-*; mkdir out"), 0);
    if (s->reset[0])
        ck_assert_int_eq(shell(s->reset), 0);
}

static bool
is_known(int code)
{
    return (code >= CLI_EXIT_WELL && code <= CLI_EXIT_WANTED) ||
           code == CLI_EXIT_INTERRUPTED;
}

/* One point: does what was promised hold? */
static void
check(const struct scenario *s, unsigned long n)
{
    int code;

    reset(s);
    code = run(s, n, NULL);
    ck_assert_msg(is_known(code), "%s: exit %d at request %lu", s->name, code,
                  n);
    ck_assert_msg(code != 0 || shell(s->success) == 0,
                  "%s: success that is none at request %lu", s->name, n);
    if (s->always)
        ck_assert_msg(shell(s->always) == 0,
                      "%s: something wrong has a name at request %lu", s->name,
                      n);
}

START_TEST(each_request_for_memory_fails)
{
    const struct scenario *const s = &scenarios[_i];
    unsigned long step             = 1;
    unsigned long requests         = 0;
    int code;

    reset(s);
    code = run(s, 0, &requests);
    if (strcmp(s->success, "false") == 0)
        ck_assert_int_ne(code, 0);
    else
        ck_assert_msg(code == 0 && shell(s->success) == 0,
                      "%s fails by itself: exit %d", s->name, code);
    ck_assert_uint_gt(requests, 0);
    if (!getenv("REEL_SOAK") && requests > SAMPLE)
        step = requests / SAMPLE;
    for (unsigned long n = 1; n <= requests; n += step)
        check(s, n);
}
END_TEST

/* The tree, an image of it, a damaged one, and what is right. */
static bool
prepare(void)
{
    return mkdtemp(folder) && chdir(folder) == 0 &&
           setenv("TMPDIR", folder, 1) == 0 &&
           shell("set -e; mkdir tree tree/d raw.right extract.right\n"
                 "head -c 3000000 /dev/urandom >tree/file\n"
                 "ln tree/file tree/d/link; ln -s file tree/symlink\n"
                 "mkfifo tree/fifo; echo small >tree/d/small; : >tree/empty\n"
                 "truncate -s 1M tree/sparse\n"
                 "\"$REEL_PROGRAM\" write -f image.tap tree >/dev/null\n"
                 "\"$REEL_PROGRAM\" list -l -f image.tap >list.right\n"
                 "\"$REEL_PROGRAM\" restore -f image.tap --raw raw.right "
                 ">/dev/null\n"
                 "\"$REEL_PROGRAM\" catalog rebuild -f image.tap --catalog "
                 "kept.right >/dev/null\n"
                 "\"$REEL_PROGRAM\" extract image.tap extract.right "
                 ">/dev/null\n"
                 "\"$REEL_PROGRAM\" write --block-size 64K --segment-size 256K "
                 "--checkpoint-every 512K -f parts.tap tree >/dev/null\n"
                 "head -c 2500000 parts.tap >broken.tap\n"
                 "printf damage | dd of=parts.tap bs=1 seek=2000000 "
                 "conv=notrunc 2>/dev/null\n"
                 "cp image.tap damaged.tap\n"
                 "printf damage | dd of=damaged.tap bs=1 seek=2000000 "
                 "conv=notrunc 2>/dev/null\n") == 0;
}

static void
add(TCase *t)
{
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, each_request_for_memory_fails, 0,
                        SUITE_COUNT(scenarios));
}

int
main(void)
{
    char command[sizeof(folder) + 16];
    int failed = EXIT_FAILURE;

    if (prepare())
        failed = suite_run("sweep_verbs", add);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    return chdir("/") == 0 && shell(command) == 0 ? failed : EXIT_FAILURE;
}
