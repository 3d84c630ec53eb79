/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A series made even: without the length of its bins, its cycle, and its bursts. */
#ifndef LIB_STATS_EVEN_H
#define LIB_STATS_EVEN_H

#include <stdbool.h>
#include <stddef.h>

/* Divides by the bins' widths over their mean; nothing where widths is NULL. */
void tide_even_widths(double *a, const double *widths, size_t n);

/* Divides by the course of a cycle of 7 bins: at each of its places the median of the ratios of the
 * bins there to the mean of the seven around them (where there are three on both sides, and that
 * mean is above 0), from 0.1 to 10, over the mean of all seven. phases: NULL if no bins were left
 * out. false, and the series is left as it is, with fewer than 5 cycles or a mean below 5.
 * scratch has room for n. */
bool tide_even_cycle(double *a, size_t n, size_t cycle, const size_t *phases, double *scratch);

/* Cuts what is further from the running median m of 15 bins (fewer at an end) than three standard
 * deviations, the root of m + kappa m^2: bursts of a few bins, and gaps. Nothing where m is 0.
 *
 * kappa is that of bins [middle - around, middle + around), and the same for pieces of
 * around / 4 * 2 + 1 bins, counted from the first, whose middle that is: the least kappa, from 0 to
 * 100, for which no more than half of the squares (b - a)^2 / 2, of bins 7 apart (a quarter of the
 * bins if that is less), are above 0.4549, the median of a chi-squared distribution, times
 * l + kappa l^2. l is the mean from the one bin to the other, both included; pairs with l = 0 do
 * not count. to has room for n, scratch for 2 n. */
void tide_even_bursts(const double *a, size_t n, size_t around, double *to, double *scratch);

#endif
