/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps of the collection, found over all mail and told to whoever counts a part of it. */
#include "table/outages.h"

#include <stdlib.h>

static int by_start(const void *a, const void *b) {
  const tide_outage *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

/* Puts them in order, and those that touch together. */
static void outages_join(tide_outages *o) {
  size_t kept = 0;
  qsort(o->at, o->count, sizeof *o->at, by_start);
  for (size_t i = 0; i < o->count; i++) {
    if (kept && o->at[i].from <= o->at[kept - 1].to) {
      if (o->at[i].to > o->at[kept - 1].to)
        o->at[kept - 1].to = o->at[i].to;
      continue;
    }
    o->at[kept++] = o->at[i];
  }
  o->count = kept;
}

static bool touches_excluded(const tide_extent *e, tide_bin day) {
  for (size_t i = 0; i < e->excluded_count; i++)
    if (e->excluded[i].start < day.end && e->excluded[i].end > day.start)
      return true;
  return false;
}

/* Days that are not left out on purpose, by their number, with what the archive has of each. */
static size_t days_count(const tide_bin *days, size_t count, const tide_extent *extent,
                         double *messages, size_t *day) {
  const bool any = extent->days && tide_tally_group_count(extent->days);
  size_t kept = 0;
  for (size_t i = 0; i < count && extent->days; i++) {
    if (touches_excluded(extent, days[i]))
      continue;
    day[kept] = i;
    if (any)
      messages[kept] = (double)tide_tally_count(extent->days, days[i].start, 0).messages;
    kept++;
  }
  return kept;
}

static tide_status outages_fill(const tide_bin *days, const size_t *day, const tide_gap *gaps,
                                size_t found, const tide_extent *extent, tide_outages *out) {
  out->at = calloc(found + extent->excluded_count + 1, sizeof *out->at);
  if (!out->at)
    return TIDE_FATAL;
  for (size_t i = 0; i < found; i++)
    out->at[out->count++] =
        (tide_outage){days[day[gaps[i].from]].start, days[day[gaps[i].to - 1]].end};
  for (size_t i = 0; i < extent->excluded_count; i++)
    out->at[out->count++] = (tide_outage){extent->excluded[i].start, extent->excluded[i].end};
  outages_join(out);
  return TIDE_OK;
}

tide_status tide_outages_find(const tide_bin *days, size_t count, const tide_extent *extent,
                              tide_outages *out) {
  double *messages = calloc(count + 1, sizeof *messages);
  size_t *day = calloc(count + 1, sizeof *day), found = 0;
  tide_gap *gaps = NULL;
  tide_status status = TIDE_FATAL;
  *out = (tide_outages){0};
  if (messages && day)
    status =
        tide_gaps_find(messages, days_count(days, count, extent, messages, day), &gaps, &found);
  if (status == TIDE_OK)
    status = outages_fill(days, day, gaps, found, extent, out);
  free(messages);
  free(day);
  free(gaps);
  return status;
}

tide_status tide_outages_around(int64_t event, int64_t first, int64_t last,
                                const tide_extent *extent, tide_outages *out) {
  enum { DAY = 86400 };
  *out = (tide_outages){0};
  if (first > last)
    return TIDE_OK;
  size_t count = (size_t)(last - first + 1);
  tide_bin *days = calloc(count, sizeof *days);
  if (!days)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++) {
    days[i].start = event + (first + (int64_t)i) * DAY;
    days[i].end = days[i].start + DAY;
  }
  tide_status status = tide_outages_find(days, count, extent, out);
  free(days);
  return status;
}

void tide_outages_free(tide_outages *o) {
  free(o->at);
  *o = (tide_outages){0};
}

int64_t tide_outages_overlap(const tide_outages *o, int64_t from, int64_t to) {
  int64_t sum = 0;
  for (size_t i = 0; i < o->count; i++) {
    int64_t begin = o->at[i].from > from ? o->at[i].from : from,
            end = o->at[i].to < to ? o->at[i].to : to;
    if (begin < end)
      sum += end - begin;
  }
  return sum;
}
