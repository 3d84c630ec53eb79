/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that somebody meant. */
#include "cmocka_all.h"

#include "base/nearest.h"

#define LONG_64 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

static void test_nearest(void **state) {
  (void)state;
  static const char *const names[] = {"timeline", "compare", "records", "events", "explain", "by"};
  static const struct {
    const char *typed, *want;
  } cases[] = {{"tmeline", "timeline"},
               {"timelines", "timeline"},
               {"time", "timeline"},
               {"recrods", "records"},
               {"event", "events"},
               {"expalin", "explain"},
               {"bye", "by"},
               {"xx", NULL},
               {"", NULL},
               {"t", NULL},
               {"completely", NULL},
               {LONG_64 LONG_64, NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].typed);
    const char *got =
        tide_nearest(tide_span_of(cases[i].typed), names, sizeof names / sizeof *names);
    if (cases[i].want)
      assert_string_equal(got ? got : "(none)", cases[i].want);
    else
      assert_null(got);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_nearest)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
