/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often `changes` is right on days that vary as those of real archives do. Residuals of a real
 * daily series about its mean of 91 days are drawn in blocks of 14 days and put about a level of 30
 * messages a day: with nothing happening, with a fall by 65 % that lasts 28 days, with one that
 * lasts, and with the shape that 3FN's end had in one archive: 27, 12 for a week, 5 for seven.
 * Prints rows of a table in Markdown.
 *
 *   calibrate_changes SERIES.csv...   columns bin_start,messages,... a row a day, as `timeline`
 * writes them
 *
 * Two columns are bounds. An observer who knows the level and how long the fall lasts, and of the
 * series without a fall how low the lowest 28 days come in one of 20, finds so many. And one who
 * knows both levels, how single days are distributed about each, and the date to 14 days, takes the
 * likeliest date, and is right to a day so often. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real_series.h"
#include "stats/segment.h"

enum { COUNTS_MOST = 4000, SHAPE_FIRST = 7, SHAPE_SECOND = 49, FALL = 28, NEAR = 14, SERIES = 200 };

static const double left = 0.35; /* of the level in a fall */
static const double shape_first = 12.0 / 27, shape_second = 5.0 / 27;
static double drawn[DAYS_MOST];

static void thin(gsl_rng *random, size_t from, size_t to, double part) {
  for (size_t i = from; i < to; i++)
    drawn[i] = gsl_ran_binomial(random, part, (unsigned)drawn[i]);
}

/* Logarithms of the probabilities of counts of a day, before and in a fall. */
static double usual[COUNTS_MOST], fallen_to[COUNTS_MOST];

static void distribution_make(void) {
  static double some[COUNTS_MOST], fewer[COUNTS_MOST];
  const double each = 1 / (double)residuals, least = 1e-6;
  memset(some, 0, sizeof some);
  memset(fewer, 0, sizeof fewer);
  for (size_t i = 0; i < residuals; i++) {
    double messages = LEVEL * residual[i], whole = floor(messages);
    if (whole + 1 >= COUNTS_MOST)
      continue;
    some[(size_t)whole] += each * (1 - (messages - whole));
    some[(size_t)whole + 1] += each * (messages - whole);
  }
  for (unsigned n = 0; n < COUNTS_MOST; n++)
    for (unsigned k = 0; k <= n && some[n] > 0; k++)
      fewer[k] += some[n] * gsl_ran_binomial_pdf(k, left, n);
  for (size_t k = 0; k < COUNTS_MOST; k++) {
    usual[k] = log(some[k] + least);
    fallen_to[k] = log(fewer[k] + least);
  }
}

/* The likeliest first day of a fall that began within NEAR days of `truth`. */
static size_t likeliest(size_t truth) {
  double sum = 0, most = -INFINITY;
  size_t at = truth;
  for (size_t i = truth + NEAR; i-- > truth - NEAR;) {
    size_t messages = drawn[i] < COUNTS_MOST ? (size_t)drawn[i] : COUNTS_MOST - 1;
    sum += fallen_to[messages] - usual[messages];
    if (sum <= most)
      continue;
    most = sum;
    at = i;
  }
  return at;
}

typedef struct answer {
  bool any, near, to_a_day, as_one;
} answer;

static size_t apart(size_t a, size_t b) {
  return a > b ? a - b : b - a;
}

static bool ask(size_t length, size_t truth, answer *out) {
  const tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  *out = (answer){0};
  if (tide_segment_find(drawn, NULL, length, &options, &found) != TIDE_OK)
    return false;
  for (size_t i = 0; i < found.count; i++) {
    const tide_segment_change *c = &found.changes[i];
    bool near = apart(c->at, truth) <= NEAR && c->after < c->before;
    out->any = true;
    out->near |= near;
    out->as_one |= near && c->ends && apart(c->until, truth + FALL) <= NEAR;
    out->to_a_day |= near && apart(c->at, truth) <= 1;
  }
  tide_segmentation_free(&found);
  return true;
}

static double lowest_sum(size_t length) {
  double sum = 0, lowest = INFINITY;
  for (size_t i = 0; i < length; i++) {
    sum += drawn[i] - (i >= FALL ? drawn[i - FALL] : 0);
    if (i + 1 >= FALL && sum < lowest)
      lowest = sum;
  }
  return lowest;
}

/* How many of SERIES. */
typedef struct score {
  size_t alarms, falls, as_one, dated, likeliest, steps, shapes, bound;
} score;

static bool series_measure(size_t length, gsl_rng *random, double *quiet, double *fallen,
                           score *sum) {
  answer a;
  size_t truth = length / 2 - FALL / 2 - NEAR / 2 + gsl_rng_uniform_int(random, NEAR);
  series_draw(random, drawn, length);
  if (!ask(length, truth, &a))
    return false;
  sum->alarms += a.any;
  *quiet = lowest_sum(length);
  thin(random, truth, truth + FALL, left);
  if (!ask(length, truth, &a))
    return false;
  sum->falls += a.near;
  sum->as_one += a.as_one;
  sum->dated += a.to_a_day;
  sum->likeliest += apart(likeliest(truth), truth) <= 1;
  *fallen = lowest_sum(length);
  series_draw(random, drawn, length);
  thin(random, truth, length, left);
  if (!ask(length, truth, &a))
    return false;
  sum->steps += a.near;
  series_draw(random, drawn, length);
  size_t second = truth + SHAPE_FIRST, end = second + SHAPE_SECOND;
  thin(random, truth, second, shape_first);
  thin(random, second, end < length ? end : length, shape_second);
  if (!ask(length, truth, &a))
    return false;
  sum->shapes += a.near;
  return true;
}

static bool length_measure(const char *name, size_t length, gsl_rng *random) {
  static double quiet[SERIES], fallen[SERIES];
  const double percent = 100.0 / SERIES;
  score sum = {0};
  for (size_t i = 0; i < SERIES; i++)
    if (!series_measure(length, random, &quiet[i], &fallen[i], &sum))
      return false;
  gsl_sort(quiet, 1, SERIES);
  for (size_t i = 0; i < SERIES; i++)
    sum.bound += fallen[i] < quiet[SERIES / 20];
  printf("| %s | %zu | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f "
         "%% |\n",
         name, length, percent * (double)sum.alarms, percent * (double)sum.falls,
         percent * (double)sum.bound, percent * (double)sum.as_one,
         sum.falls ? 100 * (double)sum.dated / (double)sum.falls : NAN,
         percent * (double)sum.likeliest, percent * (double)sum.steps,
         percent * (double)sum.shapes);
  return true;
}

int main(int argc, char **argv) {
  static const size_t lengths[] = {91, 182, 365, 1095};
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool sound = random != NULL;
  puts("| series | days | false alarms | -65 % for 28 days found | bound | in one row | of those "
       "found, date within "
       "a day | bound | -65 % for good found | 27, 12, 5 found |");
  puts("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (int i = 1; i < argc && sound; i++) {
    const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
    if (!series_read(argv[i]) || !residuals_make()) {
      fprintf(stderr, "calibrate_changes: cannot read %s\n", argv[i]);
      return 1;
    }
    if (residuals < RESIDUALS_LEAST)
      continue; /* too little to draw from */
    distribution_make();
    gsl_rng_set(random, 20081111);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths && sound; l++)
      sound = length_measure(name, lengths[l], random);
  }
  gsl_rng_free(random);
  return !sound;
}
