/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A log-linear model of bins, whose errors are made from the residuals by the covariance that was
 * asked for. What the level did before the event is not its affair (stats/reference.h). */
#include "stats/contrast.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/covariance.h"
#include "stats/exact.h"
#include "stats/loglinear.h"

#define T TIDE_LOGLINEAR_TERMS
/* A square of a relative error that is no more than rounding. */
#define ROUNDING 1e-20

/* A fitted model with what its errors are made from. */
typedef struct design {
  size_t count, terms, step; /* step: the term whose coefficient is wanted */
  double *memory, *x, *offset, *z, *q, *apart;
  bool *joined, *after;
} design;

static tide_status design_take(design *d, size_t count, size_t terms) {
  *d = (design){.count = count, .terms = terms};
  d->memory = calloc(count * (2 * terms + 3) + 1, sizeof *d->memory);
  d->joined = calloc(2 * count + 1, sizeof *d->joined);
  if (!d->memory || !d->joined)
    return TIDE_FATAL;
  d->x = d->memory;
  d->q = d->x + count * terms;
  d->offset = d->q + count * terms;
  d->z = d->offset + count;
  d->apart = d->z + count;
  d->after = d->joined + count;
  return TIDE_OK;
}

static void design_free(design *d) {
  free(d->memory);
  free(d->joined);
}

/* Times, and which bins are neighbours. */
static void design_times(design *d, const tide_series *s) {
  for (size_t i = 0; i < d->count; i++) {
    d->offset[i] = log(s->days[i]);
    d->after[i] = s->start[i] >= 0;
    if (!i)
      continue;
    d->apart[i] = s->start[i] - s->start[i - 1];
    d->joined[i] = d->apart[i] > 0.5 && d->apart[i] < 1.5;
    if (!(d->apart[i] > 0))
      d->apart[i] = 1;
  }
}

/* Columns: 1, after, then weekdays, then slope before and change of slope. Time is taken from the
 * event, so that the step is that at the event. */
static tide_status design_contrast(design *d, const tide_series *s, bool weekdays, bool trend) {
  size_t terms = 2 + (weekdays ? 6u : 0) + (trend ? 2u : 0);
  TIDE_TRY(design_take(d, s->count, terms));
  design_times(d, s);
  d->step = 1;
  for (size_t i = 0; i < s->count; i++) {
    double *row = d->x + i * terms;
    row[0] = 1;
    row[1] = d->after[i];
    if (weekdays) {
      long day = (long)floor(s->start[i] + 1e-9) % 7;
      if (day < 0)
        day += 7;
      if (day)
        row[1 + day] = 1;
    }
    if (trend) {
      double t = s->start[i] + s->days[i] / 2;
      row[terms - 2] = t;
      row[terms - 1] = d->after[i] ? t : 0;
    }
  }
  return TIDE_OK;
}

/* z: Pearson's residuals over the root of their side's dispersion; q: an orthonormal base of the
 * weighted design. */
