/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offset: a series in proportion to a control, a series that the event did not touch. Numbers in,
 * numbers out. */
#ifndef LIB_STATS_OFFSET_H
#define LIB_STATS_OFFSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

enum {
  /* By how much the strength of a change must pass its penalty where the control goes its own way
   * (tide_offset_is_apart): swings of the control alone are in the ratio then, and days of one real
   * list relative to another's had a change in 8 of 100 series without one; beyond this in 5. */
  TIDE_OFFSET_APART_MORE = 5,
  TIDE_OFFSET_WINDOWS = 4, /* windows of places without a change that tell what is in common */
  TIDE_OFFSET_UNITS = 4    /* least lengths of such a window, or half as many in short series */
};

/* Widths that bins would need so that the control's level were the same in all: out[i] is
 * widths[i] times the control's level around bin i over its mean level. Counts divided by them are
 * what they would have been at that mean level: the control's logarithm is an offset (Bottomley,
 * Scott and Isham 2019, American Journal of Epidemiology 188, 226-236), and what happened to both
 * is in neither the level nor in how it strays.
 *
 * The level around a bin is the mean of `around` bins, bursts cut as those of the series are
 * (tide_even_bursts: else a burst that both share, cut in the one, would be a dip of seven days
 * beside the other), with one message more, at the mean level, so
 * that no level is 0. A mean of seven days: single days of the control, where it has nothing in
 * common with the series, would add their noise, and false alarms with it (docs/STATISTICS.md).
 * widths: above 0. A control without any message has a level of 1. TIDE_FATAL when out of memory.
 */
tide_status tide_offset_widths(const double *control, const double *widths, size_t n, size_t around,
                               double *out);

/* What a series and its control have in common: the logarithms of the ratios of two neighbouring
 * windows, of both, at all places that hold no change. */
typedef struct tide_offset_common {
  size_t places;      /* 0: too few to tell, and nothing else is given */
  double alone;       /* mean square of the series' own */
  double spread;      /* mean square of its difference from the control's */
  double correlation; /* of both, about 0; NaN if one never moves */
} tide_offset_common;

/* Two series of n bins. boundaries: first bins of new levels of the series; windows that hold one
 * are left out, as a change of the series alone says nothing of what both had in common. unit: the
 * least length of a level. */
typedef struct tide_offset_pair {
  const double *counts, *control, *widths;
  size_t n, unit;
  const size_t *boundary;
  size_t boundaries;
} tide_offset_pair;
tide_offset_common tide_offset_in_common(const tide_offset_pair *);
/* Do they move differently, so that the difference varies as much as the series alone, or more? */
bool tide_offset_is_apart(const tide_offset_common *);

#endif
