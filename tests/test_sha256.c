/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapter 10, SHA-256; tests of format/sha256.c, in both of its forms. */
#include <stdio.h>
#include <string.h>

#include "reel/sha256.h"
#include "suite.h"

/* The portable form, whichever one the library was built with. */
void portable_init(struct reel_sha256 *s);
void portable_update(struct reel_sha256 *s, const void *data, size_t len);
void portable_zeros(struct reel_sha256 *s, uint64_t len);
void portable_final(struct reel_sha256 *s, uint8_t out[REEL_DIGEST_BYTES]);
void portable_sha256(const void *data, size_t len,
                     uint8_t out[REEL_DIGEST_BYTES]);
#define reel_sha256_init portable_init
#define reel_sha256_update portable_update
#define reel_sha256_zeros portable_zeros
#define reel_sha256_final portable_final
#define reel_sha256(data, len, out) portable_sha256(data, len, out)
#include "sha256.c"
#undef reel_sha256_init
#undef reel_sha256_update
#undef reel_sha256_zeros
#undef reel_sha256_final
#undef reel_sha256

#define SAMPLE_BYTES 300U

static const struct {
    void (*init)(struct reel_sha256 *s);
    void (*update)(struct reel_sha256 *s, const void *data, size_t len);
    void (*zeros)(struct reel_sha256 *s, uint64_t len);
    void (*final)(struct reel_sha256 *s, uint8_t out[REEL_DIGEST_BYTES]);
    void (*all)(const void *data, size_t len, uint8_t out[REEL_DIGEST_BYTES]);
} forms[] = {
    {reel_sha256_init, reel_sha256_update, reel_sha256_zeros, reel_sha256_final,
     reel_sha256},
    {portable_init, portable_update, portable_zeros, portable_final,
     portable_sha256},
};

/* The first two stand in the text, the third in FIPS 180-2. */
static const struct {
    const char *message;
    const char *digest;
} known[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void
assert_digest(const uint8_t seen[REEL_DIGEST_BYTES], const char *wanted)
{
    char hex[2 * REEL_DIGEST_BYTES + 1];

    for (size_t i = 0; i < REEL_DIGEST_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", seen[i]);
    ck_assert_str_eq(hex, wanted);
}

static void
fill(uint8_t *data, size_t len)
{
    uint32_t x = 0x87654321U;

    for (size_t i = 0; i < len; i++) {
        x       = x * 1664525U + 1013904223U;
        data[i] = (uint8_t)(x >> 24);
    }
}

START_TEST(known_digests)
{
    uint8_t digest[REEL_DIGEST_BYTES];

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        forms[_i].all(known[i].message, strlen(known[i].message), digest);
        assert_digest(digest, known[i].digest);
    }
}
END_TEST

START_TEST(a_million_letters)
{
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_sha256 s;
    char letters[1000];

    memset(letters, 'a', sizeof(letters));
    forms[_i].init(&s);
    for (size_t i = 0; i < 1000; i++)
        forms[_i].update(&s, letters, sizeof(letters));
    forms[_i].final(&s, digest);
    assert_digest(
        digest,
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(forms_agree_at_all_lengths_and_alignments)
{
    uint8_t data[8 + SAMPLE_BYTES];
    uint8_t a[REEL_DIGEST_BYTES];
    uint8_t b[REEL_DIGEST_BYTES];

    fill(data, sizeof(data));
    for (size_t at = 0; at < 8; at++)
        for (size_t len = 0; len <= SAMPLE_BYTES; len++) {
            forms[0].all(data + at, len, a);
            forms[1].all(data + at, len, b);
            ck_assert_mem_eq(a, b, sizeof(a));
        }
}
END_TEST

START_TEST(all_splits)
{
    uint8_t data[SAMPLE_BYTES];
    uint8_t whole[REEL_DIGEST_BYTES];
    uint8_t digest[REEL_DIGEST_BYTES];

    fill(data, sizeof(data));
    forms[_i].all(data, sizeof(data), whole);
    for (size_t at = 0; at <= sizeof(data); at++) {
        struct reel_sha256 s;

        forms[_i].init(&s);
        forms[_i].update(&s, data, at);
        forms[_i].update(&s, NULL, 0);
        forms[_i].update(&s, data + at, sizeof(data) - at);
        forms[_i].final(&s, digest);
        ck_assert_mem_eq(digest, whole, sizeof(digest));
    }
}
END_TEST

START_TEST(zeros_are_octets_of_zero)
{
    static const uint8_t zeros[40000];
    static const size_t lengths[] = {0, 1, 63, 64, 16384, 16385, 40000};
    uint8_t a[REEL_DIGEST_BYTES];
    uint8_t b[REEL_DIGEST_BYTES];

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct reel_sha256 s;

        forms[_i].all(zeros, lengths[i], a);
        forms[_i].init(&s);
        forms[_i].zeros(&s, lengths[i]);
        forms[_i].final(&s, b);
        ck_assert_mem_eq(a, b, sizeof(a));
    }
}
END_TEST

/* "plain memory, may be copied to fork a running digest" */
START_TEST(copy_forks)
{
    uint8_t data[SAMPLE_BYTES];
    uint8_t wanted[REEL_DIGEST_BYTES];
    uint8_t digest[REEL_DIGEST_BYTES];
    struct reel_sha256 s;

    fill(data, sizeof(data));
    forms[_i].init(&s);
    for (size_t len = 0; len < sizeof(data); len++) {
        struct reel_sha256 fork = s;

        forms[_i].final(&fork, digest);
        forms[_i].all(data, len, wanted);
        ck_assert_mem_eq(digest, wanted, sizeof(digest));
        forms[_i].update(&s, data + len, 1);
    }
}
END_TEST

/* More than 2^32 bits, where the length takes its second word. */
START_TEST(long_message)
{
    uint8_t a[REEL_DIGEST_BYTES];
    uint8_t b[REEL_DIGEST_BYTES];
    struct reel_sha256 s;
    struct reel_sha256 t;

    reel_sha256_init(&s);
    portable_init(&t);
    s.bytes = t.bytes = (UINT64_C(1) << 61) - 128; /* as if that much stood */
    reel_sha256_update(&s, "abc", 3);
    portable_update(&t, "abc", 3);
    reel_sha256_final(&s, a);
    portable_final(&t, b);
    ck_assert_mem_eq(a, b, sizeof(a));
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, known_digests, 0, SUITE_COUNT(forms));
    tcase_add_loop_test(tcase, a_million_letters, 0, SUITE_COUNT(forms));
    tcase_add_test(tcase, forms_agree_at_all_lengths_and_alignments);
    tcase_add_loop_test(tcase, all_splits, 0, SUITE_COUNT(forms));
    tcase_add_loop_test(tcase, zeros_are_octets_of_zero, 0, SUITE_COUNT(forms));
    tcase_add_loop_test(tcase, copy_forks, 0, SUITE_COUNT(forms));
    tcase_add_test(tcase, long_message);
}

int
main(void)
{
    return suite_run("sha256", add_tests);
}
