/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken out of a series before its level is looked at. All by medians, which a step leaves
 * where it is. */
#include "even.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

static const double chi2_median = 0.454936423119572; /* qchisq(0.5, 1) */
enum {
  CYCLES_LEAST = 5,
  CYCLE_MEAN_LEAST = 5,
  FAR_BINS = 7,
  AROUND = 7,
  CUT_AT = 3,         /* standard deviations */
  NEIGHBOURHOODS = 4, /* kappa is taken so many times within the bins that tell it */
  HALVINGS = 40
};

void tide_even_widths(double *a, const double *widths, size_t n) {
  double mean = widths ? gsl_stats_mean(widths, 1, n) : 0;
  if (!(mean > 0))
    return;
  for (size_t t = 0; t < n; t++)
    if (widths[t] > 0)
      a[t] *= mean / widths[t];
}

/* By insertion: there are few. */
static double median_of_few(double *values, size_t count) {
  for (size_t i = 1; i < count; i++) {
    double value = values[i];
    size_t at = i;
    for (; at > 0 && values[at - 1] > value; at--)
      values[at] = values[at - 1];
    values[at] = value;
  }
  return gsl_stats_median_from_sorted_data(values, 1, count);
}

static size_t phase_of(const size_t *phases, size_t t, size_t cycle) {
  return (phases ? phases[t] : t) % cycle;
}

bool tide_even_cycle(double *a, size_t n, size_t cycle, const size_t *phases, double *scratch) {
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
    double middle = count ? gsl_stats_median(scratch, 1, count) : 1;
    factors[phase] = fmin(fmax(middle, 0.1), 10);
    sum += factors[phase];
  }
  for (size_t t = 0; t < n; t++)
    a[t] /= factors[phase_of(phases, t, cycle)] * (double)cycle / sum;
  return true;
}

/* Squares of differences of bins so far apart, halved, and the mean of the bins between. */
static size_t differences(const double *a, size_t n, size_t lag, double *square, double *mean) {
  size_t count = 0;
  for (size_t t = 0; t + lag < n; t++) {
    double level = gsl_stats_mean(a + t, 1, lag + 1), d = a[t + lag] - a[t];
    if (!(level > 0))
      continue;
    square[count] = d * d / 2;
    mean[count++] = level;
  }
  return count;
}

/* Are more than half of the squares beyond the median that a variance of m + kappa m^2 gives? */
static bool beyond(const double *square, const double *mean, size_t count, double kappa) {
  size_t more = 0;
  for (size_t i = 0; i < count; i++)
    more += square[i] > chi2_median * (mean[i] + kappa * mean[i] * mean[i]);
  return 2 * more > count;
}

/* The kappa under which differences are what they should be; 0 if they are no more than the
 * Poisson distribution gives. scratch has room for 2 n. */
static double kappa_of(const double *a, size_t n, double *scratch) {
  double *square = scratch, *mean = scratch + n, low = 0, high = 100;
  size_t count = differences(a, n, n / 4 < FAR_BINS ? n / 4 : FAR_BINS, square, mean);
  if (!beyond(square, mean, count, 0))
    return 0;
  for (int i = 0; i < HALVINGS; i++) {
    double middle = (low + high) / 2;
    if (beyond(square, mean, count, middle))
      low = middle;
    else
      high = middle;
  }
  return high;
}

static void cut(const double *a, size_t n, size_t t, double kappa, double *to) {
  double values[2 * AROUND + 1];
  size_t from = t < AROUND ? 0 : t - AROUND, end = t + AROUND < n ? t + AROUND + 1 : n;
  memcpy(values, a + from, (end - from) * sizeof *values);
  double middle = median_of_few(values, end - from),
         reach = CUT_AT * sqrt(middle + kappa * middle * middle);
  *to = middle > 0 ? fmax(0, fmin(fmax(a[t], middle - reach), middle + reach)) : a[t];
}

void tide_even_bursts(const double *a, size_t n, size_t around, double *to, double *scratch) {
  const size_t step = around / NEIGHBOURHOODS * 2 + 1;
  for (size_t from = 0; from < n; from += step) {
    size_t middle = from + step / 2, low = middle < around ? 0 : middle - around,
           high = middle + around < n ? middle + around : n;
    double kappa = kappa_of(a + low, high - low, scratch);
    for (size_t t = from; t < from + step && t < n; t++)
      cut(a, n, t, kappa, &to[t]);
  }
}
