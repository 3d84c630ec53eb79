#include "spamtide/segment.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double penalty_factor = 2.5;
static const double chi2_median = 0.454936423119572;    /* qchisq(0.5, 1) */
static const double overshoot = 0.582597158;            /* -zeta(1/2) / sqrt(2 pi) */
static const double missed = 0.05;                      /* of dates by their intervals */
enum { CYCLES_LEAST = 5, CYCLE_MEAN_LEAST = 5, FAR_BINS = 7, ROUNDS_MOST = 6, AROUND = 7, CUT_AT = 3 /* standard deviations */, BURSTS_FEW = 40 };

double tide_segment_penalty(size_t n) { return penalty_factor * log(n > 2 ? (double)n : 2); }

double tide_segment_cost(double sum, double n, double kappa) {
  if (!(sum > 0)) return 0;
  double mean = sum / n;
  if (kappa < 1e-9) return -2 * (sum * log(mean) - sum);
  return -2 * (sum * log(mean) - (sum + n / kappa) * log1p(kappa * mean));
}

/* --- the best partition ---------------------------------------------------------------------------------------- */

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
  if (w->sums && w->best && w->from && w->candidates) return true;
  workspace_free(w);
  return false;
}

tide_status tide_segment_partition(const double *values, size_t n, double kappa, double penalty, size_t min_length, size_t *ends, size_t *count,
                                   double *total) {
  workspace w;
  *count = 0;
  *total = 0;
  if (n == 0) return TIDE_OK;
  if (!workspace_open(&w, n)) return TIDE_FATAL;
  w.sums[0] = 0;
  for (size_t t = 0; t < n; t++) w.sums[t + 1] = w.sums[t] + values[t];
  for (size_t t = 0; t <= n; t++) w.best[t] = INFINITY;
  w.best[0] = -penalty; /* the first segment is free */
  size_t alive = 0;
  for (size_t t = min_length; t <= n; t++) {
    size_t start = t - min_length;
    if (start == 0 || start >= min_length) w.candidates[alive++] = (candidate){.start = start, .until = SIZE_MAX};
    size_t kept = 0;
    for (size_t i = 0; i < alive; i++) {
      candidate c = w.candidates[i];
      if (c.until <= t) continue;
      c.sum = w.best[c.start] + penalty + tide_segment_cost(w.sums[t] - w.sums[c.start], (double)(t - c.start), kappa);
      if (c.sum < w.best[t]) {
        w.best[t] = c.sum;
        w.from[t] = c.start;
      }
      w.candidates[kept++] = c;
    }
    alive = kept;
    /* Whoever is worse than a new beginning at t, even without its own penalty, stays so for every later end; but a segment that begins at t ends at
     * t + min_length first. Rounding must not drop an equal. */
    for (size_t i = 0; i < alive; i++) {
      candidate *c = &w.candidates[i];
      if (c->until == SIZE_MAX && c->sum - penalty > w.best[t] + 1e-9 * (1 + fabs(w.best[t]))) c->until = t + min_length;
    }
  }
  if (n < min_length) {
    ends[(*count)++] = n;
    *total = tide_segment_cost(w.sums[n], (double)n, kappa);
  } else {
    *total = w.best[n];
    for (size_t t = n; t > 0; t = w.from[t]) ends[(*count)++] = t;
    for (size_t i = 0; i < *count / 2; i++) {
      size_t swap = ends[i];
      ends[i] = ends[*count - 1 - i];
      ends[*count - 1 - i] = swap;
    }
  }
  workspace_free(&w);
  return TIDE_OK;
}

/* --- how far a date may be off ---------------------------------------------------------------------------------- */

static double normal_above(double z) { return erfc(z / sqrt(2)) / 2; }

/* Probability that a walk with normal steps of mean -step^2 / 2 and variance step^2 ever exceeds x: the first step as it is, those behind it by Siegmund's
 * approximation exp(-x - 0.583 step). */
