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

tide_status tide_outages_find(const tide_bin *days, size_t count, const tide_extent *extent,
                              tide_outages *out) {
  double *messages = calloc(count + 1, sizeof *messages);
  size_t *day = calloc(count + 1, sizeof *day);
  tide_gap *gaps = NULL;
  size_t found = 0, kept = 0;
  tide_status status = messages && day ? TIDE_OK : TIDE_FATAL;
  *out = (tide_outages){0};
  for (size_t i = 0; i < count && status == TIDE_OK && extent->days; i++) {
    if (touches_excluded(extent, days[i]))
      continue;
    day[kept] = i;
    if (tide_tally_group_count(extent->days))
      messages[kept] = (double)tide_tally_count(extent->days, days[i].start, 0).messages;
    kept++;
  }
  if (status == TIDE_OK)
    status = tide_gaps_find(messages, kept, &gaps, &found);
  if (status == TIDE_OK && !(out->at = calloc(found + extent->excluded_count + 1, sizeof *out->at)))
    status = TIDE_FATAL;
  for (size_t i = 0; i < found && status == TIDE_OK; i++)
    out->at[out->count++] =
        (tide_outage){days[day[gaps[i].from]].start, days[day[gaps[i].to - 1]].end};
  for (size_t i = 0; i < extent->excluded_count && status == TIDE_OK; i++)
    out->at[out->count++] = (tide_outage){extent->excluded[i].start, extent->excluded[i].end};
  if (status == TIDE_OK)
    outages_join(out);
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
