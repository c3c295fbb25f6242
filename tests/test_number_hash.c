/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in tables: spread, and not to be foreseen. */
#include "reel/number_hash.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

#define NUMBERS 8192U
#define SLOTS (2 * NUMBERS)
#define CROWD 12U /* in one slot; chance makes five or six */

static void
check_spread(uint64_t first, uint64_t step)
{
    static unsigned in_slot[SLOTS];
    uint64_t n;

    memset(in_slot, 0, sizeof(in_slot));
    for (n = 0; n < NUMBERS; n++) {
        unsigned *const here =
            &in_slot[reel_number_hash(first + n * step) % SLOTS];

        (*here)++;
        ck_assert_uint_lt(*here, CROWD);
    }
}

START_TEST(numbers_in_a_row_do_not_crowd)
{
    check_spread(1, 1);
    check_spread(1, SLOTS);
    check_spread(1, 1ULL << 32);
    check_spread(1, 1ULL << 50);
    /* The inverse of a multiplier that is much used, modulo 2^64. */
    check_spread(0, 0xF1DE83E19937733DU);
}
END_TEST

/* What a new process makes of the number 1. */
static uint64_t
in_a_process(void)
{
    uint64_t hash = 0;
    int status;
    int fds[2];
    pid_t pid;

    ck_assert_int_eq(pipe(fds), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        hash = reel_number_hash(1);
        _exit(write(fds[1], &hash, sizeof(hash)) == sizeof(hash) ? 0 : 1);
    }
    ck_assert_int_eq(read(fds[0], &hash, sizeof(hash)), sizeof(hash));
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    (void)close(fds[0]);
    (void)close(fds[1]);
    return hash;
}

START_TEST(another_process_has_another_one)
{
    ck_assert_uint_ne(in_a_process(), in_a_process());
    ck_assert_uint_eq(reel_number_hash(1), reel_number_hash(1));
}
END_TEST

static void
add_tests(TCase *t)
{
    tcase_add_test(t, numbers_in_a_row_do_not_crowd);
    tcase_add_test(t, another_process_has_another_one);
}

int
main(void)
{
    return suite_run("number_hash", add_tests);
}
