/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/segment.h"

#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spamtide/dating.h"

static const double penalty_factor = 2.5;
static const double chi2_median = 0.454936423119572; /* qchisq(0.5, 1) */
static const double normal_975 = 1.959963984540054;  /* qnorm(0.975) */
static const double outside = 0.025; /* probability beyond each end of an interval */
enum {
  CYCLES_LEAST = 5,
  CYCLE_MEAN_LEAST = 5,
  FAR_BINS = 7,
  ROUNDS_MOST = 6,
  AROUND = 7,
  CUT_AT = 3 /* standard deviations */
};

double tide_segment_penalty(size_t n) {
  return penalty_factor * log(n > 2 ? (double)n : 2);
}

double tide_segment_cost(double sum, double n, double kappa) {
  if (!(sum > 0))
    return 0;
  double mean = sum / n;
  if (kappa < 1e-9)
    return -2 * (sum * log(mean) - sum);
  return -2 * (sum * log(mean) - (sum + n / kappa) * log1p(kappa * mean));
}

/* --- the best partition --- */

typedef struct candidate {
  size_t start, until; /* not to be tried for ends from `until` */
  double sum;          /* of costs and penalties up to the present end */
} candidate;

/* Everything that one partition needs, of n + 1 places each. */
typedef struct workspace {
  double *sums, *best;
  size_t *from;
  candidate *candidates;
} workspace;

static void workspace_free(workspace *w) {
  free(w->sums);
  free(w->best);
  free(w->from);
  free(w->candidates);
}

static bool workspace_open(workspace *w, size_t n) {
  *w = (workspace){.sums = malloc((n + 1) * sizeof *w->sums),
                   .best = malloc((n + 1) * sizeof *w->best),
                   .from = malloc((n + 1) * sizeof *w->from),
                   .candidates = malloc((n + 1) * sizeof *w->candidates)};
  if (w->sums && w->best && w->from && w->candidates)
    return true;
  workspace_free(w);
  return false;
}

typedef struct search {
  double kappa, penalty;
  size_t min_length;
  const atomic_bool *stop; /* may be NULL */
} search;

static bool stopped(const search *how) {
  return how->stop && atomic_load_explicit(how->stop, memory_order_relaxed);
}

static tide_status partition_find(const double *values, size_t n, const search *how, size_t *ends,
                                  size_t *count, double *total) {
  const double kappa = how->kappa, penalty = how->penalty;
  const size_t min_length = how->min_length;
  workspace w;
  *count = 0;
  *total = 0;
  if (n == 0)
    return TIDE_OK;
  if (!workspace_open(&w, n))
    return TIDE_FATAL;
  w.sums[0] = 0;
  for (size_t t = 0; t < n; t++)
    w.sums[t + 1] = w.sums[t] + values[t];
  for (size_t t = 0; t <= n; t++)
    w.best[t] = INFINITY;
  w.best[0] = -penalty; /* the first segment is free */
  size_t alive = 0;
  for (size_t t = min_length; t <= n; t++) {
    if (stopped(how)) {
      workspace_free(&w);
      return TIDE_END;
    }
    size_t start = t - min_length;
    if (start == 0 || start >= min_length)
      w.candidates[alive++] = (candidate){.start = start, .until = SIZE_MAX};
    size_t kept = 0;
    for (size_t i = 0; i < alive; i++) {
      candidate c = w.candidates[i];
      if (c.until <= t)
        continue;
      c.sum = w.best[c.start] + penalty +
              tide_segment_cost(w.sums[t] - w.sums[c.start], (double)(t - c.start), kappa);
      if (c.sum < w.best[t]) {
        w.best[t] = c.sum;
        w.from[t] = c.start;
      }
      w.candidates[kept++] = c;
    }
    alive = kept;
    /* Whoever is worse than a new beginning at t, even without its own penalty, stays so for every
     * later end; but a segment that begins at t ends at t + min_length first. Rounding must not
     * drop an equal. */
    for (size_t i = 0; i < alive; i++) {
      candidate *c = &w.candidates[i];
      if (c->until == SIZE_MAX && c->sum - penalty > w.best[t] + 1e-9 * (1 + fabs(w.best[t])))
        c->until = t + min_length;
    }
  }
  if (n < min_length) {
    ends[(*count)++] = n;
    *total = tide_segment_cost(w.sums[n], (double)n, kappa);
  } else {
    *total = w.best[n];
    for (size_t t = n; t > 0; t = w.from[t])
      ends[(*count)++] = t;
    for (size_t i = 0; i < *count / 2; i++) {
      size_t swap = ends[i];
      ends[i] = ends[*count - 1 - i];
      ends[*count - 1 - i] = swap;
    }
  }
  workspace_free(&w);
  return TIDE_OK;
}

