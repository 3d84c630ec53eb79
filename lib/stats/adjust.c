/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/adjust.h"

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