static tide_status design_residuals(design *d, const tide_loglinear *f, const double *y,
                                    tide_quantity quantity, double dispersion[2], double *rho) {
  size_t n = d->count, p = d->terms, bins[2] = {0};
  double root[T * T], sum[2] = {0}, lost[2] = {0}, noise[2] = {0};
  memcpy(root, f->bread, p * p * sizeof *root);
  gsl_matrix_view m = gsl_matrix_view_array(root, p, p);
  if (gsl_linalg_cholesky_decomp1(&m.matrix) != GSL_SUCCESS)
    return TIDE_FAIL;
  for (size_t i = 0; i < n; i++) {
    double variance = tide_loglinear_variance(f, f->mean[i]), weight = f->mean[i] / sqrt(variance),
           leverage = 0;
    for (size_t k = 0; k < p; k++) {
      double q = 0;
      for (size_t l = k; l < p; l++)
        q += d->x[i * p + l] * root[l * p + k];
      d->q[i * p + k] = weight * q;
      leverage += weight * q * weight * q;
    }
    d->z[i] = (y[i] - f->mean[i]) / sqrt(variance);
    sum[d->after[i]] += d->z[i] * d->z[i];
    lost[d->after[i]] += leverage;
    noise[d->after[i]] += ROUNDING * f->mean[i] * f->mean[i] / variance;
    bins[d->after[i]]++;
  }
  for (int side = 0; side < 2; side++) {
    double freedom = (double)bins[side] - lost[side];
    /* Days that are all the same leave rounding alone, which must not be taken for a pattern. */
    dispersion[side] = freedom > 0.5 && sum[side] > noise[side] ? sum[side] / freedom : 0;
  }
  for (size_t i = 0; i < n; i++)
    d->z[i] = dispersion[d->after[i]] > 0 ? d->z[i] / sqrt(dispersion[d->after[i]]) : 0;
  *rho = tide_covariance_rho(d->z, d->q, n, p, d->apart, d->joined);
  /* Fitted means take away more of what correlates: a side of n days with a mean of its own leaves
   * n - (variance of the mean over that of a day) * n. */
  for (int side = 0; side < 2; side++) {
    if (!bins[side])
      continue;
    double length = (double)bins[side], inflation = 1;
    for (size_t k = 1; k < bins[side]; k++)
      inflation += 2 * (1 - (double)k / length) * pow(*rho, (double)k);
    double kept = length - lost[side] * inflation;
    dispersion[side] *= (length - lost[side]) / fmax(kept, 0.25 * (length - lost[side]));
    /* Counts that vary less than independent events do are luck, not knowledge. */
    if (quantity == TIDE_QUANTITY_COUNT && dispersion[side] < 1)
      dispersion[side] = 1;
  }
  return isnan(*rho) ? TIDE_FATAL : TIDE_OK;
}

/* The variance of a coefficient, and the degrees of freedom it is known with. */
typedef struct known_variance {
  double variance, freedom;
} known_variance;

static known_variance design_variance(const design *d, const tide_loglinear *f, size_t term,
                                      const double dispersion[2], double rho) {
  size_t n = d->count, p = d->terms, bins[2] = {0};
  double total = 0, own[2] = {0}, carried[2] = {0}, lost[2] = {0};
  for (size_t i = 0; i < n; i++) {
    int side = d->after[i];
    double v = tide_loglinear_variance(f, f->mean[i]), h = 0, step = i ? pow(rho, d->apart[i]) : 0;
    for (size_t k = 0; k < p; k++) {
      h += f->bread[term * p + k] * d->x[i * p + k];
      lost[side] += d->q[i * p + k] * d->q[i * p + k];
    }
    h *= f->mean[i] * sqrt(dispersion[side] / v);
    for (int other = 0; other < 2; other++)
      carried[other] *= step;
    total += h * h + 2 * h * (carried[0] + carried[1]);
    own[side] += h * h + 2 * h * carried[side];
    carried[side] += h;
    bins[side]++;
  }
  /* Satterthwaite: a dispersion of n days that correlate is worth n (1 - rho^2) / (1 + rho^2) days;
   * the logarithm of (1 + rho) / (1 - rho) has the variance 4 / ((1 - rho^2) n). */
  double relative = 4 / ((1 - rho * rho) * (double)n), square = rho * rho;
  for (int side = 0; side < 2; side++) {
    double worth = (double)bins[side] * (1 - square) / (1 + square) - lost[side],
           part = own[side] / (own[0] + own[1]);
    if (bins[side])
      relative += part * part * 2 / fmax(worth, 0.5);
  }
  return (known_variance){.variance = total, .freedom = fmax(2 / relative, 1)};
}

tide_contrast tide_contrast_unknown(void) {
  return (tide_contrast){.ratio = NAN,
                         .low = NAN,
                         .high = NAN,
                         .p = NAN,
                         .standard_error = NAN,
                         .freedom = NAN,
                         .dispersion = NAN,
                         .autocorrelation = NAN,
                         .slope_change = NAN};
}

static void interval(tide_contrast *c, double estimate, double variance, double freedom,
                     double confidence) {
  if (!(variance > ROUNDING) || !isfinite(variance))
    return;
  double tail = (1 - confidence) / 2, se = sqrt(variance), t = fabs(estimate) / se;
  double width =
      se * (isinf(freedom) ? gsl_cdf_ugaussian_Qinv(tail) : gsl_cdf_tdist_Qinv(tail, freedom));
  c->standard_error = se;
  c->freedom = freedom;
  c->low = exp(estimate - width);
  c->high = exp(estimate + width);
  c->p = 2 * (isinf(freedom) ? gsl_cdf_ugaussian_Q(t) : gsl_cdf_tdist_Q(t, freedom));
}

