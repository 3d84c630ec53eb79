/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that stop receiving while others go on. Each server's days are judged as those of a whole
 * archive are (lib/stats/gaps.c); what all lose together is the archive's gap, and told there. */
#include "table/receivers.h"

#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
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

static tide_status days_open(const tide_receivers *r, receiver_days *d) {
  tide_outages outages;
  int64_t from = r->extent->first > r->reach.start ? r->extent->first : r->reach.start,
          to = r->extent->last < r->reach.end ? r->extent->last : r->reach.end - 1;
  int64_t first = day_floor(from - r->event), last = day_floor(to - r->event);
  size_t room = first <= last ? (size_t)(last - first) + 1 : 0;
  *d = (receiver_days){.receivers = r};
  d->day = calloc(room + 1, sizeof *d->day);
  d->own = calloc(room + 1, sizeof *d->own);
  d->all = calloc(room + 1, sizeof *d->all);
  if (!d->day || !d->own || !d->all ||
      tide_outages_around(r->event, first, last, r->extent, &outages) != TIDE_OK)
    return TIDE_FATAL;
  for (uint32_t g = 0; g < tide_tally_group_count(r->days); g++)
    d->asked += tide_tally_count(r->days, TIDE_RECEIVERS_COUNTED, g).messages;
  for (int64_t i = first; i <= last; i++) {
    tide_bin day = {r->event + i * DAY_SECONDS, r->event + (i + 1) * DAY_SECONDS};
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

static void date_of(int64_t time, char text[TIDE_RFC3339_MAX]) {
  text[tide_rfc3339_format(time, 0, text)] = '\0';
}

static tide_status gap_say(const receiver_days *d, const tide_gap *gap, tide_span name,
                           void (*say)(void *, const char *), void *context) {
  char from[TIDE_RFC3339_MAX], to[TIDE_RFC3339_MAX], sentence[512];
  tide_arena arena = {0};
  tide_span shown = tide_path_visible(tide_span_slice(name, 0, NAME_MOST), &arena);
  if (!shown.ptr && name.len) {
    tide_arena_free(&arena);
    return TIDE_FATAL;
  }
  date_of(d->day[gap->from].start, from);
  date_of(d->day[gap->to - 1].end, to);
  const bool ends = gap->to < d->count;
  snprintf(sentence, sizeof sentence,
           "%.*s received nothing from %s %s%s, while other servers did: that may be the server "
           "and not the senders; see --by receiver, and --where receiver!=%.*s",
           (int)shown.len, shown.ptr, from, ends ? "to " : "on", ends ? to : "", (int)shown.len,
           shown.ptr);
  tide_arena_free(&arena);
  say(context, sentence);
  return TIDE_OK;
}

/* One server. */
static tide_status receiver_look(receiver_days *d, uint32_t group,
                                 void (*say)(void *, const char *), void *context) {
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
      status = gap_say(d, &gaps[i], tide_tally_group(tally, group), say, context);
  free(gaps);
  return status;
}

static tide_status receivers_look(receiver_days *days, const uint32_t *order,
                                  void (*say)(void *context, const char *sentence), void *context) {
  const uint32_t count = tide_tally_group_count(days->receivers->days);
  TIDE_TRY(days_open(days->receivers, days));
  for (uint32_t i = 0; i < count; i++)
    TIDE_TRY(receiver_look(days, order[i], say, context));
  return TIDE_OK;
}

tide_status tide_receivers_cautions(const tide_receivers *r,
                                    void (*say)(void *context, const char *sentence), void *context,
                                    tide_error *err) {
  receiver_days days = {.receivers = r};
  if (tide_tally_group_count(r->days) < 2 || !r->extent->any)
    return TIDE_OK;
  uint32_t *order = tide_groups_sorted(r->days);
  const tide_status status = order ? receivers_look(&days, order, say, context) : TIDE_FATAL;
  days_free(&days);
  free(order);
  return status == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}
