/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests that could not have been significant dilute no others. Benjamini and Hochberg's values
 * themselves are held against R in test_stats_r.c. */
#include "cmocka_all.h"

#include <math.h>

#include "stats/adjust.h"

enum { MANY = 100 };

/* In rows, as the tables have them. */
static tide_status tarone(double *p, const double *least, size_t count, double *threshold) {
  struct {
    double least, other, p;
  } rows[MANY];
  for (size_t i = 0; i < count; i++) {
    rows[i].p = p[i];
    rows[i].least = least[i];
  }
  const tide_tests tests = {&rows->p, &rows->least, sizeof *rows, count};
  const tide_status status = tide_adjust_tarone(&tests, 0.05, NULL, threshold);
  for (size_t i = 0; i < count; i++)
    p[i] = rows[i].p;
  return status;
}

static void test_tarone(void **state) {
  double p[MANY], least[MANY], plain[3] = {0.001, 0.02, 0.4};
  double threshold;
  (void)state;
  for (size_t i = 0; i < MANY; i++) {
    p[i] = i < 3 ? plain[i] : 1;
    least[i] = i < 3 ? 1e-6 : 0.25;
  }
  p[MANY - 1] = NAN; /* a test that was not made */
  assert_int_equal(tarone(p, least, MANY, &threshold), TIDE_OK);
  assert_float_equal(threshold, 0.05 / 3, 1e-15);
  assert_int_equal(tide_adjust_bh(plain, 3, NULL), TIDE_OK);
  for (size_t i = 0; i < 3; i++) {
    at("i = %zu", i);
    assert_float_equal(p[i], plain[i], 1e-15);
  }
  for (size_t i = 3; i < MANY; i++) {
    at("i = %zu", i);
    assert_true(isnan(p[i]));
  }
}

/* Tarone's K: of 4 tests with these least values two reach 0.05 / 2, and K is 2; that the third
 * could reach 0.05 alone does not help it. */
static void test_k(void **state) {
  double p[] = {0.02, 0.01, 0.03, 0.9};
  const double least[] = {0.02, 0.01, 0.03, 0.2};
  double threshold;
  (void)state;
  assert_int_equal(tarone(p, least, 4, &threshold), TIDE_OK);
  assert_float_equal(threshold, 0.025, 1e-15);
  assert_true(fabs(p[0] - 0.02) < 1e-15 && fabs(p[1] - 0.02) < 1e-15);
  assert_true(isnan(p[2]) && isnan(p[3]));
}

static void test_none(void **state) {
  double p[] = {NAN};
  const double least[] = {0};
  double threshold;
  (void)state;
  assert_int_equal(tarone(p, least, 1, &threshold), TIDE_OK);
  assert_float_equal(threshold, 0.05, 1e-15);
  assert_int_equal(tarone(p, least, 0, &threshold), TIDE_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tarone),
      cmocka_unit_test(test_k),
      cmocka_unit_test(test_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
