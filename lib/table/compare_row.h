/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of compare: what is said of one unit of one group. */
#ifndef LIB_TABLE_COMPARE_ROW_H
#define LIB_TABLE_COMPARE_ROW_H

#include "estimate.h"

/* One unit of one group; what is unknown is NaN. */
typedef struct compare_row {
  unit unit;
  uint64_t before, after;
  double before_days, after_days, gap_days, before_rate, after_rate;
  tide_contrast estimated, without_peak;
  double adjusted, share_before, share_after, contribution, rank_p, slope, slope_p;
  double control_before, control_after, control_ratio, correlation;
  size_t history_dates; /* 0: no history */
  tide_outcome outcome;
  const tide_zone *zone;
  bool seen;
  int64_t first_day, last_day;        /* where its 24 hours begin */
  char first_date[16], last_date[16]; /* empty if none was seen */
  unsigned codes;                     /* of cautions, a bit each */
  char days[32], cautions[TIDE_CAUTIONS_TEXT];
} compare_row;

/* Measures all but what depends on the other groups and on the outcome. s: where the group was
 * counted; all: the counts of all messages. TIDE_FATAL when out of memory. */
tide_status tide_compare_measure(const tide_compare *, unit, const sides *own, const sides *all,
                                 slots *s, compare_row *);
/* First and last day with mail of the group counted last, in windows and history; *earlier: some of
 * it is before the windows. */
void tide_compare_days(const tide_compare *, const slots *, compare_row *, bool *earlier);

#endif
