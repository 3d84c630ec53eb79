/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>

static int larger_first(const void *a, const void *b) {
  double x = **(double *const *)a, y = **(double *const *)b;
  return (x < y) - (x > y);
}

tide_status tide_adjust_bh(double *p, size_t count) {
  double **order = malloc((count + 1) * sizeof *order);
  if (!order)
    return TIDE_FATAL;
  size_t tests = 0;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]))
      order[tests++] = &p[i];
  qsort(order, tests, sizeof *order, larger_first);
  double least = 1;
  for (size_t i = 0; i < tests; i++) {
    double scaled = *order[i] * (double)tests / (double)(tests - i);
    if (scaled < least)
      least = scaled;
    *order[i] = least;
  }
  free(order);
  return TIDE_OK;
}

static int smaller_first(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

tide_status tide_adjust_tarone(double *p, const double *least, size_t count, double level,
                               double *threshold) {
  double *sorted = malloc((count + 1) * sizeof *sorted);
  size_t tests = 0, able = 0, k = 1;
  if (!sorted)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]))
      sorted[tests++] = least[i];
  qsort(sorted, tests, sizeof *sorted, smaller_first);
  /* `able` can reach level / k: fewer as k grows. */
  for (able = tests; k <= tests; k++) {
    while (able && sorted[able - 1] > level / (double)k)
      able--;
    if (able <= k)
      break;
  }
  free(sorted);
  *threshold = level / (double)k;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]) && least[i] > *threshold)
      p[i] = NAN;
  return tide_adjust_bh(p, count);
}
