/* Segments: where the level of a series of counts changed, found without being told. Numbers in, numbers out. */
#ifndef SPAMTIDE_SEGMENT_H
#define SPAMTIDE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "spamtide/status.h"

/* Twice the negative log quasi-likelihood of n values with sum `sum` at their own mean m, less what does not depend on the segments. The variance is
 * m + kappa m^2: that of the Poisson distribution for kappa 0, of the negative binomial one with size 1 / kappa otherwise. Source: Wedderburn 1974,
 * Biometrika 61, 439-447 (quasi-likelihood); McCullagh & Nelder 1989, table 9.1; the same as -2 logLik of R's glm with MASS::negative.binomial(1 / kappa)
 * up to a constant. 0 where sum is 0. */
double tide_segment_cost(double sum, double n, double kappa);

/* The segments that have the least sum of costs plus `penalty` for each but the first, none shorter than min_length (at least 1): exact, by dynamic
 * programming (Jackson & others 2005, IEEE Signal Processing Letters 12, 105-108) with PELT's pruning (Killick, Fearnhead & Eckley 2012, JASA 107,
 * 1590-1598, with K = 0), a candidate being dropped only when a segment of min_length can begin where it lost. values: 0 or more, not necessarily whole.
 * ends has room for n numbers and gets the index behind each segment, the last of them n; *total the least sum. The best of equals is any. One segment
 * where n is less than twice min_length; none where n is 0. TIDE_FATAL when memory is out. Time n to n^2, memory n. */
tide_status tide_segment_partition(const double *values, size_t n, double kappa, double penalty, size_t min_length, size_t *ends, size_t *count,
                                   double *total);

typedef struct tide_segment_options {
  size_t min_length; /* bins that a level lasts at least; 1 or more */
  double penalty;    /* strength that a change must have; 0: tide_segment_penalty(n) */
  size_t cycle;      /* bins after which a cycle repeats itself, 7 for days, whose mean course is taken out; 0 for none */
} tide_segment_options;

/* One change. Positions are bins, counted from 0; levels are counts a bin of mean width, with the cycle taken out and bursts cut. */
typedef struct tide_segment_change {
  size_t at;                /* the first bin of the new level */
  size_t low, high;         /* interval of `at`, 95%: all that the data cannot tell from it (Hansen 2000) */
  double before, after;     /* mean level of the segment before and behind */
  double log_ratio, log_se; /* ln(after / before) and its standard error, the position taken as known; both 0 where either level is 0 */
  double strength;          /* cost of both segments as one, less that of the two, over the scale */
} tide_segment_change;

/* What was found, and with which estimates. */
typedef struct tide_segmentation {
  tide_segment_change *changes; /* by position */
  size_t count;
  double penalty;         /* strength that each change has at least */
  double kappa;           /* variance beyond the mean: m + kappa m^2 */
  double autocorrelation; /* of neighbouring bins */
  double scale;           /* what costs are divided by: how much further means of many bins vary than of independent ones */
  double interval_scale;  /* the same for intervals of dates: by the autocorrelation that the found segments leave, as it is */
  bool cycle;             /* was a cycle taken out? */
} tide_segmentation;

/* The standard strength for n bins: 2.5 ln n, the form of Schwarz's criterion (Schwarz 1978; Killick & others 2012, section 2), with a
 * factor that was found by simulation (docs/STATISTICS.md) to raise false alarms in at most 5 of 100 series without a change. */
double tide_segment_penalty(size_t n);

/* The changes of counts[0..n), each from 0 to 1e9: beyond that, rounding would show. widths: length of each bin in any unit, or NULL where all are alike. The caller frees *out with
 * tide_segmentation_free. No change where n is less than twice min_length. TIDE_FATAL when memory is out.
 *
 * 1. Counts are divided by the bin's width over the mean width, and by the mean course of the cycle: medians of ratios to the centred moving mean over one
 *    cycle (Macaulay 1931; classical decomposition, R: decompose(type = "multiplicative")), where there are five whole cycles and five messages a bin.
 * 2. kappa from squared differences of bins one cycle apart, and autocorrelation from those of neighbours against them; medians of both, so that few
 *    changes and bursts do not move them (after Chakar, Lebarbier, Levy-Leduc & Robin 2017, Bernoulli 23, 1408-1447).
 *    Then each bin is cut at 3 standard deviations, by kappa, from the median of the 15 bins around it: one burst is no level (to the same end as the bounded loss of Fearnhead & Rigaill 2019,
 *    JASA 114, 169-183, by winsorising), and a running median keeps a step where it is (Tukey 1977). The autocorrelation is that of what is left.
 * 3. tide_segment_partition, costs divided by the scale. The scale is the variance of a mean of many bins over that of independent ones: 1 + 4 r, that of an
 *    autocorrelation r that halves with each further bin, or less where it falls faster; times the dispersion, and at least 1.
 * 4. Dispersion (Pearson's) and autocorrelation (corrected for bias: Marriott & Pope 1954, Biometrika 41, 390-402) of what the segments leave; where they
 *    say that the scale was too small, again from 3. The scale only grows, so this ends.
 * 5. Standard errors of ln(after / before) by the scale. For the interval of the date it is (1 + r) / (1 - r), of an autoregressive process, with the last r of 4, times the
 *    dispersion, as that errs on the wide side by itself: the positions between the neighbouring changes whose cost is within -2 ln(1 - sqrt(0.95)) = 7.35 scales of the least (Hansen 2000, Econometrica
 *    68, 575-603, section 3.2; Eo & Morley 2015, Quantitative Economics 6, 463-497). */
tide_status tide_segment_find(const double *counts, const double *widths, size_t n, const tide_segment_options *, tide_segmentation *out);
void tide_segmentation_free(tide_segmentation *);

#endif