void tide_contrast_add_error(tide_contrast *c, double standard_error, double freedom,
                             double confidence) {
  const double own = c->standard_error * c->standard_error, more = standard_error * standard_error;
  if (isnan(c->standard_error) || !(c->ratio > 0) || !(more > 0))
    return;
  /* An infinite freedom knows its variance. */
  const double uncertainty = own * own / c->freedom + more * more / freedom;
  const double known = uncertainty > 0 ? (own + more) * (own + more) / uncertainty : INFINITY;
  interval(c, log(c->ratio), own + more, known, confidence);
}

static tide_status step_of(design *d, tide_loglinear *f, const tide_series *s,
                           const tide_contrast_options *o) {
  TIDE_TRY(design_contrast(d, s, o->weekdays, o->trend));
  return tide_loglinear_fit(s->value, d->offset, d->x, d->count, d->terms, f);
}

tide_status tide_contrast_step(const tide_series *s, const tide_contrast_options *o,
                               double *log_ratio, double *noise) {
  design d = {0};
  tide_loglinear f = {0};
  *log_ratio = *noise = NAN;
  const tide_status status = step_of(&d, &f, s, o);
  if (status == TIDE_OK) {
    *log_ratio = f.coefficient[d.step];
    *noise = f.bread[d.step * d.terms + d.step];
  }
  tide_loglinear_free(&f);
  design_free(&d);
  return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
}

/* The fit that was asked for; *negbin says whether it is the negative binomial's. If there is no
 * more spread than Poisson's, the quasi-Poisson model is its limit. */
static tide_status model_fit(design *d, tide_loglinear *f, const tide_series *s,
                             const tide_contrast_options *o, bool *negbin) {
  TIDE_TRY(design_contrast(d, s, o->weekdays, o->trend));
  tide_status status = TIDE_FAIL;
  if (*negbin)
    status = tide_loglinear_fit_negbin(s->value, d->offset, d->x, d->count, d->terms, f);
  *negbin = status == TIDE_OK;
  if (status == TIDE_FAIL)
    status = tide_loglinear_fit(s->value, d->offset, d->x, d->count, d->terms, f);
  TIDE_TRY(status);
  return f->count > f->terms + 1 ? TIDE_OK : TIDE_FAIL;
}

static tide_status estimate_model(const tide_series *s, tide_quantity quantity,
                                  const tide_contrast_options *o, tide_contrast *out) {
  design d = {0};
  tide_loglinear f = {0};
  bool negbin = o->model == TIDE_MODEL_NEGBIN && quantity == TIDE_QUANTITY_COUNT;
  tide_status status = model_fit(&d, &f, s, o, &negbin);
  double dispersion[2], rho;
  known_variance known = {.variance = NAN, .freedom = INFINITY};
  if (status == TIDE_OK)
    status = design_residuals(&d, &f, s->value, quantity, dispersion, &rho);
  const char *errors = "";
  if (status == TIDE_OK) {
    double estimate = f.coefficient[d.step], covariance[T * T];
    int lag = -1; /* by the data */
    out->ratio = exp(estimate);
    out->autocorrelation = rho;
    if (!negbin)
      out->dispersion = f.dispersion;
    if (o->trend)
      out->slope_change = exp(f.coefficient[d.terms - 1]);
    switch (o->errors) {
    case TIDE_ERRORS_AR1:
      errors = "+ar1";
      known = design_variance(&d, &f, d.step, dispersion, rho);
      break;
    case TIDE_ERRORS_NEWEY_WEST:
      errors = "+nw";
      status = tide_covariance_newey_west(&f, s->value, d.x, &lag, true, covariance);
      if (status == TIDE_OK)
        known.variance = covariance[d.step * d.terms + d.step];
      break;
    case TIDE_ERRORS_INDEPENDENT:
      known.variance = f.bread[d.step * d.terms + d.step] * (negbin ? 1 : f.dispersion);
      break;
    }
    interval(out, estimate, known.variance, known.freedom, o->confidence);
    if (status == TIDE_OK && isfinite(out->p))
      snprintf(out->method, sizeof out->method, "%s%s%s%s", negbin ? "negbin" : "quasipoisson",
               o->weekdays ? "+weekdays" : "", o->trend ? "+trend" : "", errors);
  }
  tide_loglinear_free(&f);
  design_free(&d);
  return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
}

