/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Iteratively reweighted least squares in its textbook form; for the negative binomial in turns
 * with its dispersion. */
#include "stats/loglinear.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "root.h"

enum { STEPS_MAX = 200 };

/* What a term of the deviance may be off by, for each thing counted. */
static const double rounding = 4 * DBL_EPSILON;

double tide_loglinear_variance(const tide_loglinear *f, double mean) {
  return isinf(f->theta) ? mean : mean + mean * mean / f->theta;
}

/* X'WX and, with z not NULL, X'Wz, for the weights mean^2 / variance of the log link. */
static void normal_equations(const tide_loglinear *f, const double *x, const double *z, double *a,
                             double *b) {
  size_t p = f->terms;
  memset(a, 0, p * p * sizeof *a);
  if (b)
    memset(b, 0, p * sizeof *b);
  for (size_t i = 0; i < f->count; i++) {
    double w = f->mean[i] * f->mean[i] / tide_loglinear_variance(f, f->mean[i]);
    const double *row = x + i * p;
    for (size_t k = 0; k < p; k++) {
      for (size_t l = 0; l < p; l++)
        a[k * p + l] += w * row[k] * row[l];
      if (b)
        b[k] += w * row[k] * z[i];
    }
  }
}

static bool solve(double *a, const double *b, double *out, size_t p) {
  gsl_matrix_view m = gsl_matrix_view_array(a, p, p);
  gsl_vector_const_view right = gsl_vector_const_view_array(b, p);
  gsl_vector_view left = gsl_vector_view_array(out, p);
  /* A pivot that all but vanished: the terms cannot be told apart. */
  double diagonal[TIDE_LOGLINEAR_TERMS];
  for (size_t k = 0; k < p; k++)
    diagonal[k] = a[k * p + k];
  if (gsl_linalg_cholesky_decomp1(&m.matrix) != GSL_SUCCESS)
    return false;
  for (size_t k = 0; k < p; k++)
    if (!(a[k * p + k] * a[k * p + k] > 1e-10 * diagonal[k]))
      return false;
  return gsl_linalg_cholesky_solve(&m.matrix, &right.vector, &left.vector) == GSL_SUCCESS;
}

static double deviance(const tide_loglinear *f, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < f->count; i++) {
    double m = f->mean[i], own = y[i] > 0 ? y[i] * log(y[i] / m) : 0;
    sum += isinf(f->theta) ? own - (y[i] - m)
                           : own - (y[i] + f->theta) * log((y[i] + f->theta) / (m + f->theta));
  }
  return 2 * sum;
}

/* Iterates from the means in f->mean. */
static tide_status settle(tide_loglinear *f, const double *y, const double *offset,
                          const double *x) {
  size_t n = f->count, p = f->terms;
  double a[TIDE_LOGLINEAR_TERMS * TIDE_LOGLINEAR_TERMS], b[TIDE_LOGLINEAR_TERMS],
      last = INFINITY, largest = 0, sum = 0;
  double *z = malloc(n * sizeof *z);
  if (!z)
    return TIDE_FATAL;
  for (size_t i = 0; i < n; i++) {
    largest = fmax(largest, y[i]);
    sum += y[i];
  }
  tide_status status = TIDE_FAIL;
  for (int step = 0; step < STEPS_MAX; step++) {
    for (size_t i = 0; i < n; i++)
      z[i] = log(f->mean[i]) - (offset ? offset[i] : 0) + (y[i] - f->mean[i]) / f->mean[i];
    normal_equations(f, x, z, a, b);
    if (!solve(a, b, f->coefficient, p))
      break;
    bool sound = true;
    for (size_t i = 0; i < n; i++) {
      double eta = offset ? offset[i] : 0;
      for (size_t k = 0; k < p; k++)
        eta += f->coefficient[k] * x[i * p + k];
      f->mean[i] = exp(eta);
      /* A mean that runs to zero belongs to a side without mail: there is no estimate. */
      sound = sound && f->mean[i] > 1e-9 * largest && isfinite(f->mean[i]);
    }
    if (!sound)
      break;
    double now = deviance(f, y);
    if (fabs(now - last) <= 1e-12 * (fabs(now) + 0.1) + rounding * sum) {
      status = TIDE_OK;
      break;
    }
    last = now;
  }
  free(z);
  return status;
}

static tide_status finish(tide_loglinear *f, const double *y, const double *x) {
  size_t p = f->terms;
  double a[TIDE_LOGLINEAR_TERMS * TIDE_LOGLINEAR_TERMS];
  normal_equations(f, x, NULL, a, NULL);
  memcpy(f->bread, a, p * p * sizeof *a);
  gsl_matrix_view m = gsl_matrix_view_array(f->bread, p, p);
  if (gsl_linalg_cholesky_decomp1(&m.matrix) != GSL_SUCCESS ||
      gsl_linalg_cholesky_invert(&m.matrix) != GSL_SUCCESS)
    return TIDE_FAIL;
  double chi = 0;
  for (size_t i = 0; i < f->count; i++) {
    double e = y[i] - f->mean[i];
    chi += e * e / tide_loglinear_variance(f, f->mean[i]);
  }
  f->dispersion = f->count > p ? chi / (double)(f->count - p) : NAN;
  return TIDE_OK;
}

