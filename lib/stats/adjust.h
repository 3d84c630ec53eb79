/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P-values of many tests, adjusted. */
#ifndef LIB_STATS_ADJUST_H
#define LIB_STATS_ADJUST_H

#include <stddef.h>

#include "base/status.h"
#include "base/stop.h"

/* Benjamini and Hochberg (1995), as R's p.adjust(p, "BH"): of the tests whose adjusted value is at
 * most q, a part of q is expected to be chance. In place; NaN stands for a test that was not made,
 * stays so and does not count. TIDE_FATAL when out of memory; TIDE_END once *stop (may be
 * NULL) is true. */
tide_status tide_adjust_bh(double *p, size_t count, const atomic_bool *stop);

/* Tests, wherever their numbers are: those of the next one are `stride` bytes further. */
typedef struct tide_tests {
  double *p;           /* as for tide_adjust_bh */
  const double *least; /* the least p-value that the test can have, given what does not depend on
                          the outcome (the sum of two counts); looked at only where p is not NaN */
  size_t stride, count;
} tide_tests;

/* The same of tests of which some could not have been significant, whatever had happened. They
 * would dilute the others' adjustment and never profit from it. K is the least number for which no
 * more than K tests can reach level / K (Tarone 1990); the tests that cannot are left out, their p
 * becomes NaN, and of the others the values are those of Benjamini and Hochberg (Gilbert 2005,
 * Journal of the Royal Statistical Society C 54, 143-158). Left out are those whose least p-value
 * is above *threshold, level / K. */
tide_status tide_adjust_tarone(const tide_tests *, double level, const atomic_bool *stop,
                               double *threshold);

#endif