static double exceeded(double x, double step) {
  return normal_above(x / step + step / 2) + exp(-x - overshoot * step) * normal_above(step / 2 - x / step);
}

double tide_segment_date_threshold(double step) {
  if (step < 1e-6) return -2 * log(missed);
  double once = 2 - exceeded(0, step), low = 0, high = -2 * log(missed);
  if (exceeded(low, step) * once <= missed) return 0;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (exceeded(middle, step) * once > missed) low = middle;
    else high = middle;
  }
  return 2 * high;
}

static size_t least_of(size_t a, size_t b) { return a < b ? a : b; }

static double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

/* --- widths and the cycle -------------------------------------------------------------------------------------- */

static void widths_divide(double *a, const double *widths, size_t n) {
  double mean = widths ? gsl_stats_mean(widths, 1, n) : 0;
  if (!(mean > 0)) return;
  for (size_t t = 0; t < n; t++)
    if (widths[t] > 0) a[t] *= mean / widths[t];
}

/* Divides by the cycle's course; scratch has room for n. false: left as it is. */
static bool cycle_divide(double *a, size_t n, size_t cycle, double *scratch) {
  double factors[FAR_BINS], sum = 0;
  if (cycle != FAR_BINS || n < CYCLES_LEAST * cycle || gsl_stats_mean(a, 1, n) < CYCLE_MEAN_LEAST) return false;
  for (size_t phase = 0; phase < cycle; phase++) {
    size_t count = 0;
    for (size_t t = phase; t < n; t += cycle) {
      if (t < cycle / 2 || t + cycle / 2 >= n) continue;
      double around = gsl_stats_mean(a + t - cycle / 2, 1, cycle);
      if (around > 0) scratch[count++] = a[t] / around;
    }
    gsl_sort(scratch, 1, count);
    double median = count ? gsl_stats_median_from_sorted_data(scratch, 1, count) : 1;
    factors[phase] = median < 0.1 ? 0.1 : median > 10 ? 10 : median;
    sum += factors[phase];
  }
  for (size_t t = 0; t < n; t++) a[t] /= factors[t % cycle] * (double)cycle / sum;
  return true;
}

/* --- how much the series varies by itself ------------------------------------------------------------------------ */

/* The median of (a[t+lag] - a[t])^2 / 2 over the variance that kappa gives at the level around, in units of its expectation under that variance. */
static double differences(const double *a, size_t n, size_t lag, double kappa, double *scratch) {
  size_t count = 0;
  for (size_t t = 0; t + lag < n; t++) {
    double mean = gsl_stats_mean(a + t, 1, lag + 1), d = a[t + lag] - a[t];
    if (mean > 0) scratch[count++] = d * d / 2 / (mean + kappa * mean * mean);
  }
  if (count == 0) return 0;
  gsl_sort(scratch, 1, count);
  return gsl_stats_median_from_sorted_data(scratch, 1, count) / chi2_median;
}

/* The kappa under which differences are what they should be; 0 where they are no more than the Poisson distribution gives. */
static double kappa_robust(const double *a, size_t n, size_t lag, double *scratch) {
  double low = 0, high = 100;
  if (differences(a, n, lag, 0, scratch) <= 1) return 0;
  if (differences(a, n, lag, high, scratch) >= 1) return high;
  for (int i = 0; i < 60 && high - low > 1e-9 * high; i++) {
    double middle = (low + high) / 2;
    if (differences(a, n, lag, middle, scratch) > 1) low = middle;
    else high = middle;
  }
  return high;
}

/* Counts that vary less than the Poisson distribution says do so by chance, or are not counts of single messages: no change is made out of that. */
static double at_least_one(double x) { return x > 1 ? x : 1; }

static double inflation(double r) { return 1 + 4 * clamp(r, 0, 0.9); }

