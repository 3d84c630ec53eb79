/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks: two samples held against each other without a model. */
#ifndef LIB_STATS_RANKS_H
#define LIB_STATS_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

typedef struct tide_ranks {
  double statistic; /* Mann and Whitney's U of x: the pairs in which x is greater, ties half */
  double p;         /* two-sided */
  bool exact;
} tide_ranks;

/* Wilcoxon's rank sum test (Wilcoxon 1945; Mann and Whitney 1947) of x against y, as R's
 * wilcox.test(x, y): exact where both have fewer than 50 values and no two are equal, otherwise by
 * the normal distribution, with corrections for ties and for continuity. It presumes that the
 * values are independent. TIDE_FAIL if a sample is empty or all values are equal, TIDE_FATAL
 * when out of memory. */
tide_status tide_ranks_compare(const double *x, size_t m, const double *y, size_t n,
                               tide_ranks *out);

#endif
