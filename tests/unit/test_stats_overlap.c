/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tail of the hypergeometric distribution, against exact fractions; that of Poisson's; and
 * Chao's bound, against populations whose size is known. */
#include "cmocka_all.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/overlap.h"

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
    fail_msg("%.17g instead of %.17g", value, expected);
}

static void test_overlap(void **state) {
  (void)state;
  /* Of 10 things two samples of 3: all three in common in one of 120 cases, two or more in 22. */
  near(tide_overlap_p(10, 3, 3, 3), 1.0 / 120);
  near(tide_overlap_p(10, 3, 3, 2), 22.0 / 120);
  near(tide_overlap_p(10, 3, 3, 1), 85.0 / 120);
  near(tide_overlap_p(10, 3, 3, 0), 1);
  near(tide_overlap_p(3, 3, 3, 3), 1);
  assert_number(tide_overlap_p(10, 3, 3, 4), <=, 0);
  /* By Python's fractions. */
  near(tide_overlap_p(100000, 300, 200, 5), 0.0003698581772078028);
  near(tide_overlap_p(2000, 100, 40, 20), 8.577157950152419e-17);
  /* More than there are is all; more than 2^31 things are 2^31. */
  near(tide_overlap_p(5, 9, 9, 5), 1);
  assert_number(tide_overlap_p(UINT64_MAX, 1000, 1000, 3), <, 1e-10);
}

/* Of 30 draws from 365 kinds 435 pairs, of which 1.19 agree on average (R's ppois). */
static void test_agreement(void **state) {
  (void)state;
  near(tide_agreement_p(30, 0, 365), exp(-435.0 / 365));
  near(tide_agreement_p(30, 1, 365), exp(-435.0 / 365) * (1 + 435.0 / 365));
  near(tide_agreement_p(1, 0, 16), 1);
  near(tide_agreement_p(0, 0, 16), 1);
  assert_number(tide_agreement_p(1000000, 500000, 16), <, 1e-300);
  assert_number(tide_agreement_p(UINT32_MAX, UINT64_MAX, 16), >, 0.999);
}

static void test_formula(void **state) {
  (void)state;
  tide_richness r = tide_richness_least(50, 20, 9, 10);
  near(r.least, 50 + 0.9 * 20 * 19 / 20);
  near(r.low, 55.77400362107888);
  near(r.high, 100.6425037442846);
  /* All seen at least twice, or nothing: as many as were seen. */
  r = tide_richness_least(7, 0, 3, 28);
  near(r.least, 7);
  near(r.low, 7);
  near(r.high, 7);
  r = tide_richness_least(0, 0, 0, 28);
  assert_true(r.least <= 0 && r.high <= 0);
  /* One occasion says nothing. */
  r = tide_richness_least(7, 7, 0, 1);
  near(r.least, 7);
  /* Nobody twice. */
  r = tide_richness_least(4, 4, 0, 2);
  near(r.least, 4 + 0.5 * 4 * 3 / 2);
  assert_true(r.low >= 4 && r.high > r.least);
}

/* A small generator of its own, the same everywhere. */
static uint64_t seed = 1;
static double uniform(void) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(seed >> 11) / 9007199254740992.0;
}

/* 1,000 things that are seen more or less often, on 28 days: the bound is below the truth in the
 * mean, and its interval does not lie above it. */
static void test_population(void **state) {
  enum { THINGS = 1000, DAYS = 28, RUNS = 200 };
  double sum = 0;
  int above = 0, seen_sum = 0;
  (void)state;
  for (int run = 0; run < RUNS; run++) {
    uint64_t seen = 0, once = 0, twice = 0;
    for (int i = 0; i < THINGS; i++) {
      const double rate = i % 2 ? 0.01 : 0.05;
      int days = 0;
      for (int d = 0; d < DAYS; d++)
        days += uniform() < rate;
      seen += days > 0;
      once += days == 1;
      twice += days == 2;
    }
    const tide_richness r = tide_richness_least(seen, once, twice, DAYS);
    sum += r.least;
    seen_sum += (int)seen;
    above += r.low > THINGS;
  }
  assert_number(seen_sum / RUNS, <, 560);
  assert_true(sum / RUNS > 760 && sum / RUNS < 1000);
  assert_number(above, <=, RUNS / 40);
}

/* --- botnets of a known size --- */

static double chance(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) / 9007199254740992.0;
}

static double normal(uint64_t *state) {
  const double u = chance(state) + 1e-12;
  return sqrt(-2 * log(u)) * cos(6.283185307 * chance(state));
}

/* What is said of 2,000 addresses, each of which sends on one in a hundred of 28 days in the mean;
 * varied: log-normal. */
static tide_richness botnet(uint64_t *state, bool varied) {
  enum { ADDRESSES = 2000, DAYS = 28 };
  uint64_t seen = 0, once = 0, twice = 0;
  for (int i = 0; i < ADDRESSES; i++) {
    const double daily = 0.01 * (varied ? exp(normal(state) - 0.5) : 1);
    int days = 0;
    for (int day = 0; day < DAYS; day++)
      days += chance(state) < daily;
    seen += days > 0;
    once += days == 1;
    twice += days == 2;
  }
  return tide_richness_least(seen, once, twice, DAYS);
}

/* docs/families.md: the low end is below the size; the interval is one for the bound. */
static void test_botnets(void **state) {
  enum { ROUNDS = 100, SIZE = 2000 };
  uint64_t chances = 11;
  (void)state;
  for (int varied = 0; varied < 2; varied++) {
    at("varied = %d", varied);
    int below = 0, holds = 0;
    for (int i = 0; i < ROUNDS; i++) {
      const tide_richness r = botnet(&chances, varied);
      below += r.low <= SIZE;
      holds += r.low <= SIZE && SIZE <= r.high;
    }
    assert_number(below, >=, 93);
    assert_true(varied ? holds < 20 : holds > 85);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_overlap), cmocka_unit_test(test_agreement),
      cmocka_unit_test(test_formula), cmocka_unit_test(test_population),
      cmocka_unit_test(test_botnets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
