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
  TIDE_SEGMENT_UNITS_MOST = 100 /* least lengths beyond which the penalty does not rise */
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
  bool no_history; /* is it shorter than what shows how the level strays near a place: a half-year
                      of days on each side (TIDE_WANDER_AROUND)? */
  bool could_fall; /* would a fall to nothing have been found, in the middle of the series at its
                      mean level? If not, finding no change means nothing */
} tide_segmentation;

/* Bins that a series needs to be searched: four times the least length, which is taken as at least
 * 4 bins. */
size_t tide_segment_bins_least(size_t min_length);

/* The strength that a change of four times the least length must have in n bins:
 * 3.6 ln(n / min_length) - 0.5, n at most TIDE_SEGMENT_UNITS_MOST least lengths. Found on residuals
 * of real archives of 91 to 1,095 days (docs/STATISTICS.md) so that at most 5 in 100 series without
 * a change show one; for longer archives, at most 5 in 100 stretches of three years: what is found
 * does not depend on days further away than that. */
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
 * decomposition, R: decompose(type = "multiplicative"); tide_even_cycle).
 * 2. Each bin is cut at 3 standard deviations from the median of the 15 bins around it
 * (tide_even_bursts): one burst is no level (to the same end as the bounded loss of Fearnhead &
 * Rigaill 2019, JASA 114, 169-183, by winsorising), and a running median keeps a step where it is
 * (Tukey 1977). All sums from here on are of bins so cut, but the dates' counts.
 * 3. Two kinds of change are tried everywhere, at lengths from two least lengths that grow by the
 * square root of 2: a step, of windows of that length on both sides (at most 45 least lengths), and
 * what ends again, of that length (at most 16), against as much on each side, at least 12 least
 * lengths. Windows end at the ends of the series. The logarithms of ratios are those of
 * tide_wander_log_ratio.
 * Of a step's, 0.7 must show in the nearest quarter of its windows, or two least lengths if that is
 * more. And from four least lengths on, each window is cut into four parts, whose logarithms of
 * (sum + 1/2) / expected must leave, about the mean of each side, at most 0.6 of the squares that
 * they leave about one straight line: a level that drifts or swings is no step.
 * What ended again must differ from either side by half of what it differs from both together.
 * Each has its strength (tide_wander_strength), against how the level strays near it
 * (tide_wander_around; of a step long_variance is taken as 0). Places are a 14th of the length
 * apart, counted from min_length in the whole series; around the best, every place is tried.
 * No place is less than min_length from either end or a date that is known, and what ends holds
 * no such date.
 * 4. The one that passes its penalty by most is a change, the first of those that are alike to
 * 1e-9 (shorter windows first, steps first). Its date is found (tide_dating_find) among its length,
 * but 4 to 8 least lengths, on each side, no further than the nearest dates that are known; that of
 * its end between the date found and as far behind. Levels and their errors (of sums with half a
 * message more, at most 1) are those of the same bins; the rate is that of the 26 least lengths
 * around it (tide_dating_rate_estimate), in pieces that end at all dates and after every 4
 * least lengths; one shorter than min_length goes to the next, the last to the one before.
 * What is expected from the date on is multiplied by the ratio; and again from 3, until none
 * passes.
 * 5. Two neighbouring steps, at most 16 least lengths apart, are one change that ended, if their
 * logarithms (of windows as long as that, at least 12 least lengths, no further than the next
 * dates) have different signs and a sum of less than half of the smaller.
 * 6. Each is weighed again between its neighbours: its windows end at other dates, nothing is
 * expected of those, but the measure of 3 remains. What has the least strength over its penalty
 * goes if it does not pass it, and the others are weighed again.
 * 7. before and after are means of these windows. The interval of ln(after / before) is that of two
 * means that stray so, and have the noise of independent messages; its far end is Student's
 * quantile away; the end towards 0 is tide_segment_least_effect, as only changes are seen whose
 * strength passes the penalty: z and bar are the logarithm and what it would be at the penalty (as
 * the roots of both strengths), over the error widened by Student's quantile over the normal one.
 * A level wanders if its short_slope and long_slope add up to more than 1.1. */
tide_status tide_segment_find(const double *counts, const double *widths, size_t n,
                              const tide_segment_options *, tide_segmentation *out);
void tide_segmentation_free(tide_segmentation *);

#endif
