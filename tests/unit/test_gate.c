/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gate may stand open for nothing, but must never be closed before a match. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../lib/rules/gate.h"
#include "rules/pattern.h"

static uint64_t seed;

/* Does the text open the pattern's gate, with so many other patterns beside it? What is found must
 * not depend on how it is searched for. */
static bool opens(const char *pattern, tide_span text, unsigned others) {
  gate_set *set;
  gate_marks marks = {0};
  uint32_t gate, other;
  assert_int_equal(tide_gate_set_new(&set), TIDE_OK);
  for (unsigned i = 0; i < others; i++) {
    at("i = %u", i);
    char filler[16];
    snprintf(filler, sizeof filler, "zq%05ux", i * 7919);
    assert_int_equal(tide_gate_set_add(set, tide_span_of(filler), &other), TIDE_OK);
  }
  assert_int_equal(tide_gate_set_add(set, tide_span_of(pattern), &gate), TIDE_OK);
  assert_int_equal(tide_gate_set_build(set), TIDE_OK);
  assert_int_equal(tide_gate_marks_shut(set, &marks), TIDE_OK);
  assert_int_equal(tide_gate_search(set, text, &marks), TIDE_OK);
  bool open = gate_open(&marks, gate);
  tide_gate_marks_free(&marks);
  tide_gate_set_free(set);
  return open;
}

static unsigned below(unsigned n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)((seed >> 20) % n);
}

/* Does the gate do its work at all? What is closed here is what rules are made of. */
static void closes(void **state) {
  (void)state;
  static const struct {
    const char *pattern, *text;
    bool open;
  } cases[] = {
      {"viagra", "cialis", false},
      {"viagra", "a VIAGRA b", true},
      {"\\b(?:viagra|cialis)\\b", "vicodin", false},
      {"\\b(?:viagra|cialis)\\b", "cialis", true},
      {"v[i1]agra", "v2agra", false},
      {"v[i1]agra", "V1AGRA", true},
      {"work (?:from|at) home", "working at home", false},
      {"home[- ]based business", "home-based", false},
      {"\\bpharmac(?:y|ies)\\b.{0,40}\\$", "farmacy $", false},
      {"(?:no )?prescriptions?", "preskription", false},
      {"(?-i)^<\\d{4}D", "x", true}, /* nothing is known of it */
      {"a|viagra", "x", true},
      {"\\x76iagra", "x", true},
      {"[\\c]viagra]", "v", true}, /* \c] is a control character: the class goes on */
      {"abc", "ab", false},        /* words of three letters, at the ends */
      {"abc", "ABC", true},
      {"abc", "zabc", true},
      {"abc", "abcz", true},
      {"abc|viagra", "viagr abc", true},
      {"abc|viagra", "viagr abd", false},
      {"kiosks", "\xe2\x84\xaaio\xc5\xbf\xe2\x84\xaa\xc5\xbf",
       true}, /* the kelvin sign and the long s */
      {"kiosks", "\xe2\x84\xaaio\xc5\xbf\xe2\x84\xaa", false},
      {"a-b.", "a\rb\x0e",
       false}, /* bytes that differ from a sign by the bit that tells a letter's case */
      {"a b c", "A\0B\0C", false},
      /* both of what stands in a row, any of what stands side by side */
      {"replica.{0,40}watch", "replica of it", false},
      {"replica.{0,40}watch", "watch a replica", true},
      {"(?:replica|copy).*watch|pills", "a copy of it", false},
      {"(?:replica|copy).*watch|pills", "the pills", true},
      {"win(?:ning)? (?:a )?prize", "winning the prize", false},
      {"win(?:ning)? (?:a )?prize", "winning prize", true},
      /* words by themselves */
      {"\\bpen\\b", "open pens", false},
      {"\\bpen\\b", "a PEN.", true},
      {"\\bED\\b", "needed", false},
      {"\\bED\\b", "for ed", true},
      {"\\bED\\W", "ed,", true},
      {"\\b(?:rally|up.*now)\\b", "generally", false},
      {"\\b(?:rally|up.*now)\\b", "a rally", true},
      {"\\b(?:a.*watch|b.*watches)\\b", "watches", true},
      {"\\b(?:a.*watch|c.*pens)\\b", "watches", false},
      {"(?:x.*pen)+\\b", "xpenxpens", true},
      /* beyond ASCII: any character for any */
      {"pen[i\xc3\xad]s", "p\xc3\xaan\xc3\xads", false},
      {"pen[i\xc3\xad]s", "pen\xc3\x8ds", true},
      {"pen[i\xc3\xad]s", "penns", false},
      {"\\bpen\\b", "\xc3\xa9pen", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].pattern);
    for (unsigned others = 0; others <= 200; others += 40) {
      at("others = %u", others);
      if (opens(cases[i].pattern, tide_span_of(cases[i].text), others) != cases[i].open)
        fail_msg("%s in %s beside %u", cases[i].pattern, cases[i].text, others);
    }
  }
}

