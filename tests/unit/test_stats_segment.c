/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a level: what R finds in whole series (tests/stats/segment.R), where, and that nothing
 * breaks it. */
#include "r_lines.h"

#include <math.h>

#include "stats/segment.h"

/* A change as segment.R prints it. */
static void check_change(const tide_segment_change *c, const double *want) {
  const double got[] = {(double)c->from,
                        (double)c->to,
                        (double)c->at,
                        (double)c->low,
                        (double)c->high,
                        c->ends,
                        (double)(c->ends ? c->until : c->at),
                        (double)(c->ends ? c->until_low : c->at),
                        (double)(c->ends ? c->until_high : c->at),
                        (double)c->window,
                        c->before,
                        c->after,
                        c->log_low,
                        c->log_high,
                        c->wanders,
                        c->strength,
                        c->penalty};
  for (size_t i = 0; i < sizeof got / sizeof *got; i++) {
    at("value %zu", i);
    assert_near(got[i], want[i]);
  }
}

static void search(double *y, size_t *phases, size_t n, const double *asked,
                   tide_segmentation *found) {
  const tide_segment_options options = {
      .min_length = (size_t)asked[0], .cycle = (size_t)asked[1], .phases = phases};
  assert_int_equal(tide_segment_find(y, NULL, n, &options, found), TIDE_OK);
}

static void test_r(void **state) {
  (void)state;
  static r_lines r;
  static double y[R_VALUES_MOST];
  static size_t phases[R_VALUES_MOST];
  size_t n = 0, series = 0, changes = 0, next = 0;
  tide_segmentation found = {0};
  r_open(&r, "segment.txt");
  while (r_next(&r)) {
    if (strcmp(r.name, "series") == 0) {
      assert_int_equal(next, found.count);
      tide_segmentation_free(&found);
      n = r.count;
      memcpy(y, r.values, n * sizeof *y);
    } else if (strcmp(r.name, "phases") == 0) {
      for (size_t t = 0; t < n; t++)
        phases[t] = (size_t)r.values[t];
    } else if (strcmp(r.name, "asked") == 0) {
      at("series %zu", series++);
      search(y, phases, n, r.values, &found);
      next = 0;
    } else if (strcmp(r.name, "found") == 0) {
      assert_int_equal(found.cycle, r.values[0] > 0);
      assert_int_equal(found.could_fall, r.values[1] > 0);
      assert_near(found.penalty, r.values[2]);
      assert_int_equal(found.count, (size_t)r.values[3]);
    } else {
      at("change %zu", next);
      check_change(&found.changes[next++], r.values);
      changes++;
    }
  }
  assert_int_equal(next, found.count);
  tide_segmentation_free(&found);
  assert_int_equal(series, 9);
  assert_int_equal(changes, 11);
}

static uint64_t state_of_random = 20081111;
static double random_unit(void) {
  state_of_random = state_of_random * 6364136223846793005u + 1442695040888963407u;
  return (double)(state_of_random >> 11) / 9007199254740992.0;
}

/* Counts with a gamma distributed rate about a level, sums of logarithms for whole sizes. */
static double random_count(double level) {
  double rate = 0, product = 1;
  size_t count = 0;
  for (int i = 0; i < 10; i++)
    rate -= log(1 - random_unit());
  for (product = random_unit(); product > exp(-level * rate / 10); count++)
    product *= random_unit();
  return (double)count;
}

/* What is found does not depend on how much of the archive stands around it. */
static void test_any_length(void **state) {
  (void)state;
  enum { FALL = 8 * 365, DAYS = 2 * FALL + 28 };
  static double y[DAYS];
  tide_segment_options options = {.min_length = 7, .cycle = 7};
  for (size_t t = 0; t < DAYS; t++)
    y[t] = random_count(t >= FALL && t < FALL + 28 ? 9 : 27);
  static const size_t arounds[] = {60, 182, 548, 4 * 365, FALL};
  for (size_t i = 0; i < sizeof arounds / sizeof *arounds; i++) {
    at("%zu days on each side", arounds[i]);
    const size_t from = FALL - arounds[i];
    tide_segmentation found;
    assert_int_equal(tide_segment_find(y + from, NULL, 2 * arounds[i] + 28, &options, &found),
                     TIDE_OK);
    assert_int_equal(found.count, 1);
    const tide_segment_change *c = &found.changes[0];
    assert_true(c->ends);
    assert_int_equal(from + c->at, FALL);
    assert_int_equal(from + c->until, FALL + 28);
    assert_true(c->after / c->before > 0.25 && c->after / c->before < 0.45);
    assert_number(c->strength, >, c->penalty);
    tide_segmentation_free(&found);
  }
}

