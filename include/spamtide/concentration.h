/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concentration: how unequally a sum is spread over groups. Numbers in, numbers out. */
#ifndef SPAMTIDE_CONCENTRATION_H
#define SPAMTIDE_CONCENTRATION_H

#include <stddef.h>
#include <stdint.h>

#include "spamtide/status.h"

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
  /* Sum of squared shares, from 1 / n to 1 (Hirschman 1945; Herfindahl 1950). Antitrust writes it
   * times 10,000. */
  double hhi;
  double effective; /* 1 / hhi: as many groups of equal size would give this hhi (Adelman 1969,
                       Review of Economics and Statistics 51, 99-101) */
} tide_concentration;

/* Sorts counts[0..n) and measures. Zeros are passed over. */
void tide_concentration_measure(uint64_t *counts, size_t n, tide_concentration *out);

#endif
