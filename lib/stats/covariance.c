/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandwich: bread from the model, meat from its scores, weighted by how far apart they are. */
#include "stats/covariance.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define T TIDE_LOGLINEAR_TERMS

/* sum over i of a_i b_i', rows of p values. */
static void cross(const double *a, const double *b, size_t rows, size_t p, double *out) {
  memset(out, 0, p * p * sizeof *out);
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < p; k++)
      for (size_t l = 0; l < p; l++)
        out[k * p + l] += a[i * p + k] * b[i * p + l];
}

static void multiply(const double *a, const double *b, size_t p, bool transpose_b, double *out) {
  for (size_t k = 0; k < p; k++)
    for (size_t l = 0; l < p; l++) {
      double sum = 0;
      for (size_t m = 0; m < p; m++)
        sum += a[k * p + m] * (transpose_b ? b[l * p + m] : b[m * p + l]);
      out[k * p + l] = sum;
    }
}

/* By QR, which takes no memory: GSL's LU does, and does not look whether it got it. */
static bool invert(double *a, double *out, size_t p) {
  double tau[T];
  gsl_vector_view t = gsl_vector_view_array(tau, p);
  gsl_matrix_view m = gsl_matrix_view_array(a, p, p), to = gsl_matrix_view_array(out, p, p);
  if (gsl_linalg_QR_decomp(&m.matrix, &t.vector) != GSL_SUCCESS)
    return false;
  for (size_t k = 0; k < p; k++)
    if (!(fabs(a[k * p + k]) > 0))
      return false;
  gsl_matrix_set_identity(&to.matrix);
  bool done = true;
  for (size_t k = 0; k < p && done; k++) {
    gsl_vector_view column = gsl_matrix_column(&to.matrix, k);
    done = gsl_linalg_QR_svx(&m.matrix, &t.vector, &column.vector) == GSL_SUCCESS;
  }
  return done;
}

/* Newey and West's plug-in (1994, Table II, Bartlett) for series that were, or were not,
 * prewhitened; the intercept has no weight. */
static int lag_of(const double *u, size_t rows, size_t p, bool prewhite) {
  double *h = malloc(rows * sizeof *h);
  if (!h)
    return -1;
  for (size_t i = 0; i < rows; i++) {
    h[i] = p == 1 ? u[i] : 0;
    for (size_t k = 1; k < p; k++)
      h[i] += u[i * p + k];
  }
  size_t all = rows + (prewhite ? 1 : 0),
         m = (size_t)floor(
             (prewhite ? 3 : 4) *
             pow((double)all / 100, 2.0 / 9)); /* the rate of all bins, as sandwich has it */
  double s0 = 0, s1 = 0;
  for (size_t j = 0; j <= m && j < rows; j++) {
    double sigma = 0;
    for (size_t i = j; i < rows; i++)
      sigma += h[i] * h[i - j];
    sigma /= (double)rows;
    s0 += j ? 2 * sigma : sigma;
    s1 += 2 * (double)j * sigma;
  }
  free(h);
  double lag = 1.1447 * cbrt(s1 / s0 * (s1 / s0)) * cbrt((double)all);
  return isfinite(lag) && lag < (double)rows - 1 ? (int)floor(lag) : (int)rows - 1;
}

/* u_t = A u_(t-1) + what is left, by least squares without an intercept; then D = (I - A)^-1. */
static tide_status prewhiten(double *scores, size_t n, size_t p, double *d) {
  const size_t rows = n - 1;
  double a[T * T], b[T * T], sum[T * T];
  cross(scores, scores, rows, p, a);
  if (!invert(a, b, p))
    return TIDE_FAIL;
  cross(scores + p, scores, rows, p, sum);
  multiply(sum, b, p, false, a);
  for (size_t i = n; i-- > 1;)
    for (size_t k = p; k-- > 0;)
      for (size_t l = 0; l < p; l++)
        scores[i * p + k] -= a[k * p + l] * scores[(i - 1) * p + l];
  for (size_t k = 0; k < p * p; k++)
    a[k] = (k % (p + 1) == 0) - a[k];
  return invert(a, d, p) ? TIDE_OK : TIDE_FAIL;
}

/* The sum of the covariances up to the lag, those further away for less (Bartlett). */
static void lags_sum(const double *u, size_t rows, size_t p, int lag, double *sum) {
  double a[T * T];
  cross(u, u, rows, p, sum);
  for (size_t j = 1; j <= (size_t)lag; j++) {
    const double weight = 1 - (double)j / (lag + 1);
    cross(u + j * p, u, rows - j, p, a);
    for (size_t k = 0; k < p; k++)
      for (size_t l = 0; l < p; l++)
        sum[k * p + l] += weight * (a[k * p + l] + a[l * p + k]);
  }
}

