/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dating: the bin on which one change of level fell, by a model of how rates move about their
 * levels. Numbers in, numbers out. */
#ifndef LIB_STATS_DATING_H
#define LIB_STATS_DATING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* How a rate moves about its level. The logarithm of rate over level, plus sd^2 / 2, is a
 * stationary autoregressive process of order one whose autocorrelation halves with each bin. The
 * count of a bin is negative binomial about the rate, with variance m + kappa m^2 at the mean m,
 * save in a burst or a gap. In a burst the logarithm of count + 1/2 is normal about that of the
 * level, in a gap the count may be anything below the level, with density 1 / (3 (count + 1/2));
 * the first with probability burst_above, the second else. Whether a bin is in a burst is a Markov
 * chain of two states. */
typedef struct tide_dating_rate {
  double sd;    /* of the process; 0 or more */
  double kappa; /* 0 or more */
  double burst_begins,
      burst_ends; /* probability that the next bin is in a burst if this one is not, and that it is
                     in none if this one is; both above 0 and below 1 */
  double burst_above; /* probability that a bin in a burst is at or above its level, and not a gap;
                         above 0 and below 1 */
  double burst_mean, burst_sd; /* of ln((count + 1/2) / level) in a burst; the second above 0 */
  bool bursts; /* are bursts so common that one beside the change is an explanation like any other?
                */
} tide_dating_rate;

/* The rate of a series about the levels of its segments, which end after ends[0..segments), the
 * last at n. counts: as they are; cut: without bursts and gaps.
 *
 * The variance of rates, of a bin and shared by neighbours, is the mean of products of d = cut /
 * level - 1, less 1 / level for Poisson's part of the first, weighted by level^2;
 * level is the mean of cut in the segment. To both comes the variance of those means, (own + 1 /
 * mean + 4 shared) segments / n, with no less than 0 of each; and they are times 1.05 for what is
 * fitted and cut away beyond that (found by simulation, docs/STATISTICS.md). As the autocorrelation
 * of rates halves with each bin, twice what neighbours share is the process's, at most nine tenths
 * of the whole, and the rest each bin's own. Bursts and gaps begin and end as often as bins were
 * cut: of n bins, b of them cut in r runs and u from above, (r + 1/2) / (n + 1) and (r + 1/2) / (b
 * + 1), and burst_above is (u + 1/2) / (b + 1). Bursts are as large as the bins cut from above, one
 * of mean 1.5 and standard deviation 1 (of logarithms) among them. If more than one bin in 40 was
 * cut from above, bursts are common, and bins that were cut are left out of the products. */
tide_dating_rate tide_dating_rate_estimate(const double *counts, const double *cut, size_t n,
                                           const size_t *ends, size_t segments);

/* What is known of a change but its date. */
typedef struct tide_dating_model {
  tide_dating_rate rate;
  double before, after;       /* levels, in counts a bin; above 0 */
  double before_se, after_se; /* standard errors of their logarithms */
  double penalty;             /* strength that a change must have to be found (stats/segment.h) */
} tide_dating_model;

/* The probability of each position, given the counts and that all positions were as likely:
 * posterior[t] for a new level that begins with bin t. It is 0 if either level would be shorter
 * than min_length. counts: 0 or more, not necessarily whole. posterior has room for n numbers. n is
 * at least twice min_length, which is at least
 * 1. TIDE_FATAL when out of memory. Time and memory n.
 *
 * The sums over all courses of the rate are those of a hidden Markov chain, forwards from the
 * beginning and backwards from the end (Rabiner 1989, Proceedings of the IEEE 77, 257-286), over 13
 * values of the process from -3 sd to 3 sd, or one where sd is at most 0.01 (Kitagawa 1987, JASA
 * 82, 1032-1041, for such a grid). Levels are not known: the sum goes over 5 values of each, from
 * -2.5 to 2.5 standard errors about the level given. Each pair is divided by the probability that a
 * change of its size d (of logarithms, over the standard error) is found at all, Q(b - d) + Q(b +
 * d) with Q the upper tail of the normal distribution and b^2 = penalty - 3, as the strength of the
 * best position is above that of the true one by 3 in the mean (twice the higher of two exponential
 * values, as for the threshold below): of the small changes only those are found that chance makes
 * look large (likelihood given the selection: Zhong & Prentice 2008, Biostatistics 9, 621-634). */
