/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: what R says. */
#include "r_lines.h"

#include "spamtide/concentration.h"

static void test_r(void **state) {
  (void)state;
  static r_lines r;
  static uint64_t counts[R_VALUES_MOST];
  size_t n = 0, checked = 0;
  r_open(&r, "concentration.txt");
  while (r_next(&r)) {
    if (strcmp(r.name, "counts") == 0) {
      for (n = 0; n < r.count; n++)
        counts[n] = (uint64_t)r.values[n];
      continue;
    }
    tide_concentration c;
    tide_concentration_measure(counts, n, &c);
    assert_int_equal(c.groups, (uint64_t)r.values[0]);
    assert_int_equal(c.total, (uint64_t)r.values[1]);
    assert_near(c.top_1, r.values[2]);
    assert_near(c.top_10, r.values[3]);
    assert_near(c.top_100, r.values[4]);
    assert_near(c.gini, r.values[5]);
    assert_near(c.hhi, r.values[6]);
    assert_near(c.effective, r.values[7]);
    checked++;
  }
  assert_int_equal(checked, 6);
}

static void test_nothing(void **state) {
  (void)state;
  uint64_t zeros[] = {0, 0, 0};
  tide_concentration c;
  tide_concentration_measure(zeros, 3, &c);
  assert_int_equal(c.groups, 0);
  assert_true(c.gini <= 0 && c.hhi <= 0 && c.effective <= 0);
  tide_concentration_measure(NULL, 0, &c);
  assert_int_equal(c.groups, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_r), cmocka_unit_test(test_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