/* Pearson's dispersion of two means, which every method states beside its interval. */
static double plain_dispersion(const tide_series *s) {
  double sum[2] = {0}, days[2] = {0}, chi = 0;
  size_t sides = 0;
  for (size_t i = 0; i < s->count; i++) {
    sum[s->start[i] >= 0] += s->value[i];
    days[s->start[i] >= 0] += s->days[i];
  }
  for (int side = 0; side < 2; side++)
    sides += sum[side] > 0;
  size_t bins = 0;
  for (size_t i = 0; i < s->count; i++) {
    int side = s->start[i] >= 0;
    if (!(sum[side] > 0))
      continue;
    double mean = sum[side] / days[side] * s->days[i];
    chi += (s->value[i] - mean) * (s->value[i] - mean) / mean;
    bins++;
  }
  return bins > sides && sides ? chi / (double)(bins - sides) : NAN;
}

tide_status tide_contrast_estimate(const tide_series *s, tide_quantity quantity,
                                   const tide_contrast_options *o, tide_contrast *out) {
  double sum[2] = {0}, days[2] = {0};
  size_t bins[2] = {0};
  gsl_set_error_handler_off();
  *out = tide_contrast_unknown();
  for (size_t i = 0; i < s->count; i++) {
    int side = s->start[i] >= 0;
    sum[side] += s->value[i];
    days[side] += s->days[i];
    bins[side]++;
  }
  if (!bins[0] || !bins[1])
    return TIDE_OK;
  bool few = sum[0] < TIDE_CONTRAST_SMALL || sum[1] < TIDE_CONTRAST_SMALL ||
             bins[0] < TIDE_CONTRAST_BINS || bins[1] < TIDE_CONTRAST_BINS;
  bool exact = o->model == TIDE_MODEL_EXACT || (o->model == TIDE_MODEL_AUTO && few);
  out->dispersion = plain_dispersion(s);
  if (sum[0] > 0)
    out->ratio = sum[1] / days[1] / (sum[0] / days[0]);
  if (quantity == TIDE_QUANTITY_COUNT && exact) {
    tide_exact e;
    const tide_status status =
        tide_exact_ratio((uint64_t)sum[0], (uint64_t)sum[1], days[0], days[1], o->confidence, &e);
    if (status != TIDE_OK)
      return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
    out->low = e.low;
    out->high = e.high;
    out->p = e.p;
    snprintf(out->method, sizeof out->method, "exact");
    return TIDE_OK;
  }
  if (!(sum[0] > 0) || !(sum[1] > 0) || bins[0] < TIDE_CONTRAST_BINS ||
      bins[1] < TIDE_CONTRAST_BINS)
    return TIDE_OK;
  return estimate_model(s, quantity, o, out);
}

/* A level and a slope alone. */
static tide_status slope_fit(design *d, tide_loglinear *f, const tide_series *before) {
  TIDE_TRY(design_take(d, before->count, 2));
  design_times(d, before);
  for (size_t i = 0; i < before->count; i++) {
    d->x[2 * i] = 1;
    d->x[2 * i + 1] = before->start[i];
  }
  return tide_loglinear_fit(before->value, d->offset, d->x, before->count, 2, f);
}

tide_status tide_contrast_slope_before(const tide_series *s, double *factor, double *p) {
  enum { LEAST = 7 };
  size_t bins = 0;
  *factor = *p = NAN;
  while (bins < s->count && s->start[bins] < 0)
    bins++;
  if (bins < LEAST)
    return TIDE_OK;
  const tide_series before = {bins, s->value, s->days, s->start};
  design d = {0};
  tide_loglinear f = {0};
  double dispersion[2], rho;
  tide_status status = slope_fit(&d, &f, &before);
  if (status == TIDE_OK)
    status = design_residuals(&d, &f, s->value, TIDE_QUANTITY_COUNT, dispersion, &rho);
  if (status == TIDE_OK) {
    tide_contrast c = tide_contrast_unknown();
    const known_variance known = design_variance(&d, &f, 1, dispersion, rho);
    interval(&c, f.coefficient[1], known.variance, known.freedom, 0.95);
    *factor = exp(f.coefficient[1]);
    *p = c.p;
  }
  tide_loglinear_free(&f);
  design_free(&d);
  return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
}
