/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide changes: the dates at which the volume changed. */
#include "spamtide/changes.h"

#include <stdlib.h>

#include "commands.h"
#include "counting.h"
#include "interrupt.h"

enum { DAY = 86400 };

/* The calendar's takedowns and returns; placebos are none. */
static tide_status marks_of(const session *s, tide_mark **out, size_t *count, tide_error *err) {
  size_t events = tide_calendar_count(s->calendar);
  tide_mark *marks = calloc(events + 1, sizeof *marks);
  *count = 0;
  if (!marks)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < events && status == TIDE_OK; i++) {
    const tide_event *e = tide_calendar_event(s->calendar, i);
    if (tide_span_equal(e->kind, SPAN("placebo")))
      continue;
    marks[*count].name = e->name;
    status = tide_when_parse(e->time, s->zone, &marks[*count].time, NULL, err);
    ++*count;
  }
  *out = marks;
  return status;
}

static bool long_enough(const tide_binning *b) {
  return b->unit != TIDE_BIN_HOUR && (b->unit != TIDE_BIN_SPAN || b->seconds >= DAY);
}
static bool is_day(const tide_binning *b) {
  return b->unit == TIDE_BIN_DAY || (b->unit == TIDE_BIN_SPAN && b->seconds == DAY);
}

static bool day_of_zone(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  const tide_binning day = {.unit = TIDE_BIN_DAY, .zone = s->zone};
  *lasts = tide_bin_of(&day, time);
  *bin = lasts->start;
  return true;
}

int command_changes(const settings *o) {
  session s;
  counting counts = {
      .session = &s, .bin = counting_bin_start, .day = day_of_zone, .with_total = true};
  tide_mark *marks = NULL;
  size_t mark_count = 0;
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME, &err);
  if (status == TIDE_OK && !long_enough(&s.binning))
    status = tide_error_set(
        &err, TIDE_USAGE,
        "changes takes bins of a day or longer: shorter ones have a daily course of their own");
  if (status == TIDE_OK)
    status = marks_of(&s, &marks, &mark_count, &err);
  s.calendar_shown = true;
  if (status == TIDE_OK)
    status = session_columns(&s, &tide_changes_columns, s.group_count, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK) {
    tide_changes table = {.binning = &s.binning,
                          .group_values = s.group_values,
                          .min_length = o->min_length        ? o->min_length
                                        : is_day(&s.binning) ? 7
                                                             : 4,
                          .penalty = o->penalty,
                          .marks = marks,
                          .mark_count = mark_count,
                          .stop = &interrupted};
    tide_row_writer writer = {.row = session_row, .context = &s};
    tide_extent extent = counting_extent(&counts);
    status = tide_changes_write(&table, &extent, counts.total, counts.groups, &writer, &err);
  }
  counting_free(&counts);
  free(marks);
  return session_close(&s, status, &err);
}
