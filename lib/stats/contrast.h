/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A contrast: the rate after an event over the rate before it, with its interval. */
#ifndef LIB_STATS_CONTRAST_H
#define LIB_STATS_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum tide_model {
  TIDE_MODEL_AUTO,
  TIDE_MODEL_QUASIPOISSON,
  TIDE_MODEL_NEGBIN,
  TIDE_MODEL_EXACT
} tide_model;
typedef enum tide_errors {
  TIDE_ERRORS_AR1,
  TIDE_ERRORS_NEWEY_WEST,
  TIDE_ERRORS_INDEPENDENT
} tide_errors;

/* What is counted: decides which methods make sense. */
typedef enum tide_quantity {
  TIDE_QUANTITY_COUNT, /* single things, such as messages: every method */
  TIDE_QUANTITY_AMOUNT /* sums over things, such as bytes: quasi-Poisson alone, which asks only that
                          the variance grow with the mean */
} tide_quantity;

/* Daily values around an event, in the order of time. Bins have at most 24 hours and do not
 * overlap. */
typedef struct tide_series {
  size_t count;
  const double *value; /* at least 0 */
  const double *days;  /* length of the bin, above 0 */
  const double *start; /* days from the event to the bin's start: below 0 before, else after */
} tide_series;

typedef struct tide_contrast_options {
  tide_model model;
  tide_errors errors;
  bool weekdays, trend;
  double confidence; /* between 0 and 1 */
} tide_contrast_options;

/* AUTO takes the exact interval where a side holds fewer things than SMALL or fewer bins than BINS:
 * the normal approximation and an estimate of spread need them. */
enum { TIDE_CONTRAST_SMALL = 10, TIDE_CONTRAST_BINS = 4 };

/* What is unknown is NaN. */
typedef struct tide_contrast {
  char method[64]; /* "quasipoisson+weekdays+trend+ar1", "negbin+nw", "exact", or "" where there is
                      none */
  double ratio;    /* after over before; with weekdays or a trend that of the model, at the event */
  double low, high; /* its interval; 0 and infinity are bounds that the exact interval may have */
  double p;         /* two-sided, of ratio 1 */
  double standard_error; /* of the logarithm of the ratio */
  double freedom;        /* of the t distribution used */
  double dispersion; /* Pearson's of the quasi-Poisson model; 1 is what independent events have */
  double autocorrelation; /* of neighbouring days, corrected for bias; not below 0 */
  double
      slope_change; /* factor a day by which the slope after differs from that before, with trend */
} tide_contrast;

/* The estimate is that of a log-linear model with a step at the event, where asked for with six
 * weekday terms (days counted from the event) and with a slope before and a change of slope at the
 * event (interrupted time series: Wagner and others 2002; Bernal, Cummins and Gasparrini 2017).
 *
 * Errors AR1, the standard: the sandwich B S B, B the model's inverse information, S the covariance
 * of the estimating functions where days have each side's own dispersion and correlate as
 * rho^distance. rho is tide_covariance_rho's; the dispersion of each side is divided by the
 * expectation that rho leaves it under the design. The quantile is Student's, with the degrees of
 * freedom of Satterthwaite (1946) for the two dispersions and the estimated rho: see
 * docs/STATISTICS.md, where coverage is measured. NEWEY_WEST: sandwich::NeweyWest's estimate with
 * prewhitening and automatic lag, and a normal quantile; INDEPENDENT: the model's own standard
 * error, normal too.
 *
 * TIDE_OK also if nothing could be estimated: then the members are NaN and method is "".
 * TIDE_FATAL when out of memory. */
tide_status tide_contrast_estimate(const tide_series *, tide_quantity,
                                   const tide_contrast_options *, tide_contrast *out);

/* One of which nothing is known: every number NaN, method "". */
tide_contrast tide_contrast_unknown(void);

/* The step at the event of the same model alone: its logarithm, and the variance that independent
 * things of these counts would give it. NaN if there is nothing to fit. TIDE_FATAL when out
 * of memory. */
tide_status tide_contrast_step(const tide_series *, const tide_contrast_options *,
                               double *log_ratio, double *noise);

/* Widens a contrast by an independent error of its logarithm, such as that of a control's ratio
 * that it was divided by: variances add, and degrees of freedom do as Satterthwaite's. Does nothing
 * where the contrast has no standard error. */
void tide_contrast_add_error(tide_contrast *, double standard_error, double freedom,
                             double confidence);

/* Slope within the bins before the event: the factor a day of a log-linear model, and its two-sided
 * p-value with AR1 errors; NaN if there are fewer than 7 bins or nothing to fit. */
tide_status tide_contrast_slope_before(const tide_series *, double *factor, double *p);

#endif
