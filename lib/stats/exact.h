/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact comparison of two Poisson counts. */
#ifndef LIB_STATS_EXACT_H
#define LIB_STATS_EXACT_H

#include <stdint.h>

#include "base/status.h"

/* Rate after over rate before, of counts that are Poisson: independent things, one at a time. Given
 * their sum, the count after is binomial (Przyborowski and Wilenski 1940). */
typedef struct tide_exact {
  double low, high; /* of the ratio of rates (Clopper and Pearson 1934): low is 0 if nothing came
                       after, high infinite where nothing was before */
  double p;         /* two-sided, of a ratio of 1: all splits that are no likelier than this one */
} tide_exact;

/* Counts in windows of so many days (above 0), confidence between 0 and 1. The same as R's
 * poisson.test(c(after, before), c(after_days, before_days)). TIDE_FAIL if both counts are 0, or
 * their sum is above TIDE_LIMIT_EXACT; TIDE_FATAL when out of memory. */
tide_status tide_exact_ratio(uint64_t before, uint64_t after, double before_days, double after_days,
                             double confidence, tide_exact *out);

#endif
