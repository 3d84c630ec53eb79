/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments: the partition is the best there is, and everything is what R says. */
#include "r_lines.h"

#include <math.h>

#include "spamtide/segment.h"

static double sum_of(const double *y, size_t from, size_t to) {
  double sum = 0;
  for (size_t t = from; t < to; t++)
    sum += y[t];
  return sum;
}

/* The least total of all partitions: every beginning for every end, nothing dropped, sums taken
 * anew. */
static double least_total(const double *y, size_t n, double kappa, double penalty,
                          size_t min_length) {
  double best[256];
  best[0] = -penalty;
  for (size_t t = 1; t <= n; t++) {
    best[t] = INFINITY;
    for (size_t s = 0; s + min_length <= t; s++) {
      double total = best[s] + penalty + tide_segment_cost(sum_of(y, s, t), (double)(t - s), kappa);
      if (total < best[t])
        best[t] = total;
    }
  }
  return best[n];
}

/* What a partition costs, counted from its ends. */
static double total_of(const double *y, const size_t *ends, size_t count, double kappa,
                       double penalty) {
  double total = -penalty;
  for (size_t i = 0, start = 0; i < count; start = ends[i++])
    total +=
        penalty + tide_segment_cost(sum_of(y, start, ends[i]), (double)(ends[i] - start), kappa);
  return total;
}

static uint64_t state_of_random = 20081111;
static double random_unit(void) {
  state_of_random = state_of_random * 6364136223846793005u + 1442695040888963407u;
  return (double)(state_of_random >> 11) / 9007199254740992.0;
}

/* A thousand series with levels, zeros, bursts and ties; the least length from 1 to 9. */
static void test_brute_force(void **state) {
  (void)state;
  size_t more_than_one = 0;
  for (int i = 0; i < 1000; i++) {
    double y[160], level = 20 * random_unit(), total;
    size_t ends[160], count, n = 1 + (size_t)(159 * random_unit()),
                             min_length = 1 + (size_t)(9 * random_unit());
    double kappa = i % 3 == 0 ? 0 : 0.5 * random_unit(),
           penalty = 30 * random_unit() * random_unit();
    for (size_t t = 0; t < n; t++) {
      if (random_unit() < 0.04)
        level = i % 5 == 0 ? 0 : 40 * random_unit();
      y[t] = floor(level * (0.5 + random_unit()) * (random_unit() < 0.02 ? 10 : 1));
    }
    assert_int_equal(tide_segment_partition(y, n, kappa, penalty, min_length, ends, &count, &total),
                     TIDE_OK);
    double want = n < min_length ? tide_segment_cost(sum_of(y, 0, n), (double)n, kappa)
                                 : least_total(y, n, kappa, penalty, min_length);
    double off = fabs(total - want), own = fabs(total_of(y, ends, count, kappa, penalty) - want);
    if (off > 1e-8 * (1 + fabs(want)) || own > 1e-8 * (1 + fabs(want)))
      fail_msg("series %d: %.12g, not %.12g", i, total, want);
    assert_int_equal(ends[count - 1], n);
    for (size_t k = 0; k < count && n >= min_length; k++)
      assert_true(ends[k] - (k ? ends[k - 1] : 0) >= min_length);
    more_than_one += count > 1;
  }
  assert_true(more_than_one > 500); /* else little was tried */
}

/* Series by their names in the file. */
typedef struct named {
  char name[32];
  double values[R_VALUES_MOST];
  size_t count;
} named;

static const named *named_find(const named *all, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(all[i].name, name) == 0)
      return &all[i];
  fail_msg("no series %s", name);
  return NULL;
}

static void check_partition(const named *s, const r_lines *r) {
  size_t ends[R_VALUES_MOST], count;
  double total;
  assert_int_equal(tide_segment_partition(s->values, s->count, r->values[1], r->values[0],
                                          (size_t)r->values[2], ends, &count, &total),
                   TIDE_OK);
  assert_near(tide_segment_cost(sum_of(s->values, 0, s->count), (double)s->count, r->values[1]) -
                  total,
              r->values[3]);
  assert_int_equal(count, r->count - 4);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(ends[i], (size_t)r->values[4 + i]);
}

static void check_gain(const named *s, const r_lines *r) {
  double kappa = r->values[0], n = (double)s->count;
  assert_near(tide_segment_cost(sum_of(s->values, 0, s->count), n, kappa) -
                  tide_segment_cost(sum_of(s->values, 0, 45), 45, kappa) -
                  tide_segment_cost(sum_of(s->values, 45, s->count), n - 45, kappa),
              r->values[1]);
}

static void check_change(const tide_segment_change *c, const double *want) {
  assert_int_equal(c->at, (size_t)want[0]);
  assert_int_equal(c->low, (size_t)want[1]);
  assert_int_equal(c->high, (size_t)want[2]);
  assert_near(c->before, want[3]);
  assert_near(c->after, want[4]);
  assert_near(c->log_ratio, want[5]);
  assert_near(c->log_low, want[6]);
  assert_near(c->log_high, want[7]);
  assert_near(c->strength, want[8]);
}

static void check_estimates(const tide_segmentation *s, const double *want) {
  assert_near(s->penalty, want[0]);
  assert_near(s->kappa, want[1]);
  assert_near(s->autocorrelation, want[2]);
  assert_near(s->scale, want[3]);
}

static void check_rate(const tide_dating_rate *rate, const double *want) {
  assert_near(rate->sd, want[0]);
  assert_near(rate->kappa, want[1]);
  assert_near(rate->burst_begins, want[2]);
  assert_near(rate->burst_ends, want[3]);
  assert_near(rate->burst_above, want[4]);
  assert_near(rate->burst_mean, want[5]);
  assert_near(rate->burst_sd, want[6]);
  assert_int_equal(rate->bursts, want[7] > 0);
}

