/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a level strays by itself: neighbouring windows of many lengths are compared with each
 * other, everywhere, and running totals answer for any place. */
#include "stats/wander.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double ratios[TIDE_WANDER_SCALES] = {1, 10.0 / 7, 2,  20.0 / 7,  4,  40.0 / 7,
                                                  8, 80.0 / 7, 16, 160.0 / 7, 32, 320.0 / 7};
static const double chi2_median = 0.454936423119572; /* qchisq(0.5, 1) */
static const double cut_at = 2.5;                    /* standard deviations */
static const double cut_leaves = 0.977559983452807;  /* of a squared normal value, in the mean */
static const double freedom_each = 1.5; /* of a window of w bins, over w; overlap counted */
static const double short_usual = 0.65, short_error = 0.6;
static const double long_usual = 0.15, long_error = 0.5;
static const double reach = 0.2;      /* of the uncertainty of a slope, in one over the freedom */
static const double bins_worth = 12;  /* degrees of freedom */
static const double bins_times = 3;   /* the rate over the variance of single bins */
static const double scales_share = 2; /* scales tell twice what is told already */
enum {
  CHUNK = 13, /* units with one cut */
  SCALES_RATE = 7,
  SCALES_SLOPE = 9,
  SCALE_REFERENCE = 2,
  REFERENCE = 2 /* units, of that scale */
};

static double *room(size_t bins) {
  return calloc(bins + 1, sizeof(double));
}

tide_status tide_wander_open(tide_wander *w, size_t bins, size_t unit) {
  *w = (tide_wander){.bins = bins, .unit = unit};
  bool sound = true;
  for (size_t k = 0; k < TIDE_WANDER_SCALES; k++) {
    size_t scale = (size_t)(ratios[k] * (double)unit + 0.5);
    if (2 * scale > bins)
      break;
    w->scale[w->scales] = scale;
    w->square[w->scales] = room(bins);
    w->noise[w->scales] = room(bins);
    sound = sound && w->square[w->scales] && w->noise[w->scales];
    w->scales++;
  }
  w->sum = room(bins);
  w->expected = room(bins);
  w->bin_square = room(bins);
  w->bin_level = room(bins);
  w->scratch = room(3 * bins);
  if (sound && w->sum && w->expected && w->bin_square && w->bin_level && w->scratch)
    return TIDE_OK;
  tide_wander_close(w);
  return TIDE_FATAL;
}

void tide_wander_close(tide_wander *w) {
  for (size_t k = 0; k < w->scales; k++) {
    free(w->square[k]);
    free(w->noise[k]);
  }
  free(w->sum);
  free(w->expected);
  free(w->bin_square);
  free(w->bin_level);
  free(w->scratch);
  *w = (tide_wander){0};
}

tide_wander_sum tide_wander_sum_of(const tide_wander *w, size_t from, size_t to) {
  return (tide_wander_sum){.count = w->sum[to] - w->sum[from],
                           .expected = w->expected[to] - w->expected[from],
                           .bins = to - from};
}

double tide_wander_log_ratio(tide_wander_sum a, tide_wander_sum b, double *noise) {
  const double half_a = a.expected / (a.expected + b.expected), half_b = 1 - half_a;
  *noise = 1 / (a.count + half_a) + 1 / (b.count + half_b);
  return log((b.count + half_b) * a.expected / ((a.count + half_a) * b.expected));
}

static size_t places_of(const tide_wander *w, size_t k) {
  return w->bins + 1 - 2 * w->scale[k];
}

/* --- reading --- */

/* One scale: squares of logarithms of ratios of neighbouring windows, by the place of the first. */
static void scale_see(tide_wander *w, size_t k) {
  const size_t scale = w->scale[k], places = places_of(w, k), chunk = CHUNK * w->unit,
               around = TIDE_WANDER_AROUND * w->unit;
  double *square = w->scratch, *noise = square + w->bins, *around_it = noise + w->bins;
  for (size_t i = 0; i < places; i++) {
    tide_wander_sum a = tide_wander_sum_of(w, i, i + scale),
                    b = tide_wander_sum_of(w, i + scale, i + 2 * scale);
    double d = tide_wander_log_ratio(a, b, &noise[i]);
    square[i] = d * d;
  }
  for (size_t from = 0; from < places; from += chunk) {
    size_t middle = from + chunk / 2, low = middle < around ? 0 : middle - around,
           high = middle + around < places ? middle + around : places;
    memcpy(around_it, square + low, (high - low) * sizeof *around_it);
    double most = cut_at * cut_at * gsl_stats_median(around_it, 1, high - low) / chi2_median;
    for (size_t i = from; i < from + chunk && i < places; i++) {
      w->square[k][i + 1] = w->square[k][i] + fmin(square[i], most) / cut_leaves;
      w->noise[k][i + 1] = w->noise[k][i] + noise[i];
    }
  }
}

