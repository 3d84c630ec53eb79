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

/* A change that is known to its interval, and no deep one. */
static tide_together_date date_of(uint32_t series, size_t at, size_t low, size_t high) {
  return (tide_together_date){.series = series,
                              .at = at,
                              .low = low,
                              .high = high,
                              .tick = at,
                              .spread = high - low,
                              .size = 1};
}

static tide_together_date date_near(uint32_t series, size_t true_bin) {
  /* Its interval is true in most cases, and one to nine bins long. */
  const size_t before = below(5), behind = below(5);
  const size_t low = true_bin - before,
               at = below(3) == 0 ? low + below(before + behind + 1) : true_bin;
  tide_together_date d = date_of(series, at, low, true_bin + behind);
  d.spread = (before + behind) / 2;
  return d;
}

/* `common` of the series have one of their dates at bin 200. */
static size_t archive(size_t common, tide_together **out) {
  tide_together_date dates[SERIES * DATES];
  const tide_together_options options = {.bins = BINS, .ticks = 1, .level = 0.05, .rounds = ROUNDS};
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
    at("i = %d", i);
    tide_together *t;
    const size_t found = archive(0, &t);
    alarms += found > 0;
    tide_together_free(t, found);
  }
  /* One in twenty is promised: 18 or more of 200 have a probability of 0.01. */
  assert_number(alarms, <, 18);
}

static void test_together(void **state) {
  int right = 0, wrong = 0;
  (void)state;
  for (int i = 0; i < ARCHIVES; i++) {
    at("i = %d", i);
    tide_together *t;
    const size_t found = archive(10, &t);
    bool hit = false;
    for (size_t k = 0; k < found; k++) {
      at("k = %zu", k);
      const bool here = t[k].low <= 201 && t[k].high >= 199 && labs((long)t[k].at - 200) <= 1;
      hit |= here;
      wrong += !here;
      assert_true(t[k].p <= 0.05 && t[k].count >= 2 && t[k].low <= t[k].at && t[k].at <= t[k].high);
    }
    right += hit;
    tide_together_free(t, found);
  }
  assert_number(right, >=, ARCHIVES * 95 / 100);
  assert_number(wrong, <=, ARCHIVES * 9 / 100);
}

