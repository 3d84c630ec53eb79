/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/concentration.h"

#include <stdlib.h>

static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

void tide_concentration_measure(uint64_t *counts, size_t n, tide_concentration *out) {
  *out = (tide_concentration){0};
  if (n)
    qsort(counts, n, sizeof *counts, compare);
  while (n && *counts == 0)
    counts++, n--;
  for (size_t i = 0; i < n; i++)
    out->total += counts[i];
  out->groups = n;
  if (n == 0)
    return;
  double total = (double)out->total, weighted = 0;
  uint64_t top = 0;
  for (size_t i = 0; i < n; i++) {
    double share = (double)counts[i] / total;
    weighted += (2 * ((double)i + 1) - (double)n - 1) * share;
    out->hhi += share * share;
  }
  for (size_t k = 1; k <= 100; k++) {
    if (k <= n)
      top += counts[n - k];
    if (k == 1)
      out->top_1 = (double)top / total;
    if (k == 10)
      out->top_10 = (double)top / total;
    if (k == 100)
      out->top_100 = (double)top / total;
  }
  out->gini = weighted / (double)n;
  out->effective = 1 / out->hhi;
}
