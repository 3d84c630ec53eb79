/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: how unequally a sum is spread over groups. Numbers in, numbers out. */
#ifndef LIB_STATS_CONCENTRATION_H
#define LIB_STATS_CONCENTRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Of groups with at least one message each: those with none are not counted as groups, here and
 * everywhere. */
typedef struct tide_concentration {
  uint64_t groups, total;        /* both 0: all below is 0 and means nothing */
  double top_1, top_10, top_100; /* share of the largest 1, 10 and 100 groups, from 0 to 1; 1 where
                                    there are no more groups than that */
  /* sum_i (2 i - n - 1) x_i / (n sum x), x ascending: half the relative mean absolute difference
   * (Gini 1912; Sen 1973, On Economic Inequality, p. 30). 0 where all are alike, at most (n - 1) /
   * n: not corrected for n. */
  double gini;
  /* The probability that two messages drawn from the sample are of one group: sum of x (x - 1) over
   * N (N - 1), the unbiased estimate of the sum of squared shares (Simpson 1949; of shares:
   * Hirschman 1945, Herfindahl 1950), whatever N is. The plain sum of squares is too high by
   * (1 - hhi) / N in the mean. From 0 to 1; NaN of one message. Antitrust writes it times 10,000.
   */
  double hhi;
  double effective; /* 1 / hhi, infinite where no two are of one group: as many groups of equal size
                       would give this hhi (Adelman 1969, Review of Economics and Statistics 51,
                       99-101) */
} tide_concentration;

/* Sorts counts[0..n) and measures. Zeros are passed over. */
void tide_concentration_measure(uint64_t *counts, size_t n, tide_concentration *out);

/* What a sample of fewer messages would have shown: of two samples of different size the larger is
 * to be compared so, as everything but hhi depends on how many messages there are. */
typedef struct tide_rarefied {
  double groups; /* expected in `total` messages drawn without replacement (Hurlbert 1971, Ecology
                    52, 577-586), exactly */
  double top_1, top_10, gini; /* means over drawn samples, always the same ones */
} tide_rarefied;
/* counts as tide_concentration_measure left them; total at most their sum, else all are NaN.
 * TIDE_FATAL when memory is out, here and below. */
tide_status tide_concentration_rarefy(const uint64_t *counts, size_t n, uint64_t total,
                                      tide_rarefied *out);

/* Messages of one group on one day; days and groups are numbered from 0. */
typedef struct tide_concentration_cell {
  uint32_t day, group;
  uint64_t messages;
} tide_concentration_cell;

/* Lower and upper ends; NaN where there are none. */
typedef struct tide_concentration_intervals {
  double hhi[2], top_1[2], top_10[2], gini[2];
} tide_concentration_intervals;

/* Intervals by resampling blocks of days (circular blocks: Politis and Romano 1992), each a quarter
 * of all (a week of less than four, a third of less than three): days resemble their neighbours,
 * messages of a day are not independent, and a sender's bursts last as long as they like. Shorter
 * blocks break them, and their intervals are too narrow the more, the longer the series is. Four
 * blocks leave three degrees of freedom of Student's distribution, as for batch means (Ibragimov
 * and Mueller 2010, Journal of Business and Economic Statistics 28, 453-468): wide and honest. Of
 * hhi, a day that is drawn twice stands for two days: a message is not paired with its own copy.
 * The interval lies about the value seen, on the scale of the logarithm for hhi and of the logit
 * for shares and gini: only how much the resampled values spread is used, since their middle is too
 * high (senders that one day alone has seen come twice or not at all). Those of top_1, top_10 and
 * gini are for what so many messages would show, on which these depend. NaN with fewer than
 * TIDE_CONCENTRATION_DAYS days with messages, of hhi where no two messages are of one group, and of
 * the others where they are 0 or 1, seen or resampled. Does not depend on the order of the cells.
 */
enum { TIDE_CONCENTRATION_DAYS = 14 };
tide_status tide_concentration_intervals_find(const tide_concentration_cell *cells, size_t count,
                                              uint32_t days, uint32_t groups, double confidence,
                                              tide_concentration_intervals *out);

#endif
