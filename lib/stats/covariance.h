/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariance of estimates from bins that are not independent of each other. */
#ifndef LIB_STATS_COVARIANCE_H
#define LIB_STATS_COVARIANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/loglinear.h"

/* Newey and West's covariance (1987): Bartlett's kernel over *lag neighbours of the estimating
 * functions; where it is below 0 it becomes the one that the data choose (Newey and West 1994).
 * With prewhite a first-order vector autoregression is taken out before and put back after (Andrews
 * and Monahan 1992). out gets terms × terms values. The same as sandwich::NeweyWest(fit, lag,
 * prewhite) in R (Zeileis 2004), whose first term must be the intercept, as here. TIDE_FAIL if
 * the bins are too few, TIDE_FATAL when out of memory. */
tide_status tide_covariance_newey_west(const tide_loglinear *, const double *y, const double *x,
                                       int *lag, bool prewhite, double *out);

/* The first-order autocorrelation rho of residuals z in bins with the residual maker I - QQ', q
 * with orthonormal columns in rows of `terms` values; apart[i] is the distance from bin i - 1 to
 * bin i in days (apart[0] is not looked at), and pairs a day apart are counted where joined[i].
 * Estimated without the bias that fitted means give the autocorrelation (Marriott and Pope 1954;
 * Kendall 1954): rho is taken so that the ratio of the *expected* sum of products of neighbours to
 * the expected sum of squares, which is exact for the design, is the one that was seen. Between 0
 * and 0.95: a negative one would narrow intervals, and is not believed. NaN when out of memory. */
double tide_covariance_rho(const double *z, const double *q, size_t count, size_t terms,
                           const double *apart, const bool *joined);

#endif
