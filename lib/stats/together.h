/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fallen together: dates that more series share than chance lets coincide. Numbers in, numbers out.
 */
#ifndef LIB_STATS_TOGETHER_H
#define LIB_STATS_TOGETHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/stop.h"

/* A change of one series: the bin on which its new level begins, and the interval of that, 95%.
 * Positions are bins, counted from 0. */
typedef struct tide_together_date {
  uint32_t series; /* its number; those of one series stand after each other */
  size_t at, low, high;
} tide_together_date;

/* A date that series share. */
typedef struct tide_together {
  size_t at, low, high; /* by all of them together; the interval has 95% */
  double expected;      /* series whose change falls there, by their probabilities */
  double p;             /* of so many or more anywhere, where each falls when it will */
  uint32_t *series;     /* those with a probability of a half or more, ascending */
  size_t count;         /* at least 2 */
} tide_together;

typedef struct tide_together_options {
  size_t bins;             /* of each series */
  double level;            /* dates with a p-value above it are none, such as 0.05 */
  unsigned rounds;         /* of shifting; 0: TIDE_TOGETHER_ROUNDS */
  const atomic_bool *stop; /* may be NULL; once true the search ends with TIDE_END */
} tide_together_options;

enum {
  TIDE_TOGETHER_ROUNDS = 9999,
  TIDE_TOGETHER_MOST = 50,
  TIDE_TOGETHER_STRETCH = 56 /* bins of a stretch within which changes are moved */
};

/* The dates that series share, by time; *out is the caller's to free, with tide_together_free. What
 * is looked at is falls alone, or rises alone: the caller chooses. At most TIDE_TOGETHER_MOST.
 * TIDE_FATAL when memory is out.
 *
 * Each change has its place with probabilities that fall from `at` to the ends of its interval as 1
 * / (1 + bins), 0.95 in all. The sum over all series of the probability of a change within one bin
 * of t says how many fell there. It is held against the same changes moved in time, each to any bin
 * of its own stretch of TIDE_TOGETHER_STRETCH bins, around the end: how many fell in a stretch
 * stays as it is, and whether they fell on one day is left to chance (the interval jitter of
 * Amarasingham & others 2012, Journal of Neurophysiology 107, 517-531, which is exact). So seasons
 * in which much changes are no news, and days are. The p-value is the share of shiftings whose
 * highest sum anywhere reaches the one seen (Dwass 1957, Annals of Mathematical Statistics 28,
 * 181-187; the highest of all dates corrects for their number: Westfall & Young 1993,
 * Resampling-based Multiple Testing). Then those that fell there are taken out, and the rest is
 * asked again. Numbers by chance come from a fixed seed: the same answer always.
 *
 * The interval of the date is that of the product of the members' probabilities. */
tide_status tide_together_find(const tide_together_date *, size_t count,
                               const tide_together_options *, tide_together **out, size_t *found);
void tide_together_free(tide_together *, size_t found);

#endif
