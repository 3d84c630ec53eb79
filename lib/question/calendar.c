/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of takedowns as a table: what `events` shows. */
#include "question/event.h"

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

const tide_columns tide_calendar_columns = TIDE_COLUMNS(calendar_columns);

/* As the calendar has it, a date where no more is known, unless another form is asked for. */
static tide_status time_of(const tide_event *e, const tide_zone *zone, tide_time_form form,
                           tide_value *out, tide_error *err) {
  int64_t time;
  *out = tide_value_word(e->time);
  if (form == TIDE_TIMES_RFC3339)
    return TIDE_OK;
  TIDE_TRY(tide_when_parse(e->time, zone, &time, NULL, err));
  *out = tide_value_time(time, tide_zone_offset(zone, time));
  return TIDE_OK;
}

tide_status tide_calendar_write(const tide_calendar *c, const tide_zone *zone, tide_time_form form,
                                tide_sheet *sheet, tide_error *err) {
  TIDE_TRY(tide_sheet_begin(sheet, err));
  for (size_t i = 0; i < tide_calendar_count(c); i++) {
    events_row now = {.event = tide_calendar_event(c, i)};
    TIDE_TRY(time_of(now.event, zone, form, &now.time, err));
    TIDE_TRY(tide_sheet_row_of(sheet, &tide_calendar_columns, &now, err));
  }
  return TIDE_OK;
}
