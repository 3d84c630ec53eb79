/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log-linear models of counts: the logarithm of the expected count is a sum of terms. */
#ifndef LIB_STATS_LOGLINEAR_H
#define LIB_STATS_LOGLINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

enum { TIDE_LOGLINEAR_TERMS = 12 };

typedef struct tide_loglinear {
  size_t count, terms;
  double coefficient[TIDE_LOGLINEAR_TERMS];
  double
      bread[TIDE_LOGLINEAR_TERMS *
            TIDE_LOGLINEAR_TERMS]; /* inverse of X'WX, rows of `terms` values; times the dispersion
                                      it is the covariance where bins are independent */
  double *mean;                    /* expected counts */
  double dispersion; /* Pearson's chi-square over count - terms (McCullagh and Nelder 1989, 4.5);
                        NaN if there are no more bins than terms */
  double theta; /* variance = mean + mean^2 / theta; infinite: variance proportional to the mean */
} tide_loglinear;

/* Fits y (at least 0) with the design x, rows of `terms` values, and offset (logarithms of days, or
 * NULL) by iterated weighted least squares. The estimates are those of R's glm(family =
 * quasipoisson), with theta infinite. TIDE_FAIL if the terms cannot be told apart or the
 * iteration does not settle (a side without any mail), TIDE_FATAL when out of memory. Free what was
 * fitted. */
tide_status tide_loglinear_fit(const double *y, const double *offset, const double *x, size_t count,
                               size_t terms, tide_loglinear *out);
/* The same with theta by maximum likelihood, in turn with the coefficients, as R's MASS::glm.nb
 * (Venables and Ripley 2002, 7.4). TIDE_FAIL also where the counts vary no more than Poisson counts
 * do, so that there is no finite theta. */
tide_status tide_loglinear_fit_negbin(const double *y, const double *offset, const double *x,
                                      size_t count, size_t terms, tide_loglinear *out);
void tide_loglinear_free(tide_loglinear *);

/* Variance of one count with that mean; where theta is infinite, up to the dispersion. */
double tide_loglinear_variance(const tide_loglinear *, double mean);
/* The estimating functions: rows of `terms` values, whose sums over bins are zero. */
void tide_loglinear_scores(const tide_loglinear *, const double *y, const double *x,
                           double *scores);

#endif
