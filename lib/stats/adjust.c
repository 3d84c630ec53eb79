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

/* level / K. `sorted`: the least p-values of the tests that were made. */
static double threshold_of(const double *sorted, size_t tests, double level) {
  size_t able = tests, k = 1;
  /* `able` can reach level / k: fewer as k grows. */
  for (; k <= tests; k++) {
    while (able && sorted[able - 1] > level / (double)k)
      able--;
    if (able <= k)
      break;
  }
  return level / (double)k;
}

static double *p_of(const tide_tests *t, size_t i) {
  return (double *)(void *)((char *)t->p + i * t->stride);
}

static double least_of(const tide_tests *t, size_t i) {
  return *(const double *)(const void *)((const char *)t->least + i * t->stride);
}

/* p: room for as many numbers as there are tests. */
static tide_status tarone(const tide_tests *t, double *p, double level, const atomic_bool *stop,
                          double *threshold) {
  size_t tests = 0;
  for (size_t i = 0; i < t->count; i++)
    if (!isnan(*p_of(t, i)))
      p[tests++] = least_of(t, i);
  TIDE_TRY(tide_sort(p, tests, sizeof *p, smaller_first, NULL, stop));
  *threshold = threshold_of(p, tests, level);
  for (size_t i = 0; i < t->count; i++)
    p[i] = isnan(*p_of(t, i)) || least_of(t, i) > *threshold ? NAN : *p_of(t, i);
  TIDE_TRY(tide_adjust_bh(p, t->count, stop));
  for (size_t i = 0; i < t->count; i++)
    *p_of(t, i) = p[i];
  return TIDE_OK;
}

tide_status tide_adjust_tarone(const tide_tests *t, double level, const atomic_bool *stop,
                               double *threshold) {
  double *p = malloc((t->count + 1) * sizeof *p);
  const tide_status status = p ? tarone(t, p, level, stop, threshold) : TIDE_FATAL;
  free(p);
  return status;
}
