/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates: posterior, thresholds and intervals are what R says. */
#include "r_lines.h"

#include <math.h>

#include "stats/dating.h"

/* By the formula, and without it: not below, and little above, more so where it is near 0. */
static void check_threshold(const double *want) {
  double own = tide_dating_threshold(want[0], want[1]);
  if (want[2] > 0)
    assert_near(own, want[2]);
  else
    assert_number(own, <=, 0);
  assert_true(own >= want[3] && own < want[3] + (want[3] > 1 ? 0.6 : 0.8));
}

static tide_dating_model model_of(const double *v) {
  return (tide_dating_model){.rate = {.sd = v[0],
                                      .kappa = v[1],
                                      .burst_begins = v[2],
                                      .burst_ends = v[3],
                                      .burst_above = v[4],
                                      .burst_mean = v[5],
                                      .burst_sd = v[6],
                                      .bursts = v[7] > 0},
                             .before = v[8],
                             .after = v[9],
                             .before_se = v[10],
                             .after_se = v[11],
                             .penalty = v[12]};
}

static void test_r(void **state) {
  (void)state;
  static r_lines r;
  double counts[R_VALUES_MOST], posterior[R_VALUES_MOST];
  size_t n = 0, thresholds = 0, models = 0;
  tide_dating_model model = {0};
  tide_dating date = {0};
  r_open(&r, "dating.txt");
  while (r_next(&r)) {
    if (strcmp(r.name, "threshold") == 0) {
      check_threshold(r.values);
      thresholds++;
    } else if (strcmp(r.name, "counts") == 0) {
      n = r.count;
      memcpy(counts, r.values, n * sizeof *counts);
    } else if (strcmp(r.name, "model") == 0) {
      model = model_of(r.values);
      assert_int_equal(tide_dating_posterior(counts, n, 7, &model, posterior), TIDE_OK);
      assert_int_equal(tide_dating_find(counts, n, 7, &model, &date), TIDE_OK);
      models++;
    } else if (strcmp(r.name, "posterior") == 0) {
      assert_int_equal(r.count, n);
      for (size_t t = 0; t < n; t++) {
        at("t = %zu", t);
        assert_near(posterior[t], r.values[t]);
      }
    } else if (strcmp(r.name, "date") == 0) {
      assert_int_equal(date.at, (size_t)r.values[0]);
      assert_int_equal(date.low, (size_t)r.values[1]);
      assert_int_equal(date.high, (size_t)r.values[2]);
    } else
      fail_msg("unknown line %s", r.name);
  }
  assert_int_equal(thresholds, 31);
  assert_int_equal(models, 9);
}

/* Nothing, much, a level of almost nothing, a penalty that nothing passes: a posterior that sums to
 * 1, within its places. */
static void test_edges(void **state) {
  (void)state;
  double counts[100], posterior[100];
  static const double levels[] = {0.005, 1, 1e9}, sds[] = {0, 0.02, 3}, kappas[] = {0, 0.1, 100},
                      penalties[] = {0.5, 13, 1e6};
  for (size_t i = 0; i < 3 * 3 * 3 * 3 * 3 * 3; i++) {
    at("i = %zu", i);
    size_t kind = i % 3, of_before = i / 3 % 3, of_after = i / 9 % 3, of_sd = i / 27 % 3,
           of_kappa = i / 81 % 3, of_penalty = i / 243;
    for (size_t t = 0; t < 100; t++)
      counts[t] = kind == 1 || (kind == 2 && t % 2) ? 1e9 : 0;
    tide_dating_model model = {.rate = {.sd = sds[of_sd],
                                        .kappa = kappas[of_kappa],
                                        .burst_begins = 0.005,
                                        .burst_ends = 0.5,
                                        .burst_above = 0.5,
                                        .burst_mean = 1.5,
                                        .burst_sd = 1,
                                        .bursts = i % 2},
                               .before = levels[of_before],
                               .after = levels[of_after],
                               .before_se = 1,
                               .after_se = 0.01,
                               .penalty = penalties[of_penalty]};
    tide_dating date;
    double sum = 0;
    assert_int_equal(tide_dating_posterior(counts, 100, 7, &model, posterior), TIDE_OK);
    for (size_t t = 0; t < 100; t++) {
      at("t = %zu", t);
      assert_true(posterior[t] >= 0 && posterior[t] <= 1);
      if (t < 7 || t > 93)
        assert_number(posterior[t], <=, 0);
      sum += posterior[t];
    }
    assert_float_equal(sum, 1, 1e-9);
    assert_int_equal(tide_dating_find(counts, 100, 7, &model, &date), TIDE_OK);
    assert_true(date.low >= 7 && date.low <= date.at && date.at <= date.high && date.high <= 93);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_r), cmocka_unit_test(test_edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
