/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments: where the level of a series of counts changed, found without being told. Numbers in,
 * numbers out. */
#ifndef SPAMTIDE_SEGMENT_H
#define SPAMTIDE_SEGMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "spamtide/dating.h"
#include "spamtide/status.h"

/* Twice the negative log quasi-likelihood of n values with sum `sum` at their own mean m, less what
 * does not depend on the segments. The variance is m + kappa m^2: that of the Poisson distribution
 * for kappa 0, of the negative binomial one with size 1 / kappa otherwise. Source: Wedderburn 1974,
 * Biometrika 61, 439-447 (quasi-likelihood); McCullagh & Nelder 1989, table 9.1; the same as -2
 * logLik of R's glm with MASS::negative.binomial(1 / kappa) up to a constant. 0 where sum is 0. */
double tide_segment_cost(double sum, double n, double kappa);

/* The segments that have the least sum of costs plus `penalty` for each but the first, none shorter
 * than min_length (at least 1): exact, by dynamic programming (Jackson & others 2005, IEEE Signal
 * Processing Letters 12, 105-108) with PELT's pruning (Killick, Fearnhead & Eckley 2012, JASA 107,
 * 1590-1598, with K = 0), a candidate being dropped only when a segment of min_length can begin
 * where it lost. values: 0 or more, not necessarily whole. ends has room for n numbers and gets the
 * index behind each segment, the last of them n; *total the least sum. The best of equals is any.
 * One segment where n is less than twice min_length; none where n is 0. TIDE_FATAL when memory is
 * out. Time n to n^2, memory n. */
tide_status tide_segment_partition(const double *values, size_t n, double kappa, double penalty,
                                   size_t min_length, size_t *ends, size_t *count, double *total);

typedef struct tide_segment_options {
  size_t min_length; /* bins that a level lasts at least; 1 or more */
  double penalty;    /* strength that a change must have; 0: tide_segment_penalty(n) */
  size_t cycle; /* bins after which a cycle repeats itself, 7 for days, whose mean course is taken
                   out; 0 for none */
  const atomic_bool *stop; /* may be NULL; once true the search ends with TIDE_END */
  const size_t *phases; /* of each bin, its place in the cycle (of any multiple of it), where bins
                           were left out; NULL: they follow each other */
} tide_segment_options;

/* One change. Positions are bins, counted from 0; levels are counts a bin of mean width, with the
 * cycle taken out and bursts cut. */
typedef struct tide_segment_change {
  size_t at;                /* the first bin of the new level */
  size_t low, high;         /* interval of `at`, 95% */
  double before, after;     /* mean level of the segment before and behind */
  double log_ratio;         /* ln(after / before); 0 where either level is 0 */
  double log_low, log_high; /* its interval, 95%, the position taken as known */
  double strength;          /* cost of both segments as one, less that of the two, over the scale */
} tide_segment_change;

/* What was found, and with which estimates. */
typedef struct tide_segmentation {
  tide_segment_change *changes; /* by position */
  size_t count;
  double penalty;         /* strength that each change has at least */
  double kappa;           /* variance beyond the mean: m + kappa m^2 */
  double autocorrelation; /* of neighbouring bins */
  double scale; /* what costs are divided by: how much further means of many bins vary than of
                   independent ones */
  tide_dating_rate rate; /* how rates move about the levels; all 0 where no change was found */
  bool cycle;            /* was a cycle taken out? */
} tide_segmentation;

/* The standard strength for n bins: 2.5 ln n, the form of Schwarz's criterion (Schwarz 1978;
 * Killick & others 2012, section 2), with a factor that was found by simulation
 * (docs/STATISTICS.md) to raise false alarms in at most 5 of 100 series without a change. */
double tide_segment_penalty(size_t n);

/* The lower end of the interval of a normal mean, 95%, of which z was seen with a standard error of
 * 1, and would not have been seen at a size of less than bar: the mean at which a value of z or
 * more has probability 0.025 given that its size is above bar (Weinstein, Fithian & Benjamini 2013,
 * JASA 108, 165-176; Zhong & Prentice 2008, Biostatistics 9, 621-634). z at least bar, bar 0 or
 * more. */
double tide_segment_least_effect(double z, double bar);

/* The changes of counts[0..n), each from 0 to 1e9: beyond that, rounding would show. widths: length
 * of each bin in any unit, or NULL where all are alike. The caller frees *out with
 * tide_segmentation_free. No change where n is less than twice min_length. TIDE_FATAL when memory
 * is out.
 *
 * 1. Counts are divided by the bin's width over the mean width, and by the mean course of the
 * cycle: medians of ratios to the centred moving mean over one cycle (Macaulay 1931; classical
 * decomposition, R: decompose(type = "multiplicative")), where there are five whole cycles and five
 * messages a bin.
 * 2. kappa from squared differences of bins one cycle apart, and autocorrelation from those of
 * neighbours against them; medians of both, so that few changes and bursts do not move them (after
 * Chakar, Lebarbier, Levy-Leduc & Robin 2017, Bernoulli 23, 1408-1447). Then each bin is cut at 3
 * standard deviations, by kappa, from the median of the 15 bins around it: one burst is no level
 * (to the same end as the bounded loss of Fearnhead & Rigaill 2019, JASA 114, 169-183, by
 * winsorising), and a running median keeps a step where it is (Tukey 1977). The autocorrelation is
 * that of what is left.
 * 3. tide_segment_partition, costs divided by the scale. The scale is the variance of a mean of
 * many bins over that of independent ones: 1 + 4 r, that of an autocorrelation r that halves with
 * each further bin, or less where it falls faster; times the dispersion, and at least 1.
 * 4. Dispersion (Pearson's) and autocorrelation (corrected for bias: Marriott & Pope 1954,
 * Biometrika 41, 390-402) of what the segments leave; where they say that the scale was too small,
 * again from 3. The scale only grows, so this ends.
 * 5. How rates vary about the levels of the segments: tide_dating_rate_estimate.
 * 6. Each change is dated by tide_dating_find, in order, between the date before it and the
 * partition's position behind, on the counts before bursts were cut.
 * 7. Levels between the dates. The interval of ln(after / before): its standard error has the scale
 * of 3. The far end is 1.96 of them away; the end towards 0 is tide_segment_least_effect, as only
 * changes are seen whose strength passes the penalty, bar being z sqrt(penalty / strength). */
tide_status tide_segment_find(const double *counts, const double *widths, size_t n,
                              const tide_segment_options *, tide_segmentation *out);
void tide_segmentation_free(tide_segmentation *);

#endif
