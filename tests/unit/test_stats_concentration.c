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
  assert_float_equal(c[0].hhi, 90.0 / (29 * 28), 1e-12);
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

/* One series: days of mail from senders of given shares, some days with ten times as much. */
static size_t days_make(uint64_t *random, const double *share, double sum,
                        tide_concentration_cell *cells, uint64_t *totals) {
  size_t count = 0;
  memset(totals, 0, SENDERS * sizeof *totals);
  for (uint32_t day = 0; day < DAYS; day++) {
    const size_t first = count;
    for (uint32_t g = 0; g < SENDERS; g++)
      cells[count++] = (tide_concentration_cell){day, g, 0};
    for (size_t i = 0; i < (day % 9 ? 20u : 200u); i++) {
      *random ^= *random << 13;
      *random ^= *random >> 7;
      *random ^= *random << 17;
      double at = (double)(*random >> 11) / 9007199254740992.0 * sum;
      size_t g = 0;
      while (g + 1 < SENDERS && at >= share[g])
        at -= share[g++];
      cells[first + g].messages++;
      totals[g]++;
    }
  }
  return count;
}

static bool holds(const double interval[2], double truth) {
  return interval[0] <= truth && truth <= interval[1];
}

/* How often the intervals hold the true index, and what so many messages show in the mean: where
 * senders' shares stand still, and where each day has a few of its own, as bursts of spam do. */
static void intervals_check(bool bursts) {
  static tide_concentration_cell cells[DAYS * SENDERS];
  static tide_concentration_intervals all[SERIES];
  static uint64_t totals[SENDERS];
  uint64_t random = 88172645463325252;
  double share[SENDERS], sum = 0, truth = 0, top_1 = 0, top_10 = 0, gini = 0;
  size_t held[4] = {0};
  for (size_t g = 0; g < SENDERS; g++)
    sum += share[g] = 1 / (double)(g + 1);
  for (size_t g = 0; g < SENDERS; g++)
    truth += share[g] / sum * (share[g] / sum);
  for (size_t k = 0; k < SERIES; k++) {
    at("k = %zu", k);
    tide_concentration c;
    const size_t count = days_make(&random, share, sum, cells, totals);
    for (size_t i = 0; bursts && i < count; i++) {
      /* Every sender triples what it sends on one day of five, by a pattern of its own. */
      if ((cells[i].day * 31 + cells[i].group * 17 + k * 13) % 5)
        continue;
      totals[cells[i].group] += 2 * cells[i].messages;
      cells[i].messages *= 3;
    }
    assert_int_equal(tide_concentration_intervals_find(cells, count, DAYS, SENDERS, 0.95, &all[k]),
                     TIDE_OK);
    assert_true(all[k].hhi[0] < all[k].hhi[1] && all[k].gini[0] < all[k].gini[1]);
    tide_concentration_measure(totals, SENDERS, &c);
    top_1 += c.top_1 / SERIES;
    top_10 += c.top_10 / SERIES;
    gini += c.gini / SERIES;
  }
  for (size_t k = 0; k < SERIES; k++) {
    held[0] += holds(all[k].hhi, truth);
    held[1] += holds(all[k].top_1, top_1);
    held[2] += holds(all[k].top_10, top_10);
    held[3] += holds(all[k].gini, gini);
  }
  print_message("of %d held: hhi %zu, top_1 %zu, top_10 %zu, gini %zu\n", SERIES, held[0], held[1],
                held[2], held[3]);
  for (size_t i = bursts; i < 4; i++) {
    at("i = %zu", i);
    assert_number(held[i], >=, SERIES * 92 / 100);
  }
}

static void test_interval(void **state) {
  static tide_concentration_cell cells[DAYS];
  tide_concentration_intervals none;
  (void)state;
  intervals_check(false);
  intervals_check(true);
  /* Senders that are seen once each have no pair, on however many days they are drawn. */
  for (uint32_t i = 0; i < DAYS; i++)
    cells[i] = (tide_concentration_cell){i, i % SENDERS, i < SENDERS};
  assert_int_equal(tide_concentration_intervals_find(cells, DAYS, DAYS, SENDERS, 0.95, &none),
                   TIDE_OK);
  assert_true(isnan(none.hhi[0]) && isnan(none.hhi[1]));
  assert_int_equal(tide_concentration_intervals_find(cells, 13, 13, SENDERS, 0.95, &none), TIDE_OK);
  assert_true(isnan(none.hhi[0]) && isnan(none.top_1[0]));
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
