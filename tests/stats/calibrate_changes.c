/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often `changes` is right on days that vary as those of real archives do. Residuals of a real
 * daily series about its mean of 91 days are drawn in blocks of 14 days and put about a level of 30
 * messages a day, with nothing happening, with a fall by 65 % that lasts 28 days, and with one that
 * lasts. Prints rows of a table in Markdown.
 *
 *   calibrate_changes SERIES.csv...   columns bin_start,messages,... a row a day, as `timeline`
 * writes them
 *
 * The last column is a bound: an observer who knows the level and how long the fall lasts, and of
 * the series without a fall how low the lowest 28 days come in one of 20, finds so many. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spamtide/gaps.h"
#include "spamtide/segment.h"

enum {
  DAYS_MOST = 40000,
  AROUND = 91,
  BLOCK = 14,
  FALL = 28,
  NEAR = 14,
  LEVEL = 30,
  LEVEL_LEAST = 8,
  SERIES = 200
};

static const double left = 0.35; /* of the level in a fall */
static double days[DAYS_MOST], residual[DAYS_MOST], drawn[DAYS_MOST];
static size_t count, residuals;

static bool series_read(const char *path) {
  char line[512];
  FILE *file = fopen(path, "r");
  count = 0;
  if (!file || !fgets(line, sizeof line, file))
    return false;
  while (fgets(line, sizeof line, file) && count < DAYS_MOST) {
    const char *comma = strchr(line, ',');
    if (!comma)
      return false;
    days[count++] = strtod(comma + 1, NULL);
  }
  fclose(file);
  return true;
}

/* Days of gaps are taken out, then each is divided by the mean of the days around it. */
static bool residuals_make(void) {
  tide_gap *gaps;
  size_t found, kept = 0;
  if (tide_gaps_find(days, count, &gaps, &found) != TIDE_OK)
    return false;
  for (size_t i = 0, next = 0; i < count; i++) {
    while (next < found && i >= gaps[next].to)
      next++;
    if (next == found || i < gaps[next].from)
      days[kept++] = days[i];
  }
  free(gaps);
  count = kept;
  residuals = 0;
  for (size_t i = AROUND / 2; i + AROUND / 2 < count; i++) {
    double sum = 0;
    for (size_t d = i - AROUND / 2; d <= i + AROUND / 2; d++)
      sum += days[d];
    if (sum >= LEVEL_LEAST * AROUND)
      residual[residuals++] = days[i] * AROUND / sum;
  }
  return true;
}

static void draw(gsl_rng *random, size_t length) {
  for (size_t from = 0; from < length; from += BLOCK) {
    size_t start = gsl_rng_uniform_int(random, residuals - BLOCK + 1);
    for (size_t i = 0; i < BLOCK && from + i < length; i++)
      drawn[from + i] = floor(LEVEL * residual[start + i] + gsl_rng_uniform(random));
  }
}

static void thin(gsl_rng *random, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    drawn[i] = gsl_ran_binomial(random, left, (unsigned)drawn[i]);
}

typedef struct answer {
  bool any, near, to_a_day;
} answer;

static bool ask(size_t length, size_t truth, answer *out) {
  const tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  *out = (answer){0};
  if (tide_segment_find(drawn, NULL, length, &options, &found) != TIDE_OK)
    return false;
  for (size_t i = 0; i < found.count; i++) {
    size_t at = found.changes[i].at, off = at > truth ? at - truth : truth - at;
    out->any = true;
    out->near |= off <= NEAR;
    out->to_a_day |= off <= 1;
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

static bool length_measure(const char *name, size_t length, gsl_rng *random) {
  size_t alarms = 0, falls = 0, dated = 0, steps = 0, bound = 0;
  static double quiet[SERIES], fallen[SERIES];
  for (size_t i = 0; i < SERIES; i++) {
    answer a;
    size_t truth = length / 2 - FALL / 2 - NEAR / 2 + gsl_rng_uniform_int(random, NEAR);
    draw(random, length);
    if (!ask(length, truth, &a))
      return false;
    alarms += a.any;
    quiet[i] = lowest_sum(length);
    thin(random, truth, truth + FALL);
    if (!ask(length, truth, &a))
      return false;
    falls += a.near;
    dated += a.to_a_day;
    fallen[i] = lowest_sum(length);
    draw(random, length);
    thin(random, truth, length);
    if (!ask(length, truth, &a))
      return false;
    steps += a.near;
  }
  gsl_sort(quiet, 1, SERIES);
  for (size_t i = 0; i < SERIES; i++)
    bound += fallen[i] < quiet[SERIES / 20];
  const double percent = 100.0 / SERIES;
  printf("| %s | %zu | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f %% |\n", name, length,
         percent * (double)alarms, percent * (double)falls, percent * (double)dated,
         percent * (double)steps, percent * (double)bound);
  return true;
}

int main(int argc, char **argv) {
  static const size_t lengths[] = {91, 182, 365, 1095};
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool sound = random != NULL;
  puts("| series | days | false alarms | -65 % for 28 days found | within a day | -65 % for good "
       "found | bound for 28 days |");
  puts("|---|--:|--:|--:|--:|--:|--:|");
  for (int i = 1; i < argc && sound; i++) {
    const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
    if (!series_read(argv[i]) || !residuals_make()) {
      fprintf(stderr, "calibrate_changes: cannot read %s\n", argv[i]);
      return 1;
    }
    if (residuals < 400)
      continue; /* too little to draw from */
    gsl_rng_set(random, 20081111);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths && sound; l++)
      sound = length_measure(name, lengths[l], random);
  }
  gsl_rng_free(random);
  return !sound;
}