/* Cuts what lies further from the running median than the level's own variation explains: bursts of a few bins, and gaps. to and scratch have room for n. */
static void bursts_cut(const double *a, size_t n, double kappa, double *to, double *scratch) {
  for (size_t t = 0; t < n; t++) {
    size_t from = t < AROUND ? 0 : t - AROUND, end = t + AROUND < n ? t + AROUND + 1 : n;
    memcpy(scratch, a + from, (end - from) * sizeof *scratch);
    gsl_sort(scratch, 1, end - from);
    double median = gsl_stats_median_from_sorted_data(scratch, 1, end - from), reach = CUT_AT * sqrt(median + kappa * median * median);
    to[t] = median > 0 ? clamp(a[t], median - reach, median + reach) : a[t];
    if (to[t] < 0) to[t] = 0;
  }
}

/* The length of bursts, by the runs of bins that were cut from above; 0 where such bins are few. */
static size_t burst_length(const double *a, const double *cut, size_t n) {
  size_t bins = 0, runs = 0;
  for (size_t t = 0; t < n; t++) {
    if (!(a[t] > cut[t])) continue;
    bins++;
    runs += t == 0 || !(a[t - 1] > cut[t - 1]);
  }
  return bins * BURSTS_FEW > n ? (bins + runs / 2) / runs : 0;
}