static void assert_change_equal(const tide_segment_change *a, const tide_segment_change *b) {
  const double slack = 1e-6;
  assert_int_equal(a->at, b->at);
  assert_int_equal(a->low, b->low);
  assert_int_equal(a->high, b->high);
  assert_int_equal(a->ends, b->ends);
  if (a->ends)
    assert_int_equal(a->until, b->until);
  assert_true(fabs(a->before - b->before) < slack && fabs(a->after - b->after) < slack);
  assert_float_equal(a->strength, b->strength, slack * a->strength);
}

/* A series is searched only about what it has: one message at either end makes all of it be
 * searched, and is too far away to have a say. */
static void test_reach(void **state) {
  (void)state;
  enum { DAYS = 4000, LIVES = 3 };
  static const struct {
    size_t from, to;
  } lives[LIVES] = {{1500, 1530}, {1811, 2200}, {2000, 2090}};
  const tide_segment_options options = {.min_length = 7, .cycle = 7};
  for (size_t life = 0; life < LIVES; life++) {
    at("life = %zu", life);
    static double y[DAYS];
    tide_segmentation near, whole;
    size_t from, to;
    for (size_t t = 0; t < DAYS; t++)
      y[t] = t >= lives[life].from && t < lives[life].to ? 1 + random_count(6) : 0;
    tide_segment_reach(lives[life].from, lives[life].to - 1, DAYS, 7, &from, &to);
    assert_true(from > 0 && from < lives[life].from && to > lives[life].to && to < DAYS);
    assert_int_equal(tide_segment_find(y, NULL, DAYS, &options, &near), TIDE_OK);
    y[0] = y[DAYS - 1] = 1;
    assert_int_equal(tide_segment_find(y, NULL, DAYS, &options, &whole), TIDE_OK);
    assert_number(near.count, >, 0);
    assert_int_equal(near.count, whole.count);
    for (size_t i = 0; i < near.count; i++) {
      at("i = %zu", i);
      assert_change_equal(&near.changes[i], &whole.changes[i]);
    }
    tide_segmentation_free(&near);
    tide_segmentation_free(&whole);
  }
}

/* Two falls, a return and a rise: each a row, in order, by what it did. */
static void test_several(void **state) {
  (void)state;
  double y[700];
  tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  for (size_t t = 0; t < 700; t++) {
    double level = t < 550 ? 15 : 60;
    if (t < 350)
      level = t < 150 || t >= 180 ? 40 : 10;
    y[t] = random_count(level);
  }
  assert_int_equal(tide_segment_find(y, NULL, 700, &options, &found), TIDE_OK);
  assert_int_equal(found.count, 3);
  assert_true(found.changes[0].ends && !found.changes[1].ends && !found.changes[2].ends);
  static const size_t at[] = {150, 350, 550};
  for (size_t i = 0; i < 3; i++) {
    at("i = %zu", i);
    assert_true(found.changes[i].low <= at[i] && at[i] <= found.changes[i].high);
  }
  tide_segmentation_free(&found);
}

/* The bar falls with the length of a change and rises with the series, up to 700 days. */
static void test_penalty(void **state) {
  (void)state;
  assert_near(tide_segment_penalty(91, 7), 3.6 * log(13) - 0.5);
  assert_near(tide_segment_penalty(700, 7), tide_segment_penalty(9000, 7));
  assert_near(tide_segment_penalty_of(15, 28, 7, true), 15);
  assert_near(tide_segment_penalty_of(15, 56, 7, true), 15 - 2 * log(2));
  assert_near(tide_segment_penalty_of(15, 56, 7, false), 15 + 2 * log(2));
  assert_near(tide_segment_penalty_of(15, 14, 7, false), 15 + 8 * log(2));
}

/* A week's course stays out where days are missing, if their places in the week are told. */
static void test_phases(void **state) {
  (void)state;
  static const double week[] = {30, 30, 30, 30, 30, 6, 6};
  double y[200];
  size_t phases[200], n = 0;
  for (size_t day = 0; day < 200; day++) {
    if (day >= 90 && day < 103)
      continue;
    y[n] = week[day % 7] / (day < 140 ? 1 : 3);
    phases[n++] = day;
  }
  tide_segment_options options = {.min_length = 7, .cycle = 7, .phases = phases};
  tide_segmentation found;
  assert_int_equal(tide_segment_find(y, NULL, n, &options, &found), TIDE_OK);
  assert_true(found.cycle);
  assert_int_equal(found.count, 1);
  assert_int_equal(found.changes[0].at, 140 - 13);
  assert_float_equal(found.changes[0].before / (162.0 / 7), 1, 0.02);
  tide_segmentation_free(&found);
  options.phases = NULL;
  assert_int_equal(tide_segment_find(y, NULL, n, &options, &found), TIDE_OK);
  assert_true(found.count == 1);
  tide_segmentation_free(&found);
}

/* Nothing, too little, all alike, all zero, enormous, one burst: no change, no crash, all numbers
 * finite. */
