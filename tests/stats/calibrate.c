/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often compare's interval and p-value are right on real daily series: at dates when nothing
 * was done, and with changes made by thinning what came after. Prints rows of a table in Markdown.
 *
 *   calibrate SERIES.csv...    columns bin_start,messages,... a row a day, as `timeline` writes
 * them
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spamtide/gaps.h"
#include "spamtide/reference.h"

enum { DAYS_MOST = 40000, STEP = 7, WINDOW_MOST = 112, FACTORS = 4, MESSAGES_LEAST = 20 };

static const double factors[FACTORS] = {1, 0.9, 0.7, 0.35};

static double days[DAYS_MOST];
static bool gap[DAYS_MOST];
static size_t count;

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
  memset(gap, 0, sizeof gap);
  tide_gap *gaps;
  size_t found;
  if (tide_gaps_find(days, count, &gaps, &found) != TIDE_OK)
    return false;
  for (size_t i = 0; i < found; i++)
    for (size_t d = gaps[i].from; d < gaps[i].to; d++)
      gap[d] = true;
  free(gaps);
  return true;
}

static size_t gaps_within(size_t from, size_t to) {
  size_t sum = 0;
  for (size_t i = from; i < to; i++)
    sum += gap[i];
  return sum;
}

static double sum_of(const double *values, size_t length) {
  double sum = 0;
  for (size_t i = 0; i < length; i++)
    sum += values[i];
  return sum;
}

typedef struct tally {
  size_t dates, with_reference, alarms;
  size_t held[FACTORS];
  double width;
} tally;

static void tally_take(tally *t, const tide_contrast *c, size_t factor) {
  double truth = factors[factor];
  t->held[factor] += c->low <= truth && truth <= c->high;
  if (factor)
    return;
  t->dates++;
  t->alarms += c->p < 0.05;
  t->width += log(c->high / c->low);
}

static void row_print(const char *name, size_t window, const char *method, const tally *t) {
  double n = (double)t->dates;
  printf("| %s | %zu+%zu | %s | %zu | %.1f %% |", name, window, window, method, t->dates,
         100 * (double)t->alarms / n);
  for (size_t f = 0; f < FACTORS; f++)
    printf(" %.1f %% |", 100 * (double)t->held[f] / n);
  printf(" %.2f |\n", exp(t->width / n));
}

static int window_measure(const char *name, size_t window, gsl_rng *random) {
  tally model = {0}, calibrated = {0};
  double value[2 * WINDOW_MOST], length[2 * WINDOW_MOST], start[2 * WINDOW_MOST];
  tide_series series = {2 * window, value, length, start};
  const tide_contrast_options options = {.confidence = 0.95};
  const tide_reference_windows windows = {window, 0, window};
  for (size_t i = 0; i < 2 * window; i++) {
    length[i] = 1;
    start[i] = (double)i - (double)window;
  }
  for (size_t date = TIDE_REFERENCE_WINDOWS * window; date + window <= count; date += STEP) {
    if (gaps_within(date - window, date + window))
      continue;
    double before = sum_of(days + date - window, window), after = sum_of(days + date, window);
    if (before < MESSAGES_LEAST || after < MESSAGES_LEAST)
      continue;
    tide_history history = {date, days, gap};
    tide_reference reference;
    if (tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, &reference) != TIDE_OK)
      return 1;
    if (!reference.dates)
      continue;
    for (size_t f = 0; f < FACTORS; f++) {
      tide_contrast c;
      for (size_t i = 0; i < 2 * window; i++)
        value[i] = days[date - window + i];
      for (size_t i = window; i < 2 * window && f; i++)
        value[i] = gsl_ran_binomial(random, factors[f], (unsigned)value[i]);
      if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
        return 1;
      tally_take(&model, &c, f);
      tide_reference_calibrate(&reference, sum_of(value, window), sum_of(value + window, window),
                               options.confidence, &c);
      tally_take(&calibrated, &c, f);
    }
  }
  if (!calibrated.dates)
    return 0;
  row_print(name, window, "model of days alone", &model);
  row_print(name, window, "with the archive's history", &calibrated);
  return 0;
}

int main(int argc, char **argv) {
  static const size_t windows[] = {14, 28, 56};
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  int failed = random == NULL;
  puts("| series | days | interval | dates | p < 0.05 | 0 % | -10 % | -30 % | -65 % | high/low |");
  puts("|---|---|---|--:|--:|--:|--:|--:|--:|--:|");
  for (int i = 1; i < argc && !failed; i++) {
    const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
    if (!series_read(argv[i])) {
      fprintf(stderr, "calibrate: cannot read %s\n", argv[i]);
      return 1;
    }
    gsl_rng_set(random, 20081111);
    for (size_t w = 0; w < sizeof windows / sizeof *windows && !failed; w++)
      failed = window_measure(name, windows[w], random);
  }
  gsl_rng_free(random);
  return failed;
}