/* Pearson's dispersion and the autocorrelation of what the segments leave. */
static void residuals(const double *a, size_t n, const size_t *ends, size_t segments, double kappa, double *dispersion, double *r) {
  double squares = 0, products = 0;
  for (size_t s = 0, start = 0; s < segments; start = ends[s++]) {
    double mean = gsl_stats_mean(a + start, 1, ends[s] - start), last = 0;
    if (!(mean > 0)) continue;
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

/* --- changes ---------------------------------------------------------------------------------------------------- */

static double cost_between(const double *sums, size_t from, size_t to, double kappa) {
  return tide_segment_cost(sums[to] - sums[from], (double)(to - from), kappa);
}

/* What one bin behind the change tells, in standard deviations: the root of the mean of the deviances that a bin of either level has from the other one,
 * over the dispersion. Half a message more keeps it finite where there were none. */
static double step_of(double before_sum, double before_bins, double after_sum, double after_bins, double kappa, double dispersion) {
  double before = (before_sum + 0.5) / before_bins, after = (after_sum + 0.5) / after_bins;
  double slope = log(before * (1 + kappa * after)) - log(after * (1 + kappa * before));
  return sqrt(fmax(0, slope * (before - after)) / dispersion);
}

/* A change at `at` between the changes (or ends) before and behind. */
static tide_segment_change change_make(const double *sums, size_t from, size_t at, size_t to, const tide_segmentation *s, size_t min_length) {
  double kappa = s->kappa;
  double split = cost_between(sums, from, at, kappa) + cost_between(sums, at, to, kappa), least = split;
  tide_segment_change c = {.at = at, .low = at, .high = at, .strength = (cost_between(sums, from, to, kappa) - split) / s->scale};
  for (size_t t = from + min_length; t + min_length <= to; t++) {
    double cost = cost_between(sums, from, t, kappa) + cost_between(sums, t, to, kappa);
    if (cost < least) least = cost;
  }
  double before_bins = (double)(at - from), after_bins = (double)(to - at);
  double step = step_of(sums[at] - sums[from], before_bins, sums[to] - sums[at], after_bins, kappa, s->dispersion);
  double bound = least + tide_segment_date_threshold(step) * s->interval_scale;
  for (size_t t = from + min_length; t + min_length <= to; t++) {
    if (cost_between(sums, from, t, kappa) + cost_between(sums, t, to, kappa) > bound) continue;
    if (t < c.low) c.low = t;
    if (t > c.high) c.high = t;
  }
  c.before = (sums[at] - sums[from]) / before_bins;
  c.after = (sums[to] - sums[at]) / after_bins;
  if (c.before > 0 && c.after > 0) {
    c.log_ratio = log(c.after / c.before);
    c.log_se = sqrt(s->scale * ((1 / c.before + kappa) / before_bins + (1 / c.after + kappa) / after_bins));
  }
  if (c.after < c.before) c.low -= least_of(s->burst, c.low - from - min_length);
  else c.high += least_of(s->burst, to - min_length - c.high);
  return c;
}

static tide_status changes_make(const double *a, size_t n, const size_t *ends, size_t segments, size_t min_length, tide_segmentation *out) {
  if (segments < 2) return TIDE_OK;
  double *sums = malloc((n + 1) * sizeof *sums);
  out->changes = calloc(segments - 1, sizeof *out->changes);
  if (!sums || !out->changes) {
    free(sums);
    return TIDE_FATAL;
  }
  sums[0] = 0;
  for (size_t t = 0; t < n; t++) sums[t + 1] = sums[t] + a[t];
  for (size_t i = 0; i + 1 < segments; i++)
    out->changes[out->count++] = change_make(sums, i ? ends[i - 1] : 0, ends[i], ends[i + 1], out, min_length);
  free(sums);
  return TIDE_OK;
}

tide_status tide_segment_find(const double *counts, const double *widths, size_t n, const tide_segment_options *options, tide_segmentation *out) {
  *out = (tide_segmentation){.penalty = options->penalty > 0 ? options->penalty : tide_segment_penalty(n), .scale = 1};
  size_t min_length = options->min_length ? options->min_length : 1;
  if (n < 2 * min_length || n < 4) return TIDE_OK;
  double *a = malloc(n * sizeof *a), *cut = malloc(n * sizeof *cut), *scratch = malloc(n * sizeof *scratch), total;
  size_t *ends = malloc(n * sizeof *ends), segments = 0;
  tide_status status = a && cut && scratch && ends ? TIDE_OK : TIDE_FATAL;
  if (status == TIDE_OK) {
    memcpy(a, counts, n * sizeof *a);
    widths_divide(a, widths, n);
    out->cycle = cycle_divide(a, n, options->cycle, scratch);
    size_t far = n / 4 < FAR_BINS ? n / 4 : FAR_BINS;
    out->kappa = kappa_robust(a, n, far, scratch);
    bursts_cut(a, n, out->kappa, cut, scratch);
    out->burst = burst_length(a, cut, n);
    double whole = differences(cut, n, far, out->kappa, scratch);
    if (far >= 4 && whole > 0) out->autocorrelation = clamp(1 - differences(cut, n, 1, out->kappa, scratch) / whole, 0, 0.9);
    out->scale = at_least_one(whole * inflation(out->autocorrelation));
  }
  for (int round = 0; round < ROUNDS_MOST && status == TIDE_OK; round++) {
    double dispersion, r;
    status = tide_segment_partition(cut, n, out->kappa, out->penalty * out->scale, min_length, ends, &segments, &total);
    if (status != TIDE_OK) break;
    residuals(cut, n, ends, segments, out->kappa, &dispersion, &r);
    out->dispersion = at_least_one(dispersion);
    out->interval_scale = at_least_one(dispersion * inflation(r));
    double scale = at_least_one(dispersion * inflation(r > out->autocorrelation ? r : out->autocorrelation));
    if (scale <= out->scale * 1.001) break;
    out->scale = scale;
    if (r > out->autocorrelation) out->autocorrelation = clamp(r, 0, 0.9);
  }
  if (status == TIDE_OK) status = changes_make(cut, n, ends, segments, min_length, out);
  free(a);
  free(cut);
  free(scratch);
  free(ends);
  if (status != TIDE_OK) tide_segmentation_free(out);
  return status;
}

void tide_segmentation_free(tide_segmentation *s) {
  free(s->changes);
  s->changes = NULL;
  s->count = 0;
}
