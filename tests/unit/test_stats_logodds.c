/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted log-odds against R 4.2, term by term:
 *   wb <- before + prior; ob <- all_before + all_prior - wb, and so after;
 *   d <- log(wa/oa) - log(wb/ob); z <- d / sqrt(1/wa + 1/oa + 1/wb + 1/ob); p <- 2 * pnorm(-abs(z))
 */
#include "cmocka_all.h"

#include <math.h>

#include "stats/logodds.h"

static void as_r(void **state) {
  (void)state;
  static const struct {
    tide_logodds_counts counts;
    double log_odds, z, p;
  } cases[] = {
      {{2, 23, 1000, 2000, 2.5, 100}, 1.09609177465, 2.13799731963, 0.0325169607785},
      {{40, 10, 1000, 1000, 5, 100}, -1.12665150873, -3.73978082745, 0.000184180777286},
      {{0, 0, 10, 10, 1, 10}, 0, 0, 1},
      {{500, 600, 1000, 1000, 50, 100}, 0.367724780125, 4.27556680125, 1.9065162256e-05},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases", i);
    tide_logodds x = tide_logodds_estimate(&cases[i].counts);
    assert_float_equal(x.log_odds, cases[i].log_odds, 1e-10);
    assert_float_equal(x.z, cases[i].z, 1e-10);
    assert_float_equal(x.p, cases[i].p, 1e-12);
  }
}

/* The sides exchanged, the change is the opposite one. */
static void turns_round(void **state) {
  (void)state;
  for (int i = 0; i < 50; i++) {
    at("i = %d", i);
    const tide_logodds_counts one = {i, 7, 100, 300, 1, 20}, other = {7, i, 300, 100, 1, 20};
    tide_logodds x = tide_logodds_estimate(&one), y = tide_logodds_estimate(&other);
    assert_float_equal(x.log_odds, -y.log_odds, 1e-12);
    assert_float_equal(x.p, y.p, 1e-12);
  }
}

static void nothing_to_compare(void **state) {
  (void)state;
  const tide_logodds_counts none = {0}, whole = {5, 5, 5, 5, 0, 0};
  assert_true(isnan(tide_logodds_estimate(&none).p));
  assert_true(isnan(tide_logodds_estimate(&whole).z));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(as_r), cmocka_unit_test(turns_round),
                                     cmocka_unit_test(nothing_to_compare)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