static void test_r(void **state) {
  (void)state;
  static named all[20];
  static r_lines r;
  size_t count = 0, changes = 0, checked = 0;
  tide_segmentation found = {0};
  r_open(&r, "segment.txt");
  while (r_next(&r)) {
    if (strcmp(r.name, "gain") == 0 || strcmp(r.name, "glm") == 0)
      check_gain(named_find(all, count, "fall"), &r);
    else if (strcmp(r.name, "partition") == 0)
      check_partition(named_find(all, count, "fall"), &r);
    else if (strcmp(r.name, "effect") == 0)
      assert_near(tide_segment_least_effect(r.values[0], r.values[1]), r.values[2]);
    else if (strcmp(r.name, "find") == 0) {
      const named *s = named_find(all, count, r.word);
      tide_segmentation_free(&found);
      assert_int_equal(tide_segment_find(s->values, NULL, s->count,
                                         &(tide_segment_options){.min_length = 7, .cycle = 7},
                                         &found),
                       TIDE_OK);
      changes = 0;
    } else if (strcmp(r.name, "estimates") == 0)
      check_estimates(&found, r.values);
    else if (strcmp(r.name, "rate") == 0)
      check_rate(&found.rate, r.values);
    else if (strcmp(r.name, "change") == 0) {
      assert_true(changes < found.count);
      check_change(&found.changes[changes++], r.values);
    } else if (strcmp(r.name, "changes") == 0) {
      assert_int_equal(found.count, (size_t)r.values[0]);
      checked++;
    } else {
      assert_true(count < sizeof all / sizeof *all);
      snprintf(all[count].name, sizeof all[count].name, "%s", r.name);
      memcpy(all[count].values, r.values, r.count * sizeof *r.values);
      all[count++].count = r.count;
    }
  }
  tide_segmentation_free(&found);
  assert_int_equal(checked, 16);
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
  assert_near(found.changes[0].before, 162.0 / 7);
  tide_segmentation_free(&found);
  options.phases = NULL;
  assert_int_equal(tide_segment_find(y, NULL, n, &options, &found), TIDE_OK);
  assert_true(found.count == 1 && fabs(found.changes[0].before - 162.0 / 7) > 0.5);
  tide_segmentation_free(&found);
}

/* Nothing, too little, all alike, all zero, enormous, one burst: no change, no crash, all numbers
 * finite. */
static void test_edges(void **state) {
  (void)state;
  double y[400];
  tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  for (size_t n = 0; n <= 400; n += n < 30 ? 1 : 37)
    for (int kind = 0; kind < 4; kind++) {
      for (size_t t = 0; t < n; t++)
        y[t] = kind == 0 ? 0 : kind == 1 ? 5 : kind == 2 ? 1e9 : 1 + (double)(t % 2);
      assert_int_equal(tide_segment_find(y, NULL, n, &options, &found), TIDE_OK);
      assert_int_equal(found.count, 0);
      assert_true(isfinite(found.kappa) && isfinite(found.scale) && isfinite(found.penalty) &&
                  isfinite(found.autocorrelation));
      tide_segmentation_free(&found);
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
    size_t n = 4 + (size_t)(196 * random_unit()), min_length = 1 + (size_t)(9 * random_unit()),
           cut = (size_t)((double)n * random_unit()), last = 0;
    double before = pow(10, 6 * random_unit() - 1), after = pow(10, 6 * random_unit() - 1);
    for (size_t t = 0; t < n; t++) {
      double level = t < cut ? before : after;
      static const double burst = 1e9;
      y[t] = i % 5 == 0   ? level
             : i % 5 == 1 ? 2 * level * random_unit()
             : i % 5 == 2 ? (random_unit() < 0.1 ? burst : level)
             : i % 5 == 3 ? (random_unit() < 0.5 ? 0 : level)
                          : level * exp(3 * random_unit() - 1.5);
      y[t] = floor(y[t]);
      widths[t] = 27 + floor(5 * random_unit());
    }
    tide_segment_options options = {.min_length = min_length,
                                    .cycle = i % 2 ? 7 : 0,
                                    .penalty = i % 3 ? 0 : exp(20 * random_unit() - 5)};
    tide_segmentation found;
    assert_int_equal(tide_segment_find(y, i % 7 ? NULL : widths, n, &options, &found), TIDE_OK);
    assert_true(isfinite(found.rate.sd) && found.rate.sd >= 0 && isfinite(found.rate.kappa) &&
                found.rate.kappa >= 0);
    for (size_t k = 0; k < found.count; k++, changes++) {
      const tide_segment_change *c = &found.changes[k];
      assert_true(c->at - last >= min_length && n - c->at >= min_length);
      assert_true(c->low <= c->at && c->at <= c->high && c->high < n);
      assert_true(isfinite(c->strength) && isfinite(c->log_low) && isfinite(c->log_high));
      assert_true(c->log_low <= c->log_ratio + 1e-9 && c->log_ratio <= c->log_high + 1e-9);
      last = c->at;
    }
    tide_segmentation_free(&found);
  }
  assert_true(changes > 1000);
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
  const struct CMUnitTest tests[] = {cmocka_unit_test(stops),    cmocka_unit_test(test_brute_force),
                                     cmocka_unit_test(test_r),   cmocka_unit_test(test_edges),
                                     cmocka_unit_test(test_any), cmocka_unit_test(test_phases)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
