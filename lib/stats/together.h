/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fallen together: dates that more series share than chance lets coincide. Numbers in, numbers out.
 */
#ifndef LIB_STATS_TOGETHER_H
#define LIB_STATS_TOGETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/stop.h"

/* A change of one series: the bin on which its new level begins, and the interval of that, 95%.
 * Positions are bins, counted from 0. */
typedef struct tide_together_date {
  uint32_t series; /* its number; those of one series come after each other */
  size_t at, low, high;
  size_t tick, spread; /* the same finer: ticks from the first bin's begin, and how many of them the
                          middle half of its probability takes */
  double size;         /* what the level lost or gained, in any unit */
  bool deep;           /* to a quarter or less, or fourfold or more */
} tide_together_date;

/* A date that series share. */
typedef struct tide_together {
  size_t at, low, high; /* by all of them together; the interval has 95% */
  size_t first, last;   /* ticks: of those that are nearest to each other */
  double p;             /* of so striking a date anywhere, where each falls when it will */
  uint32_t *series;     /* those with a probability of a half or more, ascending */
  size_t count;         /* at least 2 */
} tide_together;

typedef struct tide_together_options {
  size_t bins;     /* of each series */
  size_t ticks;    /* of a bin; 1 or more */
  double level;    /* dates with a p-value above it are by chance, such as 0.05 */
  size_t others;   /* how many of those to tell, the most striking first */
  unsigned rounds; /* of shifting; 0: TIDE_TOGETHER_ROUNDS, or a tenth of it for many dates */
  const atomic_bool *stop; /* may be NULL; once true the search ends with TIDE_END */
} tide_together_options;

enum {
  TIDE_TOGETHER_ROUNDS = 9999,
  TIDE_TOGETHER_MOST = 50,
  TIDE_TOGETHER_STRETCH = 112 /* bins, about, of a stretch within which changes are moved */
};

/* The dates that series share, by time; *out is the caller's to free, with tide_together_free. What
 * is looked at is falls alone, or rises alone: the caller chooses. At most TIDE_TOGETHER_MOST, with
 * the others. TIDE_FATAL when out of memory.
 *
 * Two that fall in one hour say more than two that fall on one day, and two of the largest falls of
 * years more than two of the many small ones. So windows of a sixth of a bin, of one bin, three and
 * seven are slid over the dates that are known to such a window (spread): over all of them, over
 * the deep ones, and over the larger half of those by size, the larger quarter and so on. That k of
 * n dates of a stretch of S lie within w is expected (n over k) k (w / S)^(k - 1) times (Naus 1965,
 * JASA 60, 532-538, whose first term it is), times the stretches where there are two or more: the
 * date at which this is smallest over all windows is the most striking. Two stretches are one of
 * twice the length to a window that crosses their border.
 *
 * How small it comes by chance is not taken from that formula, but seen: the same changes are moved
 * in time, each to any tick of its own stretch of about TIDE_TOGETHER_STRETCH bins, around the end:
 * how many fell in a stretch stays as it is, and whether they fell at once is left to chance (the
 * interval jitter of Amarasingham & others 2012, Journal of Neurophysiology 107, 517-531, which is
 * exact). The p-value is the share of shiftings with a date as striking, anywhere and by any of the
 * windows (Dwass 1957, Annals of Mathematical Statistics 28, 181-187; the most extreme of all
 * corrects for their number: Westfall & Young 1993, Resampling-based Multiple Testing). Then those
 * that fell there are taken out, and the rest is asked again; p-values do not fall on the way.
 * Numbers by chance come from a fixed seed: the same answer always.
 *
 * Who fell there: those of that window, and those whose probability of having fallen within a bin
 * of it is a half or more: they fall from `at` to the ends of the interval as 1 / (1 + bins), 0.95
 * in all. The interval of the date is that of the product of the members' probabilities. */
tide_status tide_together_find(const tide_together_date *, size_t count,
                               const tide_together_options *, tide_together **out, size_t *found);
void tide_together_free(tide_together *, size_t found);

#endif