/* Patterns made of pieces at random, those that PCRE2 takes; against texts made of the same
 * letters. */
static void never_wrong(void **state) {
  (void)state;
  static const char *const pieces[] = {
      "a",        "b",           "c",        "abc",   "ab",          "bca",       "cab",
      "(?:",      "(",           "(?>",      "(?i:",  "(?=",         "(?!",       "(?<=",
      "(?<!",     ")",           ")",        ")",     "|",           "|",         "?",
      "*",        "+",           "{2}",      "{0,2}", "{1,}",        "??",        "*+",
      "[ab]",     "[abc]",       "[^a]",     "[a-c]", "[[:alpha:]]", "[]a]",      "[^]a]",
      "[\\]b]",   "[a[b]",       "\\b",      "\\w",   "\\s",         ".",         " ",
      "-",        "\\.",         "\\-",      "\\Q",   "\\E",         "\\x61",     "\\K",
      "^",        "$",           "(?i)",     "(?x)",  "(?#",         "{",         "}",
      "]",        "[[:a]",       "\xc3\xa9", "s",     "k",           "(*UCP)",    "\\1",
      "[\\c]a]",  "\\cA",        "(?<n>",    "\\R",   "\\N",         "\\N{U+61}", "[b\\-c]",
      "[b-]",     "\\b",         "\\b",      "\\W",   "_",           "\\p{L}",    "\\P{Lu}",
      "[\\p{L}]", "[a\xc3\xa9]", "bc a",     "[_-]",  "\\B",         "b",         "\\W+",
  };
  static const char letters[] = "aaabbbcccABCsk -.\n]x_\xc3\xa9\xc5\xbf\xe2\x84\xaa";
  gate_set *set;
  gate_marks marks = {0};
  tide_pattern_scratch *scratch;
  size_t closed = 0;
  assert_int_equal(tide_pattern_scratch_new(&scratch), TIDE_OK);
  seed = 88172645463325252u;
  for (int round = 0; round < 60000; round++) {
    at("round = %d", round);
    char pattern[256] = "";
    for (unsigned i = 1 + below(14); i; i--)
      strcat(pattern, pieces[below(sizeof pieces / sizeof *pieces)]);
    tide_pattern *p;
    if (tide_pattern_compile(&p, tide_span_of(pattern), NULL, NULL) != TIDE_OK)
      continue;
    uint32_t gate;
    assert_int_equal(tide_gate_set_new(&set), TIDE_OK);
    assert_int_equal(tide_gate_set_add(set, tide_span_of(pattern), &gate), TIDE_OK);
    assert_int_equal(tide_gate_set_build(set), TIDE_OK);
    for (int i = 0; gate != GATE_NONE && i < 40; i++) {
      at("i = %d", i);
      char text[24];
      tide_span s = {text, below(sizeof text)};
      for (size_t k = 0; k < s.len; k++)
        text[k] = letters[below(sizeof letters - 1)];
      assert_int_equal(tide_gate_marks_shut(set, &marks), TIDE_OK);
      assert_int_equal(tide_gate_search(set, s, &marks), TIDE_OK);
      if (gate_open(&marks, gate))
        continue;
      closed++;
      if (tide_pattern_search(p, scratch, s, NULL) == TIDE_MATCH_YES)
        fail_msg("%s matches %.*s", pattern, (int)s.len, text);
    }
    tide_gate_set_free(set);
    tide_pattern_free(p);
  }
  assert_number(closed, >, 20000);
  tide_pattern_scratch_free(scratch);
  tide_gate_marks_free(&marks);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(closes), cmocka_unit_test(never_wrong)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
