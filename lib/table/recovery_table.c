/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each group's days on both sides of the event go to stats/recovery.h; this file knows the days,
 * and writes what came of it. */
#include <math.h>
#include <stdlib.h>

#include "groups.h"
#include "base/limits.h"
#include "table/outages.h"
#include "table/receivers.h"
#include "table/recovery_table.h"

enum { SECONDS_A_DAY = 86400, HISTORY_LEAST = 91 /* days, as in stats/recovery.h */ };

/* One group. */
typedef struct recovery_row {
  const tide_zone *zone;
  int64_t event;
  uint64_t before_days, after_days;
  tide_recovery found;
  char cautions[TIDE_CAUTIONS_TEXT];
} recovery_row;

static bool has_levels(const recovery_row *r) {
  switch (r->found.status) {
  case TIDE_RECOVERY_RECOVERED:
  case TIDE_RECOVERY_NOT_WITHIN:
  case TIDE_RECOVERY_NO_FALL:
  case TIDE_RECOVERY_NEVER_FELL: return true;
  case TIDE_RECOVERY_NOTHING_BEFORE:
  case TIDE_RECOVERY_TOO_FEW:
  case TIDE_RECOVERY_TOO_SHORT: return false;
  }
  return false;
}

static tide_value low_of(const tide_recovery_time *t) {
  return t->has_interval ? tide_value_uint(t->low) : tide_value_empty();
}

static tide_value high_of(const tide_recovery_time *t) {
  return t->has_interval && !t->is_open ? tide_value_uint(t->high) : tide_value_empty();
}

static tide_value end_of(const recovery_row *r, size_t days) {
  int64_t time = r->event + (int64_t)days * SECONDS_A_DAY;
  return tide_zone_value(r->zone, time);
}

TIDE_GETTER(recovery_row, status,
            tide_value_word(tide_span_of(tide_recovery_status_name(r->found.status))))
TIDE_GETTER(recovery_row, before_days, tide_value_uint(r->before_days))
TIDE_GETTER(recovery_row, before_per_day, tide_value_real(r->before_days ? r->found.before : NAN))
TIDE_GETTER(recovery_row, target_per_day,
            has_levels(r) ? tide_value_real(r->found.target) : tide_value_empty())
TIDE_GETTER(recovery_row, first_per_day,
            has_levels(r) ? tide_value_real(r->found.first) : tide_value_empty())
TIDE_GETTER(recovery_row, lowest_per_day,
            has_levels(r) ? tide_value_real(r->found.lowest) : tide_value_empty())
TIDE_GETTER(recovery_row, lowest_at,
            has_levels(r) ? end_of(r, r->found.lowest_day) : tide_value_empty())
TIDE_GETTER(recovery_row, recovered_at,
            r->found.status == TIDE_RECOVERY_RECOVERED ? end_of(r, r->found.back.days)
                                                       : tide_value_empty())
TIDE_GETTER(recovery_row, recovered_days,
            r->found.status == TIDE_RECOVERY_RECOVERED ? tide_value_uint(r->found.back.days)
                                                       : tide_value_empty())
TIDE_GETTER(recovery_row, half_life_days,
            r->found.half.known ? tide_value_uint(r->found.half.days) : tide_value_empty())
TIDE_GETTER(recovery_row, fall_p, tide_value_probability(r->found.fall_p))
TIDE_GETTER(recovery_row, recovered_low, low_of(&r->found.back))
TIDE_GETTER(recovery_row, recovered_high, high_of(&r->found.back))
TIDE_GETTER(recovery_row, half_life_low, low_of(&r->found.half))
TIDE_GETTER(recovery_row, half_life_high, high_of(&r->found.half))
TIDE_GETTER(recovery_row, last_per_day,
            has_levels(r) ? tide_value_real(r->found.last) : tide_value_empty())
TIDE_GETTER(recovery_row, last_pct,
            has_levels(r) ? tide_value_real(100 * r->found.last / r->found.before)
                          : tide_value_empty())
TIDE_GETTER(recovery_row, after_days, tide_value_uint(r->after_days))

TIDE_GETTER(recovery_row, cautions, tide_value_text(tide_span_of(r->cautions)))

