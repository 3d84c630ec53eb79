/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A series made even: without the length of its bins, its cycle, and its bursts. */
#ifndef LIB_STATS_EVEN_H
#define LIB_STATS_EVEN_H

#include <stdbool.h>
#include <stddef.h>

/* Divides by the bins' widths over their mean; nothing where widths is NULL. */
void tide_even_widths(double *a, const double *widths, size_t n);

/* Divides by the course of a cycle of 7 bins. phases: NULL if no bins were left out. false: the
 * series is left as it is. scratch has room for n. */
bool tide_even_cycle(double *a, size_t n, size_t cycle, const size_t *phases, double *scratch);

/* Cuts what is further from the running median than the level's own variation explains: bursts of
 * a few bins, and gaps. around: bins on each side that say how a bin varies. to and scratch have
 * room for n. */
void tide_even_bursts(const double *a, size_t n, size_t around, double *to, double *scratch);

#endif
