/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmocka with what it must be included after, and with assertions that say more: each names the
 * expression, what was wanted and what was got, and the rows of tables that were being tried. */
#ifndef CMOCKA_ALL_H
#define CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Of most tests by another name: see units.c.in. */
int main(void);

/* In a loop: at("row %zu: %s", i, rows[i].text) names what is tried until the end of the block, for
 * the message of an assertion that fails in it. Loops may stand in loops. */
#define TEST_JOIN(a, b) a##b
#define TEST_NAME(line) TEST_JOIN(test_row_, line)
#define at(...)                                                                                    \
  __attribute__((cleanup(test_row_end), unused)) int TEST_NAME(__LINE__) =                         \
      test_row_begin(__VA_ARGS__)

static struct {
  int depth;
  char name[4][400];
} test_at;

__attribute__((format(printf, 1, 2), unused)) static int test_row_begin(const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (test_at.depth < 4)
    vsnprintf(test_at.name[test_at.depth], sizeof *test_at.name, format, args);
  va_end(args);
  return test_at.depth++;
}

__attribute__((unused)) static void test_row_end(int *row) {
  test_at.depth = *row;
}

/* What failed was said; the next test begins with no row. */
__attribute__((noreturn, unused)) static void test_failed(const char *file, int line) {
  for (int i = 0; i < test_at.depth && i < 4; i++)
    print_error("  at:     %s\n", test_at.name[i]);
  test_at.depth = 0;
  _fail(file, line);
  abort(); /* not reached */
}

typedef struct test_number {
  uintmax_t bits;
  bool is_signed;
} test_number;

#define TEST_NUMBER(x)                                                                             \
  ((test_number){(uintmax_t)(x), _Generic((x), int                                                 \
                                          : true, long                                             \
                                          : true, long long                                        \
                                          : true, signed char                                      \
                                          : true, short                                            \
                                          : true, default                                          \
                                          : false)})

static inline const char *test_number_text(test_number n, char text[32]) {
  if (n.is_signed)
    snprintf(text, 32, "%jd", (intmax_t)n.bits);
  else
    snprintf(text, 32, "%ju", n.bits);
  return text;
}

/* What an assertion of two numbers says: "EXPRESSION", and of the number wanted also how the test
 * writes it. */
__attribute__((unused)) static void test_numbers(const char *text, test_number got,
                                                 const char *wanted, test_number want) {
  char a[32], b[32];
  test_number_text(want, b);
  print_error("%s\n  wanted: %s%s%s\n  got:    %s\n", text, b, strcmp(wanted, b) ? " = " : "",
              strcmp(wanted, b) ? wanted : "", test_number_text(got, a));
}

#undef assert_int_equal
#define assert_int_equal(got, want)                                                                \
  do {                                                                                             \
    test_number got_ = TEST_NUMBER(got), want_ = TEST_NUMBER(want);                                \
    if (got_.bits != want_.bits) {                                                                 \
      test_numbers(#got, got_, #want, want_);                                                      \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

#undef assert_int_not_equal
#define assert_int_not_equal(got, want)                                                            \
  do {                                                                                             \
    test_number got_ = TEST_NUMBER(got), want_ = TEST_NUMBER(want);                                \
    if (got_.bits == want_.bits) {                                                                 \
      test_numbers("another number than " #want " for " #got, got_, #want, want_);                 \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

/* assert_number(count, >=, 150): a comparison that shows both sides. */
#define assert_number(got, op, want)                                                               \
  do {                                                                                             \
    __typeof__(got) got_ = (got);                                                                  \
    if (!(got_ op(want))) {                                                                        \
      print_error("%s\n  wanted: %s %s", #got, #op, #want);                                        \
      if (*#want < '0' || *#want > '9')                                                            \
        print_error(" = %.15g", (double)(want));                                                   \
      print_error("\n  got:    %.15g\n", (double)got_);                                            \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

/* As doubles: cmocka's own compares floats. */
#undef assert_float_equal
#define assert_float_equal(got, want, slack)                                                       \
  do {                                                                                             \
    double got_ = (got), want_ = (want), slack_ = (slack);                                         \
    if (!(got_ - want_ <= slack_ && want_ - got_ <= slack_)) {                                     \
      print_error("%s\n  wanted: %.15g, within %g = %s\n  got:    %.15g\n", #got, want_, slack_,   \
                  #want, got_);                                                                    \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

#define TEST_HOLDS(condition, wanted, text)                                                        \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      print_error("%s\n  wanted: %s\n", text, wanted);                                             \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

#undef assert_true
#undef assert_false
#undef assert_null
#undef assert_non_null
#define assert_true(condition)   TEST_HOLDS(condition, "true", #condition)
#define assert_false(condition)  TEST_HOLDS(!(condition), "false", #condition)
#define assert_null(pointer)     TEST_HOLDS((pointer) == NULL, "no pointer", #pointer)
#define assert_non_null(pointer) TEST_HOLDS((pointer) != NULL, "a pointer", #pointer)

/* Texts of which each has its length; a text that is not there is none. */
__attribute__((unused)) static bool test_texts_equal(const char *text, const char *got,
                                                     size_t got_len, const char *want,
                                                     size_t want_len) {
  if (!got == !want && got_len == want_len && (!got_len || memcmp(got, want, got_len) == 0))
    return true;
  print_error("%s\n  wanted: %s%.*s%s\n  got:    %s%.*s%s\n", text, want ? "\"" : "no text",
              (int)want_len, want ? want : "", want ? "\"" : "", got ? "\"" : "no text",
              (int)got_len, got ? got : "", got ? "\"" : "");
  return false;
}

#undef assert_string_equal
#define assert_string_equal(got, want)                                                             \
  do {                                                                                             \
    const char *got_ = (got), *want_ = (want);                                                     \
    if (!test_texts_equal(#got, got_, got_ ? strlen(got_) : 0, want_, want_ ? strlen(want_) : 0))  \
      test_failed(__FILE__, __LINE__);                                                             \
  } while (0)

/* assert_string_equal for a span: an empty one may point nowhere. */
#define assert_span_equal(span, want)                                                              \
  do {                                                                                             \
    tide_span got_ = (span);                                                                       \
    const char *want_ = (want);                                                                    \
    if (!test_texts_equal(#span, got_.len ? got_.ptr : "", got_.len, want_, strlen(want_)))        \
      test_failed(__FILE__, __LINE__);                                                             \
  } while (0)

#undef assert_memory_equal
#define assert_memory_equal(got, want, size)                                                       \
  do {                                                                                             \
    if (memcmp((got), (want), (size)) != 0) {                                                      \
      print_error("%s\n  wanted: the %zu bytes of %s\n", #got, (size_t)(size), #want);             \
      test_failed(__FILE__, __LINE__);                                                             \
    }                                                                                              \
  } while (0)

#undef fail_msg
#define fail_msg(...)                                                                              \
  do {                                                                                             \
    print_error(__VA_ARGS__);                                                                      \
    print_error("\n");                                                                             \
    test_failed(__FILE__, __LINE__);                                                               \
  } while (0)

#endif
