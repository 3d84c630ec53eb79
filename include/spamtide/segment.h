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
  size_t low, high;         /* interval of `at`, 95%: all that the data cannot tell from it, and what lies between */
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
  double dispersion;      /* variance that the found segments leave, over m + kappa m^2; at least 1 */
  double interval_scale;  /* the scale of intervals of dates: by the dispersion and the autocorrelation that the found segments leave, without the reserve of the search */
  size_t burst;           /* bins that a burst lasts, by which intervals of dates are longer; 0 where bursts are few */
  bool cycle;             /* was a cycle taken out? */
} tide_segmentation;

/* The standard strength for n bins: 2.5 ln n, the form of Schwarz's criterion (Schwarz 1978; Killick & others 2012, section 2), with a
 * factor that was found by simulation (docs/STATISTICS.md) to raise false alarms in at most 5 of 100 series without a change. */
double tide_segment_penalty(size_t n);

/* How many scales the cost of a position may be above the least so that the interval from the first such position to the last misses the true one in 5 of 100 cases.
 * step: the change of level in standard deviations of a bin, 0 or more.
 *
 * From the true position the log-likelihood makes two walks, onwards and backwards, and the estimate is where it is highest. Each has normal steps of mean -step^2 / 2 and variance step^2,
 * and a highest value M, its beginning at 0 included (Hinkley 1970, Biometrika 57, 1-17). The interval misses the true position where one M is above the other by more than half of the
 * threshold. As the step goes to 0 each M becomes exponential, the size of their difference too, and the threshold -2 ln 0.05 = 5.99. (Hansen 2000, Econometrica 68, 575-603, has
 * -2 ln(1 - sqrt(0.95)) = 7.35 for that case: it is for the set of the positions, which may have holes; low to high has none and holds more.) But a walk in steps reaches less high:
 * P(M > x) is about exp(-x - 0.583 step) (Siegmund 1979, Advances in Applied Probability 11, 701-719, and 1985, Sequential Analysis, chapter 10; for the position of a change 1988,
 * International Statistical Review 56, 31-48). That is too much where x is small and the step large, so that here the first step is taken as it is, and the formula behind it. With G for
 * the result, and exponential beyond x, the interval misses with probability G(x) (2 - G(0)), which is 0.05 for x = half of the threshold. G(0) (2 - G(0)) is the probability that the estimate
 * is not exact; where it is below 0.05, from a step of 4 on, the threshold is 0 and the interval the one position. The threshold is not below the one without these approximations and at
 * most 0.2 above it (tests/stats/segment.R). */
double tide_segment_date_threshold(double step);

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
 * 5. Standard errors of ln(after / before) by the scale. The interval of the date: the positions between the neighbouring changes whose cost is within tide_segment_date_threshold(step)
 *    interval scales of the least, and what lies between them (Hinkley 1970; Siegmund 1988). The interval scale is the dispersion times 1 + 4 r, with the last r of 4. The step is the change of
 *    level in standard deviations of a bin: step^2 is the mean of the two unit deviances between the levels, ln(m1 (1 + kappa m2) / (m2 (1 + kappa m1))) (m1 - m2), each m with half a message more
 *    in its segment as it may be 0, over the dispersion alone, as it is the first bin or two that decide whether a date is off where the step is large, and where it is small it hardly matters.
 * 6. Where more than one bin in 40 was cut from above, bursts are common, and one within the lower level, beside the change, passes for the higher level: the interval is longer on the side
 *    of that level by the bins that a burst lasts (mean length of the runs that were cut, rounded). Found by simulation, and in no source. */
tide_status tide_segment_find(const double *counts, const double *widths, size_t n, const tide_segment_options *, tide_segmentation *out);
void tide_segmentation_free(tide_segmentation *);

#endif
