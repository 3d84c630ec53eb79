/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "groups.h"
#include "spamtide/limits.h"
#include "spamtide/recovery_table.h"

const tide_column tide_recovery_columns[TIDE_RECOVERY_COLUMNS] = {
    {"status",
     "recovered; not-within-archive (fell, and was not back for long enough when the archive "
     "ends); never-fell; nothing-before; too-few-before (fewer than 20 messages); "
     "archive-too-short (no whole day before, or fewer days after than one smoothed level needs)"},
    {"before_days", "whole days before the event that the level before is taken from"},
    {"before_per_day", "messages a day in them"},
    {"target_per_day", "the level that counts as recovered: --to percent of that"},
    {"first_per_day", "the first smoothed level after the event: of the days from it on"},
    {"lowest_per_day",
     "the lowest smoothed level until it was recovered, or until the archive ends"},
    {"lowest_at", "end of the days that it is the mean of (RFC 3339, in the zone of --tz)"},
    {"recovered_at",
     "end of the days whose smoothed level first was at the target and stayed there"},
    {"recovered_days", "days from the event until then"},
    {"half_life_days",
     "days from the event until half of the first deficit (before_per_day less first_per_day) was "
     "gone and stayed so; empty where that is not within the archive"},
    {"last_per_day", "the last smoothed level of the archive"},
    {"last_pct", "the same in percent of the level before"},
    {"after_days", "whole days after the event that the archive has"},
};

enum { SECONDS_A_DAY = 86400 };

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* a - b where that cannot leave the range of time. */
static int64_t minus(int64_t a, int64_t b) {
  int64_t difference;
  return __builtin_sub_overflow(a, b, &difference) ? (b < 0 ? INT64_MAX : INT64_MIN) : difference;
}

int64_t tide_recovery_day(int64_t event, int64_t time) {
  return floor_div(minus(time, event), SECONDS_A_DAY);
}

/* The whole days of the archive on both sides of the event, and room for their counts. */
typedef struct sides {
  int64_t begin, end; /* days [begin, 0) and [0, end) */
  double *counts;     /* of all days from begin */
} sides;

static tide_status sides_open(sides *s, const tide_recovery_table *t, const tide_extent *e,
                              tide_error *err) {
  *s = (sides){0};
  if (e->has_since)
    s->begin = -floor_div(minus(t->event, e->since), SECONDS_A_DAY);
  else if (e->any)
    s->begin = tide_recovery_day(t->event, e->first) + 1;
  if (e->has_until)
    s->end = tide_recovery_day(t->event, e->until);
  else if (e->any)
    s->end = tide_recovery_day(t->event, e->last);
  if (s->begin < -t->before_days)
    s->begin = -t->before_days;
  if (s->begin > 0)
    s->begin = 0;
  if (s->end < 0)
    s->end = 0;
  if (s->end > TIDE_LIMIT_SERIES || -s->begin > TIDE_LIMIT_SERIES)
    return tide_error_set(
        err, TIDE_FATAL,
        "more than %u days on a side of the event: take a shorter time (--since, --until)",
        TIDE_LIMIT_SERIES);
  s->counts = calloc((size_t)(s->end - s->begin) + 1, sizeof *s->counts);
  return s->counts ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_value end_of(const tide_recovery_table *t, size_t days) {
  int64_t time = t->event + (int64_t)days * SECONDS_A_DAY;
  return tide_value_time(time, tide_zone_offset(t->zone, time));
}

static void fill(tide_value *to, const tide_recovery_table *t, const sides *s,
                 const tide_recovery *r) {
  bool before = s->begin < 0, levels = r->status == TIDE_RECOVERY_RECOVERED ||
                                       r->status == TIDE_RECOVERY_NOT_WITHIN ||
                                       r->status == TIDE_RECOVERY_NEVER_FELL;
  for (size_t i = 0; i < TIDE_RECOVERY_COLUMNS; i++)
    to[i] = tide_value_empty();
  to[0] = tide_value_word(tide_span_of(tide_recovery_status_name(r->status)));
  to[1] = tide_value_uint((uint64_t)-s->begin);
  to[12] = tide_value_uint((uint64_t)s->end);
  if (before)
    to[2] = tide_value_real(r->before);
  if (!levels)
    return;
  to[3] = tide_value_real(r->target);
  to[4] = tide_value_real(r->first);
  to[5] = tide_value_real(r->lowest);
  to[6] = end_of(t, r->lowest_day);
  if (r->status == TIDE_RECOVERY_RECOVERED) {
    to[7] = end_of(t, r->days);
    to[8] = tide_value_uint(r->days);
  }
  if (r->has_half)
    to[9] = tide_value_uint(r->half_days);
  to[10] = tide_value_real(r->last);
  to[11] = tide_value_real(100 * r->last / r->before);
}

static tide_status group_write(const tide_recovery_table *t, sides *s, const tide_tally *tally,
                               uint32_t group, tide_value *row, const tide_row_writer *writer,
                               tide_error *err) {
  bool counted = group < tide_tally_group_count(tally);
  for (int64_t day = s->begin; day < s->end; day++)
    s->counts[day - s->begin] = counted ? (double)tide_tally_count(tally, day, group).messages : 0;
  tide_recovery found;
  size_t before = (size_t)-s->begin;
  if (tide_recovery_find(s->counts, before, s->counts + before, (size_t)s->end, &t->options,
                         &found) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  fill(row + t->group_values, t, s, &found);
  return writer->row(writer->context, row, t->group_values + TIDE_RECOVERY_COLUMNS, err);
}

tide_status tide_recovery_write(const tide_recovery_table *t, const tide_extent *extent,
                                const tide_tally *total, const tide_tally *groups,
                                const tide_row_writer *writer, tide_error *err) {
  sides s;
  tide_value *row = calloc(t->group_values + TIDE_RECOVERY_COLUMNS, sizeof *row);
  uint32_t *order = groups_sorted(groups);
  tide_status status = sides_open(&s, t, extent, err);
  if (!row || !order)
    status = tide_error_set(err, TIDE_FATAL, "out of memory");
  if (status == TIDE_OK) {
    for (size_t i = 0; i < t->group_values; i++)
      row[i] = tide_value_word(SPAN(TIDE_GROUP_ALL));
    status = group_write(t, &s, total, 0, row, writer, err);
  }
  for (uint32_t i = 0; t->group_values && i < tide_tally_group_count(groups) && status == TIDE_OK;
       i++) {
    groups_values(tide_tally_group(groups, order[i]), t->group_values, row);
    status = group_write(t, &s, groups, order[i], row, writer, err);
  }
  free(s.counts);
  free(row);
  free(order);
  return status;
}
