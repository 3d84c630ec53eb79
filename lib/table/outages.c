/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps of the collection, found over all mail and told to whoever counts a part of it. */
#include "spamtide/outages.h"

#include <stdlib.h>

tide_status tide_outages_find(const tide_bin *days, size_t count, const tide_tally *archive,
                              tide_outages *out) {
  double *messages = calloc(count + 1, sizeof *messages);
  tide_gap *gaps = NULL;
  size_t found = 0;
  *out = (tide_outages){0};
  if (!messages)
    return TIDE_FATAL;
  for (size_t i = 0; i < count && tide_tally_group_count(archive); i++)
    messages[i] = (double)tide_tally_count(archive, days[i].start, 0).messages;
  tide_status status = tide_gaps_find(messages, count, &gaps, &found);
  if (status == TIDE_OK && !(out->at = calloc(found + 1, sizeof *out->at)))
    status = TIDE_FATAL;
  for (size_t i = 0; i < found && status == TIDE_OK; i++)
    out->at[out->count++] = (tide_outage){.from = days[gaps[i].from].start,
                                          .to = days[gaps[i].to - 1].end,
                                          .probability = gaps[i].probability};
  free(messages);
  free(gaps);
  return status;
}

tide_status tide_outages_around(int64_t event, int64_t first, int64_t last,
                                const tide_tally *archive, tide_outages *out) {
  enum { DAY = 86400 };
  *out = (tide_outages){0};
  if (!archive || first > last)
    return TIDE_OK;
  size_t count = (size_t)(last - first + 1);
  tide_bin *days = calloc(count, sizeof *days);
  if (!days)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++) {
    days[i].start = event + (first + (int64_t)i) * DAY;
    days[i].end = days[i].start + DAY;
  }
  tide_status status = tide_outages_find(days, count, archive, out);
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
