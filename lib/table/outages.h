/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outages: times at which an archive collected nothing. */
#ifndef LIB_TABLE_OUTAGES_H
#define LIB_TABLE_OUTAGES_H

#include "base/bin.h"
#include "stats/gaps.h"
#include "table/table.h"

typedef struct tide_outage {
  int64_t from, to; /* seconds since the epoch, [from, to) */
} tide_outage;

typedef struct tide_outages {
  tide_outage *at; /* in the order of time; they do not overlap */
  size_t count;
} tide_outages;

/* The gaps (tide_gaps_find) of the archive's days, which lie one after the other, as the extent
 * counts them, and what it excludes. Days of which anything is excluded say nothing of gaps.
 * tide_outages_free when done; TIDE_FATAL when out of memory. */
tide_status tide_outages_find(const tide_bin *days, size_t count, const tide_extent *,
                              tide_outages *out);
/* The same of the days of 24 hours first to last, counted from the event. */
tide_status tide_outages_around(int64_t event, int64_t first, int64_t last, const tide_extent *,
                                tide_outages *out);
void tide_outages_free(tide_outages *);

/* Seconds of [from, to) that are in outages. */
int64_t tide_outages_overlap(const tide_outages *, int64_t from, int64_t to);

#endif
