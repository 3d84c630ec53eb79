/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mixture: a value that varies about 0 by an amount that is itself unknown. Numbers in, numbers
 * out. */
#ifndef LIB_STATS_MIXTURE_H
#define LIB_STATS_MIXTURE_H

#include <stddef.h>

enum { TIDE_MIXTURE_KINDS = 18 };

/* Normal distributions about 0, with standard deviations of 0.02 to 6.1 in steps of 1.4. */
typedef struct tide_mixture {
  double weight[TIDE_MIXTURE_KINDS]; /* 1 in all */
  double growth;                     /* by which all variances are larger; above 0 */
} tide_mixture;

/* Of one of them, before it grows. */
double tide_mixture_deviation(size_t kind);
/* Of one of them, with so much variance of something else besides. */
double tide_mixture_variance(const tide_mixture *, size_t kind, double more);
/* The chance that a value, with so much variance besides, is further from 0 than x, either way. */
double tide_mixture_tail(const tide_mixture *, double more, double x);
/* The x at which that is `tail`. */
double tide_mixture_bound(const tide_mixture *, double more, double tail);

#endif
