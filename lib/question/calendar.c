/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of takedowns as a table: a question that no mail answers. */
#include "question/question.h"

typedef struct events_row {
  const tide_event *event;
  tide_value time;
} events_row;

TIDE_GETTER(events_row, name, tide_value_word(r->event->name))
TIDE_GETTER(events_row, time, r->time)
TIDE_GETTER(events_row, precision, tide_value_word(r->event->precision))
TIDE_GETTER(events_row, kind, tide_value_word(r->event->kind))
TIDE_GETTER(events_row, title, tide_value_word(r->event->title))
TIDE_GETTER(events_row, source, tide_value_word(r->event->source))

static const tide_column calendar_columns[] = {
    {.name = "name", .help = "name that --event accepts", .get = get_name},
    {.name = "time", .help = "when it began (RFC 3339, or a date)", .get = get_time},
    {.name = "precision",
     .help = "day or minute: how exactly the time is known",
     .get = get_precision},
    {.name = "kind",
     .help = "takedown, return (something came back), or placebo (nothing was taken down)",
     .get = get_kind},
    {.name = "title", .help = "what happened", .get = get_title},
    {.name = "source", .help = "who reported it", .get = get_source},
};

static const tide_columns columns = TIDE_COLUMNS(calendar_columns);

/* As the calendar has it, a date where no more is known, unless another form is asked for. */
static tide_status time_of(const tide_event *e, const tide_zone *zone, tide_time_form form,
                           tide_value *out, tide_error *err) {
  int64_t time;
  *out = tide_value_word(e->time);
  if (form == TIDE_TIMES_RFC3339)
    return TIDE_OK;
  TIDE_TRY(tide_when_parse(e->time, zone, &time, NULL, err));
  *out = tide_zone_value(zone, time);
  return TIDE_OK;
}

static tide_status calendar_write(const tide_question *q, const tide_extent *extent,
                                  tide_error *err) {
  (void)extent;
  TIDE_TRY(tide_sheet_columns(q->sheet, &columns, false, err));
  TIDE_TRY(tide_sheet_begin(q->sheet, err));
  for (size_t i = 0; i < tide_calendar_count(q->calendar); i++) {
    events_row now = {.event = tide_calendar_event(q->calendar, i)};
    TIDE_TRY(time_of(now.event, q->zone, q->times, &now.time, err));
    TIDE_TRY(tide_sheet_row_of(q->sheet, &columns, &now, err));
  }
  return TIDE_OK;
}

const tide_question_type tide_question_events = {
    .name = "events", .columns = &columns, .reads_no_mail = true, .write = calendar_write};
