/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that stop receiving while others go on. Each server's days are judged as those of a whole
 * archive are (lib/stats/gaps.c); what all lose together is the archive's gap, and told there. */
#include "table/receivers.h"

#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "base/limits.h"
#include "base/room.h"
#include "base/visible.h"

enum { DAY_SECONDS = 86400, NAME_MOST = 100 };

/* The days of one server, and of all: those that the archive has. */
typedef struct receiver_days {
  const tide_receivers *receivers;
  tide_bin *day;
  double *own, *all;
  size_t count;
  uint64_t asked; /* messages that were asked for, of all servers */
} receiver_days;

static int64_t day_floor(int64_t seconds) {
  return seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
}

static void days_free(receiver_days *d) {
  free(d->day);
  free(d->own);
  free(d->all);
}

/* The days of the archive from `from` to `to`, gaps and all. */
static tide_status bins_make(const tide_receivers *r, int64_t from, int64_t to, tide_bin **out,
                             size_t *count) {
  const int64_t first = day_floor(from - r->event);
  size_t cap = 0;
  tide_bin day =
      r->civil ? tide_bin_of(r->civil, from)
               : (tide_bin){r->event + first * DAY_SECONDS, r->event + (first + 1) * DAY_SECONDS};
  while (day.start <= to && *count < TIDE_LIMIT_SERIES) {
    if (tide_room(out, &cap, *count, sizeof **out) != TIDE_OK)
      return TIDE_FATAL;
    (*out)[(*count)++] = day;
    day = r->civil ? tide_bin_next(r->civil, day)
                   : (tide_bin){day.start + DAY_SECONDS, day.end + DAY_SECONDS};
  }
  return TIDE_OK;
}

/* Leaves out the days of the archive's own gaps. */
static tide_status days_open(const tide_receivers *r, receiver_days *d) {
  tide_outages outages;
  const int64_t from = r->extent->first > r->reach.start ? r->extent->first : r->reach.start,
                to = r->extent->last < r->reach.end ? r->extent->last : r->reach.end - 1;
  size_t count = 0;
  *d = (receiver_days){.receivers = r};
  TIDE_TRY(bins_make(r, from, to, &d->day, &count));
  d->own = calloc(count + 1, sizeof *d->own);
  d->all = calloc(count + 1, sizeof *d->all);
  if (!d->own || !d->all || tide_outages_find(d->day, count, r->extent, &outages) != TIDE_OK)
    return TIDE_FATAL;
  for (uint32_t g = 0; g < tide_tally_group_count(r->days); g++)
    d->asked += tide_tally_count(r->days, TIDE_RECEIVERS_COUNTED, g).messages;
  for (size_t i = 0; i < count; i++) {
    const tide_bin day = d->day[i];
    if (tide_outages_overlap(&outages, day.start, day.end))
      continue;
    d->all[d->count] = (double)tide_tally_count(r->extent->days, day.start, 0).messages;
    d->day[d->count++] = day;
  }
  tide_outages_free(&outages);
  return TIDE_OK;
}

static bool is_shown(const receiver_days *d, size_t i) {
  const tide_bin *shown = &d->receivers->shown;
  return d->day[i].start < shown->end && d->day[i].end > shown->start;
}

/* A gap of one server's that others did not have, where anybody looks. */
static bool is_own_gap(const receiver_days *d, const tide_gap *gap) {
  size_t others = 0, shown = 0;
  for (size_t i = gap->from; i < gap->to; i++) {
    others += d->all[i] > d->own[i];
    shown += is_shown(d, i);
  }
  return shown && others * 2 >= gap->to - gap->from;
}

static tide_status gap_put(const receiver_days *d, const tide_gap *gap, tide_span name,
                           tide_receiver_gaps *out) {
  TIDE_TRY(tide_room(&out->at, &out->room, out->count, sizeof *out->at));
  const tide_span kept = tide_arena_copy(&out->names, tide_span_slice(name, 0, NAME_MOST));
  if (!kept.ptr && name.len)
    return TIDE_FATAL;
  out->at[out->count++] = (tide_receiver_gap){.name = kept,
                                              .from = d->day[gap->from].start,
                                              .to = d->day[gap->to - 1].end,
                                              .ends = gap->to < d->count};
  return TIDE_OK;
}

