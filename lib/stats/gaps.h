/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps: runs of days on which an archive collected no mail at all. Numbers in, numbers out. */
#ifndef LIB_STATS_GAPS_H
#define LIB_STATS_GAPS_H

#include <stddef.h>

#include "base/status.h"

/* A run of days without mail is a gap where the days beside it make it less probable than this:
 * one false gap in three thousand years of days. */
#define TIDE_GAP_PROBABILITY 1e-6

enum {
  TIDE_GAP_SIDE = 60,       /* days on each side that say how rare a day without mail is */
  TIDE_GAP_SIDE_LEAST = 14, /* fewer say nothing */
  TIDE_GAP_STRAY = 20 /* a day beside a gap with this part of the level or less belongs to it */
};

typedef struct tide_gap {
  size_t from, to;    /* days [from, to) */
  double probability; /* of such a run, given the days beside it */
} tide_gap;

/* The gaps of a series of whole days, in order; *out is the caller's to free. A list host that dies
 * for weeks is no fall in volume, and must not be counted as one.
 *
 * The probability of a day without mail is the larger of two: the share of such days beside the
 * run, and that of a negative binomial distribution with their mean and variance, which also works
 * if none was seen. The larger of both sides counts, so that a list that slowly dies has no gaps.
 *
 * Days without mail that come in runs (weekends, holidays) are not independent: a run of L days
 * counts as L / (mean length of the runs beside it) independent ones.
 *
 * Days of other gaps are left out of both sides. So is, on each side, the longest other run within
 * TIDE_GAP_SIDE days, if it has at least a week and half the length of the run: otherwise two
 * missing months of three would excuse each other.
 *
 * If days with mail are so steady that by their own mean and variance not one in 10^4 would be
 * empty, and no weekday is without mail, that alone is the probability: otherwise the outages of a
 * host that is often down would look normal.
 *
 * A host that is down may let a message pass now and then: days beside the run with at most 1 /
 * TIDE_GAP_STRAY of the lower level beside it, as many as the run is long on each side, belong to
 * the gap. TIDE_FATAL when out of memory. */
tide_status tide_gaps_find(const double *days, size_t count, tide_gap **out, size_t *found);

#endif