static const tide_column recovery_columns[] = {
    {.name = "status",
     .help =
         "recovered; not-within-archive (fell, and had not been back for long enough when the "
         "archive ended); no-fall (the first days after the event are no lower than the level also "
         "is at other times); never-fell (less, but not below the target); nothing-before; "
         "too-few-before (fewer than 20 messages); archive-too-short (less than a week of whole "
         "days before or after, or fewer after than one smoothed level needs)",
     .get = get_status},
    {.name = "before_days",
     .help = "whole days before the event from which the level before is taken",
     .get = get_before_days,
     .extra = true},
    {.name = "before_per_day", .help = "messages per day in them", .get = get_before_per_day},
    {.name = "target_per_day",
     .help = "the level that counts as recovered: --to percent of before_per_day",
     .get = get_target_per_day,
     .extra = true},
    {.name = "first_per_day",
     .help = "the first smoothed level after the event: of the days from it on",
     .get = get_first_per_day},
    {.name = "fall_p",
     .help =
         "two-sided p-value of the fall: the first --smooth and --sustain days compared with "
         "those before, judged by how much the level varies at other times; 1 if it did not fall",
     .get = get_fall_p},
    {.name = "lowest_per_day",
     .help = "the lowest smoothed level until recovery, or until the archive ends",
     .get = get_lowest_per_day},
    {.name = "lowest_at",
     .help = "end of the days of which that is the mean (RFC 3339, in the zone of --tz)",
     .get = get_lowest_at,
     .extra = true},
    {.name = "recovered_at",
     .help = "end of the days whose smoothed level first reached the target and stayed there",
     .get = get_recovered_at},
    {.name = "recovered_days", .help = "days from the event until then", .get = get_recovered_days},
    {.name = "recovered_low",
     .help = "lower end of the 95% interval of recovered_days",
     .get = get_recovered_low},
    {.name = "recovered_high",
     .help = "its upper end; empty if it is beyond what the archive can show",
     .get = get_recovered_high},
    {.name = "half_life_days",
     .help = "days from the event until half of the deepest deficit (before_per_day minus "
             "lowest_per_day) was made up, after the lowest level, and stayed so; empty if that is "
             "not within the archive",
     .get = get_half_life_days},
    {.name = "half_life_low",
     .help = "lower end of the 95% interval of half_life_days",
     .get = get_half_life_low},
    {.name = "half_life_high", .help = "its upper end, empty as above", .get = get_half_life_high},
    {.name = "last_per_day",
     .help = "the last smoothed level of the archive",
     .get = get_last_per_day,
     .extra = true},
    {.name = "last_pct", .help = "the same in percent of the level before", .get = get_last_pct},
    {.name = "after_days",
     .help = "whole days after the event that the archive has",
     .get = get_after_days,
     .extra = true},
    {.name = "cautions",
     .help = "reasons not to trust the row: clipped (the archive has fewer days before the event "
             "than --before asks for), gap (days on which nothing was collected were left out), "
             "receiver (one of several servers received nothing for days, while others did), "
             "no-history (fewer than 91 days before the event to show how much the level varies), "
             "open (an interval has no upper end)",
     .get = get_cautions},
};

const tide_columns tide_recovery_columns = TIDE_COLUMNS(recovery_columns);

/* The whole days of the archive on both sides of the event, with room for the counts of a group and
 * the place where its row goes. */
typedef struct sides {
  const tide_recovery_table *table;
  const tide_row_writer *writer;
  int64_t first, begin, end; /* days of history [first, begin), before [begin, 0), after [0, end) */
  double *counts;            /* of all days from first; NaN: a gap */
  tide_outages outages;
} sides;

static tide_status sides_open(sides *s, const tide_extent *e, tide_error *err) {
  const tide_recovery_table *t = s->table;
  if (e->has_since)
    s->begin = tide_day_from(t->event, e->since);
  else if (e->any)
    s->begin = tide_day_of(t->event, e->first) + 1;
  if (e->has_until)
    s->end = tide_day_of(t->event, e->until);
  else if (e->any)
    s->end = tide_day_of(t->event, e->last);
  if (s->begin > 0)
    s->begin = 0;
  s->first = s->begin;
  if (s->begin < -t->before_days)
    s->begin = -t->before_days;
  if (s->first < s->begin - TIDE_RECOVERY_HISTORY)
    s->first = s->begin - TIDE_RECOVERY_HISTORY;
  if (s->end < 0)
    s->end = 0;
  if (s->end > TIDE_LIMIT_SERIES || -s->begin > TIDE_LIMIT_SERIES)
    return tide_error_set(
        err, TIDE_FATAL,
        "more than %u days on a side of the event: use a shorter time (--since, --until)",
        TIDE_LIMIT_SERIES);
  s->counts = calloc((size_t)(s->end - s->first) + 1, sizeof *s->counts);
  if (!s->counts || tide_outages_around(t->event, s->first, s->end - 1, e, &s->outages) != TIDE_OK)
    return tide_error_memory(err);
  return TIDE_OK;
}