static void test_edges(void **state) {
  (void)state;
  double y[400];
  tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  for (size_t n = 0; n <= 400; n += n < 30 ? 1 : 37) {
    at("n = %zu", n);
    for (int kind = 0; kind < 4; kind++) {
      at("kind = %d", kind);
      static const double levels[] = {0, 5, 1e9, 1};
      for (size_t t = 0; t < n; t++)
        y[t] = levels[kind] + (kind == 3 ? (double)(t % 2) : 0);
      assert_int_equal(tide_segment_find(y, NULL, n, &options, &found), TIDE_OK);
      assert_int_equal(found.count, 0);
      assert_true(isfinite(found.penalty));
      assert_true(n < 28 || found.no_history == (n < 364));
      tide_segmentation_free(&found);
    }
  }
  /* From nothing to something: no ratio, but a date. */
  for (size_t t = 0; t < 100; t++)
    y[t] = t < 50 ? 0 : 30 + (double)(t % 3);
  assert_int_equal(tide_segment_find(y, NULL, 100, &options, &found), TIDE_OK);
  assert_int_equal(found.count, 1);
  assert_int_equal(found.changes[0].at, 50);
  assert_true(found.changes[0].before <= 0 && found.changes[0].log_high <= 0);
  tide_segmentation_free(&found);
  /* Bins of different length: counts that follow it are no change. */
  double widths[100];
  for (size_t t = 0; t < 100; t++) {
    widths[t] = t < 50 ? 31 : 28;
    y[t] = widths[t] * 1000;
  }
  assert_int_equal(tide_segment_find(y, widths, 100, &options, &found), TIDE_OK);
  assert_int_equal(found.count, 0);
  tide_segmentation_free(&found);
  assert_int_equal(tide_segment_find(y, NULL, 100, &options, &found), TIDE_OK);
  assert_int_equal(found.count, 1);
  tide_segmentation_free(&found);
}

/* Whatever the counts are: dates in order, levels no shorter than asked for, each interval around
 * what it is of, every number finite. */
static void test_any(void **state) {
  (void)state;
  double y[200], widths[200];
  size_t changes = 0;
  for (int i = 0; i < 1000; i++) {
    at("i = %d", i);
    size_t n = 4 + (size_t)(196 * random_unit()), min_length = 1 + (size_t)(9 * random_unit()),
           cut = (size_t)((double)n * random_unit()), last = 0;
    double before = pow(10, 6 * random_unit() - 1), after = pow(10, 6 * random_unit() - 1);
    for (size_t t = 0; t < n; t++) {
      double level = t < cut ? before : after;
      static const double burst = 1e9;
      switch (i % 5) {
      case 0: y[t] = level; break;
      case 1: y[t] = 2 * level * random_unit(); break;
      case 2: y[t] = random_unit() < 0.1 ? burst : level; break;
      case 3: y[t] = random_unit() < 0.5 ? 0 : level; break;
      default: y[t] = level * exp(3 * random_unit() - 1.5);
      }
      y[t] = floor(y[t]);
      widths[t] = 27 + floor(5 * random_unit());
    }
    tide_segment_options options = {.min_length = min_length,
                                    .cycle = i % 2 ? 7 : 0,
                                    .penalty = i % 3 ? 0 : exp(20 * random_unit() - 5)};
    tide_segmentation found;
    assert_int_equal(tide_segment_find(y, i % 7 ? NULL : widths, n, &options, &found), TIDE_OK);
    for (size_t k = 0; k < found.count; k++, changes++) {
      at("k = %zu", k);
      const tide_segment_change *c = &found.changes[k];
      assert_true(c->at - last >= min_length && n - c->at >= min_length);
      assert_true(c->low <= c->at && c->at <= c->high && c->high < n);
      assert_true(isfinite(c->strength) && isfinite(c->log_low) && isfinite(c->log_high));
      assert_true(c->log_low <= c->log_ratio + 1e-9 && c->log_ratio <= c->log_high + 1e-9);
      last = c->at;
    }
    tide_segmentation_free(&found);
  }
  assert_number(changes, >, 1000);
}

/* A search over many bins is given up as soon as somebody wants that. */
static void stops(void **state) {
  (void)state;
  enum { BINS = 20000 };
  static double y[BINS];
  for (size_t t = 0; t < BINS; t++)
    y[t] = (double)(20 + t * 7919 % 13);
  const atomic_bool stop = true;
  tide_segment_options options = {.min_length = 7, .stop = &stop};
  tide_segmentation found;
  assert_int_equal(tide_segment_find(y, NULL, BINS, &options, &found), TIDE_END);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_r),          cmocka_unit_test(stops),
      cmocka_unit_test(test_any_length), cmocka_unit_test(test_several),
      cmocka_unit_test(test_penalty),    cmocka_unit_test(test_edges),
      cmocka_unit_test(test_any),        cmocka_unit_test(test_phases),
      cmocka_unit_test(test_reach)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
