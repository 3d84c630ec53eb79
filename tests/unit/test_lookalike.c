/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-alikes: words hidden from programs by letters that look the same, and words that must stay
 * what they are. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "rules/campaign.h"
#include "extract/extractor.h"
#include "mime/message.h"

static void folded(void **state) {
  (void)state;
  static const struct {
    const char *text, *plain;
  } cases[] = {
      {"", ""},
      {"plain text", "plain text"},
      /* accents, composed and not */
      {"V\xc3\xad"
       "a\xc3\xa7r\xc3\xa3",
       "Viacra"},
      {"Viag\xcc\x81ra", "Viagra"},
      {"\xc3\x98"
       "dem",
       "Odem"},
      /* Cyrillic, Greek, Armenian left alone */
      {"\xd0\xa1i\xd0\xb0lis", "Cialis"},
      {"r\xd0\xbel\xd0\xb5x", "rolex"},
      {"\xce\xa1r\xce\xbfz\xce\xb1"
       "c",
       "Prozac"},
      {"\xd5\x8eiagra", "\xd5\x8eiagra"},
      /* styled letters: fullwidth, mathematical, circled, superscript, ligature */
      {"\xef\xbc\xb6\xef\xbd\x89\xef\xbd\x81gra", "Viagra"},
      {"\xf0\x9d\x90\x95iagra", "Viagra"},
      {"\xe2\x93\xa5iagra", "viagra"},
      {"x\xc2\xb2", "x2"},
      {"\xef\xac\x81nance", "finance"},
      {"\xe1\xb4\x8d"
       "ed\xc9\xaa"
       "cine",
       "MedIcine"},
      /* digits and signs inside words */
      {"v1agra", "viagra"},
      {"V1@GR@", "ViaGRa"},
      {"r0lex c1alis", "rolex cialis"},
      {"c0de1ne", "codeine"},
      {"ca$h", "cash"},
      {"m0rtgage!", "mortgage!"},
      {"pr3scr|pti0ns", "prescrlptions"},
      {"vi@gra.", "viagra."},
      /* no words of that kind */
      {"$100 in 2008", "$100 in 2008"},
      {"MP3 and A4 and B2B", "MP3 and A4 and B2B"},
      {"a@b.example", "a@b.example"},
      {"joe@example.com", "joe@example.com"},
      {"10mg", "10mg"},
      {"1st", "1st"},
      {"sale! now", "sale! now"},
      {"x0", "x0"},
      {"0x12ab", "0x12ab"},
      {"3.5mm", "3.5mm"},
      {"v1.2", "v1.2"},
      /* bytes that are no UTF-8, and NUL */
      {"caf\xe9 v1agra", "caf\xe9 viagra"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    tide_buffer out = {0};
    size_t len = strlen(cases[i].text);
    char *copy = malloc(len ? len : 1); /* of its very size: a byte read too far is found */
    memcpy(copy, cases[i].text, len);
    assert_int_equal(tide_lookalikes_fold(tide_span_make(copy, len), &out), TIDE_OK);
    if (!tide_span_equal(tide_buffer_span(&out), tide_span_of(cases[i].plain)))
      fail_msg("%s: got \"%.*s\"", cases[i].text, (int)out.len, out.ptr);
    free(copy);
    tide_buffer_free(&out);
  }
  tide_buffer out = {0};
  assert_int_equal(tide_lookalikes_fold(SPAN("r\xd0\xbelex\0v1agra"), &out), TIDE_OK);
  assert_true(tide_span_equal(tide_buffer_span(&out), SPAN("rolex\0viagra")));
  tide_buffer_free(&out);
  out.limit = 4;
  assert_int_equal(tide_lookalikes_fold(SPAN("v1agra"), &out), TIDE_SKIP);
  tide_buffer_free(&out);
}

/* Through the rules: only where it is asked for, and what is written stays findable. */
static void searched(void **state) {
  (void)state;
  static const struct {
    const char *rule;
    bool plain, fold;
  } cases[] = {
      {"c,,subject,viagra", false, true},
      {"c,,subject,v1agra", true, true},
      {"c,,text,cialis", false, true},
      {"c,,text,\xd0\xb0", true, true},
      {"c,,text,^cialis$", false, true},
      {"c,,text,viagra", false, false},
      {"c,r,subject,v1agra\nc,r,text,cialis", false, true},
      {"c,,x-odd,v1agra", true, true},
      {"c,,x-odd,viagra", false, false},
      {"c,,raw,cialis", false, false},
  };
  tide_parser *parser;
  tide_mime_init();
  assert_int_equal(tide_parser_new(&parser), TIDE_OK);
  const tide_raw raw = {.bytes = SPAN("Subject: v1agra\nX-Odd: v1agra\nContent-Type: text/plain; "
                                      "charset=utf-8\n\n\xd0\xa1i\xd0\xb0lis\n")};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].rule);
    for (int fold = 0; fold < 2; fold++) {
      at("fold = %d", fold);
      tide_rules *rules;
      tide_matcher *matcher;
      tide_buffer csv = {0};
      tide_arena arena = {0};
      tide_record nothing = {0};
      const tide_message *m;
      tide_matches found;
      bool row_hits[4], rule_hits[4];
      tide_row_hits hits = {.rows = row_hits, .rules = rule_hits};
      tide_error err;
      tide_buffer_printf(&csv, "campaign,rule,field,pattern\n%s\n", cases[i].rule);
      assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
      assert_int_equal(tide_rules_add(rules, tide_buffer_span(&csv), "r.csv", &err), TIDE_OK);
      if (fold)
        tide_rules_fold_lookalikes(rules);
      assert_int_equal(tide_matcher_new(&matcher, rules), TIDE_OK);
      assert_int_equal(tide_message_parse(parser, &raw, tide_rules_needs(rules), &m), TIDE_OK);
      assert_int_equal(tide_rules_match(matcher, m, &nothing, &arena, &found), TIDE_OK);
      if (found.count != (fold ? cases[i].fold : cases[i].plain))
        fail_msg("%s, %s: %u", cases[i].rule, fold ? "folded" : "plain", found.count);
      /* The survey tries every row and comes to the same. */
      assert_int_equal(tide_rules_survey(matcher, m, &nothing, &arena, &hits), TIDE_OK);
      assert_int_equal(rule_hits[0], found.count);
      assert_int_equal(found.defects | hits.defects, 0);
      tide_matcher_free(matcher);
      tide_rules_free(rules);
      tide_buffer_free(&csv);
      tide_arena_free(&arena);
    }
  }
  tide_parser_free(parser);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(folded), cmocka_unit_test(searched)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
