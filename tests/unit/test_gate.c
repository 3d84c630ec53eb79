/* A gate may stand open for nothing, but must never be closed before a match. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "../../lib/extract/gate.h"
#include "spamtide/pattern.h"

static uint64_t seed;

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
  };
  static gate_text signs;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_arena arena = {0};
    const gate *g = gate_compile(tide_span_of(cases[i].pattern), &arena);
    gate_read(&signs, tide_span_of(cases[i].text));
    bool open = !g || gate_open(g, &signs);
    tide_arena_free(&arena);
    if (open != cases[i].open) fail_msg("%s in %s", cases[i].pattern, cases[i].text);
  }
}

/* Patterns made of pieces at random, those that PCRE2 takes; against texts made of the same letters. */
static void never_wrong(void **state) {
  (void)state;
  static const char *const pieces[] = {
      "a", "b", "c", "abc", "ab", "bca", "cab", "(?:", "(", "(?>", "(?i:", "(?=", "(?!", "(?<=", "(?<!", ")", ")", ")", "|", "|", "?", "*", "+", "{2}", "{0,2}",
      "{1,}", "??", "*+", "[ab]", "[abc]", "[^a]", "[a-c]", "[[:alpha:]]", "[]a]", "[^]a]", "[\\]b]", "[a[b]", "\\b", "\\w", "\\s", ".", " ", "-", "\\.", "\\-",
      "\\Q", "\\E", "\\x61", "\\K", "^", "$", "(?i)", "(?x)", "(?#", "{", "}", "]", "[[:a]", "\xc3\xa9", "s", "k", "(*UCP)", "\\1", "[\\c]a]", "\\cA", "(?<n>",
      "\\R", "\\N", "\\N{U+61}", "[b\\-c]", "[b-]",
  };
  static const char letters[] = "aaabbbcccABCsk -.\n]x\xc3\xa9";
  static gate_text signs;
  tide_pattern_scratch *scratch;
  tide_arena arena = {0};
  size_t closed = 0;
  assert_int_equal(tide_pattern_scratch_new(&scratch), TIDE_OK);
  seed = 88172645463325252u;
  for (int round = 0; round < 60000; round++) {
    char pattern[256] = "";
    for (unsigned i = 1 + below(14); i; i--) strcat(pattern, pieces[below(sizeof pieces / sizeof *pieces)]);
    tide_pattern *p;
    if (tide_pattern_compile(&p, tide_span_of(pattern), NULL, NULL) != TIDE_OK) continue;
    tide_arena_reset(&arena);
    const gate *g = gate_compile(tide_span_of(pattern), &arena);
    for (int i = 0; g && i < 40; i++) {
      char text[24];
      tide_span s = {text, below(sizeof text)};
      for (size_t k = 0; k < s.len; k++) text[k] = letters[below(sizeof letters - 1)];
      gate_read(&signs, s);
      if (gate_open(g, &signs)) continue;
      closed++;
      if (tide_pattern_search(p, scratch, s, NULL) == TIDE_MATCH_YES) fail_msg("%s matches %.*s", pattern, (int)s.len, text);
    }
    tide_pattern_free(p);
  }
  assert_true(closed > 20000);
  tide_pattern_scratch_free(scratch);
  tide_arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(closes), cmocka_unit_test(never_wrong)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