static tide_status newey_west(const tide_loglinear *f, double *scores, bool prewhite, int *lag,
                              double *out) {
  const size_t n = f->count, p = f->terms, rows = n - (prewhite ? 1 : 0);
  const double *u = prewhite ? scores + p : scores;
  double a[T * T], d[T * T], sum[T * T];
  if (prewhite)
    TIDE_TRY(prewhiten(scores, n, p, d));
  if (*lag < 0 && (*lag = lag_of(u, rows, p, prewhite)) < 0)
    return TIDE_FATAL;
  if ((size_t)*lag >= rows)
    *lag = (int)rows - 1;
  lags_sum(u, rows, p, *lag, sum);
  if (prewhite) {
    multiply(d, sum, p, false, a);
    multiply(a, d, p, true, sum);
  }
  multiply(f->bread, sum, p, false, a);
  multiply(a, f->bread, p, false, out);
  return TIDE_OK;
}

tide_status tide_covariance_newey_west(const tide_loglinear *f, const double *y, const double *x,
                                       int *lag, bool prewhite, double *out) {
  gsl_set_error_handler_off();
  const size_t n = f->count, p = f->terms;
  if (n < p + 3 + (prewhite ? p : 0))
    return TIDE_FAIL;
  double *scores = malloc(n * p * sizeof *scores);
  if (!scores)
    return TIDE_FATAL;
  tide_loglinear_scores(f, y, x, scores);
  const tide_status status = newey_west(f, scores, prewhite, lag, out);
  free(scores);
  return status;
}

typedef struct rho_point {
  const double *q, *apart;
  const bool *joined;
  size_t count, terms;
  double seen;
  double *g; /* rows of `terms` values: SQ, S the correlations rho^distance */
} rho_point;

/* Expected ratio of products of neighbours to squares of residuals, where the correlation is rho,
 * less the one seen. */
static double rho_excess(double rho, void *context) {
  const rho_point *r = context;
  size_t n = r->count, p = r->terms;
  double carried[T] = {0}, k[T * T];
  /* S is that of a Markov chain, so that SQ takes one pass forwards and one back. */
  for (size_t i = 0; i < n; i++) {
    double step = i ? pow(rho, r->apart[i]) : 0;
    for (size_t l = 0; l < p; l++)
      r->g[i * p + l] = carried[l] = carried[l] * step + r->q[i * p + l];
  }
  memset(carried, 0, sizeof carried);
  for (size_t i = n - 1; i-- > 0;) {
    double step = pow(rho, r->apart[i + 1]);
    for (size_t l = 0; l < p; l++) {
      carried[l] = (carried[l] + r->q[(i + 1) * p + l]) * step;
      r->g[i * p + l] += carried[l];
    }
  }
  cross(r->q, r->g, n, p, k);
  double squares = 0, products = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t back = 0; back < 2; back++) {
      if (back && !(i && r->joined[i]))
        continue;
      const double *qi = r->q + i * p, *qj = r->q + (i - back) * p, *gi = r->g + i * p,
                   *gj = r->g + (i - back) * p;
      double c = back ? rho : 1;
      for (size_t a = 0; a < p; a++) {
        c -= qi[a] * gj[a] + gi[a] * qj[a];
        for (size_t b = 0; b < p; b++)
          c += qi[a] * k[a * p + b] * qj[b];
      }
      if (back)
        products += c;
      else
        squares += c;
    }
  return products / squares - r->seen;
}

double tide_covariance_rho(const double *z, const double *q, size_t count, size_t terms,
                           const double *apart, const bool *joined) {
  enum { STEPS = 40 };
  double squares = 0, products = 0, low = 0, high = 0.95;
  for (size_t i = 0; i < count; i++) {
    squares += z[i] * z[i];
    if (i && joined[i])
      products += z[i] * z[i - 1];
  }
  if (!(squares > 0))
    return 0;
  rho_point r = {q,
                 apart,
                 joined,
                 count,
                 terms,
                 products / squares,
                 malloc((count + 1) * terms * sizeof(double))};
  if (!r.g)
    return NAN;
  if (rho_excess(low, &r) >= 0)
    high = 0;
  else if (rho_excess(high, &r) <= 0)
    low = high;
  for (int i = 0; i < STEPS && high - low > 1e-9; i++) {
    double middle = (low + high) / 2;
    if (rho_excess(middle, &r) < 0)
      low = middle;
    else
      high = middle;
  }
  free(r.g);
  return (low + high) / 2;
}
