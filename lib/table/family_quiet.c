/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What families do where nothing is known to have happened: all of the archive, before the windows
 * and behind them too, except what is across the event. */
#include <math.h>
#include <stdlib.h>

#include "family.h"
#include "base/limits.h"

/* The archive's whole days, counted from the event. */
typedef struct quiet_days {
  int64_t first;
  size_t count, before; /* days, and those before the event */
  double *value;
  bool *gap;
} quiet_days;

static void days_free(quiet_days *d) {
  free(d->value);
  free(d->gap);
}

static tide_status days_open(const families *f, quiet_days *d) {
  const int64_t event = f->table->windows->event, most = TIDE_LIMIT_DAYS;
  const tide_cover cover = tide_extent_cover(f->table->extent);
  tide_outages outages = {0};
  *d = (quiet_days){0};
  int64_t first = tide_day_from(event, cover.begin), end = tide_day_of(event, cover.end);
  first = first < -most ? -most : first;
  end = end > most ? most : end;
  if (!f->table->extent->any || first >= 0 || end <= 0)
    return TIDE_OK;
  d->first = first;
  d->before = (size_t)-first;
  d->count = (size_t)(end - first);
  d->value = calloc(d->count, sizeof *d->value);
  d->gap = calloc(d->count, sizeof *d->gap);
  if (!d->value || !d->gap ||
      tide_outages_around(event, first, end - 1, f->table->extent, &outages) != TIDE_OK)
    return TIDE_FATAL;
  for (size_t i = 0; i < d->count; i++) {
    const int64_t day = event + (first + (int64_t)i) * SECONDS_A_DAY;
    d->gap[i] = tide_outages_overlap(&outages, day, day + SECONDS_A_DAY) > 0;
  }
  tide_outages_free(&outages);
  return TIDE_OK;
}

static void day_take(void *context, int64_t day, const tide_count *n) {
  quiet_days *d = context;
  if (day >= d->first && day < d->first + (int64_t)d->count)
    d->value[day - d->first] = (double)n->messages;
}

static void family_take(const families *f, uint32_t group, quiet_days *d) {
  for (size_t i = 0; i < d->count; i++)
    d->value[i] = 0;
  tide_tally_each(f->days, group, day_take, d);
}

/* What lends each group's days to the pool. */
typedef struct quiet_pool {
  const families *families;
  quiet_days *days;
} quiet_pool;

static bool pool_days(void *context, uint32_t group, tide_pool_days out[2]) {
  const quiet_pool *p = context;
  quiet_days *d = p->days;
  if (tide_tally_group_messages(p->families->days, group) < TIDE_POOL_PAIR_LEAST)
    return false;
  family_take(p->families, group, d);
  out[0] = (tide_pool_days){d->before, d->value, d->gap};
  out[1] = (tide_pool_days){d->count - d->before, d->value + d->before, d->gap + d->before};
  return true;
}

static tide_status pool_learn(const families *f, quiet_days *d, tide_pool_known *out) {
  const tide_windows *w = &f->clipped;
  const tide_reference_windows windows = {(size_t)(w->before / SECONDS_A_DAY),
                                          (size_t)(w->washout / SECONDS_A_DAY),
                                          (size_t)(w->after / SECONDS_A_DAY)};
  const size_t behind = d->count - d->before;
  quiet_pool pool = {f, d};
  const tide_pool_groups groups = {.count = tide_tally_group_count(f->days),
                                   .stretch = d->before > behind ? d->before : behind,
                                   .days = pool_days,
                                   .context = &pool};
  return tide_pool_learn_groups(&groups, &windows, out);
}

/* --- silences --- */

/* Days on each side of a date at least, and how few messages say nothing of a wait. */
enum { SIDE_DAYS = 5, RUN_DAYS = 2, HEARD_LEAST = 3 };
static const double HEARD_LATELY = 0.01; /* quiet_p, as it is for `gone` */

typedef struct silences {
  quiet_days *days;
  family_quiet *quiet;
  size_t before, after; /* windows, in days */
} silences;

/* Does the event lie within a day of [from, to]? */
static bool is_near(const family_quiet *q, size_t from, size_t to) {
  return from <= q->event + 1 && to + 1 >= q->event;
}

