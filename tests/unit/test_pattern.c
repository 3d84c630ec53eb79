/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmocka_all.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "rules/pattern.h"

static tide_pattern *compile(const char *text) {
  tide_pattern *p = NULL;
  tide_error err = {.text = ""};
  if (tide_pattern_compile(&p, tide_span_of(text), NULL, &err) != TIDE_OK)
    fail_msg("%s: %s", text, err.text);
  return p;
}

static tide_match search(const char *pattern, tide_span text, tide_span *found) {
  tide_pattern *p = compile(pattern);
  tide_pattern_scratch *s;
  assert_int_equal(tide_pattern_scratch_new(&s), TIDE_OK);
  tide_match match = tide_pattern_search(p, s, text, found);
  tide_pattern_scratch_free(s);
  tide_pattern_free(p);
  return match;
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

#define BYTES(literal)                                                                             \
  { literal, sizeof(literal) - 1 }

static void finds(void **state) {
  (void)state;
  static const struct {
    const char *pattern;
    tide_span text;
    const char *found; /* NULL: no match */
  } cases[] = {
      {"viagra", BYTES("cheap VIAGRA here"), "VIAGRA"},
      {"VIAGRA", BYTES("cheap viagra here"), "viagra"},
      {"viagra", BYTES("cheap viagr"), NULL},
      {"", BYTES(""), ""},
      {"^$", BYTES(""), ""},
      {"^b", BYTES("a\nb"), NULL},
      {"(?m)^b", BYTES("a\nb"), "b"},
      {"a.b", BYTES("a\nb"), NULL},
      /* lines end in LF, CRLF or CR */
      {"(?m)^b$", BYTES("a\r\nb\r\nc"), "b"},
      {"(?m)^b$", BYTES("a\rb\rc"), "b"},
      {"b$", BYTES("a\r\nb\r\n"), "b"},
      {"a.+b", BYTES("a\rb"), NULL},
      {"a\\Rb", BYTES("a\r\nb"), "a\r\nb"},
      {"STRASSE|\xc3\x84nderung", BYTES("die \xc3\xa4nderung"), "\xc3\xa4nderung"},
      {"\xd0\x92\xd0\x98\xd0\x90\xd0\x93\xd0\xa0\xd0\x90",
       BYTES("\xd0\xb2\xd0\xb8\xd0\xb0\xd0\xb3\xd1\x80\xd0\xb0"),
       "\xd0\xb2\xd0\xb8\xd0\xb0\xd0\xb3\xd1\x80\xd0\xb0"},
      /* a word ends where a reader sees it end, not at the first letter that is not English */
      {"\\bth\\b", BYTES("th\xc3\xa9"), NULL},
      {"^.{3}$",
       BYTES("a\xe2\x82\xac"
             "b"),
       "a\xe2\x82\xac"
       "b"},
      /* bytes that are no UTF-8: not matched, and no reason to give up what stands beside them */
      {"viagra", BYTES("\xff\xfe viagra \xc3"), "viagra"},
      {"a.b",
       BYTES("a\xff"
             "b"),
       NULL},
      {"viagra$", BYTES("\xe2\x82viagra"), "viagra"},
      {"a\\x00b", BYTES("xa\0b"), "a\0b"},
      {"(?<=foo)\\Kbar", BYTES("foobar"), "bar"},
      {"foo\\Kbar", BYTES("foobar"), "bar"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    tide_span found = {0};
    tide_match want = cases[i].found ? TIDE_MATCH_YES : TIDE_MATCH_NO;
    if (search(cases[i].pattern, cases[i].text, &found) != want)
      fail_msg("case %zu: %s", i, cases[i].pattern);
    if (!cases[i].found)
      continue;
    size_t len = strcmp(cases[i].pattern, "a\\x00b") == 0 ? 3 : strlen(cases[i].found);
    if (!tide_span_equal(found, tide_span_make(cases[i].found, len)))
      fail_msg("case %zu: \"%.*s\"", i, (int)found.len, found.ptr);
  }
  assert_int_equal(search("^$", (tide_span){0}, NULL), TIDE_MATCH_YES);
}

static void refuses(void **state) {
  (void)state;
  static const struct {
    const char *pattern;
    size_t offset;
    const char *reason;
  } cases[] = {
      {"a(b", 3, "missing closing parenthesis"},
      {"ab)c", 2, "unmatched closing parenthesis"},
      {"x[a-", 4, "missing terminating ] for character class"},
      {"a**+*", 2, "quantifier does not follow a repeatable item"},
      {"a\\Cb", 3, "using \\C is disabled by the application"},
      {"\xff", 0, "UTF-8 error: illegal byte (0xfe or 0xff)"},
      {"abc\xc3(", 3, "UTF-8 error: byte 2 top bits not 0x80"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    tide_pattern *p = NULL;
    tide_error err = {.text = ""};
    size_t offset = 999;
    if (tide_pattern_compile(&p, tide_span_of(cases[i].pattern), &offset, &err) != TIDE_USAGE)
      fail_msg("%s was taken", cases[i].pattern);
    assert_null(p);
    if (offset != cases[i].offset || strcmp(err.text, cases[i].reason) != 0)
      fail_msg("case %zu: %zu: %s", i, offset, err.text);
  }
  char *text = malloc(TIDE_LIMIT_PATTERN + 1);
  assert_non_null(text);
  memset(text, 'a', TIDE_LIMIT_PATTERN + 1);
  tide_pattern *p = NULL;
  tide_error err = {.text = ""};
  assert_int_equal(
      tide_pattern_compile(&p, tide_span_make(text, TIDE_LIMIT_PATTERN + 1), NULL, &err),
      TIDE_USAGE);
  assert_string_equal(err.text, "longer than 16384 bytes");
  assert_int_equal(tide_pattern_compile(&p, tide_span_make(text, TIDE_LIMIT_PATTERN), NULL, &err),
                   TIDE_OK);
  tide_pattern_free(p);
  free(text);
}

/* A text with `fill` over and over, and what is put at its end. */
static tide_span long_text(size_t len, const char *fill, const char *end) {
  char *text = malloc(len);
  assert_non_null(text);
  size_t n = strlen(fill);
  for (size_t i = 0; i < len; i++)
    text[i] = fill[i % n];
  memcpy(text + len - strlen(end), end, strlen(end));
  return tide_span_make(text, len);
}

static void free_text(tide_span s) {
  free((void *)(uintptr_t)s.ptr);
}

/* What backtracks for ever ends at the limit of steps; what is quadratic by starting everywhere
 * anew ends in linear time. The seconds are many times what is measured, for slow machines and
 * sanitizers, and a small part of what it takes without limits. */
static void ends(void **state) {
  (void)state;
  static const struct {
    const char *pattern, *fill, *end;
    size_t len;
    tide_match want;
  } cases[] = {
      {"(a+)+$", "a", "!", 4096, TIDE_MATCH_LIMIT_REACHED},
      {"(a+)+$", "a", "!", TIDE_LIMIT_TEXT, TIDE_MATCH_LIMIT_REACHED},
      {"(?:a|aa)*b$", "a", "bc", TIDE_LIMIT_TEXT, TIDE_MATCH_LIMIT_REACHED},
      {"(?:.*,){20}x", "a,", "x;", TIDE_LIMIT_TEXT, TIDE_MATCH_LIMIT_REACHED},
      {"[a-z ]*!x", "ax", "x", TIDE_LIMIT_TEXT, TIDE_MATCH_LIMIT_REACHED},
      /* few steps at each place, so that no limit of steps is reached, but all letters after it to
         pass over: 34 s in one piece */
      {"(?:[a-z]*+ ?)*+!x", "ax", "x", TIDE_LIMIT_TEXT / 4, TIDE_MATCH_LIMIT_REACHED},
      {"[a-z]+!x", "ax ", "x", TIDE_LIMIT_TEXT, TIDE_MATCH_NO},
      {"(?s)foo.*?bar", "foo ", "r", TIDE_LIMIT_TEXT, TIDE_MATCH_LIMIT_REACHED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    tide_span text = long_text(cases[i].len, cases[i].fill, cases[i].end);
    double before = seconds();
    tide_match match = search(cases[i].pattern, text, NULL);
    double took = seconds() - before;
    free_text(text);
    if (match != cases[i].want)
      fail_msg("%s: %d", cases[i].pattern, match);
    if (took > 20)
      fail_msg("%s took %.1f s", cases[i].pattern, took);
    if (getenv("TIDE_VERBOSE"))
      print_message("%s: %.3f s\n", cases[i].pattern, took);
  }
}

/* Where the pieces of a long text meet must not be seen: a needle at every place around the first
 * few seams, and near the end. */
static void seams(void **state) {
  (void)state;
  const size_t len = 10 * TIDE_LIMIT_MATCH_SPAN + 123;
  static const struct {
    const char *pattern, *needle;
    bool want;
  } cases[] = {
      {"<needle>", "<needle>", true},
      {"(?<=\xe2\x82\xac)needle\\b", "\xe2\x82\xacneedle ", true},
      {"needle\\b", "needles", false}, /* a cut after `needle` would make a word end */
      {"needle$", "needles", false},
      {"needle(?!s)", "needles", false},
      {"needle\\z", "needles", false},
      {"^needle", "needle", false}, /* only at 0, which is left out below */
      {"\\Aneedle", "needle", false},
  };
  tide_pattern_scratch *s;
  assert_int_equal(tide_pattern_scratch_new(&s), TIDE_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    tide_pattern *p = compile(cases[i].pattern);
    const size_t n = strlen(cases[i].needle);
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, '.', len);
    for (size_t at = 1; at + n < len;
         at +=
         at % TIDE_LIMIT_MATCH_SPAN < 40 || at % TIDE_LIMIT_MATCH_SPAN > TIDE_LIMIT_MATCH_SPAN - 40
             ? 1
             : 61) {
      memcpy(text + at, cases[i].needle, n);
      tide_span found = {0};
      bool got = tide_pattern_search(p, s, tide_span_make(text, len), &found) == TIDE_MATCH_YES;
      if (got != cases[i].want)
        fail_msg("%s at %zu", cases[i].pattern, at);
      if (got && (found.ptr < text + at || found.ptr > text + at + 3))
        fail_msg("%s at %zu: found elsewhere", cases[i].pattern, at);
      memset(text + at, '.', n);
    }
    free(text);
    tide_pattern_free(p);
  }
  tide_pattern_scratch_free(s);
}

/* A match as long as the text, wherever it begins, and what only nearly is one. */
static void long_matches(void **state) {
  (void)state;
  static const struct {
    const char *pattern, *begin, *fill, *end;
    tide_match want;
  } cases[] = {
      {"(?s)<.*>", "<", ".", ">", TIDE_MATCH_YES},
      {"(?s)<.*>", "<ab", "\xe2\x82\xac", ">", TIDE_MATCH_YES},
      {"<[^>]*>", "<", "ab\n", ">", TIDE_MATCH_YES},
      {"<[^>]*>", "<", "ab\n", "<", TIDE_MATCH_NO},
      {"<[^>]*>$", "<", "ab\n", ">.", TIDE_MATCH_NO},
      {"<\\w+>", "<", "a", ">", TIDE_MATCH_YES},
      {"<\\w+>", "<", "a", "!>", TIDE_MATCH_NO},
      {"<(a(?1)?)?>", "<", "b", ">", TIDE_MATCH_NO},
      {"<(?=(?s).*>)", "<", "a", ">", TIDE_MATCH_YES},
      {"<(?!(?s).*>)", "<", "a", ">", TIDE_MATCH_NO},
      {"<a{2}", "<", "a", ">", TIDE_MATCH_YES},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    for (size_t at = 0; at < 30 * TIDE_LIMIT_MATCH_SPAN; at += 3 * TIDE_LIMIT_MATCH_SPAN / 2) {
      at("at = %zu", at);
      tide_span text = long_text(40 * TIDE_LIMIT_MATCH_SPAN, cases[i].fill, cases[i].end), found;
      memcpy((char *)(uintptr_t)text.ptr + at / 3 * 3, cases[i].begin, strlen(cases[i].begin));
      const tide_match got = search(cases[i].pattern, text, &found);
      if (got != cases[i].want)
        fail_msg("%s at %zu: %d", cases[i].pattern, at, (int)got);
      if (cases[i].want == TIDE_MATCH_YES)
        assert_ptr_equal(found.ptr, text.ptr + at / 3 * 3);
      free_text(text);
    }
  }
}

/* Any bytes: the search comes back, and what it says it found lies inside. */
static void any_bytes(void **state) {
  (void)state;
  static const char *const patterns[] = {
      "\\bca\\b", "(?<=\xc3\xa9)a|c.{1,3}b", "[^a]c", "(?i)\xc3\x89+$", "a(?=.c)", "^.*b"};
  static const unsigned char alphabet[] = {'a',  'b',  'c',  ' ',  '\n', 0,    0xc3, 0xa9, 0x89,
                                           0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xff, 0xc0, 0xed, 0xa0};
  tide_pattern_scratch *s;
  uint32_t seed = 20081111;
  assert_int_equal(tide_pattern_scratch_new(&s), TIDE_OK);
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    at("row %zu of patterns: %s", i, patterns[i]);
    tide_pattern *p = compile(patterns[i]);
    for (int round = 0; round < 20000; round++) {
      at("round = %d", round);
      size_t len = (size_t)(round % 24);
      char *text = malloc(len + 1); /* its own size, so that a sanitizer sees a byte too far */
      assert_non_null(text);
      for (size_t k = 0; k < len; k++) {
        seed = seed * 1664525u + 1013904223u;
        text[k] = (char)alphabet[(seed >> 16) % sizeof alphabet];
      }
      tide_span found = {0};
      tide_match match = tide_pattern_search(p, s, tide_span_make(text, len), &found);
      assert_int_not_equal(match, TIDE_MATCH_LIMIT_REACHED);
      if (match == TIDE_MATCH_YES)
        assert_true(found.ptr >= text && found.ptr + found.len <= text + len);
      free(text);
    }
    tide_pattern_free(p);
  }
  tide_pattern_scratch_free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds), cmocka_unit_test(refuses),      cmocka_unit_test(ends),
      cmocka_unit_test(seams), cmocka_unit_test(long_matches), cmocka_unit_test(any_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