/* One server. */
static tide_status receiver_look(receiver_days *d, uint32_t group, tide_receiver_gaps *out) {
  const tide_tally *tally = d->receivers->days;
  const uint64_t asked = tide_tally_count(tally, TIDE_RECEIVERS_COUNTED, group).messages;
  tide_gap *gaps;
  size_t found;
  if (asked * 100 < d->asked * TIDE_RECEIVER_SHARE)
    return TIDE_OK;
  for (size_t i = 0; i < d->count; i++)
    d->own[i] = (double)tide_tally_count(tally, d->day[i].start, group).messages;
  tide_status status = tide_gaps_find(d->own, d->count, &gaps, &found);
  if (status != TIDE_OK)
    return status;
  for (size_t i = 0; i < found && status == TIDE_OK; i++)
    if (is_own_gap(d, &gaps[i]))
      status = gap_put(d, &gaps[i], tide_tally_group(tally, group), out);
  free(gaps);
  return status;
}

static tide_status receivers_look(receiver_days *days, const uint32_t *order,
                                  tide_receiver_gaps *out) {
  const uint32_t count = tide_tally_group_count(days->receivers->days);
  TIDE_TRY(days_open(days->receivers, days));
  for (uint32_t i = 0; i < count; i++)
    TIDE_TRY(receiver_look(days, order[i], out));
  return TIDE_OK;
}

tide_status tide_receivers_find(const tide_receivers *r, tide_receiver_gaps *out) {
  receiver_days days = {.receivers = r};
  *out = (tide_receiver_gaps){0};
  if (!r->days || tide_tally_group_count(r->days) < 2 || !r->extent->any)
    return TIDE_OK;
  uint32_t *order = tide_groups_sorted(r->days);
  const tide_status status = order ? receivers_look(&days, order, out) : TIDE_FATAL;
  days_free(&days);
  free(order);
  return status;
}

void tide_receiver_gaps_free(tide_receiver_gaps *g) {
  free(g->at);
  tide_arena_free(&g->names);
  *g = (tide_receiver_gaps){0};
}

/* How much of a window lies in a gap. */
static double part_in(const tide_receiver_gap *g, tide_bin window) {
  const int64_t from = g->from > window.start ? g->from : window.start,
                to = g->to < window.end ? g->to : window.end;
  return from < to ? (double)(to - from) / (double)(window.end - window.start) : 0;
}

bool tide_receiver_gaps_tilt(tide_receiver_gaps *gaps, tide_bin before, tide_bin after) {
  bool tilts = false;
  for (size_t i = 0; gaps && i < gaps->count; i++) {
    const double part_before = part_in(&gaps->at[i], before),
                 part_after = part_in(&gaps->at[i], after);
    if (part_before < part_after || part_before > part_after)
      tilts = gaps->at[i].tilts = true;
  }
  return tilts;
}

static void date_of(int64_t time, char text[TIDE_RFC3339_MAX]) {
  text[tide_rfc3339_format(time, 0, text)] = '\0';
}

static tide_status gap_say(const tide_receiver_gap *gap, void (*say)(void *, const char *),
                           void *context) {
  char from[TIDE_RFC3339_MAX], to[TIDE_RFC3339_MAX], sentence[512];
  tide_arena arena = {0};
  const tide_span shown = tide_path_visible(gap->name, &arena);
  if (!shown.ptr && gap->name.len) {
    tide_arena_free(&arena);
    return TIDE_FATAL;
  }
  date_of(gap->from, from);
  date_of(gap->to, to);
  snprintf(
      sentence, sizeof sentence,
      "%s: %.*s received nothing from %s %s%s, while other servers did: that may be the server "
      "and not the senders; see --by receiver, and --where receiver!=%.*s",
      tide_caution_name(TIDE_CAUTION_RECEIVER), (int)shown.len, shown.ptr, from,
      gap->ends ? "to " : "on", gap->ends ? to : "", (int)shown.len, shown.ptr);
  tide_arena_free(&arena);
  say(context, sentence);
  return TIDE_OK;
}

tide_status tide_receiver_gaps_say(const tide_receiver_gaps *gaps,
                                   void (*say)(void *context, const char *sentence),
                                   void *context) {
  for (size_t i = 0; i < gaps->count; i++)
    if (gaps->at[i].tilts)
      TIDE_TRY(gap_say(&gaps->at[i], say, context));
  return TIDE_OK;
}
