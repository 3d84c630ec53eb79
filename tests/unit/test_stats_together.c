/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Series that change together are found, those that change each when it will are not: by
 * simulation. */
#include "cmocka_all.h"

#include <stdbool.h>
#include <stdlib.h>

#include "stats/together.h"

/* A small generator of its own, the same everywhere. */
static uint64_t seed = 7;
static size_t below(size_t bound) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (size_t)((seed >> 33) % bound);
}

enum { BINS = 365, SERIES = 40, DATES = 2, ROUNDS = 399, ARCHIVES = 200 };

static tide_together_date date_near(uint32_t series, size_t true_bin) {
  /* Its interval is true in most cases, and one to nine bins long. */
  const size_t before = below(5), behind = below(5);
  tide_together_date d = {series, true_bin, true_bin - before, true_bin + behind};
  if (below(3) == 0)
    d.at = d.low + below(before + behind + 1);
  return d;
}

/* `common` of the series have one of their dates at bin 200. */
static size_t archive(size_t common, tide_together **out) {
  tide_together_date dates[SERIES * DATES];
  const tide_together_options options = {.bins = BINS, .level = 0.05, .rounds = ROUNDS};
  size_t found;
  for (uint32_t i = 0; i < SERIES * DATES; i++) {
    const uint32_t series = i / DATES;
    const bool at_once = i % DATES == 0 && series < common;
    dates[i] = date_near(series, at_once ? 200 : 10 + below(BINS - 20));
  }
  assert_int_equal(tide_together_find(dates, SERIES * DATES, &options, out, &found), TIDE_OK);
  return found;
}

static void test_apart(void **state) {
  int alarms = 0;
  (void)state;
  for (int i = 0; i < ARCHIVES; i++) {
    tide_together *t;
    const size_t found = archive(0, &t);
    alarms += found > 0;
    tide_together_free(t, found);
  }
  /* One in twenty is promised: 18 or more of 200 have a probability of 0.01. */
  assert_true(alarms < 18);
}

static void test_together(void **state) {
  int right = 0, wrong = 0;
  (void)state;
  for (int i = 0; i < ARCHIVES; i++) {
    tide_together *t;
    const size_t found = archive(10, &t);
    bool hit = false;
    for (size_t k = 0; k < found; k++) {
      const bool here = t[k].low <= 201 && t[k].high >= 199 && labs((long)t[k].at - 200) <= 1;
      hit |= here;
      wrong += !here;
      assert_true(t[k].p <= 0.05 && t[k].count >= 2 && t[k].low <= t[k].at && t[k].at <= t[k].high);
    }
    right += hit;
    tide_together_free(t, found);
  }
  assert_true(right >= ARCHIVES * 95 / 100);
  assert_true(wrong <= ARCHIVES * 9 / 100);
}

static void test_small(void **state) {
  const tide_together_options options = {.bins = 100, .level = 0.05, .rounds = 199}, none = {0};
  const tide_together_date alone = {0, 50, 50, 50},
                           ends[] = {{0, 0, 0, 0}, {1, 0, 0, 1}, {2, 99, 98, 99},
                                     {3, 0, 0, 0}, {4, 0, 0, 0}, {5, 50, 40, 60}};
  tide_together *t;
  size_t found;
  (void)state;
  assert_int_equal(tide_together_find(NULL, 0, &options, &t, &found), TIDE_OK);
  assert_int_equal(found, 0);
  tide_together_free(t, found);
  assert_int_equal(tide_together_find(&alone, 1, &options, &t, &found), TIDE_OK);
  assert_int_equal(found, 0);
  tide_together_free(t, found);
  assert_int_equal(tide_together_find(&alone, 1, &none, &t, &found), TIDE_OK);
  assert_int_equal(found, 0);
  tide_together_free(t, found);
  /* At the first bin: four series, none of those elsewhere. */
  assert_int_equal(tide_together_find(ends, 6, &options, &t, &found), TIDE_OK);
  assert_int_equal(found, 1);
  assert_int_equal(t[0].at, 0);
  assert_int_equal(t[0].count, 4);
  assert_int_equal(t[0].series[3], 4);
  tide_together_free(t, found);
}

/* Once stopped, nothing is said. */
static void test_stop(void **state) {
  const atomic_bool stop = true;
  const tide_together_options options = {.bins = 100, .level = 0.05, .stop = &stop};
  const tide_together_date dates[] = {{0, 5, 5, 5}, {1, 5, 5, 5}};
  tide_together *t;
  size_t found;
  (void)state;
  assert_int_equal(tide_together_find(dates, 2, &options, &t, &found), TIDE_END);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_apart),
      cmocka_unit_test(test_together),
      cmocka_unit_test(test_small),
      cmocka_unit_test(test_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
