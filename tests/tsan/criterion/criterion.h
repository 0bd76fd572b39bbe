/* Criterion's macros for a build under ThreadSanitizer, where Criterion cannot start (its shared arena and the
 * sanitizer's shadow want the same addresses). A constructor registers each test; main() runs each in a child. */
#ifndef CRITERION_H
#define CRITERION_H

#pragma GCC system_header /* as Criterion is one: its macros are not pedantic C */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shim_options {
    void (*init)(void);
    void (*fini)(void);
    double timeout;
};
struct shim_suite {
    const char *name;
    struct shim_options options;
    struct shim_suite *next;
};
struct shim_test {
    const char *suite, *name;
    void (*body)(void);
    struct shim_options options;
    struct shim_test *next;
};
void shim_add_suite(struct shim_suite *suite);
void shim_add_test(struct shim_test *test);
void shim_fail(const char *file, int line, const char *condition, const char *format, ...);

#define TestSuite(suite_, ...)                                                                                         \
    static struct shim_suite shim_suite_##suite_ = {.name = #suite_, .options = {__VA_ARGS__}};                        \
    __attribute__((constructor)) static void shim_add_suite_##suite_(void) { shim_add_suite(&shim_suite_##suite_); }   \
    struct shim_suite

#define Test(suite_, name_, ...)                                                                                       \
    static void suite_##_##name_##_body(void);                                                                         \
    static struct shim_test suite_##_##name_##_test = {                                                                \
        .suite = #suite_, .name = #name_, .body = suite_##_##name_##_body, .options = {__VA_ARGS__}};                  \
    __attribute__((constructor)) static void suite_##_##name_##_add(void) { shim_add_test(&suite_##_##name_##_test); } \
    static void suite_##_##name_##_body(void)

#define SHIM_CHECK(text, condition, ...)                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            shim_fail(__FILE__, __LINE__, text, "" __VA_ARGS__);                                                       \
    } while (0)
#define cr_assert(condition, ...) SHIM_CHECK(#condition, (condition), __VA_ARGS__)
#define cr_assert_not(condition, ...) SHIM_CHECK("not " #condition, !(condition), __VA_ARGS__)
#define cr_assert_fail(...) SHIM_CHECK("fails", false, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) SHIM_CHECK(#a " == " #b, (a) == (b), __VA_ARGS__)
#define cr_assert_neq(a, b, ...) SHIM_CHECK(#a " != " #b, (a) != (b), __VA_ARGS__)
#define cr_assert_lt(a, b, ...) SHIM_CHECK(#a " < " #b, (a) < (b), __VA_ARGS__)
#define cr_assert_leq(a, b, ...) SHIM_CHECK(#a " <= " #b, (a) <= (b), __VA_ARGS__)
#define cr_assert_gt(a, b, ...) SHIM_CHECK(#a " > " #b, (a) > (b), __VA_ARGS__)
#define cr_assert_geq(a, b, ...) SHIM_CHECK(#a " >= " #b, (a) >= (b), __VA_ARGS__)
#define cr_assert_null(a, ...) SHIM_CHECK(#a " is NULL", (a) == NULL, __VA_ARGS__)
#define cr_assert_not_null(a, ...) SHIM_CHECK(#a " is not NULL", (a) != NULL, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) SHIM_CHECK(#a " is " #b, strcmp((a), (b)) == 0, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) SHIM_CHECK(#a " is not " #b, strcmp((a), (b)) != 0, __VA_ARGS__)
#define cr_assert_float_eq(a, b, by, ...)                                                                              \
    SHIM_CHECK(#a " == " #b, (a) - (b) <= (by) && (b) - (a) <= (by), __VA_ARGS__)

#define cr_expect cr_assert
#define cr_expect_not cr_assert_not
#define cr_expect_eq cr_assert_eq
#define cr_expect_neq cr_assert_neq
#define cr_expect_lt cr_assert_lt
#define cr_expect_leq cr_assert_leq
#define cr_expect_gt cr_assert_gt
#define cr_expect_geq cr_assert_geq
#define cr_expect_null cr_assert_null
#define cr_expect_not_null cr_assert_not_null
#define cr_expect_str_eq cr_assert_str_eq
#define cr_expect_str_neq cr_assert_str_neq
#define cr_expect_float_eq cr_assert_float_eq

#endif
