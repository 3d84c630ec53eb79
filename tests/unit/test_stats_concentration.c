/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: what R says. */
#include "r_lines.h"

#include <math.h>
#include <string.h>

#include "stats/concentration.h"

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
    if (strcmp(r.name, "rarefied") == 0) {
      tide_rarefied rarefied;
      assert_int_equal(tide_concentration_rarefy(counts, n, (uint64_t)r.values[0], &rarefied),
                       TIDE_OK);
      assert_near(rarefied.groups, r.values[1]);
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
    assert_true(isnan(c.hhi) == isnan(r.values[6]));
    if (c.hhi > 0) {
      assert_near(c.hhi, r.values[6]);
      assert_near(c.effective, r.values[7]);
    }
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

/* The index does not depend on how many messages there are, the shares do; at equal numbers they
 * are the same. Twenty senders, one of them with a third of the mail. */
static void test_rarefied(void **state) {
  enum { GROUPS = 20 };
  uint64_t few[GROUPS] = {10}, many[GROUPS] = {5000};
  tide_concentration c[2];
  tide_rarefied r[2];
  (void)state;
  for (size_t i = 1; i < GROUPS; i++) {
    few[i] = 1;
    many[i] = 500;
  }
  tide_concentration_measure(few, GROUPS, &c[0]);
  tide_concentration_measure(many, GROUPS, &c[1]);
  assert_true(fabs(c[0].hhi - 90.0 / (29 * 28)) < 1e-12);
  /* Ten messages a group in the mean, and none more unequal than chance makes them: of 29 of the
   * many fewer groups are seen, and the tenth largest has more than its share. */
  assert_int_equal(tide_concentration_rarefy(many, GROUPS, 29, &r[1]), TIDE_OK);
  assert_true(r[1].groups > 13 && r[1].groups < 16);
  assert_true(r[1].top_10 > c[1].top_10 && r[1].gini > 0);
  /* All of them is what there is. */
  assert_int_equal(tide_concentration_rarefy(few, GROUPS, 29, &r[0]), TIDE_OK);
  assert_true(fabs(r[0].groups - 20) < 1e-9 && fabs(r[0].top_1 - c[0].top_1) < 1e-12);
  assert_int_equal(tide_concentration_rarefy(few, GROUPS, 30, &r[0]), TIDE_OK);
  assert_true(isnan(r[0].groups));
}

enum { DAYS = 56, SENDERS = 50, SERIES = 200 };

/* Days of mail from senders whose shares are known, some days with ten times as much: how often the
 * interval holds the true index. */
static void test_interval(void **state) {
  static tide_concentration_cell cells[DAYS * SENDERS];
  uint64_t random = 88172645463325252;
  double share[SENDERS], sum = 0, truth = 0, interval[2];
  size_t held = 0, sound = 0;
  (void)state;
  for (size_t g = 0; g < SENDERS; g++)
    sum += share[g] = 1 / (double)(g + 1);
  for (size_t g = 0; g < SENDERS; g++)
    truth += share[g] / sum * (share[g] / sum);
  for (size_t k = 0; k < SERIES; k++) {
    size_t count = 0;
    for (uint32_t day = 0; day < DAYS; day++) {
      const size_t first = count;
      for (uint32_t g = 0; g < SENDERS; g++)
        cells[count++] = (tide_concentration_cell){day, g, 0};
      for (size_t i = 0; i < (day % 9 ? 20u : 200u); i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double at = (double)(random >> 11) / 9007199254740992.0 * sum;
        size_t g = 0;
        while (g + 1 < SENDERS && at >= share[g])
          at -= share[g++];
        cells[first + g].messages++;
      }
    }
    assert_int_equal(tide_concentration_interval(cells, count, DAYS, SENDERS, 0.95, interval),
                     TIDE_OK);
    sound += interval[0] < interval[1];
    held += interval[0] <= truth && truth <= interval[1];
  }
  assert_int_equal(sound, SERIES);
  print_message("held: %zu of %d\n", held, SERIES);
  assert_true(held >= SERIES * 92 / 100);
  /* Senders that are seen once each have no pair, on however many days they are drawn. */
  for (uint32_t i = 0; i < DAYS; i++)
    cells[i] = (tide_concentration_cell){i, i % SENDERS, i < SENDERS};
  assert_int_equal(tide_concentration_interval(cells, DAYS, DAYS, SENDERS, 0.95, interval),
                   TIDE_OK);
  assert_true(isnan(interval[0]) && isnan(interval[1]));
  assert_int_equal(tide_concentration_interval(cells, 13, 13, SENDERS, 0.95, interval), TIDE_OK);
  assert_true(isnan(interval[0]));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_r),
      cmocka_unit_test(test_nothing),
      cmocka_unit_test(test_rarefied),
      cmocka_unit_test(test_interval),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