/* Days after the event that the answer comes from: those by which a fall is told, or those until it
 * was over. */
static int64_t course_days(const sides *s, const tide_recovery *f) {
  const tide_recovery_options *o = &s->table->options;
  const int64_t told = (int64_t)(o->smooth + o->sustain),
                over = (int64_t)(f->back.days + o->sustain);
  int64_t days = told;
  if (f->status == TIDE_RECOVERY_NOT_WITHIN)
    days = s->end;
  if (f->status == TIDE_RECOVERY_RECOVERED)
    days = over;
  return days < s->end ? days : s->end;
}

static unsigned cautions_of(const sides *s, const recovery_row *r) {
  const tide_recovery_table *t = s->table;
  const tide_recovery *f = &r->found;
  const int64_t begin = t->event + s->first * SECONDS_A_DAY,
                end = t->event + s->end * SECONDS_A_DAY,
                gap_days = tide_outages_overlap(&s->outages, begin, end);
  const tide_bin before = {t->event + s->begin * SECONDS_A_DAY, t->event},
                 after = {t->event, t->event + course_days(s, f) * SECONDS_A_DAY};
  const bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_CLIPPED] = s->begin + t->before_days > 0,
      [TIDE_CAUTION_GAP] = gap_days > 0,
      [TIDE_CAUTION_RECEIVER] = tide_receiver_gaps_tilt(t->receivers, before, after),
      [TIDE_CAUTION_NO_HISTORY] = -s->first < HISTORY_LEAST,
      [TIDE_CAUTION_OPEN] =
          (f->back.has_interval && f->back.is_open) || (f->half.has_interval && f->half.is_open)};
  return tide_cautions_set(holds);
}

static tide_status recovery_group_write(void *context, tide_table_group g, tide_error *err) {
  const sides *s = context;
  const tide_recovery_table *t = s->table;
  const bool counted = g.number < tide_tally_group_count(g.tally);
  for (int64_t day = s->first; day < s->end; day++) {
    const int64_t start = t->event + day * SECONDS_A_DAY;
    s->counts[day - s->first] =
        counted ? (double)tide_tally_count(g.tally, day, g.number).messages : 0;
    if (tide_outages_overlap(&s->outages, start, start + SECONDS_A_DAY))
      s->counts[day - s->first] = NAN;
  }
  recovery_row now = {.zone = t->zone,
                      .event = t->event,
                      .before_days = (uint64_t)-s->begin,
                      .after_days = (uint64_t)s->end};
  const tide_recovery_days days = {.counts = s->counts,
                                   .history = (size_t)(s->begin - s->first),
                                   .before = (size_t)-s->begin,
                                   .after = (size_t)s->end};
  if (tide_recovery_find(&days, &t->options, &now.found) != TIDE_OK)
    return tide_error_memory(err);
  const unsigned set = cautions_of(s, &now);
  tide_cautions_write(set, now.cautions);
  return tide_columns_write(&tide_recovery_columns, &now, t->group_values, g.row, s->writer, err);
}

tide_status tide_recovery_write(const tide_recovery_table *t, const tide_extent *extent,
                                const tide_tally *total, const tide_tally *groups,
                                const tide_row_writer *writer, tide_error *err) {
  sides s = {.table = t, .writer = writer};
  const tide_group_rows rows = {.total = total,
                                .groups = groups,
                                .values = t->group_values,
                                .columns = tide_recovery_columns.count,
                                .write = recovery_group_write,
                                .context = &s};
  tide_status status = sides_open(&s, extent, err);
  if (status == TIDE_OK)
    status = tide_groups_each(&rows, err);
  free(s.counts);
  tide_outages_free(&s.outages);
  return status;
}
