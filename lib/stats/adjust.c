/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each test's p-value by one sort; tests that could never be significant are left out first. */
#include "stats/adjust.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

static int larger_first(const void *a, const void *b, void *context) {
  (void)context;
  double x = **(double *const *)a, y = **(double *const *)b;
  return (x < y) - (x > y);
}

tide_status tide_adjust_bh(double *p, size_t count, const atomic_bool *stop) {
  double **order = malloc((count + 1) * sizeof *order);
  if (!order)
    return TIDE_FATAL;
  size_t tests = 0;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]))
      order[tests++] = &p[i];
  const tide_status status = tide_sort(order, tests, sizeof *order, larger_first, NULL, stop);
  double least = 1;
  for (size_t i = 0; i < tests && status == TIDE_OK; i++) {
    double scaled = *order[i] * (double)tests / (double)(tests - i);
    if (scaled < least)
      least = scaled;
    *order[i] = least;
  }
  free(order);
  return status;
}

static int smaller_first(const void *a, const void *b, void *context) {
  (void)context;
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

tide_status tide_adjust_tarone(double *p, const double *least, size_t count, double level,
                               const atomic_bool *stop, double *threshold) {
  double *sorted = malloc((count + 1) * sizeof *sorted);
  size_t tests = 0, able = 0, k = 1;
  if (!sorted)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]))
      sorted[tests++] = least[i];
  const tide_status status = tide_sort(sorted, tests, sizeof *sorted, smaller_first, NULL, stop);
  /* `able` can reach level / k: fewer as k grows. */
  for (able = tests; k <= tests && status == TIDE_OK; k++) {
    while (able && sorted[able - 1] > level / (double)k)
      able--;
    if (able <= k)
      break;
  }
  free(sorted);
  TIDE_TRY(status);
  *threshold = level / (double)k;
  for (size_t i = 0; i < count; i++)
    if (!isnan(p[i]) && least[i] > *threshold)
      p[i] = NAN;
  return tide_adjust_bh(p, count, stop);
}
