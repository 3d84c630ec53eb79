/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wander: how far the level of a series varies without any event, near any bin, over any length.
 * Numbers in, numbers out. */
#ifndef LIB_STATS_WANDER_H
#define LIB_STATS_WANDER_H

#include <stddef.h>

#include "base/status.h"

enum {
  TIDE_WANDER_SCALES = 12, /* lengths of windows, each the square root of 2 times the one before */
  TIDE_WANDER_AROUND = 26  /* units on each side of a bin from which the wander there is taken */
};

/* What neighbouring windows of a series showed. All arrays are running totals. */
typedef struct tide_wander {
  size_t bins, unit, scales;
  size_t scale[TIDE_WANDER_SCALES]; /* bins */
  double *sum, *expected;           /* of counts, and of what they should be proportional to */
  double *square[TIDE_WANDER_SCALES], *noise[TIDE_WANDER_SCALES];
  double *bin_square, *bin_level;
  double *scratch;
} tide_wander;

/* For a series of `bins` bins; unit is the length of the shortest windows, in bins, 4 or more.
 * Scales are 1, 1.43, 2, 2.86, 4 ... 45.7 units, as many as fit twice into the series.
 * tide_wander_close when done. TIDE_FATAL when memory is out. */
tide_status tide_wander_open(tide_wander *, size_t bins, size_t unit);
void tide_wander_close(tide_wander *);

/* Two sums that are compared. */
typedef struct tide_wander_sum {
  double count, expected;
  size_t bins;
} tide_wander_sum;

/* The sum of bins [from, to). */
tide_wander_sum tide_wander_sum_of(const tide_wander *, size_t from, size_t to);

/* The logarithm of the ratio of b's count to a's, over that of what is expected. One message is
 * added, split as expected, so that an empty window has a logarithm (Haldane 1956; Anscombe 1956)
 * and two of them are alike; *noise gets the variance that independent messages give it. */
double tide_wander_log_ratio(tide_wander_sum a, tide_wander_sum b, double *noise);

/* Reads a series. counts: 0 or more, `bins` of them, bursts cut; expected: what they should be
 * proportional to, above 0: the changes that are known already.
 *
 * At each scale w the logarithm D of the ratio of the sums of two neighbouring windows of w bins is
 * taken at every place. D^2 less the noise of independent messages, 1 / a + 1 / b for sums a and b,
 * is on average twice the relative variance of a window's mean. It is cut at (2.5 s)^2, with s^2
 * the median of the D^2 nearby divided by that of the chi-squared distribution, so that a few
 * changes do not dominate it (Huber's second proposal); and divided by what the cut leaves of a
 * squared normal value, 0.9776. Nearby are the places within TIDE_WANDER_AROUND units of the middle
 * of a piece, and pieces are 13 units long, counted from the first place. */
void tide_wander_see(tide_wander *, const double *counts, const double *expected);

/* The wander of the level near a place. */
typedef struct tide_wander_near {
  double rate;                    /* relative variance of the mean of two units, times their bins */
  double freedom;                 /* of it */
  double short_slope, long_slope; /* powers of length by which variance times length grows, up to
                                     two units and beyond */
  double long_variance;           /* of the estimate of the second */
} tide_wander_near;

/* Of all windows within TIDE_WANDER_AROUND units of the place, no scale beyond 16 units, but for
 * those that straddle bin `first` or `second`, at which a change is being thought of: so a change
 * does not raise the measure it is held against (as in Cho & Fryzlewicz 2024, Biometrika 111,
 * 325-340, and the windows that Zhao, Jiang & Shao 2022, JRSS B 84, 1699-1725, norm by). second is
 * first where there is one. Places count whose middle is that near;
 * within as much of an end of the series, those around the nearest bin that has both sides. The
 * variance at w bins is half of the mean of D^2 less noise, and has 1.5 / w degrees of freedom for
 * each place, as its weight. With the windows goes three times the variance of single bins (on the
 * two lists the rate is 3 to 3.8 times as much): the sum of (a - b)^2 / 2 - (a's noise + b's) / 2
 * over that of ((a + b) / 2)^2, a and b being bins a unit apart over what is expected, and their
 * noise that value over what is expected once more. With n such pairs, more than a unit, its weight
 * is 1 / (1 / 12 + 2 / n), so that it has a say where windows are few.
 *
 * The slopes are weighted regressions over those windows, drawn to 0.65 and 0.15, which daily
 * counts of two mailing lists have, as if those had a standard error of 0.6 and 0.5: so an archive
 * that drifts or swings, whose longer windows differ more, shows that itself. They are of
 * ln(variance times w) on ln(w), over the scales to two units and from there on, with half of the
 * weights, the sum of squares halved once more for what scales have in common; scales without a
 * positive variance are left out, and slopes below 0 are 0. The rate is the weighted mean over
 * windows of at most 8 units, brought to two units by the slopes, and single bins. freedom is the
 * most that one of those scales has, 1.5 / max(w, two units) for each place, and the weight of
 * single bins; 1 at least. */
tide_wander_near tide_wander_around(const tide_wander *, size_t first, size_t second);

/* The relative variance of the mean of that many bins there. */
double tide_wander_variance(const tide_wander *, const tide_wander_near *, size_t bins);

/* How strongly two sums contradict the proportion that is expected: the deviance of two counts that
 * are negative binomial, the size being one over the relative variance of their windows; brought by
 * the degrees of freedom to the square of a standard normal value (Wallace 1959, Annals of
 * Mathematical Statistics 30, 1121-1130). 0 or more. Windows longer than two units have fewer
 * degrees of freedom than the rate, as their variance is extrapolated: to one over them comes a
 * fifth of long_variance times the square of the logarithm of their length over two units. (A
 * relative variance of v is worth 2 / v degrees of freedom; of that half, what neighbouring lengths
 * have in common, was found to hold on real archives.) */
double tide_wander_strength(const tide_wander *, const tide_wander_near *, tide_wander_sum,
                            tide_wander_sum);

#endif