static tide_status begin(const double *y, size_t count, size_t terms, double theta,
                         tide_loglinear *out) {
  gsl_set_error_handler_off();
  *out = (tide_loglinear){.count = count, .terms = terms, .theta = theta};
  if (terms == 0 || terms > TIDE_LOGLINEAR_TERMS || count < terms)
    return TIDE_FAIL;
  out->mean = malloc(count * sizeof *out->mean);
  if (!out->mean)
    return TIDE_FATAL;
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += y[i];
  if (!(sum > 0))
    return TIDE_FAIL;
  /* Half way to the mean: a start that is above zero everywhere, whatever the unit. */
  for (size_t i = 0; i < count; i++)
    out->mean[i] = (y[i] + sum / (double)count) / 2;
  return TIDE_OK;
}

static tide_status end(tide_status status, tide_loglinear *f) {
  if (status != TIDE_OK)
    tide_loglinear_free(f);
  return status;
}

static tide_status fit(const double *y, const double *offset, const double *x,
                       tide_loglinear *out) {
  TIDE_TRY(settle(out, y, offset, x));
  return finish(out, y, x);
}

tide_status tide_loglinear_fit(const double *y, const double *offset, const double *x, size_t count,
                               size_t terms, tide_loglinear *out) {
  tide_status status = begin(y, count, terms, INFINITY, out);
  if (status == TIDE_OK)
    status = fit(y, offset, x, out);
  return end(status, out);
}

typedef struct theta_point {
  const tide_loglinear *fit;
  const double *y;
} theta_point;

/* The derivative of the log-likelihood by theta, at the logarithm of theta, with the means as they
 * are. */
static double theta_slope(double log_theta, void *context) {
  const theta_point *p = context;
  double t = exp(log_theta), sum = 0;
  for (size_t i = 0; i < p->fit->count; i++) {
    double y = p->y[i], m = p->fit->mean[i];
    /* Small counts by the sum that the difference of digamma functions is, without their
     * cancellation. */
    double harmonic = 0;
    if (y < 200 && y == floor(y))
      for (double k = 0; k < y; k++)
        harmonic += 1 / (t + k);
    else
      harmonic = gsl_sf_psi(t + y) - gsl_sf_psi(t);
    sum += harmonic - log1p(m / t) + (m - y) / (m + t);
  }
  return sum * t;
}

static tide_status theta_of(const tide_loglinear *f, const double *y, double *theta) {
  enum { LOW = -12, HIGH = 16 };
  theta_point point = {f, y};
  gsl_function g = {.function = theta_slope, .params = &point};
  if (!(theta_slope(LOW, &point) > 0) || !(theta_slope(HIGH, &point) < 0))
    return TIDE_FAIL;
  double found;
  TIDE_TRY(tide_root_find(&g, LOW, HIGH, STEPS_MAX, &found));
  *theta = exp(found);
  return isfinite(*theta) ? TIDE_OK : TIDE_FAIL;
}

static tide_status fit_negbin(const double *y, const double *offset, const double *x,
                              tide_loglinear *out) {
  double last = 0;
  TIDE_TRY(settle(out, y, offset, x));
  for (int step = 0; step < STEPS_MAX; step++) {
    double theta = 0;
    TIDE_TRY(theta_of(out, y, &theta));
    if (fabs(theta - last) <= 1e-11 * theta)
      break;
    out->theta = last = theta;
    TIDE_TRY(settle(out, y, offset, x));
  }
  return finish(out, y, x);
}

tide_status tide_loglinear_fit_negbin(const double *y, const double *offset, const double *x,
                                      size_t count, size_t terms, tide_loglinear *out) {
  tide_status status = begin(y, count, terms, INFINITY, out);
  if (status == TIDE_OK)
    status = fit_negbin(y, offset, x, out);
  return end(status, out);
}

void tide_loglinear_free(tide_loglinear *f) {
  free(f->mean);
  f->mean = NULL;
}

void tide_loglinear_scores(const tide_loglinear *f, const double *y, const double *x,
                           double *scores) {
  for (size_t i = 0; i < f->count; i++) {
    double e = (y[i] - f->mean[i]) * f->mean[i] / tide_loglinear_variance(f, f->mean[i]);
    for (size_t k = 0; k < f->terms; k++)
      scores[i * f->terms + k] = e * x[i * f->terms + k];
  }
}