static void bins_see(tide_wander *w, const double *counts, const double *expected) {
  for (size_t t = 0; t + w->unit < w->bins; t++) {
    double of_a = expected[t], of_b = expected[t + w->unit], a = counts[t] / of_a,
           b = counts[t + w->unit] / of_b, mean = (a + b) / 2;
    w->bin_square[t + 1] = w->bin_square[t] + (a - b) * (a - b) / 2 - (a / of_a + b / of_b) / 2;
    w->bin_level[t + 1] = w->bin_level[t] + mean * mean;
  }
}

void tide_wander_see(tide_wander *w, const double *counts, const double *expected) {
  for (size_t t = 0; t < w->bins; t++) {
    w->sum[t + 1] = w->sum[t] + counts[t];
    w->expected[t + 1] = w->expected[t] + expected[t];
  }
  for (size_t k = 0; k < w->scales; k++)
    scale_see(w, k);
  bins_see(w, counts, expected);
}

/* --- answering --- */

static size_t between(double x, size_t most) {
  if (!(x > 0))
    return 0;
  return x < (double)most ? (size_t)x : most;
}

/* Places of the first bin of what is `span` bins long, of `places`: those that count near
 * a place, less those that straddle one of two bins. */
typedef struct stretch {
  size_t low, high, holes[2][2];
  double count;
} stretch;

static stretch stretch_of(const tide_wander *w, size_t first, size_t second, size_t span,
                          size_t places) {
  const double around = (double)(TIDE_WANDER_AROUND * w->unit), bins = (double)w->bins;
  double middle = ((double)first + (double)second) / 2;
  middle = fmax(fmin(middle, bins - around), around); /* an end is made up for at the other side */
  stretch s = {.low = between(middle - around - (double)span / 2, places),
               .high = between(middle + around - (double)span / 2, places)};
  const size_t at[2] = {first, second};
  size_t free_from = s.low;
  s.count = (double)(s.high - s.low);
  for (int i = 0; i < 2; i++) {
    size_t from = between((double)at[i] - (double)span + 1, places),
           to = between((double)at[i], places);
    from = from > free_from ? from : free_from;
    to = to < s.high ? to : s.high;
    if (to < from)
      to = from;
    s.holes[i][0] = from;
    s.holes[i][1] = to;
    free_from = to > free_from ? to : free_from;
    s.count -= (double)(to - from);
  }
  return s;
}

static double total(const stretch *s, const double *running) {
  double sum = running[s->high] - running[s->low];
  for (int i = 0; i < 2; i++)
    sum -= running[s->holes[i][1]] - running[s->holes[i][0]];
  return sum;
}

/* How many units of reference so many bins are. */
static double lengths_of(const tide_wander *w, size_t bins) {
  return (double)bins / (double)(REFERENCE * w->unit);
}

/* How much larger variance times length is for windows of so many bins than for two units. */
static double growth_of(const tide_wander *w, const tide_wander_near *near, size_t bins) {
  const double lengths = lengths_of(w, bins);
  return pow(lengths, lengths < 1 ? near->short_slope : near->long_slope);
}

/* What the windows of one scale tell. */
typedef struct told {
  double variance, weight, freedom; /* of the mean of a window; weight 0: none */
} told;

static told told_by(const tide_wander *w, size_t k, size_t first, size_t second) {
  const double scale = (double)w->scale[k];
  const stretch s = stretch_of(w, first, second, 2 * w->scale[k], places_of(w, k));
  if (s.count < 1)
    return (told){0};
  return (told){.variance = (total(&s, w->square[k]) - total(&s, w->noise[k])) / s.count / 2,
                .weight = freedom_each * s.count / scale,
                .freedom = freedom_each * s.count / fmax(scale, (double)(REFERENCE * w->unit))};
}

/* A regression, drawn to what is usual. */
typedef struct slope {
  double is, variance;
} slope;

