/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Silence: what messages are worth as events, how improbable their absence is, and what is said of
 * a stream. */
#include "cmocka_all.h"

#include <math.h>
#include <string.h>

#include "stats/wait.h"

static void test_events(void **state) {
  double days[28] = {0};
  (void)state;
  assert_number(tide_wait_events(days, 28), <, 1e-9);
  assert_number(tide_wait_events(days, 0), <, 1e-9);
  /* One mailing of one day, of one message or of a thousand, is one event. */
  for (size_t size = 1; size <= 1000; size *= 10) {
    at("size = %zu", size);
    days[9] = (double)size;
    assert_float_equal(tide_wait_events(days, 28), 1, 0.01);
    assert_float_equal(tide_wait_events(days + 9, 1), (double)size, 0.01);
  }
  /* The same on three days after each other is worth less than on three days that lie apart. */
  memset(days, 0, sizeof days);
  days[2] = days[12] = days[22] = 10;
  double apart = tide_wait_events(days, 28);
  memset(days, 0, sizeof days);
  days[11] = days[12] = days[13] = 10;
  double together = tide_wait_events(days, 28);
  assert_true(apart > 2.9 && apart < 3.5);
  assert_true(together >= 1 && together < 1.7);
  /* Steady days: each message is an event. */
  for (size_t i = 0; i < 28; i++)
    days[i] = 3;
  assert_float_equal(tide_wait_events(days, 28), 84, 1e-9);
}

static void test_wait(void **state) {
  (void)state;
  /* Clopper and Pearson's bound at a silent side: 2 * 2^-6. */
  assert_float_equal(tide_wait_p(6, 28, 28, NULL), 2 * pow(0.5, 6), 1e-12);
  assert_float_equal(tide_wait_p(6, 28, 7, NULL), 2 * pow(0.8, 6), 1e-12);
  assert_number(tide_wait_p(1, 28, 28, NULL), >=, 1);
  assert_number(tide_wait_p(0, 28, 28, NULL), >=, 1);
  assert_number(tide_wait_p(5, 28, 0, NULL), >=, 1);
  /* A level that wanders: the same integral as in test_stats_reference.c, 20 and 0 in 28 and 14
   * days, two-sided. */
  const tide_reference r = {.dates = 100, .freedom = 8, .wander = 0.25, .spread = 0.5}, none = {0};
  assert_float_equal(tide_wait_p(20, 28, 14, &r), 0.0123483, 1e-5);
  assert_float_equal(tide_wait_p(20, 28, 14, &none), tide_wait_p(20, 28, 14, NULL), 1e-15);
}

/* At the bound the silence has the probability asked for; 14 and 0 in equal windows are Clopper and
 * Pearson's, 0.3015 (R: poisson.test(c(0, 14), c(28, 28))). */
static void test_bound(void **state) {
  (void)state;
  assert_float_equal(tide_wait_bound(14, 28, 28, 0.025, NULL), 0.301458, 1e-5);
  assert_true(isinf(tide_wait_bound(0, 28, 28, 0.025, NULL)));
  const tide_reference r = {.dates = 100, .freedom = 8, .wander = 0.25, .spread = 0.5};
  const double bound = tide_wait_bound(20, 28, 14, 0.025, &r);
  assert_float_equal(bound, 0.5819755, 1e-4);
  assert_float_equal(tide_wait_p(20, 28, 14 * bound, &r), 0.05, 1e-9);
}

static void test_outcome(void **state) {
  (void)state;
  const struct {
    tide_outcome_of of;
    tide_outcome expected;
  } rows[] = {
      {{20, 0, 0, 0, 0.5, 0.001, 0.001, false, false}, TIDE_OUTCOME_SILENT},
      {{20, 0, 0, 0, 0.5, 0.001, 0.2, false, false}, TIDE_OUTCOME_TOO_FEW},
      {{0, 20, NAN, 2, NAN, 0.001, 0.001, false, false}, TIDE_OUTCOME_NEW},
      {{0, 20, NAN, 2, NAN, 0.001, 0.001, false, true}, TIDE_OUTCOME_ROSE},
      {{0, 2, NAN, 0.1, NAN, 0.3, 0.3, true, false}, TIDE_OUTCOME_TOO_FEW},
      {{0, 0, NAN, NAN, NAN, NAN, 1, true, false}, TIDE_OUTCOME_TOO_FEW},
      {{2, 1, 0.5, 0.01, 20, 0.9, NAN, true, false}, TIDE_OUTCOME_TOO_FEW},
      {{200, 100, 0.5, 0.3, 0.8, 0.01, NAN, false, false}, TIDE_OUTCOME_FELL},
      {{200, 100, 0.5, 0.01, 0.8, 0.01, NAN, false, false}, TIDE_OUTCOME_FELL},
      {{100, 200, 2, 1.2, 3, 0.01, NAN, false, false}, TIDE_OUTCOME_ROSE},
      {{100, 200, 2, 0.9, 4, 0.06, NAN, false, false}, TIDE_OUTCOME_UNCHANGED},
      {{100, 200, 2, 0.2, 10.1, 0.06, NAN, false, false}, TIDE_OUTCOME_TOO_FEW},
      {{200, 100, 0.5, 0.09, 3, 0.06, NAN, false, false}, TIDE_OUTCOME_TOO_FEW},
      {{100, 200, 2, NAN, NAN, NAN, NAN, false, false}, TIDE_OUTCOME_TOO_FEW},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    at("row %zu of rows", i);
    assert_string_equal(tide_outcome_name(tide_outcome_judge(&rows[i].of, 0.05)),
                        tide_outcome_name(rows[i].expected));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_events),
      cmocka_unit_test(test_wait),
      cmocka_unit_test(test_bound),
      cmocka_unit_test(test_outcome),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