tide_status tide_dating_posterior(const double *counts, size_t n, size_t min_length,
                                  const tide_dating_model *, double *posterior);

/* How far twice the logarithm of the posterior may be below the highest so that the interval from
 * the first such position to the last misses the true one in 5 of 100 cases. first, later: what the
 * first bin after the change and what each further one tells of it, in standard deviations; 0 or
 * more.
 *
 * From the true position the log-likelihood makes two walks, onwards and backwards, and the
 * estimate is where it is highest (Hinkley 1970, Biometrika 57, 1-17). Where bins are independent,
 * each has normal steps of mean -first^2 / 2 and variance first^2, and a highest value M, its
 * beginning at 0 included. The interval misses the true position where one M is above the other by
 * more than half of the threshold. As the steps go to 0 each M becomes exponential, the size of
 * their difference too, and the threshold -2 ln 0.05 = 5.99. (Hansen 2000, Econometrica 68,
 * 575-603, has -2 ln(1 - sqrt(0.95)) = 7.35 for that case: it is for the set of the positions,
 * which may have holes; low to high has none and holds more.) But a walk in steps reaches less
 * high: P(M > x) is about exp(-x - 0.583 first) (Siegmund 1979, Advances in Applied Probability 11,
 * 701-719, and 1985, Sequential Analysis, chapter 10). That is too much where x is small and the
 * step large, so that here the first step is taken as it is, and the formula after it.
 *
 * Where bins are autocorrelated, all but the first tell less, later below first, and the position
 * tried is at a bin that looks like a first one by itself: the walk wavers by v = first - later
 * from bin to bin, and its highest value is higher, exp(-x - 0.583 first + (1.85 - 0.28 first) v),
 * the factor of v at least 0.3. Those two numbers are a fit to the distribution of M, which
 * tests/stats/dating.R computes from its integral equation (Lindley 1952, Proceedings of the
 * Cambridge Philosophical Society 48, 277-289); the threshold is never below the one without
 * approximations and at most 0.6 above it, or 0.8 where that one is below 1.
 *
 * With G for the result, and exponential beyond x, the interval misses with probability G(x) (2 -
 * G(0)), which is 0.05 for x = half of the threshold. G(0) (2 - G(0)) is the probability that the
 * estimate is not exact; where it is below 0.05 the threshold is 0. */
double tide_dating_threshold(double first, double later);

/* A date. Positions are bins, counted from 0. */
typedef struct tide_dating {
  size_t at;        /* the first bin of the new level */
  size_t low, high; /* interval of `at`, 95% */
} tide_dating;

/* The date of the change in counts[0..n): the bin that has, with its two neighbours, the most of
 * the posterior, where its own part counts 1.15-fold: the date that is most often right to a day,
 * and of two that are as often so the likelier one. The first of equals.
 *
 * The interval: all positions whose posterior is within tide_dating_threshold(first, later) of the
 * highest, `at`, and what is between. first is the change of level in standard deviations of a
 * bin, given all before it; its square is the mean of the two unit deviances between the levels,
 * ln(m1 (1 + k m2) / (m2 (1 + k m1))) (m1 - m2), k being the whole variance sd^2 + kappa, divided
 * by the part of a bin's variance that the bins before it leave open (the steady state of Kalman's
 * filter for the process under noise of variance kappa + 1 / sqrt(m1 m2)). later is first times (1
 * - 1/2) / (1 - theta), theta being the moving-average parameter of that process (Harvey 1989,
 * Forecasting, Structural Time Series Models and the Kalman Filter, section 2.5).
 *
 * Where bursts are common the posterior has two tops where one is beside the change, and is no
 * walk: then the interval is lengthened, at its likelier end first, until it has nine tenths of the
 * posterior. */
tide_status tide_dating_find(const double *counts, size_t n, size_t min_length,
                             const tide_dating_model *, tide_dating *out);

#endif
