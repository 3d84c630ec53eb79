/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mann and Whitney's test: exact by counting where samples are small and without ties, else by the
 * normal distribution. */
#include "stats/ranks.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

typedef struct ranked {
  double value;
  bool first; /* of the sample x */
} ranked;

static int ranked_compare(const void *a, const void *b) {
  double x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
  return (x > y) - (x < y);
}

enum { EXACT_BELOW = 50 };

/* The probability of U <= u. ways[i][k] is the number of ways to choose i of the values so far with
 * the sum k of ranks, least possible sum taken off; doubles hold what R's count holds. */
static tide_status exact_below(size_t m, size_t n, size_t u, double *p) {
  size_t sums = m * n + 1;
  double *ways = calloc((m + 1) * sums, sizeof *ways);
  if (!ways)
    return TIDE_FATAL;
  ways[0] = 1;
  for (size_t rank = 1; rank <= m + n; rank++)
    for (size_t i = rank < m ? rank : m; i >= 1; i--) {
      /* The i-th chosen value with this rank comes above rank - i values that were not chosen. */
      size_t above = rank - i;
      if (above > n)
        continue;
      for (size_t k = sums; k-- > above;)
        ways[i * sums + k] += ways[(i - 1) * sums + k - above];
    }
  double all = 0, below = 0;
  for (size_t k = 0; k < sums; k++) {
    all += ways[m * sums + k];
    if (k <= u)
      below += ways[m * sums + k];
  }
  free(ways);
  *p = below / all;
  return TIDE_OK;
}

tide_status tide_ranks_compare(const double *x, size_t m, const double *y, size_t n,
                               tide_ranks *out) {
  if (m == 0 || n == 0)
    return TIDE_FAIL;
  size_t count = m + n;
  ranked *all = malloc(count * sizeof *all);
  if (!all)
    return TIDE_FATAL;
  for (size_t i = 0; i < m; i++)
    all[i] = (ranked){x[i], true};
  for (size_t i = 0; i < n; i++)
    all[m + i] = (ranked){y[i], false};
  qsort(all, count, sizeof *all, ranked_compare);
  double sum = 0, ties = 0;
  for (size_t i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count && all[end].value <= all[i].value; end++) {
    }
    double rank = ((double)i + 1 + (double)end) / 2, same = (double)(end - i);
    ties += same * same * same - same;
    for (size_t k = i; k < end; k++)
      sum += all[k].first ? rank : 0;
  }
  free(all);
  double pairs = (double)m * (double)n, total = (double)count;
  out->statistic = sum - (double)m * ((double)m + 1) / 2;
  out->exact = m < EXACT_BELOW && n < EXACT_BELOW && ties <= 0;
  if (out->exact) {
    /* The distribution is symmetric about half the pairs. */
    double lower = out->statistic <= pairs / 2 ? out->statistic : pairs - out->statistic, p;
    TIDE_TRY(exact_below(m, n, (size_t)lower, &p));
    out->p = 2 * p < 1 ? 2 * p : 1;
    return TIDE_OK;
  }
  double variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0))
    return TIDE_FAIL;
  double z = out->statistic - pairs / 2;
  z = (z - (z > 0 ? 0.5 : 0) + (z < 0 ? 0.5 : 0)) / sqrt(variance);
  double p = 2 * gsl_cdf_ugaussian_Q(fabs(z));
  out->p = p < 1 ? p : 1;
  return TIDE_OK;
}