/* The power by which variance times length grows from scale `first` to before `end`. */
static slope slope_of(const tide_wander *w, const told *all, size_t first, size_t end,
                      slope usual) {
  double weights = 0, xs = 0, ys = 0, xxs = 0, xys = 0;
  for (size_t k = first; k < end && k < w->scales; k++) {
    if (!(all[k].variance > 0))
      continue;
    const double weight = all[k].weight / 2, x = log(lengths_of(w, w->scale[k])),
                 y = log(all[k].variance * (double)w->scale[k]);
    weights += weight;
    xs += weight * x;
    ys += weight * y;
    xxs += weight * x * x;
    xys += weight * x * y;
  }
  const double spread = weights > 0 ? xxs - xs * xs / weights : 0, trust = 1 / usual.variance;
  if (!(spread > 1e-9))
    return usual;
  const double own = (xys - xs * ys / weights) / spread, precision = spread / scales_share;
  return (slope){.is = fmax(0, (own * precision + usual.is * trust) / (precision + trust)),
                 .variance = 1 / (precision + trust)};
}

tide_wander_near tide_wander_around(const tide_wander *w, size_t first, size_t second) {
  static const slope usual_short = {short_usual, short_error * short_error},
                     usual_long = {long_usual, long_error * long_error};
  double weights = 0, rates = 0, freedom = 0;
  told all[SCALES_SLOPE] = {{0}};
  for (size_t k = 0; k < w->scales && k < SCALES_SLOPE; k++)
    all[k] = told_by(w, k, first, second);
  const slope up = slope_of(w, all, 0, SCALE_REFERENCE + 1, usual_short),
              on = slope_of(w, all, SCALE_REFERENCE, SCALES_SLOPE, usual_long);
  tide_wander_near near = {.short_slope = up.is, .long_slope = on.is, .long_variance = on.variance};
  for (size_t k = 0; k < w->scales && k < SCALES_RATE; k++) {
    weights += all[k].weight;
    rates +=
        all[k].weight * all[k].variance * (double)w->scale[k] / growth_of(w, &near, w->scale[k]);
    freedom = fmax(freedom, all[k].freedom);
  }
  const stretch s = stretch_of(w, first, second, w->unit + 1, w->bins - w->unit);
  const double level = total(&s, w->bin_level);
  if (s.count > (double)w->unit && level > 0) {
    const double weight = 1 / (1 / bins_worth + 2 / s.count);
    weights += weight;
    rates += weight * bins_times * fmax(0, total(&s, w->bin_square) / level);
    freedom += weight;
  }
  near.rate = weights > 0 ? fmax(0, rates / weights) : 0;
  near.freedom = fmax(1, freedom);
  return near;
}

double tide_wander_variance(const tide_wander *w, const tide_wander_near *near, size_t bins) {
  return near->rate * growth_of(w, near, bins) / (double)bins;
}

/* --- comparing --- */

/* Twice what a count's likelihood lacks at that mean: negative binomial, variance m + kappa m^2. */
static double deviance(double count, double mean, double kappa) {
  double own = count > 0 ? count * log(count / mean) : 0;
  if (kappa * mean < 1e-9)
    return 2 * (own - (count - mean));
  return 2 * (own - (count + 1 / kappa) * log((1 + kappa * count) / (1 + kappa * mean)));
}

double tide_wander_strength(const tide_wander *w, const tide_wander_near *near, tide_wander_sum a,
                            tide_wander_sum b) {
  const double kappa_a = tide_wander_variance(w, near, a.bins),
               kappa_b = tide_wander_variance(w, near, b.bins);
  double rate = (a.count + b.count) / (a.expected + b.expected), last = 0;
  if (!(rate > 0))
    return 0;
  /* The likelihood's own equation, by weights until they stand. */
  for (int i = 0; i < 50 && fabs(rate - last) > 1e-10 * rate; i++) {
    double of_a = 1 / (1 + kappa_a * rate * a.expected),
           of_b = 1 / (1 + kappa_b * rate * b.expected);
    last = rate;
    rate = (a.count * of_a + b.count * of_b) / (a.expected * of_a + b.expected * of_b);
  }
  double square = deviance(a.count, rate * a.expected, kappa_a) +
                  deviance(b.count, rate * b.expected, kappa_b),
         further = fmax(0, log(lengths_of(w, a.bins < b.bins ? a.bins : b.bins))),
         freedom = 1 / (1 / near->freedom + reach * further * further * near->long_variance),
         shrink = (8 * freedom + 1) / (8 * freedom + 3);
  return square > 0 ? shrink * shrink * freedom * log1p(square / freedom) : 0;
}
