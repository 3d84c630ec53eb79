/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: how unequally a sum is divided among groups. Numbers in, numbers out. */
#ifndef LIB_STATS_CONCENTRATION_H
#define LIB_STATS_CONCENTRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Groups without messages are not counted, here and below. */
typedef struct tide_concentration {
  uint64_t groups, total;        /* if both are 0, so is everything below */
  double top_1, top_10, top_100; /* share of the largest 1, 10 and 100 groups, from 0 to 1; 1 if
                                    there are no more groups than that */
  /* sum_i (2 i - n - 1) x_i / (n sum x), x ascending: half the relative mean absolute difference
   * (Gini 1912; Sen 1973, On Economic Inequality, p. 30). 0 if all groups are equal, at most
   * (n - 1) / n: not corrected for n. */
  double gini;
  /* The probability that two messages drawn from the sample belong to one group: sum of x (x - 1)
   * over N (N - 1). For any N it is an unbiased estimate (Simpson 1949) of the sum of squared
   * shares (Hirschman 1945, Herfindahl 1950); the plain sum of squares is too high by (1 - hhi) / N
   * on average. From 0 to 1; NaN for one message. Antitrust authorities multiply it by 10,000. */
  double hhi;
  double effective; /* 1 / hhi: how many groups of equal size have this hhi (Adelman 1969, Review of
                       Economics and Statistics 51, 99-101); infinite if no two messages share a
                       group */
} tide_concentration;

/* Sorts counts[0..n) and measures them. Zeros are ignored. */
void tide_concentration_measure(uint64_t *counts, size_t n, tide_concentration *out);

/* What a smaller sample would have shown. Everything but hhi depends on the number of messages, so
 * the larger of two samples must be reduced before they are compared. */
typedef struct tide_rarefied {
  double groups; /* the exact expectation for `total` messages drawn without replacement (Hurlbert
                    1971, Ecology 52, 577-586) */
  double top_1, top_10, gini; /* means over random samples, the same ones in every run */
} tide_rarefied;
/* counts as tide_concentration_measure left them. If total is above their sum, all are NaN.
 * TIDE_FATAL when out of memory, here and below. */
tide_status tide_concentration_rarefy(const uint64_t *counts, size_t n, uint64_t total,
                                      tide_rarefied *out);

/* Messages of one group on one day; days and groups are numbered from 0. */
typedef struct tide_concentration_cell {
  uint32_t day, group;
  uint64_t messages;
} tide_concentration_cell;

/* Lower and upper ends; NaN if there are none. */
typedef struct tide_concentration_intervals {
  double hhi[2], top_1[2], top_10[2], gini[2];
} tide_concentration_intervals;

/* Intervals by resampling blocks of days (circular blocks: Politis and Romano 1992). A block is a
 * quarter of the days (a week if there are less than four weeks, a third if less than three): days
 * resemble their neighbours, messages of one day are not independent, and a sender's bursts can be
 * of any length. Shorter blocks break bursts up; their intervals are too narrow, and the more so
 * the longer the series is. Four blocks leave three degrees of freedom for Student's distribution,
 * as for batch means (Ibragimov and Mueller 2010, Journal of Business and Economic Statistics 28,
 * 453-468): with B = days / block it has B - 1, and the standard deviation of what was resampled is
 * multiplied by the root of B / (B - 1). The intervals are wide, but hold what they promise, except
 * with bursts that last for weeks (docs/STATISTICS.md). For hhi, a day that is drawn twice counts
 * as two days: a message is not paired with its own copy. The interval is centred on the value
 * seen, on a log scale for hhi (a plain one if a resample has 0) and a logit scale for shares and
 * gini. Only the spread of the resampled values is used: their middle is too high, since senders
 * that were seen on one day only come twice or not at all. top_1, top_10 and gini depend on the
 * number of messages, and their intervals are for the number seen. NaN with fewer than
 * TIDE_CONCENTRATION_DAYS days with messages, for hhi if no two messages share a group, and for the
 * others if they are 0 or 1, seen or resampled. The order of the cells does not matter. */
enum { TIDE_CONCENTRATION_DAYS = 14 };
tide_status tide_concentration_intervals_find(const tide_concentration_cell *cells, size_t count,
                                              uint32_t days, uint32_t groups, double confidence,
                                              tide_concentration_intervals *out);

#endif