static void test_small(void **state) {
  const tide_together_options options = {.bins = 100, .ticks = 1, .level = 0.05, .rounds = 199},
                              none = {0};
  const tide_together_date alone = date_of(0, 50, 50, 50),
                           ends[] = {date_of(0, 0, 0, 0),    date_of(1, 0, 0, 1),
                                     date_of(2, 99, 98, 99), date_of(3, 0, 0, 0),
                                     date_of(4, 0, 0, 0),    date_of(5, 50, 40, 60)};
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

enum { YEARS = 3 * 365, HOURS = 24, PROGRAMS = 40, OTHERS = 3 };

/* Forty programs with a fall each, one in four of them deep; two of the deepest fell at one hour,
 * or on one day, or not together. */
static size_t two_of_forty(size_t apart, unsigned known, tide_together **out) {
  tide_together_date dates[PROGRAMS];
  const tide_together_options options = {
      .bins = YEARS, .ticks = HOURS, .level = 0.04, .others = OTHERS, .rounds = ROUNDS};
  size_t found;
  for (uint32_t i = 0; i < PROGRAMS; i++) {
    const size_t tick =
        i == 1 && apart < YEARS ? dates[0].tick + apart : below((YEARS - 2) * HOURS) + HOURS;
    const size_t bin = tick / HOURS;
    dates[i] = date_of(i, bin, bin, bin + (known > HOURS));
    dates[i].tick = tick;
    dates[i].spread = known;
    dates[i].deep = i < PROGRAMS / 4;
    dates[i].size = i < 2 ? 30 : 1 + (double)below(20);
  }
  assert_int_equal(tide_together_find(dates, PROGRAMS, &options, out, &found), TIDE_OK);
  return found;
}

typedef struct seen {
  int beyond, told, wrong; /* archives in which both are a date, or told as one; in which any other
                              is a date */
} seen;

static seen two_seen(size_t apart, unsigned known, int archives) {
  seen n = {0};
  for (int i = 0; i < archives; i++) {
    at("i = %d", i);
    tide_together *t;
    const size_t found = two_of_forty(apart, known, &t);
    bool other = false;
    for (size_t k = 0; k < found; k++) {
      const bool both = t[k].count >= 2 && t[k].series[0] == 0 && t[k].series[1] == 1;
      n.told += both;
      n.beyond += both && t[k].p <= 0.04;
      other |= !both && t[k].p <= 0.04;
    }
    n.wrong += other;
    tide_together_free(t, found);
  }
  return n;
}

/* Two that fell within an hour or two are a date; of those within a day some may be beside chance,
 * and are told with their p-value. */
static void test_two(void **state) {
  enum { MANY = 100 };
  (void)state;
  const seen hour = two_seen(1, 2, MANY), day = two_seen(20, 12, MANY),
             none = two_seen(YEARS, 2, MANY);
  assert_number(hour.beyond, >=, 90);
  assert_true(day.told >= 90 && day.beyond >= 50);
  /* One in 25 is promised: 11 or more of 100 have a probability of 0.003. */
  assert_true(none.wrong < 11 && none.beyond < 11);
}

/* Two large falls so many hours apart, about that tick, among twenty small ones. Returns the
 * p-value of the date that both share; 1: it is none. */
static double p_of_two(size_t tick, size_t apart) {
  enum { SMALL = 20, FALLS = SMALL + 2 };
  tide_together_date dates[FALLS];
  const tide_together_options options = {.bins = 4 * TIDE_TOGETHER_STRETCH,
                                         .ticks = HOURS,
                                         .level = 0.04,
                                         .others = OTHERS,
                                         .rounds = 1999};
  tide_together *t;
  size_t found;
  double p = 1;
  for (uint32_t i = 0; i < FALLS; i++) {
    const size_t at = i < 2 ? tick - apart / 2 - 1 + i * apart : 400 * (i - 1);
    dates[i] = date_of(i, at / HOURS, at / HOURS, at / HOURS);
    dates[i].tick = at;
    dates[i].deep = true;
    dates[i].size = i < 2 ? 30 : 1;
  }
  assert_int_equal(tide_together_find(dates, FALLS, &options, &t, &found), TIDE_OK);
  for (size_t i = 0; i < found; i++)
    if (t[i].series[0] == 0 && t[i].series[1] == 1)
      p = t[i].p;
  tide_together_free(t, found);
  return p;
}

/* Where a stretch ends and the next begins, two dates are judged as anywhere else. */
static void test_border(void **state) {
  enum { BORDER = 2 * TIDE_TOGETHER_STRETCH * HOURS, INSIDE = BORDER + BORDER / 4 };
  (void)state;
  assert_number(p_of_two(INSIDE, 1), <=, 0.04);
  assert_number(p_of_two(BORDER, 1), <=, 0.04);
  assert_number(p_of_two(INSIDE, 130), >, 0.04);
  assert_number(p_of_two(BORDER, 130), >, 0.04);
}

/* Once stopped, nothing is said. */
static void test_stop(void **state) {
  const atomic_bool stop = true;
  const tide_together_options options = {.bins = 100, .ticks = 1, .level = 0.05, .stop = &stop};
  const tide_together_date dates[] = {date_of(0, 5, 5, 5), date_of(1, 5, 5, 5)};
  tide_together *t;
  size_t found;
  (void)state;
  assert_int_equal(tide_together_find(dates, 2, &options, &t, &found), TIDE_END);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_apart), cmocka_unit_test(test_together), cmocka_unit_test(test_small),
      cmocka_unit_test(test_two),   cmocka_unit_test(test_border),   cmocka_unit_test(test_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
