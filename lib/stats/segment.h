/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments: where the level of a series of counts changed, found without being told. Numbers in,
 * numbers out. */
#ifndef LIB_STATS_SEGMENT_H
#define LIB_STATS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/stop.h"

enum {
  TIDE_SEGMENT_UNITS_MOST = 156 /* least lengths that the promise is for: three years of days */
};

typedef struct tide_segment_options {
  size_t min_length; /* bins that a level lasts at least; 1 or more */
  double penalty;    /* strength that a change must have; 0: tide_segment_penalty */
  size_t cycle; /* bins after which a cycle repeats itself, 7 for days, whose mean course is taken
                   out; 0 for none */
  const atomic_bool *stop; /* may be NULL; once true the search ends with TIDE_END */
  const size_t *phases; /* of each bin, its place in the cycle (of any multiple of it), where bins
                           were left out; NULL: they follow each other */
} tide_segment_options;

/* One change. Positions are bins, counted from 0; levels are counts a bin of mean width, with the
 * cycle taken out and bursts cut. */
typedef struct tide_segment_change {
  size_t at;        /* the first bin of the new level */
  size_t low, high; /* interval of `at`, 95% */
  bool ends;        /* did it end again? Then the first bin after it and its interval */
  size_t until, until_low, until_high;
  size_t window;            /* bins on each side that were compared; if it ended, its length */
  size_t from, to;          /* bins [from, to) that the levels are taken from: no further than the
                               windows, another change or the end */
  double before, after;     /* levels outside it, and in it or after it */
  double log_ratio;         /* ln(after / before); 0 where either level is 0 */
  double log_low, log_high; /* its interval, 95%, the position taken as known */
  bool wanders;    /* does the level near it vary more over longer windows, as one that drifts or
                      swings does? Then the levels differ, but maybe not from one date on */
  double strength; /* (tide_wander_strength) */
  double penalty;  /* what a change of its length must have */
} tide_segment_change;

/* The changes found, and the estimates used. */
typedef struct tide_segmentation {
  tide_segment_change *changes; /* by position */
  size_t count;
  double penalty;  /* of a change of four times the least length */
  bool cycle;      /* was a cycle taken out? */
  bool could_fall; /* would a fall to nothing have been found, in the middle of the series at its
                      mean level? If not, finding no change means nothing */
} tide_segmentation;

/* Bins that a series needs to be searched: four times the least length, which is taken as at least
 * 4 bins. */
size_t tide_segment_bins_least(size_t min_length);

/* The strength that a change of four times the least length must have in n bins:
 * 2.4 ln(n / min_length) + 4, n at most TIDE_SEGMENT_UNITS_MOST least lengths. Found on residuals
 * of real archives (docs/STATISTICS.md) so that at most 5 in 100 series without a change show one;
 * for longer archives, at most 5 in 100 stretches of three years: what is found does not depend on
 * days further away than that. */
double tide_segment_penalty(size_t n, size_t min_length);

/* The same for windows of that many bins. A change that ended has fewer possible places the longer
 * it is, so 2 ln(window / (4 min_length)) is subtracted (a penalty by length as in Dumbgen &
 * Spokoiny 2001, Annals of Statistics 29, 124-152). For a step as much is added, since the
 * variation of windows of months is extrapolated from those of weeks. For windows shorter than
 * that, 8 ln(4 min_length / window) is added: a quiet fortnight, such as holidays, is far more
 * common than by a normal distribution. */
double tide_segment_penalty_of(double penalty, size_t window, size_t min_length, bool ends);

/* The lower end of the interval of a normal mean, 95%, of which z was seen with a standard error of
 * 1, and would not have been seen at a size of less than bar: the mean at which a value of z or
 * more has probability 0.025 given that its size is above bar (Weinstein, Fithian & Benjamini 2013,
 * JASA 108, 165-176; Zhong & Prentice 2008, Biostatistics 9, 621-634). z at least bar, bar 0 or
 * more. */
double tide_segment_least_effect(double z, double bar);

/* The bins [*from, *to) that are looked at of a series with nothing before bin `first` and after
 * bin `last`: what lies further away has no say, so that the changes are those of the whole series.
 */
void tide_segment_reach(size_t first, size_t last, size_t n, size_t min_length, size_t *from,
                        size_t *to);

/* The changes of counts[0..n), each from 0 to 1e9: beyond that, rounding would show. widths: length
 * of each bin in any unit, or NULL where all are alike. The caller frees *out with
 * tide_segmentation_free. No change where n is less than tide_segment_bins_least. TIDE_FATAL when
 * memory is out.
 *
 * 1. Counts are divided by the bin's width over the mean width, and by the mean course of the
 * cycle: medians of ratios to the centred moving mean over one cycle (Macaulay 1931; classical
 * decomposition, R: decompose(type = "multiplicative")), where there are five whole cycles and five
 * messages a bin.
 * 2. kappa, the variance of a bin beyond its mean m over m^2, near each bin, from the median of
 * squared differences of bins one cycle apart; then each bin is cut at 3 standard deviations from
 * the median of the 15 bins around it: one burst is no level (to the same end as the bounded loss
 * of Fearnhead & Rigaill 2019, JASA 114, 169-183, by winsorising), and a running median keeps a
 * step where it is (Tukey 1977).
 * 3. Two kinds of change are tried everywhere, at lengths from two least lengths that grow by the
 * square root of 2: a step, of windows of that length on both sides (at most 45 least lengths), of
 * whose difference 0.7 must show in the nearest quarter of its windows (two least lengths at the
 * least), and whose quarters a step explains so well that it leaves 0.6 of the squares that a
 * straight line does, as a level that drifts or swings is no step; and
 * what ends again, of that length (at most 16), against as much on each side, at least 12 least
 * lengths, from both of which it must differ by half of the whole difference. Windows end at the
 * ends of the series. Each has its strength (tide_wander_strength), measured against how the level
 * strays near it (tide_wander_around). Where windows are long not every place is tried, but every
 * 14th of their length.
 * 4. The one that passes its penalty by most is a change; its date or dates are found
 * (tide_dating_find) among at most 8 least lengths on each side; what is expected from there on is
 * multiplied by its ratio; and again from 3, until none passes.
 * 5. Two neighbouring changes of which the second undoes the first to a half, at most 16 least
 * lengths apart, are one that ended.
 * 6. Levels of the windows, between the dates. The interval of ln(after / before) is that of two
 * means that stray so; its far end is Student's quantile away; the end towards 0 is
 * tide_segment_least_effect, as only changes are seen whose strength passes the penalty. */
tide_status tide_segment_find(const double *counts, const double *widths, size_t n,
                              const tide_segment_options *, tide_segmentation *out);
void tide_segmentation_free(tide_segmentation *);

#endif