tide_status tide_segment_partition(const double *values, size_t n, double kappa, double penalty,
                                   size_t min_length, size_t *ends, size_t *count, double *total) {
  search how = {.kappa = kappa, .penalty = penalty, .min_length = min_length};
  return partition_find(values, n, &how, ends, count, total);
}

static double clamp(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

/* --- widths and the cycle --- */

static void widths_divide(double *a, const double *widths, size_t n) {
  double mean = widths ? gsl_stats_mean(widths, 1, n) : 0;
  if (!(mean > 0))
    return;
  for (size_t t = 0; t < n; t++)
    if (widths[t] > 0)
      a[t] *= mean / widths[t];
}

static size_t phase_of(const size_t *phases, size_t t, size_t cycle) {
  return (phases ? phases[t] : t) % cycle;
}

/* Divides by the cycle's course; scratch has room for n. false: left as it is. */
static bool cycle_divide(double *a, size_t n, size_t cycle, const size_t *phases, double *scratch) {
  double factors[FAR_BINS], sum = 0;
  if (cycle != FAR_BINS || n < CYCLES_LEAST * cycle || gsl_stats_mean(a, 1, n) < CYCLE_MEAN_LEAST)
    return false;
  for (size_t phase = 0; phase < cycle; phase++) {
    size_t count = 0;
    for (size_t t = cycle / 2; t + cycle / 2 < n; t++) {
      if (phase_of(phases, t, cycle) != phase)
        continue;
      double around = gsl_stats_mean(a + t - cycle / 2, 1, cycle);
      if (around > 0)
        scratch[count++] = a[t] / around;
    }
    gsl_sort(scratch, 1, count);
    double median = count ? gsl_stats_median_from_sorted_data(scratch, 1, count) : 1;
    factors[phase] = median < 0.1 ? 0.1 : median > 10 ? 10 : median;
    sum += factors[phase];
  }
  for (size_t t = 0; t < n; t++)
    a[t] /= factors[phase_of(phases, t, cycle)] * (double)cycle / sum;
  return true;
}

/* --- how much the series varies by itself --- */

/* The median of (a[t+lag] - a[t])^2 / 2 over the variance that kappa gives at the level around, in
 * units of its expectation under that variance. */
static double differences(const double *a, size_t n, size_t lag, double kappa, double *scratch) {
  size_t count = 0;
  for (size_t t = 0; t + lag < n; t++) {
    double mean = gsl_stats_mean(a + t, 1, lag + 1), d = a[t + lag] - a[t];
    if (mean > 0)
      scratch[count++] = d * d / 2 / (mean + kappa * mean * mean);
  }
  if (count == 0)
    return 0;
  gsl_sort(scratch, 1, count);
  return gsl_stats_median_from_sorted_data(scratch, 1, count) / chi2_median;
}

/* The kappa under which differences are what they should be; 0 where they are no more than the
 * Poisson distribution gives. */
static double kappa_robust(const double *a, size_t n, size_t lag, double *scratch) {
  double low = 0, high = 100;
  if (differences(a, n, lag, 0, scratch) <= 1)
    return 0;
  if (differences(a, n, lag, high, scratch) >= 1)
    return high;
  for (int i = 0; i < 60 && high - low > 1e-9 * high; i++) {
    double middle = (low + high) / 2;
    if (differences(a, n, lag, middle, scratch) > 1)
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* Counts that vary less than the Poisson distribution says do so by chance, or are not counts of
 * single messages: no change is made out of that. */
static double at_least_one(double x) {
  return x > 1 ? x : 1;
}

static double inflation(double r) {
  return 1 + 4 * clamp(r, 0, 0.9);
}

/* Cuts what lies further from the running median than the level's own variation explains: bursts of
 * a few bins, and gaps. to and scratch have room for n. */
static void bursts_cut(const double *a, size_t n, double kappa, double *to, double *scratch) {
  for (size_t t = 0; t < n; t++) {
    size_t from = t < AROUND ? 0 : t - AROUND, end = t + AROUND < n ? t + AROUND + 1 : n;
    memcpy(scratch, a + from, (end - from) * sizeof *scratch);
    gsl_sort(scratch, 1, end - from);
    double median = gsl_stats_median_from_sorted_data(scratch, 1, end - from),
           reach = CUT_AT * sqrt(median + kappa * median * median);
    to[t] = median > 0 ? clamp(a[t], median - reach, median + reach) : a[t];
    if (to[t] < 0)
      to[t] = 0;
  }
}

/* Pearson's dispersion and the autocorrelation of what the segments leave. */
static void residuals(const double *a, size_t n, const size_t *ends, size_t segments, double kappa,
                      double *dispersion, double *r) {
  double squares = 0, products = 0;
  for (size_t s = 0, start = 0; s < segments; start = ends[s++]) {
    double mean = gsl_stats_mean(a + start, 1, ends[s] - start), last = 0;
    if (!(mean > 0))
      continue;
    double sd = sqrt(mean + kappa * mean * mean);
    for (size_t t = start; t < ends[s]; t++) {
      double z = (a[t] - mean) / sd;
      squares += z * z;
      products += z * last;
      last = z;
    }
  }
  double free_bins = (double)n - (double)segments;
  *dispersion = free_bins > 0 ? squares / free_bins : 1;
  double raw = squares > 0 ? products / squares : 0, bias = (double)segments / (double)n;
  *r = bias < 0.25 ? (raw + bias) / (1 - 3 * bias) : raw;
}

/* --- changes --- */

static double cost_between(const double *sums, size_t from, size_t to, double kappa) {
  return tide_segment_cost(sums[to] - sums[from], (double)(to - from), kappa);
}

/* What change i of the partition is worth. */
static double strength_of(const double *sums, const size_t *ends, size_t i,
                          const tide_segmentation *s) {
  size_t from = i ? ends[i - 1] : 0, at = ends[i], to = ends[i + 1];
  return (cost_between(sums, from, to, s->kappa) - cost_between(sums, from, at, s->kappa) -
          cost_between(sums, at, to, s->kappa)) /
         s->scale;
}

/* Logarithm of the probability that a normal value about `mean` is above z, given that it is above
 * bar in size. */
static double selected_above(double z, double bar, double mean) {
  double up = gsl_sf_log_erfc((bar - mean) / sqrt(2)),
         down = gsl_sf_log_erfc((bar + mean) / sqrt(2)), most = fmax(up, down);
  return gsl_sf_log_erfc((z - mean) / sqrt(2)) - most - log(exp(up - most) + exp(down - most));
}

double tide_segment_least_effect(double z, double bar) {
  double low = -z - 10, high = z;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (selected_above(z, bar, middle) > log(outside))
      high = middle;
    else
      low = middle;
  }
  return low;
}

/* The interval of ln(after / before). */
static void interval_make(tide_segment_change *c, double se, double penalty) {
  double size = fabs(c->log_ratio), z = size / se, sign = c->log_ratio < 0 ? -1 : 1;
  double bar = z * sqrt(fmin(1, penalty / c->strength));
  double near = sign * se * tide_segment_least_effect(z, bar),
         far = sign * (size + normal_975 * se);
  c->log_low = fmin(near, far);
  c->log_high = fmax(near, far);
}

typedef struct level {
  double mean, relative_variance; /* of the mean */
} level;

static level level_of(const double *sums, size_t from, size_t to, double more,
                      const tide_segmentation *s) {
  double bins = (double)(to - from), mean = (sums[to] - sums[from] + more) / bins;
  return (level){.mean = mean,
                 .relative_variance = mean > 0 ? s->scale * (1 / mean + s->kappa) / bins : 0};
}

/* Dates change i of the partition, between the date before it and the partition's position behind.
 */
static tide_status date_make(const double *a, const double *sums, const size_t *ends, size_t i,
                             size_t min_length, tide_segmentation *s) {
  size_t from = i ? s->changes[i - 1].at : 0, at = ends[i], to = ends[i + 1];
  level before = level_of(sums, from, at, 0.5, s), after = level_of(sums, at, to, 0.5, s);
  tide_dating_model model = {.rate = s->rate,
                             .before = before.mean,
                             .after = after.mean,
                             .before_se = fmin(1, sqrt(before.relative_variance)),
                             .after_se = fmin(1, sqrt(after.relative_variance)),
                             .penalty = s->penalty};
  tide_dating date;
  tide_status status = tide_dating_find(a + from, to - from, min_length, &model, &date);
  if (status != TIDE_OK)
    return status;
  s->changes[i] = (tide_segment_change){.at = from + date.at,
                                        .low = from + date.low,
                                        .high = from + date.high,
                                        .strength = strength_of(sums, ends, i, s)};
  s->count = i + 1;
  return TIDE_OK;
}

/* Levels between the dates. */
static void levels_make(const double *sums, size_t n, tide_segmentation *s) {
  for (size_t i = 0; i < s->count; i++) {
    tide_segment_change *c = &s->changes[i];
    level before = level_of(sums, i ? c[-1].at : 0, c->at, 0, s),
          after = level_of(sums, c->at, i + 1 < s->count ? c[1].at : n, 0, s);
    c->before = before.mean;
    c->after = after.mean;
    if (!(c->before > 0 && c->after > 0))
      continue;
    c->log_ratio = log(c->after / c->before);
    interval_make(c, sqrt(before.relative_variance + after.relative_variance), s->penalty);
  }
}

static tide_status changes_make(const double *a, const double *cut, size_t n, const size_t *ends,
                                size_t segments, size_t min_length, tide_segmentation *out) {
  tide_status status = TIDE_OK;
  if (segments < 2)
    return TIDE_OK;
  double *sums = malloc((n + 1) * sizeof *sums);
  out->changes = calloc(segments - 1, sizeof *out->changes);
  if (!sums || !out->changes)
    status = TIDE_FATAL;
  if (status == TIDE_OK) {
    sums[0] = 0;
    for (size_t t = 0; t < n; t++)
      sums[t + 1] = sums[t] + cut[t];
    out->rate = tide_dating_rate_estimate(a, cut, n, ends, segments, out->kappa);
  }
  for (size_t i = 0; i + 1 < segments && status == TIDE_OK; i++)
    status = date_make(a, sums, ends, i, min_length, out);
  if (status == TIDE_OK)
    levels_make(sums, n, out);
  free(sums);
  return status;
}

tide_status tide_segment_find(const double *counts, const double *widths, size_t n,
                              const tide_segment_options *options, tide_segmentation *out) {
  *out = (tide_segmentation){
      .penalty = options->penalty > 0 ? options->penalty : tide_segment_penalty(n), .scale = 1};
  size_t min_length = options->min_length ? options->min_length : 1;
  if (n < 2 * min_length || n < 4)
    return TIDE_OK;
  double *a = malloc(n * sizeof *a), *cut = malloc(n * sizeof *cut),
         *scratch = malloc(n * sizeof *scratch), total;
  size_t *ends = malloc(n * sizeof *ends), segments = 0;
  tide_status status = a && cut && scratch && ends ? TIDE_OK : TIDE_FATAL;
  if (status == TIDE_OK) {
    memcpy(a, counts, n * sizeof *a);
    widths_divide(a, widths, n);
    out->cycle = cycle_divide(a, n, options->cycle, options->phases, scratch);
    size_t far = n / 4 < FAR_BINS ? n / 4 : FAR_BINS;
    out->kappa = kappa_robust(a, n, far, scratch);
    bursts_cut(a, n, out->kappa, cut, scratch);
    double whole = differences(cut, n, far, out->kappa, scratch);
    if (far >= 4 && whole > 0)
      out->autocorrelation = clamp(1 - differences(cut, n, 1, out->kappa, scratch) / whole, 0, 0.9);
    out->scale = at_least_one(whole * inflation(out->autocorrelation));
  }
  for (int round = 0; round < ROUNDS_MOST && status == TIDE_OK; round++) {
    double dispersion, r;
    search how = {.kappa = out->kappa,
                  .penalty = out->penalty * out->scale,
                  .min_length = min_length,
                  .stop = options->stop};
    status = partition_find(cut, n, &how, ends, &segments, &total);
    if (status != TIDE_OK)
      break;
    residuals(cut, n, ends, segments, out->kappa, &dispersion, &r);
    double scale =
        at_least_one(dispersion * inflation(r > out->autocorrelation ? r : out->autocorrelation));
    if (scale <= out->scale * 1.001)
      break;
    out->scale = scale;
    if (r > out->autocorrelation)
      out->autocorrelation = clamp(r, 0, 0.9);
  }
  if (status == TIDE_OK)
    status = changes_make(a, cut, n, ends, segments, min_length, out);
  free(a);
  free(cut);
  free(scratch);
  free(ends);
  if (status != TIDE_OK)
    tide_segmentation_free(out);
  return status;
}

void tide_segmentation_free(tide_segmentation *s) {
  free(s->changes);
  s->changes = NULL;
  s->count = 0;
}
