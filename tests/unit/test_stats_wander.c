/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a level strays: everything is what R says. */
#include "r_lines.h"

#include <math.h>

#include "stats/segment.h"
#include "stats/wander.h"

static double values[R_VALUES_MOST], expected[R_VALUES_MOST];
static size_t count;

static void see(tide_wander *w, bool known) {
  tide_wander_close(w);
  for (size_t t = 0; t < count; t++)
    expected[t] = known && t >= count / 2 ? 0.4 : 1;
  assert_int_equal(tide_wander_open(w, count, 7), TIDE_OK);
  tide_wander_see(w, values, expected);
}

static void check_near(const tide_wander *w, const double *want) {
  size_t first = (size_t)want[0], second = (size_t)want[1];
  tide_wander_near one = tide_wander_around(w, first, first),
                   two = tide_wander_around(w, first, second);
  assert_near(one.rate, want[2]);
  assert_near(one.freedom, want[3]);
  assert_near(two.rate, want[4]);
  assert_near(two.freedom, want[5]);
}

static void check_strength(const tide_wander *w, const double *want) {
  size_t from = (size_t)want[0], at = (size_t)want[1], to = (size_t)want[2];
  tide_wander_near near = tide_wander_around(w, at, at);
  tide_wander_sum a = tide_wander_sum_of(w, from, at), b = tide_wander_sum_of(w, at, to);
  assert_near(tide_wander_strength(w, &near, a, b), want[3]);
  assert_near(tide_wander_strength(w, &near, b, a), want[3]);
}

static void test_r(void **state) {
  (void)state;
  static r_lines r;
  tide_wander w = {0};
  size_t checked = 0;
  r_open(&r, "wander.txt");
  while (r_next(&r)) {
    checked++;
    if (strcmp(r.name, "known") == 0) {
      see(&w, r.values[0] > 0);
    } else if (strcmp(r.name, "slopes") == 0) {
      const tide_wander_near near =
          tide_wander_around(&w, (size_t)r.values[0], (size_t)r.values[0]);
      assert_near(near.short_slope, r.values[1]);
      assert_near(near.long_slope, r.values[2]);
      assert_near(near.long_variance, r.values[3]);
    } else if (strcmp(r.name, "near") == 0) {
      check_near(&w, r.values);
    } else if (strcmp(r.name, "strength") == 0) {
      check_strength(&w, r.values);
    } else if (strcmp(r.name, "effect") == 0) {
      assert_near(tide_segment_least_effect(r.values[0], r.values[1]), r.values[2]);
    } else {
      count = r.count;
      memcpy(values, r.values, count * sizeof *values);
    }
  }
  tide_wander_close(&w);
  assert_int_equal(checked, 4 + 8 * 17 + 5);
}

/* Of nothing but zeros nothing strays and nothing is strong; all is finite. */
static void test_nothing(void **state) {
  (void)state;
  tide_wander w = {0};
  count = 100;
  memset(values, 0, sizeof values);
  see(&w, true);
  tide_wander_near near = tide_wander_around(&w, 50, 70);
  assert_true(near.rate <= 0 && near.freedom >= 1);
  assert_number(tide_wander_strength(&w, &near, tide_wander_sum_of(&w, 0, 50),
                                     tide_wander_sum_of(&w, 50, 100)),
                <=, 0);
  tide_wander_close(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_r), cmocka_unit_test(test_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