/* Days without those on which nothing was collected. */
static void gaps_leave_out(const quiet_days *d, silences *s) {
  s->quiet->length = s->quiet->event = 0;
  for (size_t i = 0; i < d->count; i++) {
    if (i == d->before)
      s->quiet->event = s->quiet->length;
    if (!d->gap[i])
      d->value[s->quiet->length++] = d->value[i];
  }
}

/* A run of days without the family's mail, [from, to), seen from the date: as wait_measure sees one
 * from the event, in whole days. false: it began too long ago. */
static bool run_see(silences *s, size_t from, size_t to, size_t date) {
  const double half = 0.5;
  const size_t first = date < s->before ? 0 : date - s->before,
               end = date + s->after < to ? date + s->after : to, start = date < from ? from : date;
  const double *value = s->days->value;
  double messages = 0;
  for (size_t i = first; i < date; i++)
    messages += value[i];
  if (date > from &&
      tide_wait_p(tide_wait_events(value + first, from - first), (double)(from - first),
                  (double)(date - from) + half, NULL) < HEARD_LATELY)
    return false;
  if (messages < HEARD_LEAST || end < start + RUN_DAYS || date < SIDE_DAYS ||
      date + SIDE_DAYS > s->quiet->length)
    return true;
  const double choices = date < from ? 2 : 1, wait = (double)(end - start) + half * choices,
               p = choices * tide_wait_p(tide_wait_events(value + first, date - first),
                                         (double)(date - first), wait, NULL);
  s->quiet->least[date] = fmin(s->quiet->least[date], p);
  return true;
}

/* The runs of one family, except that which the event is in. */
static void runs_see(silences *s) {
  const double *value = s->days->value;
  for (size_t from = 1, to; from < s->quiet->length; from = to + 1) {
    for (; from < s->quiet->length && !(value[from - 1] > 0 && !(value[from] > 0)); from++)
      ;
    for (to = from; to < s->quiet->length && !(value[to] > 0); to++)
      ;
    if (to < from + RUN_DAYS || is_near(s->quiet, from, to))
      continue;
    for (size_t date = from - 1; date < to && date < from + s->before; date++)
      if (!run_see(s, from, to, date))
        break;
  }
}

static tide_status silences_learn(families *f, quiet_days *d) {
  silences s = {.days = d,
                .quiet = &f->quiet,
                .before = (size_t)(f->clipped.before / SECONDS_A_DAY),
                .after = (size_t)((f->clipped.washout + f->clipped.after) / SECONDS_A_DAY)};
  s.quiet->least = malloc(d->count * sizeof *s.quiet->least);
  if (!s.quiet->least)
    return TIDE_FATAL;
  for (size_t i = 0; i < d->count; i++)
    s.quiet->least[i] = INFINITY;
  for (uint32_t g = 0; g < tide_tally_group_count(f->days); g++) {
    if (tide_stopped(f->table->stop))
      return TIDE_END;
    if (tide_tally_group_messages(f->days, g) < HEARD_LEAST)
      continue;
    family_take(f, g, d);
    gaps_leave_out(d, &s);
    runs_see(&s);
  }
  return TIDE_OK;
}

double tide_family_quiet_share(const family_quiet *q, const family_row *row) {
  size_t dates = 1, so_silent = 1; /* with the event's */
  for (size_t date = SIDE_DAYS; date + SIDE_DAYS <= q->length; date++) {
    if (is_near(q, date, date))
      continue;
    dates++;
    so_silent += q->least[date] <= row->wait_alone;
  }
  return (double)so_silent / (double)dates;
}

void tide_family_quiet_free(family_quiet *q) {
  tide_pool_forget(&q->pool);
  free(q->least);
  q->least = NULL;
}

static tide_status quiet_learn(families *f, quiet_days *d) {
  TIDE_TRY(days_open(f, d));
  if (!d->count)
    return TIDE_OK;
  if (f->table->history)
    TIDE_TRY(pool_learn(f, d, &f->quiet.pool));
  return silences_learn(f, d);
}

tide_status tide_family_quiet_learn(families *f) {
  quiet_days d;
  const tide_status status = quiet_learn(f, &d);
  days_free(&d);
  return status;
}
