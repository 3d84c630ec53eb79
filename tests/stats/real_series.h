/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real daily series, and how its days stray about the mean of the days around them. */
#ifndef REAL_SERIES_H
#define REAL_SERIES_H

#include <gsl/gsl_rng.h>
#include <math.h>

#include "daily.h"
#include "stats/gaps.h"

enum {
  AROUND = 91,
  BLOCK = 14,
  LEVEL = 30,      /* messages a day, of a series that is drawn */
  LEVEL_LEAST = 8, /* of days whose residuals are taken */
  RESIDUALS_LEAST = 400
};

static double residual[DAYS_MOST];
static size_t residuals;

static bool series_read(const char *path) {
  char first[32];
  return values_read(path, "", days, first);
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

/* A series of a steady level: residuals in blocks. */
static void series_draw(gsl_rng *random, double *to, size_t length) {
  for (size_t from = 0; from < length; from += BLOCK) {
    size_t start = gsl_rng_uniform_int(random, residuals - BLOCK + 1);
    for (size_t i = 0; i < BLOCK && from + i < length; i++)
      to[from + i] = floor(LEVEL * residual[start + i] + gsl_rng_uniform(random));
  }
}

#endif
